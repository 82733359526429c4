"""Whatever was handed in becomes a sound notebook, or an error that says what to do."""

import json

import nbformat
import pytest
from headway_course.errors import CourseError
from headway_grader.frontdoor.reading import read

CELL = {"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": [], "execution_count": None}


def notebook(*cells, **more) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells} | more).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe\x00binary",
        b"{}",
        b'{"cells": {}}',
        b'{"cells": 7}',
        b'{"worksheets": 7}',
        b'{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": 7}]}]}',
        b"[" * 100_000,
        b'{"cells": ' + b"[" * 100_000,
    ],
    ids=lambda content: repr(content[:24]),
)
def test_what_is_no_notebook_is_said_to_be_none(content):
    with pytest.raises(CourseError, match="not a notebook"):
        read(content)


def test_a_notebook_too_large_to_be_one_is_not_read(monkeypatch):
    monkeypatch.setattr("headway_grader.frontdoor.reading.LARGEST", 10)
    with pytest.raises(CourseError, match="clear its outputs"):
        read(notebook())


@pytest.mark.parametrize(
    "cell",
    [
        CELL,
        {"cell_type": "code"},
        {"source": ["x = 1\n", "y = 2"]},
        {"cell_type": ["code"], "source": {"x": 1}, "metadata": [1], "id": 5},
        {"cell_type": "code", "source": ["x", 5, None], "outputs": "none", "execution_count": "many"},
        {"cell_type": "markdown", "source": "half a pair: \ud800", "metadata": {"\udfff": "\ud800"}},
        {"cell_type": "markdown", "source": "", "attachments": {"a.png": {"image/png": "AA=="}, "b": 3}},
        {"cell_type": "markdown", "source": "", "attachments": [1]},
        CELL | {"id": "a b"},
        CELL | {"id": "x" * 65},
    ],
    ids=range(10),
)
def test_odd_cells_are_mended(cell, tmp_path):
    nb = read(notebook(cell, cell, CELL | {"id": "cell-1"}))
    nbformat.validate(nb)
    nbformat.write(nb, tmp_path / "nb.ipynb")
    assert len(nb.cells) == 3
    assert len({cell.id for cell in nb.cells}) == 3


def test_outputs_of_learners_are_dropped():
    output = {"output_type": "display_data", "data": {"text/html": "<script>"}, "metadata": {}}
    nb = read(notebook(CELL | {"outputs": [output]}))
    assert nb.cells[0].outputs == []


def test_what_is_no_cell_is_dropped():
    assert [cell.source for cell in read(notebook(7, CELL, None)).cells] == ["x = 1"]


def test_notebooks_of_the_third_format_are_read():
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}}
    cell = {"cell_type": "code", "input": "x = 1", "outputs": [], "language": "python", "metadata": {}}
    content = json.dumps(old | {"worksheets": [{"cells": [cell], "metadata": {}}]}).encode()
    assert [cell.source for cell in read(content).cells] == ["x = 1"]
