"""exercise, question and earlier, as a lesson says them."""

import sys

import headway.numerics
import pytest
from headway_course.asking import NotHere, earlier, exercise, library, question
from headway_course.errors import CourseError

ASKED = {"points": 2, "level": 1, "minutes": 10, "hints": ["Think."]}


def test_in_a_script_an_exercise_is_the_librarys_function():
    assert exercise("numerics.softmax", **ASKED) is headway.numerics.softmax
    assert earlier("numerics.softmax") is headway.numerics.softmax
    assert question("why", points=2) is None


@pytest.mark.parametrize("target", ["numerics.sofmax", "numeric.softmax", "softmax", "numerics.softmax.x"])
@pytest.mark.parametrize("word", [earlier, lambda target: exercise(target, **ASKED)])
def test_a_function_that_the_library_has_not_is_answered_with_near_names(word, target):
    with pytest.raises(CourseError, match=r"did you mean .*numerics\.softmax"):
        word(target)


def test_nothing_near_is_answered_with_the_form():
    with pytest.raises(CourseError, match=r"such as .numerics\.softmax"):
        earlier("zzzzzz")


def test_a_module_is_no_function():
    with pytest.raises(CourseError, match="has no"):
        earlier("headway.numerics")


def test_without_the_library_an_earlier_function_says_which_lesson_asks_for_it(course, monkeypatch):
    monkeypatch.setitem(sys.modules, "headway", None)
    softmax = earlier("numerics.softmax")
    assert softmax.__name__ == "softmax"
    with pytest.raises(NotHere, match="lesson 01_tiny asks for it"):
        softmax([1, 2])
    with pytest.raises(NotHere, match="define it in a cell above"):
        earlier("numerics.unheard_of")(1)


def test_what_a_release_holds_back_says_so_when_it_is_called(monkeypatch):
    assert library("config.Config")(
        width=2, heads=1, hidden=3, encoder_layers=1, patch=2, channels=1, context=2
    )
    monkeypatch.setitem(sys.modules, "headway.config", None)
    with pytest.raises(NotHere, match="`Config` is not here: it stands in the course's library"):
        library("config.Config")(width=2)


def test_without_the_library_an_exercise_cannot_be_had(monkeypatch):
    monkeypatch.setitem(sys.modules, "headway", None)
    with pytest.raises(CourseError, match="not installed"):
        exercise("numerics.softmax", **ASKED)


def test_an_error_of_ours_is_a_line_in_a_notebook():
    (line,) = CourseError("do this")._render_traceback_()
    assert line == "Headway: do this"
