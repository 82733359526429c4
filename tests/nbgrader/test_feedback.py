"""What comes back: the learner's page, an instructor's word that stays, a preview, and a table."""

import csv
import io
import json
import re
from copy import deepcopy
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from course_root import LESSON, POINTS
from headway_course import manifest
from headway_course.checking.cases import public_fixture
from headway_course.errors import CourseError
from headway_grader import wrong
from headway_grader.cli import app
from headway_grader.feedback.judged import write_pages
from headway_grader.feedback.page import Page, Part, points_in, render, written
from headway_grader.grades import exporting, overriding
from headway_grader.grades.preview import changes
from headway_grader.hidden import hidden_fixtures
from headway_grader.records import Record
from nbgrader.api import Gradebook
from test_frontdoor import StandIn, a_verdict, answered, judge  # noqa: F401
from typer.testing import CliRunner

pytestmark = pytest.mark.slow

RUNS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://tracker.example/x.png'>",
    "![a](https://tracker.example/y.png)",
    "[click](javascript:alert(1))",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<iframe src='https://tracker.example'></iframe>",
    "<style>body{background:url(https://tracker.example)}</style>",
    "<form action='https://tracker.example'><input name=x></form>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
]


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def what_acts(html):
    """Tags and attributes that could load or run something."""
    acting = {"script", "img", "iframe", "svg", "object", "embed", "form", "input", "link", "base", "video"}
    for tag, attributes in Tags(html).found:
        if tag in acting:
            yield tag
        for name, value in attributes.items():
            if name.startswith("on") or (
                name in ("href", "src", "action") and not (value or "").startswith("#")
            ):
                yield f"{tag} {name}={value}"


def page(course, learner="ada"):
    done = course.api.generate_feedback(LESSON, learner)
    assert done["success"], done
    return (course.root / "feedback" / learner / LESSON / f"{LESSON}.html").read_text(encoding="utf-8")


@pytest.fixture
def graded(course, judge):  # noqa: F811
    """A class in which ada has a partly right softmax and an answer in words."""
    judge.verdicts["ada"] = [
        a_verdict(points=1, message="You sum over the wrong axis."),
        a_verdict("logsumexp"),
    ]
    course.hand_in("ada", answered(course))
    assert course.autograde()["success"]
    return course


def url(course):
    return course.config.CourseDirectory.db_url


def test_a_page_says_what_was_found_what_it_is_worth_and_what_to_try(graded):
    html = page(graded)
    hints = manifest.load().exercise("softmax").hints
    for said in (
        "01 · Softmax",
        "3 of 6 points",
        "You sum over the wrong axis.",
        "1 answer waits for a person",
    ):
        assert said in html
    assert html.count("<summary>Hint ") == len(hints)
    assert "return" in re.sub("<[^>]+>", "", html)
    assert "Because of e." in html


@pytest.mark.parametrize("text", RUNS)
def test_nothing_that_people_write_loads_or_runs(course, judge, text):  # noqa: F811
    nb = answered(course)
    nb.cells[-1].source = text
    nb.cells[1].source = f'def softmax(Z):\n    """{text}"""\n    return Z'
    judge.verdicts["ada"] = [a_verdict(message=text), a_verdict("logsumexp")]
    course.hand_in("ada", nb)
    course.autograde()
    overriding.override(url(course), "ada", LESSON, "softmax", 1, text)
    assert not list(what_acts(page(course)))


def test_the_search_for_what_acts_finds_it():
    for text in RUNS[:3]:
        assert list(what_acts(text))


def test_form_stays_where_it_is_harmless():
    html = written("*now* `x` <b>no</b>\n\n- one\n- two")
    assert "<em>now</em>" in html
    assert html.count("<li>") == 2
    assert "<b>" not in html


