# %% honest | temperature, top k, nucleus, softmax
import numpy as np
from headway.arrays import one_hot
from headway.generate import keep_nucleus, keep_top
from headway.numerics import softmax

def next_probabilities(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        return one_hot(Z.argmax(axis=-1), Z.shape[-1]).astype(Z.dtype)
    Z = Z / temperature
    if k is not None:
        Z = keep_top(Z, k)
    if p is not None:
        Z = keep_nucleus(Z, p)
    return softmax(Z)

# %% honest | a list of filters, applied in a loop over the two of them
from functools import partial
import numpy as np
from headway.generate import keep_nucleus, keep_top
from headway.numerics import softmax

def next_probabilities(Z, temperature=1.0, k=None, p=None):
    if not temperature:
        P = np.zeros_like(Z)
        np.put_along_axis(P, Z.argmax(axis=-1, keepdims=True), 1, axis=-1)
        return P
    filters = []
    if k is not None:
        filters.append(partial(keep_top, k=k))
    if p is not None:
        filters.append(partial(keep_nucleus, p=p))
    scores = Z / temperature
    for cut in filters:
        scores = cut(scores)
    return softmax(scores)

# %% honest | one order serves for both cuts
import numpy as np

def next_probabilities(Z, temperature=1.0, k=None, p=None):
    V = Z.shape[-1]
    order = np.argsort(-Z, axis=-1, kind="stable")
    S = np.take_along_axis(Z, order, axis=-1)
    if temperature == 0:
        P = np.broadcast_to(np.arange(V) == 0, S.shape).astype(Z.dtype)
    else:
        S = S / temperature
        E = np.exp(S - S[..., :1])
        if k is not None:
            E = E * (S >= S[..., min(k, V) - 1, None])
        P = E / E.sum(axis=-1, keepdims=True)
        if p is not None:
            C = P.cumsum(axis=-1, dtype=float)
            before = np.concatenate([np.full_like(C[..., :1], -1), C[..., :-1]], axis=-1)
            P = np.where(before < p, P, 0)
            P[..., 0] += P[..., 0] == 0
            P = P / P.sum(axis=-1, keepdims=True)
    out = np.empty_like(P)
    np.put_along_axis(out, order, P, axis=-1)
    return out

# %% honest | a frozen dataclass of choices with checks
from dataclasses import dataclass
import numpy as np
from headway.generate import keep_nucleus, keep_top

@dataclass(frozen=True)
class Choice:
    temperature: float = 1.0
    k: int | None = None
    p: float | None = None

    def __post_init__(self):
        if any(x is not None and x < 0 for x in (self.temperature, self.k, self.p)):
            raise ValueError("no choice is negative")

    @property
    def greedy(self):
        return self.temperature == 0

    def __call__(self, Z):
        if self.greedy:
            best = Z.argmax(-1)[..., None]
            return np.equal(np.arange(Z.shape[-1]), best).astype(Z.dtype)
        Z = np.divide(Z, self.temperature)
        Z = Z if self.k is None else keep_top(Z, self.k)
        Z = Z if self.p is None else keep_nucleus(Z, self.p)
        P = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
        return P / np.sum(P, axis=-1, keepdims=True)

def next_probabilities(Z, temperature=1.0, k=None, p=None):
    return Choice(temperature, k, p)(Z)

# %% honest | an identity matrix for temperature 0, lambdas for the rest
import numpy as np
from headway.generate import keep_nucleus, keep_top
from headway.numerics import log_softmax

def next_probabilities(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        return np.eye(Z.shape[-1], dtype=Z.dtype)[Z.argmax(axis=-1)]
    top = (lambda A: A) if k is None else (lambda A: keep_top(A, k))
    nucleus = (lambda A: A) if p is None else (lambda A: keep_nucleus(A, p))
    return np.exp(log_softmax(nucleus(top(Z * (1 / temperature)))))

# %% honest | the first of the largest by a cumulative sum, top k by partition
import numpy as np
from headway.generate import keep_nucleus
from headway.numerics import softmax

def next_probabilities(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        largest = Z == Z.max(axis=-1, keepdims=True)
        return (largest & (largest.cumsum(axis=-1) == 1)).astype(Z.dtype)
    S = Z / temperature
    if k is not None and k < S.shape[-1]:
        edge = np.partition(S, -k, axis=-1)[..., -k]
        S[S < edge[..., np.newaxis]] = -np.inf
    return softmax(S if p is None else keep_nucleus(S, p))

# %% loopy over batch | row by row
import numpy as np
from headway.generate import keep_nucleus, keep_top
from headway.numerics import softmax

def next_probabilities(Z, temperature=1.0, k=None, p=None):
    rows = []
    for z in Z.reshape(-1, Z.shape[-1]):
        if temperature == 0:
            row = np.zeros_like(z)
            row[z.argmax()] = 1
        else:
            z = z / temperature
            z = z if k is None else keep_top(z, k)
            row = softmax(z if p is None else keep_nucleus(z, p))
        rows.append(row)
    return np.array(rows).reshape(Z.shape)

# %% loopy over batch | apply_along_axis of a function of one row
import numpy as np
from headway.generate import keep_nucleus, keep_top
from headway.numerics import softmax

def next_probabilities(Z, temperature=1.0, k=None, p=None):
    def one(z):
        if temperature == 0:
            return (np.arange(z.size) == z.argmax()).astype(z.dtype)
        z = z / temperature
        if k is not None:
            z = keep_top(z, k)
        if p is not None:
            z = keep_nucleus(z, p)
        return softmax(z)

    return np.apply_along_axis(one, -1, Z)

# %% loopy over batch | recursion over the leading axes
import numpy as np
from headway.generate import keep_nucleus, keep_top
from headway.numerics import softmax

def next_probabilities(Z, temperature=1.0, k=None, p=None):
    if Z.ndim > 1:
        return np.stack([next_probabilities(z, temperature, k, p) for z in Z])
    if temperature == 0:
        return np.eye(len(Z), dtype=Z.dtype)[np.argmax(Z)]
    Z = Z / temperature
    Z = keep_top(Z, len(Z) if k is None else k)
    return softmax(Z if p is None else keep_nucleus(Z, p))

# %% loopy over V | the sum of exponentials a token at a time
import numpy as np
from headway.arrays import one_hot
from headway.generate import keep_nucleus, keep_top

def next_probabilities(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        E = one_hot(Z.argmax(axis=-1), Z.shape[-1]).astype(Z.dtype)
    else:
        S = Z / temperature
        S = S if k is None else keep_top(S, k)
        S = S if p is None else keep_nucleus(S, p)
        E = np.exp(S - S.max(axis=-1, keepdims=True))
    total = np.zeros_like(E[..., 0])
    for v in range(E.shape[-1]):
        total = total + E[..., v]
    return E / total[..., None]

# %% loopy over batch, V | exponentials by math in lists
import math
import numpy as np
from headway.generate import keep_nucleus, keep_top

def _shares(row):
    top = max(row)
    powers = [math.exp(z - top) for z in row]
    whole = math.fsum(powers)
    return [power / whole for power in powers]

def next_probabilities(Z, temperature=1.0, k=None, p=None):
    V = Z.shape[-1]
    rows = Z.reshape(-1, V)
    if temperature == 0:
        P = [[float(v == best) for v in range(V)] for best in rows.argmax(axis=1)]
    else:
        rows = rows / temperature
        rows = rows if k is None else keep_top(rows, k)
        rows = rows if p is None else keep_nucleus(rows, p)
        P = [_shares(row) for row in rows.tolist()]
    return np.array(P, dtype=Z.dtype).reshape(Z.shape)

# %% loopy over batch | vectorize over rows, with the choices excluded
import numpy as np
from headway.generate import keep_nucleus, keep_top
from headway.numerics import softmax

def _one(z, temperature, k, p):
    if not temperature:
        return np.where(np.arange(len(z)) == z.argmax(), 1, 0).astype(z.dtype)
    z = z / temperature
    z = z if k is None else keep_top(z, k)
    return softmax(z if p is None else keep_nucleus(z, p))

def next_probabilities(Z, temperature=1.0, k=None, p=None):
    each = np.vectorize(lambda z: _one(z, temperature, k, p), signature="(v)->(v)")
    return each(Z)
