"""The generated files of the course itself."""

import ast
import json
from pathlib import Path

import pytest
from headway_course import manifest
from headway_grader import library
from headway_grader.build import builder

ROOT = builder.find_root(Path(__file__).parent)
LESSONS = sorted(path.stem for path in (ROOT / "course" / "lessons").glob("*.py"))


def statements(source):
    """The simple statements of a piece of code, each as its plain text."""
    found = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt))
    return {ast.unparse(node) for node in found if not hasattr(node, "body")}


def code(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_answer_is_in_a_learners_notebook(lesson):
    course = manifest.load(ROOT / "data" / "fixtures" / "manifest.json")
    given = set().union(*(statements(source) for source in code(ROOT / "exercises" / f"{lesson}.ipynb")))
    for exercise in course.lesson(lesson).exercises:
        function = library.installed().function(exercise.target).node
        answer = set().union(*(statements(ast.unparse(node)) for node in function.body[1:]))
        returned = {text for text in answer if text.startswith("return ")}
        assert answer
        assert not returned & given, exercise.name
        assert len(answer & given) <= len(answer) / 2, exercise.name


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_answer_is_in_the_instructors_and_the_solved_notebook(lesson):
    course = manifest.load(ROOT / "data" / "fixtures" / "manifest.json")
    for folder in (ROOT / "autograder" / "source" / lesson, ROOT / "solutions" / "notebooks"):
        given = set().union(*(statements(source) for source in code(folder / f"{lesson}.ipynb")))
        for exercise in course.lesson(lesson).exercises:
            function = library.installed().function(exercise.target).node
            assert set().union(*(statements(ast.unparse(node)) for node in function.body[1:])) <= given


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_solved_notebook_has_run(lesson):
    notebook = json.loads((ROOT / "solutions" / "notebooks" / f"{lesson}.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert str(ROOT) not in json.dumps(notebook)


def test_what_is_generated_is_what_the_lessons_say():
    from headway_grader.build.subject import installed

    assert [str(drift) for drift in builder.check(ROOT, installed())] == []
