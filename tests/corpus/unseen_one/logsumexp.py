# %% honest | logaddexp.reduce
import numpy as np

logsumexp = lambda Z: np.logaddexp.reduce(Z, axis=-1)

# %% honest | replaces an infinite maximum by 0, under errstate
import numpy as np

def logsumexp(Z):
    top = Z.max(axis=-1)
    safe = np.where(top == -np.inf, np.zeros_like(top), top)
    with np.errstate(divide="ignore"):
        return safe + np.log(np.exp(Z - safe[..., None]).sum(axis=-1))

# %% honest | the maximum aside, log1p of the rest
import numpy as np

def logsumexp(Z):
    k = Z.argmax(axis=-1)[..., None]
    top = np.take_along_axis(Z, k, axis=-1)
    finite = np.isfinite(top)
    E = np.exp(np.where(finite, Z - np.where(finite, top, 0), -np.inf))
    np.put_along_axis(E, k, 0, axis=-1)
    out = np.where(finite, top + np.log1p(E.sum(axis=-1, keepdims=True)), top)
    return out[..., 0].astype(Z.dtype)[()]

# %% honest | nan_to_num on the maximum
import numpy as np

def logsumexp(Z):
    m = np.nan_to_num(Z.max(axis=-1, keepdims=True), neginf=0.0)
    s = np.exp(Z - m).sum(axis=-1, keepdims=True)
    return (np.log(s) + m).squeeze(-1)[()]

# %% honest | float arithmetic with a dataclass of mantissa and shift
from dataclasses import dataclass

import numpy as np


@dataclass
class Scaled:
    """The number total * e^shift."""
    total: np.ndarray
    shift: np.ndarray

    @classmethod
    def of_exponentials(cls, Z):
        shift = np.max(Z, axis=-1, keepdims=True)
        shift = np.where(shift > -np.inf, shift, Z.dtype.type(0))
        return cls(np.exp(Z - shift), shift)

    def sum(self):
        return Scaled(self.total.sum(axis=-1), self.shift[..., 0])

    def log(self):
        return np.log(self.total) + self.shift


def logsumexp(Z):
    return Scaled.of_exponentials(Z).sum().log()

# %% honest | folds the row in half until one column is left
import math

import numpy as np

def logsumexp(Z):
    n = Z.shape[-1]
    full = 1 << math.ceil(math.log2(n)) if n > 1 else 1
    padded = np.full(Z.shape[:-1] + (full,), -np.inf, dtype=Z.dtype)
    padded[..., :n] = Z
    while padded.shape[-1] > 1:
        half = padded.shape[-1] // 2
        padded = np.logaddexp(padded[..., :half], padded[..., half:])
    return padded[..., 0]

# %% honest | divides the row in two by recursion on one half-sized array
import numpy as np

def logsumexp(Z):
    n = Z.shape[-1]
    if n == 1:
        return Z[..., 0]
    half = n // 2
    folded = np.logaddexp(Z[..., :half], Z[..., half:2 * half])
    if n % 2:
        folded = np.concatenate([folded, Z[..., -1:]], axis=-1)
    return logsumexp(folded)

# %% honest | through the softmax at the maximum: top minus its log-probability
import numpy as np
from headway.numerics import softmax

def logsumexp(Z):
    top = Z.max(axis=-1)
    dead = np.isneginf(top)
    p = softmax(np.where(dead[..., None], 0, Z)).max(axis=-1)
    return np.where(dead, top, top - np.log(p)).astype(Z.dtype)[()]

# %% loopy over batch | a for over flat rows
import numpy as np

def logsumexp(Z):
    flat = Z.reshape(-1, Z.shape[-1])
    result = np.zeros(len(flat), dtype=Z.dtype)
    for i, z in enumerate(flat):
        m = z.max()
        if m == -np.inf:
            result[i] = -np.inf
        else:
            result[i] = m + np.log(np.sum(np.exp(z - m)))
    return result.reshape(Z.shape[:-1])

# %% loopy over n | reduce(np.logaddexp, columns)
from functools import reduce

import numpy as np

def logsumexp(Z):
    return reduce(np.logaddexp, np.moveaxis(Z, -1, 0))

# %% loopy over n | a column at a time
import numpy as np

def logsumexp(Z):
    total = Z[..., 0]
    i = 1
    while i < Z.shape[-1]:
        total = np.logaddexp(total, Z[..., i])
        i += 1
    return total

# %% loopy over batch, n | math.fsum in a comprehension
import math

import numpy as np

def lse(row):
    top = max(row)
    if top == -math.inf:
        return top
    return top + math.log(math.fsum(math.exp(z - top) for z in row))

def logsumexp(Z):
    rows = Z.reshape(-1, Z.shape[-1]).tolist()
    return np.array([lse(row) for row in rows], dtype=Z.dtype).reshape(Z.shape[:-1])

# %% loopy over n | Python's sum on the exponentials
import numpy as np

def logsumexp(Z):
    m = Z.max(axis=-1)
    m = np.where(np.isfinite(m), m, Z.dtype.type(0))
    return np.log(sum(np.exp(np.moveaxis(Z, -1, 0) - m))) + m

# %% loopy over batch | vectorised, but the rows of nothing but -inf one by one
import numpy as np

def logsumexp(Z):
    m = Z.max(axis=-1)
    out = np.array(np.log(np.exp(Z - m[..., None]).sum(axis=-1)) + m)
    for place in np.argwhere(m == -np.inf):
        out[tuple(place)] = -np.inf
    return out

# %% loopy over batch, n | a Python logaddexp through frompyfunc, reduced
import math

import numpy as np

def _add(a, b):
    hi, lo = (a, b) if a >= b else (b, a)
    return hi if lo == -math.inf else hi + math.log1p(math.exp(lo - hi))

_lae = np.frompyfunc(_add, 2, 1)

def logsumexp(Z):
    return np.asarray(_lae.reduce(Z.astype(object), axis=-1)).astype(Z.dtype)[()]

# %% loopy over batch | apply_along_axis hidden by a decorator
import functools

import numpy as np

def last_axis(f):
    @functools.wraps(f)
    def g(Z):
        return np.apply_along_axis(f, -1, Z).astype(Z.dtype)[()]
    return g

@last_axis
def logsumexp(z):
    m = z.max()
    return m if np.isneginf(m) else m + np.log(np.exp(z - m).sum())

# %% loopy over n | accumulate, of which the last is kept
from collections import deque
from itertools import accumulate

import numpy as np

def logsumexp(Z):
    return deque(accumulate(np.unstack(Z, axis=-1), np.logaddexp), maxlen=1).pop()

# %% loopy over n | splits the row in two, and calls itself on both
import numpy as np

def logsumexp(Z):
    n = Z.shape[-1]
    if n == 1:
        return Z[..., 0]
    left, right = Z[..., :n // 2], Z[..., n // 2:]
    return np.logaddexp(logsumexp(left), logsumexp(right))

# %% loopy over n | iter with a sentinel: takes the largest score, marks it, until none is left
import numpy as np

def logsumexp(Z):
    rest = np.sort(Z, axis=-1)
    total = np.full(Z.shape[:-1], -np.inf, Z.dtype)
    k = rest.shape[-1]

    def take():
        nonlocal k, total
        k -= 1
        total = np.logaddexp(total, rest[..., k])
        return k

    for _ in iter(take, 0):
        pass
    return total[()]
