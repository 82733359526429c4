"""A mistake is named only if nothing else would give the same."""

import warnings
from dataclasses import replace

import numpy as np
from headway_course import manifest
from headway_course.fixtures import Case, arguments
from headway_course.judging.diagnose import RAISED, diagnose
from headway_grader.reference import public_fixtures
from headway_grader.wrong import mistakes


def case(number, expected, **wrong):
    wrong = {name.replace("_", "-"): np.array(value) for name, value in wrong.items()}
    return Case(f"case-{number}", "typical", {}, np.array(expected), wrong)


def test_the_mistake_whose_outputs_they_are_is_named():
    cases = [case(0, [1.0], no_shift=[2.0], no_scale=[3.0]), case(1, [1.0], no_shift=[4.0], no_scale=[5.0])]
    assert diagnose([(c, c.wrong["no-shift"]) for c in cases]) == "no-shift"
    assert diagnose([(c, c.wrong["no-scale"]) for c in cases]) == "no-scale"


def test_a_right_answer_has_no_diagnosis():
    cases = [case(0, [1.0], none=[1.0], some=[2.0]), case(1, [3.0], none=[3.0], some=[3.0])]
    assert diagnose([(c, c.expected) for c in cases]) is None


def test_a_mistake_must_hold_in_every_case_where_it_shows():
    cases = [case(0, [1.0], a=[2.0]), case(1, [1.0], a=[2.0])]
    assert diagnose([(cases[0], np.array([2.0])), (cases[1], np.array([9.0]))]) is None
    assert diagnose([(cases[0], np.array([2.0])), (cases[1], np.array([1.0]))]) is None


def test_two_mistakes_that_look_alike_are_not_named():
    cases = [case(0, [1.0], a=[2.0], b=[2.0])]
    assert diagnose([(cases[0], np.array([2.0]))]) is None


def test_the_mistake_that_explains_more_is_named():
    cases = [case(0, [1.0], a=[2.0], b=[2.0]), case(1, [1.0], a=[2.0], b=[1.0])]
    assert diagnose([(c, np.array([2.0])) for c in cases]) == "a"


def test_a_mistake_that_crashes_where_the_learner_does_not_is_told_apart():
    cases = [case(0, [1.0], a=[2.0], b=[2.0]), case(1, [1.0], a=[2.0])]
    assert diagnose([(c, np.array([2.0])) for c in cases]) == "a"


def test_a_crash_equals_no_mistake():
    cases = [case(0, [1.0], a=[2.0])]
    assert diagnose([(cases[0], RAISED)]) is None


def test_an_unrelated_failure_elsewhere_does_not_hide_the_mistake():
    cases = [case(0, [1.0], a=[2.0]), case(1, [1.0])]
    assert diagnose([(cases[0], np.array([2.0])), (cases[1], RAISED)]) == "a"


def in_group(group, number, expected, **wrong):
    return replace(case(number, expected, **wrong), group=group)


def test_what_is_not_shown_is_not_explained():
    shown, later = in_group("typical", 0, [1.0]), in_group("extremes", 1, [1.0], a=[2.0])
    assert diagnose([(shown, np.array([9.0])), (later, np.array([2.0]))]) is None
    assert diagnose([(shown, RAISED), (later, np.array([2.0]))]) == "a"  # a result is shown before an error
    assert diagnose([(shown, np.array([9.0])), (later, np.array([2.0]))], "extremes") == "a"


def test_ordinary_numbers_are_explained_though_another_group_came_out_otherwise():
    wrong = [0.5, 0.25, 0.75]
    shown, later = in_group("masks", 0, [1.0, 2, 3], a=wrong), in_group("nothing", 1, [0.0], a=[2.0])
    for other in (np.array([0.0]), np.array([9.0]), RAISED):
        assert diagnose([(shown, np.array(wrong)), (later, other)]) == "a"


def test_one_result_among_many_errors_explains_nothing():
    wrong = [0.5, 0.25, 0.75]
    shown = in_group("ones", 0, [1.0, 2, 3], a=wrong)
    others = [in_group("typical", number, [0.0], a=[2.0]) for number in (1, 2)]
    assert diagnose([(shown, np.array(wrong)), *((other, RAISED) for other in others)]) is None


def test_a_few_values_explain_nothing_if_another_group_came_out_otherwise():
    for few in ([True, False, True], [0, 4, 2], [np.nan, np.nan, 0.5]):
        right = np.zeros_like(few)
        shown, later = in_group("masks", 0, right, a=few), in_group("nothing", 1, [0.0], a=[2.0])
        assert diagnose([(shown, np.array(few)), (later, np.array([9.0]))]) is None


def test_two_that_explain_what_is_shown_and_not_the_rest_are_not_named():
    wrong = [0.5, 0.25, 0.75]
    shown = in_group("masks", 0, [1.0, 2, 3], a=wrong, b=wrong)
    later = in_group("nothing", 1, [0.0], a=[2.0], b=[3.0])
    assert diagnose([(shown, np.array(wrong)), (later, np.array([0.0]))]) is None


def test_float64_where_float32_is_due_is_compared_as_float32():
    expected = np.array([0.1, 0.2, 0.7], np.float32)
    wrong = expected.astype(np.float64)
    one = Case("a", "float32", {}, expected, {"upcast": wrong})
    assert diagnose([(one, wrong + 1e-8)]) == "upcast"
    assert diagnose([(one, wrong + 1e-3)]) is None
    assert diagnose([(one, (wrong + 1e-8).astype(np.float32) + np.float32(1))]) is None


def test_no_mistake_of_the_course_is_taken_for_another():
    for lesson in manifest.load().lessons:
        fixtures = public_fixtures(lesson.name)
        for exercise in lesson.exercises:
            cases = fixtures[exercise.name].cases
            named = {
                slug: diagnose([(case, output(answer.function, case)) for case in cases])
                for slug, answer in mistakes(exercise.name).items()
            }
            assert all(found in (slug, None) for slug, found in named.items())
            assert sum(found is not None for found in named.values()) >= len(named) - 3


def output(function, case):
    try:
        with warnings.catch_warnings(action="ignore"):
            return function(**arguments(case.inputs))
    except Exception:
        return RAISED
