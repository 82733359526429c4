"""Files of fixtures that disks, people and programs have damaged."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from random import Random

import numpy as np
from drafts import ROOT, lessons
from mangled_files import DAMAGES

Arrays = dict[str, np.ndarray]


@cache
def _arrays(lesson: str, exercise: str) -> Mapping[str, np.ndarray]:
    with np.load(ROOT / "data" / "fixtures" / f"{lesson}.npz", allow_pickle=False) as file:
        return {key: file[key] for key in file.files if key.startswith(f"{exercise}/")}


def some_arrays(rng: Random) -> Arrays:
    """The fixtures of one exercise."""
    lesson = rng.choice(lessons())
    return dict(_arrays(lesson.name, rng.choice(lesson.exercises).name))


# --- arrays under wrong names, of wrong kinds


def lost(arrays: Arrays, rng: Random) -> None:
    for key in rng.sample(sorted(arrays), rng.randint(1, 5)):
        del arrays[key]


def renamed(arrays: Arrays, rng: Random) -> None:
    key = rng.choice(sorted(arrays))
    parts = key.split("/")
    way = rng.choice(["cut", "longer", "odd", "shuffled", "empty", "slashes", "growth"])
    match way:
        case "cut":
            parts.pop(rng.randrange(len(parts)))
        case "longer":
            parts.insert(rng.randint(0, len(parts)), rng.choice(["in", "out", "0", "wrong", "growth", "é"]))
        case "odd":
            parts[rng.randrange(len(parts))] = rng.choice(
                ["", ".", "..", "in", "out", "growth", "\u0663", "-1", "1e3"]
            )
        case "shuffled":
            rng.shuffle(parts)
        case "empty":
            parts = [""]
        case "slashes":
            parts = ["/", "", "/"]
        case "growth":
            parts[1:2] = ["growth"]
    arrays["/".join(parts)] = arrays.pop(key)


def of_odd_kinds(arrays: Arrays, rng: Random) -> None:
    for key in rng.sample(sorted(arrays), 2):
        arrays[key] = rng.choice(
            [
                np.array("text"),
                np.array(b"bytes"),
                np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]),
                np.array(["2026-01-01"], dtype="datetime64[D]"),
                np.zeros((0, 3)),
                np.zeros(3, dtype="V5"),
                np.zeros(3, dtype=">f8"),
                np.zeros(3, dtype=complex),
            ]
        )


def unchanged(arrays: Arrays, rng: Random) -> None:
    """As they were: these must be read."""


CONTENTS: dict[str, Callable[[Arrays, Random], None]] = {
    f"fixtures {f.__name__}": f for f in (unchanged, lost, renamed, of_odd_kinds)
}


def write(arrays: Arrays, rng: Random, packed: bool) -> bytes:
    buffer = io.BytesIO()
    (np.savez_compressed if packed else np.savez)(buffer, **arrays)
    return buffer.getvalue()


# --- members that are no arrays


def pickled(arrays: Arrays, rng: Random) -> bytes:
    arrays = dict(list(arrays.items())[:5])
    key = rng.choice(sorted(arrays))
    buffer = io.BytesIO()
    np.savez(buffer, **(arrays | {key: np.array([{"a": [1]}, None], dtype=object)}))
    return buffer.getvalue()


def with_odd_headers(arrays: Arrays, rng: Random) -> bytes:
    """A header that claims what does not follow."""
    descr = rng.choice(
        ["<f8", "|O", "<f3", "<U1000000000", "", "|V0", "('<f8', (10**9,))", "[('a', '<f8')]", "odd"]
    )
    shapes = [
        "(3,)",
        "()",
        "(10**12,)",
        "(-1,)",
        "(4611686018427387904, 4)",
        "(1000000000000,)",
        "3",
        "(0, 10000000000)",
    ]
    shape = rng.choice([*shapes, "(" * 300 + ")" * 300, "1" * 9000])
    header = (
        f"{{'descr': {descr!r}, 'fortran_order': {rng.choice(['True', 'False', '3'])}, 'shape': {shape}, }}"
    )
    version = rng.choice([(1, 0), (2, 0), (3, 0), (9, 9)])
    length = struct.pack(
        "<H" if version[0] == 1 else "<I", rng.choice([len(header) + 1, len(header) + 1, 3, 60_000])
    )
    member = (
        b"\x93NUMPY" + bytes(version) + length + header.encode() + b"\n" + rng.randbytes(rng.choice([0, 24]))
    )
    return _archive(arrays, rng, member)


def with_members_that_are_none(arrays: Arrays, rng: Random) -> bytes:
    return _archive(arrays, rng, rng.choice([b"", b"text", b"\x93NUMPY", b"\x80\x04.", rng.randbytes(300)]))


def no_archive(arrays: Arrays, rng: Random) -> bytes:
    single = io.BytesIO()
    np.save(single, np.arange(3))
    return rng.choice([b"", b"text", single.getvalue(), b"\x80\x04N.", b"PK\5\6" + b"\0" * 18, b"PK\3\4"])


def _archive(arrays: Arrays, rng: Random, member: bytes) -> bytes:
    key = rng.choice(sorted(arrays))
    buffer = io.BytesIO(write(dict(list(arrays.items())[:5]) or arrays, rng, packed=False))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(f"{key}/odd{rng.choice(['.npy', '', '.npz'])}", member)
    return buffer.getvalue()


WHOLE: dict[str, Callable[[Arrays, Random], bytes]] = {
    f"fixtures {f.__name__}": f for f in (pickled, with_odd_headers, with_members_that_are_none, no_archive)
}
DAMAGED = {f"fixtures {name}": damage for name, damage in DAMAGES.items()}
