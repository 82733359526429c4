"""Children's stories of our own: one grammar that writes them and recognises them.

Words in capitals are roles. A role is given a value where it first comes up and keeps it to the end of the
story, so that a reader has something to look back for: whose ball it was, and of which colour. After a point
stands a property of the value: HERO.his is "her" for mia.
"""

import math
from collections.abc import Iterator, Mapping

import numpy as np

END = "<end>"
"""Ends a story, and begins the next one."""

LONGEST = 63
"""Words in a story at most: with an end before them they fill a context of 64."""

GIRLS = ("anna", "emma", "lily", "mia", "nora", "rosa")
BOYS = ("ben", "leo", "max", "noah", "sam", "tom")
COLOURS = ("black", "blue", "green", "pink", "red", "white", "yellow")
PLACES = ("barn", "castle", "forest", "garden", "meadow", "park", "school", "village")
TASTES = {
    "bread": "fresh",
    "cake": "sweet",
    "cheese": "salty",
    "fish": "fresh",
    "honey": "sweet",
    "milk": "cold",
    "porridge": "warm",
    "soup": "warm",
}
FELT = {"rain": "wet", "snow": "cold"}

ROLES = {
    "HERO": GIRLS + BOYS,
    "FRIEND": GIRLS + BOYS,
    "PET": ("cat", "dog", "fox", "kitten", "puppy"),
    "PREY": ("bird", "duck", "frog", "mouse", "moth", "rabbit", "squirrel"),
    "SIZE": ("big", "brown", "grey", "old", "small", "young"),
    "LOOK": ("big", "brown", "grey", "old", "small", "young"),
    "COLOUR": COLOURS,
    "COLOUR2": COLOURS,
    "TOY": ("ball", "bell", "boat", "book", "cup", "doll", "drum", "kite"),
    "TOY2": ("ball", "bell", "boat", "book", "cup", "doll", "drum", "kite"),
    "CLOTHES": ("cap", "coat", "hat", "jacket", "scarf"),
    "PLACE": PLACES,
    "PLACE2": PLACES,
    "THING": ("bench", "bush", "cart", "gate", "rock", "tree", "wall", "well"),
    "BY": ("behind", "beside", "near"),
    "FOOD": tuple(TASTES),
    "WEATHER": tuple(FELT),
}
DIFFERS = {"FRIEND": "HERO", "LOOK": "SIZE", "COLOUR2": "COLOUR", "TOY2": "TOY", "PLACE2": "PLACE"}
DIFFERS |= {two: one for one, two in DIFFERS.items()}

_SHE = {"he": "she", "him": "her", "his": "her", "child": "girl"}
_HE = {"he": "he", "him": "him", "his": "his", "child": "boy"}
PROPERTIES = {
    **dict.fromkeys(GIRLS, _SHE),
    **dict.fromkeys(BOYS, _HE),
    **{food: {"taste": taste} for food, taste in TASTES.items()},
    **{weather: {"felt": felt} for weather, felt in FELT.items()},
}

