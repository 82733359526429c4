"""Softmax and its kin, the loss and the draw: wrong as people get them wrong, and right in other styles."""

import numpy as np
from headway.numerics import log_softmax, logsumexp, softmax

from headway_grader.wrong.tags import honest, mistake


@mistake(of="softmax", says="by summing over the first axis instead of the last")
def softmax_over_first_axis(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


@mistake(of="softmax", says="by dividing by the sum of the whole array instead of each row's")
def softmax_sum_of_everything(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum()


@mistake(
    of="softmax", says="by taking the largest score and the sum of the whole array instead of each row's"
)
def softmax_of_the_whole_array(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum()


@mistake(of="softmax", says="by summing over axis 1, which is the last one only if there are two")
def softmax_over_second_axis(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@mistake(of="softmax", says="without subtracting the largest score first, so that exp overflows")
def softmax_without_shift(Z):
    E = np.exp(Z)
    return E / E.sum(axis=-1, keepdims=True)


@mistake(of="softmax", says="by subtracting the largest score of the whole array instead of each row's")
def softmax_one_shift_for_all(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=-1, keepdims=True)


@mistake(of="softmax", says="by computing in float64 whatever comes in")
def softmax_in_float64(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True), dtype=np.float64)
    return E / E.sum(axis=-1, keepdims=True)


@mistake(of="softmax", says="by subtracting in place, which changes the caller's array")
def softmax_in_place(Z):
    Z -= Z.max(axis=-1, keepdims=True)
    E = np.exp(Z)
    return E / E.sum(axis=-1, keepdims=True)


@honest(of="softmax")
def softmax_by_logarithms(Z):
    shifted = np.subtract(Z, np.max(Z, axis=-1)[..., np.newaxis])
    log_total = np.log(np.sum(np.exp(shifted), axis=-1))
    return np.exp(shifted - log_total[..., np.newaxis])


@honest(of="softmax")
def softmax_scores_first(Z):
    scores = np.moveaxis(Z, -1, 0)
    powers = np.exp(scores - scores.max(axis=0))
    return np.moveaxis(powers / powers.sum(axis=0), 0, -1)


@honest(of="softmax")
def softmax_by_matmul(Z):
    powers = np.exp(Z - np.amax(Z, -1, keepdims=True))
    return powers / (powers @ np.ones((Z.shape[-1], 1), Z.dtype))


@mistake(of="logsumexp", says="without subtracting the largest score first, so that exp overflows")
def logsumexp_without_shift(Z):
    return np.log(np.exp(Z).sum(axis=-1))


@mistake(of="logsumexp", says="by not adding the largest score back after the logarithm")
def logsumexp_without_adding_back(Z):
    m = Z.max(axis=-1, keepdims=True)
    m = np.where(np.isfinite(m), m, 0)
    return np.log(np.exp(Z - m).sum(axis=-1))


@mistake(of="logsumexp", says="by subtracting the largest score of the whole array instead of each row's")
def logsumexp_one_shift_for_all(Z):
    m = Z.max()
    return np.log(np.exp(Z - m).sum(axis=-1)) + m


@mistake(of="logsumexp", says="by taking the mean of the exponentials instead of their sum")
def logsumexp_of_the_mean(Z):
    m = Z.max(axis=-1, keepdims=True)
    return np.log(np.exp(Z - m).mean(axis=-1)) + m[..., 0]


@mistake(of="logsumexp", says="by taking the largest score alone")
def logsumexp_only_the_largest(Z):
    return Z.max(axis=-1)


@mistake(of="logsumexp", says="by subtracting a largest score of -inf, since -inf - -inf is nan")
def logsumexp_nan_for_nothing(Z):
    m = Z.max(axis=-1, keepdims=True)
    return np.log(np.exp(Z - m).sum(axis=-1)) + m[..., 0]


@mistake(of="logsumexp", says="by computing in float64 whatever comes in")
def logsumexp_in_float64(Z):
    return np.logaddexp.reduce(Z, axis=-1, dtype=np.float64)


@mistake(of="logsumexp", says="by subtracting in place, which changes the caller's array")
def logsumexp_in_place(Z):
    m = Z.max(axis=-1)
    m = np.where(np.isneginf(m), 0, m)
    Z -= m[..., None]
    return np.log(np.exp(Z).sum(axis=-1)) + m


@honest(of="logsumexp")
def logsumexp_pair_by_pair(Z):
    return np.logaddexp.reduce(Z, axis=-1)


@honest(of="logsumexp")
def logsumexp_from_the_top_probability(Z):
    top = np.max(Z, axis=-1)
    return np.where(np.isneginf(top), top, top - np.log(np.max(softmax(Z), axis=-1)))


@honest(of="logsumexp")
def logsumexp_with_a_floor(Z):
    top = np.fmax(Z.max(-1), np.finfo(Z.dtype).min)
    return top + np.log(np.einsum("...n->...", np.exp(Z - np.expand_dims(top, -1))))


@mistake(
    of="log_softmax",
    says="by taking the logarithm of softmax: far below the largest score softmax is 0, and log 0 is -inf",
)
def log_softmax_log_of_softmax(Z):
    return np.log(softmax(Z))


@mistake(of="log_softmax", says="by adding 1e-12 to the probabilities before taking their logarithm")
def log_softmax_with_epsilon(Z):
    return np.log(softmax(Z) + 1e-12)


@mistake(of="log_softmax", says="by summing over the first axis instead of the last")
def log_softmax_over_first_axis(Z):
    Z = Z - Z.max(axis=0)
    return Z - np.log(np.exp(Z).sum(axis=0))


@mistake(of="log_softmax", says="by subtracting one logarithm for the whole array instead of one per row")
def log_softmax_over_everything(Z):
    return Z - logsumexp(Z.ravel())


@mistake(of="log_softmax", says="without subtracting the largest score first, so that exp overflows")
def log_softmax_without_shift(Z):
    return Z - np.log(np.exp(Z).sum(axis=-1, keepdims=True))


@mistake(of="log_softmax", says="by taking the logarithm to base 2")
def log_softmax_in_bits(Z):
    return (Z - logsumexp(Z)[..., None]) / np.log(2).astype(Z.dtype)


@mistake(of="log_softmax", says="by computing in float64 whatever comes in")
def log_softmax_in_float64(Z):
    Z = np.asarray(Z, dtype=np.float64)
    return Z - logsumexp(Z)[..., None]


@mistake(of="log_softmax", says="by subtracting in place, which changes the caller's array")
def log_softmax_in_place(Z):
    Z -= Z.max(axis=-1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=-1, keepdims=True))


@honest(of="log_softmax")
def log_softmax_by_logsumexp(Z):
    return Z - logsumexp(Z)[..., None]


@honest(of="log_softmax")
def log_softmax_scores_first(Z):
    scores = np.moveaxis(Z, -1, 0)
    scores = scores - np.maximum.reduce(scores)
    return np.moveaxis(scores - np.logaddexp.reduce(scores), 0, -1)


@honest(of="log_softmax")
def log_softmax_by_softmax_where_it_can(Z):
    shifted = Z - np.amax(Z, axis=-1, keepdims=True)
    top = np.amax(softmax(Z), axis=-1, keepdims=True)
    return shifted + np.log(top)


@mistake(of="cross_entropy", says="by dividing by the number of all targets, ignored ones included")
def cross_entropy_mean_over_all(Z, targets, ignore=-1):
    kept = targets != ignore
    picked = np.take_along_axis(log_softmax(Z), np.where(kept, targets, 0)[..., None], axis=-1)[..., 0]
    return -np.where(kept, picked, 0).mean()


@mistake(of="cross_entropy", says="by counting the ignored targets like any other")
def cross_entropy_ignores_nothing(Z, targets, ignore=-1):
    targets = targets.ravel()
    return -log_softmax(Z).reshape(-1, Z.shape[-1])[np.arange(targets.size), targets].mean()


@mistake(of="cross_entropy", says="by ignoring the target -1 always, whatever `ignore` is")
def cross_entropy_ignores_only_minus_one(Z, targets, ignore=-1):
    kept = targets != -1
    losses = -log_softmax(Z[kept])[np.arange(kept.sum()), targets[kept]]
    return losses.sum() / max(len(losses), 1)


@mistake(of="cross_entropy", says="by averaging each row of targets first, and then the averages")
def cross_entropy_mean_of_means(Z, targets, ignore=-1):
    kept = targets != ignore
    picked = np.take_along_axis(log_softmax(Z), np.where(kept, targets, 0)[..., None], axis=-1)[..., 0]
    rows = -np.where(kept, picked, 0).sum(axis=-1) / np.maximum(kept.sum(axis=-1), 1).astype(Z.dtype)
    return rows.mean()


@mistake(of="cross_entropy", says="by adding the losses up instead of averaging them")
def cross_entropy_sum(Z, targets, ignore=-1):
    kept = targets != ignore
    return -log_softmax(Z[kept])[np.arange(kept.sum()), targets[kept]].sum()


@mistake(of="cross_entropy", says="without the minus sign")
def cross_entropy_without_minus(Z, targets, ignore=-1):
    kept = targets != ignore
    return log_softmax(Z[kept])[np.arange(kept.sum()), targets[kept]].sum() / max(int(kept.sum()), 1)


@mistake(
    of="cross_entropy",
    says="by taking the logarithm of softmax: far below the largest score softmax is 0, and log 0 is -inf",
)
def cross_entropy_log_of_softmax(Z, targets, ignore=-1):
    kept = targets != ignore
    losses = -np.log(softmax(Z[kept]))[np.arange(kept.sum()), targets[kept]]
    return losses.sum() / max(len(losses), 1)


@mistake(of="cross_entropy", says="by multiplying with one-hot rows, since 0 times -inf is nan")
def cross_entropy_times_one_hot(Z, targets, ignore=-1):
    kept = targets != ignore
    one_hot = np.eye(Z.shape[-1], dtype=Z.dtype)[targets[kept]]
    return -(one_hot * log_softmax(Z[kept])).sum() / max(int(kept.sum()), 1)


@mistake(of="cross_entropy", says="by averaging over no target at all: 0 / 0 is nan")
def cross_entropy_nan_for_nothing(Z, targets, ignore=-1):
    kept = targets != ignore
    return -log_softmax(Z[kept])[np.arange(kept.sum()), targets[kept]].mean()


@mistake(of="cross_entropy", says="by computing in float64 whatever comes in")
def cross_entropy_in_float64(Z, targets, ignore=-1):
    kept = targets != ignore
    losses = -log_softmax(Z[kept])[np.arange(kept.sum()), targets[kept]]
    return losses.sum() / np.maximum(kept.sum(), 1)


@mistake(of="cross_entropy", says="by overwriting the ignored targets, which changes the caller's array")
def cross_entropy_in_place(Z, targets, ignore=-1):
    kept = targets != ignore
    targets[~kept] = 0
    picked = np.take_along_axis(log_softmax(Z), targets[..., None], axis=-1)[..., 0]
    return -np.where(kept, picked, 0).sum() / max(int(kept.sum()), 1)


@honest(of="cross_entropy")
def cross_entropy_along_the_axis(Z, targets, ignore=-1):
    kept = np.not_equal(targets, ignore)
    picked = np.take_along_axis(log_softmax(Z), np.where(kept, targets, 0)[..., None], axis=-1)
    return np.negative(picked[..., 0]).sum(where=kept) / max(int(kept.sum()), 1)


@honest(of="cross_entropy")
def cross_entropy_one_hot(Z, targets, ignore=-1):
    chosen = (targets[..., None] == np.arange(Z.shape[-1])) & (targets != ignore)[..., None]
    count = max(int(chosen.sum()), 1)
    return -np.sum(log_softmax(Z), where=chosen) / count


@honest(of="cross_entropy")
def cross_entropy_total_minus_target(Z, targets, ignore=-1):
    rows, targets = Z.reshape(-1, Z.shape[-1]), targets.reshape(-1)
    where = np.flatnonzero(targets != ignore)
    if where.size == 0:
        return Z.dtype.type(0)
    return np.mean(logsumexp(rows[where]) - rows[where, targets[where]])


@mistake(of="sample_categorical", says="by counting the cumulative sums below u, leaving out one equal to it")
def sample_categorical_strictly_below(P, u):
    C = P.cumsum(axis=-1)
    return ((u * C[..., -1])[..., None] > C).sum(axis=-1)


@mistake(of="sample_categorical", says="by going one class too far")
def sample_categorical_one_too_far(P, u):
    C = P.cumsum(axis=-1)
    return np.minimum((u[..., None] >= C).sum(axis=-1) + 1, P.shape[-1] - 1)


@mistake(of="sample_categorical", says="by taking the likeliest class, whatever u is")
def sample_categorical_likeliest(P, u):
    return P.argmax(axis=-1)


@mistake(of="sample_categorical", says="by taking the cumulative sum nearest to u")
def sample_categorical_nearest(P, u):
    return np.abs(P.cumsum(axis=-1) - u[..., None]).argmin(axis=-1)


@mistake(
    of="sample_categorical", says="by counting the cumulative sums above u, which is counting from the end"
)
def sample_categorical_from_the_end(P, u):
    return (P.cumsum(axis=-1) > u[..., None]).sum(axis=-1) - 1


@mistake(
    of="sample_categorical", says="by comparing u with the probabilities instead of their cumulative sums"
)
def sample_categorical_without_cumsum(P, u):
    return np.less(u[..., None], P).argmax(axis=-1)


@mistake(of="sample_categorical", says="by adding up over the first axis instead of the last")
def sample_categorical_over_first_axis(P, u):
    return (P.cumsum(axis=0) > u[..., None]).argmax(axis=-1)


@mistake(
    of="sample_categorical", says="by relying on the last cumulative sum to be 1, which it misses by rounding"
)
def sample_categorical_relies_on_one(P, u):
    return (P.cumsum(axis=-1) <= u[..., None]).sum(axis=-1)


@mistake(
    of="sample_categorical",
    says="by searching for a cumulative sum above u where there is none: argmax gives 0",
)
def sample_categorical_first_class_for_none(P, u):
    return (P.cumsum(axis=-1) > u[..., None]).argmax(axis=-1)


@mistake(of="sample_categorical", says="by falling back on the last class, even where its probability is 0")
def sample_categorical_last_class_for_none(P, u):
    return np.minimum((P.cumsum(axis=-1) <= u[..., None]).sum(axis=-1), P.shape[-1] - 1)


@mistake(of="sample_categorical", says="by adding up in place, which changes the caller's array")
def sample_categorical_in_place(P, u):
    np.cumsum(P, axis=-1, out=P)
    u = u * P[..., -1]
    return (u[..., None] >= P).sum(axis=-1)


@honest(of="sample_categorical")
def sample_categorical_first_above(P, u):
    C = np.cumsum(P, axis=-1)
    return np.argmax(np.greater(C, u[..., None] * C[..., -1:]), axis=-1)


@honest(of="sample_categorical")
def sample_categorical_made_to_end_at_one(P, u):
    C = np.add.accumulate(P, axis=-1)
    C /= C[..., -1:]
    return np.count_nonzero(np.expand_dims(u, -1) >= C, axis=-1)


@honest(of="sample_categorical")
def sample_categorical_up_to_the_last_possible(P, u):
    last = P.shape[-1] - 1 - (P[..., ::-1] > 0).argmax(axis=-1)
    return np.minimum((P.cumsum(axis=-1) <= u[..., None]).sum(axis=-1), last)
