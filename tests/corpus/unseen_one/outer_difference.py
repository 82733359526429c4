# %% honest | expand_dims on both
import numpy as np

def outer_difference(x, y):
    column = np.expand_dims(x, -1)
    row = np.expand_dims(y, -2)
    return np.subtract(column, row)

# %% honest | one lambda
outer_difference = lambda x, y: x[..., None] - y[..., None, :]

# %% honest | a product with ones and minus ones (a matrix product of rank two)
import numpy as np

def outer_difference(x, y):
    # [x 1] [1 -y]^T
    m, n = x.shape[-1], y.shape[-1]
    dtype = np.result_type(x, y)
    L = np.stack([x, np.ones_like(x)], axis=-1)                   # (..., m, 2)
    R = np.stack([np.ones_like(y), -y], axis=-2)                  # (..., 2, n)
    D = (L @ R).astype(dtype, copy=False)
    assert D.shape[-2:] == (m, n), (D.shape, m, n)
    return D

# %% honest | shapes worked out by hand over the axes, then repeat and tile
import numpy as np

def broadcast_batch(a, b):
    """The common shape of two batch shapes, axis for axis from the right."""
    a, b = list(a), list(b)
    while len(a) < len(b):
        a.insert(0, 1)
    while len(b) < len(a):
        b.insert(0, 1)
    shape = []
    for i, j in zip(a, b):
        if i != j and 1 not in (i, j):
            raise ValueError("batch axes %r and %r do not meet" % (a, b))
        shape.append(j if i == 1 else i)
    return tuple(shape)

def outer_difference(x, y):
    batch = broadcast_batch(x.shape[:-1], y.shape[:-1])
    m, n = x.shape[-1], y.shape[-1]
    big_x = np.repeat(x, n, axis=-1).reshape(*x.shape[:-1], m, n)
    big_y = np.tile(y, m).reshape(*y.shape[:-1], m, n)
    return np.broadcast_to(big_x, batch + (m, n)) - np.broadcast_to(big_y, batch + (m, n))

# %% honest | a decorator that passes through, swapaxes instead of None
import functools
import numpy as np

def checked(f):
    @functools.wraps(f)
    def wrapper(x, y):
        if np.ndim(x) < 1 or np.ndim(y) < 1:
            raise TypeError(f"{f.__name__} wants at least one axis, got {np.shape(x)} and {np.shape(y)}")
        return f(np.asarray(x), np.asarray(y))
    return wrapper

@checked
def outer_difference(x, y):
    x = x.reshape(x.shape + (1,))
    y = y.reshape(y.shape + (1,)).swapaxes(-1, -2)
    return x - y

# %% honest | fromfunction: the indices of all pairs at once
import numpy as np

def outer_difference(x, y):
    return np.fromfunction(lambda i, j: x[..., i] - y[..., j], (x.shape[-1], y.shape[-1]), dtype=np.intp)

# %% honest | a namedtuple of two views and einsum with ones
from collections import namedtuple
import numpy as np

Sides = namedtuple("Sides", "left right")

def sides(x, y):
    ones = Sides(np.ones(x.shape[-1], x.dtype), np.ones(y.shape[-1], y.dtype))
    return Sides(np.einsum("...i,j->...ij", x, ones.right), np.einsum("...j,i->...ij", y, ones.left))

def outer_difference(x, y):
    s = sides(x, y)
    return s.left - s.right

# %% loopy over m, n | two loops, batch axes ride along
import numpy as np

def outer_difference(x, y):
    m = x.shape[-1]
    n = y.shape[-1]
    shape = np.broadcast_shapes(x.shape[:-1], y.shape[:-1])
    result = np.zeros((*shape, m, n), dtype=np.result_type(x, y))
    for i in range(m):
        for j in range(n):
            result[..., i, j] = x[..., i] - y[..., j]
    return result

# %% loopy over m | one row after the other, stacked
import numpy as np

def outer_difference(x, y):
    rows = []
    for i in range(x.shape[-1]):
        rows.append(x[..., i:i+1] - y)
    return np.stack(rows, axis=-2)

# %% loopy over n | columns in a comprehension
import numpy as np

def outer_difference(x, y):
    return np.stack([x - y[..., [j]] for j in range(y.shape[-1])], axis=-1)

# %% loopy over batch | subtract.outer for each row of the batch
import numpy as np

def outer_difference(x, y):
    shape = np.broadcast_shapes(x.shape[:-1], y.shape[:-1])
    xs = np.broadcast_to(x, shape + x.shape[-1:]).reshape(-1, x.shape[-1])
    ys = np.broadcast_to(y, shape + y.shape[-1:]).reshape(-1, y.shape[-1])
    out = np.array([np.subtract.outer(a, b) for a, b in zip(xs, ys)])
    return out.reshape(*shape, x.shape[-1], y.shape[-1])

# %% loopy over batch, m, n | itertools.product and starmap for each pair of rows
import itertools
import operator
import numpy as np

def outer_difference(x, y):
    dtype = np.result_type(x, y)
    shape = np.broadcast_shapes(x.shape[:-1], y.shape[:-1])
    xs = np.broadcast_to(x, shape + x.shape[-1:])
    ys = np.broadcast_to(y, shape + y.shape[-1:])
    out = np.empty((*shape, x.shape[-1], y.shape[-1]), dtype)
    for place in np.ndindex(shape):
        pairs = itertools.product(xs[place], ys[place])
        out[place] = np.fromiter(itertools.starmap(operator.sub, pairs), dtype).reshape(out.shape[-2:])
    return out

# %% loopy over batch, m, n | operator.sub as a ufunc by frompyfunc
import operator
import numpy as np

minus = np.frompyfunc(operator.sub, 2, 1)

def outer_difference(x, y):
    return minus(x[..., :, None], y[..., None, :]).astype(np.result_type(x, y))

# %% loopy over batch, m, n | Python objects in the arrays
import numpy as np

def outer_difference(x, y):
    exact_x = x.astype("O")[..., None]
    exact_y = y.astype("O")[..., None, :]
    return (exact_x - exact_y).astype(np.result_type(x, y))

# %% loopy over batch, m | vectorize over the entries of x, a whole row of y at a time
import numpy as np

def outer_difference(x, y):
    lag = np.vectorize(lambda a, row: a - row, signature="(),(n)->(n)")
    return lag(x, y[..., None, :])

# %% loopy over m | unstack, then functools.partial and map
from functools import partial
import numpy as np

def outer_difference(x, y):
    cols = np.unstack(x[..., None], axis=-2)
    return np.stack(list(map(partial(lambda b, a: a - b, y), cols)), axis=-2)

# %% loopy over m | recursion that halves x until one is left
import numpy as np

def outer_difference(x, y):
    m = x.shape[-1]
    if m <= 1:
        return (x - y)[..., None, :]
    half = m // 2
    top = outer_difference(x[..., :half], y)
    bottom = outer_difference(x[..., half:], y)
    return np.concatenate([top, bottom], axis=-2)

# %% loopy over m | blocks of 16 positions, to save memory
import numpy as np

BLOCK = 16

def outer_difference(x, y):
    shape = np.broadcast_shapes(x.shape[:-1], y.shape[:-1])
    m, n = x.shape[-1], y.shape[-1]
    out = np.empty((*shape, m, n), np.result_type(x, y))
    for start in range(0, m, BLOCK):
        stop = start + BLOCK
        out[..., start:stop, :] = x[..., start:stop, None] - y[..., None, :]
    return out
