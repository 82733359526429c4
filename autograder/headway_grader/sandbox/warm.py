"""The judge's side of a warm process: starts it, hands it jobs, and starts it again when it dies."""

import contextlib
import json
import os
import socket
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from headway_grader.sandbox.forms import End, Enough, Job, Layer, Outcome, SandboxError
from headway_grader.sandbox.interpreter import ENVIRONMENT, command
from headway_grader.sandbox.session import Session
from headway_grader.sandbox.watch import FORK, Lost, Watch
from headway_grader.sandbox.wire import encode_job, printable

_START_SECONDS = 60
_STOP_SECONDS = 5


class Warm:
    """One warm process; `layers` says what isolates its workers.

    It is started at once, or forked from another, its original, when it is first needed.
    """

    def __init__(self, without: Iterable[str], original: "Warm | None" = None) -> None:
        self._without = ",".join(sorted(without))
        self._control: socket.socket | None = None
        self._process: subprocess.Popen | None = None  # only of an original
        self._original = original
        self._forks: list[Warm] = []
        self.layers: tuple[Layer, ...] = ()
        if original is None:
            self._start()

    def fork(self) -> "Warm":
        """A second one, which costs a thirtieth of the first; it ends with this one."""
        self._forks.append(Warm((), self))
        return self._forks[-1]

    def run(self, job: Job, enough: Enough | None = None) -> Outcome:
        """Runs a job; if the sandbox itself fails over it, once more in a new one."""
        blob = encode_job(job)
        outcome = self._attempt(job, blob, enough)
        if outcome.end is End.SANDBOX_FAULT:
            self.close()
            outcome = self._attempt(job, blob, enough)
        return outcome

    @contextlib.contextmanager
    def session(self, job: Job) -> Iterator[Session]:
        """A worker that is ready to be timed; raises Stopped if it never is, Lost if the sandbox fails."""
        with contextlib.ExitStack() as ours:
            try:
                if self._control is None:
                    self._start()
                pipes = self._hand_over(job, encode_job(job), ours)
                session = Session(Watch(job, self._control, *pipes[:2]), *pipes[2:], self.layers)
            except BaseException:
                self.close()
                raise
            ours.callback(self._end, session)
            session.begin()
            yield session

    def _end(self, session: Session) -> None:
        """Has a worker ended, so that the next one finds nothing of it; if that cannot be, all of them."""
        try:
            session.end()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Ends the warm process and its forks, and with it every worker."""
        for fork in self._forks:  # for which it waits
            fork.close()
        if self._control is None:
            return
        self._control.close()
        self._control = None
        if self._process is None:
            return
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        self._said.close()

    def _attempt(self, job: Job, blob: bytes, enough: Enough | None) -> Outcome:
        try:
            if self._control is None:
                self._start()
            with contextlib.ExitStack() as ours:
                results, output = self._hand_over(job, blob, ours)
                watch = Watch(job, self._control, results, output)
                watch.follow(lambda: enough is not None and enough(watch.reader.results))
                if watch.ended is None:
                    watch.stop()
            return watch.outcome(self.layers)
        except (Lost, SandboxError) as error:
            self.close()
            return Outcome(End.SANDBOX_FAULT, detail=str(error), layers=self.layers)
        except BaseException:  # such as Ctrl-C: the next run must not meet with what is left of this one
            self.close()
            raise

    def _hand_over(self, job: Job, blob: bytes, ours: contextlib.ExitStack) -> tuple[int, ...]:
        """Gives the job to a new worker; returns the pipes that bring its results and its output.

        If it is timed, also the pipe that it listens to, the file where it finds its inputs, and the one
        where it leaves its results.
        """
        with contextlib.ExitStack() as theirs:
            document = os.memfd_create("job")
            ours.callback(os.close, document)
            _write(document, blob)
            results, results_end = _pipe(ours, theirs)
            output, output_end = _pipe(ours, theirs)
            handed, kept = [document, results_end, output_end], [results, output]
            limits = asdict(job.limits) | {"job_bytes": len(blob)}
            if job.mode == "time":
                words, words_end = os.pipe()
                theirs.callback(os.close, words)
                ours.callback(os.close, words_end)
                shared = os.memfd_create("results")
                ours.callback(os.close, shared)
                os.truncate(shared, job.limits.result_bytes)
                limits["memory_bytes"] += job.limits.result_bytes
                handed, kept = [*handed, words, shared], [*kept, words_end, document, shared]
            try:
                socket.send_fds(self._control, [json.dumps(limits).encode()], handed)
            except OSError as error:
                raise Lost(f"the warm process is gone ({error})") from error
        return tuple(kept)

    def _start(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            if self._original is None:
                self._start_anew(theirs)
            else:
                self._original._have_forked(theirs)
        self._control.settimeout(_START_SECONDS)
        try:
            layers = json.loads(self._control.recv(1 << 16))["layers"]
        except (OSError, ValueError) as error:
            words = self._last_words()
            self.close()
            raise SandboxError(f"the sandbox could not start: {words or error}") from error
        self._control.settimeout(None)
        self.layers = tuple(Layer(name, *state) for name, state in layers.items())

    def _start_anew(self, theirs: socket.socket) -> None:
        self._said = os.fdopen(os.memfd_create("said"), "rb")
        self._process = subprocess.Popen(
            command("server", str(theirs.fileno()), self._without),
            env=ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=self._said,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )

    def _have_forked(self, control: socket.socket) -> None:
        """Has the process fork another one that listens to this control; it has no worker at the time."""
        if self._control is None:
            self._start()
        try:
            socket.send_fds(self._control, [FORK], [control.fileno()])
        except OSError as error:
            raise Lost(f"the warm process is gone ({error})") from error

    def _last_words(self) -> str:
        if self._original is not None:
            return self._original._last_words()
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
