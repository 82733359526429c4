"""The command: exit statuses, a new lesson, watching, and running the solved notebooks."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from headway_grader.build import cli, products, watch
from headway_grader.build.execute import CellFailed
from headway_grader.build.execute import run as really_run
from headway_grader.build.faults import LessonError
from headway_grader.build.start import start_lesson
from typer.testing import CliRunner


@pytest.fixture
def command(tiny, monkeypatch):
    """`headway-build` over the tiny course."""
    monkeypatch.setattr(cli, "installed", lambda: tiny.subject)
    return lambda *words: CliRunner().invoke(cli.app, ["--root", str(tiny.root), *words])


def test_building_and_checking_succeed(command):
    assert "missing" in command("--check").stderr
    assert command("--check").exit_code == 1
    done = command()
    assert done.exit_code == 0
    assert "wrote exercises/01_doubling.ipynb" in done.stdout
    assert command("--check").exit_code == 0
    assert command().stdout == "everything is up to date\n"


def test_what_was_run_without_the_real_models_is_named(command, tiny, monkeypatch, tmp_path):
    monkeypatch.setenv("HEADWAY_MODELS", str(tmp_path))
    assert command().stderr == ""
    tiny.edit("01_doubling", "Say $x$", "With `real_model(...)`, $x$")
    assert command().stderr.startswith(
        "solutions/notebooks/01_doubling.ipynb lacks what minilm, smollm2 would"
    )


def test_drift_fails_and_names_the_file_and_the_cure(command, tiny):
    command()
    tiny.edit("01_doubling", "Say $x$", "Let $x$")
    done = command("--check")
    assert done.exit_code == 1
    assert "exercises/01_doubling.ipynb: differs" in done.stderr
    assert "run `headway-build`" in done.stderr


@pytest.mark.parametrize("words", [(), ("--check",)])
def test_a_fault_fails_with_its_place_and_no_traceback(command, tiny, words):
    tiny.edit("02_again", "level=5", "level=50")
    done = command(*words)
    assert done.exit_code == 1
    assert done.stderr.startswith("course/lessons/02_again.py:14: level")
    assert "Traceback" not in done.stderr


def test_wrong_usage_is_status_2(command):
    assert command("--no-such-option").exit_code == 2
    assert command("new").exit_code == 2


def test_a_new_lesson_builds_once_its_exercise_is_chosen(command, tiny):
    assert command("new", "04_block").exit_code == 0
    with pytest.raises(LessonError, match=r"04_block\.py:\d+: the library has no module 'module'"):
        tiny.build()
    text = (tiny.lessons / "04_block.py").read_text(encoding="utf-8")
    (tiny.lessons / "01_doubling.py").unlink()
    (tiny.lessons / "02_again.py").unlink()
    tiny.write("04_block", text.replace("module.function", "numbers.double").replace("function", "double"))
    tiny.build()
    assert tiny.check() == {}


def test_a_new_lesson_may_come_with_its_exercise(command, tiny):
    (tiny.lessons / "01_doubling.py").unlink()
    (tiny.lessons / "02_again.py").unlink()
    assert command("new", "04_block", "--exercise", "numbers.double").exit_code == 0
    assert tiny.build()


def test_a_new_lesson_is_clean_code(tiny):
    path = start_lesson(tiny.root, "04_more_heads", "numbers.double")
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--config", str(cli.find_root(watch.GRADER) / "pyproject.toml")]
    rules = ["--ignore", "B018,E402,E501"]
    assert subprocess.run([*ruff, "format", "--check", *config, path]).returncode == 0
    assert subprocess.run([*ruff, "check", *config, *rules, path]).returncode == 0


@pytest.mark.parametrize("name", ["01_doubling", "01_other"])
def test_a_lesson_that_is_there_is_never_overwritten(command, tiny, name):
    before = {path: path.read_bytes() for path in tiny.lessons.iterdir()}
    done = command("new", name)
    assert done.exit_code == 1
    assert "stays" in done.stderr
    assert {path: path.read_bytes() for path in tiny.lessons.iterdir()} == before


@pytest.mark.parametrize("name", ["block", "4_block", "04_Block", "../04_block", "04 block", "04_block.py"])
def test_a_bad_name_for_a_lesson_is_refused(command, tiny, name):
    done = command("new", name)
    assert done.exit_code == 1
    assert "04_block" in done.stderr
    assert len(list(tiny.lessons.iterdir())) == 2


def test_watching_goes_on_after_a_fault(monkeypatch, tiny):
    said, built = [], []
    monkeypatch.setattr(watch, "changes", lambda root: iter([[tiny.lessons / "02_again.py"]] * 2))
    monkeypatch.setattr(watch, "rebuild", lambda root: built.append(root) and False)
    watch.keep_building(tiny.root, said.append)
    assert len(built) == 3
    assert "changed: 02_again.py" in said


@pytest.mark.slow
def test_watching_sees_a_saved_lesson(tiny, tmp_path):
    """The real command over a broken lesson says so after each save, and stops at Ctrl-C."""
    tiny.write("02_again", "x = (")
    log = tmp_path / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "headway_grader.build.cli", "--root", tiny.root, "--watch"]
        watching = subprocess.Popen(
            command, stdout=out, stderr=out, env=os.environ | {"PYTHONUNBUFFERED": "1"}
        )
        try:
            _wait_for(log, r"02_again\.py:1: no Python", watching)
            deadline = time.monotonic() + 60
            while "02_again.py:2" not in log.read_text() and time.monotonic() < deadline:
                tiny.write("02_again", "\nx = (")  # until the watcher has started to look
                time.sleep(1)
            _wait_for(log, r"changed: 02_again\.py", watching)
            _wait_for(log, r"02_again\.py:2: no Python", watching)
            watching.send_signal(signal.SIGINT)
            watching.wait(30)
        finally:
            watching.kill()
            watching.wait()
    assert "Traceback" not in log.read_text()


def _wait_for(log, pattern, process):
    deadline = time.monotonic() + 60
    while not re.search(pattern, log.read_text()):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)


def test_outputs_are_kept_where_the_cells_did_not_change(tiny, monkeypatch):
    ran = []
    monkeypatch.setattr(products, "run", lambda notebook, folder: ran.append(notebook) or notebook)
    tiny.build()
    assert len(ran) == 2
    tiny.edit("02_again", "Why?", "Why not?")
    tiny.build(keep_outputs=True)
    assert len(ran) == 3


def test_a_cell_that_fails_when_solved_is_named_by_its_line(tiny, monkeypatch):
    def fails(notebook, folder):
        raise CellFailed("check-double", "NameError: no")

    monkeypatch.setattr(products, "run", fails)
    tiny.edit("02_again", "check(quadruple)", "1 + 1\n\n# %%\ncheck(quadruple)")
    with pytest.raises(LessonError, match=r"01_doubling\.py:27: fails when solved: NameError: no"):
        tiny.build()
    assert tiny.files() == {}


PLAIN = """# %% [markdown]
# # Plain

