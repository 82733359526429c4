"""The gradebook as a table that a spreadsheet reads and does not run."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields

from nbgrader.api import Gradebook, SubmittedNotebook

from headway_grader.frontdoor.judging import CHECK
from headway_grader.grades.overriding import waits

_WIDE = ("\uff1d", "\uff0b", "\uff0d", "\uff20")  # the same in East Asian spreadsheets
_RUNS = ("=", "+", "-", "@", *_WIDE)  # what a spreadsheet takes for the beginning of a formula


@dataclass(frozen=True)
class Row:
    """One exercise or question of one learner: the judge's points, those that count, and their maximum.

    `overridden` tells whether a person set them, `waiting` whether a person still has to.
    """

    learner: str
    first_name: str
    last_name: str
    email: str
    assignment: str
    name: str
    judged: float | None
    points: float
    of: float
    overridden: bool
    waiting: bool
    note: str


def rows(db_url: str) -> list[Row]:
    """Everything that was graded in a class, by learner, lesson and name."""
    with Gradebook(db_url) as gradebook:
        found = [
            row
            for assignment in gradebook.assignments
            for submission in assignment.submissions
            for notebook in submission.notebooks
            for row in _rows(submission.student, assignment.name, notebook)
        ]
    return sorted(found, key=lambda row: (row.learner, row.assignment, row.name))


def _rows(student: object, assignment: str, notebook: SubmittedNotebook) -> Iterator[Row]:
    comments = {comment.name: comment.comment or "" for comment in notebook.comments}
    for grade in notebook.grades:
        name = grade.name.removeprefix(CHECK)
        yield Row(
            student.id,
            student.first_name or "",
            student.last_name or "",
            student.email or "",
            assignment,
            name,
            grade.auto_score,
            grade.score,
            grade.max_score,
            grade.manual_score is not None and grade.auto_score is not None,
            waits(grade),
            comments.get(name, ""),
        )


def table(found: Iterable[Row]) -> str:
    """The rows as CSV; a text that a spreadsheet would run gets an apostrophe in front."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow([field.name for field in fields(Row)])
    writer.writerows([_cell(value) for value in astuple(row)] for row in found)
    return made.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    runs = isinstance(value, str) and (value.lstrip().startswith(_RUNS) or value.startswith(("\t", "\r")))
    return f"'{value}" if runs else value
