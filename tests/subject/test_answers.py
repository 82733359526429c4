"""Other answers: each mistake is rejected and told from the others, and each honest one passes."""

import ast
import warnings

import numpy as np
import pytest
from every_exercise import EXERCISES, KEYS, fixtures
from headway.numerics import logsumexp
from headway_course import manifest
from headway_course.fixtures import arguments
from headway_course.judging.compare import EPS, mismatch
from headway_course.judging.diagnose import RAISED, diagnose
from headway_grader import cases, wrong

pytestmark = pytest.mark.slow

NAMES = [target.rpartition(".")[2] for target in EXERCISES]
TARGETS = dict(zip(NAMES, EXERCISES, strict=True))
MISTAKES = [(name, slug) for name in NAMES for slug in wrong.mistakes(name)]
HONEST = [(name, slug) for name in NAMES for slug in wrong.honest(name)]

every_key = pytest.mark.parametrize("key", range(len(KEYS)))
every_mistake = pytest.mark.parametrize(("name", "slug"), MISTAKES)
every_honest = pytest.mark.parametrize(("name", "slug"), HONEST)


def results(function, fixture):
    """Each case, the value or error that the function makes of it, and whether the inputs are as before."""
    for case in fixture.cases:
        given = arguments(case.inputs)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                out = function(**given)
            except Exception:
                out = RAISED
        kept = all(
            np.array_equal(given[k], a) and np.shape(given[k]) == a.shape for k, a in case.inputs.items()
        )
        yield case, out, kept


def failed_groups(function, fixture):
    return {
        case.group
        for case, out, kept in results(function, fixture)
        if mismatch(out, case.expected) or (case.group == "inputs-kept" and not kept)
    }


@every_key
@every_honest
def test_an_honest_answer_passes_everything(name, slug, key):
    answer = wrong.honest(name)[slug]
    for case, out, kept in results(answer.function, fixtures(TARGETS[name])[key]):
        found = mismatch(out, case.expected)
        assert found is None, f"{case.group}/{case.name}: {found}"
        assert kept, case.name


HARD_TO_ROUND = {
    "logaddexp": lambda Z: np.exp(Z - np.logaddexp.reduce(Z, axis=-1, keepdims=True)),
    "logsumexp": lambda Z: np.exp(Z - logsumexp(Z)[..., None]),
}


@pytest.mark.parametrize("style", HARD_TO_ROUND)
def test_a_softmax_that_rounds_large_scores_has_room_to_spare_under_many_keys(style):
    furthest = 0.0
    for key in range(25):
        fixture = cases.fixture("numerics.softmax", np.random.default_rng(key), {})
        for case, out, _ in results(HARD_TO_ROUND[style], fixture):
            assert mismatch(out, case.expected) is None, (case.name, key)
            size = np.abs(case.expected).max() * np.finfo(case.expected.dtype).eps
            furthest = max(furthest, np.abs(out - case.expected).max() / size)
    assert 1.5 * furthest < EPS


@every_honest
def test_an_honest_answer_is_diagnosed_as_nothing(name, slug):
    ran = [
        (case, out) for case, out, _ in results(wrong.honest(name)[slug].function, fixtures(TARGETS[name])[0])
    ]
    assert diagnose(ran) is None


@every_key
@every_mistake
def test_a_mistake_fails_some_groups_and_passes_others(name, slug, key):
    fixture = fixtures(TARGETS[name])[key]
    failed = failed_groups(wrong.mistakes(name)[slug].function, fixture)
    assert failed
    assert failed < set(fixture.groups)


def test_a_mistake_fails_the_same_groups_under_every_key():
    for name, slug in MISTAKES:
        function = wrong.mistakes(name)[slug].function
        failed = [failed_groups(function, fixture) for fixture in fixtures(TARGETS[name])]
        assert failed[0] == failed[1] == failed[2], slug


AS_LONG_AS_IT_COMES_OUT = {"bpe_decode", "bpe_encode", "merge_pair"}  # the length tells what was done


@every_mistake
def test_a_mistake_has_the_right_shape_and_dtype_on_typical_inputs(name, slug):
    fixture = fixtures(TARGETS[name])[0]
    typical = {case.name for case in fixture.groups["typical"]}
    for case, out, _ in results(wrong.mistakes(name)[slug].function, fixture):
        if case.group == "typical" and case.name in typical:
            for mine, due in zip(parts(out), parts(case.expected), strict=True):
                assert mine.ndim == due.ndim
                assert mine.shape == due.shape or name in AS_LONG_AS_IT_COMES_OUT
                assert mine.dtype == due.dtype


