"""The manifest: what the course asks, as data. `headway-build` writes it, everybody reads it."""

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from headway_course.errors import CourseError
from headway_course.shipped import shipped

CHECKS = "headway_checks"
"""The package that goes with the Qualifier: copies of the companion's modules, made by `headway-build`."""

LEVELS = ("easy", "rather easy", "medium", "hard", "very hard")


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

    @property
    def difficulty(self) -> str:
        """The level in a word."""
        return LEVELS[self.level - 1]

    def without(self, missing: Collection["Exercise"]) -> "Exercise":
        """The same exercise where these are not asked: an answer may call what is there."""
        targets, names = {e.target for e in missing}, {e.name for e in missing}
        return replace(
            self,
            prerequisites=tuple(target for target in self.prerequisites if target not in targets),
            uses=tuple(name for name in self.uses if name not in names),
        )


@dataclass(frozen=True)
class Question:
    """A question in free text, graded by a person."""

    name: str
    points: float


@dataclass(frozen=True)
class Lesson:
    """One assignment: its name (`01_softmax`), title, exercises and questions, in order.

    library has the targets that it fetches although no exercise asks for them.
    """

    name: str
    title: str
    exercises: tuple[Exercise, ...]
    questions: tuple[Question, ...]
    library: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """The lessons in order, and the selections: assignments made of exercises that lessons ask."""

    lessons: tuple[Lesson, ...]
    selections: tuple[Lesson, ...] = ()

    @property
    def assignments(self) -> tuple[Lesson, ...]:
        """All that can be handed in."""
        return self.lessons + self.selections

    def lesson(self, name: str) -> Lesson:
        """The assignment of this name: a lesson or a selection."""
        for lesson in self.assignments:
            if lesson.name == name:
                return lesson
        known = ", ".join(lesson.name for lesson in self.assignments)
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
        return _manifest(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, error) from error


def dump(manifest: Manifest) -> str:
    """The manifest as the JSON text that `load` reads."""
    entries = asdict(manifest)
    for entry in entries["selections"]:  # each exercise stands in its lesson, here is its name
        entry["exercises"] = [exercise["name"] for exercise in entry["exercises"]]
    return json.dumps(entries, indent=1, ensure_ascii=False) + "\n"


def _damaged(path: Path, error: Exception) -> CourseError:
    return CourseError(
        f"the manifest {path} is damaged ({error!r}): run `headway-build`, or install headway-course again"
    )


def select(
    name: str,
    title: str,
    exercises: Collection[Exercise],
    course: Collection[Exercise],
    questions: Collection[Question] = (),
) -> Lesson:
    """An assignment made of exercises of several lessons, each as its lesson asks it, without the others."""
    missing = [e for e in course if e not in exercises]
    return Lesson(name, title, tuple(e.without(missing) for e in exercises), tuple(questions))


def _manifest(entries: dict) -> Manifest:
    lessons = tuple(_lesson(entry) for entry in entries["lessons"])
    asked = {exercise.name: exercise for lesson in lessons for exercise in lesson.exercises}
    return Manifest(lessons, tuple(_selection(entry, asked) for entry in entries.get("selections", ())))


def _lesson(entry: dict) -> Lesson:
    exercises = tuple(
        Exercise(**{key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()})
        for fields in entry["exercises"]
    )
    questions = tuple(Question(**q) for q in entry["questions"])
    return Lesson(entry["name"], entry["title"], exercises, questions, tuple(entry["library"]))


def _selection(entry: dict, asked: Mapping[str, Exercise]) -> Lesson:
    exercises = [asked[name] for name in entry["exercises"]]
    questions = [Question(**q) for q in entry["questions"]]
    return select(entry["name"], entry["title"], exercises, asked.values(), questions)
