"""The manifest: what the course asks, as data. `headway-build` writes it, everybody reads it."""

import json
import os
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from headway_course.errors import CourseError
from headway_course.shipped import shipped


@dataclass(frozen=True)
class Exercise:
    """One function to write, which the library has at `target`; `groups`, `mistakes`: name → words.

    prerequisites are the targets that an answer may call, uses the exercises that the library's builds on;
    refuses says what it may not use besides what no answer may ("numpy.cov"), and what to do instead; memory,
    if it is judged, how many times as much as the library's function an answer may hold.
    """

    name: str
    target: str
    lesson: str
    points: float
    level: int
    minutes: int
    hints: tuple[str, ...]
    stub: str
    shapes: str
    loops_over: tuple[str, ...]
    prerequisites: tuple[str, ...]
    groups: dict[str, str]
    mistakes: dict[str, str]
    uses: tuple[str, ...] = ()
    refuses: dict[str, str] = field(default_factory=dict)
    memory: float = 0.0

    @property
    def built_on(self) -> tuple[str, ...]:
        """The names of the functions that an answer may call."""
        return tuple(target.rpartition(".")[2] for target in self.prerequisites)


@dataclass(frozen=True)
class Question:
    """A question in free text, graded by a person."""

    name: str
    points: float


@dataclass(frozen=True)
class Lesson:
    """One assignment: its name (`01_softmax`), title, exercises and questions, in order."""

    name: str
    title: str
    exercises: tuple[Exercise, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Manifest:
    lessons: tuple[Lesson, ...]

    def lesson(self, name: str) -> Lesson:
        for lesson in self.lessons:
            if lesson.name == name:
                return lesson
        known = ", ".join(lesson.name for lesson in self.lessons)
        raise CourseError(f"no lesson is called {name!r}; this course has {known}")

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Every exercise, in the order of the course."""
        return tuple(exercise for lesson in self.lessons for exercise in lesson.exercises)

    def exercise(self, name: str) -> Exercise:
        exercises = {exercise.name: exercise for exercise in self.exercises}
        if name in exercises:
            return exercises[name]
        near = get_close_matches(name, exercises, n=1)
        advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(exercises)}"
        raise CourseError(f"no exercise is called {name!r}: {advice}")


def public_fixtures() -> Path:
    """The folder of public fixtures and manifest: inside an installed wheel, or `data/fixtures` of the clone.

    HEADWAY_FIXTURES names another one: the build runs notebooks against fixtures that are not in place yet.
    """
    if "HEADWAY_FIXTURES" in os.environ:
        return Path(os.environ["HEADWAY_FIXTURES"])
    return shipped("fixtures")


def load(path: Path | None = None) -> Manifest:
    """Reads a manifest (by default the course's own); raises CourseError if it is missing or damaged."""
    return _read(path or public_fixtures() / "manifest.json")


@cache
def _read(path: Path) -> Manifest:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError(
            f"no manifest at {path}: run `headway-build`, or install headway-course again"
        ) from None
    except UnicodeDecodeError as error:
        raise _damaged(path, error) from error
    try:
        return Manifest(tuple(_lesson(entry) for entry in json.loads(text)["lessons"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, error) from error


def dump(manifest: Manifest) -> str:
    """The manifest as the JSON text that `load` reads."""
    return json.dumps(asdict(manifest), indent=1, ensure_ascii=False) + "\n"


def _damaged(path: Path, error: Exception) -> CourseError:
    return CourseError(
        f"the manifest {path} is damaged ({error!r}): run `headway-build`, or install headway-course again"
    )


def _lesson(entry: dict) -> Lesson:
    exercises = tuple(
        Exercise(**{key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()})
        for fields in entry["exercises"]
    )
    return Lesson(entry["name"], entry["title"], exercises, tuple(Question(**q) for q in entry["questions"]))
