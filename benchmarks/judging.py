"""What the judge costs: CPU milliseconds of each exercise, by stage, on each Python.

    python benchmarks/judging.py [--rounds 3] [--lesson 01_softmax …] [--json]

The model answers of every lesson are judged in full, as `headway-grade run` judges them. Counted is the CPU
time (user and system) of the judge and of all the processes of its sandbox. What a submission costs is read
when the sandbox has ended, to the microsecond; what a stage costs is summed up in ticks of 10 ms while the
sandbox lives, and so means something as the average of some rounds only. A stage is what the judge calls
`check_…`: a check that is built later has its column from that day on.

Other Pythons than the running one get an environment of their own in a temporary folder, with what judging
needs, as requirements.lock has it. Handed in at once, lessons share a sandbox. The target: lessons 00 to 03
cost at most 3 CPU seconds.
"""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
NEEDS = ("numpy", "platformdirs", "psutil")
TARGET = 3.0
REST = "rest"
NAMES = {"check_group": "correctness", "rehearse": "correctness", "judge_speed": "speed"}


@dataclass
class Cost:
    """CPU seconds on one Python: of each stage of each exercise, and of each lesson's submission.

    together is what all lessons cost that are handed in at once, and so share a sandbox.
    """

    stages: dict[str, dict[str, float]] = field(default_factory=dict)
    submissions: dict[str, float] = field(default_factory=dict)
    together: float = 0.0
    full_marks: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often each submission is judged (3)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--here", action="store_true", help="on this Python alone, as JSON")
    parser.add_argument("--lesson", nargs="*", default=[], help="these lessons alone")
    asked = parser.parse_args()
    if asked.here:
        print(json.dumps(asdict(measure(asked.rounds, asked.lesson))))
        return
    costs, lacking = {}, {}
    with tempfile.TemporaryDirectory(prefix="headway-judging-") as folder:
        for version in PYTHONS:
            try:
                python = _python(version, Path(folder))
                options = ["--rounds", str(asked.rounds), "--lesson", *asked.lesson]
                costs[version] = Cost(**_measured_by(python, options, Path(folder)))
            except (LookupError, subprocess.CalledProcessError) as error:
                said = getattr(error, "stderr", None) or str(error)
                lacking[version] = said.strip().splitlines()[-1]
    if not costs:
        sys.exit("\n".join(f"Python {version}: {why}" for version, why in lacking.items()))
    print(json.dumps({v: asdict(c) for v, c in costs.items()}) if asked.json else _table(costs, lacking))


# --- the Pythons


