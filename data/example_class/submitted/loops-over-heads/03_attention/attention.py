import numpy as np
from headway_course import earlier

softmax = earlier("numerics.softmax")


def causal_mask(T):
    return np.tril(np.ones((T, T), dtype=bool))


def padding_mask(lengths, T):
    return np.arange(T) < lengths[..., None, None]


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
    d = X.shape[-1]
    dh = d // H
    heads = np.empty_like(X)
    for h in range(H):
        own = slice(h * dh, (h + 1) * dh)
        heads[..., own] = attention(X @ W_Q[:, own], X @ W_K[:, own], X @ W_V[:, own], mask)
    return heads @ W_O


def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    dh = X.shape[-1] // H
    heads = np.empty_like(X)
    for h in range(H):
        own = slice(h * dh, (h + 1) * dh)
        heads[..., own] = attention(X @ W_Q[:, own], C @ W_K[:, own], C @ W_V[:, own], mask)
    return heads @ W_O


def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    dh = X.shape[-1] // H
    heads = np.empty_like(X)
    for h in range(H):
        g = h // (H // G)
        own, shared = slice(h * dh, (h + 1) * dh), slice(g * dh, (g + 1) * dh)
        heads[..., own] = attention(X @ W_Q[:, own], X @ W_K[:, shared], X @ W_V[:, shared], mask)
    return heads @ W_O
