"""The policy refuses most attacks before they run; without it the sandbox alone holds them.

Quick, and on public cases: here the judge looks at one attack after another in one warm process.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from attack_class import ATTACKS, AUTOGRADER, LESSON, answers, notebook
from headway_course import manifest
from headway_grader.handins.submissions import Submission
from headway_grader.judge import examine
from headway_grader.reference import public_fixtures
from headway_grader.sandbox import Sandbox
from headway_grader.verdict import Status

pytestmark = pytest.mark.slow

WHOLE = manifest.load().lesson(LESSON)
TWO = replace(WHOLE, exercises=WHOLE.exercises[:2])  # the one under attack, and one that shall not suffer
POINTS = {exercise.name: exercise.points for exercise in TWO.exercises}
SOURCE = AUTOGRADER / "source" / LESSON / f"{LESSON}.ipynb"
STOPPED_OR_WRONG = {Status.WRONG, Status.CRASH, Status.REFUSED}


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


def verdicts(sources, sandbox):
    content = nbformat.writes(notebook(SOURCE, answers() | sources)).encode()
    handed_in = Submission("ada", LESSON, Path("ada.ipynb"), "ipynb", datetime.now(UTC), content)
    judged = examine(handed_in, TWO, public_fixtures(LESSON), sandbox).verdicts
    return {verdict.exercise: verdict for verdict in judged}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_that_runs_earns_nothing_and_harms_nobody(attack, sandbox, monkeypatch):
    monkeypatch.setattr("headway_grader.answers.violations_for", lambda *_: ())
    attacked = verdicts({"softmax": ATTACKS[attack]}, sandbox)
    assert attacked["softmax"].status in STOPPED_OR_WRONG
    assert "Not run" not in attacked["softmax"].message
    assert {name: verdict.points for name, verdict in attacked.items()} == POINTS | {"softmax": 0}
    next_one = verdicts({}, sandbox)
    assert {name: verdict.points for name, verdict in next_one.items()} == POINTS
