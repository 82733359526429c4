"""When something was handed in, from nbgrader's timestamp.txt or from a name with a time in it."""

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

_DAY = r"(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)"
_CLOCK = r"(\d\d)[-_.:h]?(\d\d)(?:[-_.:m]?(\d\d)(?:[.,](\d{1,6}))?)?"
_NOT_A_DAY = r"(?!20\d\d[-_.]?\d\d[-_.]?\d\d)"
_TIME = re.compile(rf"(?<!\d){_DAY}(?:(?:[T_\-. ]|_at_| at )*{_NOT_A_DAY}{_CLOCK})?(?!\d)")
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)$")


def stated_time(text: str) -> datetime | None:
    """The time in a timestamp.txt (`2026-02-03 10:20:30.000000 UTC`, or ISO 8601); None if it has none."""
    lines = text.strip().splitlines()
    found = _TIME.match(lines[0]) if lines else None
    when = _datetime(found)
    if when is None:
        return None
    return when.replace(tzinfo=_zone(lines[0][found.end() :].strip())).astimezone(UTC)


def time_in_name(name: str) -> datetime | None:
    """The last time in a name (`ada_2026-02-03_10-20.ipynb`, `20260203T1020`), taken as UTC; None if none."""
    times = [when for when in map(_datetime, _TIME.finditer(name)) if when]
    return times[-1] if times else None


def _datetime(found: re.Match | None) -> datetime | None:
    if not found:
        return None
    *numbers, fraction = found.groups()
    try:
        return datetime(*(int(n or 0) for n in numbers), int((fraction or "").ljust(6, "0")), tzinfo=UTC)
    except ValueError:  # digits that are no date
        return None


def _zone(text: str):
    """The time zone by offset or name; UTC for what is not known."""
    if offset := _OFFSET.search(text):
        sign, hours, minutes = offset.groups()
        delta = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-delta if sign == "-" else delta) if delta < timedelta(hours=24) else UTC
    try:
        return ZoneInfo(text) if re.fullmatch(r"\w+/[\w/+-]+", text) else UTC
    except Exception:  # zoneinfo raises several kinds for a name it does not have
        return UTC
