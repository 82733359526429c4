"""Cases of generation: what is cut off and what is left, beams, and drafts."""

from collections.abc import Iterator

import numpy as np
from headway.arrays import gather_last
from headway.generate import next_probabilities as probabilities
from headway.numerics import sample_categorical, softmax

from headway_grader.cases.groups import Inputs, in_float32


def keep_top_inputs(rng, *, batch=(4,), V=7, k=3):
    return {"Z": _scores(rng, *batch, max(V, k + 1)), "k": k}


def keep_top(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "rows", keep_top_inputs(rng))
    yield Inputs("typical", "top-two", keep_top_inputs(rng, batch=(5,), V=9, k=2))
    row = np.array([1.0, 3, -2, 4, 0, 2, -1]) + rng.integers(5)
    yield Inputs("no-batch", "one-row", {"Z": row, "k": 3})
    yield Inputs("shapes", "two-batch-axes", keep_top_inputs(rng, batch=(2, 3), V=5, k=4))
    yield Inputs("shapes", "the-largest-alone", keep_top_inputs(rng, batch=(3,), V=6, k=1))
    yield Inputs("ones", "one-score", {"Z": np.array([[-1.5], [0.25], [2]]), "k": 1})
    equal = rng.permuted([[4.0, 1, 1, 1, -2], [0, 0, 0, 3, 3], [5, 5, 5, 5, 5]], axis=-1)
    yield Inputs("extremes", "equal-scores", {"Z": equal, "k": 2})
    holes = rng.permuted([[2.0, 0.25, -np.inf, -3], [1.5, -np.inf, -np.inf, -np.inf]], axis=-1)
    yield Inputs("extremes", "minus-infinity", {"Z": holes, "k": 2})
    yield Inputs("extremes", "exactly-k", {"Z": _scores(rng, 2, 4), "k": 4})
    yield Inputs("extremes", "fewer-than-k", {"Z": _scores(rng, 2, 4), "k": 9})
    yield Inputs("float32", "rows", in_float32(keep_top_inputs(rng)))
    yield Inputs("inputs-kept", "rows", keep_top_inputs(rng, batch=(12,)))


def keep_nucleus_inputs(rng, *, batch=(4,), V=9):
    return _cut(rng, *batch, V, p=0.8)


def keep_nucleus(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "rows", keep_nucleus_inputs(rng))
    yield Inputs("typical", "half", _cut(rng, 6, 8, p=0.5))
    yield Inputs("no-batch", "one-row", _cut(rng, 12, p=0.8))
    yield Inputs("shapes", "two-batch-axes", _cut(rng, 2, 3, 8, p=0.7))
    yield Inputs("shapes", "nearly-all", _cut(rng, 3, 10, p=0.95))
    yield Inputs("ones", "one-score", {"Z": _scores(rng, 3, 1), "p": 0.5})
    yield Inputs("extremes", "equal-scores", {"Z": np.full((2, 4), rng.normal()), "p": 0.6})
    yield Inputs("extremes", "some-equal-scores", {"Z": rng.permuted([2.0, 2, 1, 1, 1, 1, 0]), "p": 0.72})
    groups = rng.permuted(np.repeat([2.0, 1, 0], [10, 14, 16]))
    yield Inputs("extremes", "many-equal-scores", {"Z": groups, "p": 0.7})
    for name, p in (("just-below", 0.7 - 1e-9), ("just-above", 0.7 + 1e-9)):  # float32 cannot tell
        yield Inputs("extremes", name, {"Z": rng.permuted(np.log([0.1, 0.2, 0.3, 0.4])), "p": p})
    yield Inputs("extremes", "exactly-p", {"Z": np.full((2, 4), rng.normal()), "p": 0.5})
    yield Inputs("extremes", "p-is-0", {"Z": _scores(rng, 3, 5), "p": 0.0})
    yield Inputs("extremes", "p-is-1", {"Z": _scores(rng, 3, 5), "p": 1.0})
    holes = rng.permuted([[2.0, 0.25, -np.inf, -3], [1.5, -np.inf, -np.inf, -np.inf]], axis=-1)
    yield Inputs("extremes", "minus-infinity", {"Z": holes, "p": 0.9})
    far = rng.permuted([[990.0, 989, 988, -900], [-990, -991, -992, -993]], axis=-1)
    yield Inputs("extremes", "large-scores", {"Z": far, "p": 0.8})
    yield Inputs("float32", "rows", in_float32(keep_nucleus_inputs(rng)))
    many = np.zeros(20_000, np.float32)  # equal shares, of which float32 adds up some too few or too many
    yield Inputs("float32", "many", {"Z": many, "p": 16_000.5 / 20_000})
    yield Inputs("inputs-kept", "rows", keep_nucleus_inputs(rng))


