"""Copies of a course root in which the lesson was released."""

import shutil
from pathlib import Path

import pytest
from course_root import CONFIG, Course, instructor_notebook


@pytest.fixture(scope="session")
def released_course(tmp_path_factory) -> Path:
    """A course root in which the lesson was released, to be copied."""
    root = tmp_path_factory.mktemp("released")
    shutil.copy(CONFIG, root)
    course = Course(root)
    course.write("source", instructor_notebook())
    assert course.generate_assignment()["success"]
    return root


@pytest.fixture
def course(tmp_path, released_course, monkeypatch) -> Course:
    monkeypatch.setenv("PATH", "/usr/bin")  # what the config puts in front of it goes away with the test
    shutil.copytree(released_course, tmp_path / "course")
    return Course(tmp_path / "course")
