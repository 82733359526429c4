"""Whether grading says the same each time: full gradings of the example class on a machine that is busy.

    python benchmarks/same_tables.py [--rounds 10] [--gradings 2] [--neighbours 2]

In each round the class is graded so many times, always from nothing, under one course key, while neighbours
keep the processors busy. A round is identical if all its gradings say of every learner and exercise the same
as the very first grading did, to the letter. The neighbours are processes that end with this one.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLASS = Path(__file__).resolve().parents[1] / "data" / "example_class"
GRADE = Path(sys.executable).parent / "headway-grade"
BUSY = "import os\nparent = os.getppid()\nwhile os.getppid() == parent:\n    sum(range(100_000))"

Verdicts = dict[tuple[str, str, str], dict]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=10, help="how many (10)")
    parser.add_argument("--gradings", type=int, default=2, help="of the whole class in each round (2)")
    parser.add_argument("--neighbours", type=int, default=2, help="busy processes beside them (2)")
    asked = parser.parse_args()
    identical, first = 0, None
    with tempfile.TemporaryDirectory(prefix="headway-same-") as folder, _busy(asked.neighbours):
        for number in range(1, asked.rounds + 1):
            tables = [_graded(Path(folder)) for _ in range(asked.gradings)]
            first = first or tables[0]
            differences = [difference for table in tables for difference in _differences(first, table)]
            identical += not differences
            said = f"{len(differences)} differ" if differences else f"{len(first)} verdicts, all the same"
            print(f"round {number}: {said}", *differences, sep="\n  ", flush=True)
    print(f"{identical} of {asked.rounds} rounds of {asked.gradings} gradings were identical")
    sys.exit(identical < asked.rounds)


@contextmanager
def _busy(count: int) -> Iterator[None]:
    """Neighbours that compute until this process ends them, or is no more."""
    neighbours = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(count)]
    try:
        yield
    finally:
        for neighbour in neighbours:
            neighbour.kill()
            neighbour.wait()


def _graded(home: Path) -> Verdicts:
    """What a grading says; key and hidden numbers stay for the next, what it judged does not."""
    shutil.rmtree(home / "records", ignore_errors=True)
    environment = os.environ | {"HEADWAY_HOME": str(home)}
    done = subprocess.run(
        [GRADE, "run", CLASS, "--json"], env=environment, check=True, capture_output=True, text=True
    )
    verdicts = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {(v["learner"], v["assignment"], v["exercise"]): v for v in verdicts}


def _differences(one: Verdicts, other: Verdicts) -> Iterator[str]:
    for key in sorted(one.keys() | other.keys()):
        was, now = one.get(key, {}), other.get(key, {})
        for what in sorted(was.keys() | now.keys()):
            if was.get(what) != now.get(what):
                yield f"{' '.join(key)}: {what} was {was.get(what)!r}, now {now.get(what)!r}"


if __name__ == "__main__":
    main()
