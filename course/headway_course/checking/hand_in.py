"""What becomes of an answer at hand-in, where only a part of a notebook runs: what is refused or lacking."""

from dataclasses import dataclass

from headway_course.reading.extract import Extracted, answer_statements, why_missing
from headway_course.reading.names import uses
from headway_course.reading.policy import Violation, violations_for


@dataclass(frozen=True)
class HandIn:
    """What the grader refuses in an answer, and sentences on names that will not be there."""

    violations: tuple[Violation, ...] = ()
    lacking: tuple[str, ...] = ()


def at_hand_in(extracted: Extracted, exercise: str) -> HandIn:
    """What the grader will say of an answer before it runs it."""
    return HandIn(violations_for(extracted, exercise), tuple(dict.fromkeys(_lacking(extracted, exercise))))


def _lacking(extracted: Extracted, exercise: str) -> list[str]:
    statements = answer_statements(extracted, exercise)
    bound = {name for statement in statements for name in statement.binds}
    wanted = [use.name for statement in statements for use in uses(statement.tree) if use.name not in bound]
    left = [(name, why_missing(extracted, name)) for name in wanted]
    return [
        f"At hand-in `{name}` is missing, because {_place(out.cell, out.line)} does not run: {out.why}."
        for name, out in left
        if out and not out.violations
    ]


def _place(cell: int, line: int) -> str:
    return f"line {line} of cell {cell}" if cell else f"line {line}"
