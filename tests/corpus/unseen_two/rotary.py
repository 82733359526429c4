# %% honest | complex numbers turned by exp(i angle)
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    angles = np.arange(T)[:, None] / 10_000 ** (np.arange(0, d, 2) / d)
    z = X[..., 0::2] + 1j * X[..., 1::2]
    z = z * np.exp(1j * angles)
    out = np.empty(X.shape, X.dtype)
    out[..., 0::2], out[..., 1::2] = z.real, z.imag
    return out

# %% honest | x cos + rotate_half(x) sin, as in llama code but interleaved
import numpy as np

def rotate_pairs(x):
    out = np.empty_like(x)
    out[..., 0::2] = -x[..., 1::2]
    out[..., 1::2] = x[..., 0::2]
    return out

def rotary(X):
    T, d = X.shape[-2], X.shape[-1]
    inv_freq = 1.0 / (10000 ** (np.arange(0, d, 2) / d))
    freqs = np.repeat(np.outer(np.arange(T), inv_freq), 2, axis=-1)     # (T, d)
    cos, sin = (f(freqs).astype(X.dtype) for f in (np.cos, np.sin))
    return X * cos + rotate_pairs(X) * sin

# %% honest | a 2 by 2 rotation matrix for each position and pair, and einsum
import numpy as np

