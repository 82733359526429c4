"""Architectures written out: each is what one forward makes of its config, and what others' models give."""

import json
from pathlib import Path

import numpy as np
import pytest
from headway.architectures import decoder_block, gpt, llama_block
from headway.attention import padding_mask
from headway.model import activations, forward
from headway.weights import load_pretrained
from tiny import a_model, some_inputs

LINEAR = ("attention.QKV", "attention.O", "mlp.in", "mlp.out")
ORACLES = Path(__file__).parents[1] / "oracles"


def stacked(parameters, name):
    """One parameter of every layer of a decoder, along a first axis."""
    layers = [key for key in parameters if key.endswith(f".{name}") and key.count(".") > 2]
    return np.stack([parameters[key] for key in layers if key.startswith("decoder.")])


def run_gpt(model, ids):
    """The scores of a model by `gpt`: its parameters, layer upon layer."""
    p = model.parameters
    linear = [stacked(p, f"{at}.{kind}") for at in LINEAR for kind in "Wb"]
    norms = [
        np.stack([stacked(p, f"{at}.norm.{kind}") for at in ("attention", "mlp")], axis=1)
        for kind in ("scale", "shift")
    ]
    last = [p["decoder.norm.scale"], p["decoder.norm.shift"]]
    return gpt(ids, p["token.W"], p["decoder.position.W"], *linear, *norms, *last, model.config.heads)


@pytest.mark.parametrize("batch", [(), (2,), (2, 3)])
@pytest.mark.parametrize("layers", [1, 2, 5])
def test_gpt_is_one_forward_of_a_gpt_2(layers, batch):
    model = a_model("gpt-2", decoder_layers=layers)
    ids = some_inputs("gpt-2", batch=batch)["inputs"]
    ours, theirs = run_gpt(model, ids), forward(model, ids)
    assert (ours.dtype, ours.shape) == (np.float32, (*batch, 7, 17))
    np.testing.assert_allclose(ours, theirs, atol=2e-5 * np.abs(theirs).max())


def test_gpt_gives_what_gpt_2_gave_in_the_transformers_package(tmp_path):
    with np.load(ORACLES / "transformers.npz", allow_pickle=False) as stored:
        settings, file = json.loads(str(stored["gpt2/settings"])), stored["gpt2/file"].tobytes()
        ids, theirs = stored["gpt2/in/inputs"], stored["gpt2/out"]
    (tmp_path / "config.json").write_text(json.dumps(settings))
    (tmp_path / "model.safetensors").write_bytes(file)
    ours = run_gpt(load_pretrained(tmp_path), ids)
    assert (ours.dtype, ours.shape) == (np.float32, theirs.shape)
    assert np.abs(ours - theirs).max() <= 1e-5 * np.abs(theirs).max()


def test_what_comes_later_does_not_change_the_scores_before_it():
    model, ids = a_model("gpt-2"), some_inputs("gpt-2")["inputs"]
    other = ids.copy()
    other[:, 4:] = (ids[:, 4:] + 1) % 17
    before, after = run_gpt(model, ids), run_gpt(model, other)
    np.testing.assert_allclose(before[:, :4], after[:, :4], rtol=1e-5, atol=1e-5)
    assert np.abs(before[:, 4:] - after[:, 4:]).max() > 0.1


def test_llama_block_is_one_layer_of_a_llama():
    model = a_model("llama", eps=1e-6)
    _, found = activations(model, some_inputs("llama")["inputs"])
    c, p, X = model.config, model.parameters, found["decoder.embedding"]
    for i in range(c.decoder_layers):
        at = f"decoder.{i}"
        W_Q, W_K, W_V = split_columns(p[f"{at}.attention.QKV.W"], c.heads * c.dh, c.G * c.dh)
        W_gate, W_in = np.split(p[f"{at}.mlp.in.W"], 2, axis=-1)
        W = (W_Q, W_K, W_V, p[f"{at}.attention.O.W"], W_gate, W_in, p[f"{at}.mlp.out.W"])
        scale = np.stack([p[f"{at}.attention.norm.scale"], p[f"{at}.mlp.norm.scale"]])
        ours, X = llama_block(X, *W, scale, c.heads, c.G), found[f"{at}.stream"]
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, X, atol=1e-5 * np.abs(X).max())


@pytest.mark.parametrize("padded", [False, True])
def test_decoder_block_is_one_layer_of_the_transformer_of_vaswani_et_al(padded):
    model = a_model("vaswani", encoder_layers=1)
    for name, a in model.parameters.items():
        if ".attention." in name or ".cross." in name:
            a[...] = a if name.endswith((".W", ".scale", ".shift")) else 0  # their projections have no biases
    inputs = some_inputs("vaswani")
    mask = padding_mask(np.array([9, 5]), 9) if padded else None
    _, found = activations(model, **inputs, source_mask=mask)
    c, p, X, C = model.config, model.parameters, found["decoder.embedding"], found["encoder.states"]
    for i in range(c.decoder_layers):
        at = f"decoder.{i}"
        own = np.split(p[f"{at}.attention.QKV.W"], 3, axis=-1)
        asking = [p[f"{at}.cross.Q.W"], *np.split(p[f"{at}.cross.KV.W"], 2, axis=-1)]
        W = [*own, p[f"{at}.attention.O.W"], *asking, p[f"{at}.cross.O.W"]]
        W += [p[f"{at}.mlp.{part}"] for part in ("in.W", "in.b", "out.W", "out.b")]
        norms = [
            np.stack([p[f"{at}.{part}.norm.{kind}"] for part in ("attention", "cross", "mlp")])
            for kind in ("scale", "shift")
        ]
        ours, X = decoder_block(X, C, *W, *norms, c.heads, mask), found[f"{at}.stream"]
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, X, atol=1e-5 * np.abs(X).max())


def split_columns(W, queries, keys):
    return np.split(W, [queries, queries + keys], axis=-1)
