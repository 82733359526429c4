"""What is asked of each exercise: named inputs in groups, and the fixtures made of them."""

import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module

import numpy as np
from headway_course.errors import CourseError
from headway_course.fixtures import Case, Fixture, Value, arguments
from headway_course.judging.compare import mismatch

from headway_grader.cases.groups import Inputs, in_float32
from headway_grader.wrong import Answer

GROWTH = (8, 16, 32)  # n, 2n and 4n of the loop counter


@dataclass(frozen=True)
class Cases:
    """The cases of one exercise, inputs of any size besides, and the default size of each dimension."""

    inputs: Callable[..., dict[str, np.ndarray | int]]
    cases: Callable[[np.random.Generator], Iterator[Inputs]]
    dimensions: Mapping[str, int]


def load(target: str) -> Cases:
    """The cases of the exercise at `target` ("numerics.softmax"); raises CourseError if there are none."""
    module_name, _, name = target.rpartition(".")
    try:
        module = import_module(f"headway_grader.cases.{module_name}")
        inputs, cases = getattr(module, f"{name}_inputs"), getattr(module, name)
    except (ModuleNotFoundError, AttributeError):
        raise CourseError(
            f"{target} has no cases: write the functions {name} and {name}_inputs "
            f"in headway_grader/cases/{module_name.replace('.', '/')}.py"
        ) from None
    parameters = inspect.signature(inputs).parameters.values()
    return Cases(inputs, cases, {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY})


def fixture(target: str, rng: np.random.Generator, mistakes: Mapping[str, Answer]) -> Fixture:
    """All cases of an exercise with the library's results, and what each mistake makes of them.

    A mistake is left out of the cases that it passes, and of those where it raises an error.
    """
    module_name, _, name = target.rpartition(".")
    function = getattr(import_module(f"headway.{module_name}"), name)
    cases = load(target)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = tuple(_case(inputs, function, mistakes) for inputs in cases.cases(rng))
    growth = {
        dimension: tuple((size, _grown(cases, rng, dimension, size)) for size in GROWTH)
        for dimension in cases.dimensions
    }
    return Fixture(name, made, growth)


def _case(case: Inputs, function: Callable, mistakes: Mapping[str, Answer]) -> Case:
    inputs = _arrays(case.inputs)
    expected = _value(function(**arguments(inputs)))
    wrong = {}
    for slug, answer in mistakes.items():
        try:
            value = _value(answer.function(**arguments(inputs)))
        except Exception:
            continue
        if mismatch(value, expected):
            wrong[slug] = value
    return Case(case.name, case.group, inputs, expected, wrong)


def _grown(cases: Cases, rng: np.random.Generator, dimension: str, size: int) -> dict[str, np.ndarray]:
    return _arrays(in_float32(cases.inputs(rng, **{dimension: size})))  # half the file, the same loops


def _arrays(inputs: Mapping[str, np.ndarray | int]) -> dict[str, np.ndarray]:
    return {name: np.asarray(value) for name, value in inputs.items()}


def _value(result: object) -> Value:
    return tuple(np.asarray(part) for part in result) if isinstance(result, tuple) else np.asarray(result)
