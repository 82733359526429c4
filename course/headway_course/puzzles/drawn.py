"""The picture of a puzzle: the pattern that is sought, the one that was found, and where they differ."""

from collections.abc import Callable
from html import escape

import numpy as np

from headway_course.pictures.attention import CLOSE, NARROW, weights
from headway_course.pictures.panel import (
    INK,
    PAPER,
    SHADE,
    TINTS,
    Picture,
    cell,
    head,
    in_a_row,
    panel,
    says_what_is_missing,
    table,
)
from headway_course.puzzles.asked import Puzzle, find
from headway_course.puzzles.tried import TOLERANCE, Attempt, attempts


@says_what_is_missing
def show_puzzle(attention: Callable, function: Callable) -> Picture:
    """The pattern that a function's Q and K draw, beside the target of the puzzle of that name."""
    puzzle = find(function)
    tried = attempts(attention, function)
    failed = [attempt for attempt in tried if attempt.complaint]
    shown = (failed or tried)[0]
    verdict = f"Not yet. On {shown.text}: {shown.complaint}" if failed else _solved(tried)
    lines = _line(puzzle.says, PAPER), _line(verdict, TINTS[1] if failed else TINTS[2])
    return Picture(panel(in_a_row(_tables(puzzle, shown)).join(lines)), f"{puzzle.says} {verdict}")


def _solved(tried: list[Attempt]) -> str:
    rows = sum(attempt.rows for attempt in tried)
    texts = ", ".join(attempt.text for attempt in tried)
    return f"Solved: all {rows} rows of {texts} are within {TOLERANCE} of the target."


def _line(text: str, background: str) -> str:
    text = escape(text).replace("`", "")
    return f'<div style="background-color:{background};color:{INK};padding:4px 6px">{text}</div>'


def _tables(puzzle: Puzzle, attempt: Attempt) -> list[str]:
    text, pattern = attempt.text, attempt.pattern
    target, hidden = puzzle.target(text), ~puzzle.mask(text)
    free = ~target.any(axis=-1, keepdims=True)
    grey = " or ".join(word for word, rows in (("hidden", hidden), ("free", free)) if rows.any())
    said = "<b>the target</b>" + (f" (grey: {grey})" if grey else "")
    tables = [weights(target, hidden | free, text, text, said, corner="→")]
    if pattern is not None:
        tables.append(weights(pattern, hidden, text, text, "<b>yours</b>", corner="→"))
    if pattern is not None and attempt.complaint:
        tables.append(_difference(np.where(free, 0, pattern - target), text))
    return tables


def _difference(apart: np.ndarray, text: str) -> str:
    rows = [[head(escape(letter)) for letter in text]]
    rows += [[_apart(x) for x in row] for row in apart]
    return table(rows, "<b>yours less the target</b>")


def _apart(x: float) -> str:
    look = {"min_width": NARROW, "padding": CLOSE}
    if abs(x) <= TOLERANCE:
        return cell("&nbsp;", SHADE, **look)
    return cell(f"{x:+.2f}".replace("0.", ".", 1).replace("-", "−"), TINTS[1] if x > 0 else TINTS[0], **look)
