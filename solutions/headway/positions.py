"""Where a token stands: added to its vector, turned into its query and key, or taken off its scores."""

import numpy as np

from headway.arrays import outer_difference


def _angles(t, d, base):
    """How far each of d/2 clock hands has turned at each of the positions t, in radians: (..., d/2)."""
    speeds = base ** (-np.arange(0, d, 2) / d)
    return t[..., None] * speeds


def _turned(X, angles):
    """Each pair of neighbouring components as the hand of a clock, turned by an angle."""
    cos, sin = np.cos(angles).astype(X.dtype), np.sin(angles).astype(X.dtype)
    a, b = X[..., ::2], X[..., 1::2]  # (..., T, d/2)
    return np.stack([a * cos - b * sin, a * sin + b * cos], axis=-1).reshape(X.shape)


def sinusoidal_positions(T, d):
    """Every position as d/2 clock hands that turn at different speeds (Vaswani et al. 2017, section 3.5).

    T int (), d int () -> float (T, d)

    Components 2i and 2i + 1 are sine and cosine of position / 10000^(2i/d). d is even.
    """
    angles = _angles(np.arange(T), d, 10_000.0)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(T, d)


def rotary(X):
    """Queries or keys turned by their positions, pair by pair of components (Su et al. 2021, eq. 34).

    X (..., T, d) -> (..., T, d)

    Components 2i and 2i + 1 turn by position / 10000^(2i/d) radians. d is even.
    """
    return _turned(X, _angles(np.arange(X.shape[-2]), X.shape[-1], 10_000.0))


def rotary_at(X, t, base=10_000.0):
    """As rotary, from any positions on and with any slowest hand: what a cache of keys needs.

    X (..., T, d), t int (..., T), [base float ()] -> (..., T, d)

    Components 2i and 2i + 1 turn by t / base^(2i/d) radians (Su et al. 2021, eq. 34). d is even.
    """
    return _turned(X, _angles(t, X.shape[-1], base))


def alibi_bias(T, H):
    """What each head takes off a score for every step between query and key (Press et al. 2022, section 3).

    T int (), H int () -> float (H, T, T)

    Head h of 1 … H takes off 2^(-8h/H) a step, to either side.
    """
    slopes = 2.0 ** (-8 * np.arange(1, H + 1) / H)
    t = np.arange(T)
    return -slopes[:, None, None] * np.abs(outer_difference(t, t))
