"""What was handed in: of each learner and assignment the latest, read and ready to be judged.

Nothing found in a folder stops the batch: what cannot be read becomes a submission with an error.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from headway_course.errors import CourseError
from headway_course.manifest import Manifest
from headway_course.reading.cells import Cell, Unreadable, read, recognise
from headway_course.reading.extract import extract

from headway_grader.handins.places import (
    EXPECTED,
    Place,
    assignment_in,
    kind_of,
    places,
    printable,
    read_file,
)
from headway_grader.handins.times import time_in_name
from headway_grader.handins.zips import Unzipped, unzip

__all__ = ["Submission", "find", "recognise"]

_MAX_EQUALS = 20  # to look whether somebody worked on it takes a while; a zip can hold a thousand


@dataclass(frozen=True)
class Submission:
    """What one learner handed in for one assignment (None: unknown), ready to be judged.

    `member` is the file within a zip, `superseded` what else lay there, `error` why it is unreadable.
    """

    learner: str
    assignment: str | None
    path: Path
    kind: str
    taken_at: datetime
    content: bytes
    member: str | None = None
    superseded: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class _Candidate:
    """A submission beside others of the same learner and assignment, with what decides between them."""

    submission: Submission
    inner_time: datetime
    fits: bool = False
    cells: tuple[Cell, ...] = ()
    manifest: Manifest | None = None

    @property
    def is_blank(self) -> bool:
        return not self.cells

    @property
    def code(self) -> object:
        """What two copies of the same have in common, as a script or as a notebook."""
        source = "\n".join(cell.source for cell in self.cells if cell.kind == "code")
        return [line for line in source.split("\n") if line.strip()] or id(self)

    @property
    def rank(self) -> tuple:
        """What decides among several, before anybody looks into them: what fits, is later, is well named."""
        one = self.submission
        name = Path(one.member or one.path).stem
        return *self.time, name == one.assignment, one.kind == "ipynb", _name(one)

    @property
    def time(self) -> tuple:
        return self.fits, self.submission.taken_at, self.inner_time

    @property
    def is_worked_on(self) -> bool:
        """Whether there is at least one answer that is not the stub; without a manifest, any cell."""
        if self.manifest is None:
            return bool(self.cells)
        of = self.submission.assignment
        lessons = [lesson for lesson in self.manifest.assignments if lesson.name == of]
        names = [exercise.name for lesson in lessons for exercise in lesson.exercises]
        answers = extract(self.cells, names).answers.values() if names else ()
        return any(answer and not answer.untouched for answer in answers)


def find(paths: Iterable[Path], manifest: Manifest | None = None) -> list[Submission]:
    """The latest submission of each learner and assignment; raises CourseError for a path with none.

    With a manifest, a file whose folder and name do not tell its assignment is recognised by what is in it;
    an empty or unreadable one belongs to the assignment of all the others, if they agree.
    """
    candidates: dict[tuple[str, str], list[_Candidate]] = {}
    seen = set()
    for path in paths:
        found = list(places(Path(path).resolve(), manifest))
        if not found:
            raise CourseError(f"no submission in {path}: {EXPECTED}")
        for place in found:
            if (place.path, place.learner) in seen:
                continue
            seen.add((place.path, place.learner))
            for candidate in _candidates(place, manifest):
                key = candidate.submission.learner, candidate.submission.assignment or ""
                candidates.setdefault(key, []).append(candidate)
    assignments = {assignment for _, assignment in candidates} - {""}
    if len(assignments) == 1:
        candidates = _all_of(*assignments, candidates)
    return [_latest(candidates[key]) for key in sorted(candidates)]


def _all_of(assignment: str, candidates: dict) -> dict[tuple[str, str], list[_Candidate]]:
    """The candidates, with those that have nothing in them counted to the one assignment of this batch."""
    grouped: dict[tuple[str, str], list[_Candidate]] = {}
    for (learner, known), group in candidates.items():
        for one in group:
            if one.is_blank and not known:
                one = replace(one, submission=replace(one.submission, assignment=assignment))
            key = learner, one.submission.assignment or ""
            grouped.setdefault(key, []).append(one)
    return grouped


def _latest(candidates: Sequence[_Candidate]) -> Submission:
    if len(candidates) == 1:
        return candidates[0].submission
    ranked = sorted(candidates, key=lambda candidate: candidate.rank)
    equals = [one for one in ranked if one.time == ranked[-1].time][-_MAX_EQUALS:]
    best = next((one for one in reversed(equals) if one.is_worked_on), ranked[-1])
    same = [one for one in equals if one.code == best.code]
    best = next((one for one in same if one.submission.kind == "py"), best)  # its lines are the learner's own
    superseded = tuple(_name(one.submission) for one in reversed(ranked) if one.code != best.code)
    return replace(best.submission, superseded=superseded)


def _name(submission: Submission) -> str:
    name = printable(submission.path.name)
    return f"{name}:{submission.member}" if submission.member else name


def _candidates(place: Place, manifest: Manifest | None) -> Iterator[_Candidate]:
    """The notebooks and scripts of one place: one for a file, several for a zip."""
    path, learner = place.path, printable(place.learner)
    assignment = printable(place.assignment) if place.assignment else None
    time = place.stated or time_in_name(path.stem.partition("_")[2]) or _file_time(path)
    blank = Submission(learner, assignment, path, kind_of(path), time, b"")
    try:
        if place.problem:
            raise CourseError(place.problem)
        content = read_file(path)
        if kind_of(path) != "zip":
            yield _candidate(replace(blank, content=content), time, manifest)
            return
        for one in unzip(content):
            yield _candidate(_member(blank, one), time_in_name(one.name) or one.time, manifest)
    except CourseError as error:
        yield _Candidate(replace(blank, error=str(error)), time)


def _member(blank: Submission, one: Unzipped) -> Submission:
    """A submission from a zip; whose it is says the zip's own place, for names inside are the learner's."""
    name = one.name.replace("\\", "/").rpartition("/")[2]
    return replace(blank, kind=kind_of(Path(name)), content=one.content, member=printable(one.name))


def _candidate(submission: Submission, inner_time: datetime, manifest: Manifest | None) -> _Candidate:
    """Reads the cells, to tell the assignment where it is not known."""
    try:
        document = read(submission.content, submission.kind)
    except Unreadable as error:
        return _Candidate(replace(submission, error=str(error)), inner_time)
    if manifest is None:
        return _Candidate(submission, inner_time, True, document.cells)
    inside = recognise(document.cells, manifest, document.lesson)
    if all(submission.assignment != lesson.name for lesson in manifest.assignments):
        in_name = assignment_in(Path(submission.member or "").stem, manifest)
        submission = replace(submission, assignment=in_name or inside or submission.assignment)
    fits = inside is not None and inside == submission.assignment
    return _Candidate(submission, inner_time, fits, document.cells, manifest)


def _file_time(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return datetime.fromtimestamp(0, UTC)
