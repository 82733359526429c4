"""Hidden fixtures: from the key, kept whole or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from headway_course.errors import CourseError
from headway_course.fixtures import Case, Fixture
from headway_course.manifest import Exercise, Lesson
from headway_grader import hidden, home
from headway_grader.course_key import CourseKey

LESSON = Lesson(
    "01_double",
    "Doubling",
    (Exercise("double", "numbers.double", "01_double", 1, 1, 5, ("2",), "", "", (), (), {}, {}),),
    (),
)


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "home"))
    return home.home()


class Maker:
    """Makes fixtures as the library would, and counts how often it is asked."""

    def __init__(self, size=5):
        self.size, self.calls = size, 0

    def __call__(self, secret, lesson):
        self.calls += 1
        made = []
        for exercise in lesson.exercises:
            x = hidden.generator(secret, exercise.name).normal(size=self.size)
            made.append(
                Fixture(exercise.name, (Case("a", "typical", {"x": x}, 2 * x),), {"n": ((8, {"x": x}),)})
            )
        return made


def key(byte, path):
    return CourseKey(bytes([byte]) * 32, path / "course.key")


def numbers(fixtures):
    return fixtures["double"].cases[0].inputs["x"]


def test_fixtures_are_computed_once(own_home):
    make = Maker()
    first = hidden.hidden_fixtures(LESSON, key(1, own_home), make)
    second = hidden.hidden_fixtures(LESSON, key(1, own_home), make)
    assert make.calls == 1
    np.testing.assert_array_equal(numbers(first), numbers(second))


def test_another_key_gives_other_numbers_in_another_folder(own_home):
    make = Maker()
    one, two = (numbers(hidden.hidden_fixtures(LESSON, key(byte, own_home), make)) for byte in (1, 2))
    assert not np.isclose(one, two).any()
    assert len(list((own_home / "fixtures").iterdir())) == 2


def test_another_exercise_has_other_numbers_under_the_same_key():
    one, two = (hidden.generator(b"key", name).normal(size=9) for name in ("softmax", "logsumexp"))
    assert not np.isclose(one, two).any()


def test_the_fingerprint_follows_the_library_and_the_cases(tmp_path, monkeypatch):
    from headway_grader.library import Library

    root = tmp_path / "library"
    root.mkdir()
    monkeypatch.setattr(hidden.library, "installed", lambda: Library(root))
    seen = set()
    for text in ("a = 1\n", "a = 2\n"):
        (root / "numbers.py").write_text(text, encoding="utf-8")
        seen.add(hidden.fingerprint(b"key"))
    assert len(seen) == 2


@pytest.mark.parametrize("damage", [b"", b"no zip", None])
def test_a_damaged_file_is_computed_anew(own_home, damage):
    make = Maker()
    whole = numbers(hidden.hidden_fixtures(LESSON, key(1, own_home), make))
    path = next(own_home.rglob("*.npz"))
    path.write_bytes(path.read_bytes()[:-40] if damage is None else damage)
    np.testing.assert_array_equal(numbers(hidden.hidden_fixtures(LESSON, key(1, own_home), make)), whole)
    assert make.calls == 2
    hidden.hidden_fixtures(LESSON, key(1, own_home), make)
    assert make.calls == 2


def test_a_file_without_one_of_the_exercises_is_computed_anew(own_home):
    make = Maker()
    hidden.hidden_fixtures(Lesson("01_double", "Doubling", (), ()), key(1, own_home), make)
    assert list(hidden.hidden_fixtures(LESSON, key(1, own_home), make)) == ["double"]


def test_others_on_the_machine_cannot_look_into_the_folder(own_home):
    hidden.hidden_fixtures(LESSON, key(1, own_home), Maker())
    assert own_home.stat().st_mode & 0o077 == 0


ON_A_FULL_DISK = """
import sys
from test_hidden import LESSON, Maker, hidden, key, numbers
from headway_course.errors import CourseError
from headway_grader import course_key, home
what = sys.argv[1]
try:
    if what == "key":
        filler = home.folder() / "filler"
        try:
            with filler.open("wb", buffering=0) as file:
                while file.write(bytes(4096)):
                    pass
        except OSError:
            pass
        course_key.course_key()
    else:
        hidden.hidden_fixtures(LESSON, key(1, home.home()), Maker(size=100_000))
except CourseError as error:
    print(error)
    print("left:", sorted(p.name for p in home.home().rglob("*") if p.is_file() and p.name != "filler"))
"""


def on_a_full_disk(tmp_path, what):
    """Runs a piece of ours where 64 KiB fit: on a tmpfs, or under a size limit where nobody may mount one."""
    (tmp_path / "small").mkdir()
    mount = f"mount -t tmpfs -o size=64k none {tmp_path}/small && "
    run = f'exec {sys.executable} -c "$0" {what}'
    unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    allowed = subprocess.run([*unshare, "sh", "-c", mount + "true"], capture_output=True).returncode == 0
    command = [*unshare, "sh", "-c", mount + run] if allowed else ["sh", "-c", "ulimit -f 0; " + run]
    here = str(Path(__file__).parent)
    env = os.environ | {"HEADWAY_HOME": str(tmp_path / "small"), "PYTHONPATH": here}
    return subprocess.run([*command, ON_A_FULL_DISK], env=env, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("what", ["key", "fixtures"])
def test_a_full_disk_leaves_nothing_half_written_and_says_so(tmp_path, what):
    done = on_a_full_disk(tmp_path, what)
    assert "free some" in done.stdout, done.stderr
    assert "HEADWAY_HOME" in done.stdout
    assert "left: []" in done.stdout


def test_a_place_that_cannot_be_written_is_named(own_home):
    own_home.mkdir()
    (own_home / "fixtures").write_text("", encoding="utf-8")
    with pytest.raises(CourseError, match="fixtures"):
        hidden.hidden_fixtures(LESSON, key(1, own_home), Maker())
