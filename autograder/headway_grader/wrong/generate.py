"""What is cut off and what is left: wrong as people get it wrong, and right in other styles."""

import numpy as np
from headway.generate import keep_nucleus, keep_top
from headway.numerics import log_softmax, softmax

from headway_grader.wrong.tags import honest, mistake


@mistake(of="keep_top", says="by keeping what is larger than the last of the k: that one stays, too")
def keep_top_without_the_last(Z, k):
    if k >= Z.shape[-1]:
        return Z.copy()
    return np.where(Z > np.sort(Z, axis=-1)[..., [-k]], Z, -np.inf)


@mistake(of="keep_top", says="by keeping exactly k scores, even where the next one is as large as the last")
def keep_top_without_ties(Z, k):
    kept = np.full_like(Z, -np.inf)
    places = np.argsort(-Z, axis=-1, kind="stable")[..., :k]
    np.put_along_axis(kept, places, np.take_along_axis(Z, places, axis=-1), axis=-1)
    return kept


@mistake(
    of="keep_top", says="by putting 0 in the place of what is cut off: e⁰ is 1, and that is no small share"
)
def keep_top_zeros(Z, k):
    k = min(k, Z.shape[-1])
    return np.where(np.sort(Z, axis=-1)[..., -k, None] > Z, 0, Z)


@mistake(of="keep_top", says="by a very low score in the place of −∞")
def keep_top_very_low(Z, k):
    k = min(k, Z.shape[-1])
    return np.where(np.sort(Z, axis=-1)[..., -k, None] > Z, np.finfo(Z.dtype).min, Z)


@mistake(of="keep_top", says="by keeping the top k of the whole array instead of each row's")
def keep_top_of_everything(Z, k):
    k = min(k, Z.size)
    return np.where(np.sort(Z, axis=None)[-k] > Z, -np.inf, Z)


@mistake(of="keep_top", says="by keeping the k smallest scores")
def keep_top_smallest(Z, k):
    k = min(k, Z.shape[-1])
    return np.where(np.sort(Z, axis=-1)[..., k - 1, None] < Z, -np.inf, Z)


@mistake(
    of="keep_top", says="by cutting off the larger of the scores left: at place -k - 1 stands the first to go"
)
def keep_top_one_too_many(Z, k):
    k = min(k + 1, Z.shape[-1])
    return np.where(np.sort(Z, axis=-1)[..., -k, None] > Z, -np.inf, Z)


@mistake(of="keep_top", says="by filling an array of float64, whatever comes in")
def keep_top_in_float64(Z, k):
    k = min(k, Z.shape[-1])
    kept = np.full(Z.shape, -np.inf)
    stays = np.sort(Z, axis=-1)[..., -k, None] <= Z
    kept[stays] = Z[stays]
    return kept


@mistake(of="keep_top", says="by writing −∞ into the array that came in")
def keep_top_in_place(Z, k):
    k = min(k, Z.shape[-1])
    Z[np.sort(Z, axis=-1)[..., -k, None] > Z] = -np.inf
    return Z


@honest(of="keep_top")
def keep_top_by_sorting(Z, k):
    descending = -np.sort(-Z, axis=-1)
    last = descending[..., :k].min(axis=-1, keepdims=True)
    return np.where(last <= Z, Z, np.array(-np.inf, Z.dtype))


@honest(of="keep_top")
def keep_top_by_places(Z, k):
    k = min(k, Z.shape[-1])
    places = np.argpartition(-Z, k - 1, axis=-1)[..., k - 1 : k]
    kept = Z.copy()
    kept[np.take_along_axis(Z, places, axis=-1) > Z] = -np.inf
    return kept


@mistake(of="keep_nucleus", says="by leaving out the token with which the sum reaches p")
def keep_nucleus_without_the_last(Z, p):
    order = np.argsort(-Z, axis=-1, kind="stable")
    P = softmax(np.take_along_axis(Z, order, axis=-1))
    stays = P.cumsum(axis=-1, dtype=float) < p
    stays[..., 0] = True
    kept = np.empty(Z.shape, bool)
    np.put_along_axis(kept, order, stays, axis=-1)
    return np.where(kept, Z, -np.inf)


