"""What a learner's queries and keys draw, and in words what is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps

import numpy as np

from headway_course.errors import CourseError
from headway_course.pictures.panel import answer
from headway_course.pictures.trouble import call
from headway_course.puzzles.asked import Puzzle, find

TOLERANCE = 0.01  # a share may be that far from the target's


@dataclass(frozen=True)
class Attempt:
    """What a learner's queries and keys draw on one text, and what is wrong with it, "" if nothing."""

    text: str
    pattern: np.ndarray | None
    complaint: str
    rows: int  # that were judged


def attempts(attention: Callable, function: Callable) -> list[Attempt]:
    """Tries a learner's function on every text of its puzzle, with the learner's own attention."""
    puzzle = find(function)
    tried = [_attempt(puzzle, attention, function, text) for text in puzzle.texts]
    if any(attempt.complaint for attempt in tried):
        exchanged = [_attempt(puzzle, attention, _exchanged(function), text) for text in puzzle.texts]
        if not any(attempt.complaint for attempt in exchanged):
            said = "Queries and keys have changed places: with `return K, Q` it would be right."
            return [replace(attempt, complaint=said) for attempt in tried]
    return tried


def _exchanged(function: Callable) -> Callable:
    @wraps(function)
    def exchanged(*known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return function(*known)[::-1]

    return exchanged


def _attempt(puzzle: Puzzle, attention: Callable, function: Callable, text: str) -> Attempt:
    try:
        Q, K = _queries_and_keys(puzzle, function, text)
    except CourseError as error:
        return Attempt(text, None, str(error), 0)
    target = puzzle.target(text)
    due = target.any(axis=-1)

    pattern = answer(attention, Q, K, np.eye(len(text)), puzzle.mask(text), shape=target.shape)
    wrong = due & (np.abs(pattern - target) > TOLERANCE).any(axis=-1)
    complaint = _complaint(text, pattern, target, wrong) if wrong.any() else ""
    return Attempt(text, pattern, complaint, int(due.sum()))


def _queries_and_keys(puzzle: Puzzle, function: Callable, text: str) -> tuple[np.ndarray, np.ndarray]:
    """What the function gives for a text; raises CourseError if it is no Q and K, or knows too much."""
    known = puzzle.knows(text)
    Q, K = _pair(function, *known)
    if not len(Q) == len(K) == len(text) or Q.shape[1] != K.shape[1]:
        due = f"expected {len(text)} rows each, one for every position, and equally many columns"
        raise CourseError(f"{function.__name__} gives Q {Q.shape} and K {K.shape}, {due}.")
    for i in range(len(text)):
        alone = _pair(function, *(rows[i : i + 1] for rows in known))
        for name, whole, one in zip("QK", (Q, K), alone, strict=True):
            if not (one.shape == whole[i : i + 1].shape and np.allclose(one, whole[i : i + 1])):
                raise CourseError(
                    f"Row {i} of {name} is another one when position {i} is given alone: "
                    f"make it from row {i} of {' and '.join(puzzle.gives)} and of nothing else."
                )
    return Q, K


def _pair(function: Callable, *known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    result = call(function, *(rows.copy() for rows in known))
    name = function.__name__
    if not isinstance(result, tuple) or len(result) != 2:
        raise CourseError(f"{name} gives {type(result).__name__}, expected Q and K: end with `return Q, K`.")
    for letter, array in zip("QK", result, strict=True):
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf" or array.ndim != 2:
            what = f"an array {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
            raise CourseError(
                f"{letter} of {name} is {what}, expected an array with a row for each position."
            )
        if not np.isfinite(array).all():
            raise CourseError(f"{letter} of {name} has numbers that are not finite.")
    return result[0].astype(float), result[1].astype(float)


def _complaint(text: str, pattern: np.ndarray, target: np.ndarray, wrong: np.ndarray) -> str:
    """What is wrong in words, by the first row that looks elsewhere, else by the first wrong one."""
    elsewhere = [i for i in np.flatnonzero(wrong) if _looks(pattern[i]) != _looks(target[i])]
    if elsewhere:
        i = elsewhere[0]
        mine, due = (_places(text, _looks(row)) for row in (pattern[i], target[i]))
        return f"Position {_place(text, i)} looks at {mine}; the target looks at {due}."
    i = np.flatnonzero(wrong)[0]
    places = _looks(target[i])
    mine = " and ".join(f"{share:.2f}" for share in pattern[i, places])
    due = f"{target[i, places[0]]:.2f}{' to each' if len(places) > 1 else ''}"
    said = f"Position {_place(text, i)} looks where it should, but gives {mine} where the target gives {due}"
    if pattern[i, places].sum() < 1 - TOLERANCE:
        return f"{said}: too soft. Larger numbers in Q or in K sharpen the shares."
    return f"{said}: keys that shall share alike must score alike."


def _looks(row: np.ndarray) -> list[int]:
    """Where a row of shares looks: at all that get at least half as much as the largest."""
    return np.flatnonzero(row >= row.max() / 2).tolist()


def _places(text: str, places: list[int]) -> str:
    *most, last = [_place(text, j) for j in places]
    return f"{', '.join(most)} and {last}" if most else last


def _place(text: str, i: int) -> str:
    return f"{i}·{text[i]}"
