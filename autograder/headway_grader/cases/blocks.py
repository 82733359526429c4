"""Cases of what stands around attention: norms, activations, feed-forward layers, whole blocks."""

from collections.abc import Iterator

import numpy as np

from headway_grader.cases.groups import Inputs, in_float32


def layer_norm_inputs(rng, *, batch=(4,), d=7, shift=False, eps=False):
    inputs = _vectors(rng, *batch, d)
    if shift:
        inputs["shift"] = rng.normal(size=d)
    return inputs | ({"eps": np.float64(0.5)} if eps else {})


def layer_norm(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "rows", _shifted(rng, 2, 7))
    yield Inputs("typical", "more-rows", _shifted(rng, 5, 4))
    yield Inputs("no-batch", "one-vector", _shifted(rng, 6))
    yield Inputs("shapes", "batch-of-one", _shifted(rng, 1, 6))
    yield Inputs("shapes", "two-batch-axes", _shifted(rng, 2, 3, 5))
    yield Inputs("shapes", "as-many-vectors-as-components", _shifted(rng, 2, 5, 5))
    yield Inputs("ones", "one-component", _shifted(rng, 3, 1))
    yield Inputs("ones", "ones-everywhere", _shifted(rng, 1, 1, 1))
    yield Inputs("extremes", "far-from-zero", _far_from_zero(rng, 2.0**40))
    yield Inputs("options", "another-eps", layer_norm_inputs(rng, shift=True, eps=True))
    yield Inputs("options", "another-eps-and-no-shift", layer_norm_inputs(rng, d=5, eps=True))
    yield Inputs("options", "no-eps", _shifted(rng, 3, 6) | {"eps": np.float64(0)})
    same = _shifted(rng, 3, 5)
    same["X"] = np.repeat(rng.integers(-9, 10, size=(3, 1)).astype(float), 5, axis=1)
    yield Inputs("nothing", "equal-components", same)
    yield Inputs("float32", "rows", in_float32(_shifted(rng, 2, 7)))
    yield Inputs("float32", "without-shift", in_float32(_vectors(rng, 3, 5)))
    yield Inputs("float32", "far-from-zero", in_float32(_far_from_zero(rng, 2.0**20)))
    yield Inputs("inputs-kept", "rows", _shifted(rng, 2, 7))


def rms_norm_inputs(rng, *, batch=(4,), d=7, eps=False):
    return _vectors(rng, *batch, d) | ({"eps": np.float64(0.5)} if eps else {})


def rms_norm(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "rows", _vectors(rng, 2, 7))
    yield Inputs("typical", "more-rows", _vectors(rng, 5, 4))
    yield Inputs("no-batch", "one-vector", _vectors(rng, 6))
    yield Inputs("shapes", "batch-of-one", _vectors(rng, 1, 6))
    yield Inputs("shapes", "two-batch-axes", _vectors(rng, 2, 3, 5))
    yield Inputs("shapes", "as-many-vectors-as-components", _vectors(rng, 2, 5, 5))
    yield Inputs("ones", "one-component", _vectors(rng, 3, 1))
    yield Inputs("ones", "ones-everywhere", _vectors(rng, 1, 1, 1))
    near = _vectors(rng, 4, 6)
    yield Inputs("extremes", "near-zero", near | {"X": 1e-3 * near["X"]})
    yield Inputs("options", "another-eps", rms_norm_inputs(rng, eps=True))
    yield Inputs("options", "no-eps", _vectors(rng, 3, 6) | {"eps": np.float64(0)})
    yield Inputs("nothing", "zeros", _vectors(rng, 3, 5) | {"X": np.zeros((3, 5))})
    yield Inputs("float32", "rows", in_float32(_vectors(rng, 2, 7)))
    yield Inputs("float32", "two-batch-axes", in_float32(_vectors(rng, 2, 3, 5)))
    yield Inputs("inputs-kept", "rows", _vectors(rng, 2, 7))


def gelu_tanh_inputs(rng, *, batch=(4,)):
    return {"X": _numbers(rng, *batch)}


