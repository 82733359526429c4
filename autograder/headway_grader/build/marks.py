"""Finds exercise(…), question(…), check(…), earlier(…) and library(…) in a lesson. Nothing is executed."""

import ast
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from headway_course import asking as spoken

from headway_grader.build.faults import Faults

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TARGET = re.compile(r"[a-z_][\w.]*\.\w+")
FETCHING = ("earlier", "library")
MARKS = ("exercise", "question", "check", *FETCHING)


@dataclass(frozen=True)
class Exercise:
    name: str
    target: str
    points: float
    level: int
    minutes: int
    hints: tuple[str, ...]
    loops_over: tuple[str, ...]
    prerequisites: tuple[str, ...] | None
    memory: float
    line: int


@dataclass(frozen=True)
class Question:
    name: str
    points: float
    line: int


@dataclass(frozen=True)
class Check:
    """`name` is the exercise that is checked."""

    name: str
    line: int


@dataclass(frozen=True)
class Fetched:
    """`word` says how: `earlier` for an answer to an exercise, `library` for what no exercise asks for."""

    word: str
    target: str
    line: int


Mark = Exercise | Question | Check


def read_marks(
    tree: ast.Module, extents: dict[int, range], here: Path, faults: Faults
) -> tuple[dict[int, Mark], tuple[Fetched, ...]]:
    """What the code cells ask, by the line of the cell's marker, and what they fetch."""
    reader = _Reader(here, faults)
    marks, fetched = {}, []
    for marker, lines in extents.items():
        statements = [node for node in tree.body if node.lineno in lines]
        mark = reader.mark(statements[0]) if len(statements) == 1 else None
        if mark:
            marks[marker] = mark
        for statement in [] if mark else statements:
            found = reader.fetched(statement)
            if found:
                fetched.append(found)
            elif not reader.refused(statement):
                reader.stray(statement)
    return marks, tuple(fetched)


@dataclass
class _Reader:
    here: Path
    faults: Faults

    def __post_init__(self):
        self._refused: set[int] = set()

    def refused(self, statement: ast.stmt) -> bool:
        """Whether a fault of this statement has been named already."""
        return statement.lineno in self._refused

    def _refuse(self, statement: ast.stmt, line: int, message: str) -> None:
        self._refused.add(statement.lineno)
        self.faults.add(self.here, line, message)

    def mark(self, statement: ast.stmt) -> Mark | None:
        """What a cell asks that consists of this statement."""
        name, call, word = _called(statement)
        if word == "check" and name is None:
            return self._check(statement, call)
        if word not in ("exercise", "question"):
            return None
        if (word == "exercise") != (name is not None):
            form = (
                'softmax = exercise("numerics.softmax", …)' if word == "exercise" else 'question("slug", …)'
            )
            self._refuse(statement, statement.lineno, f"write it as `{form}`")
            return None
        values = self._values(statement, call, getattr(spoken, word))
        if values is None:
            return None
        return _exercise(name, values, call.lineno) if word == "exercise" else _question(values, call.lineno)

    def _check(self, statement: ast.stmt, call: ast.Call) -> Check | None:
        if len(call.args) == 1 and isinstance(call.args[0], ast.Name) and not call.keywords:
            return Check(call.args[0].id, call.lineno)
        self._refuse(
            statement, statement.lineno, "write it as `check(softmax)`, with the name of an exercise"
        )
        return None

    def fetched(self, statement: ast.stmt) -> Fetched | None:
        """What this statement fetches, from an earlier lesson or from the library."""
        name, call, word = _called(statement)
        if word not in FETCHING or name is None:
            return None
        values = self._values(statement, call, getattr(spoken, word))
        if values is None:
            return None
        function = values["target"].rpartition(".")[2]
        if function != name:
            self._refuse(statement, call.lineno, f"{function} keeps its name: write `{function} = {word}(…)`")
            return None
        return Fetched(word, values["target"], call.lineno)

    def stray(self, statement: ast.stmt) -> None:
        """Whatever is asked must be seen: not inside other code, and not under another name."""
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
                word = node.func.id
                alone = (
                    f"on a line of its own, as `f = {word}(…)`" if word in FETCHING else "alone in its cell"
                )
                self._refuse(statement, node.lineno, f"{word}(…) must stand {alone}")

    def _values(self, statement: ast.stmt, call: ast.Call, function: Callable) -> dict[str, object] | None:
        """The arguments of a call by parameter, if they are literals that make sense."""
        word = function.__name__
        if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
            self._refuse(statement, call.lineno, f"{word}(…) is read, not run: write each argument out")
            return None
        try:
            bound = inspect.signature(function).bind(*call.args, **{k.arg: k.value for k in call.keywords})
        except TypeError as error:
            self._refuse(statement, call.lineno, f"{word}(…): {error}")
            return None
        values = {}
        for parameter, node in bound.arguments.items():
            try:
                values[parameter] = ast.literal_eval(node)
            except ValueError:
                given = ast.unparse(node)
                message = f"{parameter} of {word}(…) is read, not run: write a literal instead of `{given}`"
                self._refuse(statement, node.lineno, message)
                continue
            wrong = _complaint(word, parameter, values[parameter])
            if wrong:
                self._refuse(
                    statement, node.lineno, f"{parameter} of {word}(…) is {values[parameter]!r}: {wrong}"
                )
        return None if self.refused(statement) else values


def _called(statement: ast.stmt) -> tuple[str | None, ast.Call | None, str | None]:
    """The name a statement assigns to, if any, the call it consists of, and the word that is called."""
    name = None
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        name = target.id if isinstance(target, ast.Name) else None
    if isinstance(statement, ast.Assign | ast.Expr):
        call = statement.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            return name, call, call.func.id
    return None, None, None


def _complaint(word: str, parameter: str, value: object) -> str:
    """What is wrong with a value, "" if nothing."""
    match parameter:
        case "level":
            return "" if type(value) is int and 1 <= value <= 5 else "write 1 (easy) to 5 (very hard)"
        case "minutes":
            return "" if type(value) is int and value > 0 else "write a whole number above 0"
        case "memory":
            good = type(value) in (int, float) and value >= 1
            return "" if good else "write how many times as much as the library's it may be: 3, say"
        case "points":
            return "" if type(value) in (int, float) and value > 0 else "write a number above 0"
        case "target":
            good = isinstance(value, str) and _TARGET.fullmatch(value)
            return "" if good else 'write module and function, such as "numerics.softmax"'
        case "name":
            good = isinstance(value, str) and _SLUG.fullmatch(value) and len(value) <= 40
            return "" if good else 'write a short slug, such as "why-not-squares"'
        case "hints":
            return "" if value and _texts(value) else "write a list of at least one text, the gentlest first"
        case "prerequisites" if value is None:
            return ""
    return "" if _texts(value) else "write a list of texts"


def _texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(text, str) and text.strip() for text in value)


def _exercise(name: str, values: dict, line: int) -> Exercise:
    prerequisites = values.get("prerequisites")
    return Exercise(
        name=name,
        target=values["target"],
        points=values["points"],
        level=values["level"],
        minutes=values["minutes"],
        hints=tuple(values["hints"]),
        loops_over=tuple(values.get("loops_over", ())),
        prerequisites=None if prerequisites is None else tuple(prerequisites),
        memory=values.get("memory", 0),
        line=line,
    )


def _question(values: dict, line: int) -> Question:
    return Question(values["name"], values["points"], line)
