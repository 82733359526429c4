"""Norms and activations: wrong as people get them wrong, and right in other styles."""

import math

import numpy as np

from headway_grader.wrong.tags import honest, mistake


@mistake(of="layer_norm", says="by dividing the squares by d - 1 instead of d (ddof=1)")
def layer_norm_of_a_sample(X, scale, shift=0.0, eps=1e-5):
    X = X - X.mean(axis=-1, keepdims=True)
    variance = (X * X).sum(axis=-1, keepdims=True) / (X.shape[-1] - 1)
    return X / np.sqrt(variance + eps) * scale + shift


@mistake(of="layer_norm", says="by adding eps to the standard deviation, outside the root")
def layer_norm_eps_outside(X, scale, shift=0.0, eps=1e-5):
    X = X - X.mean(axis=-1, keepdims=True)
    return X / (X.std(axis=-1, keepdims=True) + eps) * scale + shift


@mistake(of="layer_norm", says="without eps, so that equal components become 0 / 0")
def layer_norm_without_eps(X, scale, shift=0.0, eps=1e-5):
    X = X - X.mean(axis=-1, keepdims=True)
    return X / X.std(axis=-1, keepdims=True) * scale + shift


@mistake(of="layer_norm", says="by always adding 1e-5, whatever eps is")
def layer_norm_eps_fixed(X, scale, shift=0.0, eps=1e-5):
    X = X - X.mean(axis=-1, keepdims=True)
    return X / np.sqrt(X.var(axis=-1, keepdims=True) + 1e-5) * scale + shift


@mistake(of="layer_norm", says="by dividing by the variance instead of its root")
def layer_norm_without_root(X, scale, shift=0.0, eps=1e-5):
    X = X - X.mean(axis=-1, keepdims=True)
    return X / (X.var(axis=-1, keepdims=True) + eps) * scale + shift


@mistake(of="layer_norm", says="by taking mean and variance of the whole array instead of each vector")
def layer_norm_of_everything(X, scale, shift=0.0, eps=1e-5):
    return (X - X.mean()) / np.sqrt(X.var() + eps) * scale + shift


@mistake(of="layer_norm", says="by taking mean and variance along the first axis instead of the last")
def layer_norm_along_the_batch(X, scale, shift=0.0, eps=1e-5):
    return (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + eps) * scale + shift


@mistake(of="layer_norm", says="without scale")
def layer_norm_without_scale(X, scale, shift=0.0, eps=1e-5):
    X = X - X.mean(axis=-1, keepdims=True)
    return X / np.sqrt(X.var(axis=-1, keepdims=True) + eps) + shift


@mistake(of="layer_norm", says="without shift")
def layer_norm_without_shift(X, scale, shift=0.0, eps=1e-5):
    X = X - X.mean(axis=-1, keepdims=True)
    return X / np.sqrt(X.var(axis=-1, keepdims=True) + eps) * scale


@mistake(of="layer_norm", says="by adding the shift before scale multiplies, so that it is scaled, too")
def layer_norm_shift_first(X, scale, shift=0.0, eps=1e-5):
    X = X - X.mean(axis=-1, keepdims=True)
    return (X / np.sqrt(X.var(axis=-1, keepdims=True) + eps) + shift) * scale


@mistake(
    of="layer_norm",
    says="by a variance that is the mean square less the squared mean: far from zero both are huge, "
    "and what is between them is lost",
)
def layer_norm_by_difference(X, scale, shift=0.0, eps=1e-5):
    mean = X.mean(axis=-1, keepdims=True)
    variance = np.maximum((X * X).mean(axis=-1, keepdims=True) - mean * mean, 0)
    return (X - mean) / np.sqrt(variance + eps) * scale + shift


@mistake(of="layer_norm", says="by zeros from np.zeros where no shift is given, which are float64")
def layer_norm_in_float64(X, scale, shift=None, eps=1e-5):
    shift = np.zeros(X.shape[-1]) if shift is None else shift
    X = X - X.mean(axis=-1, keepdims=True)
    return X / np.sqrt(X.var(axis=-1, keepdims=True) + eps) * scale + shift


@mistake(of="layer_norm", says="by subtracting in place, which changes the caller's array")
def layer_norm_in_place(X, scale, shift=0.0, eps=1e-5):
    X -= X.mean(axis=-1, keepdims=True)
    return X / np.sqrt(X.var(axis=-1, keepdims=True) + eps) * scale + shift


