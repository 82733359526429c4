"""The roster as people's spreadsheets write it."""

import pytest
from headway_course.errors import CourseError
from headway_grader.desk.roster import Person, enrol, read_roster
from nbgrader.api import Gradebook

pytestmark = pytest.mark.slow  # a gradebook or a bundle is made


@pytest.fixture
def roster(tmp_path):
    def write(content):
        path = tmp_path / "people.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_an_id_is_enough(roster):
    assert read_roster(roster("id\nada\nben\n")) == [Person("ada"), Person("ben")]


def test_columns_may_stand_in_any_order_beside_others(roster):
    [ada] = read_roster(roster("group,last_name,id,first_name\n7,Okafor,ada,Ada\n"))
    assert ada == Person("ada", "Ada", "Okafor")


def test_a_spreadsheets_byte_order_mark_and_blank_lines_do_no_harm(roster):
    assert read_roster(roster(b"\xef\xbb\xbfid,first_name\r\n ada ,Ada\r\n\r\n,\r\n")) == [
        Person("ada", "Ada")
    ]


def test_semicolons_between_columns_are_read_too(roster):
    assert read_roster(roster("id;first_name;last_name\nada;Ada;Okafor\n")) == [
        Person("ada", "Ada", "Okafor")
    ]


@pytest.mark.parametrize("name", ["ada lovelace", "../ada", ".ada", "a/b", "a+b", "*"])
def test_an_id_that_cannot_name_a_folder_is_refused_with_its_line(roster, name):
    with pytest.raises(CourseError, match=r"line 3 of .*cannot be an id"):
        read_roster(roster(f"id\nben\n{name}\n"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name,email\nAda,a@b\n", "has the columns name, email: expected a column called id"),
        ("id\nada\nben\nada\n", "ada more than once"),
        (b"id\n\xff\xfe\n", "no CSV in UTF-8"),
        ("", "is empty: expected a column called id"),
    ],
)
def test_what_is_no_roster_says_what_is_expected(roster, content, said):
    with pytest.raises(CourseError, match=said):
        read_roster(roster(content))


def test_a_roster_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"people\.csv \(No such file"):
        read_roster(tmp_path / "people.csv")


def test_enrolling_again_brings_names_up_to_date_and_takes_nothing_away(tmp_path):
    db_url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    assert enrol(db_url, [Person("ada", "Ada", "Okafor", "ada@example.org"), Person("ben")]) == (2, 2)
    assert enrol(db_url, [Person("ada", last_name="Byron"), Person("cleo")]) == (3, 1)
    with Gradebook(db_url) as gradebook:
        people = {person.id: person for person in gradebook.students}
        ada = people["ada"]
        assert (ada.first_name, ada.last_name, ada.email) == ("Ada", "Byron", "ada@example.org")
        assert sorted(people) == ["ada", "ben", "cleo"]
