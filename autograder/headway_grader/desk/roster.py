"""Who is in a class: a list as CSV, and nbgrader's gradebook."""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from headway_course.errors import CourseError
from nbgrader.api import Gradebook

_COLUMNS = ("id", "first_name", "last_name", "email")
_ID = re.compile(r"[\w.@-]+")
_EXPECTED = "expected a column called id, and if you like first_name, last_name and email"


@dataclass(frozen=True)
class Person:
    """A learner, by the id that names the folder of what they hand in."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None


def read_roster(path: Path) -> list[Person]:
    """The people of a CSV file, as spreadsheets and `nbgrader db student import` write it."""
    columns, *lines = _lines(path)
    if "id" not in columns:
        raise CourseError(f"the roster {path} has the columns {', '.join(columns)}: {_EXPECTED}")
    people = [
        _person(dict(zip(columns, line, strict=False)), f"line {number} of {path}")
        for number, line in enumerate(lines, start=2)
        if any(line)
    ]
    twice = [name for name, count in Counter(person.id for person in people).items() if count > 1]
    if twice:
        raise CourseError(f"the roster {path} has {', '.join(twice)} more than once: an id is one person's")
    return people


def _lines(path: Path) -> list[list[str]]:
    """The fields of each line, without blanks around them; commas or semicolons between them."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        first = text.partition("\n")[0]
        lines = list(csv.reader(text.splitlines(), delimiter=";" if ";" in first else ","))
    except OSError as error:
        raise CourseError(f"cannot read the roster {path} ({error.strerror})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"the roster {path} is no CSV in UTF-8 ({error}): {_EXPECTED}") from error
    if not lines:
        raise CourseError(f"the roster {path} is empty: {_EXPECTED}")
    return [[field.strip() for field in line] for line in lines]


def _person(row: dict, where: str) -> Person:
    fields = {name: row.get(name) or None for name in _COLUMNS}
    if not _ID.fullmatch(fields["id"] or "") or fields["id"].startswith("."):
        raise CourseError(
            f"{where}: {fields['id'] or ''!r} cannot be an id, for it names a folder: "
            "use letters, digits and . _ - @, without spaces"
        )
    return Person(**fields)


def enrol(db_url: str, people: Iterable[Person]) -> tuple[int, int]:
    """Puts people into the gradebook and brings names up to date; removes nobody.

    Gives how many there are now, and how many of them are new.
    """
    with Gradebook(db_url) as gradebook:
        before = len(gradebook.students)
        for person in people:
            given = {name: value for name, value in vars(person).items() if name != "id" and value}
            gradebook.update_or_create_student(person.id, **given)
        now = len(gradebook.students)
        return now, now - before
