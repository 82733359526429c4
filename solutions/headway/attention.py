"""Attention: every position asks, and fetches from the positions that answer."""

import numpy as np

from headway.numerics import softmax


def causal_mask(T):
    """True where a position may look: at itself and what came before (Vaswani et al. 2017, section 3.2.3).

    T int () -> bool (T, T)
    """
    return np.tri(T, dtype=bool)


def padding_mask(lengths, T):
    """True where a text has words, False where padding fills it up to T positions.

    lengths int (...), T int () -> bool (..., 1, T)

    The axis of size 1 stands for the queries: what is padding, none of them may look at.
    """
    return np.arange(T) < lengths[..., None, None]


def attention(Q, K, V, mask=None):
    """Scaled dot-product attention (Vaswani et al. 2017, eq. 1).

    Q (..., Tq, d), K (..., Tk, d), V (..., Tk, dv), [mask bool (..., Tq, Tk)] -> (..., Tq, dv)

    mask is True where a query may look. A query that may look nowhere gets zeros.
    """
    S = (Q / Q.shape[-1] ** 0.5) @ K.mT  # (..., Tq, Tk)
    if mask is None:
        return softmax(S) @ V
    S = np.where(mask, S, np.finfo(S.dtype).min)  # not -inf, for a row of nothing but -inf has no softmax
    return softmax(S) @ V * mask.any(axis=-1, keepdims=True)


def split_heads(X, H):
    """Shares the width out among H heads, a stretch for each (Vaswani et al. 2017, section 3.2.2).

    X (..., T, d), H int () -> (..., H, T, dh)

    dh is d / H, and H divides d. If it does not, numpy raises ValueError by itself.
    """
    X = X.reshape(*X.shape[:-1], H, -1)  # (..., T, H, dh)
    return X.swapaxes(-2, -3)  # (..., H, T, dh)


def merge_heads(X):
    """Puts the heads side by side again: the inverse of split_heads (Vaswani et al. 2017, section 3.2.2).

    X (..., H, T, dh) -> (..., T, d)
    """
    X = X.swapaxes(-2, -3)  # (..., T, H, dh)
    return X.reshape(*X.shape[:-2], -1)  # (..., T, d)


def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    """H attentions at once, each over its own projections of X (Vaswani et al. 2017, section 3.2.2).

    X (..., T, d), W_Q (d, d), W_K (d, d), W_V (d, d), W_O (d, d), H int (), [mask bool (..., T, T)]
    -> (..., T, d)

    mask is True where a position may look, and is the same for all heads.
    """
    Q = split_heads(X @ W_Q, H)  # (..., H, T, dh)
    K = split_heads(X @ W_K, H)
    V = split_heads(X @ W_V, H)
    if mask is not None:
        mask = mask[..., None, :, :]  # (..., 1, T, T)
    return merge_heads(attention(Q, K, V, mask)) @ W_O


def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    """Queries from one text, keys and values from another (Vaswani et al. 2017, section 3.2.3).

    X (..., Tq, d), C (..., Tk, c), W_Q (d, d), W_K (c, d), W_V (c, d), W_O (d, d), H int (),
    [mask bool (..., Tq, Tk)] -> (..., Tq, d)

    X asks and C answers. mask is True where a position of X may look at one of C, the same for all heads.
    """
    Q = split_heads(X @ W_Q, H)  # (..., H, Tq, dh)
    K = split_heads(C @ W_K, H)  # (..., H, Tk, dh)
    V = split_heads(C @ W_V, H)
    if mask is not None:
        mask = mask[..., None, :, :]  # (..., 1, Tq, Tk)
    return merge_heads(attention(Q, K, V, mask)) @ W_O


def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    """H heads in G groups, and one key and one value for each group (Ainslie et al. 2023, section 2.2).

    X (..., T, d), W_Q (d, d), W_K (d, k), W_V (d, k), W_O (d, d), H int (), G int (), [mask bool (..., T, T)]
    -> (..., T, d)

    k is G d / H, and neighbouring heads share. G = H is multi_head_attention, G = 1 is multi-query attention
    (Shazeer 2019). If G does not divide H, numpy raises ValueError by itself.
    """
    Q = split_heads(split_heads(X @ W_Q, G), H // G)  # (..., G, H / G, T, dh)
    K = split_heads(X @ W_K, G)[..., None, :, :]  # (..., G, 1, T, dh), never copied for each head
    V = split_heads(X @ W_V, G)[..., None, :, :]
    if mask is not None:
        mask = mask[..., None, None, :, :]  # (..., 1, 1, T, T)
    return merge_heads(merge_heads(attention(Q, K, V, mask))) @ W_O


def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    """Causal attention of new positions, which ask keys and values kept from those before, and their own.

    X (..., n, d), K (..., H, t, dh), V (..., H, t, dh), W_Q (d, d), W_K (d, d), W_V (d, d), W_O (d, d)
    -> (..., n, d), (..., H, T, dh), (..., H, T, dh)

    There come the output, all keys and all values. T is t + n: new position i stands behind t others. Piece
    by piece or at once, a text gets what multi_head_attention gives it (Vaswani et al. 2017, section 3.2.3).
    """
    H, t, _ = K.shape[-3:]
    K = np.concatenate([K, split_heads(X @ W_K, H)], axis=-2)  # (..., H, T, dh)
    V = np.concatenate([V, split_heads(X @ W_V, H)], axis=-2)
    mask = np.tri(X.shape[-2], K.shape[-2], t, dtype=bool)  # (n, T)
    return merge_heads(attention(split_heads(X @ W_Q, H), K, V, mask)) @ W_O, K, V
