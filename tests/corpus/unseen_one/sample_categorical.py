# %% honest | argmax finds the first end beyond u
import numpy as np

def sample_categorical(P, u):
    ends = np.cumsum(P, axis=-1)
    height = u * ends[..., -1]
    return np.argmax(height[..., None] < ends, axis=-1)

# %% honest | counts the ends that are passed
import numpy as np

def sample_categorical(P, u):
    C = np.cumsum(P, axis=-1)
    target = u[..., None] * C[..., -1:]
    return np.count_nonzero(C <= target, axis=-1)

# %% honest | one searchsorted for all rows: row r lives between 2r and 2r + 1
import numpy as np

def sample_categorical(P, u):
    n = P.shape[-1]
    C = P.cumsum(axis=-1)
    v = u * C[..., -1]
    flat_C, flat_v = C.reshape(-1, n), v.reshape(-1)
    r = np.arange(len(flat_v))
    # compare exactly: lexsort of (row, value), the drawn number behind ends that are equal
    values = np.concatenate([flat_C.ravel(), flat_v])
    owner = np.concatenate([np.repeat(r, n), r])
    is_draw = np.concatenate([np.zeros(flat_C.size, int), np.ones(flat_v.size, int)])
    order = np.lexsort((is_draw, values, owner))
    rank = np.empty(order.size, int)
    rank[order] = np.arange(order.size)
    return (rank[flat_C.size:] - r * (n + 1)).reshape(u.shape)[()]

# %% honest | binary search in all rows at once, log2(n) turns
import numpy as np

def sample_categorical(P, u):
    C = np.cumsum(P, axis=-1)
    v = u * C[..., -1]
    lo = np.zeros(u.shape, dtype=int)                 # the answer is in [lo, hi]
    hi = np.full(u.shape, P.shape[-1] - 1)
    for _ in range(P.shape[-1].bit_length()):
        mid = (lo + hi) // 2
        end = np.take_along_axis(C, mid[..., None], axis=-1)[..., 0]
        beyond = v >= end
        lo = np.where(beyond & (lo < hi), mid + 1, lo)
        hi = np.where(beyond, hi, mid)
    return lo[()]

# %% honest | a Distribution class with a method icdf
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Categorical:
    probs: np.ndarray

    @property
    def cdf(self):
        return np.add.accumulate(self.probs, axis=-1)

    def icdf(self, u):
        cdf = self.cdf
        scaled = np.multiply(u, cdf[..., -1])
        return np.greater_equal(np.expand_dims(scaled, -1), cdf).sum(axis=-1)


def sample_categorical(P, u):
    return Categorical(P).icdf(u)

# %% honest | the difference of a staircase marks the class, nonzero reads it off
import numpy as np

def sample_categorical(P, u):
    C = P.cumsum(-1).reshape(-1, P.shape[-1])
    v = (u.reshape(-1, 1)) * C[:, -1:]
    left = np.concatenate([np.zeros_like(v), C[:, :-1]], axis=1)
    row, k = np.nonzero((left <= v) & (v < C))
    assert (row == np.arange(len(v))).all()
    return k.reshape(u.shape)[()]

# %% honest | checks the probabilities first, then minimum over where
import numpy as np

def sample_categorical(P, u):
    assert P.shape[:-1] == u.shape, f"{P.shape} and {u.shape}"
    for what, bad in {"negative probability": P < 0, "u outside of [0, 1)": (u < 0) | (u >= 1)}.items():
        if bad.any():
            raise ValueError(f"{what} in {int(bad.sum())} places")
    C = P.cumsum(axis=-1)
    n = P.shape[-1]
    k = np.where(C > (u * C[..., -1])[..., None], np.arange(n), n)
    return k.min(axis=-1)

# %% loopy over batch | searchsorted for each row
import numpy as np

def sample_categorical(P, u):
    C = np.cumsum(P, axis=-1).reshape(-1, P.shape[-1])
    v = u.reshape(-1)
    drawn = np.zeros(len(v), dtype=int)
    for r in range(len(v)):
        drawn[r] = np.searchsorted(C[r], v[r] * C[r, -1], side="right")
    return drawn.reshape(u.shape)

# %% loopy over batch, n | walks along the line with a break
import numpy as np

