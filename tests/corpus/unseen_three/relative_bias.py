# %% honest | rows of the table's transpose
import numpy as np
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    steps = keys[None, :] - queries[:, None]
    return table.T[:, relative_buckets(steps, table.shape[0], span, back_only)]

# %% honest | table indexed by buckets, heads moved to the front
import numpy as np
from headway.arrays import outer_difference
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    back = outer_difference(queries, keys)
    buckets = relative_buckets(-back, len(table), span, back_only=back_only)
    return np.moveaxis(table[buckets], -1, 0)

# %% honest | a one-hot array of buckets times the table
import numpy as np
from headway.arrays import one_hot
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    n, H = table.shape
    steps = np.subtract.outer(keys, queries).T
    which = one_hot(relative_buckets(steps, n, span, back_only), n).astype(table.dtype)
    return np.einsum("qkn,nh->hqk", which, table)

# %% honest | take and transpose of a meshgrid
import numpy as np
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    q, k = np.meshgrid(queries, keys, indexing="ij")
    return np.take(table, relative_buckets(k - q, len(table), span, back_only), axis=0).transpose(2, 0, 1)

# %% honest | every distance that can occur once, then a lookup by the step
import numpy as np
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    first = keys.min() - queries.max()
    last = keys.max() - queries.min()
    line = table[relative_buckets(np.arange(first, last + 1), len(table), span, back_only)]   # (steps, H)
    return line.T[:, keys - queries[:, None] - first]

# %% honest | the buckets written out, inside a class with two methods
import numpy as np

class RelativeBias:
    def __init__(self, table, span, back_only):
        self.table, self.span, self.back_only = table, span, back_only
        self.side = len(table) if back_only else len(table) // 2
        assert all(size > 0 for size in table.shape)

    def buckets(self, steps):
        exact = self.side // 2
        a = np.clip(-steps, 0, None) if self.back_only else np.abs(steps)
        log = np.log(np.maximum(a, exact) / exact) / np.log(self.span / exact)
        far = np.minimum(exact + (log * (self.side - exact) + 1e-9).astype(int), self.side - 1)
        forward = 0 if self.back_only else np.where(steps > 0, self.side, 0)
        return forward + np.where(a < exact, a, far)

    def __call__(self, queries, keys):
        rows = self.buckets(keys[np.newaxis] - queries[:, np.newaxis])
        return np.ascontiguousarray(np.rollaxis(self.table[rows], 2))

def relative_bias(table, queries, keys, span=128, back_only=False):
    return RelativeBias(table, span, back_only)(queries, keys)

# %% honest | unique steps, their rows, and the inverse
import numpy as np
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    steps = keys - np.expand_dims(queries, 1)
    each, inverse = np.unique(steps, return_inverse=True)
    rows = table[relative_buckets(each, len(table), span, back_only)]
    return rows[inverse.reshape(-1)].reshape(*steps.shape, -1).swapaxes(1, 2).swapaxes(0, 1)

# %% honest | take_along_axis along the buckets of each head
import numpy as np
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    n, H = table.shape
    flat = relative_buckets((keys - queries[:, None]).ravel(), n, span, back_only)
    flat = np.broadcast_to(flat, (H, flat.size))
    return np.take_along_axis(table.T, flat, axis=1).reshape(H, len(queries), len(keys))

# %% loopy over Tq, Tk | pair after pair
import numpy as np
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    bias = np.zeros((table.shape[1], len(queries), len(keys)), table.dtype)
    for i, q in enumerate(queries):
        for j, k in enumerate(keys):
            bias[:, i, j] = table[relative_buckets(k - q, len(table), span, back_only)]
    return bias

# %% loopy over H | a plane for each head
import numpy as np
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    buckets = relative_buckets(keys - queries[:, None], len(table), span, back_only)
    return np.stack([column[buckets] for column in table.T])

# %% loopy over Tq | a row for each query
import numpy as np
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    rows = [table[relative_buckets(keys - q, len(table), span, back_only)].T for q in queries]
    return np.stack(rows, axis=1)

# %% loopy over Tk | a column for each key, by map
import numpy as np
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    def column(k):
        return table[relative_buckets(k - queries, len(table), span, back_only)]     # (Tq, H)

    return np.array([*map(column, keys)]).transpose(2, 1, 0)

# %% loopy over n | bucket after bucket, where it falls
import numpy as np
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    buckets = relative_buckets(keys - queries[:, None], len(table), span, back_only)
    bias = np.zeros((table.shape[1], *buckets.shape), table.dtype)
    for b in range(len(table)):
        bias += (buckets == b) * table[b, :, None, None]
    return bias

# %% loopy over Tq, Tk | a ufunc of Python, applied to all pairs by outer
import numpy as np
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    n = len(table)
    bucket = np.frompyfunc(lambda q, k: int(relative_buckets(np.array(k - q), n, span, back_only)), 2, 1)
    return np.moveaxis(table[bucket.outer(queries, keys).astype(int)], 2, 0)

# %% loopy over H, Tq, Tk | fromiter over a product
from itertools import product
import numpy as np
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    n, H = table.shape
    buckets = relative_buckets(keys - queries[:, None], n, span, back_only)
    numbers = (table[buckets[i, j], h] for h, i, j in product(range(H), range(len(queries)), range(len(keys))))
    return np.fromiter(numbers, table.dtype).reshape(H, *buckets.shape)

# %% loopy over n | np.select over a list with a condition for each bucket
import numpy as np
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    buckets = relative_buckets(keys - queries[:, None], len(table), span, back_only)
    conditions = [(buckets == b)[..., None] for b in range(len(table))]
    return np.select(conditions, list(table)).transpose(2, 0, 1)

# %% loopy over Tq, Tk | nested lists of buckets from a dict that is filled on the way
import numpy as np
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    found = {}

    def bucket(step):
        if step not in found:
            found[step] = int(relative_buckets(np.array([step]), len(table), span, back_only)[0])
        return found[step]

    buckets = np.array([[bucket(int(k) - int(q)) for k in keys] for q in queries])
    return table.T[:, buckets]

# %% loopy over Tq | recursion: half of the queries, and the other half
import numpy as np
from headway.positions import relative_buckets

def relative_bias(table, queries, keys, span=128, back_only=False):
    if len(queries) == 1:
        return table[relative_buckets(keys - queries, len(table), span, back_only)].T[:, None]
    halves = np.array_split(queries, 2)
    return np.concatenate([relative_bias(table, half, keys, span, back_only) for half in halves], axis=1)
