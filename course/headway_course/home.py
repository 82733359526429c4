"""Where an installation keeps what belongs to one user and to no clone."""

import os
from pathlib import Path


def home() -> Path:
    """The folder that HEADWAY_HOME names, or the user's data folder for Headway; it need not exist yet."""
    if named := os.environ.get("HEADWAY_HOME"):
        return Path(named).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("headway", appauthor=False)
