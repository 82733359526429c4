"""Which drafts stay, and what comes after them: wrong as people get it wrong, and right in other styles."""

import numpy as np
from headway.arrays import gather_last, one_hot
from headway.numerics import sample_categorical

from headway_grader.wrong.tags import honest, mistake


@mistake(of="accept_drafts", says="by drawing from P after a refusal, instead of from what P has more than Q")
def accept_drafts_drawn_from_P(P, Q, drafted, u, v):
    stays = u * gather_last(Q, drafted) < gather_last(P[..., :-1, :], drafted)
    kept = np.logical_and.accumulate(stays, axis=-1).sum(axis=-1)
    rest = np.take_along_axis(P, kept[..., None, None], axis=-2)[..., 0, :]
    return kept, sample_categorical(rest.astype(float), v)


@mistake(of="accept_drafts", says="by counting drafts that stay after one that did not")
def accept_drafts_after_a_refusal(P, Q, drafted, u, v):
    stays = u * gather_last(Q, drafted) < gather_last(P[..., :-1, :], drafted)
    kept = stays.sum(axis=-1)
    Q = np.concatenate([Q, np.zeros_like(P[..., :1, :])], axis=-2)
    rest = np.take_along_axis(np.maximum(P - Q, 0), kept[..., None, None], axis=-2)[..., 0, :].astype(float)
    none = ~rest.any(axis=-1, keepdims=True)
    return kept, sample_categorical(
        np.where(none, np.take_along_axis(P, kept[..., None, None], -2)[..., 0, :], rest), v
    )


@mistake(of="accept_drafts", says="by drawing from |P − Q|, which has what Q has more, too")
def accept_drafts_from_the_difference(P, Q, drafted, u, v):
    stays = u * gather_last(Q, drafted) < gather_last(P[..., :-1, :], drafted)
    kept = np.logical_and.accumulate(stays, axis=-1).sum(axis=-1)
    Q = np.concatenate([Q, np.zeros_like(P[..., :1, :])], axis=-2)
    rest = np.take_along_axis(np.abs(P - Q), kept[..., None, None], axis=-2)[..., 0, :]
    return kept, sample_categorical(rest.astype(float), v)


@mistake(of="accept_drafts", says="by keeping a draft with probability Q / P instead of P / Q")
def accept_drafts_inverted(P, Q, drafted, u, v):
    stays = u * gather_last(P[..., :-1, :], drafted) < gather_last(Q, drafted)
    kept = np.logical_and.accumulate(stays, axis=-1).sum(axis=-1)
    Q = np.concatenate([Q, np.zeros_like(P[..., :1, :])], axis=-2)
    at = kept[..., None, None]
    P = np.take_along_axis(P, at, axis=-2)[..., 0, :]
    rest = np.maximum(P - np.take_along_axis(Q, at, axis=-2)[..., 0, :], 0).astype(float)
    return kept, sample_categorical(np.where(rest.any(axis=-1, keepdims=True), rest, P), v)


@mistake(of="accept_drafts", says="by keeping a draft where P is at least Q and never else, whatever u is")
def accept_drafts_without_u(P, Q, drafted, u, v):
    stays = gather_last(Q, drafted) <= gather_last(P[..., :-1, :], drafted)
    kept = np.logical_and.accumulate(stays, axis=-1).sum(axis=-1)
    Q = np.concatenate([Q, np.zeros_like(P[..., :1, :])], axis=-2)
    at = kept[..., None, None]
    P = np.take_along_axis(P, at, axis=-2)[..., 0, :]
    rest = np.maximum(P - np.take_along_axis(Q, at, axis=-2)[..., 0, :], 0).astype(float)
    return kept, sample_categorical(np.where(rest.any(axis=-1, keepdims=True), rest, P), v)


@mistake(of="accept_drafts", says="by keeping a draft with probability P, without dividing by Q")
def accept_drafts_without_Q(P, Q, drafted, u, v):
    stays = u < gather_last(P[..., :-1, :], drafted)
    kept = np.logical_and.accumulate(stays, axis=-1).sum(axis=-1)
    Q = np.concatenate([Q, np.zeros_like(P[..., :1, :])], axis=-2)
    at = kept[..., None, None]
    P = np.take_along_axis(P, at, axis=-2)[..., 0, :]
    rest = np.maximum(P - np.take_along_axis(Q, at, axis=-2)[..., 0, :], 0).astype(float)
    return kept, sample_categorical(np.where(rest.any(axis=-1, keepdims=True), rest, P), v)


@mistake(of="accept_drafts", says="by drawing from the rest as if it summed to 1")
def accept_drafts_rest_not_shared_out(P, Q, drafted, u, v):
    stays = u * gather_last(Q, drafted) < gather_last(P[..., :-1, :], drafted)
    kept = np.logical_and.accumulate(stays, axis=-1).sum(axis=-1)
    Q = np.concatenate([Q, np.zeros_like(P[..., :1, :])], axis=-2)
    rest = np.take_along_axis(np.maximum(P - Q, 0), kept[..., None, None], axis=-2)[..., 0, :]
    ends = rest.astype(float).cumsum(axis=-1)
    return kept, np.minimum((v[..., None] >= ends).sum(axis=-1), P.shape[-1] - 1)


