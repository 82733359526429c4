"""Properties of softmax and its kin, of the loss and of the draw; and scipy's results, where it has them."""

import numpy as np
import pytest
import scipy.special
from headway.numerics import cross_entropy, log_softmax, logsumexp, sample_categorical, softmax
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

few = settings(max_examples=30, derandomize=True, deadline=None)
shapes = array_shapes(min_dims=1, max_dims=4, max_side=5)
scores = arrays(np.float64, shapes, elements=st.floats(-1000, 1000))

SCORES = {
    "matrix": [[0.5, -2.0, 3.0], [1.0, 1.0, 1.0]],
    "row": [0.1, 0.2, 0.7, -3.0],
    "large": [[1000.0, 998.2, 995.2], [-1000.0, 0.0, 1000.0]],
    "small": [[-1000.0, -1001.0], [-2000.0, 0.0]],
    "minus-infinity": [[-np.inf, 1.0, 0.0], [2.0, -np.inf, -np.inf]],
    "three-axes": np.linspace(-9, 9, 24).reshape(2, 3, 4) ** 3 / 50,
}


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (softmax, scipy.special.softmax),
        (log_softmax, scipy.special.log_softmax),
        (logsumexp, scipy.special.logsumexp),
    ],
)
def test_scipy_agrees(ours, theirs, name):
    Z = np.array(SCORES[name])
    np.testing.assert_allclose(ours(Z), theirs(Z, axis=-1), rtol=1e-13)


@few
@given(scores)
def test_probabilities_are_positive_and_sum_to_one(Z):
    P = softmax(Z)
    assert (P >= 0).all()
    np.testing.assert_allclose(P.sum(axis=-1), 1, rtol=1e-14)


