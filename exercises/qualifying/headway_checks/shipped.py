# Made by headway-build from course/headway_course/shipped.py.
"""Where the data lie that the course ships with."""

from importlib.resources import files
from pathlib import Path


def shipped(kind: str) -> Path:
    """The folder of fixtures, models or corpora: inside an installed wheel, or in `data` of the clone."""
    installed = Path(str(files("headway_checks") / f"{kind}_data"))
    return installed if installed.is_dir() else Path(__file__).parents[2] / "data" / kind
