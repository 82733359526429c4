"""Norms, activations, feed-forward layers, blocks: definitions and properties."""

import definitions
import numpy as np
import pytest
from headway import blocks
from headway.attention import causal_mask
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

few = settings(max_examples=30, derandomize=True, deadline=None)
keys = st.integers(0, 2**32 - 1)

ACTIVATIONS = ("normal_cdf", "gelu", "gelu_tanh", "silu", "relu")


def a_block(rng, *rows, T=5, d=6, h=11):
    """The inputs of pre_ln_block and post_ln_block, without the number of heads and the mask."""
    shapes = [(d,), (d,), (d, d), (d, d), (d, d), (d, d), (d,), (d,), (d, h), (h,), (h, d), (d,)]
    return [rng.normal(size=shape) / shape[0] ** 0.5 for shape in [(*rows, T, d), *shapes]]


def cases(dtype):
    rng = np.random.default_rng(0)
    X, scale, shift = rng.normal(2, 3, size=(2, 3, 5, 7)), rng.normal(size=7), rng.normal(size=7)
    W_in, W_gate, W_out = (rng.normal(size=size) for size in ((7, 11), (7, 11), (11, 7)))
    b_in, b_out = rng.normal(size=11), rng.normal(size=7)
    block = a_block(rng, 2)
    heads = rng.normal(size=(2, 12))
    yield "layer_norm", (X, scale, shift), {}
    yield "layer_norm", (X[0, 0], scale), {"eps": 0.5}
    yield "rms_norm", (X, scale), {}
    yield "rms_norm", (X[0, 0, 0], scale), {"eps": 0.5}
    yield "mlp", (X, W_in, b_in, W_out, b_out), {}
    yield "swiglu", (X, W_gate, W_in, W_out), {}
    yield "pre_ln_block", (*block, 3), {}
    yield "pre_ln_block", (*block, 2), {"mask": causal_mask(5)}
    yield "post_ln_block", (*block, 3), {}
    yield "post_ln_block", (*block, 2), {"mask": causal_mask(5)}
    for name in ACTIVATIONS:
        yield name, (heads * 3,), {}
        yield name, (X[0, 0],), {}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("case", range(len(list(cases(float)))))
def test_a_function_agrees_with_its_definition_in_the_dtype_that_came_in(dtype, case):
    name, inputs, options = list(cases(dtype))[case]
    inputs = [a.astype(dtype) if getattr(a, "dtype", None) == np.float64 else a for a in inputs]
    kept = [np.copy(a) for a in inputs]
    ours = getattr(blocks, name)(*inputs, **options)
    theirs = getattr(definitions, name)(*inputs, **options)
    assert (ours.dtype, ours.shape) == (dtype, theirs.shape)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=50 * np.finfo(dtype).eps * np.abs(theirs).max())
    for before, after in zip(kept, inputs, strict=True):
        np.testing.assert_array_equal(before, after)


@few
@given(keys, st.floats(-50, 50), st.floats(0.1, 50))
def test_a_layer_norm_forgets_what_is_added_to_all_components_and_their_scale(key, added, scaled):
    X = np.random.default_rng(key).normal(size=(3, 8))
    ones = np.ones(8)
    ours = blocks.layer_norm(X * scaled + added, ones, eps=0.0)
    np.testing.assert_allclose(ours, blocks.layer_norm(X, ones, eps=0.0), atol=1e-9)
    np.testing.assert_allclose(ours.mean(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose(ours.var(axis=-1), 1, rtol=1e-9)


def test_a_vector_of_equal_components_is_normed_to_the_shift():
    X, shift = np.full((2, 6), 3.0), np.arange(6.0)
    np.testing.assert_array_equal(blocks.layer_norm(X, np.ones(6), shift), np.tile(shift, (2, 1)))
    np.testing.assert_array_equal(blocks.rms_norm(np.zeros((2, 6)), np.ones(6)), np.zeros((2, 6)))


def test_where_the_mean_is_0_the_two_norms_agree():
    X = np.random.default_rng(0).normal(size=(4, 6))
    X -= X.mean(axis=-1, keepdims=True)
    ones = np.ones(6)
    np.testing.assert_allclose(blocks.layer_norm(X, ones, eps=1e-6), blocks.rms_norm(X, ones), rtol=1e-12)


@pytest.mark.parametrize(("dtype", "relative"), [(np.float32, 5e-6), (np.float64, 1e-14)])
def test_the_normal_distribution_is_precise_to_the_dtype(dtype, relative):
    X = np.linspace(-12, 12, 100_001).astype(dtype)
    exact = special.ndtr(X.astype(float))
    ours = blocks.normal_cdf(X)
    assert np.abs(ours - exact).max() < 4 * np.finfo(dtype).eps
    near = X > -5  # far out, the square in the exponent doubles its rounding error again and again
    np.testing.assert_allclose(ours[near], exact[near], rtol=relative)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "normal_cdf"])
def test_far_out_an_activation_is_the_number_or_nothing_without_a_warning(name):
    X = np.array([-1e12, -1e4, -100, 0, 100, 1e4, 1e12], np.float32)
    np.testing.assert_array_equal(getattr(blocks, name)(X), np.maximum(X, 0))


def test_gelu_with_a_tanh_is_close_to_gelu():
    X = np.linspace(-6, 6, 1001)
    difference = np.abs(blocks.gelu_tanh(X) - blocks.gelu(X)).max()
    assert 1e-4 < difference < 1e-3


def test_a_feed_forward_layer_treats_each_position_alone():
    rng = np.random.default_rng(0)
    X, W_in, W_out = (rng.normal(size=size) for size in ((2, 5, 7), (7, 11), (11, 7)))
    order = rng.permutation(5)
    ours = blocks.swiglu(X[:, order], W_in, W_in, W_out)
    np.testing.assert_allclose(ours, blocks.swiglu(X, W_in, W_in, W_out)[:, order], rtol=1e-12)


def test_a_block_that_writes_nothing_leaves_the_stream_alone():
    X, *W = a_block(np.random.default_rng(0), 2)
    W[5], W[10], W[11] = 0 * W[5], 0 * W[10], 0 * W[11]  # W_O, W_out, b_out
    np.testing.assert_array_equal(blocks.pre_ln_block(X, *W, 3), X)


def test_what_a_later_position_holds_does_not_reach_an_earlier_one():
    X, *W = a_block(np.random.default_rng(0), 2)
    changed = X.copy()
    changed[:, 3:] += 1
    for block in (blocks.pre_ln_block, blocks.post_ln_block):
        before, after = block(X, *W, 3, causal_mask(5)), block(changed, *W, 3, causal_mask(5))
        np.testing.assert_array_equal(after[:, :3], before[:, :3])
        assert (after[:, 3:] != before[:, 3:]).any()
