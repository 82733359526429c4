"""Attention, its mask and its heads: wrong as people get them wrong, and right in other styles."""

import numpy as np
from headway.attention import attention, merge_heads, split_heads
from headway.numerics import log_softmax, softmax

from headway_grader.wrong.tags import honest, mistake


@mistake(of="causal_mask", says="by hiding each position from itself too")
def causal_mask_strict(T):
    return np.tri(T, k=-1, dtype=bool)


@mistake(of="causal_mask", says="by letting each position look one step ahead")
def causal_mask_one_ahead(T):
    return np.tri(T, k=1, dtype=bool)


@mistake(
    of="causal_mask", says="by swapping rows and columns, so that each position looks ahead and never back"
)
def causal_mask_transposed(T):
    return np.tri(T, dtype=bool).T


@mistake(of="causal_mask", says="by marking what is hidden instead of what a position may look at")
def causal_mask_inverted(T):
    return ~np.tri(T, dtype=bool)


@mistake(of="causal_mask", says="by letting each position look at itself alone")
def causal_mask_only_itself(T):
    return np.eye(T, dtype=bool)


@honest(of="causal_mask")
def causal_mask_by_comparing(T):
    position = np.arange(T)
    return position[:, None] >= position


@honest(of="causal_mask")
def causal_mask_not_the_future(T):
    return ~np.triu(np.ones((T, T), dtype=bool), k=1)


@honest(of="causal_mask")
def causal_mask_accumulated(T):
    return np.logical_or.accumulate(np.eye(T, dtype=bool), axis=0)


@mistake(of="attention", says="without dividing by sqrt(d)")
def attention_without_scale(Q, K, V, mask=None):
    return attention(Q * Q.shape[-1] ** 0.5, K, V, mask)


@mistake(of="attention", says="by dividing by d instead of sqrt(d)")
def attention_scaled_by_d(Q, K, V, mask=None):
    return attention(Q / Q.shape[-1] ** 0.5, K, V, mask)


@mistake(of="attention", says="by multiplying by sqrt(d) instead of dividing")
def attention_scaled_up(Q, K, V, mask=None):
    return attention(Q * Q.shape[-1], K, V, mask)


@mistake(of="attention", says="by dividing by the square root of the values' width instead of the keys'")
def attention_scaled_by_values(Q, K, V, mask=None):
    return attention(Q * (Q.shape[-1] / V.shape[-1]) ** 0.5, K, V, mask)


@mistake(of="attention", says="by taking the softmax over the queries instead of the keys")
def attention_over_queries(Q, K, V, mask=None):
    S = (Q / Q.shape[-1] ** 0.5) @ K.mT
    if mask is not None:
        S = np.where(mask, S, np.finfo(S.dtype).min)
    A = softmax(S.mT).mT
    return A @ V if mask is None else A @ V * mask.any(axis=-1, keepdims=True)


@mistake(of="attention", says="by a softmax without subtracting the largest score, so that exp overflows")
def attention_without_shift(Q, K, V, mask=None):
    E = np.exp((Q / Q.shape[-1] ** 0.5) @ K.mT)
    if mask is None:
        return E / E.sum(axis=-1, keepdims=True) @ V
    E = np.where(mask, E, 0)
    total = E.sum(axis=-1, keepdims=True)
    return E / np.where(total == 0, 1, total) @ V


@mistake(of="attention", says="by not looking at the mask")
def attention_without_mask(Q, K, V, mask=None):
    return attention(Q, K, V)


@mistake(of="attention", says="by hiding where the mask is True instead of where it is False")
def attention_mask_inverted(Q, K, V, mask=None):
    return attention(Q, K, V, None if mask is None else ~mask)


@mistake(of="attention", says="by setting masked scores to 0, where exp(0) = 1 still counts")
def attention_masked_scores_0(Q, K, V, mask=None):
    S = (Q / Q.shape[-1] ** 0.5) @ K.mT
    return softmax(S if mask is None else np.where(mask, S, 0)) @ V


@mistake(of="attention", says="by setting weights to 0 after the softmax, so that they no longer add up to 1")
def attention_masked_weights(Q, K, V, mask=None):
    A = softmax((Q / Q.shape[-1] ** 0.5) @ K.mT)
    return (A if mask is None else A * mask) @ V


@mistake(of="attention", says="by masking after the softmax and dividing by what is left, which may be 0")
def attention_masked_and_divided(Q, K, V, mask=None):
    A = softmax((Q / Q.shape[-1] ** 0.5) @ K.mT)
    if mask is not None:
        A = A * mask
        A = A / A.sum(axis=-1, keepdims=True)
    return A @ V


@mistake(of="attention", says="by a softmax over scores that are all -inf, where a query may look nowhere")
def attention_nan_for_nothing(Q, K, V, mask=None):
    S = (Q / Q.shape[-1] ** 0.5) @ K.mT
    return softmax(S if mask is None else np.where(mask, S, -np.inf)) @ V


@mistake(of="attention", says="by averaging all values where a query may look nowhere")
def attention_average_for_nothing(Q, K, V, mask=None):
    S = (Q / Q.shape[-1] ** 0.5) @ K.mT
    return softmax(S if mask is None else np.where(mask, S, np.finfo(S.dtype).min)) @ V


