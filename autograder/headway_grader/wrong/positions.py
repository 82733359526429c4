"""Positions: wrong as people get them wrong, and right in other styles."""

import numpy as np

from headway_grader.wrong.tags import honest, mistake


@mistake(of="sinusoidal_positions", says="by counting positions from 1 instead of 0")
def sinusoidal_positions_from_1(T, d):
    angles = np.arange(1, T + 1)[:, None] * 10_000.0 ** (-np.arange(0, d, 2) / d)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(T, d)


@mistake(
    of="sinusoidal_positions",
    says="by putting all sines first and all cosines behind them, instead of in turns",
)
def sinusoidal_positions_in_halves(T, d):
    angles = np.arange(T)[:, None] * 10_000.0 ** (-np.arange(0, d, 2) / d)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=-1)


@mistake(of="sinusoidal_positions", says="by putting cosine before sine in each pair")
def sinusoidal_positions_swapped(T, d):
    angles = np.arange(T)[:, None] * 10_000.0 ** (-np.arange(0, d, 2) / d)
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1).reshape(T, d)


@mistake(
    of="sinusoidal_positions",
    says="by giving every component a speed of its own instead of one for each pair",
)
def sinusoidal_positions_each_its_own(T, d):
    angles = np.arange(T)[:, None] * 10_000.0 ** (-np.arange(d) / d)
    return np.stack([np.sin(angles[:, ::2]), np.cos(angles[:, 1::2])], axis=-1).reshape(T, d)


@mistake(
    of="sinusoidal_positions",
    says="by letting the speeds fall as 10000^(-i/d) for pair i, half as fast as they should",
)
def sinusoidal_positions_slow_fall(T, d):
    angles = np.arange(T)[:, None] * 10_000.0 ** (-np.arange(d // 2) / d)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(T, d)


@honest(of="sinusoidal_positions")
def sinusoidal_positions_by_columns(T, d):
    made = np.empty((T, d))
    angles = np.arange(T)[:, None] * 10_000.0 ** (-np.arange(0, d, 2) / d)
    made[:, ::2], made[:, 1::2] = np.sin(angles), np.cos(angles)
    return made


@honest(of="sinusoidal_positions")
def sinusoidal_positions_by_phase(T, d):
    i = np.arange(d)
    angles = np.outer(np.arange(T), np.exp(-np.log(10_000.0) * (i - i % 2) / d))
    return np.where(i % 2, np.cos(angles), np.sin(angles))


@mistake(of="rotary", says="by turning the other way")
def rotary_backwards(X):
    angles = -np.arange(X.shape[-2])[:, None] * 10_000.0 ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])
    cos, sin = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    a, b = X[..., ::2], X[..., 1::2]
    return np.stack([a * cos - b * sin, a * sin + b * cos], axis=-1).reshape(X.shape)


@mistake(
    of="rotary",
    says="by pairing component i with i + d/2, as many models do, instead of with its neighbour",
)
def rotary_in_halves(X):
    angles = np.arange(X.shape[-2])[:, None] * 10_000.0 ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])
    cos, sin = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    a, b = np.split(X, 2, axis=-1)
    return np.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)


@mistake(of="rotary", says="by counting positions from 1 instead of 0")
def rotary_from_1(X):
    angles = (np.arange(X.shape[-2])[:, None] + (X.shape[-2] > 1)) * 10_000.0 ** (
        -np.arange(0, X.shape[-1], 2) / X.shape[-1]
    )
    cos, sin = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    a, b = X[..., ::2], X[..., 1::2]
    return np.stack([a * cos - b * sin, a * sin + b * cos], axis=-1).reshape(X.shape)


@mistake(of="rotary", says="by turning every pair at the same speed")
def rotary_one_speed(X):
    angles = np.arange(X.shape[-2])[:, None] * np.ones(X.shape[-1] // 2)
    cos, sin = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    a, b = X[..., ::2], X[..., 1::2]
    return np.stack([a * cos - b * sin, a * sin + b * cos], axis=-1).reshape(X.shape)


@mistake(of="rotary", says="by adding something to every pair instead of turning it")
def rotary_added(X):
    angles = np.arange(X.shape[-2])[:, None] * 10_000.0 ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])
    moved = np.stack([np.sin(angles), np.cos(angles) - 1], axis=-1).reshape(X.shape[-2:])
    return X + moved.astype(X.dtype)


