# Made by headway-build from course/headway_course/shapes.py.
"""The shape line of a docstring, read by machine.

Q (..., Tq, d), K (..., Tk, d), [mask bool (..., Tq, Tk)] -> (..., Tq, dv)
"""

import re
from dataclasses import dataclass

from headway_checks.errors import CourseError

_ARRAY = re.compile(r"(?:(\w+)\s+)??(?:(int|bool|float)\s+)?\(([^()]*)\)$")


@dataclass(frozen=True)
class Array:
    """An argument, or a result (its name is ""): dtype if stated, axes, and whether it may be left out."""

    name: str
    dtype: str | None
    axes: tuple[str, ...]
    optional: bool = False

    @property
    def shape(self) -> str:
        return f"({', '.join(self.axes)}{',' if len(self.axes) == 1 else ''})"


@dataclass(frozen=True)
class ShapeLine:
    arguments: tuple[Array, ...]
    results: tuple[Array, ...]


def shape_line(docstring: str) -> str:
    """The paragraph of a docstring that has `->` in it, as one line."""
    for paragraph in docstring.split("\n\n"):
        if "->" in paragraph:
            return " ".join(paragraph.split())
    raise CourseError(
        "the docstring has no shape line, such as `Z (..., n) -> (..., n)`: add one after its first sentence"
    )


def parse(line: str) -> ShapeLine:
    """Reads a shape line; raises CourseError where it does not follow the grammar of style.md."""
    left, arrow, right = line.partition("->")
    if not arrow:
        raise CourseError(f"no `->` in the shape line {line!r}")
    return ShapeLine(
        tuple(_array(text, line) for text in _split(left)),
        tuple(_array(text, line) for text in _split(right)),
    )


def _split(side: str) -> list[str]:
    """Splits at the commas that stand outside parentheses and brackets."""
    return [part.strip() for part in re.split(r",(?![^(]*\))", side) if part.strip()]


def _array(text: str, line: str) -> Array:
    optional = text.startswith("[") and text.endswith("]")
    found = _ARRAY.match(text.strip("[]").strip())
    if not found:
        raise CourseError(
            f"cannot read {text!r} in the shape line {line!r}: expected `name dtype (axis, axis)`"
        )
    name, dtype, axes = found.groups()
    return Array(name or "", dtype, tuple(axis.strip() for axis in axes.split(",") if axis.strip()), optional)
