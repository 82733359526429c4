"""Models in files: npz and safetensors, read and written."""

import json
import math
import zipfile
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np

from headway.config import Config
from headway.model import Model
from headway.pretrained import from_transformers

CONFIG = "config"
"""Where a file of ours keeps the config: an array of an npz, an entry in the metadata of a safetensors."""

DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "U8": "u1"}


def save(model, path):
    """Writes a model and its config to a file that ends in .npz or .safetensors."""
    path, config = Path(path), json.dumps(asdict(model.config))
    if _ending(path) == ".npz":
        np.savez(path, allow_pickle=False, **{CONFIG: np.array(config)}, **model.parameters)
    else:
        path.write_bytes(_packed(model.parameters, {CONFIG: config}))


def load(path):
    """The model in a file that `save` wrote, in float32.

    Raises ValueError, with what is wrong, for a file that is cut short, that holds something else, or whose
    weights are not those of its config.
    """
    path = Path(path)
    if _ending(path) == ".npz":
        arrays, metadata = _read_npz(path), {}
        metadata = {CONFIG: str(arrays.pop(CONFIG))} if CONFIG in arrays else {}
    else:
        arrays, metadata = read_safetensors(path)
    if CONFIG not in metadata:
        raise ValueError(f"{path} holds no config: was it written by save? load_pretrained reads others")
    settings = json.loads(metadata[CONFIG])
    unknown = settings.keys() - {field.name for field in fields(Config)}
    if unknown:
        raise ValueError(f"{path} says {', '.join(sorted(unknown))}, which no config here has: is it newer?")
    return Model(Config(**settings), _in_float32(arrays))


def load_pretrained(folder):
    """The model in a folder with config.json and model.safetensors, as the transformers package writes it."""
    folder = Path(folder)
    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    arrays, _ = read_safetensors(folder / "model.safetensors")
    return from_transformers(settings, _in_float32(arrays))


def read_safetensors(path):
    """The arrays of a safetensors file by their names, and its metadata.

    The file begins with the length of a header, 8 bytes; the header is JSON, with dtype, shape and place of
    each array in the bytes that follow it.
    """
    data = Path(path).read_bytes()
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 + length:
        raise ValueError(
            f"{path} is cut short: its header should have {length} bytes, and {len(data)} are there"
        )
    try:
        header = json.loads(data[8 : 8 + length])
    except ValueError:
        raise ValueError(f"{path} is no safetensors file: its header is not JSON") from None
    metadata = header.pop("__metadata__", {})
    return {
        name: _unpacked(path, data, 8 + length, name, **entry) for name, entry in header.items()
    }, metadata


def _unpacked(path, data, begin, name, dtype, shape, data_offsets):
    start, end = (begin + offset for offset in data_offsets)
    if dtype not in DTYPES:
        raise ValueError(f"{path}: {name} is {dtype}, expected one of {', '.join(DTYPES)}")
    if end > len(data):
        raise ValueError(f"{path} is cut short: {name} should end at byte {end}, and {len(data)} are there")
    count = math.prod(shape)
    if end - start != count * np.dtype(DTYPES[dtype]).itemsize:
        raise ValueError(
            f"{path}: {name} has {end - start} bytes, which are no {dtype} of shape {tuple(shape)}"
        )
    a = np.frombuffer(data, DTYPES[dtype], count, start).reshape(shape)
    if dtype == "BF16":
        return (a.astype("<u4") << 16).view("<f4")  # the upper half of a float32
    return a


def _packed(arrays, metadata):
    header, offset = {"__metadata__": metadata}, 0
    names = {np.dtype(code): name for name, code in DTYPES.items() if name != "BF16"}
    for name, a in arrays.items():
        place = [offset, offset + a.nbytes]
        header[name] = {"dtype": names[a.dtype], "shape": list(a.shape), "data_offsets": place}
        offset += a.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # arrays begin at a multiple of 8 bytes
    return len(text).to_bytes(8, "little") + text + b"".join(a.tobytes() for a in arrays.values())


def _read_npz(path):
    try:
        with np.load(path, allow_pickle=False) as file:
            return dict(file)
    except (zipfile.BadZipFile, EOFError, ValueError) as problem:
        raise ValueError(f"{path} is no npz file, or was cut short: {problem}") from None


def _in_float32(arrays):
    return {name: np.array(a, np.float32) for name, a in arrays.items() if a.dtype.kind == "f"}


def _ending(path):
    if path.suffix not in (".npz", ".safetensors"):
        raise ValueError(f"{path} ends in {path.suffix or 'nothing'}, expected .npz or .safetensors")
    return path.suffix
