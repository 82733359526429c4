"""Cross-attention: wrong as people get it wrong, and right in other styles."""

import numpy as np
from headway.attention import attention, merge_heads, split_heads
from headway.numerics import softmax

from headway_grader.wrong.tags import honest, mistake


@mistake(of="cross_attention", says="by exchanging keys and values")
def cross_attention_keys_for_values(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(C @ W_K, H), split_heads(C @ W_V, H)
    return merge_heads(attention(Q, V, K, None if mask is None else mask[..., None, :, :])) @ W_O


@mistake(
    of="cross_attention", says="by a causal mask: the second text is known whole, so nothing of it is hidden"
)
def cross_attention_causal(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(C @ W_K, H), split_heads(C @ W_V, H)
    seen = np.tri(X.shape[-2], C.shape[-2], dtype=bool)
    seen = seen if mask is None else seen & mask[..., None, :, :]
    return merge_heads(attention(Q, K, V, seen)) @ W_O


@mistake(
    of="cross_attention",
    says="by taking the softmax over the positions that ask instead of those that answer",
)
def cross_attention_over_queries(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(C @ W_K, H), split_heads(C @ W_V, H)
    S = (Q / Q.shape[-1] ** 0.5) @ K.mT
    if mask is not None:
        S = np.where(mask[..., None, :, :], S, np.finfo(S.dtype).min)
    Y = softmax(S.mT).mT @ V
    return merge_heads(Y if mask is None else Y * mask.any(axis=-1)[..., None, :, None]) @ W_O


@mistake(of="cross_attention", says="without the last projection, W_O")
def cross_attention_without_output(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(C @ W_K, H), split_heads(C @ W_V, H)
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :]))


@mistake(of="cross_attention", says="by one head as wide as X, whatever H is")
def cross_attention_one_head(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    return attention(X @ W_Q, C @ W_K, C @ W_V, mask) @ W_O


@mistake(of="cross_attention", says="by dividing by the square root of the whole width instead of one head's")
def cross_attention_scaled_by_width(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(C @ W_K, H), split_heads(C @ W_V, H)
    return merge_heads(attention(Q / H**0.5, K, V, None if mask is None else mask[..., None, :, :])) @ W_O


@mistake(of="cross_attention", says="by not looking at the mask")
def cross_attention_without_mask(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(C @ W_K, H), split_heads(C @ W_V, H)
    return merge_heads(attention(Q, K, V)) @ W_O


@mistake(of="cross_attention", says="by hiding where the mask is True instead of where it is False")
def cross_attention_mask_inverted(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(C @ W_K, H), split_heads(C @ W_V, H)
    return merge_heads(attention(Q, K, V, None if mask is None else ~mask[..., None, :, :])) @ W_O


@mistake(
    of="cross_attention", says="by a mask without an axis for the heads, so that batch and heads are confused"
)
def cross_attention_mask_on_heads(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(C @ W_K, H), split_heads(C @ W_V, H)
    return merge_heads(attention(Q, K, V, mask)) @ W_O


@mistake(of="cross_attention", says="by dividing by np.sqrt(dh), a float64 that turns float32 into float64")
def cross_attention_in_float64(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(C @ W_K, H), split_heads(C @ W_V, H)
    Q = Q * Q.shape[-1] ** 0.5 / np.sqrt(Q.shape[-1])
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :])) @ W_O


@mistake(of="cross_attention", says="by scaling W_K in place, which changes the caller's array")
def cross_attention_in_place(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    root = (X.shape[-1] // H) ** 0.5
    W_K /= root
    Q, K, V = split_heads(X @ W_Q, H) * root, split_heads(C @ W_K, H), split_heads(C @ W_V, H)
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :])) @ W_O


@honest(of="cross_attention")
def cross_attention_by_einsum(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    d, c = X.shape[-1], C.shape[-1]
    Q = np.einsum("...td,dhe->...hte", X, W_Q.reshape(d, H, -1))
    K = np.einsum("...sc,che->...hse", C, W_K.reshape(c, H, -1))
    V = np.einsum("...sc,che->...hse", C, W_V.reshape(c, H, -1))
    found = attention(Q, K, V, None if mask is None else np.expand_dims(mask, -3))
    return np.einsum("...hte,hed->...td", found, W_O.reshape(H, -1, d))


@honest(of="cross_attention")
def cross_attention_keys_and_values_at_once(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    d = W_O.shape[0]
    KV = (C @ np.concatenate([W_K, W_V], axis=1)).reshape(*C.shape[:-1], 2, H, d // H)
    K, V = np.moveaxis(KV, (-3, -2), (0, -3))
    scores = split_heads(X @ W_Q, H) @ np.swapaxes(K, -1, -2) / (d // H) ** 0.5
    if mask is None:
        return merge_heads(softmax(scores) @ V) @ W_O
    mask = mask[..., np.newaxis, :, :]
    return merge_heads(softmax(np.where(mask, scores, np.finfo(X.dtype).min)) * mask @ V) @ W_O
