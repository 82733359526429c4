"""The library for learners: whole where answers may be shown, a stub in the place of each one still due."""

from collections.abc import Collection
from pathlib import Path

from headway_course.asking import DUE
from headway_course.errors import CourseError

from headway_grader.build.answers import stub_of
from headway_grader.library import Library

HEAD = '"""Part of a release: what is still due stands here as a stub."""\n'


def stubbed(library: Library, due: Collection[str], shown: Collection[str]) -> dict[Path, str]:
    """The modules of the library by their paths below it: stubs of what is due, and what is shown.

    With what is shown comes what it is built on, which nothing due may be. All else is left out.
    """
    kept = set(shown).union(*(library.closure(target) for target in shown))
    modules = sorted({target.rpartition(".")[0] for target in (*due, *kept)})
    return {
        library.path(module).relative_to(library.root): _text(library, module, kept, due)
        for module in modules
    }


def refuse_gaps(library: Library, shown: Collection[str], due: Collection[str]) -> None:
    """Raises CourseError if an answer that is shown is built on one that is still due."""
    for target in shown:
        missing = sorted(library.closure(target) & set(due))
        if missing:
            raise CourseError(
                f"the answer {target} is built on {', '.join(missing)}, still due: show those lessons too"
            )


def _text(library: Library, module: str, kept: Collection[str], due: Collection[str]) -> str:
    statements = library.statements(module)
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
