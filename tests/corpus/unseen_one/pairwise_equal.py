# %% honest | counts agreeing entries with einsum over expanded axes
import numpy as np

def pairwise_equal(X, Y):
    d = X.shape[-1]
    agree = np.expand_dims(X, -2) == np.expand_dims(Y, -3)
    return np.einsum("...d->...", agree.astype(np.intp)) == d

# %% honest | no difference is anything but 0: logical_and.reduce of not_equal
import numpy as np

def pairwise_equal(X, Y):
    differs = np.not_equal(X[..., :, np.newaxis, :], Y[..., np.newaxis, :, :])
    return ~np.logical_or.reduce(differs, axis=-1)

# %% honest | rows seen as single numbers of a void dtype
import numpy as np

def as_items(X):
    """Each row as one opaque item of d * itemsize bytes."""
    X = np.ascontiguousarray(X)
    item = np.dtype((np.void, X.dtype.itemsize * X.shape[-1]))
    return X.view(item)[..., 0]

def pairwise_equal(X, Y):
    assert X.dtype == Y.dtype and X.shape[-1] == Y.shape[-1]
    a, b = as_items(X), as_items(Y)
    return a[..., :, None] == b[..., None, :]

# %% honest | numbers the entries by unique, then a matrix product of one-hots counts the agreeing ones
import numpy as np
from headway.arrays import one_hot

def pairwise_equal(X, Y):
    d = X.shape[-1]
    values, back = np.unique(np.concatenate([X.ravel(), Y.ravel()]), return_inverse=True)
    ids_X = back[:X.size].reshape(X.shape)
    ids_Y = back[X.size:].reshape(Y.shape)
    hot_X = one_hot(ids_X, len(values)).reshape(*X.shape[:-1], -1)   # (..., m, d v)
    hot_Y = one_hot(ids_Y, len(values)).reshape(*Y.shape[:-1], -1)
    return np.rint(hot_X @ hot_Y.mT) == d

# %% honest | uses outer_difference with the entries put in front
import numpy as np
from headway.arrays import outer_difference

def pairwise_equal(X, Y):
    D = outer_difference(X.mT, Y.mT)        # (..., d, m, n)
    return (D == 0).all(axis=-3)

# %% honest | defensive, with many messages, then max of absolute inequality
import numpy as np

def _check(name, A):
    if not isinstance(A, np.ndarray):
        raise TypeError(f"{name} is a {type(A).__name__}, not an array")
    if A.ndim < 2:
        raise ValueError(f"{name} needs two axes at least, has shape {A.shape}")
    if A.dtype.kind not in "iub":
        raise TypeError(f"{name} holds {A.dtype}, not whole numbers")

def pairwise_equal(X, Y):
    for name, A in (("X", X), ("Y", Y)):
        _check(name, A)
    if X.shape[-1] != Y.shape[-1]:
        raise ValueError(f"rows of {X.shape[-1]} and of {Y.shape[-1]} entries are never equal")
    try:
        np.broadcast_shapes(X.shape[:-2], Y.shape[:-2])
    except ValueError as error:
        raise ValueError(f"batch axes {X.shape[:-2]} and {Y.shape[:-2]}") from error
    return (X[..., :, None, :] != Y[..., None, :, :]).max(axis=-1, initial=False) == False  # noqa: E712

# %% honest | halves the entries until one is left (logarithmic)
import numpy as np

def pairwise_equal(X, Y):
    E = X[..., :, None, :] == Y[..., None, :, :]
    while E.shape[-1] > 1:
        odd = E[..., -1:] if E.shape[-1] % 2 else None
        E = E[..., 0:-1:2] & E[..., 1::2]
        if odd is not None:
            E[..., -1:] &= odd
    return E[..., 0]

# %% loopy over m, n | the two loops of the notebook, array_equal inside
import numpy as np

def pairwise_equal(X, Y):
    batch = np.broadcast_shapes(X.shape[:-2], Y.shape[:-2])
    equal = np.zeros((*batch, X.shape[-2], Y.shape[-2]), dtype=bool)
    for i in range(X.shape[-2]):
        for j in range(Y.shape[-2]):
            equal[..., i, j] = (X[..., i, :] == Y[..., j, :]).all(axis=-1)
    return equal

