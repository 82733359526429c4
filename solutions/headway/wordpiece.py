"""Text for BERT: words in lower case, without accents, cut into the longest pieces that a vocabulary has.

Ids are those of the tokenizers package, except for texts with characters younger than its tables, which are
those of Unicode 8, or with its commands such as [MASK]: here they are text.
"""

import string
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

LONGEST = 100
"""A word of more characters is unknown, whatever its pieces."""

IDEOGRAPHS = (
    *((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F)),
    *((0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)),
)
"""Chinese characters, first and last of each range: each is a word, for nothing stands between them."""

SPACES = frozenset(
    "\t\n\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
)
UNSEEN = {"Cc", "Cf", "Co", "Cs"}
"""Categories of characters that control or shape others, or have no agreed meaning."""


@dataclass(frozen=True)
class WordPiece:
    """A tokenizer of BERT (Devlin et al. 2019, section 3), with its vocabulary in the order of its ids."""

    vocabulary: tuple[str, ...]

    def __post_init__(self):
        missing = [token for token in ("[UNK]", "[CLS]", "[SEP]") if token not in self.ids]
        if missing:
            raise ValueError(f"the vocabulary has no {', '.join(missing)}: is it one of BERT?")

    @cached_property
    def ids(self):
        """The id of each token."""
        return {token: i for i, token in enumerate(self.vocabulary)}

    def encode(self, text, longest=None):
        """The ids of a text between [CLS] and [SEP], at most `longest` of them: int (T)."""
        pieces = [piece for word in words(text) for piece in self._pieces(word)]
        kept = pieces if longest is None else pieces[: longest - 2]
        return np.array([self.ids[token] for token in ("[CLS]", *kept, "[SEP]")])

    def tokens(self, ids):
        """The tokens with these ids, as text; a piece that goes on with a word begins with ##."""
        return [self.vocabulary[i] for i in ids]

    def _pieces(self, word):
        """The longest token that a word begins with, then the longest that goes on, to the end."""
        if len(word) > LONGEST:
            return ["[UNK]"]
        pieces, start = [], 0
        while start < len(word):
            before = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if before + word[start:end] in self.ids), None)
            if end is None:
                return ["[UNK]"]
            pieces.append(before + word[start:end])
            start = end
        return pieces


def read_wordpiece(path):
    """The tokenizer in a vocab.txt, which has a token in each line."""
    return WordPiece(tuple(Path(path).read_text(encoding="utf-8").splitlines()))


def words(text):
    """A text as BERT reads it: words in lower case without accents, and marks of punctuation one by one."""
    spaced = "".join(map(_cleaned, text))
    bare = (c for c in unicodedata.normalize("NFD", spaced) if unicodedata.category(c) != "Mn")
    lower = "".join(c.lower() for c in bare)  # by character: of a whole word, a last Σ would be ς
    return "".join(f" {c} " if _is_punctuation(c) else c for c in lower).split(" ")


def _cleaned(c):
    if c in SPACES:
        return " "
    if c == "\ufffd" or unicodedata.category(c) in UNSEEN:
        return ""
    return f" {c} " if any(first <= ord(c) <= last for first, last in IDEOGRAPHS) else c


def _is_punctuation(c):
    return c in string.punctuation or unicodedata.category(c)[0] == "P"
