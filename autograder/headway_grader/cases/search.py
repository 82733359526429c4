"""Cases of search: texts as vectors of length 1, and the nearest of them."""

from collections.abc import Iterator

import numpy as np

from headway_grader.cases.groups import Inputs, in_float32


def mean_pool_inputs(rng, *, batch=(2,), T=5, d=7):
    return {"X": 3 * rng.normal(size=(*batch, T, d)), "mask": _words(rng, *batch, T=T)}


def mean_pool(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "texts", mean_pool_inputs(rng, batch=(3,)))
    yield Inputs("typical", "longer-texts", mean_pool_inputs(rng, batch=(4,), T=9, d=6))
    yield Inputs("no-batch", "one-text", mean_pool_inputs(rng, batch=()))
    yield Inputs("shapes", "two-batch-axes", mean_pool_inputs(rng, batch=(2, 3), T=4))
    yield Inputs("shapes", "words-anywhere", _with_holes(rng))
    one = {"X": rng.permutation(np.eye(4))[:3, None], "mask": np.ones((3, 1), dtype=bool)}
    yield Inputs("ones", "one-word-of-length-1", one)
    small = mean_pool_inputs(rng, batch=(3,))
    yield Inputs("extremes", "small-numbers", small | {"X": 1e-3 * small["X"]})
    large = mean_pool_inputs(rng, batch=(3,))
    large["X"] = np.where(large["mask"][..., None], large["X"], 1e6)
    yield Inputs("extremes", "large-numbers-under-the-padding", large)
    empty = mean_pool_inputs(rng, batch=(3,))
    empty["mask"][1] = False
    yield Inputs("nothing", "one-of-three", empty)
    yield Inputs("nothing", "every-text", {"X": rng.normal(size=(2, 5, 7)), "mask": np.zeros((2, 5), bool)})
    yield Inputs("float32", "texts", in_float32(mean_pool_inputs(rng, batch=(3,))))
    yield Inputs("inputs-kept", "texts", mean_pool_inputs(rng, batch=(3,)))


def nearest_inputs(rng, *, batch=(3,), n=8, d=5, k=4):
    return {"Q": _unit(rng, *batch, d=d), "D": _unit(rng, max(n, k), d=d), "k": k}


def nearest(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "queries", nearest_inputs(rng))
    yield Inputs("typical", "two-of-many", nearest_inputs(rng, batch=(4,), n=30, d=6, k=2))
    yield Inputs("no-batch", "one-query", nearest_inputs(rng, batch=()))
    yield Inputs("shapes", "two-batch-axes", nearest_inputs(rng, batch=(2, 3), n=9, k=5))
    yield Inputs("shapes", "all-of-them", nearest_inputs(rng, n=6, k=6))
    yield Inputs("ones", "the-only-one", nearest_inputs(rng, n=1, k=1))
    yield Inputs("extremes", "several-equally-near", _with_equals(rng))
    yield Inputs("float32", "queries", in_float32(nearest_inputs(rng)))
    yield Inputs("inputs-kept", "queries", nearest_inputs(rng))


def _words(rng, *rows, T):
    """Masks of texts whose words come first: at least one, and in the first text some padding."""
    lengths = rng.integers(1, T + 1, size=rows)
    if rows:
        lengths.flat[0] = max(T - 2, 1)
    return np.arange(T) < (lengths[..., None] if rows else max(T - 2, 1))


def _with_holes(rng):
    inputs = mean_pool_inputs(rng, batch=(3,), T=6)
    inputs["mask"] = rng.permuted(np.tile([True, False, True, False, True, True], (3, 1)), axis=-1)
    inputs["mask"][0] = [False, True, False, True, True, False]
    return inputs


def _unit(rng, *rows, d):
    X = rng.normal(size=(*rows, d))
    return X / np.linalg.norm(X, axis=-1, keepdims=True)


def _with_equals(rng):
    """Texts and queries along the axes, whose products are exact: 1, 0 and -1, each more than once."""
    axes = np.concatenate([np.eye(3), np.eye(3), -np.eye(3)])
    return {"Q": np.eye(3)[[1, 0]], "D": rng.permutation(axes), "k": 7}
