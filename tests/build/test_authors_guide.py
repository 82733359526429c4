"""The author's guide, followed to the letter on a copy of the course: its files, its edits, its commands."""

import shutil
from pathlib import Path

import pytest
from following import follow, run, steps

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "authors.md"
PARTS = ["course", "solutions", "autograder", "exercises", "data/fixtures"]

pytestmark = pytest.mark.slow


@pytest.fixture
def clone(tmp_path):
    """A copy of the course that an author may change, and whose code is run instead of the installed one."""
    for part in PARTS:
        shutil.copytree(
            ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", ".headway")
        )
    return tmp_path


def test_the_guide_ends_with_an_exercise_that_tells_a_mistake_by_its_name(clone):
    done = [follow(*step, clone) for step in steps(GUIDE)]
    assert {sort: done.count(sort) for sort in ("file", "edit", "command", "shown")} == {
        "file": 4,
        "edit": 6,
        "command": 6,
        "shown": 1,
    }
    said = run("headway check mine.py", clone)
    assert "by taking the logarithm to base 2" in said
    assert "everything is up to date" in run("headway-build --check", clone)
