"""What of a submission runs: imports, functions, classes, assignments that need only these and literals.

Everything else is left out and listed with its line and the reason. A later definition replaces an earlier
one; only the stub, handed in untouched, never replaces work. At the top level `try` is opened (its body
counts, or that of its handler where it imports what is not at hand), and so is `if` with a constant or
TYPE_CHECKING; `if __name__ == "__main__"` and all other compound statements are left out.
"""

import ast
from collections.abc import Sequence
from dataclasses import replace

from headway_course.reading.answers import (
    cell_warnings,
    find_answer,
    is_untouched,
    without_later_stubs,
    without_overwriting,
)
from headway_course.reading.cells import Cell, Document, Unreadable, read, read_cells, recognise
from headway_course.reading.names import reach
from headway_course.reading.sorting import AnswerRef, Extracted, LeftOut, Sorting, Statement

__all__ = ["AnswerRef", "Cell", "Document", "Extracted", "LeftOut", "Statement", "Unreadable"]
__all__ += ["answer_statements", "extract", "is_untouched", "read", "read_cells", "recognise", "why_missing"]


def extract(cells: Sequence[Cell], exercises: Sequence[str]) -> Extracted:
    """Sorts the statements of a submission into what runs and what does not, and finds the answers."""
    code = [cell for cell in cells if cell.kind == "code"]
    sorting = Sorting()
    for cell in code:
        sorting.add(cell)
    left_out = tuple(sorted(sorting.left_out, key=lambda left: (left.cell, left.line)))
    kept, stubs = without_later_stubs(_narrowed(sorting.kept))
    kept, overwrites = without_overwriting(kept, exercises)
    answers = {name: find_answer(name, kept, code, exercises) for name in exercises}
    answers |= {name: None for name, answer in answers.items() if _is_lost(name, answer, left_out)}
    warnings = [*stubs, *overwrites, *cell_warnings(cells, exercises, answers)]
    return Extracted(tuple(kept), left_out, tuple(warnings), answers)


def _narrowed(statements: Sequence[Statement]) -> list[Statement]:
    """The statements, with `from module import *` importing what is used: not all is at hand."""
    used = {use.name for statement in statements for use in statement.needs}
    narrowed = []
    for statement in statements:
        match statement.tree:
            case ast.ImportFrom(module=module, names=[ast.alias(name="*")]):
                names = sorted(used.intersection(statement.binds))
                if names:
                    source = f"from {module} import {', '.join(names)}"
                    narrowed.append(replace(statement, source=source, binds=tuple(names)))
            case _:
                narrowed.append(statement)
    return narrowed


def _is_lost(name: str, answer: AnswerRef | None, left_out: Sequence[LeftOut]) -> bool:
    """Whether only the stub is there, because the learner's own definition could not be kept."""
    return answer is not None and answer.untouched and any(name in left.binds for left in left_out)


def answer_statements(extracted: Extracted, exercise: str) -> tuple[Statement, ...]:
    """The statements that an answer is made of, in order: its last definition and all that this needs."""
    answer = extracted.answers.get(exercise)
    if answer is None:
        return ()
    return tuple(extracted.statements[i] for i in reach(extracted.statements, answer.name))


def why_missing(extracted: Extracted, name: str) -> LeftOut | None:
    """The last thing left out that would have defined a name."""
    found = [left for left in extracted.left_out if name in left.binds]
    return found[-1] if found else None
