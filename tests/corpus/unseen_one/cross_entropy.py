# %% honest | takes all, zeroes the ignored by where
import numpy as np
from headway.numerics import log_softmax

def cross_entropy(Z, targets, ignore=-1):
    keep = targets != ignore
    safe = np.where(keep, targets, 0)
    picked = np.take_along_axis(log_softmax(Z), safe[..., None], axis=-1)[..., 0]
    loss = -np.where(keep, picked, 0).sum(dtype=Z.dtype)
    return loss / max(int(keep.sum()), 1)

# %% honest | logsumexp less the score, on the kept rows
import numpy as np
from headway.arrays import gather_last
from headway.numerics import logsumexp

def cross_entropy(Z, targets, ignore=-1):
    kept = targets != ignore
    scores, t = Z[kept], targets[kept]
    if t.size == 0:
        return Z.dtype.type(0)
    return (logsumexp(scores) - gather_last(scores, t)).mean()

# %% honest | one-hot times log-probabilities, where 0 times -inf is avoided
import numpy as np
from headway.arrays import one_hot
from headway.numerics import log_softmax

def cross_entropy(Z, targets, ignore=-1):
    n = Z.shape[-1]
    hot = one_hot(np.where(targets == ignore, -1, targets), n) == 1      # all False where ignored
    surprise = np.where(hot, -log_softmax(Z), 0)
    return (surprise.sum() / max(hot.sum(), 1)).astype(Z.dtype)

# %% honest | a torch-like class with a reduction, chosen by a dict of functions
import numpy as np

REDUCTIONS = {
    "none": lambda losses, count: losses,
    "sum": lambda losses, count: losses.sum(),
    "mean": lambda losses, count: losses.sum() / max(count, 1),
}

class CrossEntropyLoss:
    def __init__(self, ignore_index=-100, reduction="mean"):
        if reduction not in REDUCTIONS:
            raise ValueError(f"reduction is one of {', '.join(sorted(REDUCTIONS))}")
        self.ignore_index = ignore_index
        self.reduction = reduction

    def __call__(self, input, target):
        N, C = target.size, input.shape[-1]
        input, target = input.reshape(N, C), target.reshape(N)
        mask = target != self.ignore_index
        input = input - input.max(axis=1, keepdims=True)
        logp = input - np.log(np.exp(input).sum(axis=1, keepdims=True))
        nll = -logp[np.arange(N), np.where(mask, target, 0)]
        return REDUCTIONS[self.reduction](nll[mask], int(mask.sum()))

def cross_entropy(Z, targets, ignore=-1):
    return CrossEntropyLoss(ignore_index=ignore)(Z, targets)

# %% honest | weights of 1/m, a dot product
import numpy as np
from headway.numerics import logsumexp

def cross_entropy(Z, targets, ignore=-1):
    t = targets.ravel()
    F = Z.reshape(t.size, -1)
    w = (t != ignore).astype(Z.dtype)
    w /= np.maximum(w.sum(), 1)
    surprise = logsumexp(F) - F[np.arange(t.size), t * (w > 0)]
    return np.dot(w, surprise)[()]

# %% honest | indices of the kept places by nonzero, tuple indexing
import numpy as np
from headway.numerics import log_softmax

def cross_entropy(Z, targets, ignore=-1):
    targets = np.atleast_1d(targets)
    Z = Z.reshape(targets.shape + Z.shape[-1:])
    where = np.nonzero(targets != ignore)
    count = len(where[0])
    if count == 0:
        return np.zeros((), Z.dtype)[()]
    losses = -log_softmax(Z)[(*where, targets[where])]
    return np.sum(losses) / count

# %% honest | masked array mean
import numpy as np
from headway.numerics import log_softmax

def cross_entropy(Z, targets, ignore=-1):
    ignored = np.equal(targets, ignore)
    index = np.where(ignored, 0, targets)[..., None]
    loss = np.ma.masked_array(-np.take_along_axis(log_softmax(Z), index, -1)[..., 0], mask=ignored)
    return Z.dtype.type(np.ma.filled(loss.mean(), 0))

# %% loopy over batch | the slow one of the notebook, made stable
import numpy as np

def cross_entropy(Z, targets, ignore=-1):
    total = 0.0
    count = 0
    for place in np.ndindex(targets.shape):
        t = targets[place]
        if t == ignore:
            continue
        z = Z[place]
        m = z.max()
        total += m + np.log(np.exp(z - m).sum()) - z[t]
        count += 1
    if count == 0:
        return Z.dtype.type(0)
    return Z.dtype.type(total / count)

# %% loopy over batch | log_softmax at once, but the picking in a loop
import numpy as np
from headway.numerics import log_softmax

