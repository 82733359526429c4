"""Judges the checks of an exercise: which mutants and named wrong answers they reject, under several keys."""

import ast
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from headway_course.manifest import Exercise

from headway_grader.build.mutation.mutants import Mutant, mutants, original
from headway_grader.build.mutation.trying import Checks, Tried, each
from headway_grader.build.subject import Subject
from headway_grader.hidden import generator

KEYS = (b"one course", b"another course", b"a third course")


@dataclass(frozen=True)
class Outcome:
    """What a function gets under each key; nothing if it ended its process, which rejects it, too."""

    tried: tuple[Tried, ...]

    @property
    def rejected(self) -> bool:
        return all(one.failed for one in self.tried)

    @property
    def raises(self) -> bool:
        return all(one.raises for one in self.tried)

    @property
    def depends_on_the_key(self) -> bool:
        return len(set(self.tried)) > 1

    def told(self, slug: str) -> bool:
        """Whether it is told this mistake under every key."""
        return bool(self.tried) and all(one.told == slug for one in self.tried)


@dataclass(frozen=True)
class Judged:
    """A mutant, what it gets, and why it is listed as equivalent ("" if it is not)."""

    mutant: Mutant
    outcome: Outcome
    reason: str = ""

    @property
    def survives(self) -> bool:
        return not self.outcome.rejected and not self.reason


@dataclass(frozen=True)
class Report:
    """The checks of one exercise, judged; `stale` are listed statements that no surviving mutant has."""

    exercise: str
    mutants: tuple[Judged, ...]
    wrong: Mapping[str, Outcome]
    stale: tuple[str, ...]

    @property
    def survivors(self) -> tuple[Judged, ...]:
        return tuple(one for one in self.mutants if one.survives)

    @property
    def named(self) -> tuple[str, ...]:
        """The wrong answers that are told their own name."""
        return tuple(slug for slug, outcome in self.wrong.items() if outcome.told(slug))

    @property
    def unsteady(self) -> tuple[Judged, ...]:
        """Mutants whose verdict depends on the key."""
        return tuple(one for one in self.mutants if one.outcome.depends_on_the_key)

    @property
    def passes(self) -> bool:
        wrong = self.wrong.values()
        steady = not self.unsteady and not any(outcome.depends_on_the_key for outcome in wrong)
        return steady and not self.survivors and not self.stale and all(outcome.rejected for outcome in wrong)


def report(subject: Subject, exercise: Exercise, exercises: Collection[str]) -> Report:
    """Judges the checks of an exercise; exercises are the targets of the whole course."""
    found = mutants(subject.library, exercise.target, {*exercises, *exercise.prerequisites})
    mistakes = subject.mistakes(exercise.name)
    answer = original(subject.library, exercise.target)
    checks = [
        Checks.of(
            subject.fixture(exercise.target, generator(key, exercise.name), mistakes),
            answer,
            exercise.loops_over,
        )
        for key in KEYS
    ]
    functions = [*(mutant.function for mutant in found), *(_known(m.function) for m in mistakes.values())]
    outcomes = [Outcome(tried or ()) for tried in each([_trial(checks, make) for make in functions])]
    listed = {_normal(text): reason for text, reason in subject.equivalent(exercise.target).items()}
    judged = tuple(
        Judged(mutant, outcome, "" if outcome.rejected else listed.get(mutant.statement, ""))
        for mutant, outcome in zip(found, outcomes, strict=False)
    )
    used = {one.mutant.statement for one in judged if one.reason}
    wrong = dict(zip(mistakes, outcomes[len(found) :], strict=True))
    return Report(exercise.name, judged, wrong, tuple(text for text in listed if text not in used))


def _known(function: Callable) -> Callable[[], Callable]:
    return lambda: function


def _trial(checks: Collection[Checks], make: Callable[[], Callable]) -> Callable[[], tuple[Tried, ...]]:
    def run() -> tuple[Tried, ...]:
        function = make()
        return tuple(one.tried(function) for one in checks)

    return run


def _normal(statement: str) -> str:
    """A statement as a mutant says it, whatever its spaces and brackets."""
    return ast.unparse(ast.parse(statement))
