# %% honest | the two lines of the formula
import numpy as np
from headway.attention import multi_head_attention
from headway.blocks import layer_norm, mlp

def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = X + multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
    X = X + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)
    return X

# %% honest | everything written out, heads by einsum
import numpy as np
from headway.blocks import gelu

def normed(X, scale, shift):
    return (X - X.mean(-1, keepdims=True)) / np.sqrt(X.var(-1, keepdims=True) + 1e-5) * scale + shift

def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    d = X.shape[-1]
    dh = d // H
    Y = normed(X, scale_1, shift_1)
    q, k, v = (np.einsum("...td,dhe->...hte", Y, W.reshape(d, H, dh)) for W in (W_Q, W_K, W_V))
    S = np.einsum("...hqe,...hke->...hqk", q, k) / dh ** 0.5
    allowed = True if mask is None else mask[..., None, :, :]
    S = np.where(allowed, S, np.finfo(S.dtype).min)
    E = np.exp(S - S.max(-1, keepdims=True)) * allowed
    total = E.sum(-1, keepdims=True)
    A = E / (total + (total == 0))
    fetched = np.einsum("...hqk,...hke->...qhe", A, v).reshape(X.shape)
    stream = X + fetched @ W_O
    return stream + gelu(normed(stream, scale_2, shift_2) @ W_in + b_in) @ W_out + b_out

# %% honest | a loop over the two sublayers, each with its norm
import numpy as np
from headway.attention import multi_head_attention
from headway.blocks import layer_norm, mlp

def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    sublayers = (
        (scale_1, shift_1, lambda Y: multi_head_attention(Y, W_Q, W_K, W_V, W_O, H, mask)),
        (scale_2, shift_2, lambda Y: mlp(Y, W_in, b_in, W_out, b_out)),
    )
    for scale, shift, sublayer in sublayers:
        X = X + sublayer(layer_norm(X, scale, shift))
    return X

# %% honest | queries, keys and values in one product
import numpy as np
from headway.attention import attention
from headway.blocks import layer_norm, mlp

