"""The rule that decides how fast an answer is, from what rounds took. Nothing here measures."""

import math
from collections.abc import Sequence

from headway_grader.verdict import Speed

FEWEST = 3  # nothing is said on fewer rounds than these
ROUNDS = 10  # nobody is found slow on fewer
MOST = 30  # where it is a close thing, rounds go on to here
STEADY = 1.1  # so far apart may the two best rounds of the library be for an early word
CLOSE = 1.2  # within this factor of the end of a band it is a close thing
HOPELESS = 20  # times as long as the library: no further round can make good for that
BANDS = ((1.5, Speed.UP_TO_1_5), (3.0, Speed.UP_TO_3), (10.0, Speed.UP_TO_10), (math.inf, Speed.SLOWER))


def decide(reference: Sequence[float], learner: Sequence[float]) -> Speed | None:
    """The band of an answer, or None if more rounds are needed.

    Whatever disturbs a round makes it longer, so the best of each side is compared. An answer is as fast as
    the library as soon as it clearly looks so against a library that was not disturbed itself: its two best
    rounds agree. It is slower only after ten rounds, or if it is beyond hope; and near the end of a band both
    sides get more rounds, for each to find its best.
    """
    rounds = min(len(reference), len(learner))
    if rounds < FEWEST:
        return None
    ratio = min(learner) / min(reference)
    band = next(band for most, band in BANDS if ratio <= most)
    if rounds >= MOST or ratio > HOPELESS:
        return band
    if any(most / CLOSE < ratio <= most * CLOSE for most, _ in BANDS[:-1]):
        return None
    best, second = sorted(reference)[:2]
    early = band is BANDS[0][1] and second <= STEADY * best
    return band if early or rounds >= ROUNDS else None
