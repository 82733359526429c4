"""The step that takes the place of running a notebook: the judge looks at what was handed in."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from headway_course.errors import CourseError
from headway_course.manifest import Lesson
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import is_grade, is_solution

from headway_grader.frontdoor.bench import Bench
from headway_grader.frontdoor.outputs import outputs
from headway_grader.frontdoor.reading import as_notebook
from headway_grader.frontdoor.released import Released, read_released
from headway_grader.handins.submissions import Submission, find
from headway_grader.verdict import Verdict

CHECK = "check-"  # the check cell of an exercise is called this and the exercise's name
APPEALS = "headway-appeals"  # in nbgrader's resources: the check cells that a person should look at


class SubmissionExporter(NotebookExporter):
    """Reads whatever was handed in, and keeps the judge warm from one submission to the next."""

    handed_in: Submission

    def from_filename(self, filename: str, resources: dict, **kw: object) -> tuple[str, dict]:
        path, coursedir, names = Path(filename), self.parent.coursedir, resources["nbgrader"]
        submitted = coursedir.format_path(
            coursedir.submitted_directory, names["student"], names["assignment"]
        )
        if path.parent != Path(submitted):
            return super().from_filename(filename, resources=resources, **kw)
        self.handed_in = _taken(path)
        if self.handed_in.error:
            resources["unreadable"] = self.handed_in.error
            return self.from_notebook_node(new_notebook(), resources=resources, **kw)
        return self.from_notebook_node(as_notebook(self.handed_in.content), resources=resources, **kw)

    @cached_property
    def bench(self) -> Bench:
        return Bench()

    def released(self, names: Mapping[str, str]) -> Released:
        """What the gradebook knows of the notebook, which is the same for the whole class."""
        wanted = names["db_url"], names["notebook"], names["assignment"]
        if wanted not in self._released:
            self._released[wanted] = read_released(*wanted)
        return self._released[wanted]

    @cached_property
    def _released(self) -> dict[tuple[str, ...], Released]:
        return {}


def _taken(path: Path) -> Submission:
    if not path.resolve().is_relative_to(path.parent.resolve()):
        raise CourseError(f"{path} is a link to another folder: put the learner's own notebook there")
    (submission,) = find([path])
    return submission


class JudgeSubmission(NbGraderPreprocessor):
    """Writes the judge's verdicts into the check cells; nbgrader's next step reads the points there.

    A fault of ours raises: nbgrader then keeps no autograded version, the grades stay open, and the
    submission stays in the queue for the next run.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        exporter, names = self.parent, resources["nbgrader"]
        lesson = exporter.bench.lesson(names["notebook"])
        verdicts = exporter.bench.judge(exporter.handed_in, names["student"], lesson)
        resources[APPEALS] = {CHECK + name for name, verdict in verdicts.items() if verdict.waiting}
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
        cell.outputs = outputs(verdicts[name], exercise, float(form.points))


class SaveGrades(SaveAutoGrades):
    """Saves the points, and leaves open what a person should look at: Formgrader lists it for manual grading.

    Points that a person has given already stand.
    """

    def _add_score(self, cell: NotebookNode, resources: dict) -> None:
        super()._add_score(cell, resources)
        name = cell.metadata.nbgrader.grade_id
        if name in resources[APPEALS]:
            where = self.notebook_id, self.assignment_id, self.student_id
            self.gradebook.find_grade(name, *where).needs_manual_grade = True
            self.gradebook.db.commit()
