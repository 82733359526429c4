"""The forms in which the course lies on disk: shape lines, fixtures, the manifest."""

from dataclasses import replace

import numpy as np
import pytest
from headway_course import fixtures, manifest
from headway_course.errors import CourseError
from headway_course.fixtures import Case, Fixture, arguments
from headway_course.manifest import Manifest, dump
from headway_course.shapes import Array, parse, shape_line


def equal(one, other):
    if isinstance(one, tuple):
        return isinstance(other, tuple) and all(map(equal, one, other)) and len(one) == len(other)
    return (
        one.dtype == other.dtype and one.shape == other.shape and np.array_equal(one, other, equal_nan=True)
    )


@pytest.mark.parametrize(
    ("line", "arguments_", "results"),
    [
        ("Z (..., n) -> (..., n)", (Array("Z", None, ("...", "n")),), (Array("", None, ("...", "n")),)),
        ("T int () -> bool (T, T)", (Array("T", "int", ()),), (Array("", "bool", ("T", "T")),)),
        (
            "Q (n), [mask bool (..., T)] -> (n), int ()",
            (Array("Q", None, ("n",)), Array("mask", "bool", ("...", "T"), optional=True)),
            (Array("", None, ("n",)), Array("", "int", ())),
        ),
    ],
)
def test_a_shape_line_is_read(line, arguments_, results):
    read = parse(line)
    assert (read.arguments, read.results) == (arguments_, results)


def test_a_shape_is_written_as_python_writes_it():
    assert [a.shape for a in parse("A (n), B (), C (x, y) -> ()").arguments] == ["(n,)", "()", "(x, y)"]


@pytest.mark.parametrize("line", ["Z (n)", "Z n -> (n)", "Z (n -> (n)", "Z (n) -> n", "Z complex (n) -> (n)"])
def test_what_is_no_shape_line_is_refused(line):
    with pytest.raises(CourseError):
        parse(line)


def test_the_shape_line_of_a_docstring_may_take_two_lines():
    text = "One sentence.\n\n    Q (n), K (n)\n    -> (n)\n\n    More."
    assert shape_line(text) == "Q (n), K (n) -> (n)"
    with pytest.raises(CourseError, match="no shape line"):
        shape_line("One sentence.")


def test_fixtures_come_back_as_they_were_saved(fixture, tmp_path):
    pair = (np.arange(3), np.array(2.5, dtype=np.float32))
    case = Case("pair", "typical", {"a": np.array(3), "b": np.zeros((0, 2))}, pair, {"swapped": pair[::-1]})
    other = Fixture("other", (case,), {})
    fixtures.save(tmp_path / "x.npz", [fixture, other])
    loaded = fixtures.load(tmp_path / "x.npz")
    assert list(loaded) == ["softmax", "other"]
    for saved in (fixture, other):
        found = loaded[saved.exercise]
        assert [(c.group, c.name) for c in found.cases] == [(c.group, c.name) for c in saved.cases]
        for mine, theirs in zip(saved.cases, found.cases, strict=True):
            assert all(equal(mine.inputs[name], theirs.inputs[name]) for name in mine.inputs)
            assert equal(mine.expected, theirs.expected)
            assert all(equal(mine.wrong[name], theirs.wrong[name]) for name in mine.wrong)
        assert {d: [n for n, _ in steps] for d, steps in found.growth.items()} == {
            d: [n for n, _ in steps] for d, steps in saved.growth.items()
        }


def test_arguments_are_fresh_and_scalars_are_pythons():
    inputs = {"X": np.ones(3), "H": np.array(2), "flag": np.array(True)}
    first = arguments(inputs)
    first["X"][:] = 0
    assert type(first["H"]) is int
    assert type(first["flag"]) is bool
    assert arguments(inputs)["X"].sum() == 3


def test_fixtures_that_are_missing_or_damaged_are_named(tmp_path):
    with pytest.raises(CourseError, match="no fixtures at"):
        fixtures.load(tmp_path / "none.npz")
    (tmp_path / "bad.npz").write_bytes(b"PK nothing")
    with pytest.raises(CourseError, match="damaged"):
        fixtures.load(tmp_path / "bad.npz")


def test_fixtures_with_pickled_objects_are_refused(tmp_path):
    np.savez(tmp_path / "evil.npz", **{"softmax/typical/a/out": np.array([{}], dtype=object)})
    with pytest.raises(CourseError, match="damaged"):
        fixtures.load(tmp_path / "evil.npz")


def test_fixtures_of_another_form_are_named_as_damaged(tmp_path):
    np.savez(tmp_path / "other.npz", **{"softmax/typical/a/in/Z": np.ones(2), "x": np.ones(2)})
    with pytest.raises(CourseError, match="damaged"):
        fixtures.load(tmp_path / "other.npz")


@pytest.mark.parametrize(
    "odd",
    [
        {"a/typical/x/in/Z": np.array("text")},
        {"a/typical/x/in/Z/more": np.zeros(3)},
        {"a/typical/x/in": np.zeros(3)},
        {"a/typical/x/out": np.array(["2026-01-01"], dtype="datetime64[D]")},
        {"a/growth/n/16/Z": np.zeros(3, dtype="V5")},
        {"a/growth/n/16": np.zeros(3)},
    ],
    ids=str,
)
def test_fixtures_of_anything_but_numbers_are_damaged(odd, tmp_path):
    whole = {"a/typical/y/in/Z": np.zeros(3), "a/typical/y/out": np.ones(3), "a/typical/x/out": np.ones(3)}
    np.savez(tmp_path / "odd.npz", **(whole | odd))
    with pytest.raises(CourseError, match="are damaged"):
        fixtures.load(tmp_path / "odd.npz")


def test_a_save_that_fails_leaves_the_old_fixtures(fixture, tmp_path, monkeypatch):
    path = tmp_path / "x.npz"
    fixtures.save(path, [fixture])
    before = path.read_bytes()

    def full(*_, **__):
        raise OSError("No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(OSError, match="No space"):
        fixtures.save(path, [replace(fixture, cases=())])
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_manifest_comes_back_as_it_was_written(course):
    read = manifest.load(course / "manifest.json")
    assert dump(read) == (course / "manifest.json").read_text(encoding="utf-8")
    assert read.exercise("softmax").hints[1] == "Subtract something."
    assert isinstance(read, Manifest)
    assert read.lesson("01_tiny").questions[0].points == 2


def test_unknown_names_are_answered_with_known_ones(course):
    read = manifest.load(course / "manifest.json")
    with pytest.raises(CourseError, match="did you mean softmax"):
        read.exercise("sofmax")
    with pytest.raises(CourseError, match="there are softmax, doubled"):
        read.exercise("zzz")
    with pytest.raises(CourseError, match="this course has 01_tiny"):
        read.lesson("02_other")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"lessons": [{}]}', b'{"lessons": 3}', b"\xff"])
def test_a_damaged_manifest_is_named(tmp_path, content):
    path = tmp_path / "manifest.json"
    path.write_bytes(content)
    with pytest.raises(CourseError, match="damaged"):
        manifest.load(path)


def test_a_missing_manifest_is_named(tmp_path):
    with pytest.raises(CourseError, match="no manifest at"):
        manifest.load(tmp_path / "manifest.json")
