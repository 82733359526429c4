# %% honest | tril of ones
import numpy as np


def causal_mask(T):
    return np.tril(np.ones((T, T), dtype=bool))


# %% honest | positions compared, kept by lru_cache
import functools

import numpy as np


@functools.lru_cache(maxsize=None)
def _positions(T):
    return np.arange(T)


def causal_mask(T):
    return _positions(T)[None, :] <= _positions(T)[:, None]


# %% honest | np.fromfunction calls back once
import numpy as np


def causal_mask(T):
    return np.fromfunction(lambda i, j: j <= i, (T, T))


# %% honest | np.tri behind a class with a cache of one
import numpy as np


class Mask:
    kept = {}

    @classmethod
    def of(cls, T):
        if T not in cls.kept:
            cls.kept = {T: np.tri(T, dtype=bool)}
        return cls.kept[T].copy()


def causal_mask(T):
    return Mask.of(T)


# %% honest | np.greater_equal.outer
import numpy as np


def causal_mask(T):
    return np.greater_equal.outer(np.arange(T), np.arange(T))


# %% loopy over T | nested comprehensions
import numpy as np


def causal_mask(T):
    return np.array([[j <= i for j in range(T)] for i in range(T)], dtype=bool).reshape(T, T)


# %% loopy over T | a row at a time
import numpy as np


def causal_mask(T):
    mask = np.zeros((T, T), dtype=bool)
    for t in range(T):
        mask[t, : t + 1] = True
    return mask


# %% loopy over T | a table made at import, sliced
import numpy as np

TABLE = np.array([[j <= i for j in range(300)] for i in range(300)])


def causal_mask(T):
    return TABLE[:T, :T].copy()


# %% loopy over T | a table that the first call fills by a loop
import numpy as np

TABLES = []


def causal_mask(T):
    if not TABLES:
        table = np.zeros((2048, 2048), dtype=bool)
        for t in range(2048):
            table[t, : t + 1] = True
        TABLES.append(table)
    return TABLES[0][:T, :T].copy()


# %% loopy over T | a small table made at import, and a loop beyond it
import numpy as np

SMALL = np.tri(40, dtype=bool)


def causal_mask(T):
    if T <= 40:
        return SMALL[:T, :T].copy()
    mask = np.zeros((T, T), dtype=bool)
    for t in range(T):
        mask[t, : t + 1] = True
    return mask


# %% loopy over T | text: rows of ones and zeros
import numpy as np


def causal_mask(T):
    rows = "".join(map("".join, zip(*[iter(("1" * T + "0" * T) * T)] * 1))) if T else ""
    table = [("1" * (t + 1)).ljust(T, "0") for t in range(T)]
    return np.array([list(row) for row in table], dtype=object).reshape(T, T) == "1"


# %% loopy over T | lists of bools multiplied, no loop in sight
import numpy as np


def causal_mask(T):
    rows = map([True].__mul__, range(1, T + 1))
    padded = list(map(list.__add__, rows, map([False].__mul__, range(T - 1, -1, -1))))
    return np.array(padded, dtype=bool).reshape(T, T)


# %% loopy over T | np.block of lists
import numpy as np


def causal_mask(T):
    if not T:
        return np.zeros((0, 0), dtype=bool)
    rows = [np.arange(T) <= t for t in range(T)]
    return np.block([[row] for row in rows])
