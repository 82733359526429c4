"""Calls a learner's function at growing sizes, and looks for its Python loops."""

import contextlib
import inspect
import io
from collections.abc import Callable

from headway_course.checking.origin import Origin
from headway_course.checking.result import Loops
from headway_course.fixtures import Fixture, arguments
from headway_course.judging.audit import Audit, twin
from headway_course.judging.loops import LoopVerdict, count_events, decide
from headway_course.manifest import Exercise


def count_loops(function: Callable, exercise: Exercise, fixture: Fixture, written: Origin) -> Loops:
    """The first dimension over which Python loops and may not; raises KeyboardInterrupt."""
    trees = written.trees
    unclear = None
    for dimension, steps in fixture.growth_outside(exercise.loops_over).items():
        audit = Audit(trees)
        audited = twin(function, trees, audit)
        with contextlib.redirect_stdout(io.StringIO()):
            counts = {size: count_events(audited, arguments(inputs), audit) for size, inputs in steps}
        if any(c.raised == "KeyboardInterrupt" for c in counts.values()):
            raise KeyboardInterrupt
        verdict = decide(counts, trees, getattr(inspect.unwrap(function), "__name__", ""))
        if verdict.found:
            return Loops(verdict, dimension, tuple(counts), written.titles.get(verdict.file, ""))
        unclear = unclear or (None if verdict.judged else Loops(verdict, dimension))
    return unclear or Loops(LoopVerdict(False))
