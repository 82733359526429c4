"""The learner's folder: notebooks come into it and follow the course, and JupyterLab opens there."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from headway_course.errors import CourseError
from headway_course.merging import Merged, fresh, merge
from headway_course.notebook_json import dumped, parsed
from headway_course.record.store import begin
from headway_course.writing import write_whole

_CLONE = Path(__file__).parents[2]

# Learners get a Lab without the teacher's buttons ("Success!", it would say of work that is not begun), and
# one that neither asks whether to fetch news nor looks for updates: a course runs offline.
_CONFIG = Path(__file__).parent / "jupyter"
_QUIET = ("--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")


def shipped_notebooks() -> Path:
    """The folder of the course's notebooks: inside an installed wheel, or `exercises` of the clone."""
    installed = Path(str(files("headway_course") / "notebooks"))
    return installed if installed.is_dir() else _CLONE / "exercises"


def default_folder() -> Path:
    """`my` in the clone; in the current folder where the course is installed without one."""
    return (_CLONE if (_CLONE / "exercises").is_dir() else Path.cwd()) / "my"


def bring_up_to_date(source: Path, folder: Path) -> Iterator[str]:
    """Copies or updates every notebook of `source` in `folder`, and says of each what it did.

    Raises CourseError if there is nothing to bring, or if it cannot be written; what was there is then whole.
    """
    notebooks = sorted(source.glob("*.ipynb"))
    if not notebooks:
        raise CourseError(
            f"there are no notebooks in {source}: run `headway-build`, or install the course anew"
        )
    try:
        begin(folder)
        for path in notebooks:
            yield f"{folder.name}/{path.name}: {_bring(path, folder / path.name)}"
    except OSError as error:
        raise CourseError(f"cannot write into {folder}: {error.strerror or error}") from None


def open_jupyterlab(folder: Path, options: Sequence[str] = (), config: Sequence[Path] = (_CONFIG,)) -> int:
    """Runs JupyterLab in a folder until it ends; gives its exit status. `config` is where settings lie."""
    if find_spec("jupyterlab") is None:
        raise CourseError("JupyterLab is not installed here: `python3 start.py learn` installs it")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options = ["--allow-root", *options]  # in a container there is often nobody else
    environment = os.environ | _before("PATH", Path(sys.executable).parent)
    environment |= _before("JUPYTER_CONFIG_PATH", *config)
    command = [sys.executable, "-m", "jupyterlab", str(folder), *_QUIET, *options]
    with subprocess.Popen(command, env=environment) as jupyter:
        while True:
            try:
                return jupyter.wait()
            except KeyboardInterrupt:  # Ctrl-C reaches Jupyter too, which asks whether to stop
                continue


def _before(variable: str, *folders: Path) -> dict[str, str]:
    """A path variable of the environment with folders in front of what it has."""
    return {variable: os.pathsep.join([*map(str, folders), *filter(None, [os.environ.get(variable)])])}


def _bring(source: Path, path: Path) -> str:
    """Brings one notebook; what it did, in words."""
    ours = json.loads(source.read_text(encoding="utf-8"))
    if not path.exists():
        write_whole(path, dumped(fresh(ours)))
        return "new"
    before = path.read_bytes()
    try:
        mine = parsed(before)
        merged = merge(mine, ours)
    except CourseError as trouble:
        return f"left as it is, because {trouble}. To get a new copy, rename it and run this again"
    if merged.notebook == mine:
        return "up to date"
    if path.read_bytes() != before:
        return "left as it is, because it was saved just now. Run this again"
    write_whole(path, dumped(merged.notebook))
    return _in_words(merged)


def _in_words(merged: Merged) -> str:
    parts = [
        f"{len(cells)} {'cell' if len(cells) == 1 else 'cells'} {what}"
        for what, cells in (("new", merged.added), ("changed", merged.changed), ("removed", merged.removed))
        if cells
    ]
    if merged.kept:
        parts.append(f"yours stay in {', '.join(merged.kept)}, with the course's new text folded below")
    return "; ".join(parts) or "up to date"
