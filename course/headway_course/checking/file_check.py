"""`headway check`: a file is run in a process of its own, so that an endless loop in it ends."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import BinaryIO

from headway_course.errors import CourseError

SECONDS = 10.0
"""What an exercise may take; an answer takes a few hundredths."""

_START = 60.0  # until the process has loaded numpy, on a slow disk
_GRACE = 3.0  # for an interrupted function to end


@dataclass(frozen=True)
class Report:
    """One exercise: the text of its result, and whether nothing is left to do."""

    exercise: str
    good: bool
    text: str


@dataclass(frozen=True)
class FileReport:
    """All of a file: its lesson, its exercises in order, those it has nothing for, and what else to know."""

    lesson: str
    exercises: tuple[Report, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def good(self) -> bool:
        return not self.missing and all(report.good for report in self.exercises)

    @property
    def summary(self) -> str:
        """One line about all."""
        open_ = [report.exercise for report in self.exercises if not report.good]
        right = len(self.exercises) - len(open_)
        parts = [f"{right} of {len(self.exercises) + len(self.missing)} exercises right"]
        parts += [f"not yet: {', '.join(open_)}"] if open_ else []
        parts += [f"not in this file: {', '.join(self.missing)}"] if self.missing else []
        return f"{self.lesson}: {'; '.join(parts)}"


def check_file(path: Path, seconds: float = SECONDS) -> FileReport:
    """Checks every exercise of a notebook or script; raises CourseError if it is none of the course's."""
    lesson, notes = "", ()
    reports: list[Report] = []
    missing: list[str] = []
    ended = False
    while not ended:
        trying = ""
        for message in _steps(path, seconds, [*(report.exercise for report in reports), *missing]):
            match message:
                case {"unusable": why}:
                    raise CourseError(why)
                case {"lesson": lesson, "notes": notes}:
                    pass
                case {"trying": trying}:
                    pass
                case {"exercise": name, "good": good, "text": text}:
                    reports.append(Report(name, good, text))
                case {"missing": name}:
                    missing.append(name)
                case {"end": True}:
                    ended = True
                case {"lost": why}:
                    if not trying:
                        raise CourseError(f"{path} could not be checked: {why}")
                    reports.append(Report(trying, False, f"{trying}: {why}"))
    return FileReport(lesson, tuple(reports), tuple(missing), tuple(notes))


def _steps(path: Path, seconds: float, done: list[str]) -> Iterator[dict]:
    """What the worker says; at last {"end"}, or {"lost"} if it fell silent or died."""
    command = [sys.executable, "-m", "headway_course.checking.file_worker", str(path), str(seconds), *done]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as worker:
        lines: Queue[bytes] = Queue()
        pump = Thread(target=_pump, args=(worker.stdout, lines), daemon=True)
        pump.start()
        try:
            yield from _listen(worker, lines, seconds)
        finally:
            worker.kill()
            pump.join(_GRACE)


def _pump(source: BinaryIO, lines: Queue[bytes]) -> None:
    for line in source:
        lines.put(line)
    lines.put(b"")


def _listen(worker: subprocess.Popen, lines: Queue[bytes], seconds: float) -> Iterator[dict]:
    patience = _START
    message: dict = {}
    while "end" not in message:
        try:
            line = lines.get(timeout=patience)
        except Empty:
            late = f"It did not end within {seconds:g} s, and could not be interrupted."
            yield {"lost": f"not finished in time\n  {late}"}
            return
        if not line:
            with suppress(subprocess.TimeoutExpired):
                worker.wait(_GRACE)
            yield {"lost": f"ends with an error\n  It ended Python itself (exit status {worker.returncode})."}
            return
        message = json.loads(line)
        yield message
        patience = seconds + _GRACE
