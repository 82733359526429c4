"""Multi-head attention of a text with itself: wrong as people get it wrong, and right in other styles."""

import numpy as np
from headway.attention import attention, merge_heads, split_heads
from headway.numerics import softmax

from headway_grader.wrong.tags import honest, mistake


@mistake(of="multi_head_attention", says="without the last projection, W_O")
def multi_head_attention_without_output(X, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(X @ W_K, H), split_heads(X @ W_V, H)
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :]))


@mistake(of="multi_head_attention", says="by one head as wide as X, whatever H is")
def multi_head_attention_one_head(X, W_Q, W_K, W_V, W_O, H, mask=None):
    return attention(X @ W_Q, X @ W_K, X @ W_V, mask) @ W_O


@mistake(
    of="multi_head_attention", says="by dividing by the square root of the whole width instead of one head's"
)
def multi_head_attention_scaled_by_width(X, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q / H**0.5, H), split_heads(X @ W_K, H), split_heads(X @ W_V, H)
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :])) @ W_O


@mistake(of="multi_head_attention", says="without dividing by the square root of the heads' width")
def multi_head_attention_without_scale(X, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(X @ W_K, H), split_heads(X @ W_V, H)
    Q = Q * Q.shape[-1] ** 0.5
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :])) @ W_O


@mistake(of="multi_head_attention", says="by splitting the heads with a reshape alone")
def multi_head_attention_split_by_reshape(X, W_Q, W_K, W_V, W_O, H, mask=None):
    shape = (*X.shape[:-2], H, X.shape[-2], X.shape[-1] // H)
    Q, K, V = (X @ W_Q).reshape(shape), (X @ W_K).reshape(shape), (X @ W_V).reshape(shape)
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :])) @ W_O


@mistake(of="multi_head_attention", says="by merging the heads with a reshape alone")
def multi_head_attention_merged_by_reshape(X, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(X @ W_K, H), split_heads(X @ W_V, H)
    return attention(Q, K, V, None if mask is None else mask[..., None, :, :]).reshape(X.shape) @ W_O


@mistake(of="multi_head_attention", says="by multiplying with the transposed weights: it is X @ W here")
def multi_head_attention_transposed_weights(X, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q.T, H), split_heads(X @ W_K.T, H), split_heads(X @ W_V.T, H)
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :])) @ W_O.T


@mistake(of="multi_head_attention", says="by exchanging queries and keys")
def multi_head_attention_keys_ask(X, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_K, H), split_heads(X @ W_Q, H), split_heads(X @ W_V, H)
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :])) @ W_O


@mistake(of="multi_head_attention", says="by not looking at the mask")
def multi_head_attention_without_mask(X, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(X @ W_K, H), split_heads(X @ W_V, H)
    return merge_heads(attention(Q, K, V)) @ W_O


@mistake(of="multi_head_attention", says="by hiding where the mask is True instead of where it is False")
def multi_head_attention_mask_inverted(X, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(X @ W_K, H), split_heads(X @ W_V, H)
    return merge_heads(attention(Q, K, V, None if mask is None else ~mask[..., None, :, :])) @ W_O


@mistake(
    of="multi_head_attention",
    says="by a mask without an axis for the heads, so that batch and heads are confused",
)
def multi_head_attention_mask_on_heads(X, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(X @ W_K, H), split_heads(X @ W_V, H)
    return merge_heads(attention(Q, K, V, mask)) @ W_O


@mistake(
    of="multi_head_attention", says="by dividing by np.sqrt(dh), a float64 that turns float32 into float64"
)
def multi_head_attention_in_float64(X, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(X @ W_K, H), split_heads(X @ W_V, H)
    Q = Q * Q.shape[-1] ** 0.5 / np.sqrt(Q.shape[-1])
    return merge_heads(attention(Q, K, V, None if mask is None else mask[..., None, :, :])) @ W_O


@mistake(of="multi_head_attention", says="by scaling W_Q in place, which changes the caller's array")
def multi_head_attention_in_place(X, W_Q, W_K, W_V, W_O, H, mask=None):
    root = (X.shape[-1] // H) ** 0.5
    W_Q /= root
    Q, K, V = split_heads(X @ W_Q, H), split_heads(X @ W_K, H), split_heads(X @ W_V, H)
    return merge_heads(attention(Q * root, K, V, None if mask is None else mask[..., None, :, :])) @ W_O


@honest(of="multi_head_attention")
def multi_head_attention_by_einsum(X, W_Q, W_K, W_V, W_O, H, mask=None):
    d = X.shape[-1]
    Q = np.einsum("...td,dhe->...hte", X, W_Q.reshape(d, H, -1))
    K = np.einsum("...td,dhe->...hte", X, W_K.reshape(d, H, -1))
    V = np.einsum("...td,dhe->...hte", X, W_V.reshape(d, H, -1))
    found = attention(Q, K, V, None if mask is None else np.expand_dims(mask, -3))
    return np.einsum("...hte,hed->...td", found, W_O.reshape(H, -1, d))


@honest(of="multi_head_attention")
def multi_head_attention_fused(X, W_Q, W_K, W_V, W_O, H, mask=None):
    *rows, T, d = X.shape
    QKV = X @ np.concatenate([W_Q, W_K, W_V], axis=1)
    QKV = np.moveaxis(QKV.reshape(*rows, T, 3, H, d // H), (-3, -2), (0, -3))
    scores = QKV[0] @ QKV[1].mT / (d // H) ** 0.5
    if mask is None:
        return merge_heads(softmax(scores) @ QKV[2]) @ W_O
    mask = mask[..., np.newaxis, :, :]
    weights = softmax(np.where(mask, scores, np.finfo(X.dtype).min)) * mask
    return merge_heads(weights @ QKV[2]) @ W_O
