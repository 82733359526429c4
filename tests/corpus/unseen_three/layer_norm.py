# %% honest | mean and var along the last axis
import numpy as np

def layer_norm(X, scale, shift=0.0, eps=1e-5):
    mu = X.mean(axis=-1, keepdims=True)
    var = X.var(axis=-1, keepdims=True)
    return (X - mu) / np.sqrt(var + eps) * scale + shift

# %% honest | einsum for the squares, subscripts with an ellipsis
import numpy as np

def layer_norm(X, scale, shift=0.0, eps=1e-5):
    d = X.shape[-1]
    centred = X - np.einsum("...d->...", X)[..., None] / d
    squares = np.einsum("...d,...d->...", centred, centred)
    return np.einsum("...d,...,d->...d", centred, (squares / d + eps) ** -0.5, scale) + shift

# %% honest | a matrix that takes off the mean, after the first component is moved to zero
import numpy as np

def layer_norm(X, scale, shift=0.0, eps=1e-5):
    d = X.shape[-1]
    from_first = X - X[..., :1]
    centring = np.eye(d, dtype=X.dtype) - np.full((d, d), 1 / d, dtype=X.dtype)
    C = from_first @ centring
    length = np.linalg.norm(C, axis=-1, keepdims=True)
    # sqrt(length**2 / d + eps)
    return scale * C / np.hypot(length / d ** 0.5, eps ** 0.5) + shift

# %% honest | a frozen dataclass in the manner of torch, with checks
from dataclasses import dataclass
import numpy as np


@dataclass(frozen=True)
class LayerNorm:
    weight: np.ndarray
    bias: object
    eps: float

    def __post_init__(self):
        if any(n < 1 for n in self.weight.shape):
            raise ValueError("a norm needs at least one component")

    def statistics(self, X):
        mean = np.add.reduce(X, axis=-1, keepdims=True) / X.shape[-1]
        rest = X - mean
        return rest, np.add.reduce(rest * rest, axis=-1, keepdims=True) / X.shape[-1]

    def __call__(self, X):
        assert X.shape[-1:] == self.weight.shape, (X.shape, self.weight.shape)
        rest, variance = self.statistics(X)
        return rest / np.sqrt(variance + self.eps) * self.weight + self.bias


def layer_norm(X, scale, shift=0.0, eps=1e-5):
    return LayerNorm(scale, shift, eps)(X)

# %% honest | the components moved to the front, and back again at the end
import numpy as np

def layer_norm(X, scale, shift=0.0, eps=1e-5):
    Y = np.moveaxis(X, -1, 0)                # (d, ...)
    Y = Y - Y.mean(axis=0)
    Y = Y / np.sqrt((Y ** 2).mean(axis=0) + eps)
    return np.moveaxis(Y, 0, -1) * scale + shift

# %% honest | takes the mean off twice, in a loop of two rounds
import numpy as np

def layer_norm(X, scale, shift=0.0, eps=1e-5):
    """The second round takes off what rounding left of the mean in the first."""
    X = X.copy()
    for _ in range(2):
        X -= X.mean(-1, keepdims=True)
    std = np.sqrt(np.vecdot(X, X) / X.shape[-1] + eps)
    X /= std[..., None]
    X *= scale
    X += shift
    return X

# %% honest | one flat matrix of rows, outputs given to the ufuncs
import numpy as np

def layer_norm(X, scale, shift=0.0, eps=1e-5):
    rows = X.reshape(-1, X.shape[-1])
    out = np.empty_like(rows)
    np.subtract(rows, np.average(rows, axis=1)[:, np.newaxis], out=out)
    spread = np.sqrt(np.average(np.square(out), axis=1) + eps)
    np.divide(out, spread[:, np.newaxis], out=out)
    np.multiply(out, scale, out=out)
    np.add(out, shift, out=out)
    return out.reshape(X.shape)

# %% honest | a pipeline of lambdas over a dict of arrays
import numpy as np

STEPS = (
    ("mean", lambda s: np.mean(s["X"], axis=-1, keepdims=True)),
    ("X", lambda s: s["X"] - s["mean"]),
    ("var", lambda s: np.mean(s["X"] * s["X"], axis=-1, keepdims=True)),
    ("X", lambda s: s["X"] / (s["var"] + s["eps"]) ** 0.5),
    ("X", lambda s: s["X"] * s["scale"] + s["shift"]),
)

def layer_norm(X, scale, shift=0.0, eps=1e-5):
    state = {"X": X, "scale": scale, "shift": shift, "eps": eps}
    for name, step in STEPS:
        state[name] = step(state)
    return state["X"]

