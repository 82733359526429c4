"""How the cost of a forward grows with the length of a text and with the batch.

    python benchmarks/growth.py [--threads 1] [--rounds 5] [--figure growth.svg]

Each forward is timed beside a large matrix product in the same turn: the product is what BLAS can do at its
best, and the floating-point operations of the forward, counted on paper, say how long it would take at that
pace. The least of all rounds counts, since whatever else the machine does can only add to it.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from forward import SMALL, THREADS, gpt
from headway.config import Config, init_parameters
from headway.model import Model, forward

LENGTHS = (64, 128, 256, 512, 1024, 2048)
CONFIG = gpt(SMALL | {"context": max(LENGTHS)})
BATCHES = (1, 2, 4, 8, 16, 32, 64)
T = 128  # while the batch grows
SIDE = 1024  # of the product that shows the peak


@dataclass(frozen=True)
class Cost:
    """A forward of so many texts of so many tokens: operations on paper, seconds, and seconds at the peak."""

    batch: int
    tokens: int
    operations: int
    seconds: float
    peak: float  # operations a second

    @property
    def of_peak(self) -> float:
        return self.operations / self.seconds / self.peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--figure", help="draws the table into this file (svg, png or pdf)")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.here:  # BLAS reads the variable once, when numpy is loaded
        environment = os.environ | {name: str(options.threads) for name in THREADS}
        sys.exit(subprocess.run([sys.executable, *sys.argv, "--here"], env=environment).returncode)
    by_length, by_batch = list(costs(1, LENGTHS, options.rounds)), list(costs(BATCHES, T, options.rounds))
    print(table("one text", by_length), table(f"texts of {T} tokens", by_batch), sep="\n\n")
    if options.figure:
        draw(by_length, by_batch, options.figure)


def operations(c: Config, batch: int, T: int) -> int:
    """Multiplications and additions in the matrix products of a decoder's forward, counted on paper.

    A product of (m, k) and (k, n) has 2mkn. Scores are computed for the whole square of positions, though the
    mask hides half of it.
    """
    projections = 2 * T * c.width * (c.heads + 2 * c.G) * c.dh + 2 * T * c.heads * c.dh * c.width
    attention = 2 * (2 * T * T * c.heads * c.dh)  # scores, and the means of values
    feed_forward = 2 * (2 * T * c.width * c.hidden)
    unembedding = 2 * T * c.width * c.outputs
    return batch * (c.decoder_layers * (projections + attention + feed_forward) + unembedding)


def costs(batches: int | tuple[int, ...], lengths: int | tuple[int, ...], rounds: int) -> Iterator[Cost]:
    model, rng = Model(CONFIG, init_parameters(CONFIG, np.random.default_rng(0))), np.random.default_rng(1)
    square = rng.standard_normal((SIDE, SIDE), np.float32)
    for batch, length in np.broadcast(batches, lengths):
        ids = rng.integers(0, CONFIG.vocabulary, size=(batch, length))
        seconds, at_peak = _least(rounds, lambda ids=ids: forward(model, ids), lambda: square @ square)
        yield Cost(batch, length, operations(CONFIG, int(batch), int(length)), seconds, 2 * SIDE**3 / at_peak)


def _least(rounds: int, *works: Callable) -> list[float]:
    """The shortest time of each of these, which take turns."""
    least = [float("inf")] * len(works)
    for _ in range(rounds):
        for side, work in enumerate(works):
            start = time.perf_counter()
            work()
            least[side] = min(least[side], time.perf_counter() - start)
    return least


def table(title: str, costs: list[Cost]) -> str:
    rows = [f"{title:22} {'batch':>5} {'T':>5} {'GFLOP':>8} {'ms':>9} {'GFLOP/s':>8} {'of peak':>8}"]
    for c in costs:
        pace = c.operations / c.seconds / 1e9
        rows.append(
            f"{'':22} {c.batch:5} {c.tokens:5} {c.operations / 1e9:8.3f} {c.seconds * 1e3:9.2f} {pace:8.1f}"
            f" {c.of_peak:8.0%}"
        )
    return "\n".join(rows)


def draw(by_length: list[Cost], by_batch: list[Cost], file: str) -> None:
    """Time against operations, both on a logarithmic scale, above the line of the peak."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(6.4, 4.4), layout="constrained")
    every = by_length + by_batch
    ends = np.array([min(c.operations for c in every), max(c.operations for c in every)])
    peak = max(c.peak for c in every)
    axes.plot(ends / 1e9, ends / peak * 1e3, color="#555555", linestyle="--", label="at the peak of BLAS")
    for costs, marker, color, label in (
        (by_length, "o", "#0072B2", f"one text of {LENGTHS[0]} to {LENGTHS[-1]} tokens"),
        (by_batch, "s", "#D55E00", f"{BATCHES[0]} to {BATCHES[-1]} texts of {T} tokens"),
    ):
        x, y = [c.operations / 1e9 for c in costs], [c.seconds * 1e3 for c in costs]
        axes.plot(x, y, marker=marker, color=color, label=label)
    axes.set(xscale="log", yscale="log", xlabel="operations on paper, in 10⁹", ylabel="milliseconds")
    axes.legend(frameon=False)
    axes.grid(alpha=0.3)
    figure.savefig(file)


if __name__ == "__main__":
    main()
