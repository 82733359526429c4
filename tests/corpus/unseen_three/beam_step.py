# %% honest | one long row of all texts, sorted once
import numpy as np
from headway.numerics import log_softmax

def beam_step(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    waits = np.where(np.arange(V) == stop, 0, -np.inf).astype(Z.dtype)
    gain = np.where(ended[..., None], waits, log_softmax(Z))
    total = (found[..., None] + gain).reshape(*found.shape[:-1], W * V)
    place = np.argsort(-total, axis=-1, kind="stable")[..., :W]
    parents, tokens = np.divmod(place, V)
    return parents, tokens, np.take_along_axis(total, place, axis=-1)

# %% honest | lexsort by log-probability, parent and token
import numpy as np

def beam_step(found, ended, Z, stop):
    V = Z.shape[-1]
    shifted = Z - Z.max(axis=-1, keepdims=True)
    gain = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    gain[ended] = -np.inf
    gain[ended, stop] = 0
    total = found[..., None] + gain
    parent, token = np.indices(total.shape, sparse=True)[-2:]
    flat = [np.broadcast_to(A, total.shape).reshape(*found.shape[:-1], -1) for A in (token, parent, -total)]
    order = np.lexsort(flat, axis=-1)[..., :found.shape[-1]]
    tokens, parents, negative = (np.take_along_axis(A, order, axis=-1) for A in flat)
    return parents, tokens, -negative

# %% honest | the best of each beam first, then the best of these
import numpy as np
from headway.numerics import logsumexp

def beam_step(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    rest = np.full_like(Z, -np.inf)
    rest[..., stop] = 0
    gain = np.where(ended[..., None], rest, Z - logsumexp(Z)[..., None])
    total = gain + found[..., None]
    own = np.argsort(-total, axis=-1, kind="stable")[..., :W]            # (..., W, w)
    w = own.shape[-1]
    best_of_each = np.take_along_axis(total, own, axis=-1).reshape(*found.shape[:-1], W * w)
    order = np.argsort(-best_of_each, axis=-1, kind="stable")[..., :W]
    tokens = np.take_along_axis(own.reshape(best_of_each.shape), order, axis=-1)
    return order // w, tokens, np.take_along_axis(best_of_each, order, axis=-1)

# %% honest | ranks by comparing all pairs of candidates, scattered into place
import numpy as np
from headway.numerics import log_softmax

def beam_step(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    gain = np.where(ended[..., None], np.where(np.arange(V) == stop, 0.0, -np.inf).astype(Z.dtype), log_softmax(Z))
    total = (found[..., None] + gain).reshape(-1, W * V)
    i = np.arange(W * V)
    before = (total[:, None, :] > total[:, :, None]) | (total[:, None, :] == total[:, :, None]) & (i < i[:, None])
    rank = before.sum(axis=-1)
    text, place = np.nonzero(rank < W)
    best = np.empty((len(total), W), dtype=int)
    best[text, rank[text, place]] = place
    shape = found.shape
    new = total[np.arange(len(total))[:, None], best]
    return (best // V).reshape(shape), (best % V).reshape(shape), new.reshape(shape)

# %% honest | a namedtuple for the candidates, checks, and unravel_index
from collections import namedtuple
import numpy as np
from headway.numerics import log_softmax

Candidates = namedtuple("Candidates", "total shape")

def candidates(found, ended, Z, stop):
    gain = log_softmax(Z)
    stays = np.arange(Z.shape[-1]) == stop
    gain = np.select([ended[..., None] & stays, ended[..., None] & ~stays], [0.0, -np.inf], gain).astype(Z.dtype)
    total = np.expand_dims(found, -1) + gain
    return Candidates(total.reshape(total.shape[:-2] + (-1,)), total.shape[-2:])

def beam_step(found, ended, Z, stop):
    if found.shape != ended.shape or found.shape != Z.shape[:-1]:
        raise ValueError("a beam has one log-probability, one flag, and one row of scores")
    total, shape = candidates(found, ended, Z, stop)
    order = np.argsort(np.negative(total), axis=-1, stable=True)
    best = np.take(order, np.arange(shape[0]), axis=-1)
    parents, tokens = np.unravel_index(best, shape)
    return parents, tokens, np.take_along_axis(total, best, axis=-1)

# %% honest | ascending sort of the row turned round, batch axes as one
import numpy as np
from headway.numerics import log_softmax

def beam_step(found, ended, Z, stop):
    shape = found.shape
    W, V = Z.shape[-2:]
    found, ended = found.reshape(-1, W), ended.reshape(-1, W)
    gain = log_softmax(Z).reshape(-1, W, V).copy()
    text, beam = ended.nonzero()
    gain[text, beam] = -np.inf
    gain[text, beam, stop] = 0
    total = (found[:, :, None] + gain).reshape(len(found), -1)
    place = W * V - 1 - np.argsort(total[:, ::-1], axis=1, kind="stable")[:, ::-1][:, :W]
    rows = np.arange(len(total))[:, None]
    return (place // V).reshape(shape), (place % V).reshape(shape), total[rows, place].reshape(shape)

# %% honest | only what reaches the W-th largest sum is put in order
import numpy as np
from headway.numerics import log_softmax

def beam_step(found, ended, Z, stop):
    *batch, W, V = Z.shape
    token = np.arange(V)
    gain = np.where(ended[..., None], 0, log_softmax(Z))
    gain = np.where(ended[..., None] & (token != stop), -np.inf, gain)
    total = (found[..., None] + gain).reshape(*batch, W * V)
    edge = np.partition(total, W * V - W, axis=-1)[..., W * V - W, None]
    above, equal = total > edge, total == edge
    chosen = above | equal & (equal.cumsum(-1) <= W - above.sum(-1, keepdims=True))
    place = chosen.nonzero()[-1].reshape(*batch, W)
    new = np.take_along_axis(total, place, axis=-1)
    order = np.argsort(-new, axis=-1, kind="stable")
    place, new = (np.take_along_axis(A, order, axis=-1) for A in (place, new))
    return place // V, place - place // V * V, new

# %% loopy over batch | text after text
import numpy as np
from headway.numerics import log_softmax

def beam_step(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    gain = np.where(ended[..., None], np.where(np.arange(V) == stop, 0, -np.inf), log_softmax(Z)).astype(Z.dtype)
    total = (found[..., None] + gain).reshape(-1, W * V)
    parents, tokens, new = [], [], []
    for row in total:
        best = np.argsort(-row, kind="stable")[:W]
        parents.append(best // V)
        tokens.append(best % V)
        new.append(row[best])
    return tuple(np.array(A).reshape(found.shape) for A in (parents, tokens, new))

# %% loopy over batch, W, V | tuples, sorted by Python
import numpy as np
from headway.numerics import log_softmax

def _step(found, ended, gains, stop):
    longer = []
    for beam, so_far in enumerate(found):
        for token, gain in enumerate(gains[beam]):
            if ended[beam]:
                gain = 0.0 if token == stop else -np.inf
            longer.append((so_far + gain, beam, token))
    longer.sort(key=lambda text: (-text[0], text[1], text[2]))
    return longer[:len(found)]

def beam_step(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    gains = log_softmax(Z).reshape(-1, W, V)
    texts = [_step(*text, stop) for text in zip(found.reshape(-1, W), ended.reshape(-1, W), gains)]
    new, parents, tokens = np.moveaxis(np.array(texts, dtype=float), -1, 0)
    whole = lambda A: A.astype(int).reshape(found.shape)
    return whole(parents), whole(tokens), new.astype(found.dtype).reshape(found.shape)

# %% loopy over W | the winner by argmax, W times
import numpy as np
from headway.numerics import log_softmax

def beam_step(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    gain = np.where(ended[..., None], np.where(np.arange(V) == stop, 0, -np.inf).astype(Z.dtype), log_softmax(Z))
    total = (found[..., None] + gain).reshape(*found.shape[:-1], W * V)
    left, free = total.copy(), np.ones(total.shape, bool)
    places = []
    while len(places) < W:
        highest = np.max(left, axis=-1, keepdims=True, where=free, initial=-np.inf)
        place = (free & (left == highest)).argmax(axis=-1)[..., None]
        np.put_along_axis(free, place, False, axis=-1)
        places.append(place)
    place = np.concatenate(places, axis=-1)
    return place // V, place % V, np.take_along_axis(total, place, axis=-1)

# %% loopy over W | the gains of one beam after the other
import numpy as np
from headway.numerics import log_softmax

def beam_step(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    waits = np.full(V, -np.inf, Z.dtype)
    waits[stop] = 0
    rows = []
    for beam in range(W):
        gain = np.where(ended[..., beam, None], waits, log_softmax(Z[..., beam, :]))
        rows.append(found[..., beam, None] + gain)
    total = np.concatenate(rows, axis=-1)
    best = np.argsort(-total, axis=-1, kind="stable")[..., :W]
    return *np.divmod(best, V), np.take_along_axis(total, best, axis=-1)

# %% loopy over batch, W, V | heapq.nsmallest over a generator
import heapq
import numpy as np
from headway.numerics import log_softmax

def beam_step(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    gains = log_softmax(Z)
    out = np.zeros((*found.shape, 3))
    for at in np.ndindex(found.shape[:-1]):
        def longer():
            for w in range(W):
                for v in range(V):
                    gain = gains[at][w, v] if not ended[at][w] else (0 if v == stop else -np.inf)
                    yield -(found[at][w] + gain), w, v
        out[at] = heapq.nsmallest(W, longer())
    parents, tokens = out[..., 1].astype(int), out[..., 2].astype(int)
    return parents, tokens, (-out[..., 0]).astype(found.dtype)

# %% loopy over batch | recursion over the leading axes
import numpy as np
from headway.numerics import log_softmax

def beam_step(found, ended, Z, stop):
    if found.ndim > 1:
        each = [beam_step(*text, stop) for text in zip(found, ended, Z)]
        return tuple(map(np.stack, zip(*each)))
    W, V = Z.shape
    gain = log_softmax(Z)
    gain[ended] = np.where(np.arange(V) == stop, 0, -np.inf)
    total = (found[:, None] + gain).ravel()
    best = np.argsort(-total, kind="stable")[:W]
    return best // V, best % V, total[best]

# %% loopy over V | the best W so far, while tokens are tried one by one
import numpy as np
from headway.numerics import log_softmax

def beam_step(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    gains = log_softmax(Z)
    beams = np.broadcast_to(np.arange(W), found.shape)
    best = tuple(np.zeros((*found.shape[:-1], 0), A.dtype) for A in (beams, beams, found))
    for v in range(V):
        waits = 0 if v == stop else -np.inf
        total = found + np.where(ended, waits, gains[..., v]).astype(found.dtype)
        parents, tokens, totals = map(lambda A, B: np.concatenate([A, B], axis=-1), best,
                                      (beams, np.full_like(beams, v), total))
        order = np.lexsort((tokens, parents, -totals), axis=-1)[..., :W]
        best = tuple(np.take_along_axis(A, order, axis=-1) for A in (parents, tokens, totals))
    return best

# %% loopy over batch | apply_along_axis for the order, all else by numpy
import numpy as np
from headway.numerics import log_softmax

def beam_step(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    waits = np.where(np.arange(V) == stop, 0, -np.inf).astype(Z.dtype)
    total = found[..., None] + np.where(ended[..., None], waits, log_softmax(Z))
    total = total.reshape(*found.shape[:-1], -1)
    best = np.apply_along_axis(lambda row: (-row).argsort(kind="stable")[:W], -1, total)
    return best // V, best % V, np.take_along_axis(total, best, axis=-1)

# %% loopy over batch | vectorize with three results
import numpy as np
from headway.numerics import log_softmax

def _step(found, ended, Z, stop):
    gain = np.where(ended[:, None], -np.inf, log_softmax(Z)).astype(Z.dtype)
    gain[ended, stop] = 0
    total = (found[:, None] + gain).reshape(-1)
    best = np.lexsort((np.arange(total.size), -total))[:len(found)]
    return *np.divmod(best, Z.shape[1]), total[best]

beam_step = np.vectorize(_step, signature="(w),(w),(w,v),()->(w),(w),(w)")
