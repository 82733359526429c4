"""Models in GGUF files, as llama.cpp keeps them: weights of a few bits each, and the tokenizer beside them.

A file begins with GGUF, a version, and how many arrays and settings follow. A setting is name, type, value;
an array is name, sizes with the last axis first, type, and its place in the bytes at the end.
"""

import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headway.config import Config
from headway.model import Model

VERSIONS = (2, 3)
NUMBERS = dict(zip((*range(8), 10, 11, 12), "BbHhIif?Qqd", strict=True))
"""The types of settings that are numbers, under the letters of struct."""
TEXT, LIST = 8, 9


@dataclass(frozen=True)
class Kind:
    """How numbers lie in a file: `count` in a block, and what makes float32 (n, count) of n blocks."""

    name: str
    count: int
    block: np.dtype
    unpacked: Callable[[np.ndarray], np.ndarray]


def _plain(name, code):
    return Kind(name, 1, np.dtype([("number", code)]), lambda blocks: blocks["number"][:, None])


def _halves(packed):
    """The numbers of 4 bits, two in a byte: the lower halves of a block come first."""
    return np.concatenate([packed & 15, packed >> 4], axis=-1)


def _q4_0(blocks):
    return blocks["scale"].astype("f4") * (_halves(blocks["packed"]).astype("f4") - 8)


def _q4_1(blocks):
    return blocks["scale"].astype("f4") * _halves(blocks["packed"]) + blocks["least"].astype("f4")


def _q8_0(blocks):
    return blocks["scale"].astype("f4") * blocks["packed"]


_SCALE, _LEAST = ("scale", "<f2", 1), ("least", "<f2", 1)
KINDS = {
    0: _plain("F32", "<f4"),
    1: _plain("F16", "<f2"),
    2: Kind("Q4_0", 32, np.dtype([_SCALE, ("packed", "u1", 16)]), _q4_0),
    3: Kind("Q4_1", 32, np.dtype([_SCALE, _LEAST, ("packed", "u1", 16)]), _q4_1),
    8: Kind("Q8_0", 32, np.dtype([_SCALE, ("packed", "i1", 32)]), _q8_0),
}
"""By the number of its type."""


@dataclass(frozen=True)
class _Entry:
    """An array that the file announces."""

    name: str
    shape: tuple[int, ...]
    kind: Kind
    start: int

    @property
    def blocks(self):
        return math.prod(self.shape) // self.kind.count


class _Arrays(Mapping):
    """The arrays of a file by their names, in float32; each is unpacked anew, since all need much room."""

    def __init__(self, path, data, begin, entries):
        self._path, self._data, self._begin = path, data, begin
        self._entries = {entry.name: entry for entry in entries}

    def __getitem__(self, name):
        entry = self._entries[name]
        blocks = np.frombuffer(self._data, entry.kind.block, entry.blocks, self._begin + entry.start)
        a = entry.kind.unpacked(blocks).astype(np.float32, copy=False).reshape(entry.shape)
        finite = np.isfinite(a)
        if not finite.all():
            place = tuple(map(int, np.argwhere(~finite)[0]))
            said = f"holds numbers that are not finite: at {place} it is {a[place]}"
            raise ValueError(f"{self._path}: {name} {said}")
        return a

    def __iter__(self):
        return iter(self._entries)

    def __len__(self):
        return len(self._entries)


@dataclass(frozen=True)
class Gguf:
    """What is in a file: the settings by name, and the arrays, which are unpacked when they are asked for."""

    path: Path
    settings: dict[str, object]
    arrays: Mapping[str, np.ndarray]

    def setting(self, name):
        """A setting that must be there; raises ValueError if it is not."""
        if name not in self.settings:
            raise ValueError(f"{self.path} does not say {name}, which its model needs")
        return self.settings[name]


