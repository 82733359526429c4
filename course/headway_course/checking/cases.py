"""The public cases of an exercise, each lesson's read once."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from headway_course import fixtures
from headway_course.errors import CourseError
from headway_course.fixtures import Fixture
from headway_course.manifest import Exercise


def public_fixture(exercise: Exercise, folder: Path) -> Fixture:
    """The public cases of an exercise; raises CourseError if they are missing."""
    found = _lesson_fixtures(folder / f"{exercise.lesson}.npz").get(exercise.name)
    if found is None:
        raise CourseError(f"{folder} has no cases for {exercise.name}: run `headway-build`, or install anew")
    return found


@cache
def _lesson_fixtures(path: Path) -> Mapping[str, Fixture]:
    return fixtures.load(path)
