"""What a worker does with a job: run what comes before, call the learner's function, send bytes.

A frame is the length of its header (4 bytes), the header (JSON), and raw bytes. Whatever is sent after the
frame `ready` may have been forged by the learner's code, and is believed as little as a result is.
"""

import __future__

import ast
import builtins
import gc
import json
import os
import struct
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from inspect import CO_VARKEYWORDS
from itertools import starmap
from types import CodeType, FunctionType, ModuleType, TracebackType

import numpy as np
from headway_course.judging.audit import Audit, rewritten
from headway_course.judging.loops import count_events

from headway_grader.sandbox.describe import Description, Flood
from headway_grader.sandbox.guard import Guard, learners_builtins

LENGTH = struct.Struct("<I")
_FLAGS = __future__.annotations.compiler_flag  # an annotation with a name that is not at hand costs nothing
# Bound before a learner's code runs, which may rebind the names of modules.
_dumps, _loads = json.dumps, json.loads
_empty = np.empty
_cpu_ns = time.thread_time_ns  # exact, where that of the process may lag behind; there is one thread


@dataclass(frozen=True)
class Channel:
    """The way out: frames are written as they come, so that a later death does not take them along."""

    write: Callable[[bytes], object]
    largest: int
    words: "Words | None" = None

    def send(self, header: dict, payload: bytes = b"") -> None:
        text = _dumps(header).encode()
        self.write(LENGTH.pack(len(text)) + text + payload)


@dataclass(frozen=True)
class Words:
    """What the judge says while a job is timed: the inputs of a round, and the word to begin.

    read takes so many bytes from a pipe, or none at its end; document fills a buffer from a file in memory,
    from a position on.
    Results lie in memory that is shared with the judge, since a pipe costs more than many a function.
    """

    read: Callable[[int], bytes]
    document: Callable[[memoryview, int], object]
    results: memoryview

    def rounds(self) -> Iterator[tuple[dict, list[dict]]]:
        """What each round is about, and the arguments of its calls; ends when the judge hangs up."""
        while length := self.read(4):
            header = _loads(self.read(LENGTH.unpack(length)[0]))
            yield header, list(_inputs(header["calls"], self.document, 0))

    def go(self) -> bool:
        """Waits for the word; False if the judge has hung up."""
        return bool(self.read(1))

    def lay_down(self, parts: list) -> None:
        """Puts results where the judge finds them, one after the other; raises Flood if there is no room."""
        position = 0
        for part in parts:
            end = position + len(part)
            if end > len(self.results):
                raise Flood
            self.results[position:end] = part
            position = end


def run(blob: bytes, channel: Channel, guarded: bool = False) -> None:
    """Runs a job, as `wire.encode_job` wrote it; guarded if this process does nothing else afterwards."""
    size = LENGTH.unpack_from(blob)[0]
    job = json.loads(blob[4 : 4 + size])
    calls = _inputs(job["calls"], partial(_fill, memoryview(blob)), 4 + size)
    guard = Guard(readers=(_deepest.__code__,))
    known = learners_builtins(guard.tried) if guarded else vars(builtins)
    try:
        public = _run_prelude(job["prelude"], job["prerequisites"], known)
    except Exception as error:
        channel.send({"frame": "fault", "message": f"the prerequisites raised {error!r}"})
        return
    cells = {piece["filename"] for piece in job["statements"]}
    audit = Audit(cells) if job["mode"] == "count" else None
    pieces = [(p, _compiled(p, audit is not None)) for p in job["statements"] if not _given(p, public)]
    statements = _Statements(pieces, public, known, cells, guard, audit)
    channel.send({"frame": "ready"})
    if guarded:
        guard.install()
    namespace = statements.run()
    for failed in statements.failed:
        channel.send({"frame": "import-error", **failed})
    answer = _Answer(namespace, job["function"], job["mode"], cells, channel, guard, audit, statements.steps)
    if channel.words:
        answer.rounds(channel.words)
        return
    for number, inputs in enumerate(calls):
        if number in job["fresh"]:
            answer = replace(answer, namespace=statements.run(), before=statements.steps)
        answer.call(number, inputs)
        if guard.tried:
            channel.send({"frame": "refused", "event": guard.tried[0]})
            return
    channel.send({"frame": "done"})


def _inputs(calls: list, fill: Callable[[memoryview, int], object], offset: int) -> Iterator[dict]:
    """Fresh arguments for each call, made when it is due; fill brings bytes from an offset into a buffer."""
    for call in calls:
        arguments = {}
        for name, (dtype, shape_or_value) in call.items():
            if dtype is None:
                arguments[name] = shape_or_value
                continue
            a = arguments[name] = _empty(shape_or_value, dtype)
            if a.nbytes:
                fill(a.reshape(-1).view("B").data, offset)
            offset += a.nbytes
        yield arguments


def _fill(blob: memoryview, buffer: memoryview, offset: int) -> None:
    buffer[:] = blob[offset : offset + len(buffer)]


def _learner_module(known: Mapping[str, object]) -> dict:
    module = ModuleType("submission")
    module.__builtins__ = dict(known)
    sys.modules["submission"] = module  # dataclasses look their module up there
    return module.__dict__


def _run_prelude(
    prelude: Mapping[str, str], names: list | None, known: Mapping[str, object]
) -> dict[str, FunctionType]:
    """Makes the package `headway` of the prerequisites alone; returns its functions, for the learner."""
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
    return public if names is None else {name: public[name] for name in names}


