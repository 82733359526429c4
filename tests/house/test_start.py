"""start.py as a stranger meets it. Runs on a copy, so that the clone's own .venv is left alone."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def clone(tmp_path):
    """As much of a clone as set-up reads, with a lock that no index can satisfy."""
    folder = tmp_path / "clone"
    for package in ("solutions", "course", "autograder"):
        (folder / package).mkdir(parents=True)
        shutil.copy(ROOT / package / "pyproject.toml", folder / package)
    shutil.copy(ROOT / "start.py", folder)
    for lock, version in (("requirements.lock", "1.0"), ("requirements-dev.lock", "1.1")):
        (folder / lock).write_text(f"headway-no-such-package=={version} --hash=sha256:{64 * '0'}\n")
    return folder


START = """
import runpy, sys
{before}
sys.argv[0] = "start.py"
runpy.run_path("{file}", run_name="__main__")
"""


def start(clone, *arguments, before="", cwd=None, **env):
    """Runs start.py in a process of its own; `before` is Python that runs first, to take something away."""
    program = START.format(before=before, file=clone / "start.py")
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "PIP_NO_INDEX": "1", **env},
        cwd=cwd or clone,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_without_a_verb_it_says_what_it_does(clone, tmp_path):
    done = start(clone, cwd=tmp_path)
    assert done.returncode == 0
    assert "start.py grade" in done.stdout


def test_an_unknown_verb_is_wrong_usage(clone):
    done = start(clone, "grad")
    assert done.returncode == 2
    assert "'grad'" in done.stderr
    assert "learn, models, teach, grade, site, test" in done.stderr


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0)])
def test_a_wrong_python_is_named_before_anything_is_made(clone, version):
    done = start(clone, "grade", before=f"sys.version_info = {version}")
    assert done.returncode == 1
    assert "3.11, 3.12 and 3.13" in done.stderr
    assert not (clone / ".venv").exists()


def test_a_missing_venv_module_names_the_fix(clone):
    done = start(clone, "grade", before="sys.modules['ensurepip'] = None", PATH="/nowhere")
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr


@pytest.mark.slow
def test_a_set_up_that_fails_is_begun_again_next_time(clone):
    for _ in range(2):
        done = start(clone, "grade", PATH="/nowhere")
        assert done.returncode == 1
        assert "headway-no-such-package" in done.stderr
        assert "Setting up" in done.stderr


STAMP = """
import runpy, sys
start = runpy.run_path("start.py")
(start["VENV"] / "headway-installed").write_text(start["fingerprint"](start[sys.argv[1]], None))
"""


@pytest.fixture
def set_up_clone(clone):
    """A clone whose set-up is done, with commands that say how they were called."""
    python = clone / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    for name, said in (("headway-grade", "graded"), ("headway-build", "built")):
        command = python.with_name(name)
        command.write_text(f'#!/bin/sh\necho "{said} $*"\n')
        command.chmod(0o755)
    stamp(clone, "LOCK")
    return clone


def stamp(clone, lock):
    subprocess.run([sys.executable, "-c", STAMP, lock], cwd=clone, check=True)


def test_a_set_up_that_is_done_is_not_done_again(set_up_clone):
    done = start(set_up_clone, "grade", "handed in/one.ipynb", "--json")
    assert done.returncode == 0
    assert done.stdout == "graded run handed in/one.ipynb --json\n"
    assert "Setting up" not in done.stderr


def test_grade_without_a_path_grades_the_example_class(set_up_clone):
    done = start(set_up_clone, "grade", "--json")
    assert done.stdout == f"graded run --json {set_up_clone / 'data' / 'example_class'}\n"


def test_teach_hands_on_what_it_was_told(set_up_clone):
    done = start(set_up_clone, "teach", "--into", "my class", "--no-open")
    assert done.stdout == "graded teach --into my class --no-open\n"


def test_without_a_browser_its_tests_are_named_and_fail_where_everything_must_run(set_up_clone):
    for name in ("python", "headway-build"):
        stub = set_up_clone / ".venv" / "bin" / name
        stub.write_text("#!/bin/sh\nexit 0\n")
        stub.chmod(0o755)
    stamp(set_up_clone, "DEV_LOCK")
    for ci, status in (("false", 0), ("true", 1)):
        done = start(set_up_clone, "test", PATH="/nowhere", PYENV_ROOT="/nowhere", CI=ci)
        assert "Not run: the guide and the website in a browser" in done.stderr
        assert "-m not browser" in done.stderr
        assert "Not run: loops and sandbox on Python 3.1" in done.stderr
        assert done.returncode == status


def test_models_are_brought_by_the_companion_also_where_only_learners_parts_are(set_up_clone):
    python = set_up_clone / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\necho "ran $*"\n')
    python.chmod(0o755)
    shutil.rmtree(set_up_clone / "autograder")
    stamp(set_up_clone, "LOCK")
    done = start(set_up_clone, "models")
    assert (done.returncode, done.stdout) == (0, "ran -m headway_course models\n")


def test_without_the_real_models_their_tests_are_named_and_fail_where_everything_must_run(set_up_clone):
    for name in ("python", "headway-build"):
        stub = set_up_clone / ".venv" / "bin" / name
        stub.write_text('#!/bin/sh\n[ "$3" != models ]\n')
        stub.chmod(0o755)
    stamp(set_up_clone, "DEV_LOCK")
    for ci, status in (("false", 0), ("true", 1)):
        done = start(set_up_clone, "test", PATH="/nowhere", PYENV_ROOT="/nowhere", CI=ci)
        assert "Not run: the two real models" in done.stderr
        assert "-m not models" in done.stderr
        assert done.returncode == status


def test_site_needs_what_tests_need_and_hands_on_what_it_was_told(set_up_clone):
    stamp(set_up_clone, "DEV_LOCK")
    done = start(set_up_clone, "site", "--out", "my site")
    assert done.returncode == 0
    assert done.stdout == "built site --out my site\n"


@pytest.mark.slow
def test_a_changed_lock_is_installed_anew(set_up_clone):
    (set_up_clone / "requirements.lock").write_text("headway-another-package==1.0 --hash=sha256:" + 64 * "0")
    done = start(set_up_clone, "grade", PATH="/nowhere")
    assert "Setting up" in done.stderr
    assert done.returncode == 1


def test_what_is_set_up_for_tests_serves_for_grading_too(set_up_clone):
    stamp(set_up_clone, "DEV_LOCK")
    assert "Setting up" not in start(set_up_clone, "grade").stderr


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["site", "test"])
def test_what_is_set_up_for_grading_is_too_little_for_tests_and_website(set_up_clone, verb):
    assert "Setting up" in start(set_up_clone, verb, PATH="/nowhere").stderr


def test_both_locks_name_the_same_versions():
    small, large = (pinned(ROOT / lock) for lock in ("requirements.lock", "requirements-dev.lock"))
    assert small < large


def pinned(lock):
    """The lines of a lock that name a version, without hashes."""
    return {line.rstrip(" \\") for line in lock.read_text().splitlines() if "==" in line}
