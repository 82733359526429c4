"""Records: one JSON file for each submission judged, written whole or not at all.

A record's name is a digest of all that the verdict depends on: the bytes handed in, whose they are, the
fixtures, what the lesson asks, and the code of the grader. So a run that was killed goes on where it stopped,
a second run changes nothing, and whatever changes is judged anew.
"""

import hashlib
import json
import os
import re
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from headway_course.errors import CourseError
from headway_course.fixtures import Fixture
from headway_course.manifest import Lesson

from headway_grader.verdict import Loops, Speed, Status, Verdict

# Parts of our packages that no verdict depends on.
NO_JUDGES = (
    "build",
    "collecting",
    "desk",
    "feedback",
    "frontdoor",
    "grades",
    "pictures",
    "record",
    "release",
)


@dataclass(frozen=True)
class Fault:
    """Something of ours that failed: in judging which exercise, and the traceback."""

    exercise: str
    traceback: str


@dataclass(frozen=True)
class Record:
    """What was judged (`source` and the digest of its bytes), under which layers, and how it went."""

    learner: str
    assignment: str
    source: str
    content: str
    layers: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    left_out: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    seconds: float = 0.0

    @property
    def settled(self) -> bool:
        """Whether this stands; a fault of ours, or what was undecided, is judged again in the next run."""
        return not (self.undecided or any(v.status is Status.GRADER_ERROR for v in self.verdicts))

    @property
    def undecided(self) -> bool:
        """Whether there was no time to say how fast an answer is."""
        return any(verdict.speed is Speed.UNDECIDED for verdict in self.verdicts)


class Records:
    """The records in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str, learner: str, assignment: str) -> Path:
        return self.folder / _readable(assignment) / f"{_readable(learner)}-{key[:24]}.json"

    def read(self, key: str, learner: str, assignment: str) -> Record | None:
        """The record of this name, or None if there is none or it is damaged."""
        try:
            return _record(json.loads(self.path(key, learner, assignment).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, key: str, record: Record) -> Path:
        """Writes a record; raises CourseError if that fails, and then leaves nothing behind."""
        path = self.path(key, record.learner, record.assignment)
        unfinished = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.unfinished")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with unfinished.open("w", encoding="utf-8") as file:
                json.dump(asdict(record), file, indent=1)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())  # a full disk shows here, before the record has its name
            unfinished.replace(path)
        except OSError as error:
            raise CourseError(
                f"cannot write the record {path} ({error.strerror}): free some space or name another place "
                "in HEADWAY_HOME, and run the same command again; what was recorded so far stands"
            ) from error
        finally:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
        return path

    def sweep(self) -> None:
        """Removes what runs killed more than an hour ago left half-written."""
        for file in self.folder.glob("*/*.unfinished"):
            with suppress(OSError):
                if time.time() - file.stat().st_mtime > 3600:
                    file.unlink()


def key(learner: str, content: bytes, lesson: Lesson | None, fixtures: str, *more: str) -> str:
    """The name of a record: a digest of everything that its verdict depends on."""
    asked = json.dumps(asdict(lesson), sort_keys=True) if lesson else ""
    parts = (learner, hashlib.sha256(content).hexdigest(), asked, fixtures, grader_version(), *more)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def digest(fixtures: Iterable[Fixture]) -> str:
    """A digest of all inputs and expected values."""
    total = hashlib.sha256()
    for fixture in fixtures:
        for case in fixture.cases:
            expected = case.expected if isinstance(case.expected, tuple) else (case.expected,)
            total.update(f"{fixture.exercise}/{case.group}/{case.name}/{len(expected)}".encode())
            _add(total, (*case.inputs.items(), *((str(i), a) for i, a in enumerate(expected))))
        for dimension, steps in fixture.growth.items():
            for size, inputs in steps:
                total.update(f"{fixture.exercise}/growth/{dimension}/{size}".encode())
                _add(total, inputs.items())
    return total.hexdigest()


@cache
def grader_version() -> str:
    """A digest of the code that judges: this package, those it stands on, numpy's and Python's versions."""
    total = hashlib.sha256(f"python {sys.version} numpy {np.__version__}".encode())
    for package in ("headway_grader", "headway_course", "headway"):
        root = Path(str(files(package)))
        for file in sorted(root.rglob("*.py")):
            name = file.relative_to(root)
            if name.parts[0] not in NO_JUDGES:
                total.update(str(name).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:16]


def _add(total: "hashlib._Hash", arrays: Iterable[tuple[str, np.ndarray]]) -> None:
    for name, a in arrays:
        total.update(f"{name} {a.dtype.str} {a.shape}".encode())
        total.update(np.ascontiguousarray(a).tobytes())


def _record(entry: dict) -> Record:
    return Record(
        **{
            **entry,
            "layers": tuple(entry["layers"]),
            "left_out": tuple(entry["left_out"]),
            "verdicts": tuple(_verdict(verdict) for verdict in entry["verdicts"]),
            "faults": tuple(Fault(**fault) for fault in entry["faults"]),
        }
    )


def _verdict(entry: dict) -> Verdict:
    return Verdict(
        **{
            **entry,
            "status": Status(entry["status"]),
            "groups": {name: Status(status) for name, status in entry["groups"].items()},
            "loops": Loops(entry["loops"]),
            "speed": Speed(entry["speed"]),
            "warnings": tuple(entry["warnings"]),
        }
    )


def _readable(name: str) -> str:
    """A name as a person finds it, with nothing in it that a path or a terminal could trip over."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:40] or "unknown"
