"""Search by meaning: a vector for each text, and the texts whose vectors point the same way."""

import numpy as np


def mean_pool(X, mask):
    """The mean of the states of a text (Reimers and Gurevych 2019, section 3), brought to length 1.

    X (..., T, d), mask bool (..., T) -> (..., d)

    mask is True at the words and False at the padding. A text without words gives zeros.
    """
    total = np.where(mask[..., None], X, 0).sum(axis=-2)  # as long as it is, it points where the mean does
    length = np.linalg.norm(total, axis=-1, keepdims=True)
    return total / np.where(length > 0, length, 1)


def nearest(Q, D, k):
    """Which k texts point most nearly where each query does, the nearest first.

    Q (..., d), D (n, d), k int () -> int (..., k)

    Rows of Q and D have length 1. Of several equally near, the first in D comes first. k is at most n.
    """
    return np.argsort(-(Q @ D.T), axis=-1, stable=True)[..., :k]
