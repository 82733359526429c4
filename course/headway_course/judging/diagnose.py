"""Which named mistake gives exactly what the learner got?"""

from collections.abc import Iterable

from headway_course.fixtures import Case
from headway_course.judging.compare import mismatch


def diagnose(results: Iterable[tuple[Case, object]]) -> str | None:
    """The name of the one mistake that explains the learner's results, or None.

    results pairs each case that was run with what came out of it; where the function raised, with the
    error, which equals nothing. A mistake explains them if they equal its outputs in every case where those
    are wrong. If several do, it must explain every case that another one explains, and one that tells them
    apart.
    """
    results = list(results)
    failed = [(case, actual) for case, actual in results if mismatch(actual, case.expected)]
    explained = {
        mistake: cases
        for mistake in dict.fromkeys(name for case, _ in failed for name in case.wrong)
        if (cases := _explained(mistake, results))
    }
    for mistake, cases in explained.items():
        if all(theirs < cases for other, theirs in explained.items() if other != mistake):
            return mistake
    return None


def _explained(mistake: str, results: list[tuple[Case, object]]) -> set[int]:
    """The cases that came out wrong as this mistake would have it; empty if one came out otherwise."""
    cases = set()
    for number, (case, actual) in enumerate(results):
        wrong = case.wrong.get(mistake)
        if wrong is None or mismatch(wrong, case.expected) is None:
            continue
        if mismatch(actual, wrong) or mismatch(actual, case.expected) is None:
            return set()
        cases.add(number)
    return cases
