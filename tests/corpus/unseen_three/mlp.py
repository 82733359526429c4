# %% honest | the formula in one line
import numpy as np
from headway.blocks import gelu

def mlp(X, W_in, b_in, W_out, b_out):
    return gelu(X @ W_in + b_in) @ W_out + b_out

# %% honest | einsum twice
import numpy as np
from headway.blocks import gelu

def mlp(X, W_in, b_in, W_out, b_out):
    hidden = gelu(np.einsum("...i,ij->...j", X, W_in) + b_in)
    return np.einsum("...j,jk->...k", hidden, W_out) + b_out

# %% honest | biases as one more row, and a 1 behind each vector
import numpy as np
from headway.blocks import gelu

def with_one(A):
    return np.concatenate([A, np.ones_like(A[..., :1])], axis=-1)

def mlp(X, W_in, b_in, W_out, b_out):
    first = np.vstack([W_in, b_in])           # (d + 1, h)
    second = np.vstack([W_out, b_out])        # (h + 1, d)
    return with_one(gelu(with_one(X) @ first)) @ second

# %% honest | linear layers as dataclasses, and a loop over the two of them
from dataclasses import dataclass
import numpy as np
from headway.blocks import gelu

@dataclass
class Linear:
    W: np.ndarray
    b: np.ndarray

    def __call__(self, X):
        assert X.shape[-1] == self.W.shape[0]
        return X @ self.W + self.b

def mlp(X, W_in, b_in, W_out, b_out):
    layers = [Linear(W_in, b_in), gelu, Linear(W_out, b_out)]
    for layer in layers:
        X = layer(X)
    return X

# %% honest | all positions below each other in one matrix
import numpy as np
from headway.blocks import gelu

def mlp(X, W_in, b_in, W_out, b_out):
    *batch, d = X.shape
    rows = X.reshape(-1, d)
    hidden = np.dot(rows, W_in)
    hidden += b_in
    out = np.dot(gelu(hidden), W_out)
    out += b_out
    return out.reshape(*batch, d)

# %% honest | products by broadcasting and sums
import numpy as np
from headway.blocks import gelu

def mlp(X, W_in, b_in, W_out, b_out):
    H = (X[..., :, None] * W_in).sum(axis=-2) + b_in
    return (gelu(H)[..., :, None] * W_out).sum(axis=-2) + b_out

# %% honest | two halves of the hidden numbers, each with its own columns and rows
import numpy as np
from headway.blocks import gelu

def mlp(X, W_in, b_in, W_out, b_out):
    half = len(b_in) // 2
    written = b_out
    for part in (slice(None, half), slice(half, None)):
        written = written + gelu(X @ W_in[:, part] + b_in[part]) @ W_out[part]
    return written

# %% honest | reduce over pairs of matrix and bias, tensordot
from functools import reduce
import numpy as np
from headway.blocks import gelu

def mlp(X, W_in, b_in, W_out, b_out):
    affine = lambda A, layer: np.tensordot(A, layer[0], axes=1) + layer[1]
    assert all(np.ndim(b) == 1 for b in (b_in, b_out)), "biases are vectors"
    hidden = gelu(affine(X, (W_in, b_in)))
    return reduce(affine, [(W_out, b_out)], hidden)

# %% loopy over h | rule by rule: where you see this, write that
import numpy as np
from headway.blocks import gelu

def mlp(X, W_in, b_in, W_out, b_out):
    out = np.zeros_like(X) + b_out
    for j in range(W_in.shape[1]):
        seen = gelu(X @ W_in[:, j, None] + b_in[j])        # (..., 1)
        out = out + seen * W_out[j]
    return out

# %% loopy over batch | map over the rows
import numpy as np
from headway.blocks import gelu

def mlp(X, W_in, b_in, W_out, b_out):
    rows = X.reshape(-1, X.shape[-1])
    written = map(lambda x: gelu(x @ W_in + b_in) @ W_out + b_out, rows)
    return np.array(list(written)).reshape(X.shape)

# %% loopy over d | the first product as a sum over the components
import numpy as np
from headway.blocks import gelu

def mlp(X, W_in, b_in, W_out, b_out):
    hidden = b_in
    for i, weights in enumerate(W_in):
        hidden = hidden + X[..., i, None] * weights
    return gelu(hidden) @ W_out + b_out

# %% loopy over d | one column of the result after the other
import numpy as np
from headway.blocks import gelu

def mlp(X, W_in, b_in, W_out, b_out):
    hidden = gelu(X @ W_in + b_in)
    return np.stack([(hidden * w).sum(-1) + b for w, b in zip(W_out.T, b_out)], axis=-1)

# %% loopy over batch, h | math.erf through np.vectorize
import math
import numpy as np

def mlp(X, W_in, b_in, W_out, b_out):
    phi = np.vectorize(lambda x: (1 + math.erf(x / math.sqrt(2))) / 2, otypes=[X.dtype])
    hidden = X @ W_in + b_in
    return (hidden * phi(hidden)) @ W_out + b_out

# %% loopy over batch | vectorize with a signature
import numpy as np
from headway.blocks import gelu

@np.vectorize(signature="(d),(d,h),(h),(h,d),(d)->(d)")
def _mlp(x, W_in, b_in, W_out, b_out):
    return gelu(x @ W_in + b_in) @ W_out + b_out

def mlp(X, W_in, b_in, W_out, b_out):
    return _mlp(X, W_in, b_in, W_out, b_out)

# %% loopy over batch | recursion over the leading axes
import numpy as np
from headway.blocks import gelu

def mlp(X, W_in, b_in, W_out, b_out):
    if X.ndim == 1:
        return gelu(X @ W_in + b_in) @ W_out + b_out
    return np.stack([mlp(part, W_in, b_in, W_out, b_out) for part in X])

# %% loopy over h | blocks of two hidden numbers, by range with a step
import numpy as np
from headway.blocks import gelu

def mlp(X, W_in, b_in, W_out, b_out):
    blocks = [slice(start, start + 2) for start in range(0, b_in.size, 2)]
    return sum((gelu(X @ W_in[:, at] + b_in[at]) @ W_out[at] for at in blocks), start=b_out)

# %% loopy over h | a generator that hands out columns and rows, summed by reduce
from functools import reduce
import operator
import numpy as np
from headway.blocks import gelu

class Rules:
    def __init__(self, W_in, b_in, W_out):
        self.W_in, self.b_in, self.W_out = W_in, b_in, W_out

    def __iter__(self):
        for key, bias, value in zip(self.W_in.T, self.b_in, self.W_out):
            yield lambda X: gelu(np.vecdot(X, key) + bias)[..., None] * value

def mlp(X, W_in, b_in, W_out, b_out):
    return reduce(operator.add, (rule(X) for rule in Rules(W_in, b_in, W_out))) + b_out
