# %% honest | swapaxes and reshape
import numpy as np

def merge_heads(X):
    *batch, H, T, dh = X.shape
    return X.swapaxes(-3, -2).reshape(*batch, T, H * dh)

# %% honest | moveaxis, then the last two axes flattened
import numpy as np

def merge_heads(X):
    Y = np.moveaxis(X, -3, -2)
    return Y.reshape(Y.shape[:-2] + (Y.shape[-2] * Y.shape[-1],))

# %% honest | writes into a view of the result
import numpy as np

def merge_heads(X):
    *batch, H, T, dh = X.shape
    out = np.empty((*batch, T, H * dh), X.dtype)
    view = out.reshape(*batch, T, H, dh)
    view[...] = np.einsum("...htd->...thd", X)
    return out

# %% honest | a gather at head c // dh and component c % dh
import numpy as np

def merge_heads(X):
    H, T, dh = X.shape[-3:]
    c = np.arange(H * dh)
    t = np.arange(T)[:, None]
    return X[..., c // dh, t, c % dh]

# %% honest | loops over the axes to build the permutation
import numpy as np

def merge_heads(X):
    order = []
    for axis in range(X.ndim - 3):
        order.append(axis)
    order += [X.ndim - 2, X.ndim - 3, X.ndim - 1]
    Y = np.transpose(X, order)
    new_shape = [size for size in Y.shape[:-2]] + [-1]
    return Y.reshape(new_shape)

# %% loopy over H | concatenates the heads of a list
import numpy as np

def merge_heads(X):
    H = X.shape[-3]
    return np.concatenate([X[..., h, :, :] for h in range(H)], axis=-1)

# %% loopy over H | a for with +=
import numpy as np

def merge_heads(X):
    *batch, H, T, dh = X.shape
    out = np.zeros((*batch, T, H * dh), dtype=X.dtype)
    start = 0
    for h in range(H):
        out[..., start:start + dh] = X[..., h, :, :]
        start += dh
    return out

# %% loopy over H | concatenate iterates over the first axis itself
import numpy as np

def merge_heads(X):
    return np.concatenate(np.moveaxis(X, -3, 0), axis=-1)

# %% loopy over H | unpacks the heads into np.block
import numpy as np

def merge_heads(X):
    return np.block([*np.moveaxis(X, -3, 0)])

# %% loopy over H | functools.reduce appends one head after the other
from functools import reduce
import numpy as np

def merge_heads(X):
    heads = np.rollaxis(X, X.ndim - 3)
    return reduce(lambda left, right: np.append(left, right, axis=-1), heads)

# %% loopy over batch | one text at a time
import numpy as np

def merge_heads(X):
    H, T, dh = X.shape[-3:]
    flat = X.reshape(-1, H, T, dh)
    texts = [x.transpose(1, 0, 2).reshape(T, H * dh) for x in flat]
    return np.array(texts).reshape(*X.shape[:-3], T, H * dh)

# %% loopy over T | position by position
import numpy as np

def merge_heads(X):
    *batch, H, T, dh = X.shape
    rows = [X[..., t, :].reshape(*batch, H * dh) for t in range(T)]
    return np.stack(rows, axis=-2)

# %% loopy over batch, H | hstack of the heads inside a recursion
import numpy as np

def merge_heads(X):
    if X.ndim == 3:
        return np.hstack(tuple(X))
    return np.array(list(map(merge_heads, X)))

# %% loopy over H, dh | columns collected by a generator
import numpy as np

def merge_heads(X):
    def columns():
        for h in range(X.shape[-3]):
            for i in range(X.shape[-1]):
                yield X[..., h, :, i]
    return np.stack(list(columns()), axis=-1)

# %% honest | rollaxis and a shape from a generator over the axes
import numpy as np

def merge_heads(X):
    H, T, dh = (X.shape[a] for a in (-3, -2, -1))
    batch = tuple(n for n in X.shape[:-3])
    rolled = np.rollaxis(X, X.ndim - 2, X.ndim - 3)       # T before H
    return rolled.reshape(batch + (T, H * dh))

# %% honest | a matrix product with a selection matrix
import numpy as np

def merge_heads(X):
    *batch, H, T, dh = X.shape
    place = np.eye(H * dh, dtype=X.dtype).reshape(H, dh, H * dh)
    return np.einsum("...hti,hid->...td", X, place)

# %% honest | the inverse of a transposed view, filled by copyto
import numpy as np

def merge_heads(X):
    *b, H, T, dh = X.shape
    Y = np.empty((*b, T, H, dh), dtype=X.dtype)
    np.copyto(Y.swapaxes(-2, -3), X)
    Y.shape = (*b, T, H * dh)
    return Y

# %% loopy over H | starts with the first head and concatenates the others
import numpy as np

def merge_heads(X):
    result = X[..., 0, :, :]
    for h in range(1, X.shape[-3]):
        result = np.concatenate((result, X[..., h, :, :]), axis=-1)
    return result

# %% loopy over H, T | rows that are built head by head
import numpy as np

def merge_heads(X):
    *batch, H, T, dh = X.shape
    out = np.empty((*batch, T, H * dh), X.dtype)
    for t in range(T):
        for h in range(H):
            out[..., t, h * dh:(h + 1) * dh] = X[..., h, t, :]
    return out
