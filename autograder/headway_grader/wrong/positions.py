"""Positions: wrong as people get them wrong, and right in other styles."""

import numpy as np
from headway.arrays import outer_difference
from headway.positions import relative_buckets

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


@mistake(of="relative_buckets", says="by exchanging the two sides: steps forward have the later buckets")
def relative_buckets_sides_exchanged(steps, n, span, back_only=False):
    first = 0 if back_only else np.where(steps < 0, n // 2, 0)
    distance = np.maximum(-steps, 0) if back_only else np.abs(steps)
    n = n if back_only else n // 2
    near = n // 2
    ratio = np.log(np.maximum(distance, 1) / near) / np.log(span / near)
    far = np.minimum(near + (ratio * (n - near)).astype(int), n - 1)
    return first + np.where(distance < near, distance, far)


@mistake(of="relative_buckets", says="without an end: distances of span and more share the last bucket")
def relative_buckets_without_end(steps, n, span, back_only=False):
    first = 0 if back_only else np.where(steps > 0, n // 2, 0)
    distance = np.maximum(-steps, 0) if back_only else np.abs(steps)
    n = n if back_only else n // 2
    near = n // 2
    ratio = np.log(np.maximum(distance, 1) / near) / np.log(span / near)
    return first + np.where(distance < near, distance, near + (ratio * (n - near)).astype(int))


@mistake(of="relative_buckets", says="by rounding to the nearest bucket instead of cutting off")
def relative_buckets_rounded(steps, n, span, back_only=False):
    first = 0 if back_only else np.where(steps > 0, n // 2, 0)
    distance = np.maximum(-steps, 0) if back_only else np.abs(steps)
    n = n if back_only else n // 2
    near = n // 2
    ratio = np.log(np.maximum(distance, 1) / near) / np.log(span / near)
    far = np.minimum(near + np.round(ratio * (n - near)).astype(int), n - 1)
    return first + np.where(distance < near, distance, far)


@mistake(of="relative_buckets", says="by sharing far distances out evenly instead of in growing steps")
def relative_buckets_evenly(steps, n, span, back_only=False):
    first = 0 if back_only else np.where(steps > 0, n // 2, 0)
    distance = np.maximum(-steps, 0) if back_only else np.abs(steps)
    n = n if back_only else n // 2
    near = n // 2
    far = near + (np.maximum(distance - near, 0) * (n - near)) // (span - near)
    return first + np.where(distance < near, distance, np.minimum(far, n - 1))


@mistake(of="relative_buckets", says="by a bucket for each distance, until there are no more")
def relative_buckets_one_each(steps, n, span, back_only=False):
    first = 0 if back_only else np.where(steps > 0, n // 2, 0)
    distance = np.maximum(-steps, 0) if back_only else np.abs(steps)
    return first + np.minimum(distance, (n if back_only else n // 2) - 1)


@mistake(of="relative_buckets", says="by not looking at back_only")
def relative_buckets_both_ways(steps, n, span, back_only=False):
    near = n // 4
    ratio = np.log(np.maximum(np.abs(steps), 1) / near) / np.log(span / near)
    far = np.minimum(near + (ratio * (n // 2 - near)).astype(int), n // 2 - 1)
    return np.where(steps > 0, n // 2, 0) + np.where(np.abs(steps) < near, np.abs(steps), far)


@mistake(of="relative_buckets", says="by counting steps forward as steps back where only these occur")
def relative_buckets_forward_as_back(steps, n, span, back_only=False):
    first = 0 if back_only else np.where(steps > 0, n // 2, 0)
    distance = np.abs(steps)
    n = n if back_only else n // 2
    near = n // 2
    ratio = np.log(np.maximum(distance, 1) / near) / np.log(span / near)
    far = np.minimum(near + (ratio * (n - near)).astype(int), n - 1)
    return first + np.where(distance < near, distance, far)


@mistake(of="relative_buckets", says="by taking absolute values in place, which changes the caller's array")
def relative_buckets_in_place(steps, n, span, back_only=False):
    first = np.where(steps > 0, 0 if back_only else n // 2, 0)
    if back_only:
        steps[steps > 0] = 0
    distance = np.abs(steps, out=steps)
    n = n if back_only else n // 2
    near = n // 2
    ratio = np.log(np.maximum(distance, 1) / near) / np.log(span / near)
    far = np.minimum(near + (ratio * (n - near)).astype(int), n - 1)
    return first + np.where(distance < near, distance, far)


@honest(of="relative_buckets")
def relative_buckets_by_borders(steps, n, span, back_only=False):
    side = n if back_only else n // 2
    near = side // 2
    borders = near * (span / near) ** (np.arange(1, side - near) / (side - near))
    distance = np.clip(-steps, 0, None) if back_only else np.abs(steps)
    far = near + np.searchsorted(borders - 1e-9 * borders, distance, side="right")
    return np.where(distance < near, distance, far) + (0 if back_only else (steps > 0) * side)


@honest(of="relative_buckets")
def relative_buckets_in_one_table(steps, n, span, back_only=False):
    side = n if back_only else n // 2
    near = side // 2
    d = np.arange(span)
    growth = np.log(np.maximum(d, 1) / near) / np.log(span / near) * (side - near)
    table = np.where(d < near, d, np.minimum(near + growth.astype(int), side - 1))
    back = table[np.clip(-steps, 0, span - 1)]
    return back if back_only else np.where(steps > 0, side + table[np.clip(steps, 0, span - 1)], back)


@mistake(of="relative_bias", says="by taking steps from the key to the query instead of to the key")
def relative_bias_from_the_key(table, queries, keys, span=128, back_only=False):
    return table.T[:, relative_buckets(outer_difference(queries, keys), len(table), span, back_only)]


@mistake(of="relative_bias", says="by counting queries from 0, whatever their positions are")
def relative_bias_from_0(table, queries, keys, span=128, back_only=False):
    steps = np.arange(len(keys)) - np.arange(len(queries))[:, None]
    return table.T[:, relative_buckets(steps, len(table), span, back_only)]


@mistake(of="relative_bias", says="by a span of 128, whatever is asked for")
def relative_bias_span_of_128(table, queries, keys, span=128, back_only=False):
    return table.T[:, relative_buckets(-outer_difference(queries, keys), len(table), 128, back_only)]


@mistake(of="relative_bias", says="by not looking at back_only")
def relative_bias_both_ways(table, queries, keys, span=128, back_only=False):
    return table.T[:, relative_buckets(-outer_difference(queries, keys), len(table), span)]


@mistake(of="relative_bias", says="by taking the heads from the last to the first")
def relative_bias_heads_reversed(table, queries, keys, span=128, back_only=False):
    buckets = relative_buckets(-outer_difference(queries, keys), len(table), span, back_only)
    return table.T[::-1, buckets] if len(keys) > 1 else table.T[:, buckets]


@mistake(of="relative_bias", says="by a product with np.eye, which makes float64 of float32")
def relative_bias_in_float64(table, queries, keys, span=128, back_only=False):
    buckets = relative_buckets(-outer_difference(queries, keys), len(table), span, back_only)
    return np.moveaxis(np.eye(len(table))[buckets] @ table, -1, 0)


@mistake(of="relative_bias", says="by moving the keys in place, which changes the caller's array")
def relative_bias_in_place(table, queries, keys, span=128, back_only=False):
    keys -= queries[0]
    steps = keys - (queries - queries[0])[:, None]
    return table.T[:, relative_buckets(steps, len(table), span, back_only)]


@honest(of="relative_bias")
def relative_bias_by_moved_axis(table, queries, keys, span=128, back_only=False):
    steps = keys[None, :] - queries[:, None]
    return np.moveaxis(table[relative_buckets(steps, len(table), span, back_only)], -1, 0)


@honest(of="relative_bias")
def relative_bias_by_take(table, queries, keys, span=128, back_only=False):
    steps = np.subtract.outer(queries, keys) * -1
    buckets = relative_buckets(steps, table.shape[0], span, back_only)
    return np.take(np.swapaxes(table, 0, 1), buckets, axis=1)


@mistake(of="disentangled_scores", says="without what the keys are asked by position (Q_R)")
def disentangled_scores_without_q_r(Q, K, K_R, Q_R, index):
    index = np.broadcast_to(index, (*Q.shape[:-2], *index.shape))
    answered = np.take_along_axis(Q @ K_R.mT, index, axis=-1)
    return (Q @ K.mT + answered) / (3 * Q.shape[-1]) ** 0.5


@mistake(of="disentangled_scores", says="by looking the second of the two up from key to query")
def disentangled_scores_from_the_key(Q, K, K_R, Q_R, index):
    index = np.broadcast_to(index, (*Q.shape[:-2], *index.shape))
    answered = np.take_along_axis(Q @ K_R.mT, index, axis=-1)
    asked = np.take_along_axis(K @ Q_R.mT, index, axis=-1).mT
    return (Q @ K.mT + answered + asked) / (3 * Q.shape[-1]) ** 0.5


@mistake(of="disentangled_scores", says="by exchanging the keys and the queries of relative positions")
def disentangled_scores_exchanged(Q, K, K_R, Q_R, index):
    index = np.broadcast_to(index, (*Q.shape[:-2], *index.shape))
    answered = np.take_along_axis(Q @ Q_R.mT, index, axis=-1)
    asked = np.take_along_axis(K @ K_R.mT, index.mT, axis=-1).mT
    return (Q @ K.mT + answered + asked) / (3 * Q.shape[-1]) ** 0.5


@mistake(of="disentangled_scores", says="by dividing by √d, where three scores are added")
def disentangled_scores_scaled_by_d(Q, K, K_R, Q_R, index):
    index = np.broadcast_to(index, (*Q.shape[:-2], *index.shape))
    answered = np.take_along_axis(Q @ K_R.mT, index, axis=-1)
    asked = np.take_along_axis(K @ Q_R.mT, index.mT, axis=-1).mT
    return (Q @ K.mT + answered + asked) / Q.shape[-1] ** 0.5


@mistake(of="disentangled_scores", says="by adding a fourth score, of position and position")
def disentangled_scores_of_position_and_position(Q, K, K_R, Q_R, index):
    index = np.broadcast_to(index, (*Q.shape[:-2], *index.shape))
    answered = np.take_along_axis(Q @ K_R.mT, index, axis=-1)
    asked = np.take_along_axis(K @ Q_R.mT, index.mT, axis=-1).mT
    both = np.take_along_axis(np.vecdot(Q_R, K_R)[..., None, :], index, axis=-1)
    return (Q @ K.mT + answered + asked + both) / (3 * Q.shape[-1]) ** 0.5


@mistake(of="disentangled_scores", says="by dividing by np.sqrt(3 * d), which makes float64 of float32")
def disentangled_scores_in_float64(Q, K, K_R, Q_R, index):
    index = np.broadcast_to(index, (*Q.shape[:-2], *index.shape))
    answered = np.take_along_axis(Q @ K_R.mT, index, axis=-1)
    asked = np.take_along_axis(K @ Q_R.mT, index.mT, axis=-1).mT
    return (Q @ K.mT + answered + asked) / np.sqrt(3 * Q.shape[-1])


@mistake(of="disentangled_scores", says="by scaling Q in place, which changes the caller's array")
def disentangled_scores_in_place(Q, K, K_R, Q_R, index):
    root = (3 * Q.shape[-1]) ** 0.5
    Q /= root
    index = np.broadcast_to(index, (*Q.shape[:-2], *index.shape))
    answered = np.take_along_axis(Q @ K_R.mT, index, axis=-1)
    asked = np.take_along_axis(K @ Q_R.mT, index.mT, axis=-1).mT
    return Q @ K.mT + answered + asked / root


@honest(of="disentangled_scores")
def disentangled_scores_by_fancy_index(Q, K, K_R, Q_R, index):
    T, d = Q.shape[-2:]
    i, j = np.arange(T)[:, None], np.arange(T)
    scores = np.einsum("...id,...jd->...ij", Q, K)
    scores = scores + (Q @ np.swapaxes(K_R, -1, -2))[..., i, index]
    scores = scores + (K @ np.swapaxes(Q_R, -1, -2))[..., j, index]
    return scores / (3 * d) ** 0.5


@honest(of="disentangled_scores")
def disentangled_scores_in_one_product(Q, K, K_R, Q_R, index):
    *rows, T, d = Q.shape
    K_R = np.broadcast_to(K_R, (*rows, *K_R.shape[-2:]))
    asked = Q @ np.concatenate([K, K_R], axis=-2).mT / np.sqrt(3 * d).astype(Q.dtype)
    answered = K @ Q_R.mT / np.sqrt(3 * d).astype(Q.dtype)
    row = np.arange(T)[:, None]
    return asked[..., :T] + asked[..., row, T + index] + answered.swapaxes(-1, -2)[..., index, row.T]


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
