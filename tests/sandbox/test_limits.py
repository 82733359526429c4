"""Whatever code does to its own process, the run ends, says how, and keeps what had come out before."""

import re

import numpy as np
import pytest
from headway_grader.sandbox import End, Limits, Other, Raised, Returned, Scalar
from headway_grader.sandbox.forms import Job
from headway_grader.sandbox.interpreter import ENVIRONMENT
from headway_grader.sandbox.watch import OUT_OF_MEMORY, Ended, name_death
from headway_grader.sandbox.wire import Reader
from jobs import QUICK, job, only

HALF_SECOND = Limits(wall_seconds=0.5)


def third_of_five(body, **options):
    """A job of five calls whose third does `body`."""
    source = f"import os, signal, time\ndef f(i):\n    if i == 3:\n        {body}\n    return i"
    return job(source, [{"i": i} for i in range(1, 6)], **options)


ENDS = {
    "endless loop": ("while True: pass", End.TIMEOUT, QUICK),
    "endless loop in C": ("sum(iter(int, 1))", End.TIMEOUT, HALF_SECOND),
    "sleep": ("time.sleep(60)", End.TIMEOUT, HALF_SECOND),
    "exit": ("os._exit(0)", End.DIED, QUICK),
    "exit with a code of ours": ("os._exit(70)", End.DIED, QUICK),
    "segmentation fault": (
        "np.lib.stride_tricks.as_strided(np.zeros(1), (10**6,), (10**6,)).sum()",
        End.DIED,
        QUICK,
    ),
    "result that cannot be read": (
        "return np.lib.stride_tricks.as_strided(np.zeros(1), (10**6,), (10**6,))",
        End.DIED,
        QUICK,
    ),
    "abort": ("os.abort()", End.DIED, QUICK),
    "all descriptors closed": ("os.closerange(0, 100)", End.DIED, QUICK),
    "output flood": ("while True: print('x' * 1000)", End.FLOODED, QUICK),
    "flood of stderr": ("while True: os.write(2, b'x' * 100_000)", End.FLOODED, QUICK),
    "enormous result": ("return np.broadcast_to(1.0, (10**9,))", End.FLOODED, QUICK),
    "enormous shape": ("return np.broadcast_to(1.0, (2**19, 2**19, 2**19))", End.FLOODED, QUICK),
    "many enormous results": ("return tuple(np.ones(2**20) for _ in range(10))", End.FLOODED, QUICK),
}


@pytest.mark.parametrize(("body", "end", "limits"), ENDS.values(), ids=ENDS)
def test_an_early_end_keeps_the_results_before_it(sandbox, body, end, limits):
    outcome = sandbox.run(third_of_five(body, limits=limits))
    assert outcome.end is end, outcome.detail
    assert outcome.results == (Returned(Scalar(1)), Returned(Scalar(2)))
    assert outcome.detail.isprintable()
    assert sandbox.run(job("def f():\n    return 1")).end is End.FINISHED


def test_exiting_at_import_is_not_finishing(sandbox):
    outcome = sandbox.run(job("import os\nos._exit(0)"))
    assert (outcome.end, outcome.results) == (End.DIED, ())


HOGS = {
    "arrays": "hoard = []\n    while True:\n        hoard.append(np.ones(2**21))",
    "Python objects": "hoard = []\n    while True:\n        hoard += [0] * 2**20",
    "one array": "return np.ones(2**30)",
    "a matrix product": "return np.ones((20000, 1)) @ np.ones((1, 20000))",
    "a string": "return len('x' * 2**31)",
}


@pytest.mark.parametrize("body", HOGS.values(), ids=HOGS)
def test_a_hog_of_memory_is_told_so(sandbox, body):
    limits = Limits(cpu_seconds=4, memory_bytes=1 << 28)
    outcome = sandbox.run(job(f"def f():\n    {body}", limits=limits))
    assert outcome.end is End.FINISHED
    assert only(outcome).type == "MemoryError"


def test_the_default_is_a_gigabyte(sandbox):
    fits = "def f():\n    return np.empty(120 * 2**20, np.float64)[:1]"
    assert isinstance(only(sandbox.run(job(fits))), Returned)
    assert isinstance(only(sandbox.run(job(fits.replace("120", "130")))), Raised)


def test_ignoring_every_exception_does_not_help(sandbox):
    body = "while True:\n            try: np.ones(10**12)\n            except BaseException: pass"
    assert sandbox.run(third_of_five(body, limits=HALF_SECOND)).end is End.TIMEOUT


