"""check: what is said of a function, whatever it does."""

import _thread
import math
import threading

import numpy as np
import pytest
from headway_course import check
from headway_course.checking.check import examine
from headway_course.errors import CourseError
from small_course import slow_softmax, unshifted


def right(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)


def passed(result):
    return [group.name for group in result.groups if group.passed]


@pytest.fixture
def tried(exercise, fixture):
    """Checks a function of any name as an answer to softmax."""
    return lambda function: examine(function, exercise, fixture)


def test_a_right_answer_passes_everything(tried):
    result = tried(right)
    assert result.status == "pass"
    assert result.good
    assert passed(result) == ["typical", "shapes", "ones", "extremes", "float32", "inputs-kept"]
    assert result.loops.verdict.judged
    assert not result.loops.verdict.found


def test_an_answer_that_is_wrong_in_one_group_is_partial_and_its_mistake_is_named(tried):
    result = tried(unshifted)
    assert result.status == "partial"
    assert [group.name for group in result.groups if not group.passed] == ["extremes"]
    assert result.diagnosis == "Your result is what one gets without the shift."
    assert not result.good


def test_a_wrong_answer_is_wrong_and_its_mistake_is_named(tried):
    def first_axis(Z):
        E = np.exp(Z - Z.max())
        return (E / E.sum(axis=0, keepdims=True)).astype(Z.dtype)

    result = tried(first_axis)
    assert "typical" not in passed(result)
    assert result.diagnosis == "Your result is what one gets by summing over the first axis."


def test_results_that_no_mistake_explains_get_no_diagnosis(tried):
    result = tried(lambda Z: right(Z) + 1)
    assert result.status == "wrong"
    assert result.diagnosis == ""


def test_the_example_is_the_smallest_case_of_the_first_group_that_fails(tried):
    result = tried(lambda Z: right(Z) + 1)
    assert result.example.case.name == "matrix"
    assert result.example.case.group == "typical"
    assert np.array_equal(result.example.actual, right(result.example.case.inputs["Z"]) + 1)


def test_the_inputs_of_the_example_can_be_tried_and_spoiled(tried):
    result = tried(lambda Z: right(Z) + 1)
    before = result.example.inputs["Z"]
    before[:] = 0
    assert np.array_equal(result.example.inputs["Z"], result.example.case.inputs["Z"])


def test_loops_are_found_only_once_the_typical_cases_are_right(tried):
    assert tried(lambda Z: right(Z) * 2).loops is None
    result = tried(slow_softmax)
    assert result.status == "pass"
    assert result.loops.verdict.found
    assert result.loops.dimension == "batch"
    assert result.loops.sizes == (8, 16, 32)
    assert not result.good


def test_a_dimension_that_may_be_looped_over_is_not_counted(exercise, fixture):
    from dataclasses import replace

    def over_rows(Z):
        rows = [right(row) for row in Z.reshape(-1, Z.shape[-1])]
        return np.array(rows).reshape(Z.shape)

    free = replace(exercise, loops_over=("batch",))
    assert examine(over_rows, exercise, fixture).loops.verdict.found
    assert not examine(over_rows, free, fixture).loops.verdict.found


def test_an_unfinished_stub_is_not_started(tried):
    def stub(Z):
        raise NotImplementedError()

    result = tried(stub)
    assert result.status == "not-started"
    assert result.groups == ()
    assert "Write softmax" in repr(result)
    assert "Traceback" not in repr(result)


def test_an_answer_that_needs_an_unwritten_one_names_that(tried):
    def first_part(Z):
        raise NotImplementedError()

    result = tried(lambda Z: first_part(Z) + 1)
    assert result.status == "not-started"
    assert "`first_part`" in result.trouble.message


def test_a_case_left_for_later_costs_only_its_group(tried):
    def begun(Z):
        if Z.ndim > 2:
            raise NotImplementedError()
        return right(Z)

    result = tried(begun)
    assert result.status == "partial"
    assert "shapes" not in passed(result)


def test_an_error_everywhere_is_a_crash_told_in_a_line(tried):
    def broken(Z):
        return Z.sum(axis=9)

    result = tried(broken)
    assert result.status == "crash"
    assert result.trouble.message.startswith("AxisError: axis 9 is out of bounds")
    assert "headway_course" not in repr(result)


