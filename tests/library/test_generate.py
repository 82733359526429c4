"""Generation against definitions that read the whole text anew for every token, and exact distributions."""

import math
from itertools import product

import numpy as np
import pytest
from headway.generate import (
    accept_drafts,
    beam_search,
    beam_step,
    generate,
    keep_nucleus,
    keep_top,
    next_probabilities,
    penalise,
    speculative,
)
from headway.model import forward
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tiny import BOTH, DECODERS, a_model, some_inputs

few = settings(max_examples=40, derandomize=True, deadline=None)
keys = st.integers(0, 2**32 - 1)


def softmax(z):
    powers = [math.exp(x - max(z)) for x in z]
    return [power / sum(powers) for power in powers]


def log_probabilities(model, ids, **source):
    return [math.log(p) for p in softmax(forward(model, np.array(ids), **source)[-1].astype(float).tolist())]


def source_of(inputs, row):
    return {"source": inputs["source"][row]} if "source" in inputs else {}


# What is kept of the scores.


@few
@given(keys, st.integers(1, 6), st.sampled_from([np.float32, np.float64]))
def test_the_top_scores_stay_with_those_that_are_as_large(key, k, dtype):
    Z = np.random.default_rng(key).integers(-3, 4, size=(2, 3, 6)).astype(dtype)
    kept = keep_top(Z, k)
    assert kept.dtype == dtype
    for row in np.ndindex(2, 3):
        last = sorted(Z[row].tolist(), reverse=True)[k - 1]
        assert kept[row].tolist() == [z if z >= last else -np.inf for z in Z[row].tolist()]


def nucleus(z, p):
    """Token after token, the likeliest first, until their probabilities sum to p."""
    shares, kept, total = softmax(z), [-math.inf] * len(z), 0.0
    for i in sorted(range(len(z)), key=lambda i: (-z[i], i)):
        if total >= p and total > 0:
            break
        kept[i] = z[i]
        total += shares[i]
    return kept


@few
@given(keys, st.floats(0, 0.99), st.sampled_from([np.float32, np.float64]))
def test_a_nucleus_is_the_smallest_set_of_likely_tokens(key, p, dtype):
    Z = np.random.default_rng(key).integers(-3, 4, size=(2, 3, 6)).astype(dtype) / 2
    kept = keep_nucleus(Z, p)
    assert kept.dtype == dtype
    for row in np.ndindex(2, 3):
        assert kept[row].tolist() == nucleus(Z[row].tolist(), p)


def test_a_nucleus_of_everything_loses_no_more_than_rounding():
    Z = np.random.default_rng(0).normal(scale=8, size=(3, 1000)).astype(np.float32)
    lost = np.where(keep_nucleus(Z, 1.0) > -np.inf, 0, softmax_of(Z)).sum(axis=-1)
    assert (lost < 1e-6).all()


def test_of_fewer_scores_than_k_all_stay():
    Z = np.random.default_rng(0).normal(size=(3, 4))
    np.testing.assert_array_equal(keep_top(Z, 9), Z)


@few
@given(keys, st.floats(1, 3), st.sampled_from([np.float32, np.float64]))
def test_a_penalty_makes_every_token_that_occurred_rarer_among_the_others(key, theta, dtype):
    rng = np.random.default_rng(key)
    Z, ids = rng.normal(size=(3, 6)).astype(dtype), rng.integers(6, size=(3, 4))
    penalised = penalise(Z, ids, theta)
    assert penalised.dtype == dtype
    for row in range(3):
        seen = np.isin(np.arange(6), ids[row])
        np.testing.assert_array_equal(penalised[row, ~seen], Z[row, ~seen])
        assert (penalised[row, seen] <= Z[row, seen]).all()
        size = np.maximum(penalised[row, seen] / Z[row, seen], Z[row, seen] / penalised[row, seen])
        np.testing.assert_allclose(size, theta, rtol=1e-5)


