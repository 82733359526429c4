"""`headway-grade teach`, as far as it goes without JupyterLab; with it, tests/browser."""

import pytest
from headway_grader.cli import app
from headway_grader.desk import opening
from typer.testing import CliRunner

pytestmark = pytest.mark.slow  # a gradebook or a bundle is made


@pytest.fixture
def opened(monkeypatch, tmp_path):
    """What JupyterLab would have been opened with."""
    calls = []
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "headway"))
    monkeypatch.setattr(opening, "open_jupyterlab", lambda *what, **how: calls.append((what, how)) or 0)
    return calls


def headway_grade(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_teach_makes_the_class_and_opens_it_with_its_settings(opened, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("id\nada\n")
    folder = tmp_path / "class"
    done = headway_grade("teach", "--into", folder, "--roster", people, "--port", "8899")
    assert done.exit_code == 0
    [((where, options), how)] = opened
    assert (where, options) == (folder, ["--port", "8899"])
    assert folder in how["config"]
    assert "class: learners on the roster: 1, of them new: 1" in done.stdout
    assert "Made a new course key" in done.stderr


def test_a_roster_that_is_not_there_opens_nothing(opened, tmp_path):
    done = headway_grade("teach", "--into", tmp_path / "class", "--roster", tmp_path / "no.csv")
    assert done.exit_code == 1
    assert opened == []
    assert "no.csv" in done.stderr


def test_other_commands_take_no_options_that_they_do_not_know():
    assert headway_grade("doctor", "--port", "8899").exit_code == 2
