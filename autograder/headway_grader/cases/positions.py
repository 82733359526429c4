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
