"""Grading without names: each learner gets a pseudonym, and one private file knows whose it is.

Pseudonyms are drawn, not computed: no key and no list of names leads from one to a person. So the file is the
only way back; it belongs neither into the class nor into the course.
"""

import csv
import io
import os
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from headway_course.errors import CourseError

from headway_grader.desk.roster import Person
from headway_grader.grades.exporting import Row


@dataclass(frozen=True)
class Named:
    """A person, and the pseudonym under which the class knows them."""

    pseudonym: str
    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""


def extend(path: Path, people: Iterable[Person]) -> list[Named]:
    """Gives a pseudonym to everybody who has none yet, and keeps all in a file that only its owner reads.

    Raises CourseError if the file is there and is none of ours, or cannot be written.
    """
    known = {one.id: one for one in read(path)} if path.exists() else {}
    taken = {one.pseudonym for one in known.values()}
    for person in people:
        name = known[person.id].pseudonym if person.id in known else _drawn(taken)
        taken.add(name)
        given = {key: value or "" for key, value in vars(person).items()}
        known[person.id] = Named(name, **given)
    found = sorted(known.values(), key=lambda one: one.pseudonym)
    _write(path, _table(found))
    return found


def read(path: Path) -> list[Named]:
    """The people of such a file; raises CourseError if it is none."""
    try:
        lines = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        return [Named(**line) for line in lines]
    except (OSError, ValueError, TypeError, csv.Error) as error:
        raise CourseError(
            f"{path} is no list of pseudonyms ({error}): make one with `headway-grade pseudonyms`"
        ) from None


def roster(found: Iterable[Named]) -> str:
    """A roster for `teach --roster`, with nothing but pseudonyms in it."""
    return "\n".join(["id", *(one.pseudonym for one in found)]) + "\n"


def with_names(found: Iterable[Row], names: Mapping[str, Named]) -> list[Row]:
    """The rows of a gradebook under people's own names; raises CourseError for an unknown pseudonym."""
    return [_with_name(row, names) for row in found]


def _with_name(row: Row, names: Mapping[str, Named]) -> Row:
    if row.learner not in names:
        raise CourseError(f"no pseudonym is {row.learner}: name the list that this class was made with")
    one = names[row.learner]
    return replace(row, learner=one.id, first_name=one.first_name, last_name=one.last_name, email=one.email)


def _drawn(taken: set[str]) -> str:
    while (name := f"p-{secrets.token_hex(3)}") in taken:
        pass
    return name


def _table(found: Iterable[Named]) -> str:
    made = io.StringIO()
    writer = csv.DictWriter(made, [field.name for field in fields(Named)])
    writer.writeheader()
    writer.writerows(map(asdict, found))
    return made.getvalue()


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        unfinished.replace(path)
    except OSError as error:
        raise CourseError(f"cannot write {path} ({error.strerror or error})") from None
    finally:
        with suppress(OSError):
            unfinished.unlink()
