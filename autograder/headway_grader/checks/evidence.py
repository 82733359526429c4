"""Evidence: a check passes only by what it has seen to be right, never for want of an error."""

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from headway_course.fixtures import Case
from headway_course.judging import loops
from headway_course.judging.compare import mismatch

from headway_grader.reference import Grown
from headway_grader.verdict import Status

_NOT_JUDGED = "Its loops are not judged: its results are wrong where they are counted."
Trees = Mapping[str, Sequence[ast.AST]]  # a learner's statements by file


@dataclass(frozen=True)
class Finding:
    """Why a check fails. `message` may quote the learner's code and results, `discreet` is all ours.

    skipped means that nothing ran, for want of time; appeal, that a person should look before it counts.
    """

    status: Status
    message: str
    discreet: str
    case: Case | None = None
    skipped: bool = False
    appeal: bool = False


class Failed(AssertionError):
    """A check fails, through the learner's doing."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class NoEvidence(Exception):
    """A check ended without having seen all that it must: a fault of ours."""


class Evidence:
    """What a check has seen to be right, of what it must see: results equal, inputs kept, loops flat."""

    def __init__(self, due: Iterable[tuple[str, str]], shapes: str = "") -> None:
        self.due = frozenset(due)
        self.seen: set[tuple[str, str]] = set()
        self.shapes = shapes
        self.expected: Grown = {}
        self.appeal: Finding | None = None

    @classmethod
    def of_results(cls, cases: Iterable[Case], shapes: str = "") -> "Evidence":
        return cls((("equal", case.name) for case in cases), shapes)

    @classmethod
    def of_inputs(cls, cases: Iterable[Case], shapes: str = "") -> "Evidence":
        return cls(((what, case.name) for case in cases for what in ("equal", "kept")), shapes)

    @classmethod
    def of_growth(cls, expected: Grown, shapes: str = "") -> "Evidence":
        evidence = cls(((what, dimension) for dimension in expected for what in ("flat", "right")), shapes)
        evidence.expected = expected
        return evidence

    def is_equal(self, case: Case, result: object) -> None:
        """Notes that a result is what the case expects; raises Failed if it is not."""
        found = mismatch(result, case.expected, self.shapes)
        if found:
            raise Failed(Finding(Status.WRONG, found.message, found.discreet, case))
        self.seen.add(("equal", case.name))

    def is_kept(self, case: Case, after: Mapping[str, object]) -> None:
        """Notes that the inputs are, byte for byte, what they were before the call; raises Failed if not."""
        for name, before in case.inputs.items():
            if before.ndim and not _same_bytes(before, after.get(name)):
                message = f"Your function changes its input {name}: work on a copy, or make a new array."
                raise Failed(Finding(Status.WRONG, message, message, case))
        self.seen.add(("kept", case.name))

    def is_flat(
        self, dimension: str, counts: Mapping[int, loops.Counts], trees: Trees, function: str = ""
    ) -> None:
        """Notes that Python does no more when a dimension grows; raises Failed if it does.

        What only a person can decide is kept until the rest is known to be right.
        """
        found = loops.decide(counts, trees, function)
        sizes = ", ".join(map(str, sorted(counts)[: len(found.counts) or None]))
        if found.appeal:
            self.appeal = self.appeal or _appeal(found, dimension, sizes)
        elif found.found:
            discreet = f"Python loops over the data: its work grows with {dimension}."
            message = f"Python loops over the data: {_place(found)}, when {dimension} was {sizes}."
            raise Failed(Finding(Status.WRONG, message, discreet))
        if not found.judged:
            text = f"Its loops cannot be counted: {found.why}."
            raise Failed(Finding(Status.CRASH, text, "Its loops cannot be counted."))
        self.seen.add(("flat", dimension))

    def is_right(self, dimension: str, results: Mapping[int, object]) -> None:
        """Notes that the counted calls did the work: their results are the library's; Failed if not."""
        for size, expected in self.expected[dimension].items():
            if mismatch(results.get(size), expected, self.shapes):
                text = f"its result is wrong where they are counted, with {dimension} = {size}."
                raise Failed(Finding(Status.CRASH, f"Its loops are not judged: {text}", _NOT_JUDGED))
        self.seen.add(("right", dimension))

    def require(self) -> None:
        """Raises NoEvidence unless all that was due has been seen; Failed if a person should look at it."""
        missing = sorted(f"{what} {name}" for what, name in self.due - self.seen)
        if missing or not self.due:
            raise NoEvidence(f"a check ended without having seen: {', '.join(missing) or 'anything'}")
        if self.appeal:
            raise Failed(self.appeal)


def perform(
    check: Callable[..., None], learner: object, subject: object, evidence: Evidence
) -> Finding | None:
    """Runs a check; None if it passes, and then only with all the evidence that is due."""
    try:
        check(learner, subject, evidence)
        evidence.require()
    except Failed as failed:
        return failed.finding
    return None


def _appeal(found: loops.LoopVerdict, dimension: str, sizes: str) -> Finding:
    """What to tell of growth that is no proof."""
    discreet = f"It may loop over the data out of our sight: its work grows with {dimension}."
    text = f"It may loop over the data out of our sight: {_place(found)}"
    if found.line:
        text += f", when {dimension} was {sizes}"
    waits = "A person will look at it; until then the points for it wait."
    return Finding(Status.WRONG, f"{text}. {waits}", f"{discreet} {waits}", appeal=True)


def _place(found: loops.LoopVerdict) -> str:
    cell = f" of {found.file}" if found.file.startswith("cell") else ""
    return found.message.replace(f"line {found.line} ", f"line {found.line}{cell} ", 1)


def _same_bytes(before: np.ndarray, after: object) -> bool:
    return (
        type(after) is np.ndarray
        and before.dtype == after.dtype
        and before.shape == after.shape
        and before.tobytes() == after.tobytes()
    )
