"""A puzzle is solved by whatever draws its pattern, and by nothing else; what is wrong is said in words."""

import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import jupytext
import numpy as np
import pytest
from headway.attention import attention
from headway_course.puzzles import show_puzzle
from headway_course.puzzles.asked import PUZZLES
from headway_course.puzzles.tried import TOLERANCE

LESSON = Path(__file__).parents[2] / "course" / "lessons" / "03_attention.py"
CELLS = jupytext.read(LESSON, fmt="py:percent").cells


def named(name):
    """Gives a function the name of its puzzle."""

    def rename(function):
        function.__name__ = name
        return function

    return rename


def said(name, function):
    return repr(show_puzzle(attention, named(name)(function)))


def beside(*halves):
    return np.concatenate(halves, axis=1)


def shift(places, k):
    return places @ np.eye(places.shape[1], k=k)


def number(places):
    return places @ np.arange(places.shape[1])[:, None]


def ones(rows):
    return np.ones((len(rows), 1))


# The shown text of each puzzle, and where its positions look, by hand; a dot is a position that is free.
TARGETS = {
    "itself": ("cabbac", "0 1 2 3 4 5"),
    "first_place": ("cabbac", "0 0 0 0 0 0"),
    "same_letter": ("cabbac", "0 1 2 23 14 05"),
    "one_back": ("cabbac", "0 0 1 2 3 4"),
    "mirrored": ("cabbac", "5 4 3 2 1 0"),
    "other_bracket": ("(())()", "235 235 014 014 235 014"),
    "last_three": ("cabbac", "0 01 012 123 234 345"),
    "same_letter_elsewhere": ("abcaba", "35 4 . 05 1 03"),
    "start_of_word": ("_ab_ca", "0 0 0 3 3 3"),
    "after_the_same": ("abcabc", ". . . 1 2 3"),
}

# Other answers than those that the lesson folds away.
RIGHT = [
    ("itself", lambda letters, places: (1e6 * places, places)),
    (
        "itself",
        lambda letters, places: (
            30 * beside(number(places), -0.5 * ones(places)),
            beside(number(places), number(places) ** 2),
        ),
    ),
    ("itself", lambda letters, places: (places, -40 * (1 - places))),
    ("first_place", lambda letters, places: (-ones(places), 9 * number(places))),
    ("first_place", lambda letters, places: (ones(places), -9 * (1 - places[:, :1]))),
    ("same_letter", lambda letters, places: (50 * letters - 25, letters)),
    ("same_letter", lambda letters, places: (letters @ np.diag([20, 30, 40]), letters)),
    ("one_back", lambda letters, places: (30 * shift(places, -1), places)),
    ("one_back", lambda letters, places: (30 * places, shift(places, 1) - 3 * shift(places, 0))),
    ("mirrored", lambda letters, places: (40 * places[:, ::-1], places)),
    ("other_bracket", lambda letters, places: (30 * letters[:, ::-1], letters)),
    ("other_bracket", lambda letters, places: (letters @ [[5.0], [-5.0]], letters @ [[-5.0], [5.0]])),
    ("last_three", lambda letters, places: (60 * sum(shift(places, -k) for k in range(3)), places)),
    (
        "same_letter_elsewhere",
        lambda letters, places: (beside(60 * letters, -60 * places), beside(letters, places)),
    ),
    (
        "start_of_word",
        lambda letters, places: (
            beside(ones(places), ones(places)),
            beside(30 * number(places), 400 * letters[:, :1]),
        ),
    ),
    ("after_the_same", lambda letters, places, before: (letters, 40 * before)),
]

