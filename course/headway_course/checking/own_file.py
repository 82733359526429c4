"""A learner's notebook or script as a whole: its lesson, what of it runs, what came of each exercise."""

import __future__

import ast
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from headway_course import manifest
from headway_course.asking import earlier, from_library
from headway_course.checking.cases import public_fixture
from headway_course.checking.check import examine
from headway_course.checking.hand_in import at_hand_in, on_the_course
from headway_course.checking.origin import Origin
from headway_course.checking.prerequisites import blamed_on_prerequisites
from headway_course.checking.result import CheckResult, Status
from headway_course.errors import CourseError
from headway_course.judging.attempt import Trouble, describe
from headway_course.manifest import Exercise, Lesson, Manifest
from headway_course.reading.cells import Document, read, recognise
from headway_course.reading.extract import Extracted, answer_statements, extract, why_missing
from headway_course.record.own_answers import remembered
from headway_course.record.store import beside

# At hand-in too an annotation with a name that is not at hand costs nothing.
_UNREAD_ANNOTATIONS = __future__.annotations.compiler_flag


@dataclass(frozen=True)
class OwnFile:
    """A file that was read: its lesson, what of it runs, and its text."""

    path: Path
    lesson: Lesson
    extracted: Extracted
    written: Origin


def open_file(path: Path, course: Manifest) -> OwnFile:
    """Reads a file and finds its lesson; raises CourseError if it cannot be read or belongs to none."""
    document = read(path)
    lesson = lesson_of(document, path, course)
    extracted = extract(document.cells, [exercise.name for exercise in lesson.exercises])
    return OwnFile(path, lesson, extracted, _origin(document, path))


def lesson_of(document: Document, path: Path, course: Manifest) -> Lesson:
    """The lesson that the cells of a file answer; raises CourseError if they answer none."""
    name = recognise(document.cells, course, document.lesson)
    if name is None:
        raise CourseError(
            f"{path} answers no exercise of this course: name the notebook or script of a lesson"
        )
    return course.lesson(name)


def check_answer(file: OwnFile, exercise: Exercise) -> CheckResult | None:
    """What came of an exercise, None if it is not in the file; raises KeyboardInterrupt while it loads."""
    answer = file.extracted.answers[exercise.name]
    if answer is None:
        return _left_out(file, exercise)
    try:
        names = _run_what_it_needs(file, exercise)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return CheckResult(exercise, Status.CRASH, trouble=describe(error, file.written))
    folder = manifest.public_fixtures()
    fixture = public_fixture(exercise, folder)
    outlook = at_hand_in(file.extracted, exercise)
    result = examine(names[answer.name], exercise, fixture, file.written, outlook)
    result = blamed_on_prerequisites(result, names[answer.name], folder)
    kept = beside(file.path.absolute().parent)
    return remembered(result, file.extracted, kept) if kept else result  # else it may be somebody else's


def _run_what_it_needs(file: OwnFile, exercise: Exercise) -> dict[str, object]:
    """Runs the statements that an answer is made of, on the library's prerequisites if it is here."""
    module = sys.modules["answer"] = ModuleType("answer")  # where dataclasses look names up
    names = vars(module)
    course = {target.rpartition(".")[2]: from_library(target) for target in exercise.prerequisites}
    course = {name: function for name, function in course.items() if function}
    for target in exercise.prerequisites:
        name = target.rpartition(".")[2]
        names[name] = course.get(name) or earlier(target)
    extracted = on_the_course(file.extracted, course)
    for statement in answer_statements(extracted, exercise.name):
        program = ast.Module([statement.tree], [])
        exec(compile(program, _file(file.path, statement.cell), "exec", _UNREAD_ANNOTATIONS, True), names)
    return names


def _left_out(file: OwnFile, exercise: Exercise) -> CheckResult | None:
    left = why_missing(file.extracted, exercise.name)
    if left is None:
        return None
    place = file.written.place(_file(file.path, left.cell), left.line)
    refused = at_hand_in(file.extracted, exercise).violations
    status = Status.REFUSED if refused else Status.CRASH
    return CheckResult(exercise, status, trouble=Trouble(left.why, place, left.text), violations=refused)


def _origin(document: Document, path: Path) -> Origin:
    """Cells under their numbers; a script as one text, in which lines count from its beginning."""
    texts: dict[str, str] = {}
    for cell in document.cells:
        name = _file(path, cell.number)
        before = texts.get(name, "")
        texts[name] = before + "\n" * (cell.first_line - 1 - before.count("\n")) + cell.source
    return Origin(texts, {name: name for name in texts}, document.cells)


def _file(path: Path, cell: int) -> str:
    """What the text of a cell is called in tracebacks and in what we say."""
    return f"cell {cell}" if cell else path.name
