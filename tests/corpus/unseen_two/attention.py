# %% honest | matmul and softmax written out, masked rows set to zero at the end
import numpy as np

def attention(Q, K, V, mask=None):
    d = Q.shape[-1]
    scores = Q @ np.swapaxes(K, -1, -2) / d ** 0.5
    if mask is not None:
        scores = np.where(mask, scores, np.array(-1e30, dtype=scores.dtype))
    scores = scores - scores.max(axis=-1, keepdims=True)
    w = np.exp(scores)
    w /= w.sum(axis=-1, keepdims=True)
    out = w @ V
    if mask is not None:
        out = np.where(mask.any(axis=-1)[..., None], out, 0).astype(out.dtype)
    return out

# %% honest | einsum and the course's softmax
import numpy as np
from headway.numerics import softmax

def attention(Q, K, V, mask=None):
    S = np.einsum("...qd,...kd->...qk", Q, K) * Q.shape[-1] ** -0.5
    if mask is not None:
        S = np.where(mask, S, np.finfo(S.dtype).min)
    A = softmax(S)
    if mask is not None:
        A = A * mask
    return np.einsum("...qk,...kv->...qv", A, V)

# %% honest | -inf for the masked, and the denominator guarded
import math
import numpy as np

def attention(Q, K, V, mask=None):
    S = Q @ K.mT
    S = S / math.sqrt(Q.shape[-1])
    if mask is None:
        mask = np.ones(S.shape[-2:], dtype=bool)
    S = np.where(mask, S, -np.inf)
    top = S.max(axis=-1, keepdims=True)
    top = np.where(np.isneginf(top), 0, top).astype(S.dtype)
    E = np.exp(S - top)
    total = E.sum(axis=-1, keepdims=True)
    total[total == 0] = 1
    return (E / total) @ V

# %% honest | log weights by logsumexp and an additive mask
import numpy as np
from headway.numerics import log_softmax

def attention(Q, K, V, mask=None):
    S = (Q @ K.swapaxes(-1, -2)) * (1 / Q.shape[-1] ** 0.5)
    if mask is None:
        return np.exp(log_softmax(S)) @ V
    bias = (~mask).astype(S.dtype) * -1e9
    answered = mask.any(-1, keepdims=True).astype(S.dtype)
    return answered * (np.exp(log_softmax(S + bias)) @ V)

# %% honest | a module class with a helper for each stage and shape checks
from dataclasses import dataclass
import math
import numpy as np


@dataclass
class ScaledDotProduct:
    scale: float

    def scores(self, Q, K):
        return np.matmul(Q, np.moveaxis(K, -1, -2)) * self.scale

    @staticmethod
    def normalise(S, mask):
        shifted = np.exp(S - np.max(S, axis=-1, keepdims=True, where=mask, initial=np.finfo(S.dtype).min))
        weights = np.where(mask, shifted, 0)
        total = np.sum(weights, axis=-1, keepdims=True)
        return np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)

    def __call__(self, Q, K, V, mask):
        S = self.scores(Q, K)
        S = np.where(mask, S, np.finfo(S.dtype).min)
        return self.normalise(S, mask) @ V


def attention(Q, K, V, mask=None):
    for name, A in {"Q": Q, "K": K, "V": V}.items():
        if A.ndim < 2:
            raise ValueError(f"{name} needs at least two axes, got {A.shape}")
    if mask is None:
        mask = np.True_
    return ScaledDotProduct(1 / math.sqrt(Q.shape[-1]))(Q, K, V, mask)

# %% honest | a column of ones in V carries the denominator
import numpy as np

def attention(Q, K, V, mask=None):
    S = Q @ K.mT / Q.shape[-1] ** 0.5
    if mask is not None:
        S = np.where(mask, S, -np.inf)
        high = S.max(-1, keepdims=True)
        S = S - np.where(high > -np.inf, high, 0).astype(S.dtype)
    else:
        S = S - S.max(-1, keepdims=True)
    ones = np.ones_like(V[..., :1])
    Z = np.exp(S) @ np.concatenate([V, ones], axis=-1)
    return Z[..., :-1] / np.maximum(Z[..., -1:], np.finfo(Z.dtype).tiny)

# %% honest | all products by broadcasting, no matmul, APL style
import numpy as np

