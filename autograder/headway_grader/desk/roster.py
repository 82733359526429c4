"""Who is in a class: a list as CSV, and nbgrader's gradebook."""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from headway_course.errors import CourseError

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
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise CourseError(f"cannot read the roster {path} ({error.strerror})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"the roster {path} is no CSV in UTF-8 ({error}): {_EXPECTED}") from error
    if rows and "id" not in rows[0]:
        raise CourseError(f"the roster {path} has the columns {', '.join(map(str, rows[0]))}: {_EXPECTED}")
    people = [_person(row, f"line {number} of {path}") for number, row in enumerate(rows, start=2)]
    twice = [name for name, count in Counter(person.id for person in people).items() if count > 1]
    if twice:
        raise CourseError(
            f"the roster {path} has {', '.join(twice)} more than once: give everybody their own id"
        )
    return people


def _person(row: dict, where: str) -> Person:
    fields = {name: (row.get(name) or "").strip() or None for name in _COLUMNS}
    if not _ID.fullmatch(fields["id"] or "") or fields["id"].startswith("."):
        raise CourseError(
            f"{where}: {fields['id']!r} cannot be an id, for it names a folder: "
            "use letters, digits and . _ - @, without spaces"
        )
    return Person(**fields)


def enrol(db_url: str, people: Iterable[Person]) -> int:
    """Puts people into the gradebook and brings names up to date; removes nobody. Gives how many are new."""
    from nbgrader.api import Gradebook

    with Gradebook(db_url) as gradebook:
        known = {student.id for student in gradebook.students}
        new = 0
        for person in people:
            given = {name: value for name, value in vars(person).items() if name != "id" and value}
            gradebook.update_or_create_student(person.id, **given)
            new += person.id not in known
        return new
