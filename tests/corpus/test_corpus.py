"""The judge on the corpus: nobody is accused who does not loop, and who loops is found, on every Python."""

import re

import pytest
from corpus import HOLES, PARTS, judged_all, mistakes, table, variants

pytestmark = pytest.mark.slow
ALL = list(variants())


@pytest.fixture(scope="module")
def rulings():
    return judged_all()


def test_nobody_is_accused_wrongly_and_hardly_a_loop_is_missed(rulings, capsys):
    with capsys.disabled():
        print(f"\n{table(rulings)}")
    said = {variant.name: mistakes(variant, ruling) for variant, ruling in rulings.items()}
    wrongly = {name: why for name, why in said.items() if why}
    assert wrongly.keys() == HOLES.keys(), wrongly
    assert not any(why.startswith("accused") for why in wrongly.values())
    assert len(wrongly) <= 0.01 * sum(bool(variant.over) for variant in ALL)


def test_the_corpus_is_what_it_is_said_to_be():
    assert len(ALL) >= 150
    assert len({variant.exercise for variant in ALL}) >= 10
    assert sum(variant.part != "ours" for variant in ALL) >= len(ALL) / 3
    for part in PARTS:
        loopy = [bool(variant.over) for variant in ALL if variant.part == part]
        assert 0.3 <= sum(loopy) / len(loopy) <= 0.7, part
    assert len({variant.name for variant in ALL}) == len(ALL)


def test_a_finding_names_a_dimension_that_is_looped_over(rulings):
    for variant, ruling in rulings.items():
        if ruling.loops == "found":
            over = "|".join(map(re.escape, variant.over))
            said = rf"with (outer )?({over})|when (outer )?({over})( \(.*\))? was"
            assert re.search(said, ruling.message), (variant.name, ruling.message)
