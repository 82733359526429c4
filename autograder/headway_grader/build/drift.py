"""Compares what is generated with what is due: text exactly, computed values by tolerance, outputs never."""

import difflib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headway_grader.build import notebooks
from headway_grader.build.execute import without_outputs
from headway_grader.build.products import Notebook, Product, strays

_LINES = 12
_EPS = 10_000  # rounding units: two processors round differently, and a mistake may blow that up


@dataclass(frozen=True)
class Drift:
    """One file that is not as it should be, and how."""

    path: Path
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


def drifts(root: Path, products: Iterable[Product]) -> list[Drift]:
    """Every file that is not as its lesson would have it."""
    found = []
    for product in products:
        try:
            there = (root / product.path).read_bytes()
        except FileNotFoundError:
            found.append(Drift(product.path, "missing"))
            continue
        what = _difference(product, there)
        if what:
            found.append(Drift(product.path, what))
    return found + [Drift(path, "no lesson asks for this file") for path in strays(root, products)]


def drifted(product: Product, there: bytes) -> bool:
    """Whether a file is not what the product says, up to what does not count."""
    return bool(_difference(product, there))


def _difference(product: Product, there: bytes) -> str:
    if product.path.suffix == ".npz":
        return _arrays_differ(there, product.content)
    if isinstance(product, Notebook):
        try:
            there = notebooks.dumps(without_outputs(json.loads(there))).encode()
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            return f"no notebook ({type(error).__name__}: {error})"
    return "" if there == product.content else _diff(there, product.content)


def _diff(there: bytes, due: bytes) -> str:
    old, new = (text.decode("utf-8", "replace").splitlines() for text in (there, due))
    lines = list(difflib.unified_diff(old, new, "there", "due", lineterm="", n=1))[2:]
    more = [f"… and {len(lines) - _LINES} lines more"] if len(lines) > _LINES else []
    return "\n".join(["differs", *lines[:_LINES], *more]) if lines else "differs in white space or line ends"


def _arrays_differ(there: bytes, due: bytes) -> str:
    try:
        old = dict(np.load(io.BytesIO(there), allow_pickle=False))
    except Exception as error:  # whatever a damaged zip may raise
        return f"damaged ({error})"
    new = dict(np.load(io.BytesIO(due), allow_pickle=False))
    lines = [f"-{key}" for key in old.keys() - new.keys()] + [f"+{key}" for key in new.keys() - old.keys()]
    lines += [
        f"!{key}: {why}"
        for key in new
        if key in old and (why := _array_differs(key, old[key], new[key], _precision(key, new)))
    ]
    more = [f"… and {len(lines) - _LINES} more"] if len(lines) > _LINES else []
    if not lines and list(old) != list(new):
        return "differs in the order of its arrays"
    return "\n".join(["differs", *sorted(lines)[:_LINES], *more]) if lines else ""


def _array_differs(key: str, old: np.ndarray, new: np.ndarray, eps: float) -> str:
    if (old.dtype, old.shape) != (new.dtype, new.shape):
        return f"{old.dtype} {old.shape}, due {new.dtype} {new.shape}"
    if _computed(key) and new.dtype.kind == "f":
        tolerance = _EPS * eps * np.abs(new[np.isfinite(new)]).max(initial=0)
        return "" if np.allclose(old, new, rtol=0, atol=tolerance, equal_nan=True) else "other values"
    return "" if old.tobytes() == new.tobytes() else "other values"


def _precision(key: str, arrays: Mapping[str, np.ndarray]) -> float:
    """The rounding unit of the coarsest floats in a case: a float64 made of float32 is no finer than they."""
    case = "/".join(key.split("/")[:3]) + "/"
    kinds = {a.dtype for name, a in arrays.items() if name.startswith(case) and a.dtype.kind == "f"}
    return max((float(np.finfo(kind).eps) for kind in kinds), default=0.0)


def _computed(key: str) -> bool:
    """Whether an array is what some function returned; the others are inputs."""
    parts = key.split("/")
    return len(parts) > 3 and parts[1] != "growth" and parts[3] in ("out", "wrong")
