"""What is known of the exercises apart from the lessons: library, cases, wrong and honest answers."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
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
    """`mistakes` and `honest` are asked by an exercise's name, `fixture` and `dimensions` by its target."""

    library: library.Library
    groups: Mapping[str, str]
    dimensions: Callable[[str], Collection[str]]
    fixture: Callable[[str, np.random.Generator, Mapping[str, Alternative]], Fixture]
    mistakes: Callable[[str], Mapping[str, Alternative]]
    honest: Callable[[str], Mapping[str, Alternative]]


def installed() -> Subject:
    """The subject of this course."""
    from headway_grader import cases, wrong
    from headway_grader.cases.groups import GROUPS

    return Subject(
        library.installed(),
        GROUPS,
        lambda target: cases.load(target).dimensions,
        cases.fixture,
        wrong.mistakes,
        wrong.honest,
    )
