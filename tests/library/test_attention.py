"""Properties of attention, of its mask and of its heads."""

import numpy as np
import pytest
from headway.attention import attention, causal_mask, merge_heads, multi_head_attention, split_heads
from hypothesis import given, settings
from hypothesis import strategies as st

few = settings(max_examples=30, derandomize=True, deadline=None)
keys = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 6)


def fetch(rng, *rows, Tq=3, Tk=5, d=7, dv=4):
    shapes = ((*rows, Tq, d), (*rows, Tk, d), (*rows, Tk, dv))
    return [rng.normal(size=shape) for shape in shapes]


def weights(rng, d):
    return [rng.normal(size=(d, d)) / d**0.5 for _ in range(4)]


def test_a_position_looks_at_itself_and_back():
    expected = [[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]]
    np.testing.assert_array_equal(causal_mask(4), np.array(expected, dtype=bool))
    assert causal_mask(0).shape == (0, 0)


def test_equal_keys_average_the_values():
    rng = np.random.default_rng(0)
    Q, K, V = fetch(rng, 2)
    K[...] = K[:, :1]
    np.testing.assert_allclose(attention(Q, K, V), np.repeat(V.mean(axis=-2, keepdims=True), 3, axis=-2))


def test_a_query_that_matches_one_key_by_far_fetches_its_value():
    Q, V = 2000 * np.eye(3), np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(attention(Q, np.eye(3)[[2, 0, 1]], V), V[[1, 2, 0]])


def test_scores_are_divided_by_the_root_of_the_width():
    Q, K = np.array([[2.0, 0, 0, 0]]), np.array([[np.log(3), 0, 0, 0], [0, 5, 5, 5]])
    np.testing.assert_allclose(attention(Q, K, np.eye(2)), [[0.75, 0.25]])


@few
@given(keys)
def test_the_order_of_keys_does_not_matter(key):
    rng = np.random.default_rng(key)
    Q, K, V = fetch(rng, 2)
    order = rng.permutation(5)
    mask = rng.random((3, 5)) < 0.6
    ours = attention(Q, K[:, order], V[:, order], mask[:, order])
    np.testing.assert_allclose(ours, attention(Q, K, V, mask), rtol=1e-12, atol=1e-13)


@few
@given(keys)
def test_what_is_masked_might_as_well_not_be_there(key):
    rng = np.random.default_rng(key)
    Q, K, V = fetch(rng, 2)
    seen = rng.permutation(5)[: rng.integers(1, 6)]
    mask = np.isin(np.arange(5), seen) & np.ones((3, 1), dtype=bool)
    left = attention(Q, K[:, np.sort(seen)], V[:, np.sort(seen)])
    np.testing.assert_allclose(attention(Q, K, V, mask), left, rtol=1e-12, atol=1e-13)


@few
@given(keys, st.booleans())
def test_results_lie_between_the_smallest_and_the_largest_value(key, masked):
    rng = np.random.default_rng(key)
    Q, K, V = fetch(rng)
    mask = rng.random((3, 5)) < 0.5 if masked else None
    found = attention(Q, K, V, mask)[np.ones(3, dtype=bool) if mask is None else mask.any(axis=-1)]
    assert (found <= V.max(axis=-2) + 1e-12).all()
    assert (found >= V.min(axis=-2) - 1e-12).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_query_that_may_look_nowhere_gets_zeros_without_a_warning(dtype):
    Q, K, V = (a.astype(dtype) for a in fetch(np.random.default_rng(0), 2))
    mask = np.array([[1, 0, 1, 0, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1]], dtype=bool)
    found = attention(Q, K, V, mask)
    assert found.dtype == dtype
    np.testing.assert_array_equal((found == 0).all(axis=-1), np.tile([False, True, False], (2, 1)))


def test_a_mask_of_true_everywhere_is_no_mask():
    Q, K, V = fetch(np.random.default_rng(0), 2)
    np.testing.assert_array_equal(attention(Q, K, V, np.ones((3, 5), dtype=bool)), attention(Q, K, V))


@pytest.mark.parametrize("shape", [(3, 5), (4, 3, 5), (2, 1, 3, 5), (2, 4, 3, 5), (1, 5), (2, 1, 1, 5)])
def test_masks_broadcast_over_batch_axes(shape):
    rng = np.random.default_rng(0)
    Q, K, V = fetch(rng, 2, 4)
    mask = rng.random(shape) < 0.5
    whole = np.broadcast_to(mask, (2, 4, 3, 5))
    np.testing.assert_array_equal(attention(Q, K, V, mask), attention(Q, K, V, whole))


