"""What an author wants to see of an exercise and no learner does: its cases, and what each answer is told."""

from collections.abc import Iterator, Mapping
from html import escape

import numpy as np
from headway_course.checking.check import examine
from headway_course.checking.result import CheckResult
from headway_course.fixtures import Case, Fixture, arguments
from headway_course.manifest import Exercise
from headway_course.pictures.panel import INK, PAPER, cell, head, panel, table

from headway_grader.build.subject import Alternative

_TEXT = {"text_align": "left", "white_space": "normal"}


def staff_view(
    exercise: Exercise,
    fixture: Fixture,
    mistakes: Mapping[str, Alternative],
    honest: Mapping[str, Alternative],
) -> str:
    """One panel of HTML: wrong answers and what is said of them, honest ones, and the cases of all groups."""
    tried = {slug: examine(answer.function, exercise, fixture) for slug, answer in mistakes.items()}
    right = {slug: examine(answer.function, exercise, fixture) for slug, answer in honest.items()}
    parts = [
        f"<b>For the author: {escape(exercise.name)}</b>",
        _answers("Wrong answers, and what learners are told", exercise, tried),
        _answers("Honest answers in other styles", exercise, right),
        *(_folded(f"What check shows for {slug}", result._repr_html_()) for slug, result in tried.items()),
        _folded("The cases", _cases(fixture)),
    ]
    return panel("".join(parts))


def told(exercise: Exercise, slug: str, result: CheckResult) -> str:
    """What a learner with this answer reads first; says so where it is not what the answer is known for."""
    if result.good:
        return "Everything is right."
    says = result.diagnosis or next((group.message for group in result.groups if not group.passed), "")
    looped = result.loops is not None and result.loops.verdict.found
    if not says and looped:
        return f"Right, but it loops over {result.loops.dimension}."
    own = exercise.mistakes.get(slug, "")
    return says if own and own.rstrip(".") in says else f"{says} (not by its name)" if own else says


def _answers(title: str, exercise: Exercise, results: Mapping[str, CheckResult]) -> str:
    groups = list(exercise.groups)
    rows = [[head("answer"), *map(head, groups), head("told", text_align="left")]]
    for slug, result in results.items():
        passed = {group.name: group.passed for group in result.groups}
        marks = (cell("✓" if passed.get(name) else "✗") for name in groups)
        said = escape(told(exercise, slug, result))
        rows.append([head(escape(slug), "row"), *marks, cell(said, PAPER, **_TEXT)])
    return table(rows, title)


def _cases(fixture: Fixture) -> str:
    rows = [[head("group"), head("case"), head("inputs", **_TEXT), head("expected", **_TEXT)]]
    for case in fixture.cases:
        rows.append([*map(cell, map(escape, _described(case)))])
    sizes = (
        f"{dimension}: {', '.join(str(n) for n, _ in steps)}" for dimension, steps in fixture.growth.items()
    )
    return table(rows, "Every case") + f"<div>Growing, for the loop counter: {escape('; '.join(sizes))}</div>"


def _described(case: Case) -> Iterator[str]:
    yield case.group
    yield case.name
    yield ", ".join(f"{name} {_kind(value)}" for name, value in arguments(case.inputs).items())
    values = case.expected if isinstance(case.expected, tuple) else (case.expected,)
    yield ", ".join(map(_kind, values))


def _kind(value: object) -> str:
    if not isinstance(value, np.ndarray):
        return repr(value)
    return f"{value.dtype} {value.shape}"


def _folded(title: str, content: str) -> str:
    summary = f'<summary style="color:{INK};font-size:13px;cursor:pointer">{escape(title)}</summary>'
    return f"<details>{summary}{content}</details>"
