"""Two definitions of one thing, side by side: on everything small, fast and slow must agree."""

from collections.abc import Callable, Iterable
from html import escape, unescape
from inspect import signature

import numpy as np

from headway_course.fixtures import Value
from headway_course.judging.compare import Mismatch, mismatch
from headway_course.pictures.panel import TINTS, Picture, cell, head, panel, says_what_is_missing, table
from headway_course.pictures.trouble import call

SMALL = 12  # an argument of more numbers is not shown, but its shape
LINES, COLUMNS = 15, 48  # a result that needs more room is not shown, but its shape
WIDE = 34  # where three decimals need more columns than this, two are shown


@says_what_is_missing
def side_by_side(fast: Callable, slow: Callable, inputs: Iterable[object], show: int = 3) -> Picture:
    """Calls both on every input (a tuple of arguments, or one argument) and shows where they agree."""
    calls = [given if isinstance(given, tuple) else (given,) for given in inputs]
    names = list(signature(fast).parameters)
    pairs = [
        (call(fast, *_fresh(given), given=_in_words(names, given)), _value(slow(*_fresh(given))))
        for given in calls
    ]
    found = [mismatch(mine, due) for mine, due in pairs]
    apart = [i for i, difference in enumerate(found) if difference]
    shown = sorted({*apart[:1], *_spread(len(calls), show)})
    varying = _varying(calls)
    columns = ("given", f"{escape(fast.__name__)} (yours)", "the slow loop", "")
    rows = [[head(text) for text in columns]]
    rows += [_row(_given(names, calls[i], varying), *pairs[i], found[i]) for i in shown]
    verdict = _verdict(fast.__name__, found, apart)
    return Picture(panel(table(rows, escape(verdict))), verdict)


def _verdict(name: str, found: list[Mismatch | None], apart: list[int]) -> str:
    if not apart:
        return f"{name} and the loop agree on {_of_all(len(found))}."
    agree = len(found) - len(apart)
    return f"{name} and the loop agree on {agree} of {len(found)} inputs. {found[apart[0]].message}"


def _of_all(count: int) -> str:
    return {1: "the one input", 2: "both inputs"}.get(count, f"all {count} inputs")


def _spread(count: int, show: int) -> list[int]:
    """A few of many inputs: the first, which was worked by hand, some in between, and the last.

    Where inputs are all combinations of a few values, what lies in the very middle has equal values.
    """
    if count <= show:
        return list(range(count))
    return sorted({0, *(5 * i * count // 8 % count for i in range(1, show - 1)), count - 1})


def _value(result: object) -> Value:
    """What the loop gives, as the judge would have it."""
    return tuple(map(np.asarray, result)) if isinstance(result, tuple) else np.asarray(result)


def _row(given: str, mine: object, due: Value, difference: Mismatch | None) -> list[str]:
    """What was given, both results, and a word on them; what is the same on both sides stands there once."""
    tint, word = (TINTS[1], "differ") if difference else (TINTS[0], "agree")
    look = {"text_align": "left", "font_family": "monospace"}
    results = [_text(mine), _text(due)]
    if not difference and results[0] == results[1]:
        return [cell(given, **look), cell(results[0], columns=2, **look), cell(word, tint)]
    return [cell(given, **look), *(cell(result, **look) for result in results), cell(word, tint)]


def _given(names: list[str], given: tuple, varying: set[int]) -> str:
    """The arguments that differ from input to input; of large ones only the shape."""
    arguments = zip(names, given, strict=False)
    return "<br>".join(_named(*pair) for i, pair in enumerate(arguments) if i in varying or not varying)


def _named(name: str, value: object) -> str:
    if np.size(value) > SMALL or not np.size(value):
        return _unbroken(f"{name} {np.shape(value)}")
    text = _text(value)
    return f"{name}&nbsp;=<br>{text}" if "<br>" in text else f"{name}&nbsp;=&nbsp;{text}"


def _in_words(names: list[str], given: tuple) -> str:
    """The arguments of one call: arrays by their shapes."""
    pairs = [(name, value) for name, value in zip(names, given, strict=False) if value is not None]
    return ", ".join(f"{n} {v.shape}" if np.ndim(v) else f"{n} = {v}" for n, v in pairs)


def _varying(calls: list[tuple]) -> set[int]:
    """The places of arguments that are not equal in all calls."""
    longest = max(map(len, calls), default=0)
    columns = [[_at(given, i) for given in calls] for i in range(longest)]
    return {i for i, column in enumerate(columns) if not all(np.array_equal(column[0], x) for x in column)}


def _at(given: tuple, i: int) -> object:
    return given[i] if i < len(given) else None


def _fresh(given: tuple) -> tuple:
    return tuple(value.copy() if isinstance(value, np.ndarray) else value for value in given)


def _text(value: object, most: int = LINES) -> str:
    if isinstance(value, tuple):
        parts = [_text(part, most // len(value)) for part in value]
        line = ",&nbsp;".join(parts)
        return "<br>".join(parts) if "<br>" in line or len(unescape(line)) > COLUMNS else line
    if not isinstance(value, np.ndarray | np.generic):
        return escape(repr(value)[:80])
    value = np.asarray(value)
    lines = _digits(value, 3)
    if max(map(len, lines)) > WIDE:
        lines = _digits(value, 2)
    if len(lines) > most or max(map(len, lines)) > COLUMNS:
        lines = [f"shape {value.shape}, {value.dtype}"]
    return _unbroken("\n".join(lines))


def _digits(value: np.ndarray, decimals: int) -> list[str]:
    """The lines of an array as text; True is 1."""
    if value.dtype == bool:
        value = value.astype(int)
    if value.dtype.kind == "f":
        value = value.round(decimals) + 0.0  # no -0.
    return np.array2string(value, suppress_small=True, max_line_width=200, threshold=100).splitlines() or [""]


def _unbroken(text: str) -> str:
    return escape(text).replace(" ", "&nbsp;").replace("\n", "<br>")
