"""What to do next: exercises whose foundations are there; first those begun, then in the course's order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from headway_course.manifest import Exercise, Manifest
from headway_course.record.course_map import directly
from headway_course.record.store import Entry, State

_THERE = (State.PASSED, State.GIVEN_UP)


@dataclass(frozen=True)
class Proposal:
    """An exercise to do next, and why this one."""

    exercise: Exercise
    reason: str

    def __str__(self) -> str:
        e = self.exercise
        return f"{e.name}: lesson {e.lesson}, level {e.level}, {e.minutes} minutes; {self.reason}"


def proposals(course: Manifest, entries: Mapping[str, Entry], count: int = 3) -> tuple[Proposal, ...]:
    """At most `count` exercises; none where everything has passed or was given up."""
    return tuple(islice(_ranked(course, entries), count))


def _ranked(course: Manifest, entries: Mapping[str, Entry]) -> Iterator[Proposal]:
    ready = [
        exercise
        for exercise in course.exercises
        if entries[exercise.name].state not in _THERE
        and all(entries[name].state in _THERE for name in directly(exercise, course))
    ]
    for exercise in sorted(ready, key=lambda e: entries[e.name].state is not State.BEGUN):
        yield Proposal(exercise, _reason(exercise, course, entries[exercise.name]))


def _reason(exercise: Exercise, course: Manifest, entry: Entry) -> str:
    if entry.state is State.BEGUN:
        return f"begun, {entry.right} of {entry.of} groups are right"
    opens = [other.name for other in course.exercises if exercise.name in directly(other, course)]
    if opens:
        return f"{' and '.join(opens[:2])} {'are' if len(opens) > 1 else 'is'} built on it"
    built_on = directly(exercise, course)
    if built_on:
        return f"you have {' and '.join(built_on)}, on which it is built"
    first = exercise.name == course.lesson(exercise.lesson).exercises[0].name
    return "the first of its lesson" if first else "next in its lesson"
