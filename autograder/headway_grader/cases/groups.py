"""Groups of cases: each stands or falls for one idea, and earns its share of the points."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

MEMORY = "memory"  # a group without cases: what is held while an answer is timed

GROUPS = {
    "typical": "ordinary numbers",
    "no-batch": "one row alone, without batch axes",
    "shapes": "other shapes and batch axes",
    "ones": "sizes of 1",
    "one-group": "one group for all heads",
    "own-group": "a group for each head",
    "one-layer": "a single layer",
    "one-way": "steps back only",
    "extremes": "numbers at the limits",
    "options": "optional arguments",
    "masks": "masks",
    "ignored": "ignored targets",
    "cut": "among the top k, or in a nucleus",
    "base": "other bases",
    "ended": "texts that have ended",
    "nothing": "nothing to look at",
    "silent": "layers that write nothing",
    "float32": "the same in float32",
    "inputs-kept": "ordinary numbers again, and the inputs unchanged",
    MEMORY: "no more memory than the library holds",
}

TITLES = {
    ("one_hot", "ignored"): "ids that are no class",
    ("outer_difference", "nothing"): "no numbers on one side",
    ("window_mean", "extremes"): "windows as long as the sequence, and longer",
    ("run_lengths", "extremes"): "one long run, none, and large numbers",
    ("logsumexp", "nothing"): "rows of nothing but −∞",
    ("cross_entropy", "nothing"): "every target ignored",
    ("most_frequent_pair", "typical"): "one pair more frequent than all others",
    ("most_frequent_pair", "ones"): "one pair only",
    ("most_frequent_pair", "extremes"): "several pairs equally frequent",
    ("merge_pair", "typical"): "ordinary sequences",
    ("merge_pair", "ones"): "one pair, one id",
    ("merge_pair", "extremes"): "the same id many times in a row",
    ("merge_pair", "nothing"): "no such pair",
    ("bpe_encode", "typical"): "merges of merges",
    ("bpe_encode", "ones"): "one merge",
    ("bpe_encode", "extremes"): "merges whose order matters",
    ("bpe_encode", "nothing"): "no merge at all",
    ("bpe_decode", "typical"): "merges of merges",
    ("bpe_decode", "ones"): "one merge",
    ("bpe_decode", "nothing"): "bytes only",
    ("sinusoidal_positions", "typical"): "ordinary lengths and widths",
    ("sinusoidal_positions", "shapes"): "long and wide",
    ("sinusoidal_positions", "ones"): "one position, one pair",
    ("sinusoidal_positions", "nothing"): "no position at all",
    ("rotary", "ones"): "one position",
    ("rotary", "extremes"): "positions far out",
    ("alibi_bias", "typical"): "ordinary lengths and heads",
    ("alibi_bias", "shapes"): "other numbers of heads, long texts",
    ("alibi_bias", "ones"): "one position",
    ("alibi_bias", "extremes"): "many heads",
    ("rotary_at", "ones"): "one position, the first",
    ("rotary_at", "extremes"): "positions far out, and in no order",
    ("keep_top", "ones"): "one score",
    ("keep_top", "extremes"): "equal scores, −∞, and no more than k scores",
    ("keep_nucleus", "ones"): "one score",
    ("keep_nucleus", "extremes"): "equal scores, −∞, and p at the limits",
    ("penalise", "extremes"): "theta 1, −∞, and tokens that occur often",
    ("penalise", "nothing"): "no token so far",
    ("next_probabilities", "ones"): "one score",
    ("next_probabilities", "extremes"): "temperature 0, and nearly 0",
    ("beam_step", "ones"): "one beam, one token",
    ("beam_step", "extremes"): "the first step, and equal log-probabilities",
    ("accept_drafts", "ones"): "one draft",
    ("accept_drafts", "extremes"): "equal models, and models that exclude each other",
    ("accept_drafts", "nothing"): "nothing drafted",
    ("cached_attention", "ones"): "one new position",
    ("cached_attention", "nothing"): "nothing kept so far",
    ("causal_mask", "typical"): "ordinary lengths",
    ("causal_mask", "shapes"): "other lengths",
    ("causal_mask", "ones"): "one position",
    ("causal_mask", "nothing"): "no position at all",
    ("padding_mask", "typical"): "ordinary lengths",
    ("padding_mask", "ones"): "texts of one position",
    ("padding_mask", "extremes"): "texts without words, and without padding",
    ("padding_mask", "nothing"): "no position at all",
    ("padding_mask", "inputs-kept"): "ordinary lengths again, and the inputs unchanged",
    ("patches", "ones"): "one colour, and patches of one pixel",
    ("relative_buckets", "typical"): "steps within the span",
    ("relative_buckets", "shapes"): "tables of steps",
    ("relative_buckets", "ones"): "no step at all",
    ("relative_buckets", "extremes"): "steps far beyond the span",
    ("relative_bias", "typical"): "texts from position 0 on, seen in both directions",
    ("relative_bias", "shapes"): "a short span, and queries from a later position on",
    ("relative_bias", "ones"): "one position",
    ("disentangled_scores", "ones"): "one position",
    ("disentangled_scores", "nothing"): "queries that ask nothing",
    ("disentangled_scores", "silent"): "relative positions that are zeros",
    ("decoder_block", "nothing"): "positions that may look nowhere in the second text",
    ("llama_block", "ones"): "one position, one pair",
    ("gpt", "silent"): "layers and positions that add nothing",
    ("mean_pool", "ones"): "one word of length 1",
    ("mean_pool", "extremes"): "small numbers, and large ones under the padding",
    ("mean_pool", "nothing"): "texts without words",
    ("nearest", "ones"): "only one text",
    ("nearest", "extremes"): "several texts equally near",
    ("attention", "nothing"): "queries that may look nowhere",
    ("multi_head_attention", "nothing"): "positions that may look nowhere",
    ("cross_attention", "nothing"): "positions that may look nowhere",
    ("grouped_query_attention", "nothing"): "positions that may look nowhere",
    ("layer_norm", "extremes"): "vectors far from zero",
    ("layer_norm", "options"): "another eps, and no shift",
    ("layer_norm", "nothing"): "vectors of equal components",
    ("rms_norm", "extremes"): "vectors near zero",
    ("rms_norm", "options"): "another eps",
    ("rms_norm", "nothing"): "vectors of zeros",
    ("gelu_tanh", "nothing"): "zeros",
    ("silu", "nothing"): "zeros",
    ("mlp", "extremes"): "hidden numbers far out",
    ("mlp", "nothing"): "hidden numbers of zero",
    ("swiglu", "extremes"): "gates far out",
    ("swiglu", "nothing"): "vectors of zeros",
    ("pre_ln_block", "extremes"): "a stream of zeros",
    ("pre_ln_block", "nothing"): "layers that write nothing",
    ("post_ln_block", "extremes"): "a stream of zeros",
    ("post_ln_block", "nothing"): "layers that write nothing",
}
"""The titles of an exercise whose groups are better named after what it is about."""


def with_memory(groups: Iterable[str], memory: float) -> list[str]:
    """The groups of an exercise, and that of its memory, where it is judged."""
    return [*groups, MEMORY] if memory else [*groups]


@dataclass(frozen=True)
class Inputs:
    """A case before its expected value is known: its group, its name, and its arguments by parameter name."""

    group: str
    name: str
    inputs: Mapping[str, np.ndarray | int]


def in_float32(inputs: Mapping[str, np.ndarray | int]) -> dict[str, np.ndarray | int]:
    """The same inputs, with float32 wherever there was an array of float64."""
    return {
        name: value.astype(np.float32) if np.ndim(value) and value.dtype == np.float64 else value
        for name, value in inputs.items()
    }
