# %% honest | einsum and a helper
import numpy as np


def _softmax(S):
    E = np.exp(S - S.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)


def attention(Q, K, V, mask=None):
    S = np.einsum("...qd,...kd->...qk", Q, K) / float(np.sqrt(Q.shape[-1]))
    if mask is None:
        return _softmax(S) @ V
    S = np.where(mask, S, np.finfo(S.dtype).min)
    return (_softmax(S) @ V) * mask.any(axis=-1, keepdims=True)


# %% honest | the course's softmax, everything kept in a NamedTuple
from typing import NamedTuple

import numpy as np
from headway.numerics import softmax


class State(NamedTuple):
    scores: np.ndarray
    weights: np.ndarray


def attention(Q, K, V, mask=None):
    scores = (Q / Q.shape[-1] ** 0.5) @ K.swapaxes(-1, -2)
    if mask is not None:
        scores = np.where(mask, scores, np.finfo(scores.dtype).min)
    state = State(scores, softmax(scores))
    weights = state.weights if mask is None else state.weights * mask.any(axis=-1, keepdims=True)
    return weights @ V


# %% honest | three steps named in a list, checks of the arguments
import numpy as np


def attention(Q, K, V, mask=None):
    for name, A in (("Q", Q), ("K", K), ("V", V)):
        if A.ndim < 2:
            raise ValueError(f"{name} has {A.ndim} axes")
    assert Q.shape[-1] == K.shape[-1], (Q.shape, K.shape)
    S = np.matmul(Q, np.swapaxes(K, -2, -1)) * (1.0 / Q.shape[-1] ** 0.5)
    allowed = np.ones(S.shape[-2:], dtype=bool) if mask is None else mask
    S = np.where(allowed, S, -np.inf)
    top = np.max(S, axis=-1, keepdims=True)
    E = np.exp(S - np.where(np.isfinite(top), top, 0))
    total = E.sum(axis=-1, keepdims=True)
    return E @ V / np.where(total == 0, 1, total)


# %% loopy over Tq | a query at a time
import numpy as np
from headway.numerics import softmax


def attention(Q, K, V, mask=None):
    out = []
    for t in range(Q.shape[-2]):
        S = (Q[..., t : t + 1, :] / Q.shape[-1] ** 0.5) @ K.mT
        if mask is None:
            out.append(softmax(S) @ V)
        else:
            row = mask[..., t : t + 1, :]
            S = np.where(row, S, np.finfo(S.dtype).min)
            out.append(softmax(S) @ V * row.any(axis=-1, keepdims=True))
    return np.concatenate(out, axis=-2)


# %% loopy over d | the scores as a sum over components
import numpy as np
from headway.numerics import softmax


def attention(Q, K, V, mask=None):
    S = 0
    for i in range(Q.shape[-1]):
        S = S + Q[..., :, None, i] * K[..., None, :, i]
    S = S / Q.shape[-1] ** 0.5
    if mask is None:
        return softmax(S) @ V
    S = np.where(mask, S, np.finfo(S.dtype).min)
    return softmax(S) @ V * mask.any(axis=-1, keepdims=True)


# %% loopy over Tk | the values added up by sum and zip
import numpy as np
from headway.numerics import softmax


def attention(Q, K, V, mask=None):
    S = (Q / Q.shape[-1] ** 0.5) @ K.mT
    if mask is not None:
        S = np.where(mask, S, np.finfo(S.dtype).min)
    A = softmax(S)
    if mask is not None:
        A = A * mask.any(axis=-1, keepdims=True)
    columns = zip(np.moveaxis(A, -1, 0)[..., None], np.moveaxis(V, -2, 0)[..., None, :])
    return sum(map(lambda pair: pair[0] * pair[1], columns))


# %% loopy over d | the scores by reduce over a map of np.multiply, all in C
import functools

import numpy as np
from headway.numerics import softmax


def attention(Q, K, V, mask=None):
    q, k = np.moveaxis(Q, -1, 0)[..., :, None], np.moveaxis(K, -1, 0)[..., None, :]
    S = functools.reduce(np.add, map(np.multiply, q, k)) / Q.shape[-1] ** 0.5
    if mask is None:
        return softmax(S) @ V
    S = np.where(mask, S, np.finfo(S.dtype).min)
    return softmax(S) @ V * mask.any(axis=-1, keepdims=True)


# %% loopy over Tq | queries split by numpy, mapped through a partial
import functools

import numpy as np
from headway.numerics import softmax


def attention(Q, K, V, mask=None):
    T = Q.shape[-2]
    scores = map(
        functools.partial(np.matmul, x2=None) if False else K.__matmul__, np.moveaxis(Q, -2, 0)[..., None]
    )
    S = np.stack([*scores], axis=0)[..., 0]
    S = np.moveaxis(S, 0, -2) / Q.shape[-1] ** 0.5
    if mask is None:
        return softmax(S) @ V
    S = np.where(mask, S, np.finfo(S.dtype).min)
    return softmax(S) @ V * mask.any(axis=-1, keepdims=True)
