"""The shipped example class gets what was written down for it, by hand, before the judge had seen it."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CLASS = Path(__file__).parents[2] / "data" / "example_class"
DECIDED = ("status", "points", "of", "loops", "speed")
FAST = ("up-to-1.5", "up-to-3")  # which of the two makes no difference

pytestmark = pytest.mark.slow


def expected_rows():
    with (CLASS / "expected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The class judged from the command line, under a course key made for this run."""
    done = subprocess.run(
        [Path(sys.executable).with_name("headway-grade"), "run", CLASS, "--json"],
        env={**os.environ, "HEADWAY_HOME": str(tmp_path_factory.mktemp("home"))},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {(line["learner"], line["assignment"], line["exercise"]): line for line in lines}


def decided(row):
    row = {**row, "speed": "fast" if row["speed"] in FAST else row["speed"]}
    return tuple(float(row[name]) if name in ("points", "of") else row[name] for name in DECIDED)


@pytest.mark.parametrize(
    "row", expected_rows(), ids=lambda row: f"{row['learner']}-{row['exercise'].replace('_', '-')}"
)
def test_each_row_is_what_was_written_down(graded, row):
    line = graded[row["learner"], row["assignment"], row["exercise"]]
    assert decided(line) == decided(row), f"{row['reason']}; the judge says: {line['message']}"


def test_every_verdict_was_written_down(graded):
    assert set(graded) == {(row["learner"], row["assignment"], row["exercise"]) for row in expected_rows()}


@pytest.mark.parametrize(
    ("learner", "exercise", "words"),
    [
        ("wrong-axis", "softmax", "first axis"),
        ("missing-scale", "attention", "sqrt"),
        ("mask-off-by-one", "causal_mask", "ahead"),
        ("changes-its-inputs", "softmax", "input"),
        ("loops-over-rows", "softmax", "for loop"),
        ("loops-over-heads", "multi_head_attention", "for loop"),
        ("crash-at-import", "cross_entropy", "SMOOTHING"),
        ("hostile", "softmax", "open"),
    ],
)
def test_the_message_names_what_is_wrong(graded, learner, exercise, words):
    messages = [line["message"] for key, line in graded.items() if key[0] == learner and key[2] == exercise]
    assert len(messages) == 1
    assert words in messages[0].lower() or words in messages[0]
