"""What the library makes of inputs that grow: what a learner must return while loops are counted."""

import warnings
from collections.abc import Mapping
from importlib import import_module

import numpy as np
from headway_course.fixtures import Value, arguments

# Inputs at growing sizes, by dimension.
Growth = Mapping[str, tuple[tuple[int, Mapping[str, np.ndarray]], ...]]
# Results by dimension and size.
Grown = Mapping[str, Mapping[int, Value]]


def grown_results(target: str, growth: Growth) -> Grown:
    """The library's results on growing inputs; target is "numerics.softmax"."""
    module, _, name = target.rpartition(".")
    function = getattr(import_module(f"headway.{module}"), name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            dimension: {size: _result(function(**arguments(inputs))) for size, inputs in steps}
            for dimension, steps in growth.items()
        }


def _result(value: object) -> Value:
    return tuple(map(np.asarray, value)) if isinstance(value, tuple) else np.asarray(value)
