"""A picture of a lesson is readable anywhere, says in words what it shows, and never ends in a traceback."""

import re
import subprocess
import sys

import numpy as np
import pytest
from headway.attention import attention, causal_mask, grouped_query_attention, padding_mask, split_heads
from headway.blocks import gelu, gelu_tanh, layer_norm, post_ln_block, pre_ln_block, rms_norm, silu
from headway.generate import accept_drafts, keep_top
from headway.numerics import sample_categorical, softmax
from headway.positions import alibi_bias, relative_buckets, rotary, sinusoidal_positions
from headway.tokens import bpe_encode, patches
from headway_course import pictures
from headway_course.pictures.panel import answer, says_what_is_missing
from headway_course.puzzles import show_puzzle

WORDS = ["one", "two", "three"]
SCORES = np.array([1.0, 0.5, -2.0])


def one_back(letters, places):
    """An answer to a puzzle: wrong, so that all of its picture is drawn."""
    return 3 * places, places


def one_of_each(softmax, sample_categorical, causal_mask, attention, split_heads, grouped_query_attention):
    """Every kind of picture, drawn with these functions, by name."""
    rng = np.random.default_rng(0)
    Q = rng.normal(size=(2, 3, 4))
    return {
        "temperatures": pictures.show_temperatures(softmax, SCORES, WORDS),
        "draws": pictures.show_draws(sample_categorical, np.array([0.5, 0.25, 0.25]), WORDS, [0.1, 0.5, 0.9]),
        "mask": pictures.show_mask(causal_mask, WORDS),
        "attention": pictures.show_attention(attention, Q, Q, WORDS, np.tri(3, dtype=bool), ["a", "b"]),
        "dot products": pictures.show_dot_products(softmax, rng),
        "sharing": pictures.show_sharing(grouped_query_attention, 4, (2, 1)),
        "puzzle": show_puzzle(attention, one_back),
        "split": pictures.show_split(split_heads, np.arange(12.0).reshape(2, 6), 3),
        "side by side": pictures.side_by_side(causal_mask, np.tri, [1, 2]),
    }


def one_of_each_of_lesson_02(bpe_encode, sinusoidal_positions, rotary, alibi_bias):
    """Every kind of picture of tokens and positions, by name."""
    return {
        "tokens": pictures.show_tokens(bpe_encode, "that café", np.array([[97, 116], [104, 256]]), (0, 1, 2)),
        "positions": pictures.show_positions(sinusoidal_positions, 5, 4),
        "clock hands": pictures.show_clock_hands(sinusoidal_positions, 3, 4),
        "rotary": pictures.show_rotary(rotary, [1.0, 0.5], [0.5, 1.0], 3),
        "alibi": pictures.show_alibi(alibi_bias, 4, 3),
    }


def a_block(rng, T=3, d=4, h=5):
    """The parameters of a block, in order."""
    shapes = [(d,), (d,), (d, d), (d, d), (d, d), (d, d), (d,), (d,), (d, h), (h,), (h, d), (d,)]
    return [rng.normal(size=shape) for shape in shapes]


def one_of_each_of_lesson_04(layer_norm, gelu, pre_ln_block):
    """Every kind of picture of norms, activations and blocks, by name."""
    rng = np.random.default_rng(0)
    X, layers = rng.normal(size=(3, 4)), [a_block(rng), a_block(rng)]
    return {
        "norms": pictures.show_norms(layer_norm, layer_norm, X[:, :2]),
        "activations": pictures.show_activations([gelu], gelu, gelu),
        "stream": pictures.show_stream(pre_ln_block, X, layers, 2, ["a", "b", "c", "d"]),
        "depth": pictures.show_depth({"mine": pre_ln_block}, X, layers, 2),
    }


def one_of_each_of_lesson_05(causal_mask, patches, relative_buckets):
    """Every kind of picture of whole models that needs a function, by name."""
    return {
        "sight": pictures.show_sight(causal_mask, ["a", "b"], WORDS),
        "patches": pictures.show_patches(patches, np.eye(4), 2),
        "buckets": pictures.show_buckets(relative_buckets, 8, 20, 9),
    }


