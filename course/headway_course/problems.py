"""Tries the functions of a script or notebook of problems, and prints a line for each. Needs numpy alone.

`headway-build` puts copies of this module and of those it imports beside the problems, as `headway_checks`.
"""

import inspect
import linecache
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType

import numpy as np

from headway_course import fixtures, manifest
from headway_course.errors import CourseError
from headway_course.fixtures import Fixture
from headway_course.judging.attempt import (
    KEPT,
    NotStarted,
    Run,
    Written,
    blame,
    describe,
    mistake,
    own_functions,
    run_all,
    telling,
)
from headway_course.manifest import Exercise

ASKED = "problems.json"
CASES = "qualifying_problems.npz"
_HERE = Path(__file__).parent
_LATER = "Judged when you hand in, with other numbers: the same, and Python loops and speed as well."
_UNPACK = "Unpack the whole zip into one folder, and run the file there."


@dataclass(frozen=True)
class Problem:
    """One function to write, and the cases that it is tried on."""

    asked: Exercise
    fixture: Fixture


@dataclass(frozen=True)
class Outcome:
    """What came of one problem: for each group of cases whether it is right, and what is said of it."""

    asked: Exercise
    groups: Mapping[str, bool] = field(default_factory=dict)
    said: str = ""
    started: bool = True

    @property
    def right(self) -> bool:
        return bool(self.groups) and all(self.groups.values())

    @property
    def points(self) -> float:
        return round(self.asked.points * sum(self.groups.values()) / max(len(self.groups), 1), 2)

    def __str__(self) -> str:
        if not self.started:
            return f"·  {self.said}"
        mark = "✓" if self.right else "◐" if any(self.groups.values()) else "✗"
        points = f"{self.points:g} of {_points(self.asked.points)}"
        return f"{mark}  {points}{f'. {self.said}' if self.said else ''}"


def report(names: Mapping[str, object], folder: Path = _HERE) -> None:
    """Tries every function that is asked for, as it stands in `names`, prints a line for each, and a total.

    folder is where the problems are described; their cases lie one folder above. Ctrl-C ends the function
    that runs, and the next one follows.
    """
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # not every terminal has a ✓
    trials = Trials(read(folder), names)
    width = max(map(len, trials.problems))
    outcomes = []
    for number, name in enumerate(trials.problems, 1):
        outcomes.append(trials.outcome(name))
        print(f"{number:>3} {name:<{width}}  {outcomes[-1]}", flush=True)
    print("\n".join(["", *_totals(outcomes), "", _LATER]))


def check(function: Callable, folder: Path = _HERE) -> None:
    """Tries one function, and prints its line."""
    problems = read(folder)
    name = getattr(function, "__name__", "")
    if name not in problems:
        raise CourseError(f"no problem asks for {name or function!r}; there are {', '.join(problems)}")
    trials = Trials(problems, {**getattr(function, "__globals__", {}), name: function})
    print(f"{name}  {trials.outcome(name)}")


