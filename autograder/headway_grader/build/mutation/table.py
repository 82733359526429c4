"""The table of `headway-build mutate`: how many mutants and wrong answers are rejected, and which are not."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from headway_grader.build.mutation.mutants import Mutant
from headway_grader.build.mutation.report import Report

COLUMNS = ("mutants", "killed", "raise", "equal", "left", "wrong", "killed", "named")
LEGEND = """
killed: rejected under every key; of these, raise: by nothing but errors. equal: listed as equivalent.
left: not killed, and not listed. wrong: named wrong answers; of these, named: told their own name."""
LIST = "headway_grader/build/mutation/equivalent.py"


def print_reports(reports: Sequence[Report], root: Path, file: TextIO | None = None) -> None:
    """Prints a row for each exercise, and below the table whatever the checks fail to tell."""
    console = Console(file=file, highlight=False)
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    table.add_column("exercise", no_wrap=True)
    for column in COLUMNS:
        table.add_column(column, justify="right")
    rows = [_row(report) for report in reports]
    for report, row in zip(reports, rows, strict=True):
        table.add_row(report.exercise, *map(str, row), style="" if report.passes else "red")
    if len(rows) > 1:
        table.add_section()
        table.add_row("all", *(str(sum(column)) for column in zip(*rows, strict=True)), style="bold")
    console.print(table, Text(LEGEND.strip()), soft_wrap=True)
    for line in _complaints(reports, root):
        console.print(Text(line), soft_wrap=True)


def _row(report: Report) -> tuple[int, ...]:
    rejected = [one for one in report.mutants if one.outcome.rejected]
    return (
        len(report.mutants),
        len(rejected),
        sum(one.outcome.raises for one in rejected),
        sum(bool(one.reason) for one in report.mutants),
        len(report.survivors),
        len(report.wrong),
        sum(outcome.rejected for outcome in report.wrong.values()),
        len(report.named),
    )


def _complaints(reports: Sequence[Report], root: Path) -> Iterable[str]:
    for report in reports:
        for one in report.survivors:
            yield f"{_place(one.mutant, root)} survives: add a case, or list it in {LIST}"
            yield f"    {one.mutant.statement}"
        for one in report.unsteady:
            groups = sorted({" ".join(sorted(tried.failed)) or "nothing" for tried in one.outcome.tried})
            yield f"{_place(one.mutant, root)}: what it fails depends on the key ({'; '.join(groups)})"
            yield f"    {one.mutant.statement}"
        for slug, outcome in report.wrong.items():
            if not outcome.rejected:
                yield f"the wrong answer {slug} passes: add a case"
            elif outcome.depends_on_the_key:
                yield f"what the wrong answer {slug} fails depends on the key"
        for statement in report.stale:
            yield f"{report.exercise}: no surviving mutant is `{statement}`: take it off {LIST}"


def _place(mutant: Mutant, root: Path) -> str:
    path = mutant.path.relative_to(root) if mutant.path.is_relative_to(root) else mutant.path
    return f"{path}:{mutant.line}: {mutant.before} → {mutant.after}"