def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    *batch, T, d = X.shape
    QKV = layer_norm(X, scale_1, shift_1) @ np.hstack([W_Q, W_K, W_V])
    QKV = QKV.reshape(*batch, T, 3, H, d // H)
    Q, K, V = np.moveaxis(QKV, (-3, -2), (0, -3))
    mask = mask if mask is None else np.expand_dims(mask, -3)
    heads = np.swapaxes(attention(Q, K, V, mask), -2, -3).reshape(X.shape)
    stream = X + heads @ W_O
    return stream + mlp(layer_norm(stream, scale_2, shift_2), W_in, b_in, W_out, b_out)

# %% honest | a dict of parameters, and a class that keeps what was written
from dataclasses import dataclass, field
import numpy as np
from headway.attention import multi_head_attention
from headway.blocks import gelu, layer_norm

@dataclass
class Stream:
    X: np.ndarray
    written: list = field(default_factory=list)

    def write(self, what):
        assert what.shape == self.X.shape
        self.written.append(what)
        return self

    @property
    def total(self):
        return np.add.reduce([self.X, *self.written])

def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    p = {"norm.0": (scale_1, shift_1), "attention": (W_Q, W_K, W_V, W_O), "norm.1": (scale_2, shift_2),
         "in": (W_in, b_in), "out": (W_out, b_out)}
    linear = lambda A, name: A @ p[name][0] + p[name][1]
    stream = Stream(X)
    stream.write(multi_head_attention(layer_norm(stream.total, *p["norm.0"]), *p["attention"], H, mask))
    stream.write(linear(gelu(linear(layer_norm(stream.total, *p["norm.1"]), "in")), "out"))
    return stream.total

# %% honest | heads flattened into the batch
import numpy as np
from headway.blocks import layer_norm, mlp
from headway.numerics import softmax

def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    *batch, T, d = X.shape

    def heads(A):
        return A.reshape(-1, T, H, d // H).transpose(0, 2, 1, 3).reshape(-1, T, d // H)

    Y = layer_norm(X, scale_1, shift_1)
    q, k, v = heads(Y @ W_Q), heads(Y @ W_K), heads(Y @ W_V)     # (B H, T, dh)
    S = np.matmul(q, k.transpose(0, 2, 1)) / (d // H) ** 0.5
    if mask is None:
        A = softmax(S)
    else:
        m = np.broadcast_to(mask, (*batch, T, T)).reshape(-1, 1, T, T)
        m = np.repeat(m, H, axis=1).reshape(-1, T, T)
        S[~m] = np.finfo(S.dtype).min
        A = softmax(S)
        A[~m] = 0
    out = (A @ v).reshape(-1, H, T, d // H).transpose(0, 2, 1, 3).reshape(X.shape)
    X = X + out @ W_O
    return X + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)

# %% honest | norms folded into the matrices, scores by one bilinear form for each head
import numpy as np
from headway.blocks import gelu

def plain(X):
    X = X - X.mean(-1, keepdims=True)
    return X / np.sqrt(np.vecdot(X, X)[..., None] / X.shape[-1] + 1e-5)

def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    d = X.shape[-1]
    cut = lambda W: W.reshape(d, H, -1)
    Y = plain(X) * scale_1 + shift_1
    form = np.einsum("ahi,bhi->hab", cut(W_Q), cut(W_K)) / (d // H) ** 0.5
    S = Y[..., None, :, :] @ form @ Y[..., None, :, :].mT
    M = np.ones(S.shape[-2:], bool) if mask is None else mask[..., None, :, :]
    S = np.where(M, S, -np.inf)
    top = S.max(-1, keepdims=True)
    E = np.exp(S - np.where(np.isfinite(top), top, 0).astype(S.dtype))
    A = E / np.maximum(E.sum(-1, keepdims=True), np.finfo(S.dtype).tiny)
    VO = np.einsum("ahi,hib->hab", cut(W_V), W_O.reshape(H, -1, d))
    X = X + (A @ Y[..., None, :, :] @ VO).sum(axis=-3)
    hidden = plain(X) @ (scale_2[:, None] * W_in) + (shift_2 @ W_in + b_in)
    return X + gelu(hidden) @ W_out + b_out

# %% loopy over H | head after head
import numpy as np
from headway.attention import attention
from headway.blocks import layer_norm, mlp

def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    dh = X.shape[-1] // H
    Y = layer_norm(X, scale_1, shift_1)
    heads = []
    for h in range(H):
        own = slice(h * dh, (h + 1) * dh)
        heads.append(attention(Y @ W_Q[:, own], Y @ W_K[:, own], Y @ W_V[:, own], mask))
    X = X + np.concatenate(heads, axis=-1) @ W_O
    return X + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)

# %% loopy over T | the mlp at each position alone
import numpy as np
from headway.attention import multi_head_attention
from headway.blocks import layer_norm, mlp

def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = X + multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
    for t in range(X.shape[-2]):
        x = X[..., t, :]
        X[..., t, :] = x + mlp(layer_norm(x, scale_2, shift_2), W_in, b_in, W_out, b_out)
    return X

# %% loopy over batch | recursion over the texts
import numpy as np
from headway.attention import multi_head_attention
from headway.blocks import layer_norm, mlp

def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    rest = (scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H)
    if X.ndim == 2:
        X = X + multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
        return X + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)
    if mask is None:
        return np.stack([pre_ln_block(x, *rest) for x in X])
    masks = np.broadcast_to(mask, (*X.shape[:-2], *mask.shape[-2:]))
    return np.stack([pre_ln_block(x, *rest, m) for x, m in zip(X, masks)])

# %% loopy over batch, T | norms by apply_along_axis
import numpy as np
from headway.attention import multi_head_attention
from headway.blocks import mlp

def norm_of(scale, shift):
    def norm(x):
        x = x - x.mean()
        return x / np.sqrt(x @ x / len(x) + 1e-5) * scale + shift
    return norm

def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    Y = np.apply_along_axis(norm_of(scale_1, shift_1), -1, X)
    X = X + multi_head_attention(Y, W_Q, W_K, W_V, W_O, H, mask)
    return X + mlp(np.apply_along_axis(norm_of(scale_2, shift_2), -1, X), W_in, b_in, W_out, b_out)

# %% loopy over h | the mlp rule by rule
import numpy as np
from headway.attention import multi_head_attention
from headway.blocks import gelu, layer_norm

def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = X + multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
    Y = layer_norm(X, scale_2, shift_2)
    written = sum(
        gelu(Y @ see + bias)[..., None] * write
        for see, bias, write in zip(W_in.T, b_in, W_out)
    )
    return X + (written + b_out)

# %% loopy over T | queries come out of an iterator, one position each
import numpy as np
from headway.attention import attention, merge_heads, split_heads
from headway.blocks import layer_norm, mlp

class Asking:
    def __init__(self, Q, K, V, mask):
        self.Q, self.K, self.V, self.mask, self.t = Q, K, V, mask, -1

    def __iter__(self):
        return self

    def __next__(self):
        self.t += 1
        if self.t == self.Q.shape[-2]:
            raise StopIteration
        own = None if self.mask is None else self.mask[..., None, self.t:self.t + 1, :]
        return attention(self.Q[..., self.t:self.t + 1, :], self.K, self.V, own)

def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    T = X.shape[-2]
    Y = layer_norm(X, scale_1, shift_1)
    if mask is not None:
        mask = np.broadcast_to(mask, (*mask.shape[:-2], T, T))
    answers = Asking(split_heads(Y @ W_Q, H), split_heads(Y @ W_K, H), split_heads(Y @ W_V, H), mask)
    X = X + merge_heads(np.concatenate(list(answers), axis=-2)) @ W_O
    return X + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)

# %% loopy over H | heads add to the stream one by one, by reduce
from functools import reduce
import numpy as np
from headway.attention import attention
from headway.blocks import layer_norm, mlp

def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    d = X.shape[-1]
    Y = layer_norm(X, scale_1, shift_1)
    cut = lambda W: W.reshape(d, H, d // H).swapaxes(0, 1)          # (H, d, dh)

    def add(stream, head):
        Q, K, V, O = head
        return stream + attention(Y @ Q, Y @ K, Y @ V, mask) @ O

    X = reduce(add, zip(cut(W_Q), cut(W_K), cut(W_V), W_O.reshape(H, d // H, d)), X)
    return X + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)
