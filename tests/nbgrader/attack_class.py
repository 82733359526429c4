"""A class in which every other learner attacks the grader, and the two doors it is graded through."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from inspect import getsource
from pathlib import Path

import nbformat
from headway import numerics
from headway_course import manifest
from nbgrader.api import Gradebook

HERE = Path(__file__).parent
AUTOGRADER = HERE.parents[1] / "autograder"
ATTACKS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(HERE.glob("attacks/*.py"))}
LESSON = "01_softmax"
BIN = Path(sys.executable).parent
sys.path.append(str(HERE.parent / "sandbox"))

from people import UID, as_ordinary_user  # noqa: E402 (it stands with the tests of the sandbox)


def exercises() -> dict[str, float]:
    """The exercises of the lesson, and what they are worth."""
    return {exercise.name: exercise.points for exercise in manifest.load().lesson(LESSON).exercises}


def answers() -> dict[str, str]:
    """A right answer to each exercise, and as fast as can be: the library's."""
    return {name: getsource(getattr(numerics, name)) for name in exercises()}


@dataclass(frozen=True)
class Class:
    """A course root of its own, with a home of its own, graded by one user."""

    root: Path
    ordinary: bool

    def fill(self) -> None:
        """Behind each attacker, in the order in which they are graded, comes a classmate who is right."""
        (self.root / "home" / "kernels" / "python3").mkdir(parents=True)
        touch = ["touch", str(self.root / "kernel-started")]
        trap = {"argv": touch, "display_name": "trap", "language": "python"}
        (self.root / "home" / "kernels" / "python3" / "kernel.json").write_text(json.dumps(trap))
        (self.root / "nbgrader_config.py").write_bytes((AUTOGRADER / "nbgrader_config.py").read_bytes())
        source = AUTOGRADER / "source" / LESSON / f"{LESSON}.ipynb"
        self._write("source", ".", nbformat.read(source, as_version=4))
        for attack, text in ATTACKS.items():
            self._write("submitted", attack, notebook(source, answers() | {"softmax": text}))
            self._write("submitted", f"{attack}-classmate", notebook(source, answers()))
        if self.ordinary and os.getuid() == 0:
            for path in (self.root, *self.root.rglob("*")):
                os.chown(path, UID, UID)

    def through_nbgrader(self) -> dict[str, dict[str, float]]:
        """Releases and grades on the command line; the points by learner and exercise are the gradebook's."""
        self._command("nbgrader", "generate_assignment", LESSON)
        self._command("nbgrader", "autograde", LESSON)
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
            return {
                student.id: {
                    grade.name.removeprefix("check-"): grade.auto_score
                    for grade in gradebook.find_submission_notebook(LESSON, LESSON, student.id).grades
                    if grade.name.startswith("check-")
                }
                for student in gradebook.students
            }

    def through_run(self) -> dict[str, dict[str, float]]:
        """One warm process judges the whole class."""
        said = self._command("headway-grade", "run", "submitted", "--json", "--jobs", "1")
        points: dict[str, dict[str, float]] = {}
        for line in map(json.loads, said.splitlines()):
            points.setdefault(line["learner"], {})[line["exercise"]] = line["points"]
        return points

    def _command(self, name: str, *arguments: str) -> str:
        command = [str(BIN / name), *arguments]
        done = subprocess.run(
            as_ordinary_user(["env", "-C", str(self.root), *command]) if self.ordinary else command,
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    @property
    def environment(self) -> Mapping[str, str]:
        home = self.root / "home"
        return {
            "PATH": os.defpath,
            "HOME": str(home),
            "HEADWAY_HOME": str(home / "headway"),
            "JUPYTER_PATH": str(home),  # its kernel is a trap
        }

    def _write(self, step: str, learner: str, nb: nbformat.NotebookNode) -> None:
        folder = self.root / step / learner / LESSON
        folder.mkdir(parents=True)
        nbformat.write(nb, folder / f"{LESSON}.ipynb")


def notebook(source: Path, sources: Mapping[str, str]) -> nbformat.NotebookNode:
    """The lesson's notebook with these answers in their cells."""
    nb = nbformat.read(source, as_version=4)
    for cell in nb.cells:
        cell.source = sources.get(cell.id, cell.source)
    return nb
