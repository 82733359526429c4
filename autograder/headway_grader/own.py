"""An assignment of an instructor's own: one Python file outside this repository, judged as the course is.

    from headway_grader.own import Inputs, exercise, honest, mistake

    @exercise(points=3)
    def entropy(P):                        # the right answer; its docstring has a shape line
    def entropy_inputs(rng, *, batch=(2,), n=7):        # inputs of any size
    def entropy_cases(rng):                # yields Inputs(group, name, inputs)

    @mistake(of="entropy", says="…")       # three or more
    @honest(of="entropy")                  # two or more

The file is the instructor's and is run as it stands. Learners' answers are not.
"""

import ast
import importlib.util
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from headway_course.errors import CourseError
from headway_course.fixtures import Fixture
from headway_course.manifest import Exercise, Lesson
from headway_course.shapes import shape_line

from headway_grader import cases
from headway_grader.build.trials import try_answers
from headway_grader.cases.groups import GROUPS, Inputs, in_float32, with_memory
from headway_grader.hidden import PUBLIC_KEY, generator
from headway_grader.reference import Reference
from headway_grader.wrong import Answer, answers_in
from headway_grader.wrong.tags import honest, mistake

__all__ = ["Assignment", "Inputs", "exercise", "honest", "in_float32", "mistake", "read"]


@dataclass(frozen=True)
class Asked:
    """What `exercise` was told."""

    points: float
    loops_over: tuple[str, ...]
    prerequisites: tuple[str, ...]
    refuses: Mapping[str, str]
    groups: Mapping[str, str]
    speed: Mapping[str, object]
    memory: float


def exercise(
    *,
    points: float,
    loops_over: Sequence[str] = (),
    prerequisites: Sequence[str] = (),
    refuses: Mapping[str, str] | None = None,
    groups: Mapping[str, str] | None = None,
    speed: Mapping[str, object] | None = None,
    memory: float = 0,
) -> Callable[[Callable], Callable]:
    """Marks the right answer to an exercise.

    loops_over names dimensions that Python may loop over; prerequisites, functions of `headway` that answers
    may call ("numerics.softmax"); refuses, what it may not use, with what to do instead ({"numpy.cov": "…"});
    groups gives titles to groups of cases that the course does not have; speed has the sizes, keywords of
    NAME_inputs, at which answers are timed; memory, how many times as much as
    yours an answer may hold there, where that is the lesson.
    """
    asked = Asked(
        points, tuple(loops_over), tuple(prerequisites), refuses or {}, groups or {}, speed or {}, memory
    )

    def mark(function: Callable) -> Callable:
        function.asked = asked
        return function

    return mark


@dataclass(frozen=True)
class Assignment:
    """Exercises of a file: the lesson that the judge sees, and what answers are held against."""

    lesson: Lesson
    references: Mapping[str, Reference]
    mistakes: Mapping[str, Mapping[str, Answer]]
    honest: Mapping[str, Mapping[str, Answer]]

    def reference(self, exercise: Exercise) -> Reference:
        return self.references[exercise.name]

    def fixtures(self, key: bytes) -> dict[str, Fixture]:
        """The hidden cases under a course key, by exercise."""
        return {
            name: cases.make(name, one.function, one.cases, generator(key, name), self.mistakes[name])
            for name, one in self.references.items()
        }

    def complaints(self, key: bytes) -> list[str]:
        """What is wrong with the cases and alternatives: mistakes that pass, honest answers that do not."""
        found = []
        for name, fixture in self.fixtures(key).items():
            found += try_answers(name, fixture, self.mistakes[name], self.honest[name], self.lesson.title)
        return found


def read(path: Path) -> Assignment:
    """The assignment in a file; raises CourseError that says what is missing, and where."""
    module = _run(path)
    asked = {name: f for name, f in vars(module).items() if isinstance(getattr(f, "asked", None), Asked)}
    if not asked:
        raise CourseError(f"{path} asks for nothing: put @exercise(points=…) above the right answer")
    references = {name: _reference(name, function, module, path) for name, function in asked.items()}
    told = {name: dict(_told(name, module)) for name in asked}
    exercises = tuple(
        _entry(name, function, path, references[name].public, told[name]) for name, function in asked.items()
    )
    return Assignment(
        Lesson(path.stem, path.name, exercises, ()),
        references,
        {name: {slug: a for slug, a in told[name].items() if a.says} for name in asked},
        {name: {slug: a for slug, a in told[name].items() if not a.says} for name in asked},
    )


def _run(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or not path.is_file():
        raise CourseError(f"{path} is no Python file: name the .py file that has your exercises")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise CourseError(f"{path} cannot be run: {type(error).__name__}: {error}") from error
    return module


def _reference(name: str, function: Callable, module: ModuleType, path: Path) -> Reference:
    made = [getattr(module, f"{name}_{part}", None) for part in ("inputs", "cases")]
    if None in made:
        raise CourseError(
            f"{path} has no cases for {name}: write the functions {name}_inputs and {name}_cases"
        )
    found = cases.Cases.of(*made)
    mistakes = {slug: answer for slug, answer in _told(name, module) if answer.says}
    public = cases.make(name, function, found, generator(PUBLIC_KEY, name), mistakes)
    sizes = function.asked.speed
    return Reference(function, found, public, {path.stem: _source(path)}, sizes)


def _source(path: Path) -> str:
    """The file without what is for the judge alone: what the right answers need to run in the sandbox."""
    kept = []
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        ours = isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("headway_grader")
        marks = [ast.unparse(mark).partition("(")[0] for mark in getattr(statement, "decorator_list", ())]
        if ours or {"mistake", "honest"} & set(marks):
            continue
        if "exercise" in marks:
            statement.decorator_list = []
        kept.append(statement)
    return ast.unparse(ast.Module(kept, []))


def _told(name: str, module: ModuleType) -> Iterator[tuple[str, Answer]]:
    return answers_in(vars(module), name)


def _entry(
    name: str, function: Callable, path: Path, public: Fixture, told: Mapping[str, Answer]
) -> Exercise:
    asked = function.asked
    titles = {**GROUPS, **asked.groups}
    unknown = [group for group in public.groups if group not in titles]
    if unknown:
        raise CourseError(
            f"{path}: {name} has the group {unknown[0]!r} without a title: add groups={{{unknown[0]!r}: '…'}}"
        )
    return Exercise(
        name=name,
        target=f"{path.stem}.{name}",
        lesson=path.stem,
        points=asked.points,
        level=1,
        minutes=10,
        hints=(),
        stub=_stub(function),
        shapes=shape_line(inspect.getdoc(function) or ""),
        loops_over=asked.loops_over,
        prerequisites=asked.prerequisites,
        groups={group: titles[group] for group in with_memory(public.groups, asked.memory)},
        mistakes={slug: answer.says for slug, answer in told.items() if answer.says},
        refuses=dict(asked.refuses),
        memory=asked.memory,
    )


def _stub(function: Callable) -> str:
    """The function as learners get it: first line and docstring, and nothing done yet."""
    definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    definition.decorator_list = []
    definition.body = [*definition.body[:1], ast.parse("raise NotImplementedError()").body[0]]
    return ast.unparse(definition) + "\n"
