"""Reads a notebook that was handed in, whatever became of it, into one that nbgrader can carry on with."""

import json
import re
from itertools import count

from headway_course.errors import CourseError
from nbformat import convert
from nbformat.notebooknode import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

LARGEST = 50_000_000  # bytes; a lesson with every answer and no outputs has some 50 kB
_NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def read(content: bytes) -> NotebookNode:
    """The notebook rebuilt cell by cell: types, ids, sources and metadata stay, outputs go.

    Raises CourseError where there is no notebook in `content`.
    """
    raw = _parse(content)
    taken: set[str] = set()
    cells = [_cell(cell, taken) for cell in raw["cells"] if isinstance(cell, dict)]
    return new_notebook(cells=cells, metadata=_metadata(raw))


def _parse(content: bytes) -> dict:
    if len(content) > LARGEST:
        raise CourseError(
            f"the notebook has {len(content)} bytes, at most {LARGEST} are read: clear its outputs"
        )
    try:
        raw = json.loads(content.decode("utf-8-sig"))
        # half a surrogate pair is legal in JSON and cannot be written to a file
        raw = json.loads(json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace"))
        if isinstance(raw, dict) and "worksheets" in raw:  # as notebooks were until 2014
            raw = convert(from_dict(raw), 4)
        if not isinstance(raw["cells"], list):
            raise TypeError("its cells are no list")
    except Exception as error:
        raise CourseError(
            f"the file is not a notebook ({error!r:.200}): open it in Jupyter, save it, hand in again"
        ) from None
    return raw


def _cell(raw: dict, taken: set[str]) -> NotebookNode:
    """A sound cell with what can be saved of a raw one; an id that is missing, odd or taken is replaced."""
    kind, source, name = raw.get("cell_type"), raw.get("source"), raw.get("id")
    lines = source if isinstance(source, list) else [source]
    new_cell = _NEW_CELL.get(kind, new_raw_cell) if isinstance(kind, str) else new_raw_cell
    cell = new_cell("".join(line for line in lines if isinstance(line, str)))
    cell.metadata = _metadata(raw)
    if cell.cell_type == "markdown" and (pictures := _attachments(raw.get("attachments"))):
        cell.attachments = pictures
    if not isinstance(name, str) or not _CELL_ID.fullmatch(name) or name in taken:
        name = next(free for n in count(len(taken)) if (free := f"cell-{n}") not in taken)
    cell.id = name
    taken.add(name)
    return cell


def _metadata(raw: dict) -> NotebookNode:
    metadata = raw.get("metadata")
    return from_dict(metadata if isinstance(metadata, dict) else {})


def _attachments(raw: object) -> NotebookNode:
    """The pictures pasted into a cell that have the form {name: {mime type: text}}."""
    found = raw if isinstance(raw, dict) else {}
    return from_dict(
        {
            name: bundle
            for name, bundle in found.items()
            if isinstance(bundle, dict) and all(isinstance(data, str) for data in bundle.values())
        }
    )
