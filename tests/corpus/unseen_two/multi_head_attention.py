# %% honest | projects, splits, attends, merges, with the earlier exercises
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    Q = split_heads(X @ W_Q, H)
    K = split_heads(X @ W_K, H)
    V = split_heads(X @ W_V, H)
    if mask is not None:
        mask = np.expand_dims(mask, -3)
    return merge_heads(attention(Q, K, V, mask)) @ W_O

# %% honest | a comprehension over the three projections
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = [split_heads(X @ W, H) for W in (W_Q, W_K, W_V)]
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :])) @ W_O

# %% honest | map with partial over the three projections
from functools import partial
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    heads = map(partial(split_heads, H=H), map(partial(np.matmul, X), (W_Q, W_K, W_V)))
    m = mask if mask is None else mask[..., None, :, :]
    return merge_heads(attention(*heads, m)) @ W_O

# %% honest | einsum with heads cut out of the matrices
import numpy as np
from headway.numerics import softmax

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    d = X.shape[-1]
    dh = d // H
    cut = lambda W: W.reshape(d, H, dh)
    Q = np.einsum("...td,dhi->...hti", X, cut(W_Q))
    K = np.einsum("...td,dhi->...hti", X, cut(W_K))
    V = np.einsum("...td,dhi->...hti", X, cut(W_V))
    S = np.einsum("...hqi,...hki->...hqk", Q, K) / dh ** 0.5
    if mask is not None:
        S = np.where(mask[..., None, :, :], S, np.finfo(S.dtype).min)
    A = softmax(S)
    if mask is not None:
        A = A * mask[..., None, :, :]
    return np.einsum("...hqk,...hki,hid->...qd", A, V, W_O.reshape(H, dh, d))

