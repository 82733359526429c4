"""Mangled hand-ins and fixtures through the front of the judge: from bytes to answers ready to run.

    python tests/front/fuzzing.py --cases 100000 [--from 0] [--jobs 2]
    python tests/front/fuzzing.py --seed 4711 [--keep FOLDER]      one case alone, without limits

A case is made from its seed and nothing else. It may take so much processor time and memory and no more, end
in none but the errors that are documented, say nothing that no file can hold, and lose no answer that the
mangling left alone: each of these is found, with the same code.
"""

import argparse
import ast
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

import mangled_fixtures
import mangled_zips
import numpy as np
from drafts import BASES, Draft
from headway_course import fixtures, manifest
from headway_course.errors import CourseError
from headway_course.fixtures import Fixture
from headway_course.reading.cells import MAX_BYTES
from headway_course.reading.extract import Extracted
from headway_grader.answers import answer_to, extracted_from
from headway_grader.checks.learner import Answer
from headway_grader.handins.submissions import find
from headway_grader.verdict import Ruling
from mangled_files import DAMAGES, FORMS, RARE_DAMAGES, TEXTS, File
from manglings import MANGLINGS, rewrite_answers

CPU_SECONDS = 20
WALL_SECONDS = 300  # only what waits for something takes so long
PEAK_BYTES = 700 << 20
ADDRESS_SPACE = 4 << 30
CHUNK = 250


@dataclass(frozen=True)
class Case:
    """A mangled file: its place and content, what was done to it, and which answers it must still give."""

    seed: int
    kinds: tuple[str, ...]
    place: str
    content: bytes
    lesson: str = ""
    promised: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """What became of a case: what is wrong, how many promised answers were found, whether it was refused."""

    seed: int
    faults: Sequence[str] = ()
    found: int = 0
    refused: bool = False
    cpu: float = 0.0
    peak: int = 0
    kinds: Sequence[str] = ()


Front = Callable[[Case, Path], Report]


# --- making cases


def make(seed: int) -> Case:
    """The case of a seed."""
    rng = Random(seed)
    return _mangled_fixtures(seed, rng) if rng.random() < 0.08 else _mangled_hand_in(seed, rng)


def _mangled_hand_in(seed: int, rng: Random) -> Case:
    draft = rng.choices(list(BASES), list(BASES.values()))[0](rng)
    if rng.random() < 0.4:
        rewrite_answers(draft)
    often = rng.choices([(), ("odd_cells",), ("monstrous_cell",)], [80, 12, 8])[0]  # these are of many kinds
    for name in (*rng.sample(sorted(MANGLINGS), rng.choice([0, 1, 1, 2, 3, 4])), *often):
        draft.kinds.append(name)
        MANGLINGS[name](draft)
    form = rng.choices(list(FORMS), list(FORMS.values()))[0]
    draft.kinds.append(f"as {form.__name__}")
    file = form(draft)
    if rng.random() < 0.3:
        _apply(TEXTS, file, draft)
    if rng.random() < 0.2:
        rare = rng.random() < 0.02
        name = rng.choice(sorted(RARE_DAMAGES if rare else DAMAGES))
        draft.kinds.append(name)
        file = File(file.kind, (RARE_DAMAGES if rare else DAMAGES)[name](file.content, rng), intact=False)
    place = _place(draft, file)
    if rng.random() < 0.2:
        file = _zipped(draft, file, place.rpartition("/")[2])
        place = f"{place.rpartition('.')[0]}.zip"
    promised = draft.promised if file.intact and len(file.content) <= MAX_BYTES else {}
    return Case(seed, tuple(draft.kinds), place, file.content, draft.lesson.name, promised)


def _apply(changes: Mapping[str, Callable[[File, Random], None]], file: File, draft: Draft) -> None:
    name = draft.rng.choice(sorted(changes))
    draft.kinds.append(name)
    changes[name](file, draft.rng)


