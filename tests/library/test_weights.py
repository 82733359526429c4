"""Models in files, written and read, and what is said of files that are broken."""

import json
import struct

import numpy as np
import pytest
from headway.config import Config
from headway.model import forward
from headway.pretrained import from_transformers
from headway.weights import load, read_safetensors, save
from tiny import CONFIGS, a_model, some_inputs

ENDINGS = ("npz", "safetensors")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", CONFIGS)
def test_what_was_saved_is_loaded(tmp_path, name, ending):
    model, file = a_model(name), tmp_path / f"model.{ending}"
    save(model, file)
    again = load(file)
    assert again.config == model.config
    assert again.parameters.keys() == model.parameters.keys()
    for key, a in model.parameters.items():
        np.testing.assert_array_equal(again.parameters[key], a, strict=True)
        assert again.parameters[key].flags.writeable
    np.testing.assert_array_equal(
        forward(again, **some_inputs(name)), forward(model, **some_inputs(name)), strict=True
    )


def a_file(tmp_path, arrays, metadata=None):
    """A safetensors file by the book: (dtype, shape, bytes) of each array."""
    header, body = {"__metadata__": metadata} if metadata else {}, b""
    for name, (dtype, shape, data) in arrays.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    file = tmp_path / "by_the_book.safetensors"
    file.write_bytes(struct.pack("<Q", len(text)) + text + body)
    return file


def test_every_kind_of_number_is_read(tmp_path):
    numbers = [1.5, -2.0, 0.0, 0.15625]
    brain = struct.pack("<4H", *(struct.unpack("<I", struct.pack("<f", x))[0] >> 16 for x in numbers))
    arrays = {
        "half": ("F16", [2, 2], struct.pack("<4e", *numbers)),
        "brain": ("BF16", [2, 2], brain),
        "single": ("F32", [4], struct.pack("<4f", *numbers)),
        "double": ("F64", [4, 1], struct.pack("<4d", *numbers)),
        "whole": ("I64", [], struct.pack("<q", -7)),
        "none": ("F32", [0, 3], b""),
    }
    found, metadata = read_safetensors(a_file(tmp_path, arrays, {"format": "pt"}))
    assert metadata == {"format": "pt"}
    for name in ("half", "brain", "single", "double"):
        assert found[name].ravel().tolist() == numbers
        assert list(found[name].shape) == arrays[name][1]
    assert found["whole"] == -7
    assert found["none"].shape == (0, 3)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 0.999])
def test_a_file_that_is_cut_short_is_named(tmp_path, ending, share):
    file = tmp_path / f"model.{ending}"
    save(a_model("gpt-2"), file)
    data = file.read_bytes()
    file.write_bytes(data[: int(share * len(data))])
    with pytest.raises(ValueError, match=rf"model.{ending}.* cut short"):
        load(file)


def test_files_that_hold_something_else_are_named(tmp_path):
    text = tmp_path / "text.safetensors"
    text.write_bytes(struct.pack("<Q", 5) + b"hello world")
    with pytest.raises(ValueError, match="its header is not JSON"):
        load(text)
    with pytest.raises(ValueError, match=r"W is F8_E4M3, expected one of F64, F32"):
        read_safetensors(a_file(tmp_path, {"W": ("F8_E4M3", [2], b"12")}))
    with pytest.raises(ValueError, match=r"W has 2 bytes, which are no F32 of shape \(2,\)"):
        read_safetensors(a_file(tmp_path, {"W": ("F32", [2], b"12")}))
    with pytest.raises(ValueError, match="holds no config"):
        load(a_file(tmp_path, {"W": ("F32", [1], b"1234")}))
    np.savez(tmp_path / "arrays.npz", W=np.ones(3))
    with pytest.raises(ValueError, match="holds no config"):
        load(tmp_path / "arrays.npz")
    with pytest.raises(ValueError, match=r"ends in .pt, expected .npz or .safetensors"):
        load(tmp_path / "model.pt")


@pytest.mark.parametrize("ending", ENDINGS)
def test_weights_that_are_not_numbers_are_named(tmp_path, ending):
    model, file = a_model("gpt-2"), tmp_path / f"model.{ending}"
    model.parameters["decoder.0.attention.O.W"][2, 5] = np.nan
    save(model, file)
    with pytest.raises(ValueError, match=r"decoder.0.attention.O.W holds 1 numbers .* at \(2, 5\) it is nan"):
        load(file)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_object_in_a_file_is_never_unpickled(tmp_path, ending):
    file = tmp_path / f"model.{ending}"
    with file.open("wb") as stream:
        np.savez(stream, config=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match=r"npz|header"):
        load(file)


def test_models_that_ours_cannot_be_are_named():
    with pytest.raises(ValueError, match="model_type is 'mamba', expected one of gpt2, llama"):
        from_transformers({"model_type": "mamba"}, {})
    with pytest.raises(ValueError, match="have the 'n_embd' of a gpt2"):
        from_transformers({"model_type": "gpt2"}, {})
    with pytest.raises(ValueError, match="scale_attn_by_inverse_layer_idx is True, and only False is known"):
        from_transformers({"model_type": "gpt2", "scale_attn_by_inverse_layer_idx": True}, {})


def test_a_config_of_a_later_version_is_not_half_read(tmp_path):
    model = a_model("gpt-2")
    arrays = {**model.parameters, "config": np.array(json.dumps({"width": 12, "flavour": "lime"}))}
    np.savez(tmp_path / "model.npz", **arrays)
    with pytest.raises(ValueError, match="flavour"):
        load(tmp_path / "model.npz")
    assert Config.__dataclass_params__.frozen