@mistake(of="rotary", says="by computing in float64 whatever comes in")
def rotary_in_float64(X):
    angles = np.arange(X.shape[-2])[:, None] * 10_000.0 ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])
    a, b = X[..., ::2], X[..., 1::2]
    turned = [a * np.cos(angles) - b * np.sin(angles), a * np.sin(angles) + b * np.cos(angles)]
    return np.stack(turned, axis=-1).reshape(X.shape)


@mistake(of="rotary", says="by rounding the angles to the dtype of X, which is too coarse for those far out")
def rotary_angles_in_float32(X):
    angles = np.arange(X.shape[-2])[:, None] * 10_000.0 ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])
    cos, sin = np.cos(angles.astype(X.dtype)), np.sin(angles.astype(X.dtype))
    a, b = X[..., ::2], X[..., 1::2]
    return np.stack([a * cos - b * sin, a * sin + b * cos], axis=-1).reshape(X.shape)


@mistake(of="rotary", says="by writing into the array that came in")
def rotary_in_place(X):
    angles = np.arange(X.shape[-2])[:, None] * 10_000.0 ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])
    cos, sin = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    a, b = X[..., ::2].copy(), X[..., 1::2].copy()
    X[..., ::2], X[..., 1::2] = a * cos - b * sin, a * sin + b * cos
    return X


@honest(of="rotary")
def rotary_by_complex_numbers(X):
    pairs = X[..., ::2] + 1j * X[..., 1::2].astype(X.dtype)
    angles = np.arange(X.shape[-2])[:, None] * 10_000.0 ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])
    turned = pairs * np.exp(1j * angles).astype(pairs.dtype)
    return np.stack([turned.real, turned.imag], axis=-1).reshape(X.shape)


@honest(of="rotary")
def rotary_by_swapping(X):
    angles = np.repeat(
        np.arange(X.shape[-2])[:, None] * 10_000.0 ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1]),
        2,
        axis=-1,
    )
    swapped = X.reshape(*X.shape[:-1], -1, 2)[..., ::-1] * np.array([-1, 1], X.dtype)
    swapped = swapped.reshape(X.shape)
    return X * np.cos(angles).astype(X.dtype) + swapped * np.sin(angles).astype(X.dtype)


@mistake(of="alibi_bias", says="by adding instead of taking off, so that what is far away gains")
def alibi_bias_added(T, H):
    return 2.0 ** (-8 * np.arange(1, H + 1) / H)[:, None, None] * np.abs(np.arange(T)[:, None] - np.arange(T))


@mistake(of="alibi_bias", says="by counting heads from 0, so that the first takes off a whole point a step")
def alibi_bias_from_0(T, H):
    return -(2.0 ** (-8 * np.arange(H) / H)[:, None, None]) * np.abs(np.arange(T)[:, None] - np.arange(T))


@mistake(of="alibi_bias", says="by taking the slopes 1/2, 1/4, 1/8 …, which are right for eight heads only")
def alibi_bias_halved(T, H):
    return -(2.0 ** -np.arange(1.0, H + 1))[:, None, None] * np.abs(np.arange(T)[:, None] - np.arange(T))


@mistake(of="alibi_bias", says="by giving instead of taking on the other side of the query")
def alibi_bias_signed(T, H):
    t = np.arange(T)
    return -(2.0 ** (-8 * np.arange(1, H + 1) / H))[:, None, None] * (t[:, None] - t)


@honest(of="alibi_bias")
def alibi_bias_by_outer(T, H):
    slopes = np.exp2(-8 / H * np.arange(1, H + 1))
    return np.multiply.outer(-slopes, np.abs(np.subtract.outer(np.arange(T), np.arange(T))))


@honest(of="alibi_bias")
def alibi_bias_by_powers(T, H):
    first = 2.0 ** (-8 / H)
    slopes = np.cumprod(np.full(H, first))
    return -np.einsum("h,ij->hij", slopes, np.abs(np.arange(T)[:, None] - np.arange(T)).astype(float))