# %% honest | one product for all three projections, split into three
import numpy as np
from headway.attention import attention

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    *batch, T, d = X.shape
    W = np.concatenate([W_Q, W_K, W_V], axis=1)          # (d, 3d)
    qkv = (X @ W).reshape(*batch, T, 3, H, d // H)
    qkv = np.moveaxis(qkv, (-3, -2), (0, -3))            # (3, ..., H, T, dh)
    q, k, v = qkv
    if mask is not None:
        mask = mask[..., np.newaxis, :, :]
    y = attention(q, k, v, mask)
    return y.swapaxes(-2, -3).reshape(*batch, T, d) @ W_O

# %% honest | W_O cut into rows per head, and the heads summed by einsum
import numpy as np
from headway.attention import attention, split_heads

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    m = None if mask is None else mask[..., None, :, :]
    Y = attention(split_heads(X @ W_Q, H), split_heads(X @ W_K, H), split_heads(X @ W_V, H), m)
    return (Y @ W_O.reshape(H, -1, W_O.shape[1])).sum(axis=-3)

# %% honest | an over-engineered module with a list of projections and checks
from collections import namedtuple
from dataclasses import dataclass
import math
import numpy as np

Projections = namedtuple("Projections", "query key value output")


@dataclass
class MultiHeadAttention:
    weights: Projections
    num_heads: int

    def __post_init__(self):
        for name, W in zip(self.weights._fields, self.weights):
            if W.ndim != 2:
                raise ValueError(f"{name} is no matrix")
        width = self.weights.query.shape[1]
        if width % self.num_heads:
            raise ValueError("the heads do not divide the width")
        self.head_dim = width // self.num_heads

    def _heads(self, Y):
        return Y.reshape(*Y.shape[:-1], self.num_heads, self.head_dim).swapaxes(-2, -3)

    def forward(self, x, mask=None):
        q, k, v = (self._heads(x @ W) for W in self.weights[:3])
        logits = (q @ k.mT) / math.sqrt(self.head_dim)
        if mask is not None:
            allowed = mask[..., None, :, :]
            logits = np.where(allowed, logits, -np.inf)
        peak = np.nan_to_num(logits.max(axis=-1, keepdims=True), neginf=0.0)
        probs = np.exp(logits - peak)
        norm = probs.sum(axis=-1, keepdims=True)
        probs = probs / np.where(norm == 0, np.ones_like(norm), norm)
        context = (probs @ v).swapaxes(-2, -3)
        return context.reshape(x.shape) @ self.weights.output


def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    return MultiHeadAttention(Projections(W_Q, W_K, W_V, W_O), H).forward(X, mask)

# %% honest | a dict of arrays and a decorator that adds the axis of the heads
from functools import wraps
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def with_head_axis(f):
    @wraps(f)
    def g(Q, K, V, mask=None):
        return f(Q, K, V) if mask is None else f(Q, K, V, mask[..., None, :, :])
    return g

attend = with_head_axis(attention)

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    parts = {name: split_heads(X @ W, H) for name, W in [("Q", W_Q), ("K", W_K), ("V", W_V)]}
    return merge_heads(attend(**parts, mask=mask)) @ W_O

# %% loopy over H | a for over the heads with slices of columns
import numpy as np
from headway.attention import attention

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    dh = X.shape[-1] // H
    heads = []
    for h in range(H):
        s = slice(h * dh, (h + 1) * dh)
        heads.append(attention(X @ W_Q[:, s], X @ W_K[:, s], X @ W_V[:, s], mask))
    return np.concatenate(heads, axis=-1) @ W_O

# %% loopy over H | np.split of all three and a zip
import numpy as np
from headway.attention import attention

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    Qs, Ks, Vs = (np.split(X @ W, H, axis=-1) for W in (W_Q, W_K, W_V))
    return np.concatenate([attention(q, k, v, mask) for q, k, v in zip(Qs, Ks, Vs)], axis=-1) @ W_O

# %% loopy over H | the sum over heads of head times its rows of W_O
import numpy as np
from headway.attention import attention

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    dh = X.shape[-1] // H
    out = np.zeros_like(X)
    start = 0
    while start < H * dh:
        end = start + dh
        out = out + attention(X @ W_Q[:, start:end], X @ W_K[:, start:end], X @ W_V[:, start:end], mask) @ W_O[start:end]
        start = end
    return out

# %% loopy over batch | a list over the texts, all heads at once
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    *batch, T, d = X.shape
    texts = X.reshape(-1, T, d)
    if mask is not None:
        mask = np.broadcast_to(mask, (*batch, T, T)).reshape(-1, 1, T, T)
    out = []
    for b, x in enumerate(texts):
        m = None if mask is None else mask[b]
        y = attention(split_heads(x @ W_Q, H), split_heads(x @ W_K, H), split_heads(x @ W_V, H), m)
        out.append(merge_heads(y) @ W_O)
    return np.array(out).reshape(X.shape)

# %% loopy over batch, H | everything by hand for every text and head
import numpy as np
from headway.numerics import softmax

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    T, d = X.shape[-2:]
    dh = d // H
    flat = X.reshape(-1, T, d)
    if mask is None:
        mask = np.ones((T, T), dtype=bool)
    masks = np.broadcast_to(mask, X.shape[:-2] + (T, T)).reshape(-1, T, T)
    result = np.zeros_like(flat)
    for b in range(flat.shape[0]):
        Q, K, V = flat[b] @ W_Q, flat[b] @ W_K, flat[b] @ W_V
        Y = np.zeros((T, d), dtype=X.dtype)
        for h in range(H):
            cols = range(h * dh, (h + 1) * dh)
            S = Q[:, cols] @ K[:, cols].T / dh ** 0.5
            S = np.where(masks[b], S, np.finfo(S.dtype).min)
            Y[:, cols] = softmax(S) @ V[:, cols] * masks[b].any(axis=1, keepdims=True)
        result[b] = Y @ W_O
    return result.reshape(X.shape)

# %% loopy over H | recursion: the first head and the rest
import numpy as np
from headway.attention import attention

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    dh = W_Q.shape[1] // H
    first = attention(X @ W_Q[:, :dh], X @ W_K[:, :dh], X @ W_V[:, :dh], mask) @ W_O[:dh]
    if H == 1:
        return first
    return first + multi_head_attention(X, W_Q[:, dh:], W_K[:, dh:], W_V[:, dh:], W_O[dh:], H - 1, mask)

# %% loopy over H | a class per head, called by map
from dataclasses import dataclass
import numpy as np
from headway.attention import attention


@dataclass
class Head:
    W_Q: np.ndarray
    W_K: np.ndarray
    W_V: np.ndarray

    def __call__(self, X, mask):
        return attention(X @ self.W_Q, X @ self.W_K, X @ self.W_V, mask)


def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    stacks = [W.reshape(W.shape[0], H, -1).swapaxes(0, 1) for W in (W_Q, W_K, W_V)]
    heads = map(Head, *stacks)
    return np.concatenate([head(X, mask) for head in heads], axis=-1) @ W_O

# %% loopy over T | one query row at a time, all heads at once
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    T = X.shape[-2]
    K, V = split_heads(X @ W_K, H), split_heads(X @ W_V, H)
    if mask is not None:
        mask = np.broadcast_to(mask, (*mask.shape[:-2], T, T))[..., None, :, :]
    rows = []
    for t in range(T):
        q = split_heads(X[..., t:t + 1, :] @ W_Q, H)
        m = None if mask is None else mask[..., t:t + 1, :]
        rows.append(merge_heads(attention(q, K, V, m)))
    return np.concatenate(rows, axis=-2) @ W_O

# %% loopy over H | vectorize over the stacked matrices of the heads
import numpy as np
from headway.attention import attention

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    d = X.shape[-1]
    one = lambda a, b, c, o: attention(X @ a, X @ b, X @ c, mask).reshape(-1, d // H) @ o
    every = np.vectorize(one, signature="(d,i),(d,i),(d,i),(i,d)->(n,d)")
    into = lambda W: W.reshape(d, H, -1).transpose(1, 0, 2)
    Y = every(into(W_Q), into(W_K), into(W_V), W_O.reshape(H, -1, d))
    return Y.sum(0).reshape(X.shape)

# %% honest | the three projections stacked, and unpacked from an array
import numpy as np
from headway.numerics import softmax

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    W = np.stack([W_Q, W_K, W_V])                            # (3, d, d)
    P = np.einsum("...td,pde->p...te", X, W)
    P = P.reshape(*P.shape[:-1], H, -1).swapaxes(-2, -3)     # (3, ..., H, T, dh)
    Q, K, V = P
    S = Q @ K.mT / K.shape[-1] ** 0.5
    if mask is None:
        Y = softmax(S) @ V
    else:
        seen = np.expand_dims(mask, -3)
        Y = (softmax(np.where(seen, S, np.finfo(S.dtype).min)) * seen) @ V
    return Y.swapaxes(-2, -3).reshape(X.shape) @ W_O

# %% honest | a generator over the three matrices
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    def project(*matrices):
        for W in matrices:
            yield split_heads(X @ W, H)

    *queries_and_keys, values = project(W_Q, W_K, W_V)
    extra = () if mask is None else (mask[..., None, :, :],)
    return merge_heads(attention(*queries_and_keys, values, *extra)) @ W_O
