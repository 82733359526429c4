"""The hidden checks tell every mutant of an answer from the answer, under every key alike."""

import warnings
from itertools import islice

import numpy as np
import pytest
from every_exercise import EXERCISES
from headway_course import manifest
from headway_course.fixtures import arguments
from headway_course.judging.compare import mismatch
from headway_grader import cases, library, wrong
from headway_grader.build.mutation.equivalent import equivalent
from headway_grader.build.mutation.mutants import mutants, original
from headway_grader.build.mutation.report import report
from headway_grader.build.mutation.table import print_reports
from headway_grader.build.subject import installed
from headway_grader.cases.groups import in_float32

pytestmark = pytest.mark.slow

LISTED = [(target, statement) for target in EXERCISES for statement in equivalent(target)]
ROUNDED = {
    "m = np.float32(Z.max(axis=-1, keepdims=True))",
    "m = np.float32(np.where(np.isfinite(m), m, 0))",
    "total = np.where(mask[..., None], X, 0).mean(axis=-2)",
}


@pytest.fixture(scope="module")
def reports():
    """The report on every exercise, printed as authors see it."""
    subject, course = installed(), manifest.load()
    made = {one.target: report(subject, one, EXERCISES) for one in course.exercises}
    print_reports(list(made.values()), subject.library.root)
    return made


def test_every_mutant_is_rejected_or_listed_with_a_reason(reports):
    assert [one.mutant for each in reports.values() for one in each.survivors] == []
    assert {target: each.stale for target, each in reports.items() if each.stale} == {}


def test_few_mutants_are_listed_as_equivalent(reports):
    listed = [one for each in reports.values() for one in each.mutants if one.reason]
    assert len(listed) == len(LISTED)
    assert len(listed) <= 0.05 * sum(len(each.mutants) for each in reports.values())


def test_what_a_mutant_fails_and_is_told_depends_on_no_key(reports):
    assert [one.mutant for each in reports.values() for one in each.unsteady] == []


def test_at_least_four_fifths_of_the_wrong_answers_are_told_their_name_and_none_another(reports):
    told = {slug: outcome.tried for each in reports.values() for slug, outcome in each.wrong.items()}
    assert all(one.told in (slug, None) for slug, tried in told.items() for one in tried)
    assert sum(len(each.named) for each in reports.values()) >= 0.8 * len(told)


def test_no_mutant_ends_its_process(reports):
    """One that did would be taken for rejected, and nobody would look at it."""
    assert [one.mutant for each in reports.values() for one in each.mutants if not one.outcome.tried] == []


def test_what_a_mutant_is_told_comes_out_on_fresh_inputs(reports):
    """Mostly: a change may be that mistake with one batch axis, say, and another one with two."""
    for target, each in reports.items():
        right, known = original(library.installed(), target), wrong.mistakes(each.exercise)
        inputs = list(islice(of_any_size(target, np.random.default_rng(5)), 60))
        for one in each.mutants:
            slug = one.outcome.tried[0].told
            if slug:
                made = [results((one.mutant.function(), known[slug].function, right), x) for x in inputs]
                alike = [same(*three) for three in made if three[0] is not None]
                assert len(alike) >= len(inputs) / 3, (one.mutant.statement, slug)
                assert np.mean(alike) >= 2 / 3, (one.mutant.statement, slug)


@pytest.mark.parametrize(("target", "statement"), LISTED)
def test_a_listed_mutant_gives_the_same_on_a_thousand_fresh_inputs(target, statement):
    found = [m for m in mutants(library.installed(), target, EXERCISES) if m.statement == statement]
    right = original(library.installed(), target)
    assert found
    inputs = [*islice(of_any_size(target, np.random.default_rng(1)), 500), *islice(of_cases(target), 500)]
    assert len(inputs) == 1000
    for mutant in found:
        function = mutant.function()
        for given in inputs:
            mine, due = result(function, given), result(right, given)
            assert due is not None
            assert mismatch(mine, due) is None
            if statement not in ROUNDED:
                assert bits(mine) == bits(due)


def of_any_size(target, rng):
    """Inputs whose sizes are drawn, every other one in float32."""
    plan = cases.load(target)
    while True:
        for change in (dict, in_float32):
            sizes = {name: int(rng.integers(3, 10)) for name in plan.dimensions if name != "batch"}
            batch = tuple(int(n) for n in rng.integers(1, 5, size=rng.integers(1, 3)))
            options = {name: bool(rng.integers(2)) for name in plan.options if name != "nothing"}
            given = sizes | options | ({"batch": batch} if "batch" in plan.dimensions else {})
            yield cases.as_arrays(change(plan.inputs(rng, **given)))


def of_cases(target):
    """The inputs of the cases, extreme ones among them, under one new key after the other."""
    key = 1000
    while True:
        for case in cases.load(target).cases(np.random.default_rng(key)):
            yield cases.as_arrays(case.inputs)
        key += 1


def result(function, inputs):
    """What a function makes of inputs; None if it raises an error."""
    try:
        with warnings.catch_warnings(action="ignore"):
            made = function(**arguments(inputs))
    except Exception:
        return None
    return tuple(map(np.asarray, made)) if isinstance(made, tuple) else np.asarray(made)


def bits(result):
    """The bytes of every array of a result."""
    return [part.tobytes() for part in (result if isinstance(result, tuple) else (result,))]


def results(functions, inputs):
    return [result(function, inputs) for function in functions]


def same(mine, theirs, due):
    """Whether two results agree as precisely as the dtype of the right one can tell."""
    if not isinstance(due, np.ndarray) or theirs is None:
        return theirs is not None and mismatch(mine, theirs) is None
    with np.errstate(all="ignore"):
        return mismatch(mine.astype(due.dtype), theirs.astype(due.dtype)) is None
