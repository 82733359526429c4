"""A small piece of an array as text: the slice with the first wrong number in it, rounded, elsewhere `…`."""

from dataclasses import dataclass

import numpy as np

from headway_course.judging.compare import close

ROWS, COLUMNS = 5, 7


@dataclass(frozen=True)
class Number:
    """One number as text, and whether it is marked as wrong."""

    text: str
    wrong: bool = False


@dataclass(frozen=True)
class Excerpt:
    """Rows of numbers; `title` names the array's shape, `place` the slice of one with more than two axes."""

    title: str
    place: str
    rows: tuple[tuple[Number, ...], ...]


def excerpts(expected: np.ndarray, actual: object, axes: tuple[str, ...]) -> tuple[Excerpt, ...]:
    """What was expected, and what came if it is an array: cut alike, so that they can be compared."""
    expected = np.asarray(expected)
    if not _showable(actual):
        return (_excerpt("expected", expected, axes),)
    actual = np.asarray(actual)
    if actual.shape != expected.shape:
        return _excerpt("expected", expected, axes), _excerpt("yours", actual, ())
    wrong = _wrong(actual, expected)
    at = tuple(int(i) for i in np.argwhere(wrong)[0]) if wrong.any() else (0,) * wrong.ndim
    return (
        _excerpt("expected", expected, axes, at, wrong, other=actual, marked=False),
        _excerpt("yours", actual, (), at, wrong, other=expected),
    )


def one(name: str, a: np.ndarray, axes: tuple[str, ...] = ()) -> Excerpt:
    """The beginning of an array."""
    return _excerpt(name, np.asarray(a), axes)


def describe(name: str, a: np.ndarray, axes: tuple[str, ...] = ()) -> str:
    """An array in words: its name, dtype unless float64, shape, and what its axes are called."""
    if np.ndim(a) == 0 and not axes:
        return name if np.asarray(a).dtype == float else f"{name} {np.asarray(a).dtype}"
    dtype = "" if a.dtype == float else f" {a.dtype}"
    named = f" = ({', '.join(axes)})" if axes and axes != ("...",) else ""
    return f"{name}{dtype} {a.shape}{named}"


def _showable(actual: object) -> bool:
    if type(actual) is np.ndarray:
        return actual.dtype.kind in "biuf"
    return isinstance(actual, np.generic | float | int)


def _wrong(actual: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Where the values differ, whatever the dtypes."""
    kind = np.result_type(actual, expected) if actual.dtype != expected.dtype else expected.dtype
    if expected.dtype == np.float32:
        kind = expected.dtype
    with np.errstate(all="ignore"):
        return ~close(actual.astype(kind), expected.astype(kind))


def _excerpt(
    name: str,
    a: np.ndarray,
    axes: tuple[str, ...],
    at: tuple[int, ...] | None = None,
    wrong: np.ndarray | None = None,
    other: np.ndarray | None = None,
    marked: bool = True,
) -> Excerpt:
    """The slice of `a` around `at`; where it is wrong, in as many digits as tell it from the other."""
    at = (0,) * a.ndim if at is None else at
    title = describe(name, a, axes)
    if a.size == 0:
        return Excerpt(title, "empty", ())
    leading = at[: max(a.ndim - 2, 0)]
    other = a if other is None or wrong is None else np.where(wrong, other, a)
    marks = wrong if marked else None
    table, marks, twin = (None if b is None else np.atleast_2d(b[leading]) for b in (a, marks, other))
    row, column = (0, 0, *at)[-2:]
    rows, columns = _window(table.shape[0], row, ROWS), _window(table.shape[1], column, COLUMNS)
    place = f"[{', '.join(str(i) for i in leading)}]" if leading else ""
    numbers = tuple(tuple(_number(table, marks, twin, i, j) for j in columns) for i in rows)
    return Excerpt(title, place, numbers)


def _window(size: int, at: int, limit: int) -> list[int | None]:
    """Which of `size` indices are shown, so that `at` is among them; None stands for what is left out."""
    if size <= limit:
        return list(range(size))
    first = 0 if at < limit else at - limit + 1
    shown: list[int | None] = list(range(first, first + limit))
    return [None] * (first > 0) + shown + [None] * (first + limit < size)


def _number(
    table: np.ndarray, marks: np.ndarray | None, twin: np.ndarray, i: int | None, j: int | None
) -> Number:
    if i is None or j is None:
        return Number("…")
    marked = marks is not None and bool(marks[i, j])
    return Number(_digits(table[i, j], twin[i, j]), marked)


def _digits(x: np.generic, other: np.generic) -> str:
    """A number with four digits, or as many more as tell it from the other one; no zero has a sign."""
    if x.dtype.kind != "f":
        return str(x)
    x, other = x + 0.0, other + 0.0
    for digits in (4, 7, 17):
        text = f"{x:.{digits}g}"
        if x == other or text != f"{other:.{digits}g}":
            break
    return text
