"""Runs learners' code where it can do no harm: only inputs go in, only bytes come out."""

from headway_grader.sandbox.box import Sandbox
from headway_grader.sandbox.forms import (
    Array,
    Counted,
    End,
    Job,
    Layer,
    Limits,
    Other,
    Outcome,
    Piece,
    Raised,
    Returned,
    SandboxError,
    Scalar,
    Tuple,
)

__all__ = [
    "Array",
    "Counted",
    "End",
    "Job",
    "Layer",
    "Limits",
    "Other",
    "Outcome",
    "Piece",
    "Raised",
    "Returned",
    "Sandbox",
    "SandboxError",
    "Scalar",
    "Tuple",
]
