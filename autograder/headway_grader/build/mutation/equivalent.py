"""Mutants that are as right as the answer: the changed statement of each, and why nothing can tell it apart.

The statement is as `headway-build mutate` prints it. A test compares each with the library on fresh inputs.
"""

from collections.abc import Mapping

_SIZE_1 = "the axis has size 1, so its last entry is its first"
_EXACT = "small whole numbers and zeros are exact in float32, and the other operand has the dtype of X"
_SHIFT = "whatever is near the largest score will do for a shift: it cancels, up to rounding"
_NOTHING = "exp(-inf) is 0 whatever finite number is subtracted first"
_EVEN = "d is even, so the last component has an odd place"
_FIRST = "position 0 begins a run at 0, and 0 is what is there without it"
_PARITY = "only whether the number is odd is asked, and a sign does not change that"
_UNKNOWN = "numpy takes any negative size of reshape for the one to be found out"
_ALREADY = "angles are float64 already"
_LAST = "the last axis is numpy's default, too"
_NOBODY = "where the distance is 0, nobody picks what its logarithm gives"
_ROW = "here positions come as one row"
_WHOLE = "whole numbers as small as these are exact in any float"
_TRUE = "1 is as true as True"

EQUIVALENT: Mapping[str, Mapping[str, str]] = {
    "arrays.gather_last": {
        "return np.take_along_axis(A, index[..., None])[..., 0]": _LAST,
        "return np.take_along_axis(A, index[..., None], axis=-1)[..., -1]": _SIZE_1,
    },
    "arrays.window_mean": {
        "before = np.zeros((*batch, w - 1, d), np.float32)": _EXACT,
        "seen = np.minimum(np.arange(1, T + 1), w).astype(np.float32)": _EXACT,
        "seen = np.minimum(np.arange(1, T + 1).astype(X.dtype), w)": _EXACT,
    },
    "arrays.run_lengths": {
        "begins = np.concatenate([np.ones_like(x[..., :1], np.int64), x[..., 1:] != x[..., :-1]], axis=-1)": (
            _TRUE
        ),
        "begins = np.concatenate([np.zeros_like(x[..., :1], bool), x[..., 1:] != x[..., :-1]], axis=-1)": (
            _FIRST
        ),
        "begins = np.concatenate([x[..., :1], x[..., 1:] != x[..., :-1]], axis=-1)": _FIRST,
        "return t + 1 - np.maximum.accumulate(np.where(begins, t, -1), axis=-1)": (
            "position 0 begins a run, so the largest is never below 0"
        ),
    },
    "numerics.logsumexp": {
        "m = np.float32(Z.max(axis=-1, keepdims=True))": _SHIFT,
        "m = np.float32(np.where(np.isfinite(m), m, 0))": _SHIFT,
        "m = np.where(np.isfinite(m), m, 1)": _NOTHING,
        "m = np.where(np.isfinite(m), m, -1)": _NOTHING,
        "return np.log(np.exp(Z - m).sum(axis=-1)) + m[..., -1]": _SIZE_1,
    },
    "tokens.most_frequent_pair": {
        "size = ids.max() + 2": "any size above the largest id numbers pairs in their order",
    },
    "tokens.merge_pair": {
        "in_a_row = np.maximum.accumulate(np.where(here, -1, t)) - t": _PARITY,
        "in_a_row = t + np.maximum.accumulate(np.where(here, -1, t))": _PARITY,
        "merged = here & (in_a_row % 2 >= 1)": "the rest of a division by 2 is 0 or 1",
        "merged = in_a_row % 2 == 1": "where there is no pair, the number in a row is 0",
    },
    "tokens.bpe_decode": {
        "whole = ids >= new": "what is above has been undone, and is made of ids below",
    },
    "tokens.patches": {
        "return squares.reshape(*batch, -2, c * p * p)": _UNKNOWN,
    },
    "positions.sinusoidal_positions": {
        "speeds = base ** (-np.arange(0, d - 1, 2) / d)": _EVEN,
        "return t[:, None] * speeds": _ROW,
    },
    "positions.rotary": {
        "speeds = base ** (-np.arange(0, d - 1, 2) / d)": _EVEN,
        "speeds = np.float64(base ** (-np.arange(0, d, 2) / d))": _ALREADY,
        "return np.float64(t[..., None] * speeds)": _ALREADY,
        "return t[:, None] * speeds": _ROW,
        "a, b = (X[..., :-1:2], X[..., 1::2])": _EVEN,
    },
    "positions.rotary_at": {
        "speeds = base ** (-np.arange(0, d - 1, 2) / d)": _EVEN,
        "speeds = np.float64(base ** (-np.arange(0, d, 2) / d))": _ALREADY,
        "return np.float64(t[..., None] * speeds)": _ALREADY,
        "a, b = (X[..., :-1:2], X[..., 1::2])": _EVEN,
    },
    "positions.alibi_bias": {
        "t = np.float32(np.arange(T))": "whole numbers are exact in float32, and slopes are float64",
    },
    "positions.relative_buckets": {
        "far = near + (ratio * near + 1e-09).astype(int)": "n is a multiple of 4, so both halves are equal",
        "far = near + (ratio * (n - near)).astype(int)": (
            "rounding moves a distance across a border for next to no n and span, and for none of the cases"
        ),
        "ratio = np.log(distance / near) / np.log(span / near)": _NOBODY,
        "ratio = np.log(np.maximum(distance, 0) / near) / np.log(span / near)": _NOBODY,
        "ratio = np.log(np.maximum(distance, 2) / near) / np.log(span / near)": (
            "the distance 1 has a bucket of its own, or shares the only one that others share"
        ),
        "return first + np.where(distance <= near, distance, np.minimum(far, n - 1))": (
            "the first distance of those that share has the bucket of its own number, too"
        ),
    },
    "positions.disentangled_scores": {
        "content_to_position = np.take_along_axis(Q @ K_R.mT, index)": _LAST,
        "position_to_content = np.take_along_axis(K @ Q_R.mT, index.mT).mT": _LAST,
    },
    "search.mean_pool": {
        "total = np.where(mask[..., None], X, 0).mean(axis=-2)": (
            "what it is divided by cancels, up to rounding"
        ),
        "return total / np.where(length != 0, length, 1)": "a length is never negative",
        "return total / np.where(length > 0, length, 2)": "nothing divided by anything is nothing",
    },
    "search.nearest": {
        "return np.argsort(-(Q @ D.T), stable=True)[..., :k]": _LAST,
    },
    "attention.attention": {
        "S = np.where(mask, S, np.finfo(np.float32).min)": "that is below any score, too",
    },
    "attention.split_heads": {
        "X = X.reshape(*X.shape[:-1], H, -2)": _UNKNOWN,
    },
    "attention.merge_heads": {
        "return X.reshape(*X.shape[:-2], -2)": _UNKNOWN,
    },
    "blocks.layer_norm": {
        "d = np.float32(X.shape[-1])": "a small whole number is exact, and what it divides keeps its dtype",
    },
    "attention.cached_attention": {
        "mask = np.tri(X.shape[-2], K.shape[-2], t)": _TRUE,
        "mask = np.tri(X.shape[-2], K.shape[-2], t, dtype=np.int64)": _TRUE,
    },
    "generate.keep_top": {
        "last = np.float64(np.partition(Z, -k, axis=-1)[..., [-k]])": "a float32 is the same float64",
        "last = np.partition(Z, -k)[..., [-k]]": _LAST,
    },
    "generate.keep_nucleus": {
        "order = np.argsort(-Z, kind='stable')": _LAST,
        "P = softmax(np.take_along_axis(Z, order)).astype(float)": _LAST,
        "P = softmax(np.take_along_axis(Z, order, axis=-1).astype(float))": "that is as precise, or more so",
        "needed = np.float32(1 + (P.cumsum(axis=-1) < p).sum(axis=-1, keepdims=True))": _WHOLE,
        "needed = np.float64(1 + (P.cumsum(axis=-1) < p).sum(axis=-1, keepdims=True))": _WHOLE,
        "kept = np.empty(Z.shape, np.int64)": "what is not 0 counts as True",
    },
    "generate.penalise": {
        "z = np.float64(np.take_along_axis(Z, ids, axis=-1))": "what is put back gets the dtype of Z",
        "z = np.take_along_axis(Z, ids)": _LAST,
        "np.put_along_axis(penalised, ids, np.where(z >= 0, z / theta, z * theta), axis=-1)": (
            "0 stays 0 either way"
        ),
    },
    "generate.beam_step": {
        "at_rest = np.where(np.arange(V) == stop, 0, -np.inf).astype(np.float32)": _EXACT,
        "total = (found[..., None] + gains).reshape(*found.shape[:-1], -2)": _UNKNOWN,
        "best = np.argsort(-total, kind='stable')[..., :found.shape[-1]]": _LAST,
        "return (parents, tokens, np.take_along_axis(total, best))": _LAST,
    },
    "generate.accept_drafts": {
        "return (kept, sample_categorical(rest[..., -1, :].astype(float), v))": _SIZE_1,
    },
}


def equivalent(target: str) -> Mapping[str, str]:
    """The listed statements of the exercise at `target`, and the reason for each."""
    return EQUIVALENT.get(target, {})
