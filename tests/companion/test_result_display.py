"""How a result looks: as text, and as HTML that needs nothing but itself."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from headway_course.checking.check import examine
from headway_course.checking.excerpt import COLUMNS, ROWS, excerpts
from headway_course.checking.hand_in import HandIn
from headway_course.checking.result import CheckResult, Status, Trouble
from headway_course.pictures.panel import BLUE, INK, ORANGE, mixed
from headway_course.reading.policy import Violation
from small_course import slow_softmax, unshifted

EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """Collects tags, attributes and the tags left open."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.open, self.said = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *attr) for attr in attrs]
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)


def hostile(Z):
    raise ValueError(EVIL)


def wrong_shape(Z):
    return slow_softmax(Z).sum(axis=-1)


@pytest.fixture(
    params=[
        "right",
        "wrong",
        "loop",
        "hostile",
        "stub",
        "shape",
        "refused",
        "lacking",
        "interrupted",
        "timeout",
    ]
)
def result(request, exercise, fixture):
    def right(Z):
        E = np.exp(Z - Z.max(axis=-1, keepdims=True))
        return E / E.sum(axis=-1, keepdims=True)

    def stub(Z):
        raise NotImplementedError

    answers = {
        "wrong": unshifted,
        "loop": slow_softmax,
        "hostile": hostile,
        "stub": stub,
        "shape": wrong_shape,
    }
    refused = (Violation(7, 2, EVIL, "leave it out"),) if request.param == "refused" else ()
    if request.param in ("interrupted", "timeout"):
        return CheckResult(exercise, Status(request.param), trouble=Trouble("", "line 3", EVIL))
    lacking = (f"At hand-in `{EVIL}` is missing.",) if request.param == "lacking" else ()
    outlook = HandIn(refused, lacking)
    return examine(answers.get(request.param, right), exercise, fixture, outlook=outlook)


def test_html_brings_no_script_and_loads_nothing(result):
    page = Page(result._repr_html_())
    assert not {"script", "iframe", "link", "img", "style", "object", "form"} & set(page.tags)
    assert not [a for a in page.attributes if a[1].startswith("on") or a[1] in ("src", "href", "class", "id")]
    assert "://" not in result._repr_html_()


def test_every_tag_is_closed(result):
    assert Page(result._repr_html_()).open == []


def test_every_text_has_a_colour_and_a_background_of_its_own(result):
    html = result._repr_html_()
    assert re.match(r'<div style="[^"]*background-color:#[^"]*color:#', html)
    for tag, name, value in Page(html).attributes:
        if tag in ("td", "code") and name == "style":
            assert "background-color:#" in value
            assert re.search(r"(^|;)color:#", value)


def test_what_a_learner_made_up_is_shown_as_text(result):
    assert EVIL not in result._repr_html_()
    assert "<img" not in result._repr_html_()


def test_html_says_what_the_text_says(result):
    said = " ".join("".join(Page(result._repr_html_()).said).split())
    for line in repr(result).splitlines():
        words = line.strip().replace("`", "")
        if words.startswith(("softmax:", "Your", "Loops:", "Speed:", "In line", "Write")):
            for word in words.split():
                assert word in said


def test_states_are_told_by_words_and_symbols(exercise, fixture):
    result = examine(unshifted, exercise, fixture)
    for shown in (repr(result), result._repr_html_()):
        assert "✓ right" in shown
        assert "✗ not right" in shown


def test_hints_are_folded_one_inside_the_other_in_order(exercise, fixture):
    html = examine(unshifted, exercise, fixture)._repr_html_()
    places = [html.index(f"Hint {number} of 3") for number in (1, 2, 3)]
    assert places == sorted(places)
    assert "</details>" not in html[places[0] : places[2]]
    assert "<code" in html[places[0] : places[1]]
    assert "&lt;rows&gt;" in html[places[0] : places[1]]


def test_a_right_answer_is_offered_no_hints(exercise, fixture):
    def right(Z):
        E = np.exp(Z - Z.max(axis=-1, keepdims=True))
        return E / E.sum(axis=-1, keepdims=True)

    result = examine(right, exercise, fixture)
    assert "Hint" not in result._repr_html_()
    assert "hint" not in repr(result)


