"""Between judge and worker: jobs as bytes, and the strict reading of whatever a worker sends back.

Nothing here evaluates, unpickles or believes anything. Bytes that do not follow the protocol raise Broken.
"""

import json
import math
import struct
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

import numpy as np
from headway_course.judging.loops import Counts

from headway_grader.sandbox.forms import (
    Array,
    Counted,
    Job,
    Other,
    Raised,
    Result,
    Returned,
    Scalar,
    Timed,
    Tuple,
    Value,
)

Bytes = bytes | memoryview

_LENGTH = struct.Struct("<I")
_LARGEST_HEADER = 256 << 10
_LONGEST_MESSAGE = 500
_DTYPES = {np.dtype(c).str for c in "?bhilqBHILQefdgFDG"} | {
    np.dtype(c).newbyteorder().str for c in "hilqefdFD"
}


class Broken(Exception):
    """The bytes do not follow the protocol."""


class Refused(Exception):
    """The learner's code reached for the interpreter; the text says how."""


class Flooded(Exception):
    """More bytes than the limits allow."""


def encode_job(job: Job) -> bytes:
    """A job as the worker reads it: the length of a JSON header, the header, and the arrays' bytes."""
    arrays: list[Bytes] = []
    header = {
        "prelude": {"": job.prelude} if isinstance(job.prelude, str) else dict(job.prelude),
        "prerequisites": job.prerequisites,
        "statements": [
            {"source": p.source, "filename": p.filename, "line": p.line, "binds": list(p.binds)}
            for p in job.statements
        ],
        "function": job.function,
        "mode": job.mode,
        "fresh": job.fresh,
        "calls": [{name: _input(value, arrays) for name, value in call.items()} for call in job.calls],
    }
    text = json.dumps(header).encode()
    return b"".join([_LENGTH.pack(len(text)), text, *arrays])


def encode_round(calls: Sequence[Mapping[str, object]], peak: bool) -> tuple[bytes, list[Bytes]]:
    """The inputs of a round that is timed: what to say of them, and the arrays' bytes, one by one."""
    arrays: list[Bytes] = []
    described = [{name: _input(value, arrays) for name, value in call.items()} for call in calls]
    header = {"calls": described, "peak": peak}
    text = json.dumps(header).encode()
    return _LENGTH.pack(len(text)) + text, arrays


def _input(value: object, arrays: list[Bytes]) -> tuple:
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
        as_it_is = value.ndim and value.size and value.flags.c_contiguous
        arrays.append(value.data.cast("B") if as_it_is else value.tobytes())
        return value.dtype.str, value.shape
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or type(value) in (bool, int, float, str):
        return None, value
    raise TypeError(f"an input must be an array of numbers or a Python scalar, not {value!r:.200}")


def printable(text: str, longest: int = _LONGEST_MESSAGE, keep: str = "") -> str:
    """Text that no terminal or page can be tricked with: what does not print is escaped."""
    if text.isprintable() and len(text) <= longest:
        return text
    shown = "".join(c if c.isprintable() or c in keep else ascii(c)[1:-1] for c in text[:longest])
    return shown if len(text) <= longest else shown + "…"


