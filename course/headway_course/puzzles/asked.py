"""What each puzzle asks: texts, what a position knows of them, and where it shall look."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from headway_course.errors import CourseError


@dataclass(frozen=True)
class Puzzle:
    """looks(text, i, j) says whether position i shall look at j: all that it looks at get equal shares.

    A position that shall look nowhere is free. `gives` names what a position knows. The first text is shown.
    Where letters matter, two texts are equally long, so that places alone cannot tell where to look.
    """

    says: str
    texts: tuple[str, ...]
    looks: Callable[[str, int, int], bool]
    causal: bool = True
    gives: tuple[str, ...] = ("letters", "places")

    def knows(self, text: str) -> tuple[np.ndarray, ...]:
        """What each position knows: one-hot rows, as the arguments of a learner's function."""
        alphabet = sorted(set("".join(self.texts)))
        letters = np.array([[letter == known for known in alphabet] for letter in text], dtype=float)
        known = {
            "letters": letters,
            "places": np.eye(len(text)),
            "before": np.concatenate([np.zeros_like(letters[:1]), letters[:-1]]),
        }
        return tuple(known[name] for name in self.gives)

    def target(self, text: str) -> np.ndarray:
        """The shares that are due, zeros where a position is free: text of length T -> (T, T)"""
        T = len(text)
        looks = np.array([[self.looks(text, i, j) for j in range(T)] for i in range(T)]) & self.mask(text)
        return looks / np.maximum(looks.sum(axis=-1, keepdims=True), 1)

    def mask(self, text: str) -> np.ndarray:
        """True where a position may look: text of length T -> bool (T, T)"""
        return np.tri(len(text), dtype=bool) | (not self.causal)


PUZZLES = {
    "itself": Puzzle(
        "Every position looks at itself. No mask.",
        ("cabbac", "ab", "abcabcab"),
        lambda text, i, j: j == i,
        causal=False,
    ),
    "first_place": Puzzle(
        "Every position looks at position 0.",
        ("cabbac", "ab", "abcabcab"),
        lambda text, i, j: j == 0,
    ),
    "same_letter": Puzzle(
        "Every position looks at all equal letters that it sees.",
        ("cabbac", "abcabc", "ab", "aacbcaab"),
        lambda text, i, j: text[j] == text[i],
    ),
    "one_back": Puzzle(
        "Every position looks at the one before it. Position 0 has no choice.",
        ("cabbac", "ab", "aacbcaab"),
        lambda text, i, j: j == max(i - 1, 0),
    ),
    "mirrored": Puzzle(
        "The first position looks at the last, the second at the last but one, and so on. No mask.",
        ("cabbac", "ab", "aacbcaaba"),
        lambda text, i, j: j == len(text) - 1 - i,
        causal=False,
    ),
    "other_bracket": Puzzle(
        "Opening brackets look at all closing ones, and closing ones at all opening ones. No mask.",
        ("(())()", ")(())(", "()", "())(()()"),
        lambda text, i, j: text[j] != text[i],
        causal=False,
    ),
    "last_three": Puzzle(
        "Every position looks at itself and at the two before it, as far as there are two.",
        ("cabbac", "ab", "aacbcaab"),
        lambda text, i, j: i - 2 <= j <= i,
    ),
    "same_letter_elsewhere": Puzzle(
        "Every position looks at all equal letters, but not at itself. No mask.",
        ("abcaba", "aabbcc", "aa", "acabcbca"),
        lambda text, i, j: text[j] == text[i] and j != i,
        causal=False,
    ),
    "start_of_word": Puzzle(
        "Every position looks at the latest `_`, where its word began.",
        ("_ab_ca", "__a_bc", "_a", "a_bcab_cba"),
        lambda text, i, j: j == text.rfind("_", 0, i + 1),
    ),
    "after_the_same": Puzzle(
        "Every position looks at what has followed its own letter so far.",
        ("abcabc", "aab", "abcba", "cbaba"),
        lambda text, i, j: j > 0 and text[j - 1] == text[i],
        gives=("letters", "places", "before"),
    ),
}


def find(function: Callable) -> Puzzle:
    """The puzzle that a function is to solve; raises CourseError if there is none of its name."""
    name = getattr(function, "__name__", "")
    if name not in PUZZLES:
        known = ", ".join(PUZZLES)
        raise CourseError(f"There is no puzzle {name!r}: name your function after one of {known}.")
    return PUZZLES[name]