def rotary(X):
    *batch, T, d = X.shape
    a = np.arange(T)[:, None] * 10_000.0 ** (-2 * np.arange(d // 2) / d)
    R = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])     # (2, 2, T, d/2)
    pairs = X.reshape(*batch, T, d // 2, 2)
    return np.einsum("ijtp,...tpj->...tpi", R, pairs).reshape(X.shape).astype(X.dtype)

# %% honest | uses the sinusoidal positions of the course
import numpy as np
from headway.positions import sinusoidal_positions

def rotary(X):
    P = sinusoidal_positions(*X.shape[-2:]).astype(X.dtype)
    s, c = P[:, ::2], P[:, 1::2]
    a, b = X[..., ::2], X[..., 1::2]
    return np.stack([a * c - b * s, b * c + a * s], -1).reshape(X.shape)

# %% honest | a class for the rotation, matmul of row vectors with matrices
import numpy as np


class Rotation:
    """One orthogonal 2 by 2 matrix for every (position, pair)."""

    def __init__(self, T, d, dtype):
        theta = np.multiply.outer(np.arange(T), np.power(1e4, -np.arange(0, d, 2) / d))
        self.matrix = np.empty((T, d // 2, 2, 2), dtype)
        self.matrix[..., 0, 0] = self.matrix[..., 1, 1] = np.cos(theta)
        self.matrix[..., 0, 1] = -np.sin(theta)
        self.matrix[..., 1, 0] = np.sin(theta)

    def __matmul__(self, pairs):
        return (self.matrix @ pairs[..., None])[..., 0]


def rotary(X):
    T, d = X.shape[-2:]
    return (Rotation(T, d, X.dtype) @ X.reshape(*X.shape[:-1], d // 2, 2)).reshape(X.shape)

# %% honest | turns bit by bit of the position, log2(T) rounds
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    speed = 10_000.0 ** (-np.arange(0, d, 2) / d)
    t = np.arange(T)
    a, b = X[..., ::2].astype(float), X[..., 1::2].astype(float)
    for bit in range(T.bit_length()):
        on = ((t >> bit) & 1)[:, None]
        c, s = np.cos(speed * 2**bit * on), np.sin(speed * 2**bit * on)
        a, b = a * c - b * s, a * s + b * c
    return np.stack([a, b], axis=-1).reshape(X.shape).astype(X.dtype)

# %% loopy over T, d | two loops over positions and pairs
import math
import numpy as np

def rotary(X):
    Y = np.zeros_like(X)
    T, d = X.shape[-2], X.shape[-1]
    for t in range(T):
        for i in range(d // 2):
            angle = t / 10000 ** (2 * i / d)
            c, s = math.cos(angle), math.sin(angle)
            x, y = X[..., t, 2 * i], X[..., t, 2 * i + 1]
            Y[..., t, 2 * i] = x * c - y * s
            Y[..., t, 2 * i + 1] = x * s + y * c
    return Y

# %% loopy over T | a rotation matrix of size d for each position
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    speeds = 10_000.0 ** (-np.arange(0, d, 2) / d)
    out = []
    for t in range(T):
        R = np.zeros((d, d))
        even = np.arange(0, d, 2)
        R[even, even] = R[even + 1, even + 1] = np.cos(t * speeds)
        R[even, even + 1] = -np.sin(t * speeds)
        R[even + 1, even] = np.sin(t * speeds)
        out.append(X[..., t, :] @ R.T)
    return np.stack(out, axis=-2).astype(X.dtype)

# %% loopy over d | pair by pair of components
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    t = np.arange(T)
    Y = X.copy()
    for i in range(0, d, 2):
        angle = t / 10_000 ** (i / d)
        Y[..., i] = X[..., i] * np.cos(angle) - X[..., i + 1] * np.sin(angle)
        Y[..., i + 1] = X[..., i] * np.sin(angle) + X[..., i + 1] * np.cos(angle)
    return Y

# %% loopy over batch, T | flattens the batch and nests comprehensions
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    w = 10_000.0 ** (-np.arange(0, d, 2) / d)

    def turn(t, x):
        z = (x[::2] + 1j * x[1::2]) * np.exp(1j * t * w)
        return np.column_stack([z.real, z.imag]).ravel()

    def one(text):
        return [turn(t, x) for t, x in enumerate(text)]

    return np.array([one(text) for text in X.reshape(-1, T, d)]).astype(X.dtype).reshape(X.shape)

# %% loopy over batch, T, d | complex numbers as Python objects in an object array
import math
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    z = (X[..., ::2] + 1j * X[..., 1::2]).astype(object)
    w = np.array([[complex(math.cos(t / 1e4 ** (2 * i / d)), math.sin(t / 1e4 ** (2 * i / d))) for i in range(d // 2)] for t in range(T)], dtype=object)
    z = (z * w).astype(complex)
    return np.stack([z.real, z.imag], axis=-1).reshape(X.shape).astype(X.dtype)

# %% loopy over T | all hands start together and one further position turns each time
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    step = np.exp(1j * 10_000.0 ** (-np.arange(0, d, 2) / d))
    z = X[..., ::2] + 1j * X[..., 1::2].astype(complex)
    for start in range(1, T):
        z[..., start:, :] *= step
    return np.stack([z.real, z.imag], axis=-1).reshape(X.shape).astype(X.dtype)

# %% loopy over batch | vectorize with a signature over the leading axes
import numpy as np

def _one_text(x):
    T, d = x.shape
    a = np.arange(T)[:, None] * 10_000.0 ** (-np.arange(0, d, 2) / d)
    c, s = np.cos(a), np.sin(a)
    u, v = x[:, ::2], x[:, 1::2]
    return np.stack([u * c - v * s, u * s + v * c], -1).reshape(T, d)

def rotary(X):
    return np.vectorize(_one_text, signature="(t,d)->(t,d)")(X).astype(X.dtype)

# %% loopy over d | np.split into pairs and a zip with the speeds
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    speeds = 10_000.0 ** (-np.arange(0, d, 2) / d)
    t = np.arange(T)[:, None]
    turned = [
        pair @ np.eye(2) * np.cos(t * w) + pair[..., ::-1] * np.sin(t * w) * [-1, 1]
        for pair, w in zip(np.split(X, d // 2, axis=-1), speeds)
    ]
    return np.concatenate(turned, axis=-1).astype(X.dtype)

# %% honest | a view as complex numbers, cached turns
from functools import lru_cache
import numpy as np


@lru_cache(maxsize=8)
def turns(T, d):
    return np.exp(1j * np.arange(T)[:, None] / 10_000 ** (np.arange(0, d, 2) / d))


def rotary(X):
    kind = {4: np.complex64, 8: np.complex128}[X.dtype.itemsize]
    z = np.ascontiguousarray(X).view(kind)
    return (z * turns(*X.shape[-2:]).astype(kind)).view(X.dtype)

# %% honest | unpacks the two components and loops over these two
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    a = np.arange(T)[:, None] * 10_000.0 ** (-np.arange(0, d, 2) / d)
    x, y = np.moveaxis(X.reshape(*X.shape[:-1], d // 2, 2), -1, 0)
    out = np.empty_like(X)
    for k, (u, v) in enumerate([(x, -y), (y, x)]):
        out[..., k::2] = u * np.cos(a) + v * np.sin(a)
    return out

# %% loopy over T | a for over the positions
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    theta = 1 / 10000 ** (np.arange(0, d, 2) / d)
    out = np.empty_like(X)
    for m in range(T):
        c, s = np.cos(m * theta), np.sin(m * theta)
        out[..., m, 0::2] = X[..., m, 0::2] * c - X[..., m, 1::2] * s
        out[..., m, 1::2] = X[..., m, 0::2] * s + X[..., m, 1::2] * c
    return out

# %% loopy over d | a block-diagonal rotation for all positions, placed pair by pair
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    t = np.arange(T)
    R = np.zeros((T, d, d))
    for i in range(d // 2):
        a = t / 10_000 ** (2 * i / d)
        j = 2 * i
        R[:, j, j], R[:, j, j + 1], R[:, j + 1, j], R[:, j + 1, j + 1] = np.cos(a), -np.sin(a), np.sin(a), np.cos(a)
    return np.einsum("tij,...tj->...ti", R, X).astype(X.dtype)

# %% loopy over T, d | angles by a nested comprehension, the rest by numpy
import numpy as np

def rotary(X):
    T, d = X.shape[-2:]
    angles = np.array([[t / 10_000 ** (i / d) for i in range(0, d, 2)] for t in range(T)])
    c, s = np.cos(angles), np.sin(angles)
    x, y = X[..., 0::2], X[..., 1::2]
    out = np.empty_like(X)
    out[..., 0::2] = x * c - y * s
    out[..., 1::2] = x * s + y * c
    return out
