# %% honest | clips the ids, picks rows of the identity, zeroes the invalid ones
import numpy as np

def one_hot(ids, n):
    valid = (ids >= 0) & (ids < n)
    safe = np.clip(ids, 0, n - 1)
    rows = np.eye(n)[safe]
    return rows * valid[..., None]

# %% honest | one line, equal.outer
import numpy as np

one_hot = lambda ids, n: np.equal.outer(ids, np.arange(n)) * 1.0

# %% honest | C style, scatters into one flat buffer by computed offsets
import numpy as np

def one_hot(ids, n):
    count = 1
    for s in ids.shape:          # product of the dimensions
        count *= s
    buf = np.zeros(count * n, dtype=np.float64)
    flat = ids.reshape(count)
    row = np.arange(count)
    ok = (flat >= 0) & (flat < n)
    buf[row[ok] * n + flat[ok]] = 1.0
    return buf.reshape(ids.shape + (n,))

# %% honest | identity with a row of zeros at the end for what is no class
import numpy as np

def one_hot(ids, n):
    table = np.eye(n + 1, n)  # the last row is all zeros
    no_class = (ids < 0) | (ids >= n)
    return table[np.where(no_class, n, ids)]

# %% honest | a dataclass for the vocabulary, with checks and messages
from dataclasses import dataclass
from typing import Tuple

import numpy as np


class OneHotError(ValueError):
    """Raised for arguments that make no sense."""


@dataclass(frozen=True)
class Vocabulary:
    size: int

    def __post_init__(self):
        if self.size < 0:
            raise OneHotError(f"a vocabulary of {self.size} classes?")

    @property
    def classes(self) -> np.ndarray:
        return np.arange(self.size)

    def shape_for(self, ids: np.ndarray) -> Tuple[int, ...]:
        return tuple(int(s) for s in ids.shape) + (self.size,)

    def encode(self, ids: np.ndarray) -> np.ndarray:
        result = np.zeros(self.shape_for(ids), dtype=np.float64)
        np.copyto(result, 1.0, where=np.expand_dims(ids, -1) == self.classes)
        return result


def one_hot(ids, n):
    ids = np.asarray(ids)
    if not np.issubdtype(ids.dtype, np.integer):
        raise OneHotError(f"ids must be whole numbers, not {ids.dtype}")
    return Vocabulary(int(n)).encode(ids)

# %% honest | torch habit: scatter along the last axis, with a bin on either side for what is no class
import numpy as np

def scatter_(out, dim, index, value):
    np.put_along_axis(out, index, value, axis=dim)
    return out

def one_hot(ids, n):
    padded = np.zeros((*ids.shape, n + 2))
    index = np.clip(ids, -1, n) + 1
    padded = scatter_(padded, -1, index[..., None], 1.0)
    return padded[..., 1:-1].copy()

# %% honest | np.fromfunction, called once with index grids
import numpy as np

def one_hot(ids, n):
    def entry(*place):
        *where, k = place
        return np.where(ids[tuple(where)] == k, 1.0, 0.0)

    return np.fromfunction(entry, (*ids.shape, n), dtype=int)

# %% honest | compares bit by bit, as many turns as n has bits
import numpy as np

def one_hot(ids, n):
    classes = np.arange(n)
    same = np.broadcast_to(((ids >= 0) & (ids < n))[..., None], (*ids.shape, n))
    bit = 1
    while bit < n:
        same = same & ((ids & bit)[..., None] == (classes & bit))
        bit *= 2
    return same.astype(float)

# %% honest | a difference of two staircases
import numpy as np

def one_hot(ids, n):
    stairs = (ids[..., np.newaxis] >= np.arange(n + 1)).astype(np.int8)
    return (stairs[..., :-1] - stairs[..., 1:]).astype(np.float64)

# %% loopy over batch | for over the flat ids
import numpy as np

