"""reset: the stub comes back, and no text of the learner's is lost."""

import json
import os

import pytest
import running
from headway_course import reset
from headway_course.cli import app
from headway_course.errors import CourseError
from headway_course.resetting import reset_in_file
from small_course import STUB, cell_of, notebook_of
from typer.testing import CliRunner

ANSWER = "import numpy as np\n\ndef softmax(Z):\n    return np.exp(Z)  # my own\n"
DOUBLED = "def doubled(Z):\n    return Z + Z\n"


@pytest.fixture
def shell(course, monkeypatch):
    return running.install(monkeypatch)


@pytest.fixture
def mine(course, notebook):
    return notebook(
        ("text", "markdown", "Write it."), ("softmax", "code", ANSWER), ("doubled", "code", DOUBLED)
    )


def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def sources(path):
    return ["".join(cell["source"]) for cell in cells(path)]


def kept(path):
    return [file.read_text(encoding="utf-8") for file in sorted((path.parent / "kept").glob("*.py"))]


def rewrite(path, *listed):
    path.write_text(json.dumps(notebook_of() | {"cells": list(listed)}), encoding="utf-8")


def test_the_stub_comes_back_and_the_answer_is_kept(mine):
    done = reset_in_file("softmax", mine)
    assert sources(mine) == ["Write it.", STUB, DOUBLED]
    (text,) = kept(mine)
    assert text.endswith(ANSWER)
    assert text.startswith("# softmax, as it stood in 01_tiny.ipynb until ")
    assert str(done.kept) in repr(done)
    assert "Reload Notebook from Disk" in repr(done)


def test_outputs_of_the_old_answer_go_and_all_else_stays(mine):
    listed = cells(mine)
    output = {"output_type": "stream", "name": "stdout", "text": "seen"}
    listed[1] |= {
        "outputs": [output],
        "execution_count": 3,
        "metadata": {"nbgrader": {"grade_id": "softmax"}},
    }
    listed[2] |= {"outputs": [output], "execution_count": 4}
    rewrite(mine, *listed)
    reset_in_file("softmax", mine)
    after = cells(mine)
    assert (after[1]["outputs"], after[1]["execution_count"]) == ([], None)
    assert after[1]["metadata"] == {"nbgrader": {"grade_id": "softmax"}}
    assert after[2] == listed[2]


def test_what_is_the_stub_already_is_not_written_again(mine):
    reset_in_file("softmax", mine)
    before = mine.read_bytes(), mine.stat().st_mtime_ns
    assert "already" in repr(reset_in_file("softmax", mine))
    assert (mine.read_bytes(), mine.stat().st_mtime_ns) == before
    assert len(kept(mine)) == 1


def test_two_resets_in_a_second_keep_both_texts(mine):
    reset_in_file("softmax", mine)
    listed = cells(mine)
    listed[1]["source"] = "def softmax(Z):\n    return Z  # second"
    rewrite(mine, *listed)
    reset_in_file("softmax", mine)
    assert len(kept(mine)) == 2
    assert "# my own" in "".join(kept(mine))
    assert "# second" in "".join(kept(mine))


def test_a_cell_with_other_answers_loses_this_one_only(mine):
    rewrite(mine, cell_of("softmax", "code", ANSWER + "\n\n" + DOUBLED))
    reset_in_file("softmax", mine)
    (source,) = sources(mine)
    assert source == "import numpy as np\n\n" + STUB + "\n\n\n" + DOUBLED
    assert "# my own" in kept(mine)[0]


def test_an_answer_in_a_cell_without_a_name_is_found(mine):
    nameless = cell_of("x", "code", ANSWER)
    del nameless["id"]
    rewrite(mine, nameless)
    reset_in_file("softmax", mine)
    assert sources(mine) == [STUB]
    assert "# my own" in kept(mine)[0]


def test_the_halves_of_a_split_answer_become_one_stub(mine):
    """JupyterLab gives the upper half an id of its own and a copy of the metadata."""
    known = {"nbgrader": {"grade_id": "softmax"}}
    upper = cell_of("a1b2", "code", "import numpy as np", **known)
    lower = cell_of("softmax", "code", "def softmax(Z):\n    return np.exp(Z)", **known)
    rewrite(mine, upper, lower)
    reset_in_file("softmax", mine)
    assert sources(mine) == [STUB]
    assert "import numpy as np\n\n\ndef softmax(Z):" in kept(mine)[0]


def test_a_cell_that_was_deleted_comes_back_from_the_course(mine, tmp_path, monkeypatch):
    exercises = tmp_path / "exercises"
    exercises.mkdir()
    ours = notebook_of(("text", "markdown", "Write it."), ("softmax", "code", STUB), ("end", "markdown", "."))
    (exercises / "01_tiny.ipynb").write_text(json.dumps(ours), encoding="utf-8")
    monkeypatch.setattr("headway_course.sync.shipped_notebooks", lambda: exercises)
    text, _, doubled = cells(mine)
    rewrite(mine, text, doubled)
    reset_in_file("softmax", mine)
    assert sources(mine) == ["Write it.", STUB, DOUBLED]


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_cell_that_was_emptied_gets_its_stub(mine, text):
    rewrite(mine, cell_of("softmax", "code", text))
    reset_in_file("softmax", mine)
    assert sources(mine) == [STUB]
    assert kept(mine) == []


