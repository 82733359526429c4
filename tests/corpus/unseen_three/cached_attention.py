# %% honest | splits the new, puts them behind the old, and attends
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    H, t = K.shape[-3], K.shape[-2]
    K = np.concatenate([K, split_heads(X @ W_K, H)], axis=-2)
    V = np.concatenate([V, split_heads(X @ W_V, H)], axis=-2)
    n, T = X.shape[-2], K.shape[-2]
    output = attention(split_heads(X @ W_Q, H), K, V, np.tri(n, T, t, dtype=bool))
    return merge_heads(output) @ W_O, K, V

# %% honest | einsum throughout, and a mask of compared positions
import numpy as np

def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    d = X.shape[-1]
    H, t, dh = K.shape[-3:]
    cut = lambda W: W.reshape(d, H, dh)
    q, k, v = (np.einsum("...nd,dhe->...hne", X, cut(W)) for W in (W_Q, W_K, W_V))
    K, V = np.append(K, k, axis=-2), np.append(V, v, axis=-2)
    position = np.arange(K.shape[-2])
    S = np.einsum("...hne,...hte->...hnt", q, K) / dh ** 0.5
    S[..., position[t:, None] < position] = -np.inf
    E = np.exp(S - S.max(axis=-1, keepdims=True))
    A = E / E.sum(axis=-1, keepdims=True)
    out = np.einsum("...hnt,...hte,hed->...nd", A, V, W_O.reshape(H, dh, d))
    return out, K, V

# %% honest | old and new keys as two blocks of scores with one denominator
import numpy as np
from headway.attention import causal_mask, merge_heads, split_heads

def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    H, dh = K.shape[-3], K.shape[-1]
    q, k, v = (split_heads(X @ W, H) for W in (W_Q / dh ** 0.5, W_K, W_V))
    past = q @ K.mT                                              # (..., H, n, t)
    now = np.where(causal_mask(X.shape[-2]), q @ k.mT, -np.inf)  # (..., H, n, n)
    top = np.maximum(now.max(-1, keepdims=True), past.max(-1, keepdims=True, initial=-np.inf))
    weights = [np.exp(past - top), np.exp(now - top)]
    values = [V, v]
    fetched = sum(w @ value for w, value in zip(weights, values))
    fetched = fetched / sum(w.sum(-1, keepdims=True) for w in weights)
    return merge_heads(fetched) @ W_O, np.concatenate([K, k], -2), np.concatenate([V, v], -2)

# %% honest | a cache as a dataclass that grows
from dataclasses import dataclass
import numpy as np
from headway.attention import attention, merge_heads, split_heads

@dataclass
class Cache:
    keys: np.ndarray
    values: np.ndarray

    @property
    def length(self):
        return self.keys.shape[-2]

    @property
    def heads(self):
        return self.keys.shape[-3]

    def appended(self, keys, values):
        behind = lambda old, new: np.concatenate((old, split_heads(new, self.heads)), axis=-2)
        return Cache(behind(self.keys, keys), behind(self.values, values))

def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    assert all(W.shape == W_Q.shape for W in (W_K, W_V, W_O))
    before = Cache(K, V)
    after = before.appended(X @ W_K, X @ W_V)
    mask = np.tril(np.ones((X.shape[-2], after.length), dtype=bool), k=before.length)
    heads = attention(split_heads(X @ W_Q, before.heads), after.keys, after.values, mask)
    return merge_heads(heads) @ W_O, after.keys, after.values

# %% honest | the last rows of the causal mask of the whole text
import numpy as np
from headway.attention import causal_mask, merge_heads, split_heads
from headway.numerics import softmax

def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    *_, H, t, dh = K.shape
    QKV = X @ np.concatenate([W_Q, W_K, W_V], axis=1)
    Q, K_new, V_new = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
    K = np.concatenate([K, K_new], axis=-2)
    V = np.concatenate([V, V_new], axis=-2)
    S = np.where(causal_mask(K.shape[-2])[t:], Q @ K.mT * dh ** -0.5, np.finfo(Q.dtype).min)
    return merge_heads(softmax(S) @ V) @ W_O, K, V

