"""Where a learner's function comes from: the cells or the file, to quote its lines and to judge its text."""

import ast
import inspect
import linecache
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType

from headway_course.judging.attempt import Written, own_functions
from headway_course.reading.cell_syntax import parse_cell
from headway_course.reading.cells import Cell

HISTORY = 200
"""As many of the last cells that were run are read."""


@dataclass(frozen=True)
class Origin(Written):
    """The learner's text by file (as Python names it), what each file is called, and the cells to judge."""

    cells: tuple[Cell, ...] = ()

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


def _in_notebook(texts: Mapping[str, str], history: Sequence[str]) -> Origin:
    """Files are cells here, under the numbers that Jupyter shows beside them; of repeated runs the last."""
    numbers = {said.strip(): number for number, said in enumerate(history)}
    found = {file: numbers[text.strip()] for file, text in texts.items() if text.strip() in numbers}
    titles = {file: f"cell [{number}]" for file, number in found.items()}
    recent = sorted(numbers.values())[-HISTORY:]
    cells = tuple(Cell(history[number], number=number) for number in sorted({*recent, *found.values()}))
    return Origin(texts, titles, cells)
