"""The rule that decides how fast an answer is, from what rounds took. Nothing here measures.

Its numbers were chosen on the recordings that its tests run on (tests/judge/recordings).
"""

import math
from collections.abc import Sequence
from statistics import median

from headway_grader.verdict import Speed

FEWEST = 5  # nothing is said on fewer rounds than these
ROUNDS = 10  # nobody is found slow on fewer
MOST = 30  # where it is a close thing, rounds go on to here
STEADY = 1.1  # so far apart may the two best rounds of the library be for an early word
CLOSE = 1.15  # within this factor of the end of a band it is a close thing
HOPELESS = 20  # times as long as the library: no further round can make good for that
# The first ends below 1.5: cold caches take as long on either side, and hide some of a small difference.
BANDS = ((1.35, Speed.UP_TO_1_5), (3.0, Speed.UP_TO_3), (10.0, Speed.UP_TO_10), (math.inf, Speed.SLOWER))


def decide(reference: Sequence[float], learner: Sequence[float]) -> Speed | None:
    """The band of an answer, or None if more rounds are needed.

    An answer is as fast as the library as soon as it clearly looks so, in its best round and in most, against
    a library that was not disturbed itself: its two best rounds agree. It is slower only after ten rounds, or
    if it is beyond hope; and near the end of a band both sides get more rounds.
    """
    rounds = min(len(reference), len(learner))
    if rounds < FEWEST:
        return None
    best, alike = compare(reference, learner)
    ratio = (best * alike**2) ** (1 / 3)
    band = next(band for most, band in BANDS if ratio <= most)
    if rounds >= MOST or best > HOPELESS:
        return band
    if any(most / CLOSE < ratio <= most * CLOSE for most, _ in BANDS[:-1]):
        return None
    if rounds >= ROUNDS:
        return band
    first, second = sorted(reference)[:2]
    clear = max(best, alike) <= BANDS[0][0] / CLOSE and second <= STEADY * first
    return band if clear else None


def compare(reference: Sequence[float], learner: Sequence[float]) -> tuple[float, float]:
    """How many times as long as the library an answer takes: best against best, and in the middle round.

    Whatever disturbs a round makes it longer, so best against best is the truth where each side had a quiet
    moment. Among steady neighbours one side may have had one by luck; there the two sides of a round, which
    had the same neighbours, say more.
    """
    rounds = zip(reference, learner, strict=False)
    return min(learner) / min(reference), median(theirs / ours for ours, theirs in rounds)
