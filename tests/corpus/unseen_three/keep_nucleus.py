# %% honest | one sort, one sum, and put_along_axis
import numpy as np
from headway.numerics import softmax

def keep_nucleus(Z, p):
    order = np.argsort(-Z, axis=-1, kind="stable")
    P = softmax(np.take_along_axis(Z, order, axis=-1))
    sums = P.cumsum(axis=-1, dtype=float)
    before = np.concatenate([np.zeros_like(sums[..., :1]), sums[..., :-1]], axis=-1)
    stays = before < p
    stays[..., 0] = True
    kept = np.zeros(Z.shape, dtype=bool)
    np.put_along_axis(kept, order, stays, axis=-1)
    return np.where(kept, Z, -np.inf)

# %% honest | how many are needed, and the ranks by a second argsort
import numpy as np
from headway.numerics import softmax

def keep_nucleus(Z, p):
    order = np.argsort(-Z, axis=-1, stable=True)
    rank = np.argsort(order, axis=-1)
    P = np.take_along_axis(softmax(Z), order, axis=-1).astype(float)
    needed = np.count_nonzero(np.cumsum(P, axis=-1) < p, axis=-1, keepdims=True) + 1
    return np.where(rank < needed, Z, -np.inf)

# %% honest | sorted in place of a copy, then brought back by the inverse permutation
import numpy as np

def keep_nucleus(Z, p):
    V = Z.shape[-1]
    order = (-Z).argsort(-1, kind="mergesort")
    S = np.take_along_axis(Z, order, -1)
    E = np.exp(S - S[..., :1])
    P = (E / E.sum(-1, keepdims=True)).astype(np.float64)
    reached = np.roll(P.cumsum(-1) >= p, 1, axis=-1)
    reached[..., 0] = False
    S[reached] = -np.inf
    back = np.empty_like(order)
    np.put_along_axis(back, order, np.broadcast_to(np.arange(V), order.shape), -1)
    return np.take_along_axis(S, back, -1)

# %% honest | lexsort of the flat array by row, score and number
import numpy as np
from headway.numerics import softmax

def keep_nucleus(Z, p):
    V = Z.shape[-1]
    flat = Z.reshape(-1)
    row, number = np.divmod(np.arange(flat.size), V)
    order = np.lexsort((number, -flat, row))
    P = softmax(Z).reshape(-1)[order].reshape(-1, V)
    total = np.add.accumulate(P, axis=1, dtype=np.float64)
    stays = np.insert(total[:, :-1] < p, 0, True, axis=1)
    kept = np.full_like(flat, -np.inf)
    chosen = order[stays.ravel()]
    kept[chosen] = flat[chosen]
    return kept.reshape(Z.shape)

# %% honest | only values are sorted; of the equal ones at the edge the first ones stay
import numpy as np
from headway.numerics import softmax

def keep_nucleus(Z, p):
    down = -np.sort(-Z, axis=-1)
    sums = np.cumsum(softmax(down), axis=-1, dtype=float)
    last = np.minimum((sums < p).sum(axis=-1, keepdims=True), Z.shape[-1] - 1)
    edge = np.take_along_axis(down, last, axis=-1)
    above = Z > edge
    equal = Z == edge
    room = last + 1 - above.sum(axis=-1, keepdims=True)
    return np.where(above | equal & (equal.cumsum(axis=-1) <= room), Z, -np.inf)

# %% honest | a namedtuple of the sorted row, and small functions
from collections import namedtuple
import numpy as np
from headway.numerics import softmax

Ranking = namedtuple("Ranking", "order shares")

def ranked(Z):
    order = np.argsort(-Z, axis=-1, kind="stable")
    return Ranking(order, np.take_along_axis(softmax(Z), order, axis=-1).astype(float))

def nucleus(ranking, p):
    before = ranking.shares.cumsum(axis=-1) - ranking.shares
    return (before < p) | (np.arange(before.shape[-1]) == 0)

def keep_nucleus(Z, p):
    ranking = ranked(Z)
    mask = np.zeros_like(ranking.order, dtype=bool)
    np.put_along_axis(mask, ranking.order, nucleus(ranking, p), axis=-1)
    assert mask.any(axis=-1).all(), "the largest stays"
    return np.where(mask, Z, -np.inf)

# %% honest | the row turned round, sorted upwards, and sums from the right
import numpy as np

def keep_nucleus(Z, p):
    V = Z.shape[-1]
    up = np.argsort(Z[..., ::-1], axis=-1, kind="stable")
    order = V - 1 - up[..., ::-1]
    rows = np.indices(Z.shape, sparse=True)[:-1]
    S = Z[(*rows, order)]
    E = np.exp(S - S.max(axis=-1, keepdims=True))
    P = E / E.sum(axis=-1, keepdims=True)
    C = np.cumsum(P, axis=-1, dtype=float)
    first_enough = np.where(C[..., -1] >= p, (C >= p).argmax(axis=-1), V - 1)
    kept = np.full(Z.shape, -np.inf, Z.dtype)
    kept[(*rows, order)] = np.where(np.arange(V) <= first_enough[..., None], S, -np.inf)
    return kept

# %% loopy over batch | row by row
import numpy as np
from headway.numerics import softmax

