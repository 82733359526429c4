"""Whole transformers, forward: GPT-2, LLaMA, BERT, DeBERTa, T5, BART, ViT and what else one config can say.

Parameters are a dict of arrays. S is encoder or decoder, i counts blocks from 0; the sizes are those of
Config: d width, H heads, G groups, dh width of a head, h hidden, V vocabulary. `parameter_shapes` lists them
for a config.

| name                     | shape             | what it does                                          |
|--------------------------|-------------------|-------------------------------------------------------|
| token.W                  | (V, d)            | the vector of each token, for both stacks             |
| S.position.W             | (context, d)      | the vector of each position, where these are learned  |
| S.segment.W              | (segments, d)     | the vector of each kind of text                       |
| S.patch.W, .b            | (c p², d), (d)    | from the pixels of a patch, channel after channel     |
| S.first                  | (d)               | what stands before the patches, and gathers the class |
| S.relative.W             | (buckets, H)      | relative: what each head adds to a score              |
| S.relative.W             | (2 buckets, d)    | disentangled: the vector of each distance             |
| S.relative.norm          | (d)               | a norm has .scale and, unless it is rms, .shift       |
| S.embedding.norm         | (d)               | the norm before the first block                       |
| S.i.attention.norm       | (d)               | before it reads, or after it has written;             |
|                          |                   | so have cross and mlp                                 |
| S.i.attention.QKV.W, .b  | (d, (H + 2G) dh)  | columns of all queries, then keys, then values        |
| S.i.attention.O.W, .b    | (H dh, d)         | from the heads to the residual stream                 |
| decoder.i.cross.Q.W, .b  | (d, H dh)         | queries to the encoder                                |
| decoder.i.cross.KV.W, .b | (d, 2G dh)        | what the encoder's states answer                      |
| decoder.i.cross.O.W, .b  | (H dh, d)         | from the heads to the residual stream                 |
| S.i.mlp.in.W, .b         | (d, h) or (d, 2h) | where it is gated, columns of the gate come first     |
| S.i.mlp.out.W, .b        | (h, d)            | from the hidden layer to the residual stream          |
| S.norm                   | (d)               | after the last block, where norms come first          |
| unembed.W, .b            | (d, outputs)      | scores, where they are not tied to token.W            |

A forward shows `watch` each of these as it comes, and goes on with what watch hands back:
S.embedding; S.i.attention.Q, .K, .V, .scores, .pattern, .heads and .out; the same of decoder.i.cross;
S.i.mlp.hidden and .out; S.i.stream after the block; S.states at the end of a stack; scores.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from headway._checks import (
    check_images,
    check_length,
    check_mask,
    check_parameters,
    check_sight,
    check_tokens,
)
from headway.arrays import outer_difference
from headway.attention import causal_mask, merge_heads, split_heads
from headway.blocks import gelu, gelu_tanh, layer_norm, relu, rms_norm, silu
from headway.config import Config, parameter_shapes
from headway.numerics import softmax
from headway.positions import (
    disentangled_scores,
    relative_bias,
    rotary_at,
    signed_buckets,
    sinusoidal_positions,
)
from headway.tokens import embed, patches

ACTIVATIONS = {"gelu": gelu, "gelu_tanh": gelu_tanh, "silu": silu, "relu": relu}


@dataclass(frozen=True)
class Model:
    """A config and the parameters that belong to it; raises ValueError if they do not."""

    config: Config
    parameters: dict[str, np.ndarray]

    def __post_init__(self):
        check_parameters(parameter_shapes(self.config), self.parameters)
        # Once nearly 32 MiB were freed, glibc keeps what is freed for the next array, instead of asking the
        # system for new pages each time: a forward of a small model takes a third of the time.
        np.empty(2**25 - 2**16, np.uint8)

    @property
    def dtype(self):
        """The dtype in which the model computes: that of its parameters."""
        return next(iter(self.parameters.values())).dtype


def forward(
    model, inputs, source=None, *, mask=None, source_mask=None, segments=None, at=None, cache=None, watch=None
):
    """The scores at every position, or the residual stream where a model has no outputs.

    inputs int (..., T), [source int (..., Ts)], [mask bool (..., T, Tk)], [source_mask bool (..., 1, Ts)],
    [segments int (..., T)], [at int ()] -> (..., T, n)

    inputs may be images (..., c, h, w) instead. A decoder with an encoder beside it writes inputs, and the
    encoder reads source. Masks are True where a position may look; that a decoder sees back only goes
    without saying. `at` takes one position, such as -1, and its axis is gone. With a cache, inputs follow on
    what it holds, and source is given with the first of them. `watch` is called with each name above and its
    value, and hands back what goes on in its place.
    """
    run = _Run(model.config, model.parameters, watch or _unwatched)
    if model.config.decoder_layers:
        X = _decode(run, inputs, source, mask, source_mask, cache)
    else:
        X = _encode(run, inputs, mask, segments)
    return run.watch("scores", _unembed(run, X if at is None else X[..., at, :]))


def activations(model, inputs, source=None, **options):
    """What forward gives, and a dict of everything that comes up on the way, by the names above."""
    found = {}

    def keep(name, value):
        found[name] = value.copy()
        return value

    return forward(model, inputs, source, **options, watch=keep), found


def _unwatched(name, value):
    return value


@dataclass(frozen=True)
class _Run:
    """One forward: how the model is built, its parameters, and who watches."""

    config: Config
    parameters: dict[str, np.ndarray]
    watch: Callable

    def linear(self, name, X):
        return _affine(X, self.parameters[f"{name}.W"], self.parameters.get(f"{name}.b"))

    def norm(self, name, X):
        scale = self.parameters[f"{name}.scale"]
        if self.config.norm == "rms":
            return rms_norm(X, scale, self.config.eps)
        return layer_norm(X, scale, self.parameters[f"{name}.shift"], self.config.eps)


def _affine(X, W, b):
    Y = X.reshape(-1, len(W)) @ W  # one product for the whole batch
    if b is not None:
        Y += b
    return Y.reshape(*X.shape[:-1], W.shape[1])


@dataclass(frozen=True)
class _Sight:
    """What the blocks of a stack share: who may look where, and how positions enter the scores."""

    t: np.ndarray  # the positions of the queries, (T)
    bias: np.ndarray | None  # added to the scores, (..., 1 or H, T, Tk)
    index: np.ndarray | None = None  # which of the relative states lies between two positions, (T, T)
    relative: np.ndarray | None = None  # these states, (m, d)


@dataclass(frozen=True)
class _Memory:
    """What the decoder's blocks may ask: keys and values of the encoder's states for each, and who hides."""

    blocks: tuple[tuple[np.ndarray, np.ndarray], ...]
    bias: np.ndarray | None

    def select(self, rows):
        blocks = tuple((K[rows], V[rows]) for K, V in self.blocks)
        return _Memory(blocks, None if self.bias is None else self.bias[rows])


def _encode(run, inputs, mask, segments=None):
    sight = _sight(run, "encoder", inputs, 0, mask)
    if segments is not None:
        check_tokens(segments, run.config.segments, "segment")
    return _stack(run, "encoder", _embed(run, "encoder", inputs, sight.t, segments), sight)


def _decode(run, ids, source, mask, source_mask, cache):
    start = cache.length if cache else 0
    sight = _sight(run, "decoder", ids, start, mask)
    if cache:
        check_length(start + ids.shape[-1], cache.capacity, "cache")
    memory = cache.memory if cache and source is None else None
    if memory is None:
        memory = _remember(run, source, source_mask)
    X = _stack(run, "decoder", _embed(run, "decoder", ids, sight.t), sight, memory, cache)
    if cache:
        cache.memory = memory
        cache.length += ids.shape[-1]
    return X


def _remember(run, source, mask):
    c = run.config
    if (source is None) == bool(c.encoder_layers):
        given = "no source is" if source is None else "a source is"
        raise ValueError(f"{given} given, but {c.encoder_layers} layers of an encoder are there to read it")
    if source is None:
        return None
    check_tokens(source, c.vocabulary)
    if mask is not None:
        check_mask(mask, source.shape[:-1], 1, source.shape[-1])
        mask = np.broadcast_to(mask, (*source.shape[:-1], 1, source.shape[-1]))
    states = _encode(run, source, mask)
    names = [f"decoder.{i}.cross.KV" for i in range(c.decoder_layers)]
    pairs = [split_heads(run.linear(name, states), 2 * c.G) for name in names]  # (..., 2G, Ts, dh)
    return _Memory(tuple(tuple(np.split(KV, 2, axis=-3)) for KV in pairs), _hiding(mask, states.dtype))


def _sight(run, stack, inputs, start, mask):
    """Checks what the stack is to read, before anything is computed."""
    c, p = run.config, run.parameters
    if c.patch:
        check_images(inputs, c)
        batch, T = inputs.shape[:-3], 1 + inputs.shape[-2] * inputs.shape[-1] // c.patch**2
    else:
        check_tokens(inputs, c.vocabulary)
        *batch, T = inputs.shape
    check_length(start + T, c.context, "context of this model")
    t, keys = np.arange(start, start + T), np.arange(start + T)
    if mask is not None:
        check_mask(mask, tuple(batch), T, len(keys))
    if stack == "decoder" and T > 1:
        back = causal_mask(start + T)[start:]  # (T, Tk)
        mask = back if mask is None else back & mask
    if mask is not None:
        check_sight(mask)
    dtype = p[f"{stack}.0.mlp.out.W"].dtype
    bias = _hiding(mask, dtype)
    if c.positions == "relative":
        near = relative_bias(p[f"{stack}.relative.W"], t, keys, c.span, back_only=stack == "decoder")
        bias = near if bias is None else near + bias
    if c.positions == "disentangled":
        index = c.buckets + signed_buckets(outer_difference(t, keys), c.buckets, c.span)
        index = np.clip(index, 0, 2 * c.buckets - 1)
        first, last = index.min(), index.max()
        states = run.norm(f"{stack}.relative.norm", p[f"{stack}.relative.W"][first : last + 1])
        return _Sight(t, bias, index - first, states)
    return _Sight(t, bias)


def _hiding(mask, dtype):
    """What a mask adds to scores: nothing, or so little that softmax gives 0."""
    if mask is None:
        return None
    return np.where(mask, dtype.type(0), np.finfo(dtype).min)[..., None, :, :]


def _embed(run, stack, inputs, t, segments=None):
    c, p = run.config, run.parameters
    if c.patch:
        X = run.linear(f"{stack}.patch", patches(inputs, c.patch).astype(p[f"{stack}.first"].dtype))
        first = np.broadcast_to(p[f"{stack}.first"], (*X.shape[:-2], 1, c.width))
        X = np.concatenate([first, X], axis=-2)
    else:
        X = embed(inputs, p["token.W"])
    if c.scaled_embedding:
        X = X * c.width**0.5
    if c.positions == "learned":
        X = X + p[f"{stack}.position.W"][t]
    if c.positions == "sinusoidal":
        X = X + sinusoidal_positions(t[-1] + 1, c.width)[t].astype(X.dtype)
    if c.segments and stack == "encoder":
        X = X + p[f"{stack}.segment.W"][np.zeros_like(t) if segments is None else segments]
    if c.norm_embedding:
        X = run.norm(f"{stack}.embedding.norm", X)
    return run.watch(f"{stack}.embedding", X)


def _stack(run, stack, X, sight, memory=None, cache=None):
    c = run.config
    for i in range(c.decoder_layers if stack == "decoder" else c.encoder_layers):
        at = f"{stack}.{i}"
        X = _around(run, f"{at}.attention", X, _self_attention, sight, i, cache)
        if memory is not None:
            X = _around(run, f"{at}.cross", X, _cross_attention, *memory.blocks[i], memory.bias)
        X = run.watch(f"{at}.stream", _around(run, f"{at}.mlp", X, _mlp))
    return run.watch(f"{stack}.states", run.norm(f"{stack}.norm", X) if c.norm_first else X)


def _around(run, at, X, layer, *more):
    """The residual stream after a layer has read it and written to it."""
    if run.config.norm_first:
        return X + run.watch(f"{at}.out", layer(run, at, run.norm(f"{at}.norm", X), *more))
    return run.norm(f"{at}.norm", X + run.watch(f"{at}.out", layer(run, at, X, *more)))


def _self_attention(run, at, X, sight, i, cache):
    c = run.config
    heads = split_heads(run.linear(f"{at}.QKV", X), c.heads + 2 * c.G)  # (..., H + 2G, T, dh)
    QK, V = heads[..., : -c.G, :, :], heads[..., -c.G :, :, :]
    if c.positions == "rotary":
        QK = rotary_at(QK, sight.t, c.base)
    Q, K = QK[..., : c.heads, :, :], QK[..., c.heads :, :, :]
    if cache is not None:
        K, V = cache.extend(i, K, V)
    Q, K = run.watch(f"{at}.Q", Q), run.watch(f"{at}.K", K)
    if c.positions != "disentangled":
        return _attend(run, at, Q, K, V, sight.bias)
    Q_R, K_R, _ = np.split(split_heads(run.linear(f"{at}.QKV", sight.relative), 3 * c.heads), 3)  # (H, m, dh)
    return _fetch(run, at, disentangled_scores(Q, K, K_R, Q_R, sight.index), V, sight.bias)


def _cross_attention(run, at, X, K, V, bias):
    Q = run.watch(f"{at}.Q", split_heads(run.linear(f"{at}.Q", X), run.config.heads))
    return _attend(run, at, Q, run.watch(f"{at}.K", K), V, bias)


def _attend(run, at, Q, K, V, bias):
    S = _in_groups(Q / Q.shape[-1] ** 0.5, K.shape[-3]) @ K.mT
    return _fetch(run, at, S.reshape(*Q.shape[:-1], -1), V, bias)


def _fetch(run, at, S, V, bias):
    V = run.watch(f"{at}.V", V)
    if bias is not None:
        S += bias  # these arrays are the largest of all, and another one would cost more than the sum
    S = run.watch(f"{at}.scores", S)  # (..., H, T, Tk)
    P = run.watch(f"{at}.pattern", softmax(S))
    A = (_in_groups(P, V.shape[-3]) @ V).reshape(*P.shape[:-1], -1)
    return run.linear(f"{at}.O", merge_heads(run.watch(f"{at}.heads", A)))


def _in_groups(X, G):
    """Heads that share keys put below one another, as if they were more queries: (..., G, H / G * T, n)."""
    return X.reshape(*X.shape[:-3], G, -1, X.shape[-1])


def _mlp(run, at, X):
    activation = ACTIVATIONS[run.config.activation]
    X = run.linear(f"{at}.in", X)
    if run.config.gated:
        gate, X = np.split(X, 2, axis=-1)
        X = activation(gate) * X
    else:
        X = activation(X)
    return run.linear(f"{at}.out", run.watch(f"{at}.hidden", X))


def _unembed(run, X):
    if not run.config.outputs:
        return X
    W = run.parameters["token.W"].T if run.config.tied else run.parameters["unembed.W"]
    return _affine(X, W, run.parameters.get("unembed.b"))
