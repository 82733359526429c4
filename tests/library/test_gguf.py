"""GGUF files made here: what is in them comes out, and what is wrong with one is said before any work."""

import re

import numpy as np
import pytest
from gguf_file import F16, F32, Q4_0, Q4_1, Q8_0, SIZES, llama, packed, plain, settings
from headway.gguf import from_gguf, read_gguf
from headway.model import forward


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def written(tmp_path):
    def write(raw):
        path = tmp_path / "model.gguf"
        path.write_bytes(raw)
        return path

    return write


def test_settings_come_out_as_they_went_in(written):
    said = {
        "a": "ä",
        "n": -7,
        "x": 0.5,
        "yes": True,
        "list": ["p", "", "q"],
        "numbers": [1, 2, 3],
        "none": [],
    }
    found = read_gguf(written(packed(said, []))).settings
    assert found == said | {"list": ("p", "", "q"), "numbers": (1, 2, 3), "none": ()}


def test_plain_weights_come_out_as_they_went_in(written, rng):
    a, b = rng.normal(size=(3, 5)).astype(np.float32), rng.normal(size=7).astype(np.float16)
    file = read_gguf(written(packed({}, [plain("a", a), ("b", b.shape, F16, b.tobytes())])))
    assert np.array_equal(file.arrays["a"], a)
    assert np.array_equal(file.arrays["b"], b.astype(np.float32))
    assert {array.dtype for array in file.arrays.values()} == {np.dtype(np.float32)}


def block(kind, rng):
    """A block of 32 weights and what they are, number by number."""
    scale, least = np.float16(rng.normal()), np.float16(rng.normal())
    if kind == Q8_0:
        whole = rng.integers(-128, 128, 32).astype(np.int8)
        return scale.tobytes() + whole.tobytes(), [float(scale) * int(n) for n in whole]
    whole = rng.integers(0, 16, 32)
    halves = bytes(int(whole[i]) | int(whole[i + 16]) << 4 for i in range(16))
    if kind == Q4_0:
        return scale.tobytes() + halves, [float(scale) * (int(n) - 8) for n in whole]
    return scale.tobytes() + least.tobytes() + halves, [float(scale) * int(n) + float(least) for n in whole]


@pytest.mark.parametrize("kind", [Q4_0, Q4_1, Q8_0])
def test_weights_of_few_bits_are_scale_times_whole_number(written, rng, kind):
    blocks = [block(kind, rng) for _ in range(6)]
    raw, numbers = b"".join(raw for raw, _ in blocks), [n for _, numbers in blocks for n in numbers]
    a = read_gguf(written(packed({}, [("W", (3, 64), kind, raw)]))).arrays["W"]
    assert (a.dtype, a.shape) == (np.float32, (3, 64))
    assert np.allclose(a.ravel(), numbers, rtol=1e-6, atol=1e-6)


def test_a_file_may_align_its_arrays_otherwise(written, rng):
    arrays = [plain("a", rng.normal(size=3)), plain("b", rng.normal(size=5))]
    near = read_gguf(written(packed({"general.alignment": 8}, arrays, alignment=8))).arrays
    far = read_gguf(written(packed({}, arrays))).arrays
    assert all(np.array_equal(near[name], far[name]) for name in "ab")


def by_hand(arrays, ids):
    """A LLaMA position by position and head by head, from the weights as (out, in), in float64."""
    d, H, dh = SIZES["width"], SIZES["heads"], SIZES["width"] // SIZES["heads"]
    w = {name.removesuffix(".weight"): a.astype(float) for name, a in arrays.items()}
    X = w["token_embd"][ids]

    def norm(X, scale):
        return X / np.sqrt((X**2).mean(axis=-1, keepdims=True) + 1e-5) * scale

    def turned(x, t):
        out = x.copy()
        for i in range(0, dh, 2):
            z = complex(x[i], x[i + 1]) * np.exp(1j * t / 500.0 ** (i / dh))
            out[i], out[i + 1] = z.real, z.imag
        return out

    for i in range(SIZES["layers"]):
        b = f"blk.{i}"
        Y = norm(X, w[f"{b}.attn_norm"])
        q, k, v = (Y @ w[f"{b}.attn_{part}"].T for part in "qkv")
        A = np.zeros((len(ids), d))
        for t in range(len(ids)):
            for h in range(H):
                own = slice(h * dh, (h + 1) * dh)
                s = np.array([turned(q[t, own], t) @ turned(k[j], j) / dh**0.5 for j in range(t + 1)])
                p = np.exp(s - s.max())
                A[t, own] = p / p.sum() @ v[: t + 1]
        X = X + A @ w[f"{b}.attn_output"].T
        Y = norm(X, w[f"{b}.ffn_norm"])
        gate = Y @ w[f"{b}.ffn_gate"].T
        X = X + (gate / (1 + np.exp(-gate)) * (Y @ w[f"{b}.ffn_up"].T)) @ w[f"{b}.ffn_down"].T
    return norm(X, w["output_norm"]) @ w.get("output", w["token_embd"]).T


