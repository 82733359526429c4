"""Six questions to rows of numbers: wrong as people get them wrong, and right in other styles."""

import numpy as np
from headway.arrays import one_hot, outer_difference, pairwise_equal

from headway_grader.wrong.tags import honest, mistake


@mistake(of="one_hot", says="by indexing with the ids: -1 counts from the end, so it is the last class")
def one_hot_minus_one_is_the_last(ids, n):
    return np.eye(n)[ids]


@mistake(of="one_hot", says="by cutting off ids that are too small or too large: -1 becomes class 0")
def one_hot_clipped(ids, n):
    return np.eye(n)[ids.clip(0, n - 1)]


@mistake(of="one_hot", says="by dividing ids by n and taking the rest: every id becomes some class")
def one_hot_the_rest(ids, n):
    return (ids[..., None] % n == np.arange(n)).astype(float)


@mistake(of="one_hot", says="by setting the places of all ids in every row, instead of each in its own")
def one_hot_every_id_in_every_row(ids, n):
    E = np.zeros((*ids.shape, n))
    E[..., ids[(ids >= 0) & (ids < n)]] = 1
    return E


@mistake(of="one_hot", says="by overwriting the ids that are no class, which changes the caller's array")
def one_hot_in_place(ids, n):
    ids[(ids < 0) | (ids >= n)] = n
    return np.eye(n + 1)[ids][..., :n]


@honest(of="one_hot")
def one_hot_from_an_identity_with_a_row_of_zeros(ids, n):
    rows = np.vstack([np.eye(n), np.zeros(n)])
    return rows[np.where((ids >= 0) & (ids < n), ids, n)]


@honest(of="one_hot")
def one_hot_put_in_place(ids, n):
    E = np.zeros((*ids.shape, n))
    known = (ids >= 0) & (ids < n)
    E[(*np.nonzero(known), ids[known])] = 1.0
    return E


@honest(of="one_hot")
def one_hot_where_the_distance_is_zero(ids, n):
    return np.where(np.subtract.outer(ids, np.arange(n)) == 0, 1.0, 0.0)


@mistake(of="outer_difference", says="by taking x from y, instead of y from x")
def outer_difference_the_other_way(x, y):
    return y[..., None, :] - x[..., :, None]


@mistake(of="outer_difference", says="by taking the distance, which does not tell before from after")
def outer_difference_distance(x, y):
    return abs(x[..., :, None] - y[..., None, :])


@mistake(
    of="outer_difference",
    says="by giving y no new axis: in a batch, the rows of y then meet the numbers of x",
)
def outer_difference_y_as_it_is(x, y):
    return x[..., None] - y


@mistake(of="outer_difference", says="by counting axes from the front, where the batch axes are")
def outer_difference_axes_from_the_front(x, y):
    return (x[:, None] - y[None]) if x.ndim == y.ndim == 2 else x[..., :, None] - y[..., None, :]


@mistake(of="outer_difference", says="by computing in float64 whatever comes in")
def outer_difference_in_float64(x, y):
    return x.astype(np.float64)[..., :, None] - y[..., None, :]


@mistake(of="outer_difference", says="by negating y in place, which changes the caller's array")
def outer_difference_in_place(x, y):
    y *= -1
    return x[..., :, None] + y[..., None, :]


@honest(of="outer_difference")
def outer_difference_with_expanded_axes(x, y):
    return np.subtract(np.expand_dims(x, -1), np.expand_dims(y, -2))


@honest(of="outer_difference")
def outer_difference_by_reshape(x, y):
    column = x.reshape(*x.shape, 1)
    row = y.reshape(*y.shape[:-1], 1, y.shape[-1])
    return column - row


@mistake(of="pairwise_equal", says="by asking whether any entry is equal instead of all")
def pairwise_equal_in_any_entry(X, Y):
    return (X[..., :, None, :] == Y[..., None, :, :]).any(axis=-1)


@mistake(of="pairwise_equal", says="by comparing the first entries only")
def pairwise_equal_first_entry(X, Y):
    return X[..., :, None, 0] == Y[..., None, :, 0]


@mistake(of="pairwise_equal", says="by comparing the sums of the rows, which different rows may share")
def pairwise_equal_sums(X, Y):
    return X.sum(axis=-1)[..., :, None] == Y.sum(axis=-1)[..., None, :]


@mistake(of="pairwise_equal", says="by comparing sorted rows, so that the order of entries is lost")
def pairwise_equal_sorted(X, Y):
    X, Y = np.sort(X, axis=-1), np.sort(Y, axis=-1)
    return (X[..., :, None, :] == Y[..., None, :, :]).all(axis=-1)


@mistake(of="pairwise_equal", says="by comparing as floats, which are too coarse for large whole numbers")
def pairwise_equal_as_floats(X, Y):
    return (X[..., :, None, :].astype(float) == Y[..., None, :, :].astype(float)).all(axis=-1)


