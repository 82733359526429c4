# %% honest | a stable argsort of the negative scores
import numpy as np

def nearest(Q, D, k):
    scores = Q @ D.T
    return np.argsort(-scores, axis=-1, kind="stable")[..., :k]

# %% honest | lexsort by score, then by place
import numpy as np

def nearest(Q, D, k):
    S = np.inner(Q, D)
    place = np.broadcast_to(np.arange(len(D)), S.shape)
    return np.lexsort((place, -S), axis=-1)[..., :k]

# %% honest | the row turned round before the sort and the places after it
import numpy as np

def nearest(Q, D, k):
    n = D.shape[0]
    S = np.einsum("...d,nd->...n", Q, D)
    ascending = np.argsort(S[..., ::-1], axis=-1, stable=True)
    return (n - 1 - ascending[..., ::-1])[..., :k]

# %% honest | ranks by comparing all pairs of texts
import numpy as np

def nearest(Q, D, k):
    n = len(D)
    S = Q @ D.T
    i = np.arange(n)
    larger = S[..., None, :] > S[..., :, None]
    before = (S[..., None, :] == S[..., :, None]) & (i < i[:, None])
    rank = (larger | before).sum(axis=-1)                    # (..., n)
    order = np.empty_like(rank)
    np.put_along_axis(order, rank, np.broadcast_to(i, rank.shape), axis=-1)
    return order[..., :k]

# %% honest | whole numbers without equals, partitioned, and only the first k sorted
import numpy as np

def nearest(Q, D, k):
    n = len(D)
    S = Q @ D.T
    _, level = np.unique(-S, return_inverse=True)
    key = level.reshape(S.shape) * n + np.arange(n)          # no two are equal in a row
    if k < n:
        some = np.argpartition(key, k, axis=-1)[..., :k]
    else:
        some = np.broadcast_to(np.arange(n), key.shape)
    order = np.argsort(np.take_along_axis(key, some, axis=-1), axis=-1)
    return np.take_along_axis(some, order, axis=-1)

# %% honest | complex numbers, which are sorted by real and then by imaginary part
import numpy as np

def nearest(Q, D, k):
    S = (Q @ D.T).astype(float)
    return np.argsort(-S + 1j * np.arange(len(D)), axis=-1)[..., :k]

# %% honest | an index class with checks, all queries as one matrix
from dataclasses import dataclass
import numpy as np

@dataclass
class Index:
    texts: np.ndarray

    def __post_init__(self):
        assert self.texts.ndim == 2

    def __len__(self):
        return self.texts.shape[0]

    def search(self, queries, k):
        if not 0 <= k <= len(self):
            raise ValueError(f"k is {k}, and there are {len(self)} texts")
        minus = -np.tensordot(queries, self.texts, axes=(1, 1))
        return minus.argsort(axis=1, kind="mergesort")[:, :k]

def nearest(Q, D, k):
    found = Index(D).search(Q.reshape(-1, Q.shape[-1]), k)
    return found.reshape(*Q.shape[:-1], k)

# %% honest | the threshold by partition, then those above it in order
import numpy as np

def nearest(Q, D, k):
    S = np.matmul(Q, D.T)
    n = S.shape[-1]
    worst = np.partition(S, n - k, axis=-1)[..., n - k, None]
    above, equal = S > worst, S == worst
    room = k - above.sum(axis=-1, keepdims=True)
    stays = above | (equal & (equal.cumsum(axis=-1) <= room))    # exactly k in each row
    places = np.nonzero(stays)[-1].reshape(*S.shape[:-1], k)
    order = np.argsort(-np.take_along_axis(S, places, axis=-1), axis=-1, kind="stable")
    return np.take_along_axis(places, order, axis=-1)

# %% loopy over batch | query after query
import numpy as np

def nearest(Q, D, k):
    queries = Q.reshape(-1, Q.shape[-1])
    found = []
    for query in queries:
        found.append(np.argsort(-(D @ query), kind="stable")[:k])
    return np.array(found).reshape(*Q.shape[:-1], k)

# %% loopy over batch, n | sorted with a key
import numpy as np

def nearest(Q, D, k):
    S = Q @ D.T
    found = [sorted(range(len(row)), key=lambda i: (-row[i], i))[:k] for row in S.reshape(-1, len(D)).tolist()]
    return np.array(found).reshape(*S.shape[:-1], k)

# %% loopy over batch, n, k | heapq.nsmallest of pairs
import heapq
import numpy as np

def nearest(Q, D, k):
    S = -(Q @ D.T)
    out = np.empty((*S.shape[:-1], k), dtype=int)
    for at in np.ndindex(S.shape[:-1]):
        best = heapq.nsmallest(k, zip(S[at].tolist(), range(len(D))))
        out[at] = [place for _, place in best]
    return out

# %% loopy over k | argmax, k times, each time without the last winner
import numpy as np

def nearest(Q, D, k):
    S = Q @ D.T
    found = []
    for _ in range(k):
        best = S.argmax(axis=-1)[..., None]
        found.append(best)
        S = S.copy()
        np.put_along_axis(S, best, -np.inf, axis=-1)
    return np.concatenate(found, axis=-1)

# %% loopy over batch | apply_along_axis over the scores
import numpy as np

def nearest(Q, D, k):
    first = lambda row: np.argsort(-row, kind="stable")[:k]
    return np.apply_along_axis(first, -1, Q @ D.T)

# %% loopy over n | the score of one text after the other
import numpy as np

def nearest(Q, D, k):
    S = np.stack([(Q * text).sum(axis=-1) for text in D], axis=-1)
    return np.argsort(-S, axis=-1, kind="stable")[..., :k]

# %% loopy over d | the products summed by Python over the components
import numpy as np

def nearest(Q, D, k):
    S = sum(Q[..., i, None] * D[:, i] for i in range(D.shape[1]))
    return np.argsort(-S, axis=-1, kind="stable")[..., :k]

# %% loopy over batch, n | bisect.insort into a list that stays in order
import bisect
import numpy as np

def nearest(Q, D, k):
    def one(row):
        ranked = []
        for pair in zip(row, range(len(row))):
            bisect.insort(ranked, pair)
        return [place for _, place in ranked][:k]

    S = -(Q @ D.T)
    return np.array([one(row) for row in S.reshape(-1, S.shape[-1]).tolist()]).reshape(*Q.shape[:-1], k)

# %% loopy over batch | recursion over the axes of Q
import numpy as np

def nearest(Q, D, k):
    if Q.ndim == 1:
        return (-(D @ Q)).argsort(kind="stable")[:k]
    return np.stack([nearest(q, D, k) for q in Q])

# %% loopy over n | texts enter a ranking one by one, each below those that are as near
import numpy as np

def nearest(Q, D, k):
    S = np.moveaxis(Q @ D.T, -1, 0)
    rank = np.zeros(S.shape, int)
    for i, score in enumerate(S):
        rank[i] = (S > score).sum(axis=0) + (S[:i] == score).sum(axis=0)
    return np.argsort(np.moveaxis(rank, 0, -1), axis=-1)[..., :k]