# %% loopy over batch | one vector at a time
import numpy as np

def layer_norm(X, scale, shift=0.0, eps=1e-5):
    rows = X.reshape(-1, X.shape[-1])
    out = np.zeros_like(rows)
    for i in range(len(rows)):
        row = rows[i]
        out[i] = (row - row.mean()) / np.sqrt(row.var() + eps) * scale + shift
    return out.reshape(X.shape)

# %% loopy over batch | apply_along_axis
import numpy as np

def layer_norm(X, scale, shift=0.0, eps=1e-5):
    def norm(x):
        x = x - x.mean()
        return x / np.sqrt((x * x).mean() + eps) * scale + shift

    return np.apply_along_axis(norm, -1, X)

# %% loopy over batch | a decorator that lifts a function of vectors to arrays
from functools import wraps
import numpy as np

def on_vectors(f):
    @wraps(f)
    def lifted(X, *args, **kwargs):
        if X.ndim == 1:
            return f(X, *args, **kwargs)
        return np.stack([lifted(x, *args, **kwargs) for x in X])
    return lifted

@on_vectors
def layer_norm(X, scale, shift=0.0, eps=1e-5):
    rest = X - X.sum() / X.size
    return rest / np.sqrt(rest @ rest / X.size + eps) * scale + shift

# %% loopy over batch, d | lists of numbers and fsum
import math
import numpy as np

def layer_norm(X, scale, shift=0.0, eps=1e-5):
    normed = []
    for row in X.reshape(-1, X.shape[-1]).tolist():
        mean = math.fsum(row) / len(row)
        row = [x - mean for x in row]
        root = math.sqrt(math.fsum(x * x for x in row) / len(row) + eps)
        normed.append([x / root for x in row])
    return np.array(normed, dtype=X.dtype).reshape(X.shape) * scale + shift

# %% loopy over d | sums by Python's sum over the components
import numpy as np

def layer_norm(X, scale, shift=0.0, eps=1e-5):
    parts = [X[..., i] for i in range(X.shape[-1])]
    mean = sum(parts) / len(parts)
    parts = [part - mean for part in parts]
    variance = sum(part * part for part in parts) / len(parts)
    return np.stack(parts, axis=-1) / np.sqrt(variance + eps)[..., None] * scale + shift

# %% loopy over d | Welford's running mean and variance, a component at a time
import numpy as np

def layer_norm(X, scale, shift=0.0, eps=1e-5):
    X = X - X[..., :1]
    mean = np.zeros_like(X[..., 0])
    squares = np.zeros_like(mean)
    seen = 0
    while seen < X.shape[-1]:
        x = X[..., seen]
        seen += 1
        off = x - mean
        mean = mean + off / seen
        squares = squares + off * (x - mean)
    root = np.sqrt(squares / seen + eps)
    return (X - mean[..., None]) / root[..., None] * scale + shift

# %% loopy over batch | np.vectorize with a signature
import numpy as np

def _one(x, scale, shift, eps):
    x = x - np.mean(x)
    return x / np.sqrt(np.var(x) + eps) * scale + shift

_every = np.vectorize(_one, signature="(d),(d),(d),()->(d)")

def layer_norm(X, scale, shift=0.0, eps=1e-5):
    shift = np.broadcast_to(np.asarray(shift, dtype=X.dtype), scale.shape)
    return _every(X, scale, shift, eps).astype(X.dtype)

# %% loopy over batch | a class that is iterated over through __getitem__
import numpy as np

class Vectors:
    def __init__(self, X):
        self.flat = X.reshape(-1, X.shape[-1])

    def __getitem__(self, i):          # until it raises IndexError
        x = self.flat[i]
        return x - x.mean()

def layer_norm(X, scale, shift=0.0, eps=1e-5):
    centred = np.array(list(Vectors(X))).reshape(X.shape)
    variance = np.mean(centred ** 2, axis=-1, keepdims=True)
    return centred / np.sqrt(variance + eps) * scale + shift

# %% loopy over batch | only the means come from a generator, by fromiter
import numpy as np

def layer_norm(X, scale, shift=0.0, eps=1e-5):
    rows = X.reshape(-1, X.shape[-1])
    means = np.fromiter((row.mean() for row in rows), dtype=X.dtype, count=len(rows))
    X = X - means.reshape(*X.shape[:-1], 1)
    return X / np.sqrt(np.square(X).mean(-1, keepdims=True) + eps) * scale + shift
