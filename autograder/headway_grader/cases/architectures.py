"""Cases of architectures: a whole GPT, a block of LLaMA, a decoder's block that asks a second text."""

from collections.abc import Iterator

import numpy as np

from headway_grader.cases.groups import Inputs, in_float32


def decoder_block_inputs(rng, *, batch=(4,), T=5, Tk=7, H=3, dh=2, c=6, h=8, mask=False):
    inputs = _rounded(_decoder(rng, *batch, T=T, Tk=Tk, H=H, dh=dh, c=c, h=h, draw=_few))
    own = batch if len(batch) == 1 else ()  # two batch axes share one mask
    return inputs | ({"mask": _mask(rng, *own, T, Tk)} if mask else {})


def decoder_block(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "batch", _decoder(rng, 2))
    yield Inputs("typical", "a-longer-second-text", _decoder(rng, 3, T=4, Tk=9, H=5, dh=2, c=7, h=6))
    yield Inputs("no-batch", "one-text", _decoder(rng))
    yield Inputs("shapes", "two-batch-axes", _decoder(rng, 2, 4, T=6, Tk=3, H=3, dh=5, c=8, h=9))
    yield Inputs("shapes", "one-text-for-the-whole-batch", _decoder(rng, 3) | {"C": rng.normal(size=(7, 6))})
    yield Inputs("shapes", "one-position", _decoder(rng, 2, T=1))
    yield Inputs("ones", "ones-everywhere", _decoder(rng, 1, T=1, Tk=1, H=1, dh=1, c=1, h=1))
    yield Inputs("masks", "for-the-whole-batch", _decoder(rng, 2) | {"mask": _mask(rng, 5, 7)})
    yield Inputs("masks", "padding", _decoder(rng, 4) | {"mask": _mask(rng, 4, 1, 7)})
    yield Inputs("masks", "as-many-heads-as-batch", _decoder(rng, 3) | {"mask": _mask(rng, 3, 5, 7)})
    yield Inputs("nothing", "every-position", _decoder(rng, 2) | {"mask": np.zeros((5, 7), dtype=bool)})
    silent = _silenced(_decoder(rng, 2), "W_O", "W_OC", "W_out", "b_out")
    yield Inputs("silent", "a-stream-that-is-normed", silent | _identical_norms(3) | {"X": _signs(rng, 2, 5)})
    yield Inputs("float32", "batch", in_float32(_decoder(rng, 2)))
    yield Inputs("float32", "masked", in_float32(_decoder(rng, 2) | {"mask": np.ones((5, 7), dtype=bool)}))
    yield Inputs("inputs-kept", "batch", _decoder(rng, 2))
    yield Inputs("inputs-kept", "masked", _decoder(rng, 2) | {"mask": np.ones((5, 7), dtype=bool)})