class Trials:
    """Functions by name, each tried once, when somebody asks what came of it."""

    def __init__(self, problems: Mapping[str, Problem], names: Mapping[str, object]) -> None:
        self.problems = problems
        self._names = names
        self._outcomes: dict[str, Outcome] = {}

    def outcome(self, name: str) -> Outcome:
        """What came of a function; whatever it raises is part of that, Ctrl-C included."""
        if name not in self._outcomes:
            self._outcomes[name] = self._try(self.problems[name], self._names.get(name))
        return self._outcomes[name]

    def _try(self, problem: Problem, function: object) -> Outcome:
        asked = problem.asked
        if not callable(function):
            return Outcome(asked, said=f"not started: no function is called {asked.name}", started=False)
        written = _written(function)
        try:
            with np.errstate(all="ignore"):
                runs = run_all(function, problem.fixture.cases, asked.shapes, written)
        except NotStarted as waiting:
            return Outcome(asked, said=f"not started. {waiting}".rstrip(". "), started=False)
        except KeyboardInterrupt as interruption:
            trouble = describe(interruption, written)
            place = f" in {trouble.place}: `{trouble.code}`" if trouble.code else ""
            return Outcome(asked, said=f"Interrupted{place}. Is there a loop that never ends?")
        groups = dict.fromkeys(problem.fixture.groups, True)
        groups |= {run.case.group: False for run in runs if run.problem}
        shown = telling(runs)
        return Outcome(asked, groups, self._said(asked, function, runs, shown) if shown else "")

    def _said(self, asked: Exercise, function: Callable, runs: list[Run], shown: Run) -> str:
        """Why it is not right: an earlier function, a mistake with a name, else the first case that fails."""
        wrong = next((other for other in self._called(asked, function) if not self.outcome(other).right), "")
        said = blame(asked.name, wrong) if wrong else asked.mistakes.get(mistake(runs, shown), "").rstrip(".")
        if said and not wrong:
            said = f"Your result is what one gets {said}."
        if shown.case.group == KEPT:
            return said or _in_one_line(shown)
        return f"{said or _in_one_line(shown)} (in {asked.groups.get(shown.case.group, shown.case.group)})"

    def _called(self, asked: Exercise, function: Callable) -> Iterator[str]:
        """The problems on which this one is built, as far as the function calls them."""
        for own in _own(function):
            if own.__name__ in asked.built_on and own.__name__ in self.problems:
                yield own.__name__


def read(folder: Path) -> dict[str, Problem]:
    """What is asked, in order; ends Python with a sentence where a file is missing or damaged."""
    try:
        asked = manifest.load(folder / ASKED).exercises
        cases = fixtures.load(folder.parent / CASES)
        return {each.name: Problem(each, cases[each.name]) for each in asked}
    except (CourseError, KeyError) as error:
        sys.exit(f"{error}\n{_UNPACK}")


def _own(function: Callable) -> list[FunctionType]:
    """A function and those beside it that it calls; none if it is no function of Python's."""
    function = inspect.unwrap(function)
    return own_functions(function) if isinstance(function, FunctionType) else []


def _written(function: Callable) -> Written:
    """The text of a function and of those it calls, to quote a line."""
    files = {own.__code__.co_filename for own in _own(function)}
    return Written({file: "".join(linecache.getlines(file)) for file in files})


def _in_one_line(run: Run) -> str:
    if run.trouble is None:
        return run.problem
    place = f" ({run.trouble.place}: `{run.trouble.code}`)" if run.trouble.code else ""
    return " ".join(f"{run.trouble.message}{place}".split())


def _totals(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """All points, those of each level, and in how many problems each group of cases is right."""
    outcomes = list(outcomes)
    yield f"Right so far: {_sum(outcomes)}"
    for level in sorted({outcome.asked.level for outcome in outcomes}):
        of_level = [outcome for outcome in outcomes if outcome.asked.level == level]
        yield f"  {of_level[0].asked.difficulty:<12} {_sum(of_level)}"
    tried = Counter(group for outcome in outcomes for group in outcome.groups)
    right = Counter(group for outcome in outcomes for group, passed in outcome.groups.items() if passed)
    if tried:
        yield "By group of cases, of the problems you began:"
    for group, count in tried.items():
        yield f"  {_title(group, outcomes)}: right in {right[group]} of {count}"


def _sum(outcomes: Iterable[Outcome]) -> str:
    outcomes = list(outcomes)
    earned = round(sum(outcome.points for outcome in outcomes), 2)
    return f"{earned:g} of {_points(sum(outcome.asked.points for outcome in outcomes))}"


def _points(number: float) -> str:
    return f"{number:g} point{'' if number == 1 else 's'}"


def _title(group: str, outcomes: Iterable[Outcome]) -> str:
    """What a group is called in most problems, else its short name."""
    titles = Counter(o.asked.groups.get(group, group) for o in outcomes if group in o.groups)
    title, count = titles.most_common(1)[0]
    return title if 2 * count > titles.total() else group
