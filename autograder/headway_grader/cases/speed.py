"""Sizes at which each exercise is timed: the library takes some tenths of a millisecond, or more.

That is long against finding cold caches, which costs every call of every answer alike. What does little with
much memory is timed on short rows: there a number costs more, and making it and the way to the judge less.
They are keywords of NAME_inputs. Inputs are made anew for each call, so an answer that remembers results
gains nothing. A `range` is for exercises that are given nothing but sizes, of which each call gets another.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import cycle

import numpy as np

SIZES: Mapping[str, Mapping[str, object]] = {
    "arrays.one_hot": {"batch": (24_000,), "n": 10},
    "arrays.outer_difference": {"batch": (300,), "m": 100, "n": 6},
    "arrays.pairwise_equal": {"batch": (2,), "m": 120, "n": 150, "d": 8},
    "arrays.gather_last": {"batch": (40_000,), "n": 2},
    "arrays.window_mean": {"batch": (6,), "T": 320, "d": 48, "w": 12},
    "arrays.run_lengths": {"batch": (90,), "T": 1000},
    "numerics.softmax": {"batch": (12_000,), "n": 10},
    "numerics.logsumexp": {"batch": (12_000,), "n": 10},
    "numerics.log_softmax": {"batch": (12_000,), "n": 10},
    "numerics.cross_entropy": {"batch": (9000,), "n": 10},
    "numerics.sample_categorical": {"batch": (2500,), "n": 40},
    "tokens.most_frequent_pair": {"n": 60_000},
    "tokens.merge_pair": {"n": 50_000},
    "tokens.bpe_encode": {"n": 8000, "m": 16},
    "tokens.bpe_decode": {"n": 6000, "m": 16},
    "tokens.embed": {"batch": (64,), "T": 1024, "V": 200, "d": 2},
    "tokens.unembed": {"batch": (4,), "T": 128, "d": 128, "V": 300},
    "positions.sinusoidal_positions": {"T": range(500, 600), "d": 160},
    "positions.rotary": {"batch": (4,), "T": 400, "d": 48},
    "positions.rotary_at": {"batch": (4,), "T": 240, "d": 48},
    "positions.alibi_bias": {"T": range(150, 220), "H": 6},
    # attention.causal_mask is not timed: np.tri, which the library has, counts in integers of 16 bits, and an
    # honest comparison of two np.arange takes three times as long for no reason that one could learn from.
    "attention.padding_mask": {"batch": (3000,), "T": 500},
    "attention.attention": {"batch": (12,), "Tq": 48, "Tk": 64, "d": 64, "dv": 80},
    "attention.split_heads": {"batch": (6,), "T": 64, "H": 128, "dh": 2},
    "attention.merge_heads": {"batch": (6,), "T": 64, "H": 128, "dh": 2},
    "attention.multi_head_attention": {"batch": (6,), "T": 32, "H": 4, "dh": 32},
    "attention.cross_attention": {"batch": (6,), "Tq": 32, "Tk": 40, "H": 4, "dh": 32, "c": 96},
    "attention.grouped_query_attention": {"batch": (6,), "T": 32, "H": 4, "G": 2, "dh": 32},
    "blocks.layer_norm": {"batch": (1200,), "d": 128},
    "blocks.rms_norm": {"batch": (1300,), "d": 128},
    "blocks.gelu_tanh": {"batch": (90_000,)},
    # blocks.silu is not timed: it is about overflow, and honest ways around that take 3 or 16 times as long
    # as np.tanh, which not everybody thinks of.
    "blocks.mlp": {"batch": (160,), "d": 64, "h": 256},
    "blocks.swiglu": {"batch": (250,), "d": 96, "h": 256},
    "blocks.pre_ln_block": {"batch": (4,), "T": 32, "H": 4, "dh": 16, "h": 256},
    "blocks.post_ln_block": {"batch": (4,), "T": 32, "H": 4, "dh": 16, "h": 256},
    "tokens.patches": {"batch": (24,), "c": 3, "rows": 24, "columns": 24, "p": 2},
    "positions.relative_buckets": {"batch": (70_000,), "n": 32},
    "positions.relative_bias": {"n": 32, "H": 8, "Tq": 140, "Tk": 150},
    "positions.disentangled_scores": {"batch": (10,), "T": 64, "d": 32, "m": 96},
    "architectures.decoder_block": {"batch": (8,), "T": 24, "Tk": 30, "H": 4, "dh": 16, "c": 48, "h": 128},
    "architectures.llama_block": {"batch": (8,), "T": 24, "H": 4, "G": 2, "dh": 16, "h": 128},
    "architectures.gpt": {"batch": (4,), "T": 16, "V": 200, "H": 4, "dh": 16, "h": 128, "L": 3},
    "search.mean_pool": {"batch": (400,), "T": 40, "d": 8},
    "search.nearest": {"batch": (80,), "n": 500, "d": 64, "k": 10},
    "attention.cached_attention": {"batch": (4,), "n": 24, "t": 40, "H": 4, "dh": 32},
    "generate.keep_top": {"batch": (2500,), "V": 40, "k": 10},
    "generate.keep_nucleus": {"batch": (600,), "V": 30},
    "generate.penalise": {"batch": (1200,), "V": 40, "T": 30},
    "generate.next_probabilities": {"batch": (5000,), "V": 20},
    "generate.beam_step": {"batch": (100,), "W": 5, "V": 100},
    "generate.accept_drafts": {"batch": (250,), "n": 5, "V": 40},
}
"""Of every exercise whose speed is judged: of all but attention.causal_mask, where an honest comparison of
positions takes three times as long as np.tri, and blocks.silu, where avoiding overflow takes as long as it
takes; for neither is there a reason worth teaching."""


_FEW = 4096  # numbers that take no time


class Quick(np.random.Generator):
    """Draws many normal numbers in a fifth of the time: each is one of 65,536, picked by fresh random bits.

    Drawn in the usual way, inputs cost more than most functions that are timed with them.
    """

    def normal(self, loc=0.0, scale=1.0, size=None):
        count = 1 if size is None else math.prod(np.atleast_1d(size))
        if count < _FEW or np.ndim(loc) or np.ndim(scale):
            return super().normal(loc, scale, size)
        bits = self.bit_generator.random_raw(-(-count // 4)).view(np.uint16)
        drawn = self._numbers[bits[:count]].reshape(size)
        return drawn if (loc, scale) == (0.0, 1.0) else loc + scale * drawn

    @cached_property
    def _numbers(self) -> np.ndarray:
        return super().normal(size=1 << 16)


def inputs(
    make: Callable[..., dict[str, np.ndarray | int]], rng: np.random.Generator, sizes: Mapping[str, object]
) -> Iterator[dict[str, np.ndarray | int]]:
    """New inputs for each call of an exercise that is timed, without end.

    What is given nothing but sizes meets one of them again when it has met all.
    """
    rng = Quick(rng.bit_generator)
    varied = {name: cycle(rng.permutation(size)) for name, size in sizes.items() if type(size) is range}
    while True:
        yield make(rng, **sizes | {name: int(next(drawn)) for name, drawn in varied.items()})
