"""Notebooks and scripts in a zip, read in memory and within bounds; nothing is ever unpacked to disk."""

import io
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from headway_course.errors import CourseError
from headway_course.manifest import CHECKS
from headway_course.reading.cells import MAX_BYTES

_MAX_MEMBERS = 1000
_MAX_CLASS = 20_000
_MAX_DIRECTORY = _MAX_MEMBERS * 512
_MAX_TOTAL = 2 * MAX_BYTES
_MAX_RATIO = 200
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IGNORED = re.compile(rf"{CHECKS}$|\.|__|.*-checkpoint\.\w+$")
_END = b"PK\5\6"


class BadZip(CourseError):
    """A zip is damaged, locked, or larger inside than a hand-in can be."""


@dataclass(frozen=True)
class Unzipped:
    """A notebook or script of a zip: its path inside, its time as the zip has it, its content."""

    name: str
    time: datetime
    content: bytes


def unzip(data: bytes) -> list[Unzipped]:
    """The notebooks and scripts of a zip; raises BadZip if it is unusable or holds none."""
    _check_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = list(_members(archive))
    except CourseError:
        raise
    except Exception as error:  # zipfile raises a dozen kinds for damaged archives
        raise BadZip(f"the zip is damaged ({error}): make it again") from None
    if not found:
        raise BadZip(
            "the zip holds no notebook (.ipynb) and no script (.py); zips inside a zip are not opened"
        )
    return found


def _check_directory(data: bytes) -> None:
    """Refuses a directory of very many entries before zipfile makes an object of each."""
    at = data.rfind(_END, max(0, len(data) - 65_557))
    size = int.from_bytes(data[at + 12 : at + 16], "little")
    if at >= 0 and size > _MAX_DIRECTORY:
        raise BadZip(f"the zip holds more than {_MAX_MEMBERS} files: put in the notebook alone")


def _members(archive: zipfile.ZipFile) -> Iterator[Unzipped]:
    entries = archive.infolist()
    if len(entries) > _MAX_MEMBERS:
        raise BadZip(f"the zip holds more than {_MAX_MEMBERS} files: put in the notebook alone")
    left = _MAX_TOTAL
    for entry in entries:
        if not _is_hand_in(entry):
            continue
        if entry.flag_bits & 1:
            raise BadZip(f"{entry.filename} in the zip is locked with a password")
        if entry.compress_type not in _METHODS:
            raise BadZip(
                f"{entry.filename} in the zip is packed in a way that is not read here: make an ordinary zip"
            )
        if entry.file_size > min(left, MAX_BYTES, 4096 + _MAX_RATIO * entry.compress_size):
            raise BadZip(f"{entry.filename} in the zip unpacks to {entry.file_size} bytes, which is too much")
        with archive.open(entry) as file:
            content = file.read(entry.file_size + 1)
        left -= len(content)
        yield Unzipped(entry.filename, _time(entry), content)


@dataclass(frozen=True)
class Member(Unzipped):
    """A file in the zip of a whole class; `problem` says why its content was not read."""

    problem: str = ""


def class_members(path: Path) -> Iterator[Member]:
    """Every file in the zip of a class, one at a time; raises BadZip if the zip itself is unusable."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > _MAX_CLASS:
                raise BadZip(f"{path} holds more than {_MAX_CLASS} files: name the zip of one download")
            for entry in entries:
                if not entry.is_dir():
                    yield _class_member(archive, entry)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadZip(f"{path} is damaged ({error}): download it again") from None


def _class_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Member:
    name, time = entry.filename.replace("\\", "/"), _time(entry)
    problem = _unfit(entry, PurePosixPath(name))
    if problem or PurePosixPath(name).suffix.lower() not in (".ipynb", ".py", ".zip"):
        return Member(name, time, b"", problem)
    try:
        with archive.open(entry) as file:
            return Member(name, time, file.read(entry.file_size + 1))
    except Exception as error:  # zipfile raises a dozen kinds for damaged members
        return Member(name, time, b"", f"it is damaged in the zip ({error})")


def _unfit(entry: zipfile.ZipInfo, path: PurePosixPath) -> str:
    if path.is_absolute() or ".." in path.parts:
        return "its name leads out of the zip"
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        return "it is a link, and links are not followed"
    if entry.flag_bits & 1:
        return "it is locked with a password"
    if entry.compress_type not in _METHODS:
        return "it is packed in a way that is not read here"
    if entry.file_size > min(MAX_BYTES, 4096 + _MAX_RATIO * entry.compress_size):
        return f"it unpacks to {entry.file_size} bytes, which is too much"
    return ""


def _is_hand_in(entry: zipfile.ZipInfo) -> bool:
    """A plain file with a name that is one, of a kind that can be judged."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return (
        path.suffix.lower() in (".ipynb", ".py")
        and not entry.is_dir()
        and kind in (0, stat.S_IFREG)
        and not path.is_absolute()
        and not any(part == ".." or _IGNORED.match(part) for part in path.parts)
    )


def _time(entry: zipfile.ZipInfo) -> datetime:
    try:
        return datetime(*entry.date_time, tzinfo=UTC)
    except ValueError:  # a month 0 and the like
        return datetime(1980, 1, 1, tzinfo=UTC)
