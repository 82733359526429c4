"""A worker whose calls are timed, round after round, by a clock that is the judge's.

It is the CPU clock of the worker's process, read from outside, so what its neighbours do and how long it
waits to be woken costs it nothing. A round begins when the judge says go, with the inputs already in the
worker, and ends when the last byte of the results has arrived. CPU time spent between rounds, while inputs
are read, is told apart: nobody works ahead unseen.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from headway_grader.sandbox.forms import End, Layer, Outcome, Raised, Value
from headway_grader.sandbox.watch import Watch
from headway_grader.sandbox.wire import Bytes, encode_round

_LOOK_SECONDS = 0.005  # so often a call is looked at that may take too long
_REST_SECONDS = 5
_RESTLESS_NS = 50_000_000
_PAUSE_SECONDS = 5e-5


class Stopped(Exception):
    """The worker raised, died or was ended: there will be no more rounds."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.detail or "an exception in the function that is timed")
        self.outcome = outcome


class Overrun(Exception):
    """A round took more than it may."""


class Starved(Exception):
    """The machine gave a worker no processor for so long that nothing can be said of it."""


@dataclass(frozen=True)
class Lap:
    """One round: what was returned, as long as no other round has begun, and nanoseconds.

    reading_ns went by from the end of the round before to the word go, spent_ns from there until all results
    were here. took_ns is what of it went into the calls, if one may believe the worker; the rest is the word
    that came in and the results that went out. carried_bytes are those of inputs and results.
    """

    values: tuple[Value, ...]
    reading_ns: int
    spent_ns: int
    took_ns: int
    peak_bytes: int
    carried_bytes: int = 0


class Session:
    """One worker, from its first round to its last."""

    def __init__(
        self, watch: Watch, words: int, document: int, results: int, layers: tuple[Layer, ...]
    ) -> None:
        """words is a pipe; document and results are files in memory, for what goes in and what comes out."""
        self._watch = watch
        self._watch.reader.shared = self._fetched
        self._results = results
        self._fetch = memoryview(np.empty(0, np.uint8))
        self._carried = 0
        self._words = words
        self._document = document
        self._layers = layers
        self._clock: CpuClock | WallClock = WallClock()
        self._ended_at = 0

    def begin(self) -> None:
        """Returns when the function is ready to be called; raises Stopped if it never is."""
        self._await(lambda: self._watch.reader.ready and self._watch.pid > 0)
        with suppress(OSError, AttributeError):
            self._clock = CpuClock(self._watch.pid)

    @property
    def on_cpu_time(self) -> bool:
        """Whether the clock is that of the worker's CPU time, not the one on the wall."""
        return isinstance(self._clock, CpuClock)

    def move(self, processor: int) -> None:
        """Has the worker run on this processor, if it may."""
        with suppress(OSError):
            os.sched_setaffinity(self._watch.pid, {processor})

    def end(self) -> None:
        """Has the worker ended."""
        self._clock.close()
        self._watch.stop()

    def lap(
        self, calls: Sequence[Mapping[str, object]], most_ns: float = float("inf"), peak: bool = False
    ) -> Lap:
        """Calls the function with each of these inputs; raises Stopped, Starved, or Overrun after most_ns."""
        reader = self._watch.reader
        reader.begin_round()
        word, arrays = encode_round(calls, peak)
        self._carried = _write_at_start(self._document, arrays)
        self._say(word)
        self._await(lambda: reader.set or reader.results)
        if not reader.set:
            raise self._stopped()
        began = self._at_rest()
        self._say(b"g")
        self._await(lambda: reader.results, lambda: self._clock.read() - began > most_ns)
        ended = self._at_rest()
        (result,) = reader.results
        if isinstance(result, Raised) or len(result.values) != len(calls):
            raise self._stopped()
        reading, self._ended_at = began - (self._ended_at or began), ended
        took = min(result.took_ns, ended - began) if self.on_cpu_time else ended - began
        return Lap(result.values, reading, ended - began, took, result.peak_bytes, self._carried)

    def _fetched(self, size: int) -> memoryview:
        """A copy of the results, which nobody can change any more; the next round's takes its place."""
        self._carried += size
        if size > len(self._fetch):
            self._fetch = memoryview(np.empty(size + size // 4, np.uint8))  # the next one may be larger
        read = os.preadv(self._results, [self._fetch[:size]], 0) if size else 0
        return self._fetch[:read]

    def _say(self, word: bytes) -> None:
        try:
            os.write(self._words, word)
        except BrokenPipeError:
            self._await(lambda: False)

    def _await(self, enough: Callable[[], object], too_long: Callable[[], bool] = lambda: False) -> None:
        self._watch.follow(lambda: bool(enough()) or too_long(), _LOOK_SECONDS)
        if not enough():
            if self._watch.ended:
                raise self._ended()
            raise Overrun

    def _ended(self) -> Exception:
        outcome, limits = self._watch.outcome(self._layers), self._watch.job.limits
        if outcome.end is End.TIMEOUT and outcome.cpu_seconds < limits.cpu_seconds / 2:
            return Starved()
        return Stopped(outcome)

    def _stopped(self) -> Stopped:
        """Has the worker ended, and says what came of it."""
        self._watch.stop()
        return Stopped(self._watch.outcome(self._layers))

    def _at_rest(self) -> int:
        """The clock when the worker has come to rest, and waits for the next word.

        Raises Overrun if it works on, and Starved if it has no processor to come to rest on.
        """
        began, until = self._clock.read(), time.monotonic() + _REST_SECONDS
        while not self._clock.rests():
            if self._clock.read() - began > _RESTLESS_NS:
                raise Overrun
            if time.monotonic() > until:
                raise Starved
            time.sleep(_PAUSE_SECONDS)  # the worker may need the processor that this runs on
        return self._clock.read()


class CpuClock:
    """The CPU time of another process in nanoseconds; raises OSError where the kernel does not tell it.

    The kernel adds up what a process has used when it stops running, so only of one at rest is this exact.
    """

    def __init__(self, pid: int) -> None:
        self._id = (~pid << 3) | 2  # as clock_getcpuclockid makes it
        self._stat = os.open(f"/proc/{pid}/stat", os.O_RDONLY)
        self._last = time.clock_gettime_ns(self._id)

    def read(self) -> int:
        with suppress(OSError):  # of a process that is gone, the last that was known
            self._last = time.clock_gettime_ns(self._id)
        return self._last

    def rests(self) -> bool:
        """Whether the process is waiting, and not just about to: two looks, some microseconds apart."""
        try:
            looks = [os.pread(self._stat, 400, 0).rpartition(b") ")[2][:1] for _ in range(2)]
        except OSError:
            return True
        return all(look in b"SZ" for look in looks)

    def close(self) -> None:
        os.close(self._stat)


class WallClock:
    """Time as it goes by, where nothing better is to be had."""

    def read(self) -> int:
        return time.perf_counter_ns()

    def rests(self) -> bool:
        return True

    def close(self) -> None:
        """There is nothing to close."""


def _write_at_start(document: int, pieces: Sequence[Bytes]) -> int:
    """Returns how many bytes it has written."""
    position = 0
    for piece in pieces:
        rest = memoryview(piece)
        while rest:
            written = os.pwrite(document, rest, position)
            rest, position = rest[written:], position + written
    return position
