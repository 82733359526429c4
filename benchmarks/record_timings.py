"""Records what rounds take, for answers that are known to be as fast as the library's, or 1.2, 2 or 4 times
slower, among neighbours of several kinds; and prints what the rule makes of them.

    python benchmarks/record_timings.py                     # the recordings that the rule was chosen on
    python benchmarks/record_timings.py --most 2 --to /tmp/some.npz
"""

import argparse
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
from headway_grader.sandbox import Sandbox
from headway_grader.sandbox.session import Starved
from neighbours import NEIGHBOURS, neighbours
from speed_judging import calls_that_take, race

RECORDINGS = Path(__file__).resolve().parents[1] / "tests" / "judge" / "recordings"
ROUNDS = 30
# Kind → exercise, its sizes if not the usual ones, and how an answer does a fifth of the work once more.
KINDS = {
    "elementwise": ("numerics.softmax", None, "Z=given['Z'][::5]"),
    "matmul": ("tokens.unembed", None, "X=given['X'][..., ::5, :], W_U=given['W_U']"),
    "gather": ("tokens.embed", None, "ids=given['ids'][..., ::5], W_E=given['W_E']"),
    "copy": ("attention.split_heads", None, "X=given['X'][..., ::5, :], H=given['H']"),
    "broadcast": ("arrays.outer_difference", None, "x=given['x'][..., ::5], y=given['y']"),
    "tiny": ("numerics.softmax", {"batch": (4,), "n": 8}, None),
}
RUNS = {1.0: 5, 1.2: 1, 2.0: 2, 4.0: 1}  # by how many times slower


def answers(sandbox: Sandbox) -> dict[tuple[str, float], tuple[int, str]]:
    """How often each answer calls the library's function, and with what once more; found out on its own."""
    found = {}
    for kind, (target, sizes, fifth) in KINDS.items():
        for factor in RUNS:
            if factor == 1.2 and fifth:
                found[kind, factor] = 1, fifth
            elif factor != 1.2:
                found[kind, factor] = calls_that_take(sandbox, target, int(factor), sizes), ""
    return found


def record(sandbox: Sandbox, kind: str, calls: int, extra: str, runs: int) -> np.ndarray:
    """Microseconds: (run, round, figure), the figures being those of a lap."""
    found = []
    while len(found) < runs:
        with suppress(Starved):  # what nobody judges by, nobody records
            found.append(list(_run(sandbox, kind, calls, extra)))
    return np.array(found)


def _run(sandbox: Sandbox, kind: str, calls: int, extra: str) -> Iterator[list[float]]:
    target, sizes, _ = KINDS[kind]
    with race(sandbox, target, calls, sizes, extra) as running:
        in_a_round = running.warm_up()
        for _ in range(ROUNDS):
            running.round(in_a_round)
        assert len(running.laps[0]) == ROUNDS, "a round was stopped"
    for ours, theirs in zip(*running.laps, strict=True):
        figures = ours.spent_ns, ours.took_ns, ours.reading_ns, theirs.spent_ns, theirs.reading_ns
        yield [round(figure / 1000, 1) for figure in figures]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--most", type=int, default=99, help="runs of each kind")
    parser.add_argument("--to", type=Path, default=RECORDINGS / "timings.npz")
    options = parser.parse_args()
    found = {}
    with Sandbox() as sandbox:
        every = answers(sandbox)
    for around in NEIGHBOURS:
        with neighbours(around), Sandbox() as sandbox:
            for (kind, factor), (calls, extra) in every.items():
                figures = record(sandbox, kind, calls, extra, min(RUNS[factor], options.most))
                found[f"{kind}, {factor:g}, {around}"] = figures.astype(np.float32)
                print(_row(kind, factor, around, figures), flush=True)
    options.to.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(options.to, **found)


def _row(kind: str, factor: float, around: str, figures: np.ndarray) -> str:
    rest = (figures[..., 0] - figures[..., 1]).min(axis=1, keepdims=True)
    ours, theirs = figures[..., 0] - rest, figures[..., 3] - rest
    ratios = theirs[:, :10].min(axis=1) / ours[:, :10].min(axis=1)
    return (
        f"{kind:12} {factor:3g}× {around:16} {np.median(ours):6.0f} µs a round, best {ours.min():6.0f}; "
        f"ratios over ten rounds {ratios.min():.2f} to {ratios.max():.2f}"
    )


if __name__ == "__main__":
    main()
