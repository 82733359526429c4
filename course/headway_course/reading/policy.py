"""Layer 1 of loop-freeness, and the house rules: what an answer may use, read from its text, not run.

The sandbox keeps harm away. The policy keeps answers honest, and says in words what to write instead.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from headway_course.reading import forbidden
from headway_course.reading.forbidden import ALLOWED_IMPORTS
from headway_course.reading.names import ScopedVisitor, bound_by, reach, star_names

if TYPE_CHECKING:
    from headway_course.reading.extract import Extracted, Statement

__all__ = ["ALLOWED_IMPORTS", "Policy", "Violation", "violations", "violations_for"]

_FORMAT_HOLE = re.compile(r"\{[^{}]*\.__")
_GETTERS = ("operator.attrgetter", "operator.methodcaller")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@dataclass(frozen=True)
class Violation:
    """What is not allowed and where, what to do instead, and a whole sentence of both."""

    line: int
    cell: int
    what: str
    instead: str

    @property
    def advice(self) -> str:
        """The sentence for the learner."""
        where = f"cell {self.cell}, line {self.line}" if self.cell else f"line {self.line}"
        return f"not allowed here: {where} uses {self.what}; {self.instead}"


def violations(statements: Iterable[Statement]) -> tuple[Violation, ...]:
    """Everything in these statements that an answer may not use, in order."""
    statements = tuple(statements)
    policy = Policy([statement.tree for statement in statements])
    return tuple(v for statement in statements for v in policy.check(statement.tree, statement.cell))


def violations_for(extracted: Extracted, exercise: str) -> tuple[Violation, ...]:
    """What is not allowed in an answer, in what it uses, and in what was left out although it needs it."""
    answer = extracted.answers.get(exercise)
    used = [extracted.statements[i] for i in reach(extracted.statements, answer.name)] if answer else []
    policy = Policy([statement.tree for statement in extracted.statements])
    found = [v for statement in used for v in policy.check(statement.tree, statement.cell)]
    bound = {name for statement in used for name in statement.binds}
    lacking = [] if answer else [(exercise, None, 0)]
    for statement in used:
        needed = [use for use in statement.needs if use.name not in bound and not use.annotation]
        lacking += [(use.name, use.line, statement.cell) for use in needed]
    refused: dict[str, dict[str, Violation]] = {}
    for left in extracted.left_out:
        for name in left.binds:
            refused.setdefault(name, {}).update({v.what: v for v in left.violations})
    for name, line, cell in lacking:
        for v in refused.get(name, {}).values():
            found.append(Violation(line, cell, v.what, v.instead) if line else v)
    return tuple(dict.fromkeys(found))


class Policy:
    """The rules, for a program of these statements: they say what is imported under which name."""

    def __init__(self, trees: Sequence[ast.stmt] = ()):
        self.aliases: dict[str, str] = {}
        self.own: set[str] = set()
        for tree in trees:
            self.learn(tree)

    def learn(self, tree: ast.stmt) -> None:
        """Takes note of what a statement at the top level imports, renames or defines."""
        match tree:
            case ast.ImportFrom(module=module, names=[ast.alias(name="*")]):
                self.aliases |= _star_aliases(module or "")
            case _:
                for name, path in _aliases([tree], lambda node: _path(node, self.aliases.get)):
                    self.aliases[name] = path
        if isinstance(tree, _SCOPES):
            self.own.update(bound_by(tree))

    def check(self, tree: ast.stmt, cell: int) -> list[Violation]:
        """What one statement may not use."""
        reader = _Reader(self, cell)
        try:
            reader.visit(tree)
        except RecursionError:
            reader.refuse(tree, "an expression nested too deeply", "take it apart")
        return reader.found


class _Reader(ScopedVisitor):
    """Reads one statement against the rules."""

    def __init__(self, policy: Policy, cell: int):
        super().__init__()
        self.policy = policy
        self.cell = cell
        self.found: list[Violation] = []
        self.local_aliases: list[dict[str, str]] = []

    def refuse(self, node: ast.AST, what: str, instead: str) -> None:
        if instead:
            self.found.append(Violation(node.lineno, self.cell, what, instead))

    def path(self, node: ast.AST) -> str:
        """What was imported, as a dotted path, if the expression stands for that; else ""."""
        return _path(node, self._alias)

    def _alias(self, name: str) -> str:
        scope = self.scope_of(name)
        if scope is not None:
            return self.local_aliases[scope].get(name, "")
        return "" if name in self.policy.own else self.policy.aliases.get(name, "")

    def visit_scope(self, node, names, body):
        """Enters a function, class or comprehension, knowing what it imports and renames itself."""
        found: dict[str, str] = {}
        for name, path in _default_aliases(node, self.path):
            found[name] = path
        for name, path in _aliases(
            body, lambda value: _path(value, lambda n: found.get(n) or self._alias(n))
        ):
            found[name] = path
        self.local_aliases.append(found)
        super().visit_scope(node, names, body)
        self.local_aliases.pop()

    def visit_Import(self, node):
        for alias in node.names:
            self.refuse(node, alias.name, forbidden.in_import(alias.name))

    def visit_ImportFrom(self, node):
        module = "." * node.level + (node.module or "")
        instead = forbidden.in_import(module)
        self.refuse(node, module, instead)
        for alias in node.names if not instead else ():
            self.refuse(node, f"{module}.{alias.name}", forbidden.in_attribute(module, alias.name))

    def visit_Name(self, node):
        name = node.id
        if self.scope_of(name) is not None or name in self.policy.own:
            return
        if name in ("getattr", "__import__") or name in forbidden.BUILTINS:
            self.refuse(node, name, forbidden.BUILTINS.get(name, forbidden.GETATTR))
        elif isinstance(node.ctx, ast.Load) and forbidden.is_dunder(name):
            self.refuse(node, name, "" if name in forbidden.DUNDER_NAMES else forbidden.NAMES)
        path = self._alias(name)
        if "." in path and isinstance(node.ctx, ast.Load):
            self.refuse(node, path, forbidden.in_attribute(*_split(path)))
            self._getter_as_value(node)

    def visit_Attribute(self, node):
        path = self.path(node.value)
        self.refuse(node, excerpt(node), forbidden.in_attribute(path, node.attr))
        self._getter_as_value(node)
        if not isinstance(node.ctx, ast.Load):
            self.refuse(node, f"{excerpt(node)} = …", forbidden.in_setting(path, node.attr))
        self.visit(node.value)

    def visit_Subscript(self, node):
        if not isinstance(node.ctx, ast.Load) and self.path(node.value):
            self.refuse(node, f"{excerpt(node)} = …", forbidden.in_setting(self.path(node.value), ""))
        self.generic_visit(node)

    def visit_Call(self, node):
        called = self.path(node.func) or (node.func.id if isinstance(node.func, ast.Name) else "")
        text = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if called == "getattr" and self.scope_of("getattr") is None and len(text) == 1 and len(node.args) > 1:
            self._named_attribute(node, self.path(node.args[0]), text[0])
            self.visit_all([*node.args, *node.keywords])
            return
        if called in _GETTERS:
            if not text or (called.endswith("getter") and len(text) < len(node.args)):
                self.refuse(node, called, forbidden.GETATTR)
            for name in text if called.endswith("getter") else text[:1]:
                self._named_attribute(node, "numpy", name)
            self.visit_all([*node.args, *node.keywords])
            return
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "format_map"):
            pattern = node.func.value
            if isinstance(pattern, ast.Constant) and _FORMAT_HOLE.search(str(pattern.value)):
                self.refuse(node, "a format string that reads attributes", forbidden.GETATTR)
        self.generic_visit(node)

    def visit_MatchClass(self, node):
        for name in node.kwd_attrs:
            self._named_attribute(node, "", name)
        self.generic_visit(node)

    def visit_FunctionDef(self, node):
        if self.scopes and isinstance(self.scopes[-1][0], ast.ClassDef):
            self.refuse(node, node.name, forbidden.in_class(node.name))
        super().visit_FunctionDef(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        for statement in node.body:
            for name in () if isinstance(statement, _SCOPES) else bound_by(statement):
                self.refuse(statement, name, forbidden.in_class(name))
        super().visit_ClassDef(node)

    def visit_annotation(self, node):
        """Annotations can be run, too, those in quotes included."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                inner = ast.parse(node.value.strip(), mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return
            for part in ast.walk(inner):
                if "lineno" in part._attributes:  # ast.Load and its like are one object for all trees
                    part.lineno = node.lineno
            node = inner
        self.visit_all([node])

    def _getter_as_value(self, node: ast.AST) -> None:
        """attrgetter that is not called on the spot, so that nobody can tell what it will read."""
        if self.path(node) in _GETTERS:
            self.refuse(node, self.path(node), forbidden.GETATTR)

    def _named_attribute(self, node: ast.AST, path: str, dotted: str) -> None:
        for name in dotted.split("."):
            self.refuse(node, name, forbidden.in_attribute(path, name))


