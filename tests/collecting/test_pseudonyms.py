"""Grading without names: the class knows pseudonyms only, and one file leads back."""

import csv
import io
import stat

import pytest
from headway_course.errors import CourseError
from headway_grader.cli import app
from headway_grader.desk.classroom import gradebook_url, set_up
from headway_grader.desk.roster import read_roster
from headway_grader.grades import pseudonyms
from nbgrader.api import Gradebook
from test_collect import LESSON, notebook
from typer.testing import CliRunner

pytestmark = pytest.mark.slow  # a gradebook or a bundle is made

PEOPLE = "id,first_name,last_name,email\nada,Ada,Lovelace,ada@example.org\nben,Ben,Ünal,\n"


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


def test_everybody_gets_one_of_their_own_and_keeps_it(people, tmp_path):
    names = tmp_path / "names.csv"
    first = pseudonyms.extend(names, read_roster(people))
    assert len({one.pseudonym for one in first}) == 2
    people.write_text(PEOPLE + "cleo,Cleo,Marin,\n", encoding="utf-8")
    second = pseudonyms.extend(names, read_roster(people))
    before, after = ({one.id: one.pseudonym for one in found} for found in (first, second))
    assert {name: after[name] for name in before} == before
    assert len(after) == 3
    assert pseudonyms.read(names) == second


def test_the_file_is_its_owners_alone(people, tmp_path):
    pseudonyms.extend(tmp_path / "names.csv", read_roster(people))
    assert stat.S_IMODE((tmp_path / "names.csv").stat().st_mode) == 0o600


def test_a_pseudonym_says_nothing_of_its_person(people, tmp_path):
    """Two draws for the same people have nothing in common."""
    drawn = [pseudonyms.extend(tmp_path / f"{n}.csv", read_roster(people)) for n in range(2)]
    assert not {one.pseudonym for one in drawn[0]} & {one.pseudonym for one in drawn[1]}


def test_another_file_is_not_taken_for_a_list_of_pseudonyms(people):
    before = people.read_text()
    with pytest.raises(CourseError, match="is no list of pseudonyms"):
        pseudonyms.extend(people, [])
    assert people.read_text() == before


def headway_grade(*words):
    """What a command that works prints."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_week_without_names(people, tmp_path):
    names, folder, mail = tmp_path / "names.csv", tmp_path / "class", tmp_path / "mail"
    roster = tmp_path / "roster.csv"
    roster.write_text(headway_grade("pseudonyms", people, "--names", names))
    list(set_up(folder, roster))
    whose = {one.id: one.pseudonym for one in pseudonyms.read(names)}
    mail.mkdir()
    (mail / "Ben Unal_17_assignsubmission_file_x.ipynb").write_bytes(notebook())
    (mail / "ada_x.ipynb").write_bytes(notebook())
    headway_grade("collect", mail, "--class", folder, "--names", names)
    assert {path.name for path in (folder / "submitted").iterdir()} == set(whose.values())

    with Gradebook(gradebook_url(folder)) as gradebook:
        assignment = gradebook.add_assignment(LESSON)
        gradebook.add_notebook(LESSON, LESSON)
        gradebook.add_grade_cell("check-softmax", LESSON, LESSON, max_score=2, cell_type="code")
        gradebook.add_submission(LESSON, whose["ben"])
        gradebook.find_grade("check-softmax", LESSON, LESSON, whose["ben"]).auto_score = 1.5
        gradebook.db.commit()
        assert assignment.name == LESSON
    for person in ("Ada", "Lovelace", "Ben", "Ünal", "example.org"):
        assert person.encode() not in (folder / "gradebook.db").read_bytes()

    assert "Ünal" not in headway_grade("export", "--class", folder)
    (row,) = csv.DictReader(io.StringIO(headway_grade("export", "--class", folder, "--names", names)))
    assert (row["learner"], row["last_name"], row["points"]) == ("ben", "Ünal", "1.5")


def test_a_list_of_another_class_is_noticed(people, tmp_path):
    names = {one.pseudonym: one for one in pseudonyms.extend(tmp_path / "n.csv", read_roster(people))}
    row = pseudonyms.Row("p-unknown", "", "", "", LESSON, "softmax", 1, 1, 2, False, False, "")
    with pytest.raises(CourseError, match="no pseudonym is p-unknown"):
        pseudonyms.with_names([row], names)
