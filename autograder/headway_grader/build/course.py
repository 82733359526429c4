"""Joins the lessons with library, cases and wrong answers to one plan, or says all that is wrong."""

import traceback
import warnings
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from headway_course import manifest, shapes
from headway_course.errors import CourseError
from headway_course.fixtures import Fixture

from headway_grader import hidden
from headway_grader.build import marks
from headway_grader.build.answers import Answer, answer, imports_in
from headway_grader.build.faults import Faults
from headway_grader.build.lesson import LessonText, read_lesson
from headway_grader.build.subject import Subject
from headway_grader.build.trials import try_answers
from headway_grader.cases.groups import with_memory
from headway_grader.library import Function, Library

LESSONS = Path("course/lessons")


@dataclass(frozen=True)
class Asked:
    """An exercise where a lesson asks for it, with the library's function."""

    lesson: LessonText
    mark: marks.Exercise
    function: Function


@dataclass(frozen=True)
class Task:
    """An exercise with everything that the notebooks and fixtures need."""

    entry: manifest.Exercise
    answer: Answer
    fixture: Fixture


@dataclass(frozen=True)
class LessonPlan:
    text: LessonText
    entry: manifest.Lesson
    tasks: dict[str, Task]


def plan_course(root: Path, subject: Subject) -> tuple[LessonPlan, ...]:
    """The whole course, in order; raises LessonError with every fault found."""
    faults = Faults()
    texts = read_lessons(root, faults)
    _refuse_doubles(texts, faults)
    _refuse_unchecked(texts, faults)
    asked = _ask_library(texts, subject, faults)
    _refuse_wrong_fetches(texts, asked, subject, faults)
    tasks = {}
    for place, one in enumerate(asked):
        with faults.at(one.lesson.path, one.mark.line):
            tasks[one.mark.name] = _task(one, asked[:place], asked, subject, faults)
    faults.stop_if_any()
    return tuple(_lesson_plan(text, tasks) for text in texts)


def read_lessons(root: Path, faults: Faults) -> tuple[LessonText, ...]:
    """All lessons under course/lessons, in the order of their names."""
    paths = sorted((root / LESSONS).glob("*.py"))
    if not paths:
        raise CourseError(f"no lessons in {root / LESSONS}: start one with `headway-build new 01_softmax`")
    texts = (read_lesson(root, path, faults) for path in paths)
    return tuple(text for text in texts if text)


def _refuse_doubles(texts: Iterable[LessonText], faults: Faults) -> None:
    seen: dict[str, str] = {}
    for text in texts:
        for mark in (*text.exercises, *text.questions):
            if mark.name in seen:
                faults.add(
                    text.path,
                    mark.line,
                    f"{mark.name} is asked at {seen[mark.name]} already: names are unique",
                )
            else:
                seen[mark.name] = f"{text.path}:{mark.line}"


def _refuse_unchecked(texts: Iterable[LessonText], faults: Faults) -> None:
    """Each exercise has one check below it in its lesson, and nothing else is checked."""
    for text in texts:
        exercises = {mark.name: mark for mark in text.exercises}
        checks: dict[str, int] = {}
        for mark in text.checks:
            if mark.name not in exercises:
                faults.add(
                    text.path, mark.line, f"{mark.name} is checked, but it is no exercise of this lesson"
                )
            elif mark.name in checks:
                faults.add(
                    text.path, mark.line, f"{mark.name} is checked in line {checks[mark.name]} already"
                )
            elif mark.line < exercises[mark.name].line:
                faults.add(text.path, mark.line, f"{mark.name} is checked above its exercise: move it below")
            checks.setdefault(mark.name, mark.line)
        for name in exercises.keys() - checks.keys():
            message = f"{name} is not checked: add a cell `check({name})` below it"
            faults.add(text.path, exercises[name].line, message)


def _ask_library(texts: Iterable[LessonText], subject: Subject, faults: Faults) -> list[Asked]:
    asked: list[Asked] = []
    for text in texts:
        for mark in text.exercises:
            with faults.at(text.path, mark.line):
                function = subject.library.function(mark.target)
                if function.name != mark.name:
                    raise CourseError(
                        f"{function.name} keeps its name: write `{function.name} = exercise(…)`"
                    )
                if all(function.target != one.function.target for one in asked):
                    asked.append(Asked(text, mark, function))
    return asked


def _refuse_wrong_fetches(
    texts: Iterable[LessonText], asked: list[Asked], subject: Subject, faults: Faults
) -> None:
    """`earlier` fetches answers of earlier lessons, `library` what the library has and nobody asks for."""
    lessons = {one.function.target: one.lesson.name for one in asked}
    for text in texts:
        for fetched in text.fetched:
            with faults.at(text.path, fetched.line):
                defined, lesson = subject.library.resolve(fetched.target), lessons.get(fetched.target)
                if defined != fetched.target:
                    raise CourseError(f"{fetched.target} is only imported there: fetch {defined}")
                if fetched.word == "library" and lesson:
                    raise CourseError(f"{lesson} asks for {fetched.target}: fetch it with `earlier(…)`")
                if fetched.word == "earlier" and not lesson:
                    raise CourseError(f"no lesson asks for {fetched.target}: fetch it with `library(…)`")
                if lesson and not lesson < text.name:
                    raise CourseError(f"{fetched.target} is asked for in {lesson}: fetch it after that")