def attention(Q, K, V, mask=None):
    S = (Q[..., :, None, :] * K[..., None, :, :]).sum(-1) / Q.shape[-1]**.5
    M = True if mask is None else mask
    E = np.exp(S - S.max(-1, keepdims=True)) * M
    N = E.sum(-1, keepdims=True)
    return (E[..., None] * V[..., None, :, :]).sum(-2) / (N + (N == 0))

# %% loopy over Tq | one query at a time
import numpy as np
from headway.numerics import softmax

def attention(Q, K, V, mask=None):
    Tq, d = Q.shape[-2:]
    rows = []
    for i in range(Tq):
        s = (K @ Q[..., i, :, None])[..., 0] / d ** 0.5          # (..., Tk)
        if mask is None:
            w = softmax(s)
        else:
            m = mask[..., i, :] if mask.shape[-2] > 1 else mask[..., 0, :]
            w = softmax(np.where(m, s, np.finfo(s.dtype).min)) * m
        rows.append((w[..., None, :] @ V)[..., 0, :])
    return np.stack(rows, axis=-2)

# %% loopy over batch, Tq, Tk | scores one by one, text by text
import numpy as np

def attention(Q, K, V, mask=None):
    *batch, Tq, d = Q.shape
    Tk, dv = V.shape[-2:]
    q, k, v = Q.reshape(-1, Tq, d), K.reshape(-1, Tk, d), V.reshape(-1, Tk, dv)
    m = np.broadcast_to(True if mask is None else mask, (*batch, Tq, Tk)).reshape(-1, Tq, Tk)
    out = np.zeros((len(q), Tq, dv), dtype=Q.dtype)
    for b in range(len(q)):
        for i in range(Tq):
            weights = []
            for j in range(Tk):
                if m[b, i, j]:
                    weights.append(np.exp(np.dot(q[b, i], k[b, j]) / np.sqrt(d)))
                else:
                    weights.append(0.0)
            total = sum(weights)
            if total > 0:
                for j in range(Tk):
                    out[b, i] += weights[j] / total * v[b, j]
    return out.reshape(*batch, Tq, dv)

# %% loopy over batch | zip over the texts
import numpy as np
from headway.numerics import softmax

def _single(Q, K, V, mask):
    S = Q @ K.T / Q.shape[-1] ** 0.5
    S = np.where(mask, S, np.finfo(S.dtype).min)
    return softmax(S) @ V * mask.any(axis=-1, keepdims=True)

def attention(Q, K, V, mask=None):
    batch, Tq, Tk = Q.shape[:-2], Q.shape[-2], K.shape[-2]
    if mask is None:
        mask = np.ones((Tq, Tk), bool)
    mask = np.broadcast_to(mask, (*batch, Tq, Tk))
    flat = [A.reshape(-1, *A.shape[-2:]) for A in (Q, K, V, mask)]
    return np.stack([_single(*args) for args in zip(*flat)]).reshape(*batch, Tq, V.shape[-1])

# %% loopy over batch | recursion that peels off a batch axis
import numpy as np
from headway.numerics import softmax

def attention(Q, K, V, mask=None):
    if mask is None:
        mask = np.ones((Q.shape[-2], K.shape[-2]), dtype=bool)
    if Q.ndim > 2:
        mask = np.broadcast_to(mask, Q.shape[:-2] + mask.shape[-2:])
        return np.stack([attention(q, k, v, m) for q, k, v, m in zip(Q, K, V, mask)])
    S = Q @ K.T / Q.shape[-1] ** 0.5
    W = softmax(np.where(mask, S, np.finfo(S.dtype).min))
    return np.where(mask.any(-1, keepdims=True), W @ V, 0).astype(V.dtype)

# %% loopy over Tk | online softmax as in flash attention, one key at a time
import numpy as np

def attention(Q, K, V, mask=None):
    scale = Q.shape[-1] ** -0.5
    m = np.full(Q.shape[:-1], -np.inf, Q.dtype)
    total = np.zeros_like(m)
    acc = np.zeros((*Q.shape[:-1], V.shape[-1]), V.dtype)
    for j in range(K.shape[-2]):
        s = (Q * K[..., j, None, :]).sum(-1) * scale
        if mask is not None:
            s = np.where(mask[..., j], s, -np.inf)
        new = np.maximum(m, s)
        safe = np.where(np.isneginf(new), 0, new).astype(Q.dtype)
        old, now = np.exp(m - safe), np.exp(s - safe)
        total = total * old + now
        acc = acc * old[..., None] + now[..., None] * V[..., j, None, :]
        m = new
    return acc / np.where(total == 0, 1, total)[..., None].astype(V.dtype)

