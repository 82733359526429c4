"""What becomes of an answer at hand-in, where only a part of a notebook runs: what is refused or lacking."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from headway_course.manifest import Exercise
from headway_course.reading.extract import Extracted, answer_statements, why_missing
from headway_course.reading.names import uses
from headway_course.reading.policy import Violation, violations_for


@dataclass(frozen=True)
class HandIn:
    """What the grader refuses in an answer, and sentences on names that will not be there."""

    violations: tuple[Violation, ...] = ()
    lacking: tuple[str, ...] = ()


def at_hand_in(extracted: Extracted, exercise: Exercise) -> HandIn:
    """What the grader will say of an answer before it runs it."""
    name, extracted = exercise.name, on_the_course(extracted, exercise.built_on)
    return HandIn(violations_for(extracted, name), tuple(dict.fromkeys(_lacking(extracted, name))))


def on_the_course(extracted: Extracted, names: Collection[str]) -> Extracted:
    """What is read without its own versions of these functions, which are the course's at hand-in."""
    names = frozenset(names)
    return replace(
        extracted,
        statements=tuple(s for s in extracted.statements if not s.binds or not names.issuperset(s.binds)),
        left_out=tuple(left for left in extracted.left_out if not names.intersection(left.binds)),
    )


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
