# %% honest | with split_heads, attention and merge_heads
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    Q = split_heads(X @ W_Q, H)
    K = split_heads(C @ W_K, H)
    V = split_heads(C @ W_V, H)
    m = None if mask is None else mask[..., None, :, :]
    Y = attention(Q, K, V, m)
    return merge_heads(Y) @ W_O

# %% honest | a comprehension over pairs of text and matrix
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    if mask is not None:
        mask = np.expand_dims(mask, axis=-3)
    qkv = (split_heads(A @ W, H) for A, W in ((X, W_Q), (C, W_K), (C, W_V)))
    return merge_heads(attention(*qkv, mask=mask)) @ W_O

# %% honest | without helpers, reshape and moveaxis
import numpy as np

def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    d = W_Q.shape[1]
    dh = d // H

    def heads(A, W):
        P = A @ W
        return np.moveaxis(P.reshape(*P.shape[:-1], H, dh), -2, -3)

    q, k, v = heads(X, W_Q), heads(C, W_K), heads(C, W_V)
    s = (q @ np.moveaxis(k, -1, -2)) / dh ** 0.5
    if mask is not None:
        s = np.where(mask[..., None, :, :], s, -np.inf)
    best = s.max(-1, keepdims=True)
    best = np.where(np.isfinite(best), best, 0).astype(s.dtype)
    e = np.exp(s - best)
    z = e.sum(-1, keepdims=True)
    y = (e @ v) / np.where(z > 0, z, 1).astype(s.dtype)
    return np.moveaxis(y, -3, -2).reshape(*X.shape[:-1], d) @ W_O

# %% honest | scores through the product of W_Q and W_K for each head
import numpy as np
from headway.numerics import softmax

