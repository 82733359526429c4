"""Runs a learner's function on the public cases, in the learner's own process, and says what came of it."""

from collections.abc import Callable, Sequence

import numpy as np

from headway_course import manifest
from headway_course.checking.cases import public_fixture
from headway_course.checking.hand_in import HandIn, at_hand_in
from headway_course.checking.origin import Origin, origin
from headway_course.checking.prerequisites import blamed_on_prerequisites
from headway_course.checking.result import CheckResult, Example, Group, Loops, Status
from headway_course.checking.trying import count_loops
from headway_course.errors import CourseError
from headway_course.fixtures import Fixture
from headway_course.judging.attempt import NotStarted, Run, Trouble, describe, mistake, run_all, telling
from headway_course.manifest import Exercise, Manifest
from headway_course.reading.extract import extract
from headway_course.record.own_answers import remembered
from headway_course.record.store import record


def check(function: Callable) -> CheckResult:
    """Tries the function that an exercise asks for on the public cases, and counts its Python loops.

    What came of it is remembered, and an answer that is right serves in later lessons. Raises CourseError if
    no exercise asks for it, or if what the course needs to check it is not there.
    """
    folder = manifest.public_fixtures()
    exercise = asked_for(function, manifest.load(folder / "manifest.json"))
    fixture = public_fixture(exercise, folder)
    written = origin(function)
    extracted = extract(written.cells, [exercise.name])
    result = examine(function, exercise, fixture, written, at_hand_in(extracted, exercise))
    result = blamed_on_prerequisites(result, function, folder)
    return remembered(result, extracted, record())


def asked_for(function: object, course: Manifest) -> Exercise:
    """The exercise that a function answers, by its name; raises CourseError if there is none."""
    if not callable(function):
        raise CourseError(f"check takes the function itself, as in `check(softmax)`, not {_what(function)}")
    name = getattr(function, "__name__", type(function).__name__)
    if name == "<lambda>":
        raise CourseError("a lambda has no name by which to find its exercise: write `def softmax(Z):`, say")
    return course.exercise(name)


def examine(
    function: Callable,
    exercise: Exercise,
    fixture: Fixture,
    written: Origin | None = None,
    outlook: HandIn | None = None,
) -> CheckResult:
    """What came of a function on these cases; whatever it raises is part of that, Ctrl-C included."""
    written = written or Origin()
    try:
        with np.errstate(all="ignore"):
            runs = run_all(function, fixture.cases, exercise.shapes, written)
            gate = [r for r in runs if r.case.group == runs[0].case.group]
            open_ = not any(r.problem for r in gate)
            loops = count_loops(function, exercise, fixture, written) if open_ else None
    except NotStarted as waiting:
        missing = Trouble(str(waiting)) if str(waiting) else None
        return CheckResult(exercise, Status.NOT_STARTED, trouble=missing)
    except KeyboardInterrupt as interruption:
        found = describe(interruption, written)
        return CheckResult(exercise, Status.INTERRUPTED, trouble=Trouble("", found.place, found.code))
    return _result(exercise, runs, loops, outlook or HandIn())


def _result(exercise: Exercise, runs: Sequence[Run], loops: Loops | None, outlook: HandIn) -> CheckResult:
    groups = tuple(_group(exercise, name, runs) for name in dict.fromkeys(r.case.group for r in runs))
    shown = telling(runs)
    trouble = shown.trouble if shown else None
    return CheckResult(
        exercise,
        Status.REFUSED if outlook.violations else _status(groups, trouble),
        groups,
        _diagnosis(exercise, runs, shown),
        trouble,
        Example(shown.case, shown.result) if shown else None,
        loops,
        outlook.violations,
        outlook.lacking,
    )


def _group(exercise: Exercise, name: str, runs: Sequence[Run]) -> Group:
    shown = telling([r for r in runs if r.case.group == name])
    return Group(name, exercise.groups.get(name, name), shown is None, shown.problem if shown else "")


def _status(groups: Sequence[Group], trouble: Trouble | None) -> Status:
    passed = sum(group.passed for group in groups)
    if passed == len(groups):
        return Status.PASS
    if passed:
        return Status.PARTIAL
    return Status.CRASH if trouble else Status.WRONG


def _diagnosis(exercise: Exercise, runs: Sequence[Run], shown: Run | None) -> str:
    """The named mistake that explains the group that is shown, in a sentence."""
    says = exercise.mistakes.get(mistake(runs, shown), "").rstrip(".") if shown else ""
    return f"Your result is what one gets {says}." if says else ""


def _what(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"its result (an array of shape {value.shape})"
    return repr(value)[:60]