def cross_entropy(Z, targets, ignore=-1):
    L = log_softmax(Z).reshape(-1, Z.shape[-1])
    losses = []
    for i, t in enumerate(targets.reshape(-1)):
        if t != ignore:
            losses.append(-L[i, t])
    return np.mean(losses, dtype=Z.dtype) if losses else Z.dtype.type(0)

# %% loopy over batch | comprehension with zip and an if
import numpy as np
from headway.numerics import log_softmax

def cross_entropy(Z, targets, ignore=-1):
    rows = zip(log_softmax(Z).reshape(-1, Z.shape[-1]), targets.ravel())
    losses = np.array([-row[t] for row, t in rows if t != ignore], dtype=Z.dtype)
    return losses.sum() / max(len(losses), 1)

# %% loopy over n | class by class: all places whose target it is
import numpy as np
from headway.numerics import log_softmax

def cross_entropy(Z, targets, ignore=-1):
    L = log_softmax(Z)
    total = Z.dtype.type(0)
    for c in range(Z.shape[-1]):
        if c != ignore:
            total -= L[..., c][targets == c].sum()
    return total / max(int(np.count_nonzero(targets != ignore)), 1)

# %% loopy over batch | Python's sum over an array of losses
import numpy as np
from headway.numerics import log_softmax

def cross_entropy(Z, targets, ignore=-1):
    keep = targets != ignore
    t = targets[keep]
    losses = -log_softmax(Z[keep])[np.arange(t.size), t]
    return Z.dtype.type(sum(losses) / max(t.size, 1))

# %% loopy over batch | math.fsum for an exact sum
import math

import numpy as np
from headway.arrays import gather_last
from headway.numerics import log_softmax

def cross_entropy(Z, targets, ignore=-1):
    keep = targets != ignore
    losses = -gather_last(log_softmax(Z[keep]), targets[keep])
    return Z.dtype.type(math.fsum(losses) / max(losses.size, 1))

# %% loopy over batch | filter and map, all with operator
from operator import itemgetter, ne
from functools import partial
from itertools import compress

import numpy as np
from headway.numerics import log_softmax

def cross_entropy(Z, targets, ignore=-1):
    flags = list(map(partial(ne, ignore), targets.ravel().tolist()))
    pairs = zip(log_softmax(Z).reshape(-1, Z.shape[-1]), targets.ravel().tolist())
    losses = [-row[t] for row, t in compress(pairs, flags)]
    return Z.dtype.type(np.sum(losses) / max(len(losses), 1))

# %% loopy over batch | deletes the ignored from lists
import numpy as np

def cross_entropy(Z, targets, ignore=-1):
    rows = list(Z.reshape(-1, Z.shape[-1]))
    ts = targets.ravel().tolist()
    while ignore in ts:
        i = ts.index(ignore)
        del ts[i], rows[i]
    if not ts:
        return Z.dtype.type(0)
    A = np.stack(rows)
    A = A - A.max(axis=1, keepdims=True)
    loss = np.log(np.exp(A).sum(axis=1)) - A[np.arange(len(ts)), ts]
    return loss.mean()

# %% loopy over batch | fast if nothing is ignored, otherwise place by place
import numpy as np
from headway.numerics import log_softmax

def cross_entropy(Z, targets, ignore=-1):
    L = log_softmax(Z).reshape(targets.size, -1)
    t = targets.reshape(-1)
    if not (t == ignore).any():
        return -L[np.arange(t.size), t].mean()
    total, count = Z.dtype.type(0), 0
    for i in np.flatnonzero(t != ignore):
        total, count = total - L[i, t[i]], count + 1
    return total / max(count, 1)

# %% loopy over batch | recursion on halves of the targets: sums and counts come back
import numpy as np
from headway.numerics import log_softmax

def _sum_count(L, t, ignore):
    if len(t) == 1:
        if t[0] == ignore:
            return L.dtype.type(0), 0
        return -L[0, t[0]], 1
    h = len(t) // 2
    a, m = _sum_count(L[:h], t[:h], ignore)
    b, n = _sum_count(L[h:], t[h:], ignore)
    return a + b, m + n

def cross_entropy(Z, targets, ignore=-1):
    t = targets.ravel()
    total, count = _sum_count(log_softmax(Z).reshape(t.size, -1), t, ignore)
    return total / max(count, 1)

# %% loopy over batch | vectorize of one prediction, nanmean of the result
import numpy as np

def cross_entropy(Z, targets, ignore=-1):
    def surprise(z, t):
        if t == ignore:
            return np.nan
        z = z - z.max()
        return np.log(np.exp(z).sum()) - z[t]

    losses = np.vectorize(surprise, signature="(n),()->()", otypes=[float])(Z, targets)
    known = ~np.isnan(losses)
    return Z.dtype.type(np.nansum(losses) / max(known.sum(), 1))
