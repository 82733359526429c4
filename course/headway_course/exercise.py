"""What an author writes in a lesson. Run as a script, a lesson gets the library's functions; the build puts stubs there."""

from collections.abc import Callable, Sequence
from importlib import import_module


def exercise(
    target: str,
    *,
    points: float,
    level: int,
    minutes: int,
    hints: Sequence[str],
    loops_over: Sequence[str] = (),
    prerequisites: Sequence[str] | None = None,
) -> Callable:
    """Asks the learner for the function that the library has at `target` ("numerics.softmax"), and returns that function.

    level is 1 (easy) to 5 (very hard); loops_over names the dimensions that Python may loop over; prerequisites are the
    functions an answer may call, by default every earlier exercise of the course that is not built on this one.
    """
    return _from_library(target)


def question(name: str, *, points: float) -> None:
    """Asks for an answer in free text, which a person grades. The text of the question stands above it."""


def earlier(target: str) -> Callable:
    """A function of an earlier lesson, ready for use in this one."""
    return _from_library(target)


def _from_library(target: str) -> Callable:
    module, _, name = target.rpartition(".")
    return getattr(import_module(f"headway.{module}"), name)
