# %% honest | parity within each run of hits, counted from the last miss
import numpy as np

def merge_pair(ids, left, right, new):
    n = len(ids)
    hit = np.zeros(n, dtype=bool)
    hit[:-1] = (ids[:-1] == left) & (ids[1:] == right)
    # position of the last place without a hit, at or before t
    t = np.arange(n)
    last_miss = np.maximum.accumulate(np.where(hit, -1, t))
    take = hit & ((t - last_miss) % 2 == 1)
    out = ids.copy()
    out[take] = new
    keep = np.ones(n, dtype=bool)
    keep[1:] = ~take[:-1]
    return out[keep]

# %% honest | different cases for left equal to right and not
import numpy as np

def merge_pair(ids, left, right, new):
    first = np.flatnonzero((ids[:-1] == left) & (ids[1:] == right))
    if left == right and len(first):
        # number within each run of consecutive indices
        begins = np.concatenate(([True], np.diff(first) > 1))
        k = np.arange(len(first))
        start_of_run = k[begins][np.cumsum(begins) - 1]
        first = first[(k - start_of_run) % 2 == 0]
    ids = ids.copy()
    ids[first] = new
    return np.delete(ids, first + 1)

# %% honest | logarithmic doubling finds the length of the run of hits
import numpy as np

def merge_pair(ids, left, right, new):
    n = ids.shape[0]
    hit = np.append((ids[:-1] == left) & (ids[1:] == right), False)
    run = hit.astype(int)
    step = 1
    while step < n:                       # log2(n) rounds
        before = np.zeros_like(run)
        before[step:] = run[:-step]
        run = np.where(run == step, run + before, run)
        step *= 2
    merged = run % 2 == 1
    swallowed = np.append(False, merged[:-1])
    return np.where(merged, new, ids)[~swallowed]

# %% honest | cumulative sum minus its value at the start of the run
import numpy as np

def merge_pair(ids, left, right, new):
    """cumsum of hits, minus what the cumsum was at the last non-hit."""
    hits = np.r_[(ids[:-1] == left) & (ids[1:] == right), False]
    total = hits.cumsum()
    base = np.maximum.accumulate(total * ~hits)
    odd = (total - base) & 1
    chosen = hits & (odd == 1)
    result = np.where(chosen, new, ids)
    return np.compress(~np.r_[False, chosen[:-1]], result)

# %% honest | a scatter to computed places, in the manner of C with asserts
import numpy as np

def merge_pair(ids, left, right, new):
    assert ids.ndim == 1 and ids.size >= 1
    assert all(np.ndim(s) == 0 for s in (left, right, new)), "left, right, new are single ids"
    n = ids.size
    is_pair = np.zeros(n + 1, dtype=np.int8)
    is_pair[1:n] = (ids[:n - 1] == left) & (ids[1:] == right)   # is_pair[t + 1] for position t
    edges = np.diff(is_pair)
    begin = np.flatnonzero(edges == 1)                          # position where a run begins
    # for every position the start of the latest run
    index = np.full(n, -1)
    index[begin] = begin
    np.maximum.accumulate(index, out=index)
    offset = np.arange(n) - index
    chosen = (is_pair[1:] == 1) & (offset % 2 == 0)
    size = n - np.count_nonzero(chosen)
    dead = np.zeros(n, dtype=bool)
    dead[1:] = chosen[:-1]
    where_to = np.cumsum(~dead) - 1
    out = np.empty(size, dtype=ids.dtype)
    out[where_to[~dead]] = np.where(chosen, new, ids)[~dead]
    return out

# %% loopy over n | the loop that everybody writes first
import numpy as np

def merge_pair(ids, left, right, new):
    result = []
    i = 0
    while i < len(ids):
        if i < len(ids) - 1 and ids[i] == left and ids[i + 1] == right:
            result.append(new)
            i += 2
        else:
            result.append(ids[i])
            i += 1
    return np.array(result)

# %% loopy over n | only the choice of pairs that do not overlap is a loop
import numpy as np

