"""Nothing that runs in the sandbox outlives its run, its warm process or its judge."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
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
import ctypes, os, time
def f():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(15, {name!r}, 0, 0, 0)  # PR_SET_NAME
            os.closerange(0, 100)
            time.sleep(1)
        os._exit(0)
    os.wait()
    return 1
"""


def escaped(judge, sandbox):
    """Processes that are left of a run whose code forked twice and left its session."""
    name = f"esc-{judge.server(sandbox)}"
    assert only(sandbox.run(job(ESCAPE.format(name=name.encode())))) == Returned(Scalar(1))
    found = []
    for pid in processes():
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/comm").read_text().strip() == name:
                found.append(pid)
    return found


@pytest.mark.slow
def test_after_a_run_only_the_warm_process_is_left(judge):
    with judge.sandbox(without={"audit"}) as sandbox:
        server = judge.server(sandbox)
        sandbox.run(job("while True: pass", limits=Limits(cpu_seconds=1)))
        sandbox.run(job("import time\ntime.sleep(9)", limits=Limits(wall_seconds=0.2)))
        assert family(server) == {server}
    assert gone({server}) == []


def test_a_child_that_left_parent_and_session_dies_with_the_run(judge):
    with judge.sandbox(without={"seccomp", "rlimits", "audit"}, trust=True) as sandbox:
        assert escaped(judge, sandbox) == []


def test_that_child_would_live_without_a_namespace_of_processes(judge):
    with judge.sandbox(without={"seccomp", "rlimits", "pid", "audit"}, trust=True) as sandbox:
        found = escaped(judge, sandbox)
    assert len(found) == 1
    assert gone(found) == []  # it sleeps for a second


def test_a_warm_process_that_dies_is_replaced_and_the_job_run_again(judge):
    with judge.sandbox(without={"audit"}) as sandbox:
        server = judge.server(sandbox)
        begun = judge.start(sandbox, SLEEPS)
        theirs = workers(server)
        os.kill(server, signal.SIGKILL)
        assert gone(theirs | {server}) == []
        outcome = judge.outcome(begun)
        assert (outcome.end, only(outcome)) == (End.FINISHED, Returned(Scalar(1)))
        assert judge.server(sandbox) != server


def test_a_warm_process_that_died_between_runs_is_replaced(judge):
    with judge.sandbox(without={"audit"}) as sandbox:
        os.kill(judge.server(sandbox), signal.SIGKILL)
        assert sandbox.run(job("def f():\n    return 1")).end is End.FINISHED


def test_a_warm_process_that_always_dies_is_a_fault_of_ours(judge):
    with judge.sandbox(without={"audit"}) as sandbox:
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


def holds(pid, words):
    """Which of these words stand in the writable memory of a process."""
    found = set()
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            area, rights, *_ = line.split()
            first, last = (int(address, 16) for address in area.split("-"))
            if rights.startswith("rw"):
                with contextlib.suppress(OSError):
                    memory.seek(first)
                    data = memory.read(last - first)
                    found |= {word for word in words if word in data}
    return found


if os.getuid() == 0:  # nobody else can look into it

    def test_the_warm_process_holds_neither_jobs_nor_results_nor_secrets(monkeypatch):
        source, result, secret = (
            b"-".join([b"marker", word, b"4711"]) for word in (b"source", b"result", b"secret")
        )
        monkeypatch.setenv("HEADWAY_SECRET", secret.decode())
        with Sandbox(without={"audit"}) as sandbox:
            body = f"b'{source.decode()}'.replace(b'source', b'result')"
            came = only(
                sandbox.run(job(f"def f():\n    return np.frombuffer({body}, np.uint8)"))
            ).value.data.tobytes()
            assert came == result
            server = sandbox._runner._process.pid
            assert holds(os.getpid(), {source, secret}) == {source, secret}
            assert holds(server, {b"PRELOADED"})
            assert holds(server, {source, result, secret}) == set()

else:

    def test_the_warm_process_cannot_be_looked_into():
        with Sandbox(without={"audit"}) as sandbox, pytest.raises(PermissionError):
            holds(sandbox._runner._process.pid, set())


JUDGE = """
from headway_grader.sandbox import Job, Limits, Piece, Sandbox
with Sandbox(without={"audit"}) as sandbox:
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


@pytest.fixture
def interruptible():
    """Ctrl-C raises KeyboardInterrupt, whatever the shell or another test has made of it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupted_run_leaves_nothing_to_the_next(interruptible):
    with Sandbox(without={"audit"}) as sandbox:
        interrupt = threading.Timer(0.3, signal.pthread_kill, [threading.get_ident(), signal.SIGINT])
        interrupt.start()
        with pytest.raises(KeyboardInterrupt):
            sandbox.run(job("import time\ntime.sleep(9)"))
        interrupt.join()
        assert sandbox.run(job("def f():\n    return 1")).end is End.FINISHED


def test_sandboxes_work_side_by_side_in_threads():
    def grade(number):
        with Sandbox(without={"audit"}) as sandbox:
            return [only(sandbox.run(job(f"def f():\n    return {number}"))) for _ in range(20)]

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(grade, range(3))) == [[Returned(Scalar(number))] * 20 for number in range(3)]


def test_no_layer_is_needed_to_clean_up(judge):
    with judge.sandbox(without=set(LAYERS) - {"uid"}, trust=True) as sandbox:
        server = judge.server(sandbox)
        sandbox.run(job("import time\ntime.sleep(9)", limits=Limits(wall_seconds=0.2)))
        assert family(server) == {server}
