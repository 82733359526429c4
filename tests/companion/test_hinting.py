"""Hints in a notebook: each call gives one more, and the last says what is left."""

import pytest
from headway_course import hint, hinting
from headway_course.errors import CourseError


@pytest.fixture(autouse=True)
def nothing_seen(course, monkeypatch):
    monkeypatch.setattr(hinting, "_SEEN", {})


def softmax(Z):
    raise NotImplementedError


def test_each_call_shows_one_more_and_says_how_many_are_left():
    first, second = hint(softmax), hint(softmax)
    assert repr(first) == 'Hint 1 of 3: Look at `<rows>`.\n2 more: `hint("softmax")`'
    assert repr(second) == 'Hint 2 of 3: Subtract something.\n1 more: `hint("softmax")`'


def test_the_last_says_what_else_there_is_and_comes_again():
    for _ in range(2):
        hint("softmax")
    for _ in range(2):
        said = repr(hint("softmax"))
        assert said.startswith("Hint 3 of 3: Subtract the maximum.\n")
        assert "model answer" in said


def test_hints_of_two_exercises_are_counted_apart():
    hint("softmax")
    assert hint("doubled").number == 1
    assert hint("softmax").number == 2


def test_a_number_gives_that_hint_and_goes_on_from_there():
    assert hint("softmax", 2).number == 2
    assert hint("softmax").number == 3
    assert hint("softmax", 1).number == 1
    assert hint("softmax").number == 2


def test_a_hint_that_cannot_be_shown_is_not_counted():
    with pytest.raises(CourseError, match="a number from 1 to 3"):
        hint("softmax", 4)
    assert hint("softmax").number == 1


def test_what_the_author_wrote_is_shown_as_text():
    assert "&lt;rows&gt;" in hint("softmax")._repr_html_()
    assert "<rows>" not in hint("softmax")._repr_html_()


@pytest.mark.parametrize("wrong", [3, None, lambda Z: Z])
def test_what_is_no_exercise_is_refused_in_words(wrong):
    with pytest.raises(CourseError, match=r"as in `hint\(softmax\)`"):
        hint(wrong)


def test_a_wrong_name_is_met_with_the_right_one():
    with pytest.raises(CourseError, match="did you mean softmax"):
        hint("sofmax")
