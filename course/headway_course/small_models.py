"""Small trained models that ship with the course, with what they read and write."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from headway_course.errors import CourseError
from headway_course.shipped import shipped

if TYPE_CHECKING:
    from headway.model import Model

END = "<end>"
"""The token that ends a text, and that a text begins after."""


@dataclass(frozen=True, eq=False)
class SmallModel:
    """A trained model: its name, its card, the config as a dict, and the parameters in float32."""

    name: str
    card: str = field(repr=False)
    settings: dict[str, object]
    parameters: dict[str, np.ndarray] = field(repr=False)

    @cached_property
    def model(self) -> "Model":
        """What `headway.model.forward` takes; raises CourseError where this release does not hold it yet."""
        try:
            from headway.config import Config
            from headway.model import Model
        except ImportError as error:
            raise CourseError(
                f"small_model({self.name!r}).model needs headway.model, which is not handed out here yet "
                f"({error}). The weights are in .parameters and the sizes in .settings"
            ) from None
        return Model(Config(**self.settings), self.parameters)


@dataclass(frozen=True, eq=False)
class TextModel(SmallModel):
    """A model of texts. `words` are its tokens by number, `end` is the number of the one that ends a text.

    `examples` are texts that it never saw in training; those of dates are pairs, a text and what it means.
    """

    words: tuple[str, ...] = field(repr=False)
    examples: tuple[str, ...] | tuple[tuple[str, str], ...] = field(repr=False)

    @property
    def end(self) -> int:
        return self.words.index(END)

    def encode(self, text: str) -> np.ndarray:
        """The numbers of the tokens of a text, int (T); raises CourseError for one that the model has not."""
        tokens = _tokens(text, self._in_characters)
        number = {word: i for i, word in enumerate(self.words)}
        for token in tokens:
            if token not in number:
                raise CourseError(f"{self.name} does not know {token!r}: {self._known(token)}")
        return np.array([number[token] for token in tokens], int)

    def decode(self, ids: Sequence[int] | np.ndarray) -> str:
        """The text of token numbers (T); raises CourseError for a number that is none."""
        ids = np.asarray(ids)
        if ids.ndim != 1:
            raise CourseError(
                f"decode takes the numbers of one text, (T), and was given {ids.shape}: take a row"
            )
        if ids.size and (ids.dtype.kind not in "iu" or ids.min() < 0 or ids.max() >= len(self.words)):
            raise CourseError(
                f"{self.name} has tokens 0 to {len(self.words) - 1}, and decode was given {ids}"
            )
        return ("" if self._in_characters else " ").join(self.words[i] for i in ids)

    @property
    def _in_characters(self) -> bool:
        return all(len(word) == 1 for word in self.words if word != END)

    def _known(self, token: str) -> str:
        if self._in_characters:
            return f"its characters are {''.join(word for word in self.words if word != END)!r} and {END}"
        near = get_close_matches(token.lower(), self.words, n=3, cutoff=0.6)
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        return f"{hint}Its {len(self.words)} words are in small_model({self.name!r}).words"


@dataclass(frozen=True, eq=False)
class ImageModel(SmallModel):
    """A model of images, and some that it never saw: images float32 (N, c, h, w) from 0 to 1, labels (N)."""

    images: np.ndarray = field(repr=False)
    labels: np.ndarray = field(repr=False)


def small_model(name: str) -> TextModel | ImageModel:
    """A trained model of the course: stories, draft, digits or dates. Its card tells what it can do.

    Raises CourseError for another name, and for files that are missing or damaged.
    """
    if name not in _READERS:
        raise CourseError(f"no small model is called {name!r}: there are {', '.join(_READERS)}")
    folder = shipped("models")
    try:
        parameters, settings = _weights(folder / f"{name}.npz")
        card = (folder / f"{name}.md").read_text(encoding="utf-8")
        return _READERS[name](folder, name=name, card=card, settings=settings, parameters=parameters)
    except (OSError, ValueError, KeyError) as error:
        raise CourseError(
            f"the small model {name} cannot be read from {folder} ({error}): install headway-course again"
        ) from error


def _weights(path: Path) -> tuple[dict[str, np.ndarray], dict[str, object]]:
    """What headway.weights.save wrote, read without the library, which may not be handed out yet."""
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    settings = json.loads(str(arrays.pop("config")))
    return {key: a.astype(np.float32) for key, a in arrays.items()}, settings


def _stories(folder: Path, **model) -> TextModel:
    return TextModel(
        **model, words=_lines(folder / "words.txt"), examples=_lines(shipped("corpora") / "stories.txt")
    )


def _dates(folder: Path, **model) -> TextModel:
    pairs = tuple(tuple(line.split("\t")) for line in _lines(shipped("corpora") / "dates.txt"))
    return TextModel(**model, words=_lines(folder / "characters.txt"), examples=pairs)


def _digits(folder: Path, **model) -> ImageModel:
    with np.load(folder / "digits_test.npz", allow_pickle=False) as file:
        return ImageModel(
            **model, images=file["images"].astype(np.float32) / 16, labels=file["labels"].astype(int)
        )


def _lines(path: Path) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8").rstrip("\n").split("\n"))


_READERS = {"stories": _stories, "draft": _stories, "digits": _digits, "dates": _dates}


def _tokens(text: str, in_characters: bool) -> list[str]:
    return re.findall(rf"{END}|." if in_characters else rf"{END}|\w+|[^\w\s]", text, re.DOTALL)