def llama_block_inputs(rng, *, batch=(4,), T=5, H=6, G=3, dh=2, h=7):
    H = -(-H // G) * G  # whole groups only, so where there are many groups, there are as many heads
    return _rounded(_llama(rng, *batch, T=T, H=H, G=G, dh=dh + dh % 2, h=h, draw=_few))


def llama_block(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "batch", _llama(rng, 3))
    yield Inputs("typical", "more-heads-in-a-group-than-groups", _llama(rng, 2, T=7, H=8, G=2, dh=2, h=5))
    yield Inputs("no-batch", "one-text", _llama(rng))
    yield Inputs("shapes", "two-batch-axes", _llama(rng, 2, 4, T=7, H=6, G=3, dh=2, h=9))
    yield Inputs("shapes", "longer", _llama(rng, 2, T=30, H=4, G=2, dh=6, h=9))
    yield Inputs("ones", "one-pair", _llama(rng, 1, T=1, H=1, G=1, dh=2, h=1))
    yield Inputs("one-group", "for-four-heads", _llama(rng, 2, H=4, G=1, dh=6))
    yield Inputs("own-group", "for-each-of-four-heads", _llama(rng, 2, H=4, G=4, dh=6))
    silent = _silenced(_llama(rng, 2), "W_O", "W_out")
    silent |= {"scale": np.full((2, 24), (1 + 1e-6) ** 0.5), "X": _signs(rng, 2, 5, d=24)}
    yield Inputs("silent", "a-stream-that-is-normed", silent)
    yield Inputs("float32", "batch", in_float32(_llama(rng, 3)))
    yield Inputs("inputs-kept", "batch", _llama(rng, 3))


def gpt_inputs(rng, *, batch=(4,), T=5, V=11, H=3, dh=2, h=7, L=1):
    return _rounded(_gpt(rng, *batch, T=T, V=V, H=H, dh=dh, h=h, L=L, draw=_few))


def gpt(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "batch", _gpt(rng, 2))
    yield Inputs("typical", "more-layers", _gpt(rng, 3, T=4, V=9, H=2, dh=5, h=8, L=4))
    yield Inputs("no-batch", "one-text", _gpt(rng))
    yield Inputs("shapes", "two-batch-axes", _gpt(rng, 2, 4, T=6, V=13, H=4, dh=2, h=5))
    yield Inputs("shapes", "one-position", _gpt(rng, 2, T=1))
    yield Inputs("shapes", "as-long-as-may-be", _gpt(rng, 2, T=8, more=0))
    yield Inputs("ones", "ones-everywhere", _gpt(rng, 1, T=1, V=1, H=1, dh=1, h=1, L=1))
    yield Inputs("one-layer", "batch", _gpt(rng, 2, L=1))
    silent = _silenced(_gpt(rng, 2, L=3), "W_P", "W_O", "b_O", "W_out", "b_out") | _identical_norms(3, 2)
    last = {f"last_{name}": a[0, 0] for name, a in _identical_norms(1, 2).items()}
    yield Inputs("silent", "a-stream-that-is-normed", silent | last | {"W_E": _signs(rng, 11)})
    yield Inputs("float32", "batch", in_float32(_gpt(rng, 2)))
    yield Inputs("inputs-kept", "batch", _gpt(rng, 2))


def _normal(rng, *shape):
    """Numbers so large that every sum of a product counts, and no head looks everywhere alike."""
    return 1.2 * shape[-2] ** -0.5 * rng.normal(size=shape)


def _few(rng, *shape):
    """Few different numbers, which a file keeps in little room."""
    return 1.5 * shape[-2] ** -0.5 * rng.integers(-1, 2, size=shape)


def _rounded(inputs):
    """The same inputs, with whole numbers for all that is large and no matrix of weights."""
    large = [name for name in inputs if name in ("X", "C", "W_E", "W_P")]
    return inputs | {name: inputs[name].round() for name in large}


def _norms(rng, *shape):
    return {"scale": 1 + 0.3 * rng.normal(size=shape), "shift": 0.3 * rng.normal(size=shape)}


def _decoder(rng, *rows, T=5, Tk=7, H=3, dh=4, c=6, h=8, draw=_normal):
    d = H * dh
    shapes = {"W_Q": (d, d), "W_K": (d, d), "W_V": (d, d), "W_O": (d, d)}
    shapes |= {"W_QC": (d, d), "W_KC": (c, d), "W_VC": (c, d), "W_OC": (d, d), "W_in": (d, h)}
    X, C = rng.normal(size=(*rows, T, d)), rng.normal(size=(*rows, Tk, c))
    W = {name: draw(rng, *shape) for name, shape in shapes.items()}
    W |= {"b_in": rng.normal(size=h), "W_out": draw(rng, h, d), "b_out": rng.normal(size=d)}
    return {"X": X, "C": C, **W, **_norms(rng, 3, d), "H": H}


def _llama(rng, *rows, T=5, H=6, G=2, dh=4, h=7, draw=_normal):
    d, k = H * dh, G * dh
    shapes = {"W_Q": (d, d), "W_K": (d, k), "W_V": (d, k), "W_O": (d, d)}
    shapes |= {"W_gate": (d, h), "W_in": (d, h), "W_out": (h, d)}
    W = {name: draw(rng, *shape) for name, shape in shapes.items()}
    scale = 1 + 0.3 * rng.normal(size=(2, d))
    return {"X": rng.normal(size=(*rows, T, d)), **W, "scale": scale, "H": H, "G": G}


def _gpt(rng, *rows, T=5, V=11, H=3, dh=4, h=7, L=2, more=3, draw=_normal):
    """Inputs of a GPT whose table of positions is longer than the texts by a few rows more."""
    d = H * dh
    W = {"W_E": rng.normal(size=(V, d)), "W_P": rng.normal(size=(T + more, d))}
    for name, m, n in (("QKV", d, 3 * d), ("O", d, d), ("in", d, h), ("out", h, d)):
        W |= {f"W_{name}": draw(rng, L, m, n), f"b_{name}": 0.5 * draw(rng, 4, L, n)[0]}
    last = {f"last_{name}": a for name, a in _norms(rng, d).items()}
    return {"ids": rng.integers(V, size=(*rows, T)), **W, **_norms(rng, L, 2, d), **last, "H": H}


def _mask(rng, *shape):
    """A mask in which every query may look somewhere, but not everywhere."""
    rank = rng.permuted(np.broadcast_to(np.arange(shape[-1]), shape), axis=-1)
    return (rank == 0) | ((rank > 1) & (rng.random(shape) < 0.5))


def _silenced(inputs, *names):
    """The same inputs, with zeros for what writes to the stream."""
    return inputs | {name: np.zeros_like(inputs[name]) for name in names}


def _identical_norms(*shape, d=12):
    """Norms that hand a vector of mean 0 and variance 1 back as it came."""
    return {"scale": np.full((*shape, d), (1 + 1e-5) ** 0.5), "shift": np.zeros((*shape, d))}


def _signs(rng, *shape, d=12):
    """Vectors of mean 0 and variance 1: as many 1 as -1, in any order."""
    return rng.permuted(np.broadcast_to(np.resize([1.0, -1.0], d), (*shape, d)), axis=-1)
