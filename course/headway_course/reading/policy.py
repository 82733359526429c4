"""Layer 1 of loop-freeness, and the house rules: what an answer may use, read from its text, not run.

The sandbox keeps harm away. The policy keeps answers honest, and says in words what to write instead.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from headway_course.reading import forbidden
from headway_course.reading.aliases import TWO, aliases_in, default_aliases, note, path_of
from headway_course.reading.forbidden import ALLOWED_IMPORTS
from headway_course.reading.names import ScopedVisitor, bound_by, reach

if TYPE_CHECKING:
    from headway_course.reading.extract import Extracted, Statement

__all__ = ["ALLOWED_IMPORTS", "Policy", "Violation", "violations", "violations_for"]

_FORMAT_HOLE = re.compile(r"\{[^{}]*\.__")
_GETTERS = ("operator.attrgetter", "operator.methodcaller")
_HARMLESS = {"type": 1, "functools.wraps": 1, "functools.update_wrapper": 2}  # with so few arguments
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


def violations_for(
    extracted: Extracted, exercise: str, refused: Mapping[str, str] | None = None
) -> tuple[Violation, ...]:
    """What is not allowed in an answer, in what it uses, and in what was left out although it needs it.

    refused is what this exercise does not allow besides ("numpy.cov"), with what to do instead.
    """
    answer = extracted.answers.get(exercise)
    used = [extracted.statements[i] for i in reach(extracted.statements, answer.name)] if answer else []
    policy = Policy([statement.tree for statement in extracted.statements], refused)
    found = [v for statement in used for v in policy.check(statement.tree, statement.cell)]
    bound = {name for statement in used for name in statement.binds}
    lacking = [] if answer else [(exercise, None, 0)]
    for statement in used:
        needed = [use for use in statement.needs if use.name not in bound and not use.annotation]
        lacking += [(use.name, use.line, statement.cell) for use in needed]
    left_out: dict[str, dict[str, Violation]] = {}
    for left in extracted.left_out:
        for name in left.binds:
            left_out.setdefault(name, {}).update({v.what: v for v in left.violations})
    for name, line, cell in lacking:
        for v in left_out.get(name, {}).values():
            found.append(Violation(line, cell, v.what, v.instead) if line else v)
    return tuple(dict.fromkeys(found))


class Policy:
    """The rules, for a program of these statements: they say what is imported under which name."""

    def __init__(self, trees: Sequence[ast.stmt] = (), refused: Mapping[str, str] | None = None):
        self.refused = refused or {}
        self.aliases: dict[str, str] = {}
        self.own: set[str] = set()
        for tree in trees:
            self.learn(tree)

    def learn(self, tree: ast.stmt) -> None:
        """Takes note of what a statement at the top level imports, renames or defines."""
        for name, path in aliases_in([tree], lambda node: path_of(node, self.aliases.get)):
            note(self.aliases, name, path)
        if isinstance(tree, _SCOPES):
            # Where a definition of these fails, Python's own is left.
            self.own.update({*bound_by(tree)} - forbidden.READERS.keys())

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
        self.placed: set[int] = set()  # nodes: modules that are known for what they are where they go
        self.harmless: set[int] = set()  # nodes: readers of attributes, where they read none by name

    def refuse(self, node: ast.AST, what: str, instead: str) -> None:
        if instead:
            self.found.append(Violation(node.lineno, self.cell, what, instead))

    def refuse_asked(self, node: ast.AST, path: str) -> None:
        """Refuses what this exercise does not allow."""
        self.refuse(node, path, self.policy.refused.get(path, ""))

    def path(self, node: ast.AST) -> str:
        """What was imported, as a dotted path, if the expression stands for that; else ""."""
        return path_of(node, self._alias)

    def _alias(self, name: str) -> str:
        scope = self.scope_of(name)
        local = "" if scope is None else self.local_aliases[scope].get(name, "")
        if local or not self._may_be_outside(scope):
            return local
        return "" if name in self.policy.own else self.policy.aliases.get(name, "")

    def _may_be_outside(self, scope: int | None) -> bool:
        """A name in the body of a class is looked up outside until the class has its own."""
        return scope is None or isinstance(self.scopes[scope][0], ast.ClassDef)

    def _tracks(self, name: str) -> bool:
        """Whether it is known from here on what this name, bound here, stands for."""
        if not self.scopes:
            return True
        last = len(self.scopes) - 1
        return self.scope_of(name) == last and not isinstance(self.scopes[last][0], ast.ClassDef)

    def visit_scope(self, node, names, body):
        """Enters a function, class or comprehension, knowing what it imports and renames itself."""
        found: dict[str, str] = {}
        for name, path in default_aliases(node, self.path):
            note(found, name, path)
        for name, path in aliases_in(
            body, lambda value: path_of(value, lambda n: found.get(n) or self._alias(n))
        ):
            note(found, name, path)
        self.local_aliases.append(found)
        super().visit_scope(node, names, body)
        self.local_aliases.pop()

    def visit_Import(self, node):
        for alias in node.names:
            self.refuse(node, alias.name, forbidden.in_import(alias.name))
        self._check_bound(node)

    def visit_ImportFrom(self, node):
        module = "." * node.level + (node.module or "")
        instead = forbidden.in_import(module)
        self.refuse(node, module, instead)
        for alias in node.names if not instead else ():
            self.refuse(node, f"{module}.{alias.name}", forbidden.in_attribute(module, alias.name))
            self.refuse_asked(node, f"{module}.{alias.name}")
        self._check_bound(node)

    def _check_bound(self, node: ast.Import | ast.ImportFrom) -> None:
        for name, path in aliases_in([node], lambda _: ""):
            if forbidden.is_module(path) and not self._tracks(name):
                self.refuse(node, f"{path} imported here", forbidden.IMPORT_ABOVE)

    def visit_Assign(self, node):
        for target in node.targets:
            self._place(target, node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node):
        self._place(node.target, node.value)
        super().visit_AnnAssign(node)

    def visit_NamedExpr(self, node):
        self._place(node.target, node.value)
        self.generic_visit(node)

    def _visit_arguments(self, args):
        self.placed.update(map(id, [*args.defaults, *args.kw_defaults]))
        super()._visit_arguments(args)

    def _place(self, target: ast.AST, value: ast.AST | None) -> None:
        """Another name for a module is as good as the module's own, if it is known where it stands for it."""
        if isinstance(target, ast.Name) and self._tracks(target.id):
            self.placed.add(id(value))
        elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            for one, part in zip(target.elts, value.elts, strict=False):
                self._place(one, part)

    def visit_Name(self, node):
        name, loads, scope = node.id, isinstance(node.ctx, ast.Load), self.scope_of(node.id)
        path = self._alias(name)
        if loads:
            self._module_as_value(node, path)
            if self._may_be_outside(scope) and id(node) not in self.harmless:
                self.refuse(node, name, forbidden.READERS.get(name, ""))
        if scope is not None or name in self.policy.own:
            return
        if name in forbidden.BUILTINS:
            self.refuse(node, name, forbidden.BUILTINS[name])
        elif loads and forbidden.is_dunder(name):
            self.refuse(node, name, "" if name in forbidden.DUNDER_NAMES else forbidden.NAMES)
        if "." in path and loads:
            self.refuse(node, path, forbidden.in_attribute(*_split(path)))
            self.refuse_asked(node, path)
            self._getter_as_value(node)

    def _module_as_value(self, node: ast.AST, path: str) -> None:
        """A module that is handed on: nobody can tell from the text which of its attributes will be read."""
        if path == TWO:
            self.refuse(node, f"{excerpt(node)} for more than one module", forbidden.NAMES)
        elif path and id(node) not in self.placed and forbidden.is_module(path):
            self.refuse(node, f"{excerpt(node)} as a value", forbidden.MODULE)

    def visit_Attribute(self, node):
        path = self.path(node.value)
        self.refuse(node, excerpt(node), forbidden.in_attribute(path, node.attr))
        self.refuse_asked(node, f"{path}.{node.attr}")
        self._getter_as_value(node)
        self._module_as_value(node, self.path(node))
        self.placed.add(id(node.value))
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
        most = _HARMLESS.get(called, 0)
        if (
            len(node.args) <= most
            and not any(isinstance(a, ast.Starred) for a in node.args)
            and not node.keywords
        ):
            self.harmless.add(id(node.func))
        if called == "isinstance":
            self.harmless.update(map(id, node.args))
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
        self.placed.add(id(node))
        self.harmless.add(id(node))
        self.visit_all([node])

    def _getter_as_value(self, node: ast.AST) -> None:
        """What reads attributes by name and is not called on the spot, so that nobody can tell which."""
        path = self.path(node)
        if path in _GETTERS or (path in _HARMLESS and id(node) not in self.harmless):
            self.refuse(node, path, forbidden.GETATTR)

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
