"""How a result looks: as text, and as HTML that needs nothing but itself."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from headway_course.checking.check import examine
from headway_course.checking.hand_in import HandIn
from headway_course.checking.result import CheckResult, Status, Trouble
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
    assert len(text.splitlines()) < 30


def test_the_slice_with_the_first_wrong_number_is_the_one_shown(exercise, fixture):
    expected = np.zeros((3, 20, 30))
    first = replace(fixture.cases[0], inputs={"Z": expected}, expected=expected, wrong={})

    def off(Z):
        Z = Z.copy()
        Z[2, 17, 23] = 5
        return Z

    text = repr(examine(off, exercise, replace(fixture, cases=(first,))))
    assert "at [2]" in text
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
        assert "Speed: not judged yet." in shown
        assert "Numpy can do all of them in one call." in " ".join(shown.split())


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