def gelu_tanh(rng) -> Iterator[Inputs]:
    yield from _activated(rng)


def silu_inputs(rng, *, batch=(4,)):
    return {"X": _numbers(rng, *batch)}


def silu(rng) -> Iterator[Inputs]:
    yield from _activated(rng)


def mlp_inputs(rng, *, batch=(4,), d=5, h=7):
    return _coarse(_layer(rng, *batch, d=d, h=h))


def mlp(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "rows", _layer(rng, 3, d=5, h=7))
    yield Inputs("typical", "narrow-inside", _layer(rng, 2, d=6, h=4))
    yield Inputs("no-batch", "one-vector", _layer(rng, d=4, h=6))
    yield Inputs("shapes", "batch-of-one", _layer(rng, 1, d=4, h=9))
    yield Inputs("shapes", "two-batch-axes", _layer(rng, 2, 3, d=5, h=8))
    yield Inputs("shapes", "as-wide-inside", _layer(rng, 3, d=5, h=5))
    yield Inputs("ones", "one-hidden-number", _layer(rng, 3, d=4, h=1))
    yield Inputs("ones", "ones-everywhere", _layer(rng, 1, 1, d=1, h=1))
    far = _layer(rng, 3, d=4, h=6) | _far_out(rng)
    far |= {"b_in": rng.integers(-3, 4, size=6).astype(float), "b_out": np.zeros(4)}
    yield Inputs("extremes", "hidden-numbers-far-out", far)
    none = _layer(rng, 3, d=5, h=7) | {"X": np.zeros((3, 5)), "b_in": np.zeros(7)}
    yield Inputs("nothing", "hidden-numbers-of-zero", none)
    yield Inputs("float32", "rows", in_float32(_layer(rng, 3, d=5, h=7)))
    yield Inputs("float32", "two-batch-axes", in_float32(_layer(rng, 2, 3, d=5, h=8)))
    yield Inputs("inputs-kept", "rows", _layer(rng, 3, d=5, h=7))


def swiglu_inputs(rng, *, batch=(4,), d=5, h=7):
    return _coarse(_gated(rng, *batch, d=d, h=h))


def swiglu(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "rows", _gated(rng, 3, d=5, h=7))
    yield Inputs("typical", "narrow-inside", _gated(rng, 2, d=6, h=4))
    yield Inputs("no-batch", "one-vector", _gated(rng, d=4, h=6))
    yield Inputs("shapes", "batch-of-one", _gated(rng, 1, d=4, h=9))
    yield Inputs("shapes", "two-batch-axes", _gated(rng, 2, 3, d=5, h=8))
    yield Inputs("shapes", "as-wide-inside", _gated(rng, 3, d=5, h=5))
    yield Inputs("ones", "one-hidden-number", _gated(rng, 3, d=4, h=1))
    yield Inputs("ones", "ones-everywhere", _gated(rng, 1, 1, d=1, h=1))
    far = _far_out(rng)
    far = _gated(rng, 3, d=4, h=6) | {"X": far["X"], "W_gate": far["W_in"]}
    yield Inputs("extremes", "gates-far-out", far)
    yield Inputs("nothing", "zeros", _gated(rng, 3, d=5, h=7) | {"X": np.zeros((3, 5))})
    yield Inputs("float32", "rows", in_float32(_gated(rng, 3, d=5, h=7)))
    yield Inputs("float32", "two-batch-axes", in_float32(_gated(rng, 2, 3, d=5, h=8)))
    yield Inputs("inputs-kept", "rows", _gated(rng, 3, d=5, h=7))


def pre_ln_block_inputs(rng, *, batch=(4,), T=5, H=3, dh=2, h=7, mask=False):
    return _growing_block(rng, *batch, T=T, H=H, dh=dh, h=h, mask=mask)


def pre_ln_block(rng) -> Iterator[Inputs]:
    yield from _blocks(rng)


