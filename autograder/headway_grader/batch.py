"""A whole class: in parallel, resumable, and no submission stops another."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256

from headway_course.fixtures import Fixture
from headway_course.manifest import Lesson, Manifest

from headway_grader.handins.submissions import Submission
from headway_grader.judge import Judgement, References, examine
from headway_grader.records import Record, Records, digest, key
from headway_grader.reference import of_the_course
from headway_grader.sandbox import Sandbox
from headway_grader.verdict import Loops, Speed, Status, Verdict


@dataclass(frozen=True)
class Course:
    """What submissions are judged by: the lessons, where their fixtures come from, and references."""

    manifest: Manifest
    fixtures_of: Callable[[Lesson], Mapping[str, Fixture]]
    references: References = of_the_course
    _read: dict[str, tuple[Mapping[str, Fixture], str]] = field(default_factory=dict)

    def lesson(self, submission: Submission) -> Lesson | None:
        """The lesson that a submission belongs to, if it is one of this course."""
        return next((one for one in self.manifest.assignments if one.name == submission.assignment), None)

    def fixtures(self, lesson: Lesson) -> tuple[Mapping[str, Fixture], str]:
        """The fixtures of a lesson, and their digest."""
        if lesson.name not in self._read:
            fixtures = self.fixtures_of(lesson)
            self._read[lesson.name] = fixtures, digest(fixtures.values())
        return self._read[lesson.name]


@dataclass(frozen=True)
class Task:
    """A submission with all that it is judged by, and the name of its record."""

    submission: Submission
    lesson: Lesson | None
    fixtures: Mapping[str, Fixture]
    key: str
    references: References = of_the_course

    @property
    def assignment(self) -> str:
        return self.lesson.name if self.lesson else ""


def plan(submissions: Sequence[Submission], course: Course, trust: bool = False) -> list[Task]:
    """What is to be judged, by assignment and learner. Computes fixtures that are missing."""
    tasks = []
    for submission in submissions:
        lesson = course.lesson(submission)
        fixtures, fingerprint = course.fixtures(lesson) if lesson else ({}, "")
        name = key(submission.learner, submission.content, lesson, fingerprint, "trust" if trust else "")
        tasks.append(Task(submission, lesson, fixtures, name, course.references))
    return sorted(tasks, key=lambda task: (task.assignment, task.submission.learner))


def run(
    tasks: Sequence[Task], records: Records, jobs: int, sandbox: Callable[[], Sandbox]
) -> Iterator[Record]:
    """Judges what has no record yet, `jobs` at a time; yields every record as it comes.

    Where the speed of an answer was not decided, its submission is judged once more, alone, in the end.
    Raises CourseError if a record cannot be written, or there can be no sandbox.
    """
    open_tasks = []
    for task in tasks:
        kept = records.read(task.key, task.submission.learner, task.assignment)
        if kept and kept.settled:
            yield kept
        else:
            open_tasks.append(task)
    if not open_tasks:
        return
    undecided = []
    with Workers(min(jobs, len(open_tasks)), sandbox) as workers:
        for record, task in workers.judge(open_tasks):
            if record.undecided:
                undecided.append(task)
                continue
            records.write(task.key, record)
            yield record
    with Workers(1, sandbox) as workers:
        for record, task in workers.judge(undecided):
            records.write(task.key, record)
            yield record


class Workers:
    """Threads, each with a warm sandbox of its own; the work is done in the sandboxes' processes."""

    def __init__(self, count: int, sandbox: Callable[[], Sandbox]) -> None:
        self._sandbox = sandbox
        self._own = threading.local()
        self._open = ExitStack()
        self._pool = ThreadPoolExecutor(count)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *exception: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._open.close()

    def judge(self, tasks: Sequence[Task]) -> Iterator[tuple[Record, Task]]:
        """Every task with its record, in the order in which they are done."""
        futures = {self._pool.submit(self._judge, task): task for task in tasks}
        for future in as_completed(futures):
            yield future.result(), futures[future]

    def _judge(self, task: Task) -> Record:
        if not hasattr(self._own, "sandbox"):
            self._own.sandbox = self._open.enter_context(self._sandbox())
        started = time.perf_counter()
        judgement = _judge(task, self._own.sandbox)
        layers = tuple(layer.name for layer in self._own.sandbox.layers if layer.active)
        return Record(
            task.submission.learner,
            task.assignment,
            _source(task.submission),
            sha256(task.submission.content).hexdigest(),
            layers,
            judgement.verdicts,
            judgement.left_out,
            judgement.faults,
            round(time.perf_counter() - started, 3),
        )


def _judge(task: Task, sandbox: Sandbox) -> Judgement:
    if task.lesson:
        return examine(task.submission, task.lesson, task.fixtures, sandbox, task.references)
    learner = task.submission.learner
    message = (
        task.submission.error or "Nothing in it belongs to a lesson of this course: is it the right file?"
    )
    nothing = {"groups": {}, "points": 0.0, "of": 0.0, "loops": Loops.NOT_JUDGED, "speed": Speed.NOT_JUDGED}
    return Judgement((Verdict(learner, "", "", Status.UNREADABLE, **nothing, message=message),))


def _source(submission: Submission) -> str:
    return f"{submission.path}:{submission.member}" if submission.member else str(submission.path)
