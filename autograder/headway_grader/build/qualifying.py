"""The Qualifier: the exercises of part 1 in order of difficulty, as a script and as notebooks.

Lessons, library, cases and wrong answers are its only sources: whatever part 1 asks is in it. What applicants
get needs numpy alone, so the modules of the companion that try an answer go with it, as a package of its own.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import headway_course
from headway_course import manifest
from headway_course.fixtures import Fixture
from headway_course.manifest import CHECKS, Exercise, Lesson, Manifest, Question
from headway_course.problems import ASKED

from headway_grader.build import notebooks
from headway_grader.build.answers import Answer, answer
from headway_grader.build.course import LessonPlan, Task
from headway_grader.build.subject import Subject

NAME = "qualifying"
TITLE = "Qualifying problems"
FILE = "qualifying_problems"
FOLDER = Path("exercises") / NAME
PART_ONE = range(1, 7)  # the lessons by their numbers: 00 is about numpy alone
_COMPANION = "headway_course"
_NUMPY = "import numpy as np"

QUESTIONS = {
    "background": "What have you learnt of mathematics and of computer science so far? Name courses, books, "
    "things you built.",
    "interests": "Which parts of mathematics and computer science do you come back to unasked?",
    "curiosity": "What about this subject makes you curious?",
}

SHAPES = """\
Every docstring has a line of shapes, such as `Q (..., Tq, d), [mask bool (..., Tq, Tk)] -> (..., Tq, dv)`.
Equal letters are equal sizes, `...` is any number of axes in front, or none, and `()` is a single number.
What stands in brackets may be left out. Numbers have the dtype of the inputs, float64 or float32, unless
the line says int or bool. Functions leave their inputs as they are."""


@dataclass(frozen=True)
class Qualifier:
    """The assignment, its tasks in order of difficulty, what goes with them, and the lessons they are from.

    given are functions of the library that answers may call and nobody is asked for.
    """

    entry: Lesson
    tasks: tuple[Task, ...]
    given: tuple[Answer, ...]
    lessons: tuple[str, ...]

    @property
    def source(self) -> str:
        return f"the lessons {', '.join(self.lessons)}"


def plan_qualifier(course: Iterable[LessonPlan], subject: Subject) -> Qualifier | None:
    """All that part 1 asks, by level and then in the order of the course; None if it asks for nothing."""
    course = list(course)
    lessons = [plan for plan in course if _number(plan) in PART_ONE and plan.tasks]
    if not lessons:
        return None
    tasks = [task for plan in lessons for task in plan.tasks.values()]
    tasks.sort(key=lambda task: task.entry.level)
    questions = [Question(name, 1) for name in QUESTIONS]
    asked = [task.entry for plan in course for task in plan.tasks.values()]
    entry = manifest.select(NAME, TITLE, [task.entry for task in tasks], asked, questions)
    targets = {each.target for each in entry.exercises}
    given = sorted({target for each in entry.exercises for target in each.prerequisites} - targets)
    there = targets.union(given)
    return Qualifier(
        entry,
        tuple(
            replace(task, entry=each, answer=_answer(each.target, there, subject))
            for task, each in zip(tasks, entry.exercises, strict=True)
        ),
        tuple(_answer(target, there, subject) for target in given),
        tuple(plan.entry.name for plan in lessons),
    )


def _number(plan: LessonPlan) -> int:
    return int(plan.entry.name.partition("_")[0])


def _answer(target: str, there: set[str], subject: Subject) -> Answer:
    """A function on a page that has numpy, the problems, what is given, and nothing else of the lessons."""
    return answer(subject.library, subject.library.function(target), there, there, {_NUMPY})


def script(qualifier: Qualifier) -> str:
    """The problems as a file to write in, which tries every function when it is run."""
    head = f'''\
# Made by headway-build from the lessons of part 1. What you write in your copy is yours.
# assignment: {NAME}
"""{TITLE}: functions to write in plain numpy, the easiest first.

Write each in the place of its `raise NotImplementedError()`, and run this file: it prints a line for each.
You may leave out what you like, add functions of your own, and let a function call the others.

{SHAPES}
"""

{_needed(qualifier)}
'''
    given = [f"{text}\n" for text in _given(qualifier)]
    blocks = [
        f"# {number}. {each.entry.name} · {_worth(each.entry)}\n{each.answer.stub}\n"
        for number, each in enumerate(qualifier.tasks, 1)
    ]
    tests = f"""\
if __name__ == "__main__":
    # The tests: they read {FILE}.npz, and need the folder {CHECKS}, both beside this file.
    from {CHECKS}.problems import report

    report(globals())
