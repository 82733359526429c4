"""Sizes at which each exercise is timed: large enough that the library takes about a millisecond.

That is long against waking up and finding cold caches, which costs every call of every answer alike.
They are keywords of NAME_inputs. Inputs are made anew for each call, so an answer that remembers results
gains nothing. A `range` is for exercises that are given nothing but sizes, of which each call gets another.
"""

from collections.abc import Iterator, Mapping
from itertools import cycle

import numpy as np

from headway_grader import cases

SIZES: Mapping[str, Mapping[str, object]] = {
    "arrays.one_hot": {"batch": (3000,), "n": 150},
    "arrays.outer_difference": {"batch": (8,), "m": 200, "n": 250},
    "arrays.pairwise_equal": {"batch": (2,), "m": 120, "n": 150, "d": 8},
    "arrays.gather_last": {"batch": (150_000,), "n": 2},
    "arrays.window_mean": {"batch": (8,), "T": 400, "d": 48, "w": 12},
    "arrays.run_lengths": {"batch": (200,), "T": 1000},
    "numerics.softmax": {"batch": (4000,), "n": 40},
    "numerics.logsumexp": {"batch": (4000,), "n": 40},
    "numerics.log_softmax": {"batch": (4000,), "n": 40},
    "numerics.cross_entropy": {"batch": (4000,), "n": 40},
    "numerics.sample_categorical": {"batch": (2500,), "n": 40},
    "tokens.most_frequent_pair": {"n": 60_000},
    "tokens.merge_pair": {"n": 80_000},
    "tokens.bpe_encode": {"n": 8000, "m": 16},
    "tokens.bpe_decode": {"n": 6000, "m": 16},
    "tokens.embed": {"batch": (64,), "T": 1024, "V": 200, "d": 2},
    "tokens.unembed": {"batch": (4,), "T": 128, "d": 128, "V": 300},
    "positions.sinusoidal_positions": {"T": range(500, 600), "d": 160},
    "positions.rotary": {"batch": (16,), "T": 256, "d": 64},
    "positions.alibi_bias": {"T": range(250, 350), "H": 6},
    "attention.causal_mask": {"T": range(1500, 1600)},
    "attention.padding_mask": {"batch": (4000,), "T": 500},
    "attention.attention": {"batch": (8,), "Tq": 128, "Tk": 160, "d": 48, "dv": 48},
    "attention.split_heads": {"batch": (8,), "T": 128, "H": 16, "dh": 16},
    "attention.merge_heads": {"batch": (8,), "T": 128, "H": 16, "dh": 16},
    "attention.multi_head_attention": {"batch": (4,), "T": 96, "H": 8, "dh": 16},
    "attention.cross_attention": {"batch": (4,), "Tq": 80, "Tk": 112, "H": 8, "dh": 16, "c": 48},
    "attention.grouped_query_attention": {"batch": (4,), "T": 96, "H": 8, "G": 2, "dh": 16},
}
"""Of every exercise whose speed is judged; where one is not, its place says why."""


def inputs(
    target: str, rng: np.random.Generator, sizes: Mapping[str, object] | None = None
) -> Iterator[dict[str, np.ndarray | int]]:
    """New inputs for each call of an exercise that is timed, without end.

    What is given nothing but sizes meets one of them again when it has met all.
    """
    sizes = sizes or SIZES[target]
    varied = {name: cycle(rng.permutation(size)) for name, size in sizes.items() if type(size) is range}
    make = cases.load(target).inputs
    while True:
        yield make(rng, **sizes | {name: int(next(drawn)) for name, drawn in varied.items()})
