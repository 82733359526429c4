"""Finding submissions: both layouts, the latest of several, zips within bounds, nothing stops a batch."""

import io
import json
import os
import random
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from headway_course.errors import CourseError
from headway_course.manifest import Manifest
from headway_course.reading.extract import extract
from headway_grader.handins import submissions, zips
from headway_grader.handins.submissions import find
from headway_grader.handins.times import stated_time, time_in_name

STUB = b"def softmax(Z):\n    raise NotImplementedError()\n"
SOFTMAX = b"def softmax(Z):\n    return Z\n"
ATTENTION = b"def attention(Q, K, V):\n    return V\n"


def lesson(name, *exercises):
    return SimpleNamespace(
        name=name, exercises=tuple(SimpleNamespace(name=e) for e in exercises), questions=()
    )


MANIFEST = Manifest(lessons=(lesson("01_softmax", "softmax"), lesson("03_attention", "attention")))


def write(root, files):
    """Files by their path under root, all of the same age."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return root


def zipped(members, when=(2026, 1, 1, 0, 0, 0), method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            moment = content[1] if isinstance(content, tuple) else when
            info = zipfile.ZipInfo(name, moment)
            info.compress_type = method
            archive.writestr(info, content[0] if isinstance(content, tuple) else content)
    return buffer.getvalue()


def found(*paths):
    return {(s.learner, s.assignment): s for s in find(paths, MANIFEST)}


def contents(*paths):
    return {key: s.content for key, s in found(*paths).items()}


CLASS = {
    "submitted/ann/01_softmax/01_softmax.py": SOFTMAX,
    "submitted/ann/01_softmax/timestamp.txt": "2026-02-03 10:20:30.000000 UTC",
    "submitted/ann/03_attention/03_attention.py": ATTENTION,
    "submitted/bob/01_softmax/01_softmax.py": STUB,
}


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("", {("ann", "01_softmax"), ("ann", "03_attention"), ("bob", "01_softmax")}),
        ("submitted", {("ann", "01_softmax"), ("ann", "03_attention"), ("bob", "01_softmax")}),
        ("submitted/ann", {("ann", "01_softmax"), ("ann", "03_attention")}),
        ("submitted/ann/01_softmax", {("ann", "01_softmax")}),
        ("submitted/ann/01_softmax/01_softmax.py", {("ann", "01_softmax")}),
    ],
)
def test_nbgraders_folders_are_read_from_any_height(tmp_path, below, expected):
    assert set(found(write(tmp_path, CLASS) / below)) == expected


def test_the_timestamp_is_the_time(tmp_path):
    one = found(write(tmp_path, CLASS))["ann", "01_softmax"]
    assert one.taken_at == datetime(2026, 2, 3, 10, 20, 30, tzinfo=UTC)


def test_the_same_folders_without_the_name_submitted_are_read(tmp_path):
    root = write(tmp_path, {name.removeprefix("submitted/"): content for name, content in CLASS.items()})
    assert set(found(root)) == {("ann", "01_softmax"), ("ann", "03_attention"), ("bob", "01_softmax")}
    assert set(found(root / "ann")) == {("ann", "01_softmax"), ("ann", "03_attention")}
    assert set(found(root / "ann" / "01_softmax")) == {("ann", "01_softmax")}


def test_a_flat_folder_names_learners_before_the_underscore(tmp_path):
    root = write(
        tmp_path / "class",
        {
            "ann_hw.py": SOFTMAX,
            "bob_01_softmax_final.py": STUB,
            "cid.py": ATTENTION,
            "dan_x.zip": zipped({"a/03_attention.py": ATTENTION}),
            "read me.txt": b"",
        },
    )
    assert contents(root) == {
        ("ann", "01_softmax"): SOFTMAX,
        ("bob", "01_softmax"): STUB,
        ("cid", "03_attention"): ATTENTION,
        ("dan", "03_attention"): ATTENTION,
    }


def test_a_folder_of_learners_folders_with_files_is_read(tmp_path):
    root = write(
        tmp_path,
        {
            "Ann Lee_123_assignsubmission_file_/my work.py": SOFTMAX,
            "bob/01_softmax.py": SOFTMAX,
            "cid_x.py": STUB,
        },
    )
    assert set(found(root)) == {("Ann Lee_123", "01_softmax"), ("bob", "01_softmax"), ("cid", "01_softmax")}


def test_a_lone_file_with_a_lessons_name_belongs_to_its_folder(tmp_path):
    root = write(tmp_path, {"ann/01_softmax.py": SOFTMAX, "ann/03_attention.py": ATTENTION})
    assert set(found(root / "ann" / "01_softmax.py")) == {("ann", "01_softmax")}
    assert set(found(root / "ann")) == {("ann", "01_softmax"), ("ann", "03_attention")}


def test_several_paths_are_one_batch_without_doubles(tmp_path):
    root = write(tmp_path, CLASS)
    assert len(find([root, root / "submitted", root / "submitted" / "ann"], MANIFEST)) == 3


def test_without_a_manifest_folders_tell_the_assignment(tmp_path):
    root = write(tmp_path, CLASS)
    assert {s.assignment for s in find([root])} == {"01_softmax", "03_attention"}


# The latest of several


def test_the_latest_file_counts_and_the_others_are_listed(tmp_path):
    root = write(tmp_path, {"ann_a.py": SOFTMAX, "ann_b.py": STUB, "ann_c.py": STUB})
    os.utime(root / "ann_a.py", (1_800_000_000, 1_800_000_000))
    one = found(root)["ann", "01_softmax"]
    assert one.content == SOFTMAX
    assert set(one.superseded) == {"ann_b.py", "ann_c.py"}


def test_a_time_in_the_name_counts_more_than_the_files(tmp_path):
    root = write(tmp_path, {"ann_2026-02-03_10-20.py": SOFTMAX, "ann_2026-02-03_09-59.py": STUB})
    os.utime(root / "ann_2026-02-03_09-59.py", (1_800_000_000, 1_800_000_000))
    assert contents(root) == {("ann", "01_softmax"): SOFTMAX}


def test_the_newest_version_in_a_zip_counts(tmp_path):
    versions = {"old.py": (STUB, (2026, 1, 1, 8, 0, 0)), "new.py": (SOFTMAX, (2026, 1, 1, 9, 0, 0))}
    root = write(tmp_path, {"ann_x.zip": zipped(versions)})
    one = found(root)["ann", "01_softmax"]
    assert (one.content, one.member, one.superseded) == (SOFTMAX, "new.py", ("ann_x.zip:old.py",))


@pytest.mark.parametrize(
    "name", ["submitted/ann/01_softmax/answers.py", "submitted\\ann\\01_softmax\\answers.py"]
)
def test_a_zip_hands_in_for_nobody_else(tmp_path, name):
    eves = zipped({"01_softmax.py": (STUB, (2026, 1, 1, 8, 0, 0)), name: (SOFTMAX, (2026, 1, 2, 8, 0, 0))})
    root = write(tmp_path, {"submitted/ann/01_softmax/a.py": STUB, "submitted/eve/01_softmax/work.zip": eves})
    assert contents(root) == {("ann", "01_softmax"): STUB, ("eve", "01_softmax"): SOFTMAX}


def test_a_time_in_a_members_name_counts_more_than_the_zips_own(tmp_path):
    versions = {
        "x_2026-01-02.py": (SOFTMAX, (2026, 1, 1, 8, 0, 0)),
        "x_2026-01-01.py": (STUB, (2026, 1, 1, 9, 0, 0)),
    }
    assert contents(write(tmp_path, {"ann_x.zip": zipped(versions)})) == {("ann", "01_softmax"): SOFTMAX}


def test_of_equals_in_one_folder_the_one_with_work_counts(tmp_path):
    folder = "submitted/ann/01_softmax"
    root = write(
        tmp_path,
        {
            f"{folder}/01_softmax.py": STUB,
            f"{folder}/my_answer.py": SOFTMAX,
            f"{folder}/tools.py": "def tool(): pass",
            f"{folder}/timestamp.txt": "2026-02-03T10:20:30Z",
        },
    )
    one = found(root)["ann", "01_softmax"]
    assert one.content == SOFTMAX
    assert set(one.superseded) == {"01_softmax.py", "tools.py"}


def test_of_very_many_equals_only_some_are_looked_into(tmp_path, monkeypatch):
    looked_into = []
    monkeypatch.setattr(submissions, "extract", lambda *given: looked_into.append(1) or extract(*given))
    members = {f"{number:03}.py": SOFTMAX if number == 895 else STUB for number in range(900)}
    one = found(write(tmp_path, {"ann_01_softmax.zip": zipped(members)}))["ann", "01_softmax"]
    assert one.content == SOFTMAX
    assert len(one.superseded) == 899
    assert len(looked_into) <= 20


def test_a_damaged_latest_does_not_hide_a_good_one(tmp_path):
    root = write(
        tmp_path, {"ann_01_softmax_2026-01-01.py": SOFTMAX, "ann_01_softmax_2026-01-02.ipynb": b'{"cells'}
    )
    one = found(root)["ann", "01_softmax"]
    assert one.content == SOFTMAX
    assert one.superseded == ("ann_01_softmax_2026-01-02.ipynb",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-03 10:20:30.000000 UTC", (10, 20, 30)),
        ("2026-02-03 10:20:30 UTC\n", (10, 20, 30)),
        ("2026-02-03T10:20:30Z", (10, 20, 30)),
        ("2026-02-03T12:20:30+02:00", (10, 20, 30)),
        ("2026-02-03 05:20:30 America/New_York", (10, 20, 30)),
        ("2026-02-03 10:20", (10, 20, 0)),
        ("2026-02-03 10:20:30 Nowhere/City", (10, 20, 30)),
    ],
)
def test_timestamps_of_nbgrader_and_iso_are_read(text, expected):
    assert stated_time(text) == datetime(2026, 2, 3, *expected, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-45 10:20", "\x00" * 50, "99999999999999"])
def test_what_is_no_time_is_none(text):
    assert stated_time(text) is None
    assert time_in_name(text) is None


@pytest.mark.parametrize(
    "name",
    [
        "ann_2026-02-03_10-20",
        "ann_20260203T1020",
        "ann_2026-02-03-10-20-00_01_softmax",
        "hw_2026.02.03_10.20",
        "LATE_123456_2026_02_03_at_10_20",
        "v2_2025-01-01_2026-02-03 10:20",
    ],
)
def test_times_in_names_are_read(name):
    assert time_in_name(name) == datetime(2026, 2, 3, 10, 20, tzinfo=UTC)


@pytest.mark.parametrize("name", ["ann_123456789", "01_softmax", "ann_hw2_final", "1234567890123456"])
def test_numbers_in_names_are_no_times(name):
    assert time_in_name(name) is None


# What cannot be read


def errors(root):
    return {s.learner: s.error for s in find([root], MANIFEST) if s.error}


def test_a_path_that_is_not_there_is_an_error_that_says_what_was_expected(tmp_path):
    with pytest.raises(CourseError, match=r"nowhere.*submitted/LEARNER/ASSIGNMENT"):
        find([tmp_path / "nowhere"], MANIFEST)


def test_a_folder_without_submissions_is_an_error(tmp_path):
    with pytest.raises(CourseError, match="no submission in"):
        find([tmp_path], MANIFEST)


def test_what_cannot_be_read_is_a_submission_with_an_error(tmp_path):
    root = write(
        tmp_path,
        {
            "submitted/ann/01_softmax/01_softmax.py": SOFTMAX,
            "submitted/bob/01_softmax/01_softmax.ipynb": b'{"cells',
            "submitted/cid/01_softmax/answer.pdf": b"%PDF",
            "submitted/dan/01_softmax/x.zip": b"PK\x03\x04 cut off",
            "submitted/eve/01_softmax/.hidden.py": SOFTMAX,
        },
    )
    assert errors(root).keys() == {"bob", "cid", "dan", "eve"}
    assert "answer.pdf" in errors(root)["cid"]
    assert all(s.assignment == "01_softmax" for s in find([root], MANIFEST))


def test_an_empty_or_damaged_file_belongs_to_the_only_assignment_of_the_batch(tmp_path):
    root = write(tmp_path, {"ann_x.py": SOFTMAX, "bob_x.ipynb": b"", "cid_x.ipynb": b"{"})
    assert set(found(root)) == {("ann", "01_softmax"), ("bob", "01_softmax"), ("cid", "01_softmax")}
    assert errors(root).keys() == {"cid"}


def test_a_notebook_of_another_course_has_no_assignment(tmp_path):
    root = write(tmp_path, {"ann_x.py": SOFTMAX, "bob_x.py": b"def other(): pass"})
    assert ("bob", None) in found(root)


def test_rubbish_beside_a_submission_is_ignored(tmp_path):
    folder = "submitted/ann/01_softmax"
    names = [
        ".ipynb_checkpoints/01_softmax-checkpoint.ipynb",
        "__MACOSX/x.py",
        "._x.py",
        "__pycache__/x.py",
        "~x.py",
    ]
    root = write(
        tmp_path, {f"{folder}/01_softmax.py": SOFTMAX} | {f"{folder}/{name}": STUB for name in names}
    )
    assert found(root)["ann", "01_softmax"].superseded == ()


def test_links_that_lead_out_of_the_folder_are_not_followed(tmp_path):
    secret = write(tmp_path / "elsewhere", {"secret.py": SOFTMAX})
    root = write(tmp_path / "class", {"ann_x.py": SOFTMAX, "dan/01_softmax/keep.txt": b""})
    (root / "bob_x.py").symlink_to(secret / "secret.py")
    (root / "cid").symlink_to(secret)
    (root / "dan" / "01_softmax" / "x.py").symlink_to(secret / "secret.py")
    (root / "eve_x.py").symlink_to(root / "eve_x.py")
    (root / "fay_x.py").symlink_to(root / "ann_x.py")
    assert errors(root).keys() == {"bob", "cid", "dan", "eve"}
    assert not any(secret.name in str(s.content) for s in find([root], MANIFEST))


def test_pipes_and_folders_with_a_files_name_do_not_hang_the_batch(tmp_path):
    root = write(tmp_path, {"ann_x.py": SOFTMAX, "cid/x.py/y.txt": b""})
    os.mkfifo(root / "bob_x.py")
    assert errors(root)["bob"] == "this is no plain file"
    assert "cid" in errors(root)


def test_names_in_any_bytes_and_language_are_read(tmp_path):
    root = write(tmp_path, {"Äda Müller_x.py": SOFTMAX, "\x1b[31mred_x.py": SOFTMAX, "名前_x.py": SOFTMAX})
    (root / os.fsdecode(b"\xff\xfe_x.py")).write_bytes(SOFTMAX)
    learners = [s.learner for s in find([root], MANIFEST)]
    assert len(learners) == 4
    assert json.loads(json.dumps(learners).encode().decode()) == learners
    assert "\n".join(learners).encode("utf-8")


# Zips


def in_zip(tmp_path, data):
    (one,) = find([write(tmp_path, {"class/ann_x.zip": data}) / "class"], MANIFEST)
    return one


def test_nothing_in_a_zip_reaches_outside_of_it(tmp_path):
    members = {
        "../up.py": STUB,
        "/abs.py": STUB,
        "a/../../b.py": STUB,
        "C:\\x\\..\\y.py": STUB,
        "ok/x.py": SOFTMAX,
    }
    one = in_zip(tmp_path, zipped(members))
    assert (one.content, one.superseded) == (SOFTMAX, ())
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["ann_x.zip", "class"]


def test_hidden_things_and_links_in_a_zip_are_ignored(tmp_path):
    link = zipfile.ZipInfo("link.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO(zipped({"__MACOSX/._x.py": STUB, ".ipynb_checkpoints/x.py": STUB, "x.py": SOFTMAX}))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    one = in_zip(tmp_path, buffer.getvalue())
    assert (one.content, one.superseded) == (SOFTMAX, ())


def bomb_of_many_files():
    return zipped({f"{i}.txt": b"" for i in range(9000)}, method=zipfile.ZIP_STORED)


def bomb_that_lies():
    """Says it unpacks to 100 bytes, and holds 50 MB."""
    data = bytearray(zipped({"x.py": b"#" * 50_000_000}))
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = data.index(mark)
        data[start + at : start + at + 4] = (100).to_bytes(4, "little")
    return bytes(data)


def locked():
    data = bytearray(zipped({"x.py": SOFTMAX}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: zipped({"x.py": b"#" * 50_000_000}), "too much"),
        (lambda: zipped({f"{i}.py": b"#" * 4_000_000 for i in range(20)}), "too much"),
        (bomb_of_many_files, "more than 1000 files"),
        (bomb_that_lies, "damaged"),
        (locked, "password"),
        (lambda: zipped({"x.py": SOFTMAX}, method=zipfile.ZIP_LZMA), "ordinary zip"),
        (lambda: zipped({}), "no notebook"),
        (lambda: zipped({"inner.zip": zipped({"x.py": SOFTMAX})}), "not opened"),
        (lambda: zipped({"x.py": SOFTMAX})[:-10], "damaged"),
        (lambda: b"", "damaged"),
    ],
    ids=["bomb", "many", "files", "liar", "locked", "lzma", "empty", "nested", "cut", "nothing"],
)
def test_zips_out_of_bounds_are_errors_in_words(tmp_path, make, said):
    one = in_zip(tmp_path, make())
    assert said in one.error
    assert one.learner == "ann"


def test_any_damage_to_a_zip_is_read_or_an_error():
    rng = random.Random(0)
    whole = zipped({"a/x.py": SOFTMAX, "b.ipynb": b"{}"})
    for _ in range(500):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            zips.unzip(bytes(data))
        except zips.BadZip as error:
            message = str(error)
            assert message


def test_paths_may_be_text(tmp_path):
    root = write(tmp_path, CLASS)
    assert len(find([str(root)], MANIFEST)) == 3
    assert all(isinstance(s.path, Path) for s in find([str(root)], MANIFEST))
