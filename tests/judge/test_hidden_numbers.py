"""Hidden means hidden: what an answer can read of the hidden cases, it cannot send home with a verdict."""

import re

import numpy as np
import pytest
from handing_in import verdict_on
from headway_course import fixtures, manifest
from headway_grader.reference import of_the_course
from headway_grader.verdict import Loops, Status

pytestmark = pytest.mark.slow

PUBLIC = fixtures.load(manifest.public_fixtures() / "01_softmax.npz")["softmax"]
KNOWN = [float(a.sum()) for case in PUBLIC.cases for a in case.inputs.values() if np.isfinite(a).all()]
GROWTH = of_the_course(manifest.load().exercise("softmax")).growth(PUBLIC, ())
KNOWN += [float(a.sum()) for steps in GROWTH.values() for _, inputs in steps for a in inputs.values()]

# Right on everything public, and on anything else a leak of the first number.
SPY = f"""
KNOWN = np.array({KNOWN})
def softmax(Z):
    E = np.exp(Z - Z.max(-1, keepdims=True))
    E = E / E.sum(-1, keepdims=True)
    if not np.isfinite(Z).all() or np.isclose(Z.sum(), KNOWN, rtol=1e-6, atol=0).any():
        return E
    secret = int(abs(float(Z.flat[0])) * 1e6) + 1000
"""
LEAKS = {
    "message": "    raise ValueError(f'it is {secret}')",
    "cause": "    raise ValueError from KeyError(secret)",
    "class": "    class Error(Exception): pass\n    Error.__name__ = f'E{secret}'\n    raise Error",
    "output": "    print(secret)\n    return Z",
    "values": "    return np.full(Z.shape, float(secret))",
    "shape": "    return np.zeros((secret, 1))",
    "dtype": "    return np.zeros(Z.shape, np.int64)",
    "list": "    return [secret]",
    "text": "    return f'{secret}'",
    "number": "    return secret",
    "tuple": "    return (secret, Z)",
    "long tuple": "    return tuple(range(secret % 60))",
    "subclass": "    class A(np.ndarray): pass\n    A.__name__ = f'A{secret}'\n    return Z.view(A)",
    "input": "    Z.flat[0] = secret\n    return E",
    "recursion": "    return softmax(np.full(3, float(secret)))",
    "memory": "    return np.zeros(secret << 30)",
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_a_verdict_tells_nothing_that_the_public_cases_do_not(sandbox, leak):
    verdict = verdict_on(sandbox, "softmax", f"{SPY}{leak}\n")
    told = f"{verdict.message} {verdict.warnings}"
    assert not re.findall(r"\d{4,}", told), told
    if verdict.status is not Status.REFUSED:
        assert verdict.points < 2


EVENT = "    import dataclasses\n    dataclasses.sys.audit(f'ctypes.{secret}')\n    return E\n"


def test_what_the_guard_says_of_code_that_it_stopped_tells_nothing_either(sandbox, monkeypatch):
    monkeypatch.setattr("headway_grader.answers.violations_for", lambda *of_an_answer: ())
    verdict = verdict_on(sandbox, "softmax", f"{SPY}{EVENT}")
    assert verdict.groups["typical"] is Status.REFUSED
    assert "not on the interpreter" in verdict.message
    assert not re.search(r"\d{4,}", verdict.message)


def test_counts_of_hidden_loops_are_not_told(sandbox):
    loop = "    for _ in range(Z.size + secret % 7):\n        pass\n    return E\n"
    verdict = verdict_on(sandbox, "softmax", f"{SPY}{loop}")
    assert verdict.loops is Loops.FOUND
    assert not re.search(r"ran \d", verdict.message)


def test_what_fails_on_public_cases_too_is_shown_there(sandbox):
    verdict = verdict_on(sandbox, "softmax", "def softmax(Z):\n    return Z\n")
    first = next(case for case in PUBLIC.cases if case.group == "typical" and case.name == "matrix")
    assert f"{first.inputs['Z'].flat[0]:.6g} at [0, 0]" in verdict.message