def test_who_may_not_repeat_does_not_write_what_is_likeliest():
    model, prompt = a_model("gpt-2"), np.array([3, 1, 2])
    ids = prompt.tolist()
    for _ in range(8):
        scores = forward(model, np.array(ids))[-1].astype(float).tolist()
        for token in set(ids):
            scores[token] = scores[token] / 4 if scores[token] > 0 else scores[token] * 4
        ids.append(scores.index(max(scores)))
    ours = generate(model, prompt, 8, penalty=4.0)
    assert ours.tolist() == ids
    assert ids != generate(model, prompt, 8).tolist()


def softmax_of(Z):
    return np.array([softmax(z) for z in Z.astype(float).tolist()])


@few
@given(keys, st.floats(0.1, 5))
def test_temperature_divides_the_scores(key, temperature):
    Z = np.random.default_rng(key).normal(size=(3, 6)).astype(np.float32)
    ours = next_probabilities(Z, temperature)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, softmax_of(Z.astype(float) / temperature), rtol=1e-4, atol=1e-7)


def test_temperature_0_is_the_largest_score_and_filters_combine():
    Z = np.array([[1.0, 3.0, 2.0, 0.0]], np.float32)
    np.testing.assert_array_equal(next_probabilities(Z, 0), [[0, 1, 0, 0]])
    np.testing.assert_allclose(next_probabilities(Z, 1.0, k=2), [[0, *softmax([3.0, 2.0]), 0]], rtol=1e-6)
    np.testing.assert_array_equal(next_probabilities(Z, 1.0, k=2, p=0.5), [[0, 1, 0, 0]])


# Token after token.


@pytest.mark.parametrize("name", DECODERS)
def test_greedy_text_is_that_of_reading_everything_anew(name):
    model, inputs = a_model(name), some_inputs(name, T=3)
    ours = generate(model, inputs["inputs"], 6, source=inputs.get("source"))
    assert ours.shape == (2, 9)
    for row in range(2):
        ids = inputs["inputs"][row].tolist()
        for _ in range(6):
            ids.append(int(np.argmax(forward(model, np.array(ids), **source_of(inputs, row))[-1])))
        assert ours[row].tolist() == ids


def test_a_prompt_without_a_batch_axis_may_fill_the_context():
    model = a_model("gpt-2")
    ids = generate(model, np.array([1, 2, 3]), 13)  # of 16 tokens the last is never read
    assert ids.shape == (16,)
    with pytest.raises(ValueError, match="16 positions, but the context of this model ends at 15"):
        generate(model, np.array([1, 2, 3]), 14)


def test_no_step_gives_the_prompt():
    ids = np.array([[1, 2, 3]])
    np.testing.assert_array_equal(generate(a_model("llama"), ids, 0), ids)


def test_drawn_text_is_reproducible_and_follows_the_probabilities():
    model, prompt = a_model("llama"), np.tile([3, 1], (4000, 1))
    ours = generate(model, prompt, 1, rng=np.random.default_rng(0), temperature=2.0)
    again = generate(model, prompt, 1, rng=np.random.default_rng(0), temperature=2.0)
    np.testing.assert_array_equal(ours, again)
    due = softmax_of(forward(model, prompt[:1], at=-1) / 2.0)[0]
    counts = np.bincount(ours[:, -1], minlength=17)
    assert stats.chisquare(counts, 4000 * due / due.sum()).pvalue > 1e-3


def test_only_the_top_tokens_are_drawn():
    model, prompt = a_model("llama"), np.tile([3, 1], (200, 1))
    ours = generate(model, prompt, 1, rng=np.random.default_rng(0), temperature=9.0, k=3)[:, -1]
    assert set(ours.tolist()) == set(np.argsort(forward(model, prompt[:1], at=-1)[0])[-3:].tolist())


def test_after_stop_a_text_is_filled_up_with_it():
    model, prompt = a_model("gpt-2"), np.random.default_rng(0).integers(0, 17, size=(6, 3))
    free = generate(model, prompt, 9)
    stop = free[0, 5]
    ours = generate(model, prompt, 9, stop=stop)
    for row, text in enumerate(free.tolist()):
        end = text.index(stop, 3) if stop in text[3:] else len(text)
        expected = text[: end + 1] + [stop] * 12
        assert ours[row].tolist() == expected[: ours.shape[1]]
    np.testing.assert_array_equal(
        generate(model, prompt[:1], 9, stop=stop)[0], free[0, : free[0].tolist().index(stop, 3) + 1]
    )


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("gpt-2", {"temperature": 1.0}, "pass rng, or temperature=0"),
        ("bert", {}, "this model writes no tokens"),
        ("t5", {}, "no source is given"),
    ],
)
def test_generation_that_cannot_work_is_named(name, options, says):
    with pytest.raises(ValueError, match=says):
        generate(a_model(name), np.array([[1, 2]]), 3, **options)


