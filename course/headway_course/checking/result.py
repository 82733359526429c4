"""What `check` found, as data; a notebook shows it as HTML, a terminal as text."""

from dataclasses import dataclass
from enum import StrEnum

from headway_course import fixtures
from headway_course.checking.result_html import html
from headway_course.checking.result_text import text
from headway_course.judging.attempt import Trouble
from headway_course.judging.loops import LoopVerdict
from headway_course.manifest import Exercise
from headway_course.reading.policy import Violation


class Status(StrEnum):
    """How it went; a result of several groups is `partial` where some of them are right."""

    PASS = "pass"
    PARTIAL = "partial"
    WRONG = "wrong"
    NOT_STARTED = "not-started"
    REFUSED = "refused"
    CRASH = "crash"
    TIMEOUT = "timeout"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Group:
    """Cases that stand or fall for one idea: whether all are right, else what is wrong in the smallest."""

    name: str
    title: str
    passed: bool
    message: str = ""


@dataclass(frozen=True)
class Example:
    """The smallest case of the first group that failed; `actual` is None where the function raised."""

    case: fixtures.Case
    actual: object = None

    @property
    def inputs(self) -> dict[str, object]:
        """Fresh arguments, to try the function on: `softmax(**example.inputs)`."""
        return fixtures.arguments(self.case.inputs)


@dataclass(frozen=True)
class Loops:
    """What the loop counter says, of which dimension at which sizes; `place` is where the line stands."""

    verdict: LoopVerdict
    dimension: str = ""
    sizes: tuple[int, ...] = ()
    place: str = ""


@dataclass(frozen=True, repr=False)
class CheckResult:
    """What was found about one function. `loops` is None until the typical cases are right.

    violations are refused at hand-in; lacking says which names the function uses will not be there; note is
    what else to know.
    """

    exercise: Exercise
    status: Status
    groups: tuple[Group, ...] = ()
    diagnosis: str = ""
    trouble: Trouble | None = None
    example: Example | None = None
    loops: Loops | None = None
    violations: tuple[Violation, ...] = ()
    lacking: tuple[str, ...] = ()
    note: str = ""

    @property
    def good(self) -> bool:
        """Whether there is nothing left to do: all right, at hand-in too, and no Python loop."""
        looped = self.loops is not None and self.loops.verdict.found
        return self.status is Status.PASS and not looped and not self.lacking

    def __repr__(self) -> str:
        return text(self)

    def _repr_html_(self) -> str:
        return html(self)