@mistake(of="keep_nucleus", says="by summing in the order of the vocabulary, not from the likeliest down")
def keep_nucleus_unsorted(Z, p):
    P = softmax(Z)
    stays = P.cumsum(axis=-1, dtype=float) - P < p
    return np.where(stays | (Z.max(axis=-1, keepdims=True) == Z), Z, -np.inf)


@mistake(of="keep_nucleus", says="by cutting in sorted order and not going back to that of the vocabulary")
def keep_nucleus_not_put_back(Z, p):
    P = -np.sort(-softmax(Z), axis=-1)
    stays = P.cumsum(axis=-1, dtype=float) - P < p
    stays[..., 0] = True
    return np.where(stays, Z, -np.inf)


@mistake(
    of="keep_nucleus",
    says="by going back with the order that sorts, take_along_axis, instead of against it, put_along_axis",
)
def keep_nucleus_put_back_wrongly(Z, p):
    order = np.argsort(-Z, axis=-1, kind="stable")
    P = softmax(np.take_along_axis(Z, order, axis=-1))
    stays = P.cumsum(axis=-1, dtype=float) - P < p
    stays[..., 0] = True
    return np.where(np.take_along_axis(stays, order, axis=-1), Z, -np.inf)


@mistake(of="keep_nucleus", says="by keeping all that score as much as the last one that stays")
def keep_nucleus_with_ties(Z, p):
    descending = -np.sort(-Z, axis=-1)
    P = softmax(descending)
    stays = P.cumsum(axis=-1, dtype=float) - P < p
    stays[..., 0] = True
    last = np.where(stays, descending, np.inf).min(axis=-1, keepdims=True)
    return np.where(last <= Z, Z, -np.inf)


@mistake(
    of="keep_nucleus",
    says="by putting 0 in the place of what is cut off: e⁰ is 1, and that is no small share",
)
def keep_nucleus_zeros(Z, p):
    order = np.argsort(-Z, axis=-1, kind="stable")
    P = softmax(np.take_along_axis(Z, order, axis=-1))
    stays = P.cumsum(axis=-1, dtype=float) - P < p
    stays[..., 0] = True
    kept = np.empty(Z.shape, bool)
    np.put_along_axis(kept, order, stays, axis=-1)
    return np.where(kept, Z, 0)


@mistake(of="keep_nucleus", says="by a sum in float32, in which many small shares do not add up")
def keep_nucleus_summed_in_float32(Z, p):
    order = np.argsort(-Z, axis=-1, kind="stable")
    P = softmax(np.take_along_axis(Z, order, axis=-1))
    stays = P.cumsum(axis=-1) - P < p
    stays[..., 0] = True
    kept = np.empty(Z.shape, bool)
    np.put_along_axis(kept, order, stays, axis=-1)
    return np.where(kept, Z, -np.inf)


@mistake(of="keep_nucleus", says="by writing −∞ into the array that came in")
def keep_nucleus_in_place(Z, p):
    order = np.argsort(-Z, axis=-1, kind="stable")
    P = softmax(np.take_along_axis(Z, order, axis=-1))
    goes = P.cumsum(axis=-1, dtype=float) - P >= p
    goes[..., 0] = False
    cut = np.empty(Z.shape, bool)
    np.put_along_axis(cut, order, goes, axis=-1)
    Z[cut] = -np.inf
    return Z


@honest(of="keep_nucleus")
def keep_nucleus_by_ranks(Z, p):
    order = np.argsort(-Z, axis=-1, kind="stable")
    ranks = np.argsort(order, axis=-1)
    sums = np.cumsum(np.take_along_axis(softmax(Z), order, axis=-1), axis=-1, dtype=np.float64)
    count = 1 + (sums[..., :-1] < p).sum(axis=-1, keepdims=True)
    return np.where(ranks < count, Z, np.array(-np.inf, Z.dtype))


