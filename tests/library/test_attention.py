"""Properties of attention, of its mask and of its heads."""

import tracemalloc

import numpy as np
import pytest
from headway.attention import (
    attention,
    cached_attention,
    causal_mask,
    cross_attention,
    grouped_query_attention,
    merge_heads,
    multi_head_attention,
    padding_mask,
    split_heads,
)
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


def test_a_text_has_its_words_first_and_padding_after_them():
    expected = [[[1, 1, 0, 0]], [[0, 0, 0, 0]], [[1, 1, 1, 1]]]
    np.testing.assert_array_equal(padding_mask(np.array([2, 0, 4]), 4), np.array(expected, dtype=bool))


@few
@given(st.lists(st.integers(0, 7), min_size=1, max_size=6), st.integers(0, 7))
def test_a_padding_mask_has_as_many_words_as_the_text_that_fit(lengths, T):
    mask = padding_mask(np.array(lengths), T)
    assert mask.shape == (len(lengths), 1, T)
    np.testing.assert_array_equal(mask.sum(axis=(1, 2)), np.minimum(lengths, T))
    assert (np.diff(mask.astype(int), axis=-1) <= 0).all()


@few
@given(keys)
def test_padding_might_as_well_not_be_there(key):
    """Texts of different lengths in one array give what each gives alone, with and without a causal mask."""
    rng = np.random.default_rng(key)
    lengths = np.array([2, 5, 3])
    X, W = rng.normal(size=(3, 5, 6)), weights(rng, 6)
    for mask in (np.ones((5, 5), dtype=bool), causal_mask(5)):
        together = multi_head_attention(X, *W, 2, mask & padding_mask(lengths, 5))
        for i, length in enumerate(lengths):
            alone = multi_head_attention(X[i, :length], *W, 2, mask[:length, :length])
            np.testing.assert_allclose(together[i, :length], alone, rtol=1e-11, atol=1e-13)


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


def two_texts(rng, *rows, Tq=3, Tk=5, d=6, c=4):
    X, C = rng.normal(size=(*rows, Tq, d)), rng.normal(size=(*rows, Tk, c))
    W = [rng.normal(size=size) / size[0] ** 0.5 for size in ((d, d), (c, d), (c, d), (d, d))]
    return X, C, W


@few
@given(keys, st.booleans())
def test_a_text_that_asks_itself_is_multi_head_attention(key, masked):
    rng = np.random.default_rng(key)
    X, W, mask = rng.normal(size=(2, 5, 6)), weights(rng, 6), causal_mask(5) if masked else None
    np.testing.assert_array_equal(
        cross_attention(X, X, *W, 3, mask), multi_head_attention(X, *W, 3, mask), strict=True
    )


@few
@given(keys)
def test_each_position_asks_the_second_text_for_itself_alone(key):
    rng = np.random.default_rng(key)
    X, C, W = two_texts(rng, 2)
    order = rng.permutation(3)
    ours = cross_attention(X[:, order], C, *W, 3)
    np.testing.assert_allclose(ours, cross_attention(X, C, *W, 3)[:, order], rtol=1e-11, atol=1e-13)


@few
@given(keys)
def test_the_order_of_the_second_text_does_not_matter(key):
    rng = np.random.default_rng(key)
    X, C, W = two_texts(rng, 2)
    ours = cross_attention(X, C[:, rng.permutation(5)], *W, 2)
    np.testing.assert_allclose(ours, cross_attention(X, C, *W, 2), rtol=1e-11, atol=1e-13)


def test_one_second_text_serves_a_whole_batch():
    rng = np.random.default_rng(0)
    X, C, W = two_texts(rng, 3)
    shared = cross_attention(X, C[0], *W, 2)
    np.testing.assert_allclose(shared[0], cross_attention(X[0], C[0], *W, 2), rtol=1e-12)
    np.testing.assert_allclose(shared[2], cross_attention(X[2], C[0], *W, 2), rtol=1e-12)


def grouped(rng, *rows, T=5, H=6, G=3, dh=2):
    d, k = H * dh, G * dh
    W = [rng.normal(size=size) / d**0.5 for size in ((d, d), (d, k), (d, k), (d, d))]
    return rng.normal(size=(*rows, T, d)), W


