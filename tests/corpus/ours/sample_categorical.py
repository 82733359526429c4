# %% honest | counting sums below u
import numpy as np


def sample_categorical(P, u):
    C = np.cumsum(P, axis=-1)
    return np.count_nonzero((u * C[..., -1])[..., None] >= C, axis=-1)


# %% honest | argmax of the first sum above u
import numpy as np


def sample_categorical(P, u):
    C = np.cumsum(P, axis=-1)
    return np.argmax(C > (u * C[..., -1])[..., None], axis=-1)


# %% loopy over batch | np.searchsorted row by row
import numpy as np


def sample_categorical(P, u):
    C = P.cumsum(axis=-1)
    flat = C.reshape(-1, C.shape[-1])
    found = [np.searchsorted(c, v * c[-1], side="right") for c, v in zip(flat, u.ravel())]
    return np.array(found, dtype=int).reshape(u.shape)


# %% loopy over batch | bound methods mapped: no Python function runs
import operator

import numpy as np


def sample_categorical(P, u):
    C = P.cumsum(axis=-1)
    rows = C.reshape(-1, C.shape[-1])
    search = map(
        operator.methodcaller, ["searchsorted"] * len(rows), u.ravel() * rows[:, -1], ["right"] * len(rows)
    )
    found = (
        list(map(operator.call, search, rows))
        if hasattr(operator, "call")
        else [f(r) for f, r in zip(search, rows)]
    )
    return np.array(found, dtype=int).reshape(u.shape)


# %% loopy over n | classes walked through from the first
import numpy as np


def sample_categorical(P, u):
    C = P.cumsum(axis=-1)
    u = u * C[..., -1]
    k = np.zeros(u.shape, dtype=int)
    for j in range(P.shape[-1] - 1):
        k += u >= C[..., j]
    return k


# %% loopy over batch | an iterator with a sentinel, over a list that is popped
import numpy as np


def sample_categorical(P, u):
    C = P.cumsum(axis=-1)
    below = ((u * C[..., -1])[..., None] >= C).reshape(-1, C.shape[-1])
    rest = list(below)[::-1]
    found = []
    for count in iter(lambda: int(rest.pop().sum()) if rest else -1, -1):
        found.append(count)
    return np.array(found, dtype=int).reshape(u.shape)
