"""What grading costs: with stock nbgrader, with nbgrader and our judge, with `headway-grade run`.

    python benchmarks/grading.py [--submissions 20] [--json]

All three judge the same submissions of softmax and log_softmax on the same cases. Stock nbgrader has these
as asserts in its test cells, as an instructor writes them today. Releasing the assignment and computing
the hidden cases happen once for a course and are not measured; a run over one submission goes before, so
that nobody pays for cold caches. How many exercises got full marks shows that all three did the work.
"""

import argparse
import ast
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from inspect import getsource
from itertools import cycle, islice
from pathlib import Path

import nbformat
import numpy as np
from headway import numerics
from headway_course import fixtures, manifest
from headway_course.fixtures import Fixture
from headway_course.manifest import Lesson, Manifest
from headway_grader import wrong
from headway_grader.hidden import hidden_fixtures
from meter import SAID, Cost, measure
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

LESSON, EXERCISES = "01_softmax", ("softmax", "log_softmax")
KIN = {*EXERCISES, "logsumexp"}
CONFIG = Path(__file__).parents[1] / "autograder" / "nbgrader_config.py"
BIN = Path(sys.executable).parent
AUTOGRADE = (str(BIN / "nbgrader"), "autograde", LESSON)
TARGETS = {"nbgrader with the judge": 1 / 3, "headway-grade run": 1 / 10}


@dataclass(frozen=True)
class Arm:
    """One way to grade: its name, its folder, its command, and how to count full marks in the folder."""

    name: str
    folder: Path
    command: tuple[str, ...]
    full_marks: Callable[[Path], int]


@dataclass(frozen=True)
class Result:
    """What an arm cost, and to how many answers it gave full marks."""

    cost: Cost
    full_marks: int


def main() -> None:
    asked = _arguments()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else nothing that is imported stays compiled
    with tempfile.TemporaryDirectory(prefix="headway-grading-") as folder:
        os.environ |= _environment(Path(folder))
        lesson = _small_course(Path(folder))
        released = _release(Path(folder) / "released", lesson)
        for arm in _arms(Path(folder) / "warm-up", released, submissions=1):
            measure(arm.command, arm.folder, os.environ)
        results = {}
        for arm in _arms(Path(folder) / "measured", released, asked.submissions):
            cost = measure(arm.command, arm.folder, os.environ)
            results[arm.name] = Result(cost, arm.full_marks(arm.folder))
    if asked.json:
        print(
            json.dumps({"submissions": asked.submissions} | {name: asdict(r) for name, r in results.items()})
        )
    else:
        print(_table(results, asked.submissions))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=20, help="how many (20)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


def _environment(folder: Path) -> dict[str, str]:
    """A home, a course key and fixtures of the benchmark's own."""
    home = folder / "home"
    home.mkdir()
    return {
        "HOME": str(home),
        "HEADWAY_HOME": str(home / "headway"),
        "HEADWAY_FIXTURES": str(folder / "fixtures"),
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }


def _small_course(folder: Path) -> Lesson:
    """The course with nothing but the two exercises, so that both sides are asked the same."""
    public = Path(__file__).parents[1] / "data" / "fixtures"
    whole = manifest.load(public / "manifest.json").lesson(LESSON)
    asked = tuple(exercise for exercise in whole.exercises if exercise.name in EXERCISES)
    lesson = replace(whole, exercises=asked, questions=())
    (folder / "fixtures").mkdir()
    (folder / "fixtures" / "manifest.json").write_text(manifest.dump(Manifest((lesson,))))
    kept = [fixture for name, fixture in fixtures.load(public / f"{LESSON}.npz").items() if name in EXERCISES]
    fixtures.save(folder / "fixtures" / f"{LESSON}.npz", kept)
    return lesson


@dataclass(frozen=True)
class Assignment:
    """The lesson as it was released for each arm, and the test cells that its notebooks have there."""

    lesson: Lesson
    folder: Path
    tests: dict[str, dict[str, str]]


def _release(folder: Path, lesson: Lesson) -> Assignment:
    """Releases the lesson with nbgrader, with and without our config."""
    hidden = hidden_fixtures(lesson)
    asserts = {name: _asserts(hidden[name]) for name in EXERCISES}
    checks = {name: f"check({name})" for name in EXERCISES}
    released = Assignment(lesson, folder, {"stock": asserts, "ours": checks, "plain": checks})
    for name, tests in released.tests.items():
        _write(folder / name / "source", lesson, {e.name: e.stub for e in lesson.exercises}, tests)
    (folder / "ours" / CONFIG.name).write_bytes(CONFIG.read_bytes())
    for name in ("stock", "ours"):
        measure((AUTOGRADE[0], "generate_assignment", LESSON), folder / name, os.environ)
    return released


