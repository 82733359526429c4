"""Makes the file to hand in, whatever is missing, and says what is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from headway_course import manifest
from headway_course.asking import ANSWER_HERE
from headway_course.checking.file_check import SECONDS, check_file
from headway_course.checking.own_file import lesson_of
from headway_course.errors import CourseError
from headway_course.kernel import defined, own_notebook, text_as_run
from headway_course.manifest import Lesson
from headway_course.markup import inline, line
from headway_course.notebook_json import dumped, names_of, parsed
from headway_course.pictures.panel import Picture, panel
from headway_course.reading.cells import Document, read
from headway_course.record.store import beside, record
from headway_course.writing import write_whole

FOLDER = "handed_in"
"""Beside the notebook, unless another one is named."""

_TIME = "%Y-%m-%d_%H-%M-%S"
_MADE = re.compile(r"([^_]+)_(\d\d_\w+)_(\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)")
_CELL_METADATA = ("nbgrader", "tags")  # the rest belongs to the program that saved the notebook
_COURSE_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@dataclass(frozen=True, repr=False)
class HandIn:
    """The file to hand in, whose it is ("" if nobody's), when its source was saved, what is missing.

    notes say what the grader will find odd, such as a cell that is there twice.
    """

    path: Path
    learner: str
    saved: datetime
    summary: str
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    is_new: bool = True

    @property
    def sentences(self) -> Iterator[str]:
        """What to know about the file."""
        made = "The file to hand in:" if self.is_new else "Nothing has changed since this file was made:"
        yield f"{made} `{_from_here(self.path)}`"
        yield f"It holds what was saved at {self.saved:%H:%M:%S}, without outputs. {self.summary}."
        if not self.learner:
            yield (
                "There is no name on it. Where a folder tells whose it is, as with nbgrader, none is needed. "
                'Elsewhere put yours on it, once: `hand_in(name="ada")`, or `--name ada`.'
            )
        if self.missing:
            yield "Still open, though you may hand it in all the same:"

    def __repr__(self) -> str:
        open_ = [f"  - {said}" for said in self.missing]
        noted = [f"Note: {said}." for said in self.notes]
        return "\n".join([*self.sentences, *open_, *noted]).replace("`", "")

    def _repr_html_(self) -> str:
        open_ = (f"• {said}" for said in self.missing)
        noted = (f"Note: {said}." for said in self.notes)
        return panel("".join(line(inline(said)) for said in (*self.sentences, *open_, *noted)))


def hand_in(
    file: str | Path | None = None, *, name: str = "", into: str | Path | None = None
) -> HandIn | Picture:
    """Makes the file to hand in from this notebook as it was saved, and says what is missing.

    file is the notebook where it cannot be known; name is put on the file, and remembered; into is a folder.
    What keeps the file from being made is said in its place, so that a notebook runs to its end.
    """
    try:
        path = Path(file) if file else own_notebook()
    except CourseError as trouble:
        return _note(
            f"Headway cannot tell which file to hand in: {trouble}. Name it, as in "
            '`hand_in("01_softmax.ipynb")`, or type `headway hand-in 01_softmax.ipynb` in a terminal. '
            "In Colab hand in what File > Download gives you."
        )
    try:
        return make_hand_in(path, name, Path(into) if into else None, running=True)
    except CourseError as trouble:
        return _note(f"{trouble}.")


def _note(said: str) -> Picture:
    return Picture(panel(inline(said)), said.replace("`", ""))


def make_hand_in(path: Path, name: str = "", into: Path | None = None, running: bool = False) -> HandIn:
    """The file to hand in, from a notebook or script; raises CourseError if that cannot be read or written.

    running says that this is the notebook's own kernel, which knows what ran in it.
    """
    path = path.expanduser()
    content, saved = _content(path)
    document = read(content, path.suffix.lower().lstrip("."))
    lesson = lesson_of(document, path, manifest.load())
    folder = (into or path.parent / FOLDER).expanduser()
    learner = _name(name) if name else _last_name(folder)
    made = _latest(folder, learner, lesson.name, path.suffix)
    is_new = made is None or made.read_bytes() != content
    if is_new:
        made = _write(folder, learner, lesson.name, path.suffix, content)
    unsaved = _not_saved(lesson, document) if running else ()
    summary, missing, notes = _looked_through(made, lesson, document)
    notes = (*notes, *_given_up(lesson, path.parent))
    return HandIn(made, learner, saved, summary, (*unsaved, *missing), notes, is_new)


def _given_up(lesson: Lesson, folder: Path) -> Iterator[str]:
    """Says so where a model answer was seen before one's own passed."""
    kept = beside(folder) or record()
    names = [exercise.name for exercise in lesson.exercises if kept.entry(exercise.name).seen_before]
    if names:
        yield f"the model answer of {' and '.join(names)} was seen before your own passed"


def _content(path: Path) -> tuple[bytes, datetime]:
    """What is handed in of a file, and when the file was saved; raises CourseError if it cannot be read."""
    try:
        content, saved = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime)
    except OSError as error:
        raise CourseError(f"cannot read {path}: {error.strerror or error}") from None
    return _bare(content) if path.suffix == ".ipynb" else content, saved


