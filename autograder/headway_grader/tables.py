"""The table of learners × exercises, for people. Learners chose the names in it, so they are escaped."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from headway_grader.printing import printable
from headway_grader.records import Record
from headway_grader.verdict import Loops, Speed, Status, Verdict

NARROW = 110  # columns of a terminal; in fewer, names of exercises are broken
MANY = 14  # exercises of one assignment; more are counted, not shown one by one
MARKS = {
    Status.PASS: ("", "green"),
    Status.PARTIAL: ("partial", "yellow"),
    Status.WRONG: ("wrong", "red"),
    Status.NOT_STARTED: ("not started", "dim"),
    Status.REFUSED: ("refused", "red"),
    Status.CRASH: ("crash", "red"),
    Status.TIMEOUT: ("timeout", "red"),
    Status.MEMORY: ("memory", "red"),
    Status.UNREADABLE: ("unreadable", "red"),
    Status.GRADER_ERROR: ("our fault, to be judged again", "bold magenta"),
}


def print_table(records: Sequence[Record], folder: Path, file: TextIO | None = None) -> None:
    """Prints points of learners × exercises per assignment, and how they came about."""
    console = Console(file=file, highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = 120  # in a file nothing need be folded
    for assignment in dict.fromkeys(record.assignment for record in records):
        of_one = [record for record in records if record.assignment == assignment]
        if max(len(record.verdicts) for record in of_one) > MANY:
            console.print(_summary(assignment, of_one))
        else:
            console.print(_table(assignment, of_one, narrow=console.width < NARROW))
    if len({record.learner for record in records}) == 1:
        console.print(_reasons(records))
    console.print(_footer(records, folder), soft_wrap=True)


def _table(assignment: str, records: Sequence[Record], narrow: bool) -> Table:
    columns = dict.fromkeys(verdict.exercise for record in records for verdict in record.verdicts)
    of = max(_of(record) for record in records)
    table = _headed(assignment)
    for exercise in columns:
        heading = printable(exercise, 60)
        heading = heading.replace("_", "_\n") if narrow else heading
        table.add_column(Text(heading), justify="right", overflow="fold")
    table.add_column(f"points\nof {of:g}", justify="right", min_width=6, overflow="fold")
    for record in records:
        verdicts = {verdict.exercise: verdict for verdict in record.verdicts}
        cells = [_cell(verdicts[exercise]) if exercise in verdicts else Text("") for exercise in columns]
        table.add_row(Text(printable(record.learner, 60)), *cells, _total(record, of))
    return table


def _summary(assignment: str, records: Sequence[Record]) -> Table:
    """Learners × how often each status was given, and how many answers loop or are slow."""
    given = {verdict.status for record in records for verdict in record.verdicts}
    shown = [status for status in MARKS if status in given]
    of = max(_of(record) for record in records)
    table = _headed(assignment)
    words = ["right" if status is Status.PASS else MARKS[status][0] for status in shown]
    for heading in (f"points\nof {of:g}", *words, "loops", "slow"):
        table.add_column(heading, justify="right")
    for record in records:
        statuses = [verdict.status for verdict in record.verdicts]
        counts = [
            *(statuses.count(status) for status in shown),
            sum(verdict.loops is Loops.FOUND for verdict in record.verdicts),
            sum(verdict.speed in (Speed.UP_TO_10, Speed.SLOWER) for verdict in record.verdicts),
        ]
        row = [Text(str(count), style="" if count else "dim") for count in counts]
        table.add_row(Text(printable(record.learner, 60)), _total(record, of), *row)
    return table


def _headed(assignment: str) -> Table:
    title = Text(printable(assignment or "not of this course", 60), style="bold")
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 0, 0, 1))
    table.add_column("learner", overflow="fold")
    return table


def _cell(verdict: Verdict) -> Text:
    word, colour = MARKS[verdict.status]
    if verdict.loops is Loops.FOUND:
        word, colour = f"{word}, loops".removeprefix(", "), "yellow" if not word else colour
    if verdict.speed in (Speed.UP_TO_10, Speed.SLOWER):
        word, colour = f"{word}, slow".removeprefix(", "), "yellow" if not word else colour
    if verdict.waiting:
        word = f"{word}, {verdict.waiting:g} waiting".removeprefix(", ")
        colour = "yellow" if colour == "green" else colour
    points = "?" if verdict.status is Status.GRADER_ERROR else f"{verdict.points:g}"
    return Text(f"{points}\n{word}" if word else points, style=colour)


def _total(record: Record, of: float) -> Text:
    """The points of a record; out of how many, where a fault of ours left some out."""
    points = f"{round(sum(verdict.points for verdict in record.verdicts), 2):g}"
    return Text(points if _of(record) == of else f"{points} of {_of(record):g}", style="bold")


def _of(record: Record) -> float:
    return sum(verdict.of for verdict in record.verdicts)


def _reasons(records: Sequence[Record]) -> Group:
    """For a single learner: why, exercise by exercise."""
    texts = []
    for verdict in (verdict for record in records for verdict in record.verdicts):
        name = Text(printable(verdict.exercise or verdict.learner, 60), style="bold")
        texts.append(name.append(f"  {printable(verdict.message)}", style="not bold"))
        texts += [Text(f"  {printable(warning)}", style="yellow") for warning in verdict.warnings]
    return Group(*texts)


def _footer(records: Sequence[Record], folder: Path) -> Group:
    layers = dict.fromkeys(layer for record in records for layer in record.layers)
    faults = sum(v.status is Status.GRADER_ERROR for record in records for v in record.verdicts)
    texts = [
        Text(f"{len(records)} submission{'s' * (len(records) != 1)}."),
        Text(f"Sandbox: {', '.join(layers) or 'NONE (--trust)'}"),
        Text(f"Records: {printable(str(folder))}"),
    ]
    if any(record.undecided for record in records):
        texts.append(Text("Some speeds were not decided: run the same command again.", style="yellow"))
    if faults:
        text = f"{faults} exercise{'s' * (faults != 1)} could not be judged through a fault of ours: "
        texts.append(Text(text + "no points are lost; run the same command again.", style="bold magenta"))
    return Group(*texts)
