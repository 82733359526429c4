"""Builds again whenever something changes that the course is made of."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from headway_grader import library
from headway_grader.build.course import LESSONS

GRADER = Path(__file__).parents[1]


def sources(root: Path) -> list[Path]:
    """The folders that everything generated comes from."""
    return [root / LESSONS, library.installed().root, GRADER / "cases", GRADER / "wrong"]


def changes(root: Path) -> Iterator[list[Path]]:
    """The Python files that changed, each time that some did."""
    from watchfiles import PythonFilter, watch

    for seen in watch(*sources(root), watch_filter=PythonFilter(), raise_interrupt=False):
        yield sorted({Path(path) for _, path in seen})


def rebuild(root: Path) -> bool:
    """Builds in a process of its own, which sees the new text of every module; tells whether it went well."""
    command = [sys.executable, "-m", "headway_grader.build.cli", "--root", str(root), "--keep-outputs"]
    return subprocess.run(command).returncode == 0


def keep_building(root: Path, say: Callable[[str], None]) -> None:
    """Builds until it is interrupted; what is wrong with a lesson is printed, and the next change awaited."""
    say("building; then watching for changes, stop with Ctrl-C")
    rebuild(root)
    for changed in changes(root):
        say(f"changed: {', '.join(path.name for path in changed)}")
        rebuild(root)
