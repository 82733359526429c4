"""Statuses, points and messages, each reached by a small submission."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from handing_in import KEYS, hidden_under, judged, script, verdict_on
from headway_course import manifest
from headway_grader.checks import learner as proxies
from headway_grader.handins.submissions import Submission
from headway_grader.judge import examine
from headway_grader.reference import of_the_course
from headway_grader.sandbox import Limits
from headway_grader.verdict import Loops, Speed, Status

pytestmark = pytest.mark.usefixtures("fast_enough")

RIGHT = """
def softmax(Z):
    E = np.exp(Z - Z.max(-1, keepdims=True))
    return E / E.sum(-1, keepdims=True)
"""
BODY = "E = np.exp(Z - Z.max(-1, keepdims=True))\nreturn E / E.sum(-1, keepdims=True)"
LOOPS = """
def softmax(Z):
    rows = [np.exp(row - row.max()) for row in Z.reshape(-1, Z.shape[-1])]
    return np.array([row / row.sum() for row in rows], Z.dtype).reshape(Z.shape)
"""


def softmax(sandbox, body):
    """The verdict on a softmax with this body."""
    lines = "\n".join(f"    {line}" for line in body.strip().split("\n"))
    return verdict_on(sandbox, "softmax", f"def softmax(Z):\n{lines}\n")


def test_a_right_answer_earns_everything(sandbox):
    verdict = verdict_on(sandbox, "softmax", RIGHT)
    assert verdict.status is Status.PASS
    assert set(verdict.groups.values()) == {Status.PASS}
    assert (verdict.points, verdict.of) == (2, 2)
    assert verdict.loops is Loops.NONE
    assert verdict.speed is Speed.UP_TO_1_5


def test_what_was_not_handed_in_or_not_begun_is_not_started(sandbox):
    _, verdicts = judged(sandbox, "def softmax(Z):\n    raise NotImplementedError()\n")
    assert {verdict.status for verdict in verdicts.values()} == {Status.NOT_STARTED}
    assert sum(verdict.points for verdict in verdicts.values()) == 0


def test_a_stub_with_a_little_work_above_it_is_not_started(sandbox):
    verdict = softmax(sandbox, "m = Z.max(-1)\nraise NotImplementedError")
    assert verdict.status is Status.NOT_STARTED


def test_a_right_answer_with_a_loop_loses_the_loop_points_only(sandbox):
    verdict = verdict_on(sandbox, "softmax", LOOPS)
    assert (verdict.status, verdict.loops) == (Status.PASS, Loops.FOUND)
    assert verdict.points == round(2 * 85 / 100, 2)
    assert "line 4" in verdict.message
    assert "when batch was 8, 16, 32" in verdict.message


def test_a_helper_that_is_called_in_a_loop_is_not_blamed_for_it(sandbox):
    source = """
def shares(row):
    E = np.exp(row - row.max())
    return E / E.sum()

def softmax(Z):
    rows = []
    for row in Z.reshape(-1, Z.shape[-1]):
        rows.append(shares(row))
    return np.array(rows).reshape(Z.shape)
