"""Every lesson as a learner lives it, in a real kernel: unsolved, solved, and wrong in every named way."""

import ast
import inspect
import json
import os
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
from headway_course import manifest
from headway_grader import wrong
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
LESSONS = manifest.load().lessons
EXPECTS_ERROR = "raises-exception"

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)]


@pytest.fixture
def client(lesson, tmp_path):
    """The learners' notebook of a lesson, as `start.py learn` would open it, in a folder of its own."""
    notebook = nbformat.read(ROOT / "exercises" / f"{lesson.name}.ipynb", as_version=4)
    client = NotebookClient(
        notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}
    )
    with client.setup_kernel(env=os.environ | {"HEADWAY_HOME": str(tmp_path / "home")}):
        yield client


def run(client, source):
    """The outputs of a cell of one's own, run after those before it."""
    cell = nbformat.v4.new_code_cell(source)
    client.nb.cells.append(cell)
    client.execute_cell(cell, len(client.nb.cells) - 1)
    return cell


def run_all(client):
    for number, cell in enumerate(client.nb.cells):
        if cell.cell_type == "code":
            client.execute_cell(cell, number)


def text(cell):
    """Everything that a cell shows, as text."""
    shown = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs]
    return " ".join(" ".join("".join(part) for part in shown).split())


def tracebacks(client):
    return {
        cell.id: output.evalue
        for cell in client.nb.cells
        if cell.cell_type == "code" and EXPECTS_ERROR not in cell.metadata.get("tags", [])
        for output in cell.outputs
        if output.output_type == "error"
    }


def test_unsolved_it_runs_to_its_end_and_says_what_is_missing(client, lesson):
    run_all(client)
    assert tracebacks(client) == {}
    shown = {cell.id: text(cell) for cell in client.nb.cells if cell.cell_type == "code"}
    for exercise in lesson.exercises:
        assert "not started" in shown[f"check-{exercise.name}"]
    assert "not written yet" in " ".join(shown.values())


def solve(client, lesson):
    """Writes the library's answers where the learner's are due."""
    solved = json.loads((ROOT / "solutions" / "notebooks" / f"{lesson.name}.ipynb").read_text("utf-8"))
    sources = {cell["id"]: "".join(cell["source"]) for cell in solved["cells"]}
    for cell in client.nb.cells:
        if cell.id in {exercise.name for exercise in lesson.exercises}:
            cell.source = sources[cell.id]


def test_solved_every_check_is_green_and_every_named_mistake_is_told_by_its_name(client, lesson):
    solve(client, lesson)
    run_all(client)
    assert tracebacks(client) == {}
    shown = {cell.id: text(cell) for cell in client.nb.cells if cell.cell_type == "code"}
    for exercise in lesson.exercises:
        assert shown[f"check-{exercise.name}"].startswith(f"{exercise.name}: right ✓ right"), exercise.name
    for exercise in lesson.exercises:
        for slug, answer in wrong.mistakes(exercise.name).items():
            run(client, f"kept_{exercise.name} = {exercise.name}")
            said = text(run(client, f"{as_written(exercise, answer)}\ncheck({exercise.name})"))
            assert answer.says in said or "changes its input" in said, (slug, said)
            run(client, f"{exercise.name} = kept_{exercise.name}")


def as_written(exercise, answer):
    """A mistake as a learner would write it; where it calls the right function, that stands above it."""
    module, _, name = exercise.target.rpartition(".")
    right = inspect.getsource(getattr(import_module(f"headway.{module}"), name))
    function = ast.parse(answer.source).body[0]
    called = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    head, _, body = answer.source.partition("\n")
    parts = ["import math\nimport numpy as np"]
    if name in called:
        parts.append(right.replace(f"def {name}(", f"def right_{name}("))
        body = body.replace(f"{name}(", f"right_{name}(")
    return "\n\n\n".join([*parts, f"{head}\n{body}"])
