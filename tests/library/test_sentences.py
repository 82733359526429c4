"""Sentences as vectors, by a BERT of random weights; tests/oracles has the real one."""

import json

import numpy as np
import pytest
from headway.config import Config, init_parameters
from headway.model import Model, forward
from headway.sentences import BATCH, SentenceEncoder, load_sentence_encoder
from headway.wordpiece import WordPiece


@pytest.fixture
def encoder():
    tokenizer = WordPiece(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "c"))
    config = Config(
        width=8, heads=2, hidden=12, encoder_layers=2, vocabulary=7, context=9, segments=2, norm_first=False
    )
    return SentenceEncoder(Model(config, init_parameters(config, np.random.default_rng(0))), tokenizer, 9)


def test_a_vector_is_the_mean_of_the_states_at_length_one(encoder):
    states = forward(encoder.model, encoder.tokenizer.encode("a b b c"))
    mean = sum(states) / len(states)
    (vector,) = encoder.encode(["a b b c"])
    assert vector.dtype == np.float32
    assert np.allclose(vector, mean / np.sqrt((mean**2).sum()), atol=1e-6)


def test_vectors_come_in_the_order_of_the_texts_however_many_there_are(encoder):
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(list("abc"), rng.integers(0, 7))) for _ in range(2 * BATCH + 3)]
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.abs(encoder.encode(texts) - alone).max() <= 1e-6


def test_a_long_text_is_read_as_far_as_the_model_can(encoder):
    short, long = encoder.encode(["a " * 7, "a " * 70])
    assert np.allclose(short, long, atol=1e-6)


def test_no_texts_have_no_vectors(encoder):
    assert encoder.encode([]).shape == (0, 8)


def test_one_text_instead_of_a_list_is_refused(encoder):
    with pytest.raises(ValueError, match=r"expected a list of them: encode\(\[text\]\)"):
        encoder.encode("a b")


def test_an_encoder_that_pools_otherwise_is_refused(tmp_path):
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_cls_token": True}))
    with pytest.raises(ValueError, match="pools otherwise than by the mean"):
        load_sentence_encoder(tmp_path)


def test_a_search_finds_the_text_itself_first_and_others_by_their_cosines(encoder):
    texts = ["a b", "c c c", "b a c", "a"]
    found = encoder.search("c c c", texts)
    assert found[0][0] == "c c c"
    cosines = dict(zip(texts, encoder.encode(texts) @ encoder.encode(["c c c"])[0], strict=True))
    assert [text for text, _ in found] == sorted(texts, key=cosines.get, reverse=True)[:3]
    assert all(abs(cosine - cosines[text]) <= 1e-6 for text, cosine in found)
    assert len(encoder.search("a", texts, n=9)) == 4
