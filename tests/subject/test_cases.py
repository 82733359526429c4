"""Cases: what every exercise is asked, whatever the key."""

from itertools import pairwise

import numpy as np
import pytest
from every_exercise import EXERCISES, KEYS, fixtures
from headway_course import fixtures as npz
from headway_course.errors import CourseError
from headway_grader import cases
from headway_grader.cases.groups import GROUPS, TITLES

every_exercise = pytest.mark.parametrize("target", EXERCISES)


@every_exercise
def test_groups_come_in_one_order_with_typical_first(target):
    groups = [case.group for case in fixtures(target)[0].cases]
    assert groups[0] == "typical"
    order = [list(GROUPS).index(group) for group in groups]
    assert order == sorted(order)
    assert len(set(groups)) >= 4


@pytest.mark.parametrize(
    "target",
    sorted(
        set(EXERCISES) - {"attention.causal_mask", "positions.alibi_bias", "positions.sinusoidal_positions"}
    ),
)  # whose inputs are sizes
def test_names_and_shapes_of_cases_do_not_depend_on_the_key(target):
    forms = [
        [(c.group, c.name, {name: (a.shape, a.dtype) for name, a in c.inputs.items()}) for c in fixture.cases]
        for fixture in fixtures(target)
    ]
    assert all(form == forms[0] for form in forms)
    names = [(group, name) for group, name, _ in forms[0]]
    assert len(set(names)) == len(names)


@every_exercise
def test_one_key_gives_the_same_fixture_twice(target):
    one, two = fixtures(target)[0], cases.fixture(target, np.random.default_rng(KEYS[0]), {})
    for a, b in zip(one.cases, two.cases, strict=True):
        assert (a.name, a.group) == (b.name, b.group)
        np.testing.assert_equal((a.inputs, a.expected), (b.inputs, b.expected))
    np.testing.assert_equal(one.growth, two.growth)


@every_exercise
def test_another_key_gives_other_numbers(target):
    one, two = (fixture.groups["typical"][-1].inputs for fixture in fixtures(target)[:2])
    assert any(not np.array_equal(one[name], two[name]) for name in one)


SQUARE = {("positions.disentangled_scores", "index")}  # beside masks and weights


@every_exercise
def test_axes_of_typical_inputs_differ_in_size(target):
    for name, value in cases.load(target).inputs(np.random.default_rng(0)).items():
        shape = np.shape(value)
        if not name.startswith("W_") and (target, name) not in SQUARE and name != "mask":
            assert len(set(shape)) == len(shape), name


@every_exercise
def test_every_dimension_grows_and_nothing_else_does(target):
    plan, fixture = cases.load(target), fixtures(target)[0]
    assert set(plan.dimensions) <= set(fixture.growth)
    sizes = list(plan.dimensions.values())
    assert len(set(sizes)) == len(sizes)
    for dimension, steps in fixture.growth.items():
        assert [size for size, _ in steps] == [8, 16, 32]
        ranks = [{name: a.ndim for name, a in inputs.items()} for _, inputs in steps]
        assert ranks[0] == ranks[1] == ranks[2], dimension
        totals = [sum(a.size if a.ndim else int(a) for a in inputs.values()) for _, inputs in steps]
        assert all(a < b for a, b in pairwise(totals)), dimension


@every_exercise
def test_the_library_takes_what_grows(target):
    module, name = target.split(".")
    function = getattr(__import__(f"headway.{module}", fromlist=[name]), name)
    for steps in fixtures(target)[0].growth.values():
        for _, inputs in steps:
            for part in parts(cases.value(function(**npz.arguments(inputs)))):
                assert part.size
                assert not np.isnan(part).any()


def parts(value):
    """The arrays of a result: one, or those of a tuple."""
    return value if isinstance(value, tuple) else (value,)


@every_exercise
def test_only_what_has_no_number_is_expected_to_be_none(target):
    for fixture in fixtures(target):
        for case in fixture.cases:
            assert not any(np.isnan(part).any() for part in parts(case.expected)), case.name


@every_exercise
def test_fixtures_come_back_from_the_file_as_they_went(target, tmp_path):
    fixture = fixtures(target)[0]
    npz.save(tmp_path / "lesson.npz", [fixture])
    back = npz.load(tmp_path / "lesson.npz")[fixture.exercise]
    np.testing.assert_equal(
        [(c.name, c.group, c.inputs, c.expected, c.wrong) for c in back.cases],
        [(c.name, c.group, c.inputs, c.expected, c.wrong) for c in fixture.cases],
    )
    np.testing.assert_equal(back.growth, fixture.growth)


def test_scores_stay_below_a_thousand_where_rounding_would_outgrow_the_tolerance():
    """A score is rounded to half a unit of its last place, and that is an error of softmax."""
    for target in (
        "numerics.softmax",
        "numerics.logsumexp",
        "numerics.log_softmax",
        "numerics.cross_entropy",
    ):
        for fixture in fixtures(target):
            for case in fixture.cases:
                Z = case.inputs["Z"]
                assert np.abs(Z[np.isfinite(Z)]).max(initial=0) <= 1000
    for fixture in fixtures("attention.attention"):
        for case in fixture.cases:
            Q, K = case.inputs["Q"], case.inputs["K"]
            assert np.abs(Q @ K.mT / Q.shape[-1] ** 0.5).max() <= 1000


def test_float32_stands_in_its_own_group_only():
    for target in EXERCISES:
        for case in fixtures(target)[0].cases:
            has = {a.dtype for a in case.inputs.values() if a.ndim and a.dtype.kind == "f"}
            assert has in (set(), {np.dtype("f4" if case.group == "float32" else "f8")})


def test_every_mask_shows_and_hides_something_to_each_query():
    for target in (target for target in EXERCISES if "masks" in fixtures(target)[0].groups):
        for fixture in fixtures(target):
            for case in fixture.groups["masks"]:
                mask = case.inputs["mask"]
                assert mask.any(axis=-1).all()
                assert not mask.all(axis=(-1, -2)).any()


def test_a_title_of_an_exercise_belongs_to_one_of_its_groups():
    groups = {(t.rpartition(".")[2], group) for t in EXERCISES for group in fixtures(t)[0].groups}
    assert set(TITLES) <= groups


def test_what_is_empty_is_named_for_each_exercise():
    """No title says of every exercise what "nothing" means in it."""
    asked = {t.rpartition(".")[2] for t in EXERCISES if "nothing" in fixtures(t)[0].groups}
    assert {exercise for exercise, group in TITLES if group == "nothing"} == asked


def test_no_title_blames():
    """A group fails for whatever reason, so its title says what was asked, not what went wrong."""
    for title in [*GROUPS.values(), *TITLES.values()]:
        assert not title.startswith(("leaves", "keeps", "does", "is "))


def test_an_exercise_without_cases_is_named_with_its_file():
    with pytest.raises(CourseError, match=r"cases/numerics\.py"):
        cases.load("numerics.sofmax")
    with pytest.raises(CourseError, match=r"cases/model\.py"):
        cases.load("model.forward")
