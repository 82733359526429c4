# %% honest | matmul
import numpy as np

def unembed(X, W_U):
    return np.matmul(X, W_U)

# %% honest | einsum with an ellipsis
import numpy as np

def unembed(X, W_U):
    return np.einsum("...d,dv->...v", X, W_U)

# %% honest | a broadcast product and a sum
import numpy as np

def unembed(X, W_U):
    products = X[..., :, None] * W_U      # (..., d, V)
    return products.sum(axis=-2)

# %% honest | tensordot over the last and the first axis, with a check
import numpy as np

def unembed(X, W_U):
    assert X.shape[-1] == W_U.shape[0], "the widths differ"
    return np.tensordot(X, W_U, axes=1)

# %% honest | all rows as one matrix, and back to the old shape
import math
import numpy as np

def unembed(X, W_U):
    *batch, d = X.shape
    rows = math.prod(batch)
    flat = X.reshape(rows, d)
    scores = np.dot(flat, W_U)
    return scores.reshape([*batch, W_U.shape[1]])

# %% honest | vecdot of all vectors with all columns
import numpy as np

def unembed(X, W_U):
    return np.vecdot(X[..., None, :], W_U.T, axis=-1)

# %% loopy over batch, V | dot products one by one
import numpy as np

def unembed(X, W_U):
    d, V = W_U.shape
    flat = X.reshape(-1, d)
    S = np.zeros((len(flat), V), dtype=X.dtype)
    for t in range(len(flat)):
        for v in range(V):
            S[t, v] = np.dot(flat[t], W_U[:, v])
    return S.reshape(*X.shape[:-1], V)

# %% loopy over batch, V, d | three loops as in C
import numpy as np

def unembed(X, W_U):
    d, V = W_U.shape
    A = X.reshape(-1, d)
    C = np.zeros((A.shape[0], V), X.dtype)
    for i in range(A.shape[0]):
        for j in range(V):
            acc = 0.0
            for k in range(d):
                acc += float(A[i, k]) * float(W_U[k, j])
            C[i, j] = acc
    return C.reshape(X.shape[:-1] + (V,))

# %% loopy over V | a column of scores for each token
import numpy as np

def unembed(X, W_U):
    return np.stack([X @ column for column in W_U.T], axis=-1)

# %% loopy over d | sum() over rank-one terms
import numpy as np

def unembed(X, W_U):
    d = X.shape[-1]
    return sum(X[..., k, None] * W_U[k] for k in range(d))

# %% loopy over batch | map over the rows
import numpy as np

def unembed(X, W_U):
    rows = X.reshape(-1, X.shape[-1])
    return np.array(list(map(W_U.T.dot, rows))).reshape(*X.shape[:-1], -1)

# %% loopy over d | an object array of rows of W_U, as coefficients of a dot product
import numpy as np

def unembed(X, W_U):
    d, V = W_U.shape
    rows = np.empty(d, dtype=object)
    rows[:] = list(W_U)
    cols = np.empty(d, dtype=object)
    cols[:] = [x[..., None] for x in np.moveaxis(X, -1, 0)]
    return np.dot(cols, rows).astype(X.dtype).reshape(*X.shape[:-1], V)

# %% loopy over V | apply_along_axis over the columns
import numpy as np

def unembed(X, W_U):
    S = np.apply_along_axis(lambda w: X @ w, 0, W_U)     # (..., V)
    return S

# %% loopy over batch, V | vectorize with a signature
import numpy as np

score = np.vectorize(np.dot, signature="(d),(d)->()", otypes=None)

def unembed(X, W_U):
    return score(X[..., None, :], W_U.T).astype(X.dtype)

# %% loopy over batch | recursion until a vector is left
import numpy as np

def unembed(X, W_U):
    if X.ndim == 1:
        return X @ W_U
    return np.stack(tuple(unembed(x, W_U) for x in X))

# %% loopy over d | functools.reduce over zip of columns and rows
import operator
from functools import reduce
import numpy as np

def unembed(X, W_U):
    cols = np.rollaxis(X, X.ndim - 1)
    return reduce(operator.add, map(np.multiply.outer, cols, W_U))

# %% honest | the operator in both orders, transposed
import numpy as np

def unembed(X, W_U):
    """(W^T x^T)^T, because I learned it with columns."""
    if X.ndim == 1:
        return W_U.T @ X
    return (W_U.T @ X.swapaxes(-1, -2)).swapaxes(-1, -2)

# %% honest | functools.reduce over two matrices
from functools import reduce
import operator

def unembed(X, W_U):
    return reduce(operator.matmul, (X, W_U))

# %% honest | np.inner with the transposed matrix
import numpy as np

def unembed(X, W_U):
    return np.inner(X, W_U.T)

# %% loopy over batch | a for over the rows of a flat array
import numpy as np

def unembed(X, W_U):
    flat = X.reshape(-1, X.shape[-1])
    scores = []
    for x in flat:
        scores.append(x @ W_U)
    return np.array(scores).reshape(X.shape[:-1] + (W_U.shape[1],))

# %% loopy over batch, V, d | matmul of object arrays
import numpy as np

def unembed(X, W_U):
    return np.asarray(X.astype(object) @ W_U.astype(object)).astype(X.dtype)

# %% loopy over batch, V, d | sum of products in lists, zip of rows and columns
import numpy as np

def unembed(X, W_U):
    columns = list(zip(*W_U.tolist()))
    rows = X.reshape(-1, X.shape[-1]).tolist()
    scores = [[sum(a * b for a, b in zip(row, column)) for column in columns] for row in rows]
    return np.array(scores, dtype=X.dtype).reshape(*X.shape[:-1], len(columns))
