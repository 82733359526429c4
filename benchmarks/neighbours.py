"""Processes that disturb: what a judge of speed meets on a machine that is not its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

BURN = "while True: pass"
BURST = """
import random, time
while True:
    until = time.perf_counter() + random.uniform(0.005, 0.06)
    while time.perf_counter() < until: pass
    time.sleep(random.uniform(0, 0.1))
"""
STREAM = """
import numpy as np
a, b = np.zeros(8 << 20), np.ones(8 << 20)
while True: np.add(a, b, out=a)
"""
NEIGHBOURS = {
    "quiet": (),
    "one busy": (BURN,),
    "two busy": (BURN, BURN),
    "bursts": (BURST, BURST),
    "memory hogs": (STREAM, STREAM),
}


@contextmanager
def neighbours(kind: str) -> Iterator[None]:
    """These neighbours, as long as the block lasts."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # which ends the block, and so the neighbours
    with ExitStack() as started:
        for program in NEIGHBOURS[kind]:
            process = subprocess.Popen([sys.executable, "-c", program])
            started.callback(process.wait)
            started.callback(process.kill)
        yield