def test_the_diagnosis_stands_before_the_numbers(exercise, fixture):
    text = repr(examine(unshifted, exercise, fixture))
    assert text.index("is what one gets") < text.index("ordinary numbers") < text.index("expected (2, 3)")


def test_wrong_numbers_are_marked_and_the_others_are_not(exercise, fixture):
    def one_off(Z):
        P = slow_softmax(Z)
        P[..., -1] += 1
        return P

    text = repr(examine(one_off, exercise, fixture))
    yours = text[text.index("yours") :].splitlines()[1:3]
    assert all(re.fullmatch(r"\s+([\d.e-]+\s+)+[\d.e-]+\*", line) for line in yours)


def test_numbers_that_look_alike_get_the_digits_that_tell_them_apart(exercise, fixture):
    text = repr(examine(lambda Z: slow_softmax(Z) + Z.dtype.type(1e-6), exercise, fixture))
    lines = text[text.index("expected (2, 7)") :].splitlines()
    assert lines[1].strip().split()[0] != lines[4].strip().split()[0].rstrip("*")


def test_a_wrong_shape_is_shown_beside_the_right_one_with_the_names_of_axes(exercise, fixture):
    text = repr(examine(wrong_shape, exercise, fixture))
    assert "expected (2, 7) = (..., n)" in text
    assert "yours (2,)" in text


@pytest.mark.parametrize("shape", [(), (3,), (9, 40), (2, 3, 4, 5), (0, 3), (50, 1)])
def test_arrays_of_any_shape_fit_on_a_page(exercise, fixture, shape):
    expected = np.zeros(shape)
    first = replace(fixture.cases[0], inputs={"Z": expected}, expected=expected, wrong={})
    small = replace(fixture, cases=(first,))
    text = repr(examine(lambda Z: Z + 1, exercise, small))
    assert max(map(len, text.splitlines())) <= 110
    assert len(text.splitlines()) < 40


def test_the_slice_with_the_first_wrong_number_is_the_one_shown(exercise, fixture):
    expected = np.zeros((3, 20, 30))
    first = replace(fixture.cases[0], inputs={"Z": expected}, expected=expected, wrong={})

    def off(Z):
        Z = Z.copy()
        Z[2, 17, 23] = 5
        return Z

    text = repr(examine(off, exercise, replace(fixture, cases=(first,))))
    assert "at [2, :, :]" in text
    assert "5*" in text


def test_hidden_cases_leave_no_trace_for_the_function_to_see(exercise, fixture):
    """The function is handed copies: what it does to them shows in no later case and in no table."""

    def greedy(Z):
        Z[...] = 0
        return Z

    before = [case.inputs["Z"].copy() for case in fixture.cases]
    examine(greedy, exercise, fixture)
    assert all(np.array_equal(a, case.inputs["Z"]) for a, case in zip(before, fixture.cases, strict=True))


def test_speed_is_not_said_to_be_judged(exercise, fixture):
    result = examine(slow_softmax, exercise, fixture)
    for shown in (repr(result), result._repr_html_()):
        assert "Speed: judged when you hand in." in shown
        assert "Numpy can do all of them in one call." in " ".join(shown.split())
    weighed = replace(result, exercise=replace(exercise, memory=3))
    for shown in (repr(weighed), weighed._repr_html_()):
        assert "Speed and memory: judged when you hand in." in shown


def tried(exercise, fixture, inputs, expected, actual):
    """The text for a function that returns `actual` for these inputs."""
    first = replace(fixture.cases[0], inputs={"Z": inputs}, expected=expected, wrong={})
    return repr(examine(lambda Z: actual, exercise, replace(fixture, cases=(first,))))


def test_zeros_have_no_sign(exercise, fixture):
    text = tried(exercise, fixture, np.ones(3), -np.zeros(3), np.array([-0.0, 1.0, -0.0]))
    assert "-0" not in text


