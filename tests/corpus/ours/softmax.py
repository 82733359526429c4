# %% honest | in one line
import numpy as np


def softmax(Z):
    return np.exp(Z - Z.max(-1, keepdims=True)) / np.exp(Z - Z.max(-1, keepdims=True)).sum(-1, keepdims=True)


# %% honest | parts in a dict, and a loop over a fixed list of names
import numpy as np


def softmax(Z):
    parts = {"scores": Z}
    for name in ("shifted", "powers", "shares"):
        if name == "shifted":
            parts[name] = parts["scores"] - parts["scores"].max(axis=-1, keepdims=True)
        elif name == "powers":
            parts[name] = np.exp(parts["shifted"])
        else:
            parts[name] = parts["powers"] / parts["powers"].sum(axis=-1, keepdims=True)
    return parts["shares"]


# %% honest | stages as frozen dataclasses
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Shifted:
    Z: np.ndarray

    @classmethod
    def of(cls, Z):
        return cls(Z - Z.max(axis=-1, keepdims=True))

    @property
    def powers(self):
        return np.exp(self.Z)


def softmax(Z):
    E = Shifted.of(Z).powers
    return E / E.sum(axis=-1, keepdims=True)


# %% honest | a namedtuple, a decorator that passes through, assertions
import functools
from collections import namedtuple

import numpy as np

Parts = namedtuple("Parts", "powers total")


