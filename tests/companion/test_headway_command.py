"""`headway`: what a learner types, and what a program reads from its exit status."""

import os
import signal
import subprocess
import sys

import pytest
from headway_course import check, manifest
from headway_course.checking.file_check import FileReport, Report, check_file
from headway_course.checking.own_file import check_answer, open_file
from headway_course.cli import app
from headway_course.errors import CourseError
from headway_course.reading.extract import extract, read_cells
from headway_course.reading.policy import violations_for
from small_course import STUB
from typer.testing import CliRunner

pytestmark = pytest.mark.slow

RIGHT = """import numpy as np

def softmax(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)
"""
DOUBLED = "def doubled(Z):\n    return 2 * softmax(Z)\n"
ENDLESS = "def softmax(Z):\n    while True:\n        pass\n"


@pytest.fixture
def script(tmp_path):
    def write(text, name="answers.py"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def results(course):
    """What came of each exercise of a file, in this process."""

    def of(path):
        file = open_file(path, manifest.load(course / "manifest.json"))
        return {exercise.name: check_answer(file, exercise) for exercise in file.lesson.exercises}

    return of


def headway(*arguments):
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return done.exit_code, done.output


def test_right_answers_exit_with_0_and_a_summary_in_the_last_line(course, script):
    loud = DOUBLED.replace("    return", "    print('{\"end\": true}', flush=True)\n    return")
    status, said = headway("check", script(RIGHT + loud))
    assert status == 0
    assert said.splitlines()[-1] == "01_tiny: 2 of 2 exercises right"


def test_an_answer_that_is_not_right_exits_with_1(course, script):
    status, said = headway("check", script(RIGHT.replace("-1", "0") + DOUBLED))
    assert status == 1
    assert "not yet: softmax" in said.splitlines()[-1]


def test_the_summary_names_what_is_missing():
    report = FileReport("01_tiny", (Report("softmax", True, ""),), ("doubled",), ())
    assert report.summary == "01_tiny: 1 of 2 exercises right; not in this file: doubled"
    assert not report.good


def test_annotations_with_names_that_are_not_at_hand_cost_nothing_as_at_hand_in(results, script):
    boxed = "from dataclasses import dataclass\n@dataclass\nclass Box:\n    Z: 'torch.Tensor'\n"
    typed = RIGHT.replace("(Z):", "(Z: torch.Tensor) -> torch.Tensor:").replace("exp(Z", "exp(Box(Z).Z")
    assert results(script(boxed + typed))["softmax"].status == "pass"


def test_an_exercise_that_is_not_in_the_file_has_no_result(results, script):
    assert results(script(RIGHT))["doubled"] is None


def test_a_notebook_and_a_script_are_told_the_same_but_for_places(results, script, notebook):
    wrong = RIGHT.replace(" - Z.max(axis=-1, keepdims=True)", "")
    cells = notebook(("a", "markdown", "# Text"), ("softmax", "code", wrong), ("doubled", "code", DOUBLED))
    as_script, as_notebook = results(script(wrong + DOUBLED)), results(cells)
    assert {name: repr(r) for name, r in as_script.items()} == {n: repr(r) for n, r in as_notebook.items()}


def test_the_text_is_that_of_the_notebooks_check(results, script):
    names = {}
    text = RIGHT.replace(" - Z.max(axis=-1, keepdims=True)", "")
    exec(text, names)
    assert repr(results(script(text))["softmax"]) == repr(check(names["softmax"]))


def test_a_loop_is_told_and_what_may_be_one_is_not_called_one(results, script):
    rows = "rows = Z.reshape(-1, Z.shape[-1])\n    rows = rows - rows.max(axis=-1, keepdims=True)\n"
    end = "    return (E / E.sum(axis=-1, keepdims=True)).reshape(Z.shape).astype(Z.dtype)\n"
    head = f"import numpy as np\ndef softmax(Z):\n    {rows}"
    looping = f"{head}    E = np.stack([np.exp(row) for row in rows])\n{end}"
    suspect = f"{head}    E = np.stack(list(map(np.exp, rows)))\n{end}"
    assert "softmax: right, but it loops in Python" in repr(results(script(looping))["softmax"])
    said = " ".join(repr(results(script(suspect))["softmax"]).split())
    assert "softmax: right, but a person will look for loops" in said
    assert "has map go through 8, 16, 32 objects" in said
    assert "At hand-in a person looks at it before it counts." in said


def test_an_endless_loop_is_stopped_named_and_costs_only_its_exercise(course, script):
    report = check_file(script(ENDLESS + "def doubled(Z):\n    return Z\n"), seconds=1)
    softmax, doubled = report.exercises
    assert "not finished in time" in softmax.text
    assert "of answers.py: `" in softmax.text
    assert "not right yet" in doubled.text


def test_an_endless_loop_is_interrupted_where_a_job_in_the_background_ignores_that(course, script):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        report = check_file(script(ENDLESS), seconds=1)
    finally:
        signal.signal(signal.SIGINT, before)
    assert "of answers.py: `" in report.exercises[0].text


def test_a_function_that_cannot_be_interrupted_is_ended(course, script, monkeypatch):
    monkeypatch.setattr("headway_course.checking.file_check._GRACE", 0.5)
    stubborn = """def softmax(Z):
    n = 0
    while True:
        try:
            while True:
                n += 1
        except BaseException:
            n = 0
"""
    report = check_file(script(stubborn + "def doubled(Z):\n    return Z\n"), seconds=1)
    assert "not finished in time" in report.exercises[0].text
    assert "not right yet" in report.exercises[1].text


def test_an_answer_that_ends_python_costs_only_its_exercise(course, script):
    quitting = "def softmax(Z):\n    import os\n    os._exit(0)\n"
    report = check_file(script(quitting + "def doubled(Z):\n    return Z\n"))
    assert "ended Python itself" in report.exercises[0].text
    assert "not right yet" in report.exercises[1].text


def test_what_is_not_allowed_is_named_as_the_grader_names_it(results, script):
    path = script(RIGHT.replace("    E =", "    eval('1')\n    E ="))
    refused = violations_for(extract(read_cells(path), ["softmax"]), "softmax")
    result = results(path)["softmax"]
    assert refused
    assert result.status == "refused"
    assert all(violation.advice in " ".join(repr(result).split()) for violation in refused)


def test_a_helper_that_is_called_in_a_loop_is_not_blamed_for_it(results, notebook):
    shares = "import numpy as np\ndef shares(Z):\n    E = np.exp(Z - Z.max())\n    return E / E.sum()\n"
    rows = """def softmax(Z):
    rows = []
    for row in Z.reshape(-1, Z.shape[-1]):
        rows.append(shares(row))
    return np.array(rows).reshape(Z.shape)
"""
    said = repr(results(notebook(("a", "code", shares), ("softmax", "code", rows)))["softmax"])
    assert "line 3 of cell 2 ran 8, 16, 32 times (for loop)" in " ".join(said.split())


def test_a_stub_is_not_started(results, notebook):
    assert results(notebook(("softmax", "code", STUB)))["softmax"].status == "not-started"


def test_an_error_names_cell_and_line(results, notebook):
    cells = [
        ("top", "code", "import numpy as np"),
        ("softmax", "code", "def softmax(Z):\n    return Z.nothing"),
    ]
    assert "In line 2 of cell 2: `return Z.nothing`" in repr(results(notebook(*cells))["softmax"])


def test_a_cell_that_is_not_python_costs_its_own_exercise_only(results, notebook):
    broken = ("doubled", "code", "def doubled(Z):\n    return (Z")
    found = results(notebook(("softmax", "code", RIGHT), broken))
    assert found["softmax"].good
    assert found["doubled"].status == "crash"
    assert "line 1 of cell 2" in repr(found["doubled"])


def test_statements_that_fail_cost_only_the_exercise_that_needs_them(results, script):
    failing = "import numpy as np\nwidth = np.zeros(-1)\ndef doubled(Z):\n    return width\n"
    found = results(script(failing + RIGHT))
    assert found["softmax"].good
    assert "line 2 of answers.py" in repr(found["doubled"])


def test_what_a_file_does_not_define_is_the_librarys(results, script):
    assert results(script("def doubled(Z):\n    return softmax(Z) + softmax(Z)\n"))["doubled"].good


WRONG_BELOW = RIGHT.replace("-1", "0") + "def doubled(Z):\n    return softmax(Z) + softmax(Z)\n"


def test_an_answer_stands_on_the_librarys_functions_as_at_hand_in(results, script):
    found = results(script(WRONG_BELOW))
    assert not found["softmax"].good
    assert found["doubled"].good


def test_without_the_library_an_answer_on_a_wrong_one_is_sent_to_that_first(results, script, monkeypatch):
    monkeypatch.setitem(sys.modules, "headway", None)
    found = results(script(WRONG_BELOW))
    assert "`doubled` calls your `softmax`, which is not right yet" in found["doubled"].diagnosis


def test_without_the_library_the_missing_function_and_its_lesson_are_named(results, script, monkeypatch):
    monkeypatch.setitem(sys.modules, "headway", None)
    said = repr(results(script("def doubled(Z):\n    return softmax(Z) + softmax(Z)\n"))["doubled"])
    assert "waits for another answer" in said
    assert "`softmax` is not here yet: lesson 01_tiny asks for it" in " ".join(said.split())


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("answers.txt", RIGHT, "kind 'txt'"),
        ("broken.ipynb", "{", "not a notebook"),
        ("other.py", "x = 1\n", "answers no exercise of this course"),
        ("empty.py", "", "answers no exercise"),
    ],
)
def test_a_file_that_is_none_of_the_courses_is_refused_in_words(results, script, name, text, said):
    with pytest.raises(CourseError, match=said):
        results(script(text, name))


