"""A check's result as HTML, with inline styles only: the same in untrusted notebooks and in saved pages."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from headway_course.checking import sentences
from headway_course.checking.excerpt import Excerpt, Number
from headway_course.pictures.panel import INK, LINE, PAPER, SHADE, cell, panel, table

if TYPE_CHECKING:
    from headway_course.checking.result import CheckResult

# Blue and vermilion are told apart by everybody, and the words beside them say the same.
GOOD, BAD, BAD_SHADE = "#005a8f", "#a83a00", "#fbe0d3"


def html(result: "CheckResult") -> str:
    """The result as one light panel."""
    return panel("".join(_parts(result)))


def _parts(result: "CheckResult") -> Iterator[str]:
    colour = GOOD if result.good else INK if result.status == "not-started" else BAD
    mark = "✓ " if result.good else "" if result.status == "not-started" else "✗ "
    title = f"<b>{escape(result.exercise.name)}: {mark}{escape(sentences.headline(result))}</b>"
    yield _line(title, colour, "15px")
    for violation in result.violations:
        yield _line(_inline(violation.advice), BAD)
    for said in result.lacking:
        yield _line(_inline(said), BAD)
    if result.diagnosis:
        yield _line(f"<b>{_inline(result.diagnosis)}</b>")
    if result.groups:
        yield _groups(result)
    for said in sentences.trouble(result):
        yield _line(_inline(said))
    if sentences.problem(result):
        yield _line(_inline(sentences.problem(result)))
    if result.example:
        yield _example(result)
    if sentences.advice(result):
        yield _line(_inline(sentences.advice(result)))
    if result.loops:
        looped = result.loops.verdict.found
        yield _line(f"Loops: {_inline(sentences.loops(result))}", BAD if looped else INK)
        yield _line(f"Speed: {sentences.SPEED}.")
    if result.note:
        yield _line(_inline(result.note), BAD)
    if sentences.wants_hints(result):
        yield _hints(result.exercise.hints)


def _groups(result: "CheckResult") -> str:
    rows = []
    for group in result.groups:
        word, colour = (sentences.RIGHT, GOOD) if group.passed else (sentences.NOT_RIGHT, BAD)
        state = cell(f"<b>{word}</b>", SHADE, colour, text_align="left", white_space="nowrap")
        rows.append([state, cell(escape(group.title), PAPER, text_align="left", white_space="normal")])
    return _table(rows)


def _example(result: "CheckResult") -> str:
    said = _line(f"{escape(sentences.example(result))}.")
    side_by_side = "".join(_beside(_grid(excerpt)) for excerpt in sentences.tables(result))
    inputs = "".join(_beside(_grid(excerpt)) for excerpt in sentences.input_tables(result))
    code = _line(f"To try it: {_code(sentences.try_it(result))}")
    return f"{said}<div>{side_by_side}</div>" + _folded(
        "The inputs of this example", f"<div>{inputs}</div>{code}"
    )


def _grid(excerpt: Excerpt) -> str:
    place = f" at {excerpt.place}" if excerpt.place else ""
    rows = [[_number(number) for number in row] for row in excerpt.rows]
    return table(rows, f'<span style="white-space:nowrap">{escape(excerpt.title + place)}</span>')


def _number(number: Number) -> str:
    if not number.wrong:
        return cell(escape(number.text), text_align="right")
    return cell(
        f"<b>{escape(number.text)} ≠</b>", BAD_SHADE, BAD, text_align="right", border=f"2px solid {BAD}"
    )


def _hints(hints: Sequence[str]) -> str:
    """One inside the other, so that each is opened when the one before was not enough."""
    inner = ""
    for number, hint in reversed(list(enumerate(hints, 1))):
        inner = _folded(f"Hint {number} of {len(hints)}", _line(_inline(hint)) + inner)
    return inner


def _folded(title: str, content: str) -> str:
    summary = f'<summary style="color:{INK};font-size:13px;cursor:pointer">{escape(title)}</summary>'
    inside = f'<div style="padding-left:14px">{content}</div>'
    return f'<details style="margin:4px 0;color:{INK}">{summary}{inside}</details>'


def _line(content: str, colour: str = INK, size: str = "13px") -> str:
    return f'<div style="color:{colour};font-size:{size};margin:3px 0;line-height:1.45">{content}</div>'


def _table(rows: Sequence[Sequence[str]]) -> str:
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    look = f"border-collapse:collapse;color:{INK};font-size:13px;margin:6px 0"
    return f'<table style="{look}"><tbody>{body}</tbody></table>'


def _beside(content: str) -> str:
    return f'<div style="display:inline-block;vertical-align:top;margin:2px 22px 2px 0">{content}</div>'


def _inline(said: str) -> str:
    """Escapes, and sets what stands between backticks as code."""
    return re.sub(r"`([^`\n]+)`", lambda found: _code(found[1], escaped=True), escape(said))


def _code(code: str, escaped: bool = False) -> str:
    look = f"color:{INK};background-color:{SHADE};padding:1px 4px;border:1px solid {LINE}"
    return f'<code style="{look}">{code if escaped else escape(code)}</code>'
