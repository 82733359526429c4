"""The library read as text: closures and slices."""

import sys
import types

import pytest
from headway_course.errors import CourseError
from headway_grader.library import Library

NUMERICS = '''"""Numbers."""

import math, os
import numpy as np

# Small enough to be invisible.
_TINY = 1e-9


def _shift(Z):
    return Z - Z.max() + _TINY


def softmax(Z):
    """Shares."""
    E = np.exp(_shift(Z))
    return E / E.sum()


def apart(softmax):
    return [softmax for softmax in range(3)]


def halves(x):
    return math.floor(x / 2)
'''

ATTENTION = """import numpy as np

from headway.numerics import halves as half
from .numerics import softmax


def attention(Q):
    return softmax(Q) * np.pi


def heads(Q):
    return attention(Q), half(3.0)
"""


@pytest.fixture
def library(tmp_path):
    (tmp_path / "numerics.py").write_text(NUMERICS, encoding="utf-8")
    (tmp_path / "attention.py").write_text(ATTENTION, encoding="utf-8")
    return Library(tmp_path)


def test_closure_follows_names_through_modules_and_aliases(library):
    assert library.closure("attention.heads") == {
        "attention.attention",
        "numerics.halves",
        "numerics.softmax",
        "numerics._shift",
        "numerics._TINY",
    }


def test_a_local_variable_is_not_a_dependency(library):
    assert library.closure("numerics.apart") == frozenset()


def test_a_slice_holds_what_is_needed_and_nothing_else(library):
    sliced = library.slice_source(["attention.attention"])
    assert list(sliced) == ["numerics", "attention"]
    assert "halves" not in "".join(sliced.values())
    assert "import math" not in sliced["numerics"]
    assert "# Small enough to be invisible." in sliced["numerics"]


def test_a_slice_runs_in_its_order(library, monkeypatch):
    for module, source in library.slice_source(["attention.heads"]).items():
        namespace = types.ModuleType(f"headway.{module}")
        monkeypatch.setitem(sys.modules, f"headway.{module}", namespace)
        exec(compile(source, module, "exec"), namespace.__dict__)
    import numpy as np

    value, one = sys.modules["headway.attention"].heads(np.array([1.0, 1.0]))
    assert one == 1
    np.testing.assert_allclose(value, np.pi / 2)


def test_every_installed_function_has_a_slice():
    from headway_grader import library

    installed = library.installed()
    for path in sorted(installed.root.glob("[a-z]*.py")):
        for statement in installed.statements(path.stem):
            for name in () if statement.is_import else statement.binds:
                assert path.stem in library.slice_source([f"{path.stem}.{name}"])


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("numerics.sofmax", "numerics.py has apart, halves, softmax"),
        ("nothing.softmax", "no module 'nothing'"),
        ("softmax", "module.function"),
        ("numerics._TINY", "not a function"),
    ],
)
def test_an_unknown_target_is_named(library, target, says):
    with pytest.raises(CourseError, match=says):
        library.function(target)


def test_a_syntax_error_names_file_and_line(library):
    (library.root / "numerics.py").write_text("x = 1\ndef (:\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"numerics\.py:2"):
        library.closure("numerics.softmax")
