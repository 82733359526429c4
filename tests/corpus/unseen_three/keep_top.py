# %% honest | partition finds the last that stays
import numpy as np

def keep_top(Z, k):
    k = min(k, Z.shape[-1])
    last = np.partition(Z, -k, axis=-1)[..., -k, None]
    return np.where(Z >= last, Z, -np.inf)

# %% honest | a whole sort, and a copy with a mask
import numpy as np

def keep_top(Z, k):
    V = Z.shape[-1]
    out = Z.copy()
    if k >= V:
        return out
    limit = np.sort(Z, axis=-1)[..., V - k:V - k + 1]
    out[out < limit] = -np.inf
    return out

# %% honest | counts for each score how many are larger, all pairs at once
import numpy as np

def keep_top(Z, k):
    larger = (Z[..., None, :] > Z[..., :, None]).sum(axis=-1)
    return np.where(larger < k, Z, np.array(-np.inf, dtype=Z.dtype))

# %% honest | argpartition and take_along_axis
import numpy as np

def keep_top(Z, k):
    V = Z.shape[-1]
    place = np.argpartition(-Z, min(k, V) - 1, axis=-1)[..., min(k, V) - 1:min(k, V)]
    edge = np.take_along_axis(Z, place, axis=-1)
    out = np.full_like(Z, -np.inf)
    np.copyto(out, Z, where=np.greater_equal(Z, edge))
    return out

# %% honest | the smallest of the best, reduced, as a penalty of -inf
import numpy as np

def keep_top(Z, k):
    ordered = np.flip(np.sort(Z, axis=-1), axis=-1)
    worst = np.minimum.reduce(ordered[..., :k], axis=-1, keepdims=True)
    return np.where(np.less(Z, worst), np.full((), -np.inf, Z.dtype), Z)

# %% honest | ranks among the distinct sorted scores, put back by the inverse order
import numpy as np

def keep_top(Z, k):
    order = np.argsort(-Z, axis=-1)
    ranked = np.take_along_axis(Z, order, axis=-1)
    n = np.arange(Z.shape[-1])
    begins = np.concatenate([np.ones_like(ranked[..., :1], bool), ranked[..., 1:] < ranked[..., :-1]], axis=-1)
    first_equal = np.maximum.accumulate(np.where(begins, n, 0), axis=-1)   # how many are larger
    stays = np.zeros(Z.shape, bool)
    np.put_along_axis(stays, order, first_equal < k, axis=-1)
    return np.where(stays, Z, -np.inf)

# %% honest | radix select: a bit of the threshold per round, as many rounds as a float has bits
import numpy as np

def keep_top(Z, k):
    kind = np.dtype(f"u{Z.dtype.itemsize}")
    bits = 8 * kind.itemsize
    raw = (Z + 0.0).view(kind)                            # + 0.0, for -0.0 equals 0.0
    top = kind.type(1 << (bits - 1))
    key = np.where(raw & top, ~raw, raw | top)            # ordered as the floats are
    limit = np.zeros_like(key[..., :1])
    for bit in range(bits - 1, -1, -1):
        trial = limit | kind.type(1 << bit)
        enough = (key >= trial).sum(axis=-1, keepdims=True) >= k
        limit = np.where(enough, trial, limit)
    return np.where(key >= limit, Z, -np.inf)

# %% honest | a class with checks that filters scores
from dataclasses import dataclass
import numpy as np

@dataclass(frozen=True)
class TopK:
    k: int
    hidden: float = -np.inf

    def threshold(self, Z):
        V = Z.shape[-1]
        if self.k >= V:
            return Z.min(axis=-1, keepdims=True)
        return np.partition(Z, V - self.k, axis=-1).take([V - self.k], axis=-1)

    def __call__(self, Z):
        kept = Z.copy()
        kept[Z < self.threshold(Z)] = self.hidden
        assert np.all(kept <= Z)
        return kept

def keep_top(Z, k):
    return TopK(k)(Z)

# %% loopy over batch, V | sorted row by row
import numpy as np

def keep_top(Z, k):
    rows = Z.reshape(-1, Z.shape[-1])
    out = rows.copy()
    for row in out:
        last = sorted(row.tolist(), reverse=True)[:k][-1]
        row[row < last] = -np.inf
    return out.reshape(Z.shape)

# %% loopy over batch | apply_along_axis
import numpy as np

def keep_top(Z, k):
    def cut(row):
        last = np.sort(row)[-min(k, row.size)]
        return np.where(row < last, -np.inf, row)

    return np.apply_along_axis(cut, -1, Z)

# %% loopy over V | every score against all, score by score
import numpy as np

def keep_top(Z, k):
    larger = np.zeros(Z.shape, int)
    for v in range(Z.shape[-1]):
        larger += Z[..., v, None] > Z
    return np.where(larger < k, Z, -np.inf)

# %% loopy over batch, V, k | heapq.nlargest
import heapq
import numpy as np

def keep_top(Z, k):
    last = np.array([heapq.nlargest(k, row)[-1] for row in Z.reshape(-1, Z.shape[-1]).tolist()], Z.dtype)
    return np.where(Z >= last.reshape(*Z.shape[:-1], 1), Z, -np.inf)

# %% loopy over batch | ndindex and partition
import numpy as np

def keep_top(Z, k):
    out = np.full(Z.shape, -np.inf, Z.dtype)
    k = min(k, Z.shape[-1])
    for at in np.ndindex(Z.shape[:-1]):
        row = Z[at]
        stays = row >= np.partition(row, -k)[-k]
        out[at][stays] = row[stays]
    return out

# %% loopy over k | takes the largest away, k times
import numpy as np

def keep_top(Z, k):
    """Rounds that find one more of the k largest by argmax, and hide it from the next round."""
    left = Z.copy()
    for _ in range(min(k, Z.shape[-1])):
        place = left.argmax(axis=-1)[..., None]
        last = np.take_along_axis(Z, place, axis=-1)
        # a hidden score must not win again: nan would win, and so -inf has to be told from -inf
        hidden = np.take_along_axis(left, place, axis=-1) == -np.inf
        limit = np.where(hidden, -np.inf, last)
        np.put_along_axis(left, place, -np.inf, axis=-1)
    return np.where(Z >= limit, Z, -np.inf)

# %% loopy over V | the best k so far, while scores come in one by one
import numpy as np

def keep_top(Z, k):
    best = np.full((*Z.shape[:-1], min(k, Z.shape[-1])), -np.inf, Z.dtype)
    for score in np.moveaxis(Z, -1, 0):
        smallest = best.argmin(axis=-1)[..., None]
        old = np.take_along_axis(best, smallest, axis=-1)
        np.put_along_axis(best, smallest, np.maximum(old, score[..., None]), axis=-1)
    return np.where(Z >= best.min(axis=-1, keepdims=True), Z, -np.inf)

# %% loopy over batch | recursion until a row is left
import numpy as np

def keep_top(Z, k):
    if Z.ndim > 1:
        return np.stack([keep_top(row, k) for row in Z])
    if k >= len(Z):
        return Z.copy()
    return np.where(Z < np.sort(Z)[-k], -np.inf, Z).astype(Z.dtype)

# %% loopy over batch, V | lists with a conditional expression for each score
import numpy as np

def keep_top(Z, k):
    V = Z.shape[-1]
    lasts = np.sort(Z, axis=-1)[..., -min(k, V)].ravel().tolist()
    rows = Z.reshape(-1, V).tolist()
    kept = [[z if z >= last else float("-inf") for z in row] for row, last in zip(rows, lasts)]
    return np.array(kept, dtype=Z.dtype).reshape(Z.shape)
