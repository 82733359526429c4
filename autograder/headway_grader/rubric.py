"""How many points: all the numbers, and nothing else.

Right counts by the share of groups passed. What else is earned counts only on top of what is right, and only
if the typical group passes, since zeros are loop-free and fast too. A part that nobody judged is left out of
the sum. After an appeal the part for loops is not earned, but waits for a person.
"""

from collections.abc import Mapping

from headway_grader.verdict import Loops, Status

RIGHT = 70
LOOP_FREE = 15
GATE = "typical"


def right(groups: Mapping[str, Status]) -> float:
    """The share of groups passed."""
    return sum(status is Status.PASS for status in groups.values()) / max(len(groups), 1)


def gate(groups: Mapping[str, Status]) -> bool:
    """Whether the group passes without which only right answers count."""
    return groups.get(GATE) is Status.PASS


def points(of: float, groups: Mapping[str, Status], loops: Loops, loops_asked: bool = True) -> float:
    """The points earned, out of `of`.

    loops_asked is False where an exercise lets Python loop over everything: then that part is left out.
    Otherwise it is earned by being judged loop-free, so an answer that fails when its loops are counted
    does not earn it.
    """
    share = right(groups)
    if not loops_asked:
        return round(of * share, 2)
    extra = LOOP_FREE * gate(groups) * (loops is Loops.NONE)
    return round(of * share * (RIGHT + extra) / (RIGHT + LOOP_FREE), 2)
