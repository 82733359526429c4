"""What a judged function may be built on: the library's own functions, whatever the learner's look like."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from headway_course import manifest
from headway_course.manifest import Exercise

from headway_grader import library


@dataclass(frozen=True)
class Prerequisites:
    """The library's functions that an answer may call: how many parameters each has, and source by module."""

    parameters: Mapping[str, int]
    source: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.parameters)


def count_parameters(function: ast.FunctionDef) -> int:
    """How many parameters a definition has; `*rest` counts as one, and so does `**named`."""
    given = function.args
    stars = [star for star in (given.vararg, given.kwarg) if star]
    return len([*given.posonlyargs, *given.args, *given.kwonlyargs, *stars])


def prerequisites(exercise: Exercise) -> Prerequisites:
    """The prerequisites of an exercise, without the judged function and all that is built on it."""
    return _prerequisites(exercise.target, tuple(_target(name) for name in exercise.prerequisites))


@lru_cache(maxsize=256)
def _prerequisites(target: str, wanted: tuple[str, ...]) -> Prerequisites:
    shown = [other for other in wanted if other != target and target not in library.closure(other)]
    functions = [library.installed().function(other) for other in shown]
    parameters = {function.name: count_parameters(function.node) for function in functions}
    return Prerequisites(parameters, library.slice_source(shown) if shown else {})


def _target(prerequisite: str) -> str:
    return prerequisite if "." in prerequisite else manifest.load().exercise(prerequisite).target
