"""`yours`: the library runs on the learner's own answers for a while, in the place of the course's."""

import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial, update_wrapper, wraps
from importlib import import_module
from pkgutil import walk_packages
from types import TracebackType

import numpy as np

from headway_course import manifest
from headway_course.asking import LIBRARY, earlier
from headway_course.errors import CourseError
from headway_course.kernel import name_asked_for
from headway_course.manifest import Exercise
from headway_course.pictures.trouble import call
from headway_course.record.own_answers import own_answer
from headway_course.record.store import record


@dataclass
class _Part:
    """An exercise with the course's function, the learner's if there is one, and its last call."""

    exercise: Exercise
    course: Callable
    own: Callable | None
    last: tuple[tuple, dict, object] | None = None

    @property
    def name(self) -> str:
        return self.exercise.name


@dataclass
class Yours:
    """While `with` lasts, the library calls the learner's functions; shown, it says whose ran."""

    given: tuple[Callable, ...] = ()
    calls: Counter = field(default_factory=Counter)
    _parts: list[_Part] = field(default_factory=list)
    _undo: list[tuple[dict, str, object]] = field(default_factory=list)

    def __enter__(self) -> "Yours":
        if self._undo:
            raise CourseError("these functions are in use already: write `with yours() as run:` anew")
        self.calls.clear()
        places = _places()
        self._parts = list(_parts(self.given))  # all of them, before any takes the place of another
        for part in self._parts:
            function = self._watched(part)
            for names, key in [(n, k) for n in places for k, value in n.items() if value is part.course]:
                self._undo.append((names, key, part.course))
                names[key] = function
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        while self._undo:
            names, key, before = self._undo.pop()
            names[key] = before
        used, self._parts = self._parts, [replace(part, last=None) for part in self._parts]
        if isinstance(error, Exception) and not isinstance(error, CourseError):
            for said in filter(None, map(_misfit, used)):
                raise CourseError(said) from error

    @property
    def own(self) -> tuple[str, ...]:
        """The exercises whose place a function of the learner's takes."""
        return tuple(part.name for part in self._parts if part.own)

    def __repr__(self) -> str:
        ran = [part for part in self._parts if self.calls[part.name]]
        if not ran:
            mine = f"your {', '.join(self.own)}" if self.own else "none of your functions yet"
            return f"Ready to run on {mine}; nothing has run."
        lines = self._ran("Yours", ran, True), self._ran("The course's", ran, False)
        return "\n".join(filter(None, lines))

    def _ran(self, whose: str, ran: list[_Part], own: bool) -> str:
        parts = [part for part in ran if bool(part.own) is own]
        said = [
            f"{part.name} {self.calls[part.name]} ×" + ("" if own else f" (lesson {part.exercise.lesson})")
            for part in parts
        ]
        whole = ", ".join(one.replace(" ", "\xa0") for one in said)  # no line ends within one
        return textwrap.fill(f"{whose}: {whole}", subsequent_indent="  ").replace("\xa0", " ") if said else ""

    def _watched(self, part: _Part) -> Callable:
        """What takes the place of a function: it counts, and names the learner's where that one fails."""

        @wraps(part.own or part.course)
        def watched(*arguments: object, **options: object) -> object:
            self.calls[part.name] += 1
            if part.own is None:
                return part.course(*arguments, **options)
            result = _called(part, arguments, options)
            part.last = arguments, options, result
            return result

        return watched


def yours(*functions: Callable) -> Yours:
    """Runs the library on your own answers: `with yours() as run:`, and then `run` says whose functions ran.

    An answer that has passed is used, and the course's where there is none. Functions given here go first,
    whether they are right or not. Afterwards everything is as before, also after an error.
    """
    return Yours(functions)


def _parts(given: tuple[Callable, ...]) -> Iterator[_Part]:
    """Every exercise whose function the library has."""
    named = {name_asked_for(function, "yours"): function for function in given}
    course, kept = manifest.load(), record()
    for name in named:
        course.exercise(name)  # raises CourseError where it is none
    for exercise in course.exercises:
        module, _, name = exercise.target.rpartition(".")
        function = getattr(sys.modules.get(f"{LIBRARY}.{module}"), name, None)
        if function is not None:
            yield _Part(exercise, function, named.get(name) or own_answer(exercise.target, kept, earlier))


def _places() -> list[dict]:
    """All that the library calls functions by: the names in its modules, and its tables of functions.

    Every module is loaded first: one that came later would keep what stands here for a while only.
    """
    try:
        package = import_module(LIBRARY)
    except ModuleNotFoundError:
        raise CourseError(
            f"the library `{LIBRARY}` is not installed here, so nothing can run on yours"
        ) from None
    modules = [import_module(found.name) for found in walk_packages(package.__path__, f"{LIBRARY}.")]
    names = [vars(module) for module in modules]
    tables = [
        value for own in names for key, value in own.items() if isinstance(value, dict) and key.isupper()
    ]
    return names + tables


def _called(part: _Part, arguments: tuple, options: dict) -> object:
    own = update_wrapper(partial(part.own, **options), part.own) if options else part.own
    try:
        return call(own, *arguments)
    except NotImplementedError:
        raise CourseError(f"your `{part.name}` is not written yet: solve its exercise first") from None


def _misfit(part: _Part) -> str:
    """Says so if what the learner's function gave last differs in type, shape or dtype from the course's."""
    if part.last is None:
        return ""
    arguments, options, result = part.last
    ours, theirs = _looks(part.course(*arguments, **options)), _looks(result)
    if ours == theirs:
        return ""
    return f"your `{part.name}` gives {theirs}, and the course's {ours}: `check({part.name})` says more"


def _looks(value: object) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_looks, value))})"
    if not isinstance(value, np.ndarray | np.generic):
        return type(value).__name__
    return f"{value.dtype} {value.shape}"
