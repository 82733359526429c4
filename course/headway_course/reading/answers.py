"""Which function answers which exercise, and what the learner should know about cells that went astray."""

import ast
from collections.abc import Mapping, Sequence

from headway_course.reading.cells import Cell
from headway_course.reading.names import base_name, targets_of
from headway_course.reading.sorting import AnswerRef, Statement

_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def is_untouched(tree: ast.AST) -> bool:
    """Whether a function is still empty: at most a docstring, `pass`, `raise NotImplementedError`."""
    return isinstance(tree, _FUNCTIONS) and all(_is_nothing(statement) for statement in tree.body)


def _is_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant()) | ast.Pass():
            return True
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
    return False


def without_later_stubs(statements: Sequence[Statement]) -> tuple[list[Statement], list[str]]:
    """A stub that comes after a real definition of the same name is dropped, with a warning."""
    kept, warnings = [], []
    real: dict[str, Statement] = {}
    for statement in statements:
        name = statement.binds[0] if statement.binds else ""
        if is_untouched(statement.tree) and name in real:
            again = f"stands again, unwritten, {_place(statement)}"
            warnings.append(f"{name} is defined {_place(real[name])} and {again}: the written one counts")
            continue
        if not is_untouched(statement.tree):
            real |= dict.fromkeys(statement.binds, statement)
        kept.append(statement)
    return kept, warnings


def without_overwriting(
    statements: Sequence[Statement], exercises: Sequence[str]
) -> tuple[list[Statement], list[str]]:
    """Without assignments that give an exercise's name to a value (`attention = attention(Q, K, V)`)."""
    kept, warnings = [], []
    functions: dict[str, Statement] = {}
    for statement in statements:
        lost = [name for name in _rebound(statement) if name in functions and name in exercises]
        if lost and not _gives_function(statement.tree, functions):
            warnings.append(
                f"{lost[0]} is the name of an exercise, and {_place(statement)} it is given a value:"
                f" the function {_place(functions[lost[0]])} counts"
            )
            continue
        if isinstance(statement.tree, _FUNCTIONS | ast.ClassDef):
            functions[statement.tree.name] = statement
        kept.append(statement)
    return kept, warnings


def _rebound(statement: Statement) -> Sequence[str]:
    """The names that a statement binds anew; to set an attribute of a function leaves the function."""
    changed = [t for t in targets_of(statement.tree) if not isinstance(t, ast.Name)]
    kept = {base_name(target) for target in changed}
    return [name for name in statement.binds if name not in kept]


def _gives_function(tree: ast.stmt, functions: Mapping[str, Statement]) -> bool:
    """Whether a statement may bind a function: a definition, a lambda, another name, a wrapped function."""
    match tree:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return True
        case ast.Assign(value=value) | ast.AnnAssign(value=value):
            if isinstance(value, ast.Call):
                handed = [*value.args, *(keyword.value for keyword in value.keywords)]
                return any(
                    isinstance(part, ast.Lambda) or (isinstance(part, ast.Name) and part.id in functions)
                    for part in handed
                )
            return isinstance(value, ast.Lambda | ast.Name | ast.Attribute | ast.IfExp)
    return False


def find_answer(
    name: str, statements: Sequence[Statement], cells: Sequence[Cell], exercises: Sequence[str]
) -> AnswerRef | None:
    """The last definition under the exercise's name, else the last function of the cell of that name."""
    for statement in reversed(statements):
        tree = statement.tree
        if name in statement.binds and not isinstance(tree, ast.Import | ast.ImportFrom):
            return AnswerRef(name, statement.cell, statement.line, is_untouched(tree))
    own = {cell.number for cell in cells if name in cell.names}
    for statement in reversed(statements):
        tree = statement.tree
        if statement.cell in own and isinstance(tree, _FUNCTIONS) and tree.name not in exercises:
            return AnswerRef(tree.name, statement.cell, statement.line, is_untouched(tree))
    return None


def cell_warnings(
    cells: Sequence[Cell], exercises: Sequence[str], answers: Mapping[str, AnswerRef | None]
) -> list[str]:
    """What happened to the cells of a notebook: renamed functions, duplicated, deleted and nameless cells."""
    warnings = [
        f"{name} was not found by name: {answer.name} in its cell ({_place(answer)}) is taken for it"
        for name, answer in answers.items()
        if answer and answer.name != name
    ]
    if not any(cell.number for cell in cells):
        return warnings
    asked = [part for name in exercises for part in (name, f"check-{name}")]
    places: dict[str, list[int]] = {name: [] for name in asked}
    for cell in cells:
        for name in cell.names & places.keys():
            places[name].append(cell.number)
    if not any(places.values()):
        return [*warnings, "the cells have lost their names: answers were found by the names of functions"]
    for name, numbers in places.items():
        if len(numbers) > 1:
            listed = " and ".join(str(number) for number in numbers)
            rest = "" if name.startswith("check-") else ": the last definition counts"
            warnings.append(f"cells {listed} are both called {name}{rest}")
        elif not numbers:
            warnings.append(f"the cell {name} is missing{_meaning(name, answers)}")
    return warnings


def _meaning(name: str, answers: Mapping[str, AnswerRef | None]) -> str:
    if name.startswith("check-") and name not in answers:
        return ", which costs nothing"
    answer = answers.get(name)
    return f": {answer.name} {_place(answer)} is taken for it" if answer else ""


def _place(where: Statement | AnswerRef) -> str:
    return f"in cell {where.cell}, line {where.line}" if where.cell else f"in line {where.line}"
