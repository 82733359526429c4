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
