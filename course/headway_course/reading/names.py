"""Which names a statement binds and which it needs, and so which statements an answer is made of."""

import ast
import builtins
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module

from headway_course.reading import forbidden

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (*_FUNCTIONS, ast.ClassDef)
BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True)
class Use:
    """A name from outside that a statement reads; `later` if only when a function is called.

    Annotations are read later, too, or never: answers run as under `from __future__ import annotations`.
    """

    name: str
    line: int
    later: bool
    annotation: bool = False


def bound_by(statement: ast.stmt) -> tuple[str, ...]:
    """The names that a statement at the top level binds or changes, in order."""
    match statement:
        case ast.ImportFrom(module=module, names=[ast.alias(name="*")]):
            return star_names(module or "")
        case ast.Import() | ast.ImportFrom():
            return tuple((alias.asname or alias.name).partition(".")[0] for alias in statement.names)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return (statement.name,)
    changed = [base_name(target) for target in targets_of(statement)]
    return tuple(dict.fromkeys(name for name in [*changed, *sorted(local_names([statement]))] if name))


def star_names(module: str) -> tuple[str, ...]:
    """What `from module import *` binds, for numpy and the standard library."""
    if forbidden.in_import(module) or module.partition(".")[0] == "headway":
        return ()
    try:
        found = import_module(module)
    except Exception:  # a made-up name of a module may end in anything
        return ()
    return tuple(
        getattr(found, "__all__", None) or [name for name in vars(found) if not name.startswith("_")]
    )


def targets_of(statement: ast.stmt) -> list[ast.expr]:
    """What an assignment assigns to, tuples taken apart."""
    match statement:
        case ast.Assign():
            pending = list(statement.targets)
        case ast.AugAssign() | ast.AnnAssign():
            pending = [statement.target]
        case _:
            pending = []
    flat = []
    while pending:
        target = pending.pop(0)
        if isinstance(target, ast.Tuple | ast.List):
            pending = [*target.elts, *pending]
        elif isinstance(target, ast.Starred):
            pending = [target.value, *pending]
        else:
            flat.append(target)
    return flat


def base_name(target: ast.expr) -> str:
    """`W` for `W`, `W[0]`, `W.a[1].b`; "" where there is no name at the root."""
    while isinstance(target, ast.Attribute | ast.Subscript):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def local_names(body: Iterable[ast.AST]) -> set[str]:
    """The names that these nodes bind in the scope they stand in."""
    names, pending = set(), [(node, False) for node in body]
    while pending:
        node, inside = pending.pop()  # inside a comprehension only a walrus binds outside of it
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
                pending += [(d, inside) for d in node.decorator_list]
                continue
            case ast.Lambda():
                continue
            case ast.NamedExpr():
                names.add(node.target.id)
                pending.append((node.value, inside))
                continue
            case ast.Name(ctx=ast.Store() | ast.Del()) if not inside:
                names.add(node.id)
            case ast.alias() if node.name != "*":
                names.add((node.asname or node.name).partition(".")[0])
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
            ):
                names.add(name)
            case ast.MatchMapping(rest=str(name)):
                names.add(name)
        inside = inside or isinstance(node, _COMPREHENSIONS)
        pending += [(child, inside) for child in ast.iter_child_nodes(node)]
    return names


def _declared_outside(body: Iterable[ast.AST]) -> set[str]:
    """The names that `global` and `nonlocal` say are not of this scope."""
    names, pending = set(), list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Global | ast.Nonlocal):
            names.update(node.names)
        elif not isinstance(node, (*_SCOPES, ast.expr)):
            pending += ast.iter_child_nodes(node)
    return names


def parameters(function: ast.AST) -> set[str]:
    """The names of a function's parameters."""
    a = function.args
    every = [*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg]
    return {argument.arg for argument in every if argument}


