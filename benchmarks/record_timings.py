"""Records what rounds take, for answers that are known to be as fast as the library's, or 1.2, 2 or 4 times
slower, among neighbours of several kinds; and prints what the rule makes of them.

    python benchmarks/record_timings.py                     # the recordings that tests are run on
    python benchmarks/record_timings.py --most 2 --to /tmp/some.npz
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from headway_grader import cases, library
from headway_grader.cases import speed
from headway_grader.sandbox import Job, Piece, Sandbox
from headway_grader.timing.race import Race
from neighbours import NEIGHBOURS, neighbours

HERE = Path(__file__).resolve().parents[1] / "tests" / "judge" / "recordings" / "timings.npz"
ROUNDS = 30
# Kind → exercise, its sizes if not the usual ones, and how an answer does a fifth of the work once more.
KINDS = {
    "elementwise": ("numerics.softmax", None, "Z[::5]"),
    "matmul": ("tokens.unembed", None, "X[..., ::5, :], W_U"),
    "gather": ("tokens.embed", None, "ids[..., ::5], W_E"),
    "tiny": ("numerics.softmax", {"batch": (4,), "n": 8}, None),
}
RUNS = {1.0: 5, 1.2: 1, 2.0: 2, 4.0: 1}  # by how many times slower


def jobs(target: str, factor: float, fifth: str | None) -> tuple[Job, Job] | None:
    """The library's function, and one that calls it so often; None where it cannot be called for a part."""
    name = target.rpartition(".")[2]
    source = library.slice_source([target])
    parameters = library.installed().function(target).node.args.args
    given = ", ".join(parameter.arg for parameter in parameters)
    once = f"{name}({given})"
    if factor == 1.2:
        if fifth is None:
            return None
        body = f"{name}({fifth}); return {once}"
    else:
        body = "; ".join([once] * (int(factor) - 1) + [f"return {once}"])
    answer = Piece(f"def answer({given}):\n    {body}", "script", 1)
    return Job((), name, [], source, None, "time"), Job((answer,), "answer", [], source, (name,), "time")


def record(sandbox: Sandbox, kind: str, factor: float, runs: int) -> np.ndarray | None:
    """Microseconds: (run, round, figure), the figures being those of FIGURES."""
    target, sizes, fifth = KINDS[kind]
    pair = jobs(target, factor, fifth)
    return np.array([list(_run(sandbox, pair, target, sizes)) for _ in range(runs)]) if pair else None


def _run(sandbox: Sandbox, pair: tuple[Job, Job], target: str, sizes: dict | None) -> Iterator[list[float]]:
    with sandbox.pair(*pair) as sessions:
        race = Race(*sessions, speed.inputs(cases.load(target).inputs, np.random.default_rng(), sizes))
        calls = race.warm_up()
        for _ in range(ROUNDS):
            race.round(calls)
        assert len(race.laps[0]) == ROUNDS, "a round was stopped"
    for ours, theirs in zip(*race.laps, strict=True):
        figures = ours.spent_ns, ours.took_ns, ours.reading_ns, theirs.spent_ns, theirs.reading_ns
        yield [round(figure / 1000, 1) for figure in figures]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--most", type=int, default=99, help="runs of each kind")
    parser.add_argument("--to", type=Path, default=HERE)
    options = parser.parse_args()
    found = {}
    for around in NEIGHBOURS:
        with neighbours(around), Sandbox() as sandbox:
            for kind in KINDS:
                for factor, runs in RUNS.items():
                    figures = record(sandbox, kind, factor, min(runs, options.most))
                    if figures is not None:
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
