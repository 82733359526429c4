"""What stands in the generated notebooks, and in which not."""

import ast
import json
import re

import nbformat
import pytest
from headway_course import manifest

KINDS = {
    "learner": "exercises/{0}.ipynb",
    "instructor": "autograder/source/{0}/{0}.ipynb",
    "solved": "solutions/notebooks/{0}.ipynb",
}


def read(tiny, kind, lesson):
    return nbformat.read(tiny.root / KINDS[kind].format(lesson), as_version=4)


def cells(tiny, kind, lesson):
    return {cell.id: cell for cell in read(tiny, kind, lesson).cells}


def test_two_builds_are_equal_to_the_byte(tiny):
    tiny.build()
    first = tiny.files()
    for name in first:
        (tiny.root / name).unlink()
    tiny.build()
    assert tiny.files() == first
    assert len([path for path in first if "qualifying" not in path]) == 9


def test_a_second_build_writes_nothing(tiny):
    tiny.build()
    assert tiny.build() == []


@pytest.mark.parametrize("kind", KINDS)
def test_notebooks_are_valid_and_as_jupyter_writes_them(tiny, kind):
    tiny.build()
    for lesson in ("01_doubling", "02_again"):
        notebook = read(tiny, kind, lesson)
        nbformat.validate(notebook)
        text = (tiny.root / KINDS[kind].format(lesson)).read_text(encoding="utf-8")
        assert nbformat.writes(notebook) + "\n" == text
        assert notebook.metadata.headway.lesson == lesson


def test_cells_have_the_ids_that_everybody_relies_on(tiny):
    tiny.build()
    ids = list(cells(tiny, "learner", "02_again"))
    asked = ["goal-quadruple", "quadruple", "check-quadruple"]
    ending = ["02-again-handing-in", "02-again-hand-in"]
    assert ids == ["02-again-01", "02-again-02", *asked, "02-again-05", "why", *ending]


def test_ids_are_no_accident(tiny):
    tiny.build()
    for lesson in ("01_doubling", "02_again"):
        learner, instructor = (list(cells(tiny, kind, lesson)) for kind in ("learner", "instructor"))
        assert learner == instructor
        solved = [i for i in cells(tiny, "solved", lesson) if not i.startswith("hints-")]
        assert [i for i in learner if not i.endswith(("-handing-in", "-hand-in"))] == solved


def test_a_stub_is_what_the_manifest_says(tiny):
    tiny.build()
    course = manifest.load(tiny.root / "data" / "fixtures" / "manifest.json")
    for name in ("double", "quadruple"):
        exercise = course.exercise(name)
        assert cells(tiny, "learner", exercise.lesson)[name].source == exercise.stub
        assert exercise.stub.endswith("    # YOUR CODE HERE\n    raise NotImplementedError()")
        assert "# noqa" not in exercise.stub


def test_the_learner_sees_what_to_expect_above_the_stub(tiny):
    tiny.build()
    goal = cells(tiny, "learner", "02_again")["goal-quadruple"].source
    assert goal == "★★★★★ very hard · 20 minutes · 1.5 points · `x (..., n), [times int ()] -> (..., n)`"