def _place(draft: Draft, file: File) -> str:
    """Where it lies. A file that does not bear its lesson's name is found where its metadata tells it."""
    lesson, kind = draft.lesson.name, file.kind
    if draft.rng.random() < 0.03:
        kind = {"py": "ipynb", "ipynb": "py"}[kind]
        file.intact = file.intact and kind == "py"
        draft.kinds.append("wrong suffix")
    way = draft.rng.choice(["folders", "folders", "flat", "capitals", "nameless"])
    draft.kinds.append(f"place {way}")
    match way:
        case "folders":
            return f"submitted/ada/{lesson}/{draft.rng.choice([lesson, 'odd', 'ä b'])}.{kind}"
        case "flat":
            return f"ada_{lesson}.{kind}"
        case "capitals":
            return f"ada_{lesson}_final (2).{kind.upper()}"
    headway = draft.metadata.get("headway") if isinstance(draft.metadata, dict) else None
    told = isinstance(headway, dict) and headway.get("lesson") == lesson and file.kind == "ipynb"
    file.intact = file.intact and told
    return f"ada_2026-02-31_25-61.{kind}"


def _zipped(draft: Draft, file: File, name: str) -> File:
    archive = mangled_zips.Archive(draft.rng, name, file)
    archive.add(name, file.content)
    for way in draft.rng.sample(sorted(mangled_zips.CONTENTS), draft.rng.choice([1, 1, 2])):
        draft.kinds.append(f"zip {way}")
        mangled_zips.CONTENTS[way](archive)
    content = archive.write()
    packs_like_a_bomb = {"large_cells", "one long line", "many_cells"}.intersection(draft.kinds)
    intact = file.intact and archive.intact and not packs_like_a_bomb
    if draft.rng.random() < 0.3:
        way = draft.rng.choice(sorted(mangled_zips.PATCHES))
        draft.kinds.append(way)
        content, intact = mangled_zips.PATCHES[way](content, draft.rng), False
    return File("zip", content, intact)


def _mangled_fixtures(seed: int, rng: Random) -> Case:
    arrays = mangled_fixtures.some_arrays(rng)
    way = rng.choice(sorted([*mangled_fixtures.CONTENTS, *mangled_fixtures.WHOLE, *mangled_fixtures.DAMAGED]))
    kinds = ["from fixtures", way]
    if way in mangled_fixtures.WHOLE:
        content = mangled_fixtures.WHOLE[way](arrays, rng)
    elif way in mangled_fixtures.DAMAGED:
        whole = mangled_fixtures.write(arrays, rng, packed=rng.random() < 0.5)
        content = mangled_fixtures.DAMAGED[way](whole, rng)
    else:
        mangled_fixtures.CONTENTS[way](arrays, rng)
        content = mangled_fixtures.write(arrays, rng, packed=rng.random() < 0.5)
    promised = dict.fromkeys(arrays, "") if way == "fixtures unchanged" else {}
    return Case(seed, tuple(kinds), "mangled.npz", content, promised=promised)


# --- what must be true of each


def front(case: Case, folder: Path) -> Report:
    """Takes a case from its bytes to answers ready to run, and looks at all that comes out."""
    path = folder / case.place
    path.parent.mkdir(parents=True)
    path.write_bytes(case.content)
    return _through_fixtures(case, path) if path.suffix == ".npz" else _through_judge(case, folder)


def _through_judge(case: Case, folder: Path) -> Report:
    course = manifest.load()
    try:
        submissions = find([folder / case.place.partition("/")[0]], course)
    except CourseError as error:
        return Report(case.seed, tuple(_unwritable([str(error)])), refused=True)
    faults, answers, refused = [], {}, False
    for one in submissions:
        lesson = next((known for known in course.lessons if known.name == one.assignment), None)
        if lesson is None:
            faults += _unwritable([one.error, one.learner, one.assignment or "", one.member or ""])
            continue
        try:
            extracted = extracted_from(one, lesson)
        except CourseError as error:
            faults += _unwritable([str(error)])
            refused = True
            continue
        given = {exercise.name: answer_to(exercise, extracted) for exercise in lesson.exercises}
        faults += [*_unwritable(_said(extracted, given.values())), *_badly_cut(extracted)]
        answers |= given if lesson.name == case.lesson else {}
    lost = [fault for name in case.promised if (fault := _lost(name, answers.get(name), case.promised[name]))]
    return Report(case.seed, (*faults, *lost), len(case.promised) - len(lost), refused)


