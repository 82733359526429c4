"""The three notebooks of a lesson, as JSON: for learners, for instructors (nbgrader's source), and solved."""

import ast
import json
from hashlib import md5

from headway_course import manifest
from headway_course.asking import ANSWER_HERE

from headway_grader.build import marks
from headway_grader.build.course import LessonPlan, Task
from headway_grader.build.lesson import Cell

_FOR_AUTHORS = ("exercise", "question")
_COLUMNS = 88  # of a notebook cell that nobody has to scroll

_HANDING_IN = """## Handing in

Save the notebook (Ctrl+S) and run the cell below. It makes the file to hand in from what was saved,
and lists what is still open. You may hand in what is not finished, and hand in again later.
On your own you need no file, but perhaps the list.

`hand_in(name="ada")` puts your name on the file."""


def learners(plan: LessonPlan) -> dict:
    """What a learner opens: the same notebook that nbgrader releases from the instructor's."""
    return _notebook(plan, Released())


def instructors(plan: LessonPlan) -> dict:
    """What nbgrader makes its release from: answers between its markers, and points on the checks."""
    return _notebook(plan, Source())


def solved(plan: LessonPlan) -> dict:
    """The lesson with the library's answers and folded hints; nothing in it has run yet."""
    return _notebook(plan, _Solved())


def dumps(notebook: dict) -> str:
    """The text of a notebook file, in the form that Jupyter writes."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def plain_id(plan: LessonPlan, number: int) -> str:
    """The id of the lesson's nth cell, unless it asks for something and so has a name."""
    return f"{plan.entry.name.replace('_', '-')}-{number:02}"


def goal(entry: manifest.Exercise) -> str:
    """The line above a stub: how hard, how long, how many points, which shapes."""
    stars = "★" * entry.level + "☆" * (5 - entry.level)
    points = f"{entry.points:g} point{'' if entry.points == 1 else 's'}"
    return f"{stars} {entry.difficulty} · {entry.minutes} minutes · {points} · `{entry.shapes}`"


class Source:
    """nbgrader's source: what its release is made of."""

    def exercise(self, task: Task) -> list[dict]:
        return [self.asked("code", task.entry.name, task.answer.instructor, solution=True)]

    def check(self, task: Task) -> dict:
        name = task.entry.name
        return self.asked("code", f"check-{name}", f"check({name})", points=task.entry.points)

    def question(self, mark: marks.Question) -> dict:
        return self.asked("markdown", mark.name, ANSWER_HERE, points=mark.points, solution=True)

    def ending(self, entry: manifest.Lesson) -> list[dict]:
        """How to hand in. It stands in nbgrader's source too, for its release is made from that."""
        name = entry.name.replace("_", "-")
        return [
            new_cell("markdown", f"{name}-handing-in", _HANDING_IN),
            new_cell("code", f"{name}-hand-in", "from headway_course import hand_in\n\nhand_in()"),
        ]

    def asked(
        self, kind: str, name: str, source: str, points: float | None = None, solution: bool = False
    ) -> dict:
        """A cell that nbgrader knows."""
        graded = points is not None
        known = {
            "grade": graded,
            "grade_id": name,
            "locked": graded and not solution,
            "schema_version": 3,
            "solution": solution,
            "task": False,
        }
        return new_cell(kind, name, source, {"nbgrader": known | ({"points": points} if graded else {})})


class Released(Source):
    """nbgrader's release, which a learner may as well have from us."""

    def exercise(self, task: Task) -> list[dict]:
        return [self.asked("code", task.entry.name, task.answer.stub, solution=True)]

    def asked(
        self, kind: str, name: str, source: str, points: float | None = None, solution: bool = False
    ) -> dict:
        cell = super().asked(kind, name, source, points, solution)
        known = cell["metadata"]["nbgrader"]
        known |= {"cell_type": kind, "checksum": _checksum(kind, source, known)}
        cell["metadata"] |= {"deletable": False} | ({} if solution else {"editable": False})
        return cell


class _Solved:
    """For reading: answers, hints to unfold, nothing to hand in."""

    def exercise(self, task: Task) -> list[dict]:
        name = task.entry.name
        hints = "\n".join(f"{number}. {hint}" for number, hint in enumerate(task.entry.hints, 1))
        folded = f"<details>\n<summary>Hints</summary>\n\n{hints}\n\n</details>"
        return [new_cell("markdown", f"hints-{name}", folded), new_cell("code", name, task.answer.solved)]

    def check(self, task: Task) -> dict:
        return new_cell("code", f"check-{task.entry.name}", f"check({task.entry.name})")

    def question(self, mark: marks.Question) -> dict:
        return new_cell("markdown", mark.name, "*An open question: a person reads what you write here.*")

    def ending(self, entry: manifest.Lesson) -> list[dict]:
        return []


def _notebook(plan: LessonPlan, edition: Source | _Solved) -> dict:
    cells = []
    for number, cell in enumerate(plan.text.cells, 1):
        match cell.mark:
            case marks.Exercise(name=name):
                task = plan.tasks[name]
                cells += [new_cell("markdown", f"goal-{name}", goal(task.entry)), *edition.exercise(task)]
            case marks.Check(name=name):
                cells.append(edition.check(plan.tasks[name]))
            case marks.Question() as question:
                cells.append(edition.question(question))
            case _:
                cells += _plain(plain_id(plan, number), cell)
    cells += edition.ending(plan.entry)
    return document(cells, plan.entry.name, plan.text.path.as_posix())


def document(cells: list[dict], assignment: str, source: str) -> dict:
    """A notebook of these cells that says which assignment it is, and what it was made from."""
    return {
        "cells": cells,
        "metadata": {
            "headway": {"generated": f"by headway-build from {source}", "lesson": assignment},
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _plain(name: str, cell: Cell) -> list[dict]:
    source = _without_author_imports(cell.source) if cell.kind == "code" else cell.source
    return (
        [new_cell(cell.kind, name, source, {"tags": list(cell.tags)} if cell.tags else {})] if source else []
    )


def new_cell(kind: str, name: str, source: str, metadata: dict | None = None) -> dict:
    """One cell, with its name for an id."""
    cell = {
        "cell_type": kind,
        "id": name,
        "metadata": metadata or {},
        "source": source.splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _checksum(kind: str, source: str, known: dict) -> str:
    """By which nbgrader sees whether a cell was changed: it computes the same."""
    digest = md5(usedforsecurity=False)
    for part in (source, kind, known["grade"], known["solution"], known["locked"], known["grade_id"]):
        digest.update(str(part).encode())
    if known["grade"]:
        digest.update(str(float(known["points"])).encode())
    return digest.hexdigest()


def _without_author_imports(source: str) -> str:
    """Takes the words that only authors need out of a cell's imports."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a line of IPython's
        return source
    lines = source.splitlines()
    for node in reversed(body):
        if isinstance(node, ast.ImportFrom) and node.module == "headway_course":
            kept = [alias for alias in node.names if alias.name not in _FOR_AUTHORS]
            if len(kept) < len(node.names):
                lines[node.lineno - 1 : node.end_lineno] = _import(node.module, kept) if kept else []
    return "\n".join(lines).strip("\n")


def _import(module: str, names: list[ast.alias]) -> list[str]:
    texts = [ast.unparse(name) for name in names]
    line = f"from {module} import {', '.join(texts)}"
    if len(line) <= _COLUMNS:
        return [line]
    return [f"from {module} import (", *(f"    {text}," for text in texts), ")"]