def test_only_numbers_that_differ_get_more_digits(exercise, fixture):
    expected = np.array([-0.31326168751822286, 0.5])
    text = tried(exercise, fixture, np.ones(2), expected, np.array([-0.31326168751822281, 0.5 + 1e-9]))
    assert "-0.3133" in text
    assert "-0.313261" not in text
    assert "0.500000001*" in text.replace("0.50000000099999997*", "0.500000001*")


def test_one_group_is_singular(exercise, fixture):
    def only_rows(Z):
        if Z.ndim > 1 and Z.shape[-1] == 1:
            return np.ones_like(Z)
        return Z

    assert "1 of 6 groups is right" in repr(examine(only_rows, exercise, fixture))


def test_a_few_inputs_are_shown_and_many_are_not(exercise, fixture):
    few, many = np.arange(12.0).reshape(3, 4) + 77, np.arange(13.0) + 77
    assert "Z (3, 4) = (..., n)\n      77  78  79  80" in tried(exercise, fixture, few, few, few + 1)
    assert "Z (13,) = " not in tried(exercise, fixture, many, many, many + 1)


def tables(expected, actual, axes=("...", "n"), which=""):
    return {table.title: table for table in excerpts(expected, actual, axes, which)}


def texts(table):
    return [[number.text for number in row] for row in table.rows]


def test_the_difference_is_yours_minus_expected_and_rounding_is_none():
    expected = np.array([1.0, 2.0, 3.0, 4.0])
    actual = np.array([1.5, 2.0 + 1e-15, np.nan, -np.inf])
    shown = tables(expected, actual)["yours - expected"]
    assert texts(shown) == [["+0.5", "0", "nan", "-inf"]]
    assert [number.heat for number in shown.rows[0]] == [1.0, 0.0, None, None]


def test_whole_numbers_differ_by_whole_numbers():
    shown = tables(np.array([[3, 5]]), np.array([[3, -2]]))
    assert texts(shown["yours - expected"]) == [["0", "-7"]]


def test_equal_infinities_do_not_differ():
    shown = tables(np.array([np.inf, 1.0]), np.array([np.inf, 2.0]))
    assert texts(shown["yours - expected"]) == [["0", "+1"]]


def test_truth_values_have_no_difference_and_are_marked():
    shown = tables(np.array([True, False]), np.array([True, True]))
    assert list(shown) == ["expected bool (2,) = (..., n)", "yours bool (2,)"]
    assert [n.wrong for n in shown["yours bool (2,)"].rows[0]] == [False, True]


def test_both_arrays_have_one_scale_of_colour():
    expected, actual = np.array([0.0, 5.0, 10.0]), np.array([0.0, 5.0, 100.0])
    shown = list(tables(expected, actual).values())
    assert [n.heat for n in shown[0].rows[0]] == [0, 0.5, 1]
    assert [n.heat for n in shown[1].rows[0]] == [0, 0.5, 1]


def test_numbers_that_are_all_equal_or_not_finite_have_no_colour():
    for expected in (np.ones((2, 3)), np.array([[np.nan, np.inf]])):
        for table in excerpts(expected, expected + 1, ()):
            if "-" not in table.title:
                assert {number.heat for row in table.rows for number in row} == {None}


def test_of_a_batch_the_first_slice_that_differs_is_shown_and_named():
    expected = np.zeros((2, 3, 2, 2))
    actual = expected.copy()
    actual[1, 0, 1, 1] = actual[1, 2, 0, 0] = 4
    shown = tables(expected, actual)["yours (2, 3, 2, 2)"]
    assert shown.place == "[1, 0, :, :], the first of 2 slices that differ"
    assert texts(shown) == [["0", "0"], ["0", "4"]]


@pytest.mark.parametrize("at", [(0, 0), (0, 99), (49, 0), (49, 99), (23, 51), (2, 3), (47, 96)])
def test_a_large_array_is_cut_around_the_first_difference_and_says_where(at):
    expected = np.zeros((50, 100))
    actual = expected.copy()
    actual[at] = 1
    shown = tables(expected, actual)["yours (50, 100)"]
    row = shown.rows[shown.row_heads.index(str(at[0]))]
    assert row[shown.column_heads.index(str(at[1]))].text == "1"
    assert shown.is_partial
    assert len(shown.rows) <= ROWS + 2
    assert len(row) <= COLUMNS + 2


