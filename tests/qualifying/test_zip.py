"""What applicants are handed: opened, and searched for answers and numbers that are not theirs to see."""

import ast
import io
import json
import zipfile

import numpy as np
import pytest
from applicant import ENTRY, FOLDER, ROOT, Applicant
from headway_course.errors import CourseError
from headway_course.manifest import CHECKS
from headway_course.problems import CASES
from headway_grader import hidden, wrong
from headway_grader.build.qualifying import FILE, NAME
from headway_grader.cli import app
from headway_grader.library import installed
from headway_grader.release.qualifier import SHEET, Sheet, release
from typer.testing import CliRunner

pytestmark = pytest.mark.slow

WHEN, WHO = "1 May, 18:00", "join@example.org"


@pytest.fixture(scope="module")
def packed():
    return release(ROOT, Sheet(WHEN, WHO))


@pytest.fixture(scope="module")
def files(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name.removeprefix(f"{NAME}/"): archive.read(name) for name in archive.namelist()}


def texts(files):
    """Every piece of Python in it, cells of the notebook included."""
    for name, content in files.items():
        if name.endswith(".py"):
            yield content.decode()
        if name.endswith(".ipynb"):
            cells = json.loads(content)["cells"]
            yield from ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def statements(text):
    """Every statement of a piece of Python, docstrings and heads apart, in a form that no layout changes."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield ast.unparse(node)


def telling(function):
    """The statements of an answer's body that say something."""
    for statement in function.body[1:]:
        for inner in ast.walk(statement):
            if isinstance(inner, ast.stmt) and len(ast.unparse(inner)) > 12:
                yield ast.unparse(inner)


def test_no_statement_of_the_library_is_in_it(files):
    given = {line for text in texts(files) for line in statements(text)} - handed_over()
    library = installed()
    answers = set()
    for path in sorted(library.root.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                answers.update(telling(node))
    asked = {line for e in ENTRY.exercises for line in telling(library.function(e.target).node)}
    assert len(asked) > 2 * len(ENTRY.exercises)
    assert asked <= answers
    assert not answers & given


def handed_over():
    """The statements of functions that answers may call and nobody is asked for: the file brings them."""
    library = installed()
    asked = {e.target for e in ENTRY.exercises}
    given = {target for e in ENTRY.exercises for target in e.prerequisites} - asked
    assert given == {"blocks.gelu", "blocks.relu"}
    needed = {need for target in given for need in library.closure(target)} | given
    functions = [library.function(target).node for target in needed if not target.endswith("._TAIL")]
    return {line for function in functions for line in telling(function)}


def test_the_search_would_find_an_answer(files):
    told = dict(files) | {"answer.py": installed().source("numerics.softmax").encode()}
    given = {line for text in texts(told) for line in statements(text)}
    assert given & set(telling(installed().function("numerics.softmax").node))


def test_no_wrong_and_no_honest_answer_no_hint_and_no_stub_is_in_it(files):
    python = list(texts(files))
    everything = "\n".join(content.decode() for name, content in files.items() if not name.endswith(".npz"))
    for exercise in ENTRY.exercises:
        for each in (*wrong.mistakes(exercise.name).values(), *wrong.honest(exercise.name).values()):
            assert not any(each.source in text for text in python)
        assert not any(hint in everything for hint in exercise.hints)


def test_no_hidden_number_is_in_it(files):
    ours = np.load(io.BytesIO(files[CASES]), allow_pickle=False)
    given = {ours[key].tobytes() for key in ours.files}
    assert {key.partition("/")[0] for key in ours.files} == {e.name for e in ENTRY.exercises}
    one, other = (made_under(key) for key in (b"a key of an instructor's", b"another"))
    secret = one - other  # extremes, say, are the same for all
    assert len(secret) > 100
    assert not secret & given


def made_under(key):
    """The inputs that are no whole numbers, as bytes: of these no two keys make the same."""
    return {
        array.tobytes()
        for fixture in hidden.compute(key, ENTRY)
        for case in fixture.cases
        for array in case.inputs.values()
        if (array[np.isfinite(array)] % 1).any()
    }


def test_there_is_nothing_in_it_but_the_problems_and_what_tries_them(files):
    assert {name for name in files if "/" not in name} == {
        "LICENSE",
        SHEET,
        CASES,
        f"{FILE}.ipynb",
        f"{FILE}.py",
    }
    assert {name.partition("/")[0] for name in files if "/" in name} == {CHECKS}
    assert not any("pycache" in name for name in files)
    for name in files.keys() - {SHEET, "LICENSE"}:
        assert files[name] == (FOLDER / name).read_bytes()


def test_the_same_course_makes_the_same_zip(packed):
    assert release(ROOT, Sheet(WHEN, WHO)) == packed


def test_the_sheet_says_until_when_where_to_and_what_is_asked(files):
    sheet = files[SHEET].decode()
    assert f"Deadline: {WHEN}\n" in sheet
    assert WHO in sheet
    assert f"{len(ENTRY.exercises)} functions" in sheet
    assert f"{sum(exercise.points for exercise in ENTRY.exercises):g} points" in sheet
    for said in ("latest", "Python loops", "right only sometimes", "Ctrl-C", "hand in"):
        assert said in sheet
    assert "{" not in sheet


def test_what_it_unpacks_to_runs_with_numpy_alone(packed, tmp_path):
    zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path / "unpacked")
    applicant = Applicant(tmp_path, tmp_path / "unpacked" / NAME)
    assert set(applicant.lines().values()) == {"·  not started"}


def test_the_command_writes_one_file(tmp_path):
    words = ["release", NAME, "--deadline", WHEN, "--contact", WHO, "--to", str(tmp_path)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == [f"headway-{NAME}.zip"]
    assert "No answers in it" in done.stdout


WRONG = {
    "without a deadline": [NAME, "--contact", WHO],
    "without a contact": [NAME, "--deadline", WHEN],
    "with a lesson": [NAME, "01_softmax", "--deadline", WHEN, "--contact", WHO],
    "with answers": [NAME, "--answers", "01_softmax", "--deadline", WHEN, "--contact", WHO],
    "a lesson with a deadline": ["01_softmax", "--deadline", WHEN],
}


@pytest.mark.parametrize("how", WRONG)
def test_what_cannot_be_released_is_said_and_nothing_is_written(tmp_path, how):
    done = CliRunner().invoke(app, ["release", *WRONG[how], "--to", str(tmp_path)])
    assert done.exit_code == 1
    assert "headway-grade release" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_clone_without_it_says_so(tmp_path):
    with pytest.raises(CourseError, match="no manifest"):
        release(tmp_path, Sheet(WHEN, WHO))
