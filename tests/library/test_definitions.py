"""Every function gives what its definition gives, on all cases of the course and on more keys than one."""

from importlib import import_module

import definitions
import numpy as np
import pytest
from headway_course import manifest
from headway_course.fixtures import arguments
from headway_grader import cases

TARGETS = tuple(exercise.target for lesson in manifest.load().lessons for exercise in lesson.exercises)
KEYS = (0, 1, 2)


@pytest.mark.filterwarnings("ignore:divide by zero")
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("target", TARGETS)
def test_the_library_agrees_with_the_definition_on_every_case(target, key):
    module, name = target.split(".")
    function = getattr(import_module(f"headway.{module}"), name)
    definition = getattr(definitions, name)
    for case in cases.load(target).cases(np.random.default_rng(key)):
        inputs = {parameter: np.asarray(value) for parameter, value in case.inputs.items()}
        ours, theirs = function(**arguments(inputs)), definition(**arguments(inputs))
        for mine, due in zip(parts(ours), parts(theirs), strict=True):
            assert_same(mine, due, inputs, f"{name}, {case.group}/{case.name}")


def parts(value):
    """The arrays of a result: one, or those of a tuple."""
    return [np.asarray(part) for part in (value if isinstance(value, tuple) else (value,))]


def assert_same(ours, theirs, inputs, place):
    floats = [a.dtype for a in inputs.values() if a.dtype.kind == "f"]
    assert ours.dtype == (floats[0] if floats and theirs.dtype.kind == "f" else theirs.dtype), place
    if ours.dtype.kind != "f":
        np.testing.assert_array_equal(ours, theirs, place)
        return
    finite = theirs[np.isfinite(theirs)]
    tolerance = 50 * np.finfo(ours.dtype).eps * np.abs(finite).max(initial=1e-9)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance, err_msg=place)
