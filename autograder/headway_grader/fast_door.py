"""The fast door: what was handed in, judged and recorded, without nbgrader and without a gradebook."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from headway_course import manifest
from headway_course.manifest import Manifest

from headway_grader import batch, home
from headway_grader.batch import Course
from headway_grader.handins.submissions import Submission, find
from headway_grader.printing import say
from headway_grader.records import Record, Records
from headway_grader.sandbox import Sandbox
from headway_grader.verdict import Status


@dataclass(frozen=True)
class Judged:
    """What was judged by, what was handed in, the records of it, and the folder where these lie."""

    course: Course
    submissions: list[Submission]
    records: list[Record]
    folder: Path


def judge(paths: Sequence[Path], own: Path | None, jobs: int, public: bool, trust: bool) -> Judged:
    """Judges all that lies at these paths, `jobs` at a time; what has a record is not judged again.

    own is a file with an instructor's own exercises, public leaves hidden fixtures out, and trust isolation.
    """
    course = _own_course(own, public) if own else the_course(public)
    submissions = find(paths, course.manifest)
    tasks = batch.plan(submissions, course, trust)
    records = Records(home.folder("records"))
    records.sweep()
    done = batch.run(tasks, records, jobs or _processors(), lambda: Sandbox(trust=trust))
    found = sorted(_watched(done, len(tasks)), key=lambda record: (record.assignment, record.learner))
    return Judged(course, submissions, found, records.folder)


def the_course(public: bool) -> Course:
    """The course, to judge by; hidden fixtures need the course key, and make one if there is none."""
    from headway_grader.reference import public_cases

    if public:
        return Course(manifest.load(), public_cases)
    from headway_grader.course_key import course_key
    from headway_grader.hidden import hidden_fixtures

    found = course_key()
    say(found.advice)
    return Course(manifest.load(), lambda lesson: hidden_fixtures(lesson, found))


def exit_status(paths: Sequence[Path], found: Sequence[Record]) -> int:
    """1 if something of ours failed, or the one file named cannot be read."""
    statuses = {verdict.status for record in found for verdict in record.verdicts}
    alone = len(paths) == 1 and paths[0].is_file()
    return int(Status.GRADER_ERROR in statuses or (alone and statuses <= {Status.UNREADABLE}))


def _own_course(path: Path, public: bool) -> Course:
    """An assignment of an instructor's own, as a course of one lesson."""
    from headway_grader import own
    from headway_grader.course_key import course_key
    from headway_grader.hidden import PUBLIC_KEY

    assignment = own.read(path)
    key = PUBLIC_KEY if public else course_key().secret
    return Course(
        Manifest((assignment.lesson,)), lambda lesson: assignment.fixtures(key), assignment.reference
    )


def _watched(done: Iterator[Record], total: int) -> Iterable[Record]:
    """The same, with a bar that shows how far it is, where a person is watching."""
    if not sys.stderr.isatty() or total < 2:
        return done
    from rich.console import Console
    from rich.progress import track

    return track(done, "Judging", total, console=Console(stderr=True), transient=True)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
