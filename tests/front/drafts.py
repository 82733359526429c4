"""What gets mangled: a valid hand-in as cells in memory, with the answers that must be found in it."""

import ast
import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from random import Random

from headway_course import manifest
from headway_course.manifest import Lesson
from headway_grader import wrong

ROOT = Path(__file__).parents[2]
MAX_CODE = 300_000  # characters, MAX_CELLS cells: what is documented as too much
MAX_CELLS = 2000


@dataclass
class Draft:
    """A hand-in on its way to a file. `promised` has the code of each answer that nothing has touched."""

    rng: Random
    lesson: Lesson
    cells: list[dict]
    metadata: dict
    home: dict[str, dict] = field(default_factory=dict)
    promised: dict[str, str] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    script: bool = True  # whether it would still be one as a script
    flat: bool = True  # whether even as one without marks between its cells

    def code(self) -> list[dict]:
        """The cells that are code and have a text."""
        return [c for c in self.cells if _is_code(c)]

    def other(self) -> list[dict]:
        """The cells that hold no answer."""
        return [c for c in self.cells if not any(c is home for home in self.home.values())]

    def touch(self, *names: str) -> None:
        """Nothing is promised any more about these answers, or about all."""
        for name in names or tuple(self.promised):
            self.promised.pop(name, None)

    def touch_cell(self, cell: object) -> None:
        names = [name for name, home in self.home.items() if home is cell]
        if names:
            self.touch(*names)

    def answers_in(self, cell: dict) -> list[str]:
        return [name for name, home in self.home.items() if home is cell and name in self.promised]

    def rewrite(self, cell: dict, source: str) -> None:
        """Gives a cell another text of the same answers, whose code is now this one's."""
        for name in self.answers_in(cell):
            self.promised[name] = function_dump(source, name)
        cell["source"] = source

    def insert(self, *cells: dict) -> None:
        for cell in cells:
            self.cells.insert(self.rng.randint(0, len(self.cells)), cell)

    def is_too_much(self) -> bool:
        code = sum(
            len(text_of(c)) for c in self.cells if isinstance(c, dict) and c.get("cell_type") == "code"
        )
        return code > MAX_CODE or len(self.cells) > MAX_CELLS


def _is_code(cell: object) -> bool:
    return isinstance(cell, dict) and cell.get("cell_type") == "code" and isinstance(cell.get("source"), str)


def text_of(cell: dict) -> str:
    source = cell.get("source", "")
    return (
        "".join(part for part in source if isinstance(part, str)) if isinstance(source, list) else str(source)
    )


def code_cell(source: str, name: str = "", **more: object) -> dict:
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
    return cell | ({"id": name} if name else {}) | more


def prose_cell(source: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


@lru_cache(maxsize=4096)
def function_dump(source: str, name: str) -> str:
    """The code of the last function of this name, without places."""
    found = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef) and n.name == name]
    return ast.dump(found[-1])


@cache
def _notebook(path: str) -> dict:
    notebook = json.loads((ROOT / path).read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


@cache
def lessons() -> tuple[Lesson, ...]:
    return manifest.load().lessons


@cache
def _model_answers(lesson: str) -> dict[str, str]:
    names = {exercise.name for known in lessons() for exercise in known.exercises if known.name == lesson}
    cells = _notebook(f"solutions/notebooks/{lesson}.ipynb")["cells"]
    return {cell["id"]: cell["source"] for cell in cells if cell["id"] in names}


@cache
def _styles(exercise: str) -> tuple[str, ...]:
    return tuple(answer.source for answer in wrong.honest(exercise).values())


def untouched(rng: Random) -> Draft:
    """A notebook as it was released."""
    return _released(rng, "untouched")


def solved(rng: Random) -> Draft:
    """A notebook with the model answers in it, all cells and pictures included."""
    draft = _released(rng, "solved")
    _fill(draft, _model_answers(draft.lesson.name))
    if rng.random() < 0.1:
        pictured = {c["id"]: c for c in _notebook(f"solutions/notebooks/{draft.lesson.name}.ipynb")["cells"]}
        for cell in draft.code():
            cell["outputs"] = deepcopy(pictured.get(cell["id"], cell)["outputs"])
    return draft


def styled(rng: Random) -> Draft:
    """Answers in other honest styles, some open, in a notebook with little else."""
    draft = _compact(_released(rng, "styled"))
    models = _model_answers(draft.lesson.name)
    chosen = {name: rng.choice([source, *_styles(name)]) for name, source in models.items()}
    _fill(draft, {name: source for name, source in chosen.items() if rng.random() < 0.9})
    return draft


def compact(rng: Random) -> Draft:
    """The model answers with little else."""
    draft = _compact(_released(rng, "compact"))
    _fill(draft, _model_answers(draft.lesson.name))
    return draft


BASES: dict[Callable[[Random], Draft], int] = {untouched: 1, solved: 2, styled: 4, compact: 9}


def _released(rng: Random, kind: str) -> Draft:
    lesson = rng.choice(lessons())
    notebook = deepcopy(_notebook(f"exercises/{lesson.name}.ipynb"))
    names = {exercise.name for exercise in lesson.exercises}
    home = {cell["id"]: cell for cell in notebook["cells"] if cell["id"] in names}
    return Draft(rng, lesson, notebook["cells"], notebook["metadata"], home, kinds=[f"from {kind}"])


def _fill(draft: Draft, answers: dict[str, str]) -> None:
    for name, source in answers.items():
        draft.home[name]["source"] = source
        draft.promised[name] = function_dump(source, name)


def _compact(draft: Draft) -> Draft:
    """Without most of what is no answer; the first cell of code stays, for it imports."""
    first = next(cell for cell in draft.cells if cell["cell_type"] == "code")
    kept = [c for c in draft.other() if c is first or draft.rng.random() < 0.1]
    draft.cells = [c for c in draft.cells if any(c is one for one in (*kept, *draft.home.values()))]
    return draft
