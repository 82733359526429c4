"""`dates`: an encoder and a decoder that were trained on our dates."""

import numpy as np
import torch
import torch.nn.functional as F
from headway.config import Config
from headway.model import Model

from training import torch_model
from training.corpus import days_to_train_on
from training.dates import characters, pairs

LONGEST = 32
"""Characters at most, and the end: "wednesday, september 23rd, 1999" has 31."""
STEPS, BATCH = 2000, 128
CONFIG = Config(
    width=48,
    heads=4,
    hidden=96,
    encoder_layers=2,
    decoder_layers=2,
    vocabulary=len(characters()),
    context=LONGEST,
    outputs=len(characters()),
    tied=True,
)


def train(_name: str) -> tuple[Model, tuple[np.ndarray, ...]]:
    """The model, and inputs to compare its scores on."""
    P = torch_model.initial(CONFIG, seed=0)
    days = days_to_train_on()
    rng = np.random.default_rng(1)

    def loss(_step):
        drawn = pairs(rng, [days[i] for i in rng.integers(len(days), size=BATCH)])
        source, target = _ids([text for text, _ in drawn]), _ids([f"{answer}" for _, answer in drawn])
        seen, before = source > 0, F.pad(target[:, :-1], (1, 0))  # 0 is the end, and fills up
        return F.cross_entropy(
            torch_model.scores(CONFIG, P, before, source, seen).flatten(0, 1), target.flatten()
        )

    torch_model.fit(P, loss, STEPS, rate=3e-3)
    drawn = [pair for pair in pairs(rng, days[:100]) if len(pair[0]) == 12]
    return torch_model.as_model(CONFIG, P), (
        F.pad(_ids([answer for _, answer in drawn]), (1, 0)).numpy()[:, :-1],
        _ids([text for text, _ in drawn])[:, :12].numpy(),
    )


def _ids(texts):
    """Texts as rows of numbers, with one end or more behind each."""
    index = {character: i for i, character in enumerate(characters())}
    rows = np.zeros((len(texts), max(map(len, texts)) + 1), int)
    for row, text in zip(rows, texts, strict=True):
        row[: len(text)] = [index[character] for character in text]
    return torch.from_numpy(rows)
