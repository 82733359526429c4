"""Puts what arrived where nbgrader looks for it: submitted/LEARNER/ASSIGNMENT, the latest of each."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from headway_course.errors import CourseError
from headway_course.manifest import Manifest
from headway_course.reading.cells import Unreadable, read, recognise

from headway_grader.collecting.downloads import Arrived
from headway_grader.collecting.for_nbgrader import write_notebook
from headway_grader.collecting.matching import Roster
from headway_grader.handins.places import assignment_in
from headway_grader.handins.times import stated_time
from headway_grader.handins.zips import unzip

BEFORE = "submitted_before"
_TIMESTAMP = "timestamp.txt"
_WHEN = "%Y-%m-%d %H:%M:%S.%f UTC"


@dataclass(frozen=True)
class Outcome:
    """What became of one file; `taken` tells whether it is now what counts."""

    place: str
    learner: str
    assignment: str
    said: str
    taken: bool = False


def collect(
    arrived: Sequence[Arrived], roster: Roster, course: Manifest, folder: Path, assignment: str | None = None
) -> list[Outcome]:
    """Takes files into the class in `folder`, and says of each what it did; those without a home stay behind.

    assignment names the lesson of all files; without it each tells by its content or its name. What counted
    before and is replaced is kept in `submitted_before`. Raises CourseError if the class cannot be written.
    """
    if assignment:
        course.lesson(assignment)
    outcomes: list[Outcome] = []
    latest: dict[tuple[str, str], Arrived] = {}
    lessons = {id(one): assignment or _lesson(one, course) for one in arrived}
    alone = {lesson for lesson in lessons.values() if lesson}
    for one in sorted(arrived, key=lambda one: (one.time, one.place)):
        learner, lesson = roster.find(one), lessons[id(one)] or (min(alone) if len(alone) == 1 else "")
        why = _why_not(one, learner, lesson, roster)
        if why:
            outcomes.append(Outcome(one.place, learner or "", lesson, why))
            continue
        if earlier := latest.get((learner, lesson)):
            outcomes.append(Outcome(earlier.place, learner, lesson, f"followed by {one.place}"))
        latest[learner, lesson] = one
    try:
        outcomes += [_put(one, *home, folder, course) for home, one in latest.items()]
    except OSError as error:
        raise CourseError(f"cannot write into {folder} ({error.strerror or error})") from None
    return sorted(outcomes, key=lambda outcome: (outcome.learner or "~", outcome.assignment, outcome.place))


def _why_not(one: Arrived, learner: str | None, lesson: str, roster: Roster) -> str:
    if one.problem:
        return f"left where it is: {one.problem}"
    if learner is None:
        alike = roster.alike(one)
        if alike:
            return f"left where it is: {' or '.join(alike)} could be meant by {one.who}"
        return f"left where it is: nobody on the roster is called {one.who}"
    if not lesson:
        return "left where it is: it answers no lesson; say which with --assignment"
    return ""


def _lesson(one: Arrived, course: Manifest) -> str:
    """The lesson that a file answers, by what is in it, else by its name."""
    if one.problem:
        return ""
    try:
        inner = unzip(one.content) if one.kind == "zip" else ()
        pieces = [(m.content, Path(m.name).suffix.lower().lstrip(".")) for m in inner] or [
            (one.content, one.kind)
        ]
        documents = [read(content, kind) for content, kind in pieces]
        found = (recognise(document.cells, course, document.lesson) for document in documents)
        known = next(filter(None, found), None)
    except (Unreadable, CourseError):
        known = None
    return known or assignment_in(Path(one.name).stem, course) or ""


def _put(one: Arrived, learner: str, lesson: str, folder: Path, course: Manifest) -> Outcome:
    home = folder / "submitted" / learner / lesson
    name = f"{lesson}.{one.kind}"
    counted = _counted(home)
    if counted and _same(home, name, one.content):
        return Outcome(one.place, learner, lesson, "the same as before", taken=True)
    if counted and counted > one.time:
        return Outcome(one.place, learner, lesson, f"older than what counts, of {_shown(counted)}: left out")
    unfinished = home.with_name(f".{lesson}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    (unfinished / name).write_bytes(one.content)
    if one.kind != "ipynb":
        write_notebook(unfinished / name, course.lesson(lesson), course)
    (unfinished / _TIMESTAMP).write_text(one.time.strftime(_WHEN) + "\n", encoding="utf-8")
    kept = _set_aside(home, folder / BEFORE / learner / lesson, counted) if counted else None
    unfinished.replace(home)
    said = f"new, of {_shown(one.time)}"
    return Outcome(
        one.place, learner, lesson, f"{said}; the one before is in {kept}" if kept else said, taken=True
    )


def _counted(home: Path) -> datetime | None:
    """When what lies there was handed in; None if nothing does."""
    files = [path for path in home.glob("*") if path.is_file()] if home.is_dir() else []
    if not files:
        return None
    stamp = home / _TIMESTAMP
    stated = stated_time(stamp.read_text(encoding="utf-8", errors="replace")) if stamp.is_file() else None
    newest = max(path.stat().st_mtime for path in files)
    return stated or datetime.fromtimestamp(newest).astimezone()


def _same(home: Path, name: str, content: bytes) -> bool:
    return (home / name).is_file() and (home / name).read_bytes() == content


def _set_aside(home: Path, kept: Path, when: datetime) -> str:
    target = kept / when.strftime("%Y-%m-%d_%H-%M-%S")
    target.parent.mkdir(parents=True, exist_ok=True)
    number = 1
    while target.exists():
        number += 1
        target = target.with_name(f"{when.strftime('%Y-%m-%d_%H-%M-%S')}_{number}")
    home.replace(target)
    return f"{BEFORE}/{target.relative_to(kept.parents[1]).as_posix()}"


def _shown(when: datetime) -> str:
    return when.strftime("%Y-%m-%d %H:%M")


def summary(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """How many files there are, and those that somebody has to look at."""
    outcomes = list(outcomes)
    learners = {outcome.learner for outcome in outcomes if outcome.taken}
    left = [outcome for outcome in outcomes if not outcome.taken and outcome.said.startswith("left where")]
    yield f"{len(outcomes)} file(s); what {len(learners)} learner(s) sent is in submitted."
    if left:
        yield f"{len(left)} could not be taken and stay where they are. Rename them or mend the roster."
