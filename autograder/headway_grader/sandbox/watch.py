"""One run as the judge sees it: bytes from two pipes, one word from the warm process, and a clock."""

import json
import math
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from headway_grader.sandbox.forms import End, Job, Layer, Outcome
from headway_grader.sandbox.wire import Broken, Flooded, Reader, Refused, printable

_GRACE_SECONDS = 10  # for the warm process to end a worker and to say how it ended
_CHUNK = 1 << 18
_DISCARDED = 64  # so many times the kept output is read and thrown away before a run counts as a flood

_SIGKILL = 9  # Windows has no signal.SIGKILL
_SIGNALS = {number.value: number.name for number in signal.Signals}  # those in real time have no names
FORK = b"fork"  # what a warm process is told that shall make a second one
OUT_OF_MEMORY = 71  # the exit code of a worker that could not send its result


class Lost(Exception):
    """The warm process is gone."""


@dataclass(frozen=True)
class Ended:
    """How a worker ended: exit code (negative: the signal), CPU seconds, most memory held."""

    exit: int
    cpu_seconds: float
    peak_bytes: int


class Watch:
    """Reads what one worker sends until it has ended, and has it ended when it goes beyond its limits."""

    def __init__(self, job: Job, control: socket.socket, results: int, output: int) -> None:
        self.job = job
        self.reader = Reader(job)
        self.stopped: tuple[End, str] | None = None
        self.ended: Ended | None = None
        self.pid = 0  # only of a worker that is timed
        self._control = control
        self._sources = {results: self._take_results, output: self._take_output}
        self._output = bytearray()
        self._discarded = 0
        self._deadline = time.monotonic() + job.limits.wall_seconds
        self._poll = select.poll()
        for descriptor in (*self._sources, control.fileno()):
            self._poll.register(descriptor, select.POLLIN)

    def follow(self, enough: Callable[[], bool] = lambda: False, every: float = math.inf) -> None:
        """Returns when the worker has ended and its pipes are read, or when it is enough.

        That is asked whenever something came, and at least `every` so many seconds. Raises Lost if the warm
        process dies.
        """
        while (self._sources or self.ended is None) and not enough():
            left = self._deadline - time.monotonic()
            if left <= 0:
                self._out_of_time()
                if self.ended:
                    return  # something holds a pipe open, but the worker is gone
                continue
            for descriptor, _ in self._poll.poll(min(left, every) * 1000 + 1):
                if descriptor == self._control.fileno():
                    self._take_word()
                elif not self._take(descriptor):
                    self._poll.unregister(descriptor)
                    del self._sources[descriptor]

    def outcome(self, layers: tuple[Layer, ...]) -> Outcome:
        end, detail = self._end()
        return Outcome(
            end,
            tuple(self.reader.results),
            tuple(self.reader.import_errors),
            read_output(self._output, self._discarded > 0),
            detail,
            self.ended.cpu_seconds,
            layers,
        )

    def stop(self) -> None:
        """Has the worker ended, of which no more is wanted."""
        self._stop(End.FINISHED, "")
        self.follow()

    def _take(self, descriptor: int) -> bool:
        """Reads from a pipe; False at its end."""
        data = os.read(descriptor, _CHUNK)
        if self.stopped is None:
            try:
                self._sources[descriptor](data)
            except Broken as error:
                self._stop(End.BROKEN_PROTOCOL, str(error))
            except Refused as error:
                self._stop(End.REFUSED, str(error))
            except Flooded:
                self._stop(End.FLOODED, "more results than the limit allows")
        return bool(data)

    def _take_results(self, data: bytes) -> None:
        self.reader.feed(data)

    def _take_output(self, data: bytes) -> None:
        room = self.job.limits.output_bytes - len(self._output)
        self._output += data[:room]
        self._discarded += max(0, len(data) - room)
        if self._discarded > _DISCARDED * self.job.limits.output_bytes:
            self._stop(End.FLOODED, "more output than the limit allows")

    def _take_word(self) -> None:
        try:
            word = self._control.recv(4096)
        except OSError as error:
            raise Lost(f"the warm process is gone ({error})") from error
        if not word:
            raise Lost("the warm process died")
        word = json.loads(word)
        if "pid" in word:
            self.pid = word["pid"]
            return
        self._poll.unregister(self._control)
        self.ended = Ended(**word)
        self._deadline = time.monotonic() + _GRACE_SECONDS

    def _out_of_time(self) -> None:
        if self.stopped and self.ended is None:
            raise Lost("the warm process does not answer")
        self._stop(End.TIMEOUT, f"after {self.job.limits.wall_seconds:g} s")

    def _stop(self, end: End, detail: str) -> None:
        self.stopped = self.stopped or (end, detail)
        self._deadline = time.monotonic() + _GRACE_SECONDS
        if self.ended is None:
            try:
                self._control.send(b"kill")
            except OSError as error:
                raise Lost(f"the warm process is gone ({error})") from error

    def _end(self) -> tuple[End, str]:
        if self.reader.fault:
            return End.SANDBOX_FAULT, self.reader.fault
        if self.stopped:
            return self.stopped
        if self.ended.exit == 0 and self.reader.done:
            return End.FINISHED, ""
        return name_death(self.reader, self.ended)


def read_output(output: bytes, cut: bool) -> str:
    """What was printed, as text that is safe to show."""
    return printable(output.decode(errors="replace"), len(output), keep="\n\t") + ("…" if cut else "")


def name_death(reader: Reader, ended: Ended) -> tuple[End, str]:
    """Why a worker ended that nobody stopped and that has not finished."""
    limits = reader.job.limits
    if not reader.ready and ended.exit >= 0:
        return End.SANDBOX_FAULT, f"a worker exited with {ended.exit} before it began"
    if ended.exit < 0:
        how = f"killed by {_SIGNALS.get(-ended.exit, f'signal {-ended.exit}')}"
    else:
        how = f"exited with {ended.exit}" + ("" if reader.done else " before its last result")
    if ended.peak_bytes > 0.8 * limits.memory_bytes or ended.exit == OUT_OF_MEMORY:
        return End.MEMORY, f"{how}, having held {ended.peak_bytes >> 20} MiB"  # C code crashes without memory
    if ended.exit == -_SIGKILL:
        # The kernel measures the limit of CPU time by ticks, so the sum of it may look smaller in the end.
        if ended.cpu_seconds > 0.5 * limits.cpu_seconds:
            return End.TIMEOUT, f"after {limits.cpu_seconds} s of computing"
        return End.MEMORY, f"{how}, which a machine short of memory does"
    return End.DIED, how