@few
@given(scores, st.integers(-1000, 1000))
def test_a_number_added_to_all_scores_changes_no_probability(Z, shift):
    Z = Z.round(3)
    np.testing.assert_allclose(softmax(Z + shift), softmax(Z), rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(log_softmax(Z + shift), log_softmax(Z), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(logsumexp(Z + shift), logsumexp(Z) + shift, rtol=1e-12, atol=1e-12)


@few
@given(scores)
def test_the_three_are_one_function_seen_thrice(Z):
    np.testing.assert_allclose(np.exp(log_softmax(Z)), softmax(Z), rtol=1e-11, atol=1e-300)
    np.testing.assert_allclose(log_softmax(Z), Z - logsumexp(Z)[..., None], rtol=1e-12, atol=1e-12)


@few
@given(scores)
def test_logsumexp_lies_between_the_largest_score_and_log_n_above_it(Z):
    above = logsumexp(Z) - Z.max(axis=-1)
    assert (above >= 0).all()
    assert (above <= np.log(Z.shape[-1]) + 1e-12).all()


@few
@given(scores, st.randoms(use_true_random=False))
def test_scores_in_another_order_give_the_probabilities_in_that_order(Z, random):
    order = random.sample(range(Z.shape[-1]), Z.shape[-1])
    np.testing.assert_allclose(softmax(Z[..., order]), softmax(Z)[..., order], rtol=1e-13, atol=1e-300)


def test_one_point_more_is_e_times_as_likely():
    P = softmax(np.array([3.0, 2.0, -1.0]))
    np.testing.assert_allclose(P[0] / P[1], np.e)


def test_log_softmax_is_exact_where_the_probability_is_too_small_for_a_float():
    Z = np.array([0.0, -2000.0])
    assert softmax(Z)[1] == 0
    np.testing.assert_array_equal(log_softmax(Z), [0, -2000])


def test_log_softmax_of_large_close_scores_keeps_its_precision_in_float32():
    Z = np.array([1e6, 1e6 + 1, 1e6 + 3], dtype=np.float32)
    np.testing.assert_allclose(log_softmax(Z), log_softmax(np.array([0.0, 1, 3])), rtol=1e-6)


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
def test_a_row_of_nothing_but_minus_infinity():
    Z = np.full((2, 3), -np.inf)
    Z[1] = 0
    np.testing.assert_array_equal(logsumexp(Z), [-np.inf, np.log(3)])
    np.testing.assert_array_equal(np.isnan(softmax(Z)).all(axis=-1), [True, False])


def test_logsumexp_of_infinity_is_infinity():
    assert logsumexp(np.array([0, np.inf, -np.inf])) == np.inf


def test_the_loss_of_equal_scores_is_log_n():
    np.testing.assert_allclose(cross_entropy(np.zeros((4, 5)), np.array([0, 3, 4, 1])), np.log(5))


@few
@given(scores.filter(lambda Z: Z.ndim > 1), st.data())
def test_an_ignored_target_counts_as_if_its_row_were_not_there(Z, data):
    Z, n = Z.reshape(-1, Z.shape[-1]), Z.shape[-1]
    targets = data.draw(arrays(np.int64, len(Z), elements=st.integers(-1, n - 1)))
    kept = targets >= 0
    np.testing.assert_array_equal(cross_entropy(Z, targets), cross_entropy(Z[kept], targets[kept]))
    np.testing.assert_array_equal(
        cross_entropy(Z, np.where(kept, targets, n), ignore=n), cross_entropy(Z, targets)
    )


def test_the_loss_does_not_depend_on_how_rows_are_arranged_in_axes():
    rng = np.random.default_rng(0)
    Z, targets = rng.normal(size=(2, 3, 4, 5)), rng.integers(-1, 5, size=(2, 3, 4))
    flat = cross_entropy(Z.reshape(-1, 5), targets.ravel())
    np.testing.assert_allclose(cross_entropy(Z, targets), flat, rtol=1e-15)


def test_the_loss_is_0_where_every_target_is_ignored():
    loss = cross_entropy(np.ones((2, 3), dtype=np.float32), np.array([-1, -1]))
    assert loss == 0
    assert not np.signbit(loss)
    assert loss.dtype == np.float32


def test_draws_over_a_grid_of_u_come_in_the_proportions_of_the_probabilities():
    P = np.array([0.125, 0, 0.5, 0.25, 0.125, 0])
    u = (np.arange(1000) + 0.5) / 1000
    drawn = sample_categorical(np.tile(P, (1000, 1)), u)
    np.testing.assert_array_equal(np.bincount(drawn, minlength=6) / 1000, P)
    assert (np.diff(drawn) >= 0).all()


@few
@given(arrays(np.float64, shapes, elements=st.floats(0, 1)), st.sampled_from([0, 0.5, 1 - 2**-53]))
def test_a_class_of_probability_0_is_never_drawn(weights, u):
    weights[..., -1] += (weights.sum(axis=-1) < 1e-3) * 1.0  # some class must be possible
    for dtype in (np.float64, np.float32):
        P = (weights / weights.sum(axis=-1, keepdims=True)).astype(dtype)
        drawn = sample_categorical(P, np.full(P.shape[:-1], u))
        assert (np.take_along_axis(P, drawn[..., None], axis=-1) > 0).all()


def test_the_largest_float32_below_1_draws_the_last_class():
    P = softmax(np.random.default_rng(0).normal(size=(200, 50)).astype(np.float32))
    drawn = sample_categorical(P, np.full(200, np.nextafter(np.float32(1), np.float32(0))))
    assert (drawn < 50).all()
    assert (drawn == 49).any()


@pytest.mark.parametrize("function", [softmax, logsumexp, log_softmax])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_dtype_that_goes_in_comes_out(function, dtype):
    for shape in ((5,), (2, 5), (0, 5), (2, 3, 4, 5)):
        Z = np.ones(shape, dtype)
        assert function(Z).dtype == dtype
        assert function(Z).shape == (shape if function is not logsumexp else shape[:-1])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_loss_and_draw_have_their_dtypes(dtype):
    P, targets = np.full((2, 4), 0.25, dtype), np.array([1, -1])
    assert cross_entropy(P, targets).dtype == dtype
    assert cross_entropy(P, targets).shape == ()
    assert sample_categorical(P, np.array([0.1, 0.9], dtype)).dtype == np.int64


def test_arrays_that_are_not_contiguous_are_as_good():
    Z = np.random.default_rng(0).normal(size=(6, 5, 4))
    for view in (Z.T, Z[::2, :, ::-1], Z.swapaxes(0, 1)):
        np.testing.assert_array_equal(softmax(view), softmax(view.copy()))
        np.testing.assert_array_equal(logsumexp(view), logsumexp(view.copy()))
