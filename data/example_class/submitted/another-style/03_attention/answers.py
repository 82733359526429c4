"""Attention by einsum."""

from dataclasses import dataclass

import numpy as np


def causal_mask(T):
    i = np.arange(T)
    return i[:, None] >= i


def padding_mask(lengths, T):
    return np.logical_not(np.expand_dims(lengths, (-2, -1)) <= np.arange(T))


@dataclass
class Scores:
    """Scores of queries against keys, with -inf where a query may not look."""

    S: np.ndarray

    def weights(self):
        top = self.S.max(axis=-1, keepdims=True)
        E = np.exp(self.S - np.where(np.isfinite(top), top, 0))
        total = E.sum(axis=-1, keepdims=True)
        return E / np.where(total == 0, 1, total)


def attention(Q, K, V, mask=None):
    S = np.einsum("...qd,...kd->...qk", Q, K) * Q.shape[-1] ** -0.5
    if mask is not None:
        S = np.where(mask, S, -np.inf)
    return np.einsum("...qk,...kv->...qv", Scores(S).weights(), V)


def split_heads(X, H):
    return np.moveaxis(X.reshape(X.shape[:-1] + (H, X.shape[-1] // H)), -2, -3)


def merge_heads(X):
    return np.moveaxis(X, -3, -2).reshape(X.shape[:-3] + (X.shape[-2], -1))


def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    d = X.shape[-1]
    project = lambda W: np.einsum("...td,dhe->...hte", X, W.reshape(d, H, d // H))
    heads = attention(project(W_Q), project(W_K), project(W_V), None if mask is None else mask[..., None, :, :])
    return np.einsum("...hte,hed->...td", heads, W_O.reshape(H, d // H, d))


def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    d = W_O.shape[0]
    project = lambda Y, W: np.einsum("...tc,che->...hte", Y, W.reshape(Y.shape[-1], H, d // H))
    heads = attention(project(X, W_Q), project(C, W_K), project(C, W_V), None if mask is None else mask[..., None, :, :])
    return np.einsum("...hte,hed->...td", heads, W_O.reshape(H, d // H, d))


def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    d = X.shape[-1]
    S = np.einsum(
        "...tgre,...sge->...grts",
        (X @ W_Q).reshape(*X.shape[:-1], G, H // G, d // H),
        (X @ W_K).reshape(*X.shape[:-1], G, d // H),
    ) * (d // H) ** -0.5
    if mask is not None:
        S = np.where(mask[..., None, None, :, :], S, -np.inf)
    V = (X @ W_V).reshape(*X.shape[:-1], G, d // H)
    heads = np.einsum("...grts,...sge->...tgre", Scores(S).weights(), V)
    return heads.reshape(X.shape) @ W_O
