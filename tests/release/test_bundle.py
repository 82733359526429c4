"""What learners are handed: opened, searched for what is still due, and worked with in its own folder."""

import ast
import json
import os
import shutil
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from headway_course import manifest
from headway_course.errors import CourseError
from headway_grader import wrong
from headway_grader.cli import app
from headway_grader.library import Library, installed
from headway_grader.release.bundle import FOLDER, release
from headway_grader.release.stubbed import stubbed
from typer.testing import CliRunner

pytestmark = pytest.mark.slow  # a bundle is made, and worked with

ROOT = Path(__file__).parents[2]
COURSE = manifest.load()
NAMES = [lesson.name for lesson in COURSE.lessons]
SOLVED, DUE = NAMES[:2], NAMES[2]


@pytest.fixture(scope="module")
def packed():
    return release(ROOT, installed(), [DUE], SOLVED)


@pytest.fixture(scope="module")
def files(packed):
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        return {name.removeprefix(f"{FOLDER}/"): archive.read(name) for name in archive.namelist()}


def in_code(content):
    """Every statement in a piece of Python, its docstrings apart, in a form that no layout changes."""
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield ast.unparse(node)


def texts(files):
    """Every piece of Python that is handed out, cells of notebooks included."""
    for name, content in files.items():
        if name.endswith(".py"):
            yield name, content.decode()
        if name.endswith(".ipynb"):
            for cell in json.loads(content)["cells"]:
                if cell["cell_type"] == "code":
                    yield name, "".join(cell["source"])


def telling_lines(target):
    """What one would have to write for an answer: the statements of its body that are not trivial."""
    node = installed().function(target).node
    for statement in node.body[1:]:
        for inner in ast.walk(statement):
            if isinstance(inner, ast.stmt) and len(ast.unparse(inner)) > 24:
                yield ast.unparse(inner)


def targets(shown):
    return [e.target for e in COURSE.exercises if (e.lesson in SOLVED) == shown]


def test_no_line_of_an_answer_still_due_is_in_it(files):
    given = {line for _, text in texts(files) for line in in_code(text)}
    lines = [line for target in targets(shown=False) for line in telling_lines(target)]
    assert len(lines) > 5
    assert not given.intersection(lines)


def test_the_search_finds_the_answers_that_may_be_seen(files):
    given = {line for _, text in texts(files) for line in in_code(text)}
    lines = {line for target in targets(shown=True) for line in telling_lines(target)}
    assert len(lines) > 5
    assert lines <= given