"""
    return "\n\n".join([head, *given, *blocks, tests])


def _needed(qualifier: Qualifier) -> str:
    """Numpy, and what the given functions need of it."""
    return "\n".join(dict.fromkeys([_NUMPY, *(line for one in qualifier.given for line in one.imports)]))


def _given(qualifier: Qualifier) -> Iterator[str]:
    """The text of each given function, with what it calls in front; imports stand elsewhere."""
    for one in qualifier.given:
        yield f"# Given: your functions may call it.\n{replace(one, imports=()).solved}"


def _worth(asked: Exercise) -> str:
    points = f"{asked.points:g} point{'' if asked.points == 1 else 's'}"
    return " · ".join([asked.difficulty, points, *_more(asked)])


def _more(asked: Exercise) -> Iterator[str]:
    """What else an applicant should know of a problem, in a few words."""
    if asked.uses:
        yield f"builds on {', '.join(asked.uses)}"
    if asked.loops_over:
        yield f"Python may loop over {', '.join(asked.loops_over)}"


def applicants(qualifier: Qualifier) -> dict:
    """The problems as a notebook that needs numpy and the files beside it."""
    imports = f"{_needed(qualifier)}\n\nfrom {CHECKS}.problems import check, report"
    ending = [
        notebooks.new_cell(
            "markdown", "so-far", "## So far\n\nAll that this notebook knows, as you last ran it:"
        ),
        notebooks.new_cell("code", "report", "report(globals())"),
    ]
    return _notebook(qualifier, notebooks.Released(), imports, ending)


def instructors(qualifier: Qualifier) -> dict:
    """nbgrader's source, for a class that has the course installed."""
    imports = f"{_needed(qualifier)}\nfrom headway_course import check"
    return _notebook(qualifier, notebooks.Source(), imports, [])


def _notebook(qualifier: Qualifier, edition: notebooks.Source, imports: str, ending: list[dict]) -> dict:
    cell = notebooks.new_cell
    title = (
        f"# {TITLE}\n\nFunctions to write in plain numpy, the easiest first. Write each in the place of "
        "its `raise NotImplementedError()`, run its cell, and then the cell below. You may leave out what "
        f"you like, and let a function call the others.\n\n{' '.join(SHAPES.split())}"
    )
    cells = [cell("markdown", f"{NAME}-title", title), cell("code", f"{NAME}-imports", imports)]
    for number, text in enumerate(_given(qualifier), 1):
        cells.append(cell("code", f"{NAME}-given-{number}", text))
    for number, task in enumerate(qualifier.tasks, 1):
        more = "".join(f" · {said}" for said in _more(task.entry))
        text = f"## {number}. {task.entry.name}\n\n{notebooks.goal(task.entry)}{more}"
        cells += [
            cell("markdown", f"goal-{task.entry.name}", text),
            *edition.exercise(task),
            edition.check(task),
        ]
    cells.append(
        cell("markdown", "questions", "## Three questions about you\n\nA person reads what you write.")
    )
    for number, question in enumerate(qualifier.entry.questions, 1):
        asked = f"**Question {number}.** {QUESTIONS[question.name]}"
        cells += [cell("markdown", f"question-{question.name}", asked), edition.question(question)]
    return notebooks.document([*cells, *ending], NAME, qualifier.source)


def cases(qualifier: Qualifier) -> list[Fixture]:
    """The public cases, without what only a loop counter needs."""
    return [replace(task.fixture, growth={}) for task in qualifier.tasks]


def checks(qualifier: Qualifier) -> Iterator[tuple[Path, str]]:
    """The package beside the script: what is asked, and copies of what tries an answer."""
    root = Path(headway_course.__file__).parent
    modules = sorted(_closure(f"{_COMPANION}.problems", root.parent))
    packages = {Path(module.replace(".", "/")).parent for module in modules}
    for package in sorted(packages):
        path = Path(CHECKS) / package.relative_to(_COMPANION) / "__init__.py"
        yield path, '"""Made by headway-build: what tries your functions. It needs numpy alone."""\n'
    for module in modules:
        path = _path(module, root.parent)
        made_from = f"# Made by headway-build from course/{path.relative_to(root.parent).as_posix()}.\n"
        text = re.sub(rf"\b{_COMPANION}\b", CHECKS, path.read_text(encoding="utf-8"))
        yield Path(CHECKS) / path.relative_to(root), made_from + text
    asked = replace(
        qualifier.entry,
        exercises=tuple(replace(each, stub="", hints=()) for each in qualifier.entry.exercises),
    )
    yield Path(CHECKS) / ASKED, manifest.dump(Manifest((asked,)))


def _closure(module: str, root: Path) -> set[str]:
    """A module of the companion and all of the companion's that it imports."""
    found, pending = set(), [module]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += _imports(name, root)
    return found


def _imports(module: str, root: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(_path(module, root).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == _COMPANION:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if _path(inner, root).is_file() else node.module


def _path(module: str, root: Path) -> Path:
    return root / f"{module.replace('.', '/')}.py"
