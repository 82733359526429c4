# %% honest | a comparison
import numpy as np


def one_hot(ids, n):
    return np.equal(np.expand_dims(ids, -1), np.arange(n)).astype(np.float64)


# %% honest | rows of the identity, one more for what is no class
import numpy as np


def one_hot(ids, n):
    valid = (ids >= 0) & (ids < n)
    table = np.concatenate([np.eye(n), np.zeros((1, n))])
    return table[np.where(valid, ids, n)]


# %% honest | scattered with put_along_axis into one column more
import numpy as np


def one_hot(ids, n):
    out = np.zeros((*ids.shape, n + 1))
    place = np.where((ids >= 0) & (ids < n), ids, n)
    np.put_along_axis(out, place[..., None], 1.0, axis=-1)
    return np.ascontiguousarray(out[..., :n])


# %% loopy over batch | an index for each
import numpy as np


def one_hot(ids, n):
    flat = ids.ravel()
    out = np.zeros((flat.size, n))
    for i, k in enumerate(flat):
        if 0 <= k < n:
            out[i, k] = 1
    return out.reshape(*ids.shape, n)


# %% loopy over n | a column for each class
import numpy as np


def one_hot(ids, n):
    return np.stack([(ids == k).astype(float) for k in range(n)], axis=-1)


# %% loopy over n | np.select over a list of conditions
import numpy as np


def one_hot(ids, n):
    rows = list(np.eye(n))
    conditions = list((ids == np.arange(n).reshape(n, *[1] * ids.ndim))[..., None])
    return np.select(conditions, rows, default=0.0) + np.zeros((*ids.shape, n))


# %% loopy over batch | a dict of rows, looked up by map
import numpy as np


def one_hot(ids, n):
    rows = dict(enumerate(np.eye(n)))
    nothing = np.zeros(n)
    found = [*map(lambda k: rows.get(k, nothing), ids.ravel().tolist())]
    return np.array(found).reshape(*ids.shape, n)


# %% loopy over batch | operator.itemgetter with every index
import operator

import numpy as np


def one_hot(ids, n):
    table = np.concatenate([np.eye(n), np.zeros((1, n))])
    place = np.where((ids >= 0) & (ids < n), ids, n).ravel().tolist()
    rows = operator.itemgetter(*place)(list(table))
    return np.array(rows).reshape(*ids.shape, n)
