# %% honest | shifts, then subtracts the log of the sum
import numpy as np

def log_softmax(Z):
    m = Z.max(axis=-1, keepdims=True)
    lse = np.log(np.exp(Z - m).sum(axis=-1, keepdims=True))
    return (Z - m) - lse

# %% honest | the score less the course's logsumexp
import numpy as np
from headway.numerics import logsumexp

def log_softmax(Z):
    return Z - logsumexp(Z)[..., np.newaxis]

# %% honest | one line with logaddexp.reduce
import numpy as np

log_softmax = lambda Z: Z - np.logaddexp.reduce(Z, -1, keepdims=True)

# %% honest | a small autograd-like class of stable log-probabilities
import numpy as np

class LogProbabilities:
    __slots__ = ("unnormalised", "axis")

    def __init__(self, scores, axis=-1):
        self.axis = axis
        self.unnormalised = scores - scores.max(axis=axis, keepdims=True)

    @property
    def log_normaliser(self):
        return np.log(np.exp(self.unnormalised).sum(axis=self.axis, keepdims=True))

    def numpy(self):
        return self.unnormalised - self.log_normaliser

def log_softmax(Z):
    return LogProbabilities(Z).numpy()

# %% honest | two passes for a sharper normaliser, a fixed number of Newton steps
import numpy as np

def log_softmax(Z):
    A = Z - Z.max(axis=-1, keepdims=True)
    L = np.log(np.exp(A).sum(axis=-1, keepdims=True))
    for _ in range(2):                       # sum exp(A - L) should be 1
        L = L + np.log(np.exp(A - L).sum(axis=-1, keepdims=True))
    return A - L

# %% honest | all differences z_j - z_i, so that nothing needs a maximum
import numpy as np
from headway.arrays import outer_difference
from headway.numerics import logsumexp

def log_softmax(Z):
    # -log sum_j exp(z_j - z_i); -inf - -inf would be nan, so a dead score is set aside
    dead = np.isneginf(Z)
    z = np.where(dead, np.zeros_like(Z), Z)
    D = outer_difference(z, z)                       # (..., i, j) = z_i - z_j
    D = np.where(dead[..., None, :], -np.inf, -D)
    return np.where(dead, Z, -logsumexp(D)).astype(Z.dtype)

# %% honest | checks for rank and dtype, keeps a dict of the intermediate results
import numpy as np

def log_softmax(Z):
    if Z.ndim == 0:
        raise ValueError("a score alone has no softmax: Z needs an axis")
    if not np.issubdtype(Z.dtype, np.floating):
        Z = Z.astype(np.float64)
    steps = {}
    steps["max"] = Z.max(axis=-1, keepdims=True)
    steps["shifted"] = Z - steps["max"]
    steps["sum"] = np.exp(steps["shifted"]).sum(axis=-1, keepdims=True)
    steps["result"] = steps["shifted"] - np.log(steps["sum"])
    for name in ("max", "sum"):
        assert steps[name].shape == Z.shape[:-1] + (1,), f"{name} has shape {steps[name].shape}"
    return steps["result"]

# %% loopy over batch | each row alone
import numpy as np

def log_softmax(Z):
    result = np.empty_like(Z)
    flat_in = Z.reshape(-1, Z.shape[-1])
    flat_out = result.reshape(-1, Z.shape[-1])
    for r in range(flat_in.shape[0]):
        row = flat_in[r] - flat_in[r].max()
        flat_out[r] = row - np.log(np.exp(row).sum())
    return result

# %% loopy over n | the sum in a loop over classes
import numpy as np

def log_softmax(Z):
    A = Z - Z.max(axis=-1, keepdims=True)
    total = 0
    for k in range(A.shape[-1]):
        total = total + np.exp(A[..., k])
    return A - np.log(total)[..., None]

# %% loopy over batch, n | math.log and math.exp in nested comprehensions
import math

import numpy as np

def log_softmax(Z):
    out = []
    for row in Z.reshape(-1, Z.shape[-1]).tolist():
        m = max(row)
        log_total = math.log(sum([math.exp(z - m) for z in row]))
        out.append([z - m - log_total for z in row])
    return np.array(out, dtype=Z.dtype).reshape(Z.shape)

# %% loopy over batch | np.stack of itself over the first axis
import numpy as np

def log_softmax(Z):
    if Z.ndim >= 2:
        return np.stack([*map(log_softmax, Z)])
    Z = Z - Z.max()
    return Z - np.log(np.exp(Z).sum())

# %% loopy over batch | logsumexp by apply_along_axis, then broadcasting
import numpy as np

def log_softmax(Z):
    A = Z - Z.max(axis=-1, keepdims=True)
    totals = np.apply_along_axis(lambda a: np.log(np.sum(np.exp(a))), axis=-1, arr=A)
    return A - np.expand_dims(totals, -1)

# %% loopy over n | reduce over np.unstack
from functools import reduce

import numpy as np

def log_softmax(Z):
    parts = np.unstack(Z, axis=-1)
    return Z - np.expand_dims(reduce(np.logaddexp, parts), -1)

# %% loopy over batch | nditer over row numbers, written through a view
import numpy as np

def log_softmax(Z):
    rows = np.array(Z.reshape(-1, Z.shape[-1]))
    for r in np.nditer(np.arange(len(rows))):
        rows[r] -= rows[r].max()
        rows[r] -= np.log(np.exp(rows[r]).sum())
    return rows.reshape(Z.shape)

# %% loopy over batch | only rows with a -inf go one by one, the others at once
import numpy as np

def log_softmax(Z):
    A = (Z - Z.max(axis=-1, keepdims=True)).reshape(-1, Z.shape[-1])
    clean = np.isfinite(A).all(axis=-1)
    out = np.full_like(A, -np.inf)
    out[clean] = A[clean] - np.log(np.exp(A[clean]).sum(axis=-1, keepdims=True))
    for r in np.flatnonzero(~clean):
        alive = A[r] > -np.inf
        out[r, alive] = A[r, alive] - np.log(np.exp(A[r, alive]).sum())
    return out.reshape(Z.shape)

# %% loopy over batch, n | the log of Python floats through an object array
import math

import numpy as np

log = np.frompyfunc(math.log, 1, 1)
exp = np.frompyfunc(math.exp, 1, 1)

def log_softmax(Z):
    A = Z - Z.max(axis=-1, keepdims=True)
    total = exp(A).sum(axis=-1, keepdims=True)
    return A - np.asarray(log(total)).astype(Z.dtype)

# %% loopy over batch | a lazy iterator class over rows
import numpy as np

class Rows:
    def __init__(self, Z):
        self.rows = Z.reshape(-1, Z.shape[-1])
        self.next_row = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.next_row == len(self.rows):
            raise StopIteration
        z = self.rows[self.next_row]
        self.next_row += 1
        z = z - z.max()
        return z - np.log(np.exp(z).sum())

def log_softmax(Z):
    return np.concatenate(list(Rows(Z))).reshape(Z.shape)