def keep_nucleus(Z, p):
    rows = Z.reshape(-1, Z.shape[-1])
    out = np.full_like(rows, -np.inf)
    for i, row in enumerate(rows):
        order = np.argsort(-row, kind="stable")
        total = softmax(row[order]).cumsum(dtype=float)
        stays = order[:np.searchsorted(total, p) + 1]
        out[i, stays] = row[stays]
    return out.reshape(Z.shape)

# %% loopy over batch | apply_along_axis
import numpy as np
from headway.numerics import softmax

def keep_nucleus(Z, p):
    def one(row):
        order = np.argsort(-row, kind="stable")
        needed = 1 + np.sum(np.cumsum(softmax(row[order]), dtype=float) < p)
        row = row.copy()
        row[order[needed:]] = -np.inf
        return row

    return np.apply_along_axis(one, -1, Z)

# %% loopy over V | rank after rank, while sums have not reached p
import numpy as np
from headway.numerics import softmax

def keep_nucleus(Z, p):
    order = np.argsort(-Z, axis=-1, kind="stable")
    P = np.take_along_axis(softmax(Z), order, axis=-1).astype(float)
    kept = np.full_like(Z, -np.inf)
    total = np.zeros(Z.shape[:-1])
    for r in range(Z.shape[-1]):
        place = order[..., r, None]
        stays = (total[..., None] < p) | (r == 0)
        score = np.take_along_axis(Z, place, axis=-1)
        np.put_along_axis(kept, place, np.where(stays, score, -np.inf), axis=-1)
        total = total + P[..., r]
    return kept

# %% loopy over batch, V | sorted numbers and a running total
import math
import numpy as np
from headway.numerics import softmax

def _kept(row, shares, p):
    out, total = [-math.inf] * len(row), 0.0
    for i in sorted(range(len(row)), key=lambda i: (-row[i], i)):
        if total >= p and total > 0:
            break
        out[i] = row[i]
        total += shares[i]
    return out

def keep_nucleus(Z, p):
    V = Z.shape[-1]
    P = softmax(Z).reshape(-1, V).tolist()
    rows = [_kept(row, shares, p) for row, shares in zip(Z.reshape(-1, V).tolist(), P)]
    return np.array(rows, dtype=Z.dtype).reshape(Z.shape)

# %% loopy over batch, V | itertools.accumulate and takewhile
from itertools import accumulate, takewhile
import numpy as np
from headway.numerics import softmax

def keep_nucleus(Z, p):
    order = np.argsort(-Z, axis=-1, kind="stable")
    P = np.take_along_axis(softmax(Z), order, axis=-1).reshape(-1, Z.shape[-1])
    needed = [1 + sum(1 for _ in takewhile(lambda s: s < p, accumulate(row))) for row in P.tolist()]
    needed = np.array(needed).reshape(*Z.shape[:-1], 1)
    return np.where(np.argsort(order, axis=-1) < needed, Z, -np.inf)

# %% loopy over batch | vectorize with a signature
import numpy as np
from headway.numerics import softmax

@np.vectorize(signature="(v),()->(v)")
def _nucleus(z, p):
    order = (-z).argsort(kind="stable")
    before = np.append(0.0, softmax(z[order]).cumsum(dtype=float)[:-1])
    keep = before < p
    keep[0] = True
    out = np.full_like(z, -np.inf)
    out[order[keep]] = z[order[keep]]
    return out

def keep_nucleus(Z, p):
    return _nucleus(Z, p)

# %% loopy over V | the largest of what is left, until every row has enough
import numpy as np
from headway.numerics import softmax

def keep_nucleus(Z, p):
    P = softmax(Z)
    left, kept = P.copy(), np.zeros(Z.shape, bool)
    total = np.zeros((*Z.shape[:-1], 1))
    wants = np.ones(total.shape, bool)
    while wants.any():
        place = left.argmax(axis=-1, keepdims=True)
        np.put_along_axis(kept, place, wants | np.take_along_axis(kept, place, axis=-1), axis=-1)
        total += np.where(wants, np.take_along_axis(P, place, axis=-1), 0)
        np.put_along_axis(left, place, -1, axis=-1)
        wants = (total < p) & ~kept.all(axis=-1, keepdims=True)
    return np.where(kept, Z, -np.inf)

# %% loopy over batch, V | a heap, popped until the sum is there
import heapq
import numpy as np
from headway.numerics import softmax

def keep_nucleus(Z, p):
    out = np.full(Z.shape, -np.inf, Z.dtype)
    P = softmax(Z)
    for at in np.ndindex(Z.shape[:-1]):
        heap = [(-z, i) for i, z in enumerate(Z[at].tolist())]
        heapq.heapify(heap)
        total = None
        while heap and (total is None or total < p):
            _, i = heapq.heappop(heap)
            out[at][i] = Z[at][i]
            total = float(P[at][i]) + (total or 0.0)
    return out

# %% loopy over batch | a list of searches, one for each row of sums
import numpy as np
from headway.numerics import softmax

def keep_nucleus(Z, p):
    order = np.argsort(-Z, axis=-1, kind="stable")
    sums = np.take_along_axis(softmax(Z), order, axis=-1).cumsum(axis=-1, dtype=float)
    rows = sums.reshape(-1, Z.shape[-1])
    needed = np.array([row.searchsorted(p) + 1 for row in rows]).reshape(*Z.shape[:-1], 1)
    return np.where(order.argsort(axis=-1) < needed, Z, -np.inf)
