"""Small tables of an example: what was expected, what came, how they differ, how their shapes do.

Of a large array the slice with the first wrong number is shown, and `…` for what is left out of that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from headway_course.judging.compare import close

ROWS, COLUMNS = 5, 7
NOTHING = "–"


@dataclass(frozen=True)
class Number:
    """One entry as text, whether it is wrong and what is due, how large it is (-1 to 1; None: no colour)."""

    text: str
    wrong: bool = False
    due: str = ""
    heat: float | None = None


@dataclass(frozen=True)
class Excerpt:
    """A table of numbers. `title` names it, `place` the slice of an array with more than two axes.

    Heads count from 0 along the array, or are names; `is_partial` says that without them it cannot be read.
    """

    title: str
    place: str
    rows: tuple[tuple[Number, ...], ...]
    row_heads: tuple[str, ...] = ()
    column_heads: tuple[str, ...] = ()
    is_partial: bool = False


@dataclass(frozen=True)
class _Cut:
    """Which slice of an array is shown, and which rows and columns of it; None: something is left out."""

    shape: tuple[int, ...]
    leading: tuple[int, ...]
    rows: tuple[int | None, ...]
    columns: tuple[int | None, ...]

    @classmethod
    def around(cls, shape: tuple[int, ...], at: Sequence[int] = ()) -> "_Cut":
        """The slice with an entry in it; the beginning by default."""
        at = tuple(map(int, at)) or (0,) * len(shape)
        row, column = (0, 0, *at)[-2:]
        height, width = (1, 1, *shape)[-2:]
        leading = at[: max(len(shape) - 2, 0)]
        return cls(shape, leading, _window(height, row, ROWS), _window(width, column, COLUMNS))

    @property
    def place(self) -> str:
        return f"[{', '.join(str(i) for i in self.leading)}, :, :]" if self.leading else ""

    def of(self, a: np.ndarray) -> np.ndarray:
        """The slice, as a matrix."""
        return np.atleast_2d(a[self.leading])

    def table(self, title: str, numbers: Sequence[Sequence[Number]], note: str = "") -> Excerpt:
        """An excerpt of these, which are those of the whole slice; the note is said after its place."""
        rows = tuple(
            tuple(Number("…") if None in (i, j) else numbers[i][j] for j in self.columns) for i in self.rows
        )
        row_heads, column_heads = (
            tuple("…" if i is None else str(i) for i in side) for side in (self.rows, self.columns)
        )
        is_partial = None in (*self.rows, *self.columns)
        row_heads = row_heads if len(self.shape) > 1 else ()
        return Excerpt(title, self.place + note, rows, row_heads, column_heads, is_partial)


def excerpts(
    expected: np.ndarray, actual: object, axes: tuple[str, ...], which: str = ""
) -> tuple[Excerpt, ...]:
    """What was expected, what came, and how they differ, cut alike; how the shapes do, if these differ.

    which is said after the names of the tables.
    """
    expected = np.asarray(expected)
    if not is_showable(actual):
        return (one(f"expected{which}", expected, axes),)
    actual = np.asarray(actual)
    if actual.shape != expected.shape:
        shapes = _shapes(actual.shape, expected.shape, axes, which)
        return shapes, one(f"expected{which}", expected, axes), one(f"yours{which}", actual)
    wrong = wrong_numbers(actual, expected)
    if wrong.size == 0:
        return (one(f"expected{which}", expected, axes), one(f"yours{which}", actual))
    at = np.argwhere(wrong)[0] if wrong.any() else ()
    return _compared(expected, actual, wrong, _Cut.around(wrong.shape, at), axes, which)


def dtypes(expected: np.ndarray, actual: np.ndarray, agree: bool) -> Excerpt:
    """Two dtypes, one above the other, and whether the numbers agree all the same."""
    entries = ((Number(str(expected.dtype)),), (Number(str(actual.dtype), True, str(expected.dtype)),))
    title = "dtype; the numbers agree" if agree else "dtype"
    return Excerpt(title, "", entries, ("expected", "yours"), (), True)


def one(name: str, a: np.ndarray, axes: tuple[str, ...] = ()) -> Excerpt:
    """The beginning of an array."""
    a = np.asarray(a)
    title = describe(name, a, axes)
    if a.size == 0:
        return Excerpt(title, "empty", ())
    cut = _Cut.around(a.shape)
    table = cut.of(a)
    return cut.table(title, _numbers(table, table, _scale(table)))


def describe(name: str, a: np.ndarray, axes: tuple[str, ...] = ()) -> str:
    """An array in words: its name, dtype unless float64, shape, and what its axes are called."""
    if np.ndim(a) == 0 and not axes:
        return name if np.asarray(a).dtype == float else f"{name} {np.asarray(a).dtype}"
    dtype = "" if a.dtype == float else f" {a.dtype}"
    named = f" = ({', '.join(axes)})" if axes and axes != ("...",) else ""
    return f"{name}{dtype} {a.shape}{named}"


def is_showable(actual: object) -> bool:
    """Whether this is an array of numbers, or one number."""
    if type(actual) is np.ndarray:
        return actual.dtype.kind in "biuf"
    return isinstance(actual, np.generic | float | int)


def wrong_numbers(actual: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Where the values differ, whatever the dtypes.

    actual (...), expected (...) -> bool (...)
    """
    kind = np.result_type(actual, expected) if actual.dtype != expected.dtype else expected.dtype
    if expected.dtype == np.float32:
        kind = expected.dtype
    with np.errstate(all="ignore"):
        return ~close(actual.astype(kind), expected.astype(kind))