def test_a_file_that_cannot_be_read_exits_with_2_and_names_it(course, tmp_path):
    status, output = headway("check", tmp_path / "nothing.ipynb")
    assert status == 2
    assert output.startswith("headway: cannot read")
    assert "nothing.ipynb" in output


@pytest.mark.parametrize("arguments", [["check"], ["nothing"], ["hint", "softmax", "0"], ["check", "a", "b"]])
def test_wrong_usage_exits_with_2(course, arguments):
    assert headway(*arguments)[0] == 2


def test_hints_come_one_at_a_time(course):
    status, said = headway("hint", "softmax")
    assert status == 0
    assert "Look at `<rows>`." in said
    assert "Subtract" not in said
    assert "headway hint softmax 2" in said
    assert "headway hint" not in headway("hint", "softmax", "3")[1]


def test_a_hint_that_there_is_not_exits_with_2(course):
    assert headway("hint", "softmax", "4") == (2, "headway: softmax has 3 hints: give a number from 1 to 3\n")
    assert "did you mean softmax" in headway("hint", "sofmax")[1]


def test_a_check_loads_neither_matplotlib_nor_nbgrader_nor_jupyter(course, script):
    program = f"""
import sys
from headway_course import cli
from headway_course.checking import own_file, file_worker
from headway_course.manifest import load, public_fixtures
from pathlib import Path
course = load(public_fixtures() / "manifest.json")
file = own_file.open_file(Path({str(script(RIGHT + DOUBLED))!r}), course)
assert all(own_file.check_answer(file, exercise).good for exercise in file.lesson.exercises)
heavy = {{"matplotlib", "nbgrader", "nbformat", "jupyterlab", "IPython", "headway_grader"}}
print(sorted(heavy & {{name.split(".")[0] for name in sys.modules}}))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_terminal_without_symbols_shows_the_rest(course):
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "NO_COLOR": "1"}
    program = "from headway_course.cli import main; import typer; main(); typer.echo('✓ right')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment)
    assert done.stdout == b"? right\n"
    assert done.stderr == b""
