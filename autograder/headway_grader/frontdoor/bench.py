"""The judge as nbgrader keeps it for a run over a class: one warm sandbox, and each lesson's fixtures."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from weakref import finalize

from headway_course import manifest
from headway_course.errors import CourseError
from headway_course.fixtures import Fixture
from headway_course.manifest import Lesson

from headway_grader.handins.submissions import Submission
from headway_grader.hidden import hidden_fixtures
from headway_grader.judge import examine
from headway_grader.sandbox import Sandbox
from headway_grader.verdict import Speed, Verdict


class Bench:
    """Judges notebook after notebook; its sandbox ends with it."""

    def __init__(self) -> None:
        self._fixtures: dict[str, Mapping[str, Fixture]] = {}
        self._open = ExitStack()
        finalize(self, self._open.close)

    def lesson(self, name: str) -> Lesson:
        return manifest.load().lesson(name)

    def judge(self, submission: Submission, learner: str, lesson: Lesson) -> dict[str, Verdict]:
        """The verdicts on what a learner handed in, by exercise; raises CourseError for a fault of ours."""
        if lesson.name not in self._fixtures:
            self._fixtures[lesson.name] = hidden_fixtures(lesson)
        handed_in = replace(submission, learner=learner, assignment=lesson.name)
        judgement = examine(handed_in, lesson, self._fixtures[lesson.name], self._sandbox)
        if any(verdict.speed is Speed.UNDECIDED for verdict in judgement.verdicts):
            judgement = examine(handed_in, lesson, self._fixtures[lesson.name], self._sandbox)
        if judgement.faults:
            faults = "\n".join(f"{fault.exercise}: {fault.traceback}" for fault in judgement.faults)
            raise CourseError(
                f"a fault of ours, no points are lost: run `nbgrader autograde` again\n{faults}"
            )
        return {verdict.exercise: verdict for verdict in judgement.verdicts}

    @cached_property
    def _sandbox(self) -> Sandbox:
        return self._open.enter_context(Sandbox())