def merge_pair(ids, left, right, new):
    here = np.flatnonzero((ids[:-1] == left) & (ids[1:] == right))
    chosen = []
    last = -2
    for i in here:
        if i > last + 1:
            chosen.append(i)
            last = i
    chosen = np.array(chosen, dtype=int)
    out = ids.copy()
    out[chosen] = new
    return np.delete(out, chosen + 1)

# %% loopy over n | replaces in a list with pop
import numpy as np

def merge_pair(ids, left, right, new):
    seq = list(ids)
    t = 0
    while t < len(seq) - 1:
        if (seq[t], seq[t + 1]) == (left, right):
            seq[t] = new
            seq.pop(t + 1)
        t += 1
    return np.array(seq)

# %% loopy over n | a string with one character per id, and str.replace
import numpy as np

def merge_pair(ids, left, right, new):
    text = "".join(map(chr, ids))
    text = text.replace(chr(left) + chr(right), chr(new))
    return np.array([ord(c) for c in text])

# %% loopy over n | itertools.accumulate carries whether the last one was merged
import numpy as np
from itertools import accumulate

def merge_pair(ids, left, right, new):
    hits = (ids == left) & np.append(ids[1:] == right, False)
    merged = np.array(list(accumulate(hits.tolist(), lambda before, hit: hit and not before)))
    keep = np.insert(~merged[:-1], 0, True)
    return np.where(merged, new, ids)[keep]

# %% loopy over n | bytes of four per id, and bytes.replace in a loop until aligned
import numpy as np

def merge_pair(ids, left, right, new):
    raw = ids.astype("<u4").tobytes()
    pair = np.array([left, right], "<u4").tobytes()
    one = np.array([new], "<u4").tobytes()
    out = bytearray()
    start = look = 0
    while True:
        at = raw.find(pair, look)
        if at < 0:
            break
        if at % 4:
            look = at + 1
            continue
        out += raw[start:at] + one
        start = look = at + 8
    out += raw[start:]
    return np.frombuffer(bytes(out), "<u4").astype(ids.dtype)

# %% loopy over n | np.strings.replace on one long numpy string
import numpy as np

def merge_pair(ids, left, right, new):
    if len(ids) < 2:
        return ids
    # one numpy string of n code points; shifted by one, for numpy drops trailing zeros
    line = (ids + 1).astype(np.uint32).view(f"U{len(ids)}")
    line = np.strings.replace(line, chr(left + 1) + chr(right + 1), chr(new + 1))
    codes = line.view(np.uint32)
    return codes[codes > 0].astype(ids.dtype) - 1

# %% loopy over n | a ufunc made by frompyfunc, accumulated
import numpy as np

alternate = np.frompyfunc(lambda before, now: now and not before, 2, 1)

def merge_pair(ids, left, right, new):
    hit = np.append((ids[:-1] == left) & (ids[1:] == right), False)
    merged = alternate.accumulate(hit.astype(object)).astype(bool)
    return np.where(merged, new, ids)[~np.roll(merged, 1)]

# %% loopy over n | a while loop that merges one pair of each run per round
import numpy as np

def merge_pair(ids, left, right, new):
    """Each round merges the first pair of every run; a run of n/2 pairs takes n/2 rounds."""
    hit = np.append((ids[:-1] == left) & (ids[1:] == right), False)
    merged = np.zeros_like(hit)
    while hit.any():
        first = hit & ~np.roll(hit, 1)
        merged |= first
        hit = hit & ~first & ~np.roll(first, 1)
    return np.where(merged, new, ids)[~np.roll(merged, 1)]

# %% loopy over n | a recursive function over the tail
import numpy as np

def _merged(seq, left, right, new):
    if len(seq) < 2:
        return seq
    half = len(seq) // 2
    # do not cut through a run: move the cut to a place where no pair stands
    while half < len(seq) and seq[half - 1] == left and seq[half] == right:
        half += 1
    if half == len(seq):
        if seq[0] == left and seq[1] == right:
            return [new] + _merged(seq[2:], left, right, new)
        return [seq[0]] + _merged(seq[1:], left, right, new)
    return _merged(seq[:half], left, right, new) + _merged(seq[half:], left, right, new)

