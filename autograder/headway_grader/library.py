"""The library as text: which function is built on which, and slices with a few functions and what they need.

Nothing here imports the library. A target is a name with its module below the package: "numerics.softmax".
"""

import ast
import symtable
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec, resolve_name
from pathlib import Path

from headway_course.errors import CourseError

PACKAGE = "headway"


@dataclass(frozen=True)
class Statement:
    """One top-level statement of a module: its text, the names it binds, and the global names it uses.

    `origin` is the target that it imports, where it imports one from the library.
    """

    source: str
    line: int
    binds: frozenset[str]
    uses: frozenset[str]
    is_import: bool = False
    origin: str | None = None


@dataclass(frozen=True)
class Function:
    """A function of the library: where it stands, its text, and its docstring."""

    target: str
    path: Path
    line: int
    source: str
    docstring: str

    @property
    def name(self) -> str:
        return self.target.rpartition(".")[2]

    @property
    def node(self) -> ast.FunctionDef:
        return ast.parse(self.source).body[0]


@dataclass(frozen=True)
class Library:
    """The package whose modules lie in `root`."""

    root: Path

    def statements(self, module: str) -> tuple[Statement, ...]:
        """The top-level statements of a module; raises CourseError if it is missing or cannot be read."""
        path = self.path(module)
        try:
            return _statements(path.read_text(encoding="utf-8"), f"{PACKAGE}.{module}", str(path))
        except FileNotFoundError:
            raise CourseError(f"the library has no module {module!r}: write it, in {path}") from None

    def path(self, module: str) -> Path:
        path = self.root.joinpath(*module.split("."))
        return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")

    def function(self, target: str) -> Function:
        """The function at `target`; raises CourseError if the library has none there."""
        target = self.resolve(target)
        module = target.rpartition(".")[0]
        for statement in self._binding(target):
            node = ast.parse(statement.source).body[0]
            if isinstance(node, ast.FunctionDef):
                docstring = ast.get_docstring(node) or ""
                return Function(target, self.path(module), statement.line, statement.source, docstring)
        raise CourseError(f"{target} is not a function ({self.path(module)}): name one that is")

    def resolve(self, target: str) -> str:
        """Where `target` is defined, should its module only import it from another."""
        origin = next((s.origin for s in self._binding(target) if s.origin), None)
        return self.resolve(origin) if origin else target

    def source(self, target: str) -> str:
        """The text that defines `target`, with the comment above it."""
        return "\n".join(statement.source for statement in self._binding(self.resolve(target)))

    def needs(self, target: str) -> dict[str, str]:
        """What the definition of `target` uses directly: the name it has there → the target it stands for."""
        module = target.rpartition(".")[0]
        found = {}
        for statement in self._binding(target):
            for use in sorted(statement.uses):
                for other in self.statements(module):
                    if use in other.binds and (other.origin or not other.is_import):
                        found[use] = self.resolve(f"{module}.{use}")
        return found

    def imports(self, target: str) -> tuple[Statement, ...]:
        """The imports from outside the library that the definition of `target` uses."""
        module = target.rpartition(".")[0]
        uses = frozenset().union(*(s.uses for s in self._binding(target)))
        return tuple(s for s in self.statements(module) if s.is_import and not s.origin and uses & s.binds)

    def closure(self, target: str) -> frozenset[str]:
        """Everything of the library that `target` is built on, directly or not; never `target` itself."""
        target = self.resolve(target)
        reached, open_ends = set(), [target]
        while open_ends:
            for need in self.needs(open_ends.pop()).values():
                if need not in reached:
                    reached.add(need)
                    open_ends.append(need)
        return frozenset(reached - {target})

    def slice_source(self, targets: Iterable[str]) -> dict[str, str]:
        """These functions and what they are built on: source by module (`numerics`), ready to run in order.

        Only imports in use remain; one from the library reads `from headway.numerics import …`.
        """
        targets = [self.resolve(target) for target in targets]
        wanted = set(targets).union(*(self.closure(target) for target in targets))
        modules = sorted({target.rpartition(".")[0] for target in wanted})
        kept = {module: self._kept(module, wanted) for module in modules}
        return {module: _text(kept[module]) for module in _in_order(kept)}

    def _kept(self, module: str, wanted: set[str]) -> list[Statement]:
        statements = self.statements(module)
        names = {target.rpartition(".")[2] for target in wanted if target.rpartition(".")[0] == module}
        defined = [s for s in statements if not s.is_import and s.binds & names]
        used = frozenset().union(*(s.uses for s in defined))
        return [
            s
            for s in statements
            if s in defined or (s.is_import and (s.binds & used or "__future__" in s.source))
        ]

    def _binding(self, target: str) -> tuple[Statement, ...]:
        module, _, name = target.rpartition(".")
        statements = self.statements(module) if module else ()
        binding = tuple(statement for statement in statements if name in statement.binds)
        if not binding:
            known = ", ".join(
                sorted(n for s in statements if not s.is_import for n in s.binds if n[0] != "_")
            )
            where = f"{module}.py has {known or 'nothing'}" if module else "write it as module.function"
            raise CourseError(f"the library has no {target!r}: {where}")
        return binding


