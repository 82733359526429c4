"""The judge reads a worker's bytes strictly: they are results, or broken, or too many, and nothing else."""

import contextlib
import json
import struct

import numpy as np
import pytest
from headway_grader.sandbox import Array, Job, Limits, Raised, Returned, Scalar
from headway_grader.sandbox.wire import Broken, Flooded, Reader, encode_job, printable
from hypothesis import given, settings
from hypothesis import strategies as st

LIMITS = Limits(result_bytes=10_000)
JOB = Job((), "f", [{}, {}], limits=LIMITS)
ARRAY = {"form": "array", "dtype": "<f8", "shape": [2], "scalar": False}


def frame(header, payload=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<I", len(text)) + text + payload


COUNTED = {
    "frame": "counted",
    "call": 0,
    "total": 1,
    "lines": [],
    "calls": [],
    "capped": False,
    "raised": "",
    "before": 0,
    "value": None,
}
READY, DONE = frame({"frame": "ready"}), frame({"frame": "done"})


def returned(value, payload=b"", call=0):
    return frame({"frame": "returned", "call": call, "value": value}, payload)


def read(data, pieces=1):
    reader = Reader(JOB)
    for i in range(pieces):
        reader.feed(data[i * len(data) // pieces : (i + 1) * len(data) // pieces])
    return reader


GOOD = READY + returned(ARRAY, np.array([1.0, 2.0]).tobytes()) + returned(ARRAY, bytes(16), 1) + DONE


@pytest.mark.parametrize("pieces", [1, 2, 7, len(GOOD)])
def test_frames_are_understood_however_they_are_cut(pieces):
    reader = read(GOOD, pieces)
    assert reader.done
    assert [result.value.data.tolist() for result in reader.results] == [[1, 2], [0, 0]]


@pytest.mark.parametrize("dtype", [">i4", "<f2", "<c16", "|u1", ">f8", np.dtype(np.longdouble).str])
def test_every_dtype_of_numbers_passes(dtype):
    a = np.array([3, 0], dtype)
    came = read(READY + returned(ARRAY | {"dtype": dtype}, a.tobytes())).results[0].value.data
    assert (came.dtype, came.tobytes()) == (a.dtype, a.tobytes())


def test_arrays_are_the_judges_own():
    came = read(GOOD).results[0].value.data
    assert type(came) is np.ndarray
    assert came.flags.writeable
    assert came.flags.aligned


def test_a_bool_is_0_or_1_whatever_its_byte():
    came = read(READY + returned(ARRAY | {"dtype": "|b1"}, b"\x02\x00")).results[0].value.data
    assert came.tobytes() == b"\x01\x00"


BAD_VALUES = {
    "object dtype": ARRAY | {"dtype": "|O"},
    "text dtype": ARRAY | {"dtype": "<U4"},
    "structured dtype": ARRAY | {"dtype": "i4,f8"},
    "dtype that is a list": ARRAY | {"dtype": [["a", "<f8"]]},
    "negative size": ARRAY | {"shape": [-1]},
    "fractional size": ARRAY | {"shape": [2.0]},
    "bool as size": ARRAY | {"shape": [True]},
    "size as text": ARRAY | {"shape": "2"},
    "too many axes": ARRAY | {"shape": [1] * 65},
    "size beyond all memory": ARRAY | {"shape": [2**40 + 1]},
    "number with axes": ARRAY | {"scalar": True},
    "no shape": {"form": "array", "dtype": "<f8"},
    "unknown form": {"form": "pickle", "dtype": "<f8"},
    "tuple in a tuple": {"form": "tuple", "parts": [{"form": "tuple", "parts": []}]},
    "tuple without parts": {"form": "tuple"},
    "number where a form is due": 3,
    "text as form": "array",
    "type that is no text": {"form": "other", "type": 3, "text": ""},
}


@pytest.mark.parametrize("value", BAD_VALUES.values(), ids=BAD_VALUES)
def test_a_value_that_does_not_parse_breaks_the_protocol(value):
    with pytest.raises(Broken):
        read(READY + returned(value, bytes(64)))


BAD_FRAMES = {
    "nothing before the beginning": returned(ARRAY, bytes(16)),
    "second beginning": READY + READY,
    "fault after the beginning": READY + frame({"frame": "fault", "message": "x"}),
    "calls out of order": READY + returned(ARRAY, bytes(16), call=1),
    "the same call twice": READY + 2 * returned(ARRAY, bytes(16)),
    "end before the last result": READY + returned(ARRAY, bytes(16)) + DONE,
    "bytes after the end": GOOD + b"x",
    "more results than calls": GOOD[: -len(DONE)] + returned(ARRAY, bytes(16), 2),
    "import error without statements": READY
    + frame({"frame": "import-error", "type": "", "message": "", "line": 0, "cell": "", "binds": []}),
    "no object": READY + frame(b"[]"),
    "no JSON": READY + frame(b"hello"),
    "no text": READY + frame(b"\xff\xfe"),
    "not a number": READY + frame(b'{"frame": NaN}'),
    "enormous integer": READY + frame(b'{"frame": ' + b"9" * 5000 + b"}"),
    "deep nesting": READY + frame(b"[" * 9000),
    "empty header": READY + bytes(4),
    "enormous header": READY + struct.pack("<I", 2**31),
    "line that is text": READY
    + frame({"frame": "raised", "call": 0, "type": "", "message": "", "cell": "", "line": "1"}),
    "counts where a result is due": READY + frame(COUNTED),
}


@pytest.mark.parametrize("data", BAD_FRAMES.values(), ids=BAD_FRAMES)
def test_a_frame_out_of_place_breaks_the_protocol(data):
    with pytest.raises(Broken):
        read(data)


FORGED = [{"total": -1}, {"before": -1}, {"calls": [["cell 1", 2, "map", -3]]}, {"calls": [["cell 1", 2]]}]


@pytest.mark.parametrize(
    "forged", [*(frame(COUNTED | forged) for forged in FORGED), returned(ARRAY, bytes(16))]
)
def test_a_counted_call_brings_counts_and_nothing_else(forged):
    job = Job((), "f", [{}], mode="count", limits=LIMITS)
    reader = Reader(job)
    reader.feed(READY + frame(COUNTED | {"value": ARRAY}, bytes(16)) + DONE)
    assert reader.results[0].value.data.tolist() == [0, 0]
    with pytest.raises(Broken):
        Reader(job).feed(READY + forged)


def test_more_than_the_limit_is_a_flood_before_it_is_held():
    with pytest.raises(Flooded):
        read(READY + returned(ARRAY | {"shape": [2**39]}))
    with pytest.raises(Flooded):
        read(READY + frame({"frame": "flood"}))
    with pytest.raises(Flooded):
        read(READY + struct.pack("<I", 200_000) + b" " * 20_000)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_noise_is_never_a_result(noise):
    try:
        reader = read(READY + noise)
    except (Broken, Flooded):
        return
    assert not reader.done


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_changed_byte_gives_other_results_or_none(place, byte):
    data = bytearray(GOOD)
    data[place] = byte
    try:
        reader = read(bytes(data))
    except (Broken, Flooded):
        return
    assert all(isinstance(result, Returned) for result in reader.results)
    assert all(isinstance(result.value, Array | Scalar) for result in reader.results)


FORMS = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 2**65),
        st.text(max_size=5),
        st.sampled_from(["array", "<f8"]),
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["form", "dtype", "shape", "parts", "type", "text", "scalar"]), inner
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(FORMS, FORMS, st.binary(max_size=32))
def test_no_header_gets_anything_but_a_refusal_or_a_value(value, kept, payload):
    with contextlib.suppress(Broken, Flooded):
        read(READY + frame({"frame": "returned", "call": 0, "value": value, "kept": kept}, payload))


def test_texts_come_out_printable_and_short():
    reader = read(
        READY
        + frame(
            {
                "frame": "raised",
                "call": 0,
                "type": "\x1b[31mE",
                "message": "\ud800" + "x" * 9000,
                "cell": "",
                "line": 3,
            }
        )
    )
    assert reader.results == [Raised(r"\x1b[31mE", r"\ud800" + "x" * 499 + "…", 3)]
    assert printable("ä→字 ok") == "ä→字 ok"
    assert printable("a\nb\tc\r", keep="\n\t") == "a\nb\tc\\r"


def test_a_job_holds_nothing_but_sources_and_inputs():
    blob = encode_job(Job((), "f", [{"Z": np.array([1.5])}], prelude="x = 1"))
    header = json.loads(blob[4 : 4 + struct.unpack_from("<I", blob)[0]])
    assert set(header) == {"prelude", "prerequisites", "statements", "function", "mode", "fresh", "calls"}
    assert blob.endswith(np.array([1.5]).tobytes())
