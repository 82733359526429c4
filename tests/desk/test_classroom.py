"""A class in a folder of its own: made once, then kept."""

import shutil
from pathlib import Path

import pytest
from headway_course.errors import CourseError
from headway_grader.desk import classroom
from nbgrader.api import Gradebook

pytestmark = pytest.mark.slow  # a gradebook or a bundle is made

ROOT = Path(__file__).parents[2]


ROSTER = "id,first_name,last_name\nada,Ada,Okafor\nben,Ben,Lindqvist\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A class of two, made once, for to make a gradebook takes nbgrader seconds."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "people.csv").write_text(ROSTER)
    list(classroom.set_up(folder / "class", folder / "people.csv"))
    return folder


@pytest.fixture
def folder(made, tmp_path):
    return shutil.copytree(made / "class", tmp_path / "class")


@pytest.fixture
def people(made, tmp_path):
    return Path(shutil.copy(made / "people.csv", tmp_path))


def contents(folder):
    """Every file but the gradebook, which notes when it was opened."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "gradebook.db")
    return {path.relative_to(folder): path.read_bytes() for path in files}


def learners(folder):
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return sorted(learner.id for learner in gradebook.students)


def test_a_class_has_every_lesson_and_the_roster(folder):
    ours = {path.name: path.read_bytes() for path in ROOT.glob("autograder/source/*/*.ipynb")}
    assert {path.name: path.read_bytes() for path in folder.glob("source/*/*.ipynb")} == ours
    assert learners(folder) == ["ada", "ben"]


def test_others_cannot_look_into_a_class(made):
    assert (made / "class").stat().st_mode & 0o077 == 0


def test_a_second_run_changes_nothing(folder, people):
    before = contents(folder)
    said = list(classroom.set_up(folder, people))
    assert contents(folder) == before
    assert "source/01_softmax: up to date" in said
    assert "learners on the roster: 2, of them new: 0" in said


def test_what_the_instructor_changed_stays_and_is_named(folder):
    mine, config = folder / "source" / "01_softmax" / "01_softmax.ipynb", folder / "nbgrader_config.py"
    mine.write_text("mine")
    config.write_text(config.read_text() + "\n# mine\n")
    before = contents(folder)
    said = list(classroom.set_up(folder))
    assert contents(folder) == before
    assert any(line.startswith("source/01_softmax: yours stays") for line in said)


def test_a_lesson_that_is_missing_comes_back(folder):
    before = contents(folder)
    shutil.rmtree(folder / "source" / "01_softmax")
    assert "source/01_softmax: new" in list(classroom.set_up(folder))
    assert contents(folder) == before


def test_a_new_roster_adds_people_and_removes_nobody(folder, people):
    people.write_text("id\ncleo\n")
    list(classroom.set_up(folder, people))
    assert learners(folder) == ["ada", "ben", "cleo"]


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to_ada.txt").write_text("Dear Ada")
    with pytest.raises(CourseError, match="name an empty folder"):
        list(classroom.set_up(tmp_path / "letters"))
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["to_ada.txt"]


def test_a_roster_that_cannot_be_read_makes_no_class(tmp_path):
    with pytest.raises(CourseError, match="roster"):
        list(classroom.set_up(tmp_path / "class", tmp_path / "nobody.csv"))
    assert not (tmp_path / "class").exists()


def test_what_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CourseError, match="cannot write into"):
        list(classroom.set_up(tmp_path / "file" / "class"))


def test_the_example_class_has_handed_in_and_is_on_the_roster(tmp_path):
    folder = tmp_path / "example"
    list(classroom.set_up(folder, example=True))
    handed_in = ROOT / "data" / "example_class" / "submitted"
    ours = {path.relative_to(handed_in): path.read_bytes() for path in handed_in.rglob("*.ipynb")}
    assert {
        p.relative_to(folder / "submitted"): p.read_bytes() for p in folder.rglob("submitted/**/*.ipynb")
    } == ours
    assert learners(folder) == sorted(path.name for path in handed_in.iterdir())


def test_nothing_of_the_example_class_is_seen_by_git():
    assert f"/{classroom.example_folder().name}/" in (ROOT / ".gitignore").read_text().split()
