"""Notebook files as JSON: read with care, written all or nothing in the form that Jupyter writes."""

import json
from collections.abc import Mapping

from headway_course.errors import CourseError


def parsed(content: bytes) -> dict:
    """A notebook of format 4; raises CourseError for anything else."""
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise CourseError(f"it cannot be read as a notebook ({error})") from None
    if not _is_notebook(notebook):
        raise CourseError("it is not a notebook of format 4")
    return notebook


def _is_notebook(notebook: object) -> bool:
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        return False
    cells, metadata = notebook.get("cells"), notebook.get("metadata")
    return isinstance(cells, list) and isinstance(metadata, dict) and all(map(_is_cell, cells))


def _is_cell(cell: object) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("metadata"), dict):
        return False
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    return isinstance(cell.get("cell_type"), str) and all(isinstance(line, str) for line in lines)


def source_of(cell: Mapping) -> str:
    """The text of a cell, with line ends as \\n."""
    source = cell["source"]
    return ("".join(source) if isinstance(source, list) else source).replace("\r\n", "\n")


def names_of(cell: Mapping) -> list[str]:
    """What a cell is called, the surest first: its id, Colab's copy of that, nbgrader's name of it."""
    nbgrader = cell["metadata"].get("nbgrader")
    found = [
        cell.get("id"),
        cell["metadata"].get("id"),
        nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None,
    ]
    return list(dict.fromkeys(name for name in found if isinstance(name, str) and name))


def dumped(notebook: dict) -> bytes:
    """The content of a notebook file."""
    try:
        return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
    except UnicodeEncodeError:  # half a character in an output
        return json.dumps(notebook, indent=1, sort_keys=True).encode() + b"\n"
