"""What a judged function may be built on: the library's own functions, whatever the learner's look like."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from headway_course import manifest
from headway_course.manifest import Exercise

from headway_grader import library


@dataclass(frozen=True)
class Prerequisites:
    """The library's functions that an answer may call: their names, and the source by module."""

    names: tuple[str, ...]
    source: Mapping[str, str]


def prerequisites(exercise: Exercise) -> Prerequisites:
    """The prerequisites of an exercise, without the judged function and all that is built on it."""
    return _prerequisites(exercise.target, tuple(_target(name) for name in exercise.prerequisites))


@lru_cache(maxsize=256)
def _prerequisites(target: str, wanted: tuple[str, ...]) -> Prerequisites:
    shown = [other for other in wanted if other != target and target not in library.closure(other)]
    names = tuple(other.rpartition(".")[2] for other in shown)
    return Prerequisites(names, library.slice_source(shown) if shown else {})


def _target(prerequisite: str) -> str:
    return prerequisite if "." in prerequisite else manifest.load().exercise(prerequisite).target
