"""What goes into the sandbox and what comes out, as data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
from headway_course.errors import CourseError
from headway_course.judging.loops import Counts


class SandboxError(CourseError):
    """This machine cannot isolate a learner's code well enough; the message says what to do."""


@dataclass(frozen=True)
class Piece:
    """A top-level statement of a learner's: its text, its cell and line there, and the names it binds."""

    source: str
    filename: str
    line: int
    binds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What one run may use; memory is counted above that of the warm process."""

    cpu_seconds: int = 4
    wall_seconds: float = 20.0
    memory_bytes: int = 1 << 30
    output_bytes: int = 64 << 10
    result_bytes: int = 64 << 20


@dataclass(frozen=True)
class Job:
    """One run: the library's prerequisites, the learner's statements, and calls of one function.

    prelude maps modules of the library (`numerics`) to their source, in order; a text alone is the module
    `headway`. Its public functions (or only those in `prerequisites`, if given) replace the learner's own of
    that name. A call's inputs are arrays or Python scalars by parameter name. `keep` also returns the inputs
    as they are after the call; `count` also counts the call's Python events, and audits its calls into C.
    `time` has no calls of its own: a session brings them, round by round. Before the calls numbered in
    `fresh` the statements run anew, in a module of their own.
    """

    statements: Sequence[Piece]
    function: str
    calls: Sequence[Mapping[str, object]]
    prelude: str | Mapping[str, str] = ""
    prerequisites: tuple[str, ...] | None = None
    mode: Literal["call", "keep", "count", "time"] = "call"
    limits: Limits = Limits()
    fresh: tuple[int, ...] = ()


@dataclass(frozen=True)
class Array:
    """A plain numpy array that the judge made from bytes; `scalar` if it was a numpy number."""

    data: np.ndarray
    scalar: bool = False


@dataclass(frozen=True)
class Scalar:
    """A Python number."""

    value: bool | int | float | complex


@dataclass(frozen=True)
class Tuple:
    parts: tuple["Value", ...]


@dataclass(frozen=True)
class Other:
    """Anything else (None, lists, subclasses, object arrays …): only a name and a short text came out."""

    type_name: str
    text: str = ""


Value = Array | Scalar | Tuple | Other


@dataclass(frozen=True)
class Returned:
    """What a call returned; `kept` are its inputs after the call, in mode `keep`."""

    value: Value
    kept: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Raised:
    """An exception in the learner's code, with the deepest line of theirs (0: none of their lines).

    Of any failed allocation the type is `MemoryError`. `binds` are the names that a failed statement would
    have bound.
    """

    type: str
    message: str
    line: int = 0
    cell: str = ""
    binds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counted:
    """What Python did during a counted call, and what the call returned (None if it did not)."""

    counts: Counts
    value: Value | None = None


@dataclass(frozen=True)
class Timed:
    """What the calls of one round returned, and what the worker says of it.

    took_ns is the CPU time that went into them, without hearing the word and sending them; peak_bytes the
    most memory that numpy and Python held beyond what they had before (0 where that was not asked).
    """

    values: tuple[Value, ...]
    took_ns: int
    peak_bytes: int = 0


Result = Returned | Raised | Counted | Timed
Enough = Callable[[Sequence[Result]], bool]  # whether no more is wanted than these first results of a run


class End(StrEnum):
    """How a run ended. All but `sandbox-fault` are the doing of the code that ran."""

    FINISHED = "finished"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    DIED = "died"
    FLOODED = "flooded"
    REFUSED = "refused"
    BROKEN_PROTOCOL = "broken-protocol"
    SANDBOX_FAULT = "sandbox-fault"


@dataclass(frozen=True)
class Layer:
    """One layer of isolation: is it active, and how or why not."""

    name: str
    active: bool
    why: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a run showed. Results are in the order of the calls; an early end leaves out the last."""

    end: End
    results: tuple[Result, ...] = ()
    import_errors: tuple[Raised, ...] = ()
    stdout: str = ""
    detail: str = ""
    cpu_seconds: float = 0.0
    layers: tuple[Layer, ...] = ()
