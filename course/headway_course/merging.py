"""Brings a learner's notebook up to date with the course's, and never touches what the learner wrote.

A learner's notebook remembers in its metadata which text each cell had when the course last brought it
(`headway.shipped`: cell id → hash); this survives saves by Jupyter, copies, and other file names. A cell that
still has that text follows the course. Any other is the learner's and stays. A cell that was brought before
and is gone was deleted by the learner, and stays away.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway_course.errors import CourseError
from headway_course.notebook_json import source_of


@dataclass(frozen=True)
class Merged:
    """A notebook brought up to date, and by id the cells that were added, changed, removed, and kept.

    kept are those of which the course has a new text and the learner one of their own.
    """

    notebook: dict
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def fresh(ours: dict) -> dict:
    """The course's notebook as a learner gets it the first time."""
    return _with_record(ours, ours["cells"], ours)


def merge(mine: dict, ours: dict) -> Merged:
    """The learner's notebook with the course's news; raises CourseError if it is no copy of the course's."""
    new = {cell["id"]: cell for cell in ours["cells"]}
    ids = _first_uses(mine["cells"])
    last = _last_shipped(mine, ours, new, ids)
    heirs = _heirs(last, new)
    cells, changed, removed, kept = [], [], [], []
    used = set(new)
    for cell, known in zip(mine["cells"], ids, strict=True):
        if known not in last:
            cells.append(_own(cell, used))
            continue
        heir, touched = heirs.get(known), fingerprint(cell) != last[known]
        news = heir is not None and fingerprint(new[heir]) != last[known]
        if touched:
            cells.append({**cell, "id": heir} if heir else _own(cell, used))
            kept += [heir] if news else []
        elif heir:
            cells.append(_renewed(cell, new[heir]))
            changed += [heir] if news else []
        else:
            removed.append(known)
    added = [name for name in new if name not in heirs.values()]
    for name in added:
        cells.insert(place(name, list(new), cells), new[name])
    return Merged(_with_record(mine, cells, ours), tuple(added), tuple(changed), tuple(removed), tuple(kept))


def fingerprint(cell: Mapping) -> str:
    """What a cell says, in a few letters: its kind and its source, with line ends as \\n."""
    text = f"{cell['cell_type']}\n{source_of(cell)}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _first_uses(cells: Sequence[Mapping]) -> list[str | None]:
    """The id of each cell; None for a copy of an earlier cell, and where there is none."""
    seen: set[str] = set()
    found = []
    for cell in cells:
        name = cell.get("id")
        found.append(name if isinstance(name, str) and name not in seen else None)
        seen.add(name)
    return found


def _last_shipped(
    mine: dict, ours: dict, new: Mapping[str, dict], ids: Sequence[str | None]
) -> dict[str, str]:
    """What the course brought the last time; of a notebook got in another way, the cells that are known."""
    known = mine["metadata"].get("headway")
    known = known if isinstance(known, dict) else {}
    if known.get("lesson") != ours["metadata"]["headway"]["lesson"]:
        raise CourseError("it is not this course's notebook of that name")
    shipped = known.get("shipped")
    if not isinstance(shipped, dict):
        shipped = {name: fingerprint(new[name]) for name in ids if name in new}
    if not any(name in shipped for name in ids):
        raise CourseError("its cells have lost their names")
    return shipped


def _heirs(last: Mapping[str, str], new: Mapping[str, dict]) -> dict[str, str]:
    """Which cell of the new notebook continues which of the last one, by id.

    Numbers in ids shift when an author inserts a cell, so the same text under another id is the same cell.
    """
    prints = {name: fingerprint(cell) for name, cell in new.items()}
    heirs = {name: name for name, text in last.items() if prints.get(name) == text}
    old = {name: text for name, text in last.items() if name not in heirs}
    free = {name: text for name, text in prints.items() if name not in heirs}
    often = Counter([*old.values()]), Counter([*free.values()])
    for name, text in old.items():
        if often[0][text] == often[1][text] == 1:
            heirs[name] = next(other for other, same in free.items() if same == text)
    taken = set(heirs.values())
    return heirs | {name: name for name in old if name not in heirs and name in free and name not in taken}


def _renewed(cell: dict, new: dict) -> dict:
    """The course's cell; what the learner got from running it stays as long as the text does."""
    metadata = {**cell["metadata"], **new["metadata"]}
    if fingerprint(cell) == fingerprint(new):
        return {**cell, "id": new["id"], "metadata": metadata}
    return {**new, "metadata": metadata}


def _own(cell: dict, used: set[str]) -> dict:
    """A cell of the learner's own, under an id that no other cell uses."""
    name = cell.get("id")
    if not isinstance(name, str):
        return cell
    number = 1
    while name in used:
        number += 1
        name = f"{cell['id'][:56]}-{number}"
    used.add(name)
    return cell if name == cell["id"] else {**cell, "id": name}


def place(name: str, order: Sequence[str], cells: Sequence[Mapping]) -> int:
    """Behind the nearest cell that comes before it in the course."""
    at = {cell.get("id"): number for number, cell in enumerate(cells)}
    before = [other for other in order[: order.index(name)] if other in at]
    return at[before[-1]] + 1 if before else 0


def _with_record(notebook: dict, cells: Sequence[dict], ours: dict) -> dict:
    record = {cell["id"]: fingerprint(cell) for cell in ours["cells"]}
    metadata = {**notebook["metadata"], "headway": {**ours["metadata"]["headway"], "shipped": record}}
    minor = max(notebook.get("nbformat_minor", 5), 5)  # the first that has ids
    return {**notebook, "cells": list(cells), "metadata": metadata, "nbformat_minor": minor}