class ScopedVisitor(ast.NodeVisitor):
    """Walks a statement and knows at each name whether it is local to a function or comes from outside."""

    def __init__(self):
        self.scopes: list[tuple[ast.AST, set[str]]] = []

    @property
    def later(self) -> bool:
        """Whether this place is reached only when a function is called."""
        return any(isinstance(node, _FUNCTIONS) for node, _ in self.scopes)

    def scope_of(self, name: str) -> int | None:
        """The index of the scope that a name is local to; None if it comes from outside."""
        for i in reversed(range(len(self.scopes))):
            node, names = self.scopes[i]
            if name in names and (not isinstance(node, ast.ClassDef) or i == len(self.scopes) - 1):
                return i
        return None

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def visit_annotation(self, node: ast.expr | None) -> None:
        """An annotation is not evaluated when the statement runs; a subclass that cares visits it."""

    def visit_FunctionDef(self, node):
        self.visit_all(node.decorator_list)
        self._visit_arguments(node.args)
        self.visit_annotation(node.returns)
        own = parameters(node) | local_names(node.body) | self._type_names(node)
        self.visit_scope(node, own - _declared_outside(node.body), node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self._visit_arguments(node.args)
        self.visit_scope(node, parameters(node) | local_names([node.body]), [node.body])

    def visit_ClassDef(self, node):
        self.visit_all([*node.decorator_list, *node.bases, *(k.value for k in node.keywords)])
        self.visit_scope(node, local_names(node.body) | self._type_names(node) | {"__class__"}, node.body)

    def visit_ListComp(self, node):
        own = local_names([generator.target for generator in node.generators])
        result = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        first, *others = node.generators
        self.visit(first.iter)  # it is evaluated outside
        self.visit_scope(node, own, [first.target, *first.ifs, *others, *result])

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def visit_AnnAssign(self, node):
        self.visit_annotation(node.annotation)
        self.visit_all([node.value, node.target])

    def visit_scope(self, node: ast.AST, names: set[str], body: Sequence[ast.AST]) -> None:
        """Visits the inside of a function, class or comprehension, in which these names are local."""
        self.scopes.append((node, names))
        self.visit_all(body)
        self.scopes.pop()

    def _visit_arguments(self, args: ast.arguments) -> None:
        self.visit_all([*args.defaults, *args.kw_defaults])
        for argument in [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]:
            if argument:
                self.visit_annotation(argument.annotation)

    def _type_names(self, node: ast.AST) -> set[str]:
        return {parameter.name for parameter in getattr(node, "type_params", ())}


class _Uses(ScopedVisitor):
    def __init__(self):
        super().__init__()
        self.uses: list[Use] = []
        self.in_annotation = False

    def add(self, name: str, line: int) -> None:
        if self.scope_of(name) is None:
            self.uses.append(Use(name, line, self.later or self.in_annotation, self.in_annotation))

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            self.add(node.id, node.lineno)

    def visit_AugAssign(self, node):
        self.visit_all([node.value, node.target])
        if isinstance(node.target, ast.Name):
            self.add(node.target.id, node.lineno)

    def visit_Global(self, node):
        for name in node.names:
            self.uses.append(Use(name, node.lineno, True))

    def visit_annotation(self, node):
        before, self.in_annotation = self.in_annotation, True
        self.visit_all([node])
        self.in_annotation = before


def uses(statement: ast.stmt) -> tuple[Use, ...]:
    """The names from outside that a statement reads, in order; raises RecursionError if it is too deep."""
    visitor = _Uses()
    visitor.visit(statement)
    return tuple(visitor.uses)


def reach(statements: Sequence, name: str) -> Iterator[int]:
    """Indices, in order, of the statements a name's last definition is made of: itself, and all it needs.

    A statement is anything with `binds`, a tuple of names, and `needs`, a tuple of uses.
    """
    definers: dict[str, list[int]] = {}
    for i, statement in enumerate(statements):
        for bound in statement.binds:
            definers.setdefault(bound, []).append(i)
    reached, pending = set(), definers.get(name, [])[-1:]
    while pending:
        at = pending.pop()
        if at in reached:
            continue
        reached.add(at)
        for use in statements[at].needs:
            found = definers.get(use.name, [])
            end = len(found) if use.later else bisect_left(found, at)
            pending += found[max(end - 1, 0) : end]
    yield from sorted(reached)
