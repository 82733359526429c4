"""How much memory an answer holds at its peak, beside the right function on the same inputs."""

from headway_course.fixtures import Fixture, arguments
from headway_course.judging.compare import mismatch
from headway_course.manifest import Exercise

from headway_grader.cases import as_arrays, value
from headway_grader.checks.evidence import Finding
from headway_grader.checks.learner import Answer, python_value
from headway_grader.reference import Reference
from headway_grader.sandbox import Sandbox
from headway_grader.sandbox.session import Session, Stopped
from headway_grader.timing.judging import hidden_inputs, jobs, sizes, why
from headway_grader.verdict import Status

ROUNDS = 2  # in the first, caches are filled


def check_memory(
    exercise: Exercise, answer: Answer, fixture: Fixture, sandbox: Sandbox, reference: Reference
) -> Finding | None:
    """What is wrong with the memory that an answer holds; None on the evidence that it is little enough.

    numpy tells what it allocates, so the same call holds the same to the byte. Raises Stopped, Starved,
    Lost or SandboxError for a fault of ours.
    """
    inputs, at = hidden_inputs(fixture, reference), f"at {sizes(reference)}"
    with sandbox.pair(*jobs(reference.source, exercise.name, answer)) as (one, other):
        for _ in range(ROUNDS):
            given = arguments(as_arrays(next(inputs)))
            due, expected = _peak(one, given)
            try:
                held, result = _peak(other, given)
            except Stopped as stopped:
                return _finding(f"Where its memory is measured, {at}, {why(stopped.outcome)}.")
            if mismatch(result, value(expected), exercise.shapes):
                return _finding(f"Where its memory is measured, {at}, its result is wrong.")
    if held <= exercise.memory * due:
        return None
    times = f"{held / due:.0f}" if held >= 10 * due else f"{held / due:.1f}"
    most = f"{exercise.memory:g}"
    return _finding(f"It holds {times} times as much memory as the library's, {at}; {most} times are enough.")


def not_judged(why: Finding) -> Finding:
    """The finding where the ordinary numbers are not right, and why: zeros hold little, too."""
    return _finding("Its memory is judged once the ordinary numbers are right.", why.status)


def _peak(session: Session, given: dict[str, object]) -> tuple[int, object]:
    lap = session.lap([given], peak=True)
    return lap.peak_bytes, python_value(lap.values[0])


def _finding(text: str, status: Status = Status.MEMORY) -> Finding:
    return Finding(status, text, text)
