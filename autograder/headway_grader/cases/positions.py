"""Cases of positions: added, turned in, and taken off."""

from collections.abc import Iterator

import numpy as np

from headway_grader.cases.groups import Inputs, in_float32


def sinusoidal_positions_inputs(rng, *, T=7, d=6):
    return {"T": T, "d": d + d % 2}


def sinusoidal_positions(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "wide", {"T": rng.integers(5, 9), "d": 10})
    yield Inputs("typical", "long", {"T": rng.integers(10, 30), "d": 6})
    yield Inputs("shapes", "very-wide", {"T": 3, "d": 64})
    yield Inputs("shapes", "very-long", {"T": 200, "d": 8})
    yield Inputs("ones", "one-position", {"T": 1, "d": 6})
    yield Inputs("ones", "one-hand", {"T": 4, "d": 2})
    yield Inputs("nothing", "no-position", {"T": 0, "d": 4})


def rotary_inputs(rng, *, batch=(2,), T=5, d=6):
    return {"X": rng.normal(size=(*batch, T, d + d % 2))}


def rotary(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "heads", rotary_inputs(rng))
    yield Inputs("typical", "longer", rotary_inputs(rng, batch=(3,), T=9, d=4))
    yield Inputs("no-batch", "one-head", rotary_inputs(rng, batch=()))
    yield Inputs("shapes", "two-batch-axes", rotary_inputs(rng, batch=(2, 3), T=4, d=8))
    yield Inputs("shapes", "one-hand", rotary_inputs(rng, batch=(1,), T=6, d=2))
    yield Inputs("ones", "one-position", rotary_inputs(rng, T=1))
    yield Inputs("extremes", "far-out", rotary_inputs(rng, batch=(1,), T=300, d=4))
    yield Inputs("float32", "heads", in_float32(rotary_inputs(rng)))
    yield Inputs("float32", "far-out", in_float32(_far_out(rng)))
    yield Inputs("inputs-kept", "heads", rotary_inputs(rng))


def rotary_at_inputs(rng, *, batch=(2,), T=5, d=6, base=False):
    inputs = _placed(rng, *batch, T, d + d % 2)
    return inputs | ({"base": 500} if base else {})


def rotary_at(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "drawn", _placed(rng, 2, 5, 6))
    yield Inputs("typical", "for-all-texts", _placed(rng, 3, 9, 4) | {"t": rng.permutation(9) + 20})
    yield Inputs("no-batch", "behind-others", _placed(rng, 7, 6) | {"t": np.arange(7) + rng.integers(3, 9)})
    yield Inputs("shapes", "two-batch-axes", _placed(rng, 2, 3, 4, 8))
    yield Inputs("shapes", "for-all-heads", _placed(rng, 2, 3, 4, 6) | {"t": rng.integers(1, 40, (2, 1, 4))})
    yield Inputs("shapes", "one-position-far-in", _placed(rng, 2, 1, 6))
    yield Inputs("shapes", "one-hand", _placed(rng, 3, 6, 2))
    yield Inputs("ones", "the-first-position", _placed(rng, 3, 1, 2) | {"t": np.zeros((3, 1), int)})
    yield Inputs("extremes", "far-out", _placed(rng, 1, 8, 4) | {"t": rng.integers(500, 2000, (1, 8))})
    yield Inputs("extremes", "backwards", _placed(rng, 2, 6, 4) | {"t": np.arange(6)[::-1] - 2})
    yield Inputs("base", "fast", _placed(rng, 2, 5, 6) | {"base": 100})
    yield Inputs("base", "slow", _placed(rng, 3, 4, 8) | {"base": 500_000.0})
    yield Inputs("float32", "drawn", in_float32(_placed(rng, 2, 5, 6)))
    far = {"X": rng.choice([-1.0, 1.0], size=(64, 18)), "t": 11_400 + np.arange(64)}
    yield Inputs("float32", "far-out", in_float32(far))
    yield Inputs("inputs-kept", "drawn", _placed(rng, 2, 5, 6))


def _placed(rng, *shape):
    """Vectors and a position for each, none of which is 0."""
    return {"X": rng.normal(size=shape), "t": rng.integers(1, 40, size=shape[:-1])}


def _far_out(rng):
    """Zeros, and then positions so far out that an angle rounded to float32 is seen to be off.

    Components are 1 and -1, so that the tolerance is not wider for one than for another. Of the widths that
    take an angle there, 18 makes the smallest array.
    """
    X = np.zeros((11_500, 18))
    X[-64:] = rng.choice([-1.0, 1.0], size=(64, 18))
    return {"X": X}


def alibi_bias_inputs(rng, *, T=5, H=4):
    return {"T": T, "H": H}


def alibi_bias(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "four-heads", {"T": rng.integers(5, 9), "H": 4})
    yield Inputs("typical", "two-heads", {"T": rng.integers(10, 20), "H": 2})
    yield Inputs("shapes", "a-number-of-heads-that-is-no-power-of-two", {"T": 4, "H": 3})
    yield Inputs("shapes", "one-head", {"T": 6, "H": 1})
    yield Inputs("ones", "one-position", {"T": 1, "H": 3})
    yield Inputs("extremes", "eight-heads", {"T": 40, "H": 8})


