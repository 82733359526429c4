"""What the judge says of an answer's speed: a band, a sentence, and whether it counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from headway_course.fixtures import Fixture
from headway_course.manifest import Exercise

from headway_grader.cases import speed
from headway_grader.checks.learner import Answer
from headway_grader.records import digest
from headway_grader.reference import Reference
from headway_grader.sandbox import End, Job, Outcome, Raised, Sandbox, SandboxError
from headway_grader.sandbox.forms import Limits
from headway_grader.sandbox.session import Overrun, Starved, Stopped
from headway_grader.sandbox.watch import Lost
from headway_grader.timing.race import AnswerStopped, Race, WrongResult
from headway_grader.verdict import Speed

LIMITS = Limits(cpu_seconds=4, wall_seconds=20)
_TAKES = {
    Speed.UP_TO_3: "between 1.5 and 3 times",
    Speed.UP_TO_10: "between 3 and 10 times",
    Speed.SLOWER: "more than 10 times",
}


@dataclass(frozen=True)
class Judged:
    """The band, the sentence that goes with it (often none), and whether it is part of the points."""

    speed: Speed = Speed.NOT_JUDGED
    message: str = ""
    asked: bool = True


def is_asked(reference: Reference, sandbox: Sandbox) -> bool:
    """Whether the speed of an exercise is judged, and can be here."""
    return bool(reference.sizes) and sandbox.can_time


def judge_speed(
    exercise: Exercise, answer: Answer, fixture: Fixture, sandbox: Sandbox, reference: Reference
) -> Judged:
    """How fast an answer is, against the right function, on inputs that nobody can know beforehand.

    Where that cannot be said through the answer's doing, it has not shown that it is fast; where it is ours,
    speed does not count.
    """
    if not is_asked(reference, sandbox):
        return Judged(asked=False)
    inputs, at = hidden_inputs(fixture, reference), f", at {sizes(reference)}"
    return race(reference.source, exercise.name, answer, inputs, sandbox, exercise.shapes, at)


def race(
    source: Mapping[str, str],
    name: str,
    answer: Answer,
    inputs: Iterator[Mapping[str, np.ndarray]],
    sandbox: Sandbox,
    shapes: str = "",
    at: str = "",
) -> Judged:
    """An answer beside the function `name` of these modules, in a sandbox each."""
    try:
        with sandbox.pair(*jobs(source, name, answer)) as sessions:
            band = Race(*sessions, inputs, shapes).run()
    except WrongResult:
        return _not_judged(f"its result is wrong where it is timed{at}")
    except AnswerStopped as stopped:
        return _not_judged(f"{why(stopped.outcome)} where it is timed{at}")
    except (Stopped, Starved, Overrun, Lost, SandboxError):
        return Judged(message="Its speed is not judged, through a fault of ours.", asked=False)
    if band is Speed.UNDECIDED:
        return Judged(band, "How fast it is was not decided: this machine had too much else to do.", False)
    return Judged(band, f"It takes {_TAKES[band]} as long as the library's{at}." if band in _TAKES else "")


def hidden_inputs(fixture: Fixture, reference: Reference) -> Iterator[Mapping[str, np.ndarray]]:
    """New inputs for each call, whose numbers come from the course key, as those of the hidden cases do."""
    rng = np.random.default_rng(int(digest([replace(fixture, growth={})]), 16))
    return speed.inputs(reference.cases.inputs, rng, reference.sizes)


def jobs(source: Mapping[str, str], name: str, answer: Answer) -> tuple[Job, Job]:
    """The function `name` of these modules, and an answer, each to be called round after round."""
    ours = Job((), name, [], source, None, "time", LIMITS)
    theirs = Job(answer.pieces, answer.function, [], answer.prelude, answer.prerequisites, "time", LIMITS)
    return ours, theirs


def sizes(reference: Reference) -> str:
    """The sizes at which an exercise is timed, in a learner's words."""
    return ", ".join(f"{name} = {_size(size)}" for name, size in reference.sizes.items())


def _size(size: object) -> str:
    if isinstance(size, range):
        return f"{size[0]} to {size[-1]}"
    return " × ".join(map(str, size)) if isinstance(size, tuple) else str(size)


def _not_judged(why: str) -> Judged:
    return Judged(message=f"Its speed is not judged: {why}.")


def why(outcome: Outcome) -> str:
    """What an answer did instead of returning, in words that quote nothing of it."""
    if any(isinstance(result, Raised) for result in outcome.results):
        return "it raises an error"
    return {
        End.TIMEOUT: "it does not return",
        End.MEMORY: "it needs too much memory",
        End.FLOODED: "it prints or returns too much",
        End.DIED: "it ends its process",
        End.REFUSED: "it reaches for the interpreter",
    }.get(outcome.end, "it sends back what cannot be read")