def one_of_each_of_lesson_06(keep_top, accept_drafts):
    """The pictures of generation that run a function of the learner's, by name."""
    Z, p = np.array([[2.0, 1, 0], [1, 1, -1]]), np.array([0.5, 0.25, 0.25])
    return {
        "kept": pictures.show_kept(keep_top, Z, WORDS, 1, ["first", "second"]),
        "drafts": pictures.show_drafts(accept_drafts, p, p[::-1], WORDS, np.random.default_rng(0), 100),
    }


# Two beams, of which the first step's second has both children in the second step.
BEAMS = [
    (np.array([0, 0]), np.array([0, 1]), np.array([-0.5, -1.0])),
    (np.array([1, 1]), np.array([2, 0]), np.array([-1.25, -2.0])),
]
READ = {"anew": [(0, 2), (0, 3)], "kept": [(0, 2), (2, 3)]}


def one_of_each_of_numbers():
    """Every kind of picture that needs no function of the learner's."""
    return {
        "broadcast": pictures.show_broadcast(np.subtract, np.arange(2)[:, None], np.arange(3)),
        "shapes only": pictures.show_broadcast(np.add, np.ones((2, 1, 3)), np.ones((4, 1))),
        "clash": pictures.show_broadcast(np.add, np.ones((2, 3)), np.ones(2)),
        "sums": pictures.show_sums(np.arange(6).reshape(2, 3)),
        "pairs": pictures.show_pairs(np.eye(3, dtype=bool), WORDS),
        "windows": pictures.show_windows(np.arange(4.0), 3),
        "guessing": pictures.show_guessing({"one": np.linspace(0, 1, 9), "two": np.ones(8)}, [0, 4], 10),
        "parts": pictures.show_parts({"x": {"a": 10**6, "b": 0}, "y": {"b": 3 * 10**6}}),
        "beams": pictures.show_beams(BEAMS, WORDS, "zero"),
        "reading": pictures.show_reading(READ),
        "steps": pictures.show_steps([np.sort], {n: (np.arange(n),) for n in (8, 16, 32)}),
    }


@pytest.fixture(scope="module")
def drawn():
    both = causal_mask(3) & padding_mask(np.array([3, 1]), 3)
    padded = {"padded": pictures.show_padded(both, [WORDS, ["four"]])}
    functions = (softmax, sample_categorical, causal_mask, attention, split_heads, grouped_query_attention)
    of_lesson_02 = one_of_each_of_lesson_02(bpe_encode, sinusoidal_positions, rotary, alibi_bias)
    of_lesson_04 = one_of_each_of_lesson_04(layer_norm, gelu, pre_ln_block)
    of_lesson_05 = one_of_each_of_lesson_05(causal_mask, patches, relative_buckets)
    of_lesson_06 = one_of_each_of_lesson_06(keep_top, accept_drafts)
    of_lessons = of_lesson_02 | of_lesson_04 | of_lesson_05 | of_lesson_06
    return one_of_each(*functions) | padded | of_lessons | one_of_each_of_numbers()


def test_every_picture_shows_something_and_says_it_in_words(drawn):
    for name, picture in drawn.items():
        assert re.search('<img|<td|<span style="display:inline-block', picture._repr_html_()), name
        assert len(repr(picture)) > 30, name


def test_every_image_carries_its_description(drawn):
    images = [picture for picture in drawn.values() if "<img" in picture.html]
    assert len(images) == 17
    for picture in images:
        assert re.search(r'<img alt="[^"]{30,}"', picture.html)


def test_no_picture_needs_script_style_sheet_or_network(drawn):
    for name, picture in drawn.items():
        assert not re.search(r"<script|<style|class=|https?:|url\(", picture.html), name