def sample_categorical(P, u):
    drawn = np.zeros(u.shape, dtype=int)
    for place in np.ndindex(u.shape):
        total = 0.0
        for p in P[place]:
            total += p
        goal = u[place] * total
        end = 0.0
        for k, p in enumerate(P[place]):
            end += p
            if goal < end:
                drawn[place] = k
                break
    return drawn

# %% loopy over n | adds one class at a time for all rows
import numpy as np

def sample_categorical(P, u):
    v = u * P.cumsum(axis=-1)[..., -1]
    end = np.zeros(u.shape)
    k = np.zeros(u.shape, dtype=int)
    for j in range(P.shape[-1]):
        end = end + P[..., j]
        k = k + (v >= end)
    return k

# %% loopy over batch | list(map(lambda ...)) over rows
import numpy as np

def sample_categorical(P, u):
    C = P.cumsum(axis=-1)
    draw = lambda ends, x: int((x * ends[-1] >= ends).sum())
    return np.array(list(map(draw, C.reshape(-1, C.shape[-1]), u.ravel())), dtype=int).reshape(u.shape)

# %% loopy over batch, n | itertools: accumulate, takewhile and a count
from itertools import accumulate, takewhile

import numpy as np

def draw(p, x):
    ends = list(accumulate(p))
    x = x * ends[-1]
    return sum(1 for _ in takewhile(lambda end: end <= x, ends))

def sample_categorical(P, u):
    rows = P.reshape(-1, P.shape[-1]).tolist()
    drawn = [draw(p, x) for p, x in zip(rows, u.ravel().tolist())]
    return np.array(drawn, dtype=int).reshape(u.shape)

# %% loopy over batch | np.vectorize over searchsorted itself
from functools import partial

import numpy as np

find = np.vectorize(partial(np.searchsorted, side="right"), signature="(n),()->()", otypes=[int])

def sample_categorical(P, u):
    C = P.cumsum(axis=-1)
    return find(C, u * C[..., -1])

# %% loopy over n | while some have not arrived: moves those on whose end is passed
import numpy as np

def sample_categorical(P, u):
    C = P.cumsum(axis=-1)
    v = u * C[..., -1]
    k = np.zeros(u.shape, dtype=int)
    while True:
        passed = v >= np.take_along_axis(C, k[..., None], axis=-1)[..., 0]
        if not np.any(passed):
            return k
        k = k + passed

# %% loopy over n | Python's sum over comparisons
import numpy as np

def sample_categorical(P, u):
    C = np.moveaxis(np.cumsum(P, axis=-1), -1, 0)
    return sum((u * C[-1] >= C).astype(int))

# %% loopy over batch | memoised on the bytes of each row
import functools

import numpy as np

@functools.lru_cache(maxsize=None)
def _draw(row, x):
    C = np.frombuffer(row).cumsum()
    return int(C.searchsorted(x * C[-1], side="right"))

def sample_categorical(P, u):
    rows = np.ascontiguousarray(P, dtype=float).reshape(-1, P.shape[-1])
    return np.array([_draw(row.tobytes(), x) for row, x in zip(rows, u.flat)], int).reshape(u.shape)

# %% loopy over batch | one apply_along_axis over P and u glued together
import numpy as np

def sample_categorical(P, u):
    def draw(row):
        ends = row[:-1].cumsum()
        return (row[-1] * ends[-1] >= ends).sum()

    glued = np.concatenate([P, u[..., None]], axis=-1)
    return np.apply_along_axis(draw, -1, glued)

# %% loopy over batch, n | compares boxed numbers, the sum of Python bools
import numpy as np

def sample_categorical(P, u):
    C = P.cumsum(axis=-1)
    v = (u * C[..., -1])[..., None]
    passed = np.asarray(v, dtype=object) >= np.asarray(C, dtype=object)
    return passed.sum(axis=-1)

# %% loopy over batch | a class whose __getitem__ draws
import numpy as np

class Draws:
    """Looks like a list of drawn classes; each is drawn when it is looked at."""

    def __init__(self, P, u):
        self.C = P.cumsum(axis=-1).reshape(u.size, -1)
        self.v = u.reshape(u.size) * self.C[:, -1]

    def __len__(self):
        return self.v.shape[0]

    def __getitem__(self, r):
        if r >= len(self):
            raise IndexError(r)
        return int(self.C[r].searchsorted(self.v[r], "right"))

def sample_categorical(P, u):
    return np.array(Draws(P, u)).reshape(u.shape)