def _python(version: str, folder: Path) -> str:
    """An interpreter of this version that can run the judge; raises LookupError if none is at hand."""
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return sys.executable
    interpreter = next((found for found in _interpreters(version) if _is(found, version)), None)
    if interpreter is None:
        raise LookupError("no interpreter of this version is at hand")
    home = folder / version
    subprocess.run([interpreter, "-m", "venv", home], check=True, capture_output=True, text=True)
    lock = folder / "needs.lock"
    lock.write_text("".join(_locked(name) for name in NEEDS), encoding="utf-8")
    python = str(home / "bin" / "python")
    install = [python, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", lock]
    subprocess.run(install, check=True, capture_output=True, text=True)
    return python


def _interpreters(version: str) -> Iterator[str]:
    yield from filter(None, [shutil.which(f"python{version}")])
    for finder in (["uv", "python", "find", version], ["pyenv", "prefix", version]):
        if shutil.which(finder[0]):
            found = subprocess.run(finder, capture_output=True, text=True).stdout.strip()
            yield found if finder[0] == "uv" else str(Path(found) / "bin" / "python")


def _is(interpreter: str, version: str) -> bool:
    ask = [interpreter, "-c", "import sys, ensurepip; print('%d.%d' % sys.version_info[:2])"]
    try:
        return subprocess.run(ask, capture_output=True, text=True).stdout.strip() == version
    except OSError:
        return False


def _locked(name: str) -> str:
    """What requirements.lock says of a package, in all its versions."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return "".join(re.findall(rf"^{re.escape(name)}==.*\n(?:    --hash.*\n)+", lock, re.MULTILINE))


def _measured_by(python: str, options: list[str], folder: Path) -> dict:
    packages = os.pathsep.join(str(ROOT / part) for part in ("solutions", "course", "autograder"))
    environment = os.environ | {"PYTHONPATH": packages, "HEADWAY_HOME": str(folder / "home")}
    command = [python, __file__, "--here", *options]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


# --- what is measured, in the Python that is measured


def measure(rounds: int, lessons: Sequence[str] = ()) -> Cost:
    """Judges the model answers of these lessons (all, if none) so often, after once that is not counted."""
    from headway_course import manifest

    cost = Cost()
    asked = [one for one in manifest.load().lessons if not lessons or one.name in lessons]
    handed_in = [(_solved(lesson.name), lesson, _public(lesson.name)) for lesson in asked]
    _judge(handed_in)
    for submission, lesson, fixtures in handed_in:
        totals = [_judge([(submission, lesson, fixtures)]) for _ in range(rounds)]
        cost.submissions[lesson.name] = sum(seconds for seconds, _ in totals) / rounds
        cost.full_marks += all(v.points == v.of for _, verdicts in totals for v in verdicts)
    cost.together = sum(_judge(handed_in)[0] for _ in range(rounds)) / rounds
    for submission, lesson, fixtures in handed_in:
        with _sandbox() as sandbox:
            for exercise in lesson.exercises:
                cost.stages[exercise.name] = _stages(submission, lesson, exercise, fixtures, sandbox, rounds)
    return cost


def _public(lesson: str):
    from headway_grader.reference import public_fixtures

    return public_fixtures(lesson)


def _solved(lesson: str):
    from headway_grader.handins.submissions import find

    (submission,) = find([ROOT / "solutions" / "notebooks" / f"{lesson}.ipynb"])
    return submission


def _sandbox():
    from headway_grader.sandbox import Sandbox

    return Sandbox()


def _judge(handed_in: Sequence[tuple]) -> tuple[float, list]:
    """CPU seconds of these submissions in a sandbox of their own, and the verdicts."""
    from headway_grader.judge import examine

    before = _of_ended()
    with _sandbox() as sandbox:
        verdicts = [v for one in handed_in for v in examine(*one, sandbox).verdicts]
    return _of_ended() - before, verdicts


def _stages(submission, lesson, exercise, fixtures, sandbox, rounds: int) -> dict[str, float]:
    """CPU seconds of each stage of judging one exercise, and of the rest."""
    from headway_grader import judge
    from headway_grader.answers import extracted_from
    from headway_grader.reference import of_the_course

    spent: dict[str, float] = {}
    extracted = extracted_from(submission, lesson)
    with _timed_stages(judge, spent):
        before = _of_all()
        for _ in range(rounds):
            judge.rule(exercise, extracted, fixtures[exercise.name], sandbox, of_the_course(exercise))
        whole = _of_all() - before
    return {name: seconds / rounds for name, seconds in (spent | {REST: whole - sum(spent.values())}).items()}


@contextmanager
def _timed_stages(judge, spent: dict[str, float]) -> Iterator[None]:
    """While it lasts, every stage of the judge adds to `spent` what it takes."""
    places = [(judge, name) for name in vars(judge) if name in NAMES or name.startswith("check_")]
    places.append((judge.Learner, "rehearse"))
    kept = [(holder, name, getattr(holder, name)) for holder, name in places]
    for holder, name, stage in kept:
        setattr(holder, name, _timed(stage, NAMES.get(name, name.removeprefix("check_")), spent))
    try:
        yield
    finally:
        for holder, name, stage in kept:
            setattr(holder, name, stage)


def _timed(stage: Callable, name: str, spent: dict[str, float]) -> Callable:
    def timed(*given: object, **named: object) -> object:
        before = _of_all()
        try:
            return stage(*given, **named)
        finally:
            spent[name] = spent.get(name, 0.0) + _of_all() - before

    return timed


def _of_ended() -> float:
    """CPU seconds of this process, and of all below it that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _of_all() -> float:
    """The same with what lives, and what it has reaped."""
    import psutil

    below = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    return _of_ended() + sum(t.user + t.system + t.children_user + t.children_system for t in below)


# --- what is printed


def _table(costs: dict[str, Cost], lacking: dict[str, str]) -> str:
    stages = dict.fromkeys(s for cost in costs.values() for by in cost.stages.values() for s in by)
    columns = [*(stage for stage in stages if stage != REST), REST, "all"]
    rows = [
        "CPU ms of judging the model answer",
        f"{'':26}" + "".join(f"{v:>{13 * len(columns)}}" for v in costs),
    ]
    rows.append(f"{'exercise':26}" + "".join(f"{column:>13}" for column in columns) * len(costs))
    for exercise in next(iter(costs.values())).stages:
        cells = (_cells(cost.stages[exercise], columns) for cost in costs.values())
        rows.append(f"{exercise:26}" + "".join(cells))
    rows += ["", f"CPU s of a submission, its sandbox included (target ≤ {TARGET:g} of lessons 00 to 03)"]
    rows.append(f"{'lesson':26}" + "".join(f"{version:>13}" for version in costs))
    for lesson in next(iter(costs.values())).submissions:
        rows.append(f"{lesson:26}" + "".join(f"{cost.submissions[lesson]:13.2f}" for cost in costs.values()))
    sums = (sum(cost.submissions.values()) for cost in costs.values())
    rows.append(f"{'one after the other':26}" + "".join(f"{seconds:13.2f}" for seconds in sums))
    rows.append(f"{'all at once':26}" + "".join(f"{cost.together:13.2f}" for cost in costs.values()))
    marks = (f"{cost.full_marks} of {len(cost.submissions)}" for cost in costs.values())
    rows.append(f"{'with full marks':26}" + "".join(f"{mark:>13}" for mark in marks))
    rows += [f"not at hand: Python {version} ({why})" for version, why in lacking.items()]
    return "\n".join(rows)


def _cells(stages: dict[str, float], columns: list[str]) -> str:
    whole = stages | {"all": sum(stages.values())}
    return "".join(f"{1000 * whole[column]:13.0f}" if column in whole else f"{'–':>13}" for column in columns)


if __name__ == "__main__":
    main()