@mistake(of="accept_drafts", says="by keeping a draft that P would never write, where u is 0")
def accept_drafts_of_probability_0(P, Q, drafted, u, v):
    stays = u * gather_last(Q, drafted) <= gather_last(P[..., :-1, :], drafted)
    kept = np.logical_and.accumulate(stays, axis=-1).sum(axis=-1)
    Q = np.concatenate([Q, np.zeros_like(P[..., :1, :])], axis=-2)
    at = kept[..., None, None]
    P = np.take_along_axis(P, at, axis=-2)[..., 0, :]
    rest = np.maximum(P - np.take_along_axis(Q, at, axis=-2)[..., 0, :], 0).astype(float)
    return kept, sample_categorical(np.where(rest.any(axis=-1, keepdims=True), rest, P), v)


@mistake(
    of="accept_drafts",
    says="by drawing from a rest in which nothing is left, where P is Q up to rounding: that gives no token",
)
def accept_drafts_nothing_left(P, Q, drafted, u, v):
    stays = u * gather_last(Q, drafted) < gather_last(P[..., :-1, :], drafted)
    kept = np.logical_and.accumulate(stays, axis=-1).sum(axis=-1)
    Q = np.concatenate([Q, np.zeros_like(P[..., :1, :])], axis=-2)
    rest = np.take_along_axis(np.maximum(P - Q, 0), kept[..., None, None], axis=-2)[..., 0, :]
    return kept, sample_categorical(rest.astype(float), v)


@mistake(of="accept_drafts", says="by a sum in float32, in which many small shares do not add up")
def accept_drafts_summed_in_float32(P, Q, drafted, u, v):
    stays = u * gather_last(Q, drafted) < gather_last(P[..., :-1, :], drafted)
    kept = np.logical_and.accumulate(stays, axis=-1).sum(axis=-1)
    Q = np.concatenate([Q, np.zeros_like(P[..., :1, :])], axis=-2)
    at = kept[..., None, None]
    P = np.take_along_axis(P, at, axis=-2)[..., 0, :]
    rest = np.maximum(P - np.take_along_axis(Q, at, axis=-2)[..., 0, :], 0)
    return kept, sample_categorical(np.where(rest.any(axis=-1, keepdims=True), rest, P), v)


@mistake(of="accept_drafts", says="by taking Q off the array P that came in")
def accept_drafts_in_place(P, Q, drafted, u, v):
    stays = u * gather_last(Q, drafted) < gather_last(P[..., :-1, :], drafted)
    kept = np.logical_and.accumulate(stays, axis=-1).sum(axis=-1)
    at = kept[..., None, None]
    whole = np.take_along_axis(P, at, axis=-2)[..., 0, :]
    P[..., :-1, :] -= Q
    rest = np.maximum(np.take_along_axis(P, at, axis=-2)[..., 0, :], 0).astype(float)
    return kept, sample_categorical(np.where(rest.any(axis=-1, keepdims=True), rest, whole), v)


@honest(of="accept_drafts")
def accept_drafts_by_dividing(P, Q, drafted, u, v):
    *rows, n, V = Q.shape
    at = one_hot(drafted, V).astype(bool)
    refused = u >= P[..., :n, :][at].reshape(*rows, n) / Q[at].reshape(*rows, n)
    refused = np.concatenate([refused, np.ones((*rows, 1), bool)], axis=-1)  # after the last there is none
    kept = refused.argmax(axis=-1)
    here = (np.arange(n + 1) == kept[..., None])[..., None]
    p = np.sum(P, axis=-2, where=here, dtype=float)
    rest = np.clip(p - np.sum(Q, axis=-2, where=here[..., :n, :], dtype=float), 0, None)
    rest += p * (rest.sum(axis=-1, keepdims=True) == 0)
    return kept, sample_categorical(rest, v)


@honest(of="accept_drafts")
def accept_drafts_by_products(P, Q, drafted, u, v):
    n = drafted.shape[-1]
    stays = u * gather_last(Q, drafted) < gather_last(P[..., :n, :], drafted)
    kept = np.cumprod(stays, axis=-1).sum(axis=-1)
    more = np.concatenate([np.maximum(P[..., :n, :] - Q, 0), P[..., n:, :]], axis=-2)
    rest = np.take_along_axis(more, kept[..., None, None], axis=-2)[..., 0, :]
    all_of_P = np.take_along_axis(P, kept[..., None, None], axis=-2)[..., 0, :]
    rest = np.where(rest.max(axis=-1, keepdims=True) > 0, rest, all_of_P).astype(np.float64)
    C = np.cumsum(rest, axis=-1)
    return kept, np.count_nonzero((v * C[..., -1])[..., None] >= C, axis=-1)