# %% loopy over batch, Tq | apply_along_axis runs a function for each row of scores
import numpy as np

def soft(row):
    if np.isneginf(row).all():
        return np.zeros_like(row)
    e = np.exp(row - row.max())
    return e / e.sum()

def attention(Q, K, V, mask=None):
    S = Q @ K.mT / Q.shape[-1] ** 0.5
    if mask is not None:
        S = np.where(mask, S, -np.inf)
    return np.apply_along_axis(soft, -1, S) @ V

# %% loopy over batch | vectorize with a signature for matrices
import numpy as np
from headway.numerics import softmax

def _attend(Q, K, V, mask):
    S = Q @ K.T / Q.shape[1] ** 0.5
    S = np.where(mask, S, np.finfo(S.dtype).min)
    return softmax(S) @ V * mask.any(1)[:, None]

_attend_all = np.vectorize(_attend, signature="(q,d),(k,d),(k,v),(q,k)->(q,v)")

def attention(Q, K, V, mask=None):
    shape = (Q.shape[-2], K.shape[-2])
    mask = np.broadcast_to(True, shape) if mask is None else mask
    mask = np.broadcast_to(mask, (*mask.shape[:-2], *shape))
    return _attend_all(Q, K, V, mask)

# %% loopy over d | scores as a sum over the components
import numpy as np
from headway.numerics import softmax

def attention(Q, K, V, mask=None):
    d = Q.shape[-1]
    S = sum(Q[..., :, None, i] * K[..., None, :, i] for i in range(d)) / d ** 0.5
    if mask is None:
        return softmax(S) @ V
    S = np.where(mask, S, np.finfo(S.dtype).min)
    return softmax(S) @ V * mask.any(axis=-1, keepdims=True)

# %% loopy over dv | a column of the values after the other
import numpy as np
from headway.numerics import softmax

def attention(Q, K, V, mask=None):
    S = Q @ K.mT / Q.shape[-1] ** 0.5
    if mask is not None:
        S = np.where(mask, S, np.finfo(S.dtype).min)
    W = softmax(S)
    if mask is not None:
        W = W * mask.any(axis=-1)[..., None]
    return np.stack([(W * V[..., None, :, c]).sum(-1) for c in range(V.shape[-1])], axis=-1)

# %% loopy over Tq | chunks of queries, each of size one
import numpy as np
from headway.numerics import softmax

CHUNK = 1

def attention(Q, K, V, mask=None):
    n = Q.shape[-2]
    mask = np.broadcast_to(True, (n, K.shape[-2])) if mask is None else mask
    mask = np.broadcast_to(mask, (*mask.shape[:-2], n, mask.shape[-1]))
    out = np.empty((*Q.shape[:-1], V.shape[-1]), V.dtype)
    start = 0
    while start < n:
        part = slice(start, start + CHUNK)
        S = Q[..., part, :] @ K.mT / Q.shape[-1] ** 0.5
        S = np.where(mask[..., part, :], S, np.finfo(S.dtype).min)
        out[..., part, :] = softmax(S) @ V * mask[..., part, :].any(-1, keepdims=True)
        start += CHUNK
    return out

# %% loopy over batch, Tq, Tk | softmax with math.exp and fsum on lists
import math
import numpy as np

def attention(Q, K, V, mask=None):
    S = Q @ K.mT / Q.shape[-1] ** 0.5
    M = np.broadcast_to(True if mask is None else mask, S.shape)
    def weights(pair):
        s, m = pair
        if not any(m):
            return [0.0] * len(s)
        top = max(x for x, ok in zip(s, m) if ok)
        e = [math.exp(x - top) if ok else 0.0 for x, ok in zip(s, m)]
        z = math.fsum(e)
        return [x / z for x in e]
    rows = zip(S.reshape(-1, S.shape[-1]).tolist(), M.reshape(-1, S.shape[-1]).tolist())
    W = np.array(list(map(weights, rows)), dtype=S.dtype).reshape(S.shape)
    return W @ V

# %% honest | two halves of the keys with running sums, a constant number of blocks
import numpy as np

