"""Positions against exact angles and complex numbers, and the properties for which they were invented."""

import cmath
import math

import definitions
import numpy as np
import pytest
from headway.positions import (
    alibi_bias,
    disentangled_scores,
    relative_bias,
    relative_buckets,
    rotary,
    rotary_at,
    signed_buckets,
    sinusoidal_positions,
)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def angle(t, i, d):
    return t / 10_000 ** (2 * i / d)


@pytest.mark.parametrize(("T", "d"), [(1, 2), (5, 6), (40, 8), (3, 64)])
def test_a_pair_is_sine_and_cosine_of_its_angle(T, d):
    P = sinusoidal_positions(T, d)
    for t in range(T):
        for i in range(d // 2):
            expected = math.sin(angle(t, i, d)), math.cos(angle(t, i, d))
            assert np.allclose(P[t, 2 * i : 2 * i + 2], expected, atol=1e-12)


def test_moving_on_is_one_rotation_for_all_positions():
    P, k, d = sinusoidal_positions(50, 8), 7, 8
    pairs = P.reshape(50, d // 2, 2)
    for i in range(d // 2):
        a = angle(k, i, d)
        turn = np.array([[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]])
        assert np.allclose(pairs[:-k, i] @ turn.T, pairs[k:, i], atol=1e-12)


def test_every_position_has_the_same_length():
    assert np.allclose((sinusoidal_positions(100, 16) ** 2).sum(axis=-1), 8)


def test_turning_is_multiplying_with_a_complex_number(rng):
    X = rng.normal(size=(2, 3, 6, 8))
    turned = rotary(X)
    for b, h, t, i in np.ndindex(2, 3, 6, 4):
        z = complex(*X[b, h, t, 2 * i : 2 * i + 2]) * cmath.exp(1j * angle(t, i, 8))
        assert np.allclose(turned[b, h, t, 2 * i : 2 * i + 2], (z.real, z.imag), atol=1e-12)


def test_a_product_sees_the_distance_and_nothing_else_of_the_positions(rng):
    q, k = rng.normal(size=(2, 16))
    Q, K = (rotary(np.tile(x, (60, 1))) for x in (q, k))
    S = Q @ K.T
    for distance in range(-59, 60):
        diagonal = np.diagonal(S, distance)
        assert np.allclose(diagonal, diagonal[0], atol=1e-10)


def test_turning_keeps_lengths_and_leaves_position_0_alone(rng):
    X = rng.normal(size=(4, 9, 6))
    turned = rotary(X)
    assert np.allclose((turned**2).sum(axis=-1), (X**2).sum(axis=-1))
    assert np.array_equal(turned[:, 0], X[:, 0])


def test_float32_stays_float32(rng):
    X = rng.normal(size=(3, 300, 4)).astype(np.float32)
    turned = rotary(X)
    assert turned.dtype == np.float32
    assert np.allclose(turned, rotary(X.astype(float)), atol=1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_positions_may_be_given_and_clocks_may_run_slower(rng, dtype):
    X, t = rng.normal(size=(2, 3, 5, 6)).astype(dtype), rng.integers(0, 90, size=(3, 5))
    for base in (100, 500_000.0):
        ours = rotary_at(X, t, base)
        assert ours.dtype == dtype
        assert np.allclose(ours, definitions.rotary(X, t, base), atol=10 * np.finfo(dtype).eps)


def test_the_last_position_turned_alone_is_the_last_of_all(rng):
    X = rng.normal(size=(2, 7, 4))
    assert np.array_equal(rotary_at(X[:, -1:], np.array([6])), rotary(X)[:, -1:])


@pytest.mark.parametrize("H", [1, 2, 3, 8, 12])
def test_each_head_takes_off_a_power_of_two_a_step(H):
    B = alibi_bias(6, H)
    for h in range(1, H + 1):
        for i in range(6):
            for j in range(6):
                assert math.isclose(B[h - 1, i, j], -abs(i - j) * 2 ** (-8 * h / H), abs_tol=1e-15)


def test_eight_heads_have_the_slopes_of_the_paper():
    assert np.allclose(-alibi_bias(2, 8)[:, 1, 0], [1 / 2**n for n in range(1, 9)])


@pytest.mark.parametrize("back_only", [False, True])
@pytest.mark.parametrize(("n", "span"), [(8, 20), (32, 128), (16, 64), (12, 50)])
def test_buckets_are_those_of_exact_borders(n, span, back_only):
    steps = np.arange(-2 * span, 2 * span)
    ours = relative_buckets(steps, n, span, back_only)
    np.testing.assert_array_equal(ours, definitions.relative_buckets(steps, n, span, back_only), strict=True)
    assert set(ours.tolist()) <= set(range(n))


@pytest.mark.parametrize(("n", "span"), [(8, 20), (64, 128), (32, 64), (256, 512)])
def test_signed_buckets_are_those_of_exact_borders(n, span):
    steps = np.arange(1 - span, span)
    ours = signed_buckets(steps, n, span)
    np.testing.assert_array_equal(ours, definitions.signed_buckets(steps, n, span), strict=True)
    assert (ours.min(), ours.max()) == (1 - n, n - 1)
    np.testing.assert_array_equal(ours, -ours[::-1])


def test_without_vectors_for_positions_disentangled_scores_are_plain_ones():
    rng = np.random.default_rng(0)
    Q, K, none = rng.normal(size=(2, 3, 5, 7)), rng.normal(size=(2, 3, 5, 7)), np.zeros((3, 4, 7))
    scores = disentangled_scores(Q, K, none, none, rng.integers(0, 4, size=(5, 5)))
    np.testing.assert_allclose(scores, Q @ K.mT / 21**0.5, rtol=1e-12)


def test_in_short_texts_every_distance_has_a_row_of_the_table(rng):
    table = rng.normal(size=(16, 3))
    bias = relative_bias(table, np.arange(4), np.arange(4))
    steps = np.arange(4) - np.arange(4)[:, None]
    rows = np.where(steps > 0, 8 + steps, -steps)
    np.testing.assert_array_equal(bias, table[rows].transpose(2, 0, 1), strict=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_bias_and_disentangled_scores_have_the_dtype_that_came_in(rng, dtype):
    table, t = rng.normal(size=(8, 3)).astype(dtype), np.arange(30, 33)
    bias = relative_bias(table, t, np.arange(33), span=20, back_only=True)
    theirs = definitions.relative_bias(table, t, np.arange(33), 20, True)
    np.testing.assert_array_equal(bias, theirs.astype(dtype), strict=True)
    Q, K = rng.normal(size=(2, 2, 3, 5, 7)).astype(dtype)
    K_R, Q_R = rng.normal(size=(2, 2, 3, 4, 7)).astype(dtype)
    given = Q, K, K_R, Q_R, rng.integers(0, 4, size=(5, 5))
    ours, theirs = disentangled_scores(*given), definitions.disentangled_scores(*given)
    assert ours.dtype == dtype
    np.testing.assert_allclose(ours, theirs, atol=30 * np.finfo(dtype).eps)
