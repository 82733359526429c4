"""Judges answers of known speed, live, among neighbours; prints what was decided and what it cost.

python benchmarks/speed_judging.py                                  # 300 decisions of each kind
python benchmarks/speed_judging.py --decisions 20 --only softmax embed
"""

import argparse
import time
from collections import Counter
from itertools import cycle, islice

import numpy as np
from headway_grader import cases, library
from headway_grader.cases import speed
from headway_grader.sandbox import Job, Piece, Sandbox
from headway_grader.timing.race import Race
from neighbours import NEIGHBOURS, neighbours

TIMES = (1, 2, 40)


def jobs(target: str, times: int) -> tuple[Job, Job]:
    """The library's function, and an answer that calls it so often."""
    name, source = target.rpartition(".")[2], library.slice_source([target])
    calls = "; ".join([f"{name}(**given)"] * (times - 1) + [f"return {name}(**given)"])
    answer = Piece(f"def answer(**given):\n    {calls}", "script", 1)
    return Job((), name, [], source, None, "time"), Job((answer,), "answer", [], source, (name,), "time")


def decide(sandbox: Sandbox, target: str, times: int) -> tuple[str, float]:
    """What is decided about such an answer, and the seconds that took."""
    started = time.perf_counter()
    with sandbox.pair(*jobs(target, times)) as sessions:
        band = Race(
            *sessions, speed.inputs(cases.load(target).inputs, np.random.default_rng(), speed.SIZES[target])
        ).run()
    return band, time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--decisions", type=int, default=300, help="for each kind of answer and neighbours")
    parser.add_argument("--only", nargs="*", default=[""], help="exercises whose names contain this")
    options = parser.parse_args()
    targets = [target for target in speed.SIZES if any(word in target for word in options.only)]
    print(f"{'neighbours':16} {'answer':>7}  decided; median and longest seconds")
    for around in NEIGHBOURS:
        with neighbours(around), Sandbox() as sandbox:
            decide(sandbox, targets[0], 1)  # starts the second warm process
            for times in TIMES:
                chosen = islice(cycle(targets), options.decisions)
                found = [(target, *decide(sandbox, target, times)) for target in chosen]
                print(f"{around:16} {times:6}×  {_row(found)}", flush=True)


def _row(found: list[tuple[str, str, float]]) -> str:
    counts = ", ".join(f"{band} {n}" for band, n in Counter(band for _, band, _ in found).most_common())
    seconds = [seconds for _, _, seconds in found]
    return f"{counts}; {np.median(seconds):.3f} s, {max(seconds):.3f} s"


if __name__ == "__main__":
    main()
