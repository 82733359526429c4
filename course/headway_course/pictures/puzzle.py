"""The picture of a puzzle: the pattern that is sought, the one that was found, and where they differ."""

from collections.abc import Callable
from html import escape

import numpy as np

from headway_course import puzzles
from headway_course.pictures.attention import NARROW, weights
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


@says_what_is_missing
def show_puzzle(attention: Callable, function: Callable) -> Picture:
    """The pattern that a function's Q and K draw, beside the target of the puzzle of that name."""
    puzzle = puzzles.find(function)
    tried = puzzles.attempts(attention, function)
    failed = [attempt for attempt in tried if attempt.complaint]
    shown = (failed or tried)[0]
    verdict = f"Not yet. On {shown.text}: {shown.complaint}" if failed else _solved(tried)
    tables = _tables(puzzle, shown)
    look = f"background-color:{TINTS[1] if failed else TINTS[2]};color:{INK};padding:4px 8px;margin:2px 0 0 0"
    frame = (
        f'<div style="background-color:{PAPER};color:{INK};padding:0 0 8px 0">{_marked(puzzle.says)}</div>'
    )
    word = f'<div style="{look}">{_marked(verdict)}</div>'
    return Picture(panel(frame + in_a_row(tables) + word), f"{puzzle.says} {verdict}")


def _solved(tried: list[puzzles.Attempt]) -> str:
    rows = sum(attempt.rows for attempt in tried)
    texts = ", ".join(attempt.text for attempt in tried)
    return f"Solved: all {rows} rows of {texts} are within {puzzles.TOLERANCE} of the target."


def _marked(text: str) -> str:
    return escape(text).replace("`", "")


def _tables(puzzle: puzzles.Puzzle, attempt: puzzles.Attempt) -> list[str]:
    text, pattern = attempt.text, attempt.pattern
    target, hidden = puzzle.target(text), ~puzzle.mask(text)
    free = ~target.any(axis=-1, keepdims=True)
    legend = [word for word, any_ in (("hidden", hidden.any()), ("free", free.any())) if any_]
    said = f"<b>the target</b>{' (grey: ' + ' or '.join(legend) + ')' if legend else ''}"
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
    if abs(x) <= puzzles.TOLERANCE:
        return cell("&nbsp;", SHADE, min_width=NARROW)
    return cell(f"{x:+.2f}".replace("0.", ".", 1).replace("-", "−"), TINTS[1] if x > 0 else TINTS[0])
