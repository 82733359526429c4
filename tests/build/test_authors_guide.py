"""The author's guide, followed to the letter on a copy of the course: its files, its edits, its commands."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "authors.md"
PARTS = ["course", "solutions", "autograder", "exercises", "data/fixtures"]
WRITE = re.compile(r"`([^`]+)`:")
EDIT = re.compile(r"In `([^`]+)`, instead of `([^`]+)`:")

pytestmark = pytest.mark.slow


@pytest.fixture
def clone(tmp_path):
    """A copy of the course that an author may change, and whose code is run instead of the installed one."""
    for part in PARTS:
        shutil.copytree(
            ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", ".headway")
        )
    return tmp_path


def steps():
    """Every block of code in the guide, with the paragraph above it."""
    above = ""
    for token in MarkdownIt().parse(GUIDE.read_text(encoding="utf-8")):
        if token.type == "inline":
            above = token.content
        if token.type == "fence":
            yield above, token.info, token.content
            above = ""


def run(command, clone):
    sources = os.pathsep.join(str(clone / part) for part in ("solutions", "course", "autograder"))
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        shlex.split(command),
        cwd=clone,
        env=os.environ | {"PYTHONPATH": sources, "PATH": path, "HEADWAY_HOME": str(clone / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout


def follow(above, kind, content, clone):
    """Does what one block of the guide says; tells which sort of block it was."""
    if edit := EDIT.fullmatch(above):
        path = clone / edit[1]
        text = path.read_text(encoding="utf-8")
        assert text.count(edit[2]) == 1, f"{edit[2]!r} in {edit[1]}"
        path.write_text(text.replace(edit[2], content.rstrip("\n")), encoding="utf-8")
        return "edit"
    if written := WRITE.fullmatch(above):
        path = clone / written[1]
        assert not path.exists()
        path.write_text(content, encoding="utf-8")
        return "file"
    if kind == "console":
        command, *expected = content.splitlines()
        output = run(command.removeprefix("$ "), clone)
        for line in expected:
            pattern = ".*".join(map(re.escape, line.split("…")))
            assert re.search(f"^{pattern}$", output, re.MULTILINE), f"{command}\n{output}\nlacks {line!r}"
        return "command"
    return "shown"


def test_the_guide_ends_with_an_exercise_that_tells_a_mistake_by_its_name(clone):
    done = [follow(*step, clone) for step in steps()]
    assert {sort: done.count(sort) for sort in ("file", "edit", "command", "shown")} == {
        "file": 4,
        "edit": 6,
        "command": 6,
        "shown": 1,
    }
    said = run("headway check mine.py", clone)
    assert "by taking the logarithm to base 2" in said
    assert "everything is up to date" in run("headway-build --check", clone)