def test_every_cell_and_panel_brings_both_its_colours(drawn):
    for name, picture in drawn.items():
        for style in re.findall(r"<(?:td|th|div)[^>]*style=\"([^\"]*)\"", picture.html):
            assert "background-color:" in style, (name, style)
            assert ";color:" in style, (name, style)


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_weight_can_be_read_on_its_background():
    weights = np.linspace(0, 1, 41)
    K = np.zeros((41, 1))
    picture = pictures.show_attention(lambda Q, K, V, mask: np.tile(weights, (41, 1)), K, K, [""] * 41)
    pairs = re.findall(r"background-color:(#\w{6});color:(#\w{6})", picture.html)
    assert len(pairs) > 41
    for background, ink in pairs:
        low, high = sorted((luminance(background), luminance(ink)))
        assert (high + 0.05) / (low + 0.05) >= 4, (background, ink)


def cells_of(picture, style=""):
    """What stands in the cells of a picture, of those with this in their style."""
    return re.findall(rf'<td style="[^"]*{style}[^"]*">([^<]*)</td>', picture.html)


def test_broadcasting_shows_stored_numbers_once_and_the_others_dashed():
    picture = pictures.show_broadcast(np.subtract, np.array([[7], [8]]), np.array([1, 2, 3]))
    assert cells_of(picture, "dashed") == ["1 → 3", "none → 2", "7", "7", "8", "8", "1", "2", "3"]
    assert cells_of(picture)[-6:] == ["6", "5", "4", "7", "6", "5"]


@pytest.mark.parametrize(
    ("x", "y", "axis"),
    [((2, 3), (2,), -1), ((2, 3, 1), (2, 4), -2), ((4, 1, 3), (5, 2, 3), -3), ((1, 3), (4,), -1)],
)
def test_shapes_that_do_not_meet_are_told_apart_at_the_axis_where_numpy_refuses(x, y, axis):
    with pytest.raises(ValueError, match="broadcast"):
        np.ones(x) + np.ones(y)
    picture = pictures.show_broadcast(np.add, np.ones(x), np.ones(y), names=("these", "those"))
    assert f"these {x} and those {y} do not meet: axis {axis} is {x[axis]} in the one" in repr(picture)
    assert cells_of(picture, "font-weight:bold") == [str(x[axis]), str(y[axis])]


def test_shapes_that_meet_are_shown_even_where_the_numbers_are_too_many():
    picture = pictures.show_broadcast(np.add, np.ones((2, 1, 3)), np.ones((4, 1)))
    assert cells_of(picture) == ["2", "1 → 4", "3", "none → 2", "4", "1 → 3", "2", "4", "3"]


def test_an_axis_of_size_one_may_be_stretched_to_nothing():
    picture = pictures.show_broadcast(np.add, np.ones((0, 3)), np.ones((1, 3)))
    assert cells_of(picture)[:6] == ["0", "3", "1 → 0", "3", "0", "3"]


def test_what_does_not_work_number_by_number_is_no_broadcasting():
    assert "np.add" in repr(pictures.show_broadcast(np.matmul, np.ones((2, 2)), np.ones(2)))


def test_sums_stand_beside_what_they_add_up():
    picture = pictures.show_sums(np.array([[1, 5, 2], [4, 0, 6]]))
    assert [text for text in cells_of(picture) if text.isdigit()] == [*"152", "8", *"406", "10", *"558"]


def test_pairs_fill_the_squares_that_are_true():
    pairs = np.array([[True, False, True], [False, True, False]])
    assert cells_of(pictures.show_pairs(pairs, WORDS[:2], WORDS)) == [*"■·■·■·"]
    assert "expected (3, 3)" in repr(pictures.show_pairs(pairs, WORDS))


def test_windows_end_at_their_position():
    picture = pictures.show_windows(np.array([3.0, 9.0, 6.0]), 2)
    assert cells_of(picture) == ["none", "3", "1", "3", "9", "2", "9", "6", "2"]


