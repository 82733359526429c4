"""What a learner waits for: opening a lesson, a warm check, `headway check FILE`.

    python benchmarks/learning.py [--rounds 5]

Every lesson's solved notebook runs in a real kernel, each cell timed from outside; then each check runs
again, warm, as after a second Shift+Enter. `headway check` runs on the answers of the lesson as a script,
beside a plain pytest file that imports numpy and asserts one number, which is what the file would cost at
the least.
The targets: no cell over 5 s, the median of a warm check at most 1 s, `headway check` at most 2 s of CPU.
"""

import argparse
import ast
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from headway_course import manifest
from meter import Cost, measure
from nbclient import NotebookClient

SOLVED = Path(__file__).parents[1] / "solutions" / "notebooks"
BIN = Path(sys.executable).parent
PLAIN = "import numpy as np\n\n\ndef test_a_number():\n    assert np.exp(0.0) == 1\n"


@dataclass(frozen=True)
class Opened:
    """One lesson in a kernel: seconds of its slowest cell, and of every check once it is warm."""

    slowest: float
    cell: str
    checks: tuple[float, ...]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each warm check runs")
    rounds = parser.parse_args().rounds
    print(_row("lesson", "slowest cell", "s", "warm check: median s", "max s", "FILE: CPU s", "of pytest"))
    with tempfile.TemporaryDirectory(prefix="headway-learning-") as folder:
        plain = _plain_pytest(Path(folder))
        for lesson in manifest.load().lessons:
            opened = open_lesson(lesson.name, rounds, folder)
            file = _answers(lesson, Path(folder))
            cost = measure((str(BIN / "headway"), "check", str(file)), Path(folder), _environment(folder))
            numbers = (opened.slowest, statistics.median(opened.checks), max(opened.checks), cost.cpu)
            seconds = [f"{number:.2f}" for number in numbers]
            ratio = f"{cost.cpu / plain.cpu:.1f}"
            print(_row(lesson.name, opened.cell, *seconds, ratio), flush=True)


def _row(*cells: str) -> str:
    return "{:16} {:26} {:>5} {:>21} {:>6} {:>12} {:>10}".format(*cells)


def _environment(folder: str) -> dict[str, str]:
    """What is remembered of the answers tried here is remembered nowhere else."""
    return {**os.environ, "HEADWAY_HOME": folder}


def open_lesson(name: str, rounds: int, folder: str) -> Opened:
    """Runs a lesson from top to bottom, then its checks again."""
    notebook = nbformat.read(SOLVED / f"{name}.ipynb", as_version=4)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": folder}})
    with client.setup_kernel(env=_environment(folder)):
        seconds = dict(_timed(client, notebook.cells))
        checks = [cell for cell in notebook.cells if cell.source.startswith("check(")]
        warm = [s for _ in range(rounds) for _, s in _timed(client, checks)]
    slowest = max(seconds, key=seconds.get)
    return Opened(seconds[slowest], slowest, tuple(warm))


def _timed(client: NotebookClient, cells: list) -> Iterator[tuple[str, float]]:
    for number, cell in enumerate(cells):
        if cell.cell_type == "code":
            start = time.perf_counter()
            client.execute_cell(cell, number)
            yield cell.id, time.perf_counter() - start


def _answers(lesson: manifest.Lesson, folder: Path) -> Path:
    """The model answers of a lesson as a script that a learner might have written."""
    notebook = nbformat.read(SOLVED / f"{lesson.name}.ipynb", as_version=4)
    names = {exercise.name for exercise in lesson.exercises}
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    imports = dict.fromkeys(
        ast.unparse(node)
        for cell in code
        for node in ast.parse(cell.source).body
        if isinstance(node, ast.Import | ast.ImportFrom)
    )
    answers = [cell.source for cell in code if cell.id in names or "earlier(" in cell.source]
    file = folder / f"{lesson.name}.py"
    file.write_text("\n".join(imports) + "\n\n\n" + "\n\n\n".join(answers) + "\n", encoding="utf-8")
    return file


def _plain_pytest(folder: Path) -> Cost:
    (folder / "test_plain.py").write_text(PLAIN)
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_plain.py")
    return measure(command, folder, _environment(str(folder)))


if __name__ == "__main__":
    main()
