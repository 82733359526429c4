"""The rule that decides how fast an answer is, from what rounds took. Nothing here measures."""

import math
from collections.abc import Sequence

from headway_grader.verdict import Speed

ROUNDS = 10  # nobody is found slow on fewer
FEWEST = 3  # and nothing is said on fewer than these
STEADY = 1.1  # so far apart may the two best rounds of the library be for an early word
HOPELESS = 20  # times as long as the library: no further round can make good for that
BANDS = ((1.5, Speed.UP_TO_1_5), (3.0, Speed.UP_TO_3), (10.0, Speed.UP_TO_10), (math.inf, Speed.SLOWER))


def decide(reference: Sequence[float], learner: Sequence[float]) -> Speed | None:
    """The band of an answer, or None if more rounds are needed.

    Whatever disturbs a round makes it longer, so the best of each side is compared. An answer is as fast as
    the library as soon as it looks so against a library that was not disturbed itself: its two best rounds
    agree. It is slower only after ten rounds, or if it is beyond hope.
    """
    rounds = min(len(reference), len(learner))
    if rounds < FEWEST:
        return None
    ratio = min(learner) / min(reference)
    if rounds >= ROUNDS or ratio > HOPELESS:
        return next(band for most, band in BANDS if ratio <= most)
    best, second = sorted(reference)[:2]
    return BANDS[0][1] if second <= STEADY * best and ratio <= BANDS[0][0] else None
