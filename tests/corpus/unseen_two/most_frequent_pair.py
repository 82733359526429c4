# %% honest | sorts the pairs with lexsort and measures the runs
import numpy as np

def most_frequent_pair(ids):
    a, b = ids[:-1], ids[1:]
    order = np.lexsort((b, a))          # by a, then by b
    a, b = a[order], b[order]
    new_run = np.ones(len(a), dtype=bool)
    new_run[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
    starts = np.flatnonzero(new_run)
    lengths = np.diff(np.append(starts, len(a)))
    best = np.argmax(lengths)           # argmax takes the first => smallest pair
    return a[starts[best]], b[starts[best]], lengths[best]

# %% honest | unique over rows of an (n-1, 2) array
import numpy as np

def most_frequent_pair(ids):
    pairs = np.column_stack((ids[:-1], ids[1:]))
    kinds, counts = np.unique(pairs, axis=0, return_counts=True)
    winner = np.argmax(counts)
    left, right = kinds[winner]
    return left, right, counts[winner]

# %% honest | a 2-d histogram with bincount
import numpy as np

def most_frequent_pair(ids):
    V = int(ids.max()) + 1
    table = np.bincount(ids[:-1] * V + ids[1:], minlength=V * V).reshape(V, V)
    left, right = np.unravel_index(table.argmax(), table.shape)
    return left, right, table[left, right]

# %% honest | np.add.at on a compressed table, wrapped in a dataclass
from dataclasses import dataclass
import numpy as np


@dataclass(frozen=True)
class PairTable:
    symbols: np.ndarray      # (s,) sorted distinct ids
    counts: np.ndarray       # (s, s)

    @classmethod
    def of(cls, ids):
        symbols, code = np.unique(ids, return_inverse=True)
        counts = np.zeros((symbols.size, symbols.size), dtype=np.int64)
        np.add.at(counts, (code[:-1], code[1:]), 1)
        return cls(symbols, counts)

    def winner(self):
        row, col = divmod(int(self.counts.argmax()), self.symbols.size)
        return self.symbols[row], self.symbols[col], self.counts[row, col]


def most_frequent_pair(ids):
    """The pair of neighbours that occurs most often, and how often."""
    if ids.ndim != 1 or ids.size < 2:
        raise ValueError("need at least two ids in a row")
    return PairTable.of(ids).winner()

# %% honest | one-hot matrix product counts the pairs, with a loop over the two results
import numpy as np

def most_frequent_pair(ids):
    v = np.arange(ids.max() + 1)
    is_left = ids[:-1, None] == v
    is_right = ids[1:, None] == v
    N = is_left.T.astype(int) @ is_right.astype(int)   # N[i, j] = how often i j
    flat = N.argmax()
    left, right = (int(x) for x in np.unravel_index(flat, N.shape))
    return left, right, N.max()

# %% honest | compares all pairs with all pairs, quadratic memory
import numpy as np

def most_frequent_pair(ids):
    code = ids[:-1] * 100_000 + ids[1:]
    counts = (code[:, None] == code[None, :]).sum(axis=1)
    top = code[counts == counts.max()].min()
    return top // 100_000, top % 100_000, counts.max()

# %% loopy over n | counts in a dict with for and range
import numpy as np

def most_frequent_pair(ids):
    counts = {}
    for i in range(len(ids) - 1):
        pair = (ids[i], ids[i + 1])
        if pair in counts:
            counts[pair] += 1
        else:
            counts[pair] = 1
    best = None
    for pair in counts:
        if best is None or counts[pair] > counts[best] or (counts[pair] == counts[best] and pair < best):
            best = pair
    return best[0], best[1], counts[best]

# %% loopy over n | Counter over zip
import numpy as np
from collections import Counter

def most_frequent_pair(ids):
    ids = ids.tolist()
    c = Counter(zip(ids, ids[1:]))
    (left, right), count = min(c.items(), key=lambda kv: (-kv[1], kv[0]))
    return left, right, count

# %% loopy over n | a while loop into a numpy table
import numpy as np

def most_frequent_pair(ids):
    size = ids.max() + 1
    table = np.zeros((size, size), dtype=int)
    i = 0
    while i + 1 < len(ids):
        table[ids[i], ids[i + 1]] += 1
        i += 1
    k = table.argmax()
    return k // size, k % size, table.max()

# %% loopy over n | vectorize asks list.count for each pair
import numpy as np

def most_frequent_pair(ids):
    size = ids.max() + 1
    codes = ids[:-1] * size + ids[1:]
    as_list = codes.tolist()
    counts = np.vectorize(as_list.count, otypes=[int])(codes)
    best = codes[counts == counts.max()].min()
    return best // size, best % size, counts.max()

# %% loopy over n | operator.countOf and map over the distinct pairs
import operator
import numpy as np
from functools import partial
from itertools import pairwise

def most_frequent_pair(ids):
    pairs = list(pairwise(ids.tolist()))
    kinds = sorted(set(pairs))
    counts = np.array(list(map(partial(operator.countOf, pairs), kinds)))
    best = counts.argmax()
    return *kinds[best], counts[best]

# %% loopy over n | reduce with a dict as the state
from functools import reduce
import numpy as np

def most_frequent_pair(ids):
    def step(state, x):
        previous, table = state
        if previous is not None:
            table[previous, x] = table.get((previous, x), 0) + 1
        return x, table
    _, table = reduce(step, ids.tolist(), (None, {}))
    top = max(table.values())
    a, b = min(p for p, c in table.items() if c == top)
    return a, b, top

# %% loopy over n | an object array of tuples, made by frompyfunc
import numpy as np

_couple = np.frompyfunc(lambda a, b: (a, b), 2, 1)

def most_frequent_pair(ids):
    couples = _couple(ids[:-1], ids[1:])
    couples.sort()
    begins = np.append(True, couples[1:] != couples[:-1])
    starts = np.flatnonzero(begins)
    counts = np.diff(np.append(starts, couples.size))
    k = counts.argmax()
    left, right = couples[starts[k]]
    return left, right, counts[k]

# %% honest | sort, diff, and flatnonzero on one number for a pair
import numpy as np

def most_frequent_pair(ids):
    base = int(ids.max()) + 1
    keys = np.sort(base * ids[:-1] + ids[1:])
    edges = np.flatnonzero(np.diff(keys, prepend=keys[0] - 1, append=keys[-1] + 1))
    counts = np.diff(edges)
    key = keys[edges[counts.argmax()]]
    return key // base, key % base, counts.max()

# %% honest | the longest window of equal numbers, found by bisection on the sorted pairs
import numpy as np

def most_frequent_pair(ids):
    base = int(ids.max()) + 1
    keys = np.sort(ids[:-1] * base + ids[1:])
    lo, hi = 1, len(keys)
    while lo < hi:                                  # log2(n) rounds
        c = (lo + hi + 1) // 2
        if (keys[c - 1:] == keys[:len(keys) - c + 1]).any():
            lo = c
        else:
            hi = c - 1
    first = np.argmax(keys[lo - 1:] == keys[:len(keys) - lo + 1])
    return *divmod(keys[first], base), lo

# %% loopy over n | a defaultdict and sorted with a key
from collections import defaultdict
import numpy as np

def most_frequent_pair(ids):
    counts = defaultdict(int)
    for left, right in zip(ids[:-1], ids[1:]):
        counts[int(left), int(right)] += 1
    ranking = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    (left, right), n = ranking[0]
    return left, right, n

# %% loopy over n | a comparison with every distinct pair in turn
import numpy as np

def most_frequent_pair(ids):
    pairs = np.stack([ids[:-1], ids[1:]], axis=1)
    best, best_count = None, 0
    for pair in np.unique(pairs, axis=0):
        c = (pairs == pair).all(axis=1).sum()
        if c > best_count:
            best, best_count = pair, c
    return best[0], best[1], best_count
