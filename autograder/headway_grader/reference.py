"""What an answer is held against, besides the hidden cases: the right function, and inputs of any size."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TypeVar

import numpy as np
from headway_course import fixtures as fixture_files
from headway_course import manifest
from headway_course.fixtures import Fixture, Steps, Value, arguments
from headway_course.manifest import Exercise, Lesson

from headway_grader import cases, library
from headway_grader.cases import speed
from headway_grader.records import digest

Given, Made = TypeVar("Given"), TypeVar("Made")
_MOST_MADE = 500  # results that are kept of an exercise: it has fewer growing inputs

# Inputs at growing sizes, by dimension.
Growth = Mapping[str, Steps]
# Results by dimension and size.
Grown = Mapping[str, Mapping[int, Value]]


@dataclass(frozen=True)
class Reference:
    """The right function, how inputs of any size are made, and the public cases, which may be quoted.

    source is the function's text by module, to be timed in the sandbox at these sizes; none: it is not timed.
    """

    function: Callable
    cases: cases.Cases
    public: Fixture
    source: Mapping[str, str]
    sizes: Mapping[str, object]
    _made: dict[int, tuple[object, object]] = field(default_factory=dict, init=False, repr=False)

    def growth(self, fixture: Fixture, loops_over: tuple[str, ...]) -> Growth:
        """Growing inputs in the dimensions that Python may not loop over, and one far out in each."""
        growth, far = fixture.growth_outside(loops_over), self._once(fixture, self._far)
        return {dimension: (*steps, *far.get(dimension, ())) for dimension, steps in growth.items()}

    def results(self, growth: Growth) -> Grown:
        """What is due on growing inputs."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return {
                dimension: {size: self._once(inputs, self._result) for size, inputs in steps}
                for dimension, steps in growth.items()
            }

    def _far(self, fixture: Fixture) -> Mapping[str, Steps]:
        seed = digest([fixture])  # so that nobody knows the numbers, and they are the same next time
        return self.cases.far(np.random.default_rng(int(seed, 16)))

    def _result(self, inputs: Mapping[str, np.ndarray]) -> Value:
        return cases.value(self.function(**arguments(inputs)))

    def _once(self, given: Given, make: Callable[[Given], Made]) -> Made:
        """What is made of something, for this submission and those that follow."""
        if id(given) not in self._made:
            if len(self._made) >= _MOST_MADE:
                self._made.clear()
            self._made[id(given)] = given, make(given)  # both, or another thing might come to have its id
        return self._made[id(given)][1]


def of_the_course(exercise: Exercise) -> Reference:
    """The reference of an exercise of this course: the library's function."""
    return _of_the_library(exercise.target, exercise.lesson)


@cache
def _of_the_library(target: str, lesson: str) -> Reference:
    module, _, name = target.rpartition(".")
    function = getattr(import_module(f"headway.{module}"), name)
    source = library.slice_source([target])
    public = public_fixtures(lesson)[name]
    return Reference(function, cases.load(target), public, source, speed.SIZES.get(target, {}))


@cache
def public_fixtures(lesson: str) -> Mapping[str, Fixture]:
    """The public fixtures of a lesson, by exercise."""
    return fixture_files.load(manifest.public_fixtures() / f"{lesson}.npz")


def public_cases(assignment: Lesson) -> Mapping[str, Fixture]:
    """The public fixtures of what an assignment asks, each from its own lesson."""
    return {each.name: public_fixtures(each.lesson)[each.name] for each in assignment.exercises}
