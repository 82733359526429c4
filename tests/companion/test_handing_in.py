"""hand_in: a file that the grader takes, made whatever is missing, and nothing of the machine in it."""

import json
import os
import re
from pathlib import Path

import nbformat
import pytest
import running
from headway_course import hand_in, manifest
from headway_course.cli import app
from headway_course.errors import CourseError
from headway_course.handing_in import make_hand_in
from headway_course.reading.cells import read
from headway_course.record.store import begin, beside
from headway_grader.handins.submissions import find
from jupyter_client.manager import start_new_kernel
from small_course import STUB, cell_of, notebook_of
from typer.testing import CliRunner

pytestmark = pytest.mark.slow

RIGHT = """import numpy as np

def softmax(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)
"""
DOUBLED = "def doubled(Z):\n    return softmax(Z) + softmax(Z)\n"
CHECKS = tuple((f"check-{name}", "code", f"check({name})") for name in ("softmax", "doubled"))
DONE = (("softmax", "code", RIGHT), ("doubled", "code", DOUBLED), ("why", "markdown", "Because."), *CHECKS)
BEGUN = (
    ("softmax", "code", RIGHT.replace("-1", "0")),
    ("doubled", "code", DOUBLED.replace("return", "raise NotImplementedError  #")),
    ("why", "markdown", "YOUR ANSWER HERE"),
)


@pytest.fixture
def shell(course, monkeypatch):
    return running.install(monkeypatch)


@pytest.fixture
def mine(course, notebook):
    return notebook(*DONE)


def taken(*paths):
    """What the grader finds there: learner, lesson, cells."""
    found = find(paths, manifest.load())
    assert not [one.error for one in found if one.error]
    return {(one.learner, one.assignment): read(one.content, one.kind).cells for one in found}


def test_the_grader_takes_the_file_for_its_learner_and_lesson(mine):
    made = make_hand_in(mine, "ada")
    assert re.fullmatch(r"ada_01_tiny_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.ipynb", made.path.name)
    (key, cells) = next(iter(taken(made.path.parent).items()))
    assert key == ("ada", "01_tiny")
    assert cells == read(mine).cells
    assert made.missing == ()
    assert "2 of 2 exercises right, 1 of 1 questions answered" in repr(made)


def test_the_grader_takes_the_file_itself_and_the_script_too(course, tmp_path):
    script = tmp_path / "answers.py"
    script.write_text(RIGHT + DOUBLED)
    made = make_hand_in(script, "ada")
    assert made.path.read_bytes() == script.read_bytes()
    assert list(taken(made.path)) == [("ada", "01_tiny")]
    assert made.missing == ("question why: no answer yet",)


def test_without_a_name_it_is_as_nbgraders_folders_want_it(mine, tmp_path):
    made = make_hand_in(mine)
    assert made.path.name == "01_tiny.ipynb"
    assert "no name" in repr(made)
    place = tmp_path / "class" / "submitted" / "grace" / "01_tiny" / made.path.name
    place.parent.mkdir(parents=True)
    place.write_bytes(made.path.read_bytes())
    assert list(taken(tmp_path / "class")) == [("grace", "01_tiny")]


@pytest.mark.parametrize(
    "given", ["Ada Lovelace", "ada_l", "../../ada", "Ädä", "a/b\\c", "ada@example.org", "x" * 90]
)
def test_any_name_stays_one_persons_and_in_the_folder(mine, given):
    made = make_hand_in(mine, given)
    assert made.path.parent == mine.parent / "handed_in"
    assert list(taken(made.path.parent)) == [(made.learner, "01_tiny")]


@pytest.mark.parametrize("given", ["_", "..", "///", "-"])
def test_a_name_without_a_letter_is_refused(mine, given):
    with pytest.raises(CourseError, match="is no name"):
        make_hand_in(mine, given)


def test_a_name_is_remembered_for_all_lessons(mine):
    make_hand_in(mine, "ada")
    change(mine, "changed")
    assert make_hand_in(mine).learner == "ada"
    change(mine, "again")
    assert make_hand_in(mine, "grace").learner == "grace"


def change(path, text):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].append(cell_of(f"own-{text}", "markdown", text))
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_an_earlier_file_stays_and_the_last_counts(mine):
    first = make_hand_in(mine, "ada")
    change(mine, "later")
    second = make_hand_in(mine, "ada")
    assert first.path.is_file()
    assert first.path != second.path
    assert any(cell.source == "later" for cell in taken(first.path.parent)["ada", "01_tiny"])


@pytest.mark.parametrize("name", ["", "ada"])
def test_what_did_not_change_is_not_made_again(mine, name):
    first, second = make_hand_in(mine, name), make_hand_in(mine, name)
    assert second.path == first.path
    assert (first.is_new, second.is_new) == (True, False)
    assert "Nothing has changed" in repr(second)


