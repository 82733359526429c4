"""What is in the three wheels, opened and looked at."""

import ast
import json
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest
from headway_course import manifest
from headway_grader.library import installed

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheels")
    for distribution in ("solutions", "course", "autograder"):
        pip("wheel", "--no-build-isolation", "-w", folder, ROOT / distribution)
    return {wheel.name.split("-")[0]: wheel for wheel in folder.glob("*.whl")}


def pip(verb, *arguments):
    subprocess.run(
        [sys.executable, "-m", "pip", verb, "-q", "--no-deps", "--no-index", *arguments], check=True
    )


def squeezed(source):
    return "".join(source.split())


def answer_lines():
    """Every statement of a library function long enough to give something away, without spaces."""
    for file in (ROOT / "solutions" / "headway").rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        for function in ast.walk(ast.parse(source)):
            if isinstance(function, ast.FunctionDef) and function.name not in handed_over():
                for statement in function.body:
                    text = squeezed(ast.get_source_segment(source, statement))
                    is_prose = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
                    if not is_prose and len(text) > 20:
                        yield function.name, text


@cache
def handed_over():
    """Functions that answers may call and nobody is asked for, with what they call: learners get these."""
    course, library = manifest.load().exercises, installed()
    given = {target for each in course for target in each.prerequisites} - {each.target for each in course}
    return {target.rpartition(".")[2] for one in given for target in (one, *library.closure(one))}


def texts(wheel):
    """Every text of a wheel: Python files, and the cells of notebooks."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(".ipynb"):
                cells = json.loads(archive.read(name))["cells"]
                yield name, "\n".join("".join(cell["source"]) for cell in cells)
            elif not name.endswith((".npz", "RECORD")):
                yield name, archive.read(name).decode("utf-8")


def test_no_answer_is_in_the_learners_wheel(wheels):
    answers = list(answer_lines())
    assert len(answers) > 10
    found = [
        f"{name} has a line of {function}: {line}"
        for name, text in texts(wheels["headway_course"])
        for function, line in answers
        if line in squeezed(text)
    ]
    assert not found


def test_the_search_for_answers_finds_them_where_they_are(wheels):
    library = squeezed("".join(text for _, text in texts(wheels["headway"])))
    assert all(line in library for _, line in answer_lines())


def test_the_learners_wheel_holds_the_companion_the_notebooks_and_public_fixtures_only(wheels):
    names = zipfile.ZipFile(wheels["headway_course"]).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"headway_course"}
    made = [f"def {name}_inputs(" for name in ("softmax", "attention")] + ["@mistake(", "@honest("]
    assert not [name for name, text in texts(wheels["headway_course"]) for line in made if line in text]
    assert all(any(line in text for _, text in texts(wheels["headway_grader"])) for line in made)
    assert not [name for name in names if "wrong" in name or "hidden" in name]
    assert any(name.endswith("manifest.json") for name in names)
    assert any(name.endswith("01_softmax.ipynb") for name in names)


def test_check_works_from_the_learners_wheel_alone(wheels, tmp_path):
    pip("install", "--target", tmp_path, wheels["headway_course"])
    program = """
import sys
sys.modules["headway"] = sys.modules["headway_grader"] = None  # not installed
import numpy as np
from headway_course import check
def softmax(Z):
    Z = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return Z / Z.sum(axis=-1, keepdims=True)
print(check.__code__.co_filename)
print(check(softmax).status)
from headway_course import small_model
print(small_model("stories").name)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    file, status, model = done.stdout.split()
    assert Path(file).is_relative_to(tmp_path)
    assert (status, model) == ("pass", "stories")