def _compared(
    expected: np.ndarray,
    actual: np.ndarray,
    wrong: np.ndarray,
    cut: _Cut,
    axes: tuple[str, ...],
    which: str,
) -> tuple[Excerpt, ...]:
    """Expected, yours, and yours - expected, with one scale of colour for the first two."""
    titles = describe(f"expected{which}", expected, axes), describe(f"yours{which}", actual)
    due, mine, marks = (cut.of(a) for a in (expected, actual, wrong))
    twin_of_due, twin_of_mine = np.where(marks, mine, due), np.where(marks, due, mine)
    scale = _scale(due)
    tables = (
        cut.table(titles[0], _numbers(due, twin_of_due, scale)),
        cut.table(titles[1], _numbers(mine, twin_of_mine, scale, marks), _slices(wrong)),
    )
    if expected.dtype.kind == "b" or actual.dtype.kind == "b" or not wrong.any():
        return tables
    return (*tables, cut.table("yours - expected", _differences(mine, due, marks)))


def _slices(wrong: np.ndarray) -> str:
    """How many slices have something wrong, if there are several."""
    if wrong.ndim < 3:
        return ""
    number = int(wrong.any(axis=(-2, -1)).sum())
    return f", the first of {number} slices that differ" if number > 1 else ""


def _numbers(
    table: np.ndarray, twin: np.ndarray, scale: tuple[float, float], marks: np.ndarray | None = None
) -> list[list[Number]]:
    """Every entry, in as many digits as tell it from its twin."""
    low, high = scale
    marks = np.zeros(table.shape, bool) if marks is None else marks

    def number(i: int, j: int) -> Number:
        x, due = table[i, j], _digits(twin[i, j], table[i, j]) if marks[i, j] else ""
        heat = (
            float(np.clip((float(x) - low) / (high - low), 0, 1)) if high > low and np.isfinite(x) else None
        )
        return Number(_digits(x, twin[i, j]), bool(marks[i, j]), due, heat)

    return [[number(i, j) for j in range(table.shape[1])] for i in range(table.shape[0])]


def _differences(mine: np.ndarray, due: np.ndarray, marks: np.ndarray) -> list[list[Number]]:
    """How much more is mine than due, where that is more than rounding."""
    with np.errstate(all="ignore"):
        off = np.where(marks, mine.astype(float) - due.astype(float), 0.0)
        largest = np.abs(np.where(np.isfinite(off), off, 0)).max(initial=0)

    def number(d: float) -> Number:
        if d == 0:
            return Number("0", heat=0.0)
        heat = float(d / largest) if largest and np.isfinite(d) else None
        return Number(f"{d:+.3g}" if np.isfinite(d) else str(d), heat=heat)

    return [[number(d) for d in row] for row in off]


def _scale(table: np.ndarray) -> tuple[float, float]:
    """The smallest and the largest finite number."""
    finite = table[np.isfinite(table)].astype(float)
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def _shapes(actual: tuple[int, ...], expected: tuple[int, ...], axes: tuple[str, ...], which: str) -> Excerpt:
    """Two shapes, axis under axis: equal sizes under one another where the numbers of axes differ."""
    pairs = _aligned(actual, expected)
    names = iter(_axis_names(expected, axes))
    heads = tuple("" if due is None else next(names) for _, due in pairs)
    due = tuple(Number(NOTHING if due is None else str(due)) for _, due in pairs)
    mine = tuple(Number(NOTHING if size is None else str(size), size != due, str(due)) for size, due in pairs)
    return Excerpt(f"shape{which}", "", (due, mine), ("expected", "yours"), heads, True)


def _aligned(actual: tuple[int, ...], expected: tuple[int, ...]) -> list[tuple[int | None, int | None]]:
    if len(actual) == len(expected):
        return list(zip(actual, expected, strict=True))
    pairs: list[tuple[int | None, int | None]] = []
    for _, a, b, c, d in SequenceMatcher(None, actual, expected, autojunk=False).get_opcodes():
        mine, due = actual[a:b], expected[c:d]
        width = max(len(mine), len(due))
        pairs += zip(
            (*mine, *[None] * (width - len(mine))), (*due, *[None] * (width - len(due))), strict=True
        )
    return pairs


def _axis_names(shape: tuple[int, ...], axes: tuple[str, ...]) -> list[str]:
    """A name for each axis of a shape; batch axes are `...`."""
    if "..." in axes:
        at, extra = axes.index("..."), len(shape) - len(axes) + 1
        axes = (*axes[:at], *["..."] * extra, *axes[at + 1 :])
    return list(axes) if len(axes) == len(shape) else [f"axis {i}" for i in range(len(shape))]


def _window(size: int, at: int, limit: int) -> tuple[int | None, ...]:
    """Which of `size` indices are shown, so that `at` is among them; None stands for what is left out."""
    if size <= limit:
        return tuple(range(size))
    first = min(max(at - limit // 2, 0), size - limit)
    shown = range(first, first + limit)
    return (*[None] * (first > 0), *shown, *[None] * (first + limit < size))


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
