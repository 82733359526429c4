"""Every lesson runs from top to bottom, exercises solved or not, and keeps the form of the course."""

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path

import headway_course
import jupytext
import pytest
from headway_course import asking

LESSONS = sorted((Path(__file__).parents[2] / "course" / "lessons").glob("*.py"))
EXPECTS_ERROR = "raises-exception"

pytestmark = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def cells(path):
    return jupytext.read(path, fmt="py:percent").cells


def code_cells(path):
    return [cell for cell in cells(path) if cell.cell_type == "code"]


def expects_error(cell):
    return EXPECTS_ERROR in cell.metadata.get("tags", [])


def run(cell, names):
    """Runs a cell in these names and returns the value of its last expression."""
    tree = ast.parse(cell.source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None


def run_all(path):
    """The cells that may not raise, and what each shows."""
    names, shown = {}, []
    for cell in code_cells(path):
        if expects_error(cell):
            with pytest.raises((ArithmeticError, ValueError)):
                run(cell, names)
        else:
            shown.append((cell.source, run(cell, names)))
    return shown


def unsolved(target, **_declaration):
    """What stands in a learner's notebook before the exercise is solved."""
    module, _, name = target.rpartition(".")
    signature = inspect.signature(getattr(import_module(f"headway.{module}"), name))
    names = {}
    exec(f"def {name}{signature}:\n    raise NotImplementedError()", names)
    return names[name]


@pytest.fixture(autouse=True)
def no_check(monkeypatch):
    """`check` reads what the build makes of the lessons; here only the lessons are tried."""
    monkeypatch.setattr(headway_course, "check", lambda function: None)


def test_a_solved_lesson_runs_and_every_loop_agrees_with_the_library(path, monkeypatch):
    monkeypatch.setattr(headway_course, "exercise", asking.exercise)
    shown = run_all(path)
    compared = [repr(value) for source, value in shown if "side_by_side(" in source]
    assert compared
    assert all(re.search(r"agree on (all|both|the one)", said) for said in compared), compared
    assert not [value for _, value in shown if re.search("not written yet|ends with an error", repr(value))]


@pytest.mark.parametrize(
    "earlier", [asking.earlier, unsolved], ids=["first-lessons-solved", "nothing-solved"]
)
def test_an_unsolved_lesson_runs_and_says_what_is_missing(path, earlier, monkeypatch):
    monkeypatch.setattr(headway_course, "exercise", unsolved)
    monkeypatch.setattr(headway_course, "earlier", earlier)
    shown = run_all(path)
    compared = [repr(value) for source, value in shown if "side_by_side(" in source]
    assert all("not written yet" in said for said in compared), compared


def calls(path, name):
    """All calls of a function in a lesson."""
    trees = [ast.parse(cell.source) for cell in code_cells(path)]
    found = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in found if isinstance(call.func, ast.Name) and call.func.id == name]


def test_every_exercise_has_a_heading_an_oracle_and_a_check(path):
    headings = sum(len(re.findall("^### Exercise: ", cell.source, re.MULTILINE)) for cell in cells(path))
    exercises = [call.args[0].value.rpartition(".")[2] for call in calls(path, "exercise")]
    compared = {call.args[0].id for call in calls(path, "side_by_side")}
    assert headings == len(exercises)
    assert compared == set(exercises)
    assert [call.args[0].id for call in calls(path, "check")] == exercises


def test_what_a_lesson_takes_of_the_library_is_there(path):
    for call in calls(path, "library"):
        module, _, name = call.args[0].value.rpartition(".")
        assert callable(getattr(import_module(f"headway.{module}"), name))


def test_hints_are_three_and_none_is_a_line_of_the_answer(path):
    for call in calls(path, "exercise"):
        target = call.args[0].value
        hints = ast.literal_eval(next(word.value for word in call.keywords if word.arg == "hints"))
        assert len(hints) == 3, target
        code = inspect.getsource(asking.exercise(target, points=1, level=1, minutes=1, hints=()))
        lines = {line.split("#")[0].strip() for line in code.splitlines()}
        assert not [line for line in lines if len(line) > 12 and any(line in hint for hint in hints)], target


def bound_by(cell):
    """The names that a cell gives a meaning to."""
    for node in ast.parse(cell.source).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            targets = [name for target in node.targets for name in ast.walk(target)]
            yield from (name.id for name in targets if isinstance(name, ast.Name) and is_stored(name))


def is_stored(name):
    return isinstance(name.ctx, ast.Store)


def test_a_name_keeps_its_meaning_so_that_one_may_go_back_and_run_a_cell_again(path):
    names = [name for cell in code_cells(path) for name in set(bound_by(cell))]
    assert sorted(names) == sorted(set(names))


def test_a_lesson_that_is_not_written_yet_is_announced_as_such(path):
    written = {lesson.stem[:2] for lesson in LESSONS}
    prose = " ".join(cell.source for cell in cells(path) if cell.cell_type == "markdown")
    for sentence in re.split(r"(?<=[.:;?!])\s", prose):
        for number in re.findall(r"lesson (\d\d)", sentence, re.IGNORECASE):
            assert number in written or re.search("will be part of|not needed", sentence), sentence


def test_comments_fit_on_the_page(path):
    commented = [line for cell in code_cells(path) for line in cell.source.splitlines() if "  # " in line]
    assert commented
    assert not [line for line in commented if len(line) > 106]


def test_every_cell_shows_something_or_is_an_answer(path):
    for cell in code_cells(path):
        last = ast.parse(cell.source).body[-1]
        called = {
            node.func.id for node in ast.walk(last) if isinstance(node, ast.Call) and hasattr(node.func, "id")
        }
        assert isinstance(last, ast.Expr) or called & {"exercise", "earlier", "library"}, cell.source


def test_a_lesson_ends_with_two_questions_for_a_person(path):
    assert [call.keywords[0].value.value for call in calls(path, "question")] == [2, 2]
    assert "question(" in code_cells(path)[-1].source


def test_the_prose_says_the_thing(path):
    prose = "\n".join(cell.source for cell in cells(path) if cell.cell_type == "markdown")
    padding = r"\b(simply|just|note that|let's|let us|crucial\w*|powerful|dive|delve|in this section)\b"
    assert not re.findall(padding, prose, re.IGNORECASE)
    assert not re.findall(r"—", prose)


def test_a_cell_of_code_follows_prose_or_the_cell_that_it_tries(path):
    kinds = [cell.cell_type for cell in cells(path)]
    longest = max(len(run) for run in "".join(kind[0] for kind in kinds).split("m"))
    assert longest <= 4
