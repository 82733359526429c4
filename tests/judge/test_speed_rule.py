"""The rule that decides how fast an answer is, on numbers: made up, and recorded among busy neighbours.

benchmarks/record_timings.py made the recordings: rounds of answers that do the library's work once, twice or
four times, for cheap and dear functions, on a quiet machine and beside processes that burn time and memory.
The rule was chosen on the first of them and had not seen the others, which were made later. A decision begins
at each round of a recording; where that ends, it goes on at the first round.
"""

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from headway_grader.sandbox.session import Lap
from headway_grader.timing.race import times
from headway_grader.timing.rule import BANDS, FEWEST, HOPELESS, MOST, ROUNDS, decide
from headway_grader.verdict import Speed
from hypothesis import given
from hypothesis import strategies as st

RECORDINGS = Path(__file__).with_name("recordings")
CHOSEN_ON, UNSEEN = "timings.npz", "unseen.npz"
# An answer of some microseconds, which no exercise has: 200 calls of it are no steady round.
TINY = "tiny"
ROUND = st.floats(1e3, 1e9)
SIDES = st.lists(st.tuples(ROUND, ROUND), max_size=ROUNDS + 2)


def lap(spent, took=None, reading=0):
    return Lap((), reading, spent, spent if took is None else took, 0)


def judged(reference, learner):
    """What is decided as rounds come in, and after how many."""
    for rounds in range(1, len(reference) + 1):
        band = decide(reference[:rounds], learner[:rounds])
        if band:
            return band, rounds
    return None, len(reference)


def judged_laps(ours, theirs):
    """As `judged`, where the times are not known before the last lap is."""
    for rounds in range(1, len(ours) + 1):
        band = decide(*times(ours[:rounds], theirs[:rounds]))
        if band:
            return band, rounds
    return None, len(ours)


@cache
def decisions(factor, file=CHOSEN_ON):
    """Everything that is decided on the recordings of answers so many times slower, by recording."""
    found = {}
    with np.load(RECORDINGS / file) as recorded:
        for name in recorded.files:
            if name.split(", ")[1] == factor:
                found[name] = [judged_laps(*laps) for run in recorded[name] for laps in windows(run)]
    return found


def windows(run):
    """The laps of both sides, from each round of a run on."""
    figures = (run * 1000).astype(int).tolist()  # recorded in microseconds
    ours = [Lap((), reading, spent, took, 0) for spent, took, reading, _, _ in figures]
    theirs = [lap(spent, reading=reading) for _, _, _, spent, reading in figures]
    for start in range(len(figures)):
        yield ours[start:] + ours[:start], theirs[start:] + theirs[:start]


def bands(factor, file=CHOSEN_ON, tiny=False):
    """The bands of answers such as exercises have, or of the tiny one."""
    found = decisions(factor, file).items()
    return [band for name, each in found if name.startswith(TINY) == tiny for band, _ in each]


@pytest.mark.parametrize("file", [CHOSEN_ON, UNSEEN])
def test_an_answer_as_fast_as_the_library_is_never_found_slower(file):
    assert len(bands("1", file)) >= 2000
    assert set(bands("1", file)) == {FAST}


@pytest.mark.parametrize("file", [CHOSEN_ON, UNSEEN])
def test_an_answer_that_does_the_work_twice_is_never_found_as_fast(file):
    assert len(bands("2", file)) >= 300
    assert FAST not in bands("2", file)


@pytest.mark.parametrize("file", [CHOSEN_ON, UNSEEN])
def test_an_answer_that_does_the_work_four_times_is_never_found_as_fast(file):
    assert len(bands("4", file)) >= 300
    assert FAST not in bands("4", file)


@pytest.mark.parametrize("file", [CHOSEN_ON, UNSEEN])
@pytest.mark.parametrize("factor", ["1", "2", "4"])
def test_of_an_answer_of_some_microseconds_one_decision_in_fifty_may_be_wrong(factor, file):
    found = bands(factor, file, tiny=True)
    assert len(found) >= 150
    assert sum((band is FAST) != (factor == "1") for band in found) <= len(found) / 50