@mistake(of="pairwise_equal", says="by shifting the numbers in place, which changes the caller's array")
def pairwise_equal_in_place(X, Y):
    lowest = min(X.min(), Y.min())
    X -= lowest
    Y -= lowest
    return (X[..., :, None, :] == Y[..., None, :, :]).all(axis=-1)


@honest(of="pairwise_equal")
def pairwise_equal_by_counting(X, Y):
    agree = np.expand_dims(X, -2) == np.expand_dims(Y, -3)
    return np.count_nonzero(agree, axis=-1) == X.shape[-1]


@honest(of="pairwise_equal")
def pairwise_equal_without_a_difference(X, Y):
    apart = np.bitwise_xor(X[..., :, None, :], Y[..., None, :, :])
    return ~np.any(apart, axis=-1)


@mistake(of="gather_last", says="by np.take without an axis, which counts through the whole array")
def gather_last_from_the_flat_array(A, index):
    return np.take(A, index)


@mistake(of="gather_last", says="by taking the largest entry of each row, whatever the index")
def gather_last_largest(A, index):
    return A.max(axis=-1)


@mistake(of="gather_last", says="by counting from 1")
def gather_last_from_one(A, index):
    return np.take_along_axis(A, index[..., None] - 1, axis=-1)[..., 0]


@mistake(of="gather_last", says="by taking the same column of every row, that of the first index")
def gather_last_one_column(A, index):
    return A[..., index.flat[0]]


@mistake(of="gather_last", says="by multiplying with one-hot rows, since 0 times -inf is nan")
def gather_last_times_one_hot(A, index):
    return (A * one_hot(index, A.shape[-1]).astype(A.dtype)).sum(axis=-1)


@mistake(of="gather_last", says="by writing the entries into zeros of float64, whatever comes in")
def gather_last_into_float64(A, index):
    picked = np.zeros(index.shape)
    picked[...] = np.take_along_axis(A, index[..., None], axis=-1)[..., 0]
    return picked


@mistake(of="gather_last", says="by counting on in the index itself, which changes the caller's array")
def gather_last_in_place(A, index):
    index += A.shape[-1] * np.arange(index.size).reshape(index.shape)
    return A.ravel()[index]


@honest(of="gather_last")
def gather_last_in_flat_rows(A, index):
    rows = A.reshape(-1, A.shape[-1])
    return rows[np.arange(index.size), index.ravel()].reshape(index.shape)


@honest(of="gather_last")
def gather_last_on_a_grid(A, index):
    return A[(*np.indices(index.shape, sparse=True), index)]


@mistake(
    of="window_mean", says="by dividing by w everywhere: the first positions have fewer than w to share out"
)
def window_mean_zeros_before_the_start(X, w):
    before = np.zeros((*X.shape[:-2], w - 1, X.shape[-1]), X.dtype)
    windows = np.lib.stride_tricks.sliding_window_view(np.concatenate([before, X], axis=-2), w, axis=-2)
    return windows.sum(axis=-1) / w


@mistake(of="window_mean", says="by repeating the first position before the start")
def window_mean_first_repeated(X, w):
    before = np.repeat(X[..., :1, :], w - 1, axis=-2)
    windows = np.lib.stride_tricks.sliding_window_view(np.concatenate([before, X], axis=-2), w, axis=-2)
    return windows.sum(axis=-1) / w


@mistake(of="window_mean", says="by looking at the positions that follow instead of those before")
def window_mean_of_what_follows(X, w):
    steps = outer_difference(np.arange(X.shape[-2]), np.arange(X.shape[-2]))
    near = ((steps <= 0) & (steps > -w)).astype(X.dtype)
    return near / near.sum(axis=-1, keepdims=True) @ X


@mistake(of="window_mean", says="by taking windows one position too long, with w positions before each")
def window_mean_one_too_many(X, w):
    steps = outer_difference(np.arange(X.shape[-2]), np.arange(X.shape[-2]))
    near = ((steps >= 0) & (steps <= w)).astype(X.dtype)
    return near / near.sum(axis=-1, keepdims=True) @ X


@mistake(of="window_mean", says="by taking the mean of all positions so far, however short the window")
def window_mean_of_all_so_far(X, w):
    seen = np.arange(1, X.shape[-2] + 1).astype(X.dtype)
    return X.cumsum(axis=-2) / seen[:, None]


@mistake(of="window_mean", says="by going along the last axis, that is across the entries of a position")
def window_mean_across_the_entries(X, w):
    X = X.mT
    steps = outer_difference(np.arange(X.shape[-2]), np.arange(X.shape[-2]))
    near = ((steps >= 0) & (steps < w)).astype(X.dtype)
    return (near / near.sum(axis=-1, keepdims=True) @ X).mT


@mistake(of="window_mean", says="by dividing by integers of numpy's, which makes float64 of float32")
def window_mean_in_float64(X, w):
    before = np.zeros((*X.shape[:-2], w - 1, X.shape[-1]), X.dtype)
    windows = np.lib.stride_tricks.sliding_window_view(np.concatenate([before, X], axis=-2), w, axis=-2)
    return windows.sum(axis=-1) / np.minimum(np.arange(1, X.shape[-2] + 1), w)[:, None]