@honest(of="keep_nucleus")
def keep_nucleus_in_sorted_order(Z, p):
    order = np.flip(np.argsort(np.flip(Z, axis=-1), axis=-1, kind="stable"), axis=-1)
    order = Z.shape[-1] - 1 - order
    kept = np.take_along_axis(Z, order, axis=-1)
    sums = np.exp(log_softmax(kept)).astype(float).cumsum(axis=-1)
    kept[..., 1:][sums[..., :-1] >= p] = -np.inf
    back = np.empty_like(kept)
    np.put_along_axis(back, order, kept, axis=-1)
    return back


@mistake(
    of="penalise",
    says="by dividing negative scores as well, which makes their tokens likelier instead of rarer",
)
def penalise_all_divided(Z, ids, theta):
    seen = (ids[..., None] == np.arange(Z.shape[-1])).any(axis=-2)
    return np.where(seen, Z / theta, Z)


@mistake(of="penalise", says="by a penalty for each time that a token occurs, instead of one for all")
def penalise_each_time(Z, ids, theta):
    times = (ids[..., None] == np.arange(Z.shape[-1])).sum(axis=-2)
    factor = np.asarray(theta, Z.dtype) ** times.astype(Z.dtype)
    return np.where(Z > 0, Z / factor, Z * factor)


@mistake(of="penalise", says="by a penalty in every row for what occurs in any row")
def penalise_in_every_row(Z, ids, theta):
    seen = np.isin(np.arange(Z.shape[-1]), ids)
    return np.where(seen, np.where(Z > 0, Z / theta, Z * theta), Z)


@mistake(of="penalise", says="by making likelier what occurred: the wrong way round")
def penalise_rewarded(Z, ids, theta):
    seen = (ids[..., None] == np.arange(Z.shape[-1])).any(axis=-2)
    return np.where(seen, np.where(Z > 0, Z * theta, Z / theta), Z)


@mistake(of="penalise", says="by a penalty for the last token only")
def penalise_the_last(Z, ids, theta):
    seen = (ids[..., -1:, None] == np.arange(Z.shape[-1])).any(axis=-2)
    return np.where(seen, np.where(Z > 0, Z / theta, Z * theta), Z)


@mistake(of="penalise", says="by factors of float64, which turn float32 into float64")
def penalise_in_float64(Z, ids, theta):
    factor = np.ones(Z.shape)
    np.put_along_axis(factor, ids, theta, axis=-1)
    return np.where(Z > 0, Z / factor, Z * factor)


@mistake(of="penalise", says="by writing into the array that came in")
def penalise_in_place(Z, ids, theta):
    found = np.take_along_axis(Z, ids, axis=-1)
    np.put_along_axis(Z, ids, np.where(found > 0, found / theta, found * theta), axis=-1)
    return Z


@honest(of="penalise")
def penalise_where_seen(Z, ids, theta):
    seen = np.zeros(Z.shape, dtype=bool)
    np.put_along_axis(seen, ids, True, axis=-1)
    return np.minimum(Z / theta, Z * theta, out=Z.copy(), where=seen)


@honest(of="penalise")
def penalise_by_a_factor(Z, ids, theta):
    factor = np.ones_like(Z)
    np.put_along_axis(factor, ids, theta, axis=-1)
    return np.where(Z < 0, Z * factor, Z / factor)


@mistake(of="next_probabilities", says="by dividing by 0 at temperature 0")
def next_probabilities_of_nothing(Z, temperature=1.0, k=None, p=None):
    Z = Z / np.asarray(temperature, Z.dtype)
    Z = Z if k is None else keep_top(Z, k)
    return softmax(Z if p is None else keep_nucleus(Z, p))


