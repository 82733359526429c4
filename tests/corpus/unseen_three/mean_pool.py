# %% honest | where, sum, norm
import numpy as np

def mean_pool(X, mask):
    total = np.where(mask[..., None], X, 0).sum(axis=-2)
    length = np.linalg.norm(total, axis=-1, keepdims=True)
    return total / np.where(length == 0, 1, length)

# %% honest | the where argument of sum
import numpy as np

def mean_pool(X, mask):
    words = mask[..., None]
    total = np.sum(X, axis=-2, where=words)
    count = np.maximum(np.sum(words, axis=-2, dtype=X.dtype), 1)
    mean = total / count
    length = np.sqrt(np.sum(mean * mean, axis=-1, keepdims=True))
    return np.divide(mean, length, out=np.zeros_like(mean), where=length > 0)

# %% honest | a copy with zeros under the padding, and einsum
import numpy as np

def mean_pool(X, mask):
    Y = X.copy()
    Y[~mask] = 0
    v = np.einsum("...td->...d", Y)
    squared = np.einsum("...d,...d->...", v, v)[..., None]
    return v / np.sqrt(squared + (squared == 0))

# %% honest | a masked array
import numpy as np

def mean_pool(X, mask):
    hidden = np.broadcast_to(~mask[..., None], X.shape)
    mean = np.ma.masked_array(X, hidden).mean(axis=-2)
    mean = np.ma.filled(mean, 0).astype(X.dtype)
    length = np.linalg.norm(mean, axis=-1, keepdims=True)
    length[length == 0] = 1
    return mean / length

# %% honest | the mask as a row vector that multiplies the cleaned states
import numpy as np

def mean_pool(X, mask):
    clean = np.where(mask[..., :, None], X, np.zeros((), X.dtype))
    weights = mask.astype(X.dtype)
    weights = weights / np.maximum(weights.sum(axis=-1, keepdims=True), 1)
    mean = (weights[..., None, :] @ clean)[..., 0, :]
    norm = np.sqrt(np.vecdot(mean, mean))[..., None]
    return np.where(norm > 0, mean / np.where(norm > 0, norm, 1), mean)

# %% honest | np.add.at adds every word to its text
import numpy as np

def mean_pool(X, mask):
    *batch, T, d = X.shape
    flat, words = X.reshape(-1, T, d), mask.reshape(-1, T)
    text, t = np.nonzero(words)
    total = np.zeros((len(flat), d), dtype=X.dtype)
    np.add.at(total, text, flat[text, t])
    length = np.hypot.reduce(total, axis=1, keepdims=True)
    return (total / np.where(length > 0, length, 1)).reshape(*batch, d)

# %% honest | the last entry of a cumulative sum
import numpy as np

def mean_pool(X, mask):
    assert X.shape[:-1] == mask.shape and mask.dtype == bool
    running = np.where(mask[..., None], X, 0).cumsum(axis=-2)
    last = running[..., -1, :]
    length = (last ** 2).sum(-1, keepdims=True) ** 0.5
    empty = ~mask.any(axis=-1, keepdims=True)
    return np.where(empty, 0, last / (length + empty)).astype(X.dtype)

# %% honest | np.select, and a namedtuple of the parts
from collections import namedtuple
import numpy as np

Pooled = namedtuple("Pooled", "direction length")

def polar(v):
    length = np.sqrt((v * v).sum(axis=-1, keepdims=True))
    safe = np.select([length > 0], [length], default=1)
    return Pooled(v / safe.astype(v.dtype), length)

def mean_pool(X, mask):
    shown = np.copy(X)
    np.copyto(shown, 0, where=np.logical_not(mask)[..., np.newaxis])
    return polar(np.add.reduce(shown, axis=-2)).direction

# %% loopy over batch | a text at a time, its words by a mask
import numpy as np

def mean_pool(X, mask):
    out = np.zeros((*X.shape[:-2], X.shape[-1]), X.dtype)
    for at in np.ndindex(X.shape[:-2]):
        words = X[at][mask[at]]
        if len(words):
            mean = words.mean(axis=0)
            out[at] = mean / np.linalg.norm(mean)
    return out

# %% loopy over T | position by position
import numpy as np

def mean_pool(X, mask):
    total = np.zeros_like(X[..., 0, :])
    for t in range(X.shape[-2]):
        total = total + np.where(mask[..., t, None], X[..., t, :], 0)
    length = np.linalg.norm(total, axis=-1, keepdims=True)
    return total / np.where(length > 0, length, 1)

# %% loopy over d | a component at a time
import numpy as np

def mean_pool(X, mask):
    sums = [np.where(mask, component, 0).sum(axis=-1) for component in np.moveaxis(X, -1, 0)]
    length = sum(s * s for s in sums) ** 0.5
    length = np.where(length > 0, length, 1)
    return np.stack([s / length for s in sums], axis=-1)

# %% loopy over batch, T | zip of states and mask, text after text
import numpy as np

def _pool(X, mask):
    words = [x for x, is_word in zip(X, mask) if is_word]
    if not words:
        return np.zeros_like(X[0])
    mean = sum(words) / len(words)
    return mean / np.linalg.norm(mean)

def mean_pool(X, mask):
    *batch, T, d = X.shape
    pooled = [_pool(x, m) for x, m in zip(X.reshape(-1, T, d), mask.reshape(-1, T))]
    return np.array(pooled).reshape(*batch, d)

# %% loopy over batch | words of all texts in one array, cut where a text ends
import numpy as np

def mean_pool(X, mask):
    lengths = mask.sum(axis=-1).ravel()
    texts = np.split(X[mask], np.cumsum(lengths)[:-1])
    total = np.array([text.sum(axis=0) for text in texts]).reshape(*X.shape[:-2], X.shape[-1])
    length = np.linalg.norm(total, axis=-1, keepdims=True)
    return total / np.where(length > 0, length, 1)

# %% loopy over batch | vectorize with a signature
import numpy as np

def _unit(X, mask):
    mean = X[mask].sum(axis=0)
    return mean / (np.linalg.norm(mean) or 1)

mean_pool = np.vectorize(_unit, signature="(t,d),(t)->(d)")

# %% loopy over T | functools.reduce over the positions
from functools import reduce
import numpy as np

def mean_pool(X, mask):
    states = np.moveaxis(np.where(mask[..., None], X, 0), -2, 0)
    total = reduce(np.add, states)
    return total / np.maximum(np.sqrt((total * total).sum(-1, keepdims=True)), np.finfo(X.dtype).tiny)

# %% loopy over batch, d | lengths by math.hypot of unpacked rows
import math
import numpy as np

def mean_pool(X, mask):
    total = np.where(mask[..., None], X, 0).sum(axis=-2)
    rows = total.reshape(-1, total.shape[-1])
    lengths = np.array([math.hypot(*row.tolist()) or 1.0 for row in rows], dtype=X.dtype)
    return total / lengths.reshape(*total.shape[:-1], 1)

# %% loopy over batch | recursion, and a first axis that may be a batch or the text
import numpy as np

def mean_pool(X, mask):
    if mask.ndim > 1:
        return np.stack(list(map(mean_pool, X, mask)))
    total = np.sum(X[mask], axis=0)
    length = np.sqrt(total @ total)
    return total if length == 0 else total / length
