# %% honest | both rules everywhere, and where picks one
import numpy as np

def relative_buckets(steps, n, span, back_only=False):
    if back_only:
        m, side, a = n, 0, np.maximum(-steps, 0)
    else:
        m, side, a = n // 2, np.where(steps > 0, n // 2, 0), np.abs(steps)
    e = m // 2
    far = e + (np.log(np.maximum(a, 1) / e) / np.log(span / e) * (m - e) + 1e-9).astype(int)
    return side + np.where(a < e, a, np.minimum(far, m - 1))

# %% honest | the borders of the buckets, and searchsorted
import numpy as np

def relative_buckets(steps, n, span, back_only=False):
    m = n if back_only else n // 2
    e = m // 2
    own = np.arange(1, e + 1)
    shared = e * (span / e) ** (np.arange(1, m - e) / (m - e))
    borders = np.concatenate([own, shared]) - 1e-9          # bucket b begins at border b - 1
    distance = np.maximum(-steps, 0) if back_only else np.abs(steps)
    bucket = np.searchsorted(borders, distance, side="right")
    return bucket if back_only else bucket + m * (steps > 0)

# %% honest | counts the borders that are not farther, by broadcasting
import numpy as np

def relative_buckets(steps, n, span, back_only=False):
    half = n if back_only else n // 2
    e = half // 2
    borders = np.append(np.arange(1, e), np.geomspace(e, span, half - e, endpoint=False)) - 1e-7
    a = np.where(steps > 0, 0, -steps) if back_only else abs(steps)
    count = (a[..., None] >= borders).sum(axis=-1)
    return count + np.where(steps > 0, 0 if back_only else half, 0)

# %% honest | a table of all distances up to span, then a lookup
import numpy as np

def _table(m, span):
    e = m // 2
    a = np.arange(span + 1)
    table = a.copy()
    with np.errstate(divide="ignore"):
        growth = np.log(a[e:] / e) / np.log(span / e)
    table[e:] = np.minimum(e + np.floor(growth * (m - e) + 1e-9), m - 1)
    return table

