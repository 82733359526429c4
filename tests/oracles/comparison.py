"""What is asked of the library and of torch alike, and when the two agree."""

import warnings
from importlib import import_module

import numpy as np
from headway_course import manifest
from headway_course.fixtures import arguments
from headway_grader import cases

# Byte pairs are no business of torch's; loops stand in for it in tests/library.
NOT_ITS_OWN = {f"tokens.{name}" for name in ("most_frequent_pair", "merge_pair", "bpe_encode", "bpe_decode")}
EXERCISES = tuple(e.target for e in manifest.load().exercises if e.target not in NOT_ITS_OWN)


def asked(target, key):
    """The cases of an exercise that torch has an answer to: its mean over no target at all is nan, ours 0."""
    for case in cases.load(target).cases(np.random.default_rng(key)):
        if (target, case.group) != ("numerics.cross_entropy", "nothing"):
            yield case


def assert_the_library_gives(name, inputs, theirs, place):
    """Type and shape exactly, floats up to rounding."""
    module = next(target.rpartition(".")[0] for target in EXERCISES if target.endswith(f".{name}"))
    function = getattr(import_module(f"headway.{module}"), name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = function(**arguments(inputs))
    results = results if isinstance(results, tuple) else (results,)
    for ours, one in zip(map(np.asarray, results), theirs, strict=True):
        assert (ours.dtype, ours.shape) == (one.dtype, one.shape), place
        if ours.dtype.kind != "f":
            np.testing.assert_array_equal(ours, one, place)
            continue
        size = np.abs(one[np.isfinite(one)]).max(initial=1e-9)
        atol = 50 * np.finfo(ours.dtype).eps * size
        np.testing.assert_allclose(ours, one, rtol=0, atol=atol, err_msg=place)