def excerpt(node: ast.expr) -> str:
    """An expression as a person would quote it: in at most 40 characters."""
    text = ""
    if len([*islice(_nodes(node), 41)]) <= 40:  # to write out a long one takes long
        with suppress(ValueError):  # some f-strings cannot be written out before Python 3.12
            text = ast.unparse(node)
    if 0 < len(text) <= 40:
        return text
    return f"….{node.attr}" if isinstance(node, ast.Attribute) else f"{text[:39]}…"


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _nodes(child)


def _split(path: str) -> tuple[str, str]:
    module, _, name = path.rpartition(".")
    return module, name


def _path(node: ast.AST | None, alias) -> str:
    match node:
        case ast.Name():
            return alias(node.id) or ""
        case ast.Attribute():
            path = _path(node.value, alias)
            return f"{path}.{node.attr}" if path else ""
        case ast.NamedExpr():
            return _path(node.value, alias)
        case ast.IfExp():
            return _path(node.body, alias) or _path(node.orelse, alias)
        case ast.BoolOp():
            return next(filter(None, (_path(value, alias) for value in node.values)), "")
    return ""


def _aliases(body: Iterable[ast.AST], path) -> Iterator[tuple[str, str]]:
    """Names that these statements give to imported things, in order, not looking into inner functions."""
    pending = [*body][::-1]
    while pending:
        node = pending.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda() | ast.ClassDef():
                continue
            case ast.Import():
                for alias in node.names:
                    yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
            case ast.ImportFrom(names=[ast.alias(name="*")]):
                yield from _star_aliases(node.module or "").items()
            case ast.ImportFrom():
                yield from (
                    (alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names
                )
            case ast.Assign():
                yield from _pairs(node.targets, node.value, path)
            case ast.AnnAssign() | ast.NamedExpr():
                yield from _pairs([node.target], node.value, path)
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                for value in getattr(node.iter, "elts", ()):
                    yield from _pairs([node.target], value, path)
        pending += [*ast.iter_child_nodes(node)][::-1]


@cache
def _star_aliases(module: str) -> dict[str, str]:
    return {name: f"{module}.{name}" for name in star_names(module)}


def _pairs(targets: list[ast.expr], value: ast.expr | None, path) -> Iterator[tuple[str, str]]:
    for target in targets:
        if isinstance(target, ast.Name) and path(value):
            yield target.id, path(value)
        elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            for one, part in zip(target.elts, value.elts, strict=False):
                yield from _pairs([one], part, path)


def _default_aliases(node: ast.AST, path) -> Iterator[tuple[str, str]]:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return
    args = node.args
    positional = [*args.posonlyargs, *args.args]
    for argument, default in zip(positional[::-1], args.defaults[::-1], strict=False):
        yield from _pairs([ast.Name(argument.arg)], default, path)
    for argument, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        yield from _pairs([ast.Name(argument.arg)], default, path)
