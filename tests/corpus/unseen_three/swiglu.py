# %% honest | the formula with the course's silu
import numpy as np
from headway.blocks import silu

def swiglu(X, W_gate, W_in, W_out):
    return (silu(X @ W_gate) * (X @ W_in)) @ W_out

# %% honest | both matrices as one, and a split in two
import numpy as np

def swiglu(X, W_gate, W_in, W_out):
    both = X @ np.concatenate([W_gate, W_in], axis=-1)
    gate, seen = np.split(both, 2, axis=-1)
    return (0.5 * gate * (1 + np.tanh(0.5 * gate)) * seen) @ W_out

# %% honest | einsum, and a logistic function that looks at the sign
import numpy as np

def logistic(Z):
    small = np.exp(-np.abs(Z))
    return np.where(Z < 0, small, 1) / (1 + small)

def swiglu(X, W_gate, W_in, W_out):
    gate = np.einsum("...d,dh->...h", X, W_gate)
    seen = np.einsum("...d,dh->...h", X, W_in)
    return np.einsum("...h,...h,hd->...d", gate * logistic(gate), seen, W_out)

# %% honest | the matrices stacked along a new axis, and unpacked by two
import numpy as np
from headway.blocks import silu

def swiglu(X, W_gate, W_in, W_out):
    W = np.stack([W_gate, W_in])                             # (2, d, h)
    gate, seen = np.moveaxis(np.tensordot(X, W, axes=(-1, 1)), -2, 0)
    return np.matmul(np.multiply(silu(gate), seen), W_out)

# %% honest | rows below each other, a dict of hidden arrays, in-place products
import numpy as np

def swiglu(X, W_gate, W_in, W_out):
    rows = X.reshape(-1, X.shape[-1])
    hidden = {name: rows.dot(W) for name, W in {"gate": W_gate, "in": W_in}.items()}
    assert all(A.shape == (len(rows), len(W_out)) for A in hidden.values())
    out = np.tanh(hidden["gate"] / 2)
    out += 1
    out /= 2
    for A in hidden.values():
        out *= A
    return out.dot(W_out).reshape(X.shape)

# %% honest | two masks, one for each sign of the gate
import numpy as np

def swiglu(X, W_gate, W_in, W_out):
    gate = X @ W_gate
    passed = np.zeros_like(gate)
    for sign in (1, -1):
        here = gate * sign >= 0
        z = gate[here]
        e = np.exp(-sign * z)
        passed[here] = z / (1 + e) if sign > 0 else z * e / (1 + e)
    return (passed * (X @ W_in)) @ W_out

# %% loopy over h | a hidden number at a time
import numpy as np
from headway.blocks import silu

def swiglu(X, W_gate, W_in, W_out):
    out = np.zeros_like(X)
    for j in range(W_out.shape[0]):
        gate, seen = X @ W_gate[:, j, None], X @ W_in[:, j, None]
        out = out + silu(gate) * seen * W_out[j]
    return out

# %% loopy over batch | rows by a comprehension
import numpy as np
from headway.blocks import silu

def swiglu(X, W_gate, W_in, W_out):
    rows = [(silu(x @ W_gate) * (x @ W_in)) @ W_out for x in X.reshape(-1, X.shape[-1])]
    return np.array(rows).reshape(X.shape)

# %% loopy over batch, h | the gate by math, number by number
import math
import numpy as np

def _silu(z):
    return z / (1 + math.exp(-z)) if z > -80 else 0.0

def swiglu(X, W_gate, W_in, W_out):
    gate = X @ W_gate
    passed = np.fromiter((_silu(z) for z in gate.ravel().tolist()), gate.dtype, gate.size)
    return (passed.reshape(gate.shape) * (X @ W_in)) @ W_out

# %% loopy over d | both products as sums over the components
from functools import reduce
import numpy as np
from headway.blocks import silu

def product(X, W):
    return reduce(lambda total, i: total + X[..., i, None] * W[i], range(1, len(W)), X[..., :1] * W[0])

def swiglu(X, W_gate, W_in, W_out):
    return (silu(product(X, W_gate)) * product(X, W_in)) @ W_out

# %% loopy over batch | vectorize with a signature
import numpy as np
from headway.blocks import silu

def _one(x, W_gate, W_in, W_out):
    return (silu(x @ W_gate) * (x @ W_in)) @ W_out

swiglu = np.vectorize(_one, signature="(d),(d,h),(d,h),(h,d)->(d)")

# %% loopy over d | a column of the result at a time, by halving the matrix until one is left
import numpy as np
from headway.blocks import silu

def swiglu(X, W_gate, W_in, W_out):
    hidden = silu(X @ W_gate) * (X @ W_in)

    def columns(W):
        half = W.shape[1] // 2
        return columns(W[:, :half]) + columns(W[:, half:]) if half else [hidden @ W[:, 0]]

    return np.stack(columns(W_out), axis=-1)
