"""Days, and the ways in which people write them."""

from collections.abc import Sequence
from datetime import date

import numpy as np

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIRST, LAST = date(1900, 1, 1), date(2099, 12, 31)

WAYS = (
    "{day} {month} {year}",
    "{day}. {month} {year}",
    "{day} {mon} {year}",
    "{month} {day}, {year}",
    "{mon} {day} {year}",
    "{nth} of {month} {year}",
    "the {nth} of {month}, {year}",
    "{weekday}, {day} {month} {year}",
    "{weekday}, {month} {nth}, {year}",
    "{day}.{number}.{year}",
    "{day:02}/{number:02}/{year}",
    "{year}, {day} {month}",
)
"""Where all is in numbers, the day stands before the month."""


def written(day: date, way: str) -> str:
    """A day as `way` writes it."""
    month = MONTHS[day.month - 1]
    return way.format(
        day=day.day,
        nth=f"{day.day}{_ending(day.day)}",
        number=day.month,
        month=month,
        mon=month[:3],
        year=day.year,
        weekday=WEEKDAYS[day.weekday()],
    )


def _ending(n: int) -> str:
    return "th" if n in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")


def pairs(rng: np.random.Generator, days: Sequence[date]) -> list[tuple[str, str]]:
    """Each day, in some way and as 1999-03-03."""
    ways = rng.integers(len(WAYS), size=len(days))
    return [(written(day, WAYS[way]), day.isoformat()) for day, way in zip(days, ways, strict=True)]


def characters() -> tuple[str, ...]:
    """The end of a text, then every character of a date in the order of the alphabet."""
    used = "".join([*MONTHS, *WEEKDAYS, "stndrdth", "the of", "0123456789", " ,./-"])
    return ("<end>", *sorted(set(used)))
