"""The judge's side of the warm process: starts it, hands it jobs, and starts it again when it dies."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

from headway_grader.sandbox.forms import End, Job, Layer, Outcome, SandboxError
from headway_grader.sandbox.watch import Lost, Watch
from headway_grader.sandbox.wire import encode_job, printable

_BOOT = (
    "import socket, sys; sys.path[:0] = sys.argv[3:]; from headway_grader.sandbox.server import main; "
    "main(socket.socket(fileno=int(sys.argv[1])), filter(None, sys.argv[2].split(',')))"
)
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
}
_START_SECONDS = 60
_STOP_SECONDS = 5


class Warm:
    """One warm process; `layers` says what isolates its workers."""

    def __init__(self, without: Iterable[str]) -> None:
        self._without = ",".join(sorted(without))
        self._process: subprocess.Popen | None = None
        self.layers: tuple[Layer, ...] = ()
        self._start()

    def run(self, job: Job) -> Outcome:
        """Runs a job; if the sandbox itself fails over it, once more in a new one."""
        blob = encode_job(job)
        outcome = self._attempt(job, blob)
        if outcome.end is End.SANDBOX_FAULT:
            self.close()
            outcome = self._attempt(job, blob)
        return outcome

    def close(self) -> None:
        """Ends the warm process, and with it every worker."""
        if self._process is None:
            return
        self._control.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        self._said.close()

    def _attempt(self, job: Job, blob: bytes) -> Outcome:
        try:
            if self._process is None:
                self._start()
            return self._run(job, blob)
        except (Lost, SandboxError) as error:
            self.close()
            return Outcome(End.SANDBOX_FAULT, detail=str(error), layers=self.layers)

    def _run(self, job: Job, blob: bytes) -> Outcome:
        with contextlib.ExitStack() as ours:
            with contextlib.ExitStack() as theirs:
                document = os.memfd_create("job")
                theirs.callback(os.close, document)
                _write(document, blob)
                results, results_end = _pipe(ours, theirs)
                output, output_end = _pipe(ours, theirs)
                limits = json.dumps(asdict(job.limits) | {"job_bytes": len(blob)}).encode()
                try:
                    socket.send_fds(self._control, [limits], [document, results_end, output_end])
                except OSError as error:
                    raise Lost(f"the warm process is gone ({error})") from error
            watch = Watch(job, self._control, results, output)
            watch.follow()
            return watch.outcome(self.layers)

    def _start(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._said = tempfile.TemporaryFile()  # noqa: SIM115
        control = str(theirs.fileno())
        with theirs:
            self._process = subprocess.Popen(
                # Nothing of the user's, no site-packages, not the working directory.
                [sys.executable, "-s", "-S", "-P", "-c", _BOOT, control, self._without, *_paths()],
                env=_ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        self._control.settimeout(_START_SECONDS)
        try:
            layers = json.loads(self._control.recv(1 << 16))["layers"]
        except (OSError, ValueError) as error:
            words = self._last_words()
            self.close()
            raise SandboxError(f"the sandbox could not start: {words or error}") from error
        self._control.settimeout(None)
        self.layers = tuple(Layer(name, *state) for name, state in layers.items())

    def _last_words(self) -> str:
        self._said.seek(0)
        return printable(self._said.read().decode(errors="replace").strip().rpartition("\n")[2])


def _pipe(ours: contextlib.ExitStack, theirs: contextlib.ExitStack) -> tuple[int, int]:
    reader, writer = os.pipe()
    ours.callback(os.close, reader)
    theirs.callback(os.close, writer)
    return reader, writer


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _paths() -> list[str]:
    """Where the warm process finds numpy and our own packages: nothing else is importable there."""
    origins = (find_spec(package).origin for package in ("numpy", "headway_course", "headway_grader"))
    return list(dict.fromkeys(str(Path(origin).resolve().parents[1]) for origin in origins))
