# %% honest | bincount of pair numbers
import numpy as np

def most_frequent_pair(ids):
    base = ids.max() + 1
    code = ids[:-1] * base + ids[1:]
    counts = np.bincount(code)
    best = counts.argmax()
    return best // base, best % base, counts[best]

# %% honest | sorted codes, lengths of their runs
import numpy as np

def most_frequent_pair(ids):
    base = ids.max() + 1
    code = np.sort(ids[:-1] * base + ids[1:])
    starts = np.flatnonzero(np.concatenate([[True], code[1:] != code[:-1]]))
    counts = np.diff(np.concatenate([starts, [code.size]]))
    k = np.argmax(counts)
    left, right = np.divmod(code[starts[k]], base)
    return left, right, counts[k]

# %% honest | a table of pairs filled by np.add.at, as in lesson 01
import numpy as np

def most_frequent_pair(ids):
    V = int(ids.max()) + 1
    table = np.zeros((V, V), dtype=int)
    np.add.at(table, (ids[:-1], ids[1:]), 1)
    left, right = np.unravel_index(table.argmax(), table.shape)
    return left, right, table[left, right]

# %% honest | columns of pairs by sliding_window_view, lexsort on both
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def most_frequent_pair(ids):
    pairs = sliding_window_view(ids, 2)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    new = np.append(True, (pairs[1:] != pairs[:-1]).any(axis=1))
    which = new.cumsum() - 1
    counts = np.bincount(which)
    best = counts.argmax()
    left, right = pairs[new][best]
    return left, right, counts[best]

# %% loopy over n | a dict of counts
import numpy as np

def most_frequent_pair(ids):
    counts = {}
    for a, b in zip(ids[:-1], ids[1:]):
        counts[(a, b)] = counts.get((a, b), 0) + 1
    best = max(counts.values())
    left, right = min(pair for pair in counts if counts[pair] == best)
    return left, right, best

# %% loopy over n | Counter over pairwise
from collections import Counter
from itertools import pairwise

import numpy as np

def most_frequent_pair(ids):
    counts = Counter(pairwise(ids.tolist()))
    (left, right), count = min(counts.items(), key=lambda item: (-item[1], item[0]))
    return left, right, count

# %% loopy over n | Counter of pair numbers made by numpy
from collections import Counter

import numpy as np

def most_frequent_pair(ids):
    size = int(ids.max()) + 1
    code = ids[:-1] * size + ids[1:]
    counts = Counter(np.sort(code).tolist())      # in order, and most_common keeps the first of equals
    (best, count), = counts.most_common(1)
    return best // size, best % size, count

# %% loopy over n | for each distinct pair a comparison with all
import numpy as np

def most_frequent_pair(ids):
    size = ids.max() + 1
    code = ids[:-1] * size + ids[1:]
    best, most = 0, 0
    for c in np.unique(code):
        count = np.count_nonzero(code == c)
        if count > most:
            best, most = c, count
    return best // size, best % size, most

# %% loopy over n | max with key=list.count
import numpy as np

def most_frequent_pair(ids):
    pairs = list(zip(ids.tolist(), ids[1:].tolist()))
    best = max(sorted(set(pairs)), key=pairs.count)
    return (*best, pairs.count(best))
