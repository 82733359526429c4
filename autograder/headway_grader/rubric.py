"""How many points: all the numbers, and nothing else.

Right counts by the share of groups passed. What else is earned counts only on top of what is right, and only
if the typical group passes, since zeros are loop-free and fast too. A part that nobody judged is left out of
the sum. After an appeal the part for loops is not earned, but waits for a person.
"""

from collections.abc import Mapping

from headway_grader.verdict import Loops, Speed, Status

RIGHT = 70
LOOP_FREE = 15
FAST = 15
FAST_BY_BAND = {Speed.UP_TO_1_5: FAST, Speed.UP_TO_3: FAST, Speed.UP_TO_10: 7}
GATE = "typical"


def right(groups: Mapping[str, Status]) -> float:
    """The share of groups passed."""
    return sum(status is Status.PASS for status in groups.values()) / max(len(groups), 1)


def gate(groups: Mapping[str, Status]) -> bool:
    """Whether the group passes without which only right answers count."""
    return groups.get(GATE) is Status.PASS


def points(
    of: float,
    groups: Mapping[str, Status],
    loops: Loops,
    speed: Speed,
    *,
    loops_asked: bool = True,
    speed_asked: bool = True,
) -> float:
    """The points earned, out of `of`.

    What is not asked is left out: loops where an exercise lets Python loop over everything, speed where it is
    not judged, was undecided, or not judged through our doing. What is asked is earned by being judged, so an
    answer that fails when its loops are counted or its calls are timed does not earn it.
    """
    extra = loops_asked * LOOP_FREE * (loops is Loops.NONE) + speed_asked * FAST_BY_BAND.get(speed, 0)
    best = RIGHT + loops_asked * LOOP_FREE + speed_asked * FAST
    return round(of * right(groups) * (RIGHT + gate(groups) * extra) / best, 2)