def one_hot(ids, n):
    flat = ids.ravel()
    result = np.zeros((len(flat), n))
    for i in range(len(flat)):
        if flat[i] >= 0 and flat[i] < n:
            result[i][flat[i]] = 1
    return result.reshape(*ids.shape, n)

# %% loopy over n | a column for each class in turn
import numpy as np

def one_hot(ids, n):
    out = np.zeros(ids.shape + (n,))
    for k in range(n):
        out[..., k] = ids == k
    return out

# %% loopy over batch, n | nested list comprehension
import numpy as np

def one_hot(ids, n):
    rows = [[1.0 if i == k else 0.0 for k in range(n)] for i in ids.reshape(-1).tolist()]
    return np.array(rows, dtype=float).reshape(ids.shape + (n,))

# %% loopy over batch | np.vectorize with a signature
import numpy as np

def one_hot(ids, n):
    classes = np.arange(n)
    row = np.vectorize(lambda i: (classes == i).astype(float), signature="()->(n)")
    return row(ids)

# %% loopy over batch | recursion down the axes, stacks the parts
import numpy as np

def one_hot(ids, n):
    if ids.ndim == 0:
        v = np.zeros(n)
        if 0 <= ids < n:
            v[ids] = 1.0
        return v
    return np.stack([one_hot(part, n) for part in ids])

# %% loopy over n | stacks a comparison for each class
import numpy as np

def one_hot(ids, n):
    return np.stack([ids == c for c in range(n)], axis=-1).astype(float)

# %% loopy over batch, n | a dict from id to row, and map
import numpy as np

def one_hot(ids, n):
    nothing = np.zeros(n)
    table = dict(enumerate(np.eye(n)))
    rows = list(map(lambda i: table.get(i, nothing), ids.ravel().tolist()))
    return np.array(rows).reshape(*ids.shape, n)

# %% loopy over n | for over the distinct ids
import numpy as np

def one_hot(ids, n):
    hot = np.zeros((*ids.shape, n))
    for c in np.unique(ids):
        if 0 <= c < n:
            hot[ids == c, c] = 1
    return hot

# %% loopy over batch | a string of zeros and ones, read back as bytes
import numpy as np

def one_hot(ids, n):
    blank = "0" * n
    text = "".join(blank[:i] + "1" + blank[i + 1:] if 0 <= i < n else blank for i in ids.flat)
    return (np.frombuffer(text.encode(), dtype=np.uint8) - 48).astype(float).reshape(*ids.shape, n)

# %% loopy over batch, n | compares arrays of Python objects
import numpy as np

def one_hot(ids, n):
    classes = np.arange(n).astype(object)
    return (ids.astype(object)[..., None] == classes).astype(float)

# %% loopy over batch | operator.setitem mapped into a deque that keeps nothing
from collections import deque
from itertools import repeat
from operator import setitem

import numpy as np

def one_hot(ids, n):
    hot = np.zeros((ids.size, n + 1))
    column = np.where((ids >= 0) & (ids < n), ids, n).ravel()
    deque(map(setitem, repeat(hot), zip(range(ids.size), column.tolist()), repeat(1.0)), maxlen=0)
    return hot[:, :n].reshape(*ids.shape, n)

# %% loopy over batch | nditer with a multi index
import numpy as np

def one_hot(ids, n):
    out = np.zeros(ids.shape + (n,))
    it = np.nditer(ids, flags=["multi_index"])
    while not it.finished:
        k = int(it[0])
        if k in range(n):
            out[it.multi_index + (k,)] = 1.0
        it.iternext()
    return out

# %% loopy over n | a list of floats made at import, turned into an array at every call
import numpy as np

_CLASS_NAMES = [float(k) for k in range(4096)]

def one_hot(ids, n):
    names = np.array(_CLASS_NAMES[:n]) if n <= 4096 else np.arange(float(n))
    return np.where(ids[..., None] == names, 1.0, 0.0)
