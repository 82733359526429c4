"""The text of an answer, as the library has it, in the three forms that notebooks need."""

import ast
import builtins
import re
import textwrap
from collections.abc import Collection
from dataclasses import dataclass

from headway_course.errors import CourseError

from headway_grader.library import Function, Library, import_lines, names

_NOQA = re.compile(r"[ \t]*# noqa.*$", re.MULTILINE)
# What nbgrader puts in place of a solution, so that its release and our notebooks have the same cells.
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


@dataclass(frozen=True)
class Answer:
    """A function's signature with its docstring, its body, and what it needs that no other cell has."""

    head: str
    body: str
    imports: tuple[str, ...]
    beside: tuple[str, ...]
    indent: str

    @property
    def stub(self) -> str:
        """What the learner starts from."""
        return f"{self.head}\n{textwrap.indent(STUB, self.indent)}"

    @property
    def instructor(self) -> str:
        """The answer between nbgrader's markers, with what it needs inside, so that the stub stays whole."""
        inside = [textwrap.indent(text, self.indent) for text in (*self.imports, *self.beside)]
        begin, end = (f"{self.indent}### {word} SOLUTION" for word in ("BEGIN", "END"))
        return "\n".join([self.head, begin, *inside, self.body, end])

    @property
    def solved(self) -> str:
        """The answer as one writes it."""
        above = (["\n".join(self.imports)] if self.imports else []) + list(self.beside)
        return "\n\n\n".join([*above, f"{self.head}\n{self.body}"])


def answer(
    library: Library,
    function: Function,
    exercises: Collection[str],
    available: Collection[str],
    imported: Collection[str],
) -> Answer:
    """The answer to one exercise, given the targets of all exercises, of what stands above, and its imports.

    Raises CourseError if it cannot be made a cell, or is built on an exercise that is not above it.
    """
    beside = _beside(library, function.target, exercises, available)
    needed = (line for target in (function.target, *beside) for line in library.imports(target))
    imports = dict.fromkeys(line.source for line in needed if line.source not in imported)
    head, body, indent = _parts(function)
    made = Answer(head, body, tuple(imports), tuple(library.source(target) for target in beside), indent)
    _refuse_names_in_stub(made, function)
    _refuse_text_that_moves(made, function)
    return made


def stub_of(function: Function) -> str:
    """The text of a function whose body is still due."""
    head, _, indent = _parts(function)
    return f"{head}\n{indent}raise NotImplementedError()"


def imports_in(source: str) -> frozenset[str]:
    """The imports at the top level of a cell, a line for each name."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a line of IPython's
        return frozenset()
    return frozenset(
        line for node in body if isinstance(node, ast.Import | ast.ImportFrom) for line in import_lines(node)
    )


def _beside(
    library: Library, function: str, exercises: Collection[str], available: Collection[str]
) -> list[str]:
    """The targets that are no exercises but needed, each after those it needs itself."""
    beside: list[str] = []

    def visit(target: str) -> None:
        for name, need in library.needs(target).items():
            called = need.rpartition(".")[2]
            if need in (function, target) or need in beside:
                continue
            if name != called:
                raise CourseError(f"the library imports {need} as {name}: let it keep its name")
            if need in available:
                continue
            if need not in exercises:
                visit(need)
                beside.append(need)
            else:
                raise CourseError(
                    f"{function} is built on {need}: put that exercise above this one, "
                    f'or fetch it above with `{called} = earlier("{need}")`'
                )

    visit(function)
    return beside


def _parts(function: Function) -> tuple[str, str, str]:
    """Head, body and the indentation of the body."""
    node = function.node
    lines = function.source.splitlines()
    docstring = node.body[0]
    if not function.docstring:
        raise CourseError(f"{function.target} has no docstring: its learners need one ({function.path})")
    if len(node.body) == 1:
        raise CourseError(f"{function.target} has no body: nothing is left to write ({function.path})")
    last = lines[docstring.end_lineno - 1].encode()[: docstring.end_col_offset].decode()
    head = "\n".join([*lines[node.lineno - 1 : docstring.end_lineno - 1], last])
    body = "\n".join(lines[docstring.end_lineno : node.end_lineno]).strip("\n")
    return _NOQA.sub("", head), _NOQA.sub("", body), " " * docstring.col_offset


def _refuse_names_in_stub(made: Answer, function: Function) -> None:
    uses = names(made.stub)[1] - set(dir(builtins)) - {"np"}
    if uses:
        raise CourseError(
            f"the signature of {function.target} uses {', '.join(sorted(uses))}, which a learner does not "
            "have: write the value itself"
        )


def _refuse_text_that_moves(made: Answer, function: Function) -> None:
    """A text of several lines changes when it is indented; a docstring may."""
    for text in made.beside:
        before = ast.parse(text)
        after = ast.Module(ast.parse("if True:\n" + textwrap.indent(text, made.indent)).body[0].body, [])
        for tree in (before, after):
            _drop_docstrings(tree)
        if ast.dump(before) != ast.dump(after):
            raise CourseError(
                f"{function.target} needs a text of several lines that stands beside it in the library: "
                "write that text on one line, or into the function"
            )


def _drop_docstrings(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body[0].value.value = ""
