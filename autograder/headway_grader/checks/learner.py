"""`learner`: what somebody handed in for one exercise, as a proxy into the sandbox."""

import builtins
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from headway_course.fixtures import Case, arguments
from headway_course.judging.compare import Foreign
from headway_course.judging.loops import Counts

from headway_grader.checks.evidence import Failed, Finding, Trees
from headway_grader.reference import Growth
from headway_grader.sandbox import Sandbox, forms
from headway_grader.sandbox.forms import End, Enough, Job, Limits, Outcome, Piece, Raised, Result, Returned
from headway_grader.sandbox.guard import EVENTS
from headway_grader.verdict import Status

LIMITS = Limits(cpu_seconds=4)  # of one check
SECONDS = 8  # of CPU for all the checks of one exercise
REHEARSAL = Limits(cpu_seconds=1, wall_seconds=5)  # an answer without loops takes a hundredth of it


class SandboxFault(Exception):
    """The sandbox failed, not what ran in it."""


@dataclass(frozen=True)
class Answer:
    """An answer ready to run: its name, the learner's statements, and the library's functions below them.

    shapes is the exercise's shape line; trees are the statements by file, to name a loop.
    """

    function: str
    pieces: tuple[Piece, ...]
    prelude: Mapping[str, str]
    prerequisites: tuple[str, ...]
    shapes: str
    trees: Trees


class Learner:
    """An answer that can be called, each time in a fresh process; `log` keeps what came out of each case.

    After a rehearsal that went well, calls are answered from that one process, until it is forgotten.
    """

    def __init__(self, answer: Answer, sandbox: Sandbox, limits: Limits | None = None) -> None:
        self.answer = answer
        self.sandbox = sandbox
        self.limits = limits or LIMITS
        self.seconds = 0.0
        self.log: dict[tuple[str, str], tuple[Case, object]] = {}
        self._rehearsed: dict[tuple[str, str], Returned] = {}

    def rehearse(self, cases: Sequence[Case]) -> bool:
        """Runs many cases in one process, which costs a fraction of a process for each group.

        True if every call returned. If not, nothing is kept: a crash shall cost the group it happens in.
        """
        outcome = self._outcome([case.inputs for case in cases], "keep", REHEARSAL)
        if outcome.end is End.FINISHED and all(isinstance(result, Returned) for result in outcome.results):
            self._rehearsed = dict(zip(map(_key, cases), outcome.results, strict=True))
        return bool(self._rehearsed)

    def forget(self) -> None:
        self._rehearsed = {}

    def results(self, cases: Sequence[Case]) -> Iterator[tuple[Case, object]]:
        """Each case with the function's result; raises Failed at the first that has none."""
        for case, result in self._run(cases, "call"):
            yield case, python_value(result.value)

    def results_and_inputs(self, cases: Sequence[Case]) -> Iterator[tuple[Case, object, dict[str, object]]]:
        """As `results`, with the inputs as they are after the call."""
        for case, result in self._run(cases, "keep"):
            yield (
                case,
                python_value(result.value),
                {name: python_value(value) for name, value in result.kept.items()},
            )

    def counts(self, growth: Growth) -> Iterator[tuple[str, dict[int, Counts], dict[int, object]]]:
        """For each dimension, by size: what Python did, and the result; raises Failed where there is none."""
        counted: list[Counted] = []
        self.count([growth], lambda stage: bool(counted.append(stage)))
        yield from counted[0].counts(growth)

    def count(self, stages: Sequence[Growth], is_enough: Callable[["Counted"], bool]) -> None:
        """Counts stage after stage in one process, and shows each, until it is enough or the last is shown.

        A stage is shown once the next one has begun, so nothing that it did is still on its way.
        """
        calls = [
            (stage, dimension, inputs)
            for stage, growth in enumerate(stages)
            for dimension, steps in growth.items()
            for _, inputs in steps
        ]
        fresh = tuple(n for n in range(1, len(calls)) if calls[n][:2] != calls[n - 1][:2])
        parts = [[n for n, call in enumerate(calls) if call[0] == stage] for stage in range(len(stages))]
        shown: list[bool] = []

        def show(results: Sequence[Result], finding: Finding | None = None) -> bool:
            part = parts[len(shown)]
            shown.append(is_enough(Counted(self.answer, results[part[0] : part[-1] + 1], finding)))
            return shown[-1]

        def enough(results: Sequence[Result]) -> bool:
            more = len(shown) < len(stages) - 1 and len(results) > parts[len(shown)][-1] + 1
            return any(shown) or (more and show(results))

        try:
            outcome = self._in_time([inputs for *_, inputs in calls], "count", fresh, enough)
            results = outcome.results
            finding = _ended(outcome, None, self.limits) if len(results) < len(calls) else None
        except Failed as failed:
            results, finding = (), failed.finding
        while len(shown) < len(stages) and not any(shown):
            show(results, finding)

    def _run(self, cases: Sequence[Case], mode: str) -> Iterator[tuple[Case, Returned]]:
        if all(_key(case) in self._rehearsed for case in cases):
            outcome = Outcome(End.FINISHED, tuple(self._rehearsed[_key(case)] for case in cases))
        else:
            outcome = self._in_time([case.inputs for case in cases], mode)
        for case, result in zip(cases, outcome.results, strict=False):
            self.log[_key(case)] = case, result if isinstance(result, Raised) else python_value(result.value)
        for case, result in zip(cases, outcome.results, strict=False):
            if isinstance(result, Raised):
                raise Failed(_raised(result, case, outcome.import_errors))
            yield case, result
        if len(outcome.results) < len(cases):
            raise Failed(_ended(outcome, cases[len(outcome.results)], self.limits))

    def _in_time(
        self,
        inputs: Sequence[Mapping[str, np.ndarray]],
        mode: str,
        fresh: tuple[int, ...] = (),
        enough: Enough | None = None,
    ) -> Outcome:
        """A run on the time that the exercise has left; raises Failed if that is none."""
        if self.seconds >= SECONDS:
            raise Failed(_out_of_time())
        outcome = self._outcome(inputs, mode, self.limits, fresh, enough)
        self.seconds += self.limits.cpu_seconds if outcome.end is End.TIMEOUT else outcome.cpu_seconds
        return outcome

    def _outcome(
        self,
        inputs: Sequence[Mapping[str, np.ndarray]],
        mode: str,
        limits: Limits,
        fresh: tuple[int, ...] = (),
        enough: Enough | None = None,
    ) -> Outcome:
        outcome = self.sandbox.run(
            Job(
                self.answer.pieces,
                self.answer.function,
                [arguments(call) for call in inputs],
                self.answer.prelude,
                self.answer.prerequisites,
                mode,
                limits,
                fresh,
            ),
            enough,
        )
        if outcome.end is End.SANDBOX_FAULT:
            raise SandboxFault(outcome.detail)
        if outcome.end is End.REFUSED and limits is not REHEARSAL:
            raise Failed(_refused(outcome))
        return outcome


