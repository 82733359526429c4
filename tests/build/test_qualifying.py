"""The Qualifier follows the lessons: nothing in it is written twice, and nothing of an author's is lost."""

import json

from headway_course import manifest
from headway_course.manifest import CHECKS
from headway_grader.build.qualifying import FILE, FOLDER, NAME

SCRIPT = f"{FOLDER}/{FILE}.py"


def asked(course):
    manifest.load.__globals__["_read"].cache_clear()
    made = manifest.load(course.root / "data/fixtures/manifest.json")
    return [each.name for each in made.lesson(NAME).exercises]


def test_it_has_the_exercises_of_part_1_by_difficulty(tiny):
    tiny.edit("01_doubling", "level=1", "level=5")
    tiny.edit("02_again", "level=5", "level=2")
    tiny.build()
    assert asked(tiny) == ["quadruple", "double"]
    text = (tiny.root / SCRIPT).read_text(encoding="utf-8")
    first = text.index("# 1. quadruple · rather easy · 1.5 points · builds on double\ndef quadruple(")
    assert first < text.index("# 2. double · very hard · 2 points\ndef double(")


def test_a_lesson_that_is_written_later_flows_in(tiny):
    text = (tiny.lessons / "02_again.py").read_text(encoding="utf-8")
    (tiny.lessons / "02_again.py").unlink()
    tiny.build()
    assert asked(tiny) == ["double"]
    tiny.write("06_again", text)
    assert {SCRIPT, f"{FOLDER}/{FILE}.npz"} <= set(tiny.check())
    tiny.build()
    assert asked(tiny) == ["double", "quadruple"]


def test_lessons_of_other_parts_are_not_in_it(tiny):
    (tiny.lessons / "02_again.py").rename(tiny.lessons / "07_again.py")
    tiny.build()
    assert asked(tiny) == ["double"]
    (tiny.lessons / "01_doubling.py").rename(tiny.lessons / "00_doubling.py")
    (tiny.lessons / "07_again.py").rename(tiny.lessons / "06_again.py")
    tiny.build()
    assert asked(tiny) == ["quadruple"]


def test_a_course_without_part_1_has_none(tiny):
    for old, new in (("01_doubling", "07_doubling"), ("02_again", "08_again")):
        (tiny.lessons / f"{old}.py").rename(tiny.lessons / f"{new}.py")
    tiny.build()
    assert not (tiny.root / FOLDER).exists()
    assert manifest.load(tiny.root / "data/fixtures/manifest.json").selections == ()


def test_what_it_was_made_of_and_is_no_more_goes_and_an_authors_own_stays(tiny):
    tiny.build()
    notes = tiny.root / FOLDER / "notes.py"
    notes.write_text("mine", encoding="utf-8")
    old = tiny.root / FOLDER / CHECKS / "judging" / "old.py"
    old.write_text("", encoding="utf-8")
    assert tiny.check() == {f"{FOLDER}/{CHECKS}/judging/old.py": "no lesson asks for this file"}
    tiny.build()
    assert not old.exists()
    assert notes.read_text(encoding="utf-8") == "mine"


def test_an_edit_of_what_is_generated_is_drift(tiny):
    tiny.build()
    for name in (f"{FILE}.py", f"{FILE}.ipynb", f"{CHECKS}/judging/compare.py", f"{CHECKS}/problems.json"):
        path = tiny.root / FOLDER / name
        text = path.read_text(encoding="utf-8")
        path.write_text(text + " ", encoding="utf-8")
        assert set(tiny.check()) == {f"{FOLDER}/{name}"}
        path.write_text(text, encoding="utf-8")
    assert tiny.check() == {}


def test_an_answer_stands_alone_though_its_lesson_imports_for_it(tiny):
    """The library's `double` needs math, which a cell of a lesson may import and the Qualifier does not."""
    tiny.edit("01_doubling", "import numpy as np\n", "import math\n\nimport numpy as np\n")
    tiny.build()
    source = tiny.root / "autograder" / "source" / NAME / f"{NAME}.ipynb"
    cells = json.loads(source.read_text(encoding="utf-8"))["cells"]
    (double,) = ("".join(cell["source"]) for cell in cells if cell["id"] == "double")
    assert "import math" in double


def test_each_copy_says_what_it_was_made_from(tiny):
    tiny.build()
    for path in (tiny.root / FOLDER / CHECKS).rglob("*.py"):
        assert "Made by headway-build" in path.read_text(encoding="utf-8").partition("\n")[0]
        assert "headway_course" not in path.read_text(encoding="utf-8").partition("\n")[2]
