"""Attention with a cache: wrong as people get it wrong, and right in other styles."""

import numpy as np
from headway.attention import attention, merge_heads, split_heads
from headway.numerics import softmax

from headway_grader.wrong.tags import honest, mistake


@mistake(of="cached_attention", says="without a mask, so that new positions see those after them")
def cached_attention_without_mask(X, K, V, W_Q, W_K, W_V, W_O):
    H = K.shape[-3]
    K = np.concatenate([K, split_heads(X @ W_K, H)], axis=-2)
    V = np.concatenate([V, split_heads(X @ W_V, H)], axis=-2)
    return merge_heads(attention(split_heads(X @ W_Q, H), K, V)) @ W_O, K, V


@mistake(
    of="cached_attention", says="by a mask that does not know of the positions before: it is not shifted"
)
def cached_attention_mask_not_shifted(X, K, V, W_Q, W_K, W_V, W_O):
    H = K.shape[-3]
    K = np.concatenate([K, split_heads(X @ W_K, H)], axis=-2)
    V = np.concatenate([V, split_heads(X @ W_V, H)], axis=-2)
    mask = np.tri(X.shape[-2], K.shape[-2], dtype=bool)
    return merge_heads(attention(split_heads(X @ W_Q, H), K, V, mask)) @ W_O, K, V


@mistake(of="cached_attention", says="by a mask that hides a new position from itself")
def cached_attention_not_itself(X, K, V, W_Q, W_K, W_V, W_O):
    H, t = K.shape[-3:-1]
    K = np.concatenate([K, split_heads(X @ W_K, H)], axis=-2)
    V = np.concatenate([V, split_heads(X @ W_V, H)], axis=-2)
    mask = np.tri(X.shape[-2], K.shape[-2], t - (t > 0), dtype=bool)
    return merge_heads(attention(split_heads(X @ W_Q, H), K, V, mask)) @ W_O, K, V


@mistake(of="cached_attention", says="by putting the new keys and values before the old ones")
def cached_attention_new_ones_first(X, K, V, W_Q, W_K, W_V, W_O):
    H, t = K.shape[-3:-1]
    K = np.concatenate([split_heads(X @ W_K, H), K], axis=-2)
    V = np.concatenate([split_heads(X @ W_V, H), V], axis=-2)
    mask = np.tri(X.shape[-2], K.shape[-2], t, dtype=bool)
    return merge_heads(attention(split_heads(X @ W_Q, H), K, V, mask)) @ W_O, K, V


@mistake(of="cached_attention", says="by exchanging the new keys and the new values")
def cached_attention_keys_for_values(X, K, V, W_Q, W_K, W_V, W_O):
    H, t = K.shape[-3:-1]
    if t:
        W_K, W_V = W_V, W_K
    K = np.concatenate([K, split_heads(X @ W_K, H)], axis=-2)
    V = np.concatenate([V, split_heads(X @ W_V, H)], axis=-2)
    mask = np.tri(X.shape[-2], K.shape[-2], t, dtype=bool)
    return merge_heads(attention(split_heads(X @ W_Q, H), K, V, mask)) @ W_O, K, V


@mistake(of="cached_attention", says="by cutting the new keys and values into heads with a reshape alone")
def cached_attention_split_by_reshape(X, K, V, W_Q, W_K, W_V, W_O):
    *rows, H, t, dh = K.shape
    shape = (*rows, H, X.shape[-2], dh)
    K = np.concatenate([K, (X @ W_K).reshape(shape)], axis=-2)
    V = np.concatenate([V, (X @ W_V).reshape(shape)], axis=-2)
    mask = np.tri(X.shape[-2], K.shape[-2], t, dtype=bool)
    return merge_heads(attention(split_heads(X @ W_Q, H), K, V, mask)) @ W_O, K, V


@mistake(of="cached_attention", says="by dividing by np.sqrt(dh), a float64 that turns float32 into float64")
def cached_attention_in_float64(X, K, V, W_Q, W_K, W_V, W_O):
    H, t, dh = K.shape[-3:]
    K = np.concatenate([K, split_heads(X @ W_K, H)], axis=-2)
    V = np.concatenate([V, split_heads(X @ W_V, H)], axis=-2)
    Q = split_heads(X @ W_Q, H) * dh**0.5 / np.sqrt(dh)
    mask = np.tri(X.shape[-2], K.shape[-2], t, dtype=bool)
    return merge_heads(attention(Q, K, V, mask)) @ W_O, K, V


@mistake(of="cached_attention", says="by scaling W_Q in place, which changes the caller's array")
def cached_attention_in_place(X, K, V, W_Q, W_K, W_V, W_O):
    H, t, dh = K.shape[-3:]
    K = np.concatenate([K, split_heads(X @ W_K, H)], axis=-2)
    V = np.concatenate([V, split_heads(X @ W_V, H)], axis=-2)
    W_Q /= dh**0.5
    mask = np.tri(X.shape[-2], K.shape[-2], t, dtype=bool)
    return merge_heads(attention(split_heads(X @ W_Q, H) * dh**0.5, K, V, mask)) @ W_O, K, V


@honest(of="cached_attention")
def cached_attention_old_and_new_apart(X, K, V, W_Q, W_K, W_V, W_O):
    *_, H, t, dh = K.shape
    Q, K_new, V_new = split_heads(X @ W_Q, H), split_heads(X @ W_K, H), split_heads(X @ W_V, H)
    later = np.triu(np.ones((X.shape[-2], X.shape[-2]), bool), 1)
    new = np.where(later, np.array(-np.inf, X.dtype), Q @ K_new.mT / dh**0.5)
    P = softmax(np.concatenate([Q @ K.mT / dh**0.5, new], axis=-1))
    A = P[..., :t] @ V + P[..., t:] @ V_new
    return merge_heads(A) @ W_O, np.concatenate([K, K_new], axis=-2), np.concatenate([V, V_new], axis=-2)


@honest(of="cached_attention")
def cached_attention_by_einsum(X, K, V, W_Q, W_K, W_V, W_O):
    *_, H, t, dh = K.shape
    n, d = X.shape[-2:]
    Q = np.einsum("...td,dhe->...hte", X, W_Q.reshape(d, H, dh))
    K = np.append(K, np.einsum("...td,dhe->...hte", X, W_K.reshape(d, H, dh)), axis=-2)
    V = np.append(V, np.einsum("...td,dhe->...hte", X, W_V.reshape(d, H, dh)), axis=-2)
    mask = np.arange(t + n) <= np.arange(t, t + n)[:, None]
    A = attention(Q, K, V, mask)
    return np.einsum("...hte,hed->...td", A, W_O.reshape(H, dh, d)), K, V
