"""Answers other than the library's: named mistakes, and honest answers in other styles."""

import ast
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Answer:
    """A function, and its source under the exercise's own name, as a learner would hand it in."""

    function: Callable
    source: str
    says: str = ""


def mistakes(exercise: str) -> dict[str, Answer]:
    """The named mistakes of an exercise ("softmax"), by slug."""
    return {slug: answer for slug, answer in _answers(exercise) if answer.says}


def honest(exercise: str) -> dict[str, Answer]:
    """The honest answers to an exercise in other styles than the library's, by slug."""
    return {slug: answer for slug, answer in _answers(exercise) if not answer.says}


def _answers(exercise: str) -> Iterator[tuple[str, Answer]]:
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        yield from answers_in(vars(import_module(module.name)), exercise)


def answers_in(names: Mapping[str, object], exercise: str) -> Iterator[tuple[str, Answer]]:
    """The wrong and honest answers to an exercise among these names of a module, by slug."""
    for name, function in names.items():
        tag = getattr(function, "tag", None)
        if tag and tag.of == exercise:
            yield name.replace("_", "-"), Answer(function, _source(function, exercise), tag.says)


def _source(function: Callable, exercise: str) -> str:
    source = inspect.getsource(function)
    definition = ast.parse(source).body[0]
    lines = source.splitlines()[definition.lineno - 1 :]  # the decorator stands above
    return "\n".join(lines).replace(definition.name, exercise, 1) + "\n"
