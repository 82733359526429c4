# %% honest | distance from the last place without a pair, odd ones merge
import numpy as np

def merge_pair(ids, left, right, new):
    n = len(ids)
    pair = np.zeros(n, dtype=bool)
    pair[:-1] = (ids[:-1] == left) & (ids[1:] == right)
    t = np.arange(n)
    last_without = np.maximum.accumulate(np.where(pair, -1, t))
    chosen = pair & ((t - last_without) % 2 == 1)
    out = np.where(chosen, new, ids)
    keep = np.ones(n, dtype=bool)
    keep[1:] = ~chosen[:-1]
    return out[keep]

# %% honest | run_lengths of the course does the counting
import numpy as np
from headway.arrays import run_lengths

def merge_pair(ids, left, right, new):
    here = np.append((ids[:-1] == left) & (ids[1:] == right), False)
    first = here & (run_lengths(here.astype(int)) % 2 == 1)
    merged = np.where(first, new, ids)
    return np.delete(merged, np.flatnonzero(first) + 1)

# %% honest | two cases: equal ids by runs, different ids at once
import numpy as np

def merge_pair(ids, left, right, new):
    at = np.flatnonzero((ids[:-1] == left) & (ids[1:] == right))
    if left == right and at.size:
        group = np.cumsum(np.diff(at, prepend=at[0] - 2) > 1)            # runs of overlapping pairs
        first = at[np.searchsorted(group, group)]
        at = at[(at - first) % 2 == 0]
    out = ids.copy()
    out[at] = new
    gone = np.zeros(ids.size, bool)
    gone[at + 1] = True
    return out[~gone]

# %% loopy over n | a while with an index, as in every BPE tutorial
import numpy as np

def merge_pair(ids, left, right, new):
    out = []
    i = 0
    while i < len(ids):
        if i < len(ids) - 1 and ids[i] == left and ids[i + 1] == right:
            out.append(new)
            i += 2
        else:
            out.append(ids[i])
            i += 1
    return np.array(out, dtype=ids.dtype)

# %% loopy over n | finds the next pair, merges it, until there is none
import numpy as np

def merge_pair(ids, left, right, new):
    start = 0
    while True:
        found = np.flatnonzero((ids[start:-1] == left) & (ids[start + 1:] == right))
        if found.size == 0:
            return ids.copy()
        i = start + found[0]
        ids = np.concatenate([ids[:i], [new], ids[i + 2:]]).astype(ids.dtype)
        start = i + 1

# %% loopy over n | str.replace on the text of characters
import numpy as np

def merge_pair(ids, left, right, new):
    text = "".join(map(chr, ids))
    text = text.replace(chr(left) + chr(right), chr(new))
    return np.array([ord(c) for c in text], dtype=ids.dtype)

# %% loopy over n | UTF-32 bytes by numpy, but str.replace walks over the text
import numpy as np

def merge_pair(ids, left, right, new):
    text = ids.astype("<u4").tobytes().decode("utf-32-le")
    text = text.replace(chr(left) + chr(right), chr(new))
    return np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(ids.dtype)

# %% loopy over n | reduce over the ids with a list as the accumulator
from functools import reduce

import numpy as np

def merge_pair(ids, left, right, new):
    def step(done, i):
        if done and done[-1] == left and i == right:
            done[-1] = new
        else:
            done.append(i)
        return done
    return np.array(reduce(step, ids.tolist(), []), dtype=ids.dtype)

# %% loopy over n | numpy finds the pairs, a loop drops the overlapping ones
import numpy as np

def merge_pair(ids, left, right, new):
    starts = np.flatnonzero((ids[:-1] == left) & (ids[1:] == right))
    if left == right:
        kept, last = [], -2
        for s in starts:
            if s > last + 1:
                kept.append(s)
                last = s
        starts = np.array(kept, dtype=int)
    out = ids.copy()
    out[starts] = new
    return np.delete(out, starts + 1)