@mistake(of="next_probabilities", says="by multiplying with the temperature instead of dividing")
def next_probabilities_multiplied(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        return (np.arange(Z.shape[-1]) == Z.argmax(axis=-1)[..., None]).astype(Z.dtype)
    Z = Z * temperature
    Z = Z if k is None else keep_top(Z, k)
    return softmax(Z if p is None else keep_nucleus(Z, p))


@mistake(
    of="next_probabilities", says="by choosing the nucleus before the temperature changes its probabilities"
)
def next_probabilities_temperature_last(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        return (np.arange(Z.shape[-1]) == Z.argmax(axis=-1)[..., None]).astype(Z.dtype)
    Z = Z if k is None else keep_top(Z, k)
    return softmax((Z if p is None else keep_nucleus(Z, p)) / temperature)


@mistake(of="next_probabilities", says="by choosing the nucleus before the top k")
def next_probabilities_nucleus_first(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        return (np.arange(Z.shape[-1]) == Z.argmax(axis=-1)[..., None]).astype(Z.dtype)
    Z = Z / temperature
    Z = Z if p is None else keep_nucleus(Z, p)
    return softmax(Z if k is None else keep_top(Z, k))


@mistake(
    of="next_probabilities", says="by cutting probabilities off, so that what is left no longer sums to 1"
)
def next_probabilities_not_shared_out_anew(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        return (np.arange(Z.shape[-1]) == Z.argmax(axis=-1)[..., None]).astype(Z.dtype)
    Z = Z / temperature
    kept = Z if k is None else keep_top(Z, k)
    kept = kept if p is None else keep_nucleus(kept, p)
    return np.where(kept > -np.inf, softmax(Z), 0)


@mistake(of="next_probabilities", says="by not looking at k and p")
def next_probabilities_uncut(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        return (np.arange(Z.shape[-1]) == Z.argmax(axis=-1)[..., None]).astype(Z.dtype)
    return softmax(Z / temperature)


@mistake(
    of="next_probabilities",
    says="by sharing out among all of the largest scores at temperature 0, not the first",
)
def next_probabilities_shared_at_0(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        largest = (Z.max(axis=-1, keepdims=True) == Z).astype(Z.dtype)
        return largest / largest.sum(axis=-1, keepdims=True)
    Z = Z / temperature
    Z = Z if k is None else keep_top(Z, k)
    return softmax(Z if p is None else keep_nucleus(Z, p))


@mistake(of="next_probabilities", says="by the float64 that np.eye and one_hot make at temperature 0")
def next_probabilities_float64_at_0(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        return np.eye(Z.shape[-1])[Z.argmax(axis=-1)]
    Z = Z / temperature
    Z = Z if k is None else keep_top(Z, k)
    return softmax(Z if p is None else keep_nucleus(Z, p))


@mistake(of="next_probabilities", says="by dividing in place, which changes the caller's array")
def next_probabilities_in_place(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        return (np.arange(Z.shape[-1]) == Z.argmax(axis=-1)[..., None]).astype(Z.dtype)
    Z /= temperature
    kept = Z if k is None else keep_top(Z, k)
    return softmax(kept if p is None else keep_nucleus(kept, p))


@honest(of="next_probabilities")
def next_probabilities_at_once(Z, temperature=1.0, k=None, p=None):
    if not temperature:
        P = np.zeros_like(Z)
        np.put_along_axis(P, Z.argmax(axis=-1, keepdims=True), 1, axis=-1)
        return P
    Z = keep_top(Z, Z.shape[-1] if k is None else k) / temperature
    return np.exp(log_softmax(Z if p is None else keep_nucleus(Z, p)))


@honest(of="next_probabilities")
def next_probabilities_by_dividing(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        Z, k, temperature = np.where(np.arange(Z.shape[-1]) == Z.argmax(-1)[..., None], Z, -np.inf), None, 1
        p = None
    Z = Z * np.asarray(1 / temperature, Z.dtype)
    kept = Z if k is None else keep_top(Z, k)
    kept = kept if p is None else keep_nucleus(kept, p)
    E = np.where(np.isneginf(kept), 0, np.exp(Z - Z.max(axis=-1, keepdims=True)))
    return E / E.sum(axis=-1, keepdims=True)