@pytest.mark.parametrize("error", [SystemExit(3), GeneratorExit(), RecursionError("deep"), MemoryError()])
def test_whatever_a_function_raises_is_part_of_its_result(tried, error):
    def raising(Z):
        raise error

    result = tried(raising)
    assert result.status == "crash"
    assert type(error).__name__ in result.trouble.message


def test_an_error_whose_text_cannot_be_had_is_named_by_its_class(tried):
    class Broken(Exception):
        def __str__(self):
            raise ValueError

    def raising(Z):
        raise Broken

    assert tried(raising).trouble.message == "Broken"


def test_a_long_error_is_cut(tried):
    def raising(Z):
        raise ValueError("x" * 10_000)

    assert len(tried(raising).trouble.message) < 400


def test_ctrl_c_in_a_case_is_shown_as_interrupted(tried):
    def stopped(Z):
        raise KeyboardInterrupt

    assert tried(stopped).status == "interrupted"


def test_an_endless_loop_can_be_interrupted(tried):
    def endless(Z):
        while True:
            pass

    timer = threading.Timer(0.2, _thread.interrupt_main)
    timer.start()
    result = tried(endless)
    timer.join()
    assert result.status == "interrupted"
    assert "interrupted" in repr(result)


def test_ctrl_c_while_loops_are_counted_is_shown_as_interrupted(tried):
    calls = []

    def stopped_later(Z):
        calls.append(Z)
        if len(calls) > 8:
            raise KeyboardInterrupt
        return right(Z)

    assert tried(stopped_later).status == "interrupted"


def test_changed_inputs_are_named_and_cost_their_group_alone(tried):
    def in_place(Z):
        Z -= Z.max(axis=-1, keepdims=True)
        return right(Z)

    result = tried(in_place)
    assert [group.name for group in result.groups if not group.passed] == ["inputs-kept"]
    assert "changes its input Z" in repr(result)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda Z: right(Z).astype(np.float64), "dtype float64, expected float32"),
        (lambda Z: right(Z).tolist(), "is a list"),
        (lambda Z: right(Z)[..., 0], "1 axis instead of 2"),
        (lambda Z: right(Z) * math.nan, "NaN"),
        (lambda Z: None, "None"),
        (lambda Z: right(Z).astype(object), "dtype object"),
        (lambda Z: right(Z).view(np.matrix) if Z.ndim == 2 else right(Z), "a matrix"),
    ],
)
def test_a_result_of_the_wrong_form_is_named(tried, answer, said):
    result = tried(answer)
    assert result.status in ("wrong", "partial")
    assert said in " ".join(repr(result).split())


def test_another_first_line_than_the_exercises_is_named(tried):
    def renamed(x):
        return right(x)

    result = tried(renamed)
    assert result.status == "crash"
    assert "renamed(x)" in result.trouble.message
    assert "renamed(Z=…)" in result.trouble.message


def test_a_numpy_function_can_be_checked(tried):
    assert tried(np.exp).status == "crash"  # it takes no Z
    assert tried(np.vectorize(lambda Z: Z)).status == "wrong"


def test_check_finds_the_exercise_by_the_functions_name(course):
    def softmax(Z):
        return right(Z)

    result = check(softmax)
    assert result.exercise.name == "softmax"
    assert result.good


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (lambda Z: Z, "a lambda has no name"),
        ("softmax", "takes the function itself"),
        (np.zeros((2, 3)), "an array of shape (2, 3)"),
        (None, "takes the function itself"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(course, given, said):
    with pytest.raises(CourseError, match=said.replace("(", r"\(").replace(")", r"\)")):
        check(given)


def test_a_misspelt_function_is_told_the_name_the_lesson_asks_for(course):
    def sofmax(Z):
        return Z

    with pytest.raises(CourseError, match="did you mean softmax"):
        check(sofmax)


def test_missing_fixtures_are_named(course):
    def softmax(Z):
        return Z

    (course / "01_tiny.npz").unlink()
    with pytest.raises(CourseError, match="no fixtures at"):
        check(softmax)


def test_the_same_function_gets_the_same_result_twice(tried):
    assert repr(tried(unshifted)) == repr(tried(unshifted))