def read_gguf(path):
    """The settings and arrays of a GGUF file.

    Raises ValueError, with the name of the array, for a file that is cut short or damaged and for types of
    weights that are none of KINDS, before any is unpacked; and once one is, for numbers that are not finite.
    """
    path = Path(path)
    cursor = _Cursor(path, path.read_bytes())
    if cursor.data[:4] != b"GGUF":
        raise ValueError(f"{path} is no GGUF file: it begins with {cursor.data[:4]!r}")
    cursor.place = 4
    version, arrays, settings = cursor.numbers("I", 1)[0], *cursor.numbers("Q", 2)
    if version not in VERSIONS:
        raise ValueError(f"{path} has version {version} of GGUF, expected one of {VERSIONS}")
    settings = {cursor.text(): cursor.value(cursor.number("I")) for _ in range(settings)}
    entries = [_entry(cursor) for _ in range(arrays)]
    alignment = settings.get("general.alignment", 32)
    if not isinstance(alignment, int) or alignment < 1:
        raise ValueError(f"{path} is damaged: its arrays begin at multiples of {alignment!r}")
    begin = -(-cursor.place // alignment) * alignment
    for entry in entries:
        _check_place(path, entry, begin, len(cursor.data))
    return Gguf(path, settings, _Arrays(path, cursor.data, begin, entries))


@dataclass
class _Cursor:
    """A place in the bytes of a file, which moves on as they are read."""

    path: Path
    data: bytes
    place: int = 0

    def take(self, size):
        start, self.place = self.place, self.place + size
        if self.place > len(self.data):
            raise ValueError(
                f"{self.path} is cut short, or damaged: its header goes on to byte {self.place}, "
                f"and {len(self.data)} are there"
            )
        return self.data[start : self.place]

    def numbers(self, code, count):
        return struct.unpack(f"<{count}{code}", self.take(count * struct.calcsize(f"<{code}")))

    def number(self, code):
        return self.numbers(code, 1)[0]

    def text(self):
        return self.take(self.number("Q")).decode("utf-8", "replace")

    def value(self, kind):
        if kind == LIST:
            return self.values(self.number("I"), self.number("Q"))
        return self.values(kind, 1)[0]

    def values(self, kind, count):
        if kind == TEXT:
            return tuple(self.text() for _ in range(count))
        if kind not in NUMBERS:
            raise ValueError(f"{self.path} is damaged: at byte {self.place} is a setting of type {kind}")
        return self.numbers(NUMBERS[kind], count)


def _entry(cursor):
    name, axes = cursor.text(), cursor.number("I")
    shape, number, start = cursor.numbers("Q", axes)[::-1], cursor.number("I"), cursor.number("Q")
    if number not in KINDS:
        known = ", ".join(f"{kind.name} ({i})" for i, kind in KINDS.items())
        raise ValueError(f"{cursor.path}: {name} has weights of type {number}, expected one of {known}")
    return _Entry(name, shape, KINDS[number], start)


def _check_place(path, entry, begin, size):
    if not entry.shape or entry.shape[-1] % entry.kind.count:
        raise ValueError(
            f"{path}: {entry.name} has shape {entry.shape}, and rows of {entry.kind.name} are whole blocks "
            f"of {entry.kind.count}"
        )
    end = begin + entry.start + entry.blocks * entry.kind.block.itemsize
    if end > size:
        raise ValueError(f"{path} is cut short: {entry.name} should end at byte {end}, and {size} are there")


def from_gguf(file):
    """The model in a file that was read; raises ValueError for one that is not built like LLaMA."""
    if file.setting("general.architecture") != "llama":
        kind = file.setting("general.architecture")
        raise ValueError(f"{file.path} holds a model of kind {kind!r}, and only 'llama' is known here")
    used = set()

    def array(name):
        used.add(name)
        return file.arrays[name]

    try:
        config = _config(file)
        parameters = dict(_parameters(config, array))
    except KeyError as missing:
        raise ValueError(f"{file.path} has no array {missing}, which its settings announce") from None
    if unknown := sorted(set(file.arrays) - used):
        raise ValueError(f"{file.path} has arrays that a LLaMA has not: {', '.join(unknown[:3])}")
    return Model(config, parameters)


def _config(file):
    def size(name):
        return file.setting(f"llama.{name}")

    vocabulary = len(file.arrays["token_embd.weight"])
    config = Config(
        width=size("embedding_length"),
        heads=size("attention.head_count"),
        groups=size("attention.head_count_kv"),
        hidden=size("feed_forward_length"),
        decoder_layers=size("block_count"),
        vocabulary=vocabulary,
        context=size("context_length"),
        outputs=vocabulary,
        tied="output.weight" not in file.arrays,
        positions="rotary",
        base=file.settings.get("llama.rope.freq_base", 10_000.0),
        norm="rms",
        eps=size("attention.layer_norm_rms_epsilon"),
        activation="silu",
        gated=True,
        bias=False,
    )
    turned = file.settings.get("llama.rope.dimension_count", config.dh)
    if turned != config.dh or "llama.rope.scaling.type" in file.settings:
        raise ValueError(
            f"{file.path} turns {turned} of {config.dh} components of a head, or at scaled speeds"
        )
    return config


def _parameters(c, array):
    """Ours from theirs, by their names. Theirs are (out, in); rotary turns neighbours in both."""

    def norm(name):
        return array(f"{name}.weight")

    def linear(*names):
        return np.concatenate([array(f"{name}.weight").T for name in names], axis=1)

    yield "token.W", array("token_embd.weight")
    for i in range(c.decoder_layers):
        at, name = f"decoder.{i}", f"blk.{i}"
        yield f"{at}.attention.norm.scale", norm(f"{name}.attn_norm")
        yield f"{at}.attention.QKV.W", linear(f"{name}.attn_q", f"{name}.attn_k", f"{name}.attn_v")
        yield f"{at}.attention.O.W", linear(f"{name}.attn_output")
        yield f"{at}.mlp.norm.scale", norm(f"{name}.ffn_norm")
        yield f"{at}.mlp.in.W", linear(f"{name}.ffn_gate", f"{name}.ffn_up")
        yield f"{at}.mlp.out.W", linear(f"{name}.ffn_down")
    yield "decoder.norm.scale", norm("output_norm")
    if not c.tied:
        yield "unembed.W", linear("output")