@pytest.mark.parametrize("file", [CHOSEN_ON, UNSEEN])
def test_every_recording_ends_in_a_decision(file):
    for factor in ("1", "1.2", "2", "4"):
        assert None not in [*bands(factor, file), *bands(factor, file, tiny=True)]


FAST = Speed.UP_TO_1_5


@given(SIDES)
def test_nobody_is_found_slower_on_fewer_than_ten_rounds_unless_beyond_hope(rounds):
    band = decide([ours for ours, _ in rounds], [theirs for _, theirs in rounds])
    if 0 < len(rounds) < ROUNDS and band not in (None, FAST):
        best = min(ours for ours, _ in rounds)
        assert min(theirs for _, theirs in rounds) > HOPELESS * best


@given(SIDES)
def test_rounds_come_to_an_end(rounds):
    ours, theirs = [ours for ours, _ in rounds], [theirs for _, theirs in rounds]
    assert decide(ours * MOST, theirs * MOST) is not None or not rounds


@given(SIDES, st.floats(1, 50))
def test_an_answer_gains_nothing_by_being_slower(rounds, factor):
    order = [band for _, band in BANDS]
    ours = ([ours for ours, _ in rounds] * MOST)[:MOST] or [1.0] * MOST
    theirs = ([theirs for _, theirs in rounds] * MOST)[:MOST] or [1.0] * MOST
    slower = [factor * one for one in theirs]
    assert order.index(decide(ours, slower)) >= order.index(decide(ours, theirs))


@pytest.mark.parametrize(
    ("ratio", "band"),
    [
        (0.3, Speed.UP_TO_1_5),
        (1.3, Speed.UP_TO_1_5),
        (1.5, Speed.UP_TO_3),
        (2.99, Speed.UP_TO_3),
        (3.1, Speed.UP_TO_10),
        (9.99, Speed.UP_TO_10),
        (10.1, Speed.SLOWER),
        (400.0, Speed.SLOWER),
    ],
)
def test_bands_end_where_they_say(ratio, band):
    assert decide([1.0] * MOST, [ratio] * MOST) is band


def test_near_the_end_of_a_band_there_are_more_rounds():
    assert judged([1.0] * MOST, [1.4] * MOST) == (Speed.UP_TO_3, MOST)
    assert judged([1.0] * MOST, [2.0] * MOST) == (Speed.UP_TO_3, ROUNDS)


def test_a_library_disturbed_in_the_first_rounds_makes_no_slow_answer_fast():
    ours = [2.4, 3.0, 1.9, 2.7, 2.5, 1.0, 1.0, 1.0]
    assert judged(ours, [2.0] * 8) == (None, 8)
    assert judged([*ours, *[1.0] * 22], [2.0] * 30)[0] is Speed.UP_TO_3


def test_a_quiet_machine_needs_the_fewest_rounds():
    assert judged([1.0, 1.02, 1.01] * 3, [1.1, 1.05, 1.1] * 3) == (FAST, FEWEST)


def test_hopeless_is_said_at_once():
    assert judged([1.0] * FEWEST, [HOPELESS + 1.0] * FEWEST) == (Speed.SLOWER, FEWEST)


def test_bands_rise():
    assert all(less < more for (less, _), (more, _) in pairwise(BANDS))


def test_what_sending_usually_takes_is_taken_off_what_an_answer_spent():
    ours, theirs = times([lap(130, 100), lap(150, 110), lap(190, 100)], [lap(130), lap(230), lap(20)])
    assert ours == [100, 110, 100]
    assert theirs == [90, 190, 1]


def test_an_answer_that_says_it_was_done_early_gains_nothing():
    honest, early = lap(230, took=200), lap(230, took=1)
    ours = [lap(130, 100)]
    assert times(ours, [honest])[1] == times(ours, [early])[1] == [200]


def test_working_ahead_between_rounds_counts():
    ours, idle = [lap(100, reading=10)], lap(100, reading=15)
    assert times(ours, [idle])[1] == [100]
    assert times(ours, [lap(5, reading=120)])[1] == [5 + 120 - 20]