# %% honest | arrays of the full length, filled by slices in a loop over keys and values
import numpy as np

def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    *batch, n, d = X.shape
    H, t, dh = K.shape[-3:]
    full = []
    for old, W in ((K, W_K), (V, W_V)):
        whole = np.empty((*batch, H, t + n, dh), dtype=old.dtype)
        whole[..., :t, :] = old
        whole[..., t:, :] = np.swapaxes((X @ W).reshape(*batch, n, H, dh), -2, -3)
        full.append(whole)
    K, V = full
    q = np.moveaxis((X @ W_Q).reshape(*batch, n, H, dh), -2, -3)
    S = np.matmul(q, np.swapaxes(K, -1, -2)) / np.sqrt(dh).astype(q.dtype)
    hidden = np.arange(t + n) > np.arange(t, t + n)[:, None]
    S = np.where(hidden, -np.inf, S)
    A = np.exp(S - S.max(-1, keepdims=True))
    A = A / A.sum(-1, keepdims=True)
    out = np.moveaxis(A @ V, -3, -2).reshape(*batch, n, d)
    return out @ W_O, K, V

# %% honest | heads flattened into the batch, a bias instead of a mask
import math
import numpy as np
from headway.numerics import log_softmax

def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    *batch, n, d = X.shape
    H, t, dh = K.shape[-3:]
    texts = math.prod(batch)                         # -1 would not do, for t may be 0

    def heads(W):
        return (X @ W).reshape(texts, n, H, dh).transpose(0, 2, 1, 3)

    K = np.concatenate([K.reshape(texts, H, t, dh), heads(W_K)], axis=2)
    V = np.concatenate([V.reshape(texts, H, t, dh), heads(W_V)], axis=2)
    bias = np.triu(np.full((n, t + n), -1e30), k=t + 1).astype(X.dtype)
    A = np.exp(log_softmax(heads(W_Q) @ K.transpose(0, 1, 3, 2) / dh ** 0.5 + bias))
    out = (A @ V).transpose(0, 2, 1, 3).reshape(*batch, n, d) @ W_O
    return out, K.reshape(*batch, H, t + n, dh), V.reshape(*batch, H, t + n, dh)

# %% loopy over n | one new position after the other, as if each came alone
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    H = K.shape[-3]
    outputs = []
    for i in range(X.shape[-2]):
        x = X[..., i:i + 1, :]
        K = np.concatenate([K, split_heads(x @ W_K, H)], axis=-2)
        V = np.concatenate([V, split_heads(x @ W_V, H)], axis=-2)
        outputs.append(merge_heads(attention(split_heads(x @ W_Q, H), K, V)) @ W_O)
    return np.concatenate(outputs, axis=-2), K, V

# %% loopy over H | head after head
import numpy as np
from headway.attention import attention

def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    H, t, dh = K.shape[-3:]
    n = X.shape[-2]
    mask = np.tri(n, t + n, t, dtype=bool)
    out, keys, values = 0, [], []
    for h in range(H):
        own = slice(h * dh, (h + 1) * dh)
        keys.append(np.concatenate([K[..., h, :, :], X @ W_K[:, own]], axis=-2))
        values.append(np.concatenate([V[..., h, :, :], X @ W_V[:, own]], axis=-2))
        out = out + attention(X @ W_Q[:, own], keys[-1], values[-1], mask) @ W_O[own]
    return out, np.stack(keys, axis=-3), np.stack(values, axis=-3)

