"""The course key: the secret that makes an instructor's hidden numbers differ from everybody else's."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from headway_course.errors import CourseError

from headway_grader import home

BYTES = 32
CONSEQUENCE = (
    "a new key means new hidden numbers; grades do not depend on it, "
    "only the numbers behind old reports can no longer be made again"
)


@dataclass(frozen=True)
class CourseKey:
    """The secret and where it lies; `advice` is what to tell its owner, "" if nothing."""

    secret: bytes = field(repr=False)
    path: Path
    advice: str = ""


def course_key() -> CourseKey:
    """The key of this installation, made on first use; raises CourseError if it is lost or cannot be read."""
    path = key_path()
    if _is_there(path):
        return read(path)
    fixtures = path.parent / "fixtures"
    if fixtures.is_dir() and any(fixtures.iterdir()):
        raise CourseError(
            f"the course key {path} is gone, but its hidden fixtures are still there: {_way_out()}"
        )
    try:
        return make(path)
    except CourseError:
        if path.exists():  # another process was quicker
            return read(path)
        raise


def restore(copy: Path) -> CourseKey:
    """Puts a copy of a key in its place; raises CourseError if it is none, or another is there."""
    path = key_path()
    secret = read(copy).secret
    if _is_there(path) and read(path).secret == secret:
        return read(path)
    return _write(path, secret, f"The course key is back in its place: {path}")


def key_path() -> Path:
    return home.home() / "course.key"


def read(path: Path) -> CourseKey:
    """Reads a key; raises CourseError that says how to go on if that fails."""
    try:
        text = path.read_bytes().decode("ascii").strip()
        secret = bytes.fromhex(text)
    except OSError as error:
        raise CourseError(
            f"cannot read the course key {path} ({error.strerror}): run as the user who owns it, or make it "
            f"yours again with `chmod 600`. If it is broken, move it away; {_way_out()}"
        ) from error
    except ValueError:
        raise CourseError(_damaged(path, "it is not hexadecimal")) from None
    if len(secret) != BYTES:
        raise CourseError(_damaged(path, f"it has {len(secret)} bytes instead of {BYTES}"))
    return CourseKey(secret, path, _advice_on_access(path))


def make(path: Path) -> CourseKey:
    """Makes a new key; raises CourseError if there is one already, or no place for it. All or nothing."""
    advice = (
        f"Made a new course key: {path}\nIt makes the hidden numbers of this course. "
        "Keep a copy of it apart from this machine, and show it to no learner."
    )
    return _write(path, secrets.token_bytes(BYTES), advice)


def _write(path: Path, secret: bytes, advice: str) -> CourseKey:
    home.folder()
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secret.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, path)  # unlike a rename, it never replaces a key that another process just made
    except FileExistsError:
        raise CourseError(
            f"there is a course key at {path} already, and it stays: move it away if you want another one"
        ) from None
    except OSError as error:
        raise CourseError(
            f"cannot write the course key {path} ({error.strerror}): free some space, make the folder "
            "writable, or name another place in HEADWAY_HOME; nothing was changed"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return CourseKey(secret, path, advice)


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _damaged(path: Path, how: str) -> str:
    return f"the course key {path} is damaged, {how}: move it away; {_way_out()}"


def _way_out() -> str:
    return (
        "put your back-up in its place with `headway-grade key --restore COPY`, or, if there is none, delete "
        f"the folder {home.home() / 'fixtures'} and run again for a new key ({CONSEQUENCE})"
    )


def _advice_on_access(path: Path) -> str:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        return f"Other users of this machine can read the course key: chmod 600 {path}"
    return ""
