"""Where there is no Linux: nothing is isolated, so only trusted code runs, in a new Python each time."""

import subprocess
import sys

import numpy as np
import pytest
from headway_grader.sandbox import End, Limits, Returned, Sandbox, SandboxError, Scalar
from headway_grader.sandbox.cold import Cold
from jobs import QUICK, job, only

WITHOUT_UNIX = """
import os, sys
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
del os.fork
import numpy, subprocess, tempfile
import headway_grader.sandbox, headway_grader.sandbox.cold
sys.platform = "win32"
try:
    headway_grader.sandbox.Sandbox()
except headway_grader.sandbox.SandboxError as error:
    print(error)
"""


def test_without_linux_it_says_what_to_do_instead():
    done = subprocess.run([sys.executable, "-c", WITHOUT_UNIX], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "on Linux only, and this is win32" in done.stdout
    assert "Docker" in done.stdout
    assert "--trust" in done.stdout


def test_trusted_code_runs_without_linux(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxError):
        Sandbox()
    with Sandbox(trust=True) as sandbox:
        assert only(sandbox.run(job("def f(x):\n    return x", [{"x": 3}]))) == Returned(Scalar(3))
        assert sandbox.layers == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "limits"),
    [
        ("return Z * 2", QUICK),
        ("return 1 / 0", QUICK),
        ("print('said')", QUICK),
        ("import os; os._exit(3)", QUICK),
        ("import time; time.sleep(60)", Limits(wall_seconds=1)),
        ("return np.broadcast_to(1.0, 10**9)", QUICK),
    ],
)
def test_a_run_ends_as_it_does_in_the_sandbox(body, limits):
    this = job(f"def f(Z):\n    {body}", [{"Z": np.ones(2)}], limits=limits)
    cold = Cold().run(this)
    with Sandbox() as sandbox:
        warm = sandbox.run(this)
    assert cold.end is warm.end
    assert repr(cold.results) == repr(warm.results)
    assert cold.stdout == warm.stdout


def test_prerequisites_that_fail_are_our_fault_here_too():
    assert Cold().run(job("def f():\n    return 1", prelude="1 / 0")).end is End.SANDBOX_FAULT
