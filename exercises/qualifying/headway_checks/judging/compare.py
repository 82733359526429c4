# Made by headway-build from course/headway_course/judging/compare.py.
"""Is what came out what was expected? Exact type, then dtype, shape, and values; nothing ever broadcasts.

The tolerance of `close` is a multiple of the rounding unit of the expected dtype, times the size of the
numbers: 1000 eps are 2e-13 for float64 and 1e-4 for float32. Most honest answers to the exercises (another
order of sums, another shift before exp, einsum for matmul) were seen up to 20 eps apart, and the nearest
named mistake of right dtype and shape half a million. But exp turns an absolute error of a score into a
relative one: half a unit in the last place of a score between 512 and 1024 is 256 eps, so np.exp(Z -
np.logaddexp.reduce(…)) was seen 480 eps off with scores up to 1000, and no case has larger ones. The size
of a number is the largest finite one in its array, since a sum rounds relative to its largest term; among
nothing but zeros, such as the log_softmax of single scores, it is 1.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np

from headway_checks.errors import CourseError
from headway_checks.fixtures import Value
from headway_checks.shapes import parse

EPS = 1000  # rounding units that two right answers may be apart
_NUMBERS = frozenset(np.sctypeDict.values())
_WHOLE = {bool: "b", int: "i"}  # what Python has of these is what numpy has


class Kind(StrEnum):
    """What is wrong with a result; a later kind is looked for only if no earlier one was found."""

    TYPE = "type"
    DTYPE = "dtype"
    SHAPE = "shape"
    NAN = "nan"
    INFINITY = "infinity"
    VALUES = "values"


@dataclass(frozen=True)
class Mismatch:
    """How a result differs: `message` quotes the result, `discreet` nothing of it (for hidden cases)."""

    kind: Kind
    message: str
    discreet: str


@dataclass(frozen=True)
class Foreign:
    """Stands for a result that is no plain numpy array or number: a list, a subclass, an object array …"""

    type_name: str
    text: str = ""


def mismatch(actual: object, expected: Value, shapes: str = "") -> Mismatch | None:
    """The first difference between a result and the expected value, or None if they are equal.

    shapes is the exercise's shape line, if the message shall name the axes.
    """
    if isinstance(expected, tuple):
        return _mismatch_of_tuples(actual, expected, shapes)
    return _mismatch(actual, expected, "Your result", _axes(shapes, 0))


def close(actual: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Where two arrays of one dtype and shape agree.

    actual (...), expected (...) -> bool (...)
    """
    if expected.dtype.kind not in "fc":
        return actual == expected
    finite = np.isfinite(expected)
    size = np.abs(np.where(finite, expected, 0))
    tolerance = EPS * np.finfo(expected.dtype).eps * (size.max(initial=0) or 1)
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(actual - expected) <= tolerance
    return np.where(finite, near, (actual == expected) | (np.isnan(actual) & np.isnan(expected)))


def _mismatch_of_tuples(actual: object, expected: tuple[np.ndarray, ...], shapes: str) -> Mismatch | None:
    due = f"expected a tuple of {len(expected)} arrays"
    if type(actual) is not tuple:
        return Mismatch(
            Kind.TYPE,
            f"Your result is {_what(actual)}, {due}: end with `return a, b`.",
            f"Your result is no tuple, {due}: end with `return a, b`.",
        )
    if len(actual) != len(expected):
        return Mismatch(
            Kind.TYPE,
            f"Your result is a tuple of {len(actual)}, {due}.",
            f"Your tuple's length is wrong: {due}.",
        )
    for i, (mine, due) in enumerate(zip(actual, expected, strict=True)):
        found = _mismatch(mine, due, f"Result {i + 1} of {len(expected)}", _axes(shapes, i))
        if found:
            return found
    return None


def _mismatch(actual: object, expected: np.ndarray, name: str, axes: tuple[str, ...]) -> Mismatch | None:
    found = _of_type(actual, expected, name)
    if found:
        return found
    actual = np.asarray(actual)  # a numpy scalar counts as an array of rank 0
    return (
        _of_dtype(actual, expected, name)
        or _of_shape(actual, expected, name, axes)
        or _of_values(actual, expected, name)
    )


def _of_type(actual: object, expected: np.ndarray, name: str) -> Mismatch | None:
    # A subclass may lie about everything that follows, so only the exact type is let through.
    if type(actual) is np.ndarray and actual.dtype != object:
        return None
    if expected.ndim == 0 and (type(actual) in _NUMBERS or _WHOLE.get(type(actual)) == expected.dtype.kind):
        return None
    due = "a numpy number" if expected.ndim == 0 else "a numpy array"
    due = f"expected {due} ({expected.dtype}, shape {expected.shape})"
    return Mismatch(
        Kind.TYPE,
        f"{name} is {_what(actual)}, {due}: {_cure(actual, expected)}",
        f"{name} has the wrong type, {due}: return what numpy gives you, a plain array.",
    )


def _of_dtype(actual: np.ndarray, expected: np.ndarray, name: str) -> Mismatch | None:
    if actual.dtype == expected.dtype:
        return None
    cure = _cure_of_dtype(actual.dtype, expected.dtype)
    return Mismatch(
        Kind.DTYPE,
        f"{name} has dtype {actual.dtype}, expected {expected.dtype}.{cure}",
        f"{name} has the wrong dtype, expected {expected.dtype}.{cure}",
    )


