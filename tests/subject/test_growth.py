"""Growing inputs: a Python loop shows wherever an answer hides it, and an answer without loops shows none."""

import numpy as np
import pytest
from headway.attention import (
    attention,
    cross_attention,
    grouped_query_attention,
    merge_heads,
    multi_head_attention,
    padding_mask,
    split_heads,
)
from headway.numerics import cross_entropy, log_softmax, sample_categorical, softmax
from headway_course.fixtures import arguments
from headway_course.judging.loops import count_events, decide
from headway_grader import cases, wrong
from ten_exercises import EXERCISES, fixtures

TARGETS = {target.rpartition(".")[2]: target for target in EXERCISES}


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


# Each answer is right, and loops over `dimension` in one branch alone.
LOOPS = [
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
]
NEEDS_ROWS = ("numerics.cross_entropy", "numerics.sample_categorical", "attention.padding_mask")
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
        assert not verdict.found, label


@pytest.mark.parametrize("target", sorted(set(EXERCISES) - {"attention.causal_mask"}))
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
