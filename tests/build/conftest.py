"""A course of two tiny lessons in a temporary folder, with a library, cases and wrong answers of its own."""

import importlib.util
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from headway_course.errors import CourseError
from headway_course.fixtures import Case, Fixture, arguments
from headway_grader.build import builder, products
from headway_grader.build.subject import Subject
from headway_grader.library import Library

LIBRARY = '''"""Numbers."""

import math

import numpy as np

_TWO = 2.0  # the only number here


def _stretch(x):
    """Longer.

    And a second paragraph.
    """
    return x * _TWO


def double(x):
    """Twice the input.

    x (..., n) -> (..., n)
    """  # noqa: D999
    stretched = _stretch(np.asarray(x))
    return stretched * math.cos(0)


def quadruple(x, times=1):
    """Four times the input.

    x (..., n), [times int ()] -> (..., n)
    """
    for _ in range(times):
        x = double(double(x))
    return x


def untold(x):
    """Has no shape line."""
    return x


def misnamed(x):
    """The shape line names another argument.

    y (..., n) -> (..., n)
    """
    return x
'''

FIRST = '''# A note of the author's, which nobody else sees.

# %%
import numpy as np
from headway_course import check, exercise

# %% [markdown]
r"""
# 01 · Doubling

Say $x$ is a number.
"""

# %% tags=["raises-exception"]
1 / 0

# %%
double = exercise(
    "numbers.double",
    points=2,
    level=1,
    minutes=5,
    hints=["Add something to itself.", "The secret hint: `x + x`."],
)

# %%
check(double)
'''

SECOND = '''# %% [markdown]
r"""
# 02 · Again
"""

# %%
import numpy as np
from headway_course import check, earlier, exercise, question

double = earlier("numbers.double")
double(np.arange(3))

# %%
quadruple = exercise("numbers.quadruple", points=1.5, level=5, minutes=20, hints=["Twice."])

# %%
check(quadruple)

# %% [markdown]
r"""
**Question 1.** Why?
"""

# %%
question("why", points=2)
'''


@dataclass(frozen=True)
class Alternative:
    function: object
    says: str = ""


def inputs_of(name, rng):
    yield "typical", "a", {"x": rng.normal(size=(2, 7))}
    yield "ones", "b", {"x": rng.normal(size=(1, 1))}
    yield "inputs-kept", "c", {"x": rng.normal(size=(3, 4))}


def in_place(factor):
    def function(x):
        x *= factor
        return x

    return function


def mistakes_for(factor):
    return {
        "too-small": Alternative(lambda x: factor * x + (x.size > 1), "by adding one"),
        "sorted": Alternative(lambda x: factor * np.sort(x), "by sorting"),
        "in-place": Alternative(in_place(factor), "by working in place"),
    }


def honest_for(factor):
    return {
        "plain": Alternative(lambda x: factor * x),
        "times": Alternative(lambda x: np.multiply(x, factor)),
    }


FACTORS = {"double": 2, "quadruple": 4}


@dataclass
class Tiny:
    """The tiny course; a test changes what it wants to."""

    root: Path
    subject: Subject

    @property
    def lessons(self) -> Path:
        return self.root / "course" / "lessons"

    def write(self, name, text):
        (self.lessons / f"{name}.py").write_text(text, encoding="utf-8")

    def edit(self, name, old, new):
        path = self.lessons / f"{name}.py"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def alternative(self, function):
        return Alternative(function)

    def change(self, **changes):
        self.subject = replace(self.subject, **changes)

    def build(self, **options):
        return builder.build(self.root, self.subject, **options)

    def check(self):
        return {str(drift.path): drift.what for drift in builder.check(self.root, self.subject)}

    def files(self):
        made = (p for p in self.root.rglob("*") if p.is_file() and p.suffix != ".py")
        return {str(p.relative_to(self.root)): p.read_bytes() for p in made}


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    root = tmp_path / "tiny"
    (root / "course" / "lessons").mkdir(parents=True)
    library = Library(root / "library")
    library.root.mkdir()
    (library.root / "numbers.py").write_text(LIBRARY, encoding="utf-8")

    def fixture(target, rng, mistakes):
        name = target.rpartition(".")[2]
        if name not in FACTORS:
            raise CourseError(f"{target} has no cases")
        spec = importlib.util.spec_from_file_location("numbers_of_tiny", library.path("numbers"))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        function = getattr(module, name)
        cases = tuple(
            Case(
                case,
                group,
                inputs,
                function(**arguments(inputs)),
                {slug: mistake.function(**arguments(inputs)) for slug, mistake in mistakes.items()},
            )
            for group, case, inputs in inputs_of(name, rng)
        )
        return Fixture(name, cases, {"n": tuple((n, {"x": rng.normal(size=(2, n))}) for n in (8, 16, 32))})

    subject = Subject(
        library,
        {"typical": "ordinary numbers", "ones": "sizes of 1", "inputs-kept": "leaves its inputs"},
        lambda target: {"batch": 2, "n": 7},
        fixture,
        lambda name: mistakes_for(FACTORS.get(name, 1)),
        lambda name: honest_for(FACTORS.get(name, 1)),
    )
    # Running a notebook takes seconds, so only the tests that are about it do it.
    monkeypatch.setattr(products, "run", lambda notebook, folder: notebook)
    course = Tiny(root, subject)
    course.write("01_doubling", FIRST)
    course.write("02_again", SECOND)
    return course
