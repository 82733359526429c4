"""Under which names a program has the modules, and what is in them, that it imports."""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from headway_course.reading import forbidden
from headway_course.reading.names import star_names

TWO = "two modules"
"""Stands for the path of a name that is now this module and now that."""


def path_of(node: ast.AST | None, alias: Callable[[str], str | None]) -> str:
    """What an expression stands for, as a dotted path, given what names do; "" if that is unknown."""
    match node:
        case ast.Name():
            return alias(node.id) or ""
        case ast.Attribute():
            path = path_of(node.value, alias)
            return f"{path}.{node.attr}" if path else ""
        case ast.NamedExpr():
            return path_of(node.value, alias)
        case ast.IfExp():
            return path_of(node.body, alias) or path_of(node.orelse, alias)
        case ast.BoolOp():
            return next(filter(None, (path_of(value, alias) for value in node.values)), "")
    return ""


def aliases_in(body: Iterable[ast.AST], path: Callable[[ast.AST], str]) -> Iterator[tuple[str, str]]:
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
                yield from _star_aliases(node.module or "")
            case ast.ImportFrom():
                yield from (
                    (alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names
                )
            case ast.Assign():
                yield from _pairs(node.targets, node.value, path)
            case ast.AnnAssign() | ast.NamedExpr():
                yield from _pairs([node.target], node.value, path)
        pending += [*ast.iter_child_nodes(node)][::-1]


@cache
def _star_aliases(module: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, f"{module}.{name}") for name in star_names(module))


def note(known: dict[str, str], name: str, path: str) -> None:
    """Adds an alias to those known; one name for two modules tells nothing of what is read."""
    before = known.get(name, path)
    mixed = before != path and any(map(forbidden.is_module, (before, path)))
    known[name] = TWO if mixed or before == TWO else path


def _pairs(targets: list[ast.expr], value: ast.expr | None, path) -> Iterator[tuple[str, str]]:
    for target in targets:
        if isinstance(target, ast.Name) and path(value):
            yield target.id, path(value)
        elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            for one, part in zip(target.elts, value.elts, strict=False):
                yield from _pairs([one], part, path)


def default_aliases(node: ast.AST, path: Callable[[ast.AST], str]) -> Iterator[tuple[str, str]]:
    """Parameters of a function whose defaults are imported things."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return
    args = node.args
    positional = [*args.posonlyargs, *args.args]
    for argument, default in zip(positional[::-1], args.defaults[::-1], strict=False):
        yield from _pairs([ast.Name(argument.arg)], default, path)
    for argument, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        yield from _pairs([ast.Name(argument.arg)], default, path)
