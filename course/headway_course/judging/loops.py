"""Loop-freeness: how often Python itself ran, and whether that grows with the size of the input.

Layer 2: a function is run under a tracer at sizes n, 2n and 4n of one dimension. What counts as an event: a
line that runs again, a jump back, a further call of a Python function (a generator that goes on is one too),
in all frames outside numpy. Line and call events say the same on Python 3.11, 3.12 and 3.13, one-line loops
and inlined comprehensions included; opcode events do not (on 3.12 and 3.13 a function's first call lacks
them). Layer 3: what numpy does in Python on behalf of a call, such as np.apply_along_axis, and what C goes
through (`audit`). Growth that only layer 3 sees is no proof: `appeal` says that a person should look.
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

from headway_course.judging import audit
from headway_course.judging.constructs import is_in_function, is_in_loop, name_construct

CAP = 2_000_000
"""Events after which a run is stopped. Whole-array code has a few hundred at most."""

_NUMPY = f"{Path(np.__file__).parent}{os.sep}"
# Importing and showing a warning happen once, whatever the size; printing an array is for people to read.
_NOT_COUNTED = ("<frozen ", "<__array_function__", warnings.__file__, audit.__file__)
_PRINTING = f"{_NUMPY}{Path('_core', 'arrayprint.py')}"

# Growth that only begins at the largest size is a step (a longer branch, one more round of a log n loop),
# unless there is an event for each element of the largest input.
_STEP = 16

_ONCE = 200
"""Steps that are taken once, before any call or in the first one, beyond which a person should look."""

_FAR = 16
"""Steps more, at the least, that a loop takes at the size far out."""


@dataclass(frozen=True)
class Counts:
    """One counted call: all events, runs of each (file, line), whether the cap ended it, what it raised.

    by_call is what only layer 3 sees: steps in numpy's Python and objects that C went through, of each
    (file, line, what is called). before counts the steps that the answer's statements took until the call.
    """

    total: int
    by_line: Mapping[tuple[str, int], int] = field(default_factory=dict)
    capped: bool = False
    raised: str = ""
    by_call: Mapping[tuple[str, int, str], int] = field(default_factory=dict)
    before: int = 0

    @property
    def handed_on(self) -> int:
        """All that only layer 3 sees."""
        return sum(self.by_call.values())


@dataclass(frozen=True)
class LoopVerdict:
    """Whether a Python loop grows with the input; where, in which construct, how often it ran.

    `judged` is False when the counts say nothing (the function raised); `why` then says so in words. `appeal`
    marks growth that only layer 3 has seen: a person should look.
    """

    found: bool
    judged: bool = True
    file: str = ""
    line: int = 0
    construct: str = ""
    counts: tuple[int, ...] = ()
    why: str = ""
    appeal: bool = False

    @property
    def message(self) -> str:
        """The finding in words: "line 7 ran 16, 32, 64 times (for loop)", "line 7 has map go through …"."""
        if not self.found:
            return self.why
        if not self.line:
            return self.why if self.appeal else f"Python ran again and again ({self.why})"
        times = ", ".join(str(count) for count in self.counts)
        if self.appeal:
            return f"line {self.line} has {self.construct} go through {times} objects"
        return f"line {self.line} ran {times} times ({self.construct})"


def count_events(
    function: Callable, arguments: Mapping[str, object], audited: audit.Audit | None = None
) -> Counts:
    """Calls the function and counts what Python does meanwhile; what it raises stands in the counts.

    audited is what the function's rewritten calls go through, if they do.
    """
    watch = _Watch()
    gone_through = audited.seen if audited else {}
    gone_through.clear()
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
    return Counts(watch.total, dict(watch.by_line), watch.capped, raised, _sum(gone_through, watch.by_call))


def _sum(one: Mapping[tuple, int], other: Mapping[tuple, int]) -> dict[tuple, int]:
    return {place: one.get(place, 0) + other.get(place, 0) for place in one | other}


class _Capped(BaseException):
    """Ends a run that has used up its events; no Exception, so that `except Exception` lets it through."""


class _Watch:
    """A trace function and what it has seen during one call."""

    def __init__(self):
        self.total = -1  # the call of the function itself
        self.by_line: dict[tuple[str, int], int] = {}
        self.by_call: dict[tuple[str, int, str], int] = {}
        self.capped = False

    def enter(self, frame: FrameType, event: str, _):
        file = frame.f_code.co_filename
        if event != "call" or file.startswith(_NOT_COUNTED):
            return None
        if file.startswith(_NUMPY):
            return None if file == _PRINTING else self._enter_numpy(frame)
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

    def _enter_numpy(self, frame: FrameType):
        """Counts lines that one call of numpy's own Python runs again, on the account of who called numpy.

        So counts a further call from the same line: C calls numpy's Python as it goes through ndindex.
        """
        place, direct = _caller(frame)
        seen = set()
        if direct:
            self.by_call[place] = self.by_call.get(place, -1) + 1

        def step(frame, event, _):
            if event == "line":
                if frame.f_lineno in seen:
                    self.by_call[place] = self.by_call.get(place, 0) + 1
                seen.add(frame.f_lineno)
            return step

        return step

    def _add(self, events: int = 1) -> None:
        self.total += events
        if self.total > CAP:
            self.capped = True
            raise _Capped


def _caller(frame: FrameType) -> tuple[tuple[str, int, str], bool]:
    """Which line called numpy, and what of it; and whether this frame is that call."""
    first = frame
    while frame.f_back and frame.f_back.f_code.co_filename.startswith((_NUMPY, "<__array_function__")):
        frame = frame.f_back
    called, direct = f"np.{frame.f_code.co_name}", frame is first
    frame = frame.f_back
    while frame and frame.f_code.co_filename == audit.__file__:
        frame = frame.f_back
    return ((frame.f_code.co_filename, frame.f_lineno, called) if frame else ("", 0, called)), direct


def decide(
    counts_by_size: Mapping[int, Counts],
    trees: Mapping[str, Sequence[ast.AST]] | None = None,
    function: str = "",
) -> LoopVerdict:
    """Whether counts at n, 2n, 4n show a loop: D2 ≥ n and D2 ≥ 1.5·D1.

    With D1 = c(2n) − c(n), D2 = c(4n) − c(2n): constant loops have D2 = 0, logarithmic ones D2 = D1. A fourth
    size, far out, shows what a table made for small sizes hides. The first size is counted first, in a fresh
    module: what is made once and kept shows as steps taken before it, or in it and not again.
    `trees` are the learner's statements by file: only a line of theirs is quoted, and its construct named.
    `function` is the name of the one that was called: a loop of its own is quoted before what it calls.
    """
    sizes = sorted(counts_by_size)
    counts = [counts_by_size[size] for size in sizes]
    if len(counts) < 3:
        return LoopVerdict(False, judged=False, why="fewer than three sizes were counted")
    shown = _shown(sizes, [c.total for c in counts]) or _shown_in_a_line(sizes, counts, trees or {})
    if any(c.capped for c in counts):
        return _quote(sizes, counts, trees or {}, function, f"more than {CAP} steps")
    if shown:
        why = f"{counts[shown - 1].total} steps"
        return _quote(sizes[:shown], counts[:shown], trees or {}, function, why)
    for size, c in zip(sizes, counts, strict=True):
        if c.raised:
            return LoopVerdict(False, judged=False, why=f"at size {size} it ended with {c.raised}")
    shown = _shown(sizes, [c.handed_on for c in counts])
    return _handed_on(sizes[:shown], counts[:shown]) if shown else _once(counts)


def _shown(sizes: Sequence[int], counts: Sequence[int]) -> int:
    """In how many of the sizes growth shows: 0 if there is none, 3 unless it takes the one far out."""
    return next((k for k in (3, len(sizes)) if _grows(sizes[:k], counts[:k])), 0)


def _shown_in_a_line(
    sizes: Sequence[int], counts: Sequence[Counts], trees: Mapping[str, Sequence[ast.AST]]
) -> int:
    """As `_shown`, of the runs of one line: others may run less often as this one runs more often."""
    lines = {line for c in counts for line in c.by_line if line[0] in trees}
    return max((_shown(sizes, [c.by_line.get(line, 0) for c in counts]) for line in lines), default=0)


def _once(counts: Sequence[Counts]) -> LoopVerdict:
    """An appeal if much is done once: before the first call, or in it and not in the next."""
    first, second = (c.total + c.handed_on for c in counts[:2])
    if counts[0].before >= _ONCE:
        return LoopVerdict(True, why=f"{counts[0].before} steps are taken before any call", appeal=True)
    if first - second >= _ONCE:
        return LoopVerdict(True, why=f"the first call takes {first} steps, the next {second}", appeal=True)
    return LoopVerdict(False)


def _handed_on(sizes: Sequence[int], counts: Sequence[Counts]) -> LoopVerdict:
    """The verdict of layer 3 alone: the first call that grows, since what it makes is gone through again."""
    calls = {call: tuple(c.by_call.get(call, 0) for c in counts) for c in counts for call in c.by_call}
    file, line, called = next((c for c in calls if _grows(sizes, calls[c])), max(calls, key=calls.get))
    return LoopVerdict(True, True, file, line, called, calls[file, line, called], appeal=True)


def _grows(sizes: Sequence[int], counts: Sequence[int]) -> bool:
    n, (small, middle, large, *far) = sizes[0], counts
    first, second = middle - small, large - middle
    enough = n if first * _STEP >= second else 4 * n
    if second >= enough and second >= 1.5 * first:
        return True
    return any(_grows_far(second, c - large, size - sizes[2]) for size, c in zip(sizes[3:], far, strict=True))


def _grows_far(before: int, more: int, sizes: int) -> bool:
    """Whether the steps from 4n to 16n are a loop's: a logarithm takes twice as many as from 2n to 4n, its
    square 2.7 times as many. Where there were none before, each size must have taken one.
    """
    return more >= 3.5 * before and more >= (_FAR if before > 0 else sizes)


def _quote(
    sizes: Sequence[int],
    counts: Sequence[Counts],
    trees: Mapping[str, Sequence[ast.AST]],
    function: str,
    why: str,
) -> LoopVerdict:
    """The line that is to blame: first in a loop, first in the function itself, then that which grows most.

    A function that is called in a loop grows as the loop does, and no line of it is to blame.
    """
    runs = {line: tuple(c.by_line.get(line, 0) for c in counts) for c in counts for line in c.by_line}
    runs = {line: times for line, times in runs.items() if not trees or line[0] in trees}
    if not runs:
        return LoopVerdict(True, why=why)
    growing = [line for line in runs if _grows(sizes, runs[line])] or list(runs)

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
    small, middle, large = runs[:3]
    constant = 2 * small - middle
    return (
        tuple(r - constant for r in runs) if constant > 0 and large - middle == 2 * (middle - small) else runs
    )