"""
    message = verdict_on(sandbox, "softmax", source).message
    assert "line 9 ran 8, 16, 32 times (for loop)" in message


def test_an_answer_that_does_no_work_where_loops_are_counted_earns_nothing_for_them(sandbox):
    reference = of_the_course(manifest.load().exercise("softmax"))
    growth = reference.growth(hidden_under(KEYS[0], "01_softmax")["softmax"], ())
    shapes = {inputs["Z"].shape for steps in growth.values() for _, inputs in steps}
    shy = LOOPS.replace("    rows", f"    if Z.shape in {shapes}:\n        return Z\n    rows")
    verdict = verdict_on(sandbox, "softmax", shy)
    assert (verdict.status, verdict.loops) == (Status.PASS, Loops.NOT_JUDGED)
    assert verdict.points == round(2 * 85 / 100, 2)
    assert "not judged" in verdict.message


def test_growth_out_of_sight_is_an_appeal_whose_points_wait(sandbox):
    verdict = softmax(
        sandbox,
        "E = np.array(list(map(np.exp, Z - Z.max(-1, keepdims=True))), dtype=Z.dtype)\n"
        "return E.reshape(Z.shape) / E.sum(-1, keepdims=True).reshape(*Z.shape[:-1], 1)",
    )
    assert (verdict.status, verdict.loops) == (Status.PASS, Loops.APPEAL)
    assert verdict.points == round(2 * 85 / 100, 2)
    assert verdict.points + verdict.waiting == 2
    assert "line 3 has map go through 8, 16, 32 objects" in verdict.message
    assert "A person will look at it" in verdict.message


def test_a_loop_that_is_proved_outweighs_one_that_is_suspected(sandbox):
    source = "def softmax(Z):\n    rows = list(map(np.exp, Z - Z.max(-1, keepdims=True)))\n" + LOOPS.replace(
        "def softmax(Z):\n", "", 1
    )
    assert verdict_on(sandbox, "softmax", source).loops is Loops.FOUND


def test_groups_earn_their_share(sandbox):
    verdict = softmax(sandbox, "E = np.exp(Z)\nreturn E / E.sum(-1, keepdims=True)")
    assert verdict.status is Status.PARTIAL
    assert verdict.groups["typical"] is Status.PASS
    assert verdict.groups["extremes"] is Status.WRONG
    passed = sum(status is Status.PASS for status in verdict.groups.values())
    assert verdict.points == round(2 * passed / len(verdict.groups), 2)


def test_a_loop_that_shows_at_small_sizes_is_told_though_the_large_one_takes_for_ever(sandbox):
    verdict = softmax(sandbox, f"for row in Z:\n    pass\nwhile len(Z) > 100:\n    pass\n{BODY}")
    assert verdict.loops is Loops.FOUND
    assert "ran 8, 16, 32 times" in verdict.message


def test_a_loop_that_shows_far_out_alone_is_told(sandbox):
    verdict = softmax(sandbox, f"for row in Z[40:]:\n    pass\n{BODY}")
    assert verdict.loops is Loops.FOUND


def test_zeros_are_loop_free_and_earn_nothing_for_it(sandbox):
    verdict = softmax(sandbox, "return np.zeros(Z.shape, Z.dtype)")
    assert (verdict.status, verdict.points, verdict.loops) == (Status.WRONG, 0, Loops.NOT_JUDGED)


def test_what_the_policy_forbids_is_refused_with_its_line(sandbox):
    verdict = softmax(sandbox, "import os\nreturn os.getcwd()")
    assert (verdict.status, verdict.points) == (Status.REFUSED, 0)
    assert "not allowed here: line 3" in verdict.message


def test_a_crash_is_told_with_error_and_line(sandbox):
    verdict = softmax(sandbox, "return Z @ Z @ Z")
    assert verdict.status is Status.CRASH
    assert "ValueError" in verdict.message
    assert "line 3" in verdict.message


def test_an_endless_loop_is_a_timeout_and_takes_the_time_of_one_exercise(sandbox, monkeypatch):
    monkeypatch.setattr(proxies, "LIMITS", Limits(cpu_seconds=1))
    monkeypatch.setattr(proxies, "SECONDS", 1)
    runs = []

    def run(job, enough):
        runs.append(job)
        return sandbox.run(job, enough)

    counted = SimpleNamespace(run=run, can_time=True)
    verdict = softmax(counted, "while True:\n    pass")
    assert verdict.status is Status.TIMEOUT
    assert set(verdict.groups.values()) == {Status.TIMEOUT}
    assert "did not return in 1 s of computing" in verdict.message
    assert len(runs) == 2  # all groups together, and the first of them alone
    assert "6 of the groups were not run" in verdict.message


def test_a_group_that_takes_too_long_leaves_the_others(sandbox, monkeypatch):
    monkeypatch.setattr(proxies, "LIMITS", Limits(cpu_seconds=1))
    verdict = softmax(sandbox, f"while Z.shape[-1] == 1:\n    pass\n{BODY}")
    assert [group for group, status in verdict.groups.items() if status is Status.TIMEOUT] == ["ones"]
    assert verdict.status is Status.PARTIAL


def test_too_much_memory_is_memory(sandbox):
    verdict = softmax(sandbox, "return np.zeros(1 << 36)")
    assert (verdict.status, verdict.points) == (Status.MEMORY, 0)


def test_a_broken_file_is_unreadable_for_every_exercise(sandbox):
    lesson = manifest.load().lesson("01_softmax")
    broken = Submission("ada", lesson.name, "a.ipynb", "ipynb", None, b'{"cells": [')
    judgement = examine(broken, lesson, {}, sandbox)
    assert {verdict.status for verdict in judgement.verdicts} == {Status.UNREADABLE}
    assert len(judgement.verdicts) == len(lesson.exercises)


def test_a_syntax_error_in_one_answer_leaves_the_others(sandbox):
    _, verdicts = judged(sandbox, f"import numpy as np\n{RIGHT}\ndef logsumexp(Z)\n    return Z.sum(\n")
    assert verdicts["softmax"].status is Status.PASS
    assert verdicts["logsumexp"].status is Status.UNREADABLE
    assert "line 7" in verdicts["logsumexp"].message


def test_a_fault_of_ours_costs_nobody_anything(sandbox):
    lesson = manifest.load().lesson("01_softmax")
    judgement = examine(script(f"import numpy as np\n{RIGHT}"), lesson, {}, sandbox)  # no fixtures
    verdict = judgement.verdicts[0]
    assert verdict.status is Status.GRADER_ERROR
    assert (verdict.points, verdict.of) == (0, 0)
    assert "KeyError" in judgement.faults[0].traceback


def test_a_crash_in_one_group_costs_that_group(sandbox):
    body = "if Z.ndim > 2:\n    raise ValueError('flat ones only')\n" + BODY
    verdict = softmax(sandbox, body)
    assert verdict.groups["shapes"] is Status.CRASH
    assert verdict.groups["typical"] is Status.PASS
    assert verdict.status is Status.PARTIAL


def test_a_constant_that_cannot_be_made_is_named(sandbox):
    verdict = verdict_on(sandbox, "softmax", "K = np.zeros(3)[5]\ndef softmax(Z):\n    return Z * K\n")
    assert verdict.status is Status.CRASH
    assert "K is not defined, since its definition raises IndexError" in verdict.message


def test_left_out_lines_are_listed(sandbox):
    judgement, _ = judged(sandbox, f"import numpy as np\n{RIGHT}\nprint(softmax(np.ones(3)))\n")
    assert any("print" in line and "line 7" in line for line in judgement.left_out)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return Z.tolist()", ("a list", "whole arrays")),
        ("return Z.astype(object)", ("dtype object",)),
        ("return np.full(Z.shape, np.nan, Z.dtype)", ("NaN", "(2, 7)")),
        ("return Z[..., :1]", ("shape (2, 1)", "expected (2, 7)", "axis 1 (n) is 1, it should be 7")),
        ("return Z.astype(np.float16)", ("dtype float16", "expected float64")),
        ("class Sub(np.ndarray): pass\nreturn Z.view(Sub)", ("a Sub", "np.ndarray")),
        ("return Z.sum(-1)", ("1 axis instead of 2",)),
        ("return None", ("None", "return")),
        ("return Z, Z", ("a tuple",)),
    ],
)
def test_what_is_no_array_of_the_right_kind_is_told_in_words(sandbox, body, words):
    verdict = softmax(sandbox, body)
    assert verdict.status is Status.WRONG
    assert "with Z (2, 7)" in verdict.message
    for word in words:
        assert word in verdict.message


def test_a_python_number_is_no_numpy_number(sandbox):
    source = "def cross_entropy(Z, targets, ignore=-1):\n    return float(Z.sum())\n"
    assert "a Python float" in verdict_on(sandbox, "cross_entropy", source).message


def test_a_named_mistake_comes_first(sandbox):
    source = "def causal_mask(T):\n    return np.tri(T, k=1, dtype=bool)\n"
    message = verdict_on(sandbox, "causal_mask", source).message
    assert message.startswith("Your result is what one gets by letting each position look one step ahead.")


ATTENTION = """
def attention(Q, K, V, mask=None):
    S = Q @ K.swapaxes(-1, -2) / Q.shape[-1] ** 0.5
    if mask is not None:
        S = np.where(mask, S, np.finfo(S.dtype).min)
    A = softmax(S)
    return A @ V if mask is None else A @ V * mask.any(-1, keepdims=True)
