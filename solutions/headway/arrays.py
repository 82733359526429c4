"""What one may ask a row of numbers, without a loop: which, how far, the same, around, since when."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def one_hot(ids, n):
    """A row for each id, with a 1 in the place that the id names and 0 elsewhere.

    ids int (...), n int () -> float (..., n)

    An id that is no class, such as -1, gives a row of zeros.
    """
    return (ids[..., None] == np.arange(n)).astype(float)


def outer_difference(x, y):
    """Every number of x less every number of y: where they are positions, how far y lies back.

    x (..., m), y (..., n) -> (..., m, n)
    """
    return x[..., :, None] - y[..., None, :]


def pairwise_equal(X, Y):
    """True where a row of X equals a row of Y in every entry: a matrix product that compares.

    X int (..., m, d), Y int (..., n, d) -> bool (..., m, n)
    """
    return (X[..., :, None, :] == Y[..., None, :, :]).all(axis=-1)  # (..., m, n, d) before the last step


def gather_last(A, index):
    """One entry of each row along the last axis: that which the row's index names.

    A (..., n), index int (...) -> (...)
    """
    return np.take_along_axis(A, index[..., None], axis=-1)[..., 0]


def window_mean(X, w):
    """The mean of a position and the w - 1 before it: attention of equal weights in a causal local window.

    X (..., T, d), w int () -> (..., T, d)

    w is at least 1. The first positions have fewer before them, and take the mean of those there are.
    """
    *batch, T, d = X.shape
    before = np.zeros((*batch, w - 1, d), X.dtype)
    windows = sliding_window_view(np.concatenate([before, X], axis=-2), w, axis=-2)  # (..., T, d, w)
    seen = np.minimum(np.arange(1, T + 1), w).astype(X.dtype)  # integers would make float64 of float32
    return windows.sum(axis=-1) / seen[:, None]


def run_lengths(x):
    """How many equal values in a row end at each position, itself included.

    x int (..., T) -> int (..., T)
    """
    t = np.arange(x.shape[-1])
    begins = np.concatenate([np.ones_like(x[..., :1], bool), x[..., 1:] != x[..., :-1]], axis=-1)
    return t + 1 - np.maximum.accumulate(np.where(begins, t, 0), axis=-1)