@mistake(of="rotary_at", says="by counting positions from 0, whatever t says")
def rotary_at_from_0(X, t, base=10_000):
    angles = np.arange(X.shape[-2])[:, None] * float(base) ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])
    cos, sin = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    a, b = X[..., ::2], X[..., 1::2]
    return np.stack([a * cos - b * sin, a * sin + b * cos], axis=-1).reshape(X.shape)


@mistake(of="rotary_at", says="by counting on from the first position in t, whatever the others are")
def rotary_at_counted_on(X, t, base=10_000):
    t = t[..., :1] + np.arange(X.shape[-2])
    angles = t[..., None] * float(base) ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])
    cos, sin = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    a, b = X[..., ::2], X[..., 1::2]
    return np.stack([a * cos - b * sin, a * sin + b * cos], axis=-1).reshape(X.shape)


@mistake(of="rotary_at", says="by the base 10000, whatever base is given")
def rotary_at_fixed_base(X, t, base=10_000):
    angles = t[..., None] * 10_000.0 ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])
    cos, sin = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    a, b = X[..., ::2], X[..., 1::2]
    return np.stack([a * cos - b * sin, a * sin + b * cos], axis=-1).reshape(X.shape)


@mistake(of="rotary_at", says="by turning the other way")
def rotary_at_backwards(X, t, base=10_000):
    angles = -t[..., None] * float(base) ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])
    cos, sin = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    a, b = X[..., ::2], X[..., 1::2]
    return np.stack([a * cos - b * sin, a * sin + b * cos], axis=-1).reshape(X.shape)


@mistake(
    of="rotary_at",
    says="by pairing component i with i + d/2, as many models do, instead of with its neighbour",
)
def rotary_at_in_halves(X, t, base=10_000):
    angles = t[..., None] * float(base) ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])
    cos, sin = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    a, b = np.split(X, 2, axis=-1)
    return np.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)


@mistake(
    of="rotary_at", says="by rounding the angles to the dtype of X, which is too coarse for those far out"
)
def rotary_at_angles_in_float32(X, t, base=10_000):
    angles = t[..., None] * float(base) ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])
    cos, sin = np.cos(angles.astype(X.dtype)), np.sin(angles.astype(X.dtype))
    a, b = X[..., ::2], X[..., 1::2]
    return np.stack([a * cos - b * sin, a * sin + b * cos], axis=-1).reshape(X.shape)


@mistake(of="rotary_at", says="by computing in float64 whatever comes in")
def rotary_at_in_float64(X, t, base=10_000):
    angles = t[..., None] * float(base) ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])
    a, b = X[..., ::2], X[..., 1::2]
    turned = [a * np.cos(angles) - b * np.sin(angles), a * np.sin(angles) + b * np.cos(angles)]
    return np.stack(turned, axis=-1).reshape(X.shape)


@mistake(of="rotary_at", says="by writing into the array that came in")
def rotary_at_in_place(X, t, base=10_000):
    angles = t[..., None] * float(base) ** (-np.arange(0, X.shape[-1], 2) / X.shape[-1])
    cos, sin = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    a, b = X[..., ::2].copy(), X[..., 1::2].copy()
    X[..., ::2], X[..., 1::2] = a * cos - b * sin, a * sin + b * cos
    return X


@honest(of="rotary_at")
def rotary_at_by_complex_numbers(X, t, base=10_000):
    pairs = X[..., ::2] + 1j * X[..., 1::2].astype(X.dtype)
    angles = t[..., None] / float(base) ** (np.arange(0, X.shape[-1], 2) / X.shape[-1])
    turned = pairs * np.exp(1j * angles).astype(pairs.dtype)
    return np.stack([turned.real, turned.imag], axis=-1).reshape(X.shape)


@honest(of="rotary_at")
def rotary_at_by_columns(X, t, base=10_000):
    d = X.shape[-1]
    angles = np.multiply.outer(t, np.exp(np.log(base) * -np.arange(0, d, 2) / d))
    cos, sin = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    turned = np.empty_like(X)
    turned[..., ::2] = cos * X[..., ::2] - sin * X[..., 1::2]
    turned[..., 1::2] = sin * X[..., ::2] + cos * X[..., 1::2]
    return turned
