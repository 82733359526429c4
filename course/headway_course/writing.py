"""Files that are written whole, or not at all."""

import os
import shutil
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file all or nothing, in a folder that is made if need be; its mode stays. Raises OSError."""
    path = path.resolve()  # the target of a link, not the link
    unfinished = path.with_name(f".{path.name}.unfinished")  # the same again, should this be killed
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, unfinished)
        unfinished.replace(path)
    finally:
        with suppress(OSError):
            unfinished.unlink()
