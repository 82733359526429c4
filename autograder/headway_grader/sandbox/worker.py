"""What a worker does with a job: run what comes before, call the learner's function, send bytes.

A frame is the length of its header (4 bytes), the header (JSON), and raw bytes. Whatever is sent after the
frame `ready` may have been forged by the learner's code, and is believed as little as a result is.
"""

import __future__

import builtins
import gc
import json
import os
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from inspect import CO_VARKEYWORDS
from itertools import starmap
from types import CodeType, FunctionType, ModuleType, TracebackType

import numpy as np
from headway_course.judging.loops import count_events

from headway_grader.sandbox.describe import Description, Flood
from headway_grader.sandbox.guard import Guard, learners_builtins

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


def run(blob: bytes, channel: Channel, guarded: bool = False) -> None:
    """Runs a job, as `wire.encode_job` wrote it; guarded if this process does nothing else afterwards."""
    size = LENGTH.unpack_from(blob)[0]
    job = json.loads(blob[4 : 4 + size])
    calls = _inputs(job["calls"], blob, 4 + size)
    guard = Guard(readers=(_deepest.__code__,))
    known = learners_builtins(guard.tried) if guarded else vars(builtins)
    namespace = _learner_module(known)
    try:
        replaced = _run_prelude(job["prelude"], job["prerequisites"], namespace, known)
    except Exception as error:
        channel.send({"frame": "fault", "message": f"the prerequisites raised {error!r}"})
        return
    cells = {piece["filename"] for piece in job["statements"]}
    pieces = [(piece, _compiled(piece)) for piece in job["statements"] if not _given(piece, replaced)]
    guard.own += [code for _, code in pieces if type(code) is CodeType]
    channel.send({"frame": "ready"})
    if guarded:
        guard.install()
    for failed in _run_statements(pieces, namespace, replaced, cells):
        channel.send({"frame": "import-error", **failed})
    answer = _Answer(namespace, job["function"], job["mode"], cells, channel, guard)
    for number, inputs in enumerate(calls):
        answer.call(number, inputs)
        if guard.tried:
            channel.send({"frame": "refused", "event": guard.tried[0]})
            return
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


def _learner_module(known: Mapping[str, object]) -> dict:
    module = ModuleType("submission")
    module.__builtins__ = dict(known)
    sys.modules["submission"] = module  # dataclasses look their module up there
    return module.__dict__


def _run_prelude(
    prelude: Mapping[str, str], names: list | None, namespace: dict, known: Mapping[str, object]
) -> dict[str, FunctionType]:
    """Makes the package `headway` of the prerequisites alone, and binds its functions for the learner."""
    package = sys.modules["headway"] = ModuleType("headway")
    package.__path__ = []
    public = {}
    for name, source in prelude.items():
        module = package
        if name:
            module = sys.modules[f"headway.{name}"] = ModuleType(f"headway.{name}")
            setattr(package, name, module)
        module.__builtins__ = dict(known)
        exec(compile(source, f"<{module.__name__}>", "exec", dont_inherit=True), module.__dict__)
        public |= {
            key: value
            for key, value in vars(module).items()
            if type(value) is FunctionType and value.__module__ == module.__name__ and key[0] != "_"
        }
    if names is not None:
        public = {name: public[name] for name in names}
    namespace.update(public)
    return public


def _given(piece: dict, replaced: Mapping) -> bool:
    """Whether the library's functions stand for all that a statement binds."""
    return bool(piece["binds"]) and replaced.keys() >= set(piece["binds"])


def _compiled(piece: dict) -> CodeType | Exception:
    source = "\n" * (piece["line"] - 1) + piece["source"]
    try:
        return compile(source, piece["filename"], "exec", _FLAGS, dont_inherit=True)
    except Exception as error:
        return error


def _run_statements(pieces: list, namespace: dict, replaced: Mapping, cells: set) -> Iterator[dict]:
    """Runs the learner's statements; one that raises is reported, and the rest goes on without it.

    What the library stands for is bound again after a statement that binds it beside other names.
    """
    for piece, code in pieces:
        try:
            if type(code) is not CodeType:
                raise code
            exec(code, namespace)
        except BaseException as error:
            yield {**_raised(error, cells), "binds": piece["binds"]}
        for name in replaced.keys() & piece["binds"]:
            namespace[name] = replaced[name]


@dataclass(frozen=True)
class _Answer:
    """The learner's function, and how it is called."""

    namespace: dict
    name: str
    mode: str
    cells: set
    channel: Channel
    guard: Guard

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
        self.guard.tracing = 2  # on and off
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
    if type(function) is not FunctionType:
        return partial(function, *inputs.values()), {}
    code = function.__code__
    last = code.co_argcount + code.co_kwonlyargcount
    by_name = frozenset(code.co_varnames[code.co_posonlyargcount : last])
    required = frozenset(code.co_varnames[: code.co_argcount - len(function.__defaults__ or ())])
    takes_any = code.co_flags & CO_VARKEYWORDS and required <= by_name.intersection(inputs)
    if takes_any or by_name.issuperset(inputs):
        return function, inputs
    return partial(function, *inputs.values()), {}


def _raised(error: BaseException, cells: set) -> dict:
    """Type, message and the deepest line of the learner's; works on the exceptions of hostile classes too."""
    line, cell = _deepest(error.__traceback__, cells)
    name = "MemoryError" if isinstance(error, MemoryError) else type(error).__name__
    try:
        message = str(error)[:2000]
    except BaseException:
        message = ""
    return {"type": str(name)[:200], "message": message, "line": line or 0, "cell": cell}


def _deepest(trace: TracebackType | None, cells: set) -> tuple[int, str]:
    line, cell = 0, ""
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if filename in cells:
            line, cell = trace.tb_lineno, filename
        trace = trace.tb_next
    return line, cell


def write_all(descriptor: int, data: bytes) -> None:
    """Writes everything, however often a pipe is full."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
