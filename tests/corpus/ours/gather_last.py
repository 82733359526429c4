# %% honest | take_along_axis
import numpy as np


def gather_last(A, index):
    return np.take_along_axis(A, np.expand_dims(index, -1), axis=-1).squeeze(-1)


# %% honest | flat places
import numpy as np


def gather_last(A, index):
    rows = np.arange(index.size) * A.shape[-1]
    places = np.where(index < 0, index + A.shape[-1], index).ravel()
    return A.ravel()[rows + places].reshape(index.shape)


# %% honest | a grid of the batch axes
import numpy as np


def gather_last(A, index):
    return A[(*np.indices(index.shape, sparse=True), index)]


# %% loopy over batch | zip of rows and places
import numpy as np


def gather_last(A, index):
    rows = A.reshape(-1, A.shape[-1])
    return np.array([row[k] for row, k in zip(rows, index.ravel())], dtype=A.dtype).reshape(index.shape)


# %% loopy over batch | np.ndindex
import numpy as np


def gather_last(A, index):
    out = np.empty(index.shape, dtype=A.dtype)
    for place in np.ndindex(*index.shape):
        out[place] = A[place][index[place]]
    return out


# %% loopy over batch | map of ndarray.item
import numpy as np


def gather_last(A, index):
    rows = A.reshape(-1, A.shape[-1])
    return np.array(list(map(np.ndarray.item, rows, index.ravel().tolist())), dtype=A.dtype).reshape(
        index.shape
    )


# %% loopy over batch | np.choose over a list of columns, the list made by hand
import numpy as np


def gather_last(A, index):
    places = np.where(index < 0, index + A.shape[-1], index)
    rows = list(A.reshape(-1, A.shape[-1]))
    picked = np.fromiter(map(lambda row, k: row[k], rows, places.ravel()), dtype=A.dtype, count=index.size)
    return picked.reshape(index.shape)
