# %% honest | complex numbers: each pair is turned by one product
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    speeds = 10_000.0 ** (-np.arange(0, d, 2) / d)
    turn = np.exp(1j * np.arange(T)[:, None] * speeds)
    Z = (X[..., 0::2] + 1j * X[..., 1::2]) * turn
    return np.stack([Z.real, Z.imag], axis=-1).reshape(X.shape).astype(X.dtype)

# %% honest | rotate_half as in the model libraries, interleaved
import numpy as np

def rotate_half(x):
    out = np.empty_like(x)
    out[..., ::2] = -x[..., 1::2]
    out[..., 1::2] = x[..., ::2]
    return out

def rotary(X):
    T, d = X.shape[-2:]
    inv_freq = 1.0 / 10000 ** (np.arange(0, d, 2) / d)
    freqs = np.repeat(np.outer(np.arange(T), inv_freq), 2, axis=-1)
    cos, sin = np.cos(freqs).astype(X.dtype), np.sin(freqs).astype(X.dtype)
    return X * cos + rotate_half(X) * sin

# %% honest | 2 by 2 matrices and einsum, cosine and sine from the course's own positions
import numpy as np
from headway.positions import sinusoidal_positions

def rotary(X):
    T, d = X.shape[-2:]
    P = sinusoidal_positions(T, d).reshape(T, d // 2, 2)
    s, c = P[..., 0], P[..., 1]
    R = np.array([[c, -s], [s, c]]).astype(X.dtype)            # (2, 2, T, d/2)
    pairs = X.reshape(*X.shape[:-1], d // 2, 2)
    return np.einsum("abtk,...tkb->...tka", R, pairs).reshape(X.shape)

# %% loopy over T | each position by its own angle
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    speeds = 10_000.0 ** (-np.arange(0, d, 2) / d)
    out = np.empty_like(X)
    for t in range(T):
        c, s = np.cos(t * speeds), np.sin(t * speeds)
        a, b = X[..., t, ::2], X[..., t, 1::2]
        out[..., t, ::2] = a * c - b * s
        out[..., t, 1::2] = a * s + b * c
    return out

# %% loopy over d | each pair of components in turn
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    t = np.arange(T)
    out = np.zeros_like(X)
    for i in range(0, d, 2):
        angle = t / 10000 ** (i / d)
        out[..., i] = X[..., i] * np.cos(angle) - X[..., i + 1] * np.sin(angle)
        out[..., i + 1] = X[..., i] * np.sin(angle) + X[..., i + 1] * np.cos(angle)
    return out

# %% loopy over T | turns all that come later by one step more: the hands move on
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    step = np.exp(1j * 10_000.0 ** (-np.arange(0, d, 2) / d))
    Z = X[..., ::2].astype(complex) + 1j * X[..., 1::2]
    for t in range(1, T):
        Z[..., t:, :] *= step
    return np.stack([Z.real, Z.imag], -1).reshape(X.shape).astype(X.dtype)

# %% loopy over T, d | the table of angles by math.cos and math.sin, the rest in numpy
import math

import numpy as np

def table(T, d):
    return np.array([[complex(math.cos(a), math.sin(a)) for a in (t / 10000 ** (i / d) for i in range(0, d, 2))]
                     for t in range(T)])

def rotary(X):
    W = table(*X.shape[-2:])
    a, b, c, s = X[..., ::2], X[..., 1::2], W.real, W.imag
    return np.stack([a * c - b * s, a * s + b * c], -1).reshape(X.shape).astype(X.dtype)
