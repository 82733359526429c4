# %% honest | moveaxis, then reshape with all sizes named
import numpy as np

def merge_heads(X):
    *batch, H, T, dh = X.shape
    return np.moveaxis(X, -3, -2).reshape(*batch, T, H * dh)

# %% honest | einsum for the transposition
import numpy as np

def merge_heads(X):
    Y = np.einsum("...htd->...thd", X)
    return Y.reshape(Y.shape[:-2] + (Y.shape[-2] * Y.shape[-1],))

# %% honest | an index for each column of the result
import numpy as np

def merge_heads(X):
    H, T, dh = X.shape[-3:]
    column = np.arange(H * dh)
    h, k = np.divmod(column, dh)
    t = np.arange(T)[:, None]
    return X[..., h, t, k]

# %% honest | a permutation of axes worked out by a loop over the axes
import numpy as np

def merge_heads(X):
    order = []
    for axis in range(X.ndim):
        order.append(axis)
    order[-3], order[-2] = order[-2], order[-3]
    Y = np.transpose(X, order)
    shape = [size for axis, size in enumerate(Y.shape) if axis < Y.ndim - 2]
    return np.reshape(Y, shape + [-1])

# %% loopy over H | concatenates a list of heads
import numpy as np

def merge_heads(X):
    heads = [X[..., h, :, :] for h in range(X.shape[-3])]
    return np.concatenate(heads, axis=-1)

# %% loopy over H | no for to be seen: concatenate takes the array itself as a sequence of heads
import numpy as np

def merge_heads(X):
    return np.concatenate(np.moveaxis(X, -3, 0), axis=-1)

# %% loopy over H | fills slices of the result
import numpy as np

def merge_heads(X):
    H, T, dh = X.shape[-3:]
    out = np.empty((*X.shape[:-3], T, H * dh), X.dtype)
    for h in range(H):
        out[..., h * dh:(h + 1) * dh] = X[..., h, :, :]
    return out

# %% loopy over T | np.stack of a ravel for each position
import numpy as np

def merge_heads(X):
    return np.stack([X[..., t, :].reshape(*X.shape[:-3], -1) for t in range(X.shape[-2])], axis=-2)

# %% loopy over H | functools.reduce with append
from functools import partial, reduce

import numpy as np

def merge_heads(X):
    return reduce(partial(np.append, axis=-1), np.unstack(X, axis=-3)).copy()

# %% loopy over batch, H | np.block of nested lists
import numpy as np

def merge_heads(X):
    if X.ndim > 3:
        return np.stack([merge_heads(x) for x in X])
    return np.block(list(X))
