# %% honest | position less the last start, filled forward by maximum.accumulate
import numpy as np

def run_lengths(x):
    T = x.shape[-1]
    t = np.broadcast_to(np.arange(T), x.shape)
    start = np.zeros_like(t)
    start[..., 1:] = np.where(x[..., 1:] != x[..., :-1], t[..., 1:], 0)
    return t - np.maximum.accumulate(start, axis=-1) + 1

# %% honest | Hillis and Steele: doubles the stride
import numpy as np

def run_lengths(x):
    T = x.shape[-1]
    run = np.ones(x.shape, dtype=int)        # how far back we know the run to reach
    same = np.zeros(x.shape, dtype=bool)     # does that stretch join the one before it?
    same[..., 1:] = x[..., 1:] == x[..., :-1]
    stride = 1
    while stride < T:
        longer = run.copy()
        longer[..., stride:] += np.where(same[..., stride:], run[..., :-stride], 0)
        joined = same.copy()
        joined[..., :stride] = False
        joined[..., stride:] &= same[..., :-stride]
        run, same = longer, joined
        stride *= 2
    return run

# %% honest | all pairs: the last difference before each position
import numpy as np

def run_lengths(x):
    T = x.shape[-1]
    other = (x[..., :, None] != x[..., None, :]) & np.tri(T, dtype=bool)
    latest = np.where(other, np.arange(1, T + 1), 0).max(axis=-1)
    return np.arange(1, T + 1) - latest

# %% honest | numbers the runs, and searchsorted finds where each begins
import numpy as np

def run_lengths(x):
    T = x.shape[-1]
    flat = x.reshape(-1)
    new = np.ones(flat.shape, dtype=bool)
    new[1:] = flat[1:] != flat[:-1]
    new[::T] = True                                   # rows do not run on
    run_id = np.cumsum(new)
    first = np.searchsorted(run_id, run_id, side="left")
    return (np.arange(flat.size) - first + 1).reshape(x.shape)

# %% honest | flatnonzero, diff and repeat, as one does run-length encoding
import numpy as np

def rle(flat, breaks):
    starts = np.flatnonzero(breaks)
    lengths = np.diff(np.append(starts, flat.size))
    return starts, lengths

def run_lengths(x):
    flat = x.ravel()
    breaks = np.ones(x.shape, bool)
    breaks[..., 1:] = np.diff(x, axis=-1) != 0
    starts, lengths = rle(flat, breaks.ravel())
    return (np.arange(flat.size) - np.repeat(starts, lengths) + 1).reshape(x.shape)

# %% honest | cumsum that is reset by a correction at each break
import numpy as np

def run_lengths(x):
    # 1 1 1 1 ... summed up, and at each break we take back what was there
    breaks = np.concatenate([np.zeros(x.shape[:-1] + (1,), bool), x[..., 1:] != x[..., :-1]], axis=-1)
    ones = np.ones(x.shape, dtype=int)
    total = ones.cumsum(axis=-1)
    at_breaks = np.where(breaks, total - 1, 0)
    return total - np.maximum.accumulate(at_breaks, axis=-1)

# %% honest | halves the row: pairs first, then each of the pairs (log T deep recursion)
import numpy as np

def last_start(s):
    """Running maximum along the last axis, by recursion on half as many."""
    T = s.shape[-1]
    if T == 1:
        return s
    pairs = np.maximum(s[..., 0:T - 1:2], s[..., 1::2])
    upto = last_start(pairs)
    out = s.copy()
    out[..., 1::2] = upto
    out[..., 2::2] = np.maximum(s[..., 2::2], upto[..., :out[..., 2::2].shape[-1]])
    return out

def run_lengths(x):
    t = np.arange(x.shape[-1])
    s = np.where(np.append(np.ones_like(x[..., :1]), np.diff(x), axis=-1) != 0, t, 0)
    return t + 1 - last_start(s)

# %% honest | sorts by (row, value, place): equal neighbours in order step by one
import numpy as np

def run_lengths(x):
    rows = x.reshape(-1, x.shape[-1])
    b, t = np.indices(rows.shape).reshape(2, -1)
    order = np.lexsort((t, rows.ravel(), b))
    v, tt, bb = rows.ravel()[order], t[order], b[order]
    joins = np.zeros(v.size, bool)
    joins[1:] = (v[1:] == v[:-1]) & (tt[1:] == tt[:-1] + 1) & (bb[1:] == bb[:-1])
    i = np.arange(v.size)
    sorted_runs = i - np.maximum.accumulate(np.where(joins, 0, i)) + 1
    result = np.empty(v.size, int)
    result[order] = sorted_runs
    return result.reshape(x.shape)

# %% loopy over T | one more or back to one
import numpy as np

def run_lengths(x):
    run = np.ones(x.shape, dtype=int)
    for t in range(1, x.shape[-1]):
        run[..., t] = np.where(x[..., t] == x[..., t - 1], run[..., t - 1] + 1, 1)
    return run

# %% loopy over batch, T | every row, every position
import numpy as np

def run_lengths(x):
    flat = x.reshape(-1, x.shape[-1])
    out = np.zeros(flat.shape, dtype=int)
    for r in range(flat.shape[0]):
        count = 0
        previous = None
        for t in range(flat.shape[1]):
            if flat[r, t] == previous:
                count += 1
            else:
                count = 1
            previous = flat[r, t]
            out[r, t] = count
    return out.reshape(x.shape)

# %% loopy over batch, T | itertools.groupby
from itertools import groupby

import numpy as np