# %% loopy over batch, m, n, d | loops all the way down
import numpy as np

def pairwise_equal(X, Y):
    batch = np.broadcast_shapes(X.shape[:-2], Y.shape[:-2])
    X = np.broadcast_to(X, batch + X.shape[-2:])
    Y = np.broadcast_to(Y, batch + Y.shape[-2:])
    m, n, d = X.shape[-2], Y.shape[-2], X.shape[-1]
    result = np.zeros(batch + (m, n), dtype=bool)
    for b in np.ndindex(batch):
        for i in range(m):
            for j in range(n):
                equal = True
                for k in range(d):
                    if X[b][i, k] != Y[b][j, k]:
                        equal = False
                        break
                result[b][i, j] = equal
    return result

# %% loopy over d | ands one entry after the other
import numpy as np

def pairwise_equal(X, Y):
    equal = X[..., :, None, 0] == Y[..., None, :, 0]
    for k in range(1, X.shape[-1]):
        equal &= X[..., :, None, k] == Y[..., None, :, k]
    return equal

# %% loopy over d | functools.reduce of logical_and over moved axes
import functools

import numpy as np

def pairwise_equal(X, Y):
    planes = np.moveaxis(X[..., :, None, :] == Y[..., None, :, :], -1, 0)
    return functools.reduce(np.logical_and, planes)

# %% loopy over m | rows of X in a comprehension
import numpy as np

def pairwise_equal(X, Y):
    return np.stack([(X[..., [i], :] == Y).all(-1) for i in range(X.shape[-2])], axis=-2)

# %% loopy over d | reduce with operator.and_ over a generator of planes
import functools
import operator

import numpy as np

def pairwise_equal(X, Y):
    pairs = zip(np.moveaxis(X, -1, 0)[..., None], np.moveaxis(Y, -1, 0)[..., None, :])
    return functools.reduce(operator.and_, (a == b for a, b in pairs))

# %% loopy over batch, m, n, d | every row a tuple in an object array, compared by Python
import numpy as np

def as_tuples(X):
    flat = X.reshape(-1, X.shape[-1]).tolist()
    out = np.empty(len(flat), dtype=object)
    for i, row in enumerate(flat):
        out[i] = tuple(row)
    return out.reshape(X.shape[:-1])

def pairwise_equal(X, Y):
    return as_tuples(X)[..., :, None] == as_tuples(Y)[..., None, :]

# %% loopy over batch, m, n, d | numbers the distinct rows by a dict
import numpy as np

def pairwise_equal(X, Y):
    number = {}
    def ids(A):
        rows = map(tuple, A.reshape(-1, A.shape[-1]).tolist())
        return np.array([number.setdefault(row, len(number)) for row in rows]).reshape(A.shape[:-1])
    return ids(X)[..., None] == ids(Y)[..., None, :]

# %% loopy over m | blocks of 8 rows, so the big array never exists
import numpy as np

def pairwise_equal(X, Y, block=8):
    m = X.shape[-2]
    parts = []
    start = 0
    while start < m:
        chunk = X[..., start:start + block, None, :]
        parts.append(np.all(chunk == Y[..., None, :, :], axis=-1))
        start += block
    return np.concatenate(parts, axis=-2)

# %% loopy over batch, m, n | np.vectorize with a signature for rows
import numpy as np

same = np.vectorize(np.array_equal, signature="(d),(d)->()", otypes=[bool])

def pairwise_equal(X, Y):
    return same(X[..., :, None, :], Y[..., None, :, :])

# %% loopy over d | recursion over the last axis, entry for entry
import numpy as np

def pairwise_equal(X, Y):
    head = X[..., :, None, 0] == Y[..., None, :, 0]
    if X.shape[-1] == 1:
        return head
    return head & pairwise_equal(X[..., 1:], Y[..., 1:])

# %% loopy over m | broadcast while small, a row at a time when the comparison would be large
import numpy as np

def pairwise_equal(X, Y):
    m, n, d = X.shape[-2], Y.shape[-2], X.shape[-1]
    if m * n * d <= 1000:
        return (X[..., :, None, :] == Y[..., None, :, :]).all(axis=-1)
    rows = [np.all(X[..., i:i + 1, :] == Y, axis=-1) for i in range(m)]
    return np.stack(rows, axis=-2)
