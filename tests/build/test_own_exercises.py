"""The guide to exercises of one's own, followed to the letter in an empty folder; what can go wrong there."""

import json
from pathlib import Path

import numpy as np
import pytest
from following import follow, run, steps
from headway_course.errors import CourseError
from headway_grader import own, parts
from headway_grader.sandbox import Sandbox
from headway_grader.verdict import Loops, Speed, Status

GUIDE = Path(__file__).parents[2] / "docs" / "own-exercises.md"


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    return folder, [follow(*step, folder) for step in steps(GUIDE)]


@pytest.fixture
def assignment(followed):
    return own.read(followed[0] / "week1.py")


@pytest.mark.slow
def test_the_guide_ends_with_verdicts_as_good_as_the_courses(followed):
    folder, done = followed
    assert {sort: done.count(sort) for sort in ("file", "more", "command", "shown")} == {
        "file": 3,
        "more": 2,
        "command": 4,
        "shown": 1,
    }
    said = run("headway-grade run --own week1.py handed_in --json", folder).splitlines()
    ada, ben = (json.loads(line) for line in said if line.startswith("{"))
    assert (ada["status"], ada["loops"], ada["points"]) == ("pass", "none", 3)
    assert ben["points"] < 3
    assert "by dividing by k - 1" in ben["message"]
    run("headway-grade feedback --own week1.py handed_in --to pages", folder)
    assert "by dividing by k - 1" in (folder / "pages" / "ben" / "week1.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_folder_of_several_is_no_submission(followed, assignment):
    with pytest.raises(CourseError, match="2 submissions"):
        parts.judge(followed[0] / "handed_in", assignment)


@pytest.mark.slow
def test_the_parts_say_what_the_guide_says_they_do(followed, monkeypatch):
    monkeypatch.chdir(followed[0])
    code = [content for _, kind, content in steps(GUIDE) if kind == "python"][-1]
    ours = Path("handed_in/ada.py").read_text(encoding="utf-8")
    wrong_at_all_sizes = Path("handed_in/ben.py").read_text(encoding="utf-8")
    names = {"ROWS": np.random.default_rng(0).normal(size=(2, 200)), "OURS": ours}
    exec(code, names)
    assert names["speed"].speed is Speed.NOT_JUDGED
    assert "its result is wrong" in names["speed"].message
    inputs = lambda rng: {"x": rng.normal(size=(4, 20_000)), "k": 9}  # noqa: E731
    slow = wrong_at_all_sizes.replace("(k - 1 or 1)", "k")
    assert parts.judge_speed(slow, ours, "moving_average", inputs).speed is Speed.SLOWER
    assert parts.judge_speed(ours, ours, "moving_average", inputs).speed in (Speed.UP_TO_1_5, Speed.UP_TO_3)
    found = names["found"]
    assert (found.loops, found.dimension, found.sizes) == (Loops.FOUND, "n", (8, 16, 32))
    assert found.construct == "list comprehension"
    assert [verdict.status for verdict in names["verdicts"]] == [Status.PASS]


@pytest.mark.slow
def test_what_the_instructor_refuses_is_refused_under_any_name(assignment):
    source = """
import numpy
from numpy import convolve as fold

def moving_average(x, k):
    return numpy.apply_along_axis(lambda row: fold(row, numpy.ones(k) / k, "valid"), -1, x)
"""
    with Sandbox() as sandbox:
        (verdict,) = parts.judge(source, assignment, sandbox)
    assert verdict.status is Status.REFUSED
    assert "add up with a cumulative sum" in verdict.message


BARE = "from headway_grader.own import *\nimport numpy as np\n"
DOUBLES = """
@exercise(points=1)
def f(x):
    '''Doubles.

    {shapes}
    '''
    return 2 * x

def f_inputs(rng, *, n=3):
    return {{"x": rng.normal(size=n)}}
"""
CASES = "def f_cases(rng):\n    yield Inputs('{group}', 'row', f_inputs(rng))\n"
LINE = "x (n) -> (n)"
FAULTY = {
    "nothing asked": (BARE, "put @exercise"),
    "an error": (BARE + "1 / 0\n", "ZeroDivisionError"),
    "no cases": (BARE + DOUBLES.format(shapes=LINE), "has no cases for f"),
    "no shape line": (BARE + DOUBLES.format(shapes="") + CASES.format(group="typical"), "shape line"),
    "no title": (BARE + DOUBLES.format(shapes=LINE) + CASES.format(group="odd-ones"), "odd-ones"),
}


@pytest.mark.parametrize(("text", "said"), FAULTY.values(), ids=FAULTY)
def test_a_file_with_a_fault_says_what_is_missing(tmp_path, text, said):
    file = tmp_path / "mine.py"
    file.write_text(text)
    with pytest.raises(CourseError, match=said):
        own.read(file)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CourseError, match="nowhere"):
        own.read(tmp_path / "nowhere.py")
