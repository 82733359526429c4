"""A check's result as HTML, with inline styles only: the same in untrusted notebooks and in saved pages."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from headway_course.checking import sentences
from headway_course.checking.excerpt import Excerpt, Number
from headway_course.markup import beside, code, folded, inline, line
from headway_course.pictures.panel import BLUE, INK, ORANGE, PAPER, SHADE, cell, head, mixed, panel, table

if TYPE_CHECKING:
    from headway_course.checking.result import CheckResult
    from headway_course.manifest import Exercise

# Blue and vermilion are told apart by everybody, and the words beside them say the same.
GOOD, BAD = "#005a8f", "#a83a00"


def html(result: "CheckResult") -> str:
    """The result as one light panel."""
    return panel("".join(_parts(result)))


def _parts(result: "CheckResult") -> Iterator[str]:
    colour = GOOD if result.good else INK if result.status == "not-started" else BAD
    mark = "✓ " if result.good else "" if result.status == "not-started" else "✗ "
    title = f"<b>{escape(result.exercise.name)}: {mark}{escape(sentences.headline(result))}</b>"
    yield line(title, colour, "15px")
    for violation in result.violations:
        yield line(inline(violation.advice), BAD)
    for said in result.lacking:
        yield line(inline(said), BAD)
    if result.diagnosis:
        yield line(f"<b>{inline(result.diagnosis)}</b>")
    if result.groups:
        yield _groups(result)
    for said in sentences.trouble(result):
        yield line(inline(said))
    if sentences.problem(result):
        yield line(inline(sentences.problem(result)))
    if result.example:
        yield _example(result)
    if sentences.advice(result):
        yield line(inline(sentences.advice(result)))
    if result.loops:
        looped = result.loops.verdict.found
        yield line(f"Loops: {inline(sentences.loops(result))}", BAD if looped else INK)
        yield line(sentences.later(result))
    if result.note:
        yield line(inline(result.note), BAD)
    if sentences.wants_hints(result):
        yield _hints(result.exercise)


def _groups(result: "CheckResult") -> str:
    rows = []
    for group in result.groups:
        word, colour = (sentences.RIGHT, GOOD) if group.passed else (sentences.NOT_RIGHT, BAD)
        state = cell(f"<b>{word}</b>", SHADE, colour, text_align="left", white_space="nowrap")
        rows.append([state, cell(escape(group.title), PAPER, text_align="left", white_space="normal")])
    return _table(rows)


def _example(result: "CheckResult") -> str:
    said = line(f"{escape(sentences.example(result))}.")
    side_by_side = "".join(beside(_grid(excerpt)) for excerpt in sentences.tables(result))
    inputs = "".join(beside(_grid(excerpt)) for excerpt in sentences.input_tables(result))
    trial = line(f"To try it: {code(sentences.try_it(result))}")
    return f"{said}<div>{side_by_side}</div>" + folded(
        "The inputs of this example", f"<div>{inputs}</div>{trial}"
    )


def _grid(excerpt: Excerpt) -> str:
    place = f" at {excerpt.place}" if excerpt.place else ""
    rows = [[_number(number) for number in row] for row in excerpt.rows]
    if excerpt.row_heads:
        rows = [[head(escape(side), "row"), *row] for side, row in zip(excerpt.row_heads, rows, strict=True)]
    if excerpt.column_heads:
        corner = [head("")] if excerpt.row_heads else []
        rows = [[*corner, *(head(escape(top)) for top in excerpt.column_heads)], *rows]
    named = (
        f'<span style="white-space:nowrap">{escape(part)}</span>' for part in (excerpt.title, place) if part
    )
    return table(rows, "<br>".join(named))


def _number(number: Number) -> str:
    """A cell as warm as its number is large; a wrong one has a sign, a frame, and what is due."""
    paper = PAPER if number.heat is None else mixed(BLUE if number.heat > 0 else ORANGE, abs(number.heat))
    if not number.wrong:
        return cell(escape(number.text), paper, text_align="right")
    marked = f'<b title="should be {escape(number.due)}">{escape(number.text)} ≠</b>'
    return cell(marked, paper, text_align="right", border=f"2px solid {BAD}")


def _hints(exercise: "Exercise") -> str:
    """One inside the other, so that each is opened when the one before was not enough."""
    inner = line(inline(sentences.after_the_last_hint(exercise.name)))
    for number, hint in reversed(list(enumerate(exercise.hints, 1))):
        inner = folded(f"Hint {number} of {len(exercise.hints)}", line(inline(hint)) + inner)
    return inner


def _table(rows: Sequence[Sequence[str]]) -> str:
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    look = f"border-collapse:collapse;color:{INK};font-size:13px;margin:6px 0"
    return f'<table style="{look}"><tbody>{body}</tbody></table>'
