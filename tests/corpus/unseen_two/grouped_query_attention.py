# %% honest | a group axis, and keys with an axis of size 1
import numpy as np
from headway.attention import attention

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    *batch, T, d = X.shape
    dh = d // H
    Q = (X @ W_Q).reshape(*batch, T, G, H // G, dh)
    Q = np.moveaxis(Q, -4, -2)                                   # (..., G, H/G, T, dh)
    K = (X @ W_K).reshape(*batch, T, G, 1, dh)
    K = np.moveaxis(K, -4, -2)                                   # (..., G, 1, T, dh)
    V = np.moveaxis((X @ W_V).reshape(*batch, T, G, 1, dh), -4, -2)
    if mask is not None:
        mask = mask[..., None, None, :, :]
    Y = attention(Q, K, V, mask)
    return np.moveaxis(Y, -2, -4).reshape(*batch, T, d) @ W_O

# %% honest | repeats the keys and values for each head of a group
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    Q = split_heads(X @ W_Q, H)
    K, V = (np.repeat(split_heads(X @ W, G), H // G, axis=-3) for W in (W_K, W_V))
    m = None if mask is None else mask[..., None, :, :]
    return merge_heads(attention(Q, K, V, m)) @ W_O

# %% honest | an index of the group of each head
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    if H % G:
        raise ValueError("G must divide H")
    group_of = np.arange(H) // (H // G)
    Q = split_heads(X @ W_Q, H)
    K = split_heads(X @ W_K, G)[..., group_of, :, :]
    V = split_heads(X @ W_V, G)[..., group_of, :, :]
    if mask is not None:
        mask = mask[..., None, :, :]
    return merge_heads(attention(Q, K, V, mask)) @ W_O

# %% honest | widens W_K and W_V and calls multi_head_attention
import numpy as np
from headway.attention import multi_head_attention

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    def widen(W):
        d, k = W.shape
        return np.repeat(W.reshape(d, G, k // G), H // G, axis=1).reshape(d, -1)
    return multi_head_attention(X, W_Q, widen(W_K), widen(W_V), W_O, H, mask)

# %% honest | einsum with letters for group and member
import numpy as np
from headway.numerics import softmax

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    d, dh, R = X.shape[-1], X.shape[-1] // H, H // G
    q = np.einsum("...td,dgri->...grti", X, W_Q.reshape(d, G, R, dh))
    k = np.einsum("...td,dgi->...gti", X, W_K.reshape(d, G, dh))
    v = np.einsum("...td,dgi->...gti", X, W_V.reshape(d, G, dh))
    s = np.einsum("...grqi,...gki->...grqk", q, k) * dh ** -0.5
    if mask is not None:
        m = mask[..., None, None, :, :]
        a = softmax(np.where(m, s, np.finfo(s.dtype).min)) * m
    else:
        a = softmax(s)
    y = np.einsum("...grqk,...gki->...qgri", a, v)
    return y.reshape(*y.shape[:-3], d) @ W_O

# %% honest | the members of a group stand below each other as more queries
import numpy as np
from headway.attention import attention

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    *batch, T, d = X.shape
    R, dh = H // G, d // H
    Q = (X @ W_Q).reshape(*batch, T, G, R, dh)
    Q = np.einsum("...tgri->...grti", Q).reshape(*batch, G, R * T, dh)
    K, V = [(X @ W).reshape(*batch, T, G, dh).swapaxes(-2, -3) for W in (W_K, W_V)]
    if mask is not None:
        mask = np.broadcast_to(mask, (*mask.shape[:-2], T, T))
        mask = np.tile(mask, (R, 1))[..., None, :, :]
    Y = attention(Q, K, V, mask).reshape(*batch, G, R, T, dh)
    return np.einsum("...grti->...tgri", Y).reshape(*batch, T, d) @ W_O

# %% honest | dataclass of settings, assertions in a loop over the matrices
from dataclasses import dataclass
import numpy as np
from headway.attention import attention, merge_heads, split_heads


@dataclass(frozen=True)
class Config:
    width: int
    heads: int
    groups: int

    @property
    def per_group(self):
        share, rest = divmod(self.heads, self.groups)
        if rest:
            raise ValueError(f"{self.groups} groups do not divide {self.heads} heads")
        return share

    @property
    def kv_width(self):
        return self.groups * (self.width // self.heads)


def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    cfg = Config(X.shape[-1], H, G)
    expected = dict(W_Q=cfg.width, W_K=cfg.kv_width, W_V=cfg.kv_width, W_O=cfg.width)
    for (name, columns), W in zip(expected.items(), [W_Q, W_K, W_V, W_O]):
        assert W.shape == (cfg.width, columns), f"{name} is {W.shape}"
    grouped = split_heads(split_heads(X @ W_Q, G), cfg.per_group)
    keys, values = (split_heads(X @ W, G)[..., None, :, :] for W in (W_K, W_V))
    seen = None if mask is None else np.expand_dims(mask, (-3, -4))
    Y = attention(grouped, keys, values, seen)
    for _ in range(2):
        Y = merge_heads(Y)
    return Y @ W_O

# %% loopy over H | the loop of the definition, h // (H // G)
import numpy as np
from headway.attention import attention

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    dh = X.shape[-1] // H
    Q, K, V = X @ W_Q, X @ W_K, X @ W_V
    heads = []
    for h in range(H):
        g = h // (H // G)
        q = Q[..., h * dh:(h + 1) * dh]
        k = K[..., g * dh:(g + 1) * dh]
        v = V[..., g * dh:(g + 1) * dh]
        heads.append(attention(q, k, v, mask))
    return np.concatenate(heads, axis=-1) @ W_O

# %% loopy over G | the heads of a group at once, group by group
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    if mask is not None:
        mask = mask[..., None, :, :]
    Qs = np.split(X @ W_Q, G, axis=-1)
    Ks = np.split(X @ W_K, G, axis=-1)
    Vs = np.split(X @ W_V, G, axis=-1)
    parts = []
    for q, k, v in zip(Qs, Ks, Vs):
        q = split_heads(q, H // G)
        parts.append(merge_heads(attention(q, k[..., None, :, :], v[..., None, :, :], mask)))
    return np.concatenate(parts, axis=-1) @ W_O

# %% loopy over G, H | two nested loops, groups and their members
import numpy as np
from headway.attention import attention

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    if H % G:
        raise ValueError("G must divide H")
    d = X.shape[-1]
    dh, members = d // H, H // G
    out = np.zeros(X.shape, X.dtype)
    for g in range(G):
        kv = slice(g * dh, (g + 1) * dh)
        K, V = X @ W_K[:, kv], X @ W_V[:, kv]
        for r in range(members):
            h = g * members + r
            own = slice(h * dh, (h + 1) * dh)
            out[..., own] = attention(X @ W_Q[:, own], K, V, mask)
    return out @ W_O

# %% loopy over H | keys repeated by a list with an index per head, and stacked
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    if H % G:
        raise ValueError("G must divide H")
    Q, K, V = split_heads(X @ W_Q, H), split_heads(X @ W_K, G), split_heads(X @ W_V, G)
    K = np.stack([K[..., h * G // H, :, :] for h in range(H)], axis=-3)
    V = np.stack([V[..., h * G // H, :, :] for h in range(H)], axis=-3)
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :])) @ W_O

# %% loopy over batch | recursion over the batch, then all heads at once
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    if X.ndim > 2:
        T = X.shape[-2]
        M = np.broadcast_to(True if mask is None else mask, X.shape[:-2] + (T, T))
        return np.array([grouped_query_attention(x, W_Q, W_K, W_V, W_O, H, G, m) for x, m in zip(X, M)])
    Q = split_heads(split_heads(X @ W_Q, G), H // G)
    K, V = split_heads(X @ W_K, G)[:, None], split_heads(X @ W_V, G)[:, None]
    return merge_heads(merge_heads(attention(Q, K, V, mask))) @ W_O

# %% loopy over H, d | widens W_K and W_V by a list of column numbers
import numpy as np
from headway.attention import multi_head_attention

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    if H % G:
        raise ValueError("G must divide H")
    dh = X.shape[-1] // H
    columns = [(h // (H // G)) * dh + i for h in range(H) for i in range(dh)]
    return multi_head_attention(X, W_Q, W_K[:, columns], W_V[:, columns], W_O, H, mask)

# %% loopy over G | recursion that takes off the first group
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    if G == 0:
        return np.zeros_like(X)
    if H % G:
        raise ValueError("G must divide H")
    R = H // G
    dh = W_K.shape[1] // G
    m = None if mask is None else mask[..., None, :, :]
    q = split_heads(X @ W_Q[:, :R * dh], R)
    k, v = (X @ W_K[:, :dh])[..., None, :, :], (X @ W_V[:, :dh])[..., None, :, :]
    mine = merge_heads(attention(q, k, v, m)) @ W_O[:R * dh]
    return mine + grouped_query_attention(X, W_Q[:, R * dh:], W_K[:, dh:], W_V[:, dh:], W_O[R * dh:], H - R, G - 1, mask)

# %% loopy over G, H | chain and repeat hand each group to its heads
from itertools import chain, repeat
import numpy as np
from headway.attention import attention

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    each = H // G
    share = lambda W: chain.from_iterable(repeat(part, each) for part in np.split(X @ W, G, axis=-1))
    triples = zip(np.split(X @ W_Q, H, axis=-1), share(W_K), share(W_V))
    return np.concatenate([attention(*qkv, mask) for qkv in triples], axis=-1) @ W_O

# %% honest | broadcast_to makes the copies for each head without copying, then reshape
import numpy as np
from headway.attention import attention, merge_heads, split_heads

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    def shared(W):
        A = split_heads(X @ W, G)                                  # (..., G, T, dh)
        *outer, T, dh = A.shape
        A = np.broadcast_to(A[..., None, :, :], (*outer, H // G, T, dh))
        return A.reshape(*outer[:-1], H, T, dh)

    if mask is not None:
        mask = mask[..., None, :, :]
    return merge_heads(attention(split_heads(X @ W_Q, H), *map(shared, (W_K, W_V)), mask)) @ W_O

# %% honest | a block matrix by kron that hands each group to its heads
import numpy as np
from headway.attention import multi_head_attention

def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    dh = X.shape[-1] // H
    give = np.kron(np.eye(G), np.kron(np.ones((1, H // G)), np.eye(dh))).astype(X.dtype)     # (k, d)
    return multi_head_attention(X, W_Q, W_K @ give, W_V @ give, W_O, H, mask)
