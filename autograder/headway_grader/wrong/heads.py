"""Splitting and merging heads: wrong as people get it wrong, and right in other styles."""

import numpy as np

from headway_grader.wrong.tags import honest, mistake


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