# Answers that are wrong, and what is said of them.
WRONG = [
    ("one_back", lambda letters, places: (30 * shift(places, 1), places),
     "Queries and keys have changed places"),
    ("one_back", lambda letters, places: (30 * places, places),
     "Position 1·a looks at 1·a; the target looks at 0·c."),
    ("one_back", lambda letters, places: (30 * places, shift(places, 2)),
     "Position 1·a looks at 0·c and 1·a; the target looks at 0·c."),
    ("one_back", lambda letters, places: (4 * places, shift(places, 1)),
     "Position 1·a looks where it should, but gives 0.84 where the target gives 1.00: too soft."),
    ("mirrored", lambda letters, places: (30 * places, places),
     "Position 0·c looks at 0·c; the target looks at 5·c."),
    ("mirrored", lambda letters, places: (30 * places, shift(places[:, ::-1], -1)),
     "Position 0·c looks at 4·a; the target looks at 5·c."),
    ("itself", lambda letters, places: (30 * letters, letters),
     "Position 0·c looks at 0·c and 5·c; the target looks at 0·c."),
    ("same_letter", lambda letters, places: (30 * places, places),
     "Position 3·b looks at 3·b; the target looks at 2·b and 3·b."),
    ("same_letter", lambda letters, places: (
        beside(30 * letters, ones(places), 0.3 * number(places)),
        beside(letters, 0.3 * number(places), ones(places))),
     "Position 3·b looks where it should, but gives 0.47 and 0.53 where the target gives 0.50 to each: keys"),
    ("other_bracket", lambda letters, places: (30 * letters, letters),
     "Position 0·( looks at 0·(, 1·( and 4·(; the target looks at 2·), 3·) and 5·)."),
    ("last_three", lambda letters, places: (30 * places, shift(places, 0) + shift(places, 1)),
     "Position 2·b looks at 1·a and 2·b; the target looks at 0·c, 1·a and 2·b."),
    ("same_letter_elsewhere", lambda letters, places: (30 * letters, letters),
     "Position 0·a looks at 0·a, 3·a and 5·a; the target looks at 3·a and 5·a."),
    ("start_of_word", lambda letters, places: (ones(places), 400 * letters[:, :1]),
     "Position 3·_ looks at 0·_ and 3·_; the target looks at 3·_."),
    ("start_of_word", lambda letters, places: (ones(places), 10 * number(places) + 33 * letters[:, :1]),
     "On a_bcab_cba: Position 5·b looks at 5·b; the target looks at 1·_."),
    ("after_the_same", lambda letters, places, before: (30 * before, letters),
     "Queries and keys have changed places"),
    ("after_the_same", lambda letters, places, before: (30 * places, shift(places, 2)),
     "On aab: Position 1·a looks at 0·a and 1·a; the target looks at 1·a."),
]  # fmt: skip

# Nobody may hand in the target itself, or something that is no Q and K.
REFUSED = [
    (
        lambda letters, places: (99 * np.eye(len(places), k=-1), np.eye(len(places))),
        "Row 0 of Q is another one",
    ),
    (lambda letters, places: (30 * places, np.roll(places, 1, axis=0)), "Row 0 of K is another one"),
    (lambda letters, places: (np.arange(len(places))[:, None], places[:, :1]), "Row 1 of Q is another one"),
    (lambda letters, places: 30 * places, "one_back gives ndarray, expected Q and K"),
    (lambda letters, places: None, "one_back gives NoneType, expected Q and K"),
    (lambda letters, places: (places, letters), "gives Q (6, 6) and K (6, 3), expected 6 rows each"),
    (lambda letters, places: (places[:2], places[:2]), "gives Q (2, 6) and K (2, 6), expected 6 rows each"),
    (
        lambda letters, places: (places[0], places[0]),
        "Q of one_back is an array (6,), expected an array with",
    ),
    (lambda letters, places: (places.tolist(), places), "Q of one_back is list, expected an array"),
    (lambda letters, places: (places, places + np.nan), "K of one_back has numbers that are not finite"),
    (lambda letters, places: (places, unknown), "one_back ends with an error on"),  # noqa: F821
]


@pytest.mark.parametrize("name", PUZZLES)
def test_the_target_is_what_one_draws_by_hand(name):
    text, rows = TARGETS[name]
    assert PUZZLES[name].texts[0] == text
    due = np.zeros((6, 6))
    for i, places in enumerate(rows.split()):
        for j in places.replace(".", ""):
            due[i, int(j)] = 1 / len(places)
    np.testing.assert_array_equal(PUZZLES[name].target(text), due)


@pytest.mark.parametrize(("name", "function"), RIGHT)
def test_whatever_draws_the_pattern_solves_the_puzzle(name, function):
    assert re.search(r"Solved: all \d+ rows of .* are within 0.01 of the target", said(name, function))


@pytest.mark.parametrize(("name", "function", "words"), WRONG)
def test_what_draws_another_pattern_does_not_and_hears_why(name, function, words):
    assert "Not yet." in said(name, function)
    assert words in said(name, function)


@pytest.mark.parametrize(("function", "words"), REFUSED)
def test_a_row_is_made_of_what_its_position_knows(function, words):
    told = said("one_back", function)
    assert "Not yet." in told
    assert words in told


