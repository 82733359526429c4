"""What is wrong with a lesson, and where. Faults are collected, so that an author sees them all at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from headway_course.errors import CourseError


@dataclass(frozen=True, order=True)
class Fault:
    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class LessonError(CourseError):
    """The lessons cannot be built; `faults` says why, in order."""

    def __init__(self, faults: list[Fault]):
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass
class Faults:
    """Collects faults; each stage goes on as far as it can before `stop_if_any`."""

    found: list[Fault] = field(default_factory=list)

    def add(self, path: Path, line: int, message: str) -> None:
        fault = Fault(path, line, message)
        if fault not in self.found:
            self.found.append(fault)

    @contextmanager
    def at(self, path: Path, line: int) -> Iterator[None]:
        """What goes wrong inside is a fault of this line."""
        try:
            yield
        except LessonError as error:
            self.found += error.faults
        except CourseError as error:
            self.add(path, line, str(error))

    def stop_if_any(self) -> None:
        if self.found:
            raise LessonError(self.found)
