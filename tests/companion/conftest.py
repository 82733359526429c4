"""A small course of two exercises, whose expected values come from loops."""

import json

import numpy as np
import pytest
from headway_course import fixtures
from headway_course.fixtures import Case, Fixture
from headway_course.manifest import Exercise, Lesson, Manifest, Question, dump
from small_course import STUB, case, notebook_of, slow_softmax


@pytest.fixture
def fixture():
    rng = np.random.default_rng(5)
    some = [rng.normal(size=shape) for shape in ((4, 6), (2, 7), (2, 3, 5), (3, 1), (2, 3))]
    cases = (
        case("typical", "large-matrix", some[0]),
        case("typical", "matrix", some[1]),
        case("shapes", "two-batch-axes", some[2]),
        case("shapes", "row", some[1][0]),
        case("ones", "one-score", some[3]),
        case("extremes", "large", np.array([[1000.0, 1002, 999], [-1000, -1001, -1003]])),
        case("float32", "matrix", some[1].astype(np.float32)),
        case("inputs-kept", "matrix", some[4]),
    )
    growth = {
        "batch": tuple((n, {"Z": rng.normal(size=(n, 5))}) for n in (8, 16, 32)),
        "n": tuple((n, {"Z": rng.normal(size=(2, n))}) for n in (8, 16, 32)),
    }
    return Fixture("softmax", cases, growth)


@pytest.fixture
def exercise():
    return Exercise(
        name="softmax",
        target="numerics.softmax",
        lesson="01_tiny",
        points=2,
        level=1,
        minutes=10,
        hints=("Look at `<rows>`.", "Subtract something.", "Subtract the maximum."),
        stub=STUB,
        shapes="Z (..., n) -> (..., n)",
        loops_over=(),
        prerequisites=(),
        groups={
            "typical": "ordinary numbers",
            "extremes": "numbers at the limits",
            "shapes": "other <shapes>",
        },
        mistakes={"first-axis": "by summing over the first axis", "no-shift": "without the shift"},
    )


@pytest.fixture
def doubled():
    return Exercise(
        name="doubled",
        target="numerics.doubled",
        lesson="01_tiny",
        points=1,
        level=1,
        minutes=5,
        hints=("Twice the same.",),
        stub="def doubled(Z):\n    raise NotImplementedError()",
        shapes="Z (..., n) -> (..., n)",
        loops_over=("n",),
        prerequisites=("numerics.softmax",),
        groups={"typical": "ordinary numbers"},
        mistakes={},
    )


@pytest.fixture
def course(exercise, doubled, fixture, tmp_path_factory, monkeypatch):
    """The folder of a small course's fixtures, found by everything that looks for them."""
    folder = tmp_path_factory.mktemp("fixtures")
    Z = np.arange(6.0).reshape(2, 3)
    twice = Fixture("doubled", (Case("matrix", "typical", {"Z": Z}, 2 * slow_softmax(Z)),), fixture.growth)
    fixtures.save(folder / "01_tiny.npz", [fixture, twice])
    lesson = Lesson("01_tiny", "Tiny", (exercise, doubled), (Question("why", 2),))
    (folder / "manifest.json").write_text(dump(Manifest((lesson,))), encoding="utf-8")
    monkeypatch.setenv("HEADWAY_FIXTURES", str(folder))
    return folder


@pytest.fixture
def notebook(tmp_path):
    """Writes a notebook of the small course from (id, kind, source) and gives its path."""

    def write(*cells, name="01_tiny.ipynb"):
        path = tmp_path / name
        path.write_text(json.dumps(notebook_of(*cells)), encoding="utf-8")
        return path

    return write