@few
@given(st.lists(sizes, max_size=2), sizes, sizes, sizes)
def test_merging_undoes_splitting(rows, T, H, dh):
    X = np.arange(np.prod([*rows, T, H * dh])).reshape(*rows, T, H * dh)
    heads = split_heads(X, H)
    assert heads.shape == (*rows, H, T, dh)
    np.testing.assert_array_equal(merge_heads(heads), X)
    np.testing.assert_array_equal(split_heads(merge_heads(heads), H), heads)


def test_each_head_gets_a_stretch_of_neighbouring_columns():
    X = np.arange(12).reshape(2, 6)
    np.testing.assert_array_equal(split_heads(X, 3)[1], [[2, 3], [8, 9]])


def test_heads_that_do_not_divide_the_width_are_refused():
    with pytest.raises(ValueError, match="reshape"):
        split_heads(np.ones((2, 5, 7)), 3)


@few
@given(keys, st.integers(1, 4))
def test_changing_the_future_changes_nothing_before_it(key, t):
    rng = np.random.default_rng(key)
    X, W, mask = rng.normal(size=(2, 5, 6)), weights(rng, 6), causal_mask(5)
    before = multi_head_attention(X, *W, 3, mask)
    X[:, t:] = rng.normal(size=X[:, t:].shape)
    after = multi_head_attention(X, *W, 3, mask)
    np.testing.assert_array_equal(after[:, :t], before[:, :t])
    assert (after[:, t:] != before[:, t:]).any()


@few
@given(keys)
def test_without_a_mask_positions_in_another_order_give_results_in_that_order(key):
    rng = np.random.default_rng(key)
    X, W, order = rng.normal(size=(5, 6)), weights(rng, 6), rng.permutation(5)
    ours = multi_head_attention(X[order], *W, 2)
    np.testing.assert_allclose(ours, multi_head_attention(X, *W, 2)[order], rtol=1e-11, atol=1e-13)


@few
@given(keys)
def test_the_order_of_heads_does_not_matter(key):
    rng = np.random.default_rng(key)
    X, (W_Q, W_K, W_V, W_O), mask = rng.normal(size=(2, 5, 12)), weights(rng, 12), causal_mask(5)
    columns = np.arange(12).reshape(3, 4)[rng.permutation(3)].ravel()
    other = [W_Q[:, columns], W_K[:, columns], W_V[:, columns], W_O[columns]]
    np.testing.assert_allclose(
        multi_head_attention(X, *other, 3, mask),
        multi_head_attention(X, W_Q, W_K, W_V, W_O, 3, mask),
        rtol=1e-11,
        atol=1e-13,
    )


def test_one_head_is_plain_attention_between_projections():
    rng = np.random.default_rng(0)
    X, (W_Q, W_K, W_V, W_O) = rng.normal(size=(2, 5, 6)), weights(rng, 6)
    plain = attention(X @ W_Q, X @ W_K, X @ W_V) @ W_O
    np.testing.assert_allclose(multi_head_attention(X, W_Q, W_K, W_V, W_O, 1), plain, rtol=1e-12)


def test_a_mask_of_its_own_for_each_of_the_batch_is_not_one_for_each_head():
    rng = np.random.default_rng(0)
    X, W, mask = rng.normal(size=(3, 5, 6)), weights(rng, 6), rng.random((3, 5, 5)) < 0.6
    together = multi_head_attention(X, *W, 3, mask)
    for i in range(3):
        np.testing.assert_allclose(together[i], multi_head_attention(X[i], *W, 3, mask[i]), rtol=1e-12)


def test_float32_in_float32_out():
    rng = np.random.default_rng(0)
    X, mask = rng.normal(size=(2, 5, 6)).astype(np.float32), causal_mask(5)
    W = [w.astype(np.float32) for w in weights(rng, 6)]
    assert attention(X, X, X).dtype == np.float32
    assert attention(X, X, X, mask).dtype == np.float32
    assert split_heads(X, 3).dtype == np.float32
    assert merge_heads(X).dtype == np.float32
    assert multi_head_attention(X, *W, 3, mask).dtype == np.float32