def relative_buckets_inputs(rng, *, batch=(7,), n=8, back_only=False):
    n += -n % 4  # both sides have buckets of their own, near and far
    inputs = {"steps": rng.integers(-5 * n, 5 * n, size=batch), "n": n, "span": 4 * n}
    return inputs | ({"back_only": True} if back_only else {})


def relative_buckets(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "as-in-T5", _steps(rng, 32, 128))
    yield Inputs("typical", "few-buckets", _steps(rng, 8, 25))
    yield Inputs("shapes", "two-axes", _steps(rng, 12, 23, shape=(5, 9)))
    yield Inputs("shapes", "three-axes", _steps(rng, 16, 53, shape=(3, 5, 7)))
    yield Inputs("shapes", "four-buckets", _steps(rng, 4, 9))
    yield Inputs("ones", "no-step", {"steps": np.zeros(1, dtype=int), "n": 4, "span": 9})
    yield Inputs("one-way", "as-in-T5", _steps(rng, 32, 128) | {"back_only": True})
    yield Inputs("one-way", "few-buckets", _steps(rng, 8, 25) | {"back_only": True})
    yield Inputs("extremes", "far-beyond-the-span", _far_steps(rng))
    yield Inputs("inputs-kept", "as-in-T5", _steps(rng, 32, 128))


def relative_bias_inputs(rng, *, n=8, H=3, Tq=5, Tk=7, back_only=False):
    n += -n % 4
    inputs = {
        "table": rng.normal(size=(n, H)),
        "queries": np.arange(Tq),
        "keys": np.arange(Tk),
        "span": 4 * n,
    }
    return inputs | ({"back_only": True} if back_only else {})


def relative_bias(rng) -> Iterator[Inputs]:
    table = rng.normal(size=(32, 3))
    yield Inputs("typical", "short-texts", {"table": table, "queries": np.arange(5), "keys": np.arange(7)})
    longer = {"queries": np.arange(40), "keys": np.arange(30)}
    yield Inputs("typical", "longer-texts", {"table": rng.normal(size=(16, 2))} | longer)
    far = {"queries": np.arange(2), "keys": np.arange(100)}
    yield Inputs("typical", "keys-far-ahead", {"table": rng.normal(size=(32, 3))} | far)
    yield Inputs("shapes", "a-short-span", {"table": rng.normal(size=(12, 5)), "span": 20} | longer)
    later = {"queries": np.arange(20, 23), "keys": np.arange(23)}
    yield Inputs("shapes", "later-queries", {"table": rng.normal(size=(8, 4)), "span": 20} | later)
    yield Inputs("ones", "one-position", {"table": table, "queries": np.arange(1), "keys": np.arange(1)})
    one_way = {"table": rng.normal(size=(8, 3)), "queries": np.arange(14), "keys": np.arange(14)}
    yield Inputs("one-way", "as-a-decoder-has-it", one_way | {"span": 12, "back_only": True})
    yield Inputs("float32", "longer-texts", in_float32({"table": table} | longer))
    yield Inputs("inputs-kept", "later-queries", {"table": rng.normal(size=(8, 4)), "span": 20} | later)


def disentangled_scores_inputs(rng, *, batch=(2,), T=5, d=7, m=6):
    inputs = _disentangled(rng, *batch, T=T, d=d, m=m)
    return {name: a.round() if name != "index" else a for name, a in inputs.items()}  # kept in little room


def disentangled_scores(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "heads", _disentangled(rng, 2))
    yield Inputs("typical", "more-positions-than-components", _disentangled(rng, 3, T=6, d=4, m=9))
    yield Inputs("no-batch", "one-head", _disentangled(rng))
    yield Inputs("shapes", "two-batch-axes", _disentangled(rng, 2, 3, T=4, d=5, m=8))
    shared = _disentangled(rng, 2, 3) | {name: rng.normal(size=(3, 6, 7)) for name in ("K_R", "Q_R")}
    yield Inputs("shapes", "positions-shared-by-a-batch", shared)
    yield Inputs("ones", "one-position", _disentangled(rng, 2, T=1, m=1))
    asks_nothing = {"Q": np.zeros((2, 5, 7)), "Q_R": np.zeros((2, 6, 7))}
    yield Inputs("nothing", "heads", _disentangled(rng, 2) | asks_nothing)
    no_positions = {"K_R": np.zeros((2, 6, 7)), "Q_R": np.zeros((2, 6, 7))}
    yield Inputs("silent", "heads", _disentangled(rng, 2) | no_positions)
    yield Inputs("float32", "heads", in_float32(_disentangled(rng, 2)))
    yield Inputs("inputs-kept", "heads", _disentangled(rng, 2))


def _disentangled(rng, *rows, T=5, d=7, m=6):
    Q, K = rng.normal(size=(2, *rows, T, d))
    K_R, Q_R = rng.normal(size=(2, *rows, m, d))
    return {"Q": Q, "K": K, "K_R": K_R, "Q_R": Q_R, "index": rng.integers(m, size=(T, T))}


def _far_steps(rng):
    sides = rng.permutation([1, 1, 1, -1, -1, -1])
    return {"steps": rng.integers(2000, 9000, size=6) * sides, "n": 32, "span": 128}


def _steps(rng, n, span, shape=-1):
    """Every step to both sides that is shorter than the span, in any order."""
    return {"steps": rng.permutation(np.arange(1 - span, span)).reshape(shape), "n": n, "span": span}
