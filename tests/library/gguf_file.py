"""Writes GGUF files, as small as a test wants them, and weights of a LLaMA under their names there."""

import struct

import numpy as np

TYPES = {int: (5, "<i"), float: (6, "<f"), bool: (7, "<?")}
F32, F16, Q4_0, Q4_1, Q8_0 = 0, 1, 2, 3, 8


def text(said):
    raw = said.encode()
    return struct.pack("<Q", len(raw)) + raw


def value(v):
    """A setting: its type, and what it is."""
    if isinstance(v, str):
        return struct.pack("<I", 8) + text(v)
    if isinstance(v, list):
        items = [value(item) for item in v]
        kind = items[0][:4] if items else struct.pack("<I", 8)
        return struct.pack("<I", 9) + kind + struct.pack("<Q", len(v)) + b"".join(item[4:] for item in items)
    kind, code = TYPES[type(v)]
    return struct.pack("<I", kind) + struct.pack(code, v)


def packed(settings, arrays, *, magic=b"GGUF", version=3, alignment=32):
    """The bytes of a file; arrays are (name, shape, type, bytes)."""
    header = magic + struct.pack("<IQQ", version, len(arrays), len(settings))
    header += b"".join(text(name) + value(v) for name, v in settings.items())
    body = b""
    for name, shape, kind, raw in arrays:
        header += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape[::-1], kind, len(body))
        body += raw + bytes(-len(raw) % alignment)
    return header + bytes(-len(header) % alignment) + body


def plain(name, a):
    return name, a.shape, F32, a.astype("<f4").tobytes()


SIZES = {"width": 8, "heads": 2, "groups": 1, "hidden": 12, "layers": 2, "vocabulary": 11}


def settings(**more):
    said = {
        "general.architecture": "llama",
        "llama.embedding_length": SIZES["width"],
        "llama.attention.head_count": SIZES["heads"],
        "llama.attention.head_count_kv": SIZES["groups"],
        "llama.feed_forward_length": SIZES["hidden"],
        "llama.block_count": SIZES["layers"],
        "llama.context_length": 64,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.freq_base": 500.0,
    }
    return said | more


def llama(rng, tied=True):
    """The arrays of a small LLaMA by their names in such a file, as (out, in)."""
    d, h, V = SIZES["width"], SIZES["hidden"], SIZES["vocabulary"]
    k = d // SIZES["heads"] * SIZES["groups"]
    shapes = {"token_embd": (V, d), "output_norm": (d,)}
    if not tied:
        shapes["output"] = (V, d)
    for i in range(SIZES["layers"]):
        shapes |= {f"blk.{i}.{name}": (d,) for name in ("attn_norm", "ffn_norm")}
        shapes |= {f"blk.{i}.attn_q": (d, d), f"blk.{i}.attn_k": (k, d), f"blk.{i}.attn_v": (k, d)}
        shapes |= {f"blk.{i}.attn_output": (d, d), f"blk.{i}.ffn_down": (d, h)}
        shapes |= {f"blk.{i}.ffn_gate": (h, d), f"blk.{i}.ffn_up": (h, d)}
    return {
        f"{name}.weight": rng.normal(scale=0.5, size=shape).astype(np.float32)
        for name, shape in shapes.items()
    }