@pytest.mark.parametrize("tied", [True, False])
def test_a_llama_gives_what_its_weights_give_by_hand(written, rng, tied):
    arrays = llama(rng, tied)
    model = from_gguf(read_gguf(written(packed(settings(), [plain(n, a) for n, a in arrays.items()]))))
    ids = np.array([3, 1, 4, 1, 5, 9])
    ours, theirs = forward(model, ids), by_hand(arrays, ids)
    assert ours.dtype == np.float32
    assert np.abs(ours - theirs).max() <= 1e-5 * np.abs(theirs).max()


def test_a_file_cut_short_anywhere_is_named_as_such(written, rng):
    arrays = {"a.weight": rng.normal(size=(2, 5)), "b.weight": rng.normal(size=3)}
    whole = packed(
        {"general.name": "x", "l": ["p", "q"]}, [plain(n, a) for n, a in arrays.items()], alignment=32
    )
    end = len(whole) - (-3 * 4 % 32)  # what fills up the last array is not missed
    for size in range(end):
        with pytest.raises(ValueError, match=r"cut short|no GGUF file"):
            read_gguf(written(whole[:size]))
    assert read_gguf(written(whole[:end])).arrays.keys() == arrays.keys()


def test_the_array_at_which_a_file_is_cut_short_is_named(written, rng):
    whole = packed({}, [plain("first", rng.normal(size=8)), plain("second", rng.normal(size=8))])
    with pytest.raises(ValueError, match="second should end at byte"):
        read_gguf(written(whole[:-1]))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "no GGUF file"),
        (b"PK\x03\x04 a zip", r"begins with b'PK\\x03\\x04'"),
        (packed({}, [], version=1), "version 1"),
        (
            packed({}, [("W", (4, 256), 14, bytes(840))]),
            r"W has weights of type 14, expected one of F32 \(0\)",
        ),
        (packed({}, [("W", (2, 33), Q4_1, bytes(60))]), r"W has shape \(2, 33\).*whole blocks of 32"),
        (packed({}, [("W", (), F32, bytes(4))]), r"W has shape \(\)"),
        (packed({"general.alignment": 0}, []), "begin at multiples of 0"),
        (packed({"a": ["x"]}, []).replace(b"a\x09\0\0\0\x08", b"a\x09\0\0\0\x09"), "a setting of type 9"),
        (packed({"a": 1}, []).replace(b"a\5\0\0\0", b"a\x63\0\0\0"), "a setting of type 99"),
    ],
    ids=["empty", "zip", "version", "type", "half a block", "no shape", "alignment", "nested", "setting"],
)
def test_a_file_of_another_kind_is_refused_with_what_it_has(written, raw, said):
    with pytest.raises(ValueError, match=said):
        read_gguf(written(raw))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_named_before_any_work(written, rng, bad):
    arrays = llama(rng)
    arrays["blk.1.ffn_up.weight"][2, 3] = bad
    path = written(packed(settings(), [plain(n, a) for n, a in arrays.items()]))
    with pytest.raises(ValueError, match=r"blk\.1\.ffn_up\.weight .*at \(2, 3\) it is (nan|inf)"):
        from_gguf(read_gguf(path))


def test_a_scale_that_is_not_finite_is_named(written):
    raw = np.float16(np.nan).tobytes() + bytes(18)
    with pytest.raises(ValueError, match="W holds numbers that are not finite"):
        _ = read_gguf(written(packed({}, [("W", (32,), Q4_1, raw)]))).arrays["W"]


@pytest.mark.parametrize(
    ("more", "drop", "said"),
    [
        ({"general.architecture": "mamba"}, (), "kind 'mamba', and only 'llama'"),
        ({"llama.rope.dimension_count": 2}, (), "turns 2 of 4 components"),
        ({"llama.rope.scaling.type": "yarn"}, (), "scaled speeds"),
        ({}, ("blk.1.attn_k.weight",), re.escape("no array 'blk.1.attn_k.weight'")),
        ({"llama.block_count": 1}, (), re.escape("arrays that a LLaMA has not: blk.1.attn_k.weight")),
        ({"llama.attention.head_count": 4}, (), "decoder.0.attention.QKV.W has shape"),
    ],
)
def test_a_model_that_is_built_otherwise_is_refused(written, rng, more, drop, said):
    arrays = {name: a for name, a in llama(rng).items() if name not in drop}
    path = written(packed(settings(**more), [plain(n, a) for n, a in arrays.items()]))
    with pytest.raises(ValueError, match=said):
        from_gguf(read_gguf(path))


def test_a_setting_that_is_missing_is_named(written, rng):
    said = settings()
    del said["llama.block_count"]
    path = written(packed(said, [plain(n, a) for n, a in llama(rng).items()]))
    with pytest.raises(ValueError, match=re.escape("does not say llama.block_count")):
        from_gguf(read_gguf(path))


def test_a_file_with_any_byte_changed_is_read_or_refused(written, rng):
    """Whatever a header says: nothing but ValueError, and no array that is not finite float32."""
    whole = packed(settings(), [plain(name, a) for name, a in llama(rng).items()])
    refused = 0
    for place in range(0, 700):
        raw = bytearray(whole)
        raw[place] ^= 1 << int(rng.integers(8))
        try:
            arrays = dict(read_gguf(written(bytes(raw))).arrays)
        except ValueError:
            refused += 1
        else:
            assert all(a.dtype == np.float32 and np.isfinite(a).all() for a in arrays.values())
    assert refused > 100
