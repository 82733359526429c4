"""`headway-grade`: what it prints, and how it ends."""

import json
import os
import shutil
import subprocess

import pytest
from classroom import CRASHES, GRADE, RIGHT, UNSTABLE, grade, hand_in, lines, records

pytestmark = pytest.mark.slow

KEYS = (
    "learner",
    "assignment",
    "exercise",
    "status",
    "groups",
    "points",
    "of",
    "waiting",
    "loops",
    "speed",
    "message",
    "warnings",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with key and fixtures, for all tests that need any."""
    home = tmp_path_factory.mktemp("home")
    assert grade(home, "fixtures").returncode == 0
    return home


def test_the_table_has_learners_exercises_points_and_where_all_that_lies(home, tmp_path):
    done = grade(home, "run", hand_in(tmp_path, ada=RIGHT, bob=UNSTABLE))
    assert done.returncode == 0, done.stderr
    for word in ("ada", "bob", "softmax", "sample_categorical", "partial", "of 13", "Records:", "Sandbox:"):
        assert word in done.stdout
    assert str(home / "records") in done.stdout
    assert "\x1b" not in done.stdout


def test_a_single_learner_gets_the_reasons_too(home, tmp_path):
    done = grade(home, "run", hand_in(tmp_path, ada=UNSTABLE))
    assert "Your result is what one gets" in done.stdout
    assert "Right in 6 of 7 groups" in done.stdout


def test_a_program_gets_one_line_per_learner_and_exercise(home, tmp_path):
    done = grade(home, "run", hand_in(tmp_path, ada=RIGHT, bob=CRASHES), "--json")
    assert done.returncode == 0
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == 2 * 5
    assert all(tuple(line) == KEYS for line in found)
    assert found == sorted(found, key=lambda line: line["learner"])
    assert lines(done)["ada", "softmax"]["points"] == 2


def test_verdicts_by_public_fixtures_need_no_key(tmp_path):
    done = grade(tmp_path / "home", "run", hand_in(tmp_path, ada=RIGHT), "--json", "--public")
    assert lines(done)["ada", "softmax"]["status"] == "pass"
    assert not (tmp_path / "home" / "course.key").exists()


def test_a_reader_that_has_seen_enough_is_no_fault(home, tmp_path):
    env = {**os.environ, "HEADWAY_HOME": str(home)}
    command = [GRADE, "run", hand_in(tmp_path, ada=RIGHT), "--json"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert b"Error" not in process.stderr.read()
    assert process.returncode == 0


def test_names_cannot_speak_to_the_terminal(home, tmp_path):
    folder = hand_in(tmp_path, **{"\x1b[31mred [bold]x\u202e": RIGHT, "bob": RIGHT})
    table, program = grade(home, "run", folder), grade(home, "run", folder, "--json")
    assert (table.returncode, program.returncode) == (0, 0)
    for done in (table, program):
        assert "\x1b" not in done.stdout
        assert "\u202e" not in done.stdout
    assert "[bold]x" in table.stdout


def test_messages_cannot_speak_to_the_terminal(home, tmp_path):
    source = "def softmax(Z):\n    raise ValueError('\\x1b[2J\\n\\r[red]')\n"
    done = grade(home, "run", hand_in(tmp_path, ada=source))
    assert "\x1b" not in done.stdout
    assert "\r" not in done.stdout


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["run", "nowhere"], 2, "There is no nowhere"),
        (["run"], 2, "PATH"),
        (["run", ".", "--unknown"], 2, "--unknown"),
        (["grade"], 2, "grade"),
        ([], 2, "COMMAND"),
        (["key", "--restore", "nowhere"], 2, "There is no nowhere"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_word(home, tmp_path, words, status, told):
    done = grade(home, *words, cwd=tmp_path)
    assert done.returncode == status
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_with_nothing_in_it_is_told(home, tmp_path):
    done = grade(home, "run", tmp_path)
    assert done.returncode == 1
    assert "LEARNER" in done.stderr


def test_a_broken_notebook_ends_with_1_alone_and_with_0_in_a_class(home, tmp_path):
    folder = hand_in(tmp_path, ada=RIGHT, bob=RIGHT)
    broken = folder / "bob" / "01_softmax" / "01_softmax.ipynb"
    broken.with_suffix(".py").unlink()
    broken.write_text('{"cells": [')
    alone = grade(home, "run", broken)
    assert alone.returncode == 1
    assert "unreadable" in alone.stdout
    assert grade(home, "run", folder).returncode == 0


def test_a_notebook_of_another_course_is_told_as_that(home, tmp_path):
    other = tmp_path / "ada_geography.ipynb"
    cell = {
        "cell_type": "code",
        "source": "rivers = 3",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    other.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    done = grade(home, "run", other)
    assert done.returncode == 1
    assert "belongs to a lesson of this course" in done.stdout


@pytest.mark.parametrize("damage", ["not hexadecimal", "abcd", None])
def test_a_key_that_cannot_be_read_or_is_lost_stops_everything_with_a_way_out(home, tmp_path, damage):
    mine = tmp_path / "home"
    shutil.copytree(home, mine)
    key = mine / "course.key"
    key.unlink()
    if damage:
        key.write_text(damage)
    done = grade(mine, "run", hand_in(tmp_path, ada=RIGHT), "--json")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "course key" in done.stderr
    assert "back-up" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_key_can_be_shown_kept_and_restored(home, tmp_path):
    shown = grade(home, "key")
    assert shown.returncode == 0
    assert str(home / "course.key") in shown.stdout
    copy = shutil.copy(home / "course.key", tmp_path / "course.key")
    restored = grade(tmp_path / "new", "key", "--restore", copy)
    assert restored.returncode == 0, restored.stderr
    assert (tmp_path / "new" / "course.key").read_bytes() == (home / "course.key").read_bytes()


def test_the_doctor_lists_the_layers(home):
    done = grade(home, "doctor")
    assert done.returncode == 0, done.stderr
    for layer in ("seccomp", "landlock", "pid", "net"):
        assert layer in done.stdout


def run_on_a_small_disk(home, folder, size):
    """Runs `headway-grade run` with a file system of this size for its records; shows what lay there."""
    (home / "records").mkdir()
    then = 'mount -t tmpfs -o size="$1" none "$2/records"; "$3" run "$4" --json; status=$?; '
    then += 'cp -r "$2/records" "$2/seen"; exit $status'
    unshare = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    done = subprocess.run(
        [*unshare, "sh", "-c", then, "sh", size, home, GRADE, folder],
        env={**os.environ, "HEADWAY_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, [path for path in (home / "seen").rglob("*") if path.is_file()]


def test_a_full_disk_stops_the_run_and_leaves_only_whole_records(home, tmp_path):
    mine = tmp_path / "home"
    shutil.copytree(home, mine, ignore=shutil.ignore_patterns("records"))
    folder = hand_in(tmp_path, **{f"learner-{i}": RIGHT for i in range(12)})
    done, seen = run_on_a_small_disk(mine, folder, "32k")
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert 0 < len(seen) < 12
    for path in seen:
        assert json.loads(path.read_text())["verdicts"][0]["status"] == "pass"
    assert grade(mine, "run", folder, "--json").returncode == 0
    assert len(records(mine)) == 12
