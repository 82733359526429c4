"""The benchmark of the judge, run once, so that it measures what there is; what it measures is printed.

What judging costs is measured where the machine has nothing else to do, since whoever shares caches makes
others dearer: see benchmarks/README.md.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from headway_course import manifest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "judging.py"
LESSON = "01_softmax"


@pytest.fixture(scope="module")
def cost():
    command = [sys.executable, BENCHMARK, "--here", "--rounds", "1", "--lesson", LESSON]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.slow
def test_the_model_answers_of_a_lesson_earn_full_marks_where_they_are_measured(cost):
    assert cost["full_marks"] == 1
    assert list(cost["submissions"]) == [LESSON]
    assert cost["submissions"][LESSON] > 0


@pytest.mark.slow
def test_every_exercise_of_the_lesson_is_measured_stage_by_stage(cost):
    assert set(cost["stages"]) == {exercise.name for exercise in manifest.load().lesson(LESSON).exercises}
    for stages in cost["stages"].values():
        assert stages.keys() == {"correctness", "loops", "speed", "rest"}
        assert stages["speed"] > 0
