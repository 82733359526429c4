"""What a worker does with a job: run what comes before, call the learner's function, send bytes.

A frame is the length of its header (4 bytes), the header (JSON), and raw bytes. Whatever is sent after the
frame `ready` may have been forged by the learner's code, and is believed as little as a result is.
"""

import __future__

import gc
import json
import os
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import starmap
from types import FunctionType, ModuleType

import numpy as np
from headway_course.judging.loops import count_events

from headway_grader.sandbox.describe import Description, Flood

LENGTH = struct.Struct("<I")
_FLAGS = __future__.annotations.compiler_flag  # an annotation with a name that is not at hand costs nothing
_dumps = json.dumps


@dataclass(frozen=True)
class Channel:
    """The way out: frames are written as they come, so that a later death does not take them along."""

    write: Callable[[bytes], object]
    largest: int

    def send(self, header: dict, payload: bytes = b"") -> None:
        text = _dumps(header).encode()
        self.write(LENGTH.pack(len(text)) + text + payload)


def run(blob: bytes, channel: Channel) -> None:
    """Runs a job, as `wire.encode_job` wrote it."""
    size = LENGTH.unpack_from(blob)[0]
    job = json.loads(blob[4 : 4 + size])
    calls = _inputs(job["calls"], blob, 4 + size)
    namespace = _learner_module()
    try:
        replaced = _run_prelude(job["prelude"], job["prerequisites"], namespace)
    except Exception as error:
        channel.send({"frame": "fault", "message": f"the prerequisites raised {error!r}"})
        return
    channel.send({"frame": "ready"})
    cells = {piece["filename"] for piece in job["statements"]}
    for failed in _run_statements(job["statements"], replaced, namespace, cells):
        channel.send({"frame": "import-error", **failed})
    answer = _Answer(namespace, job["function"], job["mode"], cells, channel)
    for number, inputs in enumerate(calls):
        answer.call(number, inputs)
    channel.send({"frame": "done"})


def _inputs(calls: list, blob: bytes, offset: int) -> Iterator[dict]:
    """Fresh arguments for each call, made when it is due."""
    for call in calls:
        arguments = {}
        for name, (dtype, shape_or_value) in call.items():
            if dtype is None:
                arguments[name] = shape_or_value
                continue
            count = 1
            for size in shape_or_value:
                count *= size
            a = np.frombuffer(blob, dtype, count, offset) if count else np.empty(0, dtype)
            arguments[name] = a.reshape(shape_or_value).copy()
            offset += a.nbytes
        yield arguments


def _learner_module() -> dict:
    module = ModuleType("submission")
    sys.modules["submission"] = module  # dataclasses look their module up there
    return module.__dict__


def _run_prelude(prelude: Mapping[str, str], names: list | None, namespace: dict) -> frozenset[str]:
    """Makes the package `headway` of the prerequisites alone, and binds its functions for the learner."""
    package = sys.modules["headway"] = ModuleType("headway")
    package.__path__ = []
    public = {}
    for name, source in prelude.items():
        module = package
        if name:
            module = sys.modules[f"headway.{name}"] = ModuleType(f"headway.{name}")
            setattr(package, name, module)
        exec(compile(source, f"<{module.__name__}>", "exec", dont_inherit=True), module.__dict__)
        public |= {
            key: value
            for key, value in vars(module).items()
            if type(value) is FunctionType and value.__module__ == module.__name__ and key[0] != "_"
        }
    if names is not None:
        public = {name: public[name] for name in names}
    namespace.update(public)
    return frozenset(public)


def _run_statements(pieces: list, replaced: frozenset, namespace: dict, cells: set) -> Iterator[dict]:
    """Runs the learner's statements; one that raises is reported, and the rest goes on without it."""
    for piece in pieces:
        if piece["binds"] and replaced.issuperset(piece["binds"]):
            continue
        source = "\n" * (piece["line"] - 1) + piece["source"]
        try:
            exec(compile(source, piece["filename"], "exec", _FLAGS, dont_inherit=True), namespace)
        except BaseException as error:
            yield {**_raised(error, cells), "binds": piece["binds"]}


@dataclass(frozen=True)
class _Answer:
    """The learner's function, and how it is called."""

    namespace: dict
    name: str
    mode: str
    cells: set
    channel: Channel

    def call(self, number: int, inputs: dict) -> None:
        header, payload = {"frame": "raised", "call": number}, b""
        try:
            function = self.namespace[self.name]
        except KeyError:
            header |= {"type": "NameError", "message": f"name {self.name!r} is not defined"}
            self.channel.send(header | {"line": 0, "cell": ""})
            return
        try:
            if self.mode == "count":
                described, payload = self._counted(function, inputs)
                header = {"frame": "counted", "call": number, **described}
            else:
                described, payload = self._result(function, inputs)
                header = {"frame": "returned", "call": number, **described}
        except Flood:
            header = {"frame": "flood"}
        except BaseException as error:
            header |= _raised(error, self.cells)
        self.channel.send(header, payload)

    def _result(self, function: Callable, inputs: dict) -> tuple[dict, bytes]:
        function, arguments = _fitted(function, inputs)
        description = Description(self.channel.largest)
        header = {"value": description.of(function(**arguments))}
        if self.mode == "keep":
            header["kept"] = {name: description.of(value) for name, value in inputs.items()}
        return header, description.payload

    def _counted(self, function: Callable, inputs: dict) -> tuple[dict, bytes]:
        function, arguments = _fitted(function, inputs)
        results = []
        # Nothing but C between the counter and the function, so that nothing else is counted.
        call = partial(results.extend, starmap(partial(function, **arguments), ((),)))
        gc.disable()  # or the counter turns it on again, and a finalizer runs before the result is read
        counts = count_events(call, {})
        header = {
            "total": counts.total,
            "lines": [[cell, line, n] for (cell, line), n in counts.by_line.items()],
            "capped": counts.capped,
            "raised": counts.raised or ("" if results or counts.capped else "StopIteration"),
        }
        description = Description(self.channel.largest)
        return header | {"value": description.of(*results) if results else None}, description.payload


def _fitted(function: Callable, inputs: dict) -> tuple[Callable, dict]:
    """What to call with which keywords: the inputs' names where the learner kept them, else their order."""
    code = getattr(function, "__code__", None)
    if code is not None and set(inputs) <= set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]):
        return function, inputs
    return partial(function, *inputs.values()), {}


def _raised(error: BaseException, cells: set) -> dict:
    """Type, message and the deepest line of the learner's; works on the exceptions of hostile classes too."""
    line, cell = 0, ""
    trace = error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if filename in cells:
            line, cell = trace.tb_lineno, filename
        trace = trace.tb_next
    name = "MemoryError" if isinstance(error, MemoryError) else type(error).__name__
    try:
        message = str(error)[:2000]
    except BaseException:
        message = ""
    return {"type": str(name)[:200], "message": message, "line": line or 0, "cell": cell}


def write_all(descriptor: int, data: bytes) -> None:
    """Writes everything, however often a pipe is full."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
