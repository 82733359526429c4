"""The step that takes the place of running a notebook: the judge looks at what was handed in."""

from functools import cached_property
from pathlib import Path
from typing import TextIO

from headway_course.errors import CourseError
from headway_course.manifest import Lesson
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from headway_grader.frontdoor.bench import Bench
from headway_grader.frontdoor.outputs import outputs
from headway_grader.frontdoor.reading import read
from headway_grader.verdict import Status, Verdict

CHECK = "check-"  # the check cell of an exercise is called this and the exercise's name


class SubmissionExporter(NotebookExporter):
    """Reads any file as a notebook, and keeps the judge warm from one submission to the next."""

    def from_file(self, file_stream: TextIO, resources: dict | None = None, **kw: object) -> tuple[str, dict]:
        try:
            nb = read(file_stream.buffer.read())
        except CourseError as trouble:
            nb, resources["unreadable"] = new_notebook(), str(trouble)
        return self.from_notebook_node(nb, resources=resources, **kw)

    @cached_property
    def bench(self) -> Bench:
        return Bench()


class JudgeSubmission(NbGraderPreprocessor):
    """Writes the judge's verdicts into the check cells; nbgrader's next step reads the points there.

    A fault of ours raises: nbgrader then keeps no autograded version, the grades stay open, and the
    submission stays in the queue for the next run.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names, exporter = resources["nbgrader"], self.parent
        coursedir = exporter.parent.coursedir
        folder = coursedir.format_path(coursedir.submitted_directory, names["student"], names["assignment"])
        path = Path(folder, f"{names['notebook']}.ipynb")
        lesson = exporter.bench.lesson(names["notebook"])
        verdicts = exporter.bench.judge(names["student"], path, lesson)
        for cell in nb.cells:
            if is_grade(cell) and cell.cell_type == "code" and not is_solution(cell):
                self._write(cell, lesson, verdicts)
        return nb, resources

    def _write(self, cell: NotebookNode, lesson: Lesson, verdicts: dict[str, Verdict]) -> None:
        form = cell.metadata.nbgrader
        name = form.grade_id.removeprefix(CHECK)
        exercise = next((exercise for exercise in lesson.exercises if exercise.name == name), None)
        if exercise is None or not form.grade_id.startswith(CHECK):
            raise CourseError(
                f"nobody judges the test cell {form.grade_id!r}: in {lesson.name} a test cell is called "
                f"{CHECK}EXERCISE; let a person grade it, or take it out of the source notebook"
            )
        if name not in verdicts or verdicts[name].status is Status.GRADER_ERROR:
            said = verdicts[name].message if name in verdicts else "there is no verdict"
            raise CourseError(
                f"a fault of ours in {name}: {said}. No points are lost; run `nbgrader autograde` again"
            )
        cell.outputs = outputs(verdicts[name], exercise, float(form.points))
