"""A course root in a temporary folder, under the course's own nbgrader_config.py."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config, PyFileConfigLoader

CONFIG = Path(__file__).parents[2] / "autograder" / "nbgrader_config.py"
LESSON = "01_softmax"
POINTS = {"softmax": 2, "logsumexp": 2}
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


class Course:
    """A course root with one small lesson, released; what is done here is what Formgrader's buttons do."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.config: Config = PyFileConfigLoader(CONFIG.name, path=str(root)).load_config()

    def write(self, step: str, notebook: NotebookNode | bytes, learner: str = ".") -> Path:
        folder = self.root / step / learner / LESSON
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{LESSON}.ipynb"
        path.write_bytes(notebook if isinstance(notebook, bytes) else nbformat.writes(notebook).encode())
        return path

    def hand_in(self, learner: str, notebook: NotebookNode | bytes) -> Path:
        return self.write("submitted", notebook, learner)

    def released(self) -> NotebookNode:
        return nbformat.read(self.root / "release" / LESSON / f"{LESSON}.ipynb", as_version=4)

    def autograded(self, learner: str) -> NotebookNode:
        return nbformat.read(self.root / "autograded" / learner / LESSON / f"{LESSON}.ipynb", as_version=4)

    def generate_assignment(self) -> dict:
        return self.api.generate_assignment(LESSON)

    def autograde(self, learner: str = "*") -> dict:
        return self.api.autograde(LESSON, learner)

    @property
    def api(self) -> NbGraderAPI:
        return NbGraderAPI(config=self.config)

    def scores(self, learner: str) -> dict[str, float | None]:
        """What the gradebook has of each graded cell; None where a person is awaited."""
        with Gradebook(self.config.CourseDirectory.db_url) as gradebook:
            grades = gradebook.find_submission_notebook(LESSON, LESSON, learner).grades
            return {grade.name: None if grade.needs_manual_grade else grade.score for grade in grades}


def instructor_notebook() -> NotebookNode:
    """Two exercises and a question, in the form that the build gives them."""
    cells = [new_markdown_cell("# Softmax", id="01-softmax-00")]
    for name, points in POINTS.items():
        cells.append(new_code_cell(STUB, id=name, metadata=form(name, solution=True)))
        check = form(f"check-{name}", grade=True, locked=True, points=points)
        cells.append(new_code_cell(f"check({name})", id=f"check-{name}", metadata=check))
    cells.append(
        new_markdown_cell(
            "Your answer", id="why-exp", metadata=form("why-exp", grade=True, solution=True, points=2)
        )
    )
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": spec, "headway": {"lesson": LESSON}})


def form(name: str, *, grade=False, solution=False, locked=False, points=None) -> dict:
    fields = {"schema_version": 3, "grade_id": name, "grade": grade, "solution": solution, "locked": locked}
    return {"nbgrader": fields | {"task": False} | ({"points": points} if points is not None else {})}
