"""Brings back what nbgrader needs of a notebook that a learner edited, cut up or broke."""

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from headway_grader.frontdoor.reading import NEW_CELL, unused
from headway_grader.frontdoor.released import Expected


class RestoreCells(NbGraderPreprocessor):
    """Takes the place of ClearOutput, DeduplicateIds, OverwriteKernelspec and OverwriteCells.

    These trust metadata that a learner can write, fail where it is odd, and ask the gradebook for each cell.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        released = self.parent.released(names)
        nb.metadata.kernelspec = released.kernelspec
        for note in restore(nb, released.cells, resources.get("unreadable", "")):
            self.log.warning("%s, %s: %s", names["student"], names["notebook"], note)
        return nb, resources


def restore(nb: NotebookNode, expected: tuple[Expected, ...], unreadable: str = "") -> list[str]:
    """Makes every graded cell stand in `nb` once and in its released form, and says what had to be done.

    Cells are known by nbgrader's id, else by their cell id. Of copies one counts: the first of a locked cell,
    the last of an answer, the last changed of an answer that a person grades. `unreadable` is why there is
    nothing in `nb`.
    """
    claims = {cell.name: [] for cell in expected}
    for cell in nb.cells:
        name = _name(cell, claims)
        cell.metadata = NotebookNode()
        if name:
            claims[name].append(cell)
    notes = [f"the notebook could not be read: {unreadable}"] if unreadable else []
    place = 0
    for cell in expected:
        copies = claims[cell.name]
        if len(copies) > 1:
            notes.append(f"the cell {cell.name!r} is there {len(copies)} times; one copy counts")
        if copies:
            chosen = _chosen(copies, cell)
            _renew(chosen, cell)
            place = next(at for at, other in enumerate(nb.cells) if other is chosen) + 1
        elif cell.grade or cell.task:
            notes.append(f"the cell {cell.name!r} was missing and has been put back")
            nb.cells.insert(place, _put_back(cell, unreadable))
            place += 1
    _tell_apart(nb)
    return notes


def _name(cell: NotebookNode, known: dict) -> str | None:
    candidates = (cell.metadata.get("nbgrader", {}).get("grade_id"), cell.metadata.get("id"), cell.id)
    return next((name for name in candidates if name in known), None)


def _chosen(copies: list[NotebookNode], expected: Expected) -> NotebookNode:
    if expected.locked:
        return copies[0]
    changed = [copy for copy in copies if copy.source.strip() != expected.source.strip()]
    return (changed if expected.grade and changed else copies)[-1]


def _renew(cell: NotebookNode, expected: Expected) -> None:
    if cell.cell_type != expected.kind:
        fresh = NEW_CELL[expected.kind](cell.source)
        cell.clear()
        cell.update(fresh)
    if expected.locked:
        cell.source = expected.source
    cell.metadata = expected.metadata


def _put_back(expected: Expected, unreadable: str) -> NotebookNode:
    """A cell that was missing; the note in it keeps nbgrader from giving zero for an unchanged answer."""
    why = f"The notebook could not be read: {unreadable}" if unreadable else "This cell was missing."
    note = f"*{why}*\n\n" if expected.solution or expected.task else ""
    return NEW_CELL[expected.kind](note + expected.source, metadata=expected.metadata)


def _tell_apart(nb: NotebookNode) -> None:
    """A cell of the lesson gets its own id back, whoever has it now; no two cells share one."""
    known = {cell.metadata.nbgrader.grade_id for cell in nb.cells if cell.metadata}
    taken = set(known)
    for number, cell in enumerate(nb.cells):
        if cell.metadata:
            cell.id = cell.metadata.nbgrader.grade_id
        elif cell.id in taken:
            cell.id = unused(taken, number)
        taken.add(cell.id)
