"""The control: the same attacks under nbgrader as it comes, with test cells as they are written today."""

import os
import subprocess
from pathlib import Path

import nbformat
from attack_class import ATTACKS, BIN, answers
from course_root import form
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

NAME = "first"
TESTS = {
    "softmax": """\
Z = np.array([[1.0, 2.0, 3.0], [4.1, 2.3, -0.7]])
expected = np.array([[0.09003057, 0.24472847, 0.66524096], [0.85213089, 0.14085629, 0.00701282]])
assert softmax(Z).shape == expected.shape
np.testing.assert_allclose(softmax(Z), expected, rtol=1e-5)
assert np.allclose(softmax(Z).sum(axis=-1), 1)""",
    "logsumexp": """\
Z = np.array([[1.0, 2.0, 3.0]])
expected = np.array([3.40760596])
assert logsumexp(Z).shape == expected.shape
np.testing.assert_allclose(logsumexp(Z), expected, rtol=1e-5)""",
}


class StockClass:
    """A course root without our config; its kernels write into no home but its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        right = {name: answers()[name] for name in TESTS}
        classmates = {"before": right, "z-classmate": right}
        # the start-up file concerns all who come after, so it comes last
        attackers = {f"y-{a}" if a == "startup_file" else a: text for a, text in ATTACKS.items()}
        handed_in = classmates | {name: right | {"softmax": text} for name, text in attackers.items()}
        self._write("source", ".", {name: f"def {name}(Z):\n    ..." for name in TESTS})
        for learner, sources in handed_in.items():
            self._write("submitted", learner, sources)

    def grade(self) -> dict[str, dict[str, float | None]]:
        """The points by learner and exercise; None where nbgrader has none."""
        self._nbgrader("generate_assignment")
        self._nbgrader("autograde")
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
            return {
                student.id: {
                    grade.name.removeprefix("check-"): grade.auto_score
                    for grade in gradebook.find_submission_notebook(NAME, NAME, student.id).grades
                }
                for student in gradebook.students
            }

    def _write(self, step: str, learner: str, sources: dict[str, str]) -> None:
        folder = self.root / step / learner / NAME
        folder.mkdir(parents=True)
        nbformat.write(_notebook(sources), folder / f"{NAME}.ipynb")

    def _nbgrader(self, step: str) -> None:
        environment = {"PATH": f"{BIN}{os.pathsep}{os.defpath}", "HOME": str(self.root / "home")}
        subprocess.run(
            [BIN / "nbgrader", step, NAME], cwd=self.root, env=environment, capture_output=True, timeout=300
        )


def _notebook(sources: dict[str, str]) -> NotebookNode:
    cells = [new_code_cell("import numpy as np", id="imports")]
    for name, source in sources.items():
        cells.append(new_code_cell(source, id=name, metadata=form(name, solution=True)))
        check = form(f"check-{name}", grade=True, locked=True, points=2)
        cells.append(new_code_cell(TESTS[name], id=f"check-{name}", metadata=check))
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": spec})