# %%
print("first")
import sys
print("second"); print("to stderr", file=sys.stderr)
object()

# %% tags=["raises-exception"]
1 / 0

# %%
import os
sorted(name for name in os.listdir(os.environ["HEADWAY_FIXTURES"]))
"""


@pytest.mark.slow
def test_solved_notebooks_run_and_two_runs_are_equal(tiny, monkeypatch):
    import json

    monkeypatch.setattr(products, "run", really_run)
    for path in tiny.lessons.iterdir():
        path.unlink()
    tiny.write("05_plain", PLAIN)
    tiny.build()
    first = tiny.files()
    (tiny.root / "solutions/notebooks/05_plain.ipynb").unlink()
    tiny.build()
    assert tiny.files() == first
    cells = json.loads(first["solutions/notebooks/05_plain.ipynb"])["cells"]
    outputs = [output for cell in cells[1:] for output in cell["outputs"]]
    kinds = [output["output_type"] for output in outputs]
    assert kinds.count("stream") == 2
    assert kinds.count("error") == 1
    assert ["<object>"] in [output["data"]["text/plain"] for output in outputs if "data" in output]
    assert "['05_plain.npz', 'manifest.json']" in outputs[-1]["data"]["text/plain"]
    assert tiny.check() == {}


@pytest.mark.slow
def test_a_cell_that_really_fails_is_named_by_its_line(tiny, monkeypatch):
    monkeypatch.setattr(products, "run", really_run)
    for path in tiny.lessons.iterdir():
        path.unlink()
    tiny.write("05_plain", PLAIN + "\n# %%\nnothing_of_that_name\n")
    with pytest.raises(
        LessonError, match=r"05_plain\.py:17: fails when solved: NameError.*nothing_of_that_name"
    ):
        tiny.build()
    assert tiny.files() == {}
