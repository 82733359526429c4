"""What the judge decides arrives in nbgrader's gradebook, and nothing that was handed in stops a run.

The judge is a stand-in here: these are the properties of the door, whatever the judge says.
"""

import json
import shutil
from copy import deepcopy
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from course_root import LESSON, POINTS
from headway_course import manifest
from headway_course.errors import CourseError
from headway_course.manifest import Exercise, Lesson
from headway_grader import wrong
from headway_grader.frontdoor.judging import SubmissionExporter
from headway_grader.frontdoor.outputs import outputs
from headway_grader.handins.submissions import find
from headway_grader.hidden import hidden_fixtures
from headway_grader.judge import examine
from headway_grader.sandbox import Sandbox
from headway_grader.verdict import Loops, Speed, Status, Verdict
from nbgrader.api import Gradebook
from nbgrader.utils import determine_grade

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]


def an_exercise(name: str) -> Exercise:
    groups = {"typical": "Typical inputs", "shapes": "Inputs of <any> rank"}
    return Exercise(name, f"numerics.{name}", LESSON, 2, 1, 5, (), "", "", (), (), groups, {})


SOFTMAX = Lesson(LESSON, "Softmax", tuple(map(an_exercise, POINTS)), ())


def a_verdict(
    exercise="softmax", points=2.0, of=2.0, status=Status.PASS, message="All right.", **more
) -> Verdict:
    fields = {"groups": {"typical": Status.PASS, "shapes": status}, "loops": Loops.NONE} | more
    return Verdict(
        "ada",
        LESSON,
        exercise,
        status,
        points=points,
        of=of,
        speed=Speed.NOT_JUDGED,
        message=message,
        **fields,
    )


class StandIn:
    """Gives each learner the verdicts that a test set up, and notes how often it was asked."""

    def __init__(self) -> None:
        self.verdicts = {}
        self.asked = []

    def lesson(self, name: str) -> Lesson:
        return SOFTMAX

    def judge(self, submission, learner, lesson):
        self.asked.append((learner, submission.content))
        said = self.verdicts.get(learner, [a_verdict(name) for name in POINTS])
        if isinstance(said, Exception):
            raise said
        return {verdict.exercise: verdict for verdict in said}


@pytest.fixture
def judge(course) -> StandIn:
    stand_in = StandIn()
    course.config.Autograde.exporter_class = type("Exporter", (SubmissionExporter,), {"bench": stand_in})
    return stand_in


def answered(course):
    nb = course.released()
    for cell in nb.cells:
        if cell.id in POINTS:
            cell.source = f"def {cell.id}(Z):\n    return Z"
    nb.cells[-1].source = "Because of e."
    return nb


FULL = {"check-softmax": 2, "check-logsumexp": 2, "why-exp": None}


# What a check cell shows


def graded(verdict, worth):
    cell = nbformat.v4.new_code_cell(
        "check(softmax)", outputs=outputs(verdict, an_exercise("softmax"), worth)
    )
    cell.metadata = nbformat.from_dict(
        {"nbgrader": {"grade": True, "solution": False, "points": worth, "grade_id": "check-softmax"}}
    )
    return determine_grade(cell)[0]


@pytest.mark.parametrize(
    ("points", "of", "worth", "grade"),
    [
        (2, 2, 2, 2),
        (1.32, 2, 2, 1.32),
        (0, 2, 2, 0),
        (0.0, 2, 2, 0),
        (2.0000001, 2, 2, 2),
        (3, 2, 2, 2),
        (-1, 2, 2, 0),
        (0, 0, 0, 0),
        (1.5, 2, 4, 3),
        (1, 3, 1, 0.33),
        (4, 4, 0.1, 0.1),
        (4, 4, 1 / 3, 1 / 3),
    ],
)
def test_nbgrader_reads_the_verdicts_share_of_what_the_cell_is_worth(points, of, worth, grade):
    assert graded(a_verdict(points=points, of=of), worth) == pytest.approx(grade, abs=0.005)
    assert graded(a_verdict(points=points, of=of), worth) <= worth


def test_a_full_score_is_the_whole_worth_of_the_cell_to_the_bit():
    for worth in (1, 2, 0.1, 1 / 3, 2 / 3):
        assert graded(a_verdict(points=3, of=3), worth) == worth


