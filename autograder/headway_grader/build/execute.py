"""Runs a solved notebook, so that it can be read with its outputs."""

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

from headway_course.errors import CourseError

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_SECONDS_PER_CELL = 120


class CellFailed(CourseError):
    """A cell of a notebook raised; `cell` is its id."""

    def __init__(self, cell: str, message: str):
        self.cell = cell
        super().__init__(message)


def run(notebook: dict, fixtures: Path) -> dict:
    """The notebook with its outputs; its cells see the fixtures in that folder. Raises CellFailed."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    node = nbformat.reads(json.dumps(notebook), as_version=4)
    with tempfile.TemporaryDirectory(prefix="headway-run-") as folder:
        client = NotebookClient(
            node,
            timeout=_SECONDS_PER_CELL,
            kernel_name="python3",
            record_timing=False,
            coalesce_streams=True,
            resources={"metadata": {"path": folder}},
        )
        try:
            client.execute(env=_environment(fixtures, folder), stderr=subprocess.DEVNULL)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise CellFailed(_stopped_at(node), _last_line(str(error))) from error
    return _with_outputs(notebook, json.loads(nbformat.writes(node)))


def without_outputs(notebook: dict) -> dict:
    """The notebook as it was before it ran."""
    blank = {"execution_count": None, "outputs": []}
    cells = [cell | (blank if cell["cell_type"] == "code" else {}) for cell in notebook["cells"]]
    return notebook | {"cells": cells}


def _environment(fixtures: Path, folder: str) -> dict[str, str]:
    """The author's own key, progress and settings stay out of it."""
    own = {"HEADWAY_FIXTURES": str(fixtures), "HEADWAY_HOME": folder, "IPYTHONDIR": folder}
    return {**os.environ, **own, "PYTHONHASHSEED": "0"}


def _stopped_at(node: dict) -> str:
    """The id of the cell that failed, or else of the last one that was started."""
    code = [cell for cell in node.cells if cell.cell_type == "code"]
    started = [cell.id for cell in code if cell.outputs or cell.execution_count]
    failed = [
        cell.id
        for cell in code
        if "raises-exception" not in cell.metadata.get("tags", ())
        and any(output.output_type == "error" for output in cell.outputs)
    ]
    return (failed or started or [code[0].id])[-1]


def _last_line(text: str) -> str:
    lines = [line for line in _COLOUR.sub("", text).splitlines() if line.strip()]
    return lines[-1].strip() if lines else "the kernel died"


def _with_outputs(notebook: dict, ran: dict) -> dict:
    """The notebook of before with the outputs taken over, in a form that two runs have in common."""
    outputs = {cell["id"]: cell for cell in ran["cells"] if cell["cell_type"] == "code"}
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            text = _ADDRESS.sub("", json.dumps(outputs[cell["id"]]["outputs"]))
            count = outputs[cell["id"]]["execution_count"]
            cell = cell | {"outputs": json.loads(text), "execution_count": count}
        cells.append(cell)
    return notebook | {"cells": cells}
