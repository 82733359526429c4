"""A result as a form, which names its kind, and bytes.

Only exact types count: a subclass could answer as it likes.
"""

import sys

import numpy as np

# By identity: a class of the learner's could claim to equal any of these, and compute once nobody counts.
_NUMBERS = frozenset(map(id, np.sctypeDict.values()))
_PYTHON_NUMBERS = {id(kind): np.dtype(kind).str for kind in (bool, int, float, complex)}
_SHOWN = frozenset(map(id, (list, dict, set, str, bytes, type(None), range, int)))


class Flood(Exception):
    """More bytes than the judge takes."""


class Description:
    """The forms of values, and their bytes one after the other."""

    def __init__(self, largest: int) -> None:
        self._left = largest
        self.parts: list[bytes | np.ndarray] = []

    @property
    def payload(self) -> bytes:
        return b"".join(self.parts)

    def of(self, value: object) -> dict:
        """The form of one more value; raises Flood if its bytes are too many."""
        if type(value) is tuple and len(value) <= 64:
            parts = [_other(part) if type(part) is tuple else self._single(part) for part in value]
            return {"form": "tuple", "parts": parts}
        return self._single(value)

    def _single(self, value: object) -> dict:
        kind = type(value)
        if id(kind) in _PYTHON_NUMBERS and (kind is not int or -(2**63) <= value < 2**63):
            self._add(np.array(value, _PYTHON_NUMBERS[id(kind)]))
            return {"form": "scalar", "dtype": _PYTHON_NUMBERS[id(kind)]}
        is_array = kind is np.ndarray
        if (is_array or id(kind) in _NUMBERS) and value.dtype.kind in "biufc":
            self._add(value)
            return {"form": "array", "dtype": value.dtype.str, "shape": value.shape, "scalar": not is_array}
        return _other(value)

    def _add(self, a: np.ndarray) -> None:
        self._left -= a.nbytes
        if self._left < 0:
            raise Flood
        as_it_is = type(a) is np.ndarray and a.ndim and a.size and a.flags.c_contiguous
        self.parts.append(a.data.cast("B") if as_it_is else a.tobytes())


def _other(value: object) -> dict:
    kind = type(value)
    name = "object array" if kind is np.ndarray and value.dtype.kind == "O" else str(kind.__name__)
    text = repr(value)[:200] if id(kind) in _SHOWN and sys.getsizeof(value) < 10_000 else ""
    return {"form": "other", "type": name[:200], "text": text}
