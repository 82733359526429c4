"""Search by meaning: wrong as people get it wrong, and right in other styles."""

import numpy as np

from headway_grader.wrong.tags import honest, mistake


@mistake(of="mean_pool", says="by letting the padding have its say")
def mean_pool_with_padding(X, mask):
    mean = X.mean(axis=-2) * mask.any(axis=-1, keepdims=True)
    length = np.linalg.norm(mean, axis=-1, keepdims=True)
    return mean / np.where(length > 0, length, 1)


@mistake(of="mean_pool", says="by leaving the mean as long as it is, instead of bringing it to length 1")
def mean_pool_of_any_length(X, mask):
    total = np.where(mask[..., None], X, 0).sum(axis=-2)
    return total / np.maximum(mask.sum(axis=-1, keepdims=True), 1).astype(X.dtype)


@mistake(of="mean_pool", says="by dividing by the length of all vectors together, instead of each by its own")
def mean_pool_of_one_length(X, mask):
    total = np.where(mask[..., None], X, 0).sum(axis=-2)
    return total / np.where(total.any(), np.sqrt((total * total).sum()), 1).astype(X.dtype)


@mistake(of="mean_pool", says="by dividing by the sum of the absolute numbers, which is no length")
def mean_pool_by_absolute_numbers(X, mask):
    total = np.where(mask[..., None], X, 0).sum(axis=-2)
    size = np.abs(total).sum(axis=-1, keepdims=True)
    return total / np.where(size > 0, size, 1)


@mistake(of="mean_pool", says="by the state of the first position alone")
def mean_pool_first_state(X, mask):
    first = X[..., 0, :] * mask.any(axis=-1, keepdims=True)
    length = np.linalg.norm(first, axis=-1, keepdims=True)
    return first / np.where(length > 0, length, 1)


@mistake(of="mean_pool", says="by bringing every word to length 1 before the mean")
def mean_pool_of_normed_words(X, mask):
    total = (np.where(mask[..., None], X, 0) / np.linalg.norm(X, axis=-1, keepdims=True)).sum(axis=-2)
    length = np.linalg.norm(total, axis=-1, keepdims=True)
    return total / np.where(length > 0, length, 1)


@mistake(of="mean_pool", says="by dividing by 0 where a text has no words, which is nan")
def mean_pool_nan(X, mask):
    total = np.where(mask[..., None], X, 0).sum(axis=-2)
    return total / np.linalg.norm(total, axis=-1, keepdims=True)


@mistake(of="mean_pool", says="by dividing by mask.sum(…), whole numbers that turn float32 into float64")
def mean_pool_in_float64(X, mask):
    mean = np.where(mask[..., None], X, 0).sum(axis=-2) / np.maximum(mask.sum(axis=-1, keepdims=True), 1)
    length = np.linalg.norm(mean, axis=-1, keepdims=True)
    return mean / np.where(length > 0, length, 1)


@mistake(of="mean_pool", says="by writing zeros over the padding, which changes the caller's array")
def mean_pool_in_place(X, mask):
    X[~mask] = 0
    total = X.sum(axis=-2)
    length = np.linalg.norm(total, axis=-1, keepdims=True)
    return total / np.where(length > 0, length, 1)


@honest(of="mean_pool")
def mean_pool_by_matmul(X, mask):
    words = np.maximum(mask.sum(axis=-1, keepdims=True), 1).astype(X.dtype)
    mean = (mask[..., None, :].astype(X.dtype) @ X)[..., 0, :] / words
    square = (mean * mean).sum(axis=-1, keepdims=True)
    return np.divide(mean, np.sqrt(square), out=np.zeros_like(mean), where=square > 0)


@honest(of="mean_pool")
def mean_pool_by_where(X, mask):
    total = np.sum(X, axis=-2, where=np.broadcast_to(mask[..., None], X.shape))
    return total / np.maximum(np.sqrt(np.vecdot(total, total)), np.finfo(X.dtype).tiny)[..., None]


@mistake(of="nearest", says="by putting the farthest first")
def nearest_farthest_first(Q, D, k):
    return np.argsort(Q @ D.T, axis=-1, stable=True)[..., :k]


@mistake(of="nearest", says="by turning an ascending order round, which turns equals round, too")
def nearest_equals_turned_round(Q, D, k):
    return np.argsort(Q @ D.T, axis=-1, stable=True)[..., ::-1][..., :k]


@mistake(of="nearest", says="by turning round what are the k farthest")
def nearest_of_the_wrong_end(Q, D, k):
    return np.argsort(-(Q @ D.T), axis=-1, stable=True)[..., ::-1][..., :k]


@mistake(of="nearest", says="by taking what points the opposite way for near")
def nearest_by_absolute_numbers(Q, D, k):
    return np.argsort(-np.abs(Q @ D.T), axis=-1, stable=True)[..., :k]


@mistake(of="nearest", says="by giving the rank of each text instead of the texts in their order")
def nearest_ranks(Q, D, k):
    order = np.argsort(-(Q @ D.T), axis=-1, stable=True)
    return np.argsort(order, axis=-1)[..., :k]


@mistake(of="nearest", says="by the right k texts in the order in which they are stored")
def nearest_in_stored_order(Q, D, k):
    return np.sort(np.argsort(-(Q @ D.T), axis=-1, stable=True)[..., :k], axis=-1)


@mistake(of="nearest", says="by turning Q round in place, which changes the caller's array")
def nearest_in_place(Q, D, k):
    Q *= -1
    return np.argsort(Q @ D.T, axis=-1, stable=True)[..., :k]


@honest(of="nearest")
def nearest_by_distance(Q, D, k):
    apart = Q[..., None, :] - D
    return np.argsort((apart * apart).sum(axis=-1), axis=-1, kind="stable")[..., :k]


@honest(of="nearest")
def nearest_by_lexsort(Q, D, k):
    S = np.einsum("...d,nd->...n", Q, D)
    order = np.lexsort((np.broadcast_to(np.arange(len(D)), S.shape), -S), axis=-1)
    return order[..., :k]
