# %% honest | groups by splitting twice, with the course's functions
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import rms_norm, swiglu
from headway.positions import rotary

def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    Q = rotary(split_heads(split_heads(Y @ W_Q, G), H // G))
    K = rotary(split_heads(Y @ W_K, G))[..., None, :, :]
    V = split_heads(Y @ W_V, G)[..., None, :, :]
    heads = attention(Q, K, V, causal_mask(X.shape[-2]))
    X = X + merge_heads(merge_heads(heads)) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)

# %% honest | keys and values repeated for each head
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import rms_norm, swiglu
from headway.positions import rotary

def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    q, k, v = split_heads(Y @ W_Q, H), split_heads(Y @ W_K, G), split_heads(Y @ W_V, G)
    k = np.repeat(rotary(k), H // G, axis=-3)
    v = np.repeat(v, H // G, axis=-3)
    stream = X + merge_heads(attention(rotary(q), k, v, causal_mask(X.shape[-2]))) @ W_O
    return stream + swiglu(rms_norm(stream, scale[1]), W_gate, W_in, W_out)

# %% honest | einsum with letters for group and member, all parts by hand
import numpy as np

def normed(X, scale):
    return X / np.sqrt(np.mean(X ** 2, axis=-1, keepdims=True) + 1e-6) * scale

def turned(A):
    *_, T, dh = A.shape
    angles = np.arange(T)[:, None] / 10_000 ** (np.arange(0, dh, 2) / dh)
    c, s = np.cos(angles).astype(A.dtype), np.sin(angles).astype(A.dtype)
    out = np.empty_like(A)
    out[..., 0::2] = A[..., 0::2] * c - A[..., 1::2] * s
    out[..., 1::2] = A[..., 0::2] * s + A[..., 1::2] * c
    return out

def silu(X):
    return X * (1 + np.tanh(X / 2)) / 2

def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    d = X.shape[-1]
    dh, T = d // H, X.shape[-2]
    Y = normed(X, scale[0])
    q = turned(np.einsum("...td,dgme->...gmte", Y, W_Q.reshape(d, G, H // G, dh)))
    k = turned(np.einsum("...td,dge->...gte", Y, W_K.reshape(d, G, dh)))
    v = np.einsum("...td,dge->...gte", Y, W_V.reshape(d, G, dh))
    S = np.einsum("...gmqe,...gke->...gmqk", q, k) / dh ** 0.5
    S = np.where(np.tri(T, dtype=bool), S, -np.inf)
    A = np.exp(S - S.max(axis=-1, keepdims=True))
    A = A / A.sum(axis=-1, keepdims=True)
    fetched = np.einsum("...gmqk,...gke->...qgme", A, v).reshape(X.shape)
    X = X + fetched @ W_O
    Y = normed(X, scale[1])
    return X + (silu(Y @ W_gate) * (Y @ W_in)) @ W_out

# %% honest | an index with the group of each head, and a loop over the two parts
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import rms_norm, swiglu
from headway.positions import rotary

def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    group = np.arange(H) // (H // G)

    def look(Y):
        Q = rotary(split_heads(Y @ W_Q, H))
        K = rotary(split_heads(Y @ W_K, G))[..., group, :, :]
        V = split_heads(Y @ W_V, G)[..., group, :, :]
        return merge_heads(attention(Q, K, V, causal_mask(Y.shape[-2]))) @ W_O

    def think(Y):
        return swiglu(Y, W_gate, W_in, W_out)

    for part, own_scale in zip((look, think), scale):
        X = X + part(rms_norm(X, own_scale))
    return X

# %% honest | complex queries and keys, the members of a group as more queries
import numpy as np
from headway.attention import attention
from headway.blocks import rms_norm, silu

def spin(A):
    """A (..., T, m, dh), turned by its position."""
    T, dh = A.shape[-3], A.shape[-1]
    turns = np.exp(1j * np.outer(np.arange(T), 10_000.0 ** (-np.arange(0, dh, 2) / dh)))[:, None]
    Z = (A[..., ::2] + 1j * A[..., 1::2]) * turns
    return np.stack([Z.real, Z.imag], axis=-1).reshape(A.shape).astype(A.dtype)

def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    *batch, T, d = X.shape
    dh, members = d // H, H // G
    Y = rms_norm(X, scale[0])
    Q = spin((Y @ W_Q).reshape(*batch, T, H, dh)).reshape(*batch, T, G, members, dh)
    K = spin((Y @ W_K).reshape(*batch, T, G, dh))
    V = (Y @ W_V).reshape(*batch, T, G, dh)
    Q = np.moveaxis(Q, -3, -4).reshape(*batch, G, T * members, dh)
    position = np.repeat(np.arange(T), members)
    mask = position[:, None] >= np.arange(T)
    fetched = attention(Q, np.swapaxes(K, -2, -3), np.swapaxes(V, -2, -3), mask)
    fetched = np.moveaxis(fetched.reshape(*batch, G, T, members, dh), -4, -3).reshape(*batch, T, d)
    X = X + fetched @ W_O
    Y = rms_norm(X, scale[1])
    gate, value = np.split(Y @ np.hstack([W_gate, W_in]), 2, axis=-1)
    return X + (silu(gate) * value) @ W_out

# %% honest | a class in the manner of the published code, with assertions
from dataclasses import dataclass
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import rms_norm, silu
from headway.positions import rotary

@dataclass
class Layer:
    attention: dict
    feed_forward: dict
    norms: np.ndarray
    heads: int
    groups: int

    def __post_init__(self):
        assert self.heads % self.groups == 0
        assert all(W.ndim == 2 for W in (*self.attention.values(), *self.feed_forward.values()))

    def look(self, X):
        w, repeats = self.attention, self.heads // self.groups
        K, V = (split_heads(X @ w[name], self.groups) for name in "kv")
        shape = (*K.shape[:-2], repeats, *K.shape[-2:])
        flat = (*K.shape[:-3], self.heads, *K.shape[-2:])
        K, V = (np.broadcast_to(A[..., None, :, :], shape).reshape(flat) for A in (rotary(K), V))
        Q = rotary(split_heads(X @ w["q"], self.heads))
        return merge_heads(attention(Q, K, V, causal_mask(X.shape[-2]))) @ w["o"]

    def think(self, X):
        w = self.feed_forward
        return np.multiply(silu(X @ w["gate"]), X @ w["up"]) @ w["down"]

    def __call__(self, X):
        X = X + self.look(rms_norm(X, self.norms[0]))
        return X + self.think(rms_norm(X, self.norms[1]))

def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    layer = Layer(dict(q=W_Q, k=W_K, v=W_V, o=W_O), dict(gate=W_gate, up=W_in, down=W_out), scale, H, G)
    return layer(X)

# %% loopy over H | head after head with the slice of its group
import numpy as np
from headway.attention import attention, causal_mask
from headway.blocks import rms_norm, swiglu
from headway.positions import rotary

def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    dh = X.shape[-1] // H
    Y = rms_norm(X, scale[0])
    heads = []
    for head in range(H):
        group = head // (H // G)
        own, shared = slice(head * dh, (head + 1) * dh), slice(group * dh, (group + 1) * dh)
        Q, K = rotary(Y @ W_Q[:, own]), rotary(Y @ W_K[:, shared])
        heads.append(attention(Q, K, Y @ W_V[:, shared], causal_mask(X.shape[-2])))
    X = X + np.concatenate(heads, axis=-1) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)

# %% loopy over G | group after group, its heads at once
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import rms_norm, swiglu
from headway.positions import rotary

def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    mask = causal_mask(X.shape[-2])
    parts = zip(np.split(W_Q, G, axis=1), np.split(W_K, G, axis=1), np.split(W_V, G, axis=1), np.split(W_O, G))
    written = 0
    for Q, K, V, O in parts:
        q = rotary(split_heads(Y @ Q, H // G))
        k, v = rotary(Y @ K)[..., None, :, :], (Y @ V)[..., None, :, :]
        written = written + merge_heads(attention(q, k, v, mask)) @ O
    X = X + written
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)

# %% loopy over T | queries position by position, without a mask
import numpy as np
from headway.attention import attention, merge_heads, split_heads
from headway.blocks import rms_norm, swiglu
from headway.positions import rotary

def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    Q = rotary(split_heads(Y @ W_Q, H))
    K = np.repeat(rotary(split_heads(Y @ W_K, G)), H // G, axis=-3)
    V = np.repeat(split_heads(Y @ W_V, G), H // G, axis=-3)
    seen = [attention(Q[..., t:t + 1, :], K[..., :t + 1, :], V[..., :t + 1, :]) for t in range(X.shape[-2])]
    X = X + merge_heads(np.concatenate(seen, axis=-2)) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)

# %% loopy over batch | recursion over the texts
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import rms_norm, swiglu
from headway.positions import rotary

def llama_block(X, *parameters):
    if X.ndim > 2:
        return np.stack([llama_block(text, *parameters) for text in X])
    W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G = parameters
    Y = rms_norm(X, scale[0])
    Q = rotary(split_heads(Y @ W_Q, H)).reshape(G, H // G, len(X), -1)
    K, V = rotary(split_heads(Y @ W_K, G)), split_heads(Y @ W_V, G)
    heads = attention(Q, K[:, None], V[:, None], causal_mask(len(X)))
    X = X + merge_heads(heads.reshape(H, len(X), -1)) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)

# %% loopy over T | turns each position by a matrix of its own, by map
from functools import partial
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import rms_norm, swiglu

def turn(A, position):
    dh = A.shape[-1]
    angle = position / 10_000 ** (np.arange(0, dh, 2) / dh)
    c, s = np.cos(angle).astype(A.dtype), np.sin(angle).astype(A.dtype)
    x, y = A[..., position, ::2], A[..., position, 1::2]
    return np.stack([x * c - y * s, x * s + y * c], axis=-1).reshape(*x.shape[:-1], dh)

def rotary(A):
    return np.stack([*map(partial(turn, A), range(A.shape[-2]))], axis=-2)

def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    Q = rotary(split_heads(split_heads(Y @ W_Q, G), H // G))
    K = rotary(split_heads(Y @ W_K, G))[..., None, :, :]
    V = split_heads(Y @ W_V, G)[..., None, :, :]
    X = X + merge_heads(merge_heads(attention(Q, K, V, causal_mask(X.shape[-2])))) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)

# %% loopy over h | the gated layer a hidden number at a time
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import rms_norm, silu
from headway.positions import rotary

def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    Y = rms_norm(X, scale[0])
    Q = rotary(split_heads(split_heads(Y @ W_Q, G), H // G))
    K = rotary(split_heads(Y @ W_K, G))[..., None, :, :]
    V = split_heads(Y @ W_V, G)[..., None, :, :]
    X = X + merge_heads(merge_heads(attention(Q, K, V, causal_mask(X.shape[-2])))) @ W_O
    Y = rms_norm(X, scale[1])
    out = X
    for gate, see, write in zip(W_gate.T, W_in.T, W_out):
        out = out + (silu(Y @ gate) * (Y @ see))[..., None] * write
    return out

# %% loopy over G, H | repeat and starmap hand each head the keys of its group
from itertools import chain, repeat, starmap
import numpy as np
from headway.attention import attention, causal_mask, split_heads
from headway.blocks import rms_norm, swiglu
from headway.positions import rotary

def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    mask = causal_mask(X.shape[-2])
    Y = rms_norm(X, scale[0])
    front = lambda A: np.moveaxis(A, -3, 0)
    for_each = lambda A: chain.from_iterable(repeat(group, H // G) for group in A)
    Q = front(rotary(split_heads(Y @ W_Q, H)))
    K, V = front(rotary(split_heads(Y @ W_K, G))), front(split_heads(Y @ W_V, G))
    heads = starmap(lambda q, k, v: attention(q, k, v, mask), zip(Q, for_each(K), for_each(V)))
    X = X + np.concatenate(list(heads), axis=-1) @ W_O
    return X + swiglu(rms_norm(X, scale[1]), W_gate, W_in, W_out)
