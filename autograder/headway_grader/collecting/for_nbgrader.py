"""A script or zip as a notebook, for nbgrader sees no others: each answer in the cell meant for it."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

import nbformat
from headway_course.manifest import Lesson, Manifest
from headway_course.reading.cell_syntax import is_python
from headway_course.reading.cells import read_cells
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_notebook

from headway_grader.frontdoor.reading import NEW_CELL, as_notebook
from headway_grader.handins.submissions import Submission, find


def write_notebook(path: Path, lesson: Lesson, course: Manifest) -> None:
    """Puts a notebook of a lesson beside a script or zip; none if that cannot be read."""
    found = [one for one in find([path], course) if not one.error]
    handed_in = next((one for one in found if one.assignment == lesson.name), found[0] if found else None)
    if handed_in:
        notebook = _notebook(handed_in, {exercise.name for exercise in lesson.exercises})
        notebook.metadata.headway = {"lesson": lesson.name}
        path.with_name(f"{lesson.name}.ipynb").write_bytes(nbformat.writes(notebook).encode())


def _notebook(handed_in: Submission, names: Collection[str]) -> NotebookNode:
    if handed_in.kind == "ipynb":
        return as_notebook(handed_in.content)
    parts = [
        (cell.kind, name, source)
        for cell in read_cells(handed_in.content, handed_in.kind)
        for name, source in _parts(cell.source, names if cell.kind == "code" else ())
    ]
    counts = {name: place for place, (_, name, _) in enumerate(parts)}  # of two of a name the last
    ids = [
        name if name and counts[name] == place else f"cell-{place}"
        for place, (_, name, _) in enumerate(parts)
    ]
    cells = [NEW_CELL[kind](source, id=id_) for id_, (kind, _, source) in zip(ids, parts, strict=True)]
    return new_notebook(cells=cells)


def _parts(source: str, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """A script cut where an answer begins and ends; what is no answer has no name."""
    lines, done = source.split("\n"), 0
    for node in ast.parse(source).body if names and is_python(source) else ():
        if isinstance(node, ast.FunctionDef) and node.name in names:
            start = min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1
            if start >= done:
                yield from _part("", lines[done:start])
                yield from _part(node.name, lines[start : node.end_lineno])
                done = node.end_lineno
    yield from _part("", lines[done:])


def _part(name: str, lines: list[str]) -> Iterator[tuple[str, str]]:
    text = "\n".join(lines).strip("\n")
    if text.strip():
        yield name, text
