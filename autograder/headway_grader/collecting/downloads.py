"""What lies in a download: each file that can be judged, with what its name says about who sent it, and when.

    Moodle    Ada Lovelace_123456_assignsubmission_file/03_attention.ipynb      (in folders)
              Ada Lovelace_123456_assignsubmission_file_03_attention.ipynb      (without folders)
    Canvas    lovelaceada_LATE_4711_998877_03_attention-1.ipynb
    mail      ada_anything.ipynb, or a folder for each learner

Moodle and Canvas give a zip; unpacked, its folder is read alike.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from headway_course.errors import CourseError
from headway_course.manifest import CHECKS

from headway_grader.handins.places import kind_of, printable, read_file
from headway_grader.handins.times import time_in_name
from headway_grader.handins.zips import class_members

_MOODLE = re.compile(
    r"(?P<who>[^/]+?)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+)_?/?(?P<file>.*)", re.DOTALL
)
_CANVAS = re.compile(r"(?P<who>[^_/]+)(?:_LATE)?_(?P<number>\d+)_\d+_(?P<file>[^/]+)")
_MAX_FILES = 20_000


@dataclass(frozen=True)
class Arrived:
    """One file: where it lies in the download, who sent it, by name and number there, its content and time.

    `who` of a mail is the name of its folder, else of the file. A file's own name says who sent it only where
    no folder does, for learners choose it: `label` is that name, or "". `problem` says why it is not taken.
    """

    place: str
    who: str
    number: str
    name: str
    label: str
    time: datetime
    content: bytes = b""
    problem: str = ""

    @property
    def kind(self) -> str:
        return kind_of(Path(self.name))


def arrivals(path: Path) -> Iterator[Arrived]:
    """Everything in a download, a zip or a folder; raises CourseError if there is no such thing."""
    if path.is_dir():
        yield from _in_folder(path)
    elif path.is_file() and zipfile.is_zipfile(path):
        yield from _in_zip(path)
    else:
        raise CourseError(
            f"{path} is no folder and no zip: name what you downloaded, or a folder of attachments"
        )


def _in_zip(path: Path) -> Iterator[Arrived]:
    for member in class_members(path):
        yield _arrived(member.name, member.time, member.content, member.problem)


def _in_folder(folder: Path) -> Iterator[Arrived]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_symlink() or path.is_file())
    files = (path for path in files if CHECKS not in path.parts)
    for count, path in enumerate(files):
        if count == _MAX_FILES:
            raise CourseError(f"{folder} holds more than {_MAX_FILES} files: name the folder of one download")
        inside = path.relative_to(folder).as_posix()
        if path.is_symlink():
            yield _arrived(inside, _no_time(), problem="it is a link, and links are not followed")
            continue
        time = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        try:
            yield _arrived(inside, time, read_file(path) if kind_of(path) else b"")
        except CourseError as error:
            yield _arrived(inside, time, problem=str(error))


def _arrived(place: str, time: datetime, content: bytes = b"", problem: str = "") -> Arrived:
    place = printable(place)
    who, number, name, label = _read_name(place)
    if not problem and not kind_of(Path(name)):
        problem = "it is no notebook (.ipynb), script (.py) or zip"
    return Arrived(place, who, number, name, label, time_in_name(Path(name).stem) or time, content, problem)


def _read_name(place: str) -> tuple[str, str, str, str]:
    """Who sent a file, their number in that system, what it is called, and what may begin with an id."""
    parts = PurePosixPath(place).parts
    for start in range(len(parts)):
        if found := _MOODLE.fullmatch("/".join(parts[start:])):
            name = PurePosixPath(found["file"]).name or f".{found['plugin']}"
            return found["who"], found["number"], name, ""
    *folders, name = parts
    if folders:
        return folders[-1], "", name, ""
    stem = PurePosixPath(name).stem
    if found := _CANVAS.fullmatch(name):
        return found["who"], found["number"], found["file"], stem
    return stem, "", name, stem


def _no_time() -> datetime:
    return datetime.fromtimestamp(0, UTC)
