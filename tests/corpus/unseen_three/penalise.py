# %% honest | fetched, made smaller, put back
import numpy as np

def penalise(Z, ids, theta):
    z = np.take_along_axis(Z, ids, axis=-1)
    out = Z.copy()
    np.put_along_axis(out, ids, np.where(z > 0, z / theta, z * theta), axis=-1)
    return out

# %% honest | compares all ids with all tokens
import numpy as np

def penalise(Z, ids, theta):
    V = Z.shape[-1]
    occurs = (ids[..., None] == np.arange(V)).any(axis=-2)      # (..., V)
    lower = np.where(Z > 0, Z / theta, Z * theta)
    return np.where(occurs, lower, Z)

# %% honest | np.add.at counts the tokens
import numpy as np

def penalise(Z, ids, theta):
    V = Z.shape[-1]
    counts = np.zeros((Z.size // V, V), dtype=int)
    rows = np.arange(len(counts))[:, None]
    np.add.at(counts, (rows, ids.reshape(len(counts), -1)), 1)
    said = counts.reshape(Z.shape) > 0
    out = Z.copy()
    out[said & (Z > 0)] /= theta
    out[said & (Z < 0)] *= theta
    return out

# %% honest | bincount of row and token in one number
import numpy as np

def penalise(Z, ids, theta):
    V = Z.shape[-1]
    texts = Z.size // V
    code = (ids.reshape(texts, -1) + V * np.arange(texts)[:, None]).ravel()
    occurs = np.bincount(code, minlength=Z.size).astype(bool).reshape(Z.shape)
    factor = np.where(Z > 0, 1 / theta, theta).astype(Z.dtype)
    return Z * np.where(occurs, factor, 1).astype(Z.dtype)

# %% honest | a mask by an index of open grids, positive and negative parts apart
import numpy as np

def penalise(Z, ids, theta):
    occurs = np.zeros(Z.shape, dtype=bool)
    leading = np.indices(ids.shape, sparse=True)[:-1]
    occurs[(*leading, ids)] = True
    positive, negative = np.maximum(Z, 0), np.minimum(Z, 0)
    return np.where(occurs, positive / theta + negative * theta, Z)

# %% honest | isin of flat places, and a power of theta with the sign of the score
import numpy as np

def penalise(Z, ids, theta):
    V = Z.shape[-1]
    rows = np.arange(Z.size // V).reshape(*Z.shape[:-1], 1)
    here = np.isin(np.arange(Z.size), rows * V + ids).reshape(Z.shape)
    # the exponent is -1 for positive scores, 1 for negative ones, and 0 where nothing is to be done
    return Z * theta ** np.where(here, -np.sign(Z), 0)

# %% honest | a class of processors with checks, applied in a loop over the two signs
import numpy as np

class RepetitionPenalty:
    def __init__(self, theta):
        if theta <= 0:
            raise ValueError("theta must be positive")
        self.rules = ((np.greater, 1 / theta), (np.less, theta))

    def __call__(self, Z, ids):
        assert ids.shape[:-1] == Z.shape[:-1]
        lower = Z.copy()
        for compare, factor in self.rules:
            np.multiply(Z, factor, out=lower, where=compare(Z, 0))
        mask = np.zeros_like(Z, dtype=np.int8)
        np.put_along_axis(mask, ids, 1, axis=-1)
        return np.choose(mask, [Z, lower])

def penalise(Z, ids, theta):
    return RepetitionPenalty(theta)(Z, ids)

# %% honest | sorted ids and a search of row and token among them
import numpy as np

def penalise(Z, ids, theta):
    V = Z.shape[-1]
    texts = Z.size // V
    said = np.unique(ids.reshape(texts, -1) + V * np.arange(texts)[:, np.newaxis])
    flat = Z.flatten()
    z = flat[said]
    flat[said] = np.where(z < 0, z * theta, z / theta)
    return flat.reshape(Z.shape)

# %% loopy over batch | a row of scores and the unique ids of its text
import numpy as np

def penalise(Z, ids, theta):
    V, T = Z.shape[-1], ids.shape[-1]
    out = Z.copy().reshape(-1, V)
    for row, text in zip(out, ids.reshape(len(out), T)):
        tokens = np.unique(text)
        z = row[tokens]
        row[tokens] = np.where(z > 0, z / theta, z * theta)
    return out.reshape(Z.shape)

# %% loopy over T | position after position, always from the first scores
import numpy as np

def penalise(Z, ids, theta):
    out = Z.copy()
    for t in range(ids.shape[-1]):
        token = ids[..., t, None]
        z = np.take_along_axis(Z, token, axis=-1)
        np.put_along_axis(out, token, np.where(z > 0, z / theta, z * theta), axis=-1)
    return out

# %% loopy over V | token after token: does it occur
import numpy as np

def penalise(Z, ids, theta):
    out = Z.copy()
    for v in range(Z.shape[-1]):
        said = (ids == v).any(axis=-1)
        z = Z[..., v]
        out[..., v] = np.where(said, np.where(z > 0, z / theta, z * theta), z)
    return out

# %% loopy over batch, T | two loops, texts and their tokens
import numpy as np

def penalise(Z, ids, theta):
    out = Z.copy()
    for at in np.ndindex(Z.shape[:-1]):
        for token in ids[at]:
            z = Z[at][token]
            out[at][token] = z / theta if z > 0 else z * theta
    return out

# %% loopy over batch, V | membership of each token in a text, in lists
import numpy as np

def penalise(Z, ids, theta):
    V, T = Z.shape[-1], ids.shape[-1]
    rows = Z.reshape(-1, V)
    texts = [frozenset(text.tolist()) for text in ids.reshape(len(rows), T)]

    def one(z, said):
        if not said:
            return z
        return z / theta if z > 0 else z * theta

    lower = [[one(z, v in text) for v, z in enumerate(row)] for row, text in zip(rows.tolist(), texts)]
    return np.array(lower, dtype=Z.dtype).reshape(Z.shape)

# %% loopy over batch | recursion over the axes
import numpy as np

def penalise(Z, ids, theta):
    if Z.ndim > 1:
        return np.stack([penalise(z, text, theta) for z, text in zip(Z, ids)])
    lower = Z.copy()
    lower[ids] = np.where(Z > 0, Z / theta, Z * theta)[ids]
    return lower

# %% loopy over T | a mask by reduce over the positions
from functools import reduce
import numpy as np

def penalise(Z, ids, theta):
    tokens = np.arange(Z.shape[-1])
    nowhere = np.zeros(Z.shape, bool)
    occurs = reduce(lambda mask, token: mask | (token[..., None] == tokens), np.moveaxis(ids, -1, 0), nowhere)
    return np.where(occurs, np.where(Z > 0, Z / theta, Z * theta), Z)

# %% loopy over batch | vectorize over rows and texts
import numpy as np

def _lower(z, ids, theta):
    z = z.copy()
    said = np.isin(np.arange(z.size), ids)
    z[said] = np.where(z[said] > 0, z[said] / theta, z[said] * theta)
    return z

penalise = np.vectorize(_lower, signature="(v),(t),()->(v)")

# %% loopy over batch, T | a dict with a set of the tokens of each row
from collections import defaultdict
import numpy as np

def penalise(Z, ids, theta):
    V = Z.shape[-1]
    out = Z.reshape(-1, V).copy()
    said = defaultdict(set)
    for row, text in enumerate(ids.reshape(len(out), ids.shape[-1])):
        for token in text:
            said[row].add(int(token))
    for row, tokens in said.items():
        tokens = list(tokens)
        z = out[row, tokens]
        out[row, tokens] = np.where(z > 0, z / theta, z * theta)
    return out.reshape(Z.shape)
