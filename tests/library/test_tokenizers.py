"""The two tokenizers on vocabularies small enough to read; tests/oracles has the real ones."""

import numpy as np
import pytest
from headway.byte_level import WRITTEN, ByteLevel, pieces
from headway.tokens import bpe_encode
from headway.wordpiece import WordPiece, read_wordpiece, words

BASE = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


@pytest.fixture
def wordpiece():
    return WordPiece((*BASE, "un", "##aff", "##able", "##a", "aff", "cafe", ".", "dog", "##s", "漢"))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("unaffable", ["un", "##aff", "##able"]),
        ("UNAFFABLE.", ["un", "##aff", "##able", "."]),
        ("  dogs \n dog ", ["dog", "##s", "dog"]),
        ("café", ["cafe"]),
        ("cafe\u0301s", ["cafe", "##s"]),
        ("unx dog", ["[UNK]", "dog"]),
        ("漢漢dog", ["漢", "漢", "dog"]),
        ("dog\u200bs", ["dog", "##s"]),
        ("dog\x00s", ["dog", "##s"]),
        ("aff" + "a" * 97, ["aff", *["##a"] * 97]),
        ("aff" + "a" * 98, ["[UNK]"]),
    ],
)
def test_a_word_is_cut_into_the_longest_pieces_there_are(wordpiece, text, tokens):
    assert wordpiece.tokens(wordpiece.encode(text)) == ["[CLS]", *tokens, "[SEP]"]


def test_a_long_text_is_cut_and_still_ends(wordpiece):
    ids = wordpiece.encode("dogs " * 10, longest=5)
    assert wordpiece.tokens(ids) == ["[CLS]", "dog", "##s", "dog", "[SEP]"]


def test_commands_in_a_text_are_text(wordpiece):
    assert "[SEP]" not in wordpiece.tokens(wordpiece.encode("[SEP]"))[1:-1]


def test_every_mark_of_ascii_is_a_word_by_itself():
    marks = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
    assert [word for word in words(marks) if word] == list(marks)
    assert [word for word in words("a«b…c") if word] == list("a«b…c")


def test_a_vocabulary_is_read_line_by_line(tmp_path, wordpiece):
    path = tmp_path / "vocab.txt"
    path.write_text("\n".join(wordpiece.vocabulary) + "\n", encoding="utf-8")
    assert read_wordpiece(path) == wordpiece


def test_a_vocabulary_without_the_tokens_of_bert_is_refused():
    with pytest.raises(ValueError, match=r"has no \[CLS\], \[SEP\]"):
        WordPiece(("[UNK]", "a"))


def byte_level(*merges, without=(), special=()):
    """A tokenizer whose ids are bytes first, then what merges make."""
    letters = [WRITTEN[byte] for byte in range(256) if byte not in without]
    made = ["".join(merge.split(" ")) for merge in merges]
    return ByteLevel((*letters, *made, *special), merges, frozenset(special))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("", []),
        ("Hello, world!", ["Hello", ",", " world", "!"]),
        ("it's we'll DON'T", ["it", "'s", " we", "'ll", " DON", "'", "T"]),
        ("a  b\n\n c", ["a", " ", " b", "\n\n", " c"]),
        ("a1234 5", ["a", "1", "2", "3", "4", " ", "5"]),
        ("a   5", ["a", "   ", "5"]),
        ("a  ", ["a", "  "]),
        ("naïve 漢字 ½", ["naïve", " 漢字", " ", "½"]),
        ("a\u00a0b\u3000c", ["a", "\u00a0", "b", "\u3000", "c"]),
        ("x\x1cy", ["x", "\x1c", "y"]),
        (" 🙂🙂!", [" 🙂🙂!"]),
    ],
)
def test_a_text_is_cut_into_words_digits_and_marks(text, cut):
    assert pieces(text) == cut
    assert "".join(pieces(text)) == text


def test_the_pair_learned_first_is_merged_first():
    for merges, tokens in ((("b c", "a b"), ["a", "bc"]), (("a b", "b c"), ["ab", "c"])):
        tokenizer = byte_level(*merges)
        assert [tokenizer.vocabulary[i] for i in tokenizer.encode("abc")] == tokens


def test_of_equal_neighbours_the_first_two_are_merged():
    tokenizer = byte_level("a a")
    assert [tokenizer.vocabulary[i] for i in tokenizer.encode("aaa")] == ["aa", "a"]


def test_pieces_are_merged_as_the_lesson_merges_them():
    rng = np.random.default_rng(0)
    merges = ["a b", "b a", "ab a", "a a", "aa b", "ba ba", "aba ab"]
    tokenizer = byte_level(*merges)
    pairs = np.array([[tokenizer.ids[part] for part in merge.split(" ")] for merge in merges])
    for size in range(1, 40):
        text = "".join(rng.choice(list("ab"), size))
        raw = np.frombuffer(text.encode(), np.uint8).astype(int)
        assert tokenizer.encode(text).tolist() == bpe_encode(raw, pairs).tolist()


def test_any_text_comes_back():
    tokenizer = byte_level("Ġ a", "Ã ¤")
    for text in ("", " a ä\n", "🙂 é\u200d", "\x00\x7f"):
        assert tokenizer.decode(tokenizer.encode(text)) == text


def test_bytes_that_the_vocabulary_lacks_are_left_out():
    tokenizer = byte_level("a b", without=(4,))
    assert tokenizer.decode(tokenizer.encode("a\x04b")) == "ab"


def test_commands_are_written_by_no_text_and_say_nothing():
    tokenizer = byte_level(special=("<|end|>",))
    ids = tokenizer.encode("a<|end|>")
    assert tokenizer.ids["<|end|>"] not in ids
    assert tokenizer.decode([*ids, tokenizer.ids["<|end|>"]]) == "a<|end|>"


def test_a_character_comes_once_its_last_byte_is_there():
    tokenizer = byte_level()
    ids = tokenizer.encode("aé🙂b")
    came = []
    for i in range(len(ids) + 1):
        came.append("".join(tokenizer.stream(iter(ids[:i]))).rstrip("\ufffd"))
    assert came == ["", "a", "a", "aé", "aé", "aé", "aé", "aé🙂", "aé🙂b"]
    assert list(tokenizer.stream(ids)) == ["a", "é", "🙂", "b"]


def test_a_character_that_is_never_finished_is_marked():
    tokenizer = byte_level()
    assert tokenizer.decode(tokenizer.encode("🙂")[:2]) == "\ufffd"
