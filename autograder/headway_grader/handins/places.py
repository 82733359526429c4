"""Where hand-ins lie: what the shape of the folders and the names of the files say about them."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from headway_course.errors import CourseError
from headway_course.manifest import CHECKS, Manifest
from headway_course.reading.cells import MAX_BYTES

from headway_grader.handins.times import stated_time

EXPECTED = "expected submitted/LEARNER/ASSIGNMENT/…, or files called LEARNER_anything.ipynb, .py or .zip"
_LEADS_OUT = "it is a link that leads out of the folder"
_KINDS = ("ipynb", "py", "zip")
_IGNORED = re.compile(rf"{CHECKS}$|\.|__|~|.*\.tmp$|.*-checkpoint\.\w+$")
_LESSON = re.compile(r"\d\d_[a-z]\w*$")
_MOODLE = re.compile(r"_assignsubmission_\w*$")
_MAX_ENTRIES = 10_000
_MAX_DEPTH = 4


@dataclass(frozen=True)
class Place:
    """A file that somebody handed in, and what its folder says about it."""

    learner: str
    assignment: str | None
    path: Path
    stated: datetime | None = None
    problem: str = ""


def places(path: Path, manifest: Manifest | None) -> Iterator[Place]:
    """What was handed in under a path, by the shape of the folders; raises CourseError if it is not there."""
    if not path.exists():
        raise CourseError(f"no such file or folder: {path}; {EXPECTED}")
    if not path.is_dir():
        yield from _single_file(path, manifest)
    elif (path / "submitted").is_dir():
        yield from _learners(path / "submitted", manifest)
    elif path.parent.name == "submitted":
        yield from _learner(path, path.name, manifest)
    elif path.parent.parent.name == "submitted":
        yield from _assignment(path, path.parent.name, path.name)
    elif path.name != "submitted" and _is_learners_own(path, manifest):
        if _is_lesson(path.name, manifest):
            yield from _assignment(path, path.parent.name, path.name)
        else:
            yield from _learner(path, path.name, manifest)
    else:
        yield from _learners(path, manifest)


def _single_file(path: Path, manifest: Manifest | None) -> Iterator[Place]:
    above = path.parents
    if len(above) > 2 and above[2].name == "submitted":
        stamp = _timestamp(path.parent)
        yield Place(above[1].name, above[0].name, path, stamp)
    elif len(above) > 1 and above[1].name == "submitted":
        yield Place(above[0].name, assignment_in(path.stem, manifest), path)
    else:
        yield _flat(path, path.parent.name, manifest)


def _learners(folder: Path, manifest: Manifest | None) -> Iterator[Place]:
    """A class: learners' folders, and files that bear the learner's name."""
    for path in _entries(folder):
        if _leads_out(path, folder):
            yield Place(_learner_in(path.stem), None, path, problem=_LEADS_OUT)
        elif _is_folder(path):
            yield from _learner(path, _MOODLE.sub("", path.name), manifest)
        elif kind_of(path):
            yield _flat(path, folder.name, manifest)


def _learner(folder: Path, learner: str, manifest: Manifest | None) -> Iterator[Place]:
    """One learner's folder: folders of assignments, and files."""
    try:
        entries = _entries(folder)
    except CourseError as error:
        yield Place(learner, None, folder, problem=str(error))
        return
    for path in entries:
        if _leads_out(path, folder):
            yield Place(learner, assignment_in(path.stem, manifest), path, problem=_LEADS_OUT)
        elif _is_folder(path):
            yield from _assignment(path, learner, path.name)
        elif kind_of(path):
            yield Place(learner, assignment_in(path.stem, manifest), path)


