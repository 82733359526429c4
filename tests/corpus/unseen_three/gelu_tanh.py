# %% honest | the formula with x taken out of the bracket
import numpy as np

def gelu_tanh(X):
    inner = (2 / np.pi) ** 0.5 * X * (1 + 0.044715 * X * X)
    return X / 2 * (1 + np.tanh(inner))

# %% honest | results written into one buffer
import math
import numpy as np

ROOT = math.sqrt(2 / math.pi)

def gelu_tanh(X):
    out = np.empty_like(X)
    np.multiply(X, X, out=out)
    np.multiply(out, 0.044715, out=out)
    np.add(out, 1, out=out)
    np.multiply(out, X, out=out)
    np.multiply(out, ROOT, out=out)
    np.tanh(out, out=out)
    np.add(out, 1, out=out)
    np.multiply(out, X, out=out)
    np.multiply(out, 0.5, out=out)
    return out

# %% honest | tanh as a logistic function whose exponent is never positive
import numpy as np

def gelu_tanh(X):
    y = 2 * (2 / np.pi) ** 0.5 * (X + 0.044715 * X * X * X)
    e = np.exp(-np.abs(y))                       # at most 1
    logistic = np.where(y >= 0, 1, e) / (1 + e)
    return X * logistic

# %% honest | a polynomial by polyval with coefficients of the dtype
import numpy as np
from numpy.polynomial.polynomial import polyval

def gelu_tanh(X):
    c = np.array([0, 1, 0, 0.044715]) * np.sqrt(2 / np.pi)
    return 0.5 * X * (1 + np.tanh(polyval(X, c.astype(X.dtype))))

# %% honest | functools.reduce over a handful of steps
from functools import reduce
import numpy as np

def gelu_tanh(X):
    steps = [
        lambda Y: Y * Y,
        lambda Y: 1 + 0.044715 * Y,
        lambda Y: Y * X,
        lambda Y: Y * (2 / np.pi) ** 0.5,
        np.tanh,
        lambda Y: (1 + Y) / 2,
        lambda Y: Y * X,
    ]
    return reduce(lambda value, step: step(value), steps, X)

# %% honest | a callable class with a cubic term that can be set
import numpy as np

class TanhGelu:
    def __init__(self, cubic=0.044715):
        self.cubic = cubic
        self.factor = float(np.sqrt(2 / np.pi))

    def gate(self, X):
        return 0.5 + 0.5 * np.tanh(self.factor * (X + self.cubic * (X * X * X)))

    def __call__(self, X):
        return X * self.gate(X)

_gelu = TanhGelu()

def gelu_tanh(X):
    return _gelu(X)

# %% honest | the flat array in four blocks, so that less memory is touched at a time
import numpy as np

def gelu_tanh(X):
    flat = X.ravel()
    out = np.empty_like(flat)
    quarter = -(-flat.size // 4)
    for block in range(4):
        at = slice(block * quarter, (block + 1) * quarter)
        x = flat[at]
        out[at] = x / 2 * (1 + np.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x * x * x)))
    return out.reshape(X.shape)

# %% honest | tails by masks, the middle by the formula
import numpy as np

def gelu_tanh(X):
    out = np.array(np.maximum(X, 0))             # far out everything or nothing passes
    middle = np.abs(X) < 20
    x = X[middle]
    out[middle] = 0.5 * x * (1 + np.tanh((2 / np.pi) ** 0.5 * x * (1 + 0.044715 * np.square(x))))
    return out

# %% loopy over batch | np.vectorize of the formula with math
import math
import numpy as np

def _gelu(x):
    return x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))

def gelu_tanh(X):
    return np.vectorize(_gelu, otypes=[X.dtype])(X)

# %% loopy over batch | frompyfunc
import math
import numpy as np

_tanh = np.frompyfunc(math.tanh, 1, 1)

def gelu_tanh(X):
    inner = (2 / np.pi) ** 0.5 * X * (1 + 0.044715 * X * X)
    return 0.5 * X * (1 + np.asarray(_tanh(inner)).astype(X.dtype))

# %% loopy over batch | a comprehension over the flat list
import math
import numpy as np

def gelu_tanh(X):
    c = math.sqrt(2 / math.pi)
    passed = [0.5 * x * (1 + math.tanh(c * x * (1 + 0.044715 * x * x))) for x in X.ravel().tolist()]
    return np.array(passed, dtype=X.dtype).reshape(X.shape)

# %% loopy over batch | nditer with an output operand
import math
import numpy as np

def gelu_tanh(X):
    with np.nditer([X, None], op_flags=[["readonly"], ["writeonly", "allocate"]]) as it:
        for x, y in it:
            z = float(x)
            y[...] = z / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z * z * z)))
        return it.operands[1]

# %% loopy over batch | fromiter over a map
import math
import numpy as np

def gelu_tanh(X):
    inner = (2 / np.pi) ** 0.5 * (X + 0.044715 * X * X * X)
    gate = np.fromiter(map(math.tanh, inner.ravel()), dtype=X.dtype, count=X.size)
    return 0.5 * X * (1 + gate.reshape(X.shape))

# %% loopy over batch | recursion until a number is left
import numpy as np

def gelu_tanh(X):
    if X.ndim > 0:
        return np.array([gelu_tanh(x) for x in X], dtype=X.dtype)
    return 0.5 * X * (1 + np.tanh((2 / np.pi) ** 0.5 * (X + 0.044715 * X * X * X)))

# %% loopy over batch | an object array, whose numbers are Python's
import math
import numpy as np

def gelu_tanh(X):
    x = np.asarray(X.astype(object))
    y = math.sqrt(2 / math.pi) * x * (1 + 0.044715 * x * x)
    e = math.e ** (-2 * abs(y))
    tanh = np.where(X < 0, -1, 1) * (1 - e) / (1 + e)
    return np.asarray(x / 2 * (1 + tanh)).astype(X.dtype)

# %% loopy over batch | ndenumerate fills a copy
import numpy as np

def gelu_tanh(X):
    Y = X.copy()
    for place, x in np.ndenumerate(X):
        Y[place] = x * (0.5 + 0.5 * np.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x * x * x)))
    return Y

# %% loopy over batch | a dict as a cache of numbers that came before
import math
import numpy as np

CACHE = {}

def gelu_tanh(X):
    def one(x):
        if x not in CACHE:
            CACHE[x] = x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))
        return CACHE[x]

    CACHE.clear()
    Y = np.empty(X.size, X.dtype)
    for i, x in enumerate(X.flat):
        Y[i] = one(float(x))
    return Y.reshape(X.shape)

# %% loopy over batch | apply_along_axis over an axis of size 1
import numpy as np

def _passed(x):
    return 0.5 * x * (1 + np.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x * x * x)))

def gelu_tanh(X):
    return np.apply_along_axis(_passed, -1, X[..., None])[..., 0]
