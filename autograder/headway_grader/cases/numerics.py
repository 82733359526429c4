"""Cases of softmax and its kin, of the loss, and of the draw."""

from collections.abc import Iterator

import numpy as np
from headway.numerics import softmax as probabilities

from headway_grader.cases.groups import Inputs, in_float32


def softmax_inputs(rng, *, batch=(2,), n=7):
    return {"Z": _scores(rng, *batch, n)}


def softmax(rng) -> Iterator[Inputs]:
    yield from _rows(rng)
    yield from _extreme_rows(rng)
    yield from _careful_rows(rng)


def logsumexp_inputs(rng, *, batch=(2,), n=7, nothing=False):
    Z = _scores(rng, *batch, n)
    if nothing and batch:
        Z[..., ::2, :] = -np.inf  # an answer may well loop over rows of nothing
    return {"Z": Z}


def logsumexp(rng) -> Iterator[Inputs]:
    yield from _rows(rng)
    yield from _extreme_rows(rng)
    some = _scores(rng, 2, 3, 4)
    some -= some.max(axis=-1, keepdims=True)  # nothing to add back, for this group is about something else
    some[0, 1] = some[1, 2] = -np.inf
    yield Inputs("nothing", "rows-of-minus-infinity", {"Z": some})
    yield Inputs("nothing", "one-row-of-minus-infinity", {"Z": np.full(5, -np.inf)})
    yield from _careful_rows(rng)


def log_softmax_inputs(rng, *, batch=(2,), n=7, nothing=False):
    Z = _scores(rng, *batch, n)
    if nothing and batch and n > 1:
        Z[..., ::2, 0] = -np.inf  # an answer may well loop over rows with a class that cannot be
    return {"Z": Z}


def log_softmax(rng) -> Iterator[Inputs]:
    yield from _rows(rng)
    yield from _extreme_rows(rng)
    yield from _careful_rows(rng)


def cross_entropy_inputs(rng, *, batch=(4,), n=7, ignore=False):
    inputs = _classified(rng, *batch, n)
    inputs["targets"].flat[0] = 0 if ignore else -1
    return inputs | ({"ignore": 0} if ignore else {})


def cross_entropy(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "rows", _classified(rng, 4, 7))
    yield Inputs("typical", "sequences", _classified(rng, 2, 3, 5))
    yield Inputs("shapes", "one-row", _classified(rng, 1, 6))
    yield Inputs("shapes", "three-batch-axes", _classified(rng, 2, 3, 4, 6))
    yield Inputs("ones", "one-class", _classified(rng, 3, 1))
    yield Inputs("ones", "one-class-one-row", _classified(rng, 1, 1, 1))
    yield from _extreme_targets(rng)
    yield from _ignored_targets(rng)
    yield Inputs("nothing", "every-target-ignored", {"Z": _scores(rng, 3, 4), "targets": np.full(3, -1)})
    every = {"Z": _scores(rng, 2, 3, 5), "targets": np.full((2, 3), 4), "ignore": 4}
    yield Inputs("nothing", "every-target-the-ignored-class", every)
    yield Inputs("float32", "rows", in_float32(_classified(rng, 8, 7)))
    yield Inputs("float32", "sequences", in_float32(_classified(rng, 2, 3, 5)))
    yield Inputs("inputs-kept", "rows", _classified(rng, 4, 7))
    yield Inputs("inputs-kept", "ignored", cross_entropy_inputs(rng))


def sample_categorical_inputs(rng, *, batch=(12,), n=7):
    inputs = _draws(rng, *batch, n)
    if batch:
        inputs["u"][..., 0] = 1 - 1e-6  # the last class, so that whoever walks there takes n steps
    return inputs


def sample_categorical(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "rows", _draws(rng, 12, 7))
    yield Inputs("typical", "few-classes", _draws(rng, 8, 3))
    yield Inputs("shapes", "one-row", _draws(rng, 1, 6))
    yield Inputs("shapes", "two-batch-axes", _draws(rng, 4, 3, 5))
    yield Inputs("shapes", "three-batch-axes", _draws(rng, 2, 3, 4, 6))
    yield Inputs("ones", "one-class", _draws(rng, 3, 1))
    yield Inputs("ones", "one-class-one-row", _draws(rng, 1, 1, 1))
    yield from _extreme_draws(rng)
    yield Inputs("float32", "rows", in_float32(_draws(rng, 12, 7)))
    yield Inputs("float32", "two-batch-axes", in_float32(_draws(rng, 4, 3, 5)))
    yield Inputs("inputs-kept", "rows", _draws(rng, 12, 7))


def _scores(rng, *shape):
    return 3 * rng.normal(size=shape)


def _rows(rng) -> Iterator[Inputs]:
    """What softmax, logsumexp and log_softmax are all asked."""
    yield Inputs("typical", "matrix", {"Z": _scores(rng, 2, 7)})
    yield Inputs("typical", "tall-matrix", {"Z": _scores(rng, 5, 3)})
    yield Inputs("no-batch", "row", {"Z": _scores(rng, 5)})
    yield Inputs("shapes", "batch-of-one", {"Z": _scores(rng, 1, 6)})
    yield Inputs("shapes", "two-batch-axes", {"Z": _scores(rng, 2, 3, 5)})
    yield Inputs("shapes", "three-batch-axes", {"Z": _scores(rng, 2, 3, 4, 6)})
    yield Inputs("ones", "one-score", {"Z": _scores(rng, 3, 1)})
    yield Inputs("ones", "one-score-one-row", {"Z": _scores(rng, 1, 1, 1)})