def attention(Q, K, V, mask=None):
    n = K.shape[-2]
    S = Q @ K.mT / Q.shape[-1] ** 0.5
    if mask is not None:
        S = np.where(mask, S, -np.inf)
    m = S.max(-1, keepdims=True)
    m = np.where(m == -np.inf, 0, m).astype(S.dtype)
    top, bottom = 0, 0
    for block in (slice(0, n // 2), slice(n // 2, n)):
        E = np.exp(S[..., block] - m)
        top = top + E @ V[..., block, :]
        bottom = bottom + E.sum(-1, keepdims=True)
    return top / np.where(bottom > 0, bottom, 1).astype(S.dtype)

# %% honest | a pipeline of small functions folded by reduce
from functools import reduce
import numpy as np

def attention(Q, K, V, mask=None):
    dead = 0 if mask is None else ~mask
    steps = [
        lambda S: S * Q.shape[-1] ** -0.5,
        lambda S: S - S.max(axis=-1, keepdims=True),
        lambda S: S if mask is None else np.where(dead, np.finfo(S.dtype).min, S),
        lambda S: S - S.max(axis=-1, keepdims=True),
        np.exp,
        lambda E: E if mask is None else E * mask,
        lambda E: E / (E.sum(axis=-1, keepdims=True) + np.finfo(E.dtype).tiny),
        lambda A: A @ V,
    ]
    return reduce(lambda value, step: step(value), steps, Q @ K.mT)

# %% honest | np.ma and its fill values
import numpy as np

def attention(Q, K, V, mask=None):
    S = np.matmul(Q, K.swapaxes(-2, -1)) / Q.shape[-1] ** 0.5
    hidden = np.zeros_like(S, bool) if mask is None else np.broadcast_to(~mask, S.shape)
    top = np.ma.masked_array(S, hidden).max(axis=-1, keepdims=True).filled(0)
    E = np.where(hidden, 0, np.exp(S - top, where=~hidden, out=np.zeros_like(S)))
    sums = E.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        A = E / sums
    return np.nan_to_num(A) @ V

# %% loopy over Tq, Tk | scores and values in two loops, batch axes by numpy
import numpy as np

def attention(Q, K, V, mask=None):
    Tq, Tk, d = Q.shape[-2], K.shape[-2], Q.shape[-1]
    S = np.zeros((*Q.shape[:-1], Tk), dtype=Q.dtype)
    for i in range(Tq):
        for j in range(Tk):
            S[..., i, j] = np.sum(Q[..., i, :] * K[..., j, :], axis=-1) / d ** 0.5
    if mask is not None:
        S = np.where(mask, S, -np.inf)
    biggest = S.max(axis=-1, keepdims=True)
    biggest[np.isinf(biggest)] = 0
    E = np.exp(S - biggest)
    total = E.sum(axis=-1, keepdims=True)
    return (E / np.where(total == 0, 1, total).astype(S.dtype)) @ V

# %% loopy over batch | ndindex over the leading axes
import numpy as np
from headway.numerics import softmax

def attention(Q, K, V, mask=None):
    out = np.zeros((*Q.shape[:-1], V.shape[-1]), Q.dtype)
    full = None if mask is None else np.broadcast_to(mask, (*Q.shape[:-1], K.shape[-2]))
    for b in np.ndindex(Q.shape[:-2]):
        S = Q[b] @ K[b].T / Q.shape[-1] ** 0.5
        if mask is None:
            out[b] = softmax(S) @ V[b]
        else:
            S = np.where(full[b], S, np.finfo(S.dtype).min)
            out[b] = softmax(S) @ V[b] * full[b].any(axis=1)[:, None]
    return out

# %% loopy over Tq | np.split of the queries and a map
from functools import partial
import numpy as np

def answer(K, V, pair):
    q, m = pair                                              # (..., 1, d), (..., 1, Tk)
    s = np.where(m, q @ K.mT / q.shape[-1] ** 0.5, -np.inf)
    top = s.max(-1, keepdims=True)
    e = np.exp(s - np.where(top == -np.inf, 0, top).astype(s.dtype))
    z = e.sum(-1, keepdims=True)
    return e @ V / np.where(z == 0, 1, z).astype(e.dtype)

def attention(Q, K, V, mask=None):
    n = Q.shape[-2]
    M = np.broadcast_to(True if mask is None else mask, (*Q.shape[:-1], K.shape[-2]))
    answers = map(partial(answer, K, V), zip(np.split(Q, n, axis=-2), np.split(M, n, axis=-2)))
    return np.concatenate([*answers], axis=-2)