# Beams.


def beams_by_hand(model, prompt, steps, width, stop=None, **source):
    """A list of texts with their log-probabilities; every step reads all of them anew."""
    texts = [(prompt, 0.0)]
    for _ in range(steps):
        longer = []
        for ids, found in texts:
            if stop is not None and len(ids) > len(prompt) and ids[-1] == stop:
                longer.append(([*ids, stop], found))
                continue
            for token, gain in enumerate(log_probabilities(model, ids, **source)):
                longer.append(([*ids, token], found + gain))
        texts = sorted(longer, key=lambda text: -text[1])[:width]
    return texts


@pytest.mark.parametrize("stop", [None, 4])
@pytest.mark.parametrize("name", ["gpt-2", "llama", "relative", *BOTH])
def test_beams_are_those_of_a_search_by_hand(name, stop):
    model, inputs = a_model(name), some_inputs(name, T=2)
    ids, found = beam_search(model, inputs["inputs"], 4, 3, stop=stop, source=inputs.get("source"))
    assert found.dtype == np.float32
    for row in range(2):
        prompt = inputs["inputs"][row].tolist()
        texts = beams_by_hand(model, prompt, 4, 3, stop, **source_of(inputs, row))
        assert ids[row].tolist() == [text[: ids.shape[-1]] for text, _ in texts]
        np.testing.assert_allclose(found[row], [gain for _, gain in texts], rtol=1e-4)


def test_of_equal_texts_the_earlier_parent_and_then_the_smaller_token_come_first():
    parents, tokens, found = beam_step(np.zeros((1, 3)), np.zeros((1, 3), bool), np.zeros((1, 3, 2)), 0)
    assert (parents.tolist(), tokens.tolist()) == ([[0, 0, 1]], [[0, 1, 0]])
    np.testing.assert_allclose(found, math.log(1 / 2))


def test_a_text_that_has_ended_waits_for_nothing_and_has_one_child():
    found, ended = np.array([[-1.0, -1.5]]), np.array([[True, False]])
    parents, tokens, after = beam_step(found, ended, np.zeros((1, 2, 3)), 2)
    assert (parents.tolist(), tokens.tolist()) == ([[0, 1]], [[2, 0]])
    np.testing.assert_allclose(after, [[-1.0, -1.5 - math.log(3)]])


def test_enough_beams_find_the_likeliest_of_all_texts():
    model, prompt = a_model("gpt-2", key=1), [3, 1]
    ids, found = beam_search(model, np.array([prompt]), 2, 17)
    texts = {}
    for first, second in product(range(17), repeat=2):
        gains = log_probabilities(model, prompt), log_probabilities(model, [*prompt, first])
        texts[first, second] = gains[0][first] + gains[1][second]
    best = sorted(texts, key=lambda text: -texts[text])[:17]
    assert [tuple(text[2:]) for text in ids[0].tolist()] == best
    np.testing.assert_allclose(found[0], [texts[text] for text in best], rtol=1e-4)


def test_one_beam_is_greedy():
    model, prompt = a_model("llama"), some_inputs("llama", T=3)["inputs"]
    np.testing.assert_array_equal(beam_search(model, prompt, 7, 1)[0][:, 0], generate(model, prompt, 7))


# Drafts.


def accepted_by_hand(P, Q, drafted, u, v):
    for i, token in enumerate(drafted):
        if not u[i] < P[i][token] / Q[i][token]:
            rest = [max(p - q, 0) for p, q in zip(P[i], Q[i], strict=True)]
            return i, inverse_cdf(rest, v)
    return len(drafted), inverse_cdf(P[len(drafted)], v)


