"""Groups of cases: each stands or falls for one idea, and earns its share of the points."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

GROUPS = {
    "typical": "ordinary numbers",
    "no-batch": "one row alone, without batch axes",
    "shapes": "other shapes, with more batch axes or none",
    "ones": "axes of size 1",
    "extremes": "numbers at the limits",
    "masks": "masks",
    "ignored": "ignored targets",
    "nothing": "nothing to look at",
    "float32": "float32 in, float32 out",
    "inputs-kept": "leaves its inputs as they were",
}


@dataclass(frozen=True)
class Inputs:
    """A case before its expected value is known: its group, its name, and its arguments by parameter name."""

    group: str
    name: str
    inputs: Mapping[str, np.ndarray | int]


def in_float32(inputs: Mapping[str, np.ndarray | int]) -> dict[str, np.ndarray | int]:
    """The same inputs, with float32 wherever there was float64."""
    return {
        name: value.astype(np.float32) if np.asarray(value).dtype == np.float64 else value
        for name, value in inputs.items()
    }
