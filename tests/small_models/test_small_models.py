"""The small models that ship with the course: they load, know their words, and do what their cards say."""

import re
import sys
from dataclasses import asdict, fields

import numpy as np
import pytest
from headway import weights
from headway.config import Config
from headway.generate import generate
from headway.model import forward
from headway_course import small_model
from headway_course.errors import CourseError
from headway_course.shipped import shipped
from training import figures, stories

NAMES = ("stories", "draft", "digits", "dates")
TEXTS = ("stories", "draft", "dates")


@pytest.mark.parametrize("name", NAMES)
def test_a_small_model_is_what_the_library_reads_from_its_file(name):
    kit, read = small_model(name), weights.load(shipped("models") / f"{name}.npz")
    assert kit.model.config == read.config
    assert kit.parameters.keys() == read.parameters.keys()
    assert all((kit.parameters[key] == a).all() for key, a in read.parameters.items())
    assert {a.dtype for a in kit.parameters.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", NAMES)
def test_its_config_and_size_are_those_of_its_card(name):
    kit = small_model(name)
    usual = {field.name: field.default for field in fields(Config)}
    told = [f"{key}={value!r}" for key, value in asdict(kit.model.config).items() if value != usual[key]]
    card = " ".join(kit.card.split())
    assert f"Config({', '.join(told)})" in card
    assert f"{figures.size(kit.model):,} parameters" in card


@pytest.mark.parametrize("name", NAMES)
def test_what_one_changes_in_it_changes_no_other(name):
    changed = next(iter(small_model(name).parameters.values()))
    changed[...] = 0
    assert next(iter(small_model(name).parameters.values())).any()


def test_all_of_them_together_take_less_than_3_megabytes():
    files = [*shipped("models").iterdir(), *shipped("corpora").iterdir()]
    assert sum(file.stat().st_size for file in files) < 3e6


def test_a_name_that_is_none_is_answered_with_those_there_are():
    with pytest.raises(CourseError, match="'novels': there are stories, draft, digits, dates"):
        small_model("novels")


@pytest.mark.parametrize("name", TEXTS)
def test_decoding_undoes_encoding(name):
    kit = small_model(name)
    for example in kit.examples:
        for text in [example] if isinstance(example, str) else example:
            assert kit.decode(kit.encode(text)) == text
    assert kit.decode([]) == ""
    assert kit.encode("<end>") == [kit.end]


def test_a_full_stop_need_not_stand_apart():
    kit = small_model("stories")
    assert (
        kit.encode("mia was sad, so tom helped her.") == kit.encode("mia was sad , so tom helped her .")
    ).all()


def test_a_word_it_does_not_know_is_named_and_the_nearest_ones_are_said():
    with pytest.raises(CourseError, match=r"stories does not know 'hungri': did you mean hungry\?"):
        small_model("stories").encode("the cat was hungri .")
    with pytest.raises(CourseError, match=r"does not know 'Mia': did you mean mia or"):
        small_model("stories").encode("Mia was sad .")
    with pytest.raises(CourseError, match=r"dates does not know 'ä': its characters are ' ,-\./0123456789ab"):
        small_model("dates").encode("3. märz 1999")


@pytest.mark.parametrize("ids", [[-1], [190], [0.5], [[1, 2]], 3])
def test_numbers_that_are_no_tokens_are_refused(ids):
    with pytest.raises(CourseError, match="decode"):
        small_model("stories").decode(ids)


def test_without_the_library_a_model_says_what_is_missing_and_has_its_weights(monkeypatch):
    kit = small_model("draft")
    monkeypatch.setitem(sys.modules, "headway.model", None)
    with pytest.raises(CourseError, match=r"small_model\('draft'\).model needs headway.model, which is not"):
        kit.model  # noqa: B018
    assert kit.parameters["token.W"].shape == (len(kit.words), kit.settings["width"])


def test_a_file_that_is_missing_is_said_to_be(monkeypatch, tmp_path):
    monkeypatch.setattr("headway_course.small_models.shipped", lambda kind: tmp_path)
    with pytest.raises(
        CourseError, match=r"small model stories cannot be read .*: install headway-course again"
    ):
        small_model("stories")
    (tmp_path / "stories.npz").write_bytes(b"PK no zip")
    with pytest.raises(CourseError, match="small model stories cannot be read"):
        small_model("stories")


def stated(name):
    """The figures in the table of a card."""
    return {
        what: float(value) for what, value in re.findall(r"\| (.+?) \| ([\d.]+) \|", small_model(name).card)
    }


@pytest.mark.parametrize(("name", "count"), [("stories", 60), ("draft", 60)])
def test_texts_held_out_surprise_it_as_its_card_says(name, count):
    kit = small_model(name)
    rows = figures.rows(kit, kit.examples[:count])
    assert figures.perplexity(kit.model, rows) == pytest.approx(
        stated(name)["perplexity on stories held out"], rel=0.04
    )


def test_stories_are_what_the_grammar_could_have_written():
    kit = small_model("stories")
    drawn = figures.written(kit, 60, np.random.default_rng(3))
    said = [sentence for text in drawn for sentence in stories.sentences(text)]
    assert np.mean([stories.is_sentence(sentence) for sentence in said]) > 0.95
    assert np.mean([stories.is_story(text) for text in drawn]) > 0.45
    assert len(set(drawn)) == len(drawn)


def test_whoever_it_is_is_known_from_a_name_far_back():
    kit = small_model("stories")
    for name, him in [*((girl, "her") for girl in stories.GIRLS), *((boy, "him") for boy in stories.BOYS)]:
        friend = "nora" if name == "leo" else "leo"
        ids = kit.encode(
            f"<end> one day {name} and {friend} went to the park . {name} was hungry , so {friend} gave"
        )
        assert likeliest(kit, ids) == him


@pytest.mark.parametrize("place", stories.PLACES)
def test_the_place_of_a_story_comes_back(place):
    kit = small_model("stories")
    ids = kit.encode(
        f"<end> one day mia and leo went to the {place} . mia was hungry , so leo gave her some cake . "
        "mia said that the cake was sweet . then they went home from the"
    )
    assert likeliest(kit, ids) == place


@pytest.mark.parametrize("colour", stories.COLOURS)
def test_a_toy_keeps_its_colour(colour):
    kit = small_model("stories")
    ids = kit.encode(
        "<end> one day mia and leo went to the park . "
        f"leo gave mia a {colour} ball because it was her birthday . mia put the"
    )
    assert likeliest(kit, ids) == colour


def likeliest(kit, ids):
    """The word that the model expects next."""
    return kit.words[forward(kit.model, ids, at=-1).argmax()]


def test_drafts_stay_as_often_as_the_card_says():
    kit, draft = small_model("stories"), small_model("draft")
    assert draft.words == kit.words
    share = figures.acceptance(kit.model, draft.model, figures.rows(kit, kit.examples[:60]))
    assert share == pytest.approx(stated("draft")["drafted tokens that stories accepts"], abs=0.03)
    assert figures.tokens_a_reading(kit, draft, 3) > 2


def test_digits_are_read_as_often_as_the_card_says():
    kit = small_model("digits")
    assert kit.images.shape == (200, 1, 8, 8)
    assert kit.images.dtype == np.float32
    assert (kit.images.min(), kit.images.max()) == (0, 1)
    assert set(kit.labels) == set(range(10))
    told = stated("digits")["accuracy on 200 images held out"]
    assert figures.accuracy(kit) == pytest.approx(told, abs=0.006)  # one image, by rounding elsewhere
    assert told >= 0.97


def test_dates_are_written_as_often_as_the_card_says():
    kit = small_model("dates")
    told = stated("dates")["2000 days held out that are right in every character"]
    assert figures.exact(kit, kit.examples) >= min(told, 0.99)
    assert told >= 0.99


def test_a_date_is_read_and_the_end_is_written_behind_it():
    kit = small_model("dates")
    ids = generate(kit.model, np.array([kit.end]), 11, source=kit.encode("3 march 1999"), stop=kit.end)
    assert kit.decode(ids) == "<end>1999-03-03<end>"


def test_dates_of_several_lengths_are_read_in_one_batch_with_a_mask():
    kit = small_model("dates")
    texts, answers = zip(*kit.examples[:40], strict=True)
    source = np.full((len(texts), max(map(len, texts))), kit.end)
    for row, text in zip(source, texts, strict=True):
        row[: len(text)] = kit.encode(text)
    seen = (source != kit.end)[:, None]
    ids = generate(kit.model, np.full((40, 1), kit.end), 10, source=source, source_mask=seen)
    assert np.mean([kit.decode(row[1:]) == answer for row, answer in zip(ids, answers, strict=True)]) >= 0.95
