"""A check's result as text, for terminals and `headway check`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from headway_course import sentences
from headway_course.excerpt import Excerpt, Number

if TYPE_CHECKING:
    from headway_course.result import CheckResult


def text(result: "CheckResult") -> str:
    """The result in lines of text."""
    return "\n".join(_lines(result))


def _lines(result: "CheckResult") -> Iterator[str]:
    yield f"{result.exercise.name}: {sentences.headline(result)}"
    for violation in result.violations:
        yield f"  {violation.advice}"
    if result.diagnosis:
        yield f"  {result.diagnosis}"
    yield from (f"  {_state(group)} {group.title}" for group in result.groups)
    yield from (f"  {line}" for line in sentences.trouble(result))
    if sentences.problem(result):
        yield f"  {sentences.problem(result)}"
    if result.example:
        yield from _example(result)
    if sentences.advice(result):
        yield f"  {sentences.advice(result)}"
    if result.loops:
        yield f"  Loops: {sentences.loops(result)}"
        yield f"  Speed: {sentences.SPEED}."
    if sentences.wants_hints(result):
        yield f"  Next hint: {sentences.hint_command(result)}"


def _state(group: object) -> str:
    return f"{sentences.RIGHT if group.passed else sentences.NOT_RIGHT:<11}"


def _example(result: "CheckResult") -> Iterator[str]:
    yield f"  {sentences.example(result)}"
    for excerpt in sentences.tables(result) if result.trouble is None else ():
        yield from (f"    {line}" for line in grid(excerpt))


def grid(excerpt: Excerpt) -> Iterator[str]:
    """A title and rows of aligned numbers; a wrong one is marked with a star."""
    starred = any(number.wrong for row in excerpt.rows for number in row)
    place = f" at {excerpt.place}" if excerpt.place else ""
    yield f"{excerpt.title}{place}{' (* differs)' if starred else ''}"
    columns = list(zip(*excerpt.rows, strict=True))
    widths = [max(len(_mark(number)) for number in column) for column in columns]
    for row in excerpt.rows:
        yield "  " + "  ".join(_mark(number).rjust(width) for number, width in zip(row, widths, strict=True))


def _mark(number: Number) -> str:
    return f"{number.text}*" if number.wrong else number.text
