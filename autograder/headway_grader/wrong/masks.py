"""Masks: wrong as people get them wrong, and right in other styles."""

import numpy as np

from headway_grader.wrong.tags import honest, mistake


@mistake(of="causal_mask", says="by hiding each position from itself too")
def causal_mask_strict(T):
    return np.tri(T, k=-1, dtype=bool)


@mistake(of="causal_mask", says="by letting each position look one step ahead")
def causal_mask_one_ahead(T):
    return np.tri(T, k=1, dtype=bool)


@mistake(
    of="causal_mask", says="by swapping rows and columns, so that each position looks ahead and never back"
)
def causal_mask_transposed(T):
    return np.tri(T, dtype=bool).T


@mistake(of="causal_mask", says="by marking what is hidden instead of what a position may look at")
def causal_mask_inverted(T):
    return ~np.tri(T, dtype=bool)


@mistake(of="causal_mask", says="by letting each position look at itself alone")
def causal_mask_only_itself(T):
    return np.eye(T, dtype=bool)


@honest(of="causal_mask")
def causal_mask_by_comparing(T):
    position = np.arange(T)
    return position[:, None] >= position


@honest(of="causal_mask")
def causal_mask_not_the_future(T):
    return ~np.triu(np.ones((T, T), dtype=bool), k=1)


@honest(of="causal_mask")
def causal_mask_accumulated(T):
    return np.logical_or.accumulate(np.eye(T, dtype=bool), axis=0)


@mistake(of="padding_mask", says="by marking the padding instead of the words")
def padding_mask_inverted(lengths, T):
    return np.arange(T) >= lengths[..., None, None]


@mistake(of="padding_mask", says="by taking one position too many for a word: `<=` where it must be `<`")
def padding_mask_one_too_many(lengths, T):
    return np.arange(T) <= lengths[..., None, None]


@mistake(of="padding_mask", says="by taking the last word of each text for padding")
def padding_mask_one_too_few(lengths, T):
    return np.arange(T) < lengths[..., None, None] - 1


@mistake(of="padding_mask", says="by padding at the front, where here it fills up the end")
def padding_mask_at_the_front(lengths, T):
    return np.arange(T) >= T - lengths[..., None, None]


@mistake(of="padding_mask", says="by taking every text to be as long as the longest one")
def padding_mask_of_the_longest(lengths, T):
    return np.arange(T) < np.full_like(lengths, lengths.max(initial=0))[..., None, None]


@mistake(of="padding_mask", says="by counting down in place, which changes the caller's array")
def padding_mask_in_place(lengths, T):
    lengths -= 1
    return np.arange(T) <= lengths[..., None, None]


@honest(of="padding_mask")
def padding_mask_by_table(lengths, T):
    return np.tri(T + 1, T, k=-1, dtype=bool)[lengths][..., np.newaxis, :]


@honest(of="padding_mask")
def padding_mask_not_the_rest(lengths, T):
    end = np.expand_dims(lengths, (-1, -2))
    return ~(np.arange(T).reshape(1, T) >= end)
