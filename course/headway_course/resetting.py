"""Puts the stub of an exercise back, and keeps what stood there."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from headway_course import manifest
from headway_course.errors import CourseError
from headway_course.kernel import (
    defined,
    fill_this_cell,
    name_asked_for,
    own_notebook,
    running_cell,
    text_as_run,
)
from headway_course.manifest import Exercise
from headway_course.markup import folded, inline, line, listing
from headway_course.notebook_json import dumped, names_of, parsed, source_of
from headway_course.pictures.panel import panel
from headway_course.reading.answers import is_untouched
from headway_course.writing import write_whole

KEPT = "kept"
"""The folder beside a notebook in which the texts lie that a reset took away."""


@dataclass(frozen=True, repr=False)
class Reset:
    """What a reset did, in sentences; `kept` is where the text lies that stood there, None if none did."""

    exercise: Exercise
    kept: Path | None
    sentences: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join(self.sentences)

    def _repr_html_(self) -> str:
        said = "".join(line(inline(sentence)) for sentence in self.sentences)
        return panel(said + folded("The stub, to copy", listing(self.exercise.stub)))


def reset(exercise: Callable | str) -> Reset:
    """Makes the cell that calls this the stub of an exercise, and keeps a copy of the answer in a file.

    The notebook's file is open in a browser, so it is left alone: only the program that shows it may write
    into it. Raises CourseError if there is no such exercise, or if the copy cannot be kept.
    """
    asked = _asked(exercise)
    try:
        path = own_notebook()
        saved = _parts(parsed(path.read_bytes())["cells"], asked)[1]
    except (CourseError, OSError):  # the cell as it ran is known all the same
        path, saved = Path.cwd() / f"{asked.lesson}.ipynb", []
    ran = text_as_run(defined(asked.name))[1].strip()
    texts = {text.strip(): text for text in [*saved, ran, _beside_the_call(running_cell())]}
    kept = _keep(path, asked, [text for key, text in texts.items() if key not in ("", asked.stub.strip())])
    fill_this_cell(asked.stub)
    sentences = [f"This cell is the stub of `{asked.name}` now. If it is not, copy the stub from here."]
    if kept:
        sentences.append(
            f"A copy of your answer lies in `{_short(kept)}`. The cell that it stands in was left as it is: "
            "of two definitions the last that is written counts, when its cell has run."
        )
    return Reset(asked, kept, tuple(sentences))


def reset_in_file(name: str, path: Path) -> Reset:
    """Puts the stub back into a notebook file, and what stood there into a file of its own.

    Raises CourseError if the notebook cannot be read or written, or is another lesson's, and leaves it alone.
    """
    asked = _asked(name)
    before, notebook = _opened(path, asked)
    cells, texts = _parts(notebook["cells"], asked)
    emptied = [id(cell) for cell in cells if not source_of(cell)]
    notebook["cells"] = [cell for cell in notebook["cells"] if id(cell) not in emptied]
    if not cells:
        notebook["cells"] = _with_cell_put_back(notebook["cells"], asked)
    if notebook == parsed(before):
        return Reset(asked, None, (f"`{asked.name}` is the stub already in {path}; nothing was changed.",))
    kept = _keep(path, asked, texts)
    try:
        if path.read_bytes() != before:
            raise CourseError(f"{path} was saved just now, and is left as it is: run this again")
        write_whole(path, dumped(notebook))
    except OSError as error:
        raise CourseError(f"cannot write {path}: {error.strerror or error}; it is as it was") from None
    return Reset(asked, kept, tuple(_done(asked, path, kept, notebook)))


def _beside_the_call(text: str) -> str:
    """The text of the calling cell, which is about to be replaced, if there is more in it than the call."""
    lines = [line for line in text.split("\n") if line.strip() and "reset(" not in line]
    return text if any(not line.startswith("from headway_course import") for line in lines) else ""


def _done(asked: Exercise, path: Path, kept: Path | None, notebook: dict) -> list[str]:
    sentences = [f"`{asked.name}` is the stub again in {path}."]
    if kept:
        sentences.append(f"What stood there lies in {kept}.")
    again = _written_elsewhere(notebook["cells"], asked.name)
    if again:
        sentences.append(
            f"Cell {again} defines `{asked.name}` too, and at hand-in a written answer counts before a stub: "
            "delete it there."
        )
    return [
        *sentences,
        "If the notebook is open in JupyterLab: File > Reload Notebook from Disk, before you save it there.",
    ]


def _asked(exercise: Callable | str) -> Exercise:
    course = manifest.load(manifest.public_fixtures() / "manifest.json")
    return course.exercise(name_asked_for(exercise, "reset"))


def _opened(path: Path, asked: Exercise) -> tuple[bytes, dict]:
    if path.suffix != ".ipynb":
        instead = f". In a script, put this in its place:\n{asked.stub}" if path.suffix == ".py" else ""
        raise CourseError(f"{path} is no notebook (.ipynb){instead}")
    try:
        content = path.read_bytes()
        notebook = parsed(content)
    except OSError as error:
        raise CourseError(f"cannot read {path}: {error.strerror or error}") from None
    except CourseError as trouble:
        raise CourseError(f"{path} is left as it is, because {trouble}") from None
    headway = notebook["metadata"].get("headway")
    lesson = headway.get("lesson") if isinstance(headway, dict) else None
    if lesson and lesson != asked.lesson:
        raise CourseError(f"{path} is the notebook of {lesson}, and {asked.name} belongs to {asked.lesson}")
    return content, notebook


def _parts(cells: list[dict], asked: Exercise) -> tuple[list[dict], list[str]]:
    """Puts the stub into the exercise's cells; gives these, and the texts that stood there.

    Of several, such as the halves of one that was split, the first becomes the stub, the others go empty.
    A cell that holds other answers too loses only this one.
    """
    own = [cell for cell in cells if asked.name in names_of(cell)]
    own = own or [
        cell for cell in cells if cell["cell_type"] == "code" and _spans(source_of(cell), asked.name)
    ]
    texts = []
    for number, cell in enumerate(own):
        text = source_of(cell)
        new = _reset_text(text, asked, "" if number else asked.stub)
        if text.strip() not in (asked.stub.strip(), "", new.strip()):
            texts.append(text)
        cell["source"] = new.splitlines(keepends=True)
        cell |= {"cell_type": "code", "outputs": [], "execution_count": None}
        cell.pop("attachments", None)
    return own, texts


def _reset_text(text: str, asked: Exercise, stub: str) -> str:
    others = {e.name for e in manifest.load().lesson(asked.lesson).exercises} - {asked.name}
    if not any(_spans(text, other) for other in others):
        return stub
    lines = text.split("\n")
    for first, last in reversed(_spans(text, asked.name)):
        lines[first - 1 : last] = stub.split("\n") if stub else []
        stub = ""
    return "\n".join(lines) + (f"\n\n\n{stub}" if stub else "")


def _spans(text: str, name: str) -> list[tuple[int, int]]:
    """First and last line of each definition of a function at the top of a cell."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return []
    found = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == name]
    return [(min([node.lineno, *(d.lineno for d in node.decorator_list)]), node.end_lineno) for node in found]


