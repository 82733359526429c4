"""`stories` and `draft`: decoders that were trained on our stories."""

import numpy as np
import torch
import torch.nn.functional as F
from headway.config import Config
from headway.model import Model

from training import torch_model
from training.corpus import held_out_and_trained
from training.stories import vocabulary

CONTEXT = 64
_V = len(vocabulary())
CONFIGS = {
    "stories": Config(
        width=64, heads=4, hidden=256, decoder_layers=3, vocabulary=_V, context=CONTEXT, outputs=_V, tied=True
    ),
    "draft": Config(
        width=32, heads=2, hidden=64, decoder_layers=1, vocabulary=_V, context=CONTEXT, outputs=_V, tied=True
    ),
}
BATCH = 32
STEPS = {"stories": 12_000, "draft": 3000}
RISE = {"stories": 0.4, "draft": 0.05}


def train(name: str) -> tuple[Model, tuple[np.ndarray, ...]]:
    """The model, and inputs to compare its scores on."""
    config = CONFIGS[name]
    P = torch_model.initial(config, seed=0)
    ids, starts = _stream(held_out_and_trained()[1])
    rng = np.random.default_rng(1)

    def loss(step):
        rows = torch.from_numpy(ids[rng.choice(starts, BATCH)[:, None] + np.arange(CONTEXT + 1)])
        Z = torch_model.scores(config, P, rows[:, :-1])
        return F.cross_entropy(Z.flatten(0, 1), rows[:, 1:].flatten())

    torch_model.fit(P, loss, STEPS[name], rate=4e-3, rise=RISE[name])
    rows = ids[starts[:5, None] + np.arange(CONTEXT)]
    return torch_model.as_model(config, P), (rows,)


def _stream(texts):
    """All stories one after the other, and where a row may begin.

    That is before a story, or at the beginning of a sentence: then the model also reads what does not begin
    with an end.
    """
    index = {word: i for i, word in enumerate(vocabulary())}
    words = " ".join(f"<end> {text}" for text in texts).split()
    ids = np.array([index[word] for word in words])
    story = np.flatnonzero(ids == index["<end>"])
    sentence = np.flatnonzero(ids == index["."]) + 1
    sentence = sentence[::3]  # stories have five or six sentences: half of the rows begin with each
    starts = np.concatenate([story, sentence])
    return ids, starts[starts < len(ids) - CONTEXT]