def test_an_instructors_word_is_read_by_the_learner_and_survives_grading_again(graded):
    said = overriding.override(url(graded), "ada", LESSON, "softmax", 2, "Your *idea* is right.")
    assert said == f"ada, {LESSON}, softmax: 2 instead of 1 points"
    for _ in range(2):
        html = page(graded)
        assert "Your <em>idea</em> is right." in html
        assert "Your instructor set these points. The judge gave 1." in html
        assert "4 of 6 points" in html
        graded.hand_in("ada", answered(graded))
        assert graded.autograde()["success"]
    assert overriding.undo(url(graded), "ada", LESSON, "softmax").endswith(
        "1 points again, as the judge gave them"
    )
    assert "3 of 6 points" in page(graded)


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (("eve", LESSON, "softmax", 1, "n"), "eve has no graded"),
        (("ada", "02_none", "softmax", 1, "n"), "ada has no graded 02_none"),
        (("ada", LESSON, "softmx", 1, "n"), "no 'softmx'; there are logsumexp, softmax, why-exp"),
        (("ada", LESSON, "softmax", 3, "n"), "worth 0 to 2 points, not 3"),
        (("ada", LESSON, "softmax", -1, "n"), "worth 0 to 2 points, not -1"),
        (("ada", LESSON, "softmax", float("nan"), "n"), "not nan"),
        (("ada", LESSON, "softmax", 1, " "), "needs a note"),
    ],
)
def test_an_override_that_makes_no_sense_changes_nothing(graded, what, says):
    before = exporting.rows(url(graded))
    with pytest.raises(CourseError, match=re.escape(says)):
        overriding.override(url(graded), *what)
    assert exporting.rows(url(graded)) == before


def test_a_question_is_graded_by_the_same_word(graded):
    overriding.override(url(graded), "ada", LESSON, "why-exp", 1.5, "Nearly.")
    html = page(graded)
    assert "4.5 of 6 points." in html
    assert "waits" not in html


def test_points_that_a_person_gave_are_not_called_unread_after_grading_again(graded):
    overriding.override(url(graded), "ada", LESSON, "why-exp", 1.5, "Nearly.")
    assert graded.autograde()["success"]
    html = page(graded)
    assert "4.5 of 6 points." in html
    assert "not read" not in html
    assert "Nearly." in html


def test_a_preview_says_what_would_change(graded):
    with pytest.raises(CourseError, match="generate it first"):
        changes(graded.root, LESSON)
    page(graded)
    assert [str(one) for one in changes(graded.root, LESSON)] == [
        "ada: 3 of 6 points, nothing released before"
    ]
    told = graded.root / "feedback_released" / "ada" / f"{LESSON}.html"
    told.parent.mkdir(parents=True)
    told.write_text(page(graded), encoding="utf-8")
    assert str(changes(graded.root, LESSON)[0]) == "ada: 3 of 6 points, as released before"
    overriding.override(url(graded), "ada", LESSON, "softmax", 2, "Yes.")
    page(graded)
    assert str(changes(graded.root, LESSON)[0]) == "ada: 4 of 6 points, 3 were released before (+1)"


def test_a_pages_points_can_be_read_again():
    made = render(Page("T", (Part("a", 1.25, 2, "some points"), Part("b", 3, 3, "all points")), late=0.5))
    assert points_in(made) == (3.75, 5)
    assert points_in("<html>") is None


def test_the_table_has_a_row_for_each_exercise_and_question(graded):
    overriding.override(url(graded), "ada", LESSON, "softmax", 2, "Yes.")
    found = list(csv.DictReader(io.StringIO(exporting.table(exporting.rows(url(graded))))))
    assert [(row["name"], row["judged"], row["points"], row["of"]) for row in found] == [
        ("logsumexp", "2.0", "2.0", "2.0"),
        ("softmax", "1.0", "2.0", "2.0"),
        ("why-exp", "", "0.0", "2.0"),
    ]
    assert [row["overridden"] for row in found] == ["no", "yes", "no"]
    assert [row["waiting"] for row in found] == ["no", "no", "yes"]
    assert found[1]["note"] == "Yes."


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "\uff1d1"])
def test_a_spreadsheet_runs_nothing_of_it(graded, name):
    with Gradebook(url(graded)) as gradebook:
        gradebook.update_or_create_student("ada", first_name=name)
    overriding.override(url(graded), "ada", LESSON, "softmax", 2, f"{name} in the note")
    for row in csv.reader(io.StringIO(exporting.table(exporting.rows(url(graded))), newline="")):
        assert not [cell for cell in row if re.match(r"\s*[=+\-@\uff1d]|[\t\r]", cell)]