def parts(value):
    """The arrays of a result: one, or those of a tuple."""
    return [np.asarray(part) for part in (value if isinstance(value, tuple) else (value,))]


@every_key
@every_mistake
def test_a_mistake_is_diagnosed_as_itself(name, slug, key):
    ran = list(results(wrong.mistakes(name)[slug].function, fixtures(TARGETS[name])[key]))
    changes_inputs = not all(kept for *_, kept in ran)  # its values are right, so they tell nothing
    assert diagnose([(case, out) for case, out, _ in ran]) == (None if changes_inputs else slug)


def test_softmax_over_everything_at_once_has_a_name():
    def softmax(Z):
        E = np.exp(Z - Z.max())
        return E / E.sum()

    ran = [(case, out) for case, out, _ in results(softmax, fixtures("numerics.softmax")[0])]
    says = wrong.mistakes("softmax")[diagnose(ran)].says
    assert "the largest score and the sum of the whole array" in says


@pytest.mark.parametrize("name", NAMES)
def test_any_two_mistakes_differ_somewhere(name):
    fixture = fixtures(TARGETS[name])[0]
    seen = {}
    for slug, answer in wrong.mistakes(name).items():
        ran = list(results(answer.function, fixture))
        for other, theirs in seen.items():
            pairs = zip(ran, theirs, strict=True)
            assert any(not same(mine, yours) for (_, *mine), (_, *yours) in pairs), (slug, other)
        seen[slug] = ran


def same(mine, yours):
    (one, one_kept), (two, two_kept) = mine, yours
    if isinstance(one, Exception) or isinstance(two, Exception):
        return type(one) is type(two)
    return one_kept == two_kept and mismatch(one, cases.value(two)) is None


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_has_mistakes_and_honest_answers(name):
    assert len(wrong.mistakes(name)) >= 3
    assert len(wrong.honest(name)) >= 2


MADE_FROM_NUMBERS = {"alibi_bias", "causal_mask", "sinusoidal_positions"}


@pytest.mark.parametrize("name", sorted(set(NAMES) - MADE_FROM_NUMBERS - {"merge_heads"}))
def test_some_mistake_fails_nothing_but_the_kept_inputs(name):
    """A number cannot be changed, and nobody merges heads in place: there no mistake changes its inputs."""
    found = [failed_groups(a.function, fixtures(TARGETS[name])[0]) for a in wrong.mistakes(name).values()]
    assert {"inputs-kept"} in found


WITHOUT_FLOATS = {
    *MADE_FROM_NUMBERS,
    "bpe_decode",
    "bpe_encode",
    "merge_pair",
    "most_frequent_pair",
    "nearest",
    "one_hot",
    "padding_mask",
    "pairwise_equal",
    "relative_buckets",
    "run_lengths",
    "sample_categorical",
}  # among what comes in, or what comes out


@pytest.mark.parametrize("name", sorted(set(NAMES) - WITHOUT_FLOATS))
def test_some_mistake_fails_nothing_but_float32(name):
    found = [failed_groups(a.function, fixtures(TARGETS[name])[0]) for a in wrong.mistakes(name).values()]
    assert {"float32"} in found


MAY_LOOP = {exercise.name for exercise in manifest.load().exercises if exercise.loops_over}


@pytest.mark.parametrize(("name", "slug"), MISTAKES + HONEST)
def test_the_source_is_a_function_of_the_exercises_name_and_without_loops(name, slug):
    answer = (wrong.mistakes(name) | wrong.honest(name))[slug]
    (definition,) = ast.parse(answer.source).body
    assert isinstance(definition, ast.FunctionDef)
    assert definition.name == name
    assert not definition.decorator_list
    if name in MAY_LOOP:
        return
    loops = (ast.For, ast.While, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)
    assert not any(isinstance(node, loops) for node in ast.walk(definition))


@every_mistake
def test_what_a_mistake_says_completes_the_sentence(name, slug):
    says = wrong.mistakes(name)[slug].says
    assert says.startswith(("by ", "without "))
    assert not says.endswith(".")
