# %% honest | even and odd columns filled
import numpy as np


def sinusoidal_positions(T, d):
    out = np.empty((T, d))
    angles = np.arange(T)[:, None] * 10_000.0 ** (-np.arange(0, d, 2) / d)
    out[:, ::2], out[:, 1::2] = np.sin(angles), np.cos(angles)
    return out


# %% honest | outer, dstack
import numpy as np


def sinusoidal_positions(T, d):
    angles = np.outer(np.arange(T), 10_000.0 ** (-np.arange(0, d, 2) / d))
    return np.dstack([np.sin(angles), np.cos(angles)]).reshape(T, d)


# %% honest | a loop over the two functions
import numpy as np


def sinusoidal_positions(T, d):
    angles = np.arange(T)[:, None] * 10_000.0 ** (-np.arange(0, d, 2) / d)
    out = np.zeros((T, d))
    for k, wave in enumerate([np.sin, np.cos]):
        out[:, k::2] = wave(angles)
    return out


# %% honest | real and imaginary parts of exponentials
import numpy as np


def sinusoidal_positions(T, d):
    angles = np.arange(T)[:, None] * 10_000.0 ** (-np.arange(0, d, 2) / d)
    hands = np.exp(1j * angles)
    return np.stack([hands.imag, hands.real], axis=-1).reshape(T, d)


# %% loopy over T, d | the formula for each entry
import math

import numpy as np


def sinusoidal_positions(T, d):
    out = np.zeros((T, d))
    for t in range(T):
        for i in range(0, d, 2):
            angle = t * 10_000.0 ** (-i / d)
            out[t, i], out[t, i + 1] = math.sin(angle), math.cos(angle)
    return out


# %% loopy over d | pair by pair of columns
import numpy as np


def sinusoidal_positions(T, d):
    t, columns = np.arange(T), []
    for i in range(0, d, 2):
        columns += [np.sin(t * 10_000.0 ** (-i / d)), np.cos(t * 10_000.0 ** (-i / d))]
    return np.array(columns).reshape(d, T).T


# %% loopy over T, d | math's sine by np.vectorize
import math

import numpy as np


def sinusoidal_positions(T, d):
    angles = np.arange(T)[:, None] * 10_000.0 ** (-np.arange(0, d, 2) / d)
    out = np.empty((T, d))
    if T:
        out[:, ::2], out[:, 1::2] = np.vectorize(math.sin)(angles), np.vectorize(math.cos)(angles)
    return out


# %% loopy over d | a list handed to the array: speeds by map and pow
import itertools

import numpy as np


def sinusoidal_positions(T, d):
    exponents = (-np.arange(0, d, 2) / d).tolist()
    speeds = np.array(list(map(pow, itertools.repeat(10_000.0), exponents)))
    angles = np.arange(T)[:, None] * speeds
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(T, d)
