"""Cases of the six questions to rows of numbers."""

from collections.abc import Iterator

import numpy as np

from headway_grader.cases.groups import Inputs, in_float32


def one_hot_inputs(rng, *, batch=(64,), n=7):  # more ids than classes, so that all of these occur
    return _ids(rng, *batch, n=n)


def one_hot(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "some-ids", _ids(rng, 5, n=7))
    yield Inputs("typical", "few-classes", _ids(rng, 8, n=3))
    yield Inputs("shapes", "two-batch-axes", _ids(rng, 3, 4, n=6))
    yield Inputs("shapes", "three-batch-axes", _ids(rng, 2, 4, 3, n=5))
    yield Inputs("ones", "one-id", {"ids": rng.integers(1, 3, size=1), "n": 4})  # neither end
    yield Inputs("ones", "one-class", {"ids": np.zeros(1, dtype=int), "n": 1})
    for name, number in (("minus-one", -1), ("the-first-too-large", 6)):
        yield Inputs("ignored", name, _with_strangers(rng, number))
    yield Inputs("inputs-kept", "some-ids", _with_strangers(rng, -1))


def outer_difference_inputs(rng, *, batch=(2,), m=5, n=7):
    return _two_rows(rng, *batch, m=m, n=n)


def outer_difference(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "two-rows", _two_rows(rng, m=5, n=7))
    yield Inputs("typical", "the-second-shorter", _two_rows(rng, m=6, n=4))
    yield Inputs("shapes", "batch", _two_rows(rng, 2, m=5, n=7))
    yield Inputs("shapes", "as-large-a-batch-as-a-row", _two_rows(rng, 3, m=3, n=3))
    yield Inputs("shapes", "two-batch-axes", _two_rows(rng, 2, 3, m=4, n=6))
    shared = _two_rows(rng, 3, m=4, n=5) | {"x": rng.normal(size=(2, 1, 4))}
    yield Inputs("shapes", "batch-axes-that-broadcast", shared)
    one = rng.normal(size=1)
    yield Inputs("ones", "one-number-each", {"x": one, "y": one + 1 + rng.random(1)})  # below zero
    yield Inputs("ones", "one-against-many", _two_rows(rng, m=1, n=6))
    yield Inputs("nothing", "none-against-some", _two_rows(rng, m=0, n=4))
    yield Inputs("nothing", "some-against-none", _two_rows(rng, m=3, n=0))
    yield Inputs("float32", "two-rows", in_float32(_two_rows(rng, m=5, n=7)))
    yield Inputs("float32", "the-second-shorter", in_float32(_two_rows(rng, m=6, n=4)))
    yield Inputs("inputs-kept", "two-rows", _two_rows(rng, m=5, n=7))


def pairwise_equal_inputs(rng, *, batch=(2,), m=4, n=5, d=3):
    return {"X": rng.integers(2, size=(*batch, m, d)), "Y": rng.integers(2, size=(*batch, n, d))}


def pairwise_equal(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "rows", _alike(rng, y=6))
    yield Inputs("typical", "few-against-many", _alike(rng, y=2))
    yield Inputs("shapes", "batch", _alike(rng, 2, y=6))
    yield Inputs("shapes", "two-batch-axes", _alike(rng, 2, 4, y=6))
    several = _alike(rng, 2, y=6)
    yield Inputs("shapes", "one-set-for-a-batch", several | {"Y": several["Y"][0]})
    yield Inputs("ones", "rows-of-one-entry", {"X": rng.permutation(6)[:4, None], "Y": np.arange(6)[:, None]})
    yield Inputs("ones", "one-row-with-itself", {"X": np.full((1, 1), 3), "Y": np.full((1, 1), 3)})
    rows = _alike(rng, y=6)
    with_zeros = np.concatenate([rows["X"], np.zeros((1, 3), dtype=int)])
    yield Inputs("extremes", "a-row-of-zeros", rows | {"X": with_zeros})
    large = {name: rows + 2**60 for name, rows in _alike(rng, y=6).items()}
    yield Inputs("extremes", "large-numbers", large)
    yield Inputs("inputs-kept", "rows", _alike(rng, y=6))


def gather_last_inputs(rng, *, batch=(4,), n=7):
    return _indexed(rng, *batch, n)


def gather_last(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "rows", _indexed(rng, 4, 7))
    yield Inputs("typical", "tall", _indexed(rng, 9, 5))
    yield Inputs("shapes", "one-row", _indexed(rng, 1, 6))
    yield Inputs("shapes", "two-batch-axes", _indexed(rng, 2, 4, 5))
    yield Inputs("shapes", "three-batch-axes", _indexed(rng, 2, 4, 3, 6))
    yield Inputs("ones", "one-entry-one-row", _indexed(rng, 1, 1))
    yield Inputs("ones", "one-entry-everywhere", {"A": np.full((3, 1), 2.5), "index": np.zeros(3, dtype=int)})
    yield Inputs("extremes", "minus-infinity-elsewhere", _all_but_one_impossible(rng))
    yield Inputs("float32", "rows", in_float32(_indexed(rng, 4, 7)))
    yield Inputs("float32", "tall", in_float32(_indexed(rng, 9, 5)))
    yield Inputs("inputs-kept", "rows", _indexed(rng, 4, 7))


def window_mean_inputs(rng, *, batch=(2,), T=40, d=4, w=3):
    return _windowed(rng, *batch, T, d, w=w)


