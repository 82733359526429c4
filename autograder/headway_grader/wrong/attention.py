"""Attention: wrong as people get it wrong, and right in other styles."""

import numpy as np
from headway.attention import attention
from headway.numerics import log_softmax, softmax

from headway_grader.wrong.tags import honest, mistake


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