def answer_lines(tiny):
    """The lines of the library that are no signature, docstring, or bare return."""
    tree = ast.parse(tiny.subject.library.path("numbers").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in ("double", "quadruple", "_stretch"):
            for statement in node.body[1:]:
                yield from (line.strip() for line in ast.unparse(statement).splitlines())


def test_no_answer_and_no_hint_is_in_what_learners_get(tiny):
    tiny.build()
    lines = {line for line in answer_lines(tiny) if line not in ("return x",)}
    assert lines
    for name, content in tiny.files().items():
        if name.startswith(("exercises/", "data/")):
            text = content.decode("utf-8", "replace")
            assert not [line for line in lines if json.dumps(line)[1:-1] in text], name
            assert "secret hint" not in text or name.endswith("manifest.json")
            assert "_TWO" not in text


def test_answers_are_in_the_instructor_and_solved_notebooks(tiny):
    tiny.build()
    for kind in ("instructor", "solved"):
        source = cells(tiny, kind, "01_doubling")["double"].source
        assert "return stretched * math.cos(0)" in source


@pytest.mark.parametrize("kind", ["instructor", "solved"])
@pytest.mark.parametrize("name", ["double", "quadruple"])
def test_answer_cells_run_on_what_the_notebook_has(tiny, kind, name):
    import numpy as np

    tiny.build()
    exercises = [cells(tiny, kind, "01_doubling")["double"], cells(tiny, kind, "02_again")["quadruple"]]
    namespace = {"np": np}
    for cell in exercises:
        exec(compile(cell.source, cell.id, "exec"), namespace)
    factor = {"double": 2, "quadruple": 4}[name]
    np.testing.assert_array_equal(namespace[name](np.arange(3.0)), factor * np.arange(3.0))


def test_an_import_that_the_notebook_has_is_not_repeated(tiny):
    tiny.edit("01_doubling", "import numpy as np\n", "import math\nimport numpy as np\n")
    tiny.build()
    assert "import" not in cells(tiny, "solved", "01_doubling")["double"].source


def test_words_for_authors_are_not_imported_elsewhere(tiny):
    tiny.build()
    for kind in KINDS:
        for lesson in ("01_doubling", "02_again"):
            code = "\n".join(c.source for c in read(tiny, kind, lesson).cells if c.cell_type == "code")
            assert not re.search(r"\b(exercise|question)\b", code)
            assert re.search("from headway_course import .*check", code)


def test_hints_are_folded_in_the_solved_notebook_alone(tiny):
    tiny.build()
    assert "<details>" in cells(tiny, "solved", "01_doubling")["hints-double"].source
    assert "The secret hint: `x + x`." in cells(tiny, "solved", "01_doubling")["hints-double"].source
    for kind in ("learner", "instructor"):
        assert "hints-double" not in cells(tiny, kind, "01_doubling")


def test_tags_and_prose_come_through_and_nothing_of_jupytext(tiny):
    tiny.build()
    there = cells(tiny, "learner", "01_doubling")
    assert there["01-doubling-02"].source == "# 01 · Doubling\n\nSay $x$ is a number."
    assert there["01-doubling-03"].metadata == {"tags": ["raises-exception"]}
    assert there["01-doubling-02"].metadata == {}
    assert "author's" not in "".join(cell.source for cell in there.values())


def test_prerequisites_are_the_earlier_exercises_that_are_not_built_on_this_one(tiny):
    tiny.edit("01_doubling", "# 01", "# 01")
    tiny.build()
    course = manifest.load(tiny.root / "data" / "fixtures" / "manifest.json")
    assert course.exercise("double").prerequisites == ()
    assert course.exercise("quadruple").prerequisites == ("numbers.double",)


def test_public_fixtures_can_be_loaded_and_do_not_depend_on_order(tiny):
    from headway_course import fixtures

    tiny.build()
    loaded = fixtures.load(tiny.root / "data" / "fixtures" / "01_doubling.npz")
    assert list(loaded["double"].groups) == ["typical", "ones", "inputs-kept"]
    alone = loaded["double"].cases[0].inputs["x"]
    (tiny.lessons / "02_again.py").rename(tiny.lessons / "00_again.py")
    tiny.edit("00_again", 'double = earlier("numbers.double")\ndouble(np.arange(3))', "np.arange(3)")
    tiny.edit("00_again", "numbers.quadruple", "numbers.double")
    tiny.edit("00_again", "quadruple = ", "double = ")
    tiny.edit("00_again", "check(quadruple)", "check(double)")
    (tiny.lessons / "01_doubling.py").unlink()
    tiny.build()
    moved = fixtures.load(tiny.root / "data" / "fixtures" / "00_again.npz")
    assert (moved["double"].cases[0].inputs["x"] == alone).all()


def test_a_long_import_is_broken_into_lines(tiny):
    names = ", ".join(f"show_number_{i}" for i in range(9))
    tiny.edit("01_doubling", "import check, exercise", f"import check, exercise, {names}")
    tiny.build()
    source = cells(tiny, "learner", "01_doubling")["01-doubling-01"].source
    assert max(map(len, source.splitlines())) <= 88
    imported = ast.parse(source).body[-1].names
    assert [alias.name for alias in imported] == ["check", *names.split(", ")]