@mistake(of="window_mean", says="by adding up in place, which changes the caller's array")
def window_mean_in_place(X, w):
    T = X.shape[-2]
    np.cumsum(X, axis=-2, out=X)
    sums = X.copy()
    sums[..., w:, :] -= X[..., : max(T - w, 0), :]
    return sums / np.minimum(np.arange(1, T + 1), w).astype(X.dtype)[:, None]


@honest(of="window_mean")
def window_mean_of_cumulative_sums(X, w):
    T = X.shape[-2]
    total = np.concatenate([np.zeros_like(X[..., :1, :]), X.cumsum(axis=-2)], axis=-2)
    last = np.arange(1, T + 1)
    first = np.maximum(last - w, 0)
    return (total[..., last, :] - total[..., first, :]) / (last - first).astype(X.dtype)[:, None]


@honest(of="window_mean")
def window_mean_as_attention(X, w):
    steps = outer_difference(np.arange(X.shape[-2]), np.arange(X.shape[-2]))
    near = ((steps >= 0) & (steps < w)).astype(X.dtype)
    return near / near.sum(axis=-1, keepdims=True) @ X


@mistake(of="run_lengths", says="by giving each position the length of its whole run, not that up to it")
def run_lengths_of_the_whole_run(x):
    begins = np.concatenate([np.ones_like(x[..., :1], bool), x[..., 1:] != x[..., :-1]], axis=-1)
    runs = begins.cumsum(axis=-1)[..., None]
    return pairwise_equal(runs, runs).sum(axis=-1)


@mistake(of="run_lengths", says="by counting every equal value so far, in a row or not")
def run_lengths_of_all_equal(x):
    so_far = np.tri(x.shape[-1], dtype=bool)
    return (pairwise_equal(x[..., None], x[..., None]) & so_far).sum(axis=-1)


@mistake(of="run_lengths", says="by numbering the runs instead of measuring them")
def run_lengths_numbers(x):
    begins = np.concatenate([np.ones_like(x[..., :1], bool), x[..., 1:] != x[..., :-1]], axis=-1)
    return begins.cumsum(axis=-1)


@mistake(of="run_lengths", says="by never starting again: all repetitions so far are counted")
def run_lengths_without_starting_again(x):
    goes_on = np.concatenate([np.ones_like(x[..., :1], bool), x[..., 1:] == x[..., :-1]], axis=-1)
    return goes_on.cumsum(axis=-1)


@mistake(of="run_lengths", says="by counting from the end: how many equal values begin at a position")
def run_lengths_from_the_end(x):
    x = x[..., ::-1]
    t = np.arange(x.shape[-1])
    begins = np.concatenate([np.ones_like(x[..., :1], bool), x[..., 1:] != x[..., :-1]], axis=-1)
    return (t + 1 - np.maximum.accumulate(np.where(begins, t, 0), axis=-1))[..., ::-1]


@mistake(of="run_lengths", says="by reading the batch as one long row, so that runs go on into the next row")
def run_lengths_of_one_long_row(x):
    row = x.ravel()
    t = np.arange(row.size)
    begins = np.concatenate([np.ones_like(row[:1], bool), row[1:] != row[:-1]])
    return (t + 1 - np.maximum.accumulate(np.where(begins, t, 0))).reshape(x.shape)


@mistake(of="run_lengths", says="by going along the first axis instead of the last")
def run_lengths_along_the_first_axis(x):
    x = np.moveaxis(x, 0, -1)
    t = np.arange(x.shape[-1])
    begins = np.concatenate([np.ones_like(x[..., :1], bool), x[..., 1:] != x[..., :-1]], axis=-1)
    return np.moveaxis(t + 1 - np.maximum.accumulate(np.where(begins, t, 0), axis=-1), -1, 0)


@mistake(of="run_lengths", says="by taking differences in place, which changes the caller's array")
def run_lengths_in_place(x):
    x[..., 1:] -= x[..., :-1].copy()
    x[..., 0] = 1
    t = np.arange(x.shape[-1])
    return t + 1 - np.maximum.accumulate(np.where(x != 0, t, 0), axis=-1)


@honest(of="run_lengths")
def run_lengths_by_starting_the_count_again(x):
    goes_on = np.zeros(x.shape, dtype=int)
    goes_on[..., 1:] = x[..., 1:] == x[..., :-1]
    count = goes_on.cumsum(axis=-1)
    at_begin = np.maximum.accumulate(np.where(goes_on == 0, count, 0), axis=-1)
    return count - at_begin + 1


@honest(of="run_lengths")
def run_lengths_since_the_last_change(x):
    places = np.broadcast_to(np.arange(1, x.shape[-1] + 1), x.shape)
    same = np.zeros(x.shape, dtype=bool)
    same[..., 1:] = np.equal(x[..., 1:], x[..., :-1])
    return places - np.fmax.accumulate(places * ~same, axis=-1) + 1