def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    """Elhage's QK and OV circuits: W_QK is (H, d, c) and W_OV is (H, c, d)."""
    d, c = W_Q.shape[0], W_K.shape[0]
    QK = np.einsum("dhi,chi->hdc", W_Q.reshape(d, H, -1), W_K.reshape(c, H, -1))
    OV = np.einsum("chi,hid->hcd", W_V.reshape(c, H, -1), W_O.reshape(H, -1, d))
    S = X[..., None, :, :] @ QK @ C[..., None, :, :].mT / (d // H) ** 0.5
    if mask is None:
        A = softmax(S)
    else:
        M = mask[..., None, :, :]
        A = softmax(np.where(M, S, np.finfo(S.dtype).min)) * M
    return (A @ C[..., None, :, :] @ OV).sum(-3)

# %% honest | keys and values in one product, in a small class
import numpy as np
from headway.attention import attention, merge_heads


class CrossAttention:
    def __init__(self, W_Q, W_K, W_V, W_O, H):
        self.W_Q, self.W_O, self.H = W_Q, W_O, H
        self.W_KV = np.stack([W_K, W_V])                 # (2, c, d)

    def remember(self, C):
        KV = C[None] @ self.W_KV.reshape(2, *[1] * (C.ndim - 2), *self.W_KV.shape[1:])
        self.K, self.V = self.split(KV)
        return self

    def split(self, Y):
        return Y.reshape(*Y.shape[:-1], self.H, -1).swapaxes(-2, -3)

    def ask(self, X, mask=None):
        if mask is not None:
            mask = mask[..., None, :, :]
        return merge_heads(attention(self.split(X @ self.W_Q), self.K, self.V, mask)) @ self.W_O


def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    return CrossAttention(W_Q, W_K, W_V, W_O, H).remember(C).ask(X, mask)

# %% honest | heads flattened into the batch with reshape, as in old torch code
import math
import numpy as np

def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    *batch, Tq, d = X.shape
    Tk = C.shape[-2]
    B, dh = math.prod(batch), d // H
    q = (X @ W_Q).reshape(B, Tq, H, dh).transpose(0, 2, 1, 3).reshape(B * H, Tq, dh)
    k = (C @ W_K).reshape(B, Tk, H, dh).transpose(0, 2, 1, 3).reshape(B * H, Tk, dh)
    v = (C @ W_V).reshape(B, Tk, H, dh).transpose(0, 2, 1, 3).reshape(B * H, Tk, dh)
    scores = q @ k.transpose(0, 2, 1) / math.sqrt(dh)
    if mask is not None:
        full = np.broadcast_to(mask, (*batch, Tq, Tk)).reshape(B, Tq, Tk)
        full = np.repeat(full, H, axis=0)
        scores = np.where(full, scores, np.finfo(scores.dtype).min)
    scores -= scores.max(axis=-1, keepdims=True)
    p = np.exp(scores)
    p /= p.sum(axis=-1, keepdims=True)
    if mask is not None:
        p *= full
    y = (p @ v).reshape(B, H, Tq, dh).transpose(0, 2, 1, 3).reshape(*batch, Tq, d)
    return y @ W_O

# %% loopy over H | a for over the heads
import numpy as np
from headway.attention import attention

def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    dh = W_Q.shape[1] // H
    result = None
    for h in range(H):
        a, b = h * dh, (h + 1) * dh
        head = attention(X @ W_Q[:, a:b], C @ W_K[:, a:b], C @ W_V[:, a:b], mask)
        result = head if result is None else np.concatenate([result, head], axis=-1)
    return result @ W_O

# %% loopy over H | list comprehension over split heads
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(C @ W_K, H), split_heads(C @ W_V, H)
    Y = [attention(Q[..., h, :, :], K[..., h, :, :], V[..., h, :, :], mask) for h in range(H)]
    return np.concatenate(Y, axis=-1) @ W_O

# %% loopy over batch | a loop over the pairs of texts
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    if X.ndim == 2:
        m = None if mask is None else mask[None]
        return merge_heads(attention(split_heads(X @ W_Q, H), split_heads(C @ W_K, H), split_heads(C @ W_V, H), m)) @ W_O
    out = np.zeros(X.shape, X.dtype)
    for b in range(len(X)):
        m = mask
        if mask is not None and mask.ndim == X.ndim:
            m = mask[b]
        out[b] = cross_attention(X[b], C[b], W_Q, W_K, W_V, W_O, H, m)
    return out

# %% loopy over Tq | a query vector at a time
import numpy as np
from headway.numerics import softmax

def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    d = W_Q.shape[1]
    K = (C @ W_K).reshape(*C.shape[:-1], H, -1)              # (..., Tk, H, dh)
    V = (C @ W_V).reshape(*C.shape[:-1], H, -1)
    out = np.empty(X.shape, X.dtype)
    for i in range(X.shape[-2]):
        q = (X[..., i, :] @ W_Q).reshape(*X.shape[:-2], 1, H, d // H)
        s = np.moveaxis((q * K).sum(-1), -1, -2) / (d // H) ** 0.5      # (..., H, Tk)
        if mask is None:
            w = softmax(s)
        else:
            m = mask[..., min(i, mask.shape[-2] - 1), None, :]
            w = softmax(np.where(m, s, np.finfo(s.dtype).min)) * m
        y = np.einsum("...hk,...khi->...hi", w, V)
        out[..., i, :] = y.reshape(*y.shape[:-2], d) @ W_O
    return out

# %% loopy over H | reduce over the heads, adding through W_O
from functools import reduce
import numpy as np
from headway.attention import attention

def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    width = W_Q.shape[1] // H

    def add(total, h):
        own = np.s_[h * width:(h + 1) * width]
        return total + attention(X @ W_Q[:, own], C @ W_K[:, own], C @ W_V[:, own], mask) @ W_O[own]

    return reduce(add, range(H), np.zeros_like(X))

# %% loopy over H | starmap over three arrays whose first axis is the heads
from itertools import starmap
import numpy as np
from headway.attention import attention, split_heads

def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    front = lambda A, W: np.moveaxis(split_heads(A @ W, H), -3, 0)
    heads = starmap(lambda q, k, v: attention(q, k, v, mask), zip(front(X, W_Q), front(C, W_K), front(C, W_V)))
    return np.concatenate(tuple(heads), -1) @ W_O

# %% loopy over Tk | keys come one at a time into running sums
import numpy as np
from headway.attention import merge_heads, split_heads

def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    Q = split_heads(X @ W_Q, H)
    S = Q @ split_heads(C @ W_K, H).mT / Q.shape[-1] ** 0.5
    E = np.exp(S - S.max(-1, keepdims=True))
    if mask is not None:
        E = E * mask[..., None, :, :]
    V = split_heads(C @ W_V, H)
    top, bottom = np.zeros_like(Q), np.zeros_like(Q[..., :1])
    for j, v in enumerate(np.moveaxis(V, -2, 0)):
        top = top + E[..., j, None] * v[..., None, :]
        bottom = bottom + E[..., j, None]
    return merge_heads(top / np.where(bottom == 0, np.ones_like(bottom), bottom)) @ W_O

# %% honest | a dict of texts by role
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    source = {"Q": (X, W_Q), "K": (C, W_K), "V": (C, W_V)}
    args = {role: split_heads(text @ W, H) for role, (text, W) in source.items()}
    if mask is not None:
        args["mask"] = mask[..., None, :, :]
    return merge_heads(attention(**args)) @ W_O

# %% honest | the axis of the heads in front, so the mask needs none
import numpy as np
from headway.attention import attention

def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    front = lambda A: np.moveaxis(A.reshape(*A.shape[:-1], H, -1), -2, 0)     # (H, ..., T, dh)
    Y = attention(front(X @ W_Q), front(C @ W_K), front(C @ W_V), mask)
    return np.moveaxis(Y, 0, -2).reshape(*X.shape[:-1], -1) @ W_O
