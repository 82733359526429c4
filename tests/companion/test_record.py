"""What is remembered of answers: it survives damage and failing checks, and serves in later lessons."""

import json
import traceback
import warnings

import pytest
from headway_course import check, earlier
from headway_course.cli import app
from headway_course.errors import CourseError
from headway_course.record import own_answers
from headway_course.record.store import Entry, Record, State, begin, beside, record
from test_in_a_notebook import HELPER, RIGHT, Notebook
from typer.testing import CliRunner

WRONG = "def softmax(Z):\n    return Z / Z.sum(axis=-1, keepdims=True)\n"
SCRIPT = f"import numpy as np\n\n\n{HELPER}\n\n{RIGHT}"


@pytest.fixture(autouse=True)
def mine(course, tmp_path, monkeypatch):
    """A folder of notebooks with a record, where the learner works."""
    folder = tmp_path / "my"
    begin(folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def notebook():
    notebook = Notebook()
    notebook.run("import numpy as np")
    return notebook


def test_an_answer_that_passes_is_kept_as_source_with_all_that_it_needs(notebook):
    check(notebook.run(HELPER, "unrelated = 1", RIGHT))
    kept = record().answer("softmax").read_text()
    assert "def helper" in kept
    assert "import numpy as np" in kept
    assert "unrelated" not in kept
    assert record().entry("softmax").state is State.PASSED


def test_a_later_failure_takes_nothing_away(notebook):
    check(notebook.run(HELPER, RIGHT))
    before = record().entry("softmax"), record().answer("softmax").read_text()
    assert not check(notebook.run(WRONG)).good
    assert (record().entry("softmax"), record().answer("softmax").read_text()) == before


def test_a_newer_right_answer_replaces_the_older_one(notebook):
    check(notebook.run(HELPER, RIGHT))
    check(notebook.run(RIGHT.replace("E.sum", "np.abs(E).sum")))
    assert "np.abs" in record().answer("softmax").read_text()


def test_an_answer_that_is_partly_right_is_begun_and_not_used(notebook):
    check(notebook.run("def softmax(Z):\n    E = np.exp(Z)\n    return E / E.sum(axis=-1, keepdims=True)\n"))
    entry = record().entry("softmax")
    assert entry.state is State.BEGUN
    assert 0 < entry.right < entry.of
    assert record().answer("softmax") is None


def test_a_loop_that_gives_the_right_numbers_has_not_passed_yet(notebook):
    rows = "def softmax(Z):\n    flat = Z.reshape(-1, Z.shape[-1])\n"
    rows += "    E = np.array([np.exp(z - z.max()) for z in flat])\n"
    rows += "    return (E / E.sum(axis=-1, keepdims=True)).reshape(Z.shape)\n"
    assert check(notebook.run(rows)).status == "pass"
    assert record().entry("softmax").state is State.BEGUN


def test_later_lessons_get_the_learners_own_answer_once_it_has_passed(notebook):
    first = earlier("numerics.softmax")
    check(notebook.run(HELPER, RIGHT))
    own = earlier("numerics.softmax")
    assert first.__module__ == "headway.numerics"
    assert own.__code__.co_filename.endswith("softmax.py")
    assert own.__code__.co_names == notebook.names["softmax"].__code__.co_names


def test_an_error_in_an_own_answer_shows_its_line(notebook):
    check(notebook.run(HELPER, RIGHT))
    try:
        earlier("numerics.softmax")("no array")
    except Exception:
        shown = traceback.format_exc()
    assert "np.exp(Z - Z.max(axis=-1, keepdims=True))" in shown


def test_an_own_answer_calls_the_learners_own_earlier_ones(mine, notebook):
    check(notebook.run(HELPER, RIGHT))
    (record().folder / "doubled.py").write_text("def doubled(Z):\n    return 2 * softmax(Z)\n")
    doubled = earlier("numerics.doubled")
    assert doubled.__globals__["softmax"].__code__.co_filename.endswith("softmax.py")


def test_a_kept_answer_that_no_longer_loads_gives_way_to_the_course(notebook):
    (record().folder / "softmax.py").write_text("def softmax(Z:\n")
    with pytest.warns(UserWarning, match=r"your softmax in .* does not load"):
        assert earlier("numerics.softmax").__module__ == "headway.numerics"


def test_a_function_of_the_same_name_elsewhere_is_not_taken_for_it(notebook):
    check(notebook.run(HELPER, RIGHT))
    assert own_answers.own_answer("attention.softmax", record(), earlier) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"right": 1, "left": 2}', "\x00", ""])
def test_a_damaged_record_is_set_aside_and_said(mine, text):
    path = record().folder / "softmax.json"
    path.write_text(text)
    with pytest.warns(UserWarning, match=r"softmax\.json cannot be read"):
        assert record().entry("softmax") == Entry()
    assert path.with_suffix(".damaged").read_text() == text
    record().note("softmax", 3, 7)
    with warnings.catch_warnings(action="error"):
        assert record().entry("softmax").right == 3


def test_nothing_half_written_is_left_where_writing_fails(mine, monkeypatch, notebook):
    from pathlib import Path

    def full(self, *arguments, **options):
        raise OSError(28, "No space left on device")

    record().note("softmax", 2, 7)
    monkeypatch.setattr(Path, "replace", full)
    result = check(notebook.run(HELPER, RIGHT))
    assert "No space left on device" in " ".join(repr(result).split())
    assert result.good
    assert [path.name for path in record().folder.iterdir()] == ["softmax.json"]
    assert record().entry("softmax").right == 2


def test_the_record_beside_the_notebooks_is_found_from_folders_in_it(mine, monkeypatch):
    inside = mine / "figures" / "old"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    assert record().folder == mine / ".headway" / "record"


def test_without_a_folder_of_notebooks_the_users_own_place_is_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert record() == Record(tmp_path / "home" / "record")


def test_a_file_of_ones_own_is_remembered_and_one_from_elsewhere_is_not(mine, tmp_path):
    for folder in (tmp_path, mine):
        (folder / "01_tiny.py").write_text(SCRIPT)
        CliRunner().invoke(app, ["check", str(folder / "01_tiny.py")])
        assert (record().entry("softmax").state is State.PASSED) == (folder == mine)
    assert beside(tmp_path) is None


def test_giving_up_stays_marked_after_passing(notebook):
    record().give_up("softmax")
    assert record().entry("softmax").state is State.GIVEN_UP
    check(notebook.run(HELPER, RIGHT))
    entry = record().entry("softmax")
    assert entry.state is State.PASSED
    assert entry.gave_up


def test_records_are_plain_json(notebook):
    check(notebook.run(HELPER, RIGHT))
    kept = json.loads((record().folder / "softmax.json").read_text())
    assert kept["right"] == kept["of"]
    assert kept["passed"].endswith("+00:00")


def test_a_record_that_cannot_be_made_is_an_error_with_its_place(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match=r"cannot write .*softmax\.json"):
        Record(tmp_path / "file" / "record").give_up("softmax")
