"""Text for GPT-2 and its heirs: cut into words, digits and marks, and the bytes of each merged pair by pair.

Merging stands in headway.tokens too, for any ids and with arrays. Here a piece has a few bytes, and a table
says of each pair when it was learned: that is faster where there are many merges and short pieces.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

SPACES = frozenset(
    " \t\n\v\f\r\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
)

PIECE = re.compile(r"0|'(?:s|t|re|ve|m|ll|d)| ?[A-Za-z]+| ?[^\sA-Za-z0]+|\s+(?![^\s0])|\s+")
"""What is merged by itself, in a text of which `_outline` was taken. A word has the space before it."""


def _written():
    """The character that stands for each byte: its own, or one from 256 on where that cannot be seen."""
    seen = {*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)}
    unseen = [byte for byte in range(256) if byte not in seen]
    return {byte: chr(byte) for byte in seen} | {byte: chr(256 + i) for i, byte in enumerate(unseen)}


WRITTEN = _written()
BYTE = {c: byte for byte, c in WRITTEN.items()}


@dataclass(frozen=True)
class ByteLevel:
    """A tokenizer with its vocabulary in the order of its ids, and its merges ("Ġ t") as they were learned.

    Tokens in `special` are commands: no text is ever encoded as one, and they decode to nothing.
    """

    vocabulary: tuple[str, ...]
    merges: tuple[str, ...]
    special: frozenset[str] = frozenset()

    @cached_property
    def ids(self):
        """The id of each token."""
        return {token: i for i, token in enumerate(self.vocabulary)}

    @cached_property
    def ranks(self):
        """When each pair was learned."""
        return {tuple(pair.split(" ")): rank for rank, pair in enumerate(self.merges)}

    def encode(self, text):
        """The ids of a text: int (T). Bytes that the vocabulary lacks, rare ones, are left out."""
        tokens = (token for piece in pieces(text) for token in self._merged(piece))
        return np.array([self.ids[token] for token in tokens], dtype=int)

    def decode(self, ids):
        """The text of these ids."""
        return "".join(self.stream(ids))

    def stream(self, ids):
        """The text of ids while they come: a character as soon as its last byte is there."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        for i in ids:
            if piece := decoder.decode(self.bytes_of(i)):
                yield piece
        if rest := decoder.decode(b"", final=True):
            yield rest

    def bytes_of(self, i):
        """What the token with this id stands for."""
        token = self.vocabulary[i]
        return b"" if token in self.special else bytes(BYTE[c] for c in token)

    def _merged(self, piece):
        """The pair that was learned first is merged, wherever it stands; and so on until none is left."""
        written = (WRITTEN[byte] for byte in piece.encode("utf-8", "replace"))
        tokens = [c for c in written if c in self.ids]
        while found := [pair for pair in pairwise(tokens) if pair in self.ranks]:
            tokens = _with_merged(tokens, min(found, key=self.ranks.get))
        return tokens


def pieces(text):
    """A text cut into what is merged by itself: words, single digits, marks, and spaces before them."""
    return [text[match.start() : match.end()] for match in PIECE.finditer("".join(map(_outline, text)))]


def _outline(c):
    """A character of ASCII that is of the same class: a letter, a digit, a space, or a mark."""
    if (c.isascii() and c.isalpha()) or c in " '":
        return c
    if c in SPACES:
        return "\t"
    return {"L": "A", "N": "0"}.get(unicodedata.category(c)[0], "!")


def _with_merged(tokens, pair):
    merged, at = [], 0
    while at < len(tokens):
        here = tuple(tokens[at : at + 2]) == pair
        merged.append("".join(pair) if here else tokens[at])
        at += 2 if here else 1
    return merged
