# %% honest | cosines and sines of all angles, even and odd components
import numpy as np

def rotary_at(X, t, base=10_000.0):
    d = X.shape[-1]
    angles = t[..., None] / base ** (np.arange(0, d, 2) / d)
    c, s = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    x, y = X[..., ::2], X[..., 1::2]
    out = np.empty_like(X)
    out[..., ::2] = x * c - y * s
    out[..., 1::2] = x * s + y * c
    return out

# %% honest | complex numbers, turned by exp(i angle)
import numpy as np

def rotary_at(X, t, base=10_000.0):
    d = X.shape[-1]
    speeds = np.power(float(base), -np.arange(0, d, 2) / d)
    turn = np.exp(1j * (t[..., None] * speeds))
    Z = (X[..., 0::2] + 1j * X[..., 1::2]) * turn
    return np.stack([Z.real, Z.imag], axis=-1).reshape(X.shape).astype(X.dtype)

# %% honest | x cos + turned x sin, each angle twice
import numpy as np

def quarter(X):
    return np.stack([-X[..., 1::2], X[..., ::2]], axis=-1).reshape(X.shape)

def rotary_at(X, t, base=10_000.0):
    d = X.shape[-1]
    angles = np.repeat(t[..., None] * base ** (-2.0 * np.arange(d // 2) / d), 2, axis=-1)
    return X * np.cos(angles).astype(X.dtype) + quarter(X) * np.sin(angles).astype(X.dtype)

# %% honest | 2 by 2 matrices and einsum
import numpy as np

def rotary_at(X, t, base=10_000.0):
    *batch, T, d = X.shape
    angles = np.einsum("...t,i->...ti", t.astype(float), 1 / base ** (np.arange(0, d, 2) / d))
    c, s = np.cos(angles), np.sin(angles)
    R = np.stack([np.stack([c, -s], axis=-1), np.stack([s, c], axis=-1)], axis=-2).astype(X.dtype)
    pairs = X.reshape(*batch, T, d // 2, 2)
    return np.einsum("...ab,...b->...a", R, pairs).reshape(X.shape)

# %% honest | a view as complex numbers of a contiguous copy
import numpy as np

def rotary_at(X, t, base=10_000.0):
    kind = np.result_type(X.dtype, np.complex64)
    d = X.shape[-1]
    hands = np.array(X, order="C").view(kind)
    angles = np.multiply(np.expand_dims(t, -1), base ** -np.linspace(0, 1, d // 2, endpoint=False))
    hands = hands * np.exp(1j * angles).astype(kind)
    return hands.view(X.dtype)

# %% honest | a cached table of speeds, and a loop over the two components
from functools import lru_cache
import numpy as np

@lru_cache
def speeds(d, base):
    return np.exp(-np.log(base) * np.arange(0, d, 2) / d)

def rotary_at(X, t, base=10_000.0):
    assert X.shape[-1] % 2 == 0, "components come in pairs"
    angles = t[..., None] * speeds(X.shape[-1], base)
    waves = [wave(angles).astype(X.dtype) for wave in (np.cos, np.sin)]
    turned = np.zeros(X.shape, X.dtype)
    for component, sign in ((0, -1), (1, 1)):
        turned[..., component::2] = X[..., component::2] * waves[0] + sign * X[..., 1 - component::2] * waves[1]
    return turned

# %% honest | a dataclass for hands of a clock in polar form
from dataclasses import dataclass
import numpy as np

@dataclass
class Hands:
    length: np.ndarray
    angle: np.ndarray

    @classmethod
    def of(cls, X):
        return cls(np.hypot(X[..., 0::2], X[..., 1::2]), np.arctan2(X[..., 1::2], X[..., 0::2]).astype(float))

    def later(self, t, speeds):
        return Hands(self.length, self.angle + t[..., np.newaxis] * speeds)

    def cartesian(self, dtype):
        both = np.concatenate([(self.length * f(self.angle))[..., None] for f in (np.cos, np.sin)], axis=-1)
        return both.reshape(*both.shape[:-2], -1).astype(dtype)

def rotary_at(X, t, base=10_000.0):
    d = X.shape[-1]
    return Hands.of(X).later(t, base ** (-np.arange(0, d, 2) / d)).cartesian(X.dtype)

# %% honest | sines with a phase, and pairs swapped by a take
import numpy as np

def rotary_at(X, t, base=10_000.0):
    d = X.shape[-1]
    i = np.arange(d)
    angles = t[..., None] / base ** (i // 2 * 2 / d)
    partner = np.take(X, i ^ 1, axis=-1)
    sign = np.where(i % 2 == 0, -1, 1)
    cos = np.sin(angles + np.pi / 2).astype(X.dtype)
    return X * cos + partner * (sign * np.sin(angles)).astype(X.dtype)

# %% loopy over d | pair by pair
import numpy as np

def rotary_at(X, t, base=10_000.0):
    d = X.shape[-1]
    out = np.zeros_like(X)
    for i in range(0, d, 2):
        angle = t / base ** (i / d)
        c, s = np.cos(angle).astype(X.dtype), np.sin(angle).astype(X.dtype)
        out[..., i] = X[..., i] * c - X[..., i + 1] * s
        out[..., i + 1] = X[..., i] * s + X[..., i + 1] * c
    return out

# %% loopy over T | position by position
import numpy as np

def rotary_at(X, t, base=10_000.0):
    T, d = X.shape[-2:]
    speeds = base ** (-np.arange(0, d, 2) / d)
    rows = []
    for row in range(T):
        turn = np.exp(1j * t[..., row, None] * speeds)
        z = (X[..., row, ::2] + 1j * X[..., row, 1::2]) * turn
        rows.append(np.stack([z.real, z.imag], axis=-1).reshape(X[..., row, :].shape))
    return np.stack(rows, axis=-2).astype(X.dtype)

# %% loopy over batch, T | vectorize over vectors and their positions
import numpy as np

def _turn(x, t, base):
    angles = t / base ** (np.arange(0, len(x), 2) / len(x))
    z = (x[::2] + 1j * x[1::2]) * np.exp(1j * angles)
    return np.stack([z.real, z.imag], axis=-1).ravel().astype(x.dtype)

_turn_each = np.vectorize(_turn, signature="(d),(),()->(d)")

def rotary_at(X, t, base=10_000.0):
    return _turn_each(X, t, base)

# %% loopy over batch, T, d | cmath, number by number
import cmath
import numpy as np

def rotary_at(X, t, base=10_000.0):
    d = X.shape[-1]
    flat = X.reshape(-1, d).tolist()
    positions = np.broadcast_to(t, X.shape[:-1]).ravel().tolist()
    out = []
    for row, position in zip(flat, positions):
        for i in range(0, d, 2):
            z = complex(row[i], row[i + 1]) * cmath.exp(1j * position / base ** (i / d))
            out += [z.real, z.imag]
    return np.array(out, dtype=X.dtype).reshape(X.shape)

# %% loopy over d | pairs by np.split, zipped with their speeds
import numpy as np

def rotary_at(X, t, base=10_000.0):
    d = X.shape[-1]
    pairs = np.split(X, d // 2, axis=-1)
    speeds = base ** (-np.arange(0, d, 2) / d)

    def turned(pair, speed):
        c, s = (f(t * speed).astype(X.dtype) for f in (np.cos, np.sin))
        x, y = pair[..., 0], pair[..., 1]
        return np.stack([x * c - y * s, x * s + y * c], axis=-1)

    return np.concatenate([turned(*both) for both in zip(pairs, speeds)], axis=-1)

# %% loopy over batch | recursion over the leading axes of X
import numpy as np

def rotary_at(X, t, base=10_000.0):
    if X.ndim > 2:
        every = np.broadcast_to(t, X.shape[:-1])
        return np.stack([rotary_at(x, positions, base) for x, positions in zip(X, every)])
    t = t.reshape(-1)
    T, d = X.shape
    angles = np.outer(t, base ** (-np.arange(0, d, 2) / d))
    c, s = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    pairs = X.reshape(T, d // 2, 2)
    x, y = pairs[..., 0], pairs[..., 1]
    return np.stack([x * c - y * s, y * c + x * s], axis=-1).reshape(T, d)

# %% loopy over batch, T | a dict with a matrix for each position that occurs
import numpy as np

def matrix(position, d, base):
    R = np.zeros((d, d))
    i = np.arange(0, d, 2)
    angle = position / base ** (i / d)
    R[i, i], R[i + 1, i + 1] = np.cos(angle), np.cos(angle)
    R[i, i + 1], R[i + 1, i] = np.sin(angle), -np.sin(angle)
    return R

def rotary_at(X, t, base=10_000.0):
    d, known, out = X.shape[-1], {}, []
    t = np.broadcast_to(t, X.shape[:-1])
    for x, position in zip(X.reshape(-1, d), t.ravel().tolist()):
        if position not in known:
            known[position] = matrix(position, d, base)
        out.append(x @ known[position])
    return np.array(out).reshape(X.shape).astype(X.dtype)

# %% loopy over T | a class whose items are the turned positions
import numpy as np

class Clock:
    def __init__(self, X, t, base):
        self.X, self.t = X, t
        self.speeds = base ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])

    def __len__(self):
        return self.X.shape[-2]

    def __getitem__(self, row):
        if row == len(self):
            raise IndexError
        angle = self.t[..., row, None] * self.speeds
        c, s = np.cos(angle).astype(self.X.dtype), np.sin(angle).astype(self.X.dtype)
        x, y = self.X[..., row, ::2], self.X[..., row, 1::2]
        return np.stack([x * c - y * s, x * s + y * c], axis=-1)

def rotary_at(X, t, base=10_000.0):
    rows = list(Clock(X, t, base))
    return np.stack(rows, axis=-3).reshape(X.shape)
