"""The guide to the Qualifier, followed to the letter in an empty folder."""

import json
import zipfile
from html import unescape
from pathlib import Path

import pytest
from following import follow, run, steps

GUIDE = Path(__file__).parents[2] / "docs" / "qualifier.md"

pytestmark = pytest.mark.slow


def test_the_guide_ends_with_points_that_the_judge_and_a_person_gave(tmp_path):
    done = [follow(*step, tmp_path) for step in steps(GUIDE)]
    assert {sort: done.count(sort) for sort in ("file", "command", "shown")} == {
        "file": 4,
        "command": 9,
        "shown": 0,
    }
    with zipfile.ZipFile(tmp_path / "headway-qualifying.zip") as packed:
        sheet = packed.read("qualifying/README.md").decode()
    assert "Deadline: 1 May, 18:00\n" in sheet
    assert "join@example.org" in sheet
    said = run("headway-grade run applicants/submitted --json", tmp_path).splitlines()
    found = {(one["learner"], one["exercise"]): one for one in map(json.loads, said)}
    assert {one["assignment"] for one in found.values()} == {"qualifying"}
    assert found["ada", "softmax"]["status"] == found["ada", "causal_mask"]["status"] == "pass"
    assert found["ada", "attention"]["status"] == "not-started"
    assert found["ben", "softmax"]["status"] in ("partial", "wrong")
    page = unescape((tmp_path / "pages" / "ben" / "qualifying.html").read_text(encoding="utf-8"))
    assert found["ben", "softmax"]["message"].split(".")[0] in page
    page = tmp_path / "applicants" / "feedback" / "ben" / "qualifying" / "qualifying.html"
    assert "One sum for all rows: the idea is right." in page.read_text(encoding="utf-8")
    exported = run("headway-grade export --class applicants", tmp_path).splitlines()
    background = next(line for line in exported if line.startswith("ada") and ",background," in line)
    assert background.endswith(",no,yes,")  # a person still has to read it