def test_all_alike_solves_nothing():
    for name, puzzle in PUZZLES.items():
        function = lambda *known: (0 * known[0], known[0])  # noqa: E731
        assert "Not yet." in said(name, function), name
        assert all(puzzle.target(text).any() for text in puzzle.texts), name


def test_just_within_the_tolerance_is_solved_and_just_outside_is_not():
    """One score of s against seven of 0, in the longest text."""
    s = np.log(7 * (1 - TOLERANCE) / TOLERANCE) * 8**0.5
    assert "Solved" in said(
        "itself", lambda letters, places: (places * (s + 1e-6) * (len(places.T) / 8) ** 0.5, places)
    )
    assert "Not yet" in said(
        "itself", lambda letters, places: (places * (s - 1e-6) * (len(places.T) / 8) ** 0.5, places)
    )


def test_a_solution_changes_nothing_that_it_is_given():
    def greedy(letters, places):
        places *= 30
        return places.copy(), places / 30

    assert "Solved" in said("itself", greedy)


def test_what_followed_cannot_be_drawn_from_letters_and_places_alone():
    """Position i must look at j and not at k in one text, at k and not at j in another, letters alike."""
    puzzle = PUZZLES["after_the_same"]
    found = []
    for one, two in combinations(puzzle.texts, 2):
        if len(one) == len(two):
            A, B = puzzle.target(one) > 0, puzzle.target(two) > 0
            same = [i for i in range(len(one)) if one[i] == two[i]]
            found += [
                (i, j, k)
                for i in same
                for j in same
                for k in same
                if max(j, k) <= i and A[i, j] > A[i, k] and B[i, k] > B[i, j]
            ]
    assert found


@pytest.mark.parametrize(
    "name", ["same_letter", "other_bracket", "same_letter_elsewhere", "start_of_word", "after_the_same"]
)
def test_where_letters_matter_places_alone_cannot_tell_where_to_look(name):
    puzzle = PUZZLES[name]
    pairs = [(one, two) for one, two in combinations(puzzle.texts, 2) if len(one) == len(two)]
    assert any((puzzle.target(one) != puzzle.target(two)).any() for one, two in pairs)


def test_a_function_of_another_name_hears_which_puzzles_there_are():
    told = said("two_back", lambda letters, places: (places, places))
    assert told.startswith("There is no puzzle 'two_back'")
    assert "one_back" in told


def test_without_attention_it_says_so():
    def attention(Q, K, V, mask=None):
        raise NotImplementedError

    told = repr(show_puzzle(attention, named("itself")(lambda letters, places: (30 * places, places))))
    assert told.startswith("attention is not written yet")


def folded():
    """The code that the lesson folds away."""
    prose = "\n".join(cell.source for cell in CELLS if cell.cell_type == "markdown")
    names = {"np": np}
    exec("\n".join(re.findall(r"```python\n(.*?)```", prose, re.DOTALL)), names)
    return names


def started():
    """The functions as the lesson hands them out, in its order."""
    cells = [cell.source for cell in CELLS if re.search("^show_puzzle", cell.source, re.MULTILINE)]
    names = {"np": np}
    for source in cells:
        exec(source[: source.index("show_puzzle(")], names)
    return {name: value for name, value in names.items() if name in PUZZLES}


def test_the_lesson_asks_every_puzzle_in_order_and_gives_none_away():
    assert list(started()) == list(PUZZLES)
    for name, function in started().items():
        assert "Not yet." in said(name, function), name


def test_the_answers_that_the_lesson_folds_away_are_right():
    answers = folded()
    assert set(answers) >= set(PUZZLES)
    for name in PUZZLES:
        assert "Solved" in said(name, answers[name]), name


def test_the_picture_shows_target_yours_and_difference():
    picture = show_puzzle(attention, named("first_place")(lambda letters, places: (0 * places, places)))
    assert re.findall("<b>(.*?)</b>", picture.html) == ["the target", "yours", "yours less the target"]
    assert "−.50" in picture.html
    assert "+.50" in picture.html


@pytest.mark.parametrize("module", ["asked", "tried", "drawn"])
def test_each_module_may_be_the_first_to_be_imported(module):
    code = f"import sys, headway_course.puzzles.{module}; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_markup_in_an_error_is_text():
    def one_back(letters, places):
        raise ValueError("<b>")

    assert "&lt;b&gt;" in show_puzzle(attention, one_back).html
