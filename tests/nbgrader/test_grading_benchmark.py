"""The benchmark of grading runs as its README says, and its three arms do the same work."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

GRADING = Path(__file__).parents[2] / "benchmarks" / "grading.py"


@pytest.mark.slow
def test_three_ways_to_grade_find_the_same_right_answers_and_ours_cost_less():
    command = [sys.executable, GRADING, "--submissions", "4", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    measured = json.loads(done.stdout)
    assert measured.pop("submissions") == 4
    assert {name: arm["full_marks"] for name, arm in measured.items()} == dict.fromkeys(measured, 4)
    stock, ours, run = (arm["cost"] for arm in measured.values())
    assert run["cpu"] < ours["cpu"] < stock["cpu"]
    assert 0 < run["peak_mib"] < stock["peak_mib"]
