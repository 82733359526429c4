# %% honest | compares a column of positions with a row
import numpy as np

def causal_mask(T):
    return np.arange(T)[:, None] >= np.arange(T)

# %% honest | tril of ones
import numpy as np

def causal_mask(T):
    return np.tril(np.ones((T, T), dtype=bool))

# %% honest | not triu above the diagonal, as in torch
import numpy as np

def causal_mask(T):
    future = np.triu(np.ones((T, T)), k=1)
    return future == 0

# %% honest | a logical cumulative or of the identity
import numpy as np

def causal_mask(T):
    return np.logical_or.accumulate(np.eye(T, dtype=bool), axis=0)

# %% honest | np.indices, with checks
import operator
import numpy as np

def causal_mask(T):
    T = operator.index(T)
    if T < 0:
        raise ValueError("T must not be negative")
    query, key = np.indices((T, T))
    mask = key <= query
    assert all(n == T for n in mask.shape)
    return mask

# %% honest | sets True at tril_indices
import numpy as np

def causal_mask(T):
    M = np.zeros((T, T), bool)
    M[np.tril_indices(T)] = True
    return M

# %% honest | shifted copies by logarithmic doubling
import numpy as np

def causal_mask(T):
    M = np.eye(T, dtype=bool)
    s = 1
    while s < T:
        M[s:] |= M[:-s]
        s <<= 1
    return M

# %% honest | greater_equal.outer
import numpy as np

def causal_mask(T):
    pos = np.arange(T)
    return np.greater_equal.outer(pos, pos)

# %% loopy over T | two loops with an if
import numpy as np

def causal_mask(T):
    mask = np.zeros((T, T), dtype=bool)
    for i in range(T):
        for j in range(T):
            if j <= i:
                mask[i, j] = True
    return mask

# %% loopy over T | a slice of each row
import numpy as np

def causal_mask(T):
    mask = np.zeros((T, T), dtype=bool)
    for t in range(T):
        mask[t, :t + 1] = True
    return mask

# %% loopy over T | lists multiplied and added
import numpy as np

def causal_mask(T):
    return np.array([[True] * (t + 1) + [False] * (T - t - 1) for t in range(T)])

# %% loopy over T | a sum of shifted identities
import numpy as np

def causal_mask(T):
    return sum(np.eye(T, k=-k) for k in range(T)).astype(bool)

# %% loopy over T | vectorize with otypes
import numpy as np

def causal_mask(T):
    may_look = np.vectorize(lambda q, k: k <= q, otypes=[bool])
    return may_look(*np.indices((T, T)))

# %% loopy over T | Python integers as rows of bits
import numpy as np

def causal_mask(T):
    rows = [format((1 << (i + 1)) - 1, f"0{T}b")[::-1] for i in range(T)]
    return np.array([list(r) for r in rows]) == "1"

# %% loopy over T | fills diagonal by diagonal with a while
import numpy as np

def causal_mask(T):
    M = np.zeros((T, T), bool)
    k = 0
    while k < T:
        M.reshape(-1)[k * T :: T + 1] = True
        k += 1
    return M

# %% loopy over T | recursion on a smaller mask in np.block
import numpy as np

def causal_mask(T):
    if T <= 1:
        return np.ones((T, T), bool)
    smaller = causal_mask(T - 1)
    return np.block([[smaller, np.zeros((T - 1, 1), bool)], [np.ones((1, T), bool)]])

# %% loopy over T | rows from itertools.accumulate over one-hot rows
from itertools import accumulate
import numpy as np

def causal_mask(T):
    return np.stack(list(accumulate(np.eye(T, dtype=bool), np.logical_or)))

# %% honest | recursion by halves that calls itself once, log2(T) deep
import numpy as np

def causal_mask(T):
    if T <= 1:
        return np.ones((T, T), bool)
    half = causal_mask((T + 1) // 2)
    n = len(half)
    full = np.block([[half, np.zeros((n, n), bool)], [np.ones((n, n), bool), half]])
    return full[:T, :T]

# %% honest | a strided window over T times False and T times True
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def causal_mask(T):
    strip = np.concatenate([np.zeros(T - 1, bool), np.ones(T, bool)])
    return sliding_window_view(strip, T)[:, ::-1].copy()

# %% honest | np.fromfunction with operator.ge
from operator import ge
import numpy as np

def causal_mask(T):
    return np.fromfunction(ge, (T, T), dtype=int)

# %% loopy over T | appends rows with np.vstack
import numpy as np

def causal_mask(T):
    mask = np.empty((0, T), dtype=bool)
    for i in range(T):
        row = np.concatenate([np.ones(i + 1), np.zeros(T - 1 - i)]).astype(bool)
        mask = np.vstack([mask, row])
    return mask

# %% loopy over T | a table made at import, row by row
import numpy as np

LONGEST = 1024
TABLE = np.zeros((LONGEST, LONGEST), dtype=bool)
for _i, _row in enumerate(TABLE):
    _row[:_i + 1] = True

def causal_mask(T):
    return TABLE[:T, :T].copy()

# %% loopy over T | a deque of length 0 consumes a map with side effects
from collections import deque
import numpy as np

def causal_mask(T):
    M = np.zeros((T, T), bool)
    deque(map(lambda row, n: row[:n].fill(True), M, range(1, T + 1)), maxlen=0)
    return M
