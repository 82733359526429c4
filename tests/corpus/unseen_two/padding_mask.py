# %% honest | broadcasting with two new axes
import numpy as np

def padding_mask(lengths, T):
    lengths = np.asarray(lengths)
    return np.arange(T) < lengths[..., np.newaxis, np.newaxis]

# %% honest | expand_dims with a tuple of axes
import numpy as np

def padding_mask(lengths, T):
    return np.expand_dims(lengths, (-2, -1)) > np.arange(T)

# %% honest | np.greater.outer and a new axis
import numpy as np

def padding_mask(lengths, T):
    words = np.greater.outer(lengths, np.arange(T))     # (..., T)
    return words[..., None, :]

# %% honest | rows of a triangular matrix, picked by the length
import numpy as np

def padding_mask(lengths, T):
    rows = np.tri(T + 1, T, -1, dtype=bool)     # row n: n times True
    return rows[lengths][..., None, :]

# %% honest | marks where padding begins and cumulates
import numpy as np

def padding_mask(lengths, T):
    flat = lengths.reshape(-1)
    ends = np.zeros((flat.size, T + 1), dtype=int)
    ends[np.arange(flat.size), flat] = 1
    padded = ends.cumsum(axis=1)[:, :T]
    return (padded == 0).reshape(*lengths.shape, 1, T)

# %% honest | a wordy version with asserts and repeat
import numpy as np

def padding_mask(lengths, T):
    assert np.all(lengths >= 0), "a length cannot be negative"
    assert np.all(lengths <= T), "a text is longer than T"
    batch_shape = [int(size) for size in lengths.shape]
    positions = np.broadcast_to(np.arange(T), (*batch_shape, T))
    repeated = np.repeat(lengths[..., None], T, axis=-1)
    mask = positions < repeated
    return mask.reshape(*batch_shape, 1, T)

# %% loopy over batch, T | comprehension in a comprehension
import numpy as np

def padding_mask(lengths, T):
    flat = lengths.reshape(-1)
    mask = [[t < n for t in range(T)] for n in flat]
    return np.array(mask).reshape(lengths.shape + (1, T))

# %% loopy over batch | ndindex and a slice
import numpy as np

def padding_mask(lengths, T):
    mask = np.zeros((*lengths.shape, 1, T), dtype=bool)
    for i in np.ndindex(lengths.shape):
        mask[i][0, :lengths[i]] = True
    return mask

# %% loopy over T | position by position
import numpy as np

def padding_mask(lengths, T):
    columns = []
    for t in range(T):
        columns.append(t < lengths)
    return np.stack(columns, axis=-1)[..., None, :]

# %% loopy over batch | strings of ones, left-justified
import numpy as np

def padding_mask(lengths, T):
    words = "".join(("1" * n).ljust(T, "0") for n in lengths.ravel().tolist())
    return (np.frombuffer(words.encode(), np.uint8) == ord("1")).reshape(*lengths.shape, 1, T)

# %% loopy over batch | map with partial over the lengths
from functools import partial
import numpy as np

def padding_mask(lengths, T):
    positions = np.arange(T)
    rows = map(partial(np.less, positions), lengths.flat)
    return np.array([*rows]).reshape(*lengths.shape, 1, T)

# %% loopy over batch | vectorize with a signature to a row
import numpy as np

def padding_mask(lengths, T):
    row = np.vectorize(lambda n: np.arange(T) < n, signature="()->(t)", otypes=[bool])
    return row(lengths)[..., None, :]

# %% loopy over batch | apply_along_axis over a last axis of size 1
import numpy as np

def padding_mask(lengths, T):
    t = np.arange(T)
    return np.apply_along_axis(lambda n: t < n, -1, np.asarray(lengths)[..., None, None])

# %% loopy over batch | nditer with external operands
import numpy as np

def padding_mask(lengths, T):
    out = np.zeros((lengths.size, 1, T), bool)
    with np.nditer(lengths, flags=["c_index"]) as it:
        while not it.finished:
            out[it.index, 0, :int(it[0])] = True
            it.iternext()
    return out.reshape(*lengths.shape, 1, T)

# %% loopy over batch | recursion over the axes of lengths
import numpy as np

def padding_mask(lengths, T):
    if np.ndim(lengths) == 0:
        return np.arange(T)[None, :] < lengths
    return np.array([padding_mask(part, T) for part in lengths])

# %% honest | counts down the lengths with subtract.outer and sign
import numpy as np

def padding_mask(lengths, T):
    left = np.subtract.outer(lengths, np.arange(T))
    return np.sign(left)[..., None, :] == 1

# %% honest | a loop that adds two axes
import numpy as np

def padding_mask(lengths, T):
    ends = np.asarray(lengths)
    for _ in range(2):
        ends = ends[..., None]
    return np.arange(T) < ends

# %% loopy over batch | a beginner's loop with append and flatten
import numpy as np

def padding_mask(lengths, T):
    masks = []
    for n in lengths.flatten():
        row = np.zeros(T)
        row[:n] = 1
        masks.append(row == 1)
    masks = np.array(masks)
    return masks.reshape(list(lengths.shape) + [1, T])

# %% loopy over batch | Python integers as bit fields, unpacked by numpy
import numpy as np

def padding_mask(lengths, T):
    size = (T + 7) // 8
    raw = b"".join(((1 << n) - 1).to_bytes(size, "little") for n in lengths.reshape(-1).tolist())
    bits = np.unpackbits(np.frombuffer(raw, np.uint8).reshape(-1, size), axis=1, bitorder="little", count=T)
    return bits.astype(bool).reshape(*lengths.shape, 1, T)
