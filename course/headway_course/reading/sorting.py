"""Each statement of a submission either runs or is left out, for a reason that can be told."""

import ast
import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from headway_course.manifest import CHECKS
from headway_course.reading import forbidden
from headway_course.reading.cell_syntax import parse_cell
from headway_course.reading.cells import Cell
from headway_course.reading.names import BUILTINS, Use, base_name, bound_by, targets_of, uses
from headway_course.reading.policy import Policy, Violation, excerpt

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_ASSIGNMENTS = (ast.Assign, ast.AugAssign, ast.AnnAssign, getattr(ast, "TypeAlias", ast.Assign))
_HELPERS = ("headway_course", CHECKS)
_MAX_DEPTH = 150
_MAX_WORK = 500_000  # nodes, each as often as it is deep: what looks at all below a node does this for all
_MAX_NUMBER = 10**1000  # Python refuses to write out much longer ones
_IN_WORDS = {
    ast.Expr: "an expression whose value nobody keeps",
    ast.For: "a loop outside of functions",
    ast.AsyncFor: "a loop outside of functions",
    ast.While: "a loop outside of functions",
    ast.If: "a choice outside of functions",
    ast.Match: "a choice outside of functions",
    ast.With: "a with-block outside of functions",
    ast.AsyncWith: "a with-block outside of functions",
    ast.Assert: "an assertion outside of functions",
    ast.Delete: "a deletion outside of functions",
    ast.Raise: "an error raised outside of functions",
}