@pytest.mark.parametrize("fault", [{"points": float("nan")}, {"status": Status.GRADER_ERROR}], ids=str)
def test_a_fault_of_ours_never_becomes_points(fault):
    with pytest.raises(CourseError, match="fault of ours"):
        outputs(a_verdict(**fault), an_exercise("softmax"), 2)


def test_what_learners_write_is_shown_as_text():
    message = '<script>alert(1)</script>&\x1b[31m\u202e"'
    shown = outputs(a_verdict(message=message, warnings=("<img src=x>",)), an_exercise("softmax"), 2)
    html, text = shown[0].data["text/html"], shown[0].data["text/plain"]
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    assert not {"\x1b", "\u202e"} & set(html + text)


def test_the_message_names_the_groups_and_what_each_came_to():
    text = outputs(a_verdict(status=Status.PARTIAL, points=1), an_exercise("softmax"), 2)[0].data[
        "text/plain"
    ]
    assert "1 of 2 points" in text
    assert "✓ Typical inputs" in text
    assert "✗ Inputs of <any> rank" in text


# What arrives in the gradebook


def test_partial_credit_arrives(course, judge):
    judge.verdicts["ada"] = [a_verdict(points=1.32), a_verdict("logsumexp", points=0, status=Status.WRONG)]
    course.hand_in("ada", answered(course))
    assert course.autograde()["success"]
    assert course.scores("ada") == {"check-softmax": 1.32, "check-logsumexp": 0, "why-exp": None}


def test_each_submission_is_judged_once_and_as_it_was_handed_in(course, judge):
    paths = {learner: course.hand_in(learner, answered(course)) for learner in ("ada", "bob")}
    course.autograde()
    assert judge.asked == [(learner, path.read_bytes()) for learner, path in paths.items()]


def test_a_question_waits_for_a_person_and_one_without_an_answer_is_zero(course, judge):
    course.hand_in("ada", answered(course))
    course.hand_in("bob", course.released())
    course.autograde()
    assert course.scores("ada")["why-exp"] is None
    assert course.scores("bob")["why-exp"] == 0


def test_the_verdict_stands_in_the_autograded_notebook(course, judge):
    judge.verdicts["ada"] = [a_verdict(message="You sum over the wrong axis."), a_verdict("logsumexp")]
    course.hand_in("ada", answered(course))
    course.autograde()
    cells = {cell.id: cell for cell in course.autograded("ada").cells}
    assert "wrong axis" in cells["check-softmax"].outputs[0].data["text/html"]
    assert cells["softmax"].source == "def softmax(Z):\n    return Z"


def test_feedback_shows_message_and_points(course, judge):
    judge.verdicts["ada"] = [a_verdict(points=1, message="Sums over <the> axis."), a_verdict("logsumexp")]
    course.hand_in("ada", answered(course))
    course.autograde()
    assert course.api.generate_feedback(LESSON, "ada")["success"]
    html = (course.root / "feedback" / "ada" / LESSON / f"{LESSON}.html").read_text()
    assert "Sums over &lt;the&gt; axis." in html
    assert "Sums over <the> axis." not in html


def test_a_grade_that_a_person_gave_survives_another_run(course, judge):
    course.hand_in("ada", answered(course))
    course.autograde()
    with Gradebook(course.config.CourseDirectory.db_url) as gradebook:
        gradebook.find_grade("why-exp", LESSON, LESSON, "ada").manual_score = 1.5
        gradebook.db.commit()
    course.autograde()
    with Gradebook(course.config.CourseDirectory.db_url) as gradebook:
        assert gradebook.find_grade("why-exp", LESSON, LESSON, "ada").score == 1.5


# What people hand in


def without(nb, *names):
    nb.cells = [cell for cell in nb.cells if cell.id not in names]
    return nb


def doubled(nb, name):
    at = next(i for i, cell in enumerate(nb.cells) if cell.id == name)
    nb.cells.insert(at, nb.cells[at].copy())
    return nb


def stripped(nb):
    for cell in nb.cells:
        cell.metadata = nbformat.from_dict({})
    return nb


def claiming(nb, **lie):
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.update(lie)
    return nb


