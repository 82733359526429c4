"""Whatever was handed in becomes a sound notebook, or an error that says what to do."""

import json

import nbformat
import pytest
from headway_course.reading.cells import Unreadable
from headway_grader.frontdoor.reading import as_notebook
from headway_grader.frontdoor.restoring import restore

CELL = {"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": [], "execution_count": None}
PICTURE = {"a.png": {"image/png": "AA=="}}


def notebook(*cells, **more) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells} | more).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe\x00binary",
        b"{}",
        b'{"cells": {}}',
        b'{"cells": 7}',
        b'{"worksheets": 7}',
        b"[" * 100_000,
        b'{"cells": ' + b"[" * 100_000,
    ],
    ids=lambda content: repr(content[:24]),
)
def test_what_is_no_notebook_is_said_to_be_none(content):
    with pytest.raises(Unreadable):
        as_notebook(content)


@pytest.mark.parametrize(
    "cell",
    [
        CELL,
        {"cell_type": "code"},
        {"cell_type": "code", "source": ["x = 1\n", "y = 2"]},
        {"cell_type": "code", "source": {"x": 1}, "metadata": [1], "id": 5},
        {"cell_type": "code", "source": ["x", 5, None], "outputs": "none", "execution_count": "many"},
        {"cell_type": "markdown", "source": "half a pair: \ud800", "metadata": {"\udfff": "\ud800"}},
        {"cell_type": "markdown", "source": "", "attachments": {"\ud800": {"image/png": "\ud800"}}},
        {"cell_type": "markdown", "source": "", "attachments": {"a.png": {"image/png": 5}, "b": 3}},
        {"cell_type": "markdown", "source": "", "attachments": [1]},
        CELL | {"attachments": PICTURE},
        CELL | {"id": "a b"},
        CELL | {"id": "x" * 65},
        *(CELL | {"metadata": {"nbgrader": form}} for form in (None, 7, [], "x", {}, {"grade_id": 7})),
    ],
    ids=lambda cell: ascii(cell)[:60],
)
def test_odd_cells_are_mended(cell, tmp_path):
    nb = as_notebook(notebook(cell, cell, CELL | {"id": "cell-1"}))
    restore(nb, ())
    nbformat.validate(nb)
    nbformat.write(nb, tmp_path / "nb.ipynb")
    assert len(nb.cells) == 3
    assert len({cell.id for cell in nb.cells}) == 3


def test_outputs_of_learners_are_dropped():
    output = {"output_type": "display_data", "data": {"text/html": "<script>"}, "metadata": {}}
    assert as_notebook(notebook(CELL | {"outputs": [output]})).cells[0].outputs == []


def test_pictures_in_answers_stay():
    answer = {"cell_type": "markdown", "source": "![](attachment:a.png)", "attachments": PICTURE}
    nb = as_notebook(notebook({"cell_type": "raw"}, CELL, answer))
    assert nb.cells[1].attachments == PICTURE


def test_what_is_no_cell_is_dropped():
    assert [cell.source for cell in as_notebook(notebook(7, CELL, None)).cells] == ["x = 1"]
