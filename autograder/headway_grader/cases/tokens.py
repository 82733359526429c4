"""Cases of byte pairs, and of the vectors of tokens."""

from collections.abc import Iterator

import numpy as np

from headway_grader.cases.groups import Inputs, in_float32

LETTERS = 97  # the id of `a`; texts of cases have few letters, so that pairs come again


def most_frequent_pair_inputs(rng, *, n=12):
    return {"ids": _with_favourite(rng, n, LETTERS + 1, LETTERS)}


def most_frequent_pair(rng) -> Iterator[Inputs]:
    for name, n, favourite in (
        ("short", 14, (98, 97)),
        ("long", 60, (99, 98)),
        ("large-ids", 30, (700, 301)),
    ):
        yield Inputs("typical", name, {"ids": _with_favourite(rng, n, *favourite)})
    yield Inputs("typical", "the-most-frequent-id-is-not-in-it", {"ids": _with_a_busy_id(rng)})
    yield Inputs("ones", "two-ids", {"ids": np.array([97, 99])})
    yield Inputs("ones", "one-letter", {"ids": np.full(6, LETTERS)})
    three = np.array([98, 97, 5, 98, 97, 6, 99, 98, 7, 99, 98, 8, 97, 99, 9, 97, 99])
    yield Inputs("extremes", "three-equally-frequent", {"ids": three})
    yield Inputs("extremes", "all-once", {"ids": np.array([7, 3, 6, 1, 5, 0, 4, 2])})
    yield Inputs("inputs-kept", "text", {"ids": _with_favourite(rng, 20, 97, 99)})


def merge_pair_inputs(rng, *, n=12, alike=False):
    if alike:  # pairs overlap
        return {"ids": np.full(n, 97), "left": 97, "right": 97, "new": 256}
    ids = np.concatenate([[97, 97, 98], _text(rng, n - 3, 2)])
    return {"ids": ids, "left": 97, "right": 98, "new": 256}


def merge_pair(rng) -> Iterator[Inputs]:
    for name, n in (("short", 11), ("long", 47)):
        yield Inputs("typical", name, _merging(_alternating(rng, n), 98, 97))
    yield Inputs("typical", "a-larger-new-id", _merging(_alternating(rng, 13), 98, 97) | {"new": 300})
    yield Inputs("ones", "the-pair-alone", _merging(np.array([98, 97]), 98, 97))
    yield Inputs("ones", "one-id", _merging(np.array([98]), 98, 97))
    for name, run in (("two", 2), ("three", 3), ("six", 6), ("nine", 9)):
        ids = np.concatenate([[97], np.full(run, 98), [97], np.full(run - 1, 98)])
        yield Inputs("extremes", f"{name}-in-a-row", _merging(ids, 98, 98))
    yield Inputs("nothing", "no-such-pair", _merging(np.array([97, 98, 98, 99, 97]), 98, 97))
    yield Inputs("nothing", "from-the-end-to-the-beginning", _merging(np.array([97, 99, 98, 98]), 98, 97))
    yield Inputs("inputs-kept", "text", _merging(_alternating(rng, 15), 98, 97))


def bpe_encode_inputs(rng, *, n=12, m=3):
    return {"ids": np.concatenate([[97, 98, 99], _text(rng, n - 3)]), "merges": _merges(rng, m)}


def bpe_encode(rng) -> Iterator[Inputs]:
    nested = np.array([[97, 98], [256, 99], [257, 257], [99, 97]])
    yield Inputs(
        "typical", "nested", {"ids": np.array([97, 98, 99, 97, 98, 99, 97, 98, 97]), "merges": nested}
    )
    yield Inputs("typical", "text", {"ids": _with_favourite(rng, 40, 97, 98), "merges": nested})
    yield Inputs("ones", "one-merge", {"ids": np.array([98, 97, 98, 97]), "merges": np.array([[98, 97]])})
    order = np.array([[97, 97], [97, 98]])
    yield Inputs(
        "extremes", "the-order-matters", {"ids": np.array([97, 97, 97, 98, 97, 97, 98]), "merges": order}
    )
    later = np.array([[98, 99], [97, 98]])  # in `abc` both could be done, and the first was learned first
    yield Inputs("extremes", "two-compete", {"ids": np.array([97, 98, 99, 97, 98, 98, 99]), "merges": later})
    yield Inputs("nothing", "no-merge", {"ids": _text(rng, 9), "merges": np.zeros((0, 2), int)})
    yield Inputs("inputs-kept", "text", {"ids": _with_favourite(rng, 20, 97, 98), "merges": nested})


def bpe_decode_inputs(rng, *, n=12, m=3):
    return {"ids": rng.choice([97, 98, *range(256, 256 + m)], n), "merges": _merges(rng, m)}


