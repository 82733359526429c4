"""What a person or a program sees of the verdicts."""

import json
from collections.abc import Sequence
from pathlib import Path

from headway_grader.records import Record
from headway_grader.verdict import Verdict


def show(records: Sequence[Record], folder: Path, as_json: bool) -> None:
    """Prints what was found, for a program or for a person."""
    if as_json:
        for line in lines(records):
            print(line)
        return
    from headway_grader.tables import print_table  # rich takes a while to import

    print_table(records, folder)


def lines(records: Sequence[Record]) -> list[str]:
    """One line of JSON per learner and exercise, in ASCII."""
    return [json.dumps(_entry(verdict)) for record in records for verdict in record.verdicts]


def _entry(verdict: Verdict) -> dict[str, object]:
    return {
        "learner": verdict.learner,
        "assignment": verdict.assignment,
        "exercise": verdict.exercise,
        "status": verdict.status,
        "groups": verdict.groups,
        "points": verdict.points,
        "of": verdict.of,
        "waiting": verdict.waiting,
        "loops": verdict.loops,
        "speed": verdict.speed,
        "message": verdict.message,
        "warnings": verdict.warnings,
    }
