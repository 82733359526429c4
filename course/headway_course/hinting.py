"""Hints, one at a time."""

from collections.abc import Callable
from dataclasses import dataclass

from headway_course import manifest
from headway_course.checking.sentences import after_the_last_hint
from headway_course.errors import CourseError
from headway_course.kernel import name_asked_for
from headway_course.manifest import Exercise
from headway_course.markup import inline, line
from headway_course.pictures.panel import panel

_SEEN: dict[str, int] = {}
"""How many hints of each exercise this process has shown."""


@dataclass(frozen=True, repr=False)
class Hint:
    """One hint of an exercise, counted from 1."""

    exercise: Exercise
    number: int

    @property
    def said(self) -> str:
        """The hint itself."""
        return f"Hint {self.number} of {len(self.exercise.hints)}: {self.exercise.hints[self.number - 1]}"

    @property
    def left(self) -> int:
        """How many come after it."""
        return len(self.exercise.hints) - self.number

    def what_next(self, terminal: bool = False) -> str:
        """What there is beyond this hint, as one calls it in a notebook or in a terminal."""
        name = self.exercise.name
        if self.left:
            call = f"headway hint {name} {self.number + 1}" if terminal else f'hint("{name}")'
            return f"{self.left} more: `{call}`"
        return after_the_last_hint(name, terminal)

    def __repr__(self) -> str:
        return f"{self.said}\n{self.what_next()}"

    def _repr_html_(self) -> str:
        return panel(line(inline(self.said)) + line(inline(self.what_next())))


def hint(exercise: Callable | str, number: int | None = None) -> Hint:
    """The next hint for an exercise, each time one more; a number gives that one, and goes on from there.

    Raises CourseError if there is no such exercise or no such hint. After the last hint it comes again.
    """
    name = name_asked_for(exercise, "hint")
    asked = manifest.load(manifest.public_fixtures() / "manifest.json").exercise(name)
    if number is None:
        number = min(_SEEN.get(name, 0) + 1, len(asked.hints))
    found = numbered(asked, number)
    _SEEN[name] = number
    return found


def numbered(exercise: Exercise, number: int) -> Hint:
    """The hint of that number; raises CourseError if there is none."""
    total = len(exercise.hints)
    if not isinstance(number, int) or not 1 <= number <= total:
        raise CourseError(f"{exercise.name} has {total} hints: give a number from 1 to {total}")
    return Hint(exercise, number)
