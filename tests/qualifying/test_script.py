"""The script of the Qualifier as an applicant runs it: numpy is there, and nothing of ours."""

import ast
import warnings
from importlib import import_module

import pytest
from applicant import ENTRY, FOLDER, answer, solved, written
from headway_course import manifest, problems
from headway_course.errors import CourseError
from headway_course.manifest import CHECKS
from headway_course.problems import ASKED, CASES, Trials
from headway_grader import wrong
from headway_grader.build.qualifying import FILE, PART_ONE

pytestmark = pytest.mark.slow

NAMES = [exercise.name for exercise in ENTRY.exercises]
MISTAKES = [(name, slug) for name in NAMES for slug in wrong.mistakes(name)]


def test_it_asks_all_of_part_1_by_difficulty_and_then_in_the_order_of_the_course():
    course = manifest.load().exercises
    asked = [each for each in course if int(each.lesson[:2]) in PART_ONE]
    assert [each.name for level in range(1, 6) for each in asked if each.level == level] == NAMES
    tree = ast.parse((FOLDER / f"{FILE}.py").read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in functions if "NotImplementedError" in ast.unparse(node)] == NAMES
    assert all(ast.get_docstring(node) for node in functions)


def test_nothing_of_ours_is_there_when_it_runs(applicant):
    for package in ("headway", "headway_course", "headway_grader", "scipy"):
        assert "ModuleNotFoundError" in applicant.run("-c", f"import {package}").stderr
    assert applicant.run("-c", "import numpy").returncode == 0


def test_unsolved_everything_is_not_started(applicant):
    assert applicant.lines() == dict.fromkeys(NAMES, "·  not started")


def test_the_librarys_answers_get_every_point(applicant):
    lines = applicant.lines(solved())
    assert list(lines) == NAMES
    for exercise in ENTRY.exercises:
        plural = "" if exercise.points == 1 else "s"
        assert lines[exercise.name] == f"✓  {exercise.points:g} of {exercise.points:g} point{plural}"
    total = sum(exercise.points for exercise in ENTRY.exercises)
    assert f"Right so far: {total:g} of {total:g} points\n" in applicant.run().stdout


def test_totals_are_by_difficulty_and_by_group_of_cases(applicant):
    applicant.write(solved(["softmax", "unembed"]))
    printed = applicant.run().stdout
    easy = sum(exercise.points for exercise in ENTRY.exercises if exercise.level == 1)
    earned = sum(e.points for e in ENTRY.exercises if e.name in ("softmax", "unembed"))
    assert f"  easy         {earned:g} of {easy:g} points\n" in printed
    assert "  sizes of 1: right in 2 of 2\n" in printed


def library_names():
    modules = [import_module(f"headway.{each.target.rpartition('.')[0]}") for each in ENTRY.exercises]
    return {name: getattr(module, name) for name, module in zip(NAMES, modules, strict=True)}


@pytest.fixture(scope="module")
def read():
    return problems.read(FOLDER / CHECKS)


@pytest.mark.parametrize(("name", "slug"), MISTAKES)
def test_each_wrong_answer_is_told_what_is_wrong_with_it(read, name, slug):
    """By its name; one that is right but for its inputs is told that these are not what they were."""
    mistake = wrong.mistakes(name)[slug]
    trials = Trials(read, library_names() | {name: mistake.function})
    with warnings.catch_warnings(action="ignore"):
        outcome = trials.outcome(name)
    failed = [group for group, right in outcome.groups.items() if not right]
    assert not outcome.right
    assert outcome.points < outcome.asked.points
    if failed == ["inputs-kept"] and mistake.says.rstrip(".") not in outcome.said:
        assert "Your function changes its input" in outcome.said
    else:
        assert mistake.says.rstrip(".") in outcome.said


def test_a_wrong_answer_is_named_where_numpy_is_alone(applicant):
    chosen = {name: next(iter(wrong.mistakes(name).values())) for name in ("softmax", "split_heads")}
    lines = applicant.lines(written({name: each.source for name, each in chosen.items()}))
    for name, each in chosen.items():
        assert f"Your result is what one gets {each.says.rstrip('.')}." in lines[name]


