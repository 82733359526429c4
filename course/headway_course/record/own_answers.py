"""The learner's own answers in later lessons: what passed is kept as source, and loaded again from there."""

import ast
import warnings
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

from headway_course import manifest
from headway_course.checking.result import CheckResult
from headway_course.errors import CourseError
from headway_course.manifest import Exercise
from headway_course.reading.extract import Extracted, answer_statements
from headway_course.record.store import Record


def remembered(result: CheckResult, extracted: Extracted, kept: Record) -> CheckResult:
    """Notes what came of a check, with the answer if it is right; the result says so where that fails."""
    if not result.groups:
        return result
    right = sum(group.passed for group in result.groups)
    answer = _source(extracted, result.exercise.name) if result.good else ""
    try:
        kept.note(result.exercise.name, right, len(result.groups), answer)
    except CourseError as error:
        return replace(result, note=f"Not remembered: {error}.")
    return result


def own_answer(target: str, kept: Record, fetch: Callable[[str], Callable]) -> Callable | None:
    """The learner's answer to the exercise at `target` if one has passed, with `fetch` for what it calls."""
    name = target.rpartition(".")[2]
    path = kept.answer(name)
    exercise = _exercise(name) if path else None
    if exercise is None or exercise.target != target:
        return None
    module = ModuleType(name)
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        for needed in exercise.prerequisites:
            if needed.rpartition(".")[2] in named:
                vars(module)[needed.rpartition(".")[2]] = fetch(needed)
        # Under the name of its file, so that a traceback shows its lines.
        exec(compile(tree, str(path), "exec"), vars(module))
        return vars(module)[name]
    except Exception as error:
        warnings.warn(f"your {name} in {path} does not load ({error}): the course's is used", stacklevel=4)
        return None


def _source(extracted: Extracted, name: str) -> str:
    statements = answer_statements(extracted, name)
    return "\n\n\n".join(statement.source for statement in statements) + "\n" if statements else ""


def _exercise(name: str) -> Exercise | None:
    try:
        return manifest.load().exercise(name)
    except CourseError:
        return None
