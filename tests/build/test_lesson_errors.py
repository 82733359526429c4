"""What is wrong with a lesson is said with its file and line, all of it at once, and nothing is written."""

import re

import pytest
from headway_course.errors import CourseError
from headway_grader.build.faults import LessonError

ONE, TWO = "01_doubling", "02_again"
QUADRUPLE = 'quadruple = exercise("numbers.quadruple", points=1.5, level=5, minutes=20, hints=["Twice."])'


def asks(target, name=None, rest="points=1, level=2, minutes=3, hints=['h']"):
    name = name or target.rpartition(".")[2]
    return f'{name} = exercise("{target}", {rest})\n\n# %%\ncheck({name})\n\n# %%\n{QUADRUPLE}'


def quadruple(**changes):
    arguments = {"points": "1.5", "level": "5", "minutes": "20", "hints": '["Twice."]'} | changes
    text = ", ".join(f"{name}={value}" for name, value in arguments.items() if value is not None)
    return f'quadruple = exercise("numbers.quadruple", {text})'


WRONG = {
    "unknown function": (TWO, QUADRUPLE, asks("numbers.triple"), 14, "numbers.py has double"),
    "unknown module": (TWO, QUADRUPLE, asks("figures.triple"), 14, "no module 'figures'"),
    "no shape line": (TWO, QUADRUPLE, asks("numbers.untold"), 14, r"numbers.untold .*no shape line"),
    "shape line of something else": (
        TWO,
        QUADRUPLE,
        asks("numbers.misnamed"),
        14,
        r"arguments x .*y \(\.\.\., n\)",
    ),
    "another name": (TWO, QUADRUPLE, asks("numbers.untold", "told"), 14, "untold = exercise"),
    "duplicated exercise": (
        TWO,
        QUADRUPLE,
        asks("numbers.double"),
        14,
        "asked at course/lessons/01_doubling.py:18",
    ),
    "level": (TWO, QUADRUPLE, quadruple(level="6"), 14, "level .* is 6.*1 .easy. to 5"),
    "level 0": (TWO, QUADRUPLE, quadruple(level="0"), 14, "level .* is 0"),
    "level as text": (TWO, QUADRUPLE, quadruple(level="'hard'"), 14, "level .* is 'hard'"),
    "points": (TWO, QUADRUPLE, quadruple(points="0"), 14, "points .* is 0: write a number above 0"),
    "minutes": (TWO, QUADRUPLE, quadruple(minutes="1.5"), 14, "whole number"),
    "no hints": (TWO, QUADRUPLE, quadruple(hints="[]"), 14, "at least one text"),
    "hints as one text": (TWO, QUADRUPLE, quadruple(hints="'h'"), 14, "at least one text"),
    "no literal": (TWO, QUADRUPLE, quadruple(points="1 + len('ab')"), 14, r"instead of `1 \+ len"),
    "no literal, its own line": (
        TWO,
        QUADRUPLE,
        quadruple(points="(\n    2 * np.pi\n)"),
        15,
        "write a literal",
    ),
    "stars": (
        TWO,
        QUADRUPLE,
        'quadruple = exercise("numbers.quadruple", **x)',
        14,
        "write each argument out",
    ),
    "missing argument": (TWO, QUADRUPLE, quadruple(level=None), 14, "level"),
    "unknown argument": (TWO, QUADRUPLE, quadruple(colour="3"), 14, "colour"),
    "loops over": (TWO, QUADRUPLE, quadruple(loops_over='["k"]'), 14, "'k'.*dimensions .* batch, n"),
    "prerequisite": (TWO, QUADRUPLE, quadruple(prerequisites='["numbers.nothing"]'), 14, "'numbers.nothing'"),
    "prerequisite missing": (TWO, QUADRUPLE, quadruple(prerequisites="[]"), 14, "built on numbers.double"),
    "prerequisite built on it": (
        ONE,
        "minutes=5",
        "minutes=5, prerequisites=['numbers.quadruple']",
        18,
        "not built on numbers.double",
    ),
    "not assigned": (TWO, QUADRUPLE, quadruple().partition(" = ")[2], 14, "write it as `softmax = exercise"),
    "not alone": (TWO, QUADRUPLE, QUADRUPLE + "\nprint(1)", 14, "alone in its cell"),
    "inside other code": (
        TWO,
        QUADRUPLE,
        QUADRUPLE + "\n\n# %%\nif np:\n    check(quadruple)",
        18,
        "alone in its cell",
    ),
    "check of no exercise": (TWO, "check(quadruple)", "check(double)", 17, "double is checked, but"),
    "check missing": (TWO, "check(quadruple)", "1 + 1", 14, r"quadruple is not checked.*check\(quadruple\)"),
    "check twice": (
        TWO,
        "check(quadruple)",
        "check(quadruple)\n\n# %%\ncheck(quadruple)",
        20,
        "line 17 already",
    ),
    "check of an expression": (TWO, "check(quadruple)", "check(np.sum)", 17, "with the name of an exercise"),
    "earlier of a later one": (
        TWO,
        "numbers.double",
        "numbers.quadruple",
        10,
        "quadruple keeps",
    ),
    "earlier of no exercise": (
        TWO,
        'double = earlier("numbers.double")',
        'double = earlier("other.double")',
        10,
        "the library has no module 'other'",
    ),
    "earlier of what nobody asks for": (
        TWO,
        'double = earlier("numbers.double")',
        'double = earlier("numbers.double")\nuntold = earlier("numbers.untold")',
        11,
        "no lesson asks for numbers.untold: fetch it with `library",
    ),
    "library of an exercise": (
        TWO,
        'double = earlier("numbers.double")',
        'double = library("numbers.double")',
        10,
        "01_doubling asks for numbers.double: fetch it with `earlier",
    ),
    "library of nothing": (
        TWO,
        'double = earlier("numbers.double")',
        'double = earlier("numbers.double")\ntriple = library("numbers.triple")',
        11,
        "the library has no 'numbers.triple'",
    ),
    "library inside other code": (
        TWO,
        'double = earlier("numbers.double")',
        'double = earlier("numbers.double")\nuntold = [library("numbers.untold")]',
        11,
        r"on a line of its own, as `f = library\(…\)`",
    ),
    "earlier than asked for": (
        ONE,
        "import check, exercise",
        'import check, earlier, exercise\n\nquadruple = earlier("numbers.quadruple")',
        7,
        "numbers.quadruple is asked for in 02_again: fetch it after that",
    ),
    "earlier not fetched": (
        TWO,
        'double = earlier("numbers.double")',
        "double = abs",
        14,
        r'fetch it above with `double = earlier\("numb',
    ),
    "earlier renamed": (TWO, "double = earlier", "twice = earlier", 10, "write `double = earlier"),
    "question slug": (TWO, '"why"', '"Why not?"', 25, "short slug"),
    "question name taken": (TWO, '"why"', '"double"', 25, "asked at .*01_doubling.py:18"),
    "question assigned": (TWO, 'question("why"', 'x = question("why"', 25, "write it as `question"),
    "syntax": (TWO, "double(np.arange(3))", "double(", 11, "no Python"),
    "no title": (TWO, "# 02 · Again", "Again", 1, "no title"),
    "text above the first cell": (ONE, "# A note", "x = 1  # A note", 1, "in no cell"),
    "empty cell": (TWO, "check(quadruple)", "check(quadruple)\n\n# %%", 19, "empty cell"),
    "raw cell": (TWO, "check(quadruple)", 'check(quadruple)\n\n# %% [raw]\n"a"', 19, "a raw cell"),
}