def _arms(folder: Path, released: Assignment, submissions: int) -> tuple[Arm, ...]:
    """A class that handed in, once for each way to grade it."""
    for name, tests in released.tests.items():
        shutil.copytree(released.folder / name, folder / name)
        for number, answers in enumerate(islice(_answers(), submissions)):
            _write(folder / name / "submitted" / f"learner-{number:03}", released.lesson, answers, tests)
    stock, ours, plain = (folder / name for name in released.tests)
    run = (str(BIN / "headway-grade"), "run", "submitted", "--json")
    return (
        Arm("stock nbgrader", stock, AUTOGRADE, _in_the_gradebook),
        Arm("nbgrader with the judge", ours, AUTOGRADE, _in_the_gradebook),
        Arm("headway-grade run", plain, run, _in_what_was_said),
    )


def _in_the_gradebook(folder: Path) -> int:
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        submissions = gradebook.assignment_submissions(LESSON)
        grades = [grade for one in submissions for notebook in one.notebooks for grade in notebook.grades]
        return sum(grade.auto_score == grade.max_score for grade in grades)


def _in_what_was_said(folder: Path) -> int:
    lines = (folder / SAID).read_text().splitlines()
    verdicts = [json.loads(line) for line in lines if line.startswith("{")]
    return sum(verdict["points"] == verdict["of"] for verdict in verdicts)


def _answers() -> Iterator[dict[str, str]]:
    """What one learner after another hands in: right in some style, then with a named mistake, and so on."""
    right = {name: cycle([getsource(getattr(numerics, name))]) for name in EXERCISES}
    mistaken = {name: cycle(_self_contained(wrong.mistakes(name))) for name in EXERCISES}
    while True:
        yield {name: next(sources) for name, sources in right.items()}
        yield {name: next(sources) for name, sources in mistaken.items()}


def _self_contained(answers: dict[str, wrong.Answer]) -> list[str]:
    """The answers that need numpy only, and so run in any notebook."""
    sources = [answer.source for answer in answers.values()]
    return [source for source in sources if not KIN & set(map(_called, ast.walk(ast.parse(source))))]


def _called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _asserts(fixture: Fixture) -> str:
    """A test cell as one writes it for stock nbgrader, with all cases of an exercise in it."""
    lines = ["import numpy as np", "from numpy import inf, nan"]
    for case in fixture.cases:
        (name, given), *_ = case.inputs.items()
        lines += [
            f"# {case.group}: {case.name}",
            f"{name} = {_literal(given)}",
            f"expected = {_literal(case.expected)}",
            f"before = {name}.copy()",
            f"result = {fixture.exercise}({name})",
            "assert result.shape == expected.shape and result.dtype == expected.dtype",
            "np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-6)",
            f"np.testing.assert_array_equal({name}, before)",
        ]
    return "\n".join(lines)


def _literal(a: np.ndarray) -> str:
    return f"np.array({a.tolist()}, dtype='{a.dtype}')"


def _write(folder: Path, lesson: Lesson, answers: dict[str, str], tests: dict[str, str]) -> None:
    cells = [new_code_cell("import numpy as np", id="imports")]
    for exercise in lesson.exercises:
        name = exercise.name
        cells.append(new_code_cell(answers[name], id=name, metadata=_form(name, solution=True)))
        check = _form(f"check-{name}", grade=True, locked=True, points=exercise.points)
        cells.append(new_code_cell(tests[name], id=f"check-{name}", metadata=check))
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nb = new_notebook(cells=cells, metadata={"kernelspec": spec, "headway": {"lesson": lesson.name}})
    (folder / lesson.name).mkdir(parents=True)
    nbformat.write(nb, folder / lesson.name / f"{lesson.name}.ipynb")


def _form(name: str, **more: object) -> dict:
    plain = dict.fromkeys(("grade", "solution", "locked", "task"), False)
    return {"nbgrader": {"schema_version": 3, "grade_id": name} | plain | more}


def _table(results: dict[str, Result], submissions: int) -> str:
    stock = results["stock nbgrader"].cost
    rows = [
        f"{submissions} submissions of {len(EXERCISES)} exercises; seconds per submission",
        f"{'':26}{'CPU s':>7}{'of stock':>10}{'target':>8}{'wall s':>8}{'peak MiB':>10}{'full marks':>12}",
    ]
    for name, result in results.items():
        cost = result.cost
        target = f"≤ {TARGETS[name]:.2f}" if name in TARGETS else ""
        rows.append(
            f"{name:26}{cost.cpu / submissions:7.3f}{cost.cpu / stock.cpu:10.3f}{target:>8}"
            f"{cost.wall / submissions:8.3f}{cost.peak_mib:10.0f}{result.full_marks:12}"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    main()
