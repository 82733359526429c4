# %% honest | fills even and odd columns by slices
import numpy as np

def sinusoidal_positions(T, d):
    P = np.zeros((T, d))
    t = np.arange(T).reshape(-1, 1)
    div = np.exp(np.arange(0, d, 2) * (-np.log(10000.0) / d))
    P[:, 0::2] = np.sin(t * div)
    P[:, 1::2] = np.cos(t * div)
    return P

# %% honest | a loop over the two functions sine and cosine
import numpy as np

def sinusoidal_positions(T, d):
    angle = np.outer(np.arange(T), 1e4 ** (-2 * np.arange(d // 2) / d))
    P = np.empty((T, d))
    for offset, wave in enumerate((np.sin, np.cos)):
        P[:, offset::2] = wave(angle)
    return P

# %% honest | the sine with a phase of a quarter turn in the odd columns
import numpy as np

def sinusoidal_positions(T, d):
    j = np.arange(d)
    i = j // 2
    phase = (j % 2) * (np.pi / 2)
    return np.sin(np.arange(T)[:, None] / 10_000 ** (2 * i / d) + phase)

# %% honest | complex exponentials viewed as pairs of floats
import numpy as np

def sinusoidal_positions(T, d):
    theta = np.arange(T)[:, None] * 10_000.0 ** (-np.arange(0, d, 2) / d)
    z = np.exp(1j * theta)              # cos + i sin
    z = z.imag + 1j * z.real            # the sine comes first
    return z.view(float)

# %% honest | np.fromfunction hands whole index arrays to a function
import numpy as np

def sinusoidal_positions(T, d):
    def entry(t, j):
        pair = j - j % 2
        angle = t / np.power(10_000.0, pair / d)
        return np.where(j % 2 == 0, np.sin(angle), np.cos(angle))
    return np.fromfunction(entry, (T, d))

# %% honest | rotations multiplied by logarithmic doubling
import numpy as np

def sinusoidal_positions(T, d):
    """Position 2k is position k turned twice as far, so log2(T) doublings of the rows suffice."""
    speed = 10_000.0 ** (-np.arange(0, d, 2) / d)
    rows = np.ones((1, d // 2), dtype=complex)
    while len(rows) < T:
        turned = rows * np.exp(1j * len(rows) * speed)
        rows = np.concatenate([rows, turned])
    rows = rows[:T]
    return np.stack([rows.imag, rows.real], axis=-1).reshape(T, d)

# %% honest | a dataclass with cached properties
from dataclasses import dataclass
from functools import cached_property
import numpy as np


@dataclass
class Clocks:
    T: int
    d: int
    base: float = 10_000.0

    @cached_property
    def speeds(self):
        return self.base ** (-np.arange(0, self.d, 2) / self.d)

    @cached_property
    def angles(self):
        return np.multiply.outer(np.arange(self.T), self.speeds)

    def hands(self):
        table = {name: f(self.angles) for name, f in dict(sine=np.sin, cosine=np.cos).items()}
        return np.dstack([table["sine"], table["cosine"]])


def sinusoidal_positions(T, d):
    return Clocks(T, d).hands().reshape(T, d)

# %% loopy over T, d | the formula in two loops
import math
import numpy as np

def sinusoidal_positions(T, d):
    P = np.zeros((T, d))
    for t in range(T):
        for i in range(d // 2):
            angle = t / 10000 ** (2 * i / d)
            P[t, 2 * i] = math.sin(angle)
            P[t, 2 * i + 1] = math.cos(angle)
    return P

# %% loopy over T | a row for each position, appended
import numpy as np

def sinusoidal_positions(T, d):
    freqs = 1 / 10000 ** (np.arange(0, d, 2) / d)
    rows = []
    for pos in range(T):
        row = np.zeros(d)
        row[0::2] = np.sin(pos * freqs)
        row[1::2] = np.cos(pos * freqs)
        rows.append(row)
    return np.vstack(rows)

# %% loopy over d | a pair of columns for each hand
import numpy as np

def sinusoidal_positions(T, d):
    t = np.arange(T)
    P = np.empty((T, d))
    for i in range(0, d, 2):
        a = t / 10_000 ** (i / d)
        P[:, i], P[:, i + 1] = np.sin(a), np.cos(a)
    return P

# %% loopy over T, d | a nested list comprehension
import math
import numpy as np

def sinusoidal_positions(T, d):
    return np.array([[(math.cos if j % 2 else math.sin)(t / 10000 ** ((j - j % 2) / d)) for j in range(d)] for t in range(T)])

# %% loopy over T, d | vectorize of a scalar function
import math
import numpy as np

@np.vectorize
def entry(t, j, d):
    angle = t / 10000 ** (2 * (j // 2) / d)
    return math.sin(angle) if j % 2 == 0 else math.cos(angle)

def sinusoidal_positions(T, d):
    return entry(np.arange(T)[:, None], np.arange(d)[None, :], d)

# %% loopy over T | itertools.accumulate turns the hands by one step after the other
from itertools import accumulate, repeat
import numpy as np
import operator

def sinusoidal_positions(T, d):
    step = np.exp(1j * 10_000.0 ** (-np.arange(0, d, 2) / d))
    start = np.ones(d // 2, dtype=complex)
    turns = np.array(list(accumulate(repeat(step, T - 1), operator.mul, initial=start)))
    return np.stack([turns.imag, turns.real], -1).reshape(T, d)

# %% loopy over d | column_stack of a generator over the speeds
import numpy as np

def _columns(t, speeds):
    for w in speeds:
        yield np.sin(t * w)
        yield np.cos(t * w)

def sinusoidal_positions(T, d):
    speeds = 10_000.0 ** (-np.arange(0, d, 2) / d)
    return np.column_stack(list(_columns(np.arange(T), speeds)))

# %% loopy over T, d | np.fromiter over a product of ranges
import math
from itertools import product
import numpy as np

def sinusoidal_positions(T, d):
    waves = (math.sin, math.cos)
    numbers = (waves[j & 1](t * 10_000.0 ** (-(j & ~1) / d)) for t, j in product(range(T), range(d)))
    return np.fromiter(numbers, dtype=float, count=T * d).reshape(T, d)

# %% loopy over T | recursion on T, one row more each time
import numpy as np

def sinusoidal_positions(T, d):
    if T == 0:
        return np.empty((0, d))
    angle = (T - 1) * 10_000.0 ** (-np.arange(0, d, 2) / d)
    last = np.array([np.sin(angle), np.cos(angle)]).T.reshape(1, d)
    return np.concatenate([sinusoidal_positions(T - 1, d), last])

# %% honest | meshgrid and np.select with two conditions
import numpy as np

def sinusoidal_positions(T, d):
    j, t = np.meshgrid(np.arange(d), np.arange(T))
    even = j % 2 == 0
    angle = t / np.float_power(10_000, (j - j % 2) / d)
    return np.select([even, ~even], [np.sin(angle), np.cos(angle)])

# %% honest | a cumulative sum of the steps, interleaved by ravel
import numpy as np

def sinusoidal_positions(T, d):
    steps = np.tile(1e4 ** (-np.arange(0, d, 2) / d), (T, 1))
    steps[0] = 0
    angles = steps.cumsum(axis=0)
    both = np.array([f(angles) for f in (np.sin, np.cos)])       # (2, T, d/2)
    return both.transpose(1, 2, 0).reshape(T, d)

# %% loopy over T, d | the angles in a list of lists, the waves by numpy
import numpy as np

def get_angle(pos, i, d):
    return pos / np.power(10000, (2 * (i // 2)) / d)

def sinusoidal_positions(T, d):
    table = np.array([[get_angle(pos, i, d) for i in range(d)] for pos in range(T)])
    table[:, 0::2] = np.sin(table[:, 0::2])
    table[:, 1::2] = np.cos(table[:, 1::2])
    return table

# %% loopy over d | the speeds only, in a list
import numpy as np

def sinusoidal_positions(T, d):
    speeds = []
    for i in range(0, d, 2):
        speeds.append(10_000 ** (-i / d))
    angles = np.outer(np.arange(T), speeds)
    out = np.zeros((T, d))
    out[:, 0::2] = np.sin(angles)
    out[:, 1::2] = np.cos(angles)
    return out
