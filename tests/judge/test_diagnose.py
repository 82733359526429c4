"""A mistake is named only if nothing else would give the same."""

import numpy as np
from headway_course.fixtures import Case
from headway_course.judging.diagnose import diagnose


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
    assert diagnose([(cases[0], ValueError("no"))]) is None


def test_an_unrelated_failure_elsewhere_does_not_hide_the_mistake():
    cases = [case(0, [1.0], a=[2.0]), case(1, [1.0])]
    assert diagnose([(cases[0], np.array([2.0])), (cases[1], ValueError("no"))]) == "a"
