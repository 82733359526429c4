"""The rule that decides how fast an answer is, from what rounds took. Nothing here measures."""

import math
from collections.abc import Sequence
from statistics import median

from headway_grader.verdict import Speed

FEWEST = 3  # nothing is said on fewer rounds than these
ROUNDS = 10  # nobody is found slow on fewer
MOST = 30  # where it is a close thing, rounds go on to here
STEADY = 1.1  # so far apart may the two best rounds of the library be for an early word
CLOSE = 1.2  # within this factor of the end of a band it is a close thing
HOPELESS = 20  # times as long as the library: no further round can make good for that
# The first ends below 1.5: cold caches take as long on either side, and hide some of a small difference.
BANDS = ((1.35, Speed.UP_TO_1_5), (3.0, Speed.UP_TO_3), (10.0, Speed.UP_TO_10), (math.inf, Speed.SLOWER))


def decide(reference: Sequence[float], learner: Sequence[float]) -> Speed | None:
    """The band of an answer, or None if more rounds are needed.

    An answer is as fast as the library as soon as it clearly looks so against a library that was not
    disturbed itself: its two best rounds agree. It is slower only after ten rounds, or if it is beyond hope;
    and near the end of a band both sides get more rounds.
    """
    rounds = min(len(reference), len(learner))
    if rounds < FEWEST:
        return None
    ratio = compare(reference, learner)
    band = next(band for most, band in BANDS if ratio <= most)
    if rounds >= MOST or min(learner) > HOPELESS * min(reference):
        return band
    if any(most / CLOSE < ratio <= most * CLOSE for most, _ in BANDS[:-1]):
        return None
    best, second = sorted(reference)[:2]
    early = band is BANDS[0][1] and second <= STEADY * best
    return band if early or rounds >= ROUNDS else None


def compare(reference: Sequence[float], learner: Sequence[float]) -> float:
    """How many times as long as the library an answer takes.

    Whatever disturbs a round makes it longer, so best against best is the truth where each side had a quiet
    moment. Among steady neighbours one side may have had one by luck; there the two sides of a round, which
    had the same neighbours, say more. Neither is right always, so the result is between them.
    """
    best = min(learner) / min(reference)
    alike = median(theirs / ours for ours, theirs in zip(reference, learner, strict=False))
    return math.sqrt(best * alike)