# %% loopy over batch | recursion over the texts, three lists zipped
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    if X.ndim > 2:
        parts = [cached_attention(x, k, v, W_Q, W_K, W_V, W_O) for x, k, v in zip(X, K, V)]
        return tuple(np.stack(part) for part in zip(*parts))
    H, t, _ = K.shape
    K = np.concatenate([K, split_heads(X @ W_K, H)], axis=1)
    V = np.concatenate([V, split_heads(X @ W_V, H)], axis=1)
    mask = np.tri(len(X), K.shape[1], t, dtype=bool)
    return merge_heads(attention(split_heads(X @ W_Q, H), K, V, mask)) @ W_O, K, V

# %% loopy over n | keys at once, but each query sees a slice of its own instead of a mask
import numpy as np
from headway.attention import merge_heads, split_heads
from headway.numerics import softmax

def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    H, t, dh = K.shape[-3:]
    K = np.concatenate([K, split_heads(X @ W_K, H)], axis=-2)
    V = np.concatenate([V, split_heads(X @ W_V, H)], axis=-2)
    Q = split_heads(X @ W_Q, H)

    def asked(i):
        seen = slice(0, t + i + 1)
        A = softmax(Q[..., i:i + 1, :] @ K[..., seen, :].mT / dh ** 0.5)
        return A @ V[..., seen, :]

    heads = np.concatenate([*map(asked, range(X.shape[-2]))], axis=-2)
    return merge_heads(heads) @ W_O, K, V

# %% loopy over n, t | a running softmax over the keys, kept and new
import numpy as np
from headway.attention import merge_heads, split_heads

def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    H, t, dh = K.shape[-3:]
    K = np.concatenate([K, split_heads(X @ W_K, H)], axis=-2)
    V = np.concatenate([V, split_heads(X @ W_V, H)], axis=-2)
    Q = split_heads(X @ W_Q, H) / dh ** 0.5
    own = t + np.arange(X.shape[-2])
    high = np.full(Q.shape[:-1], np.finfo(Q.dtype).min)
    total, fetched = np.zeros_like(high), np.zeros_like(Q)
    for j in range(K.shape[-2]):
        s = np.where(j <= own, np.vecdot(Q, K[..., j, None, :]), np.finfo(Q.dtype).min)
        new = np.maximum(high, s)
        fade, weight = np.exp(high - new), np.where(j <= own, np.exp(s - new), 0).astype(Q.dtype)
        total = total * fade + weight
        fetched = fetched * fade[..., None] + weight[..., None] * V[..., j, None, :]
        high = new
    return merge_heads(fetched / total[..., None]) @ W_O, K, V

# %% loopy over t | the kept keys copied one at a time into a list
import numpy as np
from headway.attention import attention, merge_heads, split_heads

class Kept:
    def __init__(self, A):
        self.positions = [A[..., i:i + 1, :] for i in range(A.shape[-2])]

    def push(self, new):
        self.positions.append(new)
        return np.concatenate(self.positions, axis=-2)

def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    H, t, _ = K.shape[-3:]
    K = Kept(K).push(split_heads(X @ W_K, H))
    V = Kept(V).push(split_heads(X @ W_V, H))
    mask = np.tri(X.shape[-2], K.shape[-2], t, dtype=bool)
    return merge_heads(attention(split_heads(X @ W_Q, H), K, V, mask)) @ W_O, K, V

# %% loopy over batch | vectorize with a signature that has three results
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def _text(X, K, V, W_Q, W_K, W_V, W_O):
    H, t, _ = K.shape
    K = np.concatenate([K, split_heads(X @ W_K, H)], axis=1)
    V = np.concatenate([V, split_heads(X @ W_V, H)], axis=1)
    mask = np.arange(K.shape[1]) <= t + np.arange(len(X))[:, None]
    return merge_heads(attention(split_heads(X @ W_Q, H), K, V, mask)) @ W_O, K, V

_signature = "(n,d),(h,t,i),(h,t,i),(d,d),(d,d),(d,d),(d,d)->(n,d),(h,s,i),(h,s,i)"
cached_attention = np.vectorize(_text, signature=_signature)