"""


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("mask, S, np.finfo(S.dtype).min", "mask, np.finfo(S.dtype).min, S", "hiding where the mask is True"),
        ("Q.shape[-1] ** 0.5", "np.sqrt(Q.shape[-1])", "a float64 that turns float32 into float64"),
    ],
)
def test_a_mistake_is_named_in_another_ones_style(sandbox, right, wrong, words):
    message = verdict_on(sandbox, "attention", ATTENTION.replace(right, wrong)).message
    assert message.startswith("Your result is what one gets by ")
    assert words in message


@pytest.mark.parametrize(
    ("sums", "shown"),
    [
        ("(np.cumsum(P) <= u[..., None]).sum(-1)", "values are wrong"),
        ("np.searchsorted(P.cumsum(-1), u.ravel())", "raises ValueError"),
    ],
)
def test_a_mistake_is_not_named_above_what_it_does_not_explain(sandbox, sums, shown):
    source = f"def sample_categorical(P, u):\n    return {sums}\n"
    message = verdict_on(sandbox, "sample_categorical", source).message
    assert shown in message
    assert "what one gets" not in message


def test_an_answer_that_changes_its_inputs_loses_that_group_only(sandbox):
    body = "Z -= Z.max(-1, keepdims=True)\nE = np.exp(Z)\nreturn E / E.sum(-1, keepdims=True)"
    verdict = softmax(sandbox, body)
    assert [group for group, status in verdict.groups.items() if status is Status.WRONG] == ["inputs-kept"]
    assert "changes its input Z" in verdict.message


def test_an_answer_that_remembers_is_judged_group_by_group(sandbox):
    source = """
