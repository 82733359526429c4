"""A learner's function at work: called on a case, what came of it, and in which of its lines."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import CodeType, FrameType, FunctionType

from headway_course.errors import NotHere
from headway_course.fixtures import Case, arguments
from headway_course.judging.compare import mismatch
from headway_course.judging.diagnose import RAISED, diagnose, size

KEPT = "inputs-kept"


class NotStarted(Exception):
    """The function is still to be written, or another one that it calls, and then the text says which."""


@dataclass(frozen=True)
class Trouble:
    """What the learner's function raised: in their words and lines, without ours."""

    message: str
    place: str = ""
    code: str = ""


@dataclass(frozen=True)
class Written:
    """The learner's text by file (as Python names it), and what each file is called."""

    texts: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def place(self, file: str, line: int) -> str:
        """A line as a person would name it: "line 3 of cell 5"."""
        title = self.titles.get(file, "")
        return f"line {line} of {title}" if title else f"line {line}"

    def code(self, file: str, line: int) -> str:
        """The text of a line."""
        lines = self.texts.get(file, "").split("\n")
        return lines[line - 1].strip() if 0 < line <= len(lines) else ""


@dataclass(frozen=True)
class Run:
    """One case and what came of it: a result or trouble, and what is wrong in words ("" if nothing is)."""

    case: Case
    result: object = None
    trouble: Trouble | None = None
    problem: str = ""


def run(function: Callable, case: Case, shapes: str, written: Written, begun: bool = False) -> Run:
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


def run_all(
    function: Callable, cases: Iterable[Case], shapes: str, written: Written | None = None
) -> list[Run]:
    """Calls the function on cases; raises KeyboardInterrupt, and NotStarted if it is still to be written."""
    runs: list[Run] = []
    for case in cases:
        runs.append(run(function, case, shapes, written or Written(), begun=bool(runs)))
    return runs


def telling(runs: Iterable[Run]) -> Run | None:
    """Of the first group that failed, the case with the fewest numbers in it; one with a result, if any."""
    failed = [r for r in runs if r.problem]
    first = [r for r in failed if r.case.group == failed[0].case.group]

    def rank(r: Run) -> tuple[bool, int]:
        return r.trouble is not None, size(r.case)

    return min(first, key=rank, default=None)


def mistake(runs: Sequence[Run], shown: Run) -> str:
    """The named mistake that explains the group of the run that is shown; "" if none does."""
    results = ((r.case, RAISED if r.trouble else r.result) for r in runs)
    return diagnose(results, shown.case.group) or ""


def blame(name: str, called: str) -> str:
    """What is said of an answer that calls an earlier one of the learner's, which is not right."""
    return (
        f"`{name}` calls your `{called}`, which is not right yet: mend that first. "
        "At hand-in the course's stands in its place."
    )


def describe(error: BaseException, written: Written) -> Trouble:
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


def own_functions(function: FunctionType) -> list[FunctionType]:
    """The function and all that it uses of the functions defined beside it."""
    reached, pending = [], [function]
    while pending:
        found = pending.pop()
        if found in reached:
            continue
        reached.append(found)
        used = (inspect.unwrap(value) for value in _used(found) if callable(value))
        used = (other for other in used if isinstance(other, FunctionType))
        pending += [other for other in used if other.__globals__ is function.__globals__]
    return reached


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


def _used(function: FunctionType) -> list[object]:
    """The values of the global names in a function's code, inner functions included."""
    names, pending = set(), [function.__code__]
    while pending:
        code = pending.pop()
        names.update(code.co_names)
        pending += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return [function.__globals__[name] for name in sorted(names) if name in function.__globals__]
