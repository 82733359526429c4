"""The warm process: has numpy loaded, sits in an empty root, and forks one worker for each job.

It never sees a job: the judge hands it the ends of pipes, which only the worker reads and writes.
"""

import contextlib
import gc
import importlib
import json
import mmap
import os
import platform
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib.machinery import BuiltinImporter, FrozenImporter
from itertools import pairwise

import numpy as np

from headway_grader.sandbox import guard, kernel, memory, seccomp, worker
from headway_grader.sandbox.forms import Job, Piece
from headway_grader.sandbox.watch import FORK, OUT_OF_MEMORY
from headway_grader.sandbox.wire import encode_job

# What an answer may import, and what Python and numpy import on first use: afterwards there are no files.
PRELOADED = """
math typing dataclasses collections collections.abc functools itertools operator
abc bisect contextlib copy datetime decimal enum fractions heapq inspect keyword linecache numbers random re
reprlib statistics string textwrap time tokenize traceback tracemalloc types unicodedata warnings weakref
encodings.ascii encodings.latin_1 encodings.utf_8 encodings.unicode_escape encodings.raw_unicode_escape
encodings.utf_16 encodings.utf_16_le encodings.utf_32 encodings.utf_32_le
numpy numpy.char numpy.dtypes numpy.exceptions numpy.fft numpy.lib numpy.lib.stride_tricks numpy.linalg
numpy.ma numpy.polynomial numpy.random numpy.rec numpy.strings numpy.typing
"""

JOB_BOUNDS = (resource.RLIMIT_AS, resource.RLIMIT_CPU)
BOUNDS = {
    resource.RLIMIT_STACK: 16 << 20,
    resource.RLIMIT_NPROC: 1,
    resource.RLIMIT_NOFILE: 16,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_MEMLOCK: 0,
    resource.RLIMIT_MSGQUEUE: 0,
}

# Run once before forking: what it touches first need not be touched by every worker.
REHEARSAL = Job(
    (Piece("def norm(X):\n    return np.sqrt((X**2).sum(axis=-1, keepdims=True))", "rehearsal", 1),),
    "norm",
    [{"X": np.ones((2, 3))}],
    prelude="import numpy as np",
)


@dataclass
class Isolation:
    """Attempts layers and remembers what came of each."""

    without: frozenset[str]
    layers: dict[str, tuple[bool, str]] = field(default_factory=dict)

    def attempt(self, name: str, step: Callable[[], str]) -> bool:
        if name in self.without:
            self.layers[name] = (False, "switched off")
            return False
        try:
            self.layers[name] = (True, step())
        except Exception as error:  # whatever it is, the layer is not there, and the judge weighs that
            self.layers[name] = (False, getattr(error, "strerror", None) or str(error))
        return self.layers[name][0]


def main(control: str, without: str) -> None:
    """Isolates itself, tells the judge what is active, and serves until the judge is gone.

    control is the number of a socket's descriptor; without, names of layers with commas between.
    """
    control = socket.socket(fileno=int(control))
    preload()
    # Read while there is /proc; a worker's address space begins with as much.
    size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()  # noqa: SIM115, PTH123
    gc.collect()
    gc.freeze()
    gc.disable()
    isolation = Isolation(frozenset(without.split(",")))
    enter(isolation)
    limited = Limited(isolation, size)
    namespaces = probe(isolation, limited)
    if isolation.layers["audit"][0]:
        guard.hide()
        memory.shut(guard.refuse)
    serve(control, json.dumps({"layers": isolation.layers}).encode(), limited, namespaces)


def serve(control: socket.socket, layers: bytes, limited: "Limited", namespaces: int) -> None:
    """Makes workers, and forks of this process, until the judge is gone."""
    control.send(layers)
    forks = []
    while True:
        packet, descriptors, *_ = socket.recv_fds(control, 4096, 5)
        if not packet:
            for pid in forks:  # whose controls were closed first
                os.waitpid(pid, 0)
            os._exit(0)
        if packet == FORK:
            forks.append(kernel.clone(0))
            if forks[-1] == 0:
                control.close()
                serve(socket.socket(fileno=descriptors[0]), layers, limited, namespaces)
            os.close(descriptors[0])
        elif len(descriptors) > 2:  # else the word to end a worker that had ended already
            employ(control, descriptors, json.loads(packet), limited, namespaces)


def employ(
    control: socket.socket, descriptors: list[int], limits: dict, limited: "Limited", namespaces: int
) -> None:
    """Makes a worker, and tells the judge how it ended."""
    pid = kernel.clone(namespaces)
    if pid == 0:
        work(descriptors, limits, limited)
    for descriptor in descriptors:
        os.close(descriptor)
    if len(descriptors) > 3:
        control.send(json.dumps({"pid": pid}).encode())
    control.send(json.dumps(watch(pid, control)).encode())


def preload() -> None:
    """Loads everything that a learner's code may come to need, and runs a little of it."""
    for name in PRELOADED.split():
        importlib.import_module(name)
    np.linalg.inv(np.eye(300)) @ np.eye(300)  # makes the buffers of BLAS
    worker.run(encode_job(REHEARSAL), worker.Channel(lambda data: None, 1 << 20))
    for name in ("submission", "headway"):
        del sys.modules[name]
    sys.argv[:], sys.orig_argv[:], sys.path[:] = [""], [""], []
    sys.meta_path[:] = [BuiltinImporter, FrozenImporter]
    sys.path_importer_cache.clear()


