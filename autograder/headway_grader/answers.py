"""From what was handed in to answers that can run, or to the reason why one cannot."""

from ast import FunctionDef

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
from headway_grader.prerequisites import count_parameters, prerequisites
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
    given = given_to(exercise, extracted)
    extracted = on_the_course(extracted, given)
    return _without_running(exercise, extracted) or _answer(exercise, extracted, given)


def given_to(exercise: Exercise, extracted: Extracted) -> tuple[str, ...]:
    """What an answer gets from the library: not where the learner's own takes more than the library's.

    An answer that passes a parameter of the learner's, such as `axis`, to an earlier answer needs theirs.
    """
    own = {s.tree.name: count_parameters(s.tree) for s in extracted.statements if type(s.tree) is FunctionDef}
    parameters = prerequisites(exercise).parameters
    return tuple(name for name, count in parameters.items() if own.get(name, 0) <= count)


def place(cell: int, line: int) -> str:
    """Where something stands: cells count in a notebook only."""
    return f"cell {cell}, line {line}" if cell else f"line {line}"


def _without_running(exercise: Exercise, extracted: Extracted) -> Ruling | None:
    """What can be said before anything runs."""
    found = extracted.answers.get(exercise.name)
    violations = violations_for(extracted, exercise.name, exercise.refuses)
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


def _answer(exercise: Exercise, extracted: Extracted, given: tuple[str, ...]) -> Answer:
    statements = answer_statements(extracted, exercise.name)
    trees: dict[str, list] = {}
    for statement in statements:
        trees.setdefault(_filename(statement.cell), []).append(statement.tree)
    return Answer(
        extracted.answers[exercise.name].name,
        tuple(Piece(s.source, _filename(s.cell), s.line, s.binds) for s in statements),
        prerequisites(exercise).source,
        given,
        exercise.shapes,
        trees,
    )


def _filename(cell: int) -> str:
    return f"cell {cell}" if cell else "script"