def penalise_inputs(rng, *, batch=(4,), V=9, T=5):
    """Texts in which a token with a positive score and one with a negative score occur, and some twice."""
    Z = np.abs(_scores(rng, *batch, V)) * np.where(np.arange(V) % 2, -1, 1)
    ids = rng.integers(V, size=(*batch, T))
    ids[..., -3:-1], ids[..., 0] = [0, 1], ids[..., -1]
    Z[..., :2] = [0.5, -0.5]  # so near to 0 that the border cannot be elsewhere
    return {"Z": Z, "ids": ids, "theta": 1.5}


def penalise(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "rows", penalise_inputs(rng))
    yield Inputs("typical", "longer", penalise_inputs(rng, batch=(3,), V=11, T=8) | {"theta": 1.2})
    yield Inputs("no-batch", "one-row", penalise_inputs(rng, batch=()))
    yield Inputs("shapes", "two-batch-axes", penalise_inputs(rng, batch=(2, 3), V=7, T=4))
    yield Inputs("shapes", "more-tokens-than-there-are", penalise_inputs(rng, batch=(2,), V=4, T=9))
    yield Inputs(
        "ones", "one-token", {"Z": np.abs(_scores(rng, 3, 1)), "ids": np.zeros((3, 1), int), "theta": 1.5}
    )
    yield Inputs("extremes", "theta-is-1", penalise_inputs(rng) | {"theta": 1.0})
    holes = rng.permuted([[2.0, 0.25, -np.inf, -0.5], [1.5, 0, -np.inf, -np.inf]], axis=-1)
    every = {"Z": holes, "ids": rng.permuted(np.tile(np.arange(4), (2, 1)), axis=-1), "theta": 1.25}
    yield Inputs("extremes", "minus-infinity-and-0", every)
    often = {"Z": _scores(rng, 2, 5), "ids": np.full((2, 6), 3), "theta": 1.2}
    yield Inputs("extremes", "one-token-often", often)
    yield Inputs("nothing", "no-token-yet", penalise_inputs(rng) | {"ids": np.zeros((4, 0), int)})
    yield Inputs("float32", "rows", in_float32(penalise_inputs(rng)))
    yield Inputs("inputs-kept", "rows", penalise_inputs(rng))


def next_probabilities_inputs(rng, *, batch=(4,), V=7, temperature=False, k=False, p=False):
    options = {"temperature": 0.7} if temperature else {}
    options |= {"k": 3} if k else {}
    return _cut(rng, *batch, V, **options, **({"p": 0.8} if p else {}))