def test_a_cell_that_was_made_text_is_code_again(mine):
    rewrite(mine, cell_of("softmax", "markdown", ANSWER))
    reset_in_file("softmax", mine)
    (cell,) = cells(mine)
    assert (cell["cell_type"], cell["outputs"]) == ("code", [])
    assert "# my own" in kept(mine)[0]


def test_a_notebook_saved_meanwhile_is_not_overwritten(mine, monkeypatch):
    def saved_meanwhile(*_):
        mine.write_text("saved by Jupyter")

    monkeypatch.setattr("headway_course.resetting._keep", saved_meanwhile)
    with pytest.raises(CourseError, match="saved just now"):
        reset_in_file("softmax", mine)
    assert mine.read_text() == "saved by Jupyter"


def test_another_cell_that_answers_is_named(mine):
    rewrite(mine, *cells(mine), cell_of("own", "code", "def softmax(Z):\n    return Z"))
    assert "Cell 4 defines `softmax` too" in repr(reset_in_file("softmax", mine))


def test_a_cell_that_is_no_python_is_kept_as_it_is(mine):
    broken = "def softmax(Z:\n    return ("
    rewrite(mine, cell_of("softmax", "code", broken))
    reset_in_file("softmax", mine)
    assert sources(mine) == [STUB]
    assert broken in kept(mine)[0]


@pytest.mark.parametrize(
    ("name", "file", "said"),
    [
        ("sofmax", "01_tiny.ipynb", "did you mean softmax"),
        ("softmax", "nothing.ipynb", "cannot read .*nothing.ipynb: No such file"),
        ("softmax", "answers.py", "no notebook .*In a script, put this in its place:"),
        ("softmax", "notes.txt", "notes.txt is no notebook .*ipynb.$"),
        ("softmax", "broken.ipynb", "left as it is, because it cannot be read"),
        ("softmax", "other.ipynb", "is the notebook of 07_other"),
    ],
)
def test_what_a_person_can_do_wrong_is_said_and_changes_nothing(mine, name, file, said):
    folder = mine.parent
    (folder / "broken.ipynb").write_text("{")
    (folder / "answers.py").write_text(ANSWER)
    other = notebook_of(("softmax", "code", ANSWER)) | {"metadata": {"headway": {"lesson": "07_other"}}}
    (folder / "other.ipynb").write_text(json.dumps(other))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(CourseError, match=said):
        reset_in_file(name, folder / file)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_where_no_copy_can_be_kept_nothing_is_changed(mine):
    (mine.parent / "kept").write_text("a file where the folder should be")
    before = mine.read_bytes()
    with pytest.raises(CourseError, match="Nothing was changed"):
        reset_in_file("softmax", mine)
    assert mine.read_bytes() == before


def test_a_disk_that_fills_up_leaves_the_notebook_whole(mine, monkeypatch):
    before, calls = mine.read_bytes(), []

    def full_the_second_time(_):
        calls.append(1)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_the_second_time)
    with pytest.raises(CourseError, match="it is as it was"):
        reset_in_file("softmax", mine)
    assert mine.read_bytes() == before
    assert "# my own" in kept(mine)[0]


def test_in_a_notebook_the_calling_cell_becomes_the_stub_and_the_file_is_left_alone(shell, mine, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", str(mine))
    shell.run(ANSWER.replace("my own", "as it ran"))
    before = mine.read_bytes()
    done = reset(shell.user_ns["softmax"])
    assert shell.filled == (STUB, True)
    assert mine.read_bytes() == before
    (text,) = kept(mine)
    assert "# my own" in text
    assert "# as it ran" in text
    assert "kept/softmax_" in repr(done)
    assert "raise NotImplementedError" in done._repr_html_()


def test_in_a_notebook_of_unknown_name_the_answer_that_ran_is_kept(shell, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shell.run(ANSWER)
    reset("softmax")
    assert "# my own" in kept(tmp_path / "01_tiny.ipynb")[0]


def test_what_stands_beside_the_call_in_its_cell_is_kept_too(shell, tmp_path, monkeypatch):
    """Typed into the cell of the answer, the call is replaced together with the answer."""
    monkeypatch.chdir(tmp_path)
    shell.run(ANSWER)
    shell.user_ns["reset"] = reset
    shell.run("reset(softmax)\ndef softmax(Z):\n    return Z  # never ran before")
    (text,) = kept(tmp_path / "01_tiny.ipynb")
    assert "# my own" in text
    assert "# never ran before" in text


def test_a_cell_with_nothing_but_the_call_is_not_kept(shell, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shell.run(STUB, "from headway_course import reset\nreset(softmax)")
    assert not (tmp_path / "kept").exists()


def test_a_stub_in_a_notebook_leaves_nothing_to_keep(shell, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shell.run(STUB)
    assert reset("softmax").kept is None
    assert shell.filled == (STUB, True)
    assert not (tmp_path / "kept").exists()


def test_the_command_does_the_same_and_says_so(mine):
    done = CliRunner().invoke(app, ["reset", "softmax", str(mine)])
    assert done.exit_code == 0
    assert sources(mine)[1] == STUB
    assert "kept" in done.output
    assert "`" not in done.output
    assert CliRunner().invoke(app, ["reset", "sofmax", str(mine)]).exit_code == 2
