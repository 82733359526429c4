import numpy as np
from headway_course import earlier

softmax = earlier("numerics.softmax")


def causal_mask(T):
    return np.tri(T, k=1, dtype=bool)


def padding_mask(lengths, T):
    return np.arange(T) <= lengths[..., None, None]


def attention(Q, K, V, mask=None):
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1]).astype(Q.dtype)
    if mask is None:
        return softmax(scores) @ V
    scores = np.where(mask, scores, -1e30).astype(Q.dtype)
    weights = np.where(mask, softmax(scores), 0).astype(Q.dtype)
    return weights @ V


def split_heads(X, H):
    *batch, T, d = X.shape
    return np.swapaxes(X.reshape(*batch, T, H, d // H), -3, -2)


def merge_heads(X):
    *batch, H, T, dh = X.shape
    return np.swapaxes(X, -3, -2).reshape(*batch, T, H * dh)


def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = (split_heads(X @ W, H) for W in (W_Q, W_K, W_V))
    if mask is not None:
        mask = np.expand_dims(mask, -3)
    return merge_heads(attention(Q, K, V, mask)) @ W_O


def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    Q, K, V = split_heads(X @ W_Q, H), split_heads(C @ W_K, H), split_heads(C @ W_V, H)
    if mask is not None:
        mask = np.expand_dims(mask, -3)
    return merge_heads(attention(Q, K, V, mask)) @ W_O


def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    Q = split_heads(X @ W_Q, H)
    K, V = (np.repeat(split_heads(X @ W, G), H // G, axis=-3) for W in (W_K, W_V))
    if mask is not None:
        mask = np.expand_dims(mask, -3)
    return merge_heads(attention(Q, K, V, mask)) @ W_O
