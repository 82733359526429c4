"""What nbgrader's gradebook knows of a notebook that was released."""

import json
from dataclasses import dataclass

from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader.api import Gradebook


@dataclass(frozen=True)
class Expected:
    """A cell that nbgrader knows: one that is graded, locked, or written by the learner."""

    name: str
    kind: str
    source: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float | None
    checksum: str | None

    @property
    def metadata(self) -> NotebookNode:
        form = {
            "schema_version": 3,
            "grade": self.grade,
            "grade_id": self.name,
            "locked": self.locked,
            "solution": self.solution,
            "task": self.task,
        }
        form |= {"points": self.points} if self.points is not None else {}
        form |= {"checksum": self.checksum} if self.checksum else {}
        return NotebookNode(nbgrader=NotebookNode(form))


@dataclass(frozen=True)
class Released:
    """The cells that nbgrader knows, in their order, and the kernel that the notebook asks for."""

    cells: tuple[Expected, ...]
    kernelspec: NotebookNode


def read_released(db_url: str, notebook: str, assignment: str) -> Released:
    """The released form of a notebook, from the gradebook."""
    with Gradebook(db_url) as gradebook:
        found = gradebook.find_notebook(notebook, assignment)
        graded = {cell.name: cell.max_score for cell in found.grade_cells}
        tasks = {cell.name: cell.max_score for cell in found.task_cells}
        solutions = {cell.name for cell in found.solution_cells}
        cells = tuple(
            Expected(
                name=cell.name,
                kind=cell.cell_type,
                source=cell.source,
                locked=cell.locked,
                grade=cell.name in graded,
                solution=cell.name in solutions,
                task=cell.name in tasks,
                points=graded.get(cell.name, tasks.get(cell.name)),
                checksum=cell.checksum,
            )
            for cell in found.source_cells
        )
        return Released(cells, from_dict(json.loads(found.kernelspec or "{}")))
