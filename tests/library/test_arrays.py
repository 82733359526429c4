"""Properties of the six questions to rows of numbers, and what scipy and itertools make of them."""

from itertools import groupby

import numpy as np
import pytest
import scipy.ndimage
import scipy.spatial.distance
from headway.arrays import gather_last, one_hot, outer_difference, pairwise_equal, run_lengths, window_mean
from headway.attention import attention
from headway.numerics import log_softmax
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

few = settings(max_examples=30, derandomize=True, deadline=None)
keys = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 6)
shapes = array_shapes(min_dims=1, max_dims=4, max_side=5)
small_numbers = arrays(np.int64, shapes, elements=st.integers(-1, 3))


@few
@given(arrays(np.int64, shapes, elements=st.integers(0, 4)))
def test_the_largest_place_of_a_one_hot_row_is_the_id(ids):
    E = one_hot(ids, 5)
    np.testing.assert_array_equal(E.argmax(axis=-1), ids)
    np.testing.assert_array_equal(np.sort(E, axis=-1)[..., [0, -1]], np.broadcast_to([0, 1], (*ids.shape, 2)))


def test_ids_that_are_no_class_get_rows_of_zeros():
    np.testing.assert_array_equal(one_hot(np.array([-1, 0, 3]), 3), [[0, 0, 0], [1, 0, 0], [0, 0, 0]])


def test_a_one_hot_row_picks_a_row_of_a_matrix():
    ids, W = np.array([[2, 0], [1, 1], [3, 2]]), np.random.default_rng(0).normal(size=(4, 5))
    np.testing.assert_array_equal(one_hot(ids, 4) @ W, W[ids])


def test_products_of_one_hot_rows_count_pairs():
    before, after = np.array([0, 1, 0, 0]), np.array([1, 0, 1, 2])
    counts = one_hot(before, 2).T @ one_hot(after, 3)
    np.testing.assert_array_equal(counts, [[0, 2, 1], [1, 0, 0]])


@few
@given(keys, sizes, sizes)
def test_differences_lead_back_from_y_to_x(key, m, n):
    rng = np.random.default_rng(key)
    x, y = rng.integers(-9, 9, size=(2, m)), rng.integers(-9, 9, size=(2, n))
    D = outer_difference(x, y)
    assert D.dtype == x.dtype
    np.testing.assert_array_equal(D + y[:, None, :], np.broadcast_to(x[:, :, None], D.shape))
    np.testing.assert_array_equal(outer_difference(y, x), -D.mT)


def test_differences_of_positions_say_how_far_back():
    np.testing.assert_array_equal(
        outer_difference(np.arange(2, 4), np.arange(4)), [[2, 1, 0, -1], [3, 2, 1, 0]]
    )


def test_a_row_equals_itself_and_its_like():
    X = np.array([[1, 2], [2, 1], [1, 2]])
    np.testing.assert_array_equal(
        pairwise_equal(X, X), np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]], dtype=bool)
    )


@few
@given(keys, sizes, sizes, sizes)
def test_rows_are_equal_where_scipy_finds_no_entry_that_differs(key, m, n, d):
    rng = np.random.default_rng(key)
    X, Y = rng.integers(2, size=(3, m, d)), rng.integers(2, size=(3, n, d))
    for x, y, equal in zip(X, Y, pairwise_equal(X, Y), strict=True):
        np.testing.assert_array_equal(equal, scipy.spatial.distance.cdist(x, y, "hamming") == 0)


def test_equal_ids_are_one_hot_rows_with_the_product_one():
    ids = np.array([3, 1, 3, 0])
    E = one_hot(ids, 4)
    np.testing.assert_array_equal(pairwise_equal(ids[:, None], ids[:, None]), E @ E.T == 1)


@few
@given(keys, st.lists(sizes, min_size=1, max_size=3), sizes)
def test_gathering_takes_what_the_index_names(key, rows, n):
    rng = np.random.default_rng(key)
    index = rng.integers(n, size=rows)
    A = np.broadcast_to(10 * np.arange(n), (*rows, n))
    np.testing.assert_array_equal(gather_last(A, index), 10 * index)


def test_impossible_classes_do_not_spoil_the_one_that_is_taken():
    Z = np.array([[0.0, -np.inf, 0.0], [-np.inf, 4.0, -np.inf]])
    np.testing.assert_array_equal(gather_last(log_softmax(Z), np.array([2, 1])), [-np.log(2), 0])


@few
@given(keys, sizes, sizes, st.integers(1, 8))
def test_a_window_is_attention_that_looks_at_all_it_sees_alike(key, T, d, w):
    X = np.random.default_rng(key).normal(size=(2, T, d))
    back = np.subtract.outer(np.arange(T), np.arange(T))
    nothing_asked = np.zeros((2, T, 1))
    attended = attention(nothing_asked, nothing_asked, X, mask=(back >= 0) & (back < w))
    np.testing.assert_allclose(window_mean(X, w), attended, rtol=1e-12, atol=1e-14)


@few
@given(keys, st.integers(1, 5))
def test_where_a_window_is_full_scipys_filter_agrees(key, w):
    X = np.random.default_rng(key).normal(size=(9, 3))
    filtered = scipy.ndimage.uniform_filter1d(X, w, axis=0, origin=(w - 1) // 2)
    np.testing.assert_allclose(window_mean(X, w)[w - 1 :], filtered[w - 1 :], rtol=1e-12, atol=1e-14)


def test_a_window_of_one_is_the_position_itself():
    X = np.random.default_rng(0).normal(size=(2, 5, 3))
    np.testing.assert_array_equal(window_mean(X, 1), X)


def test_changing_the_future_changes_no_mean_before_it():
    X = np.random.default_rng(0).normal(size=(6, 3))
    before = window_mean(X, 3)
    X[4:] = np.inf
    np.testing.assert_array_equal(window_mean(X, 3)[:4], before[:4])


@few
@given(small_numbers)
def test_runs_are_as_long_as_itertools_groups_them(x):
    found = run_lengths(x)
    for row in np.ndindex(x.shape[:-1]):
        counted = [i + 1 for _, run in groupby(x[row].tolist()) for i, _ in enumerate(run)]
        assert found[row].tolist() == counted


def test_a_run_begins_anew_when_its_value_comes_back():
    np.testing.assert_array_equal(run_lengths(np.array([5, 5, 2, 2, 2, 5])), [1, 2, 1, 2, 3, 1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_float32_in_float32_out(dtype):
    X = np.random.default_rng(0).normal(size=(2, 5, 3)).astype(dtype)
    assert outer_difference(X, X).dtype == dtype
    assert gather_last(X, np.zeros((2, 5), dtype=int)).dtype == dtype
    assert window_mean(X, 3).dtype == dtype
