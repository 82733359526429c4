"""Sentences as vectors: a BERT reads them, and the mean of its states says what they are about."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headway.attention import padding_mask
from headway.model import Model, forward
from headway.search import mean_pool, nearest
from headway.weights import load_pretrained
from headway.wordpiece import WordPiece, read_wordpiece

BATCH = 32
"""Sentences that are read together; of similar length, so that little padding is read."""


@dataclass(frozen=True)
class SentenceEncoder:
    """A BERT with its tokenizer; `longest` is how many tokens of a text it reads."""

    model: Model
    tokenizer: WordPiece
    longest: int

    def encode(self, texts):
        """A vector of length 1 for each text: products are cosines (Reimers and Gurevych 2019). (n, d)"""
        if isinstance(texts, str):
            raise ValueError("texts is one text, expected a list of them: encode([text])")
        ids = [self.tokenizer.encode(text, self.longest) for text in texts]
        lengths = np.array([len(row) for row in ids], dtype=int)
        vectors = np.empty((len(ids), self.model.config.width), self.model.dtype)
        order = np.argsort(lengths, kind="stable")
        for start in range(0, len(ids), BATCH):
            rows = order[start : start + BATCH]
            vectors[rows] = self._read([ids[row] for row in rows], lengths[rows])
        return vectors

    def search(self, question, texts, n=3):
        """The n texts nearest to a question in what they say, each with its cosine; the nearest first."""
        q, D = self.encode([question])[0], self.encode(texts)
        return [(texts[i], float(D[i] @ q)) for i in nearest(q, D, min(n, len(texts)))]

    def _read(self, ids, lengths):
        T = lengths.max()
        padded = np.stack([np.pad(row, (0, T - len(row))) for row in ids])  # (n, T)
        mask = padding_mask(lengths, T)  # (n, 1, T)
        return mean_pool(forward(self.model, padded, mask=mask), mask[:, 0])


def load_sentence_encoder(folder):
    """The encoder in a folder as the sentence-transformers package writes it; it pools by the mean."""
    folder = Path(folder)
    pooling = json.loads((folder / "1_Pooling" / "config.json").read_text(encoding="utf-8"))
    if [name for name, used in pooling.items() if used is True] != ["pooling_mode_mean_tokens"]:
        raise ValueError(f"{folder} pools otherwise than by the mean, which is not known here")
    settings = json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))
    tokenizer = read_wordpiece(folder / "vocab.txt")
    return SentenceEncoder(load_pretrained(folder), tokenizer, settings["max_seq_length"])
