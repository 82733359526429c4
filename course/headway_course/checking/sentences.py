"""The sentences of a check's result, which its text and its HTML share."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from headway_course.checking.excerpt import (
    Excerpt,
    describe,
    dtypes,
    excerpts,
    is_showable,
    one,
    wrong_numbers,
)
from headway_course.errors import CourseError
from headway_course.judging.compare import Kind, mismatch
from headway_course.shapes import parse

if TYPE_CHECKING:
    from headway_course.checking.result import CheckResult

FEW = 12  # numbers of an input that text shows
RIGHT, NOT_RIGHT = "✓ right", "✗ not right"


def headline(result: "CheckResult") -> str:
    """How it went, in a few words."""
    passed = sum(group.passed for group in result.groups)
    match result.status:
        case "pass":
            if result.lacking:
                return "right here, but not at hand-in"
            if result.good:
                return "right"
            suspected = result.loops is not None and result.loops.verdict.appeal
            return "right, but a person will look for loops" if suspected else "right, but it loops in Python"
        case "partial":
            verb = "is" if passed == 1 else "are"
            return f"not yet, {passed} of {len(result.groups)} groups {verb} right"
        case "wrong":
            return "not right yet"
        case "refused":
            return "uses something that is not allowed"
        case "crash":
            return "ends with an error"
        case "timeout":
            return "not finished in time"
        case "interrupted":
            return "interrupted"
    return "waits for another answer" if result.trouble else "not started"


def advice(result: "CheckResult") -> str:
    """What to do where nothing could be judged."""
    if result.trouble and result.trouble.message and result.status == "not-started":
        return result.trouble.message
    name = result.exercise.name
    if result.status == "not-started":
        return (
            f"Write {name} in the place of `raise NotImplementedError()`, run its cell, and check again. "
            f"Shapes: {result.exercise.shapes}"
        )
    if result.status in ("interrupted", "timeout"):
        return "Is there a loop that never ends?"
    return ""


def trouble(result: "CheckResult") -> Iterator[str]:
    """What the function raised, and where: a line or two."""
    if result.trouble is None or result.status == "not-started":
        return
    if result.trouble.place:
        code = f": `{result.trouble.code}`" if result.trouble.code else ""
        stopped = result.status in ("interrupted", "timeout")
        yield f"{'It was in' if stopped else 'In'} {result.trouble.place}{code}"
    if result.trouble.message:
        yield result.trouble.message


def problem(result: "CheckResult") -> str:
    """What is wrong in the first group that failed, unless it raised an error."""
    if result.trouble:
        return ""
    return next((group.message for group in result.groups if not group.passed), "")


def example(result: "CheckResult") -> str:
    """The inputs of the example, as shapes."""
    case = result.example.case
    title = next(group.title for group in result.groups if group.name == case.group)
    inputs = ", ".join(
        f"{name} = {a.item()}" if a.ndim == 0 else describe(name, a) for name, a in case.inputs.items()
    )
    return f"For example ({title}) with {inputs}"


def tables(result: "CheckResult") -> tuple[Excerpt, ...]:
    """What was expected in the example, what came, and how they differ, if that can be shown.

    Of several results the first that is wrong.
    """
    expected, actual = result.example.case.expected, result.example.actual
    if result.trouble or mismatch(actual, expected) is None:
        return ()
    axes = [array.axes for array in _shapes(result, "results")]
    if not isinstance(expected, tuple):
        return _tables(expected, actual, axes[0] if axes else ())
    if not isinstance(actual, tuple) or len(actual) != len(expected):
        return ()
    pairs = list(zip(expected, actual, strict=True))
    number = next(i for i, (due, mine) in enumerate(pairs) if mismatch(mine, due))
    which = f", result {number + 1} of {len(pairs)},"
    return _tables(*pairs[number], axes[number] if number < len(axes) else (), which)


def _tables(due: np.ndarray, mine: object, axes: tuple[str, ...], which: str = "") -> tuple[Excerpt, ...]:
    kind = mismatch(mine, due).kind
    if kind is Kind.TYPE or not is_showable(mine):
        return ()
    if kind is not Kind.DTYPE:
        return excerpts(due, mine, axes, which)
    mine = np.asarray(mine)
    same = mine.shape == due.shape and not wrong_numbers(mine, due).any()
    return (dtypes(due, mine, same), *(() if same else excerpts(due, mine, axes, which)))


def input_tables(result: "CheckResult") -> tuple[Excerpt, ...]:
    """The beginning of each input of the example that is an array."""
    axes = {array.name: array.axes for array in _shapes(result, "arguments")}
    inputs = result.example.case.inputs.items()
    return tuple(one(name, a, axes.get(name, ())) for name, a in inputs if np.ndim(a))


def has_few_inputs(result: "CheckResult") -> bool:
    """Whether each input of the example can be read at a glance."""
    return all(a.size <= FEW for a in result.example.case.inputs.values())


def try_it(result: "CheckResult") -> str:
    """Code that runs the function on the example."""
    name = result.exercise.name
    return f"inputs = check({name}).example.inputs; {name}(**inputs)"


def loops(result: "CheckResult") -> str:
    """What the loop counter found."""
    if result.loops is None:
        return ""
    verdict = result.loops.verdict
    if not verdict.judged:
        return f"not counted, because {verdict.why}."
    if not verdict.found:
        return "none in Python that grows with the input."
    sizes = ", ".join(str(size) for size in result.loops.sizes)
    where = f" of {result.loops.place}" if result.loops.place and verdict.line else ""
    said = verdict.message.replace(f"line {verdict.line}", f"line {verdict.line}{where}", 1)
    if verdict.appeal:
        waits = "At hand-in a person looks at it before it counts."
        return f"{said}, as {result.loops.dimension} went {sizes}. {waits}"
    return f"{said} as {result.loops.dimension} went {sizes}. Numpy can do all of them in one call."


def later(result: "CheckResult") -> str:
    """What is judged later."""
    what = "Speed and memory" if result.exercise.memory else "Speed"
    return f"{what}: judged when you hand in."


def hint_command(result: "CheckResult") -> str:
    return f"headway hint {result.exercise.name}"


def after_the_last_hint(name: str, terminal: bool = False) -> str:
    """What there is when no hint is left, as one calls it in a notebook or in a terminal."""
    show, give_up = f'model_answer("{name}")', f'give_up("{name}")'
    if terminal:
        show, give_up = f"headway answer {name}", f"headway give-up {name}"
    return (
        f"This was the last hint. What is left is the model answer: `{show}` shows it once yours has passed, "
        f"or after `{give_up}`."
    )


def wants_hints(result: "CheckResult") -> bool:
    """Whether there is something left that hints are for."""
    return not result.good and bool(result.exercise.hints)


def _shapes(result: "CheckResult", side: str) -> tuple:
    try:
        return getattr(parse(result.exercise.shapes), side)
    except CourseError:
        return ()
