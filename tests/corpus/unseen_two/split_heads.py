# %% honest | reshape and swapaxes
import numpy as np

def split_heads(X, H):
    *batch, T, d = X.shape
    return X.reshape(*batch, T, H, d // H).swapaxes(-3, -2)

# %% honest | moveaxis
import numpy as np

def split_heads(X, H):
    if X.shape[-1] % H:
        raise ValueError("H does not divide d")
    X = X.reshape(X.shape[:-1] + (H, X.shape[-1] // H))
    return np.moveaxis(X, -2, -3)

# %% honest | einsum as a transpose
import numpy as np

def split_heads(X, H):
    shape = X.shape[:-1] + (H, -1)
    return np.einsum("...thi->...hti", X.reshape(shape))

# %% honest | a transpose whose permutation is computed from the number of axes
import numpy as np

def split_heads(X, H):
    Y = X.reshape(*X.shape[:-1], H, -1)
    axes = list(range(Y.ndim))
    axes[-3], axes[-2] = axes[-2], axes[-3]
    return Y.transpose(axes)

# %% honest | takes columns with an index array
import numpy as np

def split_heads(X, H):
    d = X.shape[-1]
    columns = np.arange(d).reshape(H, 1, d // H)               # (H, 1, dh)
    rows = np.arange(X.shape[-2])[:, None]                     # (T, 1)
    return X[..., rows, columns]                               # (..., H, T, dh)

# %% honest | as_strided on a contiguous copy
import numpy as np
from numpy.lib.stride_tricks import as_strided

def split_heads(X, H):
    if X.shape[-1] % H != 0:
        raise ValueError("H must divide d")
    X = np.ascontiguousarray(X)
    *batch, T, d = X.shape
    *outer, row, one = X.strides
    dh = d // H
    return as_strided(X, (*batch, H, T, dh), (*outer, dh * one, row, one), writeable=False)

# %% loopy over H | np.split and np.stack
import numpy as np

def split_heads(X, H):
    return np.stack(np.split(X, H, axis=-1), axis=-3)

# %% loopy over H | slices in a for
import numpy as np

def split_heads(X, H):
    if X.shape[-1] % H != 0:
        raise ValueError("H must divide d")
    dh = X.shape[-1] // H
    heads = []
    for h in range(H):
        heads.append(X[..., h * dh:(h + 1) * dh])
    return np.stack(heads, axis=-3)

# %% loopy over H | fills an array head by head
import numpy as np

def split_heads(X, H):
    if X.shape[-1] % H != 0:
        raise ValueError("H must divide d")
    *batch, T, d = X.shape
    out = np.empty((*batch, H, T, d // H), dtype=X.dtype)
    for h in range(H):
        out[..., h, :, :] = X[..., :, h * (d // H):(h + 1) * (d // H)]
    return out

# %% loopy over H, T | a loop over heads and positions
import numpy as np

def split_heads(X, H):
    if X.shape[-1] % H != 0:
        raise ValueError("H must divide d")
    T, d = X.shape[-2:]
    dh = d // H
    out = np.zeros(X.shape[:-2] + (H, T, dh), X.dtype)
    for h in range(H):
        for t in range(T):
            out[..., h, t, :] = X[..., t, h * dh : h * dh + dh]
    return out

# %% loopy over batch | recursion over the batch axes
import numpy as np

def split_heads(X, H):
    if X.ndim > 2:
        return np.stack([split_heads(x, H) for x in X])
    T, d = X.shape
    return X.reshape(T, H, d // H).transpose(1, 0, 2)

# %% loopy over H | np.array of array_split, then moved
import numpy as np

def split_heads(X, H):
    if X.shape[-1] % H:
        raise ValueError
    return np.moveaxis(np.array(np.array_split(X, H, axis=-1)), 0, -3)

# %% loopy over dh | each component of a head by a strided slice
import numpy as np

def split_heads(X, H):
    if X.shape[-1] % H != 0:
        raise ValueError("H must divide d")
    dh = X.shape[-1] // H
    parts = [X[..., i::dh].swapaxes(-1, -2) for i in range(dh)]      # (..., H, T) each
    return np.stack(parts, axis=-1)

# %% loopy over H | map of an itemgetter made of slices
from operator import itemgetter
import numpy as np

def split_heads(X, H):
    if X.shape[-1] % H != 0:
        raise ValueError("H must divide d")
    dh = X.shape[-1] // H
    last_first = np.moveaxis(X, -1, 0)
    cuts = tuple(slice(a, a + dh) for a in range(0, H * dh, dh))
    heads = itemgetter(*cuts, slice(0))(last_first)[:-1]        # always a tuple
    return np.moveaxis(np.array(heads), (0, 1), (-3, -1))

# %% loopy over T | dictionary of positions
import numpy as np

def split_heads(X, H):
    rows = {t: X[..., t, :].reshape(*X.shape[:-2], H, -1) for t in range(X.shape[-2])}
    return np.stack([*rows.values()], axis=-2)

# %% loopy over H | a class with a length and items, iterated over by tuple
import numpy as np


class Heads:
    def __init__(self, X, H):
        self.X, self.H, self.dh = X, H, X.shape[-1] // H

    def __len__(self):
        return self.H

    def __getitem__(self, h):
        if not 0 <= h < self.H:
            raise IndexError(h)
        return self.X[..., h * self.dh:(h + 1) * self.dh]


def split_heads(X, H):
    if X.shape[-1] % H != 0:
        raise ValueError("H must divide d")
    return np.stack(tuple(Heads(X, H)), axis=-3)

# %% honest | loops over the sizes of the shape, in a verbose manner
import numpy as np

def split_heads(X, H):
    width = X.shape[-1]
    if width % H:
        raise ValueError(f"{H} heads do not divide the width {width}")
    new_shape = []
    for size in X.shape[:-1]:
        new_shape.append(size)
    new_shape.extend((H, width // H))
    with_heads = X.reshape(new_shape)
    permutation = [*range(X.ndim - 2), X.ndim - 1, X.ndim - 2, X.ndim]
    return with_heads.transpose(permutation)

# %% honest | Fortran-like: transposes everything twice
import numpy as np

def split_heads(X, H):
    Y = np.moveaxis(X, -1, 0)                                 # (d, ..., T)
    Y = Y.reshape((H, X.shape[-1] // H) + Y.shape[1:])        # (H, dh, ..., T)
    return np.moveaxis(Y, (0, 1), (-3, -1))

# %% loopy over H | a beginner's zeros and a for, for two or three axes in one
import numpy as np

def split_heads(X, H):
    if X.shape[-1] % H != 0:
        raise ValueError("H must divide d")
    shape = X.shape
    X = X.reshape(-1, shape[-2], shape[-1])
    size = shape[-1] // H
    result = np.zeros((X.shape[0], H, shape[-2], size), dtype=X.dtype)
    for head in range(H):
        begin = head * size
        result[:, head] = X[:, :, begin:begin + size]
    return result.reshape(shape[:-2] + (H, shape[-2], size))

# %% loopy over T, batch | every row reshaped by apply_along_axis
import numpy as np

def split_heads(X, H):
    return np.apply_along_axis(np.reshape, -1, X, (H, X.shape[-1] // H)).swapaxes(-2, -3)
