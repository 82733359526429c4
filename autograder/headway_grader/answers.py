"""From what was handed in to answers that can run, or to the reason why one cannot."""

from headway_course.checking.hand_in import on_the_course
from headway_course.manifest import Exercise, Lesson
from headway_course.reading.extract import (
    Extracted,
    Unreadable,
    answer_statements,
    extract,
    read_cells,
    why_missing,
)
from headway_course.reading.policy import violations_for

from headway_grader import messages
from headway_grader.checks.learner import Answer
from headway_grader.handins.submissions import Submission
from headway_grader.prerequisites import prerequisites
from headway_grader.sandbox import Piece
from headway_grader.verdict import Ruling, Status


def extracted_from(submission: Submission, lesson: Lesson) -> Extracted:
    """What of a submission runs, and where its answers are; raises Unreadable."""
    if submission.error:
        raise Unreadable(submission.error)
    cells = read_cells(submission.content, submission.kind)
    return extract(cells, [exercise.name for exercise in lesson.exercises])


def answer_to(exercise: Exercise, extracted: Extracted) -> Answer | Ruling:
    """The answer to an exercise, on the library's prerequisites; a ruling where there is nothing to run."""
    extracted = on_the_course(extracted, prerequisites(exercise).names)
    return _without_running(exercise, extracted) or _answer(exercise, extracted)


def place(cell: int, line: int) -> str:
    """Where something stands: cells count in a notebook only."""
    return f"cell {cell}, line {line}" if cell else f"line {line}"


def _without_running(exercise: Exercise, extracted: Extracted) -> Ruling | None:
    """What can be said before anything runs."""
    found = extracted.answers.get(exercise.name)
    violations = violations_for(extracted, exercise.name)
    if violations:
        return Ruling(Status.REFUSED, messages.refusal(violations))
    if found is None:
        left = why_missing(extracted, exercise.name)
        if left:
            text = f"{place(left.cell, left.line)}: `{left.text}` does not run: {left.why}."
            return Ruling(Status.UNREADABLE, f"No answer was found. {text}")
        return Ruling(Status.NOT_STARTED, f"No function called {exercise.name} was handed in.")
    if found.untouched:
        return Ruling(Status.NOT_STARTED, "Not started: the function has nothing in it yet.")
    return None


def _answer(exercise: Exercise, extracted: Extracted) -> Answer:
    given = prerequisites(exercise)
    statements = answer_statements(extracted, exercise.name)
    trees: dict[str, list] = {}
    for statement in statements:
        trees.setdefault(_filename(statement.cell), []).append(statement.tree)
    return Answer(
        extracted.answers[exercise.name].name,
        tuple(Piece(s.source, _filename(s.cell), s.line, s.binds) for s in statements),
        given.source,
        given.names,
        exercise.target,
        exercise.shapes,
        trees,
    )


def _filename(cell: int) -> str:
    return f"cell {cell}" if cell else "script"