def enter(isolation: Isolation) -> None:
    """The layers that all workers share."""
    isolation.attempt("uid", kernel.drop_root)
    isolation.attempt("user", kernel.enter_user_namespace)
    isolation.attempt("mount", kernel.enter_empty_root)
    isolation.attempt("net", kernel.enter_empty_network)
    isolation.attempt("no_new_privs", kernel.forbid_new_privileges)
    isolation.attempt("capabilities", kernel.bound_capabilities)


class Limited:
    """The layers that a worker puts on itself, the last one forbidding the others; made ready once."""

    def __init__(self, isolation: Isolation, size: int) -> None:
        self.isolation = isolation
        self.size = size
        isolation.attempt("rlimits", self._read_bounds)
        isolation.attempt("landlock", self._make_ruleset)
        isolation.attempt("seccomp", self._assemble)
        isolation.attempt("audit", lambda: "the interpreter is out of reach")

    def steps(self, limits: dict) -> dict[str, Callable[[], str]]:
        """Those of the layers that could be made ready."""
        steps = {
            "rlimits": lambda: self._limit(limits),
            "landlock": lambda: kernel.enter_landlock(self._ruleset),
            "capabilities": kernel.drop_capabilities,
            "seccomp": lambda: kernel.filter_system_calls(self._filter),
        }
        return {name: step for name, step in steps.items() if self.isolation.layers[name][0]}

    def _read_bounds(self) -> str:
        self._hard = {what: resource.getrlimit(what)[1] for what in (*BOUNDS, *JOB_BOUNDS)}
        return "memory, CPU, processes, files"

    def _make_ruleset(self) -> str:
        self._ruleset, how = kernel.make_ruleset()
        return how

    def _assemble(self) -> str:
        self._filter = seccomp.Program.of(seccomp.program(platform.machine()))
        return f"{self._filter.length} instructions"

    def _limit(self, limits: dict) -> None:
        job = dict(zip(JOB_BOUNDS, (self.size + limits["memory_bytes"], limits["cpu_seconds"]), strict=True))
        for what, most in (BOUNDS | job).items():
            hard = self._hard[what]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (most, most))


def probe(isolation: Isolation, limited: Limited) -> int:
    """Tries on a first worker what later ones shall have; returns the namespaces that each gets."""
    namespaces = 0
    for name, flag in (("pid", kernel.NEWPID), ("ipc", kernel.NEWIPC)):
        if isolation.attempt(name, lambda flag=flag: _try_clone(flag)):
            namespaces |= flag
    reader, writer = os.pipe()
    pid = kernel.clone(namespaces)
    if pid == 0:
        failures = {}
        for name, step in limited.steps({"memory_bytes": 1 << 30, "cpu_seconds": 60}).items():
            try:
                step()
            except OSError as error:
                failures[name] = False, error.strerror
        os.write(writer, json.dumps(failures).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as report:
        isolation.layers.update(json.loads(report.read()))
    os.waitpid(pid, 0)
    return namespaces


def _try_clone(flag: int) -> str:
    pid = kernel.clone(flag)
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return "new for every run"


def work(descriptors: list[int], limits: dict, limited: Limited) -> None:
    """The worker's life, from fork to exit. Never returns."""
    try:
        stdout, stderr = sys.stdout, sys.stderr
        guarded = limited.isolation.layers["audit"][0]
        worker.run(*lock_in(descriptors, limits, limited), guarded)
        for stream in (stdout, stderr):
            with contextlib.suppress(Exception):  # the learner's code may have closed it
                stream.flush()
        os._exit(0)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    finally:
        os._exit(os.EX_SOFTWARE)


def lock_in(descriptors: list[int], limits: dict, limited: Limited) -> tuple[bytes, worker.Channel]:
    """Takes the job and gives up everything but a pipe for results and one for output.

    A worker that is timed keeps a pipe for words, the job's file, where it finds the inputs of a round, and
    memory for its results.
    """
    job, results, output, *timed = descriptors
    kept, words = [results], None
    if timed:
        os.dup2(timed[0], 0)
        shared = memoryview(mmap.mmap(timed[1], 0))
        document = partial(worker.read_into, job)
        words = worker.Words(partial(worker.read_all, 0), document, shared)
        kept = [job, results]
    channel = worker.Channel(lambda data: worker.write_all(results, data), limits["result_bytes"], words)
    try:
        blob = os.pread(job, limits["job_bytes"], 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        kernel.die_with_parent()
        for step in limited.steps(limits).values():
            step()
        for first, last in pairwise([2, *sorted(kept), 1024]):
            os.closerange(first + 1, last)
    except BaseException as error:
        channel.send({"frame": "fault", "message": f"a worker could not be set up: {error!r}"})
        os._exit(1)
    return blob, channel


def watch(pid: int, control: socket.socket) -> dict:
    """Waits for a worker to end, and ends it when the judge says so or is gone."""
    worker_end = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(worker_end, select.POLLIN)
    poll.register(control, select.POLLIN)
    while not any(descriptor == worker_end for descriptor, _ in poll.poll()):
        word = control.recv(16)
        os.kill(pid, signal.SIGKILL)
        if not word:
            os._exit(0)
        poll.unregister(control)
    os.close(worker_end)
    _, status, usage = os.wait4(pid, 0)
    return {
        "exit": os.waitstatus_to_exitcode(status),
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * 1024,
    }
