# Made by headway-build from course/headway_course/judging/diagnose.py.
"""Which named mistake gives exactly what the learner got?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from headway_checks.fixtures import Case
from headway_checks.judging.compare import Kind, mismatch

RAISED = object()
"""Stands for the result of a call that raised an error; it equals nothing."""


@dataclass(frozen=True)
class _Explanation:
    """The cases that failed as a mistake would have it.

    `always` says that none came out otherwise than with the mistake. `telling` says that most of the group
    did not, that no more cases raised an error, and that ordinary numbers are shown: two different errors
    hardly ever give the same.
    """

    cases: frozenset[int]
    always: bool
    telling: bool


def diagnose(results: Iterable[tuple[Case, object]], group: str = "") -> str | None:
    """The name of the one mistake that explains the learner's results in a group, or None.

    results pairs each case that was run with what came out of it. group is the one that the learner is shown,
    if it failed with a result, else the first that did: an error alone tells nothing.

    A mistake must give what the learner got in the case that is shown. If it does so in every case where one
    of the two is wrong, it is named; of several, that which explains all that any other does, and more. Where
    something tells against it, it is named only if there is no other, by numbers that are no coincidence.
    """
    results = list(results)
    failed = [
        number
        for number, (case, actual) in enumerate(results)
        if actual is not RAISED and mismatch(actual, case.expected)
    ]
    if not failed:
        return None
    groups = [results[number][0].group for number in failed]
    group = group if group in groups else groups[0]
    here = [number for number in failed if results[number][0].group == group]
    shown = min(here, key=lambda number: size(results[number][0]))
    explained = {
        mistake: found
        for mistake in results[shown][0].wrong
        if shown in (found := _explained(mistake, results, shown, here)).cases
    }
    always = {mistake: found.cases for mistake, found in explained.items() if found.always}
    if always:
        return _foremost(always)
    named = [mistake for mistake, found in explained.items() if found.telling]
    return named[0] if len(named) == 1 else None


def size(case: Case) -> int:
    """How many numbers the inputs of a case have: the smallest is the one to show."""
    return sum(a.size for a in case.inputs.values())


def _foremost(explained: Mapping[str, frozenset[int]]) -> str | None:
    """The mistake that explains all that any other explains, and more."""
    for mistake, cases in explained.items():
        if all(theirs < cases for other, theirs in explained.items() if other != mistake):
            return mistake
    return None


def _explained(
    mistake: str, results: Sequence[tuple[Case, object]], shown: int, here: Sequence[int]
) -> _Explanation:
    """What a mistake explains; `here` are the failures with a result in the group of what is shown."""
    group = results[shown][0].group
    cases, raised, always = set(), 0, True
    for number, (case, actual) in enumerate(results):
        wrong = case.wrong.get(mistake)
        shows = wrong is not None and mismatch(wrong, case.expected) is not None
        fails = mismatch(actual, case.expected) is not None
        if shows and fails and _same(actual, wrong, case.expected):
            cases.add(number)
        elif shows or (fails and case.group == group and actual is not RAISED):
            always = False
            raised += actual is RAISED
    case = results[shown][0]
    most = 2 * len(cases.intersection(here)) > len(here)
    telling = most and raised <= len(cases) and shown in cases and _tells(case.wrong[mistake], case.expected)
    return _Explanation(frozenset(cases), always, telling)


def _same(actual: object, wrong: object, expected: object) -> bool:
    """Whether these are equal, as precisely as the expected dtype can tell."""
    found = mismatch(actual, wrong)
    if found is None or isinstance(wrong, tuple) or found.kind in (Kind.TYPE, Kind.DTYPE, Kind.SHAPE):
        return found is None
    if wrong.dtype.kind != "f" or expected.dtype.kind != "f":
        return False
    with np.errstate(all="ignore"):
        return mismatch(np.asarray(actual).astype(expected.dtype), wrong.astype(expected.dtype)) is None


def _tells(wrong: object, expected: object) -> bool:
    """Whether a wrong output is made of ordinary numbers, three at least, other than those expected."""
    parts = [np.asarray(part) for part in (wrong if isinstance(wrong, tuple) else (wrong,))]
    right = [np.asarray(part) for part in (expected if isinstance(expected, tuple) else (expected,))]
    if any(part.dtype.kind != "f" for part in parts):
        return False
    if [part.shape for part in parts] == [part.shape for part in right]:
        parts = [part[~np.isclose(part, due)] for part, due in zip(parts, right, strict=True)]
    numbers = np.concatenate([part.ravel() for part in parts])
    return len(np.unique(numbers[np.isfinite(numbers)])) >= 3
