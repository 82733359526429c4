"""Mutants: a module of the library with one thing changed in an answer, each with its line and its text."""

import ast
import copy
import dataclasses
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from headway_course.shapes import parse, shape_line

from headway_grader.build.mutation.changes import Traits, changes, traits
from headway_grader.library import Library


@dataclass(frozen=True)
class Mutant:
    """A changed answer to the exercise at `target`: where, from what to what, and the changed statement."""

    target: str
    path: Path
    line: int
    before: str
    after: str
    statement: str
    module: ast.Module

    def function(self) -> Callable:
        """The answer, from a module of its own."""
        return _function(self.module, self.path, self.target)


def original(library: Library, target: str) -> Callable:
    """The answer at `target` itself, made in the same way as its mutants."""
    target = library.resolve(target)
    path = library.path(target.rpartition(".")[0])
    return _function(ast.parse(path.read_text(encoding="utf-8")), path, target)


def _function(module: ast.Module, path: Path, target: str) -> Callable:
    name = target.rpartition(".")[2]
    namespace = {"__name__": f"module_of_{name}"}
    exec(compile(module, str(path), "exec"), namespace)
    return namespace[name]


def mutants(library: Library, target: str, exercises: Collection[str]) -> tuple[Mutant, ...]:
    """All mutants of the answer at `target` and of what belongs to it alone, in the order of its lines.

    exercises are the targets of the course: what the answer calls of these is not changed.
    """
    target = library.resolve(target)
    path = library.path(target.rpartition(".")[0])
    module = ast.parse(path.read_text(encoding="utf-8"))
    names = _own(library, target, exercises)
    asked = traits(parse(shape_line(library.function(target).docstring)))
    found: dict[str, Mutant] = {}
    for definition in module.body:
        if isinstance(definition, ast.FunctionDef | ast.Assign) and _bound(definition) & names:
            for mutant in _mutants(module, definition, asked, target, path):
                found.setdefault(ast.dump(mutant.module), mutant)
    return tuple(sorted(found.values(), key=lambda mutant: mutant.line))


def _own(library: Library, target: str, exercises: Collection[str]) -> set[str]:
    """The names of an answer and of what it is built on in its module that is no exercise."""
    home = target.rpartition(".")[0]
    own, open_ends = {target}, [target]
    while open_ends:
        for need in library.needs(open_ends.pop()).values():
            if need not in own and need not in exercises and need.rpartition(".")[0] == home:
                own.add(need)
                open_ends.append(need)
    return {name.rpartition(".")[2] for name in own}


def _bound(definition: ast.FunctionDef | ast.Assign) -> set[str]:
    if isinstance(definition, ast.FunctionDef):
        return {definition.name}
    return {target.id for target in definition.targets if isinstance(target, ast.Name)}


def _mutants(
    module: ast.Module, definition: ast.stmt, asked: Traits, target: str, path: Path
) -> Iterator[Mutant]:
    original = ast.dump(module)
    for statement, old, new in _changes(definition, asked):
        changed = copy.deepcopy(module, {id(old): copy.deepcopy(new)})
        if ast.dump(changed) == original:
            continue
        after = copy.deepcopy(statement, {id(old): copy.deepcopy(new)})
        line = getattr(old, "lineno", statement.lineno)
        yield Mutant(
            target, path, line, _said(old), _said(new), _head(after), ast.fix_missing_locations(changed)
        )


def _changes(definition: ast.stmt, asked: Traits) -> Iterator[tuple[ast.stmt, ast.AST, ast.AST]]:
    """Each change with the statement that it is in; docstrings and names of dimensions stay."""
    if isinstance(definition, ast.FunctionDef):
        for default in definition.args.defaults:
            yield from (
                (definition, old, new) for node in ast.walk(default) for old, new in changes(node, asked)
            )
        body = definition.body[1:] if ast.get_docstring(definition) else definition.body
        bound = {argument.arg for argument in definition.args.args}
        yield from _changes_of_block(body, bound, asked)
    else:
        yield from _changes_of_block([definition], set(), asked)


def _changes_of_block(
    body: list[ast.stmt], bound: set[str], asked: Traits
) -> Iterator[tuple[ast.stmt, ast.AST, ast.AST]]:
    """The changes of some statements; those that bind nothing new may be left out, too."""
    for statement in body:
        blocks = [block for name in ("body", "orelse") for block in [getattr(statement, name, [])] if block]
        inner = {id(node) for block in blocks for child in block for node in ast.walk(child)}
        for node in ast.walk(statement):
            if id(node) not in inner:
                yield from ((statement, old, new) for old, new in changes(node, asked))
        binds = {
            n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        if binds <= bound:
            yield statement, statement, ast.Pass()
        bound |= binds
        asked = dataclasses.replace(asked, arrays=asked.arrays - binds)  # from here on it is their own
        for block in blocks:
            yield from _changes_of_block(block, bound, asked)


def _head(statement: ast.stmt) -> str:
    """A statement on one line, without what is indented below it."""
    text = ast.unparse(statement)
    return text.splitlines()[0] if isinstance(statement, ast.FunctionDef | ast.If | ast.For) else text


def _said(node: ast.AST) -> str:
    """A changed node on one line."""
    match node:
        case ast.Slice():
            return ast.unparse(ast.Subscript(ast.Name("a"), node))[2:-1]
        case ast.stmt():
            return _head(node)
    return ast.unparse(node)
