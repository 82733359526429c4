"""From scores to text: greedy, drawn, searched with beams, and drafted by a smaller model."""

import numpy as np

from headway._checks import check_length, check_tokens
from headway.arrays import gather_last, one_hot
from headway.cache import Cache
from headway.model import forward
from headway.numerics import log_softmax, sample_categorical, softmax


def keep_top(Z, k):
    """The k largest scores as they are, and -inf for the rest (Fan, Lewis and Dauphin 2018).

    Z (..., V), k int () -> (..., V)

    Scores as large as the last of them stay too. If there are no more than k, all stay.
    """
    k = min(k, Z.shape[-1])
    last = np.partition(Z, -k, axis=-1)[..., [-k]]  # (..., 1)
    return np.where(Z < last, -np.inf, Z)


def keep_nucleus(Z, p):
    """The fewest scores whose probabilities sum to p, -inf for the rest (Holtzman et al. 2020, section 3.1).

    Z (..., V), p float () -> (..., V)

    The largest stays, whatever p is. Of equal ones those with smaller numbers come first.
    """
    order = np.argsort(-Z, axis=-1, kind="stable")
    P = softmax(np.take_along_axis(Z, order, axis=-1)).astype(float)  # many float32 would not add up
    needed = 1 + (P.cumsum(axis=-1) < p).sum(axis=-1, keepdims=True)  # with that which reaches p
    kept = np.empty(Z.shape, bool)
    np.put_along_axis(kept, order, np.arange(Z.shape[-1]) < needed, axis=-1)  # back to where they came from
    return np.where(kept, Z, -np.inf)


def penalise(Z, ids, theta):
    """Scores of tokens that a text has already, made smaller (Keskar et al. 2019, section 4.1).

    Z (..., V), ids int (..., T), theta float () -> (..., V)

    A positive score is divided by theta, a negative one multiplied, however often the token occurs.
    """
    z = np.take_along_axis(Z, ids, axis=-1)  # (..., T)
    penalised = Z.copy()
    np.put_along_axis(penalised, ids, np.where(z > 0, z / theta, z * theta), axis=-1)
    return penalised


def next_probabilities(Z, temperature=1.0, k=None, p=None):
    """How likely each token is next, at a temperature, and among the top k or a nucleus only.

    Z (..., V), [temperature float ()], [k int ()], [p float ()] -> (..., V)

    At temperature 0 the largest score has probability 1.
    """
    if not temperature:
        return one_hot(Z.argmax(axis=-1), Z.shape[-1]).astype(Z.dtype)
    Z = Z / temperature
    if k is not None:
        Z = keep_top(Z, k)
    if p is not None:
        Z = keep_nucleus(Z, p)
    return softmax(Z)


def draw(P, rng):
    """A token for each row of probabilities; summed in float64, since many small ones add up to 1.

    P (..., V) -> int (...)
    """
    return sample_categorical(P.astype(float), rng.random(P.shape[:-1]))


def generate(model, prompt, steps, **choices):
    """Prompts with up to `steps` tokens more: all that `stream` gives, which has the choices.

    prompt int (..., T), steps int () -> int (..., n)

    n is smaller than T + steps where all texts have come to the token `stop`.
    """
    new = [token[..., None] for token in stream(model, prompt, steps, **choices)]
    return np.concatenate([prompt, *new], axis=-1)


def stream(
    model,
    prompt,
    steps,
    *,
    rng=None,
    temperature=0.0,
    k=None,
    p=None,
    penalty=None,
    stop=None,
    source=None,
    source_mask=None,
):
    """The next token of each prompt, `steps` times, each as soon as it is known. Every token is read once.

    prompt int (..., T), steps int () -> int (...), one after the other

    Greedy at temperature 0, else drawn with rng. A penalty is theta of `penalise`. A text that has come to
    the token `stop` goes on with it; when all have, nothing more comes. source is what an encoder reads.
    """
    if temperature and rng is None:
        raise ValueError(f"temperature is {temperature}, so tokens are drawn: pass rng, or temperature=0")
    _checked(model, prompt, steps)

    def choose(Z, ids):
        P = next_probabilities(Z if penalty is None else penalise(Z, ids, penalty), temperature, k, p)
        return draw(P, rng) if temperature else P.argmax(axis=-1)

    return _stream(model, prompt, steps, choose, stop, source, source_mask)


def _stream(model, ids, steps, choose, stop, source, source_mask):
    *batch, T = ids.shape
    cache, ended = Cache(model, T + steps, batch), np.zeros(batch, bool)
    for n in range(steps):
        if n == 0:
            Z = forward(model, ids, source, source_mask=source_mask, cache=cache, at=-1)
        else:
            Z = forward(model, ids[..., -1:], cache=cache, at=-1)
        token = choose(Z, ids)
        if stop is not None:
            token = np.where(ended, stop, token)
            ended = token == stop
        ids = np.concatenate([ids, token[..., None].astype(ids.dtype)], axis=-1)
        yield ids[..., -1]
        if stop is not None and ended.all():
            return


