# %% honest | unique of numbers made of pairs
import numpy as np


def most_frequent_pair(ids):
    base = int(ids.max()) + 1
    pairs, counts = np.unique(ids[:-1] * base + ids[1:], return_counts=True)
    k = np.argmax(counts)
    return pairs[k] // base, pairs[k] % base, counts[k]


# %% honest | unique rows
import numpy as np


def most_frequent_pair(ids):
    pairs, counts = np.unique(np.stack([ids[:-1], ids[1:]], axis=1), axis=0, return_counts=True)
    k = counts.argmax()
    left, right = pairs[k]
    return left, right, counts[k]


# %% honest | bincount over a square of classes
import numpy as np


def most_frequent_pair(ids):
    n = int(ids.max()) + 1
    counts = np.bincount(ids[:-1] * n + ids[1:], minlength=n * n)
    best = int(counts.argmax())
    return *np.divmod(np.int64(best), n), counts[best]


# %% loopy over n | a Counter of zipped neighbours
from collections import Counter

import numpy as np


def most_frequent_pair(ids):
    counts = Counter(zip(ids[:-1].tolist(), ids[1:].tolist()))
    (left, right), n = min(counts.items(), key=lambda item: (-item[1], item[0]))
    return np.int64(left), np.int64(right), np.int64(n)


# %% loopy over n | a dict of counts
import numpy as np


def most_frequent_pair(ids):
    counts = {}
    for pair in zip(ids[:-1], ids[1:]):
        counts[pair] = counts.get(pair, 0) + 1
    best = min(counts, key=lambda pair: (-counts[pair], pair))
    return *best, np.int64(counts[best])


# %% loopy over n | sorted and groupby
import itertools

import numpy as np


def most_frequent_pair(ids):
    pairs = sorted(zip(ids[:-1].tolist(), ids[1:].tolist()))
    runs = [(-len(list(run)), pair) for pair, run in itertools.groupby(pairs)]
    count, (left, right) = min(runs)
    return np.int64(left), np.int64(right), np.int64(-count)


# %% loopy over n | a Counter of numbers, its own most_common
from collections import Counter

import numpy as np


def most_frequent_pair(ids):
    base = int(ids.max()) + 1
    counts = Counter(np.sort(ids[:-1] * base + ids[1:]).tolist())
    ((pair, n),) = counts.most_common(1)
    return np.int64(pair // base), np.int64(pair % base), np.int64(n)