def test_steps_of_a_loop_grow_and_those_of_numpy_do_not():
    def with_a_loop(x):
        return sum(number for number in x)

    def without(x):
        return x.sum()

    said = repr(pictures.show_steps([with_a_loop, without], {n: (np.arange(n),) for n in (8, 16, 32)}))
    assert re.search(
        r"with_a_loop takes \d+, \d+, \d+ steps, yes: a loop; without takes 0, 0, 0 steps, no", said
    )


def test_steps_of_an_unfinished_function_are_not_counted():
    picture = pictures.show_steps([np.sort, unfinished], {n: (np.arange(n),) for n in (8, 16, 32)})
    assert repr(picture).startswith("unfinished is not written yet")


def test_tokens_stand_in_boxes_that_merges_make_longer():
    merges = np.array([[97, 116], [104, 256]])
    picture = pictures.show_tokens(bpe_encode, "hat é<", merges, (0, 2))
    boxes = re.findall(r"<span[^>]*>([^<]*)</span>", picture.html)
    assert boxes == [*"hat␣", "‹195›", "‹169›", "&lt;", "hat", "␣", "‹195›", "‹169›", "&lt;"]
    assert "after 2 merges, 5 tokens: hat | ␣ |" in repr(picture)


def test_ids_that_no_merge_makes_are_not_drawn():
    said = repr(pictures.show_tokens(lambda ids, merges: ids + 1000, "hat", np.zeros((0, 2), int), (0,)))
    assert "ids that no merge makes" in said


def test_what_is_kept_is_told_with_its_share_and_the_likeliest_first():
    Z = np.log([[0.2, 0.5, 0.3], [0.6, 0.2, 0.2]])
    said = repr(pictures.show_kept(keep_top, Z, WORDS, 2, ["left", "right"]))
    assert "left, 2 of 3 stay, together 0.80: two, three" in said
    assert "right, 3 of 3 stay, together 1.00: one, two, three" in said


@pytest.mark.parametrize("result", [np.zeros((2, 2)), np.zeros((1, 3), int), None])
def test_kept_scores_that_cannot_be_drawn_are_described(result):
    def keep_top(Z, k):
        return result

    said = repr(pictures.show_kept(keep_top, np.zeros((1, 3)), WORDS, 2, ["left"]))
    assert re.match(r"keep_top returned .*expected .*\(1, 3\).*`check\(keep_top\)`", said)


def test_positions_that_are_computed_have_a_dot_and_those_that_are_kept_have_none():
    picture = pictures.show_reading(READ)
    cells = re.findall(r"<td style=\"(?!border:none)[^>]*>([^<]*)</td>", picture.html)
    assert "".join(cell or " " for cell in cells) == "●● ●●●" + "●● ··●"
    assert "anew, 5 positions are computed: 2, 3; kept, 3 positions are computed: 2, 1" in repr(picture)


def test_the_tree_of_beams_tells_the_texts_that_are_left_by_their_parents():
    said = repr(pictures.show_beams(BEAMS, WORDS, "zero"))
    assert "from zero, best first: two three (-1.25); two one (-2.00)" in said


def test_the_picture_of_drafts_tells_what_came():
    p, q = np.array([0.5, 0.5, 0]), np.array([0.8, 0, 0.2])
    said = repr(pictures.show_drafts(accept_drafts, p, q, WORDS, np.random.default_rng(0), 40_000))
    stayed, due = map(
        float, re.match(r"(\S+) of the drafts stayed, and .* sums to ([\d.]+)\.", said).groups()
    )
    assert due == 0.5
    assert abs(stayed - 0.5) < 5 * (0.25 / 40_000) ** 0.5  # five standard errors
    assert "`one` was offered 0.80, wanted 0.50, came 0.50" in said
    assert "`three` was offered 0.20, wanted 0.00, came 0.00" in said


def drafts_that_draw_from_P(P, Q, drafted, u, v):
    kept, _ = accept_drafts(P, Q, drafted, u, v)
    return kept, sample_categorical(np.take_along_axis(P, kept[:, None, None], axis=1)[:, 0], v)


