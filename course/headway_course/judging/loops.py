"""Layer 2 of loop-freeness: how often Python itself ran, and whether that grows with the size of the input.

A function is run under a tracer at sizes n, 2n and 4n of one dimension. What counts as an event: a line
that runs again, a jump back, a further call of a Python function (a generator that goes on is one too), in
all frames outside numpy. Line and call events say the same on Python 3.11, 3.12 and 3.13, one-line loops and
inlined comprehensions included; opcode events do not (on 3.12 and 3.13 a function's first call lacks them).
"""

import ast
import gc
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from sys import gettrace, settrace  # our own references, whatever becomes of the module
from types import FrameType

import numpy as np

from headway_course.judging.constructs import is_in_function, is_in_loop, name_construct

CAP = 2_000_000
"""Events after which a run is stopped. Whole-array code has a few hundred at most."""

# Importing and showing a warning happen once, whatever the size; numpy's own loops are numpy's affair.
_NOT_COUNTED = (f"{Path(np.__file__).parent}{os.sep}", "<frozen ", "<__array_function__", warnings.__file__)

# Growth that only begins at the largest size is a step (a longer branch, one more round of a log n loop),
# unless there is an event for each element of the largest input.
_STEP = 16


@dataclass(frozen=True)
class Counts:
    """One counted call: all events, runs of each (file, line), whether the cap ended it, what it raised."""

    total: int
    by_line: Mapping[tuple[str, int], int] = field(default_factory=dict)
    capped: bool = False
    raised: str = ""


@dataclass(frozen=True)
class LoopVerdict:
    """Whether a Python loop grows with the input; where, in which construct, how often it ran.

    `judged` is False when the counts say nothing (the function raised); `why` then says so in words.
    """

    found: bool
    judged: bool = True
    file: str = ""
    line: int = 0
    construct: str = ""
    counts: tuple[int, ...] = ()
    why: str = ""

    @property
    def message(self) -> str:
        """The finding in words: "line 7 ran 16, 32, 64 times (for loop)"."""
        if not self.found:
            return self.why
        if not self.line:
            return f"Python ran again and again ({self.why})"
        times = ", ".join(str(count) for count in self.counts)
        return f"line {self.line} ran {times} times ({self.construct})"


def count_events(function: Callable, arguments: Mapping[str, object]) -> Counts:
    """Calls the function and counts what Python does meanwhile; what it raises stands in the counts."""
    watch = _Watch()
    before, collecting = gettrace(), gc.isenabled()
    raised = ""
    gc.disable()  # whoever is told of collections would be counted, at one size and not at another
    settrace(watch.enter)
    try:
        function(**arguments)
        if gettrace() != watch.enter:
            raised = "tracing was turned off"
    except BaseException as error:
        raised = "" if watch.capped else type(error).__name__
    finally:
        settrace(before)
        if collecting:
            gc.enable()
    return Counts(watch.total, dict(watch.by_line), watch.capped, raised)


class _Capped(BaseException):
    """Ends a run that has used up its events; no Exception, so that `except Exception` lets it through."""


class _Watch:
    """A trace function and what it has seen during one call."""

    def __init__(self):
        self.total = -1  # the call of the function itself
        self.by_line: dict[tuple[str, int], int] = {}
        self.capped = False

    def enter(self, frame: FrameType, event: str, _):
        file = frame.f_code.co_filename
        if event != "call" or file.startswith(_NOT_COUNTED):
            return None
        self._add()
        reached = -1  # offset of the latest line event in this frame

        def step(frame, event, _):
            nonlocal reached
            if event == "line":
                line = file, frame.f_lineno
                runs = self.by_line[line] = self.by_line.get(line, 0) + 1
                self._add((runs > 1) + (frame.f_lasti <= reached))
                reached = frame.f_lasti
            return step

        return step

    def _add(self, events: int = 1) -> None:
        self.total += events
        if self.total > CAP:
            self.capped = True
            raise _Capped


def decide(
    counts_by_size: Mapping[int, Counts],
    trees: Mapping[str, Sequence[ast.AST]] | None = None,
    function: str = "",
) -> LoopVerdict:
    """Whether counts at n, 2n, 4n show a loop: D2 ≥ n and D2 ≥ 1.5·D1.

    With D1 = c(2n) − c(n), D2 = c(4n) − c(2n): constant loops have D2 = 0, logarithmic ones D2 = D1.
    `trees` are the learner's statements by file: only a line of theirs is quoted, and its construct named.
    `function` is the name of the one that was called: a loop of its own is quoted before what it calls.
    """
    sizes = sorted(counts_by_size)[:3]
    counts = [counts_by_size[size] for size in sizes]
    if len(counts) < 3:
        return LoopVerdict(False, judged=False, why="fewer than three sizes were counted")
    grows = _grows(sizes[0], *(c.total for c in counts))
    if any(c.capped for c in counts):
        return _quote(sizes[0], counts, trees or {}, function, f"more than {CAP} steps")
    for size, c in zip(sizes, counts, strict=True):
        if c.raised and not grows:
            return LoopVerdict(False, judged=False, why=f"at size {size} it ended with {c.raised}")
    if not grows:
        return LoopVerdict(False)
    return _quote(sizes[0], counts, trees or {}, function, f"{counts[-1].total} steps")


def _grows(n: int, small: int, middle: int, large: int) -> bool:
    first, second = middle - small, large - middle
    enough = n if first * _STEP >= second else 4 * n
    return second >= enough and second >= 1.5 * first


def _quote(
    n: int, counts: Sequence[Counts], trees: Mapping[str, Sequence[ast.AST]], function: str, why: str
) -> LoopVerdict:
    """The line that is to blame: first in a loop, first in the function itself, then that which grows most.

    A function that is called in a loop grows as the loop does, and no line of it is to blame.
    """
    runs = {line: tuple(c.by_line.get(line, 0) for c in counts) for c in counts for line in c.by_line}
    runs = {line: times for line, times in runs.items() if not trees or line[0] in trees}
    if not runs:
        return LoopVerdict(True, why=why)
    growing = [line for line in runs if _grows(n, *runs[line])] or list(runs)

    def rank(line: tuple[str, int]) -> tuple:
        small, *larger = runs[line]
        own = trees.get(line[0], ())
        loops = is_in_loop(own, line[1])
        called = bool(function) and is_in_function(own, line[1], function)
        return not loops, not called, small - max(larger), line  # most growth first

    file, line = min(growing, key=rank)
    construct, first = name_construct(trees.get(file, ()), line)
    return LoopVerdict(True, True, file, first, construct, _without_setup(runs[file, line]), why)


def _without_setup(runs: tuple[int, ...]) -> tuple[int, ...]:
    """Runs that grow in proportion, less those that come on top at any size (entering a loop, leaving it)."""
    small, middle, large = runs
    constant = 2 * small - middle
    return (
        tuple(r - constant for r in runs) if constant > 0 and large - middle == 2 * (middle - small) else runs
    )
