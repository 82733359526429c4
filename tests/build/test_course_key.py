"""The course key: made once, kept to its owner, never replaced, and every way of losing it has a way out."""

import multiprocessing
import stat

import pytest
from headway_course.errors import CourseError
from headway_grader import course_key, home


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "deep" / "home"))
    return home.home()


def test_first_use_makes_a_key_and_says_to_back_it_up():
    first, second = course_key.course_key(), course_key.course_key()
    assert first.secret == second.secret
    assert len(first.secret) == 32
    assert "copy" in first.advice
    assert str(first.path) in first.advice
    assert second.advice == ""


def test_only_its_owner_can_read_the_key_and_its_folder():
    path = course_key.course_key().path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_key_that_others_can_read_is_used_with_a_warning():
    path = course_key.course_key().path
    path.chmod(0o644)
    assert f"chmod 600 {path}" in course_key.course_key().advice


def test_the_secret_does_not_appear_in_a_repr():
    key = course_key.course_key()
    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)


def test_a_key_is_never_replaced():
    key = course_key.course_key()
    with pytest.raises(CourseError, match="already"):
        course_key.make(key.path)
    assert course_key.course_key().secret == key.secret
    assert list(key.path.parent.iterdir()) == [key.path]


def _secret(_):
    return course_key.course_key().secret


def test_processes_that_start_together_agree_on_one_key(own_home):
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert len(set(pool.map(_secret, range(8)))) == 1
    assert [path.name for path in own_home.iterdir()] == ["course.key"]


@pytest.mark.parametrize("text", ["", "no hex", "00" * 31, "00" * 33, "ü" * 64])
def test_a_damaged_key_stays_and_the_error_says_what_to_do(own_home, text):
    path = course_key.course_key().path
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"damaged.*back-up.*new key.*grades do not depend"):
        course_key.course_key()
    assert path.read_text(encoding="utf-8") == text


def test_a_key_that_cannot_be_read_stays_and_the_error_says_what_to_do(own_home):
    own_home.mkdir(parents=True)
    (own_home / "course.key").mkdir()  # unreadable for root as well
    with pytest.raises(CourseError, match=r"cannot read the course key .*back-up"):
        course_key.course_key()
    assert (own_home / "course.key").is_dir()


def test_a_lost_key_is_noticed_while_its_fixtures_are_there(own_home):
    key = course_key.course_key()
    (own_home / "fixtures" / "0123").mkdir(parents=True)
    key.path.unlink()
    with pytest.raises(CourseError, match=r"gone.*back-up.*delete the folder"):
        course_key.course_key()
    assert not key.path.exists()


def test_a_copy_comes_back_to_its_place(own_home, tmp_path):
    key = course_key.course_key()
    copy = tmp_path / "copy"
    copy.write_bytes(key.path.read_bytes())
    copy.chmod(0o600)
    key.path.unlink()
    assert course_key.restore(copy).secret == key.secret
    assert course_key.restore(copy).secret == key.secret
    assert course_key.course_key() == course_key.CourseKey(key.secret, key.path)
    assert stat.S_IMODE(key.path.stat().st_mode) == 0o600


def test_a_copy_never_replaces_another_key_nor_a_damaged_one(own_home, tmp_path):
    copy = tmp_path / "copy"
    copy.write_text("ab" * 32, encoding="utf-8")
    key = course_key.course_key()
    for text in (key.path.read_text(encoding="utf-8"), "damaged"):
        key.path.write_text(text, encoding="utf-8")
        with pytest.raises(CourseError, match="move it away"):
            course_key.restore(copy)
        assert key.path.read_text(encoding="utf-8") == text


def test_what_is_no_key_is_not_restored(own_home, tmp_path):
    copy = tmp_path / "copy"
    copy.write_text("ab", encoding="utf-8")
    with pytest.raises(CourseError, match="damaged"):
        course_key.restore(copy)
    assert not own_home.exists()


def test_a_home_that_cannot_be_made_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(CourseError, match="HEADWAY_HOME"):
        course_key.course_key()