def next_probabilities(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "as-they-are", {"Z": _scores(rng, 4, 7)})
    yield Inputs("typical", "cold", {"Z": _scores(rng, 5, 6), "temperature": 0.7})
    yield Inputs("typical", "hot", {"Z": _scores(rng, 3, 8), "temperature": 2.5})
    yield Inputs("no-batch", "one-row", {"Z": _scores(rng, 8), "temperature": 1.5})
    yield Inputs("shapes", "two-batch-axes", {"Z": _scores(rng, 2, 3, 5), "temperature": 0.6})
    yield Inputs("ones", "one-score", {"Z": _scores(rng, 3, 1), "temperature": 0.5})
    yield Inputs("ones", "one-score-at-temperature-0", {"Z": _scores(rng, 3, 1), "temperature": 0})
    yield Inputs("extremes", "temperature-0", {"Z": _scores(rng, 4, 6), "temperature": 0})
    yield Inputs("extremes", "temperature-0-as-a-float", _cut(rng, 3, 5, k=2, p=0.8) | {"temperature": 0.0})
    two_axes = {"Z": _scores(rng, 2, 3, 5), "temperature": 0}
    yield Inputs("extremes", "temperature-0-and-two-batch-axes", two_axes)
    equal = rng.permuted([[3.0, 3, 1, 0], [2, -1, 2, 2]], axis=-1)
    yield Inputs("extremes", "equal-scores-at-temperature-0", {"Z": equal, "temperature": 0})
    yield Inputs("extremes", "nearly-0", {"Z": 100 + _scores(rng, 3, 5), "temperature": 0.125})
    yield Inputs("cut", "top", _cut(rng, 4, 7, k=3))
    yield Inputs("cut", "nucleus", _cut(rng, 4, 9, p=0.8))
    yield Inputs("cut", "top-at-a-temperature", _cut(rng, 5, 7, temperature=2.0, k=4))
    yield Inputs("cut", "nucleus-at-a-temperature", _cut(rng, 6, 9, temperature=2.0, p=0.7))
    yield Inputs("cut", "nucleus-of-the-top", _cut(rng, 6, 10, k=4, p=0.75))
    yield Inputs("cut", "all-at-once", _cut(rng, 2, 3, 9, temperature=1.5, k=5, p=0.75))
    yield Inputs("float32", "rows", in_float32({"Z": _scores(rng, 4, 7), "temperature": 0.7}))
    yield Inputs("float32", "temperature-0", in_float32({"Z": _scores(rng, 4, 7), "temperature": 0}))
    yield Inputs("float32", "all-at-once", in_float32(_cut(rng, 4, 9, temperature=1.5, k=5, p=0.75)))
    yield Inputs("inputs-kept", "rows", {"Z": _scores(rng, 4, 7), "temperature": 0.7})


def beam_step_inputs(rng, *, batch=(2,), W=3, V=5):
    """Some of the texts have ended: the last, and others by chance, but never the first two."""
    inputs = _beams(rng, *batch, W, V)
    inputs["ended"][..., 2:] = rng.random((*batch, W - 2)) < 0.5
    inputs["ended"][..., -1] = True
    return inputs


def beam_step(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "rows", _beams(rng, 4, 3, 5))
    yield Inputs("typical", "many-tokens", _beams(rng, 3, 4, 12))
    ahead = _beams(rng, 5, 8)
    ahead["found"][1:] -= 6  # so that one text has most of the children
    yield Inputs("no-batch", "one-text", ahead)
    yield Inputs("shapes", "two-batch-axes", _beams(rng, 2, 3, 4, 7))
    yield Inputs("shapes", "more-beams-than-tokens", _beams(rng, 2, 5, 3))
    yield Inputs("shapes", "one-beam", _beams(rng, 3, 1, 6))
    one = {"found": np.zeros((2, 1)), "ended": np.zeros((2, 1), bool), "Z": np.zeros((2, 1, 1)), "stop": 0}
    yield Inputs("ones", "ones-everywhere", one)
    first = _beams(rng, 2, 3, 5)
    first["found"][:] = [0, -np.inf, -np.inf]
    yield Inputs("extremes", "the-first-step", first)
    alike = np.tile(rng.permuted(np.repeat([2.0, 0], [12, 28])), (2, 6, 1))
    equal = _beams(rng, 2, 6, 40) | {"Z": alike, "found": np.full((2, 6), -1.5)}
    yield Inputs("extremes", "equal-log-probabilities", equal)
    few = _beams(rng, 2, 4, 3)
    few["found"][:, 1:] = -np.inf
    yield Inputs("extremes", "more-beams-than-texts", few)
    large = _beams(rng, 2, 3, 5)
    large["Z"] += 900
    yield Inputs("extremes", "large-scores", large)
    some = _beams(rng, 4, 3, 5)
    some["ended"][:, 1] = some["ended"][2:, 0] = True
    some["found"][:, 1] = 0.2 + some["found"].max(axis=1)  # one of them is the best of all
    yield Inputs("ended", "some", some)
    yield Inputs("ended", "others", beam_step_inputs(rng, batch=(6,), W=5, V=4))
    yield Inputs("ended", "all", _beams(rng, 2, 4, 3) | {"ended": np.ones((2, 4), bool)})
    yield Inputs("float32", "rows", in_float32(_beams(rng, 4, 3, 5)))
    yield Inputs("float32", "some-ended", in_float32(beam_step_inputs(rng, batch=(8,), W=4)))
    yield Inputs("inputs-kept", "rows", _beams(rng, 4, 3, 5))
    yield Inputs("inputs-kept", "some-ended", beam_step_inputs(rng, batch=(8,), W=4))


