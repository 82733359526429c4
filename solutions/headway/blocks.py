"""What stands around attention: norms, activations, feed-forward layers, and blocks of them."""

import numpy as np
from numpy.polynomial.chebyshev import chebval

from headway.attention import multi_head_attention


def layer_norm(X, scale, shift=0.0, eps=1e-5):
    """Every vector brought to mean 0 and variance 1, then scaled and shifted (Ba, Kiros and Hinton 2016).

    X (..., d), scale (d), [shift (d)], [eps float ()] -> (..., d)

    eps is added to the variance, so that a vector of equal components gives shift, not nan.
    """
    d = X.shape[-1]
    X = X - X.sum(axis=-1, keepdims=True) / d
    variance = np.vecdot(X, X)[..., None] / d  # the product that @ has for matrices, vector by vector
    return X / np.sqrt(variance + eps) * scale + shift


def rms_norm(X, scale, eps=1e-6):
    """Every vector divided by the root of its mean square, then scaled (Zhang and Sennrich 2019, eq. 4).

    X (..., d), scale (d), [eps float ()] -> (..., d)

    eps is added to the mean square. The mean stays in, and there is no shift.
    """
    mean_square = np.vecdot(X, X)[..., None] / X.shape[-1]
    return X / np.sqrt(mean_square + eps) * scale


_TAIL = np.array(
    [
        *(4.3619650584943627e-1, 3.7810219450774745e-1, 1.3479272213284422e-1, 3.9569615002924791e-2),
        *(9.3994167884840622e-3, 1.7222400304875250e-3, 2.1287910323983694e-4, 8.0254166262083311e-6),
        *(-3.0124601262441563e-6, -6.0203588868374818e-7, -8.1337566786610492e-10, 1.5482876443250462e-8),
        *(1.3963619492931970e-9, -3.4813476757393876e-10, -6.3814483749547840e-11, 8.1883979977805316e-12),
        *(2.4316512135206389e-12, -2.2914424482992303e-13, -9.1195623851726741e-14, 8.4043554121660411e-15),
        *(3.4788649447097970e-15, -3.9565576261122869e-16, -1.3315502018500942e-16, 2.1373825745387551e-17),
    ]
)
"""Chebyshev coefficients of exp(z²) erfc(z) / t in 2t - 1, where t = 3.5 / (3.5 + z) is in (0, 1] for z ≥ 0.

An expansion in such a variable converges on the whole half line (Schonfelder 1978). These were computed with
40 digits at 200 nodes.
"""


def normal_cdf(X):
    """How likely a standard normal number is smaller than X, precise to the dtype of X.

    X (...) -> (...)

    It is erfc(-X / √2) / 2, which numpy lacks.
    """
    z = np.minimum(np.abs(X) / 2**0.5, 40)  # beyond 27 the tail is 0, and a square may overflow
    t = 3.5 / (3.5 + z)
    series = _TAIL[np.abs(_TAIL) > np.finfo(X.dtype).eps / 8].astype(X.dtype)  # float32 needs half as many
    tail = 0.5 * t * chebval(2 * t - 1, series) * np.exp(-z * z)
    return np.where(X < 0, tail, 1 - tail)


def gelu(X):
    """Each number times how likely a standard normal one is smaller (Hendrycks and Gimpel 2016, section 2).

    X (...) -> (...)
    """
    return X * normal_cdf(X)


def gelu_tanh(X):
    """gelu approximated by a tanh, as GPT-2 has it (Hendrycks and Gimpel 2016, section 2).

    X (...) -> (...)
    """
    cubic = X * (1 + 0.044715 * X * X)  # X**3 is 100 times slower
    return 0.5 * X * (1 + np.tanh((2 / np.pi) ** 0.5 * cubic))


def silu(X):
    """Each number times its logistic function, also called swish (Hendrycks and Gimpel 2016, section 2).

    X (...) -> (...)

    Far below 0, where it is nearly 0, few of its digits are right.
    """
    return 0.5 * X * (1 + np.tanh(0.5 * X))  # 1 / (1 + exp(-X)), where exp could overflow


def relu(X):
    """Each number, or 0 where it is negative.

    X (...) -> (...)
    """
    return np.maximum(X, 0)


def mlp(X, W_in, b_in, W_out, b_out):
    """Two layers with a gelu between them, at each position alone (Vaswani et al. 2017, eq. 2; there a ReLU).

    X (..., d), W_in (d, h), b_in (h), W_out (h, d), b_out (d) -> (..., d)
    """
    return gelu(X @ W_in + b_in) @ W_out + b_out


def swiglu(X, W_gate, W_in, W_out):
    """A feed-forward layer whose hidden numbers are let through by a silu (Shazeer 2020, eq. 6).

    X (..., d), W_gate (d, h), W_in (d, h), W_out (h, d) -> (..., d)
    """
    return (silu(X @ W_gate) * (X @ W_in)) @ W_out


def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    """A block that reads the residual stream through a norm, and adds to it (Xiong et al. 2020, table 1).

    X (..., T, d), scale_1 (d), shift_1 (d), W_Q (d, d), W_K (d, d), W_V (d, d), W_O (d, d),
    scale_2 (d), shift_2 (d), W_in (d, h), b_in (h), W_out (h, d), b_out (d), H int (),
    [mask bool (..., T, T)] -> (..., T, d)
    """
    X = X + multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
    return X + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)


def post_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    """A block that norms the residual stream after each addition (Vaswani et al. 2017, section 3.1).

    X (..., T, d), scale_1 (d), shift_1 (d), W_Q (d, d), W_K (d, d), W_V (d, d), W_O (d, d),
    scale_2 (d), shift_2 (d), W_in (d, h), b_in (h), W_out (h, d), b_out (d), H int (),
    [mask bool (..., T, T)] -> (..., T, d)
    """
    X = layer_norm(X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask), scale_1, shift_1)
    return layer_norm(X + mlp(X, W_in, b_in, W_out, b_out), scale_2, shift_2)
