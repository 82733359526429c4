"""What went wrong in a learner's function, in a sentence instead of a traceback through the course."""

from collections.abc import Callable

import numpy as np

from headway_course import manifest
from headway_course.errors import CourseError


class EndedWithAnError(CourseError):
    """A learner's function raised; the text says what, where, and on which arguments."""


def call(function: Callable, *arguments: object, given: str = "") -> object:
    """Calls a learner's function; raises EndedWithAnError, or what says that something is not written yet.

    `given` names the arguments in words; by default they are named by their shapes.
    """
    try:
        return function(*arguments)
    except CourseError:
        raise
    except Exception as error:
        if isinstance(error, NotImplementedError) and not error.args:  # it stands in an unfinished exercise
            raise
        raise EndedWithAnError(_in_words(function, error, given or _shapes(arguments))) from None


def _in_words(function: Callable, error: Exception, given: str) -> str:
    # Not at the top, for results of `check` are shown with the panels of this package.
    from headway_course.checking.origin import origin
    from headway_course.judging.attempt import describe

    trouble = describe(error, origin(function))
    code = f": `{trouble.code}`" if trouble.code else ""
    place = f", in {trouble.place}{code}" if trouble.place else ""
    on = f" on {given}" if given else ""
    said = f"{_name(function)} ends with an error{on}: {trouble.message.strip()}{place}"
    asked = next((name for name in _names(function, error) if _is_exercise(name)), "")
    return f"{said.rstrip('.')}." + (f" `check({asked})` says more." if asked else "")


def _names(function: Callable, error: Exception) -> list[str]:
    """The functions that were running, the innermost first; the one that was called last."""
    names, trace = [_name(function)], error.__traceback__
    while trace:
        if trace.tb_frame.f_globals is getattr(function, "__globals__", None):
            names.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    return names[::-1]


def _is_exercise(name: str) -> bool:
    try:
        return manifest.load().exercise(name).name == name
    except CourseError:
        return False


def _name(function: Callable) -> str:
    return getattr(function, "__name__", "the function")


def _shapes(arguments: tuple) -> str:
    """Arrays by their shapes, numbers as they are; anything else would not help."""
    arrays = (value for value in arguments if np.ndim(value) or isinstance(value, int | float))
    return ", ".join(f"an array {np.shape(value)}" if np.ndim(value) else repr(value) for value in arrays)
