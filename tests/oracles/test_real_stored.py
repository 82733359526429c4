"""The two real models against what other programs made of them once; make_real.py stores it."""

from pathlib import Path

import numpy as np
import pytest
from headway.gguf import read_gguf
from headway.model import forward
from headway_course import real_model
from headway_course.real.shelf import MODELS
from texts import SENTENCES, TALK, TEXTS

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def stored():
    with np.load(Path(__file__).with_name("real.npz"), allow_pickle=False) as file:
        return dict(file)


@pytest.mark.parametrize("name", ["minilm", "smollm2"])
def test_every_text_has_the_token_ids_of_the_reference(stored, name):
    tokenizer = real_model(name).tokenizer
    theirs = np.split(stored[f"{name}/ids"], np.cumsum(stored[f"{name}/lengths"])[:-1])
    assert len(theirs) == len(TEXTS) >= 100
    wrong = [
        text
        for text, ids in zip(TEXTS, theirs, strict=True)
        if tokenizer.encode(text).tolist() != ids.tolist()
    ]
    assert not wrong


def test_what_was_encoded_as_bytes_comes_back():
    tokenizer = real_model("smollm2").tokenizer
    assert [tokenizer.decode(tokenizer.encode(text)) for text in TEXTS] == TEXTS


def test_sentences_have_the_vectors_of_the_reference(stored):
    ours, theirs = real_model("minilm").encode(SENTENCES), stored["minilm/vectors"]
    assert (ours.dtype, ours.shape) == (np.float32, theirs.shape)
    assert np.abs(ours - theirs).max() <= 1e-6


def test_a_sentence_has_the_same_vector_in_whatever_company():
    encoder = real_model("minilm")
    together = encoder.encode(SENTENCES)
    alone = np.concatenate([encoder.encode([sentence]) for sentence in SENTENCES])
    assert np.abs(together - alone).max() <= 1e-6


def test_weights_are_unpacked_to_the_bit(stored):
    arrays = read_gguf(MODELS["smollm2"].path).arrays
    for key, theirs in stored.items():
        if key.startswith("smollm2/weights/"):
            a = arrays[key.removeprefix("smollm2/weights/")]
            assert np.array_equal(a[:: max(1, len(a) // 5)], theirs)


def test_a_talk_is_put_in_turns_as_its_template_says(stored):
    assert real_model("smollm2").prompt(TALK).tolist() == stored["smollm2/talk"].tolist()


def test_scores_are_those_of_the_reference(stored):
    scores = forward(real_model("smollm2").model, stored["smollm2/talk"])
    scale = np.abs(stored["smollm2/scores"]).max()
    assert scores.dtype == np.float32
    assert np.abs(scores[-1] - stored["smollm2/scores"]).max() <= 1e-5 * scale
    assert np.abs(scores.max(axis=-1) - stored["smollm2/largest"]).max() <= 1e-5 * scale


def test_the_model_says_what_it_says_there(stored):
    chat = real_model("smollm2")
    theirs = stored["smollm2/said"]
    assert "".join(chat.reply(TALK, len(theirs))) == chat.tokenizer.decode(theirs)


def test_what_made_the_stored_results_is_stored(stored):
    versions = {key.removeprefix("versions/") for key in stored if key.startswith("versions/")}
    assert versions == {"torch", "transformers", "tokenizers", "gguf", "numpy", "python"}
