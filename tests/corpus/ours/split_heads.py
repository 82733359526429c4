# %% honest | reshape and swap
import numpy as np


def split_heads(X, H):
    *batch, T, d = X.shape
    return X.reshape(*batch, T, H, d // H).swapaxes(-2, -3)


# %% honest | einsum with names of axes
import numpy as np


def split_heads(X, H):
    return np.einsum("...thd->...htd", X.reshape(*X.shape[:-1], H, X.shape[-1] // H))


# %% honest | fancy indexing by a grid of columns
import numpy as np


def split_heads(X, H):
    columns = np.arange(X.shape[-1]).reshape(H, -1)
    return np.moveaxis(X[..., columns], -2, -3)


# %% honest | transposed by a list of axes
import numpy as np


def split_heads(X, H):
    Y = X.reshape(X.shape[:-1] + (H, X.shape[-1] // H))
    axes = list(range(Y.ndim))
    axes[-2], axes[-3] = axes[-3], axes[-2]
    return Y.transpose(axes)


# %% loopy over H | slices stacked
import numpy as np


def split_heads(X, H):
    d = X.shape[-1] // H
    return np.stack([X[..., h * d : (h + 1) * d] for h in range(H)], axis=-3)


# %% loopy over H | numpy splits, numpy stacks
import numpy as np


def split_heads(X, H):
    return np.stack(np.split(X, H, axis=-1), axis=-3)


# %% loopy over H | a dict of heads
import numpy as np


def split_heads(X, H):
    heads = {}
    for h, part in enumerate(np.array_split(X, H, axis=-1)):
        heads[h] = part
    return np.stack(tuple(heads.values()), axis=-3)


# %% loopy over H | take mapped over ranges
import functools

import numpy as np


def split_heads(X, H):
    columns = np.arange(X.shape[-1]).reshape(H, -1)
    return np.stack([*map(functools.partial(np.take, X, axis=-1), columns)], axis=-3)


# %% loopy over T | every position reshaped on its own
import numpy as np


def split_heads(X, H):
    rows = [x.reshape(*x.shape[:-1], H, -1) for x in np.moveaxis(X, -2, 0)]
    return np.moveaxis(np.array(rows), 0, -2)