RULES = {
    "story": (
        ("together", "two toys", "loss", "search", "return", "close"),
        ("together", "two toys", "loss", "sorrow", "search", "return"),
        ("with a pet", "a prey", "chase", "home"),
        ("with a pet", "hunt", "home"),
        ("together", "weather", "walk", "close"),
        ("together", "meal", "walk", "close"),
        ("together", "gift", "hiding", "close"),
    ),
    "together": (
        ("one day HERO and FRIEND went to the PLACE .",),
        ("one day FRIEND and HERO were in the PLACE .",),
        ("FRIEND went to the PLACE , so HERO went to the PLACE too .",),
        ("HERO was in the PLACE because FRIEND loved the PLACE .",),
        ("in the morning HERO met FRIEND in the PLACE .",),
    ),
    "two toys": (
        ("HERO had a COLOUR TOY and FRIEND had a COLOUR2 TOY2 .",),
        ("FRIEND had a COLOUR2 TOY2 and HERO had a COLOUR TOY .",),
        ("HERO brought a COLOUR TOY , but FRIEND brought a COLOUR2 TOY2 .",),
    ),
    "loss": (
        ("they played until HERO lost the COLOUR TOY .",),
        ("then HERO lost the TOY in the PLACE .",),
        ("then the wind took the COLOUR TOY of HERO .",),
        ("HERO looked away , and the TOY was gone .",),
    ),
    "sorrow": (
        ("HERO was sad , so FRIEND helped HERO.him .",),
        ("HERO cried because HERO.he loved the COLOUR TOY .",),
        ("FRIEND told HERO not to cry .",),
    ),
    "search": (
        ("FRIEND went to the THING , and BY the THING was something COLOUR .", "it was the TOY ."),
        ("something COLOUR was BY the THING .", "it was the TOY of HERO ."),
        ("BY the THING they found it , the COLOUR TOY .",),
    ),
    "return": (
        ("FRIEND gave it to HERO and HERO.he was happy .",),
        ("HERO thanked FRIEND and took HERO.his COLOUR TOY .",),
        ("HERO was happy because FRIEND found the COLOUR TOY .",),
    ),
    "close": (
        ("then they went home from the PLACE .",),
        ("they left the PLACE together .",),
        ("they played in the PLACE .",),
    ),
    "with a pet": (
        ("HERO had a SIZE PET .", "HERO loved the PLACE , so they lived near the PLACE ."),
        ("one day HERO went to the PLACE with HERO.his SIZE PET .",),
        ("a HERO.child called HERO had a SIZE PET .", "they lived near the PLACE ."),
        ("one day HERO was in the PLACE with a SIZE PET .",),
    ),
    "a prey": (
        ("in the PLACE the SIZE PET saw a LOOK PREY .",),
        ("the SIZE PET saw a LOOK PREY BY the THING .",),
        ("a LOOK PREY was BY the THING , so the PET went to the THING .",),
    ),
    "chase": (
        ("the SIZE PET chased the PREY because it was hungry .", "fed", "eaten"),
        ("the PET chased the LOOK PREY because it was bored .", "played"),
        ("the SIZE PET caught the LOOK PREY because it was slow .", "freed"),
        ("the LOOK PREY hid BY the THING because it was afraid of the PET .", "hidden"),
        ("the SIZE PET did not chase the PREY because it was tired .", "asleep"),
    ),
    "hunt": (
        ("the SIZE PET chased a PREY because it was hungry .", "fed", "eaten"),
        ("the SIZE PET chased a LOOK PREY because it was bored .", "played"),
        ("the SIZE PET caught a LOOK PREY because it was slow .", "freed"),
    ),
    "fed": (
        ("the PREY got away , so HERO gave the PET some FOOD .",),
        ("then HERO gave it some FOOD and the PREY got away .",),
    ),
    "eaten": (
        ("the PET liked the FOOD because it was FOOD.taste .",),
        ("the SIZE PET ate all the FOOD and was not hungry any more .",),
    ),
    "played": (
        ("so HERO played with the SIZE PET and the LOOK PREY got away .",),
        ("HERO threw a COLOUR TOY .", "the PET brought the COLOUR TOY back to HERO ."),
    ),
    "freed": (
        ("HERO told the SIZE PET to let the LOOK PREY go .",),
        ("HERO helped the LOOK PREY , and the SIZE PET was angry with HERO.him .",),
    ),
    "hidden": (
        ("the PET could not find the LOOK PREY , so it came back to HERO .",),
        ("the SIZE PET waited , but the LOOK PREY stayed BY the THING .",),
    ),
    "asleep": (
        ("it slept BY the THING , and the LOOK PREY got away .",),
        ("HERO went to the THING , and the SIZE PET slept BY the THING .",),
    ),
    "home": (
        ("then HERO took the SIZE PET home from the PLACE .",),
        ("in the evening HERO and HERO.his SIZE PET left the PLACE .",),
        ("HERO loved HERO.his SIZE PET .",),
    ),
    "weather": (
        ("then came the WEATHER , and HERO was WEATHER.felt .", "lent", "worn"),
        ("in the PLACE HERO was WEATHER.felt because of the WEATHER .", "lent", "worn"),
    ),
    "lent": (
        ("FRIEND gave HERO.him a COLOUR CLOTHES .",),
        ("FRIEND had a COLOUR CLOTHES and gave it to HERO .",),
    ),
    "worn": (
        ("the COLOUR CLOTHES was too big for HERO , but HERO.he liked it .",),
        ("HERO liked the COLOUR CLOTHES because it was warm .",),
    ),
    "walk": (
        (),
        ("then they went from the PLACE to the PLACE2 .", "back"),
    ),
    "back": (
        ("HERO did not like the PLACE2 , so they went back .",),
        ("it was dark in the PLACE2 , so they went back to the PLACE .",),
    ),
    "meal": (
        ("HERO was hungry , so FRIEND gave HERO.him some FOOD .", "tasted"),
        ("FRIEND had some FOOD , but FRIEND.he was not hungry .", "so FRIEND gave it to HERO .", "tasted"),
    ),
    "tasted": (
        ("HERO liked the FOOD because it was FOOD.taste .",),
        ("HERO said that the FOOD was FOOD.taste .",),
    ),
    "gift": (
        ("it was the birthday of HERO , and FRIEND gave HERO.him a COLOUR TOY .",),
        ("FRIEND gave HERO a COLOUR TOY because it was HERO.his birthday .",),
    ),
    "hiding": (
        ("HERO put the COLOUR TOY BY the THING .", "asked"),
        ("HERO went to the THING and hid it BY the THING .", "asked"),
    ),
    "asked": (
        ("FRIEND asked where the TOY was .", "HERO told FRIEND.him that it was BY the THING ."),
        ("FRIEND looked for the COLOUR TOY and found it BY the THING .",),
    ),
}


