# %% honest | parity of the place within a stretch of overlapping pairs
import numpy as np


def merge_pair(ids, left, right, new):
    here = np.zeros(len(ids), dtype=bool)
    here[:-1] = (ids[:-1] == left) & (ids[1:] == right)
    t = np.arange(len(ids))
    before = np.maximum.accumulate(np.where(here, -1, t))
    merged = here & ((t - before) % 2 == 1)
    keep = np.ones(len(ids), dtype=bool)
    keep[1:] = ~merged[:-1]
    return np.where(merged, new, ids)[keep]


# %% honest | two branches, each without a loop
import numpy as np


def merge_pair(ids, left, right, new):
    here = np.append((ids[:-1] == left) & (ids[1:] == right), False)
    if left == right:
        t = np.arange(ids.size)
        start = np.maximum.accumulate(np.where(here & ~np.append(False, here[:-1]), t, 0))
        here &= (t - start) % 2 == 0
    out = np.where(here, new, ids)
    return out[~np.append(False, here[:-1])]


# %% loopy over n | a pointer that walks
import numpy as np


def merge_pair(ids, left, right, new):
    out, i = [], 0
    while i < len(ids):
        if i + 1 < len(ids) and ids[i] == left and ids[i + 1] == right:
            out.append(new)
            i += 2
        else:
            out.append(ids[i])
            i += 1
    return np.array(out, dtype=ids.dtype)


# %% loopy over n | as text, replaced by Python's str
import numpy as np


def merge_pair(ids, left, right, new):
    text = ids.astype(np.uint32).view(f"<U{len(ids)}")[0]
    text = np.array([text.replace(chr(left) + chr(right), chr(new))])
    return text.view(np.uint32).astype(ids.dtype)


# %% loopy over n | as text by map and chr
import numpy as np


def merge_pair(ids, left, right, new):
    text = "".join(map(chr, ids)).replace(chr(left) + chr(right), chr(new))
    return np.array(list(map(ord, text)), dtype=ids.dtype)


# %% loopy over n | popping from a list
import numpy as np


def merge_pair(ids, left, right, new):
    rest, out = list(ids)[::-1], []
    while rest:
        token = rest.pop()
        if token == left and rest and rest[-1] == right:
            rest.pop()
            token = new
        out.append(token)
    return np.array(out, dtype=ids.dtype)


# %% loopy over n | generator over iter, with a look ahead
import numpy as np


def _merged(ids, left, right, new):
    pending = None
    for token in iter(ids):
        if pending is not None and pending == left and token == right:
            yield new
            pending = None
            continue
        if pending is not None:
            yield pending
        pending = token
    if pending is not None:
        yield pending


def merge_pair(ids, left, right, new):
    return np.fromiter(_merged(ids, left, right, new), dtype=ids.dtype)