def accept_drafts_inputs(rng, *, batch=(3,), n=4, V=6):
    return _drafts(rng, *batch, n=n, V=max(V, 2))


def accept_drafts(rng) -> Iterator[Inputs]:
    yield Inputs("typical", "rows", _drafts(rng, 50, n=4, V=6))
    yield Inputs("typical", "two-drafts", _drafts(rng, 24, n=2, V=9))
    yield Inputs("shapes", "two-batch-axes", _drafts(rng, 2, 12, n=3, V=7))
    yield Inputs("shapes", "more-drafts-than-tokens", _drafts(rng, 28, n=6, V=3))
    yield Inputs("ones", "one-draft", _drafts(rng, 24, n=1, V=5))
    alike = _drafts(rng, 6, n=3, V=5)
    alike["Q"] = alike["P"][:, :-1].copy()
    yield Inputs(
        "extremes", "equal-models", alike | {"u": rng.random((6, 3)), "v": _middles(rng, alike["P"][:, -1])}
    )
    yield Inputs("extremes", "models-that-exclude-each-other", _strangers(rng))
    yield Inputs("extremes", "equal-but-for-rounding", _rounded())
    yield Inputs("extremes", "at-the-edge", _at_the_edge())
    yield Inputs("nothing", "nothing-drafted", _drafts(rng, 20, n=0, V=5))
    yield Inputs("float32", "rows", in_float32(_drafts(rng, 50, n=4, V=6)))
    yield Inputs("float32", "many-tokens", in_float32(_many_tokens()))
    yield Inputs("inputs-kept", "rows", _drafts(rng, 50, n=4, V=6))


def _scores(rng, *shape):
    return 2 * rng.normal(size=shape)


def _cut(rng, *shape, p=None, **options):
    """Scores, and options with which no sum of probabilities comes so near to p that rounding decides."""
    Z = _scores(rng, *shape)
    if p is None:
        return {"Z": Z, **options}
    while (near := _near(Z, p, options)).any():
        Z[near] = _scores(rng, near.sum(), shape[-1])
    return {"Z": Z, **options, "p": p}


def _near(Z, p, options):
    P = np.sort(probabilities(Z, **options), axis=-1)[..., ::-1]
    return (np.abs(P.cumsum(axis=-1) - p) < 1e-3).any(axis=-1)


def _beams(rng, *shape):
    """Log-probabilities of some texts, none of which has ended, and the scores of what may follow."""
    *rows, W, V = shape
    found = -rng.exponential(size=(*rows, W))
    ended = np.zeros((*rows, W), bool)
    return {"found": found, "ended": ended, "Z": _scores(rng, *shape), "stop": int(rng.integers(1, V - 1))}


