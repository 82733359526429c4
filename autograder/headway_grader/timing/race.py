"""Rounds of an answer and the library's function, side by side and in turn, until the rule decides."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from statistics import median

import numpy as np
from headway_course.judging.compare import mismatch

from headway_grader.cases import value
from headway_grader.checks.learner import python_value
from headway_grader.sandbox import forms
from headway_grader.sandbox.session import Lap, Overrun, Session, Starved, Stopped
from headway_grader.timing.rule import HOPELESS, decide
from headway_grader.verdict import Speed

SECONDS = 5.0  # on the wall; what is not decided by then is undecided
ROUND_NS = 1_000_000  # the library is called so often in a round that it takes about as long
MOST_CALLS = 200
MOST_BYTES = 4 << 20  # of inputs and results in a round
TRIAL_CALLS = 2
SPARE_NS = 50_000_000  # a round is stopped if it takes longer by this: the first are cold, some unlucky


class AnswerStopped(Exception):
    """An answer raised, or its process ended."""

    def __init__(self, outcome: forms.Outcome) -> None:
        super().__init__(outcome.detail)
        self.outcome = outcome


class WrongResult(Exception):
    """An answer returned something else than the library."""


@dataclass
class Race:
    """Two workers on the same inputs. `laps` are what the rounds took, the library's first."""

    ours: Session
    theirs: Session
    inputs: Iterator[Mapping[str, np.ndarray]]
    shapes: str = ""
    laps: tuple[list[Lap], list[Lap]] = field(default_factory=lambda: ([], []))
    overrun: bool = False

    def run(self) -> Speed:
        """The band of the answer, or undecided; raises WrongResult or AnswerStopped.

        Stopped and Overrun, if they get this far, are the library's doing and so ours.
        """
        try:
            return self._run()
        except Starved:
            return Speed.UNDECIDED

    def _run(self) -> Speed:
        until = time.monotonic() + SECONDS
        calls = self.warm_up()
        while not self.overrun and time.monotonic() < until:
            self.round(calls)
            band = decide(*self.times)
            if band:
                return band
        return Speed.SLOWER if self.overrun else Speed.UNDECIDED

    def warm_up(self) -> int:
        """First calls, which count for nothing but that they are right; how many calls make a round."""
        calls = TRIAL_CALLS
        for _ in range(3):  # the first calls are cold, and look longer than later ones will be
            ours = self._both(calls)[0]
            tried, calls = calls, _calls(ours)
            if self.overrun or calls <= tried:
                break
        return calls

    def round(self, calls: int) -> None:
        """One round of so many calls; an answer that takes much too long is stopped in it.

        Both sides run on the same processor, since others have other neighbours. Every second round the other
        side begins, for it finds colder caches, and then both go on to the next processor.
        """
        number = len(self.laps[0])
        processors = sorted(os.sched_getaffinity(0))
        for side in (self.ours, self.theirs):
            side.move(processors[number // 2 % len(processors)])
        laps = self._both(calls, answer_first=bool(number % 2))
        if not self.overrun:
            for lap, kept in zip(laps, self.laps, strict=True):
                kept.append(replace(lap, values=()))

    @property
    def times(self) -> tuple[list[float], list[float]]:
        return times(*self.laps)

    def _draw(self, calls: int) -> list[dict[str, object]]:
        return [{name: _scalar(a) for name, a in one.items()} for one in islice(self.inputs, calls)]

    def _both(self, calls: int, answer_first: bool = False) -> tuple[Lap, ...]:
        """The library's calls and the answer's on the same inputs; raises WrongResult and AnswerStopped."""
        inputs = self._draw(calls)
        if answer_first:
            theirs = self._answer(inputs, self.laps[0])
            ours = self.ours.lap(inputs)
        else:
            ours = self.ours.lap(inputs)
            theirs = self._answer(inputs, [*self.laps[0], ours])
        if theirs is None:
            return (ours,)
        for actual, expected in zip(theirs.values, ours.values, strict=True):
            if mismatch(python_value(actual), value(python_value(expected)), self.shapes):
                raise WrongResult
        return ours, theirs

    def _answer(self, inputs: Sequence[Mapping[str, object]], laps: Sequence[Lap]) -> Lap | None:
        """The answer's calls; None if they take much too long. laps are those of the library so far."""
        try:
            return self.theirs.lap(inputs, HOPELESS * min(lap.spent_ns for lap in laps) + SPARE_NS)
        except Overrun:
            self.overrun = True
            return None
        except Stopped as stopped:
            raise AnswerStopped(stopped.outcome) from None


def times(ours: Sequence[Lap], theirs: Sequence[Lap]) -> tuple[list[float], list[float]]:
    """What the rounds of both sides took, in nanoseconds.

    The library's worker tells what its calls took; the rest, hearing the word and sending results, says
    nothing about the function. An answer is not asked: until the last byte is here it may be computing. So
    from all that it spent the library's usual rest is taken off. What it does between rounds, beyond reading
    inputs, counts too.
    """
    rest = median(lap.spent_ns - lap.took_ns for lap in ours) if ours else 0
    reading = 2 * max((lap.reading_ns for lap in ours), default=0)
    return (
        [max(lap.took_ns, 1) for lap in ours],
        [max(lap.spent_ns - rest, 1) + max(lap.reading_ns - reading, 0) for lap in theirs],
    )


def _scalar(a: object) -> object:
    """A number that stands in an array of rank 0 goes in as the number; every other input as it is."""
    return a.item() if isinstance(a, np.ndarray) and a.ndim == 0 else a


def _calls(lap: Lap) -> int:
    """How many calls make a round, after this one."""
    by_time, by_size = ROUND_NS / max(lap.took_ns, 1), MOST_BYTES / max(lap.carried_bytes, 1)
    return min(max(round(len(lap.values) * min(by_time, by_size)), 1), MOST_CALLS)
