"""The benchmark of grading runs as its README says, and the judge does its work there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

GRADING = Path(__file__).parents[2] / "benchmarks" / "grading.py"


@pytest.mark.slow
def test_both_doors_to_the_judge_give_full_marks_and_the_fast_one_costs_less_than_stock():
    command = [sys.executable, GRADING, "--submissions", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    measured = json.loads(done.stdout)
    stock, ours, run = (measured[name] for name in measured if name != "submissions")
    assert ours["full_marks"] == run["full_marks"] == 2
    assert run["cost"]["cpu"] < stock["cost"]["cpu"]
    assert 0 < run["cost"]["peak_mib"] < stock["cost"]["peak_mib"]