def lengths_of_row(row):
    return [k for _, run in groupby(row) for k, _ in enumerate(run, 1)]

def run_lengths(x):
    rows = x.reshape(-1, x.shape[-1]).tolist()
    return np.array([lengths_of_row(row) for row in rows], dtype=int).reshape(x.shape)

# %% loopy over T | accumulate with a lambda over the columns
from itertools import accumulate

import numpy as np

def run_lengths(x):
    joins = np.zeros(x.shape, dtype=int)
    joins[..., 1:] = x[..., 1:] == x[..., :-1]
    steps = accumulate(np.moveaxis(joins, -1, 0), lambda run, j: run * j + 1, initial=0)
    next(steps)
    return np.stack(list(steps), axis=-1) + np.zeros(x.shape, int)

# %% loopy over batch, T | a binary ufunc by frompyfunc, accumulated
import numpy as np

step = np.frompyfunc(lambda run, join: run * join + 1, 2, 1)

def run_lengths(x):
    joins = np.ones(x.shape, dtype=int)
    joins[..., 1:] = x[..., 1:] == x[..., :-1]
    return step.accumulate(joins, axis=-1, dtype=object).astype(int)

# %% loopy over T | grows while anything grows: one pass for each step of the longest run
import numpy as np

def run_lengths(x):
    run = np.ones(x.shape, dtype=int)
    same = np.zeros(x.shape, dtype=bool)
    same[..., 1:] = x[..., 1:] == x[..., :-1]
    alive = same
    while alive.any():
        run += alive
        # still alive where the position before was, too
        alive = same & np.concatenate([np.zeros_like(alive[..., :1]), alive[..., :-1]], axis=-1)
    return run

# %% loopy over batch | unique with counts for each row
import numpy as np

def one_row(row):
    group = np.cumsum(np.r_[True, row[1:] != row[:-1]])
    _, first, back = np.unique(group, return_index=True, return_inverse=True)
    return np.arange(row.size) - first[back] + 1

def run_lengths(x):
    return np.apply_along_axis(one_row, -1, x)

# %% loopy over batch, T | for over the breaks, fills each run by arange
import numpy as np

def run_lengths(x):
    flat = x.ravel()
    breaks = np.ones(x.shape, bool)
    breaks[..., 1:] = x[..., 1:] != x[..., :-1]
    edges = np.append(np.flatnonzero(breaks), flat.size)
    out = np.empty(flat.size, int)
    for a, b in zip(edges, edges[1:]):
        out[a:b] = np.arange(1, b - a + 1)
    return out.reshape(x.shape)

# %% loopy over batch, T | np.split at the breaks, np.cumsum mapped over the pieces
import numpy as np

def run_lengths(x):
    breaks = np.ones(x.shape, bool)
    breaks[..., 1:] = x[..., 1:] != x[..., :-1]
    pieces = np.split(np.ones(x.size, int), np.flatnonzero(breaks.ravel())[1:])
    return np.concatenate(list(map(np.cumsum, pieces))).reshape(x.shape)

# %% loopy over batch, T | a string, cut at the breaks
import numpy as np

def run_lengths(x):
    T = x.shape[-1]
    new = np.ones(x.shape, bool)
    new[..., 1:] = x[..., 1:] != x[..., :-1]
    text = "".join("|-" if b else "-" for b in new.ravel())
    out = []
    for piece in text.split("|")[1:]:
        out.extend(range(1, len(piece) + 1))
    return np.array(out, dtype=int).reshape(x.shape)

# %% loopy over T | recursion on the row without its last position
import numpy as np

def run_lengths(x):
    if x.shape[-1] == 1:
        return np.ones(x.shape, int)
    front = run_lengths(x[..., :-1])
    last = np.where(x[..., -1:] == x[..., -2:-1], front[..., -1:] + 1, 1)
    return np.concatenate([front, last], axis=-1)

# %% loopy over batch, T | slices of masked arrays: clump_unmasked walks from run to run
import numpy as np

def run_lengths(x):
    joins = np.zeros(x.shape, bool)
    joins[..., 1:] = x[..., 1:] == x[..., :-1]
    flat = joins.ravel()
    out = np.ones(flat.size, int)
    for s in np.ma.clump_masked(np.ma.masked_array(flat, mask=flat)):
        out[s] = np.arange(2, s.stop - s.start + 2)
    return out.reshape(x.shape)

# %% loopy over T | a state machine object, called by map
import numpy as np

class RunCounter:
    def __init__(self, shape):
        self.previous = None
        self.count = np.zeros(shape, int)

    def __call__(self, value):
        same = False if self.previous is None else value == self.previous
        self.count = np.where(same, self.count, 0) + 1
        self.previous = value
        return self.count

def run_lengths(x):
    return np.stack(list(map(RunCounter(x.shape[:-1]), np.moveaxis(x, -1, 0))), axis=-1)

# %% loopy over T | square root decomposition: chunks of about sqrt(T), the carry goes from chunk to chunk
import math

import numpy as np

def run_lengths(x):
    T = x.shape[-1]
    t = np.arange(T)
    start = np.zeros(x.shape, int)
    start[..., 1:] = np.where(x[..., 1:] != x[..., :-1], t[1:], 0)
    size = math.isqrt(T - 1) + 1
    carry = np.zeros(x.shape[:-1] + (1,), int)
    for a in range(0, T, size):
        chunk = np.maximum(np.maximum.accumulate(start[..., a:a + size], axis=-1), carry)
        start[..., a:a + size] = chunk
        carry = chunk[..., -1:]
    return t - start + 1