def test_the_picture_of_drafts_shows_it_where_they_come_out_wrong():
    p, q = np.array([0.5, 0.5, 0]), np.array([0.8, 0, 0.2])
    said = repr(pictures.show_drafts(drafts_that_draw_from_P, p, q, WORDS, np.random.default_rng(0), 40_000))
    assert "`one` was offered 0.80, wanted 0.50, came 0.75" in said


@pytest.mark.parametrize(
    "result", [None, (np.zeros(3, int), np.zeros(3, int)), (np.zeros(100), np.full(100, 7))]
)
def test_drafts_that_cannot_be_drawn_are_described(result):
    def accept_drafts(P, Q, drafted, u, v):
        return result

    p = np.array([0.5, 0.25, 0.25])
    said = repr(pictures.show_drafts(accept_drafts, p, p, WORDS, np.random.default_rng(0), 100))
    assert said.startswith("accept_drafts returned ")
    assert said.endswith("`check(accept_drafts)` says more.")


def test_words_cannot_become_markup():
    picture = pictures.show_mask(causal_mask, ["<b>", "a&b"])
    assert "<b>" not in picture.html
    assert "&lt;b&gt;" in picture.html


def test_the_mask_picture_shows_what_may_be_read_and_nothing_else():
    picture = pictures.show_mask(causal_mask, ["alpha", "beta", "gamma"])
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", picture.html)
    assert cells == ["alpha", "█" * 4, "█" * 5, "alpha", "beta", "█" * 5, "alpha", "beta", "gamma"]


def test_the_attention_picture_shows_the_weights():
    Q = np.array([[0.0], [np.log(3)]])
    K = np.array([[1.0], [0.0]])
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", pictures.show_attention(attention, Q, K, ["x", "y"]).html)
    assert cells == [".50", ".50", ".75", ".25"]


def test_the_attention_picture_of_two_texts_has_a_row_for_each_that_asks():
    Q, K = np.array([[0.0], [np.log(3)]]), np.array([[1.0], [0.0], [0.0]])
    picture = pictures.show_attention(attention, Q, K, ["x", "y"], others=["a", "b", "c"])
    assert re.findall(r"<td[^>]*>([^<]*)</td>", picture.html) == [".33", ".33", ".33", ".60", ".20", ".20"]
    assert repr(picture) == "Attention weights: x 0 looks most at a 0 (0.33), y 1 looks most at a 0 (0.60)."


def test_the_picture_of_sharing_shows_who_asks_whom():
    picture = pictures.show_sharing(grouped_query_attention, 6, (3, 1))
    cells = re.findall(r"<td style=\"(?!border:none)[^>]*>([^<]*)</td>", picture.html)
    assert "".join(cell or "." for cell in cells) == "●●......●●......●●" + 6 * "●"
    assert "of 3, group 1 is asked by [2, 3]" in repr(picture)