def test_what_is_missing_is_listed_and_the_file_is_made_all_the_same(course, notebook):
    made = make_hand_in(notebook(*BEGUN), "ada")
    assert list(taken(made.path)) == [("ada", "01_tiny")]
    softmax, doubled, question = made.missing
    assert softmax.startswith("softmax: not right yet")
    assert doubled == "doubled: not started"
    assert question == "question why: no answer yet"
    assert "the cell check-softmax is missing, which costs nothing" in made.notes


def test_a_deleted_cell_and_a_deleted_question_are_missing(course, notebook):
    missing = make_hand_in(notebook(DONE[1])).missing
    assert "softmax: not in this file" in missing
    assert "question why: no answer yet" in missing


def test_cells_that_lost_their_names_are_said_and_still_found(mine):
    notebook = json.loads(mine.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        del cell["id"]
    mine.write_text(json.dumps(notebook), encoding="utf-8")
    made = make_hand_in(mine, "ada")
    assert any("lost their names" in said for said in made.notes)
    nbformat.validate(nbformat.read(made.path, as_version=4))


def test_an_endless_loop_costs_the_file_nothing(course, notebook, monkeypatch):
    monkeypatch.setattr("headway_course.handing_in.SECONDS", 0.5)
    loops = notebook(("softmax", "code", "def softmax(Z):\n    while True:\n        pass"), *DONE[1:])
    made = make_hand_in(loops, "ada")
    assert "softmax: not finished in time" in made.missing
    assert made.path.is_file()


@pytest.mark.parametrize("trouble", [CourseError("it fell silent"), OSError("no more processes")])
def test_where_nothing_can_be_checked_the_file_is_made_and_that_is_said(mine, monkeypatch, trouble):
    def fail(*_):
        raise trouble

    monkeypatch.setattr("headway_course.handing_in.check_file", fail)
    made = make_hand_in(mine, "ada")
    assert made.missing == (f"the exercises could not be checked: {trouble}",)
    assert list(taken(made.path)) == [("ada", "01_tiny")]


def test_nothing_of_the_machine_is_in_it(course, tmp_path):
    private = "/home/ada/secret"
    output = {"output_type": "stream", "name": "stdout", "text": private}
    notebook = notebook_of(*DONE, **{"vscode": {"interpreter": private}, "widgets": private})
    for cell in notebook["cells"]:
        cell["metadata"] |= {
            "executionInfo": {"user": {"displayName": private}},
            "nbgrader": {"grade_id": cell["id"]},
        }
        if cell["cell_type"] == "code":
            cell |= {"outputs": [output], "execution_count": 7}
    notebook["metadata"]["kernelspec"] = {"name": private, "display_name": private}
    path = tmp_path / "01_tiny.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    made = make_hand_in(path, "ada").path
    assert private not in made.read_text(encoding="utf-8")
    assert str(tmp_path) not in made.read_text(encoding="utf-8")
    assert [cell.names for cell in read(made).cells] == [{name} for name, _, _ in DONE]
    nbformat.validate(nbformat.read(made, as_version=4))


def test_a_notebook_that_is_too_large_for_its_outputs_is_handed_in_without_them(mine, monkeypatch):
    notebook = json.loads(mine.read_text(encoding="utf-8"))
    large = "x" * 20_000
    notebook["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": large}]
    mine.write_text(json.dumps(notebook), encoding="utf-8")
    monkeypatch.setattr("headway_course.reading.cells.MAX_BYTES", len(large))
    made = make_hand_in(mine, "ada")
    assert list(taken(made.path)) == [("ada", "01_tiny")]
    assert made.missing == ()


def test_pictures_pasted_into_an_answer_come_along(mine):
    notebook = json.loads(mine.read_text(encoding="utf-8"))
    notebook["cells"][2]["attachments"] = {"image.png": {"image/png": "aGk="}}
    mine.write_text(json.dumps(notebook), encoding="utf-8")
    made = json.loads(make_hand_in(mine).path.read_text(encoding="utf-8"))
    assert made["cells"][2]["attachments"] == {"image.png": {"image/png": "aGk="}}


def test_an_old_format_is_handed_in_as_it_is(course, tmp_path):
    old = {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [{"cell_type": "code", "input": RIGHT}]}]}
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(old))
    made = make_hand_in(path, "ada").path
    assert made.read_bytes() == path.read_bytes()
    assert list(taken(made)) == [("ada", "01_tiny")]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nothing.ipynb", None, "cannot read .*nothing.ipynb: No such file"),
        ("broken.ipynb", "{", "not a notebook"),
        ("notes.txt", "hello", "kind 'txt'"),
        ("other.py", "x = 1\n", "answers no exercise of this course"),
    ],
)
def test_what_cannot_be_handed_in_is_said(course, tmp_path, name, content, said):
    if content:
        (tmp_path / name).write_text(content)
    with pytest.raises(CourseError, match=said):
        make_hand_in(tmp_path / name)
    assert not (tmp_path / "handed_in").exists()


