"""From text to numbers and back: pairs of bytes that are merged, and a vector for each token."""

import numpy as np

BYTES = 256
"""Ids below are bytes; the id 256 + k is what merge k makes."""


def most_frequent_pair(ids):
    """The pair of neighbours that occurs most often, and how often.

    ids int (n) -> int (), int (), int ()

    (Sennrich, Haddow and Birch 2016, section 3.2.) Of several equally frequent it is the smallest. n ≥ 2.
    """
    size = ids.max() + 1
    numbers = ids[:-1] * size + ids[1:]  # one for each pair, in their order
    pairs, counts = np.unique(numbers, return_counts=True)
    best = counts.argmax()  # the first of the largest
    return *divmod(pairs[best], size), counts[best]


def merge_pair(ids, left, right, new):
    """The sequence with one id in the place of each such pair, found from left to right.

    ids int (n), left int (), right int (), new int () -> int (m)

    Pairs share no id: of 7 7 7 the first two merge, and the third stays. n is at least 1.
    """
    here = np.append((ids[:-1] == left) & (ids[1:] == right), False)
    t = np.arange(len(ids))
    in_a_row = t - np.maximum.accumulate(np.where(here, -1, t))  # pairs overlap where left equals right
    merged = here & (in_a_row % 2 == 1)
    return np.where(merged, new, ids)[~np.roll(merged, 1)]


def bpe_encode(ids, merges):
    """Bytes as tokens: every merge is done where it can be, in the order in which they were learned.

    ids int (n), merges int (m, 2) -> int (k)

    Merge number i makes the id 256 + i. (Sennrich, Haddow and Birch 2016, section 3.2, on bytes.)
    """
    for new, (left, right) in enumerate(merges, BYTES):
        ids = merge_pair(ids, left, right, new)
    return ids


def bpe_decode(ids, merges):
    """Tokens as bytes again: every merge is undone, the last one first.

    ids int (n), merges int (m, 2) -> int (k)
    """
    for new in reversed(range(BYTES, BYTES + len(merges))):
        whole = ids == new
        before = np.arange(whole.sum())  # so many have been undone, and each made room for one more
        first = np.flatnonzero(whole) + before
        ids = np.repeat(ids, 1 + whole)
        ids[first], ids[first + 1] = merges[new - BYTES]
    return ids


def embed(ids, W_E):
    """The vector of each token: its row of the embedding matrix (Vaswani et al. 2017, section 3.4).

    ids int (...), W_E (V, d) -> (..., d)
    """
    return W_E[ids]


def unembed(X, W_U):
    """The scores of all tokens at each position: how well its vector agrees with theirs.

    X (..., d), W_U (d, V) -> (..., V)
    """
    return X @ W_U


def patches(images, p):
    """Images cut into squares of p by p pixels, each as one vector (Dosovitskiy et al. 2021, section 3.1).

    images (..., c, h, w), p int () -> (..., n, m)

    Squares come row after row. m is c p², the pixels of one colour after those of another. p divides h and w.
    """
    *batch, c, h, w = images.shape
    squares = images.reshape(*batch, c, h // p, p, w // p, p)
    squares = np.moveaxis(squares, (-4, -2), (-5, -4))  # (..., h / p, w / p, c, p, p)
    return squares.reshape(*batch, -1, c * p * p)