def _bare(content: bytes) -> bytes:
    """The notebook's cells, with nothing that tells of the machine they were written on.

    Outputs quote paths, and other programs note versions, users and times. What is no notebook of format 4
    stays as it is: the grader reads it all the same.
    """
    try:
        notebook = parsed(content)
    except CourseError:
        return content
    bare = [_bare_cell(cell, number) for number, cell in enumerate(notebook["cells"], 1)]
    headway = notebook["metadata"].get("headway")
    stated = {"lesson": headway["lesson"]} if isinstance(headway, dict) and "lesson" in headway else {}
    metadata = {**_COURSE_METADATA, "headway": stated}
    return dumped({"cells": bare, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def _bare_cell(cell: dict, number: int) -> dict:
    names = names_of(cell)
    bare = {
        "cell_type": cell["cell_type"],
        "id": names[0] if names else f"cell-{number}",
        "metadata": {key: cell["metadata"][key] for key in _CELL_METADATA if key in cell["metadata"]},
        "source": cell["source"],
    }
    if cell["cell_type"] == "code":
        return bare | {"execution_count": None, "outputs": []}
    return bare | ({"attachments": cell["attachments"]} if "attachments" in cell else {})


def _looked_through(path: Path, lesson: Lesson, document: Document) -> tuple[str, tuple, tuple]:
    """How far it is, which exercises and questions are open, and notes on cells that went astray."""
    unanswered = _unanswered(lesson, document)
    questions = [f"question {name}: no answer yet" for name in unanswered]
    asked = len(lesson.questions)
    answered = f"{asked - len(unanswered)} of {asked} questions answered"
    try:
        report = check_file(path, SECONDS)
    except (CourseError, OSError) as trouble:
        return answered, (f"the exercises could not be checked: {trouble}", *questions), ()
    open_ = [found.text.splitlines()[0] for found in report.exercises if not found.good]
    open_ += [f"{name}: not in this file" for name in report.missing]
    right = f"{sum(found.good for found in report.exercises)} of {len(lesson.exercises)} exercises right"
    return f"{right}, {answered}" if asked else right, (*open_, *questions), report.notes


def _unanswered(lesson: Lesson, document: Document) -> list[str]:
    answered = {
        name for cell in document.cells if cell.source.strip() not in ("", ANSWER_HERE) for name in cell.names
    }
    return [question.name for question in lesson.questions if question.name not in answered]


def _not_saved(lesson: Lesson, document: Document) -> Iterator[str]:
    """The answers that ran in this kernel in another form than the file has them."""
    saved = {cell.source.strip() for cell in document.cells}
    for exercise in lesson.exercises:
        number, text = text_as_run(defined(exercise.name))
        if number and text.strip() not in saved:
            yield (
                f"{exercise.name}: what ran last, in cell [{number}], is not what was saved. Save (Ctrl+S) "
                f"and run this again; if all is saved, run cell [{number}] first"
            )


def _from_here(path: Path) -> Path:
    """The path as it is seen from the current folder, which is the notebook's."""
    path = path.resolve()
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _name(given: str) -> str:
    """A name as it can stand before the first `_` of a file's name; raises CourseError if nothing is left."""
    name = re.sub(r"[^\w.@+-]+|_", "-", given).strip(".-")[:60]
    if not name:
        raise CourseError(f"{given!r} is no name: give one of letters or digits, such as ada")
    return name


def _made(folder: Path) -> list[tuple[str, str, str, Path]]:
    """The hand-ins that lie in a folder, the latest last: time, learner, lesson, file."""
    named = [(_MADE.fullmatch(path.stem), path) for path in folder.glob("*_*")]
    return sorted((found[3], found[1], found[2], path) for found, path in named if found and path.is_file())


def _last_name(folder: Path) -> str:
    """The name on the latest hand-in of any lesson."""
    return next((learner for _, learner, _, _ in reversed(_made(folder))), "")


def _latest(folder: Path, learner: str, lesson: str, suffix: str) -> Path | None:
    if learner:
        made = [path for _, who, what, path in _made(folder) if (who, what) == (learner, lesson)]
    else:
        made = sorted(folder.glob(f"{lesson}_*/{lesson}{suffix}"))
    return made[-1] if made and made[-1].suffix == suffix else None


def _write(folder: Path, learner: str, lesson: str, suffix: str, content: bytes) -> Path:
    """Writes a file that the grader takes for this learner and lesson, and that no earlier one is lost to.

    Without a name it is called as nbgrader wants it, in a folder of its own.
    """
    now = datetime.now(UTC)
    while (path := _place(folder, learner, lesson, suffix, now)).exists():
        now += timedelta(seconds=1)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise CourseError(
            f"cannot write into {path.parent} ({error.strerror or error}): name another folder, as in "
            '`hand_in(into="/tmp")`, or `--into /tmp`'
        ) from None
    return path


def _place(folder: Path, learner: str, lesson: str, suffix: str, now: datetime) -> Path:
    if learner:
        return folder / f"{learner}_{lesson}_{now:{_TIME}}{suffix}"
    return folder / f"{lesson}_{now:{_TIME}}" / f"{lesson}{suffix}"