calls = []
def softmax(Z):
    calls.append(1)
    if len(calls) > 5:
        return Z
    E = np.exp(Z - Z.max(-1, keepdims=True))
    return E / E.sum(-1, keepdims=True)
"""
    assert verdict_on(sandbox, "softmax", source).status is Status.PASS


def test_failing_at_larger_sizes_earns_no_loop_points(sandbox):
    body = "if max(Z.shape) > 7:\n    raise ValueError\n" + BODY
    verdict = softmax(sandbox, body)
    assert verdict.loops is Loops.NOT_JUDGED
    assert verdict.points == round(2 * 85 / 100, 2)
    assert "cannot be counted" in verdict.message


def test_prints_do_no_harm(sandbox):
    body = "print('here', Z.shape)\n" + BODY
    assert softmax(sandbox, body).status is Status.PASS


def test_older_versions_are_named(sandbox):
    lesson = manifest.load().lesson("01_softmax")
    handed_in = replace(script(f"import numpy as np\n{RIGHT}"), superseded=("draft.py",))
    verdicts = examine(handed_in, lesson, hidden_under(KEYS[0], lesson.name), sandbox).verdicts
    assert "draft.py" in verdicts[0].warnings[0]
    assert not verdicts[1].warnings


HIDES_A_LOOP = """
import dataclasses
def softmax(Z):
    dataclasses.sys.settrace(None)
    rows = [np.exp(row - row.max()) for row in Z.reshape(-1, Z.shape[-1])]
    return np.array([row / row.sum() for row in rows], Z.dtype).reshape(Z.shape)
"""


def test_reaching_for_the_interpreter_is_refused_though_the_text_was_let_through(sandbox, monkeypatch):
    monkeypatch.setattr("headway_grader.answers.violations_for", lambda *of_an_answer: ())
    verdict = verdict_on(sandbox, "softmax", HIDES_A_LOOP)
    assert (verdict.status, verdict.points) == (Status.REFUSED, 0)
    assert "not on the interpreter (sys.settrace)" in verdict.message


def test_waiting_too_long_is_told_from_computing_too_long(sandbox, monkeypatch):
    monkeypatch.setattr(proxies, "LIMITS", Limits(wall_seconds=0.5))
    monkeypatch.setattr(proxies, "REHEARSAL", Limits(wall_seconds=0.5))
    monkeypatch.setattr(proxies, "SECONDS", 0.2)
    verdict = softmax(sandbox, "return sum(iter(int, 1))")
    assert verdict.status is Status.TIMEOUT
    assert "did not return in 0.5 s." in verdict.message
