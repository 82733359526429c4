"""The running notebook that called us: its file, what ran in it, and a way to write into its cell."""

import inspect
import os
import sys
from collections.abc import Callable
from pathlib import Path

from headway_course.checking.origin import origin
from headway_course.errors import CourseError


def own_notebook() -> Path:
    """The file of the notebook that runs here; raises CourseError where that cannot be known.

    Jupyter Server says so in JPY_SESSION_NAME when it starts a kernel, VS Code in a variable.
    """
    shell = _shell()
    stated = None
    if shell:
        stated = shell.user_ns.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME")
    if not stated:
        raise CourseError("this program does not say which file the notebook is")
    path = Path(stated)
    if path.suffix != ".ipynb" or not path.is_file():
        raise CourseError(
            f"the notebook was {path.name} when its kernel started, and there is no such file now: if it was "
            "renamed, restart the kernel"
        )
    return path


def defined(name: str) -> object:
    """What a name means in the running notebook; None if nothing."""
    shell = _shell()
    return shell.user_ns.get(name) if shell else None


def text_as_run(function: object) -> tuple[int, str]:
    """The cell that a function was defined in: its number in [ ], and its text as it ran; (0, "") if unknown.

    The number is that of the last run of this text.
    """
    shell, function = _shell(), inspect.unwrap(function) if callable(function) else None
    code = getattr(function, "__code__", None)
    if shell is None or code is None:
        return 0, ""
    text = origin(function).texts.get(code.co_filename, "").strip()
    ran = [number for number, said in enumerate(shell.user_ns.get("In", [])) if said.strip() == text]
    if not text or not ran:
        return 0, ""
    raw = shell.history_manager.input_hist_raw  # with the lines of IPython's own as they were typed
    return ran[-1], raw[ran[-1]] if ran[-1] < len(raw) else text


def running_cell() -> str:
    """The text of the cell that is running, as it was typed; "" outside a notebook."""
    shell = _shell()
    raw = shell.history_manager.input_hist_raw if shell else []
    return raw[-1] if raw else ""


def fill_this_cell(text: str) -> None:
    """Asks the program that shows the notebook to put a text in the place of the cell that is running."""
    shell = _shell()
    if shell:
        shell.set_next_input(text, replace=True)


def name_asked_for(exercise: Callable | str, verb: str) -> str:
    """The name of an exercise that was given as a function or a text."""
    name = exercise if isinstance(exercise, str) else getattr(exercise, "__name__", None)
    if not isinstance(name, str) or name == "<lambda>":
        raise CourseError(
            f'{verb} takes an exercise or its name, as in `{verb}(softmax)` or `{verb}("softmax")`, '
            f"not {type(exercise).__name__}"
        )
    return name


def _shell() -> object | None:
    """IPython's shell, if this is a notebook."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None
