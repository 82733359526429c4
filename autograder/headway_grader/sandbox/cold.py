"""For trusted code where there is no Linux: a new Python for each run, which nothing isolates."""

import json
import os
import subprocess
import sys
from dataclasses import asdict

from headway_grader.sandbox import guard, worker
from headway_grader.sandbox.forms import End, Enough, Job, Layer, Outcome
from headway_grader.sandbox.interpreter import ENVIRONMENT, command
from headway_grader.sandbox.watch import Ended, name_death, read_output
from headway_grader.sandbox.wire import Broken, Flooded, Reader, Refused, encode_job


class Cold:
    """Runs jobs one by one, each in a process of its own."""

    layers: tuple[Layer, ...] = ()

    def run(self, job: Job, enough: Enough | None = None) -> Outcome:
        """Runs a job to its end, even if there are enough results before: then the rest is not looked at."""
        limits = json.dumps(asdict(job.limits))
        process = subprocess.Popen(
            command("cold", limits),
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        stopped = None
        try:
            sent, said = process.communicate(encode_job(job), job.limits.wall_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            sent, said = process.communicate()
            stopped = End.TIMEOUT, f"after {job.limits.wall_seconds:g} s"
        return self._outcome(job, sent, said, stopped or process.returncode)

    def close(self) -> None:
        """There is nothing to close."""

    def _outcome(self, job: Job, sent: bytes, said: bytes, end: tuple[End, str] | int) -> Outcome:
        reader, most = Reader(job), job.limits.output_bytes
        try:
            reader.feed(sent)
        except Broken as error:
            end = End.BROKEN_PROTOCOL, str(error)
        except Refused as error:
            end = End.REFUSED, str(error)
        except Flooded:
            end = End.FLOODED, "more results than the limit allows"
        if reader.fault:
            end = End.SANDBOX_FAULT, reader.fault
        if end == 0 and reader.done:
            end = End.FINISHED, ""
        elif isinstance(end, int):
            end = name_death(reader, Ended(end, 0.0, 0))
        results, errors = tuple(reader.results), tuple(reader.import_errors)
        return Outcome(end[0], results, errors, read_output(said[:most], len(said) > most), end[1])


def main(limits: str) -> None:
    """The other side: a job comes from stdin, results go to stdout; what the learner prints, to stderr."""
    limits = json.loads(limits)
    blob = sys.stdin.buffer.read()
    results = os.dup(1)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(results, os.O_BINARY)
    else:
        _limit(limits)
    channel = worker.Channel(lambda data: worker.write_all(results, data), limits["result_bytes"])
    guard.hide()
    worker.run(blob, channel, guarded=True)


def _limit(limits: dict) -> None:
    import resource

    cpu = limits["cpu_seconds"]
    for what, most in ((resource.RLIMIT_CPU, cpu), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))
