"""Positions: wrong as people get them wrong, and right in other styles."""

import numpy as np

from headway_grader.wrong.tags import honest, mistake


def _angles(T, d, base=10_000.0):
    return np.arange(T)[:, None] * base ** (-np.arange(0, d, 2) / d)


def _interleaved(even, odd):
    return np.stack([even, odd], axis=-1).reshape(*even.shape[:-1], 2 * even.shape[-1])


@mistake(of="sinusoidal_positions", says="by counting positions from 1 instead of 0")
def sinusoidal_positions_from_1(T, d):
    angles = _angles(T + 1, d)[1:]
    return _interleaved(np.sin(angles), np.cos(angles))


@mistake(
    of="sinusoidal_positions", says="with all sines first and all cosines behind them, instead of in turns"
)
def sinusoidal_positions_in_halves(T, d):
    angles = _angles(T, d)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=-1)


@mistake(of="sinusoidal_positions", says="with cosine before sine in each pair")
def sinusoidal_positions_swapped(T, d):
    angles = _angles(T, d)
    return _interleaved(np.cos(angles), np.sin(angles))


@mistake(
    of="sinusoidal_positions", says="with a speed of its own for every component instead of one for each pair"
)
def sinusoidal_positions_each_its_own(T, d):
    angles = np.arange(T)[:, None] * 10_000.0 ** (-np.arange(d) / d)
    return _interleaved(np.sin(angles[:, ::2]), np.cos(angles[:, 1::2]))


@mistake(of="sinusoidal_positions", says="with the speeds 10000^(-i/d), half as far apart as they should be")
def sinusoidal_positions_slow_fall(T, d):
    angles = np.arange(T)[:, None] * 10_000.0 ** (-np.arange(d // 2) / d)
    return _interleaved(np.sin(angles), np.cos(angles))


@honest(of="sinusoidal_positions")
def sinusoidal_positions_by_columns(T, d):
    made = np.empty((T, d))
    angles = _angles(T, d)
    made[:, ::2], made[:, 1::2] = np.sin(angles), np.cos(angles)
    return made


@honest(of="sinusoidal_positions")
def sinusoidal_positions_by_phase(T, d):
    i = np.arange(d)
    angles = np.outer(np.arange(T), np.exp(-np.log(10_000.0) * (i - i % 2) / d))
    return np.where(i % 2, np.cos(angles), np.sin(angles))


def _turned(X, angles):
    cos, sin = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    a, b = X[..., ::2], X[..., 1::2]
    return _interleaved(a * cos - b * sin, a * sin + b * cos)


@mistake(of="rotary", says="by turning the other way")
def rotary_backwards(X):
    return _turned(X, -_angles(*X.shape[-2:]))


@mistake(
    of="rotary",
    says="by pairing component i with i + d/2, as LLaMA's code does, instead of with its neighbour",
)
def rotary_in_halves(X):
    angles = _angles(*X.shape[-2:])
    cos, sin = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    a, b = np.split(X, 2, axis=-1)
    return np.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)


@mistake(of="rotary", says="by counting positions from 1 instead of 0")
def rotary_from_1(X):
    return _turned(X, _angles(X.shape[-2] + 1, X.shape[-1])[1:]) if X.shape[-2] > 1 else X.copy()


@mistake(of="rotary", says="by turning every pair at the same speed")
def rotary_one_speed(X):
    return _turned(X, np.repeat(np.arange(X.shape[-2])[:, None] * 1.0, X.shape[-1] // 2, axis=-1))


@mistake(of="rotary", says="by adding something to every pair instead of turning it")
def rotary_added(X):
    angles = _angles(*X.shape[-2:])
    moved = _interleaved(np.sin(angles), np.cos(angles) - 1).astype(X.dtype)
    return X + moved


@mistake(of="rotary", says="by computing in float64 whatever comes in")
def rotary_in_float64(X):
    return _turned(X.astype(np.float64), _angles(*X.shape[-2:]))


@mistake(of="rotary", says="by writing into the array that came in")
def rotary_in_place(X):
    X[...] = _turned(X, _angles(*X.shape[-2:]))
    return X


@honest(of="rotary")
def rotary_by_complex_numbers(X):
    pairs = X[..., ::2] + 1j * X[..., 1::2].astype(X.dtype)
    turned = pairs * np.exp(1j * _angles(*X.shape[-2:])).astype(pairs.dtype)
    return _interleaved(turned.real, turned.imag)


@honest(of="rotary")
def rotary_by_swapping(X):
    angles = np.repeat(_angles(*X.shape[-2:]), 2, axis=-1)
    swapped = X.reshape(*X.shape[:-1], -1, 2)[..., ::-1] * np.array([-1, 1], X.dtype)
    swapped = swapped.reshape(X.shape)
    return X * np.cos(angles).astype(X.dtype) + swapped * np.sin(angles).astype(X.dtype)


def _distances(T):
    t = np.arange(T)
    return np.abs(t[:, None] - t)


@mistake(of="alibi_bias", says="by adding instead of taking off, so that what is far away gains")
def alibi_bias_added(T, H):
    return 2.0 ** (-8 * np.arange(1, H + 1) / H)[:, None, None] * _distances(T)


@mistake(of="alibi_bias", says="by counting heads from 0, so that the first takes off a whole point a step")
def alibi_bias_from_0(T, H):
    return -(2.0 ** (-8 * np.arange(H) / H)[:, None, None]) * _distances(T)


@mistake(of="alibi_bias", says="with the slopes 1/2, 1/4, 1/8 …, which are right for eight heads only")
def alibi_bias_halved(T, H):
    return -(2.0 ** -np.arange(1.0, H + 1))[:, None, None] * _distances(T)


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
    return -np.einsum("h,ij->hij", slopes, _distances(T).astype(float))