@honest(of="layer_norm")
def layer_norm_by_mean_and_var(X, scale, shift=0.0, eps=1e-5):
    mean, variance = X.mean(axis=-1, keepdims=True), X.var(axis=-1, keepdims=True)
    return (X - mean) / np.sqrt(variance + eps) * scale + shift


@honest(of="layer_norm")
def layer_norm_by_einsum(X, scale, shift=0.0, eps=1e-5):
    d = X.shape[-1]
    centred = X - np.add.reduce(X, axis=-1)[..., np.newaxis] / d
    variance = np.einsum("...i,...i->...", centred, centred)[..., np.newaxis] / d
    return centred * (scale * (variance + eps) ** -0.5) + shift


@mistake(of="rms_norm", says="by taking the mean off first: that is layer_norm without a shift")
def rms_norm_of_the_centred(X, scale, eps=1e-6):
    X = X - X.mean(axis=-1, keepdims=True)
    return X / np.sqrt((X * X).mean(axis=-1, keepdims=True) + eps) * scale


@mistake(of="rms_norm", says="by dividing by the length of the vector: the root of the sum, not of the mean")
def rms_norm_by_length(X, scale, eps=1e-6):
    return X / np.sqrt((X * X).sum(axis=-1, keepdims=True) + eps) * scale


@mistake(of="rms_norm", says="by adding eps outside the root")
def rms_norm_eps_outside(X, scale, eps=1e-6):
    return X / (np.sqrt((X * X).mean(axis=-1, keepdims=True)) + eps) * scale


@mistake(of="rms_norm", says="without eps, so that a vector of zeros becomes 0 / 0")
def rms_norm_without_eps(X, scale, eps=1e-6):
    return X / np.sqrt((X * X).mean(axis=-1, keepdims=True)) * scale


@mistake(of="rms_norm", says="by always adding 1e-6, whatever eps is")
def rms_norm_eps_fixed(X, scale, eps=1e-6):
    return X / np.sqrt((X * X).mean(axis=-1, keepdims=True) + 1e-6) * scale


@mistake(of="rms_norm", says="by dividing by the mean square instead of its root")
def rms_norm_without_root(X, scale, eps=1e-6):
    return X / ((X * X).mean(axis=-1, keepdims=True) + eps) * scale


@mistake(of="rms_norm", says="by taking the mean square of the whole array instead of each vector")
def rms_norm_of_everything(X, scale, eps=1e-6):
    return X / np.sqrt((X * X).mean() + eps) * scale


@mistake(of="rms_norm", says="without scale")
def rms_norm_without_scale(X, scale, eps=1e-6):
    return X / np.sqrt((X * X).mean(axis=-1, keepdims=True) + eps)


@mistake(of="rms_norm", says="by multiplying with np.sqrt(d), a float64 that turns float32 into float64")
def rms_norm_in_float64(X, scale, eps=1e-6):
    d = X.shape[-1]
    return X * np.sqrt(d) / np.sqrt((X * X).sum(axis=-1, keepdims=True) + d * eps) * scale


@mistake(of="rms_norm", says="by dividing in place, which changes the caller's array")
def rms_norm_in_place(X, scale, eps=1e-6):
    X /= np.sqrt((X * X).mean(axis=-1, keepdims=True) + eps)
    return X * scale


@honest(of="rms_norm")
def rms_norm_by_squares(X, scale, eps=1e-6):
    return X / np.sqrt(np.mean(np.square(X), axis=-1, keepdims=True) + eps) * scale


@honest(of="rms_norm")
def rms_norm_by_power(X, scale, eps=1e-6):
    mean_square = np.einsum("...i,...i->...", X, X)[..., None] / X.shape[-1]
    return scale * (X * (mean_square + eps) ** -0.5)


@mistake(of="gelu_tanh", says="by the exact gelu, which this form comes close to")
def gelu_tanh_exact(X):
    return (X * (1 + np.vectorize(math.erf)(X / 2**0.5)) / 2).astype(X.dtype)


@mistake(of="gelu_tanh", says="without the cubic term")
def gelu_tanh_without_cube(X):
    return 0.5 * X * (1 + np.tanh((2 / np.pi) ** 0.5 * X))