@pytest.mark.parametrize("due", NAMES)
def test_along_the_course_no_line_of_an_answer_still_due_is_handed_out(due):
    shown = NAMES[: NAMES.index(due)]
    with zipfile.ZipFile(BytesIO(release(ROOT, installed(), [due], shown))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    given = {line for _, text in texts(files) for line in in_code(text)}
    seen = {e.target for e in COURSE.exercises if e.lesson in shown}
    public = {line for target in seen for line in telling_lines(target)}
    lines = {line for e in COURSE.exercises if e.lesson not in shown for line in telling_lines(e.target)}
    assert len(lines - public) > 5
    assert not given & (lines - public)


@pytest.mark.parametrize("due", NAMES)
def test_what_is_whole_in_the_library_is_an_answer_shown_or_fetched_or_below_one_of_these(due):
    shown = NAMES[: NAMES.index(due)]
    library, handed = installed(), [COURSE.lesson(name) for name in (*shown, due)]
    with zipfile.ZipFile(BytesIO(release(ROOT, library, [due], shown))) as archive:
        modules = {
            name.rpartition("/")[2].removesuffix(".py"): archive.read(name).decode()
            for name in archive.namelist()
            if name.startswith(f"{FOLDER}/solutions/headway/") and not name.endswith("__init__.py")
        }
    whole, stubs = set(), set()
    for module, text in modules.items():
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                is_stub = "raise NotImplementedError()" in ast.unparse(node)
                (stubs if is_stub else whole).add(f"{module}.{node.name}")
    asked = {e.target for e in COURSE.exercises}
    seen = {e.target for lesson in handed if lesson.name in shown for e in lesson.exercises}
    fetched = {target for lesson in handed for target in lesson.library}
    ready = {target for target in fetched if not library.closure(target) & (asked - seen)}
    assert stubs == asked - seen
    assert seen | ready <= whole
    assert whole <= seen.union(ready, *(library.closure(target) for target in seen | ready))


def test_nothing_of_the_staff_is_in_it(files, packed):
    assert not [name for name in files if name.startswith(("autograder", "tests", "benchmarks", "docs"))]
    assert not [name for name in files if "solutions/notebooks" in name or "lessons/" in name]
    assert not [name for name in files if "key" in Path(name).name or "hidden" in Path(name).name]
    for exercise in COURSE.exercises:
        for answer in (*wrong.mistakes(exercise.name).values(), *wrong.honest(exercise.name).values()):
            assert not any(answer.source in text for _, text in texts(files))


def test_it_has_the_notebooks_and_public_numbers_of_what_is_released(files):
    lessons = sorted({*SOLVED, DUE})
    assert sorted(n for n in files if n.startswith("exercises/")) == [f"exercises/{n}.ipynb" for n in lessons]
    given = json.loads(files["data/fixtures/manifest.json"])["lessons"]
    assert [lesson["name"] for lesson in given] == lessons
    first = release(ROOT, installed(), [NAMES[0]], [])
    with zipfile.ZipFile(BytesIO(first)) as archive:
        numbers = [n for n in archive.namelist() if n.startswith(f"{FOLDER}/data/fixtures/")]
    assert numbers == [f"{FOLDER}/data/fixtures/{NAMES[0]}.npz", f"{FOLDER}/data/fixtures/manifest.json"]


def test_the_same_course_makes_the_same_zip(packed):
    assert release(ROOT, installed(), [DUE], SOLVED) == packed


def test_a_lesson_that_does_not_exist_is_refused():
    with pytest.raises(CourseError, match="no lesson is called '99_none'"):
        release(ROOT, installed(), ["99_none"], [])


def test_an_answer_built_on_one_that_is_due_is_not_shown():
    built_on_other_lessons = next(
        e for e in COURSE.exercises if any(COURSE.exercise(n).lesson != e.lesson for n in e.uses)
    )
    with pytest.raises(CourseError, match="still due: show those lessons too"):
        release(ROOT, installed(), [DUE], [built_on_other_lessons.lesson])


def test_what_a_lesson_hands_over_is_whole_where_its_answers_are_due():
    with zipfile.ZipFile(BytesIO(release(ROOT, installed(), ["04_block"], []))) as archive:
        text = archive.read(f"{FOLDER}/solutions/headway/blocks.py").decode()
        given = json.loads(archive.read(f"{FOLDER}/data/fixtures/manifest.json"))["lessons"][0]
    names = {}
    exec(text, names)
    np.testing.assert_allclose(names["gelu"](np.array([1.0, 0.0])), [0.8413447, 0], atol=1e-7)
    with pytest.raises(NotImplementedError):
        names["silu"](1.0)
    assert "blocks.gelu" in next(one for one in given["exercises"] if one["name"] == "mlp")["prerequisites"]


HELPED = '''"""A module."""

import math

import numpy as np

_LIMIT = 3  # gives it away


def _secret(x):
    return x * _LIMIT


def _common(x):
    return x + math.pi


def due(x):
    """Due.

    x (n) -> (n)
    """
    return _secret(_common(x))


def shown(x):
    """Shown.

    x (n) -> (n)
    """
    return np.exp(_common(x))


def built_on_it(x):
    """No exercise.

    x (n) -> (n)
    """
    return due(x) + 1
'''


def test_what_only_an_answer_still_due_needs_is_left_out(tmp_path):
    (tmp_path / "some.py").write_text(HELPED)
    (tmp_path / "unasked.py").write_text("def more(x):\n    return x\n")
    made = stubbed(Library(tmp_path), ["some.due"], ["some.shown"])
    assert set(made) == {Path("some.py")}
    text = made[Path("some.py")]
    assert "_secret" not in text
    assert "_LIMIT" not in text
    assert "def _common" in text
    assert "built_on_it" not in text
    names = {}
    exec(text, names)
    assert names["shown"](0.0) > 1
    with pytest.raises(NotImplementedError):
        names["due"](1)


def test_what_is_shown_has_what_it_is_built_on_where_no_exercise_is(tmp_path):
    (tmp_path / "some.py").write_text(
        "from headway.unasked import more\n\n\ndef shown(x):\n    return more(x)\n"
    )
    (tmp_path / "unasked.py").write_text("def more(x):\n    return x\n\n\ndef other(x):\n    return -x\n")
    made = stubbed(Library(tmp_path), [], ["some.shown"])
    assert set(made) == {Path("some.py"), Path("unasked.py")}
    assert "def more" in made[Path("unasked.py")]
    assert "other" not in made[Path("unasked.py")]


def headway_grade(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_command_writes_one_file_and_says_what_is_in_it(tmp_path):
    done = headway_grade("release", DUE, "--answers", *SOLVED, "--to", tmp_path / "out")
    assert done.exit_code == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"{FOLDER}-{DUE}.zip"]
    assert f"Answers in it: {', '.join(SOLVED)}." in done.stdout
    (tmp_path / "file").write_text("")
    refused = headway_grade("release", DUE, "--to", tmp_path / "file")
    assert refused.exit_code == 1
    assert "name another folder with --to" in refused.stderr


@pytest.mark.parametrize(
    "words",
    [
        [DUE, "--answers", *SOLVED],
        ["--answers", *SOLVED, "--deadline", "", DUE],
        [DUE, "--answers", SOLVED[0], "--answers", SOLVED[1]],
        [f"--answers={SOLVED[0]}", DUE, "--answers", SOLVED[1]],
    ],
)
def test_lessons_whose_answers_may_be_seen_are_named_one_after_the_other(words, tmp_path):
    done = headway_grade("release", *words, "--to", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"{FOLDER}-{DUE}.zip"]
    assert f"Answers in it: {', '.join(SOLVED)}." in done.stdout


def test_answers_of_no_lesson_are_none(tmp_path):
    assert "Answers in it: none." in headway_grade("release", DUE, "--answers", "--to", tmp_path).stdout


AS_A_LEARNER = """
import sys

for name in ("headway_grader", "nbgrader"):
    sys.modules[name] = None
import headway_course, headway
from headway_course.asking import earlier, from_library
assert headway_course.__file__.startswith({folder!r}), headway_course.__file__
assert headway.__file__.startswith({folder!r}), headway.__file__
assert from_library("arrays.one_hot") and from_library("attention.attention") is None
print(earlier("attention.causal_mask").__name__)
"""


@pytest.fixture
def unpacked(packed, tmp_path):
    """The bundle in a folder of its own, and a way to run Python there that sees only this folder."""
    zipfile.ZipFile(BytesIO(packed)).extractall(tmp_path)
    folder = tmp_path / FOLDER
    path = os.pathsep.join([str(folder / "course"), str(folder / "solutions")])

    def run(*words):
        environment = os.environ | {"PYTHONPATH": path, "HEADWAY_HOME": str(tmp_path / "home")}
        done = subprocess.run(
            [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True
        )
        return done.stdout + done.stderr

    return folder, run


def test_a_learner_works_with_what_is_in_it(unpacked):
    folder, run = unpacked
    assert run("-c", AS_A_LEARNER.format(folder=str(folder))) == "causal_mask\n"
    assert "new" in run("-m", "headway_course", "learn", "--no-open")
    said = run("-m", "headway_course", "check", f"my/{DUE}.ipynb")
    assert "not started" in said
    assert "Traceback" not in said


WITH_A_SMALL_MODEL = """
from headway_course import small_model
kit = small_model("stories")
print(kit.model.config.width, kit.decode(kit.encode(kit.examples[0])) == kit.examples[0])
try:
    from headway.model import forward
    print(forward(kit.model, kit.encode("<end> one day")).shape)
except ImportError:
    print("no forward")
"""


def test_what_a_lesson_runs_is_there_as_soon_as_nothing_in_it_is_due(unpacked, tmp_path):
    _, run = unpacked
    assert "small_model('stories').model needs headway.model" in run(
        "-c", WITH_A_SMALL_MODEL
    )  # no lesson does

    def with_lessons(due, shown):
        shutil.rmtree(tmp_path / FOLDER)
        zipfile.ZipFile(BytesIO(release(ROOT, installed(), due, shown))).extractall(tmp_path)
        return run("-c", WITH_A_SMALL_MODEL)

    models = NAMES.index("05_models")
    assert with_lessons([NAMES[models]], NAMES[:models]) == "64 True\nno forward\n"
    assert with_lessons([], NAMES) == "64 True\n(3, 183)\n"


def test_answers_of_one_lesson_may_call_each_other_while_all_are_due(unpacked):
    folder, run = unpacked
    solved = json.loads((ROOT / "solutions" / "notebooks" / f"{DUE}.ipynb").read_text(encoding="utf-8"))
    (folder / "mine.ipynb").write_text(json.dumps(solved), encoding="utf-8")
    said = run("-m", "headway_course", "check", "mine.ipynb")
    count = len(COURSE.lesson(DUE).exercises)
    assert f"{count} of {count} exercises right" in said, said


def test_start_py_says_what_a_bundle_is_for(unpacked):
    _, run = unpacked
    assert "'grade' needs the whole repository" in run("start.py", "grade")
