"""Where a token stands: added to its vector, turned into its query and key, or into its scores."""

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


def relative_buckets(steps, n, span, back_only=False):
    """In which of n buckets a distance falls: near ones have their own, far ones share (Raffel et al. 2020).

    steps int (...), n int (), span int (), [back_only bool ()] -> int (...)

    steps lead from the query to the key, so they are negative backward. Half of the buckets are for steps
    forward, or none if only steps back occur; half of the rest hold one distance each. The others grow by a
    constant factor, and the last holds span and more. (Section 2.1; the formula is that of their code.)
    """
    first = 0 if back_only else np.where(steps > 0, n // 2, 0)
    distance = np.maximum(-steps, 0) if back_only else np.abs(steps)
    n = n if back_only else n // 2
    near = n // 2
    ratio = np.log(np.maximum(distance, 1) / near) / np.log(span / near)
    far = near + (ratio * (n - near) + 1e-9).astype(int)  # rounding must not move a distance across a border
    return first + np.where(distance < near, distance, np.minimum(far, n - 1))


def relative_bias(table, queries, keys, span=128, back_only=False):
    """What each head adds to a score for the distance from query to key (Raffel et al. 2020, section 2.1).

    table (n, H), queries int (Tq), keys int (Tk), [span int ()], [back_only bool ()] -> (H, Tq, Tk)

    queries and keys hold their positions. The table has a row for each bucket of relative_buckets.
    """
    buckets = relative_buckets(-outer_difference(queries, keys), len(table), span, back_only)  # (Tq, Tk)
    return table.T[:, buckets]


def signed_buckets(steps, n, span):
    """Distances as they are up to n / 2, and in logarithmic steps beyond, with their sign.

    steps int (...), n int (), span int () -> int (...)

    A distance of span - 1 falls into the last of the n buckets to its side. (DeBERTa, as version 2 of its
    code has it. The paper, He et al. 2021, eq. 3, cuts far distances off.)
    """
    near = n // 2
    far = np.maximum(np.abs(steps), near)
    far = near + np.ceil(np.log(far / near) / np.log((span - 1) / near) * (near - 1) - 1e-9).astype(int)
    return np.where(np.abs(steps) <= near, steps, np.sign(steps) * far)


def disentangled_scores(Q, K, K_R, Q_R, index):
    """Scores of content, and of relative positions with vectors of their own (He et al. 2021, eq. 4).

    Q (..., T, d), K (..., T, d), K_R (..., m, d), Q_R (..., m, d), index int (T, T) -> (..., T, T)

    index says which of m relative positions lies between a query and a key. There K_R answers what the query
    holds, and Q_R asks what the key holds. The sum of the three scores is divided by √(3d). (Eq. 4 looks the
    last of them up from key to query; their code, and so the published weights, from query to key.)
    """
    index = np.broadcast_to(index, (*Q.shape[:-2], *index.shape))
    content_to_position = np.take_along_axis(Q @ K_R.mT, index, axis=-1)  # (..., Tq, Tk)
    position_to_content = np.take_along_axis(K @ Q_R.mT, index.mT, axis=-1).mT
    return (Q @ K.mT + content_to_position + position_to_content) / (3 * Q.shape[-1]) ** 0.5