ODD = {
    "test cells deleted": lambda nb: without(nb, "check-softmax", "check-logsumexp"),
    "all cells but the answers deleted": lambda nb: without(
        nb, "check-softmax", "check-logsumexp", "why-exp", "01-softmax-00"
    ),
    "a test cell twice": lambda nb: doubled(nb, "check-softmax"),
    "an answer twice": lambda nb: doubled(nb, "softmax"),
    "a question twice": lambda nb: doubled(nb, "why-exp"),
    "no metadata": stripped,
    "metadata of a later schema": lambda nb: claiming(nb, schema_version=99),
    "metadata of an old schema": lambda nb: claiming(nb, schema_version=1),
    "points made up": lambda nb: claiming(nb, points=1000),
    "points that are no number": lambda nb: claiming(nb, points="many"),
    "all cells one id": lambda nb: claiming(nb, grade_id="softmax"),
    "nothing graded": lambda nb: claiming(nb, grade=False),
}


def test_odd_notebooks_keep_their_points(course, judge):
    for oddity, make in ODD.items():
        course.hand_in(oddity, json.dumps(make(answered(course))).encode())
    course.hand_in("zoe", answered(course))
    assert course.autograde()["success"]
    scores = {learner: course.scores(learner) for learner in (*ODD, "zoe")}
    assert scores["zoe"] == FULL
    for oddity, got in scores.items():
        assert (got["check-softmax"], got["check-logsumexp"]) == (2, 2), oddity


BROKEN = {
    "no bytes": b"",
    "no JSON": b"{'cells': ",
    "not UTF-8": b"\xff\xfe\x00",
    "JSON of something else": b"[1, 2]",
    "no cells": b"{}",
    "cells that are none": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [7, null]}',
    "too deep": b"[" * 100_000,
    "empty": json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}).encode(),
}


def test_broken_notebooks_get_what_the_judge_says_and_stop_nobody(course, judge):
    for trouble, content in BROKEN.items():
        judge.verdicts[trouble] = [a_verdict(name, points=0, status=Status.UNREADABLE) for name in POINTS]
        course.hand_in(trouble, content)
    course.hand_in("zoe", answered(course))
    assert course.autograde()["success"]
    for trouble in BROKEN:
        assert course.scores(trouble) == {"check-softmax": 0, "check-logsumexp": 0, "why-exp": None}, trouble
    assert course.scores("zoe") == FULL


def test_a_fault_of_ours_costs_nobody_points_and_the_submission_stays_in_the_queue(course, judge):
    fault = a_verdict(points=0, status=Status.GRADER_ERROR, message="the sandbox fell over")
    judge.verdicts["ada"] = [fault, a_verdict("logsumexp")]
    judge.verdicts["bob"] = RuntimeError("something else of ours")
    for learner in ("ada", "bob", "zoe"):
        course.hand_in(learner, answered(course))
    result = course.autograde()
    assert not result["success"]
    assert "the sandbox fell over" in result["log"]
    for learner in ("ada", "bob"):
        assert set(course.scores(learner).values()) == {None}
        assert not (course.root / "autograded" / learner).exists() or not list(
            (course.root / "autograded" / learner).iterdir()
        )
    assert course.scores("zoe") == FULL

    judge.verdicts.clear()
    assert course.autograde()["success"]
    assert course.scores("ada") == course.scores("bob") == FULL


def test_an_appeal_is_for_a_person_to_decide_and_their_word_stands(course, judge):
    appeal = a_verdict(points=1.65, loops=Loops.APPEAL, waiting=0.35)
    judge.verdicts["ada"] = [appeal, a_verdict("logsumexp")]
    course.hand_in("ada", answered(course))
    assert course.autograde()["success"]
    assert course.scores("ada") == FULL | {"check-softmax": None}

    db_url, where = course.config.CourseDirectory.db_url, ("check-softmax", LESSON, LESSON, "ada")
    with Gradebook(db_url) as gradebook:
        grade = gradebook.find_grade(*where)
        assert (grade.auto_score, grade.score) == (1.65, 1.65)
        grade.manual_score, grade.needs_manual_grade = 2, False
        gradebook.db.commit()
    assert course.autograde()["success"]
    with Gradebook(db_url) as gradebook:
        assert gradebook.find_grade(*where).score == 2


