"""Measures a command with every process that it starts: CPU seconds, wall seconds, and peak memory."""

import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

PR_SET_CHILD_SUBREAPER = 36
SAMPLE_SECONDS = 0.1
SAID = "said.txt"  # in the folder of the command


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user and system) of all processes, wall seconds, and the most memory they had at once."""

    cpu: float
    wall: float
    peak_mib: float


class CommandFailed(Exception):
    """A measured command did not end well; the message ends with what it said."""


def measure(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Cost:
    """Runs a command to its end, with all its output in SAID. Raises CommandFailed unless it ends well."""
    # Processes that lose their parent become ours, so that their time is counted when we reap them.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    cpu, start = _cpu_of_the_reaped(), time.perf_counter()
    said = folder / SAID
    with said.open("wb") as output:
        child = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
    memory = _Memory()
    memory.start()
    status = child.wait()
    wall = time.perf_counter() - start
    peak = memory.stop()
    _reap_orphans()
    if status != 0:
        words = said.read_text(errors="replace")[-3000:]
        raise CommandFailed(f"{' '.join(map(str, command))} ended with status {status}:\n{words}")
    return Cost(_cpu_of_the_reaped() - cpu, wall, peak / 2**20)


def _cpu_of_the_reaped() -> float:
    """Includes what children reaped themselves, and so the whole tree below us."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _reap_orphans() -> None:
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return


class _Memory(threading.Thread):
    """Samples the memory of all processes below ours; each has its share of a page that several use."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._peak = 0
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            self._peak = max(self._peak, sum(map(_proportional, psutil.Process().children(recursive=True))))

    def stop(self) -> int:
        self._done.set()
        self.join()
        return self._peak


def _proportional(process: psutil.Process) -> int:
    try:
        return process.memory_full_info().pss
    except psutil.Error:
        return 0  # it ended while we looked
