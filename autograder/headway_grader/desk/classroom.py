"""A class in a folder of its own: nbgrader's course root, made from the course, kept as its owner has it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from headway_course.errors import CourseError
from traitlets.config import PyFileConfigLoader

from headway_grader.desk.roster import Person, enrol, read_roster

_CLONE = Path(__file__).parents[3]
_AUTOGRADER = _CLONE / "autograder"
_EXAMPLE = _CLONE / "data" / "example_class"
CONFIG = "nbgrader_config.py"


def example_folder() -> Path:
    """Where the example class is played through: `example-class` in the clone, which git ignores."""
    return _CLONE / "example-class"


def set_up(folder: Path, roster: Path | None = None, example: bool = False) -> Iterator[str]:
    """Makes a class in a folder, or adds what it lacks, and says of each part what it did.

    Nothing that is there is changed, but for the names of people on the roster. Raises CourseError if the
    course, the roster or the folder is not what it should be.
    """
    people = read_roster(roster) if roster else []
    people += read_roster(_EXAMPLE / "roster.csv") if example else []
    if not (_AUTOGRADER / "source").is_dir():
        raise CourseError(
            f"there are no lessons in {_AUTOGRADER / 'source'}: run this from a clone of the course"
        )
    try:
        yield from _furnish(folder)
        if example:
            yield _bring_example(folder)
    except OSError as error:
        raise CourseError(f"cannot write into {folder} ({error.strerror or error})") from error
    yield _bring_people(folder, people)


def _furnish(folder: Path) -> Iterator[str]:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / CONFIG).exists():
        raise CourseError(
            f"{folder} has files but no {CONFIG}: name an empty folder, or one that does not exist"
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # other people's grades lie in it
    for source in sorted(path for path in (_AUTOGRADER / "source").iterdir() if path.is_dir()):
        yield f"source/{source.name}: {_bring_lesson(source, folder / 'source' / source.name)}"
    if not (folder / CONFIG).exists():
        _copy(_AUTOGRADER / CONFIG, folder / CONFIG)


def _bring_lesson(source: Path, target: Path) -> str:
    if not target.exists():
        _copy(source, target)
        return "new"
    same = all(
        (target / path.name).is_file() and (target / path.name).read_bytes() == path.read_bytes()
        for path in source.glob("*.ipynb")
    )
    return "up to date" if same else "yours stays; the course's differs, and comes if you rename this folder"


def _bring_example(folder: Path) -> str:
    """What the example class handed in as notebooks, for nbgrader sees no others."""
    submitted = folder / "submitted"
    if not submitted.exists():
        _copy(_EXAMPLE / "submitted", submitted, ignore=_all_but_notebooks)
    return f"submitted: {len(list(submitted.glob('*/*/*.ipynb')))} notebooks, handed in"


def _all_but_notebooks(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not _holds_a_notebook(Path(folder) / name)]


def _holds_a_notebook(path: Path) -> bool:
    return path.suffix == ".ipynb" or any(path.glob("**/*.ipynb"))


def gradebook_url(folder: Path) -> str:
    """Where the gradebook of a class is; raises CourseError if the folder is no class."""
    if not (folder / CONFIG).is_file():
        raise CourseError(f"{folder.absolute()} is no class: it has no {CONFIG}; `teach --into` makes one")
    return PyFileConfigLoader(CONFIG, path=str(folder.absolute())).load_config().CourseDirectory.db_url


def _bring_people(folder: Path, people: list[Person]) -> str:
    learners, new = enrol(gradebook_url(folder), people)
    return f"learners on the roster: {learners}, of them new: {new}"


def _copy(source: Path, target: Path, **how: object) -> None:
    """A file or folder, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.unfinished")
    if source.is_dir():
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(source, unfinished, **how)
    else:
        shutil.copyfile(source, unfinished)
    unfinished.replace(target)
