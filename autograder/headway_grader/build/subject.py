"""What is known of the exercises apart from the lessons: library, cases, wrong and honest answers."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from headway_course.fixtures import Fixture

from headway_grader import library


class Alternative(Protocol):
    """A wrong or honest answer: the function, and what the diagnosis says of it."""

    function: Callable
    says: str


@dataclass(frozen=True)
class Subject:
    """`mistakes` and `honest` are asked by an exercise's name, `fixture` and `dimensions` by its target.

    `groups` has the title of each group, `titles` those that differ for one exercise: (exercise, group).
    `equivalent` is asked by target for the statements of mutants that are as right as the answer, and why.
    """

    library: library.Library
    groups: Mapping[str, str]
    dimensions: Callable[[str], Collection[str]]
    fixture: Callable[[str, np.random.Generator, Mapping[str, Alternative]], Fixture]
    mistakes: Callable[[str], Mapping[str, Alternative]]
    honest: Callable[[str], Mapping[str, Alternative]]
    titles: Mapping[tuple[str, str], str] = field(default_factory=dict)
    equivalent: Callable[[str], Mapping[str, str]] = lambda target: {}

    def title(self, exercise: str, group: str) -> str:
        """What a learner reads of a group."""
        return self.titles.get((exercise, group)) or self.groups.get(group, group)


def installed() -> Subject:
    """The subject of this course."""
    from headway_grader import cases, wrong
    from headway_grader.build.mutation.equivalent import equivalent
    from headway_grader.cases.groups import GROUPS, TITLES

    return Subject(
        library.installed(),
        GROUPS,
        lambda target: cases.load(target).dimensions,
        cases.fixture,
        wrong.mistakes,
        wrong.honest,
        TITLES,
        equivalent,
    )