def _cure_of_dtype(actual: np.dtype, expected: np.dtype) -> str:
    if expected.kind == "b":
        return " Make it with `dtype=bool`, or by comparing."
    if expected.kind == "i":
        return " Count or index with whole numbers: leave out a conversion such as `.astype(float)`."
    if expected == np.float64 and actual.kind in "bi":
        return " Make numbers with a fraction of them, for example with `.astype(float)`."
    if expected.kind == actual.kind == "f":
        return " It should be that of the inputs: something on the way mixes in another one."
    return ""


def _of_shape(actual: np.ndarray, expected: np.ndarray, name: str, axes: tuple[str, ...]) -> Mismatch | None:
    if actual.shape == expected.shape:
        return None
    form = f", that is ({', '.join(axes)})" if axes not in ((), ("...",)) else ""
    due = f"expected {expected.shape}{form}"
    return Mismatch(
        Kind.SHAPE,
        f"{name} has shape {actual.shape}, {due}: {_axis(actual.shape, expected.shape, axes)}.",
        f"{name} has the wrong shape, {due}.",
    )


def _axis(actual: tuple[int, ...], expected: tuple[int, ...], axes: tuple[str, ...]) -> str:
    """Says which axis is off."""
    if len(actual) != len(expected):
        return f"{len(actual)} {'axis' if len(actual) == 1 else 'axes'} instead of {len(expected)}"
    axis = next(i for i, (mine, due) in enumerate(zip(actual, expected, strict=True)) if mine != due)
    from_end = len(expected) - axis
    letter = axes[-from_end] if 0 < from_end <= len(axes) else "..."
    named = "" if letter == "..." else f" ({letter})"
    return f"axis {axis}{named} is {actual[axis]}, it should be {expected[axis]}"


def _of_values(actual: np.ndarray, expected: np.ndarray, name: str) -> Mismatch | None:
    if np.array_equal(actual, expected):
        return None
    wrong = ~close(actual, expected)
    if not wrong.any():
        return None
    kind = Kind.VALUES
    if expected.dtype.kind in "fc":
        if (np.isnan(actual) & wrong).any():
            kind, wrong = Kind.NAN, wrong & np.isnan(actual)
        elif (np.isinf(actual) & wrong).any():
            kind, wrong = Kind.INFINITY, wrong & np.isinf(actual)
    at = tuple(int(i) for i in np.argwhere(wrong)[0])
    place = f" at {list(at)}" if at else ""
    words = {Kind.NAN: "NaN", Kind.INFINITY: "infinite", Kind.VALUES: "wrong"}[kind]
    count = f"{wrong.sum()} of its {wrong.size} values" if wrong.size > 1 else "its value"
    verb, first = ("are", "the first, ") if wrong.sum() > 1 else ("is", "")
    mine, due = _numbers(actual[at], expected[at])
    hint = _precision(actual, expected)
    return Mismatch(
        kind,
        f"{name} has the right shape {expected.shape}, but {count} {verb} {words}: "
        f"{first}{mine}{place}, should be {due}.{hint}",
        f"{name} has the right type and shape, but {words} values.{hint}",
    )


def _precision(actual: np.ndarray, expected: np.ndarray) -> str:
    """A word to those whose float64 went through float32 on the way."""
    if expected.dtype != np.float64:
        return ""
    if not np.isfinite(actual).all() or not np.isfinite(expected).all():
        return ""
    short = EPS * np.finfo(np.float32).eps * np.abs(expected).max(initial=0)
    if np.abs(actual - expected).max() > short:
        return ""
    return " Nearly right: something on the way is less precise than float64, or a small number was added."


def _numbers(mine: np.generic, due: np.generic) -> tuple[str, str]:
    """Two numbers with as few digits as tell them apart; no zero has a sign."""
    for digits in (6, 10, 17):
        texts = tuple(f"{x + 0.0:.{digits}g}" if x.dtype.kind == "f" else str(x) for x in (mine, due))
        if texts[0] != texts[1]:
            break
    return texts


def _what(actual: object) -> str:
    """The kind of thing that came instead of an array, with its article."""
    name = actual.type_name if isinstance(actual, Foreign) else type(actual).__name__
    if actual is None or name == "NoneType":
        return "None"
    if type(actual) is np.ndarray or name == "object array":
        return "a numpy array of Python objects (dtype object)"
    if isinstance(actual, np.generic):
        return f"a single number ({name})"
    if name in ("float", "int", "bool", "complex"):
        return f"a Python {name}"
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _cure(actual: object, expected: np.ndarray) -> str:
    what = _what(actual)
    if what == "None":
        return "does the function end with `return`?"
    if what.startswith("a Python") and expected.ndim == 0:
        return "a Python number has no dtype: let numpy compute it, or write `Z.dtype.type(0)`."
    if what.startswith("a Python"):
        return "leave out the conversion, such as `float(…)` or `.item()`, and return what numpy gives you."
    if what in ("a list", "a tuple"):
        return "compute with whole arrays, and no list arises."
    if "dtype object" in what:
        return "it was made from lists of different lengths, or with dtype=object."
    if what.startswith("a single number"):
        return "an axis too many was summed away."
    return "return a plain `np.ndarray`."


@cache
def _axes(shapes: str, result: int) -> tuple[str, ...]:
    if not shapes:
        return ()
    try:
        results = parse(shapes).results
    except CourseError:
        return ()
    return results[result].axes if result < len(results) else ()
