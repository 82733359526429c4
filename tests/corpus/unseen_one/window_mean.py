# %% honest | differences of a running sum
import numpy as np

def window_mean(X, w):
    T = X.shape[-2]
    total = np.cumsum(X, axis=-2, dtype=np.float64)
    t = np.arange(T)
    before = np.take(total, np.maximum(t - w, 0), axis=-2) * (t >= w)[:, None]
    return ((total - before) / np.minimum(t + 1, w)[:, None]).astype(X.dtype)

# %% honest | a band matrix times X: attention with equal weights
import numpy as np

def window_mean(X, w):
    t = np.arange(X.shape[-2])
    back = t[:, None] - t
    band = ((back >= 0) & (back < w)).astype(X.dtype)
    band /= band.sum(axis=-1, keepdims=True)
    return band @ X

# %% honest | uses outer_difference of the course and einsum
import numpy as np
from headway.arrays import outer_difference

def window_mean(X, w):
    t = np.arange(X.shape[-2])
    lag = outer_difference(t, t)
    A = np.where((0 <= lag) & (lag < w), 1.0, 0.0)
    A = A / A.sum(axis=1)[:, None]
    return np.einsum("ts,...sd->...td", A.astype(X.dtype), X)

# %% honest | as_strided over a padded copy
import numpy as np
from numpy.lib.stride_tricks import as_strided

def window_mean(X, w):
    *lead, T, d = X.shape
    w = min(w, T)
    padded = np.zeros((*lead, T + w - 1, d), dtype=X.dtype)
    padded[..., w - 1:, :] = X
    *ls, st, sd = padded.strides
    view = as_strided(padded, shape=(*lead, T, w, d), strides=(*ls, st, st, sd), writeable=False)
    count = np.minimum(np.arange(1, T + 1), w).astype(X.dtype)
    return view.sum(axis=-2) / count[:, None]

# %% honest | pandas habit: pads with nan, nanmean over the windows
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def rolling(X, window, min_periods=1):
    pad = [(0, 0)] * (X.ndim - 2) + [(window - 1, 0), (0, 0)]
    return sliding_window_view(np.pad(X, pad, constant_values=np.nan), window, axis=-2)

def window_mean(X, w):
    return np.nanmean(rolling(X, w), axis=-1)

# %% honest | gathers by an index array (T, w), masked array mean
import numpy as np

def window_mean(X, w):
    T = X.shape[-2]
    w = min(w, T)
    index = np.arange(T)[:, None] - np.arange(w)          # (T, w)
    picked = X[..., np.maximum(index, 0), :]              # (..., T, w, d)
    outside = np.broadcast_to((index < 0)[..., None], picked.shape)
    return np.ma.masked_array(picked, mask=outside).mean(axis=-2).filled(0).astype(X.dtype)

# %% honest | sums of windows by doubling: the binary digits of w
import numpy as np

def shift(X, by):
    if by == 0:
        return X
    out = np.zeros_like(X)
    out[..., by:, :] = X[..., :-by, :] if by < X.shape[-2] else 0
    return out

def window_mean(X, w):
    T = X.shape[-2]
    size = min(w, T)
    total, done = np.zeros_like(X), 0
    block, length = X, 1            # block: sums of `length` positions
    rest = size
    while rest:
        if rest & 1:
            total = total + shift(block, min(done, T))
            done += length
        block = block + shift(block, min(length, T))
        length *= 2
        rest >>= 1
    return total / np.minimum(np.arange(1, T + 1), size).astype(X.dtype)[:, None]

# %% honest | convolution by Fourier transform
import numpy as np

def window_mean(X, w):
    T = X.shape[-2]
    w = min(w, T)
    box = np.zeros(2 * T)
    box[:w] = 1
    spectrum = np.fft.rfft(X, n=2 * T, axis=-2) * np.fft.rfft(box)[:, None]
    sums = np.fft.irfft(spectrum, n=2 * T, axis=-2)[..., :T, :]
    return (sums / np.minimum(np.arange(1, T + 1), w)[:, None]).astype(X.dtype)

# %% honest | a class for the window with properties
from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass
class CausalWindow:
    length: int
    width: int

    def __post_init__(self):
        if self.width < 1:
            raise ValueError(f"a window of {self.width} positions")

    @cached_property
    def ends(self):
        return np.arange(1, self.length + 1)

    @cached_property
    def starts(self):
        return np.maximum(self.ends - self.width, 0)

    @property
    def sizes(self):
        return self.ends - self.starts

    def mean(self, X):
        zero = np.zeros_like(X[..., :1, :], dtype=np.float64)
        integral = np.concatenate([zero, X.cumsum(axis=-2, dtype=np.float64)], axis=-2)
        sums = integral[..., self.ends, :] - integral[..., self.starts, :]
        return (sums / self.sizes[:, None]).astype(X.dtype)


def window_mean(X, w):
    return CausalWindow(X.shape[-2], w).mean(X)

# %% loopy over T | the mean of a slice for each position
import numpy as np

def window_mean(X, w):
    out = np.empty_like(X)
    for t in range(X.shape[-2]):
        out[..., t, :] = X[..., max(0, t - w + 1):t + 1, :].mean(axis=-2)
    return out

