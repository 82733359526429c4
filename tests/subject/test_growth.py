"""Growing inputs: a Python loop shows wherever an answer hides it, and an answer without loops shows none."""

import numpy as np
import pytest
from every_exercise import EXERCISES, fixtures
from headway.architectures import gpt
from headway.arrays import gather_last, one_hot, outer_difference, pairwise_equal, run_lengths, window_mean
from headway.attention import (
    attention,
    cached_attention,
    cross_attention,
    grouped_query_attention,
    merge_heads,
    multi_head_attention,
    padding_mask,
    split_heads,
)
from headway.blocks import gelu_tanh, layer_norm, mlp, pre_ln_block, silu, swiglu
from headway.generate import accept_drafts, beam_step, keep_nucleus, next_probabilities, penalise
from headway.numerics import cross_entropy, log_softmax, sample_categorical, softmax
from headway.positions import disentangled_scores, relative_buckets, rotary, rotary_at
from headway.search import mean_pool, nearest
from headway.tokens import embed, patches, unembed
from headway_course import manifest
from headway_course.fixtures import arguments
from headway_course.judging.compare import mismatch
from headway_course.judging.loops import count_events, decide
from headway_grader import cases, wrong

TARGETS = {target.rpartition(".")[2]: target for target in EXERCISES}


def one_hot_of_two_batch_axes(ids, n):
    return np.stack([one_hot(row, n) for row in ids]) if ids.ndim > 1 else one_hot(ids, n)


def one_hot_class_by_class(ids, n):
    return (
        np.stack([(ids == k).astype(float) for k in range(n)], axis=-1) if ids.ndim > 1 else one_hot(ids, n)
    )


def outer_difference_without_batch(x, y):
    return np.stack([number - y for number in x]) if x.ndim == 1 else outer_difference(x, y)


def pairwise_equal_entry_by_entry(X, Y):
    if X.ndim != 3:
        return pairwise_equal(X, Y)
    equal = np.ones((*X.shape[:-1], Y.shape[-2]), dtype=bool)
    for i in range(X.shape[-1]):
        equal &= X[..., :, None, i] == Y[..., None, :, i]
    return equal


def gather_last_of_two_batch_axes(A, index):
    return (
        np.stack([gather_last(*one) for one in zip(A, index, strict=True)])
        if A.ndim > 2
        else gather_last(A, index)
    )


def window_mean_place_by_place(X, w):
    if X.ndim > 2:
        return window_mean(X, w)
    return np.stack([X[max(t + 1 - w, 0) : t + 1].mean(axis=0) for t in range(len(X))])


def window_mean_shift_by_shift(X, w):
    if X.ndim > 2:
        return window_mean(X, w)
    padded = np.concatenate([np.zeros((w - 1, X.shape[-1]), X.dtype), X])
    total = np.zeros_like(X)
    for back in range(w):
        total += padded[back : back + len(X)]
    return total / np.minimum(np.arange(1, len(X) + 1), w).astype(X.dtype)[:, None]


def run_lengths_without_batch(x):
    if x.ndim > 1:
        return run_lengths(x)
    lengths = np.ones(x.shape, dtype=int)
    for t in range(1, len(x)):
        lengths[t] = lengths[t - 1] + 1 if x[t] == x[t - 1] else 1
    return lengths


def run_lengths_row_by_row(x):
    return np.stack([run_lengths(row) for row in x]) if x.ndim == 2 else run_lengths(x)


def softmax_one_row_alone(Z):
    if Z.ndim > 1:
        return softmax(Z)
    return np.array([np.exp(z - Z.max()) for z in Z]) / np.exp(Z - Z.max()).sum()


def softmax_of_a_matrix(Z):
    return np.stack([softmax(row) for row in Z]) if Z.ndim == 2 else softmax(Z)


def softmax_of_two_batch_axes(Z):
    return np.stack([softmax(z) for z in Z]) if Z.ndim > 2 else softmax(Z)


def softmax_inner_of_two_batch_axes(Z):
    return np.stack([softmax(Z[:, i]) for i in range(Z.shape[1])], axis=1) if Z.ndim == 3 else softmax(Z)


