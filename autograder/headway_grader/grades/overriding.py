"""An instructor's word against the judge's: kept in nbgrader's gradebook, as Formgrader keeps it."""

from headway_course.errors import CourseError
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry

from headway_grader.frontdoor.judging import CHECK


def override(db_url: str, learner: str, lesson: str, name: str, points: float, note: str) -> str:
    """Sets the points of an exercise or question, with a note that the learner reads; says what changed.

    Grading again keeps both. Raises CourseError for a learner, lesson or name that was not graded, and for
    points that are less than nothing or more than it is worth.
    """
    if not note.strip():
        raise CourseError("an override needs a note: the learner reads it, and you will in a year")
    with Gradebook(db_url) as gradebook:
        grade, comment = _found(gradebook, learner, lesson, name)
        if not 0 <= points <= grade.max_score:
            raise CourseError(f"{name} is worth 0 to {grade.max_score:g} points, not {points:g}")
        before = grade.score
        grade.manual_score, grade.needs_manual_grade = points, False
        comment.manual_comment = note
        gradebook.db.commit()
    return f"{learner}, {lesson}, {name}: {points:g} instead of {before:g} points"


def undo(db_url: str, learner: str, lesson: str, name: str) -> str:
    """Takes an override back: what the judge gave counts again."""
    with Gradebook(db_url) as gradebook:
        grade, comment = _found(gradebook, learner, lesson, name)
        if grade.manual_score is None:
            raise CourseError(
                f"nobody overrode {name} of {learner} in {lesson}: it has {grade.score:g} points"
            )
        grade.manual_score, comment.manual_comment = None, None
        grade.needs_manual_grade = grade.auto_score is None
        gradebook.db.commit()
        return f"{learner}, {lesson}, {name}: {grade.score:g} points again, as the judge gave them"


def waits(grade: Grade) -> bool:
    """Whether a person still has to give the points; grading again does not take back those given."""
    return bool(grade.needs_manual_grade) and grade.manual_score is None


def _found(gradebook: Gradebook, learner: str, lesson: str, name: str) -> tuple[Grade, Comment]:
    try:
        submission = gradebook.find_submission_notebook(lesson, lesson, learner)
    except MissingEntry:
        raise CourseError(
            f"{learner} has no graded {lesson} in this class: collect and autograde first"
        ) from None
    grades = {grade.name.removeprefix(CHECK): grade for grade in submission.grades}
    comments = {comment.name: comment for comment in submission.comments}
    if name not in grades or name not in comments:
        raise CourseError(f"{lesson} has no {name!r}; there are {', '.join(sorted(grades))}")
    return grades[name], comments[name]