def test_what_is_fetched_is_named_where_it_is_defined(tiny):
    (tiny.subject.library.root / "more.py").write_text("from headway.numbers import untold\n")
    tiny.edit("02_again", 'double = earlier("numbers.double")', 'untold = library("more.untold")')
    with pytest.raises(LessonError, match=r"more\.untold is only imported there: fetch numbers\.untold"):
        tiny.build()


@pytest.mark.parametrize("name", WRONG)
def test_a_fault_is_named_with_file_and_line(tiny, name):
    lesson, old, new, line, says = WRONG[name]
    tiny.edit(lesson, old, new)
    with pytest.raises(LessonError) as error:
        tiny.build()
    there = [fault for fault in error.value.faults if (fault.path.stem, fault.line) == (lesson, line)]
    assert any(re.search(says, fault.message) for fault in there), str(error.value)
    assert tiny.files() == {}


def exercise_in_three(tiny, **changes):
    """What is said of the exercise `double` once the subject has changed."""
    tiny.change(**changes)
    with pytest.raises(LessonError) as error:
        tiny.build()
    assert tiny.files() == {}
    return [f.message for f in error.value.faults if (f.path.stem, f.line) == (ONE, 18)]


def test_an_exercise_without_cases_is_named(tiny):
    def none(target, rng, mistakes):
        raise CourseError(f"{target} has no cases: write them")

    assert exercise_in_three(tiny, fixture=none) == ["numbers.double has no cases: write them"]


