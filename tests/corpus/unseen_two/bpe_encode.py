# %% honest | a loop over the merges that calls merge_pair
import numpy as np
from headway.tokens import merge_pair

def bpe_encode(ids, merges):
    for i in range(len(merges)):
        ids = merge_pair(ids, merges[i, 0], merges[i, 1], 256 + i)
    return ids

# %% honest | functools.reduce over the merges
import numpy as np
from functools import reduce
from headway.tokens import merge_pair

def bpe_encode(ids, merges):
    return reduce(lambda seq, rule: merge_pair(seq, rule[1][0], rule[1][1], 256 + rule[0]), enumerate(merges), ids)

# %% honest | recursion over the merges, the last one outermost
import numpy as np
from headway.tokens import merge_pair

def bpe_encode(ids, merges):
    if len(merges) == 0:
        return ids
    *_, (left, right) = merges
    return merge_pair(bpe_encode(ids, merges[:-1]), left, right, 255 + len(merges))

# %% honest | the merge written out, with run parity, inside a class
import numpy as np


class Tokenizer:
    FIRST = 256

    def __init__(self, merges):
        self.rules = [(l, r, self.FIRST + k) for k, (l, r) in enumerate(np.asarray(merges).tolist())]

    def encode(self, ids):
        for rule in self.rules:
            ids = self._apply(ids, *rule)
        return ids

    @staticmethod
    def _apply(ids, left, right, new):
        if ids.size < 2:
            return ids
        hit = (ids[:-1] == left) & (ids[1:] == right)
        if not hit.any():
            return ids
        where = np.flatnonzero(hit)
        if left == right:
            rank = np.arange(where.size)
            # where - rank is constant inside a run of consecutive hits
            run = where - rank
            _, first = np.unique(run, return_index=True)
            offset = rank - first[np.searchsorted(run[first], run)]
            where = where[offset % 2 == 0]
        out = ids.copy()
        out[where] = new
        return np.delete(out, where + 1)


def bpe_encode(ids, merges):
    return Tokenizer(merges).encode(ids)

# %% honest | a while loop over the merges with pad and boolean masks
import numpy as np

def bpe_encode(ids, merges):
    m, k = len(merges), 0
    while k < m:
        a, b = merges[k]
        nxt = np.pad(ids[1:], (0, 1), constant_values=-1)
        hit = (ids == a) & (nxt == b)
        t = np.arange(ids.size)
        dist = t - np.maximum.accumulate(np.where(hit, -1, t))
        hit &= dist % 2 == 1
        drop = np.pad(hit[:-1], (1, 0))
        ids = np.where(hit, 256 + k, ids)[~drop]
        k += 1
    return ids

# %% loopy over n | two nested loops, merges outside and the text inside
import numpy as np

def bpe_encode(ids, merges):
    tokens = [int(i) for i in ids]
    for k, (a, b) in enumerate(merges):
        out, t = [], 0
        while t < len(tokens):
            if t + 1 < len(tokens) and tokens[t] == a and tokens[t + 1] == b:
                out.append(256 + k)
                t += 2
            else:
                out.append(tokens[t])
                t += 1
        tokens = out
    return np.array(tokens)

# %% loopy over n | as tiktoken does it: the pair of lowest rank, again and again
import numpy as np

def bpe_encode(ids, merges):
    rank = {tuple(pair): k for k, pair in enumerate(merges.tolist())}
    tokens = ids.tolist()
    while True:
        candidates = [(rank.get((a, b), len(rank)), t) for t, (a, b) in enumerate(zip(tokens, tokens[1:]))]
        if not candidates:
            break
        best, t = min(candidates)
        if best == len(rank):
            break
        tokens[t:t + 2] = [256 + best]
    return np.array(tokens)

# %% loopy over n | str.replace on a string of code points
import numpy as np

def bpe_encode(ids, merges):
    s = "".join(chr(i) for i in ids)
    for k, (a, b) in enumerate(merges):
        s = s.replace(chr(a) + chr(b), chr(256 + k))
    return np.fromiter(map(ord, s), dtype=int, count=len(s))

# %% loopy over n | finds the pairs with numpy, one argmax at a time
import numpy as np

def bpe_encode(ids, merges):
    for k in range(len(merges)):
        left, right = merges[k]
        while len(ids) > 1:
            found = (ids[:-1] == left) & (ids[1:] == right)
            if not found.any():
                break
            i = found.argmax()
            ids = np.concatenate((ids[:i], [256 + k], ids[i + 2:]))
    return ids

# %% loopy over n | a generator that looks one ahead
import numpy as np

def replaced(stream, a, b, new):
    held = None
    for x in stream:
        if held is None:
            held = x
        elif held == a and x == b:
            yield new
            held = None
        else:
            yield held
            held = x
    if held is not None:
        yield held

def bpe_encode(ids, merges):
    stream = iter(ids.tolist())
    for k, (a, b) in enumerate(merges.tolist()):
        stream = replaced(stream, a, b, 256 + k)
    return np.array(list(stream))

# %% loopy over n | bytes that are decoded as UTF-32 and replaced by a C call
import numpy as np

def bpe_encode(ids, merges):
    text = ids.astype("<u4").tobytes().decode("utf-32-le")
    for new, pair in enumerate(merges.astype("<u4"), 256):
        text = text.replace(pair.tobytes().decode("utf-32-le"), chr(new))
    return np.frombuffer(text.encode("utf-32-le"), "<u4").astype(ids.dtype)

# %% honest | a while with pops from a list of the merges
import numpy as np
from headway.tokens import merge_pair

def bpe_encode(ids, merges):
    todo = merges.tolist()
    new = 256
    while todo:
        left, right = todo.pop(0)
        ids = merge_pair(ids, left, right, new)
        new += 1
    return ids

# %% loopy over n | a for over the hits of each merge, by numpy's flatnonzero
import numpy as np

def bpe_encode(ids, merges):
    ids = ids.copy()
    for k, (a, b) in enumerate(merges):
        keep = np.ones(len(ids), bool)
        for i in np.flatnonzero((ids[:-1] == a) & (ids[1:] == b)):
            if keep[i]:
                ids[i] = 256 + k
                keep[i + 1] = False
        ids = ids[keep]
    return ids
