"""What learners would see if feedback went out now, beside what they were told before."""

from dataclasses import dataclass
from pathlib import Path

from headway_course.errors import CourseError

from headway_grader.feedback.page import points_in

TOLD = "feedback_released"  # in a class: the pages that went out, LEARNER/LESSON.html


@dataclass(frozen=True)
class Change:
    """One learner's points in the page that is ready, and in the one that went out (None: none did)."""

    learner: str
    page: Path
    now: tuple[float, float]
    before: tuple[float, float] | None

    def __str__(self) -> str:
        now, of = self.now
        if self.before is None:
            return f"{self.learner}: {now:g} of {of:g} points, nothing released before"
        by = round(now - self.before[0], 2)
        said = f"{self.before[0]:g} were released before" if by else "as released before"
        return f"{self.learner}: {now:g} of {of:g} points, {said}{f' ({by:+g})' if by else ''}"


def changes(folder: Path, lesson: str) -> list[Change]:
    """What would go out for a lesson; raises CourseError if no feedback was generated."""
    found = []
    for page in sorted((folder / "feedback").glob(f"*/{lesson}/{lesson}.html")):
        now = points_in(page.read_text(encoding="utf-8"))
        if now:
            learner = page.parts[-3]
            found.append(Change(learner, page, now, _told(folder / TOLD / learner / f"{lesson}.html")))
    if not found:
        raise CourseError(
            f"there is no feedback for {lesson} in {folder / 'feedback'}: generate it first, in Formgrader "
            f"or with `nbgrader generate_feedback {lesson}`"
        )
    return found


def _told(page: Path) -> tuple[float, float] | None:
    return points_in(page.read_text(encoding="utf-8")) if page.is_file() else None
