"""Tries the wrong and honest answers of an exercise: cases that let a mistake pass are too few."""

import warnings
from collections.abc import Callable, Mapping

import numpy as np
from headway_course.errors import CourseError
from headway_course.fixtures import Case, Fixture, arguments
from headway_course.judging.compare import mismatch

from headway_grader.build.subject import Alternative

GATE = "typical"
KEEPS_INPUTS = "inputs-kept"
MISTAKES, HONEST = 3, 2


def try_answers(
    name: str,
    fixture: Fixture,
    mistakes: Mapping[str, Alternative],
    honest: Mapping[str, Alternative],
    place: str,
) -> list[str]:
    """What is wrong with the cases or the alternatives of an exercise; `place` is where they are written."""
    where = f": write them in {place}"
    arrays = any(value.ndim for case in fixture.cases for value in case.inputs.values())
    needed = (GATE, KEEPS_INPUTS) if arrays else (GATE,)  # a plain number cannot be changed
    complaints = [
        f"{name} has no cases in the group {group!r}" for group in needed if group not in fixture.groups
    ]
    if len(mistakes) < MISTAKES:
        complaints.append(
            f"{name} has {len(mistakes)} wrong answers, it needs {MISTAKES}{_listed(mistakes)}{where}"
        )
    if len(honest) < HONEST:
        complaints.append(
            f"{name} has {len(honest)} honest alternatives, it needs {HONEST}{_listed(honest)}{where}"
        )
    for slug, answer in mistakes.items():
        failed = failed_groups(answer.function, fixture)
        if not failed:
            complaints.append(
                f"the wrong answer {slug} ({_place(answer.function)}) passes every group: add a case"
            )
        elif len(failed) == len(fixture.groups):
            complaints.append(
                f"the wrong answer {slug} ({_place(answer.function)}) passes no group: nobody will "
                "meet it, take one that is right somewhere"
            )
    for slug, answer in honest.items():
        failed = failed_groups(answer.function, fixture)
        if failed:
            why = f"fails {', '.join(failed)}: {next(iter(failed.values()))}"
            complaints.append(f"the honest alternative {slug} ({_place(answer.function)}) {why}")
    return complaints


def failed_groups(function: Callable, fixture: Fixture) -> dict[str, str]:
    """The groups that a function of ours fails, and why."""
    failed = {}
    for group, cases in fixture.groups.items():
        for case in cases:
            why = _failure(function, case)
            if why:
                failed[group] = f"{case.name}: {why}"
                break
    return failed


def _failure(function: Callable, case: Case) -> str | None:
    given = arguments(case.inputs)
    try:
        with warnings.catch_warnings(action="ignore"):
            result = function(**given)
    except CourseError:
        raise
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    found = mismatch(result, case.expected)
    if found:
        return found.message
    if case.group == KEEPS_INPUTS:
        for name, value in case.inputs.items():
            if not np.array_equal(np.asarray(given[name]), value, equal_nan=value.dtype.kind == "f"):
                return f"it changes its input {name}"
    return None


def _listed(answers: Mapping[str, Alternative]) -> str:
    return f" (there are {', '.join(answers)})" if answers else ""


def _place(function: Callable) -> str:
    code = function.__code__
    return f"{code.co_filename.rpartition('headway_grader/')[2]}:{code.co_firstlineno}"