class Writer:
    """Draws stories, and knows how surprising the last one was: -log of the probability of its choices.

    Stories that are too long are drawn again: `drawn` counts them too.
    """

    def __init__(self, rng: np.random.Generator):
        self._rng, self.drawn = rng, 0

    def story(self) -> str:
        while True:
            self.drawn += 1
            self.surprise, self._values = 0.0, {}
            words = list(self._write("story"))
            if len(words) <= LONGEST:
                return " ".join(words)

    def _write(self, symbol: str) -> Iterator[str]:
        if symbol in RULES:
            for part in self._draw(RULES[symbol]):
                yield from self._write(part)
        else:
            for word in symbol.split():
                role = word.partition(".")[0]
                if role in ROLES and role not in self._values:
                    self._values[role] = self._draw(_open_to(role, self._values))
                yield _said(word, self._values)

    def _draw(self, options: tuple):
        self.surprise += math.log(len(options))
        return options[self._rng.integers(len(options))]


def stories(rng: np.random.Generator, n: int) -> list[str]:
    """n stories."""
    writer = Writer(rng)
    return [writer.story() for _ in range(n)]


def vocabulary() -> tuple[str, ...]:
    """The end of a story, then every word of the grammar in the order of the alphabet."""
    sentences = [part for rule in RULES.values() for parts in rule for part in parts if part not in RULES]
    words = {
        word for sentence in sentences for word in sentence.split() if word.partition(".")[0] not in ROLES
    }
    words.update(*ROLES.values(), *(known.values() for known in PROPERTIES.values()))
    return (END, *sorted(words))


def sentences(text: str) -> list[str]:
    """The sentences of a story; what comes after the last full stop is one too."""
    found = [part.strip() for part in text.split(".")]
    return [f"{part} ." for part in found[:-1]] + [part for part in found[-1:] if part]


def is_sentence(text: str) -> bool:
    """Whether the grammar has this sentence in some story."""
    words = text.split()
    patterns = [part for rule in RULES.values() for parts in rule for part in parts if part not in RULES]
    return any(not rest for pattern in patterns for rest, _ in _read((pattern,), words, {}))


def is_story(text: str) -> bool:
    """Whether the grammar has this story, every role with one value throughout."""
    return any(not rest for rest, _ in _read(("story",), text.split(), {}))


def _read(symbols: tuple[str, ...], words: list[str], values: Mapping[str, str]) -> Iterator[tuple]:
    """What is left of the words after the symbols, and the values of roles, for every way to read them."""
    if not symbols:
        yield words, values
        return
    first, *others = symbols
    if first in RULES:
        for parts in RULES[first]:
            yield from _read((*parts, *others), words, values)
        return
    pattern = first.split()
    found = _matched(pattern, words[: len(pattern)], values)
    if found is not None:
        yield from _read(tuple(others), words[len(pattern) :], found)


def _matched(pattern: list[str], words: list[str], values: Mapping[str, str]) -> dict[str, str] | None:
    """The values of roles with which the pattern says these words; None if none do.

    A property of a role that has no value yet agrees with everything that some value would have it say.
    """
    if len(pattern) != len(words):
        return None
    values = dict(values)
    for part, word in zip(pattern, words, strict=True):
        if part in ROLES and part not in values and word in _open_to(part, values):
            values[part] = word
    for part, word in zip(pattern, words, strict=True):
        role = part.partition(".")[0]
        options = (
            [values] if role not in ROLES or role in values else [{role: v} for v in _open_to(role, values)]
        )
        if not any(_said(part, known) == word for known in options if role not in ROLES or role in known):
            return None
    return values


def _open_to(role: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The values that a role without one may be given."""
    taken = values.get(DIFFERS.get(role, ""))
    return tuple(value for value in ROLES[role] if value != taken)


def _said(word: str, values: Mapping[str, str]) -> str:
    role, _, asked = word.partition(".")
    if role not in ROLES:
        return word
    return PROPERTIES[values[role]][asked] if asked else values[role]