def checked(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        result = function(*args, **kwargs)
        assert result.shape == args[0].shape if args else True
        return result

    return inner


@checked
def softmax(Z):
    assert all(size >= 0 for size in Z.shape), f"odd sizes in {Z.shape}"
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    parts = Parts(E, E.sum(axis=-1, keepdims=True))
    return parts.powers / parts.total


# %% honest | composed of functions in a tuple
import functools

import numpy as np

STEPS = (
    lambda Z: Z - Z.max(axis=-1, keepdims=True),
    np.exp,
    lambda E: E / E.sum(axis=-1, keepdims=True),
)


def softmax(Z):
    return functools.reduce(lambda A, step: step(A), STEPS, Z)


# %% honest | ufuncs with out, and logaddexp.reduce
import numpy as np


def softmax(Z):
    total = np.logaddexp.reduce(Z, axis=-1, keepdims=True)
    out = np.subtract(Z, total)
    return np.exp(out, out=out)


# %% honest | sums by a product with ones
import numpy as np


def softmax(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    ones = np.ones((Z.shape[-1], 1), dtype=Z.dtype)
    return E / (E @ ones)


# %% honest | flattened to a matrix and back, printing its shape
import numpy as np


def softmax(Z):
    print("softmax of", Z.shape, Z.dtype)
    rows = Z.reshape(-1, Z.shape[-1])
    E = np.exp(rows - np.amax(rows, axis=1)[:, np.newaxis])
    return (E / np.sum(E, axis=1)[:, np.newaxis]).reshape(*Z.shape)


# %% honest | by moving the axis to the front
import numpy as np


def softmax(Z):
    rows = np.moveaxis(Z, -1, 0)
    E = np.exp(rows - rows.max(axis=0))
    return np.moveaxis(E / E.sum(axis=0), 0, -1)


# %% loopy over batch | a list of rows
import numpy as np


def softmax(Z):
    rows = []
    for z in Z.reshape(-1, Z.shape[-1]):
        e = np.exp(z - z.max())
        rows.append(e / e.sum())
    return np.array(rows, dtype=Z.dtype).reshape(Z.shape)


# %% loopy over batch | np.apply_along_axis
import numpy as np


def softmax(Z):
    def one(z):
        e = np.exp(z - z.max())
        return e / e.sum()

    return np.apply_along_axis(one, -1, Z)


# %% loopy over batch | np.vectorize with a signature
import numpy as np


def softmax(Z):
    def one(z):
        e = np.exp(z - z.max())
        return e / e.sum()

    return np.vectorize(one, signature="(n)->(n)")(Z)


# %% loopy over batch, n | frompyfunc of math.exp, over object arrays
import math

import numpy as np


def softmax(Z):
    power = np.frompyfunc(math.exp, 1, 1)
    E = power(Z - Z.max(axis=-1, keepdims=True)).astype(Z.dtype)
    return E / E.sum(axis=-1, keepdims=True)


# %% loopy over batch, n | map of a C function over a flat list
import math

import numpy as np


def softmax(Z):
    shifted = (Z - Z.max(axis=-1, keepdims=True)).ravel()
    E = np.array(list(map(math.exp, shifted)), dtype=Z.dtype).reshape(Z.shape)
    return E / E.sum(axis=-1, keepdims=True)


# %% loopy over n | the builtins max and sum along the last axis
import numpy as np


def softmax(Z):
    columns = np.moveaxis(Z, -1, 0)
    total = sum(np.exp(columns - Z.max(axis=-1)))
    return np.exp(Z - Z.max(axis=-1, keepdims=True)) / total[..., None]


# %% loopy over n | functools.reduce of np.add
import functools

import numpy as np


def softmax(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    total = functools.reduce(np.add, np.moveaxis(E, -1, 0))
    return E / total[..., None]


# %% loopy over n | recursion that takes one column off
import numpy as np


def total(E):
    return E[..., 0] if E.shape[-1] == 1 else E[..., 0] + total(E[..., 1:])


def softmax(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / total(E)[..., None]


# %% loopy over batch | a generator given to np.concatenate through a list
import numpy as np


def rows(Z):
    for z in Z.reshape(-1, Z.shape[-1]):
        e = np.exp(z - z.max())
        yield e / e.sum()


def softmax(Z):
    return np.concatenate([*rows(Z)]).reshape(Z.shape)


# %% loopy over batch | a class whose rows are computed by __getitem__
import numpy as np


class Rows:
    def __init__(self, Z):
        self.Z = Z.reshape(-1, Z.shape[-1])

    def __len__(self):
        return len(self.Z)

    def __getitem__(self, i):
        e = np.exp(self.Z[i] - self.Z[i].max())
        return e / e.sum()


def softmax(Z):
    return np.stack(list(Rows(Z))).reshape(Z.shape)


# %% loopy over batch, n | tolist and nested comprehensions of floats
import math

import numpy as np


def softmax(Z):
    rows = Z.reshape(-1, Z.shape[-1]).tolist()
    powers = [[math.exp(z - max(row)) for z in row] for row in rows]
    return np.array([[p / sum(row) for p in row] for row in powers], dtype=Z.dtype).reshape(Z.shape)


# %% loopy over batch, n | object arrays, added by Python's floats
import numpy as np


def softmax(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True)).astype(object)
    return (E / E.sum(axis=-1, keepdims=True)).astype(Z.dtype)


# %% loopy over batch | a decorator that applies a function row by row
import numpy as np


def row_by_row(function):
    def inner(Z):
        flat = Z.reshape(-1, Z.shape[-1])
        out = np.empty_like(flat)
        for i in range(len(flat)):
            out[i] = function(flat[i])
        return out.reshape(Z.shape)

    return inner


@row_by_row
def softmax(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum()


# %% loopy over batch | map of np.exp over the rows, no Python function in it
import numpy as np


def softmax(Z):
    rows = (Z - Z.max(axis=-1, keepdims=True)).reshape(-1, Z.shape[-1])
    E = np.stack(tuple(map(np.exp, rows))).reshape(Z.shape)
    return E / E.sum(axis=-1, keepdims=True)


# %% loopy over n | itertools.accumulate of np.add
import itertools

import numpy as np


def softmax(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    *_, total = itertools.accumulate(np.moveaxis(E, -1, 0), np.add)
    return E / total[..., None]


# %% loopy over n | a deque that eats a map
from collections import deque

import numpy as np


def softmax(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    total = np.zeros(Z.shape[:-1], dtype=Z.dtype)
    deque(map(total.__iadd__, np.moveaxis(E, -1, 0)), maxlen=0)
    return E / total[..., None]


# %% loopy over batch | starmap of np.subtract over pairs
import itertools

import numpy as np


def softmax(Z):
    rows = Z.reshape(-1, Z.shape[-1])
    shifted = np.stack(list(itertools.starmap(np.subtract, zip(rows, rows.max(axis=-1)))))
    E = np.exp(shifted).reshape(Z.shape)
    return E / E.sum(axis=-1, keepdims=True)
