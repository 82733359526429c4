"""Nothing that runs in the sandbox outlives its run, its warm process or its judge."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from headway_grader.sandbox import End, Limits, Returned, Sandbox, Scalar
from headway_grader.sandbox.box import LAYERS
from jobs import job, only
from people import ROOT

SLEEPS = job("import time\ndef f():\n    time.sleep(0.5)\n    return 1", limits=Limits(wall_seconds=5))


def processes():
    """All processes of this machine, with parent, session and state."""
    found = {}
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if folder.name.isdecimal():
                state, parent, _, session, *_ = (folder / "stat").read_text().rpartition(")")[2].split()
                found[int(folder.name)] = int(parent), int(session), state
    return found


def family(pid):
    """A process and what descends from it or belongs to its session, as far as it lives."""
    alive = {p: entry for p, entry in processes().items() if entry[2] not in "ZX"}
    found = {pid} & alive.keys()
    while (
        more := {p for p, (parent, session, _) in alive.items() if parent in found or session == pid} - found
    ):
        found |= more
    return found


def gone(pids, seconds=5):
    """Waits until none of these processes is left."""
    until = time.monotonic() + seconds
    while left := [p for p, entry in processes().items() if p in pids and entry[2] not in "ZX"]:
        if time.monotonic() > until:
            return left
        time.sleep(0.02)
    return []


def workers(server, seconds=5):
    """Waits for the warm process to have a worker."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := family(server) - {server}:
            return found
        time.sleep(0.02)
    raise AssertionError("no worker")


ESCAPE = """
import os, time
def f():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 100)
            time.sleep(1)
        os._exit(0)
    os.wait()
    return 1
"""


@pytest.mark.slow
def test_after_a_run_only_the_warm_process_is_left(judge):
    with judge.sandbox() as sandbox:
        server = judge.server(sandbox)
        sandbox.run(job("while True: pass", limits=Limits(cpu_seconds=1)))
        sandbox.run(job("import time\ntime.sleep(9)", limits=Limits(wall_seconds=0.2)))
        assert family(server) == {server}
    assert gone({server}) == []


def test_a_child_that_left_parent_and_session_dies_with_the_run(judge):
    before = set(processes())
    with judge.sandbox(without={"seccomp", "rlimits"}, trust=True) as sandbox:
        server = judge.server(sandbox)
        assert only(sandbox.run(job(ESCAPE))) == Returned(Scalar(1))
        assert orphans(before, server) == []


@pytest.mark.slow
def test_that_child_would_live_without_a_namespace_of_processes(judge):
    before = set(processes())
    with judge.sandbox(without={"seccomp", "rlimits", "pid"}, trust=True) as sandbox:
        server = judge.server(sandbox)
        assert only(sandbox.run(job(ESCAPE))) == Returned(Scalar(1))
        escaped = orphans(before, server)
    assert len(escaped) == 1
    assert gone(escaped) == []  # it sleeps for a second


def orphans(before, server):
    """New processes that have the program of the warm process."""
    program = Path(f"/proc/{server}/cmdline").read_bytes()
    found = []
    for pid in set(processes()) - before - {server}:
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/cmdline").read_bytes() == program:
                found.append(pid)
    return found


def test_a_warm_process_that_dies_is_replaced_and_the_job_run_again(judge):
    with judge.sandbox() as sandbox:
        server = judge.server(sandbox)
        begun = judge.start(sandbox, SLEEPS)
        theirs = workers(server)
        os.kill(server, signal.SIGKILL)
        assert gone(theirs | {server}) == []
        outcome = judge.outcome(begun)
        assert (outcome.end, only(outcome)) == (End.FINISHED, Returned(Scalar(1)))
        assert judge.server(sandbox) != server


def test_a_warm_process_that_died_between_runs_is_replaced(judge):
    with judge.sandbox() as sandbox:
        os.kill(judge.server(sandbox), signal.SIGKILL)
        assert sandbox.run(job("def f():\n    return 1")).end is End.FINISHED


def test_a_warm_process_that_always_dies_is_a_fault_of_ours(judge):
    with judge.sandbox() as sandbox:
        first = judge.server(sandbox)
        begun = judge.start(sandbox, SLEEPS)
        workers(first)
        os.kill(first, signal.SIGKILL)
        while (second := judge.server(sandbox)) in (first, None):
            time.sleep(0.02)
        workers(second)
        os.kill(second, signal.SIGKILL)
        outcome = judge.outcome(begun)
        assert outcome.end is End.SANDBOX_FAULT
        assert outcome.detail


JUDGE = """
from headway_grader.sandbox import Job, Limits, Piece, Sandbox
with Sandbox() as sandbox:
    print(sandbox._runner._process.pid, flush=True)
    pieces = (Piece("import time\\ntime.sleep(60)", "cell", 1),)
    sandbox.run(Job(pieces, "f", [{}], limits=Limits(wall_seconds=60)))
"""


def test_a_judge_that_is_killed_takes_everything_along():
    path = os.pathsep.join(filter(None, sys.path))
    judge = subprocess.Popen(
        [sys.executable, "-c", JUDGE],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
    )
    server = int(judge.stdout.readline())
    theirs = workers(server)
    judge.kill()
    judge.wait()
    judge.stdout.close()
    assert gone(theirs | {server}) == []


def test_an_interrupted_run_leaves_nothing_to_the_next():
    with Sandbox() as sandbox:
        interrupt = threading.Timer(0.3, signal.pthread_kill, [threading.get_ident(), signal.SIGINT])
        interrupt.start()
        with pytest.raises(KeyboardInterrupt):
            sandbox.run(job("import time\ntime.sleep(9)"))
        interrupt.join()
        assert sandbox.run(job("def f():\n    return 1")).end is End.FINISHED


def test_no_layer_is_needed_to_clean_up(judge):
    with judge.sandbox(without=set(LAYERS) - {"uid"}, trust=True) as sandbox:
        server = judge.server(sandbox)
        sandbox.run(job("import time\ntime.sleep(9)", limits=Limits(wall_seconds=0.2)))
        assert family(server) == {server}