@mistake(of="gelu_tanh", says="by multiplying only X with √(2/π), and not its cube")
def gelu_tanh_cube_outside(X):
    return 0.5 * X * (1 + np.tanh((2 / np.pi) ** 0.5 * X + 0.044715 * X * X * X))


@mistake(of="gelu_tanh", says="by √(2π) instead of √(2/π)")
def gelu_tanh_other_root(X):
    return 0.5 * X * (1 + np.tanh((2 * np.pi) ** 0.5 * (X + 0.044715 * X * X * X)))


@mistake(of="gelu_tanh", says="by the other approximation, with the logistic function of 1.702 x")
def gelu_tanh_by_logistic(X):
    return 0.5 * X * (1 + np.tanh(0.851 * X))


@mistake(of="gelu_tanh", says="without the 1 that is added to the tanh")
def gelu_tanh_without_one(X):
    return 0.5 * X * np.tanh((2 / np.pi) ** 0.5 * (X + 0.044715 * X * X * X))


@mistake(of="gelu_tanh", says="without the factor 1/2")
def gelu_tanh_doubled(X):
    return X * (1 + np.tanh((2 / np.pi) ** 0.5 * (X + 0.044715 * X * X * X)))


@mistake(
    of="gelu_tanh", says="by multiplying with np.sqrt(2 / np.pi), a float64 that turns float32 into float64"
)
def gelu_tanh_in_float64(X):
    return 0.5 * X * (1 + np.tanh(np.sqrt(2 / np.pi) * (X + 0.044715 * X * X * X)))


@mistake(of="gelu_tanh", says="by multiplying in place, which changes the caller's array")
def gelu_tanh_in_place(X):
    X *= 0.5 * (1 + np.tanh((2 / np.pi) ** 0.5 * (X + 0.044715 * X * X * X)))
    return X


@honest(of="gelu_tanh")
def gelu_tanh_as_printed(X):
    return 0.5 * X * (1 + np.tanh(np.sqrt(2 / np.pi).astype(X.dtype) * (X + 0.044715 * X**3)))


@honest(of="gelu_tanh")
def gelu_tanh_by_exp(X):
    with np.errstate(over="ignore"):
        return X / (1 + np.exp(-2 * (2 / np.pi) ** 0.5 * X * (1 + 0.044715 * np.square(X))))


@mistake(of="silu", says="by exp(x) / (1 + exp(x)), which is ∞ / ∞ for large x")
def silu_overflowing(X):
    return X * np.exp(X) / (1 + np.exp(X))


@mistake(of="silu", says="by the logistic function of -x instead of x")
def silu_sign(X):
    return 0.5 * X * (1 - np.tanh(0.5 * X))


@mistake(of="silu", says="by (1 + tanh x) / 2, which is the logistic function of 2x")
def silu_twice_as_steep(X):
    return 0.5 * X * (1 + np.tanh(X))


@mistake(of="silu", says="by the gelu")
def silu_as_gelu(X):
    return (X * (1 + np.vectorize(math.erf)(X / 2**0.5)) / 2).astype(X.dtype)


@mistake(of="silu", says="by a ReLU")
def silu_as_relu(X):
    return np.maximum(X, 0)


@mistake(
    of="silu", says="by clipping at -10 before exp: far below, the number is large and the gate is not 0"
)
def silu_clipped(X):
    return X / (1 + np.exp(-np.maximum(X, -10)))


@mistake(of="silu", says="by filling np.empty(X.shape), which is float64")
def silu_in_float64(X):
    gate = np.empty(X.shape)
    gate[...] = 0.5 * (1 + np.tanh(0.5 * X))
    return X * gate


@mistake(of="silu", says="by multiplying in place, which changes the caller's array")
def silu_in_place(X):
    X *= 0.5 * (1 + np.tanh(0.5 * X))
    return X


@honest(of="silu")
def silu_as_printed(X):
    with np.errstate(over="ignore"):
        return X / (1 + np.exp(-X))


@honest(of="silu")
def silu_in_two_branches(X):
    small = np.exp(-np.abs(X))
    return X * np.where(X >= 0, 1, small) / (1 + small)


@honest(of="silu")
def silu_by_logaddexp(X):
    return X * np.exp(-np.logaddexp(0, -X))
