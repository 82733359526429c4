"""What a token of SmolLM2 costs in plain numpy, beside llama.cpp on the same file, with one thread each.

    python benchmarks/chat.py [--tokens 48] [--rounds 5]

Needs the model: `python3 start.py models`. llama.cpp is measured where its Python package llama-cpp-python is
installed; no lock names it, and pip builds it for some minutes. Both read a prompt and then the same tokens
one by one, in turns (A B A B). Of each the least time counts: what else the machine does only adds to it.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from headway.cache import Cache
from headway.chat import ChatModel, load_chat
from headway.generate import generate
from headway.model import forward
from headway_course.real.shelf import MODELS

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
SAID = "Explain to a ten-year-old in a few sentences why the sky is blue and the sunset is red."
TARGET = 30  # ms a token


@dataclass
class Side:
    """One of the two: what reads ids that follow on what it has read, from the start if told so."""

    name: str
    read: Callable[[np.ndarray, bool], np.ndarray]
    prompt: float = float("inf")
    token: float = float("inf")

    def measure(self, prompt: np.ndarray, said: np.ndarray) -> np.ndarray:
        """Reads all once; gives the scores at the end."""
        start = time.perf_counter()
        self.read(prompt, True)
        self.prompt = min(self.prompt, time.perf_counter() - start)
        for token in said:
            start = time.perf_counter()
            scores = self.read(np.array([token]), False)
            self.token = min(self.token, time.perf_counter() - start)
        return scores


def ours(chat: ChatModel, room: int) -> Side:
    cache = Cache(chat.model, room)

    def read(ids: np.ndarray, afresh: bool) -> np.ndarray:
        cache.length = 0 if afresh else cache.length
        return forward(chat.model, ids, cache=cache, at=-1)

    return Side("headway, numpy", read)


def llama_cpp(room: int) -> Side:
    from llama_cpp import Llama, llama_get_logits

    path = str(MODELS["smollm2"].path)
    model = Llama(path, n_ctx=room, n_threads=1, n_threads_batch=1, verbose=False)

    def read(ids: np.ndarray, afresh: bool) -> np.ndarray:
        if afresh:
            model.reset()
        model.eval(ids.tolist())
        return np.ctypeslib.as_array(llama_get_logits(model.ctx), (model.n_vocab(),)).copy()

    return Side("llama.cpp", read)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tokens", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        compare(options.tokens, options.rounds)
        return
    environment = os.environ | dict.fromkeys(THREADS, "1")  # BLAS reads it once, when it is loaded
    command = [sys.executable, __file__, "--here"]
    command += ["--tokens", str(options.tokens), "--rounds", str(options.rounds)]
    subprocess.run(command, env=environment, check=True)


def compare(tokens: int, rounds: int) -> None:
    start = time.perf_counter()
    chat = load_chat(MODELS["smollm2"].path)
    print(f"loaded in {time.perf_counter() - start:.1f} s; one thread, least of {rounds} rounds")
    prompt = chat.prompt([("user", SAID)])
    said = generate(chat.model, prompt, tokens)[len(prompt) :]
    room = len(prompt) + tokens
    sides = [ours(chat, room)] + ([llama_cpp(room)] if find_spec("llama_cpp") else [])
    for _ in range(rounds):
        ends = [side.measure(prompt, said) for side in sides]
    print(f"{'':16} {'prompt ms':>10} {'ms a token':>11}")
    for side in sides:
        print(f"{side.name:16} {side.prompt * 1e3:10.1f} {side.token * 1e3:11.2f}")
    print(f"target: {TARGET} ms a token, {'met' if sides[0].token * 1e3 <= TARGET else 'missed'}")
    if len(sides) == 1:
        print("Not measured: llama.cpp, whose package llama-cpp-python is not installed here")
        return
    a, b = ends
    print(f"headway takes {sides[0].token / sides[1].token:.2f} of llama.cpp's time for a token")
    print(f"their scores at the end correlate by {np.corrcoef(a, b)[0, 1]:.5f}")


if __name__ == "__main__":
    main()