@few
@given(keys, st.sampled_from([(1, 1), (2, 1), (2, 2), (6, 1), (6, 2), (6, 3), (6, 6)]))
def test_shared_keys_are_multi_head_attention_with_equal_columns(key, heads):
    rng = np.random.default_rng(key)
    H, G = heads
    X, (W_Q, W_K, W_V, W_O) = grouped(rng, 2, H=H, G=G)
    columns = np.concatenate([np.arange(2 * g, 2 * g + 2) for g in range(G) for _ in range(H // G)])
    np.testing.assert_allclose(
        grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, causal_mask(5)),
        multi_head_attention(X, W_Q, W_K[:, columns], W_V[:, columns], W_O, H, causal_mask(5)),
        rtol=1e-11,
        atol=1e-13,
    )


def test_a_group_reaches_its_own_heads_and_no_other():
    X, (W_Q, W_K, W_V, _) = grouped(np.random.default_rng(0))
    before = grouped_query_attention(X, W_Q, W_K, W_V, np.eye(12), 6, 3)
    for g, heads in enumerate([(0, 1), (2, 3), (4, 5)]):
        muted = W_V.copy()
        muted[:, 2 * g : 2 * g + 2] = 0
        after = grouped_query_attention(X, W_Q, W_K, muted, np.eye(12), 6, 3)
        changed = (after != before).reshape(5, 6, 2).any(axis=(0, 2))
        assert tuple(np.flatnonzero(changed)) == heads


def test_groups_that_do_not_divide_the_heads_are_refused():
    X, W = grouped(np.random.default_rng(0), H=6, G=4)
    with pytest.raises(ValueError, match=r"size|reshape"):
        grouped_query_attention(X, *W, 6, 4)


def test_a_mask_of_its_own_for_each_of_the_batch_is_not_one_for_each_group():
    rng = np.random.default_rng(0)
    X, W = grouped(rng, 3)
    mask = rng.random((3, 5, 5)) < 0.6
    together = grouped_query_attention(X, *W, 6, 3, mask)
    for i in range(3):
        alone = grouped_query_attention(X[i], *W, 6, 3, mask[i])
        np.testing.assert_allclose(together[i], alone, rtol=1e-12, atol=1e-14)


def peak(function, *arguments):
    """The most memory that was in use at once, in bytes."""
    tracemalloc.start()
    try:
        function(*arguments)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_keys_and_values_are_not_copied_for_each_head():
    def copied(X, W_Q, W_K, W_V, W_O, H, G):
        Q = split_heads(X @ W_Q, H)
        K, V = (np.repeat(split_heads(X @ W, G), H // G, axis=-3) for W in (W_K, W_V))
        return merge_heads(attention(Q, K, V)) @ W_O

    X, W = grouped(np.random.default_rng(0), T=40, H=32, G=1, dh=8)
    saved = peak(copied, X, *W, 32, 1) - peak(grouped_query_attention, X, *W, 32, 1)
    assert saved > 1.8 * X.nbytes  # keys and values of 32 heads, as large as X each


def test_float32_in_float32_out():
    rng = np.random.default_rng(0)
    X, mask = rng.normal(size=(2, 5, 6)).astype(np.float32), causal_mask(5)
    W = [w.astype(np.float32) for w in weights(rng, 6)]
    assert attention(X, X, X).dtype == np.float32
    assert attention(X, X, X, mask).dtype == np.float32
    assert split_heads(X, 3).dtype == np.float32
    assert merge_heads(X).dtype == np.float32
    assert multi_head_attention(X, *W, 3, mask).dtype == np.float32
    assert cross_attention(X, X, *W, 3, mask).dtype == np.float32
    assert grouped_query_attention(X, W[0], W[1][:, :2], W[2][:, :2], W[3], 3, 1, mask).dtype == np.float32


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@few
@given(key=keys, pieces=st.lists(sizes, min_size=1, max_size=4))
def test_a_text_in_pieces_gets_what_it_gets_at_once(dtype, key, pieces):
    rng, T = np.random.default_rng(key), sum(pieces)
    X, W = rng.normal(size=(2, T, 6)).astype(dtype), [w.astype(dtype) for w in weights(rng, 6)]
    K = V = np.zeros((2, 3, 0, 2), dtype)
    outputs, start = [], 0
    for n in pieces:
        Y, K, V = cached_attention(X[:, start : start + n], K, V, *W)
        outputs.append(Y)
        start += n
    due = multi_head_attention(X, *W, 3, causal_mask(T))
    ours = np.concatenate(outputs, axis=1)
    assert ours.dtype == K.dtype == V.dtype == dtype
    np.testing.assert_allclose(ours, due, rtol=1e-5, atol=10 * np.finfo(dtype).eps)
    np.testing.assert_allclose(K, split_heads(X @ W[1], 3), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(V, split_heads(X @ W[2], 3), rtol=1e-4, atol=1e-6)


def test_what_is_kept_is_not_written_to():
    rng = np.random.default_rng(0)
    X, K, V = rng.normal(size=(2, 6)), *rng.normal(size=(2, 3, 4, 2))
    before = K.copy(), V.copy()
    _, longer, _ = cached_attention(X, K, V, *weights(rng, 6))
    longer[:] = 0
    np.testing.assert_array_equal((K, V), before)