def test_where_it_cannot_be_written_another_folder_is_asked_for(mine, tmp_path):
    (mine.parent / "handed_in").write_text("a file where the folder should be")
    with pytest.raises(CourseError, match="name another folder"):
        make_hand_in(mine, "ada")
    assert make_hand_in(mine, "ada", tmp_path / "elsewhere").path.parent == tmp_path / "elsewhere"


def test_a_notebook_shows_no_path_above_its_own_folder(mine, monkeypatch):
    monkeypatch.chdir(mine.parent)
    assert "`handed_in" not in repr(make_hand_in(mine, "ada"))
    assert "The file to hand in: handed_in" in repr(make_hand_in(mine, "grace"))
    assert str(mine.parent) not in make_hand_in(mine, "emmy")._repr_html_()


def test_where_no_file_is_known_a_notebook_says_what_to_do_and_runs_on(shell):
    said = repr(hand_in())
    assert "headway hand-in 01_softmax.ipynb" in said
    assert "headway hand-in" in hand_in()._repr_html_()


def test_outside_a_notebook_it_says_what_to_do(course):
    assert "Name it" in repr(hand_in())


def test_a_wrong_file_is_said_and_the_notebook_runs_on(shell):
    assert "No such file" in repr(hand_in("nothing.ipynb"))


@pytest.mark.parametrize("says_so", ["JPY_SESSION_NAME", "__vsc_ipynb_file__"])
def test_a_notebook_knows_its_file(shell, mine, monkeypatch, says_so):
    if says_so.startswith("JPY"):
        monkeypatch.setenv(says_so, str(mine))
    else:
        shell.user_ns[says_so] = str(mine)
    assert list(taken(hand_in(name="ada").path)) == [("ada", "01_tiny")]


def test_a_notebook_that_was_renamed_asks_for_a_restart(shell, tmp_path, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "Untitled.ipynb"))
    said = repr(hand_in())
    assert "Untitled.ipynb" in said
    assert "restart the kernel" in said


def test_an_answer_that_ran_but_was_not_saved_is_named(shell, mine, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", str(mine))
    shell.run(RIGHT, DOUBLED)
    assert hand_in().missing == ()
    shell.run(RIGHT.replace("E /", "1.0 * E /"))
    (said,) = hand_in().missing
    assert said.startswith("softmax: what ran last, in cell [3], is not what was saved. Save")
    shell.run(RIGHT)
    assert hand_in().missing == ()


def test_a_cell_with_a_line_of_ipythons_is_known_again(course, shell, notebook, monkeypatch):
    magic = "%matplotlib inline\n" + RIGHT
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook(("softmax", "code", magic), *DONE[1:])))
    shell.user_ns["get_ipython"] = lambda: type("", (), {"run_line_magic": lambda *_: None})()
    shell.run(magic)
    assert not [said for said in hand_in().missing if "what ran last" in said]


def test_the_command_says_the_same_and_exits_with_0(course, notebook):
    path = notebook(*BEGUN)
    done = CliRunner().invoke(app, ["hand-in", str(path), "--name", "ada"])
    assert done.exit_code == 0
    assert "ada_01_tiny_" in done.output
    assert "question why: no answer yet" in done.output
    done = CliRunner().invoke(app, ["hand-in", str(path.parent / "nothing.ipynb")])
    assert done.exit_code == 2


def test_a_real_kernel_hands_in_its_own_notebook_and_fills_a_cell(mine):
    manager, client = start_new_kernel(
        kernel_name="python3", env={**os.environ, "JPY_SESSION_NAME": str(mine)}, cwd=str(mine.parent)
    )
    try:
        shown = client.execute_interactive(RIGHT, timeout=60)
        assert shown["content"]["status"] == "ok"
        outputs = []
        client.execute_interactive(
            "from headway_course import hand_in, reset\nprint(hand_in(name='ada').path)",
            output_hook=lambda message: outputs.append(message["content"].get("text", "")),
            timeout=60,
        )
        path = Path("".join(outputs).strip())
        assert list(taken(path)) == [("ada", "01_tiny")]
        reply = client.execute_interactive("reset(softmax)", output_hook=lambda _: None, timeout=60)
        (payload,) = reply["content"]["payload"]
        assert payload == {"source": "set_next_input", "text": STUB, "replace": True}
        assert (mine.parent / "kept").is_dir()
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("first", [True, False])
def test_a_model_answer_that_was_seen_first_is_noted(mine, first):
    begin(mine.parent)
    if not first:
        make_hand_in(mine)  # where softmax passes
    beside(mine.parent).give_up("softmax")
    said = "the model answer of softmax was seen before your own passed"
    assert (said in make_hand_in(mine).notes) == first
