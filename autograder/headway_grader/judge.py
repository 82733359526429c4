"""The judge: from what was handed in to verdicts.

What runs (extraction) → what may not (policy) → the checks, group by group, in the sandbox → loops → speed →
points.
Hidden cases decide; words are made from the public ones.
"""

import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from headway_course.fixtures import Case, Fixture
from headway_course.judging.diagnose import RAISED, diagnose, size
from headway_course.manifest import Exercise, Lesson
from headway_course.reading.extract import Extracted, Unreadable

from headway_grader import messages, rubric
from headway_grader.answers import answer_to, extracted_from, place
from headway_grader.cases.groups import MEMORY, with_memory
from headway_grader.checks.evidence import Evidence, Finding, perform
from headway_grader.checks.learner import Counted, Learner
from headway_grader.checks.test_inputs import test_inputs_stay_as_they_were
from headway_grader.checks.test_loops import test_python_does_not_loop_over_the_data
from headway_grader.checks.test_results import test_results_are_those_expected
from headway_grader.handins.submissions import Submission
from headway_grader.messages import Checked
from headway_grader.records import Fault
from headway_grader.reference import Growth, Reference, of_the_course
from headway_grader.sandbox import Raised, Sandbox, SandboxError
from headway_grader.sandbox.session import Overrun, Starved, Stopped
from headway_grader.sandbox.watch import Lost
from headway_grader.timing.judging import Judged, is_asked, judge_speed
from headway_grader.timing.memory import check_memory, not_judged
from headway_grader.verdict import Loops, Ruling, Status, Verdict

KEEPS_INPUTS = "inputs-kept"
References = Callable[[Exercise], Reference]


@dataclass(frozen=True)
class Judgement:
    """The verdicts on a submission, in the lesson's order; what of it was not run; what of ours failed."""

    verdicts: tuple[Verdict, ...]
    left_out: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def examine(
    submission: Submission,
    lesson: Lesson,
    fixtures: Mapping[str, Fixture],
    sandbox: Sandbox,
    references: References = of_the_course,
) -> Judgement:
    """The judgement on what somebody handed in. No exception gets past here, be it theirs or ours."""
    extracted = Extracted(())
    try:
        extracted = extracted_from(submission, lesson)
        rulings = [
            _ruling(exercise, extracted, fixtures, sandbox, references) for exercise in lesson.exercises
        ]
    except Unreadable as trouble:
        rulings = [Ruling(Status.UNREADABLE, f"Cannot be read: {trouble}.") for _ in lesson.exercises]
    except Exception as error:
        rulings = [_our_fault(error) for _ in lesson.exercises]
    signed = list(zip(lesson.exercises, rulings, strict=True))
    said = (*extracted.warnings, *_older(submission))
    return Judgement(
        tuple(
            _verdict(submission, lesson, exercise, ruling, _warnings(exercise, lesson, said))
            for exercise, ruling in signed
        ),
        tuple(f"{place(left.cell, left.line)}: {left.text} ({left.why})" for left in extracted.left_out),
        tuple(Fault(exercise.name, ruling.fault) for exercise, ruling in signed if ruling.fault),
    )


def _ruling(
    exercise: Exercise,
    extracted: Extracted,
    fixtures: Mapping[str, Fixture],
    sandbox: Sandbox,
    references: References,
) -> Ruling:
    try:
        return rule(exercise, extracted, fixtures[exercise.name], sandbox, references(exercise))
    except Exception as error:
        return _our_fault(error)


def rule(
    exercise: Exercise, extracted: Extracted, fixture: Fixture, sandbox: Sandbox, reference: Reference
) -> Ruling:
    """What the judge decides about one exercise."""
    answer = answer_to(exercise, extracted)
    if isinstance(answer, Ruling):
        groups = with_memory(fixture.groups, exercise.memory)
        return replace(answer, groups=dict.fromkeys(groups, answer.status))
    growth = reference.growth(fixture, exercise.loops_over)
    learner = Learner(answer, sandbox)
    checked = _checked(learner, fixture, growth, reference)
    checked = replace(
        checked, groups={**checked.groups, **_memory(exercise, learner, fixture, checked, reference)}
    )
    if checked.failed or checked.loops:
        checked = _with_examples(checked, Learner(answer, sandbox), exercise, reference)
        checked = replace(checked, mistake=_mistake(learner, checked))
    groups = {group: found.status if found else Status.PASS for group, found in checked.groups.items()}
    judged = Judged(asked=is_asked(reference, sandbox))
    if rubric.gate(groups):
        judged = judge_speed(exercise, answer, fixture, sandbox, reference)
    return Ruling(
        messages.status(checked),
        f"{messages.message(exercise, checked)} {judged.message}".rstrip(),
        groups,
        _loops(checked, growth),
        bool(growth),
        judged.speed,
        judged.asked,
    )


def _checked(learner: Learner, fixture: Fixture, growth: Growth, reference: Reference) -> Checked:
    """Runs every check. A group that does not pass in a rehearsal of all is run in a process of its own."""
    passed = set()
    if learner.rehearse(fixture.cases):
        passed = {group for group, cases in fixture.groups.items() if not check_group(learner, group, cases)}
        learner.forget()
    groups = {
        group: None if group in passed else check_group(learner, group, cases)
        for group, cases in fixture.groups.items()
    }
    loops = None
    if growth and groups.get(rubric.GATE, True) is None:
        loops = check_loops(learner, growth, reference)
    return Checked(groups, loops)


