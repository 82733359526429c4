"""`headway-grade teach`, as far as it goes without JupyterLab; with it, tests/browser."""

import pytest
from headway_grader import cli
from headway_grader.desk import opening

pytestmark = pytest.mark.slow  # a gradebook or a bundle is made


@pytest.fixture
def opened(monkeypatch, tmp_path):
    """What JupyterLab would have been opened with."""
    calls = []
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "headway"))
    monkeypatch.setattr(opening, "open_jupyterlab", lambda *what, **how: calls.append((what, how)) or 0)
    return calls


def test_teach_makes_the_class_and_opens_it_with_its_settings(opened, tmp_path, capsys):
    people = tmp_path / "people.csv"
    people.write_text("id\nada\n")
    folder = tmp_path / "class"
    assert cli.app(["teach", "--into", str(folder), "--roster", str(people), "--port", "8899"]) == 0
    [((where, options), how)] = opened
    assert (where, options) == (folder, ["--port", "8899"])
    assert folder in how["config"]
    said = capsys.readouterr()
    assert "class: learners on the roster: 1, of them new: 1" in said.out
    assert "Made a new course key" in said.err


def test_a_roster_that_is_not_there_opens_nothing(opened, tmp_path, capsys):
    assert cli.app(["teach", "--into", str(tmp_path / "class"), "--roster", str(tmp_path / "no.csv")]) == 1
    assert opened == []
    assert "no.csv" in capsys.readouterr().err


def test_other_commands_take_no_options_that_they_do_not_know():
    with pytest.raises(SystemExit) as stopped:
        cli.app(["doctor", "--port", "8899"])
    assert stopped.value.code == 2