def _drafts(rng, *rows, n, V):
    """Drafts of which in turns none, one … and all n stay, by a margin that rounding cannot bridge."""
    P, Q = softmax(rng.normal(size=(*rows, n + 1, V))), softmax(rng.normal(size=(*rows, n, V)))
    kept = rng.permuted(np.arange(np.prod(rows, dtype=int)) % (n + 1)).reshape(rows)
    i = np.arange(n)
    drafted = sample_categorical(Q, rng.random((*rows, n)))
    refused = i == kept[..., None]
    drafted = np.where(refused, (Q - P[..., :-1, :]).argmax(axis=-1), drafted)
    share = np.minimum(1, gather_last(P[..., :-1, :], drafted) / gather_last(Q, drafted))
    part = rng.uniform(0.1, 0.9, size=share.shape)
    u = np.where(i < kept[..., None], part * share, rng.random(share.shape))  # what follows does not matter
    u = np.where(refused, share + part * (1 - share), u)
    offered = np.concatenate([Q, np.zeros_like(P[..., :1, :])], axis=-2)
    more = np.take_along_axis(np.maximum(P - offered, 0), kept[..., None, None], axis=-2)[..., 0, :]
    return {"P": P, "Q": Q, "drafted": drafted, "u": u, "v": _middles(rng, more)}


def _middles(rng, shares):
    """Numbers in [0, 1), each well inside the stretch of one of the shares."""
    drawn = sample_categorical(shares, rng.random(shares.shape[:-1]))
    end = gather_last(shares.cumsum(axis=-1), drawn)
    inside = rng.uniform(0.2, 0.8, size=end.shape) * gather_last(shares, drawn)
    return (end - inside) / shares.sum(axis=-1)


def _strangers(rng):
    """What the one model drafts, the other would never write; in every third text it would at first."""
    P, Q = np.zeros((12, 3, 6)), np.zeros((12, 2, 6))
    P[..., 3:], Q[..., :3] = softmax(rng.normal(size=(12, 3, 3))), softmax(rng.normal(size=(12, 2, 3)))
    drafted = sample_categorical(Q, rng.random((12, 2)))
    P[::3, 0] = np.eye(6)[drafted[::3, 0]]
    at = np.where(np.arange(12) % 3, 0, 1)
    u = np.where(rng.random((12, 2)) < 0.5, 0, rng.random((12, 2)))
    u[np.arange(12), at] = 0  # even that is no reason to keep it
    return {"P": P, "Q": Q, "drafted": drafted, "u": u, "v": _middles(rng, P[np.arange(12), at])}


def _rounded():
    """Of three texts the second draft is refused: in two of them only because of how numbers are rounded."""
    tenths, q = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.5, 0.1, 0.2, 0.2])
    Q = np.tile(np.stack([tenths, q]), (1, 3, 1, 1))
    P = np.tile(np.stack([tenths, np.nextafter(q, 0), tenths]), (1, 3, 1, 1))
    P[0, 2, 1] = 0.25
    u = np.tile([0.5, np.nextafter(1.0, 0)], (1, 3, 1))
    v = np.array([[0.6 * (1 - 1e-9), 0.6 * (1 + 1e-9), 0.3]])  # 0.6 is the end of a stretch
    return {"P": P, "Q": Q, "drafted": np.tile([3, 0], (1, 3, 1)), "u": u, "v": v}


def _at_the_edge():
    """u nearer to P / Q, and v nearer to the end of a stretch, than float32 can tell."""
    p, q = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.7, 0.1, 0.1, 0.1])
    below, above = 1 - 1e-9, 1 + 1e-9
    u = np.array([below, above, above, above, above]) * p[0] / q[0]
    v = np.array(
        [0.5, below / 6, above / 6, below / 2, above / 2]
    )  # of P - Q there are 0.1, 0.2 and 0.3 left
    P, Q = np.tile(np.stack([p, p[::-1]]), (5, 1, 1)), np.tile(q, (5, 1, 1))
    return {"P": P, "Q": Q, "drafted": np.zeros((5, 1), int), "u": u[:, None], "v": v}


def _many_tokens():
    """Nothing drafted, and as many equal shares of P as float32 does not add up exactly."""
    n = 20_000
    return {
        "P": np.full((2, 1, n), 1 / n),
        "Q": np.zeros((2, 0, n)),
        "drafted": np.zeros((2, 0), int),
        "u": np.zeros((2, 0)),
        "v": np.array([0.25, 0.8]) + 0.5 / n,
    }