def _memory(
    exercise: Exercise, learner: Learner, fixture: Fixture, checked: Checked, reference: Reference
) -> dict[str, Finding | None]:
    """The group that is about memory, where an exercise has one; left out through a fault of ours."""
    if not exercise.memory or not is_asked(reference, learner.sandbox):
        return {}
    typical = checked.groups.get(rubric.GATE)
    if typical:
        return {MEMORY: not_judged(typical)}
    try:
        return {MEMORY: check_memory(exercise, learner.answer, fixture, learner.sandbox, reference)}
    except (Stopped, Starved, Overrun, Lost, SandboxError):
        return {}


def _mistake(learner: Learner, checked: Checked) -> str | None:
    """The named mistake that explains the group which the message is about."""
    told = next(iter(checked.shown or checked.failed), None)
    results = [
        (case, RAISED if isinstance(result, Raised) else result) for case, result in learner.log.values()
    ]
    return diagnose(results, told) if told else None


def check_group(learner: Learner, group: str, cases: tuple[Case, ...]) -> Finding | None:
    """What is wrong with an answer in a group of cases; None if the evidence is that nothing is."""
    shapes = learner.answer.shapes
    if group == KEEPS_INPUTS:
        return perform(test_inputs_stay_as_they_were, learner, cases, Evidence.of_inputs(cases, shapes))
    return perform(test_results_are_those_expected, learner, cases, Evidence.of_results(cases, shapes))


def check_loops(learner: Learner, growth: Growth, reference: Reference) -> Finding | None:
    """The Python loop in an answer, or why none could be looked for; None on evidence that there is none."""
    near = {dimension: steps[:3] for dimension, steps in growth.items()}
    far = {dimension: steps for dimension, steps in growth.items() if len(steps) > 3}
    stages = [stage for stage in (near, far) if stage]
    findings: list[Finding | None] = []

    def shows(counted: Counted) -> bool:
        stage = stages[len(findings)]
        evidence = Evidence.of_growth(reference.results(stage), learner.answer.shapes)
        findings.append(perform(test_python_does_not_loop_over_the_data, counted, stage, evidence))
        return findings[-1] is not None

    learner.count(stages, shows)  # a loop that shows at small sizes takes long at the one far out
    return findings[-1]


def _with_examples(checked: Checked, learner: Learner, exercise: Exercise, reference: Reference) -> Checked:
    """Looks how the checks that failed fare on public cases, smallest first: these may be quoted."""
    public = reference.public
    shown = {}
    for group, finding in checked.failed.items():
        if finding.status in (Status.WRONG, Status.CRASH) and group in public.groups:
            example = _smallest(learner, group, public.groups[group])
            if example:
                shown = {group: example}
                break
    loops = None
    if checked.loops:
        loops = check_loops(learner, reference.growth(public, exercise.loops_over), reference)
    return replace(checked, shown=shown, shown_loops=loops)


def _smallest(learner: Learner, group: str, cases: Sequence[Case]) -> Finding | None:
    """The finding on the smallest case of a group that fails; on one that has a result, if any."""
    cases = sorted(cases, key=size)
    found = check_group(learner, group, tuple(cases))
    if found is None or found.status is not Status.CRASH:
        return found
    returned = [
        case for case, result in learner.log.values() if case in cases and not isinstance(result, Raised)
    ]
    wrong = check_group(learner, group, tuple(returned)) if returned else None
    return wrong if wrong and wrong.status is Status.WRONG else found


def _loops(checked: Checked, growth: Growth) -> Loops:
    if checked.loops:
        if checked.loops.appeal:
            return Loops.APPEAL
        return Loops.FOUND if checked.loops.status is Status.WRONG else Loops.NOT_JUDGED
    judged = growth and checked.groups.get(rubric.GATE, True) is None
    return Loops.NONE if judged else Loops.NOT_JUDGED


def _our_fault(error: Exception) -> Ruling:
    message = "Our grader failed here. You lose no points; this will be judged again."
    return Ruling(Status.GRADER_ERROR, message, fault="".join(traceback.format_exception(error)))


def _older(submission: Submission) -> tuple[str, ...]:
    """A word on what else the learner handed in for this assignment."""
    if not submission.superseded:
        return ()
    name = submission.member or submission.path.name
    return (f"{name} is the latest and counts; older: {', '.join(submission.superseded)}",)


def _warnings(exercise: Exercise, lesson: Lesson, said: tuple[str, ...]) -> tuple[str, ...]:
    """The warnings that name an exercise; those that name none stand at the first."""

    def names(warning: str, one: Exercise) -> bool:
        return re.search(rf"\b{re.escape(one.name)}\b", warning) is not None

    return tuple(
        warning
        for warning in said
        if names(warning, exercise)
        or (exercise is lesson.exercises[0] and not any(names(warning, one) for one in lesson.exercises))
    )


def _verdict(
    submission: Submission, lesson: Lesson, exercise: Exercise, ruling: Ruling, warnings: tuple[str, ...]
) -> Verdict:
    counts = ruling.status is not Status.GRADER_ERROR
    earned = partial(
        rubric.points,
        exercise.points,
        ruling.groups,
        speed=ruling.speed,
        loops_asked=ruling.loops_asked,
        speed_asked=ruling.speed_asked,
    )
    points = earned(loops=ruling.loops)
    granted = earned(loops=Loops.NONE) if ruling.loops is Loops.APPEAL else points
    return Verdict(
        learner=submission.learner,
        assignment=lesson.name,
        exercise=exercise.name,
        status=ruling.status,
        groups=dict(ruling.groups),
        points=points if counts else 0.0,
        of=exercise.points if counts else 0.0,
        loops=ruling.loops,
        speed=ruling.speed,
        message=ruling.message,
        warnings=warnings,
        waiting=round(granted - points, 2),
    )