def installed() -> Library:
    """The library that is installed here, found without importing it."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise CourseError("the library `headway` is not installed here: run `python3 start.py test` once")
    return Library(Path(spec.submodule_search_locations[0]))


def closure(target: str) -> frozenset[str]:
    """Everything of the installed library that `target` is built on; see Library.closure."""
    return installed().closure(target)


def slice_source(targets: Iterable[str]) -> dict[str, str]:
    """These functions of the installed library and what they are built on; see Library.slice_source."""
    return installed().slice_source(targets)


@lru_cache(maxsize=256)
def _statements(text: str, module: str, path: str) -> tuple[Statement, ...]:
    try:
        tree = ast.parse(text, path)
    except SyntaxError as error:
        raise CourseError(f"{path}:{error.lineno}: {error.msg}") from None
    lines = text.splitlines()
    statements: list[Statement] = []
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            statements += _imports(node, module, path)
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            statements.append(_statement(node, lines))
    return tuple(statements)


def _statement(node: ast.stmt, lines: list[str]) -> Statement:
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
    while first > 1 and lines[first - 2].startswith("#"):
        first -= 1
    source = "\n".join(lines[first - 1 : node.end_lineno])
    binds, uses = names(source)
    return Statement(source, node.lineno, binds, uses)


def _imports(node: ast.Import | ast.ImportFrom, module: str, path: str) -> list[Statement]:
    package = module.rpartition(".")[0]
    source = ""
    if isinstance(node, ast.ImportFrom):
        source = resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module
    whole = source == PACKAGE or (not source and any(a.name.split(".")[0] == PACKAGE for a in node.names))
    if whole or any(alias.name == "*" for alias in node.names):
        raise CourseError(f"{path}:{node.lineno}: write `from {PACKAGE}.module import function` here")
    inside = source.removeprefix(f"{PACKAGE}.") if source.startswith(f"{PACKAGE}.") else None
    return [
        _one_import(text, alias, node.lineno, f"{inside}.{alias.name}" if inside else None)
        for text, alias in zip(import_lines(node, source), node.names, strict=True)
    ]


def import_lines(node: ast.Import | ast.ImportFrom, source: str | None = None) -> list[str]:
    """An import as one line for each name; `source` is the module it is from, if not as the node has it."""
    source = source or getattr(node, "module", None)
    names = [f"{alias.name} as {alias.asname}" if alias.asname else alias.name for alias in node.names]
    return [f"from {source} import {name}" if source else f"import {name}" for name in names]


def _one_import(source: str, alias: ast.alias, line: int, origin: str | None) -> Statement:
    bound = alias.asname or alias.name.split(".")[0]
    return Statement(source, line, frozenset({bound}), frozenset(), is_import=True, origin=origin)


def names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """The global names that a piece of source binds, and those it uses; local variables are neither."""
    top = symtable.symtable(source, "<library>", "exec")
    symbols = top.get_symbols()
    binds = frozenset(s.get_name() for s in symbols if s.is_assigned() or s.is_imported())
    uses = {s.get_name() for s in symbols if s.is_referenced()}
    inner = list(top.get_children())
    while inner:
        table = inner.pop()
        uses |= {s.get_name() for s in table.get_symbols() if s.is_global()}
        inner += table.get_children()
    return binds, frozenset(uses)


def _in_order(kept: dict[str, list[Statement]]) -> list[str]:
    """Modules so that each comes after those it imports from."""
    order: list[str] = []

    def visit(module: str, above: tuple[str, ...]) -> None:
        for statement in kept[module]:
            needed = statement.origin.rpartition(".")[0] if statement.origin else None
            if needed in kept and needed not in order and needed not in above:
                visit(needed, (*above, module))
        if module not in order:
            order.append(module)

    for module in kept:
        visit(module, ())
    return order


def _text(statements: list[Statement]) -> str:
    head = [s.source for s in statements if s.is_import]
    rest = [s.source for s in statements if not s.is_import]
    return "\n\n\n".join((["\n".join(head)] if head else []) + rest) + "\n"