@dataclass(frozen=True)
class Statement:
    """One statement that runs: tree and source, the cell and line where it begins, what it binds and needs.

    Lines, also those in the tree, count within the cell of a notebook, and within the file of a script, whose
    `cell` is 0. `source` compiles on its own; its first line is line `line`.
    """

    tree: ast.stmt
    source: str
    cell: int
    line: int
    binds: tuple[str, ...]
    needs: tuple[Use, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """Something that does not run: where, its text, why, what it would have bound, what is refused in it."""

    cell: int
    line: int
    text: str
    why: str
    binds: tuple[str, ...] = ()
    violations: tuple[Violation, ...] = ()


@dataclass(frozen=True)
class AnswerRef:
    """Where an answer was found and the name it has there; `untouched` if it is still the stub."""

    name: str
    cell: int
    line: int
    untouched: bool = False


@dataclass(frozen=True)
class Extracted:
    """What runs, what does not, what to tell the learner, and the answers by exercise (None if missing)."""

    statements: tuple[Statement, ...]
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    answers: dict[str, AnswerRef | None] = field(default_factory=dict)


class Sorting:
    """What was kept and left out so far, and so which names the next statement may rely on."""

    def __init__(self):
        self.kept: list[Statement] = []
        self.left_out: list[LeftOut] = []
        self._lost: dict[str, LeftOut] = {}
        self._policy = Policy()
        self._known = set(BUILTINS) - forbidden.BUILTINS.keys()
        self._own: set[str] = set()  # what the learner made, as against what was imported

    def add(self, cell: Cell) -> None:
        """Sorts the statements of one cell."""
        parsed = parse_cell(cell.source)
        shift = cell.first_line - 1
        for part in parsed.broken:
            self._leave(part.text, cell.number, part.line + shift, part.why, part.binds)
        lines = [
            line.encode("utf-8", "surrogatepass") for line in parsed.lines
        ]  # columns of statements count bytes
        monstrous = {id(tree): why for tree in parsed.statements if (why := _monstrous(tree))}
        for tree in parsed.statements:
            if id(tree) in monstrous:
                source, line = _source(tree, lines)
                self._leave(source, cell.number, line + shift, monstrous[id(tree)], bound_by(tree))
        for tree in _opened([tree for tree in parsed.statements if id(tree) not in monstrous]):
            source, line = _source(tree, lines)
            if shift:
                ast.increment_lineno(tree, shift)
            self._sort(tree, source, cell.number, line + shift)

    def _sort(self, tree: ast.stmt, source: str, cell: int, line: int) -> None:
        if _says_nothing(tree):
            return
        if isinstance(tree, ast.Import | ast.ImportFrom):
            self._sort_import(tree, source, cell, line)
        elif renamed := _fetched(tree):
            self._provide(*renamed, cell, line)
        else:
            refused = [] if isinstance(tree, _DEFINITIONS) else self._policy.check(tree, cell)
            why, refused = self._objection(tree, refused)
            if why:
                self._leave(source, cell, line, why, bound_by(tree), refused)
            else:
                self._keep(tree, source, cell, line)

    def _objection(self, tree: ast.stmt, refused: Sequence[Violation]) -> tuple[str, Sequence[Violation]]:
        """Why a statement that is no import does not run, and what is refused in it; "" if it runs."""
        if isinstance(tree, _DEFINITIONS):
            return "", ()
        if not isinstance(tree, _ASSIGNMENTS):
            return _IN_WORDS.get(type(tree), "neither a definition nor an assignment"), ()
        for target in targets_of(tree):
            if not isinstance(target, ast.Name) and base_name(target) not in self._own:
                return f"it changes {excerpt(target)}, which is not its own", refused
        if refused:
            return f"it uses {refused[0].what}", refused
        for use in uses(tree):
            if not use.later and use.name not in self._known:
                return self._lack(use.name)
        return "", ()

    def _lack(self, name: str) -> tuple[str, Sequence[Violation]]:
        left = self._lost.get(name)
        if left is None:
            return f"it needs {name}, which is not defined above", ()
        return f"it needs {name}, which was left out (line {left.line})", left.violations

    def _sort_import(self, tree: ast.Import | ast.ImportFrom, source: str, cell: int, line: int) -> None:
        module = tree.module or "" if isinstance(tree, ast.ImportFrom) else tree.names[0].name
        root = module.partition(".")[0]
        if root in _HELPERS:
            self._leave(source, cell, line, "the course's helpers are for the notebook", bound_by(tree))
        elif root == "headway" and isinstance(tree, ast.ImportFrom) and module != "headway":
            for alias in tree.names:
                self._provide(alias.asname or alias.name, alias.name, cell, line)
        elif module != "__future__":
            for one in _single_imports(tree):
                self._sort_one_import(one, ast.unparse(one), cell, line)

    def _sort_one_import(self, tree: ast.Import | ast.ImportFrom, source: str, cell: int, line: int) -> None:
        if refused := self._policy.check(tree, cell):
            self._leave(source, cell, line, refused[0].instead, bound_by(tree), refused)
        else:
            self._keep(tree, source, cell, line)
            self._own.difference_update(bound_by(tree))

    def _provide(self, name: str, function: str, cell: int, line: int) -> None:
        """A function of the library, which the judge binds to its own name; here it may get another."""
        self._known.update((name, function))
        if name != function and function != "*":
            source = f"{name} = {function}"
            tree = ast.increment_lineno(ast.parse(source), line - 1).body[0]
            self._keep(tree, source, cell, line)

    def _keep(self, tree: ast.stmt, source: str, cell: int, line: int) -> None:
        binds = bound_by(tree)
        self.kept.append(Statement(tree, source, cell, line, binds, uses(tree)))
        self._policy.learn(tree)
        self._known.update(binds)
        self._own.update(binds)

    def _leave(
        self,
        source: str,
        cell: int,
        line: int,
        why: str,
        binds: Sequence[str] = (),
        refused: Sequence[Violation] = (),
    ) -> None:
        text = next((row.strip() for row in source.split("\n") if row.strip()), "")
        left = LeftOut(cell, line, text[:200], why, tuple(binds), tuple(refused))
        self.left_out.append(left)
        self._lost |= dict.fromkeys(binds, left)
        self._known.difference_update(binds)


def _monstrous(tree: ast.stmt) -> str:
    """Why what reads and quotes statements could not bear this one; "" if it can."""
    level, work = [tree], 0
    for depth in range(_MAX_DEPTH):
        if any(_is_too_long(node) for node in level):
            return "it has a number of more than 1000 digits"
        work += depth * len(level)
        if work > _MAX_WORK:
            return "it is too large"
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return "it is nested too deeply" if level else ""


def _is_too_long(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value >= _MAX_NUMBER


def _opened(statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements, with `try` and constant `if` replaced by the part of them that counts."""
    for tree in statements:
        match tree:
            case ast.Try():
                yield from _opened(_branch(tree))
            case ast.If(test=ast.Constant(value=value)):
                yield from _opened(tree.body if value else tree.orelse)
            case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
                yield from _opened(tree.body)
            case _:
                yield tree


def _branch(tree: ast.Try) -> list[ast.stmt]:
    """The body, unless it imports what is not at hand and there is a handler for that."""
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    missing = any(Policy().check(node, 0) for node in imports)
    if missing and tree.handlers:
        return [*tree.handlers[0].body, *tree.finalbody]
    return [*tree.body, *tree.orelse, *tree.finalbody]


def _says_nothing(tree: ast.stmt) -> bool:
    """A docstring, `...`, `pass`, or a bare annotation."""
    match tree:
        case ast.Expr(value=ast.Constant()) | ast.Pass() | ast.AnnAssign(value=None):
            return True
    return False


def _single_imports(tree: ast.Import | ast.ImportFrom) -> Iterator[ast.Import | ast.ImportFrom]:
    """One import for each name, so that one name not at hand does not cost the others."""
    for alias in tree.names:
        one = copy.copy(tree)
        one.names = [alias]
        yield one


def _fetched(tree: ast.stmt) -> tuple[str, str] | None:
    """(name, function) of `name = earlier("module.function")`, and of `library(…)`."""
    match tree:
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.Call(
                func=ast.Name(id="earlier" | "library") | ast.Attribute(attr="earlier" | "library"),
                args=[ast.Constant(value=str(target))],
            ),
        ):
            function = target.rpartition(".")[2]
            return (name, function) if function.isidentifier() else None
    return None


def _source(tree: ast.stmt, lines: Sequence[bytes]) -> tuple[str, int]:
    """The text of a statement, which compiles on its own, and the line of its first line."""
    first = min([tree.lineno, *(d.lineno for d in getattr(tree, "decorator_list", ()))])
    own = list(lines[first - 1 : tree.end_lineno])
    indent = own[0][: tree.col_offset].rpartition(b"\f")[2]  # before a page break nothing is indented
    if isinstance(tree, _DEFINITIONS) and indent:
        return b"\n".join([b"if 1:", *own]).decode(), first - 1
    if len(own) == 1:  # in one step, for there may be very many in a line
        return own[0][tree.col_offset : tree.end_col_offset].decode(), first
    own[-1] = own[-1][: tree.end_col_offset]
    own[0] = own[0][tree.col_offset :]
    return b"\n".join(own).decode(), first