def _assignment(folder: Path, learner: str, assignment: str) -> Iterator[Place]:
    """One learner's folder of one assignment, whatever lies in it and below."""
    stamp = _timestamp(folder)
    found, others = [], []
    pending = [(folder, 0)]
    while pending:
        inner, depth = pending.pop()
        try:
            entries = _entries(inner)
        except CourseError as error:
            others.append(str(error))
            continue
        for path in entries:
            if _leads_out(path, folder):
                others.append(f"{printable(path.name)} (a link that leads out of the folder)")
            elif _is_folder(path):
                pending += [(path, depth + 1)] if depth < _MAX_DEPTH else []
            elif kind_of(path):
                found.append(Place(learner, assignment, path, stamp))
            elif path.name != "timestamp.txt":
                others.append(printable(path.name))
    if not found:
        holds = f", only {', '.join(others[:3])}" if others else ""
        problem = f"no notebook (.ipynb), script (.py) or zip was handed in{holds}"
        found = [Place(learner, assignment, folder, stamp, problem)]
    yield from found


def _flat(path: Path, folder: str, manifest: Manifest | None) -> Place:
    """A file called LEARNER_anything; one that bears a lesson's name only belongs to its folder's learner."""
    nameless = _is_lesson(path.stem, manifest) or assignment_in(path.stem, manifest) == path.stem
    learner = folder if nameless and folder else _learner_in(path.stem)
    return Place(learner, assignment_in(path.stem, manifest), path)


def _is_learners_own(folder: Path, manifest: Manifest | None) -> bool:
    """Whether a folder holds lessons (`01_softmax/`, `01_softmax.ipynb`) rather than learners."""
    entries = [path for path in _entries(folder) if path.is_dir() or kind_of(path)]
    return bool(entries) and all(_is_lesson(path.stem, manifest) for path in entries)


def _is_lesson(name: str, manifest: Manifest | None) -> bool:
    """Whether a file is called by a lesson, and perhaps more behind it: `qualifying_problems`."""
    names = (lesson.name for lesson in _lessons(manifest))
    return bool(_LESSON.match(name)) or any(name == known or name.startswith(f"{known}_") for known in names)


def assignment_in(stem: str, manifest: Manifest | None) -> str | None:
    """The lesson whose name stands in a file's name."""
    for lesson in _lessons(manifest):
        if re.search(rf"(?<![^\W_]){re.escape(lesson.name)}(?![^\W_])", stem):
            return lesson.name
    return None


def _lessons(manifest: Manifest | None) -> tuple:
    return manifest.assignments if manifest else ()


def _learner_in(stem: str) -> str:
    return stem.partition("_")[0] or stem


def _entries(folder: Path) -> list[Path]:
    """What lies in a folder, in order of names, without hidden things; raises CourseError."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry, _ in zip(entries, range(_MAX_ENTRIES), strict=False)]
    except OSError as error:
        raise CourseError(f"the folder {printable(folder.name)} cannot be listed: {error.strerror}") from None
    return [folder / name for name in sorted(names) if not _IGNORED.match(name)]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _leads_out(path: Path, folder: Path) -> bool:
    """Whether this is a link to anything but a file in its folder (links to folders can lead in circles)."""
    try:
        if not path.is_symlink():
            return False
        target = path.resolve()
        return not target.is_relative_to(folder.resolve()) or target.is_dir()
    except (OSError, RuntimeError):  # a link to itself
        return True


def printable(name: str) -> str:
    """A file's name as text that every file can take, whatever its bytes."""
    return os.fsencode(name).decode("utf-8", "replace")


def kind_of(path: Path) -> str:
    """The kind of file by its suffix: "ipynb", "py" or "zip", and "" for anything else."""
    kind = path.suffix.lower().lstrip(".")
    return kind if kind in _KINDS else ""


def _timestamp(folder: Path) -> datetime | None:
    """What nbgrader's timestamp.txt says, if there is one that can be read."""
    try:
        return stated_time(read_file(folder / "timestamp.txt")[:200].decode("utf-8", "replace"))
    except CourseError:
        return None


def read_file(path: Path) -> bytes:
    """A plain file's bytes; raises CourseError for anything else, however it came to lie there."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise CourseError("this is no plain file")
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CourseError(f"it cannot be read: {error.strerror or error}") from None
    if len(content) > MAX_BYTES:
        raise CourseError(f"it has more than {MAX_BYTES >> 20} MB: clear the outputs of the notebook")
    return content