def inverse_cdf(shares, v):
    left = v * sum(shares)
    for token, share in enumerate(shares):
        if left < share:
            return token
        left -= share
    return max(token for token, share in enumerate(shares) if share)


def random_rows(rng, *shape):
    P = rng.random(shape) ** 3
    P[..., 0] *= rng.random(shape[:-1]) < 0.7  # some tokens are impossible
    return P / P.sum(axis=-1, keepdims=True)


@few
@given(keys, st.integers(0, 4))
def test_drafts_stay_as_they_do_one_after_the_other(key, n):
    rng = np.random.default_rng(key)
    P, Q = random_rows(rng, 3, n + 1, 5), random_rows(rng, 3, n, 5)
    drafted = np.array([[rng.choice(5, p=q) for q in row] for row in Q], int).reshape(3, n)
    u, v = rng.random((3, n)), rng.random(3)
    kept, token = accept_drafts(P, Q, drafted, u, v)
    for row in range(3):
        by_hand = accepted_by_hand(P[row].tolist(), Q[row].tolist(), drafted[row].tolist(), u[row], v[row])
        assert (kept[row], token[row]) == by_hand


def test_what_drafts_give_has_exactly_the_probabilities_of_the_large_model():
    """The first token, over all drafts and a fine grid of u and v, which stand for all numbers in [0, 1)."""
    rng, n = np.random.default_rng(0), 400
    P, Q = random_rows(rng, 2, 3), random_rows(rng, 1, 3)
    grid = (np.arange(n) + 0.5) / n
    u, v = (a.ravel() for a in np.meshgrid(grid, grid))
    found = np.zeros(3)
    for draft in range(3):
        rows = (len(u),)
        kept, token = accept_drafts(
            np.broadcast_to(P, (*rows, 2, 3)),
            np.broadcast_to(Q, (*rows, 1, 3)),
            np.full((*rows, 1), draft),
            u[:, None],
            v,
        )
        first = np.where(kept == 1, draft, token)
        found += Q[0, draft] * np.bincount(first, minlength=3) / len(u)
    np.testing.assert_allclose(found, P[0], atol=2 / n)


def test_equal_models_keep_every_draft():
    rng = np.random.default_rng(0)
    P = random_rows(rng, 50, 4, 6).astype(np.float32)
    drafted = np.array(
        [[rng.choice(6, p=p.astype(float) / p.astype(float).sum()) for p in row[:3]] for row in P]
    )
    kept, token = accept_drafts(P, P[:, :3], drafted, rng.random((50, 3)), rng.random(50))
    np.testing.assert_array_equal(kept, 3)
    assert (np.take_along_axis(P[:, 3], token[:, None], axis=-1) > 0).all()


@pytest.mark.parametrize("ahead", [1, 2, 5])
def test_at_temperature_0_drafts_change_nothing(ahead):
    model, prompt = a_model("gpt-2"), np.array([3, 1, 2])
    for draft in (a_model("llama"), a_model("gpt-2"), a_model("one group", key=2)):
        ours = speculative(model, draft, prompt, 10, rng=np.random.default_rng(0), ahead=ahead, temperature=0)
        np.testing.assert_array_equal(ours, generate(model, prompt, 10))


def test_drafted_texts_are_distributed_as_drawn_ones():
    model, draft, prompt = a_model("gpt-2"), a_model("llama"), np.array([3, 1])
    rng = np.random.default_rng(0)
    options = {"temperature": 3.0, "k": 3}
    due = {}
    for first, second in product(range(17), repeat=2):
        p = next_probabilities(forward(model, prompt, at=-1), **options)[first]
        q = next_probabilities(forward(model, np.array([3, 1, first]), at=-1), **options)[second]
        if p * q > 0:
            due[first, second] = float(p * q)
    texts = [
        tuple(speculative(model, draft, prompt, 2, rng=rng, ahead=2, **options)[2:].tolist())
        for _ in range(3000)
    ]
    assert set(texts) <= set(due)
    counts = [texts.count(text) for text in due]
    expected = 3000 * np.array(list(due.values())) / sum(due.values())
    assert stats.chisquare(counts, expected).pvalue > 1e-3
