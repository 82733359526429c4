"""Marks answers other than the library's: as a mistake with a name, or as honest in another style."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Tag:
    """`of` names the exercise; `says` completes "Your result is what one gets …", and is empty if honest."""

    of: str
    says: str = ""


def mistake(*, of: str, says: str) -> Callable[[Callable], Callable]:
    """Marks a wrong answer to the exercise `of`."""
    return _tagged(Tag(of, says))


def honest(*, of: str) -> Callable[[Callable], Callable]:
    """Marks a right answer to the exercise `of` in another style than the library's."""
    return _tagged(Tag(of))


def _tagged(tag: Tag) -> Callable[[Callable], Callable]:
    def mark(function: Callable) -> Callable:
        function.tag = tag
        return function

    return mark