def post_ln_block_inputs(rng, *, batch=(4,), T=5, H=3, dh=2, h=7, mask=False):
    return _growing_block(rng, *batch, T=T, H=H, dh=dh, h=h, mask=mask)


def post_ln_block(rng) -> Iterator[Inputs]:
    yield from _blocks(rng)


def _vectors(rng, *shape):
    """Vectors whose mean is far from 0 and whose variance is far from 1, and a scale."""
    X = 3 * rng.normal(size=shape) + 2 * rng.choice([-1, 1], size=(*shape[:-1], 1))
    return {"X": X, "scale": rng.normal(size=shape[-1])}


def _shifted(rng, *shape):
    return _vectors(rng, *shape) | {"shift": rng.normal(size=shape[-1])}


def _far_from_zero(rng, centre):
    """Whole numbers around a large one, 8 to a vector: every sum is exact, so right answers cannot differ."""
    apart = rng.permuted(np.tile([-11.0, -6, -4, -1, 2, 3, 5, 9], (3, 1)), axis=-1)
    return {"X": centre * np.array([[1], [-1], [0.5]]) + apart, "scale": rng.normal(size=8)}


def _numbers(rng, *shape):
    """Numbers where an activation bends: some of either sign, of sizes up to 2.5 and evenly spread."""
    n = np.prod(shape, dtype=int)
    sizes = (np.arange(n) + rng.uniform(0.9, 1, size=n)) / n * 2.5
    return rng.permutation(sizes * rng.choice([-1, 1], size=n)).reshape(shape)


def _activated(rng) -> Iterator[Inputs]:
    """What every activation is asked."""
    yield Inputs("typical", "numbers", {"X": _numbers(rng, 9)})
    yield Inputs("typical", "a-matrix", {"X": _numbers(rng, 5, 3)})
    yield Inputs("shapes", "one-row", {"X": _numbers(rng, 1, 6)})
    yield Inputs("shapes", "three-axes", {"X": _numbers(rng, 2, 3, 5)})
    yield Inputs("shapes", "four-axes", {"X": _numbers(rng, 2, 4, 3, 5)})
    yield Inputs("ones", "one-number", {"X": _numbers(rng, 1)})
    yield Inputs("ones", "one-number-of-three-axes", {"X": _numbers(rng, 1, 1, 1)})
    far = np.array([-1e4, -1000, -100, 0, 100, 1000, 1e4])
    yield Inputs("extremes", "far-out", {"X": rng.permuted(far)})
    yield Inputs("nothing", "zeros", {"X": np.zeros((2, 3))})
    yield Inputs("float32", "numbers", in_float32({"X": _numbers(rng, 9)}))
    yield Inputs("float32", "far-out", in_float32({"X": rng.permuted(far)}))
    yield Inputs("inputs-kept", "numbers", {"X": _numbers(rng, 9)})


def _layer(rng, *rows, d, h):
    """Inputs of a feed-forward layer: its hidden numbers have a variance of about 2."""
    return {
        "X": rng.normal(size=(*rows, d)),
        "W_in": rng.normal(size=(d, h)) / d**0.5,
        "b_in": rng.normal(size=h),
        "W_out": rng.normal(size=(h, d)) / h**0.5,
        "b_out": 10 * rng.normal(size=d),  # in float32 two forms of gelu are the same beside it
    }


def _gated(rng, *rows, d, h):
    return {
        "X": 1.5 * rng.normal(size=(*rows, d)),
        "W_gate": rng.normal(size=(d, h)) / d**0.5,
        "W_in": rng.normal(size=(d, h)) / d**0.5,
        "W_out": rng.normal(size=(h, d)) / h**0.5,
    }


def _far_out(rng):
    """Vectors and a matrix whose products are multiples of 50: there an activation is all or nothing."""
    X = rng.choice([-3.0, -2, 2, 3], size=(3, 4))
    W_in = np.eye(4)[[0, 1, 2, 3, 0, 1]].T * np.array([50, 50, 50, 50, -50, -50])  # each number, both signs
    return {"X": X, "W_in": W_in[:, rng.permutation(6)]}