# %% loopy over T | a running total: add the new, drop the old
import numpy as np

def window_mean(X, w):
    T = X.shape[-2]
    total = np.zeros(X.shape[:-2] + X.shape[-1:])
    result = np.zeros(X.shape, X.dtype)
    for t in range(T):
        total = total + X[..., t, :]
        if t >= w:
            total = total - X[..., t - w, :]
        result[..., t, :] = total / min(t + 1, w)
    return result

# %% loopy over w | one shifted addition for each place in the window
import numpy as np

def window_mean(X, w):
    T = X.shape[-2]
    total = np.zeros_like(X)
    for k in range(min(w, T)):
        total[..., k:, :] += X[..., :T - k, :]
    seen = np.minimum(np.arange(1, T + 1), w).astype(X.dtype)
    return total / seen[:, None]

# %% loopy over batch, T, w, d | four nested loops
import numpy as np

def window_mean(X, w):
    T, d = X.shape[-2:]
    Y = X.reshape(-1, T, d)
    M = np.zeros(Y.shape, dtype=X.dtype)
    for b in range(Y.shape[0]):
        for t in range(T):
            start = max(t - w + 1, 0)
            for c in range(d):
                s = 0.0
                for k in range(start, t + 1):
                    s += Y[b, k, c]
                M[b, t, c] = s / (t - start + 1)
    return M.reshape(X.shape)

# %% loopy over batch, d | np.convolve for each series by apply_along_axis
import numpy as np

def window_mean(X, w):
    T = X.shape[-2]
    box = np.ones(w)
    sums = np.apply_along_axis(lambda s: np.convolve(s, box)[:T], -2, X)
    return (sums / np.minimum(np.arange(1, T + 1), w)[:, None]).astype(X.dtype)

# %% loopy over w | sum over a generator of padded copies, builtin sum
import numpy as np

def window_mean(X, w):
    T = X.shape[-2]
    w = min(w, T)
    padded = np.concatenate([np.zeros_like(X[..., :w - 1, :]), X], axis=-2) if w > 1 else X
    total = sum(padded[..., k:k + T, :] for k in range(w))
    return total / np.minimum(np.arange(T, dtype=X.dtype) + 1, X.dtype.type(w))[:, None]

# %% loopy over T | itertools.accumulate along time
import itertools
import operator

import numpy as np

def window_mean(X, w):
    T = X.shape[-2]
    steps = np.moveaxis(X, -2, 0).astype(float)          # (T, ..., d)
    sums = np.stack(list(itertools.accumulate(steps, operator.add)))
    old = np.concatenate([np.zeros((min(w, T), *sums.shape[1:])), sums])[:T]
    n = np.minimum(np.arange(1, T + 1), w).reshape(-1, *[1] * (X.ndim - 1))
    return np.moveaxis((sums - old) / n, 0, -2).astype(X.dtype)

# %% loopy over T, w | a deque with maxlen w
from collections import deque

import numpy as np

def window_mean(X, w):
    window = deque(maxlen=w)
    means = []
    for x in np.moveaxis(X, -2, 0):
        window.append(x)
        means.append(np.mean(window, axis=0, dtype=X.dtype))
    return np.stack(means, axis=-2)

# %% loopy over T, w | a coroutine that is sent one position after the other
import numpy as np

def averager(w):
    seen, mean = [], None
    while True:
        x = yield mean
        seen = (seen + [x])[-w:]
        mean = np.stack(seen).mean(axis=0)

def window_mean(X, w):
    coroutine = averager(w)
    next(coroutine)
    return np.stack(list(map(coroutine.send, np.moveaxis(X, -2, 0))), axis=-2).astype(X.dtype)

# %% loopy over w | only the first w - 1 positions by hand, the rest by strides
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def window_mean(X, w):
    T = X.shape[-2]
    out = np.empty_like(X)
    if w <= T:
        out[..., w - 1:, :] = sliding_window_view(X, w, axis=-2).mean(axis=-1)
    for t in range(min(w - 1, T)):
        out[..., t, :] = X[..., :t + 1, :].mean(axis=-2)
    return out

# %% loopy over batch | recursion over the batch, a band matrix for each text
import numpy as np

def window_mean(X, w):
    if X.ndim > 2:
        return np.array([window_mean(x, w) for x in X])
    t = np.arange(len(X))
    band = np.tri(len(X)) - np.tri(len(X), k=-w)
    return (band @ X / np.minimum(t + 1, w)[:, None]).astype(X.dtype)

# %% loopy over T | np.split at every position and a lambda
import numpy as np

def window_mean(X, w):
    T = X.shape[-2]
    sums = np.cumsum(X, axis=-2, dtype=float)
    parts = np.split(sums, T, axis=-2)
    zero = np.zeros_like(parts[0])
    late = [zero] * min(w, T) + parts[:max(T - w, 0)]
    new = np.concatenate(parts, axis=-2) - np.concatenate(late, axis=-2)
    return (new / np.clip(np.arange(T) + 1, 1, w)[:, None]).astype(X.dtype)
