# %% honest | slopes times distances by broadcasting
import numpy as np

def alibi_bias(T, H):
    h = np.arange(1, H + 1)
    slope = 2 ** (-8 * h / H)
    i, j = np.arange(T)[:, None], np.arange(T)[None, :]
    distance = np.abs(i - j)
    return -slope.reshape(H, 1, 1) * distance

# %% honest | outer product of slopes and a distance matrix
import numpy as np

def alibi_bias(T, H):
    steps = np.abs(np.subtract.outer(np.arange(T), np.arange(T)))
    return np.multiply.outer(-np.exp2(-8 * np.arange(1, H + 1) / H), steps)

# %% honest | mgrid and a cumulative product of the slopes
import numpy as np

def alibi_bias(T, H):
    ratio = 2.0 ** (-8 / H)
    slopes = np.full(H, ratio).cumprod()
    i, j = np.mgrid[:T, :T]
    return -np.einsum("h,ij->hij", slopes, abs(i - j).astype(float))

# %% honest | a strided window over one row of distances
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def alibi_bias(T, H):
    row = -np.abs(np.arange(-(T - 1), T)).astype(float)   # one row of 2T - 1 distances
    D = sliding_window_view(row, T)[::-1]                 # (T, T), Toeplitz
    m = 2.0 ** (-8.0 * (np.arange(H) + 1) / H)
    return m[:, None, None] * D

# %% honest | np.fromfunction with three index arrays
import numpy as np

def alibi_bias(T, H):
    return np.fromfunction(lambda h, i, j: -np.abs(i - j) * 2.0 ** (-8 * (h + 1) / H), (H, T, T))

# %% honest | a table with checks, a geometric progression, and a triangle mirrored
import numpy as np

def alibi_bias(T, H):
    if T < 1 or H < 1:
        raise ValueError(f"T and H must be positive, got {T=} {H=}")
    start = 2 ** (-8 / H)
    slopes = np.geomspace(start, 2.0**-8, H)
    below = np.tril(np.arange(T)[:, None] - np.arange(T))
    steps = below + below.T
    bias = -(slopes[:, None, None] * steps[None])
    assert bias.shape == (H, T, T)
    return bias

# %% loopy over H, T | three nested loops
import numpy as np

def alibi_bias(T, H):
    B = np.zeros((H, T, T))
    for h in range(1, H + 1):
        for i in range(T):
            for j in range(T):
                B[h - 1, i, j] = -abs(i - j) * 2 ** (-8 * h / H)
    return B

# %% loopy over H | a list over the heads
import numpy as np

def alibi_bias(T, H):
    t = np.arange(T)
    distance = np.abs(t[:, None] - t)
    return np.array([-(2 ** (-8 * h / H)) * distance for h in range(1, H + 1)])

# %% loopy over H | slopes as in the paper's code, a list of powers
import numpy as np

def get_slopes(n):
    start = 2 ** (-8 / n)
    return [start * start**i for i in range(n)]

def alibi_bias(T, H):
    slopes = np.array(get_slopes(H))
    t = np.arange(T)
    return -slopes[:, None, None] * np.abs(t[None, :] - t[:, None])

# %% loopy over T | a diagonal for every distance
import numpy as np

def alibi_bias(T, H):
    distance = np.zeros((T, T))
    for k in range(1, T):
        distance += k * (np.eye(T, k=k) + np.eye(T, k=-k))
    slopes = 2.0 ** (-8 * np.arange(1, H + 1) / H)
    return -slopes[:, None, None] * distance

# %% loopy over T | a list of rows of distances
import numpy as np

def alibi_bias(T, H):
    rows = [np.abs(np.arange(T) - i) for i in range(T)]
    m = 2.0 ** (-8 * np.arange(1, H + 1) / H)
    return -m[:, None, None] * np.stack(rows)

# %% loopy over H | np.fromiter over a generator of slopes
import numpy as np

def alibi_bias(T, H):
    slopes = np.fromiter((2.0 ** (-8 * h / H) for h in range(1, H + 1)), float)
    t = np.arange(T)
    return np.abs(t[:, None] - t) * -slopes[:, None, None]

# %% loopy over T | fills the matrix from the corner while it grows
import numpy as np

def alibi_bias(T, H):
    D = np.zeros((T, T))
    n = 1
    while n < T:
        D[n, :n] = D[:n, n] = np.arange(n, 0, -1)
        n += 1
    return -D * 2.0 ** (-8 * np.arange(1, H + 1) / H)[:, None, None]

# %% loopy over H, T | itertools.product into a flat array
from itertools import product
import numpy as np

def alibi_bias(T, H):
    values = [-abs(i - j) * 2.0 ** (-8 * (h + 1) / H) for h, i, j in product(range(H), range(T), range(T))]
    return np.reshape(np.array(values, dtype=float), (H, T, T))

# %% loopy over T | apply_along_axis on the column of positions
import numpy as np

def alibi_bias(T, H):
    t = np.arange(T)
    steps = np.apply_along_axis(lambda row: np.abs(row - t), 1, t[:, None])
    return -(2.0 ** (-8 * np.arange(1, H + 1) / H))[:, None, None] * steps

# %% honest | the slopes by logspace and distances by a cumulative sum
import numpy as np

def alibi_bias(T, H):
    slopes = np.logspace(-8 / H, -8, num=H, base=2)
    ones = np.ones((T, T))
    below = np.tril(ones, -1).cumsum(axis=0)
    return -slopes.reshape(-1, 1, 1) * (below + below.T)

# %% honest | a nested helper and functools.reduce over three factors
from functools import reduce
from operator import mul
import numpy as np

def alibi_bias(T, H):
    t = np.arange(T, dtype=float)
    steps = np.maximum(t[:, None], t) - np.minimum(t[:, None], t)
    return reduce(mul, (-1.0, 2.0 ** (-8 / H * np.arange(1, H + 1))[:, None, None], steps))

# %% loopy over H | a for that fills each head's matrix
import numpy as np

def alibi_bias(T, H):
    bias = np.zeros((H, T, T))
    pos = np.arange(T)
    dist = np.abs(pos[:, None] - pos[None, :])
    for h in range(H):
        slope = 2 ** (-8 * (h + 1) / H)
        bias[h] = -slope * dist
    return bias

# %% loopy over T | a list of lists of distances
import numpy as np

def alibi_bias(T, H):
    d = np.array([[abs(i - j) for j in range(T)] for i in range(T)])
    s = 2.0 ** (-8 * np.arange(1, H + 1) / H)
    return -np.tensordot(s, d, axes=0)
