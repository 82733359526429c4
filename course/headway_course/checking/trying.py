"""Calls a learner's function on cases, and turns whatever it does into data."""

import contextlib
import inspect
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FrameType

from headway_course.asking import NotHere
from headway_course.checking.origin import Origin
from headway_course.checking.result import Loops, Trouble
from headway_course.fixtures import Case, Fixture, arguments
from headway_course.judging.audit import Audit, twin
from headway_course.judging.compare import mismatch
from headway_course.judging.loops import LoopVerdict, count_events, decide
from headway_course.manifest import Exercise

KEPT = "inputs-kept"


class NotStarted(Exception):
    """The function is still to be written, or another one that it calls, and then the text says which."""


@dataclass(frozen=True)
class Run:
    """One case and what came of it: a result or trouble, and what is wrong in words ("" if nothing is)."""

    case: Case
    result: object = None
    trouble: Trouble | None = None
    problem: str = ""


def run(function: Callable, case: Case, shapes: str, written: Origin, begun: bool = False) -> Run:
    """Calls the function on a case; raises KeyboardInterrupt, and NotStarted unless it has begun."""
    given = arguments(case.inputs)
    unfit = _unfit(function, given)
    if unfit:
        return Run(case, trouble=Trouble(unfit), problem=unfit)
    try:
        result = function(**given)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # exit() in an answer, too, is only an answer that went wrong
        if isinstance(error, NotHere | NotImplementedError) and not begun:
            raise NotStarted(_missing(error, function)) from None
        trouble = describe(error, written)
        return Run(case, trouble=trouble, problem=trouble.message)
    found = mismatch(result, case.expected, shapes)
    if found:
        return Run(case, result, problem=found.message)
    changed = _changed(given, case) if case.group == KEPT else ""
    return Run(case, result, problem=changed)


def describe(error: BaseException, written: Origin) -> Trouble:
    """What an error says, and the last line of the learner's own that led to it."""
    place = code = ""
    for frame, line in _frames(error):
        file = frame.f_code.co_filename
        if file in written.texts:
            place, code = written.place(file, line), written.code(file, line)
    try:
        text = str(error)
    except Exception:  # an exception class of the learner's own, broken
        text = ""
    text = text if len(text) <= 300 else f"{text[:300]} …"
    return Trouble(f"{type(error).__name__}: {text}" if text else type(error).__name__, place, code)


def count_loops(function: Callable, exercise: Exercise, fixture: Fixture, written: Origin) -> Loops:
    """The first dimension over which Python loops and may not; raises KeyboardInterrupt."""
    trees = written.trees
    unclear = None
    for dimension, steps in fixture.growth_outside(exercise.loops_over).items():
        audit = Audit(trees)
        audited = twin(function, trees, audit)
        with contextlib.redirect_stdout(io.StringIO()):
            counts = {size: count_events(audited, arguments(inputs), audit) for size, inputs in steps}
        if any(c.raised == "KeyboardInterrupt" for c in counts.values()):
            raise KeyboardInterrupt
        verdict = decide(counts, trees, getattr(inspect.unwrap(function), "__name__", ""))
        if verdict.found:
            return Loops(verdict, dimension, tuple(counts), written.titles.get(verdict.file, ""))
        unclear = unclear or (None if verdict.judged else Loops(verdict, dimension))
    return unclear or Loops(LoopVerdict(False))


def _unfit(function: Callable, given: Mapping[str, object]) -> str:
    """Says so if the function cannot be called with the parameters of its exercise."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # a function in C
        return ""
    try:
        signature.bind(**given)
    except TypeError:
        called = f"{function.__name__}({', '.join(f'{name}=…' for name in given)})"
        return (
            f"Your function is {function.__name__}{signature}, but it is called as {called}: "
            "take its first line from the exercise as it stands."
        )
    return ""


def _missing(error: NotHere | NotImplementedError, function: Callable) -> str:
    """Names the function that is not written yet, unless it is the one that was called."""
    if isinstance(error, NotHere):
        return str(error)
    *_, (frame, _) = _frames(error)
    if frame.f_code is getattr(inspect.unwrap(function), "__code__", None):
        return ""
    return f"It calls `{frame.f_code.co_name}`, which is not written yet: solve that one first."


def _changed(given: Mapping[str, object], case: Case) -> str:
    """Says so if an input array is not what it was before the call."""
    for name, before in case.inputs.items():
        after = given[name]
        if before.ndim and (before.shape != after.shape or before.tobytes() != after.tobytes()):
            return f"Your function changes its input {name}: work on a copy, or make a new array."
    return ""


def _frames(error: BaseException) -> list[tuple[FrameType, int]]:
    """The frames of a traceback with their lines, the innermost last."""
    frames, trace = [], error.__traceback__
    while trace:
        frames.append((trace.tb_frame, trace.tb_lineno))
        trace = trace.tb_next
    return frames
