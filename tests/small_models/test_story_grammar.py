"""The grammar of the stories reads what it writes, and nothing that contradicts itself."""

import math

import numpy as np
import pytest
from training import corpus, dates, stories

TOLD = (
    "one day mia and tom went to the park . tom had a red ball and mia had a blue kite . "
    "they played until mia lost the blue kite . something blue was near the tree . it was the kite of mia . "
    "mia thanked tom and took her blue kite . then they went home from the park ."
)


def test_every_story_it_writes_it_also_reads():
    for text in stories.stories(np.random.default_rng(8), 200):
        assert stories.is_story(text)
        assert all(map(stories.is_sentence, stories.sentences(text)))
        assert len(text.split()) <= stories.LONGEST


def test_a_word_of_a_story_is_in_the_vocabulary_and_the_other_way_round():
    told = " ".join(stories.stories(np.random.default_rng(9), 2000)).split()
    assert {stories.END, *told} == set(stories.vocabulary())


def test_a_story_in_which_all_fits_is_one():
    assert stories.is_story(TOLD)


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("her blue kite", "his blue kite"),
        ("her blue kite", "her red kite"),
        ("the kite of mia", "the ball of mia"),
        ("thanked tom", "thanked ben"),
        ("something blue", "something red"),
        ("tom went", "mia went"),
        ("a blue kite .", "a red kite ."),
        ("from the park .", "from the park"),
        ("they played until", "until they played"),
    ],
)
def test_a_story_in_which_something_does_not_fit_is_none(said, instead):
    assert said in TOLD
    assert not stories.is_story(TOLD.replace(said, instead))


def test_a_sentence_may_be_right_by_itself():
    assert stories.is_sentence("mia thanked tom and took her red kite .")
    assert not stories.is_sentence("mia thanked tom and took his red kite .")
    assert not stories.is_sentence("mia thanked mia and took her red kite .")
    assert not stories.is_sentence("mia thanked tom and took her red")


def test_the_surprise_at_a_story_is_that_of_its_probability(monkeypatch):
    one_or_two = {"story": (("HERO slept .",), ("HERO.he was PREY .", "FRIEND slept ."))}
    monkeypatch.setattr(stories, "RULES", one_or_two)
    monkeypatch.setitem(stories.ROLES, "PREY", ("fast", "slow"))
    monkeypatch.setitem(stories.ROLES, "HERO", ("tom", "mia"))
    monkeypatch.setitem(stories.ROLES, "FRIEND", ("tom", "mia", "ben"))
    writer = stories.Writer(np.random.default_rng(10))
    found = {}
    for _ in range(400):
        text = writer.story()
        assert found.setdefault(text, writer.surprise) == pytest.approx(writer.surprise)
    assert sum(math.exp(-surprise) for surprise in found.values()) == pytest.approx(1)


@pytest.mark.slow  # all stories are written anew
def test_the_texts_that_ship_are_those_that_the_scripts_write():
    for path, text in corpus.shipped().items():
        assert (corpus.DATA / path).read_text(encoding="utf-8") == text


@pytest.mark.slow
def test_no_story_held_out_is_one_to_train_on():
    held_out, trained = corpus.held_out_and_trained()
    assert len(held_out) == corpus.HELD_OUT
    assert len(trained) == len(set(trained)) == corpus.TRAINED
    assert not set(held_out) & set(trained)


def test_no_day_held_out_is_one_to_train_on():
    trained = {day.isoformat() for day in corpus.days_to_train_on()}
    assert not trained & {answer for _, answer in corpus.dates_held_out(5000)}


def test_every_way_to_write_a_day_tells_which_it_is():
    texts = {}
    for day in corpus.days_to_train_on()[:3000]:
        for way in dates.WAYS:
            assert texts.setdefault(dates.written(day, way), day) == day