def test_the_picture_of_sharing_shows_heads_that_were_dealt_out():
    def dealt_out(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
        order = np.arange(H).reshape(-1, G).T.ravel()  # the heads, group by group
        back = np.argsort(order)
        return grouped_query_attention(X, W_Q[:, order], W_K, W_V, np.eye(H), H, G, mask)[:, back] @ W_O

    assert "of 2, group 0 is asked by [0, 2]" in repr(pictures.show_sharing(dealt_out, 4, (2,)))


def test_the_picture_of_padded_texts_shows_what_each_position_may_read():
    mask = causal_mask(3) & padding_mask(np.array([3, 1]), 3)
    picture = pictures.show_padded(mask, [["alpha", "beta", "gamma"], ["delta"]])
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", picture.html)
    first = ["alpha", "█" * 4, "█" * 5, "alpha", "beta", "█" * 5, "alpha", "beta", "gamma"]
    assert [text for text in cells if text] == first + ["delta", "█", "█"] * 3
    assert "of delta the positions read 1, 1, 1 words" in repr(picture)


def test_a_mask_that_does_not_fit_the_padded_texts_is_described():
    said = repr(pictures.show_padded(np.ones((2, 3), dtype=bool), [WORDS, ["four"]]))
    assert said.startswith("The mask has shape (2, 3), expected (2, 3, 3)")


def numbers_of(picture):
    """The numbers in the cells of a picture, row by row of the table; a dot is 0."""
    rows = re.findall(r"<tr>(.*?)</tr>", picture.html)
    texts = [re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in rows]
    return np.array([[float(t.replace("−", "-").replace("·", "0")) for t in row] for row in texts if row])


def test_the_rows_of_the_stream_add_up_to_its_last_row():
    rng = np.random.default_rng(0)
    X, layers = rng.normal(size=(5, 4)), [a_block(rng), a_block(rng), a_block(rng)]
    mask = causal_mask(5)
    numbers = numbers_of(pictures.show_stream(pre_ln_block, X, layers, 2, list("abcd"), mask))
    assert numbers.shape == (1 + 2 * 3 + 1, 4)
    np.testing.assert_allclose(numbers[0], X[-1], atol=0.005)
    np.testing.assert_allclose(numbers[:-1].sum(axis=0), numbers[-1], atol=8 * 0.005)
    for layer in layers:
        X = pre_ln_block(X, *layer, 2, mask)
    np.testing.assert_allclose(numbers[-1], X[-1], atol=0.005)


def test_a_layer_that_writes_nothing_has_an_empty_row_in_the_stream():
    rng = np.random.default_rng(0)
    layer = a_block(rng)
    layer[5][:] = 0  # W_O
    picture = pictures.show_stream(pre_ln_block, rng.normal(size=(3, 4)), [layer], 2, list("abcd"))
    assert not numbers_of(picture)[1].any()
    assert "attention 0: nothing" in repr(picture)


def test_names_in_the_stream_cannot_become_markup():
    rng = np.random.default_rng(0)
    names = ["<b>", "b", "c", "d"]
    html = pictures.show_stream(
        pre_ln_block, rng.normal(size=(3, 4)), [a_block(rng)], 2, names, title="a<i>"
    ).html
    assert "<b>" not in html
    assert "<i>" not in html


def test_the_depth_picture_says_what_is_left_of_the_embedding():
    rng = np.random.default_rng(0)
    X, silent = rng.normal(size=(3, 4)), a_block(rng)
    silent[5][:], silent[10][:], silent[11][:] = 0, 0, 0  # W_O, W_out, b_out
    said = repr(pictures.show_depth({"pre": pre_ln_block, "post": post_ln_block}, X, [silent, silent], 2))
    size = np.linalg.norm(X, axis=-1).mean()
    assert f"pre: length {size:.1f} at first and {size:.1f} at the end" in said
    assert "cosine with the embedding 1.00 after 1 blocks and 1.00 at the end; post" in said


def test_the_norms_picture_says_where_the_points_are():
    said = repr(pictures.show_norms(layer_norm, rms_norm, np.array([[30.0, 0], [0, 40], [50, 0]])))
    assert "before: 3 different places, from 30.00 to 50.00" in said
    assert "layer_norm: 2 different places, from 1.41 to 1.41" in said


def test_the_activations_picture_says_how_deep_they_go():
    said = repr(pictures.show_activations([gelu, silu], gelu, gelu_tanh))
    assert "gelu is lowest at -0.75, where it is -0.170" in said
    assert "silu is lowest at -1.28, where it is -0.278" in said
    assert "never more than 0.00047 from 0" in said


def test_who_sees_whom_is_told_apart_in_the_own_text_and_in_the_other():
    picture = pictures.show_sight(causal_mask, ["a", "b"], ["c", "d", "e"])
    marks = [text or "·" for text in cells_of(picture, "border:1px")]
    assert "".join(marks[:4]) == "●●●●"
    assert "".join(marks[4:13]) == "●··●●·●●●"
    assert "".join(marks[13:]) == "●●···" * 2 + "○○●··" + "○○●●·" + "○○●●●"


def test_parts_are_told_in_millions_and_none_without_numbers():
    said = repr(pictures.show_parts({"x": {"a": 2_500_000, "b": 0}, "y": {"b": 10**6}}))
    assert said == "Millions of numbers, part by part. x: a 2.5, together 2.5; y: b 1.0, together 1.0."


def test_patches_that_hold_something_are_named():
    image = np.zeros((4, 6))
    image[0, 5] = image[3, 0] = 1
    assert "6 patches of 2 by 2" in repr(pictures.show_patches(patches, image, 2))
    assert "Patches 2, 3 hold something" in repr(pictures.show_patches(patches, image, 2))


def test_importing_the_pictures_does_not_load_matplotlib():
    code = "import sys, headway_course.pictures; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def unfinished(*_arguments):
    raise NotImplementedError()


def test_every_picture_of_an_unfinished_exercise_says_which():
    drawn = one_of_each(*[unfinished] * 6) | one_of_each_of_lesson_02(*[unfinished] * 4)
    drawn |= one_of_each_of_lesson_04(*[unfinished] * 3)
    drawn |= one_of_each_of_lesson_05(*[unfinished] * 3)
    drawn |= one_of_each_of_lesson_06(unfinished, unfinished)
    for name, picture in drawn.items():
        assert repr(picture).startswith("unfinished is not written yet"), name


def test_the_function_named_is_the_one_that_is_missing():
    def finished(z):
        return unfinished(z)

    assert repr(pictures.watch(finished, 1)).startswith("unfinished is not written yet")


def test_watch_gives_what_the_function_gives():
    assert pictures.watch(max, 2, 7) == 7


@pytest.mark.parametrize("error", [ValueError("mine"), NotImplementedError("numpy cannot do this")])
def test_every_picture_of_a_function_that_raises_says_what_in_one_line(error):
    def softmax(*_arguments):
        raise error

    drawn = one_of_each(*[softmax] * 6) | one_of_each_of_lesson_02(*[softmax] * 4)
    drawn |= one_of_each_of_lesson_04(*[softmax] * 3)
    drawn |= one_of_each_of_lesson_05(*[softmax] * 3)
    drawn |= one_of_each_of_lesson_06(softmax, softmax)
    for name, picture in drawn.items():
        said = repr(picture)
        assert said.startswith("softmax ends with an error on "), name
        assert f"{type(error).__name__}: {error}" in said, name
        assert said.endswith("`check(softmax)` says more."), name
        assert "\n" not in said, name


def test_an_error_under_watch_names_the_exercise_and_the_line():
    names = {}
    exec("def softmax(Z):\n    return Z + undefined\ndef tell(z):\n    return softmax(z)", names)
    said = repr(pictures.watch(names["tell"], 1))
    assert said.startswith("tell ends with an error on 1: NameError: name 'undefined' is not defined")
    assert said.endswith("`check(softmax)` says more.")


def test_an_error_under_watch_names_arrays_and_numbers_only():
    def tell(*_arguments):
        raise ValueError("shapes (2,3) ")

    said = repr(pictures.watch(tell, 0.5, np.random.default_rng(0), np.zeros((2, 3))))
    assert said.startswith(
        "tell ends with an error on 0.5, an array (2, 3): ValueError: shapes (2,3), in line"
    )


def test_an_error_quotes_the_line_that_raised():
    def outer(x):
        return 1 / (x - 1)

    said = repr(pictures.side_by_side(outer, lambda x: x, [2.0, 1.0]))
    assert re.fullmatch(
        r"outer ends with an error on x = 1.0: ZeroDivisionError: .*, "
        r"in line \d+ of test_pictures.py: `return 1 / \(x - 1\)`\.",
        said,
    )


def test_an_error_of_the_slow_loop_stays_an_error():
    with pytest.raises(ZeroDivisionError):
        pictures.side_by_side(lambda x: x, lambda x: 1 // x, [0])


def test_a_warning_does_not_quote_lines_into_the_page(recwarn):
    def hides_by_minus_infinity(Q, K, V, mask=None):
        np.log(np.zeros(3))
        return attention(Q, K, V, mask)

    Q = np.ones((3, 2))
    pictures.show_attention(hides_by_minus_infinity, Q, Q, WORDS)
    pictures.side_by_side(lambda x: np.log(x), np.log, [np.zeros(2)])
    pictures.watch(np.log, np.zeros(2))
    assert not list(recwarn)


@pytest.mark.parametrize("result", [None, [1, 2], np.zeros((4, 4)), np.full((2, 2), np.nan), np.array("no")])
def test_a_result_that_cannot_be_drawn_is_described(result):
    @says_what_is_missing
    def draw(function):
        return answer(function, shape=(2, 2))

    def mine():
        return result

    assert re.match(r"mine returned .*expected an array of shape \(2, 2\). `check\(mine\)`", repr(draw(mine)))


def test_side_by_side_finds_the_one_input_where_two_functions_differ():
    def square(x):
        return x * x + (x == 41)

    said = repr(pictures.side_by_side(square, lambda x: x * x, [np.float64(x) for x in range(100)]))
    assert "agree on 99 of 100 inputs" in said
    assert "1682, should be 1681" in said


def test_side_by_side_shows_the_input_where_two_functions_differ():
    def square(x):
        return x * x + (x == 41)

    html = pictures.side_by_side(square, lambda x: x * x, [np.float64(x) for x in range(100)]).html
    assert "x = 41." in html.replace("&nbsp;", " ")
    assert "differ" in html


def test_side_by_side_sees_a_shape_that_would_broadcast():
    def column(x):
        return np.ones((3, 1))

    assert "shape (3, 1)" in repr(pictures.side_by_side(column, lambda x: np.ones(3), [0]))


def test_side_by_side_gives_each_function_inputs_of_its_own():
    def greedy(x):
        x[:] = 0
        return x.sum()

    given = np.ones(3)
    assert "agree on 0 of 1 inputs" in repr(pictures.side_by_side(greedy, lambda x: x.sum(), [given]))
    assert given.sum() == 3


def test_side_by_side_shows_a_mask_of_eight_positions():
    html = pictures.side_by_side(causal_mask, lambda T: np.tri(T, dtype=bool), [8]).html
    assert html.count("[1&nbsp;1&nbsp;1&nbsp;1&nbsp;1&nbsp;1&nbsp;1&nbsp;1]") == 1


def test_a_result_too_long_to_show_keeps_its_dtype():
    html = pictures.side_by_side(lambda x: x, lambda x: x, [np.ones((30, 3), dtype=bool)]).html
    assert html.count("shape&nbsp;(30,&nbsp;3),&nbsp;bool") == 1


def test_two_results_that_agree_are_shown_once_and_others_side_by_side():
    agree = pictures.side_by_side(lambda x: x, lambda x: x, [np.float64(7)]).html
    differ = pictures.side_by_side(lambda x: x, lambda x: x + 1, [np.float64(7)]).html
    assert agree.count('<td colspan="2"') == 1
    assert re.findall(r">(7\.|8\.)<", agree) == ["7."]
    assert re.findall(r">(7\.|8\.)<", differ) == ["7.", "8."]


def test_results_of_several_lines_stand_below_each_other():
    html = pictures.side_by_side(lambda x: (x, -x), lambda x: (x, -x), [np.eye(2)]).html
    assert "&nbsp;1.]]<br>[[-1." in html


def test_side_by_side_shows_heads_as_numbers():
    X = np.arange(24.0).reshape(3, 8)
    html = pictures.side_by_side(split_heads, split_heads, [(X, 4)]).html
    assert "shape" not in html


def test_a_wide_result_is_shown_with_two_decimals():
    html = pictures.side_by_side(lambda x: x, lambda x: x, [np.full((4, 6), -0.12345)]).html
    assert "-0.12&nbsp;" in html
    assert "-0.123" not in html


def test_the_temperatures_say_what_they_show():
    said = pictures.show_temperatures(softmax, np.array([4.1, 2.3, -0.7]), WORDS).alt
    assert "two 0.002," in said
