"""Whole models against what torch and the transformers package gave once; make_transformers.py stores it."""

import json
from pathlib import Path

import numpy as np
import pytest
from headway.attention import padding_mask
from headway.config import Config
from headway.model import Model, forward
from headway.weights import load_pretrained

NAMES = (
    *("gpt2", "llama", "llama-tied", "bert", "bert-classifier", "deberta-v2"),
    *("bart", "t5", "t5-gated", "vit"),
)


@pytest.fixture(scope="module")
def stored():
    with np.load(Path(__file__).with_name("transformers.npz"), allow_pickle=False) as file:
        return dict(file)


@pytest.fixture
def model_of(stored, tmp_path):
    def load(name):
        (tmp_path / "config.json").write_text(str(stored[f"{name}/settings"]))
        (tmp_path / "model.safetensors").write_bytes(stored[f"{name}/file"].tobytes())
        return load_pretrained(tmp_path)

    return load


def asked(stored, name):
    """Inputs under the names of forward, and which positions the padding of an encoder leaves."""
    inputs = {key.rpartition("/")[2]: a for key, a in stored.items() if key.startswith(f"{name}/in/")}
    kept = np.ones(inputs["inputs"].shape[:2], dtype=bool)
    lengths = inputs.pop("lengths", None)
    if lengths is not None:
        reader = "source" if "source" in inputs else "inputs"
        mask = padding_mask(lengths, inputs[reader].shape[-1])
        inputs["source_mask" if reader == "source" else "mask"] = mask
        kept = kept if reader == "source" else mask[:, 0]
    return inputs, kept


@pytest.mark.parametrize("name", NAMES)
def test_a_model_gives_what_the_same_weights_gave_there(stored, model_of, name):
    model, (inputs, kept) = model_of(name), asked(stored, name)
    theirs = stored[f"{name}/out"]
    ours = forward(model, **inputs, at=0 if name == "vit" else None)
    assert (ours.dtype, ours.shape) == (np.float32, theirs.shape)
    if name != "vit":
        ours, theirs = ours[kept], theirs[kept]
    assert np.abs(ours - theirs).max() <= 1e-5 * np.abs(theirs).max()


def test_the_transformer_of_vaswani_et_al_gives_what_layers_of_torch_gave(stored):
    root = "vaswani/weights/"
    parameters = {key.removeprefix(root): a for key, a in stored.items() if key.startswith(root)}
    config = Config(
        width=16,
        heads=4,
        hidden=20,
        encoder_layers=2,
        decoder_layers=2,
        vocabulary=61,
        outputs=61,
        tied=True,
        positions="sinusoidal",
        norm_first=False,
        activation="relu",
        scaled_embedding=True,
    )
    inputs, _ = asked(stored, "vaswani")
    ours, theirs = forward(Model(config, parameters), **inputs), stored["vaswani/out"]
    assert (ours.dtype, ours.shape) == (np.float32, theirs.shape)
    assert np.abs(ours - theirs).max() <= 1e-5 * np.abs(theirs).max()


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_of_the_stored_model_has_a_say(stored, model_of, name):
    """A model that ignored one would agree with theirs by chance only if theirs ignored it too."""
    model, (inputs, _) = model_of(name), asked(stored, name)
    inputs["at"] = 0 if name == "vit" else None
    before = forward(model, **inputs)
    for parameter, a in model.parameters.items():
        was = a.copy()
        a += np.random.default_rng(0).normal(size=a.shape).astype(np.float32)
        assert np.abs(forward(model, **inputs) - before).max() > 1e-4, parameter
        a[...] = was


def test_models_of_all_kinds_and_the_versions_that_gave_them_are_stored(stored):
    kinds = {json.loads(str(stored[f"{name}/settings"]))["model_type"] for name in NAMES}
    assert kinds == {"gpt2", "llama", "bert", "deberta-v2", "bart", "t5", "vit"}
    versions = {key.rpartition("/")[2] for key in stored if key.startswith("versions/")}
    assert versions == {"torch", "transformers", "numpy", "python"}
