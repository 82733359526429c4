"""nbgrader's release of the instructor's notebook is the learner's notebook."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from headway_grader.build import builder


def release(course, lesson):
    """Runs `nbgrader generate_assignment` in a copy of a course root, and returns the released notebook."""
    env = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", lesson, "--create"]
    done = subprocess.run(command, cwd=course, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads((course / "release" / lesson / f"{lesson}.ipynb").read_text(encoding="utf-8"))


@pytest.mark.slow
def test_the_release_of_a_tiny_lesson_is_the_learners_notebook(tiny, tmp_path):
    tiny.build()
    course = tmp_path / "course"
    shutil.copytree(tiny.root / "autograder", course)
    learners = json.loads((tiny.root / "exercises" / "02_again.ipynb").read_text(encoding="utf-8"))
    assert release(course, "02_again") == learners


@pytest.mark.slow
def test_the_release_of_each_lesson_is_the_learners_notebook(tmp_path):
    root = builder.find_root(Path(__file__).parent)
    course = tmp_path / "course"
    course.mkdir()
    shutil.copy(root / "autograder" / "nbgrader_config.py", course)
    shutil.copytree(root / "autograder" / "source", course / "source")
    lessons = sorted(path.stem for path in (root / "exercises").glob("*.ipynb"))
    assert lessons
    for lesson in lessons:
        learners = json.loads((root / "exercises" / f"{lesson}.ipynb").read_text(encoding="utf-8"))
        assert release(course, lesson) == learners
