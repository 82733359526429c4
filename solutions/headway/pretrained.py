"""Models as the transformers package stores them, brought into the layout of headway.model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from headway.config import Config
from headway.model import Model

ACTIVATIONS = {"gelu": "gelu", "gelu_new": "gelu_tanh", "silu": "silu", "relu": "relu"}
PREFIXES = ("transformer.", "model.", "bert.", "deberta.", "vit.")
"""What names begin with where a model has a head for scores; without one they do not."""


def from_transformers(settings, arrays):
    """The model that a config.json (as a dict) and the arrays of its model.safetensors describe.

    Raises ValueError for a kind of model that is none of KINDS, and for settings that ours does not know.
    """
    kind = settings.get("model_type")
    if kind not in KINDS:
        raise ValueError(f"model_type is {kind!r}, expected one of {', '.join(KINDS)}")
    describe, rename = KINDS[kind]
    theirs = _Theirs(settings, {_without_prefix(name): a for name, a in arrays.items()})
    try:
        config = describe(settings, theirs)
        parameters = {name: np.ascontiguousarray(a) for name, a in rename(config, theirs)}
    except KeyError as missing:
        raise ValueError(f"neither the settings nor the arrays have the {missing} of a {kind}") from None
    return Model(config, parameters)


def _without_prefix(name):
    return next((name.removeprefix(prefix) for prefix in PREFIXES if name.startswith(prefix)), name)


def _refuse(settings, **expected):
    """Raises ValueError where a setting has a value for which ours has no choice."""
    for name, value in expected.items():
        if settings.get(name, value) != value:
            raise ValueError(f"{name} is {settings[name]!r}, and only {value!r} is known here")


@dataclass(frozen=True)
class _Theirs:
    """Settings and arrays under their names; layers keep their matrices as (out, in)."""

    settings: Mapping
    arrays: Mapping[str, np.ndarray]

    def linear(self, ours, *names) -> Iterable[tuple[str, np.ndarray]]:
        """One layer of ours from several of theirs, side by side."""
        yield f"{ours}.W", np.concatenate([self.arrays[f"{name}.weight"].T for name in names], axis=1)
        if f"{names[0]}.bias" in self.arrays:
            yield f"{ours}.b", np.concatenate([self.arrays[f"{name}.bias"] for name in names])

    def norm(self, ours, name):
        yield f"{ours}.scale", self.arrays[f"{name}.weight"]
        if f"{name}.bias" in self.arrays:
            yield f"{ours}.shift", self.arrays[f"{name}.bias"]

    def self_attention(self, ours, name, parts):
        """Queries, keys and values as one layer, and what follows the heads."""
        q, k, v, o = (f"{name}.{part}" for part in parts)
        yield from self.linear(f"{ours}.QKV", q, k, v)
        yield from self.linear(f"{ours}.O", o)

    def cross_attention(self, ours, name, parts):
        q, k, v, o = (f"{name}.{part}" for part in parts)
        yield from self.linear(f"{ours}.Q", q)
        yield from self.linear(f"{ours}.KV", k, v)
        yield from self.linear(f"{ours}.O", o)


def _sizes(s):
    """How large a model is, as most kinds say it."""
    return {"width": s["hidden_size"], "heads": s["num_attention_heads"], "hidden": s["intermediate_size"]}


def _classes(theirs):
    """What a classifier on top gives, if there is one."""
    return {
        "outputs": len(theirs.arrays.get("classifier.weight", ())),
        "output_bias": "classifier.bias" in theirs.arrays,
    }


PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj")


def _gpt2(s, theirs):
    _refuse(s, scale_attn_weights=True, scale_attn_by_inverse_layer_idx=False, add_cross_attention=False)
    return Config(
        width=s["n_embd"],
        heads=s["n_head"],
        hidden=s.get("n_inner") or 4 * s["n_embd"],
        decoder_layers=s["n_layer"],
        vocabulary=s["vocab_size"],
        context=s["n_positions"],
        outputs=s["vocab_size"],
        tied=True,
        eps=s["layer_norm_epsilon"],
        activation=ACTIVATIONS[s["activation_function"]],
    )


def _gpt2_parameters(c, theirs):
    yield "token.W", theirs.arrays["wte.weight"]
    yield "decoder.position.W", theirs.arrays["wpe.weight"]
    for i in range(c.decoder_layers):
        at, name = f"decoder.{i}", f"h.{i}"
        yield from theirs.norm(f"{at}.attention.norm", f"{name}.ln_1")
        yield from theirs.norm(f"{at}.mlp.norm", f"{name}.ln_2")
        for ours, layer in (
            ("attention.QKV", "attn.c_attn"),
            ("attention.O", "attn.c_proj"),
            ("mlp.in", "mlp.c_fc"),
            ("mlp.out", "mlp.c_proj"),
        ):
            yield f"{at}.{ours}.W", theirs.arrays[f"{name}.{layer}.weight"]  # as (in, out), here alone
            yield f"{at}.{ours}.b", theirs.arrays[f"{name}.{layer}.bias"]
    yield from theirs.norm("decoder.norm", "ln_f")


def _llama(s, theirs):
    rotation = s.get("rope_parameters") or {"rope_theta": s.get("rope_theta", 10_000.0)}
    _refuse(rotation, rope_type="default")
    _refuse(s, rope_scaling=None, mlp_bias=False, attention_bias=False)
    return Config(
        **_sizes(s),
        groups=s["num_key_value_heads"],
        head_width=s.get("head_dim") or 0,
        decoder_layers=s["num_hidden_layers"],
        vocabulary=s["vocab_size"],
        context=s["max_position_embeddings"],
        outputs=s["vocab_size"],
        tied=s["tie_word_embeddings"],
        positions="rotary",
        base=rotation["rope_theta"],
        norm="rms",
        eps=s["rms_norm_eps"],
        activation=ACTIVATIONS[s["hidden_act"]],
        gated=True,
        bias=False,
    )


def _llama_parameters(c, theirs):
    yield "token.W", theirs.arrays["embed_tokens.weight"]
    # Theirs turns component i with i + dh/2, ours with its neighbour.
    pairs = np.arange(c.dh).reshape(2, -1).T.ravel()
    turned = (c.dh * np.arange(c.heads + c.G)[:, None] + pairs).ravel()
    columns = np.concatenate([turned, np.arange(len(turned), len(turned) + c.G * c.dh)])
    for i in range(c.decoder_layers):
        at, name = f"decoder.{i}", f"layers.{i}"
        yield from theirs.norm(f"{at}.attention.norm", f"{name}.input_layernorm")
        (QKV, W), *rest = theirs.self_attention(f"{at}.attention", f"{name}.self_attn", PROJECTIONS)
        yield QKV, W[:, columns]
        yield from rest
        yield from theirs.norm(f"{at}.mlp.norm", f"{name}.post_attention_layernorm")
        yield from theirs.linear(f"{at}.mlp.in", f"{name}.mlp.gate_proj", f"{name}.mlp.up_proj")
        yield from theirs.linear(f"{at}.mlp.out", f"{name}.mlp.down_proj")
    yield from theirs.norm("decoder.norm", "norm")
    if not c.tied:
        yield from theirs.linear("unembed", "lm_head")


def _bert(s, theirs):
    return Config(
        **_sizes(s),
        encoder_layers=s["num_hidden_layers"],
        vocabulary=s["vocab_size"],
        context=s["max_position_embeddings"],
        **_classes(theirs),
        segments=s["type_vocab_size"],
        norm_first=False,
        norm_embedding=True,
        eps=s["layer_norm_eps"],
        activation=ACTIVATIONS[s["hidden_act"]],
    )


def _bert_parameters(c, theirs):
    yield from _bert_embedding(c, theirs)
    yield "encoder.position.W", theirs.arrays["embeddings.position_embeddings.weight"]
    yield from _bert_blocks(c, theirs, ("self.query", "self.key", "self.value"))


def _bert_embedding(c, theirs):
    yield "token.W", theirs.arrays["embeddings.word_embeddings.weight"]
    if c.segments:
        yield "encoder.segment.W", theirs.arrays["embeddings.token_type_embeddings.weight"]
    yield from theirs.norm("encoder.embedding.norm", "embeddings.LayerNorm")


def _bert_blocks(c, theirs, parts):
    for i in range(c.encoder_layers):
        at, name = f"encoder.{i}", f"encoder.layer.{i}"
        yield from theirs.self_attention(f"{at}.attention", f"{name}.attention", (*parts, "output.dense"))
        yield from theirs.norm(f"{at}.attention.norm", f"{name}.attention.output.LayerNorm")
        yield from theirs.linear(f"{at}.mlp.in", f"{name}.intermediate.dense")
        yield from theirs.linear(f"{at}.mlp.out", f"{name}.output.dense")
        yield from theirs.norm(f"{at}.mlp.norm", f"{name}.output.LayerNorm")
    if c.outputs:
        yield from theirs.linear("unembed", "classifier")


def _deberta(s, theirs):
    _refuse(s, relative_attention=True, share_att_key=True, position_biased_input=False, conv_kernel_size=0)
    if sorted(s["pos_att_type"]) != ["c2p", "p2c"] or s.get("norm_rel_ebd") != "layer_norm":
        raise ValueError("DeBERTa is known here with c2p and p2c, and a layer norm on relative positions")
    span = s["max_relative_positions"]
    return Config(
        **_sizes(s),
        encoder_layers=s["num_hidden_layers"],
        vocabulary=s["vocab_size"],
        context=s["max_position_embeddings"],
        **_classes(theirs),
        segments=s["type_vocab_size"],
        positions="disentangled",
        buckets=s["position_buckets"],
        span=span if span > 0 else s["max_position_embeddings"],
        norm_first=False,
        norm_embedding=True,
        eps=s["layer_norm_eps"],
        activation=ACTIVATIONS[s["hidden_act"]],
    )


def _deberta_parameters(c, theirs):
    yield from _bert_embedding(c, theirs)
    yield "encoder.relative.W", theirs.arrays["encoder.rel_embeddings.weight"]
    yield from theirs.norm("encoder.relative.norm", "encoder.LayerNorm")
    yield from _bert_blocks(c, theirs, ("self.query_proj", "self.key_proj", "self.value_proj"))


def _bart(s, theirs):
    for one in ("attention_heads", "ffn_dim"):
        _refuse(s, **{f"decoder_{one}": s[f"encoder_{one}"]})
    return Config(
        width=s["d_model"],
        heads=s["encoder_attention_heads"],
        hidden=s["encoder_ffn_dim"],
        encoder_layers=s["encoder_layers"],
        decoder_layers=s["decoder_layers"],
        vocabulary=s["vocab_size"],
        context=s["max_position_embeddings"],
        outputs=s["vocab_size"],
        output_bias=True,
        tied=True,
        norm_first=False,
        norm_embedding=True,
        activation=ACTIVATIONS[s["activation_function"]],
        scaled_embedding=s["scale_embedding"],
    )


def _bart_parameters(c, theirs):
    parts = ("q_proj", "k_proj", "v_proj", "out_proj")
    yield "token.W", theirs.arrays["shared.weight"]
    yield "unembed.b", theirs.arrays["final_logits_bias"][0]
    for stack, layers in (("encoder", c.encoder_layers), ("decoder", c.decoder_layers)):
        yield f"{stack}.position.W", theirs.arrays[f"{stack}.embed_positions.weight"][2:]  # two are unused
        yield from theirs.norm(f"{stack}.embedding.norm", f"{stack}.layernorm_embedding")
        for i in range(layers):
            at, name = f"{stack}.{i}", f"{stack}.layers.{i}"
            yield from theirs.self_attention(f"{at}.attention", f"{name}.self_attn", parts)
            yield from theirs.norm(f"{at}.attention.norm", f"{name}.self_attn_layer_norm")
            if stack == "decoder":
                yield from theirs.cross_attention(f"{at}.cross", f"{name}.encoder_attn", parts)
                yield from theirs.norm(f"{at}.cross.norm", f"{name}.encoder_attn_layer_norm")
            yield from theirs.linear(f"{at}.mlp.in", f"{name}.fc1")
            yield from theirs.linear(f"{at}.mlp.out", f"{name}.fc2")
            yield from theirs.norm(f"{at}.mlp.norm", f"{name}.final_layer_norm")


def _t5(s, theirs):
    gate, _, activation = s["feed_forward_proj"].rpartition("-")
    return Config(
        width=s["d_model"],
        heads=s["num_heads"],
        head_width=s["d_kv"],
        hidden=s["d_ff"],
        encoder_layers=s["num_layers"],
        decoder_layers=s["num_decoder_layers"],
        vocabulary=s["vocab_size"],
        outputs=s["vocab_size"],
        positions="relative",
        buckets=s["relative_attention_num_buckets"],
        span=s["relative_attention_max_distance"],
        norm="rms",
        eps=s["layer_norm_epsilon"],
        activation="gelu_tanh" if gate and activation == "gelu" else ACTIVATIONS[activation],
        gated=bool(gate),
        bias=False,
    )


def _t5_parameters(c, theirs):
    parts, a = "qkvo", theirs.arrays
    yield "token.W", a["shared.weight"]
    # Theirs divides no score by √dh, and ours does; queries that are larger make up for it.
    grown = np.float32(c.dh**0.5)
    for stack, layers in (("encoder", c.encoder_layers), ("decoder", c.decoder_layers)):
        first = f"{stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight"
        yield f"{stack}.relative.W", a[first]
        for i in range(layers):
            at, name = f"{stack}.{i}", f"{stack}.block.{i}.layer"
            (QKV, W), *rest = theirs.self_attention(f"{at}.attention", f"{name}.0.SelfAttention", parts)
            W[:, : c.heads * c.dh] *= grown
            yield from [(QKV, W), *rest]
            yield from theirs.norm(f"{at}.attention.norm", f"{name}.0.layer_norm")
            if stack == "decoder":
                (Q, W), *rest = theirs.cross_attention(f"{at}.cross", f"{name}.1.EncDecAttention", parts)
                yield from [(Q, W * grown), *rest]
                yield from theirs.norm(f"{at}.cross.norm", f"{name}.1.layer_norm")
            last = f"{name}.{2 if stack == 'decoder' else 1}"
            layer = f"{last}.DenseReluDense"
            yield from theirs.linear(
                f"{at}.mlp.in", *([f"{layer}.wi_0", f"{layer}.wi_1"] if c.gated else [f"{layer}.wi"])
            )
            yield from theirs.linear(f"{at}.mlp.out", f"{layer}.wo")
            yield from theirs.norm(f"{at}.mlp.norm", f"{last}.layer_norm")
        yield from theirs.norm(f"{stack}.norm", f"{stack}.final_layer_norm")
    W = a.get("lm_head.weight", a["shared.weight"]).T
    s = theirs.settings
    scaled = s.get("scale_decoder_outputs", s.get("tie_word_embeddings", True))
    yield "unembed.W", W * np.float32(c.width**-0.5) if scaled else W


def _vit(s, theirs):
    _refuse(s, qkv_bias=True)
    return Config(
        **_sizes(s),
        encoder_layers=s["num_hidden_layers"],
        context=1 + (s["image_size"] // s["patch_size"]) ** 2,
        **_classes(theirs),
        patch=s["patch_size"],
        channels=s["num_channels"],
        eps=s["layer_norm_eps"],
        activation=ACTIVATIONS[s["hidden_act"]],
    )


def _vit_parameters(c, theirs):
    a = theirs.arrays
    W = a["embeddings.patch_embeddings.projection.weight"]  # (d, c, p, p)
    yield "encoder.patch.W", W.reshape(len(W), -1).T
    yield "encoder.patch.b", a["embeddings.patch_embeddings.projection.bias"]
    yield "encoder.first", a["embeddings.cls_token"].ravel()
    yield "encoder.position.W", a["embeddings.position_embeddings"][0]
    parts = ("attention.query", "attention.key", "attention.value", "output.dense")
    for i in range(c.encoder_layers):
        at, name = f"encoder.{i}", f"encoder.layer.{i}"
        yield from theirs.norm(f"{at}.attention.norm", f"{name}.layernorm_before")
        yield from theirs.self_attention(f"{at}.attention", f"{name}.attention", parts)
        yield from theirs.norm(f"{at}.mlp.norm", f"{name}.layernorm_after")
        yield from theirs.linear(f"{at}.mlp.in", f"{name}.intermediate.dense")
        yield from theirs.linear(f"{at}.mlp.out", f"{name}.output.dense")
    yield from theirs.norm("encoder.norm", "layernorm")
    if c.outputs:
        yield from theirs.linear("unembed", "classifier")


KINDS = {
    "gpt2": (_gpt2, _gpt2_parameters),
    "llama": (_llama, _llama_parameters),
    "bert": (_bert, _bert_parameters),
    "deberta-v2": (_deberta, _deberta_parameters),
    "bart": (_bart, _bart_parameters),
    "t5": (_t5, _t5_parameters),
    "vit": (_vit, _vit_parameters),
}
"""By model_type: how our config follows from their settings, and our parameters from their arrays."""
