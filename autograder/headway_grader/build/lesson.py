"""Reads a lesson: its cells, and which of them ask something of the learner, each with its line."""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

import jupytext

from headway_grader.build.faults import Faults
from headway_grader.build.marks import Check, Exercise, Fetched, Mark, Question, read_marks

NAME = re.compile(r"\d\d_[a-z0-9]+(_[a-z0-9]+)*")
_MARKER = re.compile(r"# ?%%")
_TITLE = re.compile(r"# +(.+)")


@dataclass(frozen=True)
class Cell:
    """One cell as the author wrote it; `line` is that of its marker, `mark` what it asks, if anything."""

    kind: str
    source: str
    line: int
    tags: tuple[str, ...] = ()
    mark: Mark | None = None


@dataclass(frozen=True)
class LessonText:
    """One lesson as its author wrote it; `path` is relative to the course, for messages."""

    name: str
    title: str
    path: Path
    cells: tuple[Cell, ...]
    fetched: tuple[Fetched, ...] = field(default=())

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        return self._marks(Exercise)

    @property
    def questions(self) -> tuple[Question, ...]:
        return self._marks(Question)

    @property
    def checks(self) -> tuple[Check, ...]:
        return self._marks(Check)

    def _marks(self, kind: type) -> tuple:
        return tuple(cell.mark for cell in self.cells if isinstance(cell.mark, kind))


def read_lesson(root: Path, path: Path, faults: Faults) -> LessonText | None:
    """Reads one lesson; what is wrong with it goes to `faults`, and None means that nothing could be read."""
    here = path.relative_to(root)
    if not NAME.fullmatch(path.stem):
        faults.add(here, 1, f"a lesson's file is called like 01_softmax.py, not {path.name}")
    try:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
    except UnicodeDecodeError as error:
        faults.add(here, 1, f"not UTF-8 ({error.reason} at byte {error.start}): save it as UTF-8")
        return None
    except SyntaxError as error:
        faults.add(here, error.lineno or 1, f"no Python: {error.msg}")
        return None
    cells = _cells(text, here, faults)
    marks, fetched = read_marks(tree, _extents(cells, text), here, faults)
    cells = tuple(Cell(c.kind, c.source, c.line, c.tags, marks.get(c.line)) for c in cells)
    return LessonText(path.stem, _title(cells, here, faults), here, cells, fetched)


def _cells(text: str, here: Path, faults: Faults) -> tuple[Cell, ...]:
    """The nth marker is the nth cell. What stands above the first is the author's note."""
    lines = text.splitlines()
    markers = [number for number, line in enumerate(lines, 1) if _MARKER.match(line)]
    if not markers:
        faults.add(here, 1, "no cells: start each one with a line `# %%` or `# %% [markdown]`")
        return ()
    for number, line in enumerate(lines[: markers[0] - 1], 1):
        if line.strip() and not line.startswith("#"):
            faults.add(
                here, number, "stands above the first `# %%`, so it is in no cell: put a marker above it"
            )
            return ()
    body = "\n".join(lines[markers[0] - 1 :]) + "\n"
    read = jupytext.reads(body, fmt="py:percent").cells
    if len(read) != len(markers):
        faults.add(
            here, markers[0], "a line inside a cell looks like a marker: indent it, or word it otherwise"
        )
        return ()
    for cell, line in zip(read, markers, strict=True):
        if cell.cell_type not in ("code", "markdown"):
            faults.add(here, line, f"a {cell.cell_type} cell: only code and [markdown] are for lessons")
        elif not cell.source.strip():
            faults.add(here, line, "an empty cell: fill it or take it out")
    return tuple(
        Cell(cell.cell_type, cell.source, line, tuple(cell.metadata.get("tags", ())))
        for cell, line in zip(read, markers, strict=True)
    )


def _extents(cells: tuple[Cell, ...], text: str) -> dict[int, range]:
    """The lines that each code cell covers, by the line of its marker."""
    ends = [*(cell.line for cell in cells[1:]), len(text.splitlines()) + 1][: len(cells)]
    return {
        cell.line: range(cell.line, end) for cell, end in zip(cells, ends, strict=True) if cell.kind == "code"
    }


def _title(cells: tuple[Cell, ...], here: Path, faults: Faults) -> str:
    for cell in cells:
        if cell.kind == "markdown":
            for line in cell.source.splitlines():
                if found := _TITLE.match(line):
                    return found[1].strip()
    faults.add(here, 1, "no title: a markdown cell starts with a line such as `# 01 · Softmax`")
    return here.stem
