# %% honest | three parts, each added and normed
import numpy as np
from headway.attention import causal_mask, cross_attention, multi_head_attention
from headway.blocks import layer_norm, relu

def decoder_block(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    own = multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = layer_norm(X + own, scale[0], shift[0])
    other = cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask)
    X = layer_norm(X + other, scale[1], shift[1])
    return layer_norm(X + relu(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])

# %% honest | a loop over three lambdas and the rows of the norms
import numpy as np
from headway.attention import cross_attention, multi_head_attention
from headway.blocks import layer_norm

def decoder_block(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    back = np.tri(X.shape[-2], dtype=bool)
    parts = [
        lambda A: multi_head_attention(A, W_Q, W_K, W_V, W_O, H, back),
        lambda A: cross_attention(A, C, W_QC, W_KC, W_VC, W_OC, H, mask),
        lambda A: np.maximum(A @ W_in + b_in, 0) @ W_out + b_out,
    ]
    for i, part in enumerate(parts):
        X = layer_norm(X + part(X), scale[i], shift[i])
    return X

# %% honest | one attention function for both, by einsum
import numpy as np

def norm(X, scale, shift):
    X = X - X.mean(axis=-1, keepdims=True)
    return X / np.sqrt((X * X).mean(axis=-1, keepdims=True) + 1e-5) * scale + shift

def look(X, C, W_Q, W_K, W_V, W_O, H, mask):
    dh = X.shape[-1] // H
    q, k, v = (
        np.einsum("...td,dhe->...hte", A, W.reshape(len(W), H, dh)) for A, W in ((X, W_Q), (C, W_K), (C, W_V))
    )
    S = np.einsum("...hqe,...hke->...hqk", q, k) / dh ** 0.5
    M = np.broadcast_to(mask[..., None, :, :], S.shape)
    high = np.max(S, axis=-1, keepdims=True, where=M, initial=np.finfo(S.dtype).min)
    E = np.where(M, np.exp(np.where(M, S - high, 0)), 0)
    total = E.sum(axis=-1, keepdims=True)
    A = E / np.where(total > 0, total, 1)
    return np.einsum("...hqk,...hke,hed->...qd", A, v, W_O.reshape(H, dh, -1))

def decoder_block(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    T, Tk = X.shape[-2], C.shape[-2]
    may = np.ones((T, Tk), bool) if mask is None else mask
    X = norm(X + look(X, X, W_Q, W_K, W_V, W_O, H, np.arange(T)[:, None] >= np.arange(T)), scale[0], shift[0])
    X = norm(X + look(X, C, W_QC, W_KC, W_VC, W_OC, H, may), scale[1], shift[1])
    hidden = X @ W_in + b_in
    return norm(X + np.where(hidden > 0, hidden, 0) @ W_out + b_out, scale[2], shift[2])

# %% honest | a namedtuple of the weights of an attention, and a decorator that adds and norms
from collections import namedtuple
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import layer_norm

Weights = namedtuple("Weights", "Q K V O")

def asked(X, C, w, H, mask):
    heads = [split_heads(A @ W, H) for A, W in ((X, w.Q), (C, w.K), (C, w.V))]
    return merge_heads(attention(*heads, mask if mask is None else mask[..., None, :, :])) @ w.O

def added_and_normed(scale, shift):
    def decorate(part):
        return lambda X: layer_norm(X + part(X), scale, shift)
    return decorate

def decoder_block(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    assert len(scale) == len(shift) == 3
    own, other = Weights(W_Q, W_K, W_V, W_O), Weights(W_QC, W_KC, W_VC, W_OC)

    @added_and_normed(scale[0], shift[0])
    def first(X):
        return asked(X, X, own, H, causal_mask(X.shape[-2]))

    @added_and_normed(scale[1], shift[1])
    def second(X):
        return asked(X, C, other, H, mask)

    @added_and_normed(scale[2], shift[2])
    def third(X):
        return (X @ W_in + b_in).clip(min=0) @ W_out + b_out

    return third(second(first(X)))

# %% honest | keys and values of each text in one product, an in-place stream
import numpy as np
from headway.attention import attention, causal_mask, merge_heads, split_heads
from headway.blocks import layer_norm

def _look(X, C, W_Q, W_K, W_V, W_O, H, mask):
    KV = split_heads(C @ np.concatenate([W_K, W_V], axis=1), 2 * H)
    K, V = np.split(KV, 2, axis=-3)
    return merge_heads(attention(split_heads(X @ W_Q, H), K, V, mask)) @ W_O

def decoder_block(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    stream = X.copy()
    stream += _look(X, X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    stream = layer_norm(stream, scale[0], shift[0])
    stream += _look(stream, C, W_QC, W_KC, W_VC, W_OC, H, mask if mask is None else np.expand_dims(mask, -3))
    stream = layer_norm(stream, scale[1], shift[1])
    hidden = stream @ W_in + b_in
    hidden[hidden < 0] = 0
    stream += hidden @ W_out + b_out
    return layer_norm(stream, scale[2], shift[2])

# %% loopy over H | the heads of both attentions one by one
import numpy as np
from headway.attention import attention, causal_mask
from headway.blocks import layer_norm, relu

def _heads(X, C, W_Q, W_K, W_V, W_O, H, mask):
    dh = W_Q.shape[1] // H
    out = 0
    for h in range(H):
        own = slice(h * dh, h * dh + dh)
        out = out + attention(X @ W_Q[:, own], C @ W_K[:, own], C @ W_V[:, own], mask) @ W_O[own]
    return out

def decoder_block(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    X = layer_norm(X + _heads(X, X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2])), scale[0], shift[0])
    X = layer_norm(X + _heads(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), scale[1], shift[1])
    return layer_norm(X + relu(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])

# %% loopy over T | a position at a time sees a slice of what was written
import numpy as np
from headway.attention import cross_attention, split_heads, merge_heads, attention
from headway.blocks import layer_norm, relu

def decoder_block(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(X @ W_K, H), split_heads(X @ W_V, H)
    seen = []
    for t in range(X.shape[-2]):
        seen.append(attention(Q[..., t:t + 1, :], K[..., :t + 1, :], V[..., :t + 1, :]))
    X = layer_norm(X + merge_heads(np.concatenate(seen, axis=-2)) @ W_O, scale[0], shift[0])
    X = layer_norm(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), scale[1], shift[1])
    return layer_norm(X + relu(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])

# %% loopy over batch | recursion over pairs of texts
import numpy as np
from headway.attention import causal_mask, cross_attention, multi_head_attention
from headway.blocks import layer_norm, relu

def decoder_block(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    weights = (W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H)
    if X.ndim > 2:
        may = np.ones((1, C.shape[-2]), bool) if mask is None else mask
        may = np.broadcast_to(may, (*X.shape[:-2], *may.shape[-2:]))
        return np.stack([decoder_block(x, c, *weights, m) for x, c, m in zip(X, C, may)])
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(len(X)))
    X = layer_norm(X, scale[0], shift[0])
    X = layer_norm(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), scale[1], shift[1])
    return layer_norm(X + relu(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])

# %% loopy over Tk | keys of the other text come one by one into a running softmax
import numpy as np
from headway.attention import causal_mask, merge_heads, multi_head_attention, split_heads
from headway.blocks import layer_norm, relu

def _ask(X, C, W_Q, W_K, W_V, W_O, H, mask):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(C @ W_K, H), split_heads(C @ W_V, H)
    low = np.finfo(Q.dtype).min
    high = np.full(Q.shape[:-1], low)
    total, fetched = np.zeros_like(high), np.zeros_like(Q)
    for j in range(C.shape[-2]):
        s = np.vecdot(Q, K[..., j, None, :]) / Q.shape[-1] ** 0.5
        may = True if mask is None else mask[..., None, :, j]
        new = np.where(may, np.maximum(high, s), high)
        weight = np.where(may, np.exp(np.where(may, s - new, 0)), 0)
        fade = np.exp(high - new)
        total = total * fade + weight
        fetched = fetched * fade[..., None] + weight[..., None] * V[..., j, None, :]
        high = new
    return merge_heads(fetched / np.where(total > 0, total, 1)[..., None]) @ W_O

def decoder_block(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = layer_norm(X, scale[0], shift[0])
    X = layer_norm(X + _ask(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), scale[1], shift[1])
    return layer_norm(X + relu(X @ W_in + b_in) @ W_out + b_out, scale[2], shift[2])

# %% loopy over batch, T, h | the ReLU by Python's max, through frompyfunc with a lambda
import numpy as np
from headway.attention import causal_mask, cross_attention, multi_head_attention
from headway.blocks import layer_norm

relu = np.frompyfunc(lambda x: max(x, 0.0), 1, 1)

def decoder_block(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = layer_norm(X, scale[0], shift[0])
    X = layer_norm(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), scale[1], shift[1])
    hidden = relu(X @ W_in + b_in).astype(X.dtype)
    return layer_norm(X + hidden @ W_out + b_out, scale[2], shift[2])

# %% loopy over h | what each hidden number writes, summed in a comprehension
import numpy as np
from headway.attention import causal_mask, cross_attention, multi_head_attention
from headway.blocks import layer_norm

def decoder_block(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = layer_norm(X, scale[0], shift[0])
    X = layer_norm(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), scale[1], shift[1])
    hidden = np.maximum(X @ W_in + b_in, 0)
    written = sum([hidden[..., j, None] * W_out[j] for j in range(len(W_out))])
    return layer_norm(X + written + b_out, scale[2], shift[2])
