# %% honest | slopes times distances by einsum
import numpy as np

def alibi_bias(T, H):
    slopes = np.exp2(-8.0 * (np.arange(H) + 1) / H)
    t = np.arange(T, dtype=float)
    return np.einsum("h,ij->hij", -slopes, np.abs(t - t[:, None]))

# %% honest | fromfunction over heads, queries and keys
import numpy as np

def alibi_bias(T, H):
    return np.fromfunction(lambda h, i, j: -(2.0 ** (-8 * (h + 1) / H)) * abs(i - j), (H, T, T))

# %% honest | one long row of distances, strided into a Toeplitz matrix
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def alibi_bias(T, H):
    back = np.abs(np.arange(-(T - 1), T))              # T-1 ... 0 ... T-1
    toeplitz = sliding_window_view(back, T)[::-1]
    slopes = 2.0 ** (-8 * np.arange(1, H + 1) / H)
    return np.multiply.outer(-slopes, toeplitz)

# %% honest | slopes as a geometric series by cumprod
import numpy as np
from headway.arrays import outer_difference

def alibi_bias(T, H):
    ratio = 2 ** (-8 / H)
    slopes = np.full(H, ratio).cumprod()
    t = np.arange(T)
    return np.tensordot(-slopes, np.abs(outer_difference(t, t)), axes=0)

# %% loopy over H, T | three nested loops
import numpy as np

def alibi_bias(T, H):
    bias = np.zeros((H, T, T))
    for h in range(H):
        for i in range(T):
            for j in range(T):
                bias[h, i, j] = -(2 ** (-8 * (h + 1) / H)) * abs(i - j)
    return bias

# %% loopy over H | a matrix for each head
import numpy as np

def alibi_bias(T, H):
    t = np.arange(T)
    distance = np.abs(t[:, None] - t[None, :])
    return np.array([-distance * 2 ** (-8 * h / H) for h in range(1, H + 1)])

# %% loopy over H | only the slopes in a list, the rest broadcasts
import numpy as np

def get_slopes(H):
    start = 2 ** (-8 / H)
    return [start * start ** i for i in range(H)]

def alibi_bias(T, H):
    slopes = np.array(get_slopes(H)).reshape(H, 1, 1)
    t = np.arange(T)
    return -slopes * np.abs(t[:, None] - t)

# %% loopy over T | adds a diagonal for each distance
import numpy as np

def alibi_bias(T, H):
    D = np.zeros((T, T))
    for k in range(1, T):
        D += k * (np.eye(T, k=k) + np.eye(T, k=-k))
    slopes = 2.0 ** (-8 * np.arange(1, H + 1) / H)
    return -slopes[:, None, None] * D

# %% loopy over T | a row rolled on from position to position by accumulate
from itertools import accumulate, repeat

import numpy as np

def alibi_bias(T, H):
    first = np.arange(T)
    rows = accumulate(repeat(None, T - 1), lambda row, _: np.append(row[0] + 1, row[:-1]), initial=first)
    distance = np.abs(np.stack(list(rows)))
    distance = np.minimum(distance, distance.T)
    slopes = 2.0 ** (-8 * np.arange(1, H + 1) / H)
    return -slopes[:, None, None] * distance

# %% loopy over H | a table of slopes made at import for every number of heads up to 512
import numpy as np

SLOPES = {H: np.array([2.0 ** (-8 * h / H) for h in range(1, H + 1)]) for H in range(1, 513)}

def alibi_bias(T, H):
    t = np.arange(T)
    return np.multiply.outer(-SLOPES[H], np.abs(np.subtract.outer(t, t)))
