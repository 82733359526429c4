"""What is put right in a learner's folder before nbgrader looks at it."""

from pathlib import Path

from nbgrader.utils import parse_utc

from headway_grader.handins.submissions import find


def prepare(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's hook before each submission; what it adds to `notebooks` is graded."""
    folder = Path(notebooks[0]).parent
    set_timestamp_aside(folder)
    notebooks += [str(path) for path in named(folder, assignment) if str(path) not in notebooks]


def named(folder: Path, assignment: str) -> list[Path]:
    """The notebook that has the assignment's name, as nbgrader wants it; a renamed one is given that name.

    `01_softmax (1).ipynb` gets it as a link, so nothing in the folder is lost, and the next run sets it anew.
    """
    path = folder / f"{assignment}.ipynb"
    others = [other for other in sorted(folder.glob("*.ipynb")) if other != path]
    if others and (path.is_symlink() or not path.exists()):
        latest, *_ = find(others)
        path.unlink(missing_ok=True)
        path.symlink_to(latest.path.name)
    return [path] if path.exists() else []


def set_timestamp_aside(folder: Path) -> None:
    """nbgrader cannot grade what has a timestamp that it cannot read: without one it takes no time at all."""
    stamp = folder / "timestamp.txt"
    try:
        parse_utc(stamp.read_text().strip() or None)
    except FileNotFoundError:
        return
    except (ValueError, OverflowError, OSError):
        stamp.rename(stamp.with_suffix(".unreadable"))
