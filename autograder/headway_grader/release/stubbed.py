"""The library for learners: whole where answers may be shown, a stub in the place of each one still due."""

import ast
from collections.abc import Collection
from pathlib import Path

from headway_course.asking import DUE
from headway_course.errors import CourseError

from headway_grader.build.answers import stub_of
from headway_grader.library import Library, Statement

HEAD = '"""Part of a release: what is still due stands here as a stub."""\n'


def stubbed(library: Library, due: Collection[str], shown: Collection[str]) -> dict[Path, str]:
    """The modules of the library by their paths below it, with stubs in the place of the targets in `due`.

    What only these answers need is left out, and so is what no exercise asks for and nothing shown is built
    on: it may do what they do.
    """
    asked = {target.rpartition(".")[0] for target in (*due, *shown)}
    texts = {module: library.statements(module) for module in _modules(library)}
    kept = _kept(library, {module: texts[module] for module in asked}, due, shown)
    asked |= {target.rpartition(".")[0] for target in kept}
    return {
        library.path(module).relative_to(library.root): _text(library, module, statements, kept, due)
        for module, statements in texts.items()
        if module in asked
    }


def refuse_gaps(library: Library, shown: Collection[str], due: Collection[str]) -> None:
    """Raises CourseError if an answer that is shown is built on one that is still due."""
    for target in shown:
        missing = sorted(library.closure(target) & set(due))
        if missing:
            raise CourseError(
                f"the answer {target} is built on {', '.join(missing)}, still due: show those lessons too"
            )


def _modules(library: Library) -> list[str]:
    files = sorted(library.root.rglob("*.py"))
    parts = [file.relative_to(library.root).with_suffix("").parts for file in files]
    return [".".join(p[:-1] if p[-1] == "__init__" else p) for p in parts if p != ("__init__",)]


def _kept(
    library: Library, texts: dict[str, tuple[Statement, ...]], due: Collection[str], shown: Collection[str]
) -> set[str]:
    """The answers that are shown, public values, and what these are built on."""
    values = {
        f"{module}.{name}"
        for module, statements in texts.items()
        for statement in statements
        if not statement.is_import and not isinstance(ast.parse(statement.source).body[0], ast.FunctionDef)
        for name in statement.binds
        if not name.startswith("_")
    }
    public = values.union(shown)
    return public.union(*(_built_on(library, target, due) for target in public))


def _built_on(library: Library, target: str, due: Collection[str]) -> set[str]:
    """What a target needs, looking no further than answers that are due: of these only the stub is there."""
    reached, open_ends = set(), [target]
    while open_ends:
        for need in library.needs(open_ends.pop()).values():
            if need not in reached and need not in due:
                reached.add(need)
                open_ends.append(need)
    return reached


def _text(
    library: Library,
    module: str,
    statements: Collection[Statement],
    kept: Collection[str],
    due: Collection[str],
) -> str:
    defined, stubs, uses = [], [], set()
    for statement in (s for s in statements if not s.is_import):
        targets = {f"{module}.{name}" for name in statement.binds}
        if targets & set(due):
            (target,) = targets
            defined.append(stub_of(library.function(target)))
            stubs.append(target.rpartition(".")[2])
        elif targets & set(kept):
            defined.append(statement.source)
            uses |= statement.uses
    imports = [s.source for s in statements if s.is_import and (s.binds & uses or "__future__" in s.source)]
    parts = [HEAD + "\n" + "\n".join(imports), f"{DUE} = {stubs!r}", *defined]
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"