def merge_pair(ids, left, right, new):
    return np.array(_merged(ids.tolist(), left, right, new))

# %% honest | sorts out the runs with unique on index minus rank
import numpy as np

def merge_pair(ids, left, right, new):
    where, = np.nonzero((ids[:-1] == left) & (ids[1:] == right))
    rank = np.arange(where.size)
    # inside a run of consecutive pairs, where - rank does not change
    _, first, run = np.unique(where - rank, return_index=True, return_inverse=True)
    even = (rank - first[run]) % 2 == 0
    where = where[even]
    out = ids.copy()
    out[where] = new
    gone = np.zeros(ids.shape, bool)
    gone[where + 1] = True
    return out[~gone]

# %% honest | functional composition scan of two-state machines by doubling
import numpy as np

def merge_pair(ids, left, right, new):
    """A machine with two states, free and just merged; its steps are composed in log2(n) rounds."""
    hit = np.append((ids[:-1] == left) & (ids[1:] == right), False)
    # step[s, t]: the state after position t when it was s before: merged only if free and a pair is here
    step = np.stack([hit, np.zeros_like(hit)]).astype(int)
    t, shift = np.arange(len(ids)), 1
    while shift < len(ids):
        before = step[:, :-shift]
        after = step[:, shift:]
        composed = np.take_along_axis(after, before, axis=0)
        step = np.concatenate([step[:, :shift], composed], axis=1)
        shift *= 2
    merged = step[0] == 1
    return np.where(merged, new, ids)[~np.append(False, merged[:-1])]

# %% honest | run lengths of the course on the array of hits
import numpy as np
from headway.arrays import run_lengths

def merge_pair(ids, left, right, new):
    hit = np.zeros(ids.size, dtype=int)
    hit[:-1] = (ids[:-1] == left) * (ids[1:] == right)
    chosen = (hit * run_lengths(hit)) % 2 == 1
    result = ids.copy()
    result[chosen] = new
    second_halves = np.flatnonzero(chosen) + 1
    return np.delete(result, second_halves)

# %% loopy over n | a for with a flag to skip
import numpy as np

def merge_pair(ids, left, right, new):
    out = []
    skip = False
    for i, x in enumerate(ids):
        if skip:
            skip = False
            continue
        if x == left and i + 1 < len(ids) and ids[i + 1] == right:
            out.append(new)
            skip = True
        else:
            out.append(x)
    return np.array(out)

# %% loopy over n | groupby over the hits
import numpy as np
from itertools import groupby

def merge_pair(ids, left, right, new):
    hit = np.append((ids[:-1] == left) & (ids[1:] == right), False)
    chosen = np.concatenate([np.arange(len(list(run))) % 2 == 0 if here else [False] * len(list(run)) for here, run in groupby(hit)])
    chosen = chosen.astype(bool)
    return np.where(chosen, new, ids)[np.append(True, ~chosen[:-1])]

# %% loopy over n | a text with commas, replaced as str
import numpy as np

def merge_pair(ids, left, right, new):
    text = "," + ",,".join(map(str, ids.tolist())) + ","
    text = text.replace(f",{left},,{right},", f",{new},")
    return np.array(text[1:-1].split(",,"), dtype=ids.dtype)

# %% loopy over n | np.append and np.delete in a while
import numpy as np

def merge_pair(ids, left, right, new):
    i = 0
    while i < ids.size - 1:
        if ids[i] == left and ids[i + 1] == right:
            ids = np.concatenate([ids[:i], np.array([new]), ids[i + 2:]])
        i = i + 1
    return ids

# %% loopy over n | split of the bytes at the pair, in runs of Python objects
import numpy as np

def merge_pair(ids, left, right, new):
    s = ids.astype("<u4").tobytes().decode("utf-32-le")
    parts = s.split(chr(left) + chr(right))
    whole = chr(new).join(parts)
    return np.frombuffer(whole.encode("utf-32-le"), "<u4").astype(ids.dtype)
