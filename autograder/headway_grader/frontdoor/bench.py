"""The judge as nbgrader keeps it for a run over a class: one warm sandbox, and each lesson's fixtures."""

from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from weakref import finalize

from headway_course import manifest
from headway_course.fixtures import Fixture
from headway_course.manifest import Lesson

from headway_grader.hidden import hidden_fixtures
from headway_grader.judge import judge
from headway_grader.sandbox import Sandbox
from headway_grader.submissions import Submission
from headway_grader.verdict import Verdict


class Bench:
    """Judges notebook after notebook; the sandbox ends with the object."""

    def __init__(self) -> None:
        self._fixtures: dict[str, dict[str, Fixture]] = {}
        self._open = ExitStack()
        finalize(self, self._open.close)

    @cached_property
    def _sandbox(self) -> Sandbox:
        return self._open.enter_context(Sandbox())

    def lesson(self, name: str) -> Lesson:
        return manifest.load().lesson(name)

    def judge(self, learner: str, notebook: Path, lesson: Lesson) -> dict[str, Verdict]:
        """The verdicts on what a learner handed in, by exercise."""
        if lesson.name not in self._fixtures:
            self._fixtures[lesson.name] = hidden_fixtures(lesson)
        taken_at = datetime.fromtimestamp(notebook.stat().st_mtime, UTC)
        handed_in = Submission(learner, lesson.name, notebook, "ipynb", taken_at, notebook.read_bytes(), None)
        verdicts = judge(handed_in, lesson, self._fixtures[lesson.name], self._sandbox)
        return {verdict.exercise: verdict for verdict in verdicts}