def _lost(name: str, answer: Answer | Ruling | None, code: str) -> str:
    """A wrong zero: an answer that nothing touched and that is not there, or has other code."""
    if not isinstance(answer, Answer):
        return f"lost {name}: {answer.message if answer else 'nothing was found'}"
    defining = [piece.source for piece in answer.pieces if name in piece.binds]
    found = [
        ast.dump(node)
        for node in ast.walk(ast.parse(defining[-1] if defining else ""))
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    return "" if found[-1:] == [code] else f"lost {name}: it has other code"


def _said(extracted: Extracted, given: Iterable[Answer | Ruling]) -> Iterator[str]:
    yield from extracted.warnings
    for left in extracted.left_out:
        yield from (left.text, left.why, *left.binds, *(violation.advice for violation in left.violations))
    for one in given:
        if isinstance(one, Ruling):
            yield one.message
        else:
            yield from (text for piece in one.pieces for text in (piece.source, *piece.binds))


def _unwritable(texts: Iterable[str]) -> list[str]:
    """What no file and no pipe can take."""
    return [f"says {text[:50]!r}" for text in texts if not _is_writable(text)]


def _is_writable(text: str) -> bool:
    try:
        return bool(text.encode()) or not text
    except UnicodeEncodeError:
        return False


def _badly_cut(extracted: Extracted) -> Iterator[str]:
    """Statements whose source, which is what runs, is not the code that was read."""
    for statement in extracted.statements:
        if isinstance(statement.tree, ast.ImportFrom) and statement.tree.names[0].name == "*":
            continue
        wanted = ast.dump(statement.tree)
        body = ast.parse(statement.source).body
        inner = body[0].body if len(body) == 1 and isinstance(body[0], ast.If) else body
        if [ast.dump(node) for node in inner] != [wanted]:
            yield f"cut {statement.source[:80]!r} out of cell {statement.cell}, line {statement.line}"


def _through_fixtures(case: Case, path: Path) -> Report:
    try:
        loaded = fixtures.load(path)
    except CourseError as error:
        lost = ("lost fixtures that nothing touched",) if case.promised else ()
        return Report(case.seed, (*_unwritable([str(error)]), *lost), refused=True)
    faults = [fault for name, fixture in loaded.items() for fault in _unusable(name, fixture)]
    return Report(case.seed, tuple(faults), len(case.promised))


def _unusable(name: str, fixture: Fixture) -> Iterator[str]:
    """What the judge could not work with."""
    for one in fixture.cases:
        values = [
            *one.inputs.values(),
            *_parts(one.expected),
            *(p for v in one.wrong.values() for p in _parts(v)),
        ]
        if not all(isinstance(value, np.ndarray) and value.dtype.kind in "biufc" for value in values):
            yield f"loaded {name}/{one.group}/{one.name}, which holds no numbers"
    for dimension, steps in fixture.growth.items():
        for _, inputs in steps:
            if not all(isinstance(a, np.ndarray) and a.dtype.kind in "biufc" for a in inputs.values()):
                yield f"loaded {name}/growth/{dimension}, which holds no numbers"


def _parts(value: object) -> tuple:
    return value if isinstance(value, tuple) else (value,)


# --- one process for many cases, with limits


def serve(first: int, count: int, front: Front = front) -> None:
    """Puts cases through the front, each under the limits; says which it is, and then its report."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process even within C
    with tempfile.TemporaryDirectory(prefix="headway-fuzzing-") as folder:
        for seed in range(first, first + count):
            case = make(seed)
            print(
                json.dumps({"begins": seed, "kinds": case.kinds, "promised": len(case.promised)}), flush=True
            )
            print(json.dumps(asdict(_limited(case, Path(folder) / str(seed), front))), flush=True)


def _limited(case: Case, folder: Path, front: Front) -> Report:
    before = _reset_peak()
    started = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    signal.alarm(WALL_SECONDS)
    report = _caught(front, case, folder)
    signal.alarm(0)
    signal.setitimer(signal.ITIMER_PROF, 0)
    cpu = time.process_time() - started
    shutil.rmtree(folder, ignore_errors=True)
    peak = _status("VmHWM") - before
    faults = (*report.faults, *((f"took {peak >> 20} MB",) if peak > PEAK_BYTES else ()))
    return Report(case.seed, faults, report.found, report.refused, cpu, peak)


def _caught(front: Front, case: Case, folder: Path) -> Report:
    try:
        return front(case, folder)
    except Exception as error:
        return Report(case.seed, (f"raised {''.join(traceback.format_exception(error))}",))


def _reset_peak() -> int:
    """The kernel forgets the most memory that we had so far; returns what we have now."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(f"{name}:"))


# --- many processes


@dataclass
class Summary:
    """What a run found: reports, how often each mangling came, and what was promised by how many cases."""

    reports: list[Report] = field(default_factory=list)
    kinds: Counter = field(default_factory=Counter)
    promised: int = 0

    @property
    def faults(self) -> list[str]:
        return [
            f"seed {report.seed} ({', '.join(report.kinds)}): {fault}"
            for report in sorted(self.reports, key=lambda report: report.seed)
            for fault in report.faults
        ]

    def text(self) -> str:
        """What is worth knowing of a run, in lines."""
        slowest = max(self.reports, key=lambda report: report.cpu)
        largest = max(self.reports, key=lambda report: report.peak)
        cases = len(self.reports)
        return (
            f"{cases} cases, {sum(r.refused for r in self.reports)} of them refused;"
            f" {sum(r.found for r in self.reports)} of {self.promised} answers that nothing touched found;"
            f" {sum(r.cpu for r in self.reports) / cases * 1000:.0f} ms of CPU each,"
            f" {slowest.cpu:.1f} s at most (seed {slowest.seed}); {largest.peak >> 20} MB at most"
            f" (seed {largest.seed}); {len(self.faults)} faults"
        )


SERVE = (sys.executable, str(Path(__file__)), "--serve")


def run(first: int, count: int, jobs: int = 2, command: Sequence[str] = SERVE) -> Summary:
    """Puts the cases of many seeds through the front, in processes that may die."""
    summary = Summary()
    chunk = min(CHUNK, -(-count // jobs))
    chunks = [(at, min(chunk, first + count - at)) for at in range(first, first + count, chunk)]
    with ThreadPoolExecutor(jobs) as pool:
        for lines in pool.map(lambda part: [*_serve(*part, command)], chunks):
            for begun, report in lines:
                summary.kinds.update(dict.fromkeys(begun["kinds"], 1))
                summary.promised += begun["promised"]
                summary.reports.append(report)
    return summary


def _serve(first: int, count: int, command: Sequence[str]) -> Iterator[tuple[dict, Report]]:
    """What a process says of its cases; where one ends it, another process goes on behind it."""
    end = first + count
    while first < end:
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
        asked = [*command, str(first), str(end - first)]
        with subprocess.Popen(
            asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        ) as child:
            said, errors = child.communicate()
        lines = [json.loads(line) for line in said.splitlines()]
        for begun, report in zip(lines[::2], lines[1::2], strict=False):
            yield begun, Report(**report | {"kinds": begun["kinds"]})
        if len(lines) % 2:
            begun, how = lines[-1], _how(child.returncode, errors)
            yield begun, Report(begun["begins"], (f"ended its process: {how}",), kinds=begun["kinds"])
        elif child.returncode != 0:
            raise RuntimeError(
                f"no case could be made after {lines[-1:]}: {errors.decode(errors='replace')[-2000:]}"
            )
        first = lines[-1].get("begins", lines[-1].get("seed")) + 1


def _how(status: int, errors: bytes) -> str:
    name = {-signal.SIGPROF: "it took too much CPU", -signal.SIGALRM: "it waits for ever"}
    return name.get(status, f"status {status} {errors.decode(errors='replace')[-2000:]}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=10_000, help="how many")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--seed", type=int, help="one case alone")
    parser.add_argument("--keep", type=Path, help="write the file of that case into this folder")
    parser.add_argument("--serve", nargs=2, type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(*asked.serve)
    elif asked.seed is not None:
        _alone(make(asked.seed), asked.keep)
    else:
        summary = run(asked.first, asked.cases, asked.jobs)
        print(*summary.faults, summary.text(), sep="\n")
        sys.exit(bool(summary.faults))


def _alone(case: Case, keep: Path | None) -> None:
    print(f"{case.place}: {', '.join(case.kinds)}; promised: {', '.join(case.promised)}")
    if keep:
        path = keep / case.place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(case.content)
    with tempfile.TemporaryDirectory(prefix="headway-fuzzing-") as folder:
        started = time.process_time()
        report = _caught(front, case, Path(folder) / "case")
        print(*report.faults, f"{time.process_time() - started:.2f} s of CPU", sep="\n")


if __name__ == "__main__":
    main()
