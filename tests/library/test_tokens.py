"""Byte pairs against loops over everything small and against Python's own bytes; rows and products."""

import itertools
from collections import Counter

import definitions
import numpy as np
import pytest
from headway.tokens import bpe_decode, bpe_encode, embed, merge_pair, most_frequent_pair, patches, unembed

TEXT = "the naïve café — 東京, über alles 🙂 — the naïve café, the café" * 3


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def as_bytes(text):
    return np.frombuffer(text.encode(), np.uint8).astype(int)


def merged_by_hand(ids, left, right, new):
    made, rest = [], list(ids)
    while rest:
        if rest[:2] == [left, right]:
            made, rest = [*made, new], rest[2:]
        else:
            made, rest = [*made, rest[0]], rest[1:]
    return made


def learned(ids, count):
    merges = []
    for new in range(256, 256 + count):
        left, right, _ = most_frequent_pair(ids)
        ids = merge_pair(ids, left, right, new)
        merges.append((left, right))
    return np.array(merges).reshape(-1, 2), ids


@pytest.mark.parametrize("n", range(1, 8))
def test_merging_is_reading_from_the_left_on_everything_small(n):
    for ids in itertools.product((0, 1), repeat=n):
        for left, right in itertools.product((0, 1), repeat=2):
            assert merge_pair(np.array(ids), left, right, 9).tolist() == merged_by_hand(ids, left, right, 9)


def test_the_most_frequent_pair_is_that_of_a_counter_and_the_smallest_of_equals():
    for ids in itertools.product((0, 1, 2), repeat=6):
        counts = Counter(itertools.pairwise(ids))
        pair = min(counts, key=lambda pair: (-counts[pair], pair))
        assert most_frequent_pair(np.array(ids)) == (*pair, counts[pair])


def test_every_text_comes_back():
    merges, ids = learned(as_bytes(TEXT), 40)
    assert len(ids) < len(TEXT.encode()) / 3
    for text in (TEXT, "x", "ΑΩ 東京 e\u0301 🙂🙂", "thethethe caf\u00e9s"):
        tokens = bpe_encode(as_bytes(text), merges)
        assert bytes(bpe_decode(tokens, merges).tolist()).decode() == text


def test_encoding_the_text_that_was_learned_from_gives_what_learning_ended_with():
    merges, ids = learned(as_bytes(TEXT), 25)
    assert np.array_equal(bpe_encode(as_bytes(TEXT), merges), ids)


def test_merges_in_their_order_are_the_greedy_merging_of_the_lowest_rank():
    """Sennrich's tokenizer merges, again and again, the pair that was learned first."""
    merges, _ = learned(as_bytes(TEXT), 30)
    ranks = {tuple(pair): 256 + rank for rank, pair in enumerate(merges.tolist())}
    tokens = as_bytes("the café über the naïve").tolist()
    while known := [ranks[pair] for pair in itertools.pairwise(tokens) if pair in ranks]:
        new = min(known)
        tokens = merged_by_hand(tokens, *merges[new - 256].tolist(), new)
    assert bpe_encode(as_bytes("the café über the naïve"), merges).tolist() == tokens


def test_without_merges_a_text_is_its_bytes():
    nothing = np.zeros((0, 2), int)
    ids = as_bytes(TEXT)
    assert np.array_equal(bpe_encode(ids, nothing), ids)
    assert np.array_equal(bpe_decode(ids, nothing), ids)


def test_embedding_takes_rows_and_keeps_their_dtype(rng):
    W = rng.normal(size=(7, 3)).astype(np.float32)
    ids = rng.integers(7, size=(2, 4, 5))
    made = embed(ids, W)
    assert made.dtype == np.float32
    for place in np.ndindex(ids.shape):
        assert np.array_equal(made[place], W[ids[place]])


def test_the_score_of_a_token_is_its_product_with_the_vector(rng):
    X, W = rng.normal(size=(2, 5, 3)), rng.normal(size=(3, 7))
    scores = unembed(X, W)
    for b, t, v in np.ndindex(scores.shape):
        assert np.isclose(scores[b, t, v], sum(X[b, t, i] * W[i, v] for i in range(3)), rtol=1e-12)


@pytest.mark.parametrize(
    ("shape", "p"), [((3, 8, 6), 2), ((2, 5, 1, 6, 9), 3), ((1, 4, 4), 4), ((2, 3, 5), 1)]
)
def test_patches_are_those_of_their_definition(rng, shape, p):
    images = rng.normal(size=shape).astype(np.float32)
    np.testing.assert_array_equal(
        patches(images, p), definitions.patches(images, p).astype(np.float32), strict=True
    )
