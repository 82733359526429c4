"""The judge in parts, for graders other than ours: text and functions go in, verdicts come out as data.

judge_loops(source, "softmax", lambda dimension, n: {"Z": …}, ["batch", "n"])
judge(Path("ada.ipynb"), own.read(Path("week1.py")))
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import numpy as np
from headway_course import manifest
from headway_course.errors import CourseError
from headway_course.judging.loops import LoopVerdict, decide
from headway_course.manifest import Exercise, Manifest
from headway_course.reading.cells import read_cells
from headway_course.reading.extract import Unreadable, extract

from headway_grader import hidden
from headway_grader.answers import answer_to
from headway_grader.cases import FAR, GROWTH, as_arrays
from headway_grader.checks.evidence import Failed
from headway_grader.checks.learner import Answer, Learner
from headway_grader.course_key import course_key
from headway_grader.handins.submissions import Submission, find
from headway_grader.judge import examine
from headway_grader.own import Assignment
from headway_grader.reference import of_the_course
from headway_grader.sandbox import Sandbox
from headway_grader.timing.judging import race
from headway_grader.verdict import Loops, Ruling, Speed, Status, Verdict

Inputs = Mapping[str, np.ndarray | int | float]


@dataclass(frozen=True)
class LoopsJudged:
    """Whether Python loops over the data: in which dimension, at which sizes, on which line, how often.

    message says it in words, also why nothing could be judged.
    """

    loops: Loops
    message: str = ""
    dimension: str = ""
    sizes: tuple[int, ...] = ()
    line: int = 0
    construct: str = ""
    counts: tuple[int, ...] = ()


def judge_loops(
    source: str,
    function: str,
    make_inputs: Callable[[str, int], Inputs],
    dims: Sequence[str],
    sandbox: Sandbox | None = None,
) -> LoopsJudged:
    """Whether `function` of an untrusted text loops over the data in one of these dimensions.

    make_inputs(dimension, n) makes inputs in which that dimension has size n. The results are not looked at:
    an answer that returns nothing loops over nothing.
    """
    answer = _answer(source, function)
    if isinstance(answer, Ruling):
        return LoopsJudged(Loops.NOT_JUDGED, answer.message)
    growth = {
        dimension: tuple((n, as_arrays(make_inputs(dimension, n))) for n in (*GROWTH, FAR))
        for dimension in dims
    }
    found = LoopsJudged(Loops.NONE)
    with _opened(sandbox) as opened:
        try:
            for dimension, counts, _ in Learner(answer, opened).counts(growth):
                judged = _loops(dimension, decide(counts, answer.trees, function), tuple(counts))
                if judged.loops is Loops.FOUND:
                    return judged
                found = found if found.loops is Loops.APPEAL else judged
        except Failed as failed:
            return LoopsJudged(Loops.NOT_JUDGED, failed.finding.message)
    return found


@dataclass(frozen=True)
class SpeedJudged:
    """The band of an answer's speed, and a sentence, also why nothing could be judged."""

    speed: Speed
    message: str = ""


def judge_speed(
    source: str,
    reference: str,
    function: str,
    inputs: Callable[[np.random.Generator], Inputs],
    sandbox: Sandbox | None = None,
) -> SpeedJudged:
    """How many times as long as in `reference`, a text of yours, `function` takes in an untrusted text.

    inputs makes new inputs for each call, from a generator; results must be those of the reference.
    """
    answer = _answer(source, function)
    if isinstance(answer, Ruling):
        return SpeedJudged(Speed.NOT_JUDGED, answer.message)
    rng = np.random.default_rng()
    with _opened(sandbox) as opened:
        if not opened.can_time:
            return SpeedJudged(Speed.NOT_JUDGED, "Nothing can be timed on this machine.")
        made = (as_arrays(inputs(rng)) for _ in count())
        judged = race({"reference": reference}, function, answer, made, opened)
    return SpeedJudged(judged.speed, judged.message)


def judge(
    submission: Path | str, assignment: Assignment | str, sandbox: Sandbox | None = None
) -> tuple[Verdict, ...]:
    """The verdicts on a notebook, script or zip, or on a text, by the hidden numbers of the course key.

    assignment is one of your own, or the name of a lesson of this course. Raises CourseError for a path with
    no submission, or more than one.
    """
    key = course_key()
    if isinstance(assignment, str):
        lesson, references = manifest.load().lesson(assignment), of_the_course
        fixtures = hidden.hidden_fixtures(lesson, key)
    else:
        lesson, references = assignment.lesson, assignment.reference
        fixtures = assignment.fixtures(key.secret)
    if isinstance(submission, Path):
        handed_in, *others = find([submission], Manifest((lesson,)))
        if others:
            raise CourseError(f"{submission} holds {1 + len(others)} submissions: name one file")
    else:
        now = datetime.now(UTC)
        handed_in = Submission("", lesson.name, Path("answer.py"), "py", now, submission.encode())
    with _opened(sandbox) as opened:
        return examine(handed_in, lesson, fixtures, opened, references).verdicts


def _answer(source: str, function: str) -> Answer | Ruling:
    """The answer in a text, or the ruling that there is none to run."""
    asked = Exercise(function, f"own.{function}", "", 1, 1, 1, (), "", "", (), (), {}, {})
    try:
        extracted = extract(read_cells(source.encode(), "py"), [function])
    except Unreadable as trouble:
        return Ruling(Status.UNREADABLE, f"Cannot be read: {trouble}.")
    return answer_to(asked, extracted)


def _loops(dimension: str, found: LoopVerdict, sizes: tuple[int, ...]) -> LoopsJudged:
    if not found.judged:
        return LoopsJudged(Loops.NOT_JUDGED, found.why, dimension, sizes)
    if not found.found:
        return LoopsJudged(Loops.NONE)
    loops = Loops.APPEAL if found.appeal else Loops.FOUND
    shown = sizes[: len(found.counts)]
    return LoopsJudged(loops, found.message, dimension, shown, found.line, found.construct, found.counts)


@contextmanager
def _opened(sandbox: Sandbox | None) -> Iterator[Sandbox]:
    """This sandbox, or one for the moment."""
    with nullcontext(sandbox) if sandbox else Sandbox() as opened:
        yield opened
