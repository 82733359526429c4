"""Sizes at which each exercise is timed: large enough that the library takes some tenths of a millisecond.

They are keywords of NAME_inputs. Inputs are made anew for each call, so an answer that remembers results
gains nothing. A `range` is for exercises that are given nothing but sizes, of which each call gets another.
"""

from collections.abc import Iterator, Mapping
from itertools import cycle

import numpy as np

from headway_grader import cases

SIZES: Mapping[str, Mapping[str, object]] = {
    "arrays.one_hot": {"batch": (500,), "n": 100},
    "arrays.outer_difference": {"batch": (4,), "m": 100, "n": 120},
    "arrays.pairwise_equal": {"batch": (2,), "m": 120, "n": 150, "d": 8},
    "arrays.gather_last": {"batch": (8000,), "n": 4},
    "arrays.window_mean": {"batch": (4,), "T": 250, "d": 32, "w": 12},
    "arrays.run_lengths": {"batch": (40,), "T": 600},
    "numerics.softmax": {"batch": (300,), "n": 40},
    "numerics.logsumexp": {"batch": (300,), "n": 40},
    "numerics.log_softmax": {"batch": (300,), "n": 40},
    "numerics.cross_entropy": {"batch": (300,), "n": 40},
    "numerics.sample_categorical": {"batch": (200,), "n": 80},
    "tokens.most_frequent_pair": {"n": 20_000},
    "tokens.merge_pair": {"n": 20_000},
    "tokens.bpe_encode": {"n": 3000, "m": 12},
    "tokens.bpe_decode": {"n": 2000, "m": 12},
    "tokens.embed": {"batch": (8,), "T": 512, "V": 1000, "d": 4},
    "tokens.unembed": {"batch": (2,), "T": 64, "d": 128, "V": 300},
    "positions.sinusoidal_positions": {"T": range(250, 350), "d": 64},
    "positions.rotary": {"batch": (8,), "T": 128, "d": 64},
    "positions.alibi_bias": {"T": range(100, 200), "H": 4},
    "attention.causal_mask": {"T": range(300, 400)},
    "attention.padding_mask": {"batch": (600,), "T": 200},
    "attention.attention": {"batch": (4,), "Tq": 96, "Tk": 128, "d": 32, "dv": 32},
    "attention.split_heads": {"batch": (4,), "T": 64, "H": 16, "dh": 8},
    "attention.merge_heads": {"batch": (4,), "T": 64, "H": 16, "dh": 8},
    "attention.multi_head_attention": {"batch": (2,), "T": 96, "H": 4, "dh": 16},
    "attention.cross_attention": {"batch": (2,), "Tq": 80, "Tk": 112, "H": 4, "dh": 16, "c": 48},
    "attention.grouped_query_attention": {"batch": (2,), "T": 96, "H": 4, "G": 2, "dh": 16},
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
