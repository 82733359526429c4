"""A verdict is data: what the judge decided about one exercise of one submission, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    PASS = "pass"
    PARTIAL = "partial"
    WRONG = "wrong"
    NOT_STARTED = "not-started"
    REFUSED = "refused"
    CRASH = "crash"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    UNREADABLE = "unreadable"
    GRADER_ERROR = "grader-error"


class Loops(StrEnum):
    NONE = "none"
    FOUND = "found"
    APPEAL = "appeal"
    NOT_JUDGED = "not-judged"


class Speed(StrEnum):
    """How many times as long as the library's function an answer takes."""

    UP_TO_1_5 = "up-to-1.5"
    UP_TO_3 = "up-to-3"
    UP_TO_10 = "up-to-10"
    SLOWER = "slower"
    UNDECIDED = "undecided"
    NOT_JUDGED = "not-judged"


@dataclass(frozen=True)
class Verdict:
    """`groups` maps each group's name to the status of its check; `points` are out of `of`.

    waiting are points more, should a person decide an appeal for the learner.
    """

    learner: str
    assignment: str
    exercise: str
    status: Status
    groups: dict[str, Status]
    points: float
    of: float
    loops: Loops
    speed: Speed
    message: str
    warnings: tuple[str, ...] = field(default=())
    waiting: float = 0.0


@dataclass(frozen=True)
class Ruling:
    """What the judge decides about one exercise, before points are given.

    loops_asked is False where Python may loop over everything, speed_asked where speed is not judged or
    could not be; fault is the traceback of a fault of ours.
    """

    status: Status
    message: str
    groups: Mapping[str, Status] = field(default_factory=dict)
    loops: Loops = Loops.NOT_JUDGED
    loops_asked: bool = True
    speed: Speed = Speed.NOT_JUDGED
    speed_asked: bool = True
    fault: str = ""