HEAD = "def softmax(Z):\n"
ODD = {
    "raises": ("    raise ValueError('no')", "ValueError: no"),
    "divides by zero": ("    return 1 // 0", "ZeroDivisionError"),
    "exits": ("    raise SystemExit(3)", "SystemExit: 3"),
    "recurses": ("    return softmax(Z)", "RecursionError"),
    "returns None": ("    Z = Z + 1", "Your result is None, expected a numpy array"),
    "returns a list": ("    return Z.tolist()", "Your result is a list, expected a numpy array"),
    "returns a text": ("    return 'Z'", "Your result is a str, expected a numpy array"),
    "returns objects": ("    return Z.astype(object)", "Python objects"),
    "returns another shape": ("    return Z[None]", "has shape"),
    "returns another dtype": ("    return Z.astype(int)", "has dtype int64, expected float64"),
    "has an error class of its own": (
        "    class Odd(Exception):\n        __str__ = None\n    raise Odd()",
        "Odd",
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_whatever_a_function_does_is_said_in_its_line_and_the_others_follow(applicant, odd):
    body, said = ODD[odd]
    lines = applicant.lines(written({"softmax": HEAD + body, "causal_mask": answer("causal_mask")}))
    assert lines["softmax"].startswith("✗  0 of 2 points. ")
    assert said in lines["softmax"]
    assert lines["causal_mask"] == "✓  1 of 1 point"
    assert list(lines) == NAMES


def test_an_error_names_its_line(applicant):
    text = written({"softmax": f"{HEAD}    return Z @ 'a'"})
    number = text.split("\n").index("    return Z @ 'a'") + 1
    assert f"(line {number}: `return Z @ 'a'`)" in applicant.lines(text)["softmax"]


GONE = {
    "deleted": "",
    "renamed": "def soft_max(Z):\n    return Z",
    "no function": "softmax = None",
}


@pytest.mark.parametrize("how", GONE)
def test_a_function_that_is_not_there_is_not_started(applicant, how):
    lines = applicant.lines(written({"softmax": GONE[how]}))
    assert lines["softmax"] == "·  not started: no function is called softmax"


def test_another_signature_is_told(applicant):
    lines = applicant.lines(written({"softmax": "def softmax(scores):\n    return scores"}))
    assert "it is called as softmax(Z=…)" in lines["softmax"]


def test_a_function_of_numpys_own_is_tried_like_any_other(applicant):
    assert "of 2 points. " in applicant.lines(written({"softmax": "softmax = np.exp"}))["softmax"]


def test_an_endless_loop_is_interrupted_and_told_and_the_others_follow(applicant, tmp_path):
    started = tmp_path / "started"
    endless = f"{HEAD}    open({str(started)!r}, 'w').close()\n    while True:\n        Z = Z + 0"
    text = written({"softmax": endless, "causal_mask": answer("causal_mask")})
    lines, errors, status = applicant.interrupted(text, started)
    assert status == 0, errors
    assert lines["softmax"].startswith("✗  0 of 2 points. Interrupted in line ")
    assert "Is there a loop that never ends?" in lines["softmax"]
    assert lines["causal_mask"] == "✓  1 of 1 point"


def test_an_answer_that_calls_one_not_written_yet_says_which(applicant):
    lines = applicant.lines(solved(["attention"]))
    assert lines["attention"] == (
        "·  not started. It calls `softmax`, which is not written yet: solve that one first"
    )


def test_an_answer_that_calls_a_wrong_one_is_not_blamed_itself(applicant):
    text = written({"softmax": f"{HEAD}    return Z", "attention": answer("attention")})
    assert "`attention` calls your `softmax`, which is not right yet" in applicant.lines(text)["attention"]


def test_answers_use_the_applicants_own_functions(applicant):
    text = written({"softmax": answer("softmax"), "attention": answer("attention")})
    assert applicant.lines(text)["attention"] == "✓  4 of 4 points"


def test_a_terminal_without_signs_gets_the_same_lines(applicant):
    applicant.write(solved(["softmax"]))
    done = applicant.run(PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert by_sign(done.stdout) == {"?": len(NAMES)}


def by_sign(printed):
    lines = [line.split() for line in printed.splitlines()]
    signs = [words[2] for words in lines if words and words[0].isdigit()]
    return {sign: signs.count(sign) for sign in signs}


@pytest.mark.parametrize("lost", [CASES, f"{CHECKS}/{ASKED}"])
def test_a_file_that_is_missing_is_named_with_what_to_do(applicant, lost):
    (applicant.folder / lost).unlink()
    done = applicant.run()
    assert done.returncode == 1
    assert lost.rpartition("/")[2] in done.stderr
    assert "Unpack the whole zip into one folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_in_a_notebook_says_what_the_script_says(applicant):
    code = f"from {CHECKS}.problems import check\n{answer('causal_mask')}\ncheck(causal_mask)"
    assert applicant.run("-c", f"import numpy as np\n{code}").stdout == "causal_mask  ✓  1 of 1 point\n"


def test_check_of_anything_else_says_what_there_is():
    with pytest.raises(CourseError, match="no problem asks for 'len'; there are softmax"):
        problems.check(len, FOLDER / CHECKS)
