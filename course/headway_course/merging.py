"""Brings a learner's notebook up to date with the course's, and never touches what the learner wrote.

A learner's notebook remembers in its metadata which text each cell had when the course last brought it
(`headway.shipped`: cell id → hash); this survives saves by Jupyter, copies, and other file names. A cell that
still has that text follows the course. Any other is the learner's and stays, and where the course has a new
text for it, that is offered in a folded cell below. A cell that was brought before and is gone was deleted by
the learner, and stays away.

Programs that save notebooks lose the ids of cells or make new ones. Then a cell is known by the id that Colab
keeps in the metadata, by nbgrader's name of it, and at last by its text.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from headway_course.errors import CourseError
from headway_course.notebook_json import names_of, source_of

_NUMBERED = re.compile(r"-\d+$")  # the id of a cell that asks nothing: 01-softmax-07


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
    last, ids = _last_shipped(mine, ours, new)
    heirs = _heirs(last, new)
    differing = _differing(mine["cells"], ids, last, heirs, new)
    cells, changed, removed, kept = [], [], [], []
    used = set(new)
    for cell, known in zip(mine["cells"], ids, strict=True):
        if known is None:
            cells += [_own(still, used) for still in _unless_stale(cell, heirs, differing, new)]
            continue
        heir, touched = heirs.get(known), fingerprint(cell) != last[known]
        news = heir is not None and fingerprint(new[heir]) != last[known]
        if touched:
            cells.append({**cell, "id": heir} if heir else _own(cell, used))
            if news and heir in differing:
                cells.append(_own(_offer(new[heir]), used))
                kept.append(heir)
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
    """What a cell says, in a few letters: its kind and its source; white space at line ends is nothing."""
    lines = (line.rstrip() for line in source_of(cell).split("\n"))
    text = f"{cell['cell_type']}\n{chr(10).join(lines).rstrip()}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _last_shipped(mine: dict, ours: dict, new: Mapping[str, dict]) -> tuple[dict[str, str], list[str | None]]:
    """What the course brought the last time, and which of that each cell is.

    Of a notebook got in another way, the cells that are known were brought as they are in the course now.
    """
    known = mine["metadata"].get("headway")
    known = known if isinstance(known, dict) else {}
    lesson, shipped = known.get("lesson"), known.get("shipped")
    if lesson not in (None, ours["metadata"]["headway"]["lesson"]):
        raise CourseError("it is not this course's notebook of that name")
    if not isinstance(shipped, dict):
        every = {name: fingerprint(cell) for name, cell in new.items()}
        shipped = {name: every[name] for name in _recognised(mine["cells"], every) if name}
    ids = _recognised(mine["cells"], shipped)
    if lesson is None and 2 * len(shipped) < len(new):
        raise CourseError("it is not this course's notebook of that name")
    if not any(ids):
        raise CourseError("its cells have lost their names")
    return shipped, ids


def _recognised(cells: Sequence[Mapping], last: Mapping[str, str]) -> list[str | None]:
    """Which of the cells that were brought each cell is; None for those of the learner's own, and for copies.

    The first that bears a name has it; by text a cell is known only where there is no other of that text.
    """
    found: list[str | None] = [None] * len(cells)
    free = dict(last)
    names = [names_of(cell) for cell in cells]
    for rank in range(max(map(len, names), default=0)):
        for number, mine in enumerate(names):
            if found[number] is None and rank < len(mine) and mine[rank] in free:
                found[number] = mine[rank]
                del free[mine[rank]]
    texts = {number: fingerprint(cells[number]) for number, name in enumerate(found) if name is None}
    often, wanted = Counter(texts.values()), Counter(free.values())
    by_text = {text: name for name, text in free.items() if wanted[text] == often[text] == 1}
    return [name or by_text.get(texts[number]) for number, name in enumerate(found)]


def _differing(
    cells: Sequence[Mapping],
    ids: Sequence[str | None],
    last: Mapping[str, str],
    heirs: Mapping[str, str],
    new: Mapping[str, dict],
) -> set[str]:
    """The cells of the new notebook for which the learner has a text of their own, and another one."""
    return {
        heirs[known]
        for cell, known in zip(cells, ids, strict=True)
        if known in heirs and fingerprint(cell) not in (last[known], fingerprint(new[heirs[known]]))
    }


def _offer(new: Mapping) -> dict:
    """A folded cell with the course's new text, for below a cell that the learner changed."""
    text = source_of(new)
    shown = text if new["cell_type"] == "markdown" else f"```python\n{text}\n```"
    title = "The course has a new text for the cell above, which you have changed"
    source = f"<details>\n<summary>{title}</summary>\n\n{shown}\n\n</details>"
    offer = {"cell_type": "markdown", "source": source.splitlines(keepends=True)}
    note = {"offers": new["id"], "print": fingerprint(offer)}
    return {**offer, "id": f"{new['id'][:56]}-news", "metadata": {"headway": note}}


