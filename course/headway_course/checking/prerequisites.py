"""Functions of the learner's own that an answer calls, and that are exercises themselves: are they right?"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import FunctionType

import numpy as np

from headway_course import manifest
from headway_course.checking.cases import public_fixture
from headway_course.checking.result import CheckResult, Status
from headway_course.errors import CourseError
from headway_course.judging.attempt import NotStarted, blame, own_functions, run_all
from headway_course.manifest import Exercise


def blamed_on_prerequisites(result: CheckResult, function: Callable, folder: Path) -> CheckResult:
    """The result with a word on the first wrong function that the answer calls, in place of a diagnosis.

    At hand-in the course's own stands there, so what is said of the answer may not hold.
    """
    if result.status not in (Status.PARTIAL, Status.WRONG, Status.CRASH):
        return result
    for own, exercise in _own(function, result.exercise, folder):
        if not _is_right(own, exercise, folder):
            return replace(result, diagnosis=blame(result.exercise.name, exercise.name))
    return result


def _own(function: Callable, exercise: Exercise, folder: Path) -> Iterator[tuple[FunctionType, Exercise]]:
    """The learner's own prerequisites that a function uses, in the order of the course."""
    function = inspect.unwrap(function)
    if not isinstance(function, FunctionType):
        return
    used = {own.__name__: own for own in own_functions(function) if own is not function}
    course = manifest.load(folder / "manifest.json")
    for lesson in course.lessons:
        for other in lesson.exercises:
            if other.name in used and other.name in exercise.built_on:
                yield used[other.name], other


def _is_right(function: FunctionType, exercise: Exercise, folder: Path) -> bool:
    try:
        with np.errstate(all="ignore"):
            cases = public_fixture(exercise, folder).cases
            return not any(run.problem for run in run_all(function, cases, exercise.shapes))
    except (NotStarted, CourseError, KeyboardInterrupt):
        return False