def window_mean(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "windows-of-three", _windowed(rng, 2, 6, 4, w=3))
    yield Inputs("typical", "windows-of-two", _windowed(rng, 3, 7, 5, w=2))
    yield Inputs("no-batch", "one-sequence", _windowed(rng, 8, 3, w=4))
    yield Inputs("shapes", "batch-of-one", _windowed(rng, 1, 7, 4, w=3))
    yield Inputs("shapes", "two-batch-axes", _windowed(rng, 2, 3, 7, 5, w=4))
    yield Inputs("shapes", "one-number-for-each", _windowed(rng, 2, 6, 1, w=3))
    yield Inputs("ones", "one-position", _windowed(rng, 2, 1, 4, w=1))
    yield Inputs("ones", "ones-everywhere", _windowed(rng, 1, 1, 1, w=1))
    yield Inputs("extremes", "as-long-as-the-sequence", _windowed(rng, 2, 5, 3, w=5))
    yield Inputs("extremes", "longer", _windowed(rng, 2, 4, 3, w=9))
    yield Inputs("float32", "windows-of-three", in_float32(_windowed(rng, 2, 6, 4, w=3)))
    yield Inputs("float32", "longer", in_float32(_windowed(rng, 2, 4, 3, w=9)))
    yield Inputs("inputs-kept", "windows-of-three", _windowed(rng, 2, 6, 4, w=3))


def run_lengths_inputs(rng, *, batch=(2,), T=7):
    x = rng.integers(2, size=(*batch, T))
    x[..., : T // 2] = x[..., :1]  # a run that grows with T, as it may take a step for each of its positions
    return {"x": x}


def run_lengths(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "rows", {"x": _runs(rng, 2)})
    more = _runs(rng, 4)
    more[2] = more[1]  # so that there are runs along the first axis, too
    yield Inputs("typical", "more-rows", {"x": more})
    yield Inputs("no-batch", "one-row", {"x": _runs(rng)})
    yield Inputs("shapes", "two-batch-axes", {"x": _runs(rng, 2, 3)})
    joined = _runs(rng, 3)
    joined[1:, 0] = joined[:-1, -1] = joined[1:, 1]
    yield Inputs("shapes", "a-row-begins-as-the-one-before-ends", {"x": joined})
    yield Inputs("ones", "one-position", {"x": rng.permutation(9)[:3, None]})
    yield Inputs("ones", "ones-everywhere", {"x": rng.integers(9, size=(1, 1, 1))})
    yield Inputs("extremes", "one-long-run", {"x": np.full((1, 12), rng.integers(1, 9))})
    yield Inputs("extremes", "no-two-alike", {"x": rng.permutation(9)})
    yield Inputs("extremes", "large-numbers", {"x": _runs(rng, 2) + 2**53})
    yield Inputs("inputs-kept", "rows", {"x": _runs(rng, 2)})


def _ids(rng, *shape, n):
    """Ids of n classes, two of them different wherever there are two."""
    places = np.prod(shape, dtype=int)
    return {"ids": ((rng.permutation(places) + rng.integers(n)) % n).reshape(shape), "n": n}


def _with_strangers(rng, number):
    """Ids of six classes, two of which are this number instead."""
    ids = rng.integers(6, size=8)
    ids[rng.permutation(8)[:2]] = number
    return {"ids": ids, "n": 6}


def _two_rows(rng, *batch, m, n):
    return {"x": 3 * rng.normal(size=(*batch, m)), "y": 3 * rng.normal(size=(*batch, n))}


def _alike(rng, *batch, y):
    """Five rows X, each like another in all but one way, and y of the same as Y.

    They share first entries, entries in another order, sums; every row has its equal in Y if y is 5 or more.
    """
    numbers = np.broadcast_to(np.arange(10, 100, 10), (*batch, 9))
    a, b, c, d = np.moveaxis(rng.permuted(numbers, axis=-1), -1, 0)[:4]
    rows = [[a, b, c], [a, c, b], [a, b, d], [d, b, c], [a, b + 1, c - 1]]
    pool = np.moveaxis(np.array(rows), (0, 1), (-2, -1))  # (..., 5, 3)
    return {"X": pool[..., rng.permutation(5), :], "Y": pool[..., rng.permutation(np.arange(y) % 5), :]}


def _indexed(rng, *shape):
    """Rows of numbers, and an index for each; among four rows or more no index is that of all."""
    *rows, n = shape
    places = np.prod(rows, dtype=int)
    return {"A": 3 * rng.normal(size=shape), "index": (rng.permutation(places) % n).reshape(rows)}


def _all_but_one_impossible(rng):
    inputs = _indexed(rng, 5, 4)
    A = np.full((5, 4), -np.inf)
    A[np.arange(5), inputs["index"]] = -2 * rng.random(5)
    return inputs | {"A": A}


def _windowed(rng, *shape, w):
    return {"X": rng.normal(size=shape), "w": w}


def _runs(rng, *batch):
    """Rows of nine numbers: four runs in a drawn order of lengths, of which two have the same value.

    The first run is not the one of length 1. No two rows have a value in common.
    """
    rows = np.prod(batch, dtype=int)
    values = rng.permutation(3 * rows).reshape(rows, 3)[:, [0, 1, 0, 2]]
    lengths = np.insert(rng.permutation([3, 2, 3]), rng.integers(1, 4), 1)
    return np.repeat(values, lengths, axis=-1).reshape(*batch, 9)