def _task(one: Asked, before: list[Asked], asked: list[Asked], subject: Subject, faults: Faults) -> Task:
    mark, function, lesson = one.mark, one.function, one.lesson
    line = ""
    with faults.at(lesson.path, mark.line):
        line = shape_line_of(function)
    available = {fetched.target for fetched in lesson.fetched if fetched.line < mark.line}
    available |= {other.function.target for other in before if other.lesson.name == lesson.name}
    above = [cell.source for cell in lesson.cells if cell.kind == "code" and cell.line < mark.line]
    exercises = {other.function.target for other in asked}
    imported = frozenset().union(*map(imports_in, above))
    made = answer(subject.library, function, exercises, available, imported)
    fixture, mistakes = _fixture(one, subject, faults)
    entry = manifest.Exercise(
        name=mark.name,
        target=function.target,
        lesson=lesson.name,
        points=mark.points,
        level=mark.level,
        minutes=mark.minutes,
        hints=mark.hints,
        stub=made.stub,
        shapes=line,
        loops_over=mark.loops_over,
        prerequisites=_prerequisites(one, before, exercises, subject.library),
        groups={group: subject.title(mark.name, group) for group in with_memory(fixture.groups, mark.memory)},
        mistakes=mistakes,
        uses=_uses(function, asked, subject),
        memory=mark.memory,
    )
    return Task(entry, made, fixture)


def _uses(function: Function, asked: list[Asked], subject: Subject) -> tuple[str, ...]:
    """The exercises that the library's function is built on, directly or not."""
    closure = subject.library.closure(function.target)
    return tuple(other.mark.name for other in asked if other.function.target in closure)


def shape_line_of(function: Function) -> str:
    """The shape line of a function; raises CourseError if it has none, or one that does not fit."""
    try:
        line = shapes.shape_line(function.docstring)
        arguments = shapes.parse(line).arguments
    except CourseError as error:
        raise CourseError(f"{function.target} ({function.path.name}:{function.line}): {error}") from None
    node = function.node.args
    positional = [a.arg for a in (*node.posonlyargs, *node.args)]
    optional = [a in positional[len(positional) - len(node.defaults) :] for a in positional]
    if [(a.name, a.optional) for a in arguments] != list(zip(positional, optional, strict=True)):
        signature = ", ".join(f"[{a}]" if may else a for a, may in zip(positional, optional, strict=True))
        raise CourseError(
            f"the shape line of {function.target} ({function.path.name}:{function.line}) does not name the "
            f"arguments {signature} in this order, optional ones in brackets: {line}"
        )
    return line


def _fixture(one: Asked, subject: Subject, faults: Faults) -> tuple[Fixture, dict[str, str]]:
    """The public cases, tried with wrong and honest answers, and what is said of each mistake."""
    name, target = one.mark.name, one.function.target
    mistakes, honest = subject.mistakes(name), subject.honest(name)
    dimensions = subject.dimensions(target)
    fixture = _computed(subject, target, hidden.generator(hidden.PUBLIC_KEY, name), mistakes)
    place = f"headway_grader/wrong/{target.rpartition('.')[0].replace('.', '/')}.py"
    complaints = try_answers(name, fixture, mistakes, honest, place)
    unknown = [group for group in fixture.groups if group not in subject.groups]
    complaints += [f"no title for the group {group!r}: add it to GROUPS" for group in unknown]
    complaints += [
        f"loops_over names {dimension!r}, but the dimensions of {name} are {', '.join(dimensions)}"
        for dimension in one.mark.loops_over
        if dimension not in dimensions
    ]
    for complaint in complaints:
        faults.add(one.lesson.path, one.mark.line, complaint)
    return fixture, {slug: answer.says for slug, answer in mistakes.items()}


def _computed(subject: Subject, target: str, rng: np.random.Generator, mistakes: dict) -> Fixture:
    try:
        with warnings.catch_warnings(action="ignore"):  # wrong answers divide by zero and more
            return subject.fixture(target, rng, mistakes)
    except CourseError:
        raise
    except Exception as error:  # the cases and the library are code that is being written
        last = traceback.extract_tb(error.__traceback__)[-1]
        raise CourseError(
            f"the cases of {target} fail: {type(error).__name__}: {error} ({last.filename}:{last.lineno})"
        ) from error


def _prerequisites(
    one: Asked, before: list[Asked], exercises: Collection[str], library: Library
) -> tuple[str, ...]:
    """Targets that an answer may call: those its author names, or every one above not built on this one.

    Above are earlier exercises, and what the lesson fetches from the library where answers are built on it;
    all else is for the lesson to run, and would do what is asked.
    """
    target = one.function.target
    needed = frozenset().union(*map(library.closure, exercises))
    above = [f.target for f in one.lesson.fetched if f.word == "library" and f.line < one.mark.line]
    fetched = [library.function(f).target for f in above if f in needed]
    if one.mark.prerequisites is None:
        callable_ = [*(b.function.target for b in before), *fetched]
        return tuple(other for other in callable_ if target not in library.closure(other))
    known = {*exercises, *fetched}
    for named in one.mark.prerequisites:
        if named not in known or named == target or target in library.closure(named):
            raise CourseError(
                f"prerequisite {named!r} must be an exercise of the course that is not built on {target}"
            )
    missing = library.closure(target) & known - set(one.mark.prerequisites)
    if missing:
        raise CourseError(f"{target} is built on {', '.join(sorted(missing))}: add it to prerequisites")
    return one.mark.prerequisites


def _lesson_plan(text: LessonText, tasks: dict[str, Task]) -> LessonPlan:
    own = {mark.name: tasks[mark.name] for mark in text.exercises}
    entry = manifest.Lesson(
        text.name,
        text.title,
        tuple(task.entry for task in own.values()),
        tuple(manifest.Question(mark.name, mark.points) for mark in text.questions),
        tuple(fetched.target for fetched in text.fetched if fetched.word == "library"),
    )
    return LessonPlan(text, entry, own)
