# %% honest | subtracts the keepdims maximum
import numpy as np

def softmax(Z):
    shifted = Z - np.max(Z, axis=-1, keepdims=True)
    powers = np.exp(shifted)
    return powers / np.sum(powers, axis=-1, keepdims=True)

# %% honest | two lines with amax and [..., None]
import numpy as np

def softmax(Z):
    e = np.exp(Z - np.amax(Z, -1)[..., None])
    return e / e.sum(-1)[..., None]

# %% honest | exp of the score less logaddexp.reduce
import numpy as np

def softmax(Z):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=-1, keepdims=True))

# %% honest | a pipeline of small functions, composed by reduce
from functools import reduce

import numpy as np

def compose(*steps):
    return lambda x: reduce(lambda value, step: step(value), steps, x)

def centre(Z):
    return Z - Z.max(axis=-1, keepdims=True)

def normalise(E):
    return E / E.sum(axis=-1, keepdims=True)

softmax = compose(centre, np.exp, normalise)

# %% honest | a module class as in torch, dim in the constructor
import numpy as np

class Module:
    def __call__(self, *args):
        return self.forward(*args)

class Softmax(Module):
    def __init__(self, dim=-1):
        self.dim = dim

    def forward(self, Z):
        Z = np.moveaxis(Z, self.dim, 0)
        E = np.exp(Z - Z.max(0))
        return np.moveaxis(E / E.sum(0), 0, self.dim)

_softmax = Softmax(dim=-1)

def softmax(Z):
    return _softmax(Z)

# %% honest | two-dimensional inside, reshaped before and after; sums by a matrix product with ones
import numpy as np

def softmax(Z):
    n = Z.shape[-1]
    M = Z.reshape(-1, n)
    M = M - M.max(axis=1).reshape(-1, 1)
    M = np.exp(M)
    sums = M @ np.ones((n, 1), dtype=M.dtype)
    return (M / sums).reshape(Z.shape)

# %% honest | in a copy, with out= at each step, as a C programmer would
import numpy as np

def softmax(Z):
    buf = Z.copy()
    mx = np.empty(Z.shape[:-1] + (1,), Z.dtype)
    np.amax(Z, axis=-1, keepdims=True, out=mx)
    np.subtract(buf, mx, out=buf)
    np.exp(buf, out=buf)
    np.add.reduce(buf, axis=-1, keepdims=True, out=mx)
    np.divide(buf, mx, out=buf)
    return buf

# %% honest | sorts to find the maximum, einsum to add
import numpy as np

def softmax(Z):
    top = np.sort(Z, axis=-1)[..., -1:]
    E = np.exp(Z - top)
    return np.einsum("...i,...->...i", E, 1 / np.einsum("...i->...", E))

# %% honest | tree of pairwise maxima and sums, log2(n) turns
import numpy as np

def tree(op, A, neutral):
    """op over the last axis by halving."""
    while A.shape[-1] > 1:
        if A.shape[-1] % 2:
            pad = np.full((*A.shape[:-1], 1), neutral, A.dtype)
            A = np.concatenate([A, pad], axis=-1)
        A = op(A[..., ::2], A[..., 1::2])
    return A

def softmax(Z):
    E = np.exp(Z - tree(np.maximum, Z, -np.inf))
    return E / tree(np.add, E, 0)

# %% loopy over batch | each row in a comprehension
import numpy as np

def softmax(Z):
    rows = Z.reshape(-1, Z.shape[-1])
    out = []
    for row in rows:
        e = np.exp(row - np.max(row))
        out.append(e / e.sum())
    return np.array(out).reshape(Z.shape)

# %% loopy over batch, n | the definition of the notebook for each row
import math

import numpy as np

def softmax(Z):
    Y = np.zeros(Z.shape, dtype=Z.dtype)
    for place in np.ndindex(Z.shape[:-1]):
        z = Z[place]
        top = max(z)
        powers = [math.exp(score - top) for score in z]
        total = sum(powers)
        for k in range(len(powers)):
            Y[place + (k,)] = powers[k] / total
    return Y

# %% loopy over batch | apply_along_axis
import numpy as np

def softmax_of_row(z):
    e = np.exp(z - z.max())
    return e / e.sum()

def softmax(Z):
    return np.apply_along_axis(softmax_of_row, -1, Z)

# %% loopy over n | Python's own sum and max over the transposed array
import functools

import numpy as np

def softmax(Z):
    scores = np.moveaxis(Z, -1, 0)
    E = np.exp(scores - functools.reduce(np.maximum, scores))
    return np.moveaxis(E / sum(E), 0, -1)

# %% loopy over batch | recursion when there is more than one axis
import numpy as np

def softmax(Z):
    if Z.ndim == 1:
        E = np.exp(Z - Z.max())
        return E / E.sum()
    else:
        return np.array([softmax(z) for z in Z])

# %% loopy over n | online softmax: maximum and sum updated score by score
import numpy as np

def softmax(Z):
    m = np.full(Z.shape[:-1], -np.inf, dtype=Z.dtype)
    s = np.zeros(Z.shape[:-1], dtype=Z.dtype)
    for k in range(Z.shape[-1]):
        z = Z[..., k]
        new = np.maximum(m, z)
        shift = np.where(np.isfinite(new), new, 0)
        s = s * np.exp(m - shift) + np.exp(z - shift)
        m = new
    return np.exp(Z - m[..., None]) / s[..., None]

# %% loopy over batch | vectorize with the signature (n)->(n)
import numpy as np

@np.vectorize(signature="(n)->(n)")
def _soft(z):
    e = np.exp(z - z.max())
    return e / e.sum()

def softmax(Z):
    return _soft(Z).astype(Z.dtype)

# %% loopy over batch, n | objects that know how to take their own exponential
import math

import numpy as np

class Score:
    def __init__(self, value):
        self.value = value

    def exp(self):
        return math.exp(self.value)

def softmax(Z):
    D = Z - Z.max(axis=-1, keepdims=True)
    boxed = np.frompyfunc(Score, 1, 1)(D)
    E = np.exp(np.asarray(boxed, dtype=object)).astype(Z.dtype)
    return E / E.sum(axis=-1, keepdims=True)

# %% loopy over batch, n | the sum taken with dtype=object
import numpy as np

def softmax(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    total = np.asarray(E.sum(axis=-1, keepdims=True, dtype=object)).astype(Z.dtype)
    return E / total

# %% loopy over batch | a generator of rows into fromiter
import numpy as np

def numbers(Z):
    for row in Z.reshape(-1, Z.shape[-1]):
        e = np.exp(row - row.max())
        yield from e / e.sum()

def softmax(Z):
    return np.fromiter(numbers(Z), dtype=Z.dtype, count=Z.size).reshape(Z.shape)

# %% loopy over n | a denominator for each class: the sum of exp(z_j - z_i), one j at a time
import numpy as np

def softmax(Z):
    Z = Z - Z.max(axis=-1, keepdims=True)
    denominator = np.zeros_like(Z[..., :1])
    for j in range(Z.shape[-1]):
        denominator = denominator + np.exp(Z[..., j:j + 1])
    return np.exp(Z) / denominator

# %% loopy over batch | array_split into single rows, concatenated again
import numpy as np

def softmax(Z):
    rows = Z.reshape(-1, Z.shape[-1])
    def one(r):
        r = np.exp(r - r.max())
        return r / r.sum()
    return np.vstack(tuple(map(one, np.array_split(rows, len(rows))))).reshape(Z.shape)