def beam_step(found, ended, Z, stop):
    """The likeliest of all texts that are one token longer (Sutskever, Vinyals and Le 2014, section 3.2).

    found (..., W), ended bool (..., W), Z (..., W, V), stop int () -> int (..., W), int (..., W), (..., W)

    found are log-probabilities. A text that has ended goes on with `stop` only, and keeps its own. There come
    the parents among the W, the new tokens and the new log-probabilities, best first; of equal ones the
    earlier parent, then the smaller token.
    """
    V = Z.shape[-1]
    at_rest = np.where(np.arange(V) == stop, 0, -np.inf).astype(Z.dtype)
    gains = np.where(ended[..., None], at_rest, log_softmax(Z))
    total = (found[..., None] + gains).reshape(*found.shape[:-1], -1)  # (..., W V)
    best = np.argsort(-total, axis=-1, kind="stable")[..., : found.shape[-1]]
    parents, tokens = np.divmod(best, V)
    return parents, tokens, np.take_along_axis(total, best, axis=-1)


def beam_search(model, prompt, steps, beams, *, stop=None, source=None, source_mask=None):
    """The likeliest continuations that a search finds which keeps the best `beams` at every step.

    prompt int (B, T), steps int (), beams int () -> int (B, beams, n), (B, beams)

    They come best first, with their log-probabilities (Sutskever, Vinyals and Le 2014, section 3.2). After
    the token `stop` a text is complete: it is filled up with it, and keeps its log-probability.
    """
    B, T = _checked(model, prompt, steps).shape
    texts = np.arange(B)[:, None]
    ids = np.concatenate([prompt, np.zeros((B, steps), prompt.dtype)], axis=-1)
    ids = np.repeat(ids[:, None], beams, axis=1)  # (B, W, T + steps)
    found, ended = np.full((B, beams), -np.inf, model.dtype), np.zeros((B, beams), bool)
    found[:, 0] = 0  # at first all beams are the same text, and one of them stands for all
    cache = Cache(model, T + steps, (B,))
    Z = forward(model, prompt, source, source_mask=source_mask, cache=cache, at=-1)
    Z = np.repeat(Z[:, None], beams, axis=1)  # (B, W, V)
    cache.select(np.repeat(np.arange(B), beams))
    for n in range(T, T + steps):
        parent, token, found = beam_step(found, ended, Z, stop)
        ids = ids[texts, parent]
        ids[..., n] = token
        ended = token == stop if stop is not None else np.zeros((B, beams), bool)
        if ended.all():
            return ids[..., : n + 1], found
        if n + 1 < T + steps:
            cache.select((texts * beams + parent).ravel())
            Z = forward(model, token.reshape(-1, 1), cache=cache, at=-1).reshape(B, beams, -1)
    return ids, found


def accept_drafts(P, Q, drafted, u, v):
    """How many drafted tokens stay, and the one after them (Leviathan, Kalman and Matias 2023, algorithm 1).

    P (..., m, V), Q (..., n, V), drafted int (..., n), u (..., n), v (...) -> int (...), int (...)

    Token i was drawn from Q[i], and should have been from P[i]; m is n + 1. It stays with probability
    P / Q, if all before it do; after the last that stays comes one from what P has more than Q. u and v are
    uniform in [0, 1). The tokens then are distributed as if all had been drawn from P.
    """
    wanted, offered = gather_last(P[..., :-1, :], drafted), gather_last(Q, drafted)
    stays = np.logical_and.accumulate(u * offered < wanted, axis=-1)
    kept = stays.sum(axis=-1)
    here = kept[..., None, None]
    more = np.concatenate([np.maximum(P[..., :-1, :] - Q, 0), P[..., -1:, :]], axis=-2)
    more, P = np.take_along_axis(more, here, axis=-2), np.take_along_axis(P, here, axis=-2)  # (..., 1, V)
    rest = np.where(more.any(axis=-1, keepdims=True), more, P)  # all 0 where P is Q up to rounding
    return kept, sample_categorical(rest[..., 0, :].astype(float), v)


def speculative(model, draft, prompt, steps, *, rng, ahead=4, temperature=1.0, k=None, p=None):
    """One prompt with `steps` tokens more, drafted by a small model and read by the large one in one go each.

    prompt int (T), steps int (), [ahead int ()] -> int (n)

    They are distributed as those of `generate` with the large model alone. n is T + steps; the small model
    drafts `ahead` tokens at a time.
    """
    T = len(_checked(model, prompt, steps))
    end = T + steps
    ids = np.concatenate([prompt, np.zeros(steps, prompt.dtype)])
    cache, drafts = Cache(model, end), Cache(draft, end)
    n = T
    while n < end:
        m = min(ahead, end - n - 1)
        Q = np.empty((m, model.config.outputs), model.dtype)
        for i in range(m):
            Z = forward(draft, ids[drafts.length : n + i], cache=drafts, at=-1)
            Q[i] = next_probabilities(Z, temperature, k, p)
            ids[n + i] = draw(Q[i], rng)
        Z = forward(model, ids[cache.length : n + m], cache=cache)[-m - 1 :]
        P = next_probabilities(Z, temperature, k, p)
        kept, token = accept_drafts(P, Q, ids[n : n + m], rng.random(m), rng.random())
        n += kept + 1
        ids[n - 1] = token
        cache.length, drafts.length = min(cache.length, n - 1), min(drafts.length, n - 1)
    return ids


def _checked(model, prompt, steps):
    """The prompt, if the model can read it and all that is to follow but the last token."""
    if not model.config.decoder_layers or not model.config.outputs:
        raise ValueError("this model writes no tokens: it has no decoder, or no outputs")
    check_tokens(prompt, model.config.vocabulary)
    check_length(prompt.shape[-1] + steps - 1, model.config.context, "context of this model")
    return prompt