def _given(piece: dict, replaced: Mapping) -> bool:
    """Whether the library's functions stand for all that a statement binds."""
    return bool(piece["binds"]) and replaced.keys() >= set(piece["binds"])


def _compiled(piece: dict, audited: bool) -> CodeType | Exception:
    """A statement ready to run; audited, with its calls rewritten."""
    source, file = "\n" * (piece["line"] - 1) + piece["source"], piece["filename"]
    try:
        if audited:
            source = rewritten(ast.parse(source, file).body, file)
        return compile(source, file, "exec", _FLAGS, dont_inherit=True)
    except Exception as error:
        return error


@dataclass
class _Statements:
    """The learner's statements, which can run more than once, each time in a module of their own.

    `failed` says what raised in the last run, `steps` how much Python did in it, if it is audited.
    """

    pieces: list
    public: Mapping[str, FunctionType]
    known: Mapping[str, object]
    cells: set
    guard: Guard
    audit: Audit | None
    failed: list[dict] = field(default_factory=list)
    steps: int = 0

    def run(self) -> dict:
        """Runs them; one that raises is reported, and the rest goes on without it. Returns their names.

        What the library stands for is bound again after a statement that binds it beside other names.
        """
        namespace = _learner_module({**self.known, **(self.audit.names if self.audit else {})})
        namespace.update(self.public)
        self.failed, self.steps = [], 0
        for piece, code in self.pieces:
            try:
                if type(code) is not CodeType:
                    raise code
                self._run_one(code, namespace)
            except BaseException as error:
                self.failed.append({**_raised(error, self.cells), "binds": piece["binds"]})
            for name in self.public.keys() & piece["binds"]:
                namespace[name] = self.public[name]
        return namespace

    def _run_one(self, code: CodeType, namespace: dict) -> None:
        self.guard.own.append(code)
        if self.audit is None:
            exec(code, namespace)
            return
        raised: list[BaseException] = []

        def attempt() -> None:
            try:
                exec(code, namespace)
            except BaseException as error:
                raised.append(error)

        self.guard.tracing = 2  # on and off
        counts = count_events(attempt, {}, self.audit)
        again = (runs - 1 for (file, _), runs in counts.by_line.items() if file in self.cells)
        self.steps += sum(again) + counts.handed_on
        for error in raised:
            raise error


@dataclass(frozen=True)
class _Answer:
    """The learner's function, and how it is called."""

    namespace: dict
    name: str
    mode: str
    cells: set
    channel: Channel
    guard: Guard
    audit: Audit | None = None
    before: int = 0

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

    def rounds(self, words: Words) -> None:
        """Round after round: makes the arguments, waits for the word, calls, and sends the results."""
        for header, calls in words.rounds():
            try:
                fitted = [_fitted(self.namespace[self.name], inputs) for inputs in calls]
                self.channel.send({"frame": "set"})
                if not words.go():
                    return
                timed, description = self._timed(fitted, header["peak"])
                words.lay_down(description.parts)
                self.channel.send(timed)
            except Flood:
                self.channel.send({"frame": "flood"})
            except BaseException as error:
                self.channel.send({"frame": "raised", "call": 0, **_raised(error, self.cells)})
            if self.guard.tried:
                self.channel.send({"frame": "refused", "event": self.guard.tried[0]})
                return

    def _timed(self, fitted: list[tuple], peak: bool) -> tuple[dict, Description]:
        description = Description(self.channel.largest)
        if peak:
            tracemalloc.start()
        began = _cpu_ns()
        results = [_solid(function(**arguments)) for function, arguments in fitted]
        took = _cpu_ns() - began
        most = tracemalloc.get_traced_memory()[1] if peak else 0
        tracemalloc.stop()
        values = [description.of(result) for result in results]
        return {"frame": "timed", "values": values, "peak": most, "took": took}, description

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
        counts = count_events(call, {}, self.audit)
        header = {
            "total": counts.total,
            "lines": [[cell, line, n] for (cell, line), n in counts.by_line.items()],
            "calls": [[*place, n] for place, n in counts.by_call.items()],
            "capped": counts.capped,
            "before": self.before,
            "raised": counts.raised or ("" if results or counts.capped else "StopIteration"),
        }
        description = Description(self.channel.largest)
        return header | {"value": description.of(*results) if results else None}, description.payload


def _solid(result: object) -> object:
    """A result that is not a view: what a view saves must be copied sooner or later."""
    if type(result) is tuple:
        return tuple(map(_solid, result))
    return result.copy() if type(result) is np.ndarray and not result.flags.c_contiguous else result


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


def read_all(descriptor: int, count: int) -> bytes:
    """So many bytes, or none if the other side hangs up."""
    data = b""
    while len(data) < count:
        more = os.read(descriptor, count - len(data))
        if not more:
            return b""
        data += more
    return data


def read_into(descriptor: int, buffer: memoryview, position: int) -> None:
    """Fills a buffer from a file, from this position on."""
    while buffer:
        read = os.preadv(descriptor, [buffer], position)
        if not read:
            raise EOFError
        buffer, position = buffer[read:], position + read


def write_all(descriptor: int, data: bytes) -> None:
    """Writes everything, however often a pipe is full."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
