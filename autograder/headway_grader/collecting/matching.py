"""Whose file is this? A name from a download is looked up on the roster, and nobody is guessed."""

import unicodedata
from collections.abc import Iterable, Iterator

from nbgrader.api import Gradebook, Student

from headway_grader.collecting.downloads import Arrived
from headway_grader.grades.pseudonyms import Named


class Roster:
    """The learners of a class, found by id, e-mail, number or name in any spelling that is one person's."""

    def __init__(self, people: Iterable[Student | Named]):
        self._ids: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._names: dict[str, set[str]] = {}
        for person in people:
            here = getattr(person, "pseudonym", person.id)  # how the class calls them
            self._ids[person.id.casefold()] = here
            if number := getattr(person, "lms_user_id", None):
                self._numbers[str(number)] = here
            for name in _spellings(person):
                self._names.setdefault(name, set()).add(here)

    def find(self, arrived: Arrived) -> str | None:
        """The id of the learner who sent a file; None if nobody or more than one could be meant."""
        found = self.alike(arrived)
        return found[0] if len(found) == 1 else None

    def alike(self, arrived: Arrived) -> list[str]:
        """The ids of all who could be meant: by number and id, else by name."""
        texts = (*_readings(arrived.who), *_beginnings(arrived.label))
        ids = (self._ids.get(text.casefold()) for text in texts)
        known = {*filter(None, [self._numbers.get(arrived.number), next(filter(None, ids), None)])}
        names = (self._names.get(_plain(text), set()) for text in _readings(arrived.who))
        return sorted(known or next(filter(None, names), set()))


def roster_of(db_url: str) -> Roster:
    """The learners in a class's gradebook."""
    with Gradebook(db_url) as gradebook:
        return Roster(gradebook.students)


def _spellings(person: Student | Named) -> Iterator[str]:
    first, last = person.first_name or "", person.last_name or ""
    if first or last:
        yield _plain(first + last)
        yield _plain(last + first)
    if person.email:
        yield _plain(person.email)
    yield _plain(person.id)


def _readings(who: str) -> Iterator[str]:
    """A name as it stands, and without a group in front of it."""
    yield who
    if "-" in who:
        yield who.rpartition("-")[2]


def _beginnings(stem: str) -> Iterator[str]:
    """What may be the id in a name such as ID_anything, the longest first."""
    parts = stem.split("_")
    yield from ("_".join(parts[:count]) for count in range(len(parts), 0, -1))


def _plain(name: str) -> str:
    """A name without accents, case, blanks and signs: systems disagree about all of them."""
    letters = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    return "".join(letter for letter in letters.casefold() if letter.isalnum())
