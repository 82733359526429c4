"""The zip for applicants: the Qualifier, and a sheet that says what to do, until when, and whom to ask."""

from dataclasses import dataclass
from pathlib import Path

from headway_course import manifest
from headway_course.errors import CourseError
from headway_course.manifest import Lesson

from headway_grader import rubric
from headway_grader.build.products import FIXTURES
from headway_grader.build.qualifying import FILE, FOLDER, NAME, QUESTIONS
from headway_grader.release.bundle import read, zipped

SHEET = "README.md"

_TEXT = """\
# Qualifying problems

Deadline: {deadline}

Questions, and where to hand in: {contact}

`{file}.py` asks for {count} functions, {points:g} points in all. The first need a line or two, the last
a quiet evening. What a transformer is you need not know. You need Python 3.11 or later and numpy 2 or
later (`python -m pip install numpy`), and nothing else.

1. Unpack the whole zip into one folder.
2. Write functions in the place of `raise NotImplementedError()`.
3. Run `python {file}.py` as often as you like. It tries every function and prints a line for each:
   the points it is worth so far, or what went wrong, by its name where the mistake is a known one.
   Ctrl-C ends an endless loop.

If you like notebooks better, `{file}.ipynb` has the same problems. Hand in one of the two.

## What is looked at

Nobody expects all of it. A few functions are worth sending, and so is one that is right only sometimes:
it earns points for the cases in which it is.

Compute with whole arrays. Python loops over the data are slow, and where a problem does not name one that
is allowed, none is needed. Of 100 parts of a point, {right} are for right results, {loops} for having no
such loop, and {fast} for speed. Loops and speed are looked at when you have handed in, by a judge with
other numbers than yours.

The judge takes the functions, imports and simple constants from your file, and runs nothing else of it.
Numpy and a few of Python's own modules (math, typing, dataclasses, collections, functools, itertools,
operator) are there. Your functions may call each other: if one is wrong, it alone loses points.

## Handing in

Send `{file}.py` or `{file}.ipynb`, or either in a zip, to the address above. Until the deadline you may
send as many versions as you like. The latest one counts, so put all you have into it.

Please answer three questions, in your mail or in the notebook:

{questions}
"""


@dataclass(frozen=True)
class Sheet:
    """What only the instructor knows: until when, and where to."""

    deadline: str
    contact: str

    def __post_init__(self) -> None:
        for name, value in (("deadline", self.deadline), ("contact", self.contact)):
            if not value.strip():
                raise CourseError(
                    f"the sheet for applicants needs a {name}: headway-grade release {NAME} "
                    '--deadline "1 May, 18:00" --contact "name@example.org"'
                )


def release(root: Path, sheet: Sheet) -> bytes:
    """The zip of the Qualifier. root is the clone; raises CourseError if it has none."""
    folder = root / FOLDER
    files = {
        path.relative_to(folder).as_posix(): read(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    files[SHEET] = _written(sheet, manifest.load(root / FIXTURES / "manifest.json").lesson(NAME)).encode()
    files["LICENSE"] = read(root / "LICENSE")
    return zipped(files, NAME)


def _written(sheet: Sheet, qualifier: Lesson) -> str:
    return _TEXT.format(
        deadline=sheet.deadline.strip(),
        contact=sheet.contact.strip(),
        file=FILE,
        count=len(qualifier.exercises),
        points=sum(exercise.points for exercise in qualifier.exercises),
        right=rubric.RIGHT,
        loops=rubric.LOOP_FREE,
        fast=rubric.FAST,
        questions="\n".join(f"{number}. {text}" for number, text in enumerate(QUESTIONS.values(), 1)),
    )