def cross_entropy_some_ignored(Z, targets, ignore=-1):
    if (targets != ignore).all():
        return cross_entropy(Z, targets)
    Z, targets = Z.reshape(-1, Z.shape[-1]), targets.ravel()
    return -np.mean([log_softmax(z)[t] for z, t in zip(Z, targets, strict=True) if t != ignore])


def cross_entropy_another_number(Z, targets, ignore=-1):
    if ignore == -1:
        return cross_entropy(Z, targets)
    targets = np.array([-1 if t == ignore else t for t in targets.ravel()]).reshape(targets.shape)
    return cross_entropy(Z, targets)


def cross_entropy_minus_one(Z, targets, ignore=-1):
    if ignore != -1:
        return cross_entropy(Z, targets, ignore)
    return cross_entropy(Z, np.array([int(t) for t in targets.ravel()]).reshape(targets.shape))


def sample_categorical_of_two_batch_axes(P, u):
    if P.ndim < 3:
        return sample_categorical(P, u)
    return np.stack([sample_categorical(p, v) for p, v in zip(P, u, strict=True)])


def attention_without_mask(Q, K, V, mask=None):
    if mask is not None:
        return attention(Q, K, V, mask)
    queries = range(Q.shape[-2])
    return np.concatenate([attention(Q[..., i : i + 1, :], K, V) for i in queries], axis=-2)


def attention_with_mask(Q, K, V, mask=None):
    if mask is None:
        return attention(Q, K, V)
    rows = range(Q.shape[-2])
    return np.concatenate(
        [attention(Q[..., i : i + 1, :], K, V, mask[..., i : i + 1, :]) for i in rows], axis=-2
    )


def attention_with_a_mask_for_each(Q, K, V, mask=None):
    if mask is None or mask.ndim == 2:
        return attention(Q, K, V, mask)
    return np.stack([attention(*one) for one in zip(Q, K, V, mask, strict=True)])


def attention_with_a_mask_for_all(Q, K, V, mask=None):
    if mask is None or mask.ndim == Q.ndim or Q.ndim == 2:
        return attention(Q, K, V, mask)
    return np.stack([attention(q, k, v, mask) for q, k, v in zip(Q, K, V, strict=True)])


def attention_of_two_batch_axes(Q, K, V, mask=None):
    if Q.ndim < 4:
        return attention(Q, K, V, mask)
    return np.stack([attention(q, k, v, mask) for q, k, v in zip(Q, K, V, strict=True)])


def split_heads_without_batch(X, H):
    if X.ndim > 2:
        return split_heads(X, H)
    dh = X.shape[-1] // H
    return np.stack([X[:, h * dh : (h + 1) * dh] for h in range(H)])


def split_heads_of_two_batch_axes(X, H):
    return np.stack([split_heads(x, H) for x in X]) if X.ndim > 3 else split_heads(X, H)


def merge_heads_of_two_batch_axes(X):
    return np.stack([merge_heads(x) for x in X]) if X.ndim > 4 else merge_heads(X)


def multi_head_attention_without_mask(X, W_Q, W_K, W_V, W_O, H, mask=None):
    if mask is not None:
        return multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask)
    heads = zip(*(np.split(X @ W, H, axis=-1) for W in (W_Q, W_K, W_V)), strict=True)
    return np.concatenate([attention(Q, K, V) for Q, K, V in heads], axis=-1) @ W_O


def multi_head_attention_without_batch(X, W_Q, W_K, W_V, W_O, H, mask=None):
    if X.ndim > 2:
        return multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask)
    heads = zip(*(np.split(X @ W, H, axis=-1) for W in (W_Q, W_K, W_V)), strict=True)
    return np.concatenate([attention(Q, K, V, mask) for Q, K, V in heads], axis=-1) @ W_O


def embed_without_batch(ids, W_E):
    return embed(ids, W_E) if ids.ndim > 1 else np.stack([W_E[token] for token in ids])


def unembed_of_two_batch_axes(X, W_U):
    return np.stack([unembed(x, W_U) for x in X]) if X.ndim > 3 else unembed(X, W_U)


def rotary_place_by_place(X):
    if X.ndim > 2:
        return rotary(X)
    return np.stack([rotary(X[: t + 1])[t] for t in range(len(X))])


def padding_mask_of_two_batch_axes(lengths, T):
    if lengths.ndim < 2:
        return padding_mask(lengths, T)
    return np.stack([padding_mask(row, T) for row in lengths])