def _defines(cell: dict, name: str) -> bool:
    return cell["cell_type"] == "code" and bool(_spans(source_of(cell), name))


def _with_cell_put_back(cells: list[dict], asked: Exercise) -> list[dict]:
    """The cells with the course's own cell of the exercise, where it stands in the course."""
    from headway_course.merging import place
    from headway_course.sync import shipped_notebooks

    path = shipped_notebooks() / f"{asked.lesson}.ipynb"
    try:
        course = parsed(path.read_bytes())["cells"]
        cell = next(cell for cell in course if cell["id"] == asked.name)
    except (OSError, CourseError, StopIteration):
        raise CourseError(f"the cell of {asked.name} is gone, and {path} has none to put back") from None
    at = place(asked.name, [other["id"] for other in course], cells)
    return [*cells[:at], cell, *cells[at:]]


def _written_elsewhere(cells: Sequence[dict], name: str) -> int:
    """The number of a cell that defines the function, and is not the stub; 0 if none."""
    for number, cell in enumerate(cells, 1):
        if name not in names_of(cell) and _defines(cell, name):
            for first, last in _spans(source_of(cell), name):
                lines = source_of(cell).split("\n")[first - 1 : last]
                if not is_untouched(ast.parse("\n".join(lines)).body[0]):
                    return number
    return 0


def _keep(path: Path, asked: Exercise, texts: Sequence[str]) -> Path | None:
    """Writes the texts beside the notebook; raises CourseError if that cannot be done."""
    if not texts:
        return None
    now = datetime.now(UTC)
    said = f"# {asked.name}, as it stood in {path.name} until {now:%Y-%m-%d %H:%M:%S} UTC.\n\n"
    folder = path.parent / KEPT
    try:
        folder.mkdir(exist_ok=True)
        kept = _free(folder, f"{asked.name}_{now:%Y-%m-%d_%H-%M-%S}")
        write_whole(kept, (said + "\n\n\n".join(texts).rstrip() + "\n").encode("utf-8", "replace"))
    except OSError as error:
        raise CourseError(
            f"cannot keep a copy of your answer in {folder}: {error.strerror or error}. Nothing was changed"
        ) from None
    return kept


def _free(folder: Path, stem: str) -> Path:
    """A name in the folder that no file has."""
    number, path = 1, folder / f"{stem}.py"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.py"
    return path


def _short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