def _careful_rows(rng) -> Iterator[Inputs]:
    yield Inputs("float32", "matrix", in_float32({"Z": _scores(rng, 2, 7)}))
    yield Inputs("float32", "two-batch-axes", in_float32({"Z": _scores(rng, 2, 3, 5)}))
    yield Inputs("inputs-kept", "matrix", {"Z": _scores(rng, 2, 7)})


def _extreme_rows(rng) -> Iterator[Inputs]:
    """Fixed numbers in a drawn order, for out here chance would decide how far honest answers round apart.

    They stay within 1000: the tolerance has room for scores that large to be rounded, not for larger ones.
    """
    close = np.array([2.0, 0.25, -3.0, -7.0])
    yield Inputs("extremes", "large", {"Z": rng.permuted([990 + close, 890 + close], axis=-1)})
    yield Inputs("extremes", "small", {"Z": rng.permuted([-990 + close, -890 + close], axis=-1)})
    yield Inputs(
        "extremes", "rows-far-apart", {"Z": rng.permuted([990 + close, close, -990 + close], axis=-1)}
    )
    yield Inputs(
        "extremes", "scores-far-apart", {"Z": rng.permuted([[1000.0, 0, -1000], [1, 0, -1000]], axis=-1)}
    )
    holes = [[2.0, 0.25, -np.inf, -3], [1.5, -np.inf, -np.inf, -np.inf]]
    yield Inputs("extremes", "minus-infinity", {"Z": rng.permuted(holes, axis=-1)})


def _classified(rng, *shape):
    """Scores of this shape, and a target for each row; where there are rows enough, every class is one."""
    *rows, n = shape
    targets = (rng.permutation(np.prod(rows, dtype=int)) + rng.integers(n)) % n
    return {"Z": _scores(rng, *shape), "targets": targets.reshape(rows)}


def _extreme_targets(rng) -> Iterator[Inputs]:
    order = rng.permutation(3)
    Z = np.array([990.0, 0, -990])[order]
    surprised = {"Z": np.stack([Z, Z, Z + 5, -Z]), "targets": np.array([*np.argsort(order), order.argmin()])}
    yield Inputs("extremes", "surprised", surprised)
    rows = np.array([[1000.0, 998.25], [-1000, 0.5], [-997, -1000]])
    yield Inputs("extremes", "rows-far-apart", {"Z": rows, "targets": np.array([1, 0, 1])})
    impossible = np.array([[2.0, -np.inf, 0.25], [-np.inf, -np.inf, 4], [0, 1, -np.inf]])
    yield Inputs("extremes", "minus-infinity", {"Z": impossible, "targets": np.array([2, 2, 0])})


def _ignored_targets(rng) -> Iterator[Inputs]:
    rows = _classified(rng, 6, 5)
    rows["targets"][rng.permutation(6)[:2]] = -1
    yield Inputs("ignored", "some-rows", rows)
    sequences = _classified(rng, 3, 4, 5)
    sequences["targets"][0, 1:] = sequences["targets"][1, 2] = -1  # 1, 3 and 4 are left
    yield Inputs("ignored", "sequences-of-different-length", sequences)
    padded = _classified(rng, 5, 4)
    padded["targets"][:3] = 3, 0, 2
    yield Inputs("ignored", "a-class", padded | {"ignore": 2})  # between others
    for name, number in (("minus-two", -2), ("minus-hundred", -100)):
        other = _classified(rng, 6, 5)
        other["targets"][[1, 4]] = number
        yield Inputs("ignored", name, other | {"ignore": number})


def _draws(rng, *shape):
    """Rows of probabilities, and a u for each, well inside a class, so that every class is drawn."""
    *rows, n = shape
    P = probabilities(rng.normal(size=shape))
    drawn = rng.permutation(np.prod(rows, dtype=int)).reshape(*rows, 1)
    share = np.take_along_axis(P, drawn % n, axis=-1)
    below = np.take_along_axis(P.cumsum(axis=-1), drawn % n, axis=-1) - share
    return {"P": P, "u": (below + np.where(drawn // n % 2 == drawn % 2, 0.3, 0.7) * share)[..., 0]}


def _extreme_draws(rng) -> Iterator[Inputs]:
    below_one = np.nextafter(1.0, 0)
    quarters = rng.permuted([0.125, 0.125, 0.25, 0.5])
    edges = np.array([0, *quarters.cumsum()[:-1], below_one])
    yield Inputs("extremes", "u-on-the-edge", {"P": np.tile(quarters, (5, 1)), "u": edges})
    tenths = rng.permuted([0.1, 0.2, 0.3, 0.4])
    near = np.outer(tenths.cumsum()[:-1], [1 - 1e-9, 1 + 1e-9]).ravel()  # nearer than float32 can tell
    yield Inputs("extremes", "u-near-the-edge", {"P": np.tile(tenths, (6, 1)), "u": near})
    gaps = np.array([0, 0.25, 0, 0.5, 0.25, 0])
    yield Inputs(
        "extremes",
        "classes-of-probability-0",
        {"P": np.tile(gaps, (4, 1)), "u": np.array([0, 0.25, 0.75, below_one])},
    )
    tenths = np.full((3, 10), 0.1)  # their cumulative sum ends below 1
    yield Inputs("extremes", "sum-below-1", {"P": tenths, "u": np.array([0.05, 0.95, below_one])})
    short = np.array([[0.25, 0.5, 0.25, 0], [0.5, 0.5, 0, 0], [0, 0, 1, 0]]) * (1 - 1e-7)
    yield Inputs("extremes", "sum-below-1-and-probability-0", {"P": short, "u": np.full(3, 1 - 1e-9)})
    below = np.array([0.25, 0.75, 0.5]) * (1 - 1.5e-7)  # above an edge only if divided by the sum
    yield Inputs("extremes", "sum-below-1-and-u-below-an-edge", {"P": short[[0, 0, 1]], "u": below})