def _coarse(inputs):
    """The same with parameters of few different numbers, which a file keeps in little room."""
    return {name: np.sign(a) / len(a) ** 0.5 if name != "X" else a.round(1) for name, a in inputs.items()}


def _block(rng, *rows, T=5, H=3, dh=4, h=10):
    """Inputs of a block without a mask: every part of it writes about as much as is there."""
    d = H * dh
    W = {name: 1.5 * d**-0.5 * rng.normal(size=(d, d)) for name in ("W_Q", "W_K", "W_V", "W_O")}
    norms = {f"{name}_{i}": rng.normal(size=d) for i in (1, 2) for name in ("scale", "shift")}
    layer = _layer(rng, *rows, T, d=d, h=h)
    return {"X": 2 * layer.pop("X") + 1, **norms, **W, **layer, "H": H}


def _growing_block(rng, *rows, T, H, dh, h, mask):
    inputs = _block(rng, *rows, T=T, H=H, dh=dh, h=h)
    inputs = _coarse({name: a for name, a in inputs.items() if name != "H"}) | {"H": H}
    return inputs | ({"mask": _mask(rng, *(rows if len(rows) == 1 else ()), T, T)} if mask else {})


def _blocks(rng) -> Iterator[Inputs]:
    """What both blocks are asked."""
    yield Inputs("typical", "batch", _block(rng, 2))
    yield Inputs("typical", "more-heads-than-positions", _block(rng, 3, T=4, H=5, dh=2, h=8))
    yield Inputs("shapes", "no-batch", _block(rng))
    yield Inputs("shapes", "two-batch-axes", _block(rng, 2, 4, T=6, H=3, dh=5, h=7))
    yield Inputs("ones", "one-position", _block(rng, 2, T=1))
    yield Inputs("ones", "ones-everywhere", _block(rng, 1, T=1, H=1, dh=1, h=1))
    empty = _block(rng, 2)
    yield Inputs("extremes", "an-empty-stream", empty | {"X": np.zeros((2, 5, 12))})
    yield Inputs("masks", "causal", _block(rng, 2) | {"mask": np.tri(5, dtype=bool)})
    yield Inputs("masks", "for-each-of-the-batch", _block(rng, 2) | {"mask": _mask(rng, 2, 5, 5)})
    yield Inputs("masks", "as-many-heads-as-batch", _block(rng, 3) | {"mask": _mask(rng, 3, 5, 5)})
    yield Inputs("masks", "padding", _block(rng, 4) | {"mask": _mask(rng, 4, 1, 5)})
    yield Inputs("nothing", "layers-that-write-nothing", _silent(rng))
    yield Inputs("float32", "batch", in_float32(_block(rng, 2)))
    yield Inputs("float32", "masked", in_float32(_block(rng, 2) | {"mask": np.tri(5, dtype=bool)}))
    yield Inputs("inputs-kept", "batch", _block(rng, 2))
    yield Inputs("inputs-kept", "masked", _block(rng, 2) | {"mask": np.tri(5, dtype=bool)})


def _silent(rng):
    """Layers that write zeros, in a stream that is normed as it is: mean 0, and variance 1 with eps."""
    inputs = _block(rng, 2)
    halves = np.tile(np.repeat([-1.0, 1], 6), (2, 5, 1))
    inputs["X"] = (1 - 1e-5) ** 0.5 * rng.permuted(halves, axis=-1)
    for name in ("scale_1", "scale_2"):
        inputs[name] = np.ones(12)
    for name in ("shift_1", "shift_2", "W_O", "W_out", "b_out"):
        inputs[name] = np.zeros_like(inputs[name])
    return inputs


def _mask(rng, *shape):
    """A mask in which every query may look somewhere but not everywhere."""
    rank = rng.permuted(np.broadcast_to(np.arange(shape[-1]), shape), axis=-1)
    return (rank == 0) | ((rank > 1) & (rng.random(shape) < 0.5))