def relative_buckets(steps, n, span, back_only=False):
    if back_only:
        return _table(n, span)[np.clip(-steps, 0, span)]
    back = _table(n // 2, span)
    whole = np.concatenate([back[::-1], back[1:] + n // 2])     # from -span to span, reversed on the left
    return whole[np.clip(steps, -span, span) + span]

# %% honest | np.digitize
import numpy as np

def relative_buckets(steps, n, span, back_only=False):
    m = n // (1 if back_only else 2)
    e = m - m // 2
    powers = np.linspace(0, 1, m - e, endpoint=False)
    edges = np.r_[1:e, e * np.exp(powers * np.log(span / e))] - 1e-7
    if back_only:
        return np.digitize(np.clip(-steps, 0, None), edges)
    return np.digitize(np.abs(steps), edges) + (steps > 0) * m

# %% honest | a loop over the two sides, each with its mask
import numpy as np

def _of_distance(a, m, span):
    e = m // 2
    far = np.log2(np.maximum(a, e) / e) / np.log2(span / e) * (m - e)
    return np.where(a < e, a, np.minimum(e + np.floor(far + 1e-9).astype(a.dtype), m - 1))

def relative_buckets(steps, n, span, back_only=False):
    if back_only:
        return _of_distance(np.maximum(-steps, 0), n, span)
    result = np.zeros_like(steps)
    for direction, first in ((-1, 0), (1, n // 2)):
        here = steps * direction > 0
        result[here] = first + _of_distance(np.abs(steps[here]), n // 2, span)
    return result

# %% honest | a dataclass with a property for each number, and np.piecewise of two pieces
from dataclasses import dataclass
import math
import numpy as np

@dataclass(frozen=True)
class Side:
    buckets: int
    span: int

    @property
    def near(self):
        return self.buckets // 2

    def far(self, a):
        factor = (self.buckets - self.near) / math.log(self.span / self.near)
        return np.minimum(self.near + (np.log(a / self.near) * factor + 1e-9).astype(int), self.buckets - 1)

    def __call__(self, a):
        return np.piecewise(a, [a < self.near], [lambda x: x, self.far])

def relative_buckets(steps, n, span, back_only=False):
    assert n % 4 == 0
    if back_only:
        return Side(n, span)(np.where(steps < 0, -steps, 0))
    side = Side(n // 2, span)
    return side(np.abs(steps)) + np.heaviside(steps, 0).astype(int) * (n // 2)

# %% loopy over batch | the formula for one step, and a comprehension
import math
import numpy as np

def _bucket(step, n, span, back_only):
    m = n if back_only else n // 2
    e = m // 2
    a = max(-step, 0) if back_only else abs(step)
    bucket = a if a < e else min(e + int(math.log(a / e) / math.log(span / e) * (m - e) + 1e-9), m - 1)
    return bucket + (m if step > 0 and not back_only else 0)

def relative_buckets(steps, n, span, back_only=False):
    return np.array([_bucket(step, n, span, back_only) for step in steps.ravel().tolist()], int).reshape(steps.shape)

# %% loopy over batch | np.vectorize
import math
import numpy as np

def relative_buckets(steps, n, span, back_only=False):
    m = n if back_only else n // 2
    e = m // 2

    def far(a):
        if a < e:
            return a
        return min(e + math.floor((m - e) * math.log(a / e, span / e) + 1e-9), m - 1)

    distance = np.clip(-steps, 0, None) if back_only else np.abs(steps)
    bucket = np.vectorize(far, otypes=[int])(distance)
    return bucket if back_only else bucket + np.where(steps > 0, m, 0)

# %% loopy over batch | bisect in a list of borders, by frompyfunc
from bisect import bisect_right
import numpy as np

def relative_buckets(steps, n, span, back_only=False):
    m = n if back_only else n // 2
    e = m // 2
    shared = e * (span / e) ** (np.arange(1, m - e) / (m - e))
    borders = (np.r_[1:e + 1, shared] - 1e-9).tolist()
    a = np.maximum(-steps, 0) if back_only else np.abs(steps)
    bucket = np.asarray(np.frompyfunc(lambda x: bisect_right(borders, x), 1, 1)(a)).astype(int)
    return bucket + (0 if back_only else m * (steps > 0))

# %% loopy over batch | nditer with a second operand
import numpy as np

def relative_buckets(steps, n, span, back_only=False):
    m = n if back_only else n // 2
    e = m // 2
    out = np.zeros(steps.shape, dtype=int)
    with np.nditer([steps, out], op_flags=[["readonly"], ["readwrite"]]) as it:
        for step, bucket in it:
            a = -min(step, 0) if back_only else abs(step)
            if a >= e:
                a = min(e + int(np.log(a / e) / np.log(span / e) * (m - e) + 1e-9), m - 1)
            bucket[...] = a + (m if step > 0 and not back_only else 0)
    return out

# %% loopy over batch | recursion over the axes down to a single step
import numpy as np

def relative_buckets(steps, n, span, back_only=False):
    if steps.ndim:
        return np.array([relative_buckets(s, n, span, back_only) for s in steps], dtype=int)
    step = int(steps)
    m = n if back_only else n // 2
    e, first = m // 2, m if step > 0 and not back_only else 0
    a = max(-step, 0) if back_only else abs(step)
    if a < e:
        return np.array(first + a)
    return np.array(first + min(m - 1, e + int(np.log(a / e) / np.log(span / e) * (m - e) + 1e-9)))

# %% loopy over batch | a dict that remembers the distances it has seen
import math
import numpy as np

class Buckets(dict):
    def __init__(self, m, span):
        self.m, self.e, self.span = m, m // 2, span

    def __missing__(self, a):
        share = math.log(a / self.e) / math.log(self.span / self.e) if a >= self.e else 0
        self[a] = min(self.e + int(share * (self.m - self.e) + 1e-9), self.m - 1) if a >= self.e else a
        return self[a]

def relative_buckets(steps, n, span, back_only=False):
    m = n if back_only else n // 2
    known = Buckets(m, span)
    a = np.maximum(-steps, 0) if back_only else np.abs(steps)
    bucket = np.fromiter((known[x] for x in a.flat), dtype=int, count=a.size).reshape(a.shape)
    return bucket if back_only else np.where(steps > 0, bucket + m, bucket)

# %% loopy over batch, n | a list of where buckets begin, and a sum over it for every step
import numpy as np

def relative_buckets(steps, n, span, back_only=False):
    m = n if back_only else n // 2
    e = m // 2
    begins = [b if b <= e else e * (span / e) ** ((b - e) / (m - e)) - 1e-9 for b in range(m)]
    found = np.empty(steps.shape, int)
    for at, step in np.ndenumerate(steps):
        a = max(-step, 0 if back_only else step)
        bucket = sum(1 for begin in begins[1:] if begin <= a)
        found[at] = bucket + m * int(step > 0 and not back_only)
    return found