def test_a_process_that_stops_itself_runs_out_of_time(judge):
    with judge.sandbox(without={"seccomp", "pid", "audit"}, trust=True) as sandbox:
        outcome = sandbox.run(third_of_five("os.kill(os.getpid(), signal.SIGSTOP)", limits=HALF_SECOND))
        assert outcome.end is End.TIMEOUT
        assert len(outcome.results) == 2


def test_stopping_itself_is_not_possible(sandbox):
    outcome = sandbox.run(third_of_five("os.kill(os.getpid(), signal.SIGSTOP)"))
    assert outcome.results[2].type == "PermissionError"


@pytest.mark.slow
def test_deep_recursion_with_the_guard_removed_costs_one_run(sandbox):
    source = "import sys\nsys.setrecursionlimit(10**9)\ndef f(x=0):\n    return f([x])"
    assert sandbox.run(job(source)).end in (End.DIED, End.TIMEOUT, End.MEMORY)


# What a worker's descriptors are like: 0 reads nothing, 1 and 2 are output, one of the next carries results.
EVERYWHERE = "for fd in range(32):\n        try: os.write(fd, {bytes!r})\n        except OSError: pass"
FORGED = {
    "noise": b"\xff" * 40,
    "a header that is no JSON": b"\x05\x00\x00\x00hello",
    "a header that is no object": b"\x02\x00\x00\x0042",
    "an empty header": bytes(4),
    "an early end": b'\x10\x00\x00\x00{"frame":"done"}',
    "a fault of ours": b'\x20\x00\x00\x00{"frame":"fault","message":"sorry"}'.replace(b" ", b"\x23", 1),
    "a second beginning": b'\x11\x00\x00\x00{"frame":"ready"}',
    "deep nesting": (5000).to_bytes(4, "little") + b"[" * 5000,
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_forged_bytes_break_the_protocol(sandbox, forged):
    source = f"import os\ndef f():\n    {EVERYWHERE.format(bytes=forged)}\n    return 1"
    outcome = sandbox.run(job(source))
    assert (outcome.end, outcome.results) == (End.BROKEN_PROTOCOL, ())


def test_half_a_frame_is_no_result(sandbox):
    source = f"import os\ndef f():\n    {EVERYWHERE.format(bytes=b'xx')}\n    os._exit(0)"
    assert sandbox.run(job(source)).end is End.DIED


def test_patching_does_not_reach_the_next_run(sandbox):
    source = """
import builtins, json, os, sys
def f():
    np.exp = np.zeros = lambda *a: 7
    np.ndarray = list
    builtins.len = builtins.isinstance = None
    json.dumps = os.write = print
    sys.modules.clear()
    return 1
"""
    sandbox.run(job(source))
    after = sandbox.run(job("import json\ndef f():\n    return np.exp(np.zeros(len('ab')))"))
    assert only(after).value.data.tolist() == [1, 1]


def test_code_sees_no_more_of_its_surroundings_than_it_needs(sandbox):
    source = """
import os, sys
def f():
    return str(sorted(os.environ)), str([sys.argv, sys.orig_argv, sys.path])
"""
    environment, arguments = (part.text for part in only(sandbox.run(job(source))).value.parts)
    assert set(re.findall(r"\w+", environment)) <= set(ENVIRONMENT) | {"LC_CTYPE"}
    assert arguments == repr("[[''], [''], []]")


@pytest.mark.parametrize(
    ("ready", "ended", "end"),
    [
        (True, Ended(-9, 3.9, 10 << 20), End.TIMEOUT),
        (True, Ended(-9, 0.1, 10 << 20), End.MEMORY),
        (True, Ended(-11, 0.1, 10 << 20), End.DIED),
        (True, Ended(-11, 0.1, 1000 << 20), End.MEMORY),
        (True, Ended(-35, 0.1, 10 << 20), End.DIED),  # a signal without a name
        (True, Ended(1, 0.1, 1000 << 20), End.MEMORY),
        (True, Ended(OUT_OF_MEMORY, 0.1, 10 << 20), End.MEMORY),
        (True, Ended(0, 0.1, 10 << 20), End.DIED),
        (False, Ended(1, 0.1, 10 << 20), End.SANDBOX_FAULT),
    ],
)
def test_a_death_is_named_by_what_is_known_of_it(ready, ended, end):
    reader = Reader(Job((), "f", [{}]))
    reader.ready = ready
    assert name_death(reader, ended)[0] is end


def test_texts_of_results_are_bounded(sandbox):
    came = only(sandbox.run(job("def f():\n    return ['x' * 10**6]"))).value
    assert isinstance(came, Other)
    assert len(came.text) <= 201
    assert np.all([c.isprintable() for c in came.text])
