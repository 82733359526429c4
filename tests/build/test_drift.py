"""--check sees every kind of drift, and nothing else."""

import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from headway_grader.build.drift import drifted
from headway_grader.build.products import Product

LEARNER = "exercises/01_doubling.ipynb"
INSTRUCTOR = "autograder/source/02_again/02_again.ipynb"
SOLVED = "solutions/notebooks/01_doubling.ipynb"
FIXTURES = "data/fixtures/01_doubling.npz"
MANIFEST = "data/fixtures/manifest.json"


@pytest.fixture
def built(tiny):
    tiny.build()
    assert tiny.check() == {}
    return tiny


def edit(tiny, name, change):
    """Changes a notebook on disk as its JSON."""
    path = tiny.root / name
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    path.write_text(text, encoding="utf-8")


def edit_arrays(tiny, change):
    path = tiny.root / FIXTURES
    arrays = dict(np.load(path))
    change(arrays)
    np.savez_compressed(path, **arrays)


@pytest.mark.parametrize("name", [LEARNER, INSTRUCTOR, SOLVED])
@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("text", lambda n: n["cells"][1]["source"].append("!")),
        ("code", lambda n: n["cells"][0]["source"].insert(0, "import os\n")),
        ("cell metadata", lambda n: n["cells"][0]["metadata"].update(hidden=True)),
        ("notebook metadata", lambda n: n["metadata"]["headway"].update(lesson="03")),
        ("an id", lambda n: n["cells"][0].update(id="other")),
        ("a cell less", lambda n: n["cells"].pop()),
        ("a cell more", lambda n: n["cells"].append(n["cells"][0])),
        ("its kind", lambda n: n["cells"][0].update(cell_type="raw")),
    ],
)
def test_a_notebook_that_differs_is_named(built, name, what, change):
    edit(built, name, change)
    assert list(built.check()) == [name], what


def test_the_difference_is_shown_line_by_line(built):
    edit(built, LEARNER, lambda n: n["cells"][0]["source"].insert(0, "import os\n"))
    assert re.search(r'^-\s+"import os', built.check()[LEARNER], re.MULTILINE)


def test_outputs_are_compared_in_learners_notebooks_and_not_in_solved_ones(built):
    def ran(notebook):
        notebook["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["3\n"]}]
        notebook["cells"][0]["execution_count"] = 1

    edit(built, SOLVED, ran)
    assert built.check() == {}
    edit(built, LEARNER, ran)
    assert list(built.check()) == [LEARNER]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 1}', '{"cells": [1]}'])
def test_a_file_that_is_no_notebook_is_named(built, text):
    for name in (LEARNER, SOLVED):
        (built.root / name).write_text(text, encoding="utf-8")
    assert set(built.check()) == {LEARNER, SOLVED}


@pytest.mark.parametrize("name", [LEARNER, INSTRUCTOR, SOLVED, FIXTURES, MANIFEST])
def test_a_missing_file_is_named(built, name):
    (built.root / name).unlink()
    assert built.check() == {name: "missing"}


@pytest.mark.parametrize(
    "name", ["exercises/09_old.ipynb", "autograder/source/09_old/09_old.ipynb", "data/fixtures/09_old.npz"]
)
def test_a_file_that_no_lesson_asks_for_is_named_and_removed(built, name):
    path = built.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    assert built.check() == {name: "no lesson asks for this file"}
    assert [str(p) for p in built.build()] == [name]
    assert not path.exists()


def test_a_file_of_somebody_else_stays(built):
    path = built.root / "exercises" / "qualifying" / "notes.ipynb"
    path.write_text("mine", encoding="utf-8")
    assert built.check() == {}
    built.build()
    assert path.read_text(encoding="utf-8") == "mine"


def test_an_input_must_be_equal_to_the_last_bit(built):
    def nudge(arrays):
        x = arrays["double/typical/a/in/x"]
        x[0, 0] = np.nextafter(x[0, 0], 9)

    edit_arrays(built, nudge)
    assert "double/typical/a/in/x: other values" in built.check()[FIXTURES]


def test_a_growing_input_must_be_equal_to_the_last_bit(built):
    edit_arrays(
        built, lambda arrays: np.negative(arrays["double/growth/n/8/x"], out=arrays["double/growth/n/8/x"])
    )
    assert "double/growth/n/8/x" in built.check()[FIXTURES]


