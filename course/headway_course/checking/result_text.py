"""A check's result as text, for terminals and `headway check`."""

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from headway_course.checking import sentences
from headway_course.checking.excerpt import Excerpt, Number

if TYPE_CHECKING:
    from headway_course.checking.result import CheckResult

WIDTH = 100


def text(result: "CheckResult") -> str:
    """The result in lines of text."""
    return "\n".join(_lines(result))


def _lines(result: "CheckResult") -> Iterator[str]:
    yield f"{result.exercise.name}: {sentences.headline(result)}"
    for violation in result.violations:
        yield _wrapped(violation.advice)
    yield from map(_wrapped, result.lacking)
    if result.diagnosis:
        yield _wrapped(result.diagnosis)
    yield from (f"  {_state(group)} {group.title}" for group in result.groups)
    yield from map(_wrapped, sentences.trouble(result))
    if sentences.problem(result):
        yield _wrapped(sentences.problem(result))
    if result.example:
        yield from _example(result)
    if sentences.advice(result):
        yield _wrapped(sentences.advice(result))
    if result.loops:
        yield _wrapped(f"Loops: {sentences.loops(result)}")
        yield f"  {sentences.later(result)}"
    if result.note:
        yield _wrapped(result.note)
    if sentences.wants_hints(result):
        yield f"  Next hint: {sentences.hint_command(result)}"


def _wrapped(line: str) -> str:
    """A sentence in lines that fit, its words whole."""
    options = {"break_long_words": False, "break_on_hyphens": False}
    return textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ", **options)


def _state(group: object) -> str:
    return f"{sentences.RIGHT if group.passed else sentences.NOT_RIGHT:<11}"


def _example(result: "CheckResult") -> Iterator[str]:
    yield _wrapped(f"{sentences.example(result)}.")
    inputs = sentences.input_tables(result) if sentences.has_few_inputs(result) else ()
    for excerpt in (*inputs, *sentences.tables(result)):
        yield from (f"    {line}" for line in grid(excerpt))


def grid(excerpt: Excerpt) -> Iterator[str]:
    """A title and rows of aligned entries; a wrong one is marked with a star."""
    starred = any(number.wrong for row in excerpt.rows for number in row)
    place = f" at {excerpt.place}" if excerpt.place else ""
    yield f"{excerpt.title}{place}{' (* differs)' if starred else ''}"
    rows = [[_mark(number) for number in row] for row in excerpt.rows]
    if excerpt.is_partial:
        rows = _headed(rows, excerpt)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(entry.rjust(width) for entry, width in zip(row, widths, strict=True))


def _headed(rows: list[list[str]], excerpt: Excerpt) -> list[list[str]]:
    if excerpt.column_heads:
        rows = [list(excerpt.column_heads), *rows]
    if not excerpt.row_heads:
        return rows
    corner = [""] if excerpt.column_heads else []
    sides = [f"{head}:" if head != "…" else head for head in excerpt.row_heads]
    return [[side, *row] for side, row in zip([*corner, *sides], rows, strict=True)]


def _mark(number: Number) -> str:
    return f"{number.text}*" if number.wrong else number.text
