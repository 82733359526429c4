"""nbgrader's feedback: the same page, made of an autograded notebook and the gradebook."""

from collections.abc import Iterator

from headway_course import manifest
from headway_course.asking import ANSWER_HERE
from headway_course.manifest import Lesson
from nbconvert.exporters import HTMLExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.utils import is_grade, is_solution

from headway_grader.feedback.page import Page, Part, highlighted, render, written
from headway_grader.frontdoor.judging import CHECK
from headway_grader.grades.overriding import waits


class FeedbackExporter(HTMLExporter):
    """Writes our page in the place of nbgrader's, which loads its looks and scripts from the network."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **_: object
    ) -> tuple[str, dict]:
        nb, resources = self._preprocess(nb, self._init_resources(resources))
        return render(page_of(nb, resources["nbgrader"])), resources


def page_of(nb: NotebookNode, names: dict) -> Page:
    """The page of an autograded notebook; nbgrader has put points and comments into its cells."""
    lesson = next((one for one in manifest.load().assignments if one.name == names["notebook"]), None)
    with Gradebook(names["db_url"]) as gradebook:
        found = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
        pending = {grade.name for grade in found.grades if waits(grade)}
    title = lesson.title if lesson else names["notebook"]
    return Page(title, tuple(_parts(nb, lesson, pending)), float(names.get("late_penalty") or 0))


def _parts(nb: NotebookNode, lesson: Lesson | None, pending: set[str]) -> Iterator[Part]:
    exercises = {exercise.name: exercise for exercise in lesson.exercises} if lesson else {}
    answers = {cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if is_solution(cell)}
    for cell in filter(is_grade, nb.cells):
        known = cell.metadata.nbgrader
        points, of = float(known.score), float(known.points)
        waiting = known.grade_id in pending
        name = known.grade_id.removeprefix(CHECK)
        answer = answers.get(name)
        comment = written(answer.metadata.nbgrader.get("comment") or "") if answer else ""
        if is_solution(cell):
            text = "" if cell.source.strip() in ("", ANSWER_HERE) else written(cell.source)
            state = _state(points, of, waiting)
            yield Part(name, points, of, state, comment=comment, text=text, pending=waiting)
            continue
        judged = _judged(cell)
        code = highlighted(answer.source) if answer else ""
        hints = tuple(map(written, exercises[name].hints)) if name in exercises and points < of else ()
        state = _state(points, of, waiting and judged is None)
        yield Part(name, points, of, state, judged, tuple(_said(cell)), hints, comment, code, pending=waiting)


def _state(points: float, of: float, pending: bool) -> str:
    if pending:
        return "not read yet"
    return "all points" if points >= of else "some points" if points else "no points"


def _said(cell: NotebookNode) -> Iterator[str]:
    """The judge's words, without their first line: its points may have been changed by an instructor."""
    for output in cell.get("outputs", ()):
        if output.output_type == "display_data":
            _, *lines = output.data.get("text/plain", "").splitlines()
            yield from filter(None, lines)


def _judged(cell: NotebookNode) -> float | None:
    """The points that the judge gave."""
    for output in cell.get("outputs", ()):
        if output.output_type == "execute_result":
            try:
                return float(output.data.get("text/plain", ""))
            except ValueError:
                return None
    return None
