"""A notebook that was handed in, whatever became of it, as one that nbgrader can carry on with."""

import json
import re
from collections.abc import Collection
from itertools import count

from headway_course.reading.cells import read_cells
from nbformat.notebooknode import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell}
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def as_notebook(content: bytes) -> NotebookNode:
    """Built anew from the cells, with pictures that were pasted in, without outputs; raises Unreadable.

    Of a cell's metadata nbgrader's id stays, and its cell id goes there: as such it can be there once only.
    """
    pictures = _pictures(content) if b'"attachments"' in content else {}
    nb, taken = new_notebook(), set()
    for read in read_cells(content, "ipynb"):
        cell = NEW_CELL[read.kind](read.source)
        cell.metadata = from_dict({"id": read.id, "nbgrader": {"grade_id": read.grade_id}})
        sound = _CELL_ID.fullmatch(read.id) and read.id not in taken
        cell.id = read.id if sound else unused(taken, read.number)
        taken.add(cell.id)
        if read.kind == "markdown" and read.number in pictures:
            cell.attachments = from_dict(pictures[read.number])
        nb.cells.append(cell)
    return nb


def unused(taken: Collection[str], number: int) -> str:
    """An id for a cell that has none of its own: `cell-NUMBER`, or the next that is free."""
    return next(name for n in count(number) if (name := f"cell-{n}") not in taken)


def _pictures(content: bytes) -> dict[int, dict]:
    """What is attached to cells, by their numbers, where it has the form {name: {mime type: text}}."""
    try:
        raw = json.loads(content)
        # half a surrogate pair is legal in JSON and cannot be written to a file
        listed = json.loads(json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace"))["cells"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    found = {n: cell.get("attachments") for n, cell in enumerate(listed, start=1) if isinstance(cell, dict)}
    return {n: attached for n, attached in found.items() if _are_pictures(attached)}


def _are_pictures(attached: object) -> bool:
    return isinstance(attached, dict) and all(
        isinstance(bundle, dict) and all(isinstance(data, str) for data in bundle.values())
        for bundle in attached.values()
    )
