"""Where a learner's function comes from: the cells or the file, to quote its lines and to judge its text."""

import ast
import inspect
import linecache
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType

from headway_course.reading.cell_syntax import parse_cell
from headway_course.reading.cells import Cell

HISTORY = 200
"""As many of the last cells that were run are read."""


@dataclass(frozen=True)
class Origin:
    """The learner's text by file (as Python names it), what each file is called, and the cells to judge."""

    texts: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    cells: tuple[Cell, ...] = ()

    def place(self, file: str, line: int) -> str:
        """A line as a person would name it: "line 3 of cell 5"."""
        title = self.titles.get(file, "")
        return f"line {line} of {title}" if title else f"line {line}"

    def code(self, file: str, line: int) -> str:
        """The text of a line."""
        lines = self.texts.get(file, "").split("\n")
        return lines[line - 1].strip() if 0 < line <= len(lines) else ""

    @property
    def trees(self) -> dict[str, Sequence[ast.stmt]]:
        return {file: parse_cell(text).statements for file, text in self.texts.items()}


def origin(function: Callable) -> Origin:
    """The origin of a function in this process; empty if Python does not know its text."""
    function = inspect.unwrap(function)
    if not isinstance(function, FunctionType):
        return Origin()
    files = dict.fromkeys(own.__code__.co_filename for own in own_functions(function))
    texts = {file: "".join(linecache.getlines(file, function.__globals__)) for file in files}
    texts = {file: text for file, text in texts.items() if text}
    history = function.__globals__.get("In")
    if not isinstance(history, list) or function.__globals__.get("__name__") != "__main__":
        titles = {file: Path(file).name for file in texts}
        return Origin(texts, titles, tuple(Cell(text) for text in texts.values()))
    return _in_notebook(texts, [said for said in history if isinstance(said, str)])


def own_functions(function: FunctionType) -> list[FunctionType]:
    """The function and all that it uses of the functions defined beside it."""
    reached, pending = [], [function]
    while pending:
        found = pending.pop()
        if found in reached:
            continue
        reached.append(found)
        used = (inspect.unwrap(value) for value in _used(found) if callable(value))
        used = (other for other in used if isinstance(other, FunctionType))
        pending += [other for other in used if other.__globals__ is function.__globals__]
    return reached


def _used(function: FunctionType) -> list[object]:
    """The values of the global names in a function's code, inner functions included."""
    names, pending = set(), [function.__code__]
    while pending:
        code = pending.pop()
        names.update(code.co_names)
        pending += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return [function.__globals__[name] for name in sorted(names) if name in function.__globals__]


def _in_notebook(texts: Mapping[str, str], history: Sequence[str]) -> Origin:
    """Files are cells here, under the numbers that Jupyter shows beside them; of repeated runs the last."""
    numbers = {said.strip(): number for number, said in enumerate(history)}
    found = {file: numbers[text.strip()] for file, text in texts.items() if text.strip() in numbers}
    titles = {file: f"cell [{number}]" for file, number in found.items()}
    recent = sorted(numbers.values())[-HISTORY:]
    cells = tuple(Cell(history[number], number=number) for number in sorted({*recent, *found.values()}))
    return Origin(texts, titles, cells)
