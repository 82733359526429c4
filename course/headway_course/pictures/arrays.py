"""Pictures of lesson 00: how shapes meet, what a sum leaves, which pairs are alike, what a window sees."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import zip_longest

import numpy as np

from headway_course.errors import CourseError
from headway_course.pictures.panel import (
    BLUE,
    GREEN,
    INK,
    LINE,
    ORANGE,
    PAPER,
    TINTS,
    Picture,
    cell,
    from_figure,
    head,
    in_a_row,
    panel,
    says_what_is_missing,
    table,
)
from headway_course.pictures.trouble import call

FAINT = "#6b6b6b"  # ink of numbers that are not stored, but repeated
FEW = 80  # an array of more numbers is shown as a shape
SIGNS = {"subtract": "−", "add": "+", "multiply": "×", "divide": "/", "equal": "==", "less_equal": "<="}


@says_what_is_missing
def show_broadcast(
    operation: Callable, x: np.ndarray, y: np.ndarray, names: Sequence[str] = ("x", "y")
) -> Picture:
    """How the shapes of x and y meet, the numbers that numpy repeats for it, and what comes out.

    Shapes are written one below the other, aligned on the right. Repeated numbers stand in dashed cells.
    """
    x, y = np.asarray(x), np.asarray(y)
    sign = SIGNS.get(operation.__name__, operation.__name__)
    whole = f"{names[0]} {sign} {names[1]}"
    try:
        shape = np.broadcast_shapes(x.shape, y.shape)
    except ValueError:
        return _clash({names[0]: x.shape, names[1]: y.shape})
    result = np.asarray(call(operation, x, y))
    if result.shape != shape:
        raise CourseError(
            f"{sign} gives the shape {result.shape} where these shapes meet in {shape}: "
            "show_broadcast is for what works number by number, such as np.add."
        )
    shapes = _shapes({names[0]: x.shape, names[1]: y.shape}, whole, result.shape)
    told = f"{names[0]} {x.shape} and {names[1]} {y.shape} meet in {shape}; {whole} is {result.shape}."
    if len(shape) > 2 or result.size > FEW:
        return Picture(panel(shapes), told)
    grids = [_grid(x, shape, names[0], TINTS[0]), _sign(sign), _grid(y, shape, names[1], TINTS[1])]
    grids += [_sign("→"), _grid(result, result.shape, "result", TINTS[2])]
    return Picture(panel(shapes + in_a_row(grids)), f"{told} It holds {result.tolist()}.")


def _clash(shapes: Mapping[str, tuple[int, ...]]) -> Picture:
    """The shapes that do not meet, and where."""
    (x, one), (y, other) = shapes.items()
    pairs = list(zip_longest(one[::-1], other[::-1], fillvalue=1))
    place = next(i for i, pair in enumerate(pairs) if len({*pair} - {1}) > 1)
    told = (
        f"{x} {one} and {y} {other} do not meet: axis {-1 - place} is {pairs[place][0]} in the one and "
        f"{pairs[place][1]} in the other. Two sizes meet if they are equal, or if one of them is 1."
    )
    words = f'<span style="font-size:13px;color:{INK}">{escape(told)}</span>'
    return Picture(panel(_shapes(shapes, "", (), clash=place) + words), told)


def _shapes(shapes: Mapping[str, tuple[int, ...]], result: str, out: tuple[int, ...], clash: int = -1) -> str:
    """Shapes aligned on the right; a dashed size is what an axis of size 1, or none, is stretched to."""
    rank = max(map(len, shapes.values()))
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes.values()]
    met = [next((size for size in sizes if size != 1), 1) for sizes in zip(*padded, strict=True)]
    rows = [[head("axis"), *(head(str(i - rank)) for i in range(rank))]]
    for tint, (name, shape) in zip(TINTS, shapes.items(), strict=False):
        places = [None] * (rank - len(shape)) + list(shape)
        sizes = [_size(*pair, tint) for pair in zip(places, met, strict=True)]
        if clash >= 0:
            sizes[rank - 1 - clash] = cell(str(places[rank - 1 - clash]), TINTS[3], font_weight="bold")
        rows.append([head(escape(name), scope="row"), *sizes])
    if result:
        rows.append([head(escape(result), scope="row"), *(cell(str(size), TINTS[2]) for size in out)])
    return _boxes(rows, "Shapes, aligned on the right:")


def _size(size: int | None, met: int, tint: str) -> str:
    if size is None:
        return _ghost(f"none → {met}")
    return _ghost(f"1 → {met}") if size != met else cell(str(size), tint)


def _ghost(content: object) -> str:
    return cell(content, PAPER, FAINT, border=f"1px dashed {FAINT}")


def _sign(sign: str) -> str:
    return f'<span style="font-size:18px;color:{INK}"><br>{escape(sign)}</span>'


def _grid(a: np.ndarray, shape: tuple[int, ...], name: str, tint: str) -> str:
    """The numbers of an array, stretched to a shape; all but the stored ones in dashed cells."""
    padded = (1,) * (len(shape) - a.ndim) + a.shape
    real = np.zeros(shape, dtype=bool)
    real[tuple(slice(size) for size in padded)] = True
    shown = np.broadcast_to(a, shape).reshape(-1, shape[-1] if shape else 1)
    rows = [
        [cell(_number(v), tint) if r else _ghost(_number(v)) for v, r in zip(*pair, strict=True)]
        for pair in zip(shown, real.reshape(shown.shape), strict=True)
    ]
    return _boxes(rows, f"{name} {a.shape}")


def _boxes(rows: Sequence[Sequence[str]], caption: str) -> str:
    """A table whose cells stand apart, so that each keeps its own border."""
    line = f'<span style="white-space:nowrap">{escape(caption)}</span>'
    return table(rows, line, border_collapse="separate", border_spacing="2px")


def _number(value: np.generic) -> str:
    return str(int(value)) if value.dtype.kind in "biu" else f"{value:.3g}"


@says_what_is_missing
def show_sums(X: np.ndarray) -> Picture:
    """A matrix with its sums: along the last axis to the right of it, along the first below it.

    X (m, n)
    """
    right, below = X.sum(axis=-1), X.sum(axis=0)
    blank = cell("", border="none")
    rows = [[*(blank for _ in below), blank, cell("sum(axis=-1)", border="none")]]
    rows += [
        [*(cell(_number(v), TINTS[0]) for v in row), cell("→", border="none"), cell(_number(total), TINTS[1])]
        for row, total in zip(X, right, strict=True)
    ]
    rows.append([cell("↓", border="none") for _ in below])
    totals = [cell(_number(total), TINTS[2]) for total in below]
    rows.append([*totals, blank, cell("sum(axis=0)", border="none")])
    told = f"The sums of the rows are {right.tolist()}, those of the columns {below.tolist()}."
    return Picture(panel(_boxes(rows, f"Sums of a {X.shape}")), f"The shape is {X.shape}. {told}")


@says_what_is_missing
def show_pairs(pairs: np.ndarray, rows: Sequence[str], columns: Sequence[str] | None = None) -> Picture:
    """Which row goes with which column: a filled square for True.

    pairs bool (m, n)
    """
    columns = rows if columns is None else columns
    if np.shape(pairs) != (len(rows), len(columns)):
        raise CourseError(
            f"these pairs have the shape {np.shape(pairs)}, expected {(len(rows), len(columns))}: "
            "a row and a column for each word."
        )
    lines = [[head(""), *(head(f"{j}<br>{escape(word)}") for j, word in enumerate(columns))]]
    for i, (word, row) in enumerate(zip(rows, pairs, strict=True)):
        squares = [cell("■", BLUE, BLUE) if yes else cell("·", PAPER, FAINT) for yes in row]
        lines.append([head(f"{i} · {escape(word)}", scope="row"), *squares])
    told = "; ".join(
        f"{word} {i}: {', '.join(str(j) for j in np.flatnonzero(row)) or 'none'}"
        for i, (word, row) in enumerate(zip(rows, pairs, strict=True))
    )
    return Picture(
        panel(table(lines, "A filled square is True.")), f"The columns that are True in each row: {told}."
    )


@says_what_is_missing
def show_windows(x: np.ndarray, w: int) -> Picture:
    """For each position of x the last w numbers up to it; before the start there are none.

    x (T), w int ()
    """
    names = [f"t − {w - 1 - j}" if j < w - 1 else "t" for j in range(w)]
    lines = [[head("position t"), *(head(name) for name in names), head("how many")]]
    for t in range(len(x)):
        places = [t - w + 1 + j for j in range(w)]
        window = [_ghost("none") if s < 0 else cell(_number(x[s]), TINTS[0]) for s in places]
        lines.append([head(str(t), scope="row"), *window, cell(str(min(t + 1, w)))])
    told = "; ".join(f"{t}: {[float(v) for v in x[max(t - w + 1, 0) : t + 1]]}" for t in range(len(x)))
    return Picture(
        panel(_boxes(lines, f"A window of {w} ends at each position.")), f"Windows of {w}: {told}."
    )


@says_what_is_missing
def show_guessing(curves: Mapping[str, np.ndarray], begins: Sequence[int], length: int) -> Picture:
    """How likely the word that came was made, along a text of this length; dotted lines where verses begin.

    Curves may begin late, and end with the text.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.4, 3.2), layout="constrained")
    axes = figure.subplots()
    for begin in begins:
        axes.axvline(begin, color=LINE, linewidth=1, linestyle=":")
    for (label, curve), colour in zip(curves.items(), (BLUE, ORANGE, GREEN), strict=False):
        axes.plot(np.arange(length - len(curve), length), curve, color=colour, linewidth=1.8, label=label)
    axes.set(xlabel="word of the text", ylabel="probability of what came", ylim=(0, 1.02), xlim=(0, length))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9, loc="lower right")
    told = "; ".join(
        f"{label}: {curve[0]:.2f} at first, {curve[-1]:.2f} at last" for label, curve in curves.items()
    )
    return from_figure(figure, f"Curves of how likely the word that came was made. {told}.")
