"""Vectors of texts have length 1, padding has no say in them, and the nearest come first."""

import numpy as np
import pytest
from headway.search import mean_pool, nearest


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_a_text_has_length_1_and_points_where_the_mean_of_its_words_does(rng):
    X, lengths = rng.normal(size=(3, 4, 6, 5)), rng.integers(1, 7, size=(3, 4))
    mask = np.arange(6) < lengths[..., None]
    pooled = mean_pool(X, mask)
    np.testing.assert_allclose(np.linalg.norm(pooled, axis=-1), 1)
    for place in np.ndindex(3, 4):
        mean = X[place][: lengths[place]].mean(axis=0)
        np.testing.assert_allclose(pooled[place], mean / np.linalg.norm(mean))


@pytest.mark.parametrize("under", [1e9, np.inf, np.nan])
def test_what_lies_under_the_padding_has_no_say(rng, under):
    X, mask = rng.normal(size=(2, 5, 4)).astype(np.float32), np.array([[True] * 5, [True] * 2 + [False] * 3])
    other = np.where(mask[..., None], X, np.float32(under))
    np.testing.assert_array_equal(mean_pool(other, mask), mean_pool(X, mask), strict=True)
    assert mean_pool(X, mask).dtype == np.float32


def test_a_text_without_words_gives_zeros(rng):
    X = rng.normal(size=(2, 3, 4))
    assert not mean_pool(X, np.zeros((2, 3), dtype=bool)).any()


def test_the_nearest_are_those_of_the_largest_cosine(rng):
    Q, D = (mean_pool(rng.normal(size=(n, 3, 8)), np.ones((n, 3), dtype=bool)) for n in (7, 40))
    found = nearest(Q, D, 5)
    cosines = Q @ D.T
    for q in range(7):
        best = sorted(range(40), key=lambda i: -cosines[q, i])[:5]
        assert found[q].tolist() == best


def test_a_text_is_nearest_to_itself_and_of_equals_the_first_is_named(rng):
    D = np.eye(4)[[2, 0, 2, 1]]
    assert nearest(D, D, 1)[:, 0].tolist() == [0, 1, 0, 3]
    assert nearest(D[0], D, 4).tolist() == [0, 2, 1, 3]