def test_the_commands_do_the_same(graded):
    def told(*words):
        return CliRunner().invoke(app, [*words, "--class", str(graded.root)])

    overridden = told("override", "ada", LESSON, "softmax", "2", "--note", "Yes.")
    assert overridden.exit_code == 0
    assert "2 instead of 1 points" in overridden.stdout
    page(graded)
    assert "ada: 4 of 6 points" in told("preview", LESSON).stdout
    exported = told("export")
    assert exported.exit_code == 0
    assert exported.stdout.startswith("learner,first_name")
    assert told("override", "ada", LESSON, "softmax", "--undo").exit_code == 0
    without_points = told("override", "ada", LESSON, "softmax")
    assert without_points.exit_code == 1
    assert "say how many points" in without_points.stderr
    too_few = told("override", "ada", LESSON, "softmax", "-1", "--note", "No.")
    assert too_few.exit_code == 1
    assert "worth 0 to 2 points, not -1" in too_few.stderr


def public_values(name):
    """Every number in an exercise's public cases: what goes in, what is due, what mistakes give."""
    fixture = public_fixture(manifest.load().exercise(name), manifest.public_fixtures())
    for case in fixture.cases:
        for value in (*case.inputs.values(), case.expected, *case.wrong.values()):
            for array in value if isinstance(value, tuple) else (value,):
                yield from array.astype(float).ravel()


def is_among(token, values):
    """Whether a printed number is one of these, rounded as it is."""
    decimals = len(token.partition(".")[2])
    return bool(np.any(np.abs(values - float(token)) <= 0.51 * 10.0**-decimals))


def test_every_number_in_the_feedback_of_wrong_answers_is_a_public_one(course, monkeypatch, tmp_path):
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "home"))
    for name in POINTS:
        for slug, answer in wrong.mistakes(name).items():
            nb = deepcopy(course.released())
            for cell in nb.cells:
                if cell.id == name:
                    cell.source = f"import numpy as np\n\n{answer.source}"
            course.hand_in(slug, json.dumps(nb).encode())
    assert course.autograde()["success"]
    seen = 0
    for name in POINTS:
        values = np.array(list(public_values(name)))
        for slug in wrong.mistakes(name):
            html = page(course, slug)
            assert str(tmp_path) not in html
            said = re.sub("<style.*?</style>|<summary>What you.*?</details>", "", html, flags=re.DOTALL)
            tokens = re.findall(r"-?\d+\.\d{3,}", said)
            assert [token for token in tokens if not is_among(token, values)] == [], slug
            seen += len(tokens)
    assert seen > 10


def test_a_hidden_number_would_be_seen():
    values = np.array(list(public_values("softmax")))
    (fixture, *_) = [f for n, f in hidden_numbers().items() if n == "softmax"]
    tokens = [f"{x:.6f}" for case in fixture.cases for x in case.expected.ravel()[:4] if 0.01 < x < 0.99]
    assert sum(not is_among(token, values) for token in tokens) > len(tokens) / 2


def hidden_numbers():
    return hidden_fixtures(manifest.load().lesson(LESSON))


@pytest.mark.parametrize("learner", ["..", ".", "", "a/b", "../c"])
def test_no_page_is_written_outside_its_folder(tmp_path, learner):
    record = Record(learner, LESSON, "one.py", "", (), ())
    with pytest.raises(CourseError, match="can have no folder"):
        list(write_pages([record], [], manifest.load(), tmp_path / "deep" / "pages"))
    assert not list(tmp_path.rglob("*.html"))


def test_the_fast_door_writes_the_same_sort_of_page_for_everybody(tmp_path, monkeypatch):
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "home"))
    example = Path(__file__).parents[2] / "data" / "example_class"
    done = CliRunner().invoke(app, ["feedback", str(example), "--to", str(tmp_path / "pages")])
    assert done.exit_code == 0
    pages = {
        p.relative_to(tmp_path / "pages").as_posix(): p.read_text() for p in tmp_path.glob("pages/*/*.html")
    }
    assert f"{len(pages)} page(s) in" in done.stdout
    expected = csv.DictReader((example / "expected.csv").read_text().splitlines())
    assert set(pages) == {f"{row['learner']}/{row['assignment']}.html" for row in expected}
    assert "by summing over the first axis" in pages["wrong-axis/01_softmax.html"]
    for html in pages.values():
        assert not list(what_acts(html))
        assert str(tmp_path) not in html
