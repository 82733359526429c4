# %% honest | top down, with the course's functions
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import gelu_tanh, layer_norm

def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = W_E[ids] + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = (split_heads(A, H) for A in np.split(QKV, 3, axis=-1))
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return layer_norm(X, last_scale, last_shift) @ W_E.T

# %% honest | nothing imported but numpy, zip over the layers
import numpy as np

def norm(X, scale, shift):
    X = X - X.mean(-1, keepdims=True)
    return X / np.sqrt((X * X).mean(-1, keepdims=True) + 1e-5) * scale + shift

def gelu(X):
    return X * (0.5 + 0.5 * np.tanh((2 / np.pi) ** 0.5 * X * (1 + 0.044715 * X * X)))

def look(X, W_QKV, b_QKV, W_O, b_O, H):
    *batch, T, d = X.shape
    QKV = (X @ W_QKV + b_QKV).reshape(*batch, T, 3, H, d // H)
    q, k, v = np.moveaxis(QKV, (-3, -2), (0, -3))
    S = q @ k.mT / (d // H) ** 0.5
    S = np.where(np.tri(T, dtype=bool), S, -np.inf)
    A = np.exp(S - S.max(-1, keepdims=True))
    A /= A.sum(-1, keepdims=True)
    return np.moveaxis(A @ v, -3, -2).reshape(X.shape) @ W_O + b_O

def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    X = np.take(W_E, ids, axis=0) + W_P[:ids.shape[-1]]
    layers = zip(W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift)
    for qkv, b_qkv, o, b_o, w_in, bias_in, w_out, bias_out, s, t in layers:
        X = X + look(norm(X, s[0], t[0]), qkv, b_qkv, o, b_o, H)
        X = X + gelu(norm(X, s[1], t[1]) @ w_in + bias_in) @ w_out + bias_out
    return norm(X, last_scale, last_shift) @ W_E.T

# %% honest | dataclasses for the layers, a list of blocks, and reduce over them
from dataclasses import dataclass
from functools import reduce
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import gelu_tanh, layer_norm

@dataclass
class Linear:
    W: np.ndarray
    b: np.ndarray

    def __call__(self, X):
        return X @ self.W + self.b

@dataclass
class Norm:
    scale: np.ndarray
    shift: np.ndarray

    def __call__(self, X):
        return layer_norm(X, self.scale, self.shift)

@dataclass
class Block:
    norms: tuple
    qkv: Linear
    out: Linear
    up: Linear
    down: Linear
    heads: int

    def attend(self, X):
        heads = split_heads(self.qkv(X), 3 * self.heads)
        H = self.heads
        Q, K, V = heads[..., :H, :, :], heads[..., H:2 * H, :, :], heads[..., 2 * H:, :, :]
        return self.out(merge_heads(attention(Q, K, V, causal_mask(X.shape[-2]))))

    def think(self, X):
        return self.down(gelu_tanh(self.up(X)))

    def __call__(self, X):
        for norm, part in zip(self.norms, (self.attend, self.think)):
            X = X + part(norm(X))
        return X

def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    L = W_QKV.shape[0]
    assert all(len(A) == L for A in (b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift))
    blocks = [
        Block(
            norms=(Norm(scale[i, 0], shift[i, 0]), Norm(scale[i, 1], shift[i, 1])),
            qkv=Linear(W_QKV[i], b_QKV[i]),
            out=Linear(W_O[i], b_O[i]),
            up=Linear(W_in[i], b_in[i]),
            down=Linear(W_out[i], b_out[i]),
            heads=H,
        )
        for i in range(L)
    ]
    X = W_E[ids] + W_P[np.arange(ids.shape[-1])]
    return Norm(last_scale, last_shift)(reduce(lambda X, block: block(X), blocks, X)) @ W_E.swapaxes(0, 1)

# %% honest | recursion over the layers
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import gelu_tanh, layer_norm

def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    def up_to(n):
        if n == 0:
            return W_E[ids] + W_P[:ids.shape[-1]]
        i = n - 1
        X = up_to(i)
        QKV = split_heads(layer_norm(X, scale[i][0], shift[i][0]) @ W_QKV[i] + b_QKV[i], 3 * H)
        Q, K, V = np.split(QKV, [H, 2 * H], axis=-3)
        X = X + (merge_heads(attention(Q, K, V, causal_mask(ids.shape[-1]))) @ W_O[i] + b_O[i])
        hidden = gelu_tanh(layer_norm(X, scale[i][1], shift[i][1]) @ W_in[i] + b_in[i])
        return X + (hidden @ W_out[i] + b_out[i])

    return layer_norm(up_to(len(scale)), last_scale, last_shift) @ W_E.T

# %% honest | einsum with all letters, in a while loop over the layers
import numpy as np
from headway.blocks import gelu_tanh, layer_norm
from headway.numerics import softmax

def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    L, d, _ = W_QKV.shape
    T, e = ids.shape[-1], d // H
    W = W_QKV.reshape(L, d, 3, H, e)
    b = b_QKV.reshape(L, 3, H, 1, e)
    O = W_O.reshape(L, H, e, d)
    later = np.triu(np.ones((T, T), dtype=bool), k=1)
    X = W_E[ids] + W_P[:T]
    layer = 0
    while layer < L:
        Y = layer_norm(X, scale[layer, 0], shift[layer, 0])
        q, k, v = (np.einsum("...td,dhe->...hte", Y, W[layer, :, part]) + b[layer, part] for part in range(3))
        S = np.einsum("...hqe,...hke->...hqk", q, k) / e ** 0.5
        S[..., later] = -np.inf
        X = X + np.einsum("...hqk,...hke,hed->...qd", softmax(S), v, O[layer]) + b_O[layer]
        Y = layer_norm(X, scale[layer, 1], shift[layer, 1])
        Y = np.einsum("...d,dh->...h", Y, W_in[layer]) + b_in[layer]
        X = X + np.einsum("...h,hd->...d", gelu_tanh(Y), W_out[layer]) + b_out[layer]
        layer += 1
    return np.einsum("...d,vd->...v", layer_norm(X, last_scale, last_shift), W_E)

# %% honest | a dict of the arrays of a layer, and the mask as a bias
import numpy as np
from headway.arrays import one_hot
from headway.blocks import gelu_tanh, layer_norm
from headway.numerics import softmax

def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    *batch, T = ids.shape
    V, d = W_E.shape
    bias = np.where(np.arange(T)[:, None] >= np.arange(T), 0, -1e30).astype(W_E.dtype)
    stacked = dict(qkv=(W_QKV, b_QKV), o=(W_O, b_O), up=(W_in, b_in), down=(W_out, b_out))
    X = one_hot(ids, V).astype(W_E.dtype) @ W_E + W_P[:T]
    for i in range(scale.shape[0]):
        p = {name: (W[i], b[i]) for name, (W, b) in stacked.items()}

        def linear(name, A):
            W, b = p[name]
            return A @ W + b

        heads = linear("qkv", layer_norm(X, scale[i, 0], shift[i, 0])).reshape(*batch, T, 3 * H, d // H)
        heads = heads.swapaxes(-2, -3)
        q, k, v = heads[..., :H, :, :], heads[..., H:-H, :, :], heads[..., -H:, :, :]
        A = softmax(q @ k.mT * (d // H) ** -0.5 + bias)
        X = X + linear("o", (A @ v).swapaxes(-2, -3).reshape(X.shape))
        X = X + linear("down", gelu_tanh(linear("up", layer_norm(X, scale[i, 1], shift[i, 1]))))
    return layer_norm(X, last_scale, last_shift) @ W_E.T

# %% loopy over H | heads one by one in every layer
import numpy as np
from headway.attention import attention, causal_mask
from headway.blocks import gelu_tanh, layer_norm

def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T, d = ids.shape[-1], W_E.shape[1]
    dh = d // H
    X = W_E[ids] + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        heads = []
        for h in range(H):
            Q, K, V = (QKV[..., part * d + h * dh:part * d + (h + 1) * dh] for part in range(3))
            heads.append(attention(Q, K, V, causal_mask(T)))
        X = X + np.concatenate(heads, axis=-1) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return layer_norm(X, last_scale, last_shift) @ W_E.T

# %% loopy over batch | recursion over the texts
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import gelu_tanh, layer_norm

def gpt(ids, W_E, W_P, *rest):
    if ids.ndim > 1:
        return np.stack([gpt(text, W_E, W_P, *rest) for text in ids])
    W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H = rest
    X = W_E[ids] + W_P[:len(ids)]
    for i, W in enumerate(W_QKV):
        QKV = split_heads(layer_norm(X, scale[i, 0], shift[i, 0]) @ W + b_QKV[i], 3 * H)
        heads = attention(QKV[:H], QKV[H:2 * H], QKV[2 * H:], causal_mask(len(ids)))
        X = X + merge_heads(heads) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return layer_norm(X, last_scale, last_shift) @ W_E.T

# %% loopy over T | position by position with keys and values kept
import numpy as np
from headway.attention import attention, merge_heads, split_heads
from headway.blocks import gelu_tanh, layer_norm

def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    L = len(W_QKV)
    cache = [None] * L
    scores = []
    for t in range(ids.shape[-1]):
        X = W_E[ids[..., t:t + 1]] + W_P[t]
        for i in range(L):
            QKV = split_heads(layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i], 3 * H)
            Q, KV = QKV[..., :H, :, :], QKV[..., H:, :, :]
            cache[i] = KV if cache[i] is None else np.concatenate([cache[i], KV], axis=-2)
            heads = attention(Q, cache[i][..., :H, :, :], cache[i][..., H:, :, :])
            X = X + merge_heads(heads) @ W_O[i] + b_O[i]
            hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
            X = X + hidden @ W_out[i] + b_out[i]
        scores.append(layer_norm(X, last_scale, last_shift) @ W_E.T)
    return np.concatenate(scores, axis=-2)

# %% loopy over batch, T | the vectors of the tokens looked up one at a time
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import gelu_tanh, layer_norm

def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    vectors = np.array([W_E[token] for token in ids.ravel()])
    X = vectors.reshape(*ids.shape, -1) + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    return layer_norm(X, last_scale, last_shift) @ W_E.T

# %% loopy over V | the score of each token by itself at the end
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import gelu_tanh, layer_norm

def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = W_E[ids] + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        hidden = gelu_tanh(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i])
        X = X + hidden @ W_out[i] + b_out[i]
    X = layer_norm(X, last_scale, last_shift)
    agrees = map(lambda vector: np.vecdot(X, vector), W_E)
    return np.stack(list(agrees), axis=-1)

# %% loopy over batch, T, h | tanh through np.vectorize in every layer
import math
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import layer_norm

def gelu_tanh(x):
    return x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))

def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    lively = np.vectorize(gelu_tanh, otypes=[W_E.dtype])
    X = W_E[ids] + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = layer_norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        X = X + lively(layer_norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i]) @ W_out[i] + b_out[i]
    return layer_norm(X, last_scale, last_shift) @ W_E.T

# %% loopy over batch, T | the norms of every layer by apply_along_axis
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import gelu_tanh

def centred(x):
    x = x - x.mean()
    return x / np.sqrt(x @ x / x.size + 1e-5)

def norm(X, scale, shift):
    return np.apply_along_axis(centred, -1, X) * scale + shift

def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    T = ids.shape[-1]
    X = W_E[ids] + W_P[:T]
    for i in range(len(W_QKV)):
        QKV = norm(X, scale[i, 0], shift[i, 0]) @ W_QKV[i] + b_QKV[i]
        Q, K, V = np.split(split_heads(QKV, 3 * H), 3, axis=-3)
        X = X + merge_heads(attention(Q, K, V, causal_mask(T))) @ W_O[i] + b_O[i]
        X = X + gelu_tanh(norm(X, scale[i, 1], shift[i, 1]) @ W_in[i] + b_in[i]) @ W_out[i] + b_out[i]
    return norm(X, last_scale, last_shift) @ W_E.T
