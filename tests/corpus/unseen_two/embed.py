# %% honest | np.take along the first axis
import numpy as np

def embed(ids, W_E):
    return np.take(W_E, ids, axis=0)

# %% honest | fancy indexing with an ellipsis
def embed(ids, W_E):
    return W_E[ids, ...]

# %% honest | one-hot rows times the matrix
import numpy as np

def embed(ids, W_E):
    V = W_E.shape[0]
    onehot = (ids[..., None] == np.arange(V)).astype(W_E.dtype)
    return onehot @ W_E

# %% honest | flattens, gathers, and reshapes, with checks
import numpy as np

def embed(ids, W_E):
    if not np.issubdtype(ids.dtype, np.integer):
        raise TypeError(f"ids must be integers, not {ids.dtype}")
    V, d = W_E.shape
    if ids.size and not (0 <= ids.min() and ids.max() < V):
        raise IndexError("an id is not in the vocabulary")
    shape = tuple(int(n) for n in ids.shape)
    flat = ids.reshape(-1)
    return W_E[flat].reshape(shape + (d,))

# %% honest | a torch-like module
import numpy as np


class Embedding:
    def __init__(self, weight):
        self.weight = weight
        self.num_embeddings, self.embedding_dim = weight.shape

    def __call__(self, index):
        return self.forward(index)

    def forward(self, index):
        columns = np.arange(self.embedding_dim)
        return self.weight[index[..., np.newaxis], columns]


def embed(ids, W_E):
    return Embedding(W_E)(ids)

# %% honest | take_along_axis with an axis of size 1
import numpy as np

def embed(ids, W_E):
    index = np.broadcast_to(ids.reshape(-1, 1), (ids.size, W_E.shape[1]))
    return np.take_along_axis(W_E, index, axis=0).reshape(*ids.shape, -1)

# %% loopy over batch | a list comprehension over the flat ids
import numpy as np

def embed(ids, W_E):
    rows = [W_E[i] for i in ids.ravel()]
    return np.array(rows).reshape(*ids.shape, W_E.shape[1])

# %% loopy over batch | ndindex and an array that is filled
import numpy as np

def embed(ids, W_E):
    out = np.zeros(ids.shape + (W_E.shape[1],), dtype=W_E.dtype)
    for where in np.ndindex(*ids.shape):
        out[where] = W_E[ids[where]]
    return out

# %% loopy over batch | recursion along the axes
import numpy as np

def embed(ids, W_E):
    if ids.ndim == 0:
        return W_E[int(ids)]
    return np.stack([embed(row, W_E) for row in ids])

# %% loopy over d | one column of the table after the other
import numpy as np

def embed(ids, W_E):
    d = W_E.shape[1]
    out = np.empty((*ids.shape, d), W_E.dtype)
    for j in range(d):
        column = W_E[:, j]
        out[..., j] = column[ids]
    return out

# %% loopy over V | a boolean mask for each token of the vocabulary
import numpy as np

def embed(ids, W_E):
    result = np.zeros((*ids.shape, W_E.shape[1]), dtype=W_E.dtype)
    for token, vector in enumerate(W_E):
        result[ids == token] = vector
    return result

# %% loopy over batch | vectorize with a signature
import numpy as np

def embed(ids, W_E):
    look_up = np.vectorize(lambda i: W_E[i], signature="()->(d)", otypes=[W_E.dtype])
    return look_up(ids)

# %% loopy over batch, V | operator.itemgetter on a list of rows
from operator import itemgetter
import numpy as np

def embed(ids, W_E):
    rows = W_E.tolist()
    picked = itemgetter(0, *ids.reshape(-1).tolist())(rows)
    return np.array(picked[1:], dtype=W_E.dtype).reshape(ids.shape + W_E.shape[1:])

# %% loopy over V | a sum over the vocabulary by reduce
from functools import reduce
import numpy as np

def embed(ids, W_E):
    def add(total, item):
        token, vector = item
        return total + (ids == token)[..., None] * vector
    zero = np.zeros((*ids.shape, W_E.shape[1]), W_E.dtype)
    return reduce(add, enumerate(W_E), zero)

# %% loopy over V | np.select with a condition for each token
import numpy as np

def embed(ids, W_E):
    picked = np.select([ids[..., None] == v for v in range(len(W_E))], list(W_E))
    return picked.astype(W_E.dtype)

# %% loopy over batch | apply_along_axis on an axis of size 1
import numpy as np

def embed(ids, W_E):
    return np.apply_along_axis(lambda one: W_E[one[0]], -1, ids[..., None])

# %% loopy over batch | a frozen dataclass whose __iter__ yields the rows
from dataclasses import dataclass
import numpy as np


@dataclass(frozen=True)
class Lookup:
    ids: np.ndarray
    table: np.ndarray

    def __iter__(self):
        yield from map(lambda i: self.table[i], self.ids.flat)

    def array(self):
        return np.concatenate([*self]).reshape(*self.ids.shape, self.table.shape[1])


def embed(ids, W_E):
    return Lookup(ids, W_E).array()

# %% honest | einsum with a one-hot array made by putting ones
import numpy as np

def embed(ids, W_E):
    V = len(W_E)
    onehot = np.zeros((ids.size, V), dtype=W_E.dtype)
    onehot[np.arange(ids.size), ids.ravel()] = 1
    return np.einsum("nv,vd->nd", onehot, W_E).reshape(ids.shape + (-1,))

# %% honest | embeds every distinct id once and spreads the result
import numpy as np

def embed(ids, W_E):
    kinds, place = np.unique(ids, return_inverse=True)
    vectors = W_E[kinds]
    return vectors[place.reshape(ids.shape)]

# %% honest | a lookup in the flat table by computed addresses, like C
import numpy as np

def embed(ids, W_E):
    d = W_E.shape[1]
    address = np.multiply(ids, d)[..., None] + np.arange(d)
    return np.ascontiguousarray(W_E).ravel().take(address)

# %% loopy over batch, V | a dict as the vocabulary
import numpy as np

def embed(ids, W_E):
    vocabulary = dict(enumerate(W_E))
    out = []
    for i in ids.flatten().tolist():
        out.append(vocabulary[i])
    return np.array(out).reshape(ids.shape + (-1,))

# %% loopy over batch | a memo of rows and a generator, joined by vstack
from functools import cache
import numpy as np

def embed(ids, W_E):
    row = cache(lambda i: W_E[i])
    return np.vstack(tuple(row(i) for i in ids.flat)).reshape(*ids.shape, W_E.shape[1])

# %% loopy over batch, V | bytes of the rows, joined
import numpy as np

def embed(ids, W_E):
    rows = [row.tobytes() for row in W_E]
    raw = b"".join(map(lambda i: rows[i], ids.reshape(-1).tolist()))
    return np.frombuffer(raw, W_E.dtype).reshape(ids.shape + W_E.shape[1:])

# %% loopy over V | iter with a sentinel counts through the vocabulary
from functools import partial
from itertools import count
import numpy as np

def embed(ids, W_E):
    out = np.zeros(ids.shape + W_E.shape[1:], W_E.dtype)
    for v in iter(partial(next, count()), len(W_E)):
        np.copyto(out, W_E[v], where=(ids == v)[..., None])
    return out
