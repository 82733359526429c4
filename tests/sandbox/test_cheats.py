"""No cheat earns more than it deserves, and none costs the next learner anything.

Each is judged on hidden cases: as it is handed in, then with nobody reading its text, then with the guard
removed as well. The last two are the table in docs/threat-model.md: which layers stand behind the first.
"""

import re
import sys
from pathlib import Path

import pytest
from cheats import LOOPS, MEMORY, WRONG, answer
from harmful import ATTACKS
from headway_course.reading.extract import Cell, extract
from headway_course.reading.policy import violations_for
from headway_grader.verdict import Loops, Status
from people import ROOT

sys.path.append(str(Path(__file__).parents[1] / "judge"))

from handing_in import verdict_on

pytestmark = pytest.mark.slow

RIGHT = answer("E = np.exp(Z - Z.max(-1, keepdims=True))\nreturn E / E.sum(-1, keepdims=True)")
HIDDEN = LOOPS | MEMORY
LOOPY = 1.65  # of 2 points: what a right answer with a loop gets
ROW = re.compile(r"^\| (.+?) \| (\w*) ?\| (\w*) ?\| (\w*) ?\|$", re.MULTILINE)


@pytest.fixture
def unread(monkeypatch):
    """Nobody reads what an answer's text says."""
    monkeypatch.setattr("headway_grader.answers.violations_for", lambda *of_an_answer: ())


def harmless(sandbox):
    """Whether the next answer, a right one, gets full marks."""
    verdict = verdict_on(sandbox, "softmax", RIGHT)
    return (verdict.status, verdict.loops, verdict.points) == (Status.PASS, Loops.NONE, 2)


@pytest.mark.parametrize("body", [*WRONG.values()], ids=WRONG)
def test_a_wrong_answer_earns_nothing(guarded, body):
    assert verdict_on(guarded, "softmax", answer(body)).points == 0
    assert harmless(guarded)


@pytest.mark.parametrize("body", HIDDEN.values(), ids=HIDDEN)
def test_a_loop_is_not_hidden(guarded, body):
    verdict = verdict_on(guarded, "softmax", answer(body))
    assert verdict.loops is not Loops.NONE
    assert verdict.points <= LOOPY
    assert harmless(guarded)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_harm_through_the_judge_is_stopped_and_earns_nothing(judge, sandbox, unread, bait, attack):
    attack = attack.format(server=judge.server(sandbox), **bait)
    body = f"import ctypes, os, socket, _thread\nlibc = ctypes.CDLL(None, use_errno=True)\n{attack}\n"
    body = f"def check(n):\n    if n < 0: raise OSError\n{body}return rows(Z)"
    verdict = verdict_on(sandbox, "softmax", answer(body))
    assert (verdict.status, verdict.points) == (Status.CRASH, 0)
    assert "Error" in verdict.message
    assert harmless(sandbox)


def test_an_answer_that_knows_the_public_cases_by_heart_is_wrong_on_the_hidden_ones(guarded):
    from headway_grader.reference import public_fixtures

    known = [
        (case.inputs["Z"].tolist(), case.expected.tolist(), str(case.expected.dtype))
        for case in public_fixtures("01_softmax")["softmax"].cases
    ]
    source = f"nan, inf = np.nan, np.inf\nKNOWN = {known}\ndef softmax(Z):\n"
    source += "    for Z0, S, dtype in KNOWN:\n        if np.array_equal(Z, Z0, equal_nan=True):\n"
    source += "            return np.array(S, dtype).reshape(Z.shape)\n    return np.zeros_like(Z)\n"
    verdict = verdict_on(guarded, "softmax", source)
    assert verdict.groups["typical"] is Status.WRONG
    assert verdict.loops is not Loops.NONE


ODD = """
None; (); ((),); {}; [[[]]]; range(3); ...; b'x'; '\\ud800'; lambda: 1; (yield 1); (1,) * 65; (np.nan,) * 64
10**400; float('nan'); complex('nan'); np.float32(1e38) * 10; np.datetime64('NaT'); np.void(b'xx')
np.zeros(0); np.zeros((0, 3)); np.array([1, None]); np.zeros((2, 7), '>f8'); np.zeros((2, 7), 'c16')
np.array(['a']); np.zeros((1,) * 60); np.ma.ones(3); np.zeros((2, 7), bool); np.array(2**63, 'u8')
np.broadcast_to(1.0, (2**20,) * 2)[:1]
"""
ODD = ODD.strip().replace("\n", "; ").split("; ")


@pytest.mark.parametrize("value", ODD)
def test_no_result_is_a_fault_of_ours(guarded, value):
    assert verdict_on(guarded, "softmax", f"def softmax(Z):\n    return {value}\n").points == 0


def measured(name, body, guarded, sandbox, monkeypatch):
    """What holds against a cheat: the reading of its text; without it the guard; without both the judge."""

    def holds(verdict):
        return verdict.points <= (0 if name in WRONG else LOOPY) and verdict.loops is not Loops.NONE

    text = violations_for(extract([Cell(answer(body))], ["softmax"]), "softmax")
    monkeypatch.setattr("headway_grader.answers.violations_for", lambda *of_an_answer: ())
    words = []
    for word, behind in (("guard", guarded), ("judge", sandbox)):
        words.append(word if holds(verdict_on(behind, "softmax", answer(body))) else "")
        assert harmless(behind), name
    return ("text" if text else "", *words)


def test_the_guard_holds_without_the_text_the_judge_without_either_and_the_document_says_so(guarded, sandbox):
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    told = {name: tuple(words) for name, *words in ROW.findall(text)}
    found = {}
    for name, body in (WRONG | HIDDEN).items():
        with pytest.MonkeyPatch.context() as monkeypatch:
            found[name] = measured(name, body, guarded, sandbox, monkeypatch)
    print(
        "\n" + "\n".join(f"| {name} | {' | '.join(row)} |".replace("  ", " ") for name, row in found.items())
    )
    assert {name: told.get(name) for name in found} == found
    assert all(guard for _, guard, _ in found.values())
    assert all(found[name][2] for name in WRONG)