def bpe_decode(rng) -> Iterator[Inputs]:
    nested = np.array([[97, 98], [256, 99], [257, 257], [99, 97]])
    yield Inputs("typical", "nested", {"ids": np.array([258, 97, 256, 257, 259]), "merges": nested})
    yield Inputs("typical", "many", {"ids": rng.choice([97, 98, 256, 257, 258, 259], 30), "merges": nested})
    yield Inputs("ones", "one-merge", {"ids": np.array([256, 98, 256, 256]), "merges": np.array([[98, 98]])})
    yield Inputs("ones", "one-token", {"ids": np.array([256]), "merges": np.array([[98, 98]])})
    some = np.append(_text(rng, 9), [0, 255])  # the first and the last there are
    yield Inputs("nothing", "only-bytes", {"ids": some, "merges": nested})
    yield Inputs("inputs-kept", "nested", {"ids": np.array([259, 258, 98]), "merges": nested})


def embed_inputs(rng, *, batch=(2,), T=5, V=11, d=4):
    return {"ids": rng.integers(V, size=(*batch, T)), "W_E": rng.normal(size=(V, d))}


def embed(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "texts", embed_inputs(rng))
    yield Inputs("typical", "longer-texts", embed_inputs(rng, batch=(3,), T=7, V=6, d=2))
    yield Inputs("no-batch", "one-text", embed_inputs(rng, batch=()))
    yield Inputs("shapes", "two-batch-axes", embed_inputs(rng, batch=(2, 3), T=4))
    yield Inputs("ones", "one-token", embed_inputs(rng, batch=(1,), T=1, V=1, d=1))
    yield Inputs("float32", "texts", in_float32(embed_inputs(rng)))
    yield Inputs("inputs-kept", "texts", embed_inputs(rng))


def unembed_inputs(rng, *, batch=(2,), T=5, d=4, V=11):
    return {"X": rng.normal(size=(*batch, T, d)), "W_U": rng.normal(size=(d, V))}


def unembed(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "texts", unembed_inputs(rng))
    yield Inputs("typical", "as-many-tokens-as-components", unembed_inputs(rng, T=3, d=6, V=6))
    yield Inputs("no-batch", "one-text", unembed_inputs(rng, batch=()))
    yield Inputs("shapes", "two-batch-axes", unembed_inputs(rng, batch=(2, 3), T=4))
    yield Inputs("ones", "one-component", unembed_inputs(rng, batch=(1,), T=1, d=1, V=1))
    yield Inputs("float32", "texts", in_float32(unembed_inputs(rng)))
    yield Inputs("inputs-kept", "texts", unembed_inputs(rng))


def patches_inputs(rng, *, batch=(4,), c=3, rows=1, columns=5, p=2):
    images = _images(rng, *batch, c, rows * p, columns * p, p=p)
    return images | {"images": np.sign(images["images"])}  # two numbers, which a file keeps in little room


def patches(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "images", _images(rng, 2, 3, 6, 4, p=2))
    yield Inputs("typical", "larger-patches", _images(rng, 4, 2, 6, 9, p=3))
    yield Inputs("no-batch", "one-image", _images(rng, 3, 8, 6, p=2))
    yield Inputs("shapes", "two-batch-axes", _images(rng, 2, 4, 3, 4, 6, p=2))
    yield Inputs("shapes", "one-patch", _images(rng, 4, 3, 5, 5, p=5))
    yield Inputs("ones", "one-colour-and-patches-of-one-pixel", _images(rng, 2, 1, 5, 1, p=1))
    yield Inputs("float32", "images", in_float32(_images(rng, 2, 3, 6, 4, p=2)))
    yield Inputs("inputs-kept", "images", _images(rng, 2, 3, 6, 4, p=2))


def _images(rng, *shape, p):
    return {"images": rng.normal(size=shape), "p": p}


def _text(rng, n, letters=3):
    return rng.integers(LETTERS, LETTERS + letters, size=n)


def _with_favourite(rng, n, left, right):
    """A text in which one pair is more frequent than any other."""
    others = rng.permutation(np.arange(1000, 1000 + n))
    ids = np.array([left, right, left, right, left, right])
    return np.concatenate([ids, others[: max(n - 8, 1)], [left, right]])


def _with_a_busy_id(rng):
    """A text whose most frequent id always has other neighbours; the pair that comes twice is without it."""
    ids = np.sort(rng.permutation(200)[:8])
    return ids[[4, 0, 4, 1, 4, 2, 4, 3, 6, 7, 5, 6, 7]]


def _alternating(rng, n):
    """A text of two letters that begins and ends with the pair `ba`, and has `bbaaa` in it."""
    return np.concatenate([[98, 97], _text(rng, n - 9, 2), [98, 98, 97, 97, 97], [98, 97]])


def _merging(ids, left, right):
    return {"ids": ids, "left": left, "right": right, "new": 256}


def _merges(rng, m):
    """Merges of what is there before them; the first two compete for `abc`."""
    known = np.array([97, 98, 99, *range(256, 256 + m)])
    drawn = [rng.choice(known[: 3 + i], 2) for i in range(2, m)]
    return np.array([[98, 99], [97, 98], *drawn])[:m]
