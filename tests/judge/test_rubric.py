"""Points: the formula, its gate, and its bounds."""

from functools import partial
from itertools import product

import pytest
from headway_grader import rubric
from headway_grader.verdict import Loops, Speed, Status

P, W, C = Status.PASS, Status.WRONG, Status.CRASH
points = partial(rubric.points, speed=Speed.NOT_JUDGED, speed_asked=False)
with_speed = rubric.points


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


@pytest.mark.parametrize(
    ("speed", "earned"),
    [
        (Speed.UP_TO_1_5, 100),
        (Speed.UP_TO_3, 100),
        (Speed.UP_TO_10, 92),
        (Speed.SLOWER, 85),
        (Speed.NOT_JUDGED, 85),
    ],
)
def test_speed_counts_fifteen_of_a_hundred(speed, earned):
    assert with_speed(100, groups(P, P, P, P), Loops.NONE, speed) == earned


def test_speed_counts_in_proportion_to_what_is_right():
    assert with_speed(100, groups(P, W, P, W), Loops.FOUND, Speed.UP_TO_10) == 77 / 2


def test_speed_earns_nothing_without_the_typical_group():
    assert with_speed(100, groups(W, P, P, W), Loops.NONE, Speed.UP_TO_1_5) == 35


@pytest.mark.parametrize("speed", [Speed.UNDECIDED, Speed.NOT_JUDGED])
def test_what_is_not_judged_through_our_doing_is_left_out(speed):
    of_groups = groups(P, P, W, C)
    assert with_speed(85, of_groups, Loops.FOUND, speed, speed_asked=False) == 35
    assert with_speed(70, of_groups, Loops.NONE, speed, loops_asked=False, speed_asked=False) == 35


def test_bands_are_worth_less_the_slower_they_are():
    of_all = [with_speed(100, groups(P), Loops.NONE, band) for band in Speed if band.startswith(("up", "sl"))]
    assert of_all == sorted(of_all, reverse=True)