class Reader:
    """Puts together the results of one job from the bytes of its worker, as they come."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.ready = self.done = self.set = False
        self.fault = ""
        self.results: list[Result] = []
        self.import_errors: list[Raised] = []
        self.shared: Callable[[int], Bytes] = bytes  # where a worker that is timed leaves its results
        self._due_result = "counted" if job.mode == "count" else "returned"
        self._buffer = bytearray()
        self._parts = self._read()
        self._due = next(self._parts)
        self._received = 0

    def feed(self, data: bytes) -> None:
        """Takes more bytes; raises Broken or Flooded."""
        self._received += len(data)
        if self._received > self.job.limits.result_bytes:
            raise Flooded
        self._buffer += data
        try:
            while len(self._buffer) >= self._due and not self.done:
                part = bytes(self._buffer[: self._due])
                del self._buffer[: self._due]
                self._due = self._parts.send(part)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError) as error:
            raise Broken(f"{type(error).__name__} in a frame") from error
        if self.done and self._buffer:
            raise Broken("bytes after the end")

    def begin_round(self) -> None:
        """Forgets the round before, which was read to its end."""
        self.set = False
        self.results.clear()
        self._received = 0

    def _read(self) -> Generator[int, bytes, None]:
        """The protocol: yields how many bytes it needs next, and is sent them."""
        while True:
            size = _LENGTH.unpack((yield 4))[0]
            if not 2 <= size <= _LARGEST_HEADER:
                raise Broken(f"a header of {size} bytes")
            header = _decode((yield size).decode())
            due = sum(_bytes(form) for form in _forms(header))
            if due > self.job.limits.result_bytes:
                raise Flooded
            self._frame(header, (yield due) if due else b"")

    def _frame(self, header: dict, payload: bytes) -> None:
        kind = header["frame"]
        if kind == "fault" and not self.ready:
            self.fault = printable(_text(header["message"]))
        elif kind == "ready" and not self.ready:
            self.ready = True
        elif not self.ready:
            raise Broken("a frame before the first")
        elif kind == "import-error" and len(self.import_errors) < len(self.job.statements):
            self.import_errors.append(_raised(header, tuple(_text(name) for name in header["binds"])))
        elif self.job.mode == "time" and kind in ("set", "timed", "raised"):
            self._of_round(kind, header)
        elif kind == "raised" or kind == self._due_result:
            if header["call"] != len(self.results) or len(self.results) == len(self.job.calls):
                raise Broken("a result out of place")
            self.results.append(_RESULTS[kind](header, payload))
        elif kind == "flood":
            raise Flooded
        elif kind == "refused":
            raise Refused(printable(_text(header["event"]), 100))
        elif kind == "done" and len(self.results) == len(self.job.calls):
            self.done = True
        else:
            raise Broken("a frame out of place")

    def _of_round(self, kind: str, header: dict) -> None:
        if self.results or (kind == "set" and self.set) or (kind == "timed" and not self.set):
            raise Broken("a frame of another round")
        if kind == "set":
            self.set = True
        elif kind == "timed":
            self.results.append(_timed(header, self.shared, self.job.limits.result_bytes))
        else:
            self.results.append(_raised(header))


def _refuse(constant: str) -> None:
    raise Broken(f"{constant} in a header")


def _forms(header: dict) -> Iterator[dict]:
    """The values that a frame announces, in the order of their bytes."""
    if type(header) is not dict:
        raise Broken("a header that is no object")
    if header.get("frame") in ("returned", "counted") and header["value"] is not None:
        kept = header.get("kept", {})
        yield from _single((header["value"], *kept.values()))


def _single(forms: Iterable[dict]) -> Iterator[dict]:
    for form in forms:
        yield from form["parts"] if form["form"] == "tuple" else (form,)


def _bytes(form: dict) -> int:
    if form["form"] == "other":
        return 0
    if form["dtype"] not in _DTYPES:
        raise Broken("a dtype that is no number's")
    return np.dtype(form["dtype"]).itemsize * math.prod(_shape(form))


def _shape(form: dict) -> tuple[int, ...]:
    shape = form["shape"] if form["form"] == "array" else []
    if (
        type(shape) is not list
        or len(shape) > 32
        or not all(type(n) is int and 0 <= n < 2**40 for n in shape)
    ):
        raise Broken("a shape that no array has")
    return tuple(shape)


def _returned(header: dict, payload: Bytes) -> Returned:
    reader = _payload(payload)
    value = _value(header["value"], reader)
    kept = {_text(name): _value(form, reader) for name, form in header.get("kept", {}).items()}
    return Returned(value, kept)


def _payload(payload: Bytes) -> Callable[[int], memoryview]:
    """Takes from bytes one piece after the other: memory of the judge's own, where nobody else writes."""
    own, position = memoryview(bytearray(payload) if isinstance(payload, bytes) else payload), 0

    def take(count: int) -> memoryview:
        nonlocal position
        position += count
        return own[position - count : position]

    return take


def _value(form: dict, take: Callable[[int], memoryview]) -> Value:
    match form["form"]:
        case "tuple":
            if len(form["parts"]) > 64 or any(part["form"] == "tuple" for part in form["parts"]):
                raise Broken("a tuple of tuples")
            return Tuple(tuple(_value(part, take) for part in form["parts"]))
        case "other":
            return Other(printable(_text(form["type"]), 200), printable(_text(form["text"]), 200))
        case "scalar":
            return Scalar(_array(form, take).item())
        case "array":
            if form["scalar"] is True and form["shape"]:
                raise Broken("a number with axes")
            return Array(_array(form, take), form["scalar"] is True)
    raise Broken("a form that there is not")


def _array(form: dict, take: Callable[[int], memoryview]) -> np.ndarray:
    dtype = np.dtype(form["dtype"])
    raw = take(_bytes(form))
    if dtype.kind == "b":  # a bool that is neither 0 nor 1 would confuse numpy
        return (np.frombuffer(raw, np.uint8) != 0).reshape(_shape(form))
    return np.frombuffer(raw, dtype).reshape(_shape(form))


def _raised(header: dict, binds: tuple[str, ...] = ()) -> Raised:
    kind, message, cell = (printable(_text(header[key])) for key in ("type", "message", "cell"))
    return Raised(kind, message, _count(header["line"]), cell, tuple(printable(name, 100) for name in binds))


def _counted(header: dict, payload: bytes) -> Counted:
    lines = {(printable(_text(cell)), _count(line)): _count(n) for cell, line, n in header["lines"]}
    by_call = {
        (printable(_text(cell)), _count(line), printable(_text(called))): _count(n)
        for cell, line, called, n in header["calls"]
    }
    counts = Counts(
        _count(header["total"]),
        lines,
        header["capped"] is True,
        printable(_text(header["raised"])),
        by_call,
        _count(header["before"]),
    )
    value = header["value"]
    return Counted(counts, None if value is None else _value(value, _payload(payload)))


def _timed(header: dict, shared: Callable[[int], Bytes], most: int) -> Timed:
    """What came out of a round, whose bytes are in memory that the worker shares; most is how many."""
    due = sum(_bytes(form) for form in _single(header["values"]))
    if due > most:
        raise Broken("more bytes than are shared")
    reader = _payload(shared(due))
    values = tuple(_value(form, reader) for form in header["values"])
    return Timed(values, _count(header["took"]), _count(header["peak"]))


def _text(text: object) -> str:
    if type(text) is not str:
        raise Broken("no text where one is due")
    return text


def _count(n: object) -> int:
    if type(n) is not int or not 0 <= n < 2**62:
        raise Broken("no count where one is due")
    return n


_decode = json.JSONDecoder(parse_constant=_refuse).decode
_RESULTS: Mapping[str, Callable[[dict, bytes], Result]] = {
    "returned": _returned,
    "raised": lambda header, payload: _raised(header),
    "counted": _counted,
}
