"""Cases of attention, of its mask and of its heads."""

from collections.abc import Iterator

import numpy as np

from headway_grader.cases.groups import Inputs, in_float32


def causal_mask_inputs(rng, *, T=5):
    return {"T": T}


def causal_mask(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "five-positions", {"T": 5})
    yield Inputs("typical", "some-positions", {"T": int(rng.integers(6, 12))})
    yield Inputs("shapes", "two-positions", {"T": 2})
    yield Inputs("shapes", "many-positions", {"T": int(rng.integers(30, 40))})
    yield Inputs("ones", "one-position", {"T": 1})
    yield Inputs("nothing", "no-position", {"T": 0})


def padding_mask_inputs(rng, *, batch=(4,), T=7):
    return {"lengths": rng.integers(T + 1, size=batch), "T": T}


def padding_mask(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "four-texts", _lengths(rng, 4, T=7))
    yield Inputs("typical", "more-texts-than-positions", _lengths(rng, 6, T=5))
    yield Inputs("shapes", "two-batch-axes", _lengths(rng, 2, 3, T=6))
    yield Inputs("shapes", "three-batch-axes", _lengths(rng, 2, 3, 4, T=6))
    yield Inputs("shapes", "one-text", _lengths(rng, 1, T=5))
    yield Inputs("ones", "texts-of-one-position", {"lengths": rng.permutation([0, 1, 1]), "T": 1})
    yield Inputs("extremes", "no-padding", {"lengths": np.full(3, 4), "T": 4})
    yield Inputs("extremes", "some-empty", {"lengths": rng.permutation([0, 3, 2, 0]), "T": 8})
    yield Inputs("nothing", "no-position", {"lengths": np.zeros(2, dtype=int), "T": 0})
    yield Inputs("inputs-kept", "four-texts", _lengths(rng, 4, T=7))


def attention_inputs(rng, *, batch=(2,), Tq=3, Tk=5, d=7, dv=4, mask=False):
    inputs = _fetch(rng, *batch, Tq=Tq, Tk=Tk, d=d, dv=dv)
    return inputs | ({"mask": _mask(rng, *_mask_batch(batch), Tq, Tk)} if mask else {})


def attention(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "batch", _fetch(rng, 2))
    yield Inputs("typical", "wide-values", _fetch(rng, 3, Tq=6, Tk=4, d=5, dv=8))
    yield Inputs("shapes", "no-batch", _fetch(rng))
    yield Inputs("shapes", "two-batch-axes", _fetch(rng, 2, 3, Tq=4, Tk=6, d=5, dv=7))
    yield Inputs("shapes", "one-query", _fetch(rng, 2, Tq=1))
    yield Inputs("shapes", "one-key", _fetch(rng, 2, Tk=1))
    shared = _fetch(rng, 3) | {"Q": rng.normal(size=(2, 1, 6, 7))}
    yield Inputs("shapes", "keys-shared-by-a-batch", shared)
    yield Inputs("ones", "one-query-one-key", _fetch(rng, 2, Tq=1, Tk=1))
    yield Inputs("ones", "ones-everywhere", _fetch(rng, 1, Tq=1, Tk=1, d=1, dv=1))
    yield from _extreme_fetches(rng)
    yield from _masked_fetches(rng)
    some = np.ones((2, 3, 5), dtype=bool)
    some[0, 1] = some[1, 0] = some[1, 2] = False
    yield Inputs("nothing", "some-queries", _fetch(rng, 2) | {"mask": some})
    yield Inputs("nothing", "every-query", _fetch(rng, 2) | {"mask": np.zeros((3, 5), dtype=bool)})
    yield Inputs("float32", "batch", in_float32(_fetch(rng, 2)))
    yield Inputs("float32", "masked", in_float32(_fetch(rng, 2) | {"mask": np.ones((3, 5), dtype=bool)}))
    yield Inputs("inputs-kept", "batch", _fetch(rng, 2))
    yield Inputs("inputs-kept", "masked", _fetch(rng, 2) | {"mask": np.ones((3, 5), dtype=bool)})


def split_heads_inputs(rng, *, batch=(2,), T=5, H=3, dh=4):
    return {"X": rng.normal(size=(*batch, T, H * dh)), "H": H}


def split_heads(rng) -> Iterator[Inputs]:
    for group, name, (*rows, T, H, dh) in _HEADS:
        inputs = {"X": rng.normal(size=(*rows, T, H * dh)), "H": H}
        yield Inputs(group, name, in_float32(inputs) if group == "float32" else inputs)


