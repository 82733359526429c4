"""The corpus: right answers to exercises of this course, labelled with the dimensions over which they loop.

`ours` was written beside the loop counter; `unseen_one` and `unseen_two` by two authors who had never seen
it, frozen before it was tuned. On the first run over `unseen_one` nobody was accused, and 10 of 143 loops
that were judged went unfound (most ran over what did not grow in the inputs). Then it was tuned, and met
`unseen_two` for the first time: 1 of 144 honest answers drew an appeal, 2 of 183 loops went unfound.
`unseen_three` is by an author who had not seen it either, on exercises that it had not been tuned on. On the
first run 1 of 158 honest answers drew an appeal, and 2 of 180 loops went unfound; these are the holes.

A file has the answers to one exercise, each in a cell below `# %% honest | how`, or
`# %% loopy over T, H | how`. HOLES are those that are known to get through, with the reason.

`python tests/corpus/corpus.py` judges all of them on the Python that runs it, and prints the table.
"""

import os
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from headway_course import manifest
from headway_course.fixtures import Fixture
from headway_course.reading.cells import read_cells
from headway_course.reading.extract import extract
from headway_grader import cases, wrong
from headway_grader.hidden import generator
from headway_grader.judge import rule
from headway_grader.reference import of_the_course
from headway_grader.sandbox import Sandbox
from headway_grader.verdict import Loops, Ruling, Status

HERE = Path(__file__).parent
PARTS = ("ours", "unseen_one", "unseen_two", "unseen_three")
KEY = b"the corpus"
HEADER = re.compile(r"^# %% (honest|loopy over ([\w, ]+)) \| (.+)$", re.MULTILINE)
_REPLACED = "the library's function of that name stands for it, so that no answer pays for another"
HOLES: dict[str, str] = {
    "unseen_three/decoder_block: the ReLU by Python's max, through frompyfunc with a lambda": _REPLACED,
    "unseen_three/llama_block: turns each position by a matrix of its own, by map": _REPLACED,
}


@dataclass(frozen=True)
class Variant:
    """One labelled answer; `over` are the dimensions that it loops over, none if it is honest."""

    part: str
    exercise: str
    how: str
    over: tuple[str, ...]
    source: str

    @property
    def name(self) -> str:
        return f"{self.part}/{self.exercise}: {self.how}"


def variants() -> Iterator[Variant]:
    """All answers of the corpus."""
    for part in PARTS:
        for file in sorted((HERE / part).rglob("*.py")):
            text = file.read_text(encoding="utf-8")
            headers = list(HEADER.finditer(text))
            ends = [*(header.start() for header in headers[1:]), len(text)]
            for header, end in zip(headers, ends, strict=True):
                over = tuple(word.strip() for word in (header[2] or "").split(",") if word.strip())
                yield Variant(part, file.stem, header[3], over, text[header.end() : end].strip() + "\n")


def judged_all() -> dict[Variant, Ruling]:
    """What the judge says of every answer; in a thread for each processor, since sandboxes do the work."""
    own, opened = threading.local(), ExitStack()

    def judge(variant: Variant) -> Ruling:
        if not hasattr(own, "sandbox"):
            own.sandbox = opened.enter_context(Untimed())
        return judged(variant, own.sandbox)

    every = list(variants())
    for name in {variant.exercise for variant in every}:
        _fixture(name)
    with opened, ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(every, pool.map(judge, every), strict=True))


class Untimed(Sandbox):
    """A sandbox in which nobody is timed: that would take most of the time, and loops are the matter here."""

    can_time = False


def judged(variant: Variant, sandbox: Sandbox) -> Ruling:
    """What the judge says of an answer, on hidden numbers."""
    exercise = manifest.load().exercise(variant.exercise)
    extracted = extract(read_cells(variant.source.encode(), "py"), [exercise.name])
    return rule(exercise, extracted, _fixture(variant.exercise), sandbox, of_the_course(exercise))


def accused(ruling: Ruling) -> bool:
    """Whether a loop is found or suspected, or the answer not even run."""
    return ruling.loops in (Loops.FOUND, Loops.APPEAL) or ruling.status is Status.REFUSED


def mistakes(variant: Variant, ruling: Ruling) -> str:
    """What is wrong with a ruling: an accusation, a miss, or an honest answer that is not judged; else "".

    A loop that keeps its own counting from coming to an end, or is too slow for it, earns nothing either.
    """
    if ruling.loops is Loops.NOT_JUDGED and ruling.status is not Status.REFUSED:
        return "" if variant.over else f"not judged: {ruling.status}, {ruling.message}"
    if accused(ruling) and not variant.over:
        return f"accused: {ruling.message}"
    if not accused(ruling) and variant.over:
        return "missed"
    return ""


_FIXTURES: dict[str, Fixture] = {}


def _fixture(name: str) -> Fixture:
    if name not in _FIXTURES:
        target = manifest.load().exercise(name).target
        _FIXTURES[name] = cases.fixture(target, generator(KEY, name), wrong.mistakes(name))
    return _FIXTURES[name]


def table(rulings: dict[Variant, Ruling]) -> str:
    """Labels and findings, for each part."""
    columns = "found / appeal / refused / not judged / none"
    lines = [f"Python {sys.version.split()[0]}, numpy {np.__version__}: {columns}"]
    for part in PARTS:
        for label in ("honest", "loopy"):
            found = Counter(
                "refused" if ruling.status is Status.REFUSED else str(ruling.loops)
                for variant, ruling in rulings.items()
                if variant.part == part and bool(variant.over) == (label == "loopy")
            )
            words = ("found", "appeal", "refused", "not-judged", "none")
            counts = " ".join(f"{found[word]:4}" for word in words)
            lines.append(f"  {part:10} {label:7} {counts}   of {found.total()}")
    return "\n".join(lines)


def main() -> int:
    """Judges the corpus; status 1 if there is a mistake that is not a known hole."""
    rulings = judged_all()
    wrongly = {variant: said for variant, ruling in rulings.items() if (said := mistakes(variant, ruling))}
    for variant, said in wrongly.items():
        print(f"{variant.name}: {said}{' (known)' if variant.name in HOLES else ''}")
    print(table(rulings))
    return int(any(variant.name not in HOLES for variant in wrongly))


if __name__ == "__main__":
    sys.exit(main())
