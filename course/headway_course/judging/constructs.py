"""The name of what makes a line run again and again: "for loop", "recursion", "np.vectorize"."""

import ast
from collections.abc import Iterator, Sequence

from headway_course.reading.policy import excerpt

_LOOPS = {
    ast.For: "for loop",
    ast.AsyncFor: "for loop",
    ast.While: "while loop",
    ast.ListComp: "list comprehension",
    ast.SetComp: "set comprehension",
    ast.DictComp: "dict comprehension",
    ast.GeneratorExp: "generator expression",
}
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def name_construct(trees: Sequence[ast.AST], line: int) -> tuple[str, int]:
    """In words, what makes this line of these statements run again, and the line that a loop begins on."""
    for node in reversed(_deepest(trees, line)):
        if type(node) in _LOOPS:
            return _LOOPS[type(node)], node.lineno
        if isinstance(node, _FUNCTIONS):
            return _repeated(node, trees), line
    return "repeated calls", line


def is_in_loop(trees: Sequence[ast.AST], line: int) -> bool:
    """Whether a loop or a comprehension stands around this line, within its own function."""
    path = _deepest(trees, line)
    return bool(path) and type(path[-1]) in _LOOPS


def is_in_function(trees: Sequence[ast.AST], line: int, name: str) -> bool:
    """Whether this line belongs to the function of that name."""
    path = _deepest(trees, line)
    return any(getattr(node, "name", None) == name for node in path if isinstance(node, _FUNCTIONS))


def _deepest(trees: Sequence[ast.AST], line: int) -> list[ast.AST]:
    """The loops and functions around a line of these statements, outermost first."""
    return max((_path(tree, line) for tree in trees), key=len, default=[])


def _path(tree: ast.AST, line: int) -> list[ast.AST]:
    """The loops and functions around a line, outermost first; of several the deepest."""
    best: list[ast.AST] = []
    pending = [(tree, [])]
    while pending:
        node, path = pending.pop()
        if "lineno" in node._attributes and not _first_line(node) <= line <= node.end_lineno:
            continue
        if type(node) in _LOOPS or isinstance(node, _FUNCTIONS):
            path = [*path, node]
        best = max(best, path, key=len)
        pending += [(child, path) for child in ast.iter_child_nodes(node)]
    return best


def _first_line(node: ast.AST) -> int:
    return min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])


def _repeated(function: ast.AST, trees: Sequence[ast.AST]) -> str:
    """Why a function without a loop runs again: it calls itself, or was handed to something that calls it."""
    names = set(_names_of(function, trees))
    if any(
        isinstance(node, ast.Name) and node.id in names for part in _body(function) for node in ast.walk(part)
    ):
        return "recursion"
    if any(
        isinstance(node, ast.Yield | ast.YieldFrom) for part in _body(function) for node in ast.walk(part)
    ):
        return "generator"
    for decorator in getattr(function, "decorator_list", ()):
        return excerpt(decorator)
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Call):
            handed = [*node.args, *(keyword.value for keyword in node.keywords)]
            if any(part is function or (isinstance(part, ast.Name) and part.id in names) for part in handed):
                return excerpt(node.func)
    return f"repeated calls of {min(names)}" if names else "repeated calls"


def _body(function: ast.AST) -> list[ast.AST]:
    return [function.body] if isinstance(function, ast.Lambda) else function.body


def _names_of(function: ast.AST, trees: Sequence[ast.AST]) -> Iterator[str]:
    if not isinstance(function, ast.Lambda):
        yield function.name
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Assign) and node.value is function:
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
