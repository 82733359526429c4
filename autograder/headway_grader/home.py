"""Where an installation keeps what is nobody else's business: the course key and the hidden fixtures."""

import os
from pathlib import Path

from headway_course.errors import CourseError
from platformdirs import user_data_path


def home() -> Path:
    """The folder that HEADWAY_HOME names, or the user's data folder for Headway; it need not exist yet."""
    named = os.environ.get("HEADWAY_HOME")
    return Path(named).expanduser().absolute() if named else user_data_path("headway", appauthor=False)


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
