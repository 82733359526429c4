"""Judges answers of known speed, live, among neighbours; prints what was decided and what it cost.

A slow answer calls the library's function again and again. The second call finds everything in the caches, so
two calls may cost less than one and a half: it makes as many as cost it at least so many times what one does.

python benchmarks/speed_judging.py                                  # 300 decisions of each kind
python benchmarks/speed_judging.py --decisions 20 --only softmax embed
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import cycle, islice

import numpy as np
import psutil
from headway_grader import cases, library
from headway_grader.cases import speed
from headway_grader.sandbox import Job, Piece, Sandbox
from headway_grader.timing.race import Race
from headway_grader.verdict import Speed
from neighbours import NEIGHBOURS, neighbours

TIMES = (1, 2, 40)
CALIBRATING_ROUNDS = 25
ANSWER = """
def answer(**given):
    {more}
    for _ in range({calls} - 1):
        whole({name}(**given))
    return {name}(**given)

def whole(result):
    # As the sandbox takes what comes out: a view is copied, or one that nobody wants would cost nothing.
    if type(result) is tuple:
        return tuple(map(whole, result))
    return result if result.flags.c_contiguous else result.copy()
"""


def jobs(target: str, calls: int, extra: str = "") -> tuple[Job, Job]:
    """The library's function, and an answer that calls it so often, and once more with extra arguments."""
    name, source = target.rpartition(".")[2], library.slice_source([target])
    more = f"whole({name}({extra}))" if extra else "pass"
    answer = Piece(ANSWER.format(name=name, calls=calls, more=more), "script", 1)
    return Job((), name, [], source, None, "time"), Job((answer,), "answer", [], source, (name,), "time")


@contextmanager
def race(
    sandbox: Sandbox, target: str, calls: int, sizes: Mapping[str, object] | None = None, extra: str = ""
) -> Iterator[Race]:
    """The race of such an answer against the library; sizes are the usual ones if not given."""
    inputs = cases.load(target).inputs, np.random.default_rng(), sizes or speed.SIZES[target]
    with sandbox.pair(*jobs(target, calls, extra)) as sessions:
        yield Race(*sessions, speed.inputs(*inputs))


def calls_that_take(
    sandbox: Sandbox, target: str, times: int, sizes: Mapping[str, object] | None = None
) -> int:
    """How many calls cost about so many times as much as one."""
    calls = times
    while times > 1 and _cost(sandbox, target, calls, sizes) < 0.9 * times:
        calls += 1
    return calls


def _cost(sandbox: Sandbox, target: str, calls: int, sizes: Mapping[str, object] | None) -> float:
    """How many times as much as one so many calls cost, in the least disturbed round of either side."""
    with race(sandbox, target, calls, sizes) as running:
        in_a_round = running.warm_up()
        for _ in range(CALIBRATING_ROUNDS):
            running.round(in_a_round)
        one, many = (min(lap.took_ns for lap in laps) for laps in running.laps)
    return many / one


def decide(sandbox: Sandbox, warm: psutil.Process, target: str, calls: int) -> tuple[str, float, float]:
    """What is decided about such an answer; the seconds, and those of CPU, that took."""
    started, before = time.perf_counter(), cpu_seconds(warm)
    with race(sandbox, target, calls) as running:
        band = running.run()
    return band, time.perf_counter() - started, cpu_seconds(warm) - before


def cpu_seconds(warm: psutil.Process) -> float:
    """Those of this process and of the sandbox's, neighbours left out; of the latter in ticks of 10 ms."""
    every = [warm, *warm.children(recursive=True)]
    return time.process_time() + sum(sum(process.cpu_times()[:4]) for process in every)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--decisions", type=int, default=300, help="for each kind of answer and neighbours")
    parser.add_argument("--only", nargs="*", default=[""], help="exercises whose names contain this")
    options = parser.parse_args()
    targets = [target for target in speed.SIZES if any(word in target for word in options.only)]
    print(f"{'neighbours':16} {'answer':>7}  decided; median and longest seconds, mean CPU seconds")
    for around in NEIGHBOURS:
        with Sandbox() as sandbox:
            calls = {
                (target, times): times if times == 40 else calls_that_take(sandbox, target, times)
                for target in targets
                for times in TIMES
            }
            (warm,) = psutil.Process().children()
            with neighbours(around):
                for times in TIMES:
                    chosen = islice(cycle(targets), options.decisions)
                    found = [
                        (target, *decide(sandbox, warm, target, calls[target, times])) for target in chosen
                    ]
                    print(f"{around:16} {times:6}×  {_row(found)}", flush=True)
                    print(_lowest(found) if times > 1 else "", end="", flush=True)


def _row(found: list[tuple[str, str, float, float]]) -> str:
    counts = ", ".join(f"{band} {n}" for band, n in Counter(one[1] for one in found).most_common())
    seconds, cpu = ([one[column] for one in found] for column in (2, 3))
    wall = f"{np.median(seconds):.3f} s, {max(seconds):.3f} s"
    return f"{counts}; {wall}; CPU {np.mean(cpu):.3f} s a decision"


def _lowest(found: list[tuple[str, str, float, float]]) -> str:
    """Which slow answers were found as fast as the library."""
    fast = Counter(target for target, band, *_ in found if band == Speed.UP_TO_1_5)
    return "".join(f"{'':26}  as fast: {target}, {n} times\n" for target, n in fast.items())


if __name__ == "__main__":
    main()
