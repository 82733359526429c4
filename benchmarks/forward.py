"""What the library's models cost beside torch's, with the same weights and as many threads.

    python benchmarks/forward.py [--threads 1 2] [--rounds 12]

Needs torch. For each number of threads a process of its own measures both, in turns (A B A B), and takes the
least time of each: what else the machine does can only add to it. Torch runs eager and without gradients; its
side of the comparison is written below as its documentation suggests.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from headway.config import Config, init_parameters
from headway.generate import generate
from headway.model import Model, forward

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
GPT2 = {
    "width": 768,
    "heads": 12,
    "hidden": 3072,
    "decoder_layers": 12,
    "vocabulary": 50_257,
    "context": 1024,
}
SMALL = {"width": 128, "heads": 4, "hidden": 512, "decoder_layers": 4, "vocabulary": 512, "context": 256}
T, PROMPT, STEPS = 128, 16, 32


def gpt(sizes: dict[str, int]) -> Config:
    """A model built like GPT-2, of these sizes."""
    return Config(**sizes, outputs=sizes["vocabulary"], tied=True, activation="gelu_tanh")


@dataclass(frozen=True)
class Task:
    """The same work done by the library and by torch, and at most how much of torch's time it may take."""

    name: str
    ours: Callable
    theirs: Callable
    target: float
    rounds: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=12, help="of the small models; large ones have half")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        compare(options.threads[0], options.rounds)
        return
    print(f"{'threads':7}  {'task':34} {'ours ms':>9} {'torch ms':>9} {'of torch':>9}  target")
    for threads in options.threads:  # BLAS reads the variable once, so each number needs its own process
        environment = os.environ | {name: str(threads) for name in THREADS}
        command = [sys.executable, __file__, "--here", "--threads", str(threads)]
        subprocess.run([*command, "--rounds", str(options.rounds)], env=environment, check=True)


def compare(threads: int, rounds: int) -> None:
    import torch

    torch.set_num_threads(threads)
    for task in tasks(rounds):
        ours, theirs = task.ours(), task.theirs()
        assert np.abs(ours - theirs).max() <= 1e-4 * np.abs(theirs).max(), "they do not compute the same"
        least = [float("inf"), float("inf")]
        for _ in range(task.rounds):
            for side, work in enumerate((task.ours, task.theirs)):
                start = time.perf_counter()
                work()
                least[side] = min(least[side], time.perf_counter() - start)
        a, b = least
        met = "met" if a / b <= task.target else "missed"
        line = f"{threads:7}  {task.name:34} {a * 1e3:9.2f} {b * 1e3:9.2f} {a / b:9.2f}"
        print(f"{line}  ≤ {task.target:.2f} {met}", flush=True)


def tasks(rounds: int) -> Iterator[Task]:
    for name, sizes, limits, n in (
        ("d=128 L=4", SMALL, (1.2, 1.0), rounds),
        ("GPT-2", GPT2, (0.9, 1 / 1.5), max(rounds // 2, 1)),
    ):
        config = gpt(sizes)
        model = Model(config, init_parameters(config, np.random.default_rng(0)))
        theirs = Torch(model)
        ids = np.random.default_rng(1).integers(0, config.vocabulary, size=(1, T))
        prompt = ids[:, :PROMPT]
        yield Task(
            f"{name}, forward of {T} tokens",
            lambda model=model, ids=ids: forward(model, ids),
            lambda theirs=theirs, ids=ids: theirs.forward(ids),
            limits[0],
            n,
        )
        yield Task(
            f"{name}, {STEPS} tokens with a cache",
            lambda model=model, ids=prompt: generate(model, ids, STEPS),
            lambda theirs=theirs, ids=prompt: theirs.generate(ids, STEPS),
            limits[1],
            n,
        )


class Torch:
    """GPT-2 in torch: functions of torch.nn.functional, fused queries, keys and values, fused attention."""

    def __init__(self, model: Model) -> None:
        import torch

        self.torch, self.config = torch, model.config
        # A linear layer of torch keeps its matrix as (out, in).
        self.p = {
            name: torch.from_numpy(
                np.ascontiguousarray(a.T if name.endswith((".in.W", ".out.W", ".QKV.W", ".O.W")) else a)
            )
            for name, a in model.parameters.items()
        }

    def forward(self, ids: np.ndarray) -> np.ndarray:
        with self.torch.inference_mode():
            return self._scores(self._states(self.torch.from_numpy(ids), 0, None)).numpy()

    def generate(self, prompt: np.ndarray, steps: int) -> np.ndarray:
        """Greedy, with keys and values in arrays that are made once."""
        torch, c = self.torch, self.config
        with torch.inference_mode():
            ids = torch.from_numpy(prompt)
            shape = (2, c.decoder_layers, len(ids), c.heads, ids.shape[1] + steps, c.dh)
            cache, read = torch.empty(shape), 0
            for _ in range(steps):
                states = self._states(ids[:, read:], read, cache)
                read = ids.shape[1]
                token = self._scores(states[:, -1]).argmax(dim=-1)
                ids = torch.cat([ids, token[:, None]], dim=-1)
            return ids.numpy()

    def _states(self, ids, start, cache):
        from torch.nn import functional as F

        c, p = self.config, self.p
        T = ids.shape[-1]
        X = F.embedding(ids, p["token.W"]) + p["decoder.position.W"][start : start + T]
        for i in range(c.decoder_layers):
            at = f"decoder.{i}"
            Q, K, V = self._linear(f"{at}.attention.QKV", self._norm(f"{at}.attention.norm", X)).split(
                c.width, -1
            )
            Q, K, V = (A.unflatten(-1, (c.heads, c.dh)).transpose(-2, -3) for A in (Q, K, V))
            if cache is not None:
                cache[0, i, :, :, start : start + T], cache[1, i, :, :, start : start + T] = K, V
                K, V = cache[:, i, :, :, : start + T]
            A = F.scaled_dot_product_attention(Q, K, V, is_causal=T > 1)
            X = X + self._linear(f"{at}.attention.O", A.transpose(-2, -3).flatten(-2))
            hidden = self._linear(f"{at}.mlp.in", self._norm(f"{at}.mlp.norm", X))
            X = X + self._linear(f"{at}.mlp.out", F.gelu(hidden, approximate="tanh"))
        return self._norm("decoder.norm", X)

    def _scores(self, X):
        return self.torch.nn.functional.linear(X, self.p["token.W"])

    def _linear(self, name, X):
        return self.torch.nn.functional.linear(X, self.p[f"{name}.W"], self.p[f"{name}.b"])

    def _norm(self, name, X):
        scale, shift = self.p[f"{name}.scale"], self.p[f"{name}.shift"]
        return self.torch.nn.functional.layer_norm(X, scale.shape, scale, shift, self.config.eps)


if __name__ == "__main__":
    main()