def merge_heads_inputs(rng, *, batch=(2,), T=5, H=3, dh=4):
    return {"X": rng.normal(size=(*batch, H, T, dh))}


def merge_heads(rng) -> Iterator[Inputs]:
    for group, name, (*rows, T, H, dh) in _HEADS:
        inputs = {"X": rng.normal(size=(*rows, H, T, dh))}
        yield Inputs(group, name, in_float32(inputs) if group == "float32" else inputs)


def multi_head_attention_inputs(rng, *, batch=(4,), T=5, H=3, dh=2, mask=False):
    inputs = _heads(rng, *batch, T=T, H=H, dh=dh) | _coarse(rng, H * dh)
    return inputs | ({"mask": _mask(rng, *_mask_batch(batch), T, T)} if mask else {})


def multi_head_attention(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "batch", _heads(rng, 2))
    yield Inputs("typical", "more-heads-than-positions", _heads(rng, 3, T=4, H=5, dh=2))
    yield Inputs("shapes", "no-batch", _heads(rng))
    yield Inputs("shapes", "two-batch-axes", _heads(rng, 2, 4, T=6, H=3, dh=5))
    yield Inputs("ones", "one-position", _heads(rng, 2, T=1))
    yield Inputs("ones", "ones-everywhere", _heads(rng, 1, T=1, H=1, dh=1))
    yield from _extreme_heads(rng)
    yield Inputs("masks", "for-the-whole-batch", _heads(rng, 2) | {"mask": _mask(rng, 5, 5)})
    yield Inputs("masks", "for-each-of-the-batch", _heads(rng, 2) | {"mask": _mask(rng, 2, 5, 5)})
    yield Inputs("masks", "two-batch-axes", _heads(rng, 2, 4) | {"mask": _mask(rng, 4, 5, 5)})
    yield Inputs("masks", "as-many-heads-as-batch", _heads(rng, 3) | {"mask": _mask(rng, 3, 5, 5)})
    yield Inputs("nothing", "every-position", _heads(rng, 2) | {"mask": np.zeros((5, 5), dtype=bool)})
    yield Inputs("float32", "batch", in_float32(_heads(rng, 2)))
    yield Inputs("float32", "masked", in_float32(_heads(rng, 2) | {"mask": np.ones((5, 5), dtype=bool)}))
    yield Inputs("inputs-kept", "batch", _heads(rng, 2))
    yield Inputs("inputs-kept", "masked", _heads(rng, 2) | {"mask": np.ones((5, 5), dtype=bool)})


def cross_attention_inputs(rng, *, batch=(4,), Tq=7, Tk=5, H=3, dh=2, c=6, mask=False):
    inputs = _two_texts(rng, *batch, Tq=Tq, Tk=Tk, H=H, dh=dh, c=c) | _coarse(rng, H * dh, of=c)
    inputs["X"], inputs["C"] = inputs["X"].round(), inputs["C"].round()
    return inputs | ({"mask": _mask(rng, *_mask_batch(batch), Tq, Tk)} if mask else {})


def cross_attention(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "batch", _two_texts(rng, 2))
    yield Inputs("typical", "a-narrow-second-text", _two_texts(rng, 3, Tq=4, Tk=6, H=5, dh=2, c=7))
    yield Inputs("shapes", "no-batch", _two_texts(rng))
    yield Inputs("shapes", "two-batch-axes", _two_texts(rng, 2, 4, Tq=6, Tk=3, H=3, dh=5, c=8))
    yield Inputs(
        "shapes", "one-text-for-the-whole-batch", _two_texts(rng, 3) | {"C": rng.normal(size=(5, 8))}
    )
    yield Inputs("shapes", "both-of-one-length-and-width", _two_texts(rng, 2, Tq=5, Tk=5, c=12))
    yield Inputs("ones", "one-position-each", _two_texts(rng, 2, Tq=1, Tk=1))
    yield Inputs("ones", "ones-everywhere", _two_texts(rng, 1, Tq=1, Tk=1, H=1, dh=1, c=1))
    yield from _extreme_texts(rng)
    yield Inputs("masks", "for-the-whole-batch", _two_texts(rng, 2) | {"mask": _mask(rng, 3, 5)})
    yield Inputs("masks", "for-each-of-the-batch", _two_texts(rng, 2) | {"mask": _mask(rng, 2, 3, 5)})
    yield Inputs("masks", "padding", _two_texts(rng, 4) | {"mask": _mask(rng, 4, 1, 5)})
    yield Inputs("masks", "as-many-heads-as-batch", _two_texts(rng, 3) | {"mask": _mask(rng, 3, 3, 5)})
    yield Inputs("nothing", "every-position", _two_texts(rng, 2) | {"mask": np.zeros((3, 5), dtype=bool)})
    yield Inputs("float32", "batch", in_float32(_two_texts(rng, 2)))
    yield Inputs("float32", "masked", in_float32(_two_texts(rng, 2) | {"mask": np.ones((3, 5), dtype=bool)}))
    yield Inputs("inputs-kept", "batch", _two_texts(rng, 2))
    yield Inputs("inputs-kept", "masked", _two_texts(rng, 2) | {"mask": np.ones((3, 5), dtype=bool)})