def _unless_stale(
    cell: dict, heirs: Mapping[str, str], differing: Collection[str], new: Mapping[str, dict]
) -> list[dict]:
    """The cell; none if it is an offer that is taken, or has become old, and in which nobody wrote."""
    note = cell["metadata"].get("headway")
    if not isinstance(note, dict) or note.get("print") != fingerprint(cell):
        return [cell]
    heir = heirs.get(note.get("offers"))
    if heir not in differing:
        return []
    now = _offer(new[heir])["metadata"]["headway"]
    return (
        [{**cell, "metadata": {**cell["metadata"], "headway": now}}] if now["print"] == note["print"] else []
    )


def _heirs(last: Mapping[str, str], new: Mapping[str, dict]) -> dict[str, str]:
    """Which cell of the new notebook continues which of the last one, by id.

    Numbers in ids shift when an author inserts a cell, so the same text under another id is the same cell.
    Between two of these, what stands there now continues what stood there.
    """
    prints = {name: fingerprint(cell) for name, cell in new.items()}
    heirs = {name: name for name, text in last.items() if prints.get(name) == text}
    old = {name: text for name, text in last.items() if name not in heirs}
    free = {name: text for name, text in prints.items() if name not in heirs}
    often = Counter([*old.values()]), Counter([*free.values()])
    for name, text in old.items():
        if often[0][text] == often[1][text] == 1:
            heirs[name] = next(other for other, same in free.items() if same == text)
    heirs |= _between(last, list(new), heirs)
    taken = set(heirs.values())
    return heirs | {name: name for name in old if name not in heirs and name in free and name not in taken}


def _between(last: Mapping[str, str], order: Sequence[str], heirs: Mapping[str, str]) -> dict[str, str]:
    """The heirs of numbered cells that have none, in order, from one known heir to the next."""
    taken, found = set(heirs.values()), {}
    run, start = [], 0
    for name in [*sorted(filter(_NUMBERED.search, last)), ""]:
        if name and name not in heirs:
            run.append(name)
            continue
        end = order.index(heirs[name]) if name else len(order)
        open_ = [other for other in order[start:end] if other not in taken and _NUMBERED.search(other)]
        found |= zip(run, open_, strict=False)
        run, start = [], max(start, end)
    return found


def _renewed(cell: dict, new: dict) -> dict:
    """The course's cell; what the learner got from running it stays as long as the text does."""
    metadata = {**cell["metadata"], **new["metadata"]}
    if fingerprint(cell) == fingerprint(new):
        return {**cell, "id": new["id"], "metadata": metadata}
    return {**new, "metadata": metadata}


def _own(cell: dict, used: set[str]) -> dict:
    """A cell of the learner's own, under an id that no other cell uses."""
    given = cell.get("id")
    first = given if isinstance(given, str) and given else f"own-{fingerprint(cell)[:8]}"
    number, name = 1, first
    while name in used:
        number += 1
        name = f"{first[:56]}-{number}"
    used.add(name)
    return cell if name == given else {**cell, "id": name}


def place(name: str, order: Sequence[str], cells: Sequence[Mapping]) -> int:
    """Behind the nearest cell that comes before it in the course."""
    at = {cell.get("id"): number for number, cell in enumerate(cells)}
    before = [other for other in order[: order.index(name)] if other in at]
    return at[before[-1]] + 1 if before else 0


def _with_record(notebook: dict, cells: Sequence[dict], ours: dict) -> dict:
    record = {cell["id"]: fingerprint(cell) for cell in ours["cells"]}
    metadata = {**notebook["metadata"], "headway": {**ours["metadata"]["headway"], "shipped": record}}
    minor = max(notebook.get("nbformat_minor", 5), 5)  # the first that has ids
    return {
        **notebook,
        "cells": [_in_step(cell) for cell in cells],
        "metadata": metadata,
        "nbformat_minor": minor,
    }


def _in_step(cell: dict) -> dict:
    """The cell with its id in the place where Colab repeats it, if it is repeated there."""
    if cell["metadata"].get("id") in (None, cell["id"]):
        return cell
    return {**cell, "metadata": {**cell["metadata"], "id": cell["id"]}}
