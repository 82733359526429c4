"""What a verdict says to the learner: what is wrong, in words, with an example that is public."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from headway_course.fixtures import Case
from headway_course.manifest import Exercise
from headway_course.reading.policy import Violation

from headway_grader.checks.evidence import Finding
from headway_grader.verdict import Status


@dataclass(frozen=True)
class Checked:
    """What the checks found: per group, None where it passed; of loops, likewise.

    mistake is the named mistake that explains the results. `shown` are findings of the same checks on public
    cases, as far as they fail there too: only these are quoted.
    """

    groups: Mapping[str, Finding | None]
    loops: Finding | None = None
    mistake: str | None = None
    shown: Mapping[str, Finding] = field(default_factory=dict)
    shown_loops: Finding | None = None

    @property
    def failed(self) -> dict[str, Finding]:
        return {group: finding for group, finding in self.groups.items() if finding}


def message(exercise: Exercise, checked: Checked) -> str:
    """The message of an exercise that ran."""
    sentences = []
    if checked.mistake:
        sentences.append(f"Your result is what one gets {exercise.mistakes[checked.mistake].rstrip('.')}.")
    sentences.append(_groups(exercise, checked))
    if checked.failed:
        sentences.append(_example(exercise, checked))
        sentences += _not_run(checked)
    if checked.loops:
        sentences.append(_loops(checked))
    return " ".join(sentences)


def status(checked: Checked) -> Status:
    """The status of an exercise that ran: that of its groups, or of the first that failed if all did."""
    failed = [finding.status for finding in checked.failed.values()]
    if not failed:
        return Status.PASS
    if len(failed) < len(checked.groups):
        return Status.PARTIAL
    begun = [status for status in failed if status is not Status.NOT_STARTED]
    return begun[0] if begun else Status.NOT_STARTED


def _groups(exercise: Exercise, checked: Checked) -> str:
    of = len(checked.groups)
    passed = of - len(checked.failed)
    if not checked.failed:
        return f"Right in all {of} groups."
    if not passed:
        return f"Right in none of {of} groups."
    failed = "; ".join(_title(exercise, group) for group in checked.failed)
    return f"Right in {passed} of {of} groups, not in: {failed}."


def _example(exercise: Exercise, checked: Checked) -> str:
    """What goes wrong in a group that fails on public cases too; else what may be said of hidden ones."""
    for group, finding in checked.shown.items():
        return f"For example ({_title(exercise, group)}), with {inputs(finding.case)}: {finding.message}"
    group, finding = next(iter(checked.failed.items()))
    if finding.status in (Status.WRONG, Status.CRASH):
        return (
            f"{finding.discreet} It passes the public cases ({_title(exercise, group)}), not the hidden ones."
        )
    return finding.discreet


def _not_run(checked: Checked) -> list[str]:
    """A word on the groups for which there was no time left."""
    skipped = [finding.discreet for finding in checked.failed.values() if finding.skipped]
    return [f"{len(skipped)} of the groups were not run: {skipped[0]}"] if skipped else []


def _title(exercise: Exercise, group: str) -> str:
    return exercise.groups.get(group, group)


def _loops(checked: Checked) -> str:
    """The public count of the loop, if it shows there."""
    shown = checked.shown_loops
    if shown and (shown.status, shown.appeal) == (checked.loops.status, checked.loops.appeal):
        return shown.message
    return checked.loops.discreet


def refusal(violations: Sequence[Violation], shown: int = 2) -> str:
    """The message of an exercise that was not run, for what is in it."""
    advice = list(dict.fromkeys(violation.advice for violation in violations))
    more = f", and {len(advice) - shown} more" if len(advice) > shown else ""
    return f"Not run, {'; '.join(advice[:shown])}{more}."


def inputs(case: Case) -> str:
    """The inputs of a case as a person names them: shapes, dtypes other than float64, single numbers."""
    return ", ".join(_input(name, a) for name, a in case.inputs.items())


def _input(name: str, a: object) -> str:
    if a.ndim == 0:
        return f"{name} = {a.item()}"
    dtype = "" if a.dtype == float else f" {a.dtype}"
    return f"{name}{dtype} {a.shape}"