@dataclass(frozen=True)
class Counted:
    """What was counted in one stage, in the place of the learner; finding says why results are missing."""

    answer: Answer
    results: Sequence[Result]
    finding: Finding | None

    def counts(self, growth: Growth) -> Iterator[tuple[str, dict[int, Counts], dict[int, object]]]:
        """For each dimension, by size: what Python did, and the result; raises Failed where there is none."""
        calls = [(dimension, size) for dimension, steps in growth.items() for size, _ in steps]
        found = {dimension: ({}, {}) for dimension in growth}
        for (dimension, size), result in zip(calls, self.results, strict=False):
            if isinstance(result, Raised):
                raise Failed(_raised(result, None))
            counts, results = found[dimension]
            counts[size], results[size] = result.counts, result.value and python_value(result.value)
        if len(self.results) < len(calls):
            raise Failed(self.finding)
        for dimension, (counts, results) in found.items():
            yield dimension, counts, results


def _key(case: Case) -> tuple[str, str]:
    return case.group, case.name


def python_value(value: forms.Value) -> object:
    """What came out of the sandbox, as comparing takes it."""
    match value:
        case forms.Array(data, scalar):
            return data[()] if scalar else data
        case forms.Scalar(number):
            return number
        case forms.Tuple(parts):
            return tuple(python_value(part) for part in parts)
        case forms.Other(type_name, text):
            return Foreign(type_name, text)


def _raised(error: Raised, case: Case | None, earlier: Sequence[Raised] = ()) -> Finding:
    """An exception, and the statement that failed before it if that left a name undefined."""
    text = f"Your function raises {_error(error)}."
    for cause in earlier:
        if error.type == "NameError" and any(f"'{name}'" in error.message for name in cause.binds):
            text = f"{', '.join(cause.binds)} is not defined, since its definition raises {_error(cause)}."
    # The learner chooses names of classes and texts, so hidden numbers could be in them.
    known = error.type if isinstance(getattr(builtins, error.type, None), type) else "an error"
    discreet = f"Your function raises {known}."
    if error.type == "MemoryError":
        text = discreet = f"Your function needs more memory than the {_gigabytes(LIMITS)} that it has."
    special = {"NotImplementedError": Status.NOT_STARTED, "MemoryError": Status.MEMORY}
    return Finding(special.get(error.type, Status.CRASH), text, discreet, case)


def _error(error: Raised) -> str:
    text = f"{error.type}: {error.message}" if error.message else error.type
    place = f"line {error.line}" if error.line else ""
    cell = f" of {error.cell}" if error.cell.startswith("cell") else ""
    return f"{text} ({place}{cell})" if place else text


def _ended(outcome: Outcome, case: Case | None, limits: Limits) -> Finding:
    """Why a run gave no result for a case; learners have no hand in these words."""
    status, text = {
        End.TIMEOUT: (Status.TIMEOUT, f"did not return {outcome.detail.replace('after', 'in', 1)}"),
        End.MEMORY: (Status.MEMORY, f"needs more memory than the {_gigabytes(limits)} that it has"),
        End.FLOODED: (Status.CRASH, f"prints more than {limits.output_bytes >> 10} kB, or returns too much"),
        End.DIED: (Status.CRASH, "ended its process before it returned"),
    }.get(outcome.end, (Status.CRASH, "sent back what cannot be read"))
    return Finding(status, f"Your function {text}.", f"Your function {text}.", case)


def _refused(outcome: Outcome) -> Finding:
    """The code got past the reading of its text, and was stopped when it reached for the interpreter."""
    # Other names of events may be the learner's own, so hidden numbers could be in them.
    how = f" ({outcome.detail})" if outcome.detail in EVENTS else ""
    text = f"Stopped: an answer works on its arguments, not on the interpreter{how}."
    return Finding(Status.REFUSED, text, text)


def _gigabytes(limits: Limits) -> str:
    return f"{limits.memory_bytes / (1 << 30):g} GB"


def _out_of_time() -> Finding:
    text = f"those before used up the {SECONDS} seconds that one exercise has."
    return Finding(Status.TIMEOUT, f"Not run: {text}", text, skipped=True)
