"""What authors write in a lesson. As a script it gets the library's functions; the build sets stubs there."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module

from headway_course import manifest
from headway_course.errors import CourseError, NotHere

LIBRARY = "headway"
DUE = "__due__"
"""In a module of a released library: the names whose answers are still due, and stand there as stubs."""
ANSWER_HERE = "YOUR ANSWER HERE"  # nbgrader's own words for an answer in free text


def exercise(
    target: str,
    *,
    points: float,
    level: int,
    minutes: int,
    hints: Sequence[str],
    loops_over: Sequence[str] = (),
    prerequisites: Sequence[str] | None = None,
    memory: float = 0,
) -> Callable:
    """Asks the learner for the function that the library has at `target`, and returns the library's.

    target is module and function, as in "numerics.softmax"; level is 1 (easy) to 5 (very hard); loops_over
    names the dimensions that Python may loop over; prerequisites are the functions an answer may call, by
    default every earlier exercise of the course that is not built on this one; memory, where that is the
    lesson, is how many times as much as the library's function an answer may hold.
    Raises CourseError if the library has no such function.
    """
    function = from_library(target)
    if function is None:
        raise CourseError(
            f"exercise({target!r}) needs the library `{LIBRARY}`, which is not installed here: "
            "authors get it with `python3 start.py test`"
        )
    return function


def question(name: str, *, points: float) -> None:
    """Asks for an answer in free text, which a person grades. The text of the question stands above it."""


def earlier(target: str) -> Callable:
    """A function of an earlier lesson, ready for use in this one: the learner's own once it has passed.

    Until then it is the library's. Where that is not installed, what comes back says when called which lesson
    asks for the function.
    """
    return _from_learner(target) or from_library(target) or _placeholder(target)


def library(target: str) -> Callable:
    """A function or class of the library that no lesson asks for, such as "blocks.gelu" or "model.forward".

    Answers below may call it if answers of the course are built on it. A release has what its lessons fetch,
    but not what is built on an answer still due: in the place of that comes what says so when it is called.
    """
    module, _, name = target.rpartition(".")
    try:
        return getattr(import_module(f"{LIBRARY}.{module}"), name)
    except (ModuleNotFoundError, AttributeError):
        return _held_back(name)


def _from_learner(target: str) -> Callable | None:
    from headway_course.record.own_answers import own_answer
    from headway_course.record.store import record

    return own_answer(target, record(), earlier)


def from_library(target: str) -> Callable | None:
    """The library's function, None where it is not at hand; raises CourseError if no library has it."""
    module_name, _, name = target.rpartition(".")
    try:
        import_module(LIBRARY)
    except ModuleNotFoundError:
        return None
    try:
        module = import_module(f"{LIBRARY}.{module_name}" if module_name else LIBRARY)
    except ModuleNotFoundError as error:
        if not f"{LIBRARY}.{module_name}".startswith(error.name or "?"):
            raise
        raise CourseError(f"the library has no {target!r}: {_nearest(target)}") from None
    if name in getattr(module, DUE, ()):
        return None
    function = getattr(module, name, None)
    if not callable(function):
        raise CourseError(f"the library has no {target!r}: {_nearest(target)}")
    return function


def _nearest(target: str) -> str:
    """What the author may have meant."""
    near = get_close_matches(target, _targets(), n=3, cutoff=0.5)
    return (
        f"did you mean {' or '.join(near)}?"
        if near
        else 'write module and function, such as "numerics.softmax"'
    )


def _targets() -> list[str]:
    """Every function in a module of the library."""
    from pkgutil import walk_packages

    package = import_module(LIBRARY)
    found = []
    for entry in walk_packages(package.__path__, f"{LIBRARY}."):
        module = import_module(entry.name)
        found += [
            f"{entry.name.removeprefix(LIBRARY + '.')}.{name}"
            for name, value in vars(module).items()
            if callable(value) and getattr(value, "__module__", "") == entry.name and not name.startswith("_")
        ]
    return found


def _placeholder(target: str) -> Callable:
    name = target.rpartition(".")[2]

    def missing(*_arguments: object, **_options: object) -> object:
        raise NotHere(f"`{name}` is not here yet: {_where(name)}")

    missing.__name__ = missing.__qualname__ = name
    return missing


def _held_back(name: str) -> Callable:
    def missing(*_arguments: object, **_options: object) -> object:
        raise NotHere(
            f"`{name}` is not here: it stands in the course's library, and a release has it once "
            "all answers that it is built on may be seen. Go on without it, or define it in a cell above"
        )

    missing.__name__ = missing.__qualname__ = name
    return missing


def _where(name: str) -> str:
    """What to do about a function that is missing."""
    try:
        lesson = manifest.load().exercise(name).lesson
    except CourseError:
        return "define it in a cell above"
    return f"lesson {lesson} asks for it. Copy your answer from there into a cell above"