@mistake(of="attention", says="by dividing by np.sqrt(d), a float64 that turns float32 into float64")
def attention_in_float64(Q, K, V, mask=None):
    return attention(Q * Q.shape[-1] ** 0.5 / np.sqrt(Q.shape[-1]), K, V, mask)


@mistake(of="attention", says="by scaling Q in place, which changes the caller's array")
def attention_in_place(Q, K, V, mask=None):
    d = Q.shape[-1]
    Q /= d**0.5
    return attention(Q * d**0.5, K, V, mask)


@honest(of="attention")
def attention_divided_at_the_end(Q, K, V, mask=None):
    scores = np.einsum("...qd,...kd->...qk", Q, K) / float(np.sqrt(K.shape[-1]))
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    powers = np.exp(scores - np.where(np.isfinite(top), top, 0))
    total = powers.sum(axis=-1, keepdims=True)
    return powers @ V / np.where(total > 0, total, 1)


@honest(of="attention")
def attention_with_a_bias(Q, K, V, mask=None):
    if mask is None:
        mask = np.ones((Q.shape[-2], K.shape[-2]), dtype=bool)
    bias = np.where(mask, 0.0, -np.inf).astype(Q.dtype)
    with np.errstate(invalid="ignore"):
        weights = softmax(Q @ np.swapaxes(K, -1, -2) * Q.shape[-1] ** -0.5 + bias)
    seeing = np.any(mask, axis=-1, keepdims=True)
    return np.matmul(np.where(seeing, weights, 0), V)


@honest(of="attention")
def attention_by_logarithms(Q, K, V, mask=None):
    root = Q.shape[-1] ** 0.25
    scores = (Q / root) @ (K / root).mT
    if mask is None:
        return np.exp(log_softmax(scores)) @ V
    lowest = np.finfo(scores.dtype).min
    return (np.exp(log_softmax(np.where(mask, scores, lowest))) * mask) @ V


@mistake(
    of="split_heads", says="by reshaping alone, which mixes heads and positions: an axis must be moved too"
)
def split_heads_by_reshape(X, H):
    return X.reshape(*X.shape[:-2], H, X.shape[-2], -1)


@mistake(
    of="split_heads", says="by dealing the columns out in turn, where each head gets a stretch of neighbours"
)
def split_heads_dealt_out(X, H):
    X = X.reshape(*X.shape[:-1], -1, H)
    return np.moveaxis(X, -1, -3)


@mistake(of="split_heads", says="by cutting the first axis into heads, which mixes the batch")
def split_heads_of_the_batch(X, H):
    X = X.reshape(H, *X.shape[:-1], -1)
    return np.moveaxis(X, 0, -3)


@mistake(of="split_heads", says="by filling a new array of float64, whatever comes in")
def split_heads_in_float64(X, H):
    heads = np.zeros((*X.shape[:-2], H, X.shape[-2], X.shape[-1] // H))
    heads[...] = X.reshape(*X.shape[:-1], H, -1).swapaxes(-2, -3)
    return heads


@mistake(of="split_heads", says="by `resize`, which changes the caller's array")
def split_heads_resized(X, H):
    X.resize((*X.shape[:-1], H, X.shape[-1] // H))
    return X.swapaxes(-2, -3)


@honest(of="split_heads")
def split_heads_by_columns(X, H):
    columns = np.arange(X.shape[-1]).reshape(H, 1, -1)
    return X[..., np.arange(X.shape[-2])[:, None], columns]


@honest(of="split_heads")
def split_heads_of_the_transpose(X, H):
    *rows, T, d = X.shape
    return X.mT.reshape(*rows, H, d // H, T).mT


@mistake(
    of="merge_heads", says="by reshaping alone, which mixes heads and positions: an axis must be moved first"
)
def merge_heads_by_reshape(X):
    *rows, H, T, dh = X.shape
    return X.reshape(*rows, T, H * dh)


@mistake(of="merge_heads", says="by taking a column of each head in turn, where each head keeps its stretch")
def merge_heads_in_turn(X):
    X = np.moveaxis(X, -3, -1)
    return X.reshape(*X.shape[:-2], -1)


@mistake(of="merge_heads", says="by moving the heads in front of the batch, which mixes it")
def merge_heads_in_front(X):
    *rows, H, T, dh = X.shape
    return np.moveaxis(X, -3, 0).reshape(*rows, T, H * dh)


@mistake(of="merge_heads", says="by filling a new array of float64, whatever comes in")
def merge_heads_in_float64(X):
    *rows, H, T, dh = X.shape
    merged = np.empty((*rows, T, H * dh))
    merged[...] = X.swapaxes(-2, -3).reshape(merged.shape)
    return merged


@honest(of="merge_heads")
def merge_heads_of_the_transpose(X):
    *rows, H, T, dh = X.shape
    return X.mT.reshape(*rows, H * dh, T).mT


@honest(of="merge_heads")
def merge_heads_by_columns(X):
    *_, H, T, dh = X.shape
    column = np.arange(H * dh)
    return X[..., column // dh, np.arange(T)[:, None], column % dh]


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