def grouped_query_attention_inputs(rng, *, batch=(4,), T=5, H=6, G=2, dh=3, mask=False):
    H = -(-H // G) * G  # whole groups only, so where there are many groups, there are as many heads
    inputs = _groups(rng, *batch, T=T, H=H, G=G, dh=dh) | _coarse(rng, H * dh, to=G * dh)
    inputs["X"] = inputs["X"].round()
    return inputs | ({"mask": _mask(rng, *_mask_batch(batch), T, T)} if mask else {})


def grouped_query_attention(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "batch", _groups(rng, 2))
    yield Inputs("typical", "more-heads-in-a-group-than-groups", _groups(rng, 3, T=4, H=8, G=2))
    yield Inputs("shapes", "no-batch", _groups(rng))
    yield Inputs("shapes", "two-batch-axes", _groups(rng, 2, 4, T=7, H=6, G=3, dh=3))
    yield Inputs("ones", "one-position", _groups(rng, 2, T=1))
    yield Inputs("ones", "ones-everywhere", _groups(rng, 1, T=1, H=1, G=1, dh=1))
    yield Inputs("one-group", "for-four-heads", _groups(rng, 2, H=4, G=1, dh=3))
    yield Inputs("own-group", "for-each-of-four-heads", _groups(rng, 2, H=4, G=4, dh=3))
    yield from _extreme_groups(rng)
    yield Inputs("masks", "for-the-whole-batch", _groups(rng, 2) | {"mask": _mask(rng, 5, 5)})
    yield Inputs("masks", "for-each-of-the-batch", _groups(rng, 2) | {"mask": _mask(rng, 2, 5, 5)})
    yield Inputs("masks", "as-many-groups-as-batch", _groups(rng, 3) | {"mask": _mask(rng, 3, 5, 5)})
    yield Inputs("masks", "padding", _groups(rng, 4) | {"mask": _mask(rng, 4, 1, 5)})
    yield Inputs("nothing", "every-position", _groups(rng, 2) | {"mask": np.zeros((5, 5), dtype=bool)})
    yield Inputs("float32", "batch", in_float32(_groups(rng, 2)))
    yield Inputs("float32", "masked", in_float32(_groups(rng, 2) | {"mask": np.ones((5, 5), dtype=bool)}))
    yield Inputs("inputs-kept", "batch", _groups(rng, 2))
    yield Inputs("inputs-kept", "masked", _groups(rng, 2) | {"mask": np.ones((5, 5), dtype=bool)})


def cached_attention_inputs(rng, *, batch=(2,), n=3, t=5, H=4, dh=6):
    return _kept(rng, *batch, n=n, t=t, H=H, dh=dh) | _coarse(rng, H * dh)


def cached_attention(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "batch", _kept(rng, 2))
    yield Inputs("typical", "more-new-than-kept", _kept(rng, 3, n=6, t=2, H=5, dh=2))
    yield Inputs("no-batch", "one-text", _kept(rng, n=4, t=3))
    yield Inputs("shapes", "two-batch-axes", _kept(rng, 2, 4, n=2, t=6, H=3, dh=5))
    yield Inputs("shapes", "one-head", _kept(rng, 2, H=1, dh=7))
    yield Inputs("ones", "one-new-position", _kept(rng, 2, n=1))
    yield Inputs("ones", "ones-everywhere", _kept(rng, 1, n=1, t=1, H=1, dh=1))
    yield Inputs("nothing", "all-positions-new", _kept(rng, 2, n=5, t=0))
    yield Inputs("nothing", "one-position", _kept(rng, 2, n=1, t=0))
    yield Inputs("float32", "batch", in_float32(_exact(rng, _kept(rng, 2))))
    yield Inputs("float32", "all-positions-new", in_float32(_exact(rng, _kept(rng, 2, n=5, t=0))))
    yield Inputs("inputs-kept", "batch", _kept(rng, 2))


# Sizes for splitting and merging: the batch axes, then T, H and dh.
_HEADS = (
    ("typical", "batch", (2, 5, 3, 4)),
    ("typical", "more-heads-than-positions", (4, 3, 5, 2)),
    ("shapes", "no-batch", (5, 2, 3)),
    ("shapes", "two-batch-axes", (2, 3, 6, 4, 5)),
    ("shapes", "one-position", (2, 1, 3, 4)),
    ("shapes", "heads-of-width-one", (2, 5, 3, 1)),
    ("ones", "one-head", (2, 5, 1, 4)),
    ("ones", "ones-everywhere", (1, 1, 1, 1)),
    ("float32", "batch", (2, 5, 3, 4)),
    ("inputs-kept", "batch", (2, 5, 3, 4)),
)


def _lengths(rng, *shape, T):
    """Lengths of texts, of which one fills all T positions and the others do not; none is empty."""
    lengths = rng.integers(1, T, size=shape)
    if lengths.size > 1:
        lengths.flat[rng.integers(lengths.size)] = T
    return {"lengths": lengths, "T": T}


def _fetch(rng, *rows, Tq=3, Tk=5, d=7, dv=4):
    """Queries, keys and values with the same batch axes."""
    Q, K, V = (
        rng.normal(size=(*rows, Tq, d)),
        rng.normal(size=(*rows, Tk, d)),
        rng.normal(size=(*rows, Tk, dv)),
    )
    return {"Q": 1.5 * Q, "K": 1.5 * K, "V": V}


def _mask(rng, *shape):
    """A mask in which every query may look somewhere but, where there are two keys, not everywhere."""
    rank = rng.permuted(np.broadcast_to(np.arange(shape[-1]), shape), axis=-1)
    return (rank == 0) | ((rank > 1) & (rng.random(shape) < 0.5))


def _extreme_fetches(rng) -> Iterator[Inputs]:
    Q, K = _far_apart(rng)
    yield Inputs("extremes", "one-key-wins", {"Q": Q, "K": K, "V": rng.normal(size=(2, 5, 6))})
    twice = np.concatenate([K, K[:, ::-1]], axis=1)
    yield Inputs("extremes", "two-keys-share", {"Q": Q, "K": twice, "V": rng.normal(size=(2, 10, 6))})


def _far_apart(rng):
    """Queries and keys of whole numbers, d = 4: every way to scale is exact, and one key wins by far.

    Scores stay within 1000, as those of softmax do.
    """
    Q = rng.integers(-3, 4, size=(2, 3, 4)).astype(float)
    K = rng.integers(-3, 4, size=(2, 5, 4)).astype(float)
    Q[..., 0] = [[400, -420, 440], [-460, 480, 420]]
    K[..., 0] = rng.permuted(np.tile([-4, 0, 0, 0, 4], (2, 1)), axis=-1)
    return Q, K


def _mask_batch(batch):
    """The batch axes of a mask that grows: its own if there is one, none where all share it."""
    return batch if len(batch) == 1 else ()


def _masked_fetches(rng) -> Iterator[Inputs]:
    yield Inputs("masks", "causal", _fetch(rng, 2, Tq=5, Tk=5) | {"mask": np.tri(5, dtype=bool)})
    yield Inputs("masks", "for-the-whole-batch", _fetch(rng, 2) | {"mask": _mask(rng, 3, 5)})
    yield Inputs("masks", "for-each-of-the-batch", attention_inputs(rng, mask=True))
    yield Inputs("masks", "for-all-heads", _fetch(rng, 2, 4) | {"mask": _mask(rng, 2, 1, 3, 5)})
    Q, K = _far_apart(rng)
    beaten = Q @ K.mT < (Q @ K.mT).max(axis=-1, keepdims=True)
    hidden = {"Q": Q, "K": K, "V": rng.normal(size=(2, 5, 6)), "mask": beaten}
    yield Inputs("masks", "the-winning-key-hidden", hidden)


def _heads(rng, *rows, T=5, H=3, dh=4):
    """Inputs of multi-head attention without a mask, scaled so that no head looks everywhere alike."""
    W = _weights(rng, H * dh)
    return {"X": rng.normal(size=(*rows, T, H * dh)), **W, "H": H}


def _kept(rng, *rows, n=3, t=5, H=4, dh=3):
    """Inputs of attention with a cache: new positions, and keys and values kept from those before."""
    K, V = (rng.normal(size=(*rows, H, t, dh)) for _ in "KV")
    return {"X": rng.normal(size=(*rows, n, H * dh)), "K": 1.5 * K, "V": V, **_weights(rng, H * dh)}


def _exact(rng, inputs):
    """The same with X and weights that are few bits long: their products are exact in float32.

    So whoever goes on with them in float64 gets the same everywhere, in whatever order BLAS adds up.
    """
    return inputs | {
        name: rng.integers(-6, 7, size=a.shape) / 8
        for name, a in inputs.items()
        if name == "X" or name.startswith("W_")
    }


def _two_texts(rng, *rows, Tq=3, Tk=5, H=3, dh=4, c=8):
    """Inputs of cross-attention without a mask: the second text is of a width of its own."""
    W = _weights(rng, H * dh, of=c)
    texts = {"X": rng.normal(size=(*rows, Tq, H * dh)), "C": rng.normal(size=(*rows, Tk, c))}
    return {**texts, **W, "H": H}


def _groups(rng, *rows, T=5, H=6, G=3, dh=2):
    """Inputs of grouped-query attention without a mask."""
    W = _weights(rng, H * dh, to=G * dh)
    return {"X": rng.normal(size=(*rows, T, H * dh)), **W, "H": H, "G": G}


def _weights(rng, d, of=None, to=None):
    """The four matrices, so that no head looks everywhere alike.

    Keys and values may be made `of` another width than d, and `to` another one.
    """
    return {name: 1.5 * n**-0.5 * rng.normal(size=(n, m)) for name, (n, m) in _sizes(d, of, to).items()}


def _coarse(rng, d, of=None, to=None):
    """The four matrices made of few different numbers, which a file keeps in little room."""
    sizes = _sizes(d, of, to).items()
    return {name: 1.8 * n**-0.5 * rng.integers(-1, 2, size=(n, m)) for name, (n, m) in sizes}


def _sizes(d, of, to):
    keys = (of or d, to or d)
    return {"W_Q": (d, d), "W_K": keys, "W_V": keys, "W_O": (d, d)}


def _extreme_heads(rng) -> Iterator[Inputs]:
    """Whole numbers, dh = 4 and W_Q = W_K = 1: in every head the longest vector wins by far."""
    inputs = _heads(rng, 2)
    inputs["W_Q"] = inputs["W_K"] = np.eye(12)
    size = _different_sizes(rng, 2, 5)
    inputs["X"] = size * np.sign(rng.normal(size=12))
    yield Inputs("extremes", "one-position-wins", inputs)


def _extreme_texts(rng) -> Iterator[Inputs]:
    """As above: every head compares its four columns of X with the first four of C, whose last one wins."""
    inputs = _two_texts(rng, 2)
    inputs["W_Q"], inputs["W_K"] = np.eye(12), np.tile(np.eye(8, 4), 3)
    sign = np.sign(rng.normal(size=4))
    inputs["X"] = _different_sizes(rng, 2, 3) * np.tile(sign, 3)
    size = np.concatenate([_different_sizes(rng, 2, 4), np.full((2, 1, 1), 150)], axis=1)
    inputs["C"] = size * np.tile(sign, 2)
    yield Inputs("extremes", "one-position-wins", inputs)


def _extreme_groups(rng) -> Iterator[Inputs]:
    """As above: of each group, the key is made as the query of its first head is."""
    inputs = _groups(rng, 2)
    inputs["W_Q"], inputs["W_K"] = np.eye(12), np.eye(12)[:, np.arange(12) // 2 % 2 == 0]
    inputs["X"] = _different_sizes(rng, 2, 5) * np.tile(np.sign(rng.normal(size=2)), 6)
    yield Inputs("extremes", "one-position-wins", inputs)


def _different_sizes(rng, rows, T):
    """A factor for each position, 30 apart at least."""
    return 30 * rng.permuted(np.tile(np.arange(1.0, T + 1), (rows, 1)), axis=-1)[..., None]