def test_a_test_cell_that_nobody_judges_is_no_gift(course, judge):
    nb = nbformat.read(course.root / "source" / LESSON / f"{LESSON}.ipynb", as_version=4)
    extra = nb.cells[2].copy()
    extra.id, extra.metadata = (
        "of-my-own",
        nbformat.from_dict({"nbgrader": {**extra.metadata.nbgrader, "grade_id": "of-my-own"}}),
    )
    nb.cells.append(extra)
    course.write("source", nb)
    assert course.generate_assignment()["success"]
    course.hand_in("ada", answered(course))
    result = course.autograde()
    assert not result["success"]
    assert "nobody judges the test cell 'of-my-own'" in result["log"]
    assert set(course.scores("ada").values()) == {None}


def test_a_renamed_notebook_is_graded_and_nothing_in_the_folder_is_lost(course, judge):
    path = course.hand_in("ada", answered(course))
    renamed = path.rename(path.with_name(f"{LESSON} (1).ipynb"))
    course.hand_in("zoe", answered(course))
    assert course.autograde()["success"]
    assert course.scores("ada") == course.scores("zoe") == FULL
    first = renamed.read_bytes()
    renamed.write_bytes(first.replace(b"Because of e.", b"Because."))
    assert course.autograde()["success"]
    assert [content for learner, content in judge.asked if learner == "ada"] == [first, renamed.read_bytes()]


def test_a_folder_without_a_notebook_stops_nobody(course, judge):
    course.hand_in("ada", answered(course)).rename(course.root / "submitted" / "ada" / LESSON / "answers.txt")
    course.hand_in("zoe", answered(course))
    assert course.autograde()["success"]
    assert course.scores("zoe") == FULL
    assert "No notebooks were matched" in course.autograde()["log"]


def test_a_link_to_a_classmates_notebook_earns_nothing(course, judge):
    theirs = course.hand_in("zoe", answered(course))
    mine = course.hand_in("ada", b"")
    mine.unlink()
    mine.symlink_to(theirs)
    result = course.autograde()
    assert "is a link to another folder" in result["log"]
    assert set(course.scores("ada").values()) == {None}
    assert course.scores("zoe") == FULL


def test_a_timestamp_that_nobody_can_read_stops_nothing(course, judge):
    stamps = {
        "word": b"yesterday",
        "bytes": b"\xff\xfe",
        "nothing": b"",
        "much": b"9" * 400,
        "no-day": b"2026-13-45",
    }
    for learner, stamp in stamps.items():
        course.hand_in(learner, answered(course)).with_name("timestamp.txt").write_bytes(stamp)
    assert course.autograde()["success"]
    assert course.autograde()["success"]
    for learner in stamps:
        assert course.scores(learner) == FULL


def test_a_timestamp_is_kept(course, judge):
    path = course.hand_in("ada", answered(course)).with_name("timestamp.txt")
    path.write_text("2026-02-03 10:00:00 UTC")
    assert course.autograde()["success"]
    with Gradebook(course.config.CourseDirectory.db_url) as gradebook:
        assert gradebook.find_submission(LESSON, "ada").timestamp == datetime(2026, 2, 3, 10)


def test_the_config_lets_nbgrader_find_alembic_and_the_exchange(course):
    assert shutil.which("alembic")
    assert Path(course.config.Exchange.root).is_dir()
    assert Path(course.config.CourseDirectory.root) == course.root.resolve()


# With the judge itself


def test_both_doors_give_the_same_points(course, monkeypatch, tmp_path):
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "home"))
    nb = course.released()
    for cell in nb.cells:
        if cell.id in POINTS:
            cell.source = f"import numpy as np\n\n{list(wrong.honest(cell.id).values())[-1].source}"
    for learner, make in ODD.items():
        course.hand_in(learner, json.dumps(make(deepcopy(nb))).encode())
    for learner, content in BROKEN.items():
        course.hand_in(learner, content)
    assert course.autograde()["success"]

    lesson = manifest.load().lesson(LESSON)
    hidden = hidden_fixtures(lesson)
    with Sandbox() as sandbox:
        for submission in find([course.root / "submitted"]):
            verdicts = examine(submission, lesson, hidden, sandbox).verdicts
            points = {f"check-{v.exercise}": v.points for v in verdicts if v.exercise in POINTS}
            scores = course.scores(submission.learner)
            assert {name: scores[name] for name in points} == points, submission.learner
            assert sum(points.values()) == (4 if submission.learner in ODD else 0), submission.learner
