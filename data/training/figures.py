"""What the small models can do, measured with Headway alone: `python -m training.figures stories`."""

import math
import sys
from collections.abc import Sequence
from unittest.mock import patch

import numpy as np
from headway.generate import generate, speculative
from headway.model import Model, forward
from headway.numerics import log_softmax, softmax
from headway_course import small_model
from headway_course.small_models import ImageModel, TextModel

from training import stories
from training.corpus import dates_held_out, held_out_and_trained


def main(name: str) -> None:
    """Prints the figures of a model's card."""
    for what, value in FIGURES[name]().items():
        print(f"| {what} | {value:.4g} |")


def figures_of_stories() -> dict[str, float]:
    held_out, trained = held_out_and_trained()
    kit = small_model("stories")
    drawn = written(kit, 300, np.random.default_rng(0))
    said = [sentence for text in drawn for sentence in stories.sentences(text)]
    return {
        "perplexity on stories held out": perplexity(kit.model, rows(kit, held_out)),
        "that of the grammar, below which nothing can be": grammar_perplexity(3000),
        "that of pairs of words": bigram_perplexity(rows(kit, trained), rows(kit, held_out)),
        "that of single words": unigram_perplexity(rows(kit, trained), rows(kit, held_out)),
        "sentences drawn that the grammar has": float(np.mean([stories.is_sentence(s) for s in said])),
        "stories drawn that the grammar has": float(np.mean([stories.is_story(text) for text in drawn])),
        "different ones among 300 drawn": len(set(drawn)) / len(drawn),
        "of these, not among those trained on": len(set(drawn) - set(trained)) / len(set(drawn)),
    }


def figures_of_draft() -> dict[str, float]:
    held_out, _ = held_out_and_trained()
    kit, draft = small_model("stories"), small_model("draft")
    read = rows(kit, held_out)
    return {
        "perplexity on stories held out": perplexity(draft.model, read),
        "drafted tokens that stories accepts": acceptance(kit.model, draft.model, read),
        "tokens for each reading of stories, 4 ahead": tokens_a_reading(kit, draft, 20),
        "parameters, as a share of those of stories": size(draft.model) / size(kit.model),
    }


def figures_of_digits() -> dict[str, float]:
    kit = small_model("digits")
    return {"accuracy on 200 images held out": accuracy(kit)}


def figures_of_dates() -> dict[str, float]:
    kit = small_model("dates")
    return {"2000 days held out that are right in every character": exact(kit, dates_held_out(2000))}


FIGURES = {
    "stories": figures_of_stories,
    "draft": figures_of_draft,
    "digits": figures_of_digits,
    "dates": figures_of_dates,
}


def size(model: Model) -> int:
    """How many numbers a model has learned."""
    return sum(a.size for a in model.parameters.values())


def rows(kit: TextModel, texts: Sequence[str]) -> list[np.ndarray]:
    """Each text as numbers, with an end before and after it."""
    return [np.array([kit.end, *kit.encode(text), kit.end]) for text in texts]


def perplexity(model: Model, texts: Sequence[np.ndarray]) -> float:
    """e to the mean of -log p of every token but the first."""
    logs = [
        np.take_along_axis(log_softmax(forward(model, ids[:-1])), ids[1:, None], axis=-1) for ids in texts
    ]
    return math.exp(-np.concatenate(logs).mean())


def unigram_perplexity(trained: Sequence[np.ndarray], texts: Sequence[np.ndarray]) -> float:
    """That of a model which knows how often each word comes."""
    counts = np.bincount(np.concatenate([ids[1:] for ids in trained]))
    P = counts / counts.sum()
    return math.exp(-np.log(np.concatenate([P[ids[1:]] for ids in texts])).mean())


def bigram_perplexity(trained: Sequence[np.ndarray], texts: Sequence[np.ndarray]) -> float:
    """That of a model which knows how often each word comes after each other one, and 0.01 times more."""
    V = 1 + max(ids.max() for ids in trained)
    pairs = np.concatenate([ids[:-1] * V + ids[1:] for ids in trained])
    counts = np.bincount(pairs, minlength=V * V).reshape(V, V) + 0.01
    P = counts / counts.sum(axis=1, keepdims=True)
    return math.exp(-np.log(np.concatenate([P[ids[:-1], ids[1:]] for ids in texts])).mean())


def grammar_perplexity(n: int) -> float:
    """That of the grammar itself on n stories of its own, from the choices it made.

    Where it draws again because a story is too long, the others are likelier than their choices say.
    """
    writer = stories.Writer(np.random.default_rng(1))
    surprise = words = 0.0
    for _ in range(n):
        words += len(writer.story().split()) + 1
        surprise += writer.surprise
    return math.exp((surprise + n * math.log(n / writer.drawn)) / words)


def written(kit: TextModel, n: int, rng: np.random.Generator, temperature: float = 1.0) -> list[str]:
    """Texts that the model draws."""
    room = kit.model.config.context
    ids = generate(kit.model, np.full((n, 1), kit.end), room, rng=rng, temperature=temperature, stop=kit.end)
    return [kit.decode(row[1:]).replace(" <end>", "") for row in ids]


def acceptance(model: Model, draft: Model, texts: Sequence[np.ndarray]) -> float:
    """How much of what the draft draws stays: the sum over words of the smaller probability."""
    common = [
        np.minimum(softmax(forward(model, ids[:-1])), softmax(forward(draft, ids[:-1]))).sum(axis=-1)
        for ids in texts
    ]
    return float(np.concatenate(common).mean())


def tokens_a_reading(kit: TextModel, draft: TextModel, n: int, ahead: int = 4) -> float:
    """How many tokens come for each time that `speculative` has the large model read."""
    room, readings = kit.model.config.context - 1, []

    def counting(model, *inputs, **options):
        readings.extend([1] * (model is kit.model))
        return forward(model, *inputs, **options)

    rng = np.random.default_rng(2)
    large, small = kit.model, draft.model
    with patch("headway.generate.forward", counting):
        for _ in range(n):
            speculative(large, small, np.array([kit.end]), room, rng=rng, ahead=ahead)
    return n * room / len(readings)


def accuracy(kit: ImageModel) -> float:
    """The share of images whose largest score is that of their label."""
    return float((forward(kit.model, kit.images, at=0).argmax(axis=-1) == kit.labels).mean())


def exact(kit: TextModel, pairs: Sequence[tuple[str, str]]) -> float:
    """The share of texts for which the model writes the answer and ends."""
    right = 0
    for length in {len(text) for text, _ in pairs}:
        some = [pair for pair in pairs if len(pair[0]) == length]
        source = np.array([kit.encode(text) for text, _ in some])
        ids = generate(kit.model, np.full((len(some), 1), kit.end), 11, source=source, stop=kit.end)
        wanted = np.array([[kit.end, *kit.encode(answer), kit.end] for _, answer in some])
        right += (ids == wanted).all(axis=-1).sum() if ids.shape == wanted.shape else 0
    return right / len(pairs)


if __name__ == "__main__":
    main(sys.argv[1])
