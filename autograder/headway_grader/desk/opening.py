"""JupyterLab as instructors need it: with nbgrader's pages, on the class's settings."""

from collections.abc import Sequence
from pathlib import Path

from headway_course.sync import open_jupyterlab

# Learners get a JupyterLab without nbgrader; an instructor's asks for no news either.
_CONFIG = Path(__file__).parent / "jupyter"

ADVICE = "In JupyterLab, the menu Nbgrader has Formgrader."
ADVICE_ON_THE_EXAMPLE = f"""This is the example class; nothing in it matters.
{ADVICE}
Your own class:  python3 start.py teach --into FOLDER --roster people.csv"""


def open_desk(folder: Path, options: Sequence[str] = ()) -> int:
    """Runs JupyterLab on a class until it ends; gives its exit status.

    The class is on the config path, so that nbgrader finds its settings there in Formgrader and in terminals.
    """
    return open_jupyterlab(folder, options, config=(folder, _CONFIG))
