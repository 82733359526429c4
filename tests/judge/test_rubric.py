"""Points: the formula, its gate, and its bounds."""

from itertools import product

import pytest
from headway_grader.rubric import points
from headway_grader.verdict import Loops, Status

P, W, C = Status.PASS, Status.WRONG, Status.CRASH


def groups(*statuses):
    return dict(zip(("typical", "shapes", "ones", "extremes"), statuses, strict=False))


def test_all_right_and_loop_free_earns_everything():
    assert points(4, groups(P, P, P, P), Loops.NONE) == 4


def test_loops_cost_fifteen_of_eighty_five():
    assert points(85, groups(P, P, P, P), Loops.FOUND) == 70
    assert points(85, groups(P, P, W, C), Loops.FOUND) == 35


def test_half_right_and_loop_free_earns_half():
    assert points(4, groups(P, P, W, C), Loops.NONE) == 2


def test_being_loop_free_earns_nothing_without_the_typical_group():
    assert points(85, groups(W, P, P, W), Loops.NONE) == 35
    assert points(85, groups(W, W, W, W), Loops.NONE) == 0


def test_what_was_not_judged_earns_no_loop_points():
    assert points(85, groups(P, P, P, P), Loops.NOT_JUDGED) == 70


def test_an_exercise_that_may_loop_is_judged_by_its_groups_alone():
    assert points(3, groups(P, W, P, W), Loops.NOT_JUDGED, loops_asked=False) == 1.5


@pytest.mark.parametrize("loops", list(Loops))
def test_one_group_more_never_costs(loops):
    for statuses in product((P, W), repeat=4):
        for i in range(4):
            better = (*statuses[:i], P, *statuses[i + 1 :])
            assert 0 <= points(5, groups(*statuses), loops) <= points(5, groups(*better), loops) <= 5


def test_no_groups_earn_nothing():
    assert points(5, {}, Loops.NONE) == 0
