"""The texts that the small models were trained on, and those held out.

`python -m training.corpus` writes the latter to data/corpora, and what the models read to data/models.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from training import dates
from training.stories import stories, vocabulary

DATA = Path(__file__).parents[1]
TRAINED, HELD_OUT = 30_000, 300


def held_out_and_trained() -> tuple[list[str], list[str]]:
    """Stories that no model sees, and stories to train on: whole ones, none of which is among the former."""
    drawn = list(dict.fromkeys(stories(np.random.default_rng(20), HELD_OUT + TRAINED + 1000)))
    return drawn[:HELD_OUT], drawn[HELD_OUT : HELD_OUT + TRAINED]


def days_to_train_on() -> list[date]:
    """Nine of ten days of two centuries."""
    return _days()[0]


def dates_held_out(n: int) -> list[tuple[str, str]]:
    """n of the other days, each in some way."""
    return dates.pairs(np.random.default_rng(31), _days()[1][:n])


def _days():
    count = (dates.LAST - dates.FIRST).days + 1
    order = np.random.default_rng(30).permutation(count)
    days = [dates.FIRST + timedelta(days=int(i)) for i in order]
    return days[count // 10 :], days[: count // 10]


def shipped() -> dict[str, str]:
    """The texts that the course ships with, by their paths below data: one story, pair or token a line."""
    lines = {
        "corpora/stories.txt": held_out_and_trained()[0],
        "corpora/dates.txt": map("\t".join, dates_held_out(200)),
        "models/words.txt": vocabulary(),
        "models/characters.txt": dates.characters(),
    }
    return {path: "\n".join(rows) + "\n" for path, rows in lines.items()}


if __name__ == "__main__":
    for path, text in shipped().items():
        (DATA / path).write_text(text, encoding="utf-8")
