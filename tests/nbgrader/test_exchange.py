"""Giving feedback back through the exchange, to those who handed in through it."""

import pytest
from course_root import LESSON

pytestmark = pytest.mark.slow


def generate_feedback(course, learner, *, through_the_exchange):
    folder = course.root / "feedback" / learner / LESSON
    folder.mkdir(parents=True)
    (folder / f"{LESSON}.html").write_text(f"<p>for {learner}</p>")
    if through_the_exchange:
        (folder / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
        (folder / "submission_secret.txt").write_text(f"secret of {learner}")


def given_back(course):
    folder = course.root / ".headway" / "exchange" / "headway" / "feedback"
    return sorted(path.read_text() for path in folder.glob("*.html"))


def test_who_handed_in_elsewhere_does_not_keep_feedback_from_the_others(course):
    assert course.api.release_assignment(LESSON)["success"]
    for learner in ("ada", "ben", "cleo"):
        generate_feedback(course, learner, through_the_exchange=learner != "ben")
    done = course.api.release_feedback(LESSON)
    assert done["success"]
    assert given_back(course) == ["<p>for ada</p>", "<p>for cleo</p>"]


def test_who_gets_no_feedback_through_the_exchange_is_named(course):
    assert course.api.release_assignment(LESSON)["success"]
    generate_feedback(course, "ben", through_the_exchange=False)
    log = course.api.release_feedback(LESSON)["log"]
    assert "WARNING" in log
    assert f"feedback/ben/{LESSON}" in log