@pytest.mark.parametrize("key", ["double/typical/a/out", "double/typical/a/wrong/sorted"])
def test_computed_values_may_differ_by_rounding_and_no_more(built, key):
    def by(factor):
        return lambda arrays: np.multiply(arrays[key], factor, out=arrays[key])

    edit_arrays(built, by(1 + 1e-15))
    assert built.check() == {}
    edit_arrays(built, by(1 + 1e-9))
    assert f"{key}: other values" in built.check()[FIXTURES]


@pytest.mark.parametrize(
    ("says", "change"),
    [
        ("+double/typical/a/out", lambda a: a.pop("double/typical/a/out")),
        ("-extra", lambda a: a.update(extra=np.zeros(1))),
        (
            "float32 (2, 7), due float64",
            lambda a: a.update({"double/typical/a/out": np.zeros((2, 7), np.float32)}),
        ),
        ("order", lambda a: a.update({"double/typical/a/out": a.pop("double/typical/a/out")})),
    ],
)
def test_other_differences_of_fixtures_are_named(built, says, change):
    edit_arrays(built, change)
    assert says in built.check()[FIXTURES]


def test_damaged_fixtures_are_named_and_mended(built):
    (built.root / FIXTURES).write_bytes(b"PK no zip")
    assert "damaged" in built.check()[FIXTURES]
    built.build()
    assert built.check() == {}


def test_a_change_of_the_lesson_drifts_everywhere_until_the_next_build(built):
    built.edit("01_doubling", "Say $x$", "Let $x$")
    assert set(built.check()) == {LEARNER, SOLVED, "autograder/source/01_doubling/01_doubling.ipynb"}
    built.build()
    assert built.check() == {}


def test_a_change_of_the_points_drifts_in_notebook_and_manifest(built):
    built.edit("02_again", "points=1.5", "points=2")
    assert {INSTRUCTOR, MANIFEST} <= set(built.check())


def test_a_change_of_the_library_drifts(built):
    path = built.subject.library.path("numbers")
    text = path.read_text(encoding="utf-8").replace("_TWO = 2.0", "_TWO = 1.0 + 1.0")
    path.write_text(text, encoding="utf-8")
    sources = [f"autograder/source/{name}/{name}.ipynb" for name in ("01_doubling", "qualifying")]
    assert set(built.check()) == {*sources, SOLVED}


def test_fixtures_that_differ_by_rounding_are_left_alone(built):
    edit_arrays(
        built, lambda a: np.multiply(a["double/typical/a/out"], 1 + 1e-15, out=a["double/typical/a/out"])
    )
    before = (built.root / FIXTURES).read_bytes()
    assert built.build() == []
    assert (built.root / FIXTURES).read_bytes() == before


def test_check_writes_nothing(tiny):
    assert len([path for path in tiny.check() if "qualifying" not in path]) == 9
    assert tiny.files() == {}


def test_a_disk_that_fills_up_leaves_the_old_files(built, monkeypatch):
    from pathlib import Path

    from headway_course.errors import CourseError

    before = built.files()
    built.edit("01_doubling", "Say $x$", "Let $x$")
    real, calls = Path.write_bytes, []

    def full(path, data):
        if path.name.endswith(".unfinished"):
            calls.append(path)
            if len(calls) == 2:
                real(path, data[:10])
                raise OSError(28, "No space left on device", str(path))
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CourseError, match=r"No space left.*nothing half-written"):
        built.build()
    assert built.files() == before


@pytest.mark.parametrize(("inputs", "drifts"), [(np.float32, False), (np.float64, True)])
def test_a_result_is_as_precise_as_what_went_in(inputs, drifts):
    """A mistake that makes float64 of float32 inputs has computed in float32 on the way."""
    there = arrays(inputs, 1.0)
    due = arrays(inputs, 1.0 + 3e-7)  # three units of float32 off, as on another processor
    assert drifted(Product(Path("lesson.npz"), due), there) is drifts


def arrays(dtype, result):
    """An npz of one case, whose mistake gives float64."""
    case = {"f/float32/rows/in/X": np.ones(3, dtype), "f/float32/rows/in/H": np.asarray(2)}
    file = io.BytesIO()
    np.savez(file, **case, **{"f/float32/rows/wrong/in-float64": np.full(3, result)})
    return file.getvalue()