def test_too_few_wrong_and_honest_answers_are_counted(tiny):
    old = tiny.subject
    first = dict(list(old.mistakes("double").items())[:2])
    said = exercise_in_three(tiny, mistakes=lambda name: first, honest=lambda name: {})
    there = "write them in headway_grader/wrong/numbers.py"
    assert f"double has 2 wrong answers, it needs 3 (there are too-small, sorted): {there}" in said
    assert f"double has 0 honest alternatives, it needs 2: {there}" in said


def added(tiny, slug, function):
    """Adds an answer to those of `double`."""

    def more(answers):
        return lambda name: answers(name) | ({slug: tiny.alternative(function)} if name == "double" else {})

    return more


def test_a_wrong_answer_that_passes_everything_is_named(tiny):
    more = added(tiny, "right", lambda x: 2 * x)
    (said,) = exercise_in_three(tiny, mistakes=more(tiny.subject.mistakes))
    assert re.search(r"wrong answer right \(.*test_lesson_errors.py:\d+\) passes every group", said)


def test_a_wrong_answer_that_passes_nothing_is_named(tiny):
    more = added(tiny, "far-off", lambda x: x + 100)
    (said,) = exercise_in_three(tiny, mistakes=more(tiny.subject.mistakes))
    assert re.search(r"wrong answer far-off \(.*\) passes no group", said)


def test_an_honest_alternative_that_fails_is_named_with_the_reason(tiny):
    def crashes(x):
        return {}["no such key"]

    more = added(tiny, "crashing", crashes)
    (said,) = exercise_in_three(tiny, honest=more(tiny.subject.honest))
    assert re.search(r"alternative crashing \(.*\) fails typical, ones, inputs-kept: a: KeyError", said)


def test_a_mistake_that_only_changes_its_inputs_is_seen_in_the_group_for_that(tiny):
    from headway_grader.build.trials import failed_groups

    fixture = tiny.subject.fixture("numbers.double", __import__("numpy").random.default_rng(0), {})
    in_place = tiny.subject.mistakes("double")["in-place"].function
    assert failed_groups(in_place, fixture) == {"inputs-kept": "c: it changes its input x"}


def test_cases_that_crash_are_named_with_their_own_place(tiny):
    def crashing(target, rng, mistakes):
        raise ZeroDivisionError("no")

    first, *_ = exercise_in_three(tiny, fixture=crashing)
    assert re.search(
        r"cases of numbers.double fail: ZeroDivisionError: no \(.*test_lesson_errors.py:\d+\)", first
    )


def test_cases_without_the_gate_are_refused(tiny):
    from dataclasses import replace

    old = tiny.subject.fixture

    def without_typical(target, rng, mistakes):
        fixture = old(target, rng, mistakes)
        return replace(fixture, cases=tuple(case for case in fixture.cases if case.group != "typical"))

    assert "double has no cases in the group 'typical'" in exercise_in_three(tiny, fixture=without_typical)


def test_a_group_without_a_title_is_named(tiny):
    groups = {name: title for name, title in tiny.subject.groups.items() if name != "ones"}
    assert exercise_in_three(tiny, groups=groups) == ["no title for the group 'ones': add it to GROUPS"]


def test_all_faults_are_told_together_in_order(tiny):
    tiny.edit(ONE, "level=1", "level=9")
    tiny.edit(TWO, '"why"', '"Why"')
    tiny.write("03_broken", "x = (")
    with pytest.raises(LessonError) as error:
        tiny.build()
    places = [f"{fault.path.stem}:{fault.line}" for fault in error.value.faults]
    assert places == sorted(places)
    assert {"01_doubling:21", "02_again:25", "03_broken:1"} <= set(places)


def test_a_lesson_with_an_odd_name_is_refused(tiny):
    tiny.write("Appendix", "# %% [markdown]\n# # Title\n")
    with pytest.raises(LessonError, match=r"Appendix\.py:1: a lesson's file is called like"):
        tiny.build()


def test_a_course_without_lessons_says_how_to_start_one(tiny):
    for path in tiny.lessons.iterdir():
        path.unlink()
    with pytest.raises(CourseError, match="headway-build new"):
        tiny.build()


def test_a_lesson_that_is_not_utf8_is_named(tiny):
    (tiny.lessons / f"{TWO}.py").write_bytes(b"# %%\nx = '\xff'\n")
    with pytest.raises(LessonError, match=r"02_again\.py:1: not UTF-8"):
        tiny.build()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("times=1", "times=_TWO", "signature of numbers.quadruple uses _TWO"),
        ("_TWO = 2.0  # the only number here", '_TWO = len("""a\nb""") - 1.0', "text of several lines"),
    ],
)
def test_a_library_function_that_cannot_be_a_cell_is_named(tiny, old, new, says):
    path = tiny.subject.library.path("numbers")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(LessonError, match=says):
        tiny.build()
