"""Where an installation keeps what is nobody else's business: the course key and the hidden fixtures."""

from pathlib import Path

from headway_course.errors import CourseError
from headway_course.home import home

__all__ = ["folder", "home"]


def folder(*parts: str) -> Path:
    """A folder below home(), made for this user alone if it is missing; raises CourseError if it cannot."""
    path = home().joinpath(*parts)
    missing = [p for p in (path, *path.parents) if not p.exists()]
    try:
        for p in reversed(missing):
            p.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise CourseError(
            f"cannot make the folder {path} ({error.strerror}): make it writable, free some space, "
            "or name another place in HEADWAY_HOME"
        ) from error
    return path