@pytest.mark.parametrize(
    ("actual", "expected", "due", "mine", "wrong"),
    [
        ((2, 5, 3), (2, 3, 5), "2 3 5", "2 5 3", "Tq dv"),
        ((2, 3), (2, 3, 5), "2 3 5", "2 3 –", "dv"),
        ((3, 5), (2, 3, 5), "2 3 5", "– 3 5", "..."),
        ((2, 3, 5, 1), (2, 3, 5), "2 3 5 –", "2 3 5 1", ""),
        ((), (2, 3, 5), "2 3 5", "– – –", "... Tq dv"),
        ((4, 4), (2, 3, 5), "2 3 5", "4 4 –", "... Tq dv"),
    ],
)
def test_shapes_stand_axis_under_axis_with_their_names(actual, expected, due, mine, wrong):
    table = tables(np.zeros(expected), np.zeros(actual), ("...", "Tq", "dv"))["shape"]
    assert [" ".join(row) for row in texts(table)] == [due, mine]
    names = [head for head, number in zip(table.column_heads, table.rows[1], strict=True) if number.wrong]
    assert " ".join(names).strip() == wrong
    assert [head for head in table.column_heads if head] == ["...", "Tq", "dv"]


def test_batch_axes_without_names_of_their_own_are_all_called_so():
    table = tables(np.zeros((2, 3, 5)), np.zeros((2, 3, 4)))["shape"]
    assert table.column_heads == ("...", "...", "n")


def test_a_wrong_dtype_is_shown_and_whether_the_numbers_agree(exercise, fixture):
    Z = np.arange(3, dtype=np.float32)
    text = tried(exercise, fixture, Z, Z, Z.astype(float))
    assert (
        "dtype; the numbers agree (* differs)\n      expected:   float32\n         yours:  float64*" in text
    )
    assert "yours - expected" not in text
    text = tried(exercise, fixture, Z, Z, Z.astype(float) + 1)
    assert "dtype (* differs)" in text
    assert "yours - expected\n      +1  +1  +1" in text


def test_of_several_results_the_first_wrong_one_is_shown(exercise, fixture):
    expected = (np.arange(2.0), np.arange(3.0), np.arange(4.0))
    several = replace(exercise, shapes="Z (..., n) -> (a), (b), (c)")
    actual = (expected[0], expected[1] + 1, expected[2] + 1)
    text = tried(several, fixture, np.ones(2), expected, actual)
    assert "expected, result 2 of 3, (3,) = (b)" in text
    assert "result 3 of 3" not in text


@pytest.mark.parametrize(
    "actual",
    [None, [1.0, 2.0], "text", object(), np.array([1, "a"], dtype=object), np.array(["a"]), 1 + 2j, {}, ()],
)
def test_what_is_no_array_of_numbers_is_told_in_words_alone(exercise, fixture, actual):
    text = tried(exercise, fixture, np.ones(2), np.ones(2), actual)
    assert "Your result is" in text or "dtype" in text
    assert "yours" not in text


def test_a_wrong_number_says_what_it_should_be_to_those_who_point_at_it(exercise, fixture):
    first = replace(fixture.cases[0], inputs={"Z": np.ones(2)}, expected=np.array([0.25, 1]), wrong={})
    html = examine(lambda Z: Z, exercise, replace(fixture, cases=(first,)))._repr_html_()
    assert '<b title="should be 0.25">1 ≠</b>' in html


@pytest.mark.parametrize("colour", [BLUE, ORANGE])
@pytest.mark.parametrize("share", [0, 0.3, 0.7, 1])
def test_ink_can_be_read_on_every_colour(colour, share):
    """WCAG 2: the contrast of normal text is at least 4.5, for AAA 7."""
    lighter, darker = luminance(mixed(colour, share)), luminance(INK)
    assert (lighter + 0.05) / (darker + 0.05) > 6


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