def padding_mask_of_positions(lengths, T):
    return np.stack([j < lengths for j in range(T)], axis=-1)[..., None, :]


def cross_attention_with_mask(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    if mask is None:
        return cross_attention(X, C, W_Q, W_K, W_V, W_O, H)
    heads = zip(*(np.split(Y, H, axis=-1) for Y in (X @ W_Q, C @ W_K, C @ W_V)), strict=True)
    return np.concatenate([attention(Q, K, V, mask) for Q, K, V in heads], axis=-1) @ W_O


def grouped_query_attention_by_group(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    groups = zip(*(np.split(X @ W, G, axis=-1) for W in (W_Q, W_K, W_V)), strict=True)
    mask = None if mask is None else mask[..., None, :, :]
    found = [
        attention(split_heads(Q, H // G), K[..., None, :, :], V[..., None, :, :], mask) for Q, K, V in groups
    ]
    return np.concatenate([merge_heads(heads) for heads in found], axis=-1) @ W_O


def grouped_query_attention_of_two_batch_axes(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    if X.ndim < 4:
        return grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask)
    return np.stack([grouped_query_attention(x, W_Q, W_K, W_V, W_O, H, G, mask) for x in X])


def layer_norm_with_a_shift(X, scale, shift=0.0, eps=1e-5):
    if np.ndim(shift) == 0 or X.ndim < 2:
        return layer_norm(X, scale, shift, eps)
    return np.stack([layer_norm(x, scale, shift, eps) for x in X])


def layer_norm_with_another_eps(X, scale, shift=0.0, eps=1e-5):
    if eps == 1e-5:
        return layer_norm(X, scale, shift, eps)
    X = X - X.mean(axis=-1, keepdims=True)
    variance = sum(X[..., i] ** 2 for i in range(X.shape[-1])) / X.shape[-1]
    return X / np.sqrt(variance[..., None] + eps) * scale + shift


def gelu_tanh_of_two_axes(X):
    return np.stack([gelu_tanh(x) for x in X]) if X.ndim > 1 else gelu_tanh(X)


def mlp_by_hidden_number(X, W_in, b_in, W_out, b_out):
    none = np.zeros_like(b_out)
    rules = [mlp(X, W_in[:, [j]], b_in[[j]], W_out[[j]], none) for j in range(len(b_in))]
    return sum(rules) + b_out


def swiglu_without_batch(X, W_gate, W_in, W_out):
    if X.ndim > 1:
        return swiglu(X, W_gate, W_in, W_out)
    rules = zip(silu(X @ W_gate) * (X @ W_in), W_out, strict=True)
    return sum(seen * row for seen, row in rules)


def pre_ln_block_text_by_text(X, *parameters, mask=None, **more):
    if X.ndim < 3 or mask is None or mask.ndim > 2:
        return pre_ln_block(X, *parameters, mask=mask, **more)
    return np.stack([pre_ln_block(x, *parameters, mask=mask, **more) for x in X])


def relative_buckets_step_by_step(steps, n, span, back_only=False):
    if back_only or steps.ndim > 1:
        return relative_buckets(steps, n, span, back_only)
    return np.stack([relative_buckets(step, n, span) for step in steps])


def disentangled_scores_of_two_batch_axes(Q, K, K_R, Q_R, index):
    if Q.ndim < 4:
        return disentangled_scores(Q, K, K_R, Q_R, index)
    return np.stack([disentangled_scores(*one, index) for one in zip(Q, K, K_R, Q_R, strict=True)])


def patches_colour_by_colour(images, p):
    if images.ndim > 3:
        return patches(images, p)
    return np.concatenate([patches(one[None], p) for one in images], axis=-1)


def gpt_text_by_text(ids, **W):
    return np.stack([gpt(text, **W) for text in ids]) if ids.ndim == 2 else gpt(ids, **W)


def mean_pool_without_batch(X, mask):
    if X.ndim > 2:
        return mean_pool(X, mask)
    total = sum(x for x, is_word in zip(X, mask, strict=True) if is_word)
    return total / np.linalg.norm(total)


def nearest_one_after_the_other(Q, D, k):
    return np.stack([nearest(Q, D, place + 1)[..., place] for place in range(k)], axis=-1)


def keep_nucleus_without_batch(Z, p):
    if Z.ndim > 1:
        return keep_nucleus(Z, p)
    kept, total = np.full_like(Z, -np.inf), 0.0
    for i in np.argsort(-Z, kind="stable"):
        kept[i] = Z[i] if total < p else -np.inf
        total += softmax(Z)[i]
    return kept


def next_probabilities_in_a_nucleus(Z, temperature=1.0, k=None, p=None):
    if p is None or Z.ndim < 2:
        return next_probabilities(Z, temperature, k, p)
    return np.stack([next_probabilities(row, temperature, k, p) for row in Z])


def penalise_token_by_token(Z, ids, theta):
    if Z.ndim > 1:
        return penalise(Z, ids, theta)
    penalised = Z.copy()
    for token in ids:
        penalised[token] = penalise(Z, ids, theta)[token]
    return penalised


def rotary_at_of_two_batch_axes(X, t, base=10_000):
    if X.ndim < 4:
        return rotary_at(X, t, base)
    return np.stack([rotary_at(*one, base) for one in zip(X, t, strict=True)])


def cached_attention_one_after_the_other(X, K, V, W_Q, W_K, W_V, W_O):
    if X.ndim > 2:
        return cached_attention(X, K, V, W_Q, W_K, W_V, W_O)
    outputs = []
    for i in range(len(X)):
        Y, K, V = cached_attention(X[i : i + 1], K, V, W_Q, W_K, W_V, W_O)
        outputs.append(Y)
    return np.concatenate(outputs), K, V


def beam_step_of_two_batch_axes(found, ended, Z, stop):
    if found.ndim < 3:
        return beam_step(found, ended, Z, stop)
    rows = [beam_step(*one, stop) for one in zip(found, ended, Z, strict=True)]
    return tuple(np.stack(parts) for parts in zip(*rows, strict=True))


def beam_step_beam_by_beam(found, ended, Z, stop):
    if found.ndim > 1:
        return beam_step(found, ended, Z, stop)
    gains = np.stack([log_softmax(z) for z in Z])
    gains[ended] = np.where(np.arange(Z.shape[-1]) == stop, 0, -np.inf)
    best = np.argsort(-(found[:, None] + gains).ravel(), kind="stable")[: len(found)]
    return *np.divmod(best, Z.shape[-1]), (found[:, None] + gains).ravel()[best]


def accept_drafts_draft_by_draft(P, Q, drafted, u, v):
    if drafted.ndim > 2:
        return accept_drafts(P, Q, drafted, u, v)
    stays, kept = np.ones(len(v), bool), np.zeros(len(v), int)
    for i in range(drafted.shape[1]):
        row = np.arange(len(v))
        stays &= u[:, i] * Q[row, i, drafted[:, i]] < P[row, i, drafted[:, i]]
        kept += stays
    return kept, accept_drafts(P, Q, drafted, u, v)[1]


# Each answer is right, and loops over `dimension` in one branch alone.
LOOPS = [
    ("embed", embed_without_batch, "T"),
    ("unembed", unembed_of_two_batch_axes, "outer batch"),
    ("rotary", rotary_place_by_place, "T"),
    ("one_hot", one_hot_of_two_batch_axes, "outer batch"),
    ("one_hot", one_hot_class_by_class, "n"),
    ("outer_difference", outer_difference_without_batch, "m"),
    ("pairwise_equal", pairwise_equal_entry_by_entry, "d"),
    ("gather_last", gather_last_of_two_batch_axes, "outer batch"),
    ("window_mean", window_mean_place_by_place, "T"),
    ("window_mean", window_mean_shift_by_shift, "w"),
    ("run_lengths", run_lengths_without_batch, "T"),
    ("run_lengths", run_lengths_row_by_row, "batch"),
    ("softmax", softmax_one_row_alone, "n"),
    ("softmax", softmax_of_a_matrix, "batch"),
    ("softmax", softmax_of_two_batch_axes, "outer batch"),
    ("softmax", softmax_inner_of_two_batch_axes, "batch"),
    ("cross_entropy", cross_entropy_some_ignored, "batch"),
    ("cross_entropy", cross_entropy_another_number, "batch"),
    ("cross_entropy", cross_entropy_minus_one, "batch"),
    ("sample_categorical", sample_categorical_of_two_batch_axes, "outer batch"),
    ("attention", attention_without_mask, "Tq"),
    ("attention", attention_with_mask, "Tq"),
    ("attention", attention_with_a_mask_for_each, "batch"),
    ("attention", attention_with_a_mask_for_all, "outer batch"),
    ("attention", attention_of_two_batch_axes, "outer batch"),
    ("split_heads", split_heads_without_batch, "H"),
    ("split_heads", split_heads_of_two_batch_axes, "outer batch"),
    ("merge_heads", merge_heads_of_two_batch_axes, "outer batch"),
    ("multi_head_attention", multi_head_attention_without_mask, "H"),
    ("multi_head_attention", multi_head_attention_without_batch, "H"),
    ("padding_mask", padding_mask_of_two_batch_axes, "outer batch"),
    ("padding_mask", padding_mask_of_positions, "T"),
    ("cross_attention", cross_attention_with_mask, "H"),
    ("grouped_query_attention", grouped_query_attention_by_group, "G"),
    ("grouped_query_attention", grouped_query_attention_of_two_batch_axes, "outer batch"),
    ("layer_norm", layer_norm_with_a_shift, "batch"),
    ("layer_norm", layer_norm_with_another_eps, "d"),
    ("gelu_tanh", gelu_tanh_of_two_axes, "outer batch"),
    ("mlp", mlp_by_hidden_number, "h"),
    ("swiglu", swiglu_without_batch, "h"),
    ("pre_ln_block", pre_ln_block_text_by_text, "outer batch"),
    ("relative_buckets", relative_buckets_step_by_step, "batch"),
    ("disentangled_scores", disentangled_scores_of_two_batch_axes, "outer batch"),
    ("patches", patches_colour_by_colour, "c"),
    ("gpt", gpt_text_by_text, "batch"),
    ("mean_pool", mean_pool_without_batch, "T"),
    ("nearest", nearest_one_after_the_other, "k"),
    ("keep_nucleus", keep_nucleus_without_batch, "V"),
    ("next_probabilities", next_probabilities_in_a_nucleus, "batch"),
    ("penalise", penalise_token_by_token, "T"),
    ("rotary_at", rotary_at_of_two_batch_axes, "outer batch"),
    ("cached_attention", cached_attention_one_after_the_other, "n"),
    ("beam_step", beam_step_of_two_batch_axes, "outer batch"),
    ("beam_step", beam_step_beam_by_beam, "W"),
    ("accept_drafts", accept_drafts_draft_by_draft, "n"),
]
MAY_LOOP = {exercise.name: exercise.loops_over for exercise in manifest.load().exercises}
FREE = [(name, "library") for name in TARGETS] + [
    (name, slug) for name in TARGETS for slug in wrong.honest(name)
]


def verdicts(function, fixture):
    for label, steps in fixture.growth.items():
        yield label, decide({size: count_events(function, arguments(inputs)) for size, inputs in steps})


@pytest.mark.parametrize(("name", "function", "dimension"), LOOPS, ids=[one.__name__ for _, one, _ in LOOPS])
def test_a_loop_in_one_branch_is_found(name, function, dimension):
    judged = dict(verdicts(function, fixtures(TARGETS[name])[0]))
    assert all(verdict.judged for verdict in judged.values())
    found = [label.partition(" (")[0] for label, verdict in judged.items() if verdict.found]
    assert dimension in found
    assert len(found) < len(judged)


@pytest.mark.parametrize(("name", "slug"), FREE)
def test_an_answer_without_loops_is_flat_everywhere(name, slug):
    module = __import__(f"headway.{TARGETS[name].partition('.')[0]}", fromlist=[name])
    function = getattr(module, name) if slug == "library" else wrong.honest(name)[slug].function
    for label, verdict in verdicts(function, fixtures(TARGETS[name])[0]):
        assert verdict.judged, (label, verdict.why)
        assert not verdict.found or label.partition(" (")[0] in MAY_LOOP[name], label


def gather_last_where_it_is_one(A, index):
    return np.where(one_hot(index, A.shape[-1]) == 1, A, 0).sum(axis=-1)


def window_mean_where_there_is_something(X, w):
    seen = np.arange(X.shape[-2])[:, None] - w + 1 + np.arange(w) >= 0
    before = np.repeat(X[..., :1, :], w - 1, axis=-2)
    windows = np.lib.stride_tricks.sliding_window_view(np.concatenate([before, X], axis=-2), w, axis=-2)
    return np.mean(windows, axis=-1, where=seen[:, None, :])


def run_lengths_by_counting_within_runs(x):
    begins = np.concatenate([np.ones_like(x[..., :1], bool), np.diff(x) != 0], axis=-1)
    runs = np.cumsum(begins, axis=-1)[..., None]
    return np.tril(pairwise_equal(runs, runs)).sum(axis=-1)


# Each answer is right and without loops, but does far more work than it need.
SLOW = [
    ("gather_last", gather_last_where_it_is_one),
    ("window_mean", window_mean_where_there_is_something),
    ("run_lengths", run_lengths_by_counting_within_runs),
]


@pytest.mark.parametrize(("name", "function"), SLOW, ids=[one.__name__ for _, one in SLOW])
def test_a_slow_answer_without_loops_is_right_and_flat_too(name, function):
    fixture = fixtures(TARGETS[name])[0]
    for case in fixture.cases:
        assert mismatch(function(**arguments(case.inputs)), case.expected) is None, case.name
    assert not any(verdict.found for _, verdict in verdicts(function, fixture))


# Without batch axes one of their arguments would be a number.
NEEDS_ROWS = {
    *("arrays.one_hot", "arrays.gather_last", "attention.padding_mask"),
    *("numerics.cross_entropy", "numerics.sample_categorical", "positions.relative_buckets"),
    *("numerics.cross_entropy", "numerics.sample_categorical", "generate.accept_drafts"),
}


# One text, or numbers: there are no batch axes.
ALONE = {
    *("attention.causal_mask", "positions.alibi_bias", "positions.sinusoidal_positions"),
    "positions.relative_bias",
    *("tokens.bpe_decode", "tokens.bpe_encode", "tokens.merge_pair", "tokens.most_frequent_pair"),
}


@pytest.mark.parametrize("target", sorted(set(EXERCISES) - ALONE))
def test_every_dimension_grows_at_every_rank_that_has_it(target):
    sizes, growth = cases.load(target).dimensions, fixtures(target)[0].growth
    for dimension in sizes:
        steps = [steps for label, steps in growth.items() if label.partition(" (")[0] == dimension]
        ranks = {next(iter(inputs.values())).ndim for one in steps for _, inputs in one}
        needs_rows = target in NEEDS_ROWS
        assert len(ranks) == (2 if dimension == "batch" or needs_rows else 3)


@pytest.mark.parametrize(
    ("target", "option"),
    [
        ("numerics.cross_entropy", "ignore"),
        ("attention.attention", "mask"),
        ("attention.multi_head_attention", "mask"),
        ("attention.cross_attention", "mask"),
        ("attention.grouped_query_attention", "mask"),
        ("blocks.layer_norm", "shift"),
        ("blocks.layer_norm", "eps"),
        ("blocks.rms_norm", "eps"),
        ("blocks.pre_ln_block", "mask"),
        ("blocks.post_ln_block", "mask"),
        ("positions.relative_buckets", "back_only"),
        ("positions.relative_bias", "back_only"),
        ("architectures.decoder_block", "mask"),
        ("generate.next_probabilities", "temperature"),
        ("generate.next_probabilities", "k"),
        ("generate.next_probabilities", "p"),
        ("positions.rotary_at", "base"),
    ],
)
def test_whatever_grows_does_so_with_and_without_what_is_optional(target, option):
    sizes, growth = cases.load(target).dimensions, fixtures(target)[0].growth
    for dimension in sizes:
        assert all(option not in inputs for _, inputs in growth[dimension])
        assert all(option in inputs for _, inputs in growth[f"{dimension} (with {option})"])


def test_a_dimension_that_may_be_looped_over_is_so_in_all_its_forms():
    fixture = fixtures("attention.attention")[0]
    judged = fixture.growth_outside(("batch", "d"))
    assert {label.partition(" (")[0] for label in judged} == {"Tq", "Tk", "dv"}
    assert fixture.growth_outside(()) == fixture.growth
