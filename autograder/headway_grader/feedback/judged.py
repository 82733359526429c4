"""The same page for what went through the fast door: made of a record, for notebooks, scripts and zips."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from headway_course.errors import CourseError
from headway_course.manifest import Exercise, Lesson, Manifest
from headway_course.reading.cells import Unreadable, read
from headway_course.reading.extract import answer_statements, extract
from headway_course.writing import write_whole

from headway_grader.feedback.page import Page, Part, highlighted, render, written
from headway_grader.frontdoor.outputs import words
from headway_grader.handins.submissions import Submission
from headway_grader.records import Record
from headway_grader.verdict import Status, Verdict


def write_pages(
    records: Iterable[Record], submissions: Iterable[Submission], course: Manifest, folder: Path
) -> Iterator[Path]:
    """Writes LEARNER/LESSON.html for each record of a lesson; raises CourseError if it cannot."""
    handed_in = {(one.learner, one.assignment): one for one in submissions}
    lessons = {lesson.name: lesson for lesson in course.assignments}
    for record in records:
        if record.assignment in lessons:
            page = page_of(
                record, handed_in.get((record.learner, record.assignment)), lessons[record.assignment]
            )
            path = _folder_of(record.learner, folder) / f"{record.assignment}.html"
            _write(path, render(page))
            yield path


def _folder_of(learner: str, folder: Path) -> Path:
    if learner in ("", ".", "..") or Path(learner).name != learner:
        raise CourseError(
            f"a learner called {learner!r} can have no folder in {folder}: rename the file to LEARNER_LESSON"
        )
    return folder / learner


def _write(path: Path, html: str) -> None:
    """Puts a page in place, or nothing; raises CourseError if it cannot."""
    try:
        write_whole(path, html.encode())
    except OSError as error:
        raise CourseError(
            f"cannot write {path} ({error.strerror or error}): name another folder with --to"
        ) from None


def page_of(record: Record, submission: Submission | None, lesson: Lesson) -> Page:
    """The page of one record; a fault of ours is said to be one, and costs no points."""
    code = _code(submission, lesson) if submission else {}
    exercises = {exercise.name: exercise for exercise in lesson.exercises}
    parts = [_part(v, exercises[v.exercise], code) for v in record.verdicts if v.exercise in exercises]
    return Page(lesson.title, tuple(parts))


def _part(verdict: Verdict, exercise: Exercise, code: Mapping[str, str]) -> Part:
    ours = verdict.status is Status.GRADER_ERROR
    state = "to be judged again" if ours else str(verdict.status).replace("-", " ")
    hints = tuple(written(hint) for hint in exercise.hints) if verdict.points < verdict.of else ()
    said = () if ours else tuple(words(verdict, exercise))
    source = code.get(verdict.exercise, "")
    return Part(
        verdict.exercise,
        verdict.points,
        verdict.of,
        state,
        verdict.points,
        said,
        hints,
        code=highlighted(source) if source else "",
        pending=ours or verdict.waiting > 0,
    )


def _code(submission: Submission, lesson: Lesson) -> dict[str, str]:
    """What was handed in for each exercise, as far as it can be read."""
    names = [exercise.name for exercise in lesson.exercises]
    try:
        extracted = extract(read(submission.content, submission.kind).cells, names)
    except Unreadable:
        return {}
    return {name: "\n\n".join(s.source for s in answer_statements(extracted, name)) for name in names}
