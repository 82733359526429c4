"""A step of a beam search: wrong as people get it wrong, and right in other styles."""

import numpy as np
from headway.numerics import log_softmax

from headway_grader.wrong.tags import honest, mistake


@mistake(of="beam_step", says="by dividing by the number of beams to find parents, instead of that of tokens")
def beam_step_wrong_divisor(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    rest = np.where(np.arange(V) == stop, 0, -np.inf).astype(Z.dtype)
    total = found[..., None] + np.where(ended[..., None], rest, log_softmax(Z))
    total = total.reshape(*found.shape[:-1], W * V)
    best = np.argsort(-total, axis=-1, kind="stable")[..., :W]
    return best // W, best % W, np.take_along_axis(total, best, axis=-1)


@mistake(of="beam_step", says="by letting texts go on that have ended")
def beam_step_goes_on(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    total = (found[..., None] + log_softmax(Z)).reshape(*found.shape[:-1], W * V)
    best = np.argsort(-total, axis=-1, kind="stable")[..., :W]
    return best // V, best % V, np.take_along_axis(total, best, axis=-1)


@mistake(of="beam_step", says="by making those that have ended pay for every further stop")
def beam_step_stop_costs(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    gains = log_softmax(Z)
    gains = np.where(ended[..., None] & (np.arange(V) != stop), -np.inf, gains)
    total = (found[..., None] + gains).reshape(*found.shape[:-1], W * V)
    best = np.argsort(-total, axis=-1, kind="stable")[..., :W]
    return best // V, best % V, np.take_along_axis(total, best, axis=-1)


@mistake(of="beam_step", says="by taking texts that have ended out of the search")
def beam_step_ended_are_dropped(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    gains = np.where(ended[..., None], -np.inf, log_softmax(Z))
    total = (found[..., None] + gains).reshape(*found.shape[:-1], W * V)
    best = np.argsort(-total, axis=-1, kind="stable")[..., :W]
    return best // V, best % V, np.take_along_axis(total, best, axis=-1)


@mistake(of="beam_step", says="by letting those that have ended go on for nothing with any token")
def beam_step_anything_for_nothing(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    gains = np.where(ended[..., None], 0, log_softmax(Z)).astype(Z.dtype)
    total = (found[..., None] + gains).reshape(*found.shape[:-1], W * V)
    best = np.argsort(-total, axis=-1, kind="stable")[..., :W]
    return best // V, best % V, np.take_along_axis(total, best, axis=-1)


@mistake(of="beam_step", says="by adding scores as they are, instead of log-probabilities")
def beam_step_of_scores(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    rest = np.where(np.arange(V) == stop, 0, -np.inf).astype(Z.dtype)
    total = found[..., None] + np.where(ended[..., None], rest, Z)
    total = total.reshape(*found.shape[:-1], W * V)
    best = np.argsort(-total, axis=-1, kind="stable")[..., :W]
    return best // V, best % V, np.take_along_axis(total, best, axis=-1)


@mistake(
    of="beam_step",
    says="by letting each text go on with its own best token, so that no text has two children",
)
def beam_step_each_its_best(found, ended, Z, stop):
    V = Z.shape[-1]
    rest = np.where(np.arange(V) == stop, 0, -np.inf).astype(Z.dtype)
    total = found[..., None] + np.where(ended[..., None], rest, log_softmax(Z))
    order = np.argsort(-total.max(axis=-1), axis=-1, kind="stable")
    tokens = np.take_along_axis(total.argmax(axis=-1), order, axis=-1)
    return order, tokens, np.take_along_axis(total.max(axis=-1), order, axis=-1)


@mistake(of="beam_step", says="by forgetting what the texts had cost so far")
def beam_step_without_found(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    rest = np.where(np.arange(V) == stop, 0, -np.inf).astype(Z.dtype)
    total = np.where(ended[..., None], rest, log_softmax(Z)).reshape(*found.shape[:-1], W * V)
    best = np.argsort(-total, axis=-1, kind="stable")[..., :W]
    return best // V, best % V, np.take_along_axis(total, best, axis=-1)


@mistake(of="beam_step", says="by putting the worst of the kept texts first")
def beam_step_worst_first(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    rest = np.where(np.arange(V) == stop, 0, -np.inf).astype(Z.dtype)
    total = found[..., None] + np.where(ended[..., None], rest, log_softmax(Z))
    total = total.reshape(*found.shape[:-1], W * V)
    best = np.argsort(-total, axis=-1, kind="stable")[..., W - 1 :: -1][..., -W:]
    return best // V, best % V, np.take_along_axis(total, best, axis=-1)


@mistake(
    of="beam_step",
    says="by an order in which of equal ones the last comes first",
)
def beam_step_ties_backwards(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    rest = np.where(np.arange(V) == stop, 0, -np.inf).astype(Z.dtype)
    total = found[..., None] + np.where(ended[..., None], rest, log_softmax(Z))
    total = total.reshape(*found.shape[:-1], W * V)
    best = np.argsort(total, axis=-1, kind="stable")[..., ::-1][..., :W]
    return best // V, best % V, np.take_along_axis(total, best, axis=-1)


@mistake(of="beam_step", says="by making 0 and −∞ in float64, which turns float32 into float64")
def beam_step_in_float64(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    rest = np.where(np.arange(V) == stop, 0, -np.inf)
    total = found[..., None] + np.where(ended[..., None], rest, log_softmax(Z))
    total = total.reshape(*found.shape[:-1], W * V)
    best = np.argsort(-total, axis=-1, kind="stable")[..., :W]
    return best // V, best % V, np.take_along_axis(total, best, axis=-1)


@mistake(of="beam_step", says="by adding to the array of log-probabilities that came in")
def beam_step_in_place(found, ended, Z, stop):
    W, V = Z.shape[-2:]
    rest = np.where(np.arange(V) == stop, 0, -np.inf).astype(Z.dtype)
    total = found[..., None] + np.where(ended[..., None], rest, log_softmax(Z))
    total = total.reshape(*found.shape[:-1], W * V)
    best = np.argsort(-total, axis=-1, kind="stable")[..., :W]
    found[:] = np.take_along_axis(total, best, axis=-1)
    return best // V, best % V, found


@honest(of="beam_step")
def beam_step_first_within_each(found, ended, Z, stop):
    W = Z.shape[-2]
    gains = log_softmax(Z)
    gains[ended] = np.where(np.arange(Z.shape[-1]) == stop, 0, -np.inf)
    total = found[..., None] + gains
    tokens = np.argsort(-total, axis=-1, kind="stable")[..., :W]  # no text has more children than that
    total = np.take_along_axis(total, tokens, axis=-1)
    n = total.shape[-1]
    total, tokens = total.reshape(*found.shape[:-1], -1), tokens.reshape(*found.shape[:-1], -1)
    best = np.argsort(-total, axis=-1, kind="stable")[..., :W]
    return best // n, np.take_along_axis(tokens, best, axis=-1), np.take_along_axis(total, best, axis=-1)


@honest(of="beam_step")
def beam_step_by_lexsort(found, ended, Z, stop):
    *batch, W, V = Z.shape
    gains = np.where(ended[..., None], np.array(-np.inf, Z.dtype), log_softmax(Z))
    gains[..., stop] = np.where(ended, 0, gains[..., stop])
    total = (gains + found[..., None]).reshape(*batch, W * V)
    place = np.broadcast_to(np.arange(W * V), total.shape)
    best = np.lexsort((place, -total))[..., :W]
    parents, tokens = np.unravel_index(best, (W, V))
    return parents, tokens, np.take_along_axis(total, best, axis=-1)
