"""Tries functions on hidden cases, in a process that may be ended: a mutant may loop for ever."""

import resource
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

import numpy as np
from headway_course.fixtures import Case, Fixture, Steps, Value, arguments
from headway_course.judging.compare import mismatch
from headway_course.judging.diagnose import RAISED, diagnose

from headway_grader.build.trials import GATE, KEEPS_INPUTS

R = TypeVar("R")
SECONDS = 20  # of processor time for one function under all keys, of which honest answers take a hundredth
MEMORY = 4 << 30  # bytes of address space
Expected = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True)
class Tried:
    """What the checks say of a function under one key: the groups it fails and the mistake it is told.

    grows is whether it is right where loops are counted, raises whether nothing but errors came out.
    """

    failed: frozenset[str]
    told: str | None
    grows: bool
    raises: bool


@dataclass(frozen=True)
class Checks:
    """The cases of an exercise under one key, and what its answer makes of inputs that grow."""

    fixture: Fixture
    growth: Mapping[str, Steps]
    expected: Expected

    @classmethod
    def of(cls, fixture: Fixture, answer: Callable, loops_over: Sequence[str]) -> "Checks":
        growth = fixture.growth_outside(loops_over)
        expected = {
            label: tuple(_result(answer, inputs)[0] for _, inputs in growth[label]) for label in growth
        }
        return cls(fixture, growth, expected)

    def tried(self, function: Callable) -> Tried:
        """Runs every case, as the judge does; inputs that grow only if the ordinary cases are right."""
        results = [(case, *_result(function, case.inputs)) for case in self.fixture.cases]
        failed = frozenset(case.group for case, out, kept in results if _fails(case, out, kept))
        return Tried(
            failed,
            diagnose([(case, out) for case, out, _ in results]),
            GATE not in failed and self._grows(function),
            all(out is RAISED for _, out, _ in results),
        )

    def _grows(self, function: Callable) -> bool:
        return all(
            mismatch(_result(function, inputs)[0], due) is None
            for label, steps in self.growth.items()
            for (_, inputs), due in zip(steps, self.expected[label], strict=True)
        )


def each(jobs: Sequence[Callable[[], R]]) -> list[R | None]:
    """What each job returns; None for one that took too long, or whose process died of it."""
    done: list[R | None] = []
    while len(done) < len(jobs):
        done += _until_one_ends(jobs[len(done) :])
    return done


def _until_one_ends(jobs: Sequence[Callable[[], R]]) -> list[R | None]:
    """The results of jobs that share a process, up to the first that ends it."""
    context = get_context("fork")  # the jobs need not be pickled
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(there, jobs), daemon=True)
    process.start()
    there.close()
    done: list[R | None] = []
    try:
        for _ in jobs:
            result, error = here.recv()
            if error:
                raise error
            done.append(result)
    except EOFError:
        done.append(None)
    finally:
        process.kill()
        process.join()
        here.close()
    return done


def _work(pipe: Connection, jobs: Sequence[Callable[[], R]]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for job in jobs:
        resource.setrlimit(
            resource.RLIMIT_CPU,
            (int(time.process_time()) + SECONDS, resource.getrlimit(resource.RLIMIT_CPU)[1]),
        )
        try:
            answer = job(), None
        except Exception as error:  # a fault of ours is no verdict on the function
            answer = None, error
        pipe.send(answer)


def _result(function: Callable, inputs: Mapping[str, np.ndarray]) -> tuple[object, bool]:
    """What comes out, and whether the inputs are as before."""
    given = arguments(inputs)
    try:
        with warnings.catch_warnings(action="ignore"):
            out = function(**given)
    except Exception:
        out = RAISED
    return out, all(
        np.array_equal(given[name], a, equal_nan=a.dtype.kind == "f") for name, a in inputs.items()
    )


def _fails(case: Case, out: object, kept: bool) -> bool:
    if out is RAISED or mismatch(out, case.expected):
        return True
    return case.group == KEEPS_INPUTS and not kept
