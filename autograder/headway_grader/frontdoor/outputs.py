"""A verdict as the outputs of its check cell: the points for nbgrader, and the message for people."""

import math
from html import escape

from headway_course.errors import CourseError
from headway_course.manifest import Exercise
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output

from headway_grader.printing import printable
from headway_grader.verdict import Loops, Speed, Status, Verdict

_SIGN = {Status.PASS: "✓"}
_LOOPS = {
    Loops.NONE: "no Python loop",
    Loops.FOUND: "a Python loop",
    Loops.APPEAL: "loops: a person will look",
}
_SPEED = {
    Speed.UP_TO_1_5: "fast",
    Speed.UP_TO_3: "fast",
    Speed.UP_TO_10: "slow",
    Speed.SLOWER: "very slow",
}


def outputs(verdict: Verdict, exercise: Exercise, worth: float) -> list[NotebookNode]:
    """What the check cell shows, with the verdict's share of the points that the cell is `worth`.

    nbgrader takes the points from the execute_result; it would give full marks for what is no number, and
    fail at a number above `worth`. Raises CourseError for a fault of ours, which must not become points.
    """
    if verdict.status is Status.GRADER_ERROR or not math.isfinite(verdict.points):
        raise CourseError(
            f"a fault of ours in {verdict.exercise} ({verdict.points} points): {verdict.message}"
        )
    share = min(max(verdict.points / verdict.of, 0.0), 1.0) if verdict.of else 0.0
    points = worth if share == 1 else round(share * worth, 2)
    lines = [printable(line) for line in _lines(verdict, exercise, points, worth)]
    return [
        new_output("display_data", {"text/plain": "\n".join(lines), "text/html": _html(lines)}),
        new_output("execute_result", {"text/plain": repr(min(points, worth))}),
    ]


def _lines(verdict: Verdict, exercise: Exercise, points: float, worth: float) -> list[str]:
    """The head, then the words."""
    head = f"{verdict.exercise}: {verdict.status}, {points:g} of {worth:g} points"
    if verdict.loops in _LOOPS:
        head += f", {_LOOPS[verdict.loops]}"
    if verdict.speed in _SPEED:
        head += f", {_SPEED[verdict.speed]}"
    return [head, *words(verdict, exercise)]


def words(verdict: Verdict, exercise: Exercise) -> list[str]:
    """What a learner is told: groups, message and warnings, line by line."""
    groups = []
    if Status.PASS in verdict.groups.values():  # else the message says it all
        groups = [f"{_SIGN.get(s, '✗')} {exercise.groups.get(g, g)}" for g, s in verdict.groups.items()]
    return [*groups, *verdict.message.splitlines(), *verdict.warnings]


def _html(lines: list[str]) -> str:
    head, *rest = (escape(line) for line in lines)
    return f"<div><p><b>{head}</b></p>{''.join(f'<p>{line}</p>' for line in rest if line)}</div>"
