"""What is remembered of each exercise: how far one got, the answer that passed, whether one gave up.

Two plain files for each exercise, NAME.json and NAME.py, in a folder `.headway/record` beside the notebooks.
Each is written whole or not at all. One that cannot be read is set aside under another name, and said.
"""

import json
import warnings
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from headway_course.errors import CourseError
from headway_course.home import home
from headway_course.writing import write_whole

RECORD = Path(".headway") / "record"


class State(StrEnum):
    """How far one got with an exercise."""

    OPEN = "open"
    BEGUN = "begun"
    GIVEN_UP = "given up"
    PASSED = "passed"


@dataclass(frozen=True)
class Entry:
    """The most groups that were ever right, and of how many; the moments of passing and of giving up."""

    right: int = 0
    of: int = 0
    passed: str = ""
    gave_up: str = ""

    @property
    def seen_before(self) -> bool:
        """Whether the model answer was seen before an own one passed."""
        return bool(self.gave_up) and (not self.passed or self.gave_up <= self.passed)

    @property
    def state(self) -> State:
        if self.passed:
            return State.PASSED
        if self.gave_up:
            return State.GIVEN_UP
        return State.BEGUN if self.right else State.OPEN


@dataclass(frozen=True)
class Record:
    """The record in a folder, which need not exist yet."""

    folder: Path

    def entry(self, name: str) -> Entry:
        """What is known of an exercise."""
        path = self.folder / f"{name}.json"
        try:
            return Entry(**json.loads(path.read_text(encoding="utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            return Entry()
        except (OSError, ValueError, TypeError) as error:
            self._set_aside(path, error)
            return Entry()

    def answer(self, name: str) -> Path | None:
        """The file with the answer that passed, if one did."""
        path = self.folder / f"{name}.py"
        return path if path.is_file() else None

    def note(self, name: str, right: int, of: int, answer: str = "") -> None:
        """Remembers a check: `answer` is the source of one that is right, which replaces an earlier one.

        Raises CourseError if it cannot be written.
        """
        entry = self.entry(name)
        if answer:
            self._write(f"{name}.py", answer)
        best = replace(entry, right=max(right, min(entry.right, of)), of=of)
        self._save(name, replace(best, passed=best.passed or now()) if answer else best)

    def give_up(self, name: str) -> None:
        """Remembers that somebody wants to see the model answer without having passed."""
        entry = self.entry(name)
        if not entry.passed:
            self._save(name, replace(entry, gave_up=entry.gave_up or now()))

    def _save(self, name: str, entry: Entry) -> None:
        if entry != self.entry(name):
            self._write(f"{name}.json", json.dumps(asdict(entry), indent=1) + "\n")

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        try:
            write_whole(path, text.encode())
        except OSError as error:
            raise CourseError(f"cannot write {path} ({error.strerror or error})") from None

    def _set_aside(self, path: Path, error: Exception) -> None:
        aside = path.with_suffix(".damaged")
        try:
            path.replace(aside)
        except OSError:
            aside = path
        warnings.warn(
            f"{path} cannot be read ({error}), so this exercise starts anew; it is kept as {aside.name}",
            stacklevel=4,
        )


def beside(place: Path) -> Record | None:
    """The record of the notebooks in a folder or around it, if there is one."""
    for folder in (place.absolute(), *place.absolute().parents):
        if (folder / RECORD).is_dir():
            return Record(folder / RECORD)
    return None


def record() -> Record:
    """The record of whoever works here: beside the notebooks, else in the user's data folder.

    The second serves notebooks that came from nbgrader or lie alone.
    """
    return beside(Path.cwd()) or Record(home() / "record")


def begin(folder: Path) -> None:
    """Makes the place for a record beside the notebooks of a folder."""
    (folder / RECORD).mkdir(parents=True, exist_ok=True)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
