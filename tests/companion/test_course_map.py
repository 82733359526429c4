"""The map of the course, how far one is on it, and what to do next."""

import random
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from headway_course import give_up, manifest, model_answer, next_up, progress
from headway_course.cli import app
from headway_course.errors import CourseError
from headway_course.manifest import Lesson, Manifest
from headway_course.record.course_map import WIDTH, _boxes, directly, picture
from headway_course.record.proposals import proposals
from headway_course.record.store import Entry, State, begin, record
from typer.testing import CliRunner

SVG = "{http://www.w3.org/2000/svg}"
PASSED, GAVE_UP = Entry(7, 7, passed="2026-01-02"), Entry(gave_up="2026-01-01")


@pytest.fixture
def mine(tmp_path, monkeypatch):
    begin(tmp_path / "my")
    monkeypatch.chdir(tmp_path / "my")


def chain(exercise, uses):
    """A course of one lesson, from name → names of all that its answer is built on."""
    made = tuple(replace(exercise, name=name, uses=tuple(on)) for name, on in uses.items())
    return Manifest((Lesson("01_tiny", "Tiny", made, ()),))


def large(exercise, lessons=24, each=5):
    """A course of many exercises, each built on some before it and on all that these are built on."""
    rng, made, uses = random.Random(3), [], {}
    for number in range(lessons):
        row = []
        for place in range(each):
            name = f"a_rather_long_name_{number}_{place}"
            some = rng.sample(sorted(uses), min(len(uses), rng.choice([0, 1, 2])))
            uses[name] = sorted(set(some).union(*(uses[other] for other in some)))
            row.append(replace(exercise, name=name, uses=tuple(uses[name])))
        made.append(Lesson(f"{number:02}_x", f"{number:02} · Title", tuple(row), ()))
    return Manifest(tuple(made))


def reachable(course):
    """By following arrows one at a time, what each exercise is built on."""
    arrows = {exercise.name: directly(exercise, course) for exercise in course.exercises}
    found = {}
    for start in arrows:
        seen, pending = set(), list(arrows[start])
        while pending:
            name = pending.pop()
            if name not in seen:
                seen.add(name)
                pending += arrows[name]
        found[start] = seen
    return found


def test_arrows_skip_what_other_arrows_lead_to(exercise):
    course = chain(exercise, {"a": [], "b": ["a"], "c": ["a", "b"], "d": ["a"]})
    assert [directly(e, course) for e in course.exercises] == [(), ("a",), ("b",), ("a",)]


def test_by_its_arrows_one_comes_to_everything_an_exercise_is_built_on(exercise):
    course = large(exercise)
    assert reachable(course) == {e.name: set(e.uses) for e in course.exercises}


@pytest.mark.parametrize("width", [WIDTH, 690])
def test_boxes_stay_on_the_paper_and_apart(exercise, width):
    boxes = list(_boxes(large(exercise), width))
    assert len(boxes) == 120
    for box in boxes:
        assert box.x >= 0
        assert box.x + box.width <= width
    for one, other in pairwise(boxes):
        assert other.y > one.y or other.x >= one.x + one.width


@pytest.mark.parametrize("width", [WIDTH, 686, 360])
def test_no_arrow_passes_behind_a_box(exercise, width):
    course = large(exercise)
    boxes = list(_boxes(course, width))
    paths = [path.get("d") for path in ET.fromstring(picture(course, width=width)).iter(f"{SVG}path")]
    assert len(paths) > 50
    for x, y in np.concatenate([points_of(path) for path in paths]):
        inside = (b for b in boxes if b.x + 1 < x < b.x + b.width - 1 and b.y + 1 < y < b.y + 37)
        assert next(inside, None) is None


def points_of(path):
    """Points along a path of curves (C) and upright lines (V)."""
    t = np.linspace(0, 1, 21)[:, None]
    weights = np.concatenate([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], axis=1)
    found, at = [], None
    for letter, numbers in re.findall(r"([MCV])([-\d., ]+)", path):
        values = np.array(re.findall(r"-?[\d.]+", numbers), dtype=float)
        corners = np.array([[at[0], values[0]]]) if letter == "V" else values.reshape(-1, 2)
        if letter == "C":
            found.append(weights @ np.vstack([at, corners]))
        elif letter == "V":
            found.append(np.linspace(at, corners[0], 9))
        at = corners[-1]
    return np.concatenate(found)


def test_the_picture_is_svg_with_a_description_every_exercise_and_every_arrow(exercise):
    course = large(exercise)
    tree = ET.fromstring(picture(course))
    assert tree.get("aria-label").startswith("Map of the course: 120 exercises in 24 lessons")
    words = [text.text for text in tree.iter(f"{SVG}text")]
    assert {e.name for e in course.exercises} <= set(words)
    assert len(list(tree.iter(f"{SVG}path"))) == sum(len(directly(e, course)) for e in course.exercises)


def test_a_state_is_told_by_a_mark_and_in_words_not_by_colour_alone(exercise):
    course = chain(exercise, {"a": [], "b": [], "c": [], "d": []})
    entries = {"a": PASSED, "b": GAVE_UP, "c": Entry(3, 7), "d": Entry()}
    tree = ET.fromstring(picture(course, entries))
    titles = [title.text for title in tree.iter(f"{SVG}title")]
    for said in ("passed", "model answer seen", "begun: right in 3 of 7 groups", "open"):
        assert sum(said in title for title in titles) == 1
    marks = "".join(text.text for text in tree.iter(f"{SVG}text"))
    assert all(mark in marks for mark in "✓◐◇")


def test_on_a_website_every_box_is_a_link(exercise):
    course = chain(exercise, {"a": [], "b": ["a"]})
    tree = ET.fromstring(picture(course, link=lambda e: f"lessons/{e.lesson}.html?a=1&b=2#{e.name}"))
    links = [a.get("href") for a in tree.iter(f"{SVG}a")]
    assert links == [f"lessons/01_tiny.html?a=1&b=2#{name}" for name in "ab"]


def contrast(one, other):
    def light(colour):
        parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    low, high = sorted([light(one), light(other)])
    return (high + 0.05) / (low + 0.05)


def test_words_can_be_read_on_every_colour_of_a_box(exercise):
    course = chain(exercise, {"a": [], "b": [], "c": [], "d": []})
    tree = ET.fromstring(picture(course, {"a": PASSED, "b": GAVE_UP, "c": Entry(3, 7), "d": Entry()}))
    for group in tree.iter(f"{SVG}g"):
        (box,) = group.iter(f"{SVG}rect")
        for text in group.iter(f"{SVG}text"):
            assert contrast(text.get("fill"), box.get("fill")) >= 4.5


def test_what_is_begun_comes_first_and_nothing_before_its_foundations(exercise):
    course = chain(exercise, {"a": [], "b": ["a"], "c": ["a", "b"], "d": [], "e": []})
    entries = dict.fromkeys("abcde", Entry()) | {"e": Entry(2, 7)}
    assert [p.exercise.name for p in proposals(course, entries)] == ["e", "a", "d"]
    entries |= {"a": PASSED, "e": PASSED}
    assert [p.exercise.name for p in proposals(course, entries)] == ["b", "d"]
    entries |= {"b": GAVE_UP, "d": PASSED}
    assert [p.exercise.name for p in proposals(course, entries)] == ["c"]
    assert proposals(course, dict.fromkeys("abcde", PASSED)) == ()


def test_every_proposal_says_why(exercise):
    course = chain(exercise, {"a": [], "b": ["a"], "c": ["a"], "d": []})
    entries = dict.fromkeys("abcd", Entry())
    reasons = {p.exercise.name: p.reason for p in proposals(course, entries)}
    assert reasons == {"a": "b and c are built on it", "d": "next in its lesson"}
    entries |= {"a": PASSED, "b": Entry(3, 7)}
    reasons = {p.exercise.name: p.reason for p in proposals(course, entries)}
    assert reasons["b"] == "begun, 3 of 7 groups are right"
    assert reasons["c"] == "you have a, on which it is built"


def test_of_this_course_everything_can_be_reached_by_following_the_proposals(mine):
    course = manifest.load()
    entries, order = dict.fromkeys((e.name for e in course.exercises), Entry()), []
    while found := proposals(course, entries, count=1):
        order.append(found[0].exercise.name)
        entries |= {order[-1]: PASSED}
    assert sorted(order) == sorted(entries)
    for exercise in course.exercises:
        assert all(order.index(name) < order.index(exercise.name) for name in exercise.uses)


def test_this_course_knows_what_its_answers_are_built_on():
    uses = {exercise.name: set(exercise.uses) for exercise in manifest.load().exercises}
    assert uses["cross_entropy"] == {"log_softmax"}
    assert {"attention", "split_heads", "merge_heads", "softmax"} <= uses["multi_head_attention"]
    assert uses["causal_mask"] == set()


def test_the_model_answer_waits_for_a_pass_or_for_giving_up(course, mine):
    waiting = model_answer("softmax")
    assert "np.exp" not in waiting.html
    assert 'give_up("softmax")' in repr(waiting)
    assert "np.exp" in repr(give_up("softmax"))
    assert record().entry("softmax").state is State.GIVEN_UP
    assert "np.exp" in repr(model_answer("softmax"))


def test_the_model_answer_is_there_after_a_pass(course, mine):
    record().note("softmax", 7, 7, "def softmax(Z): ...\n")
    assert "def softmax" in repr(model_answer("softmax"))
    assert record().entry("softmax").gave_up == ""


def test_without_the_library_the_model_answer_says_where_it_is(course, mine, monkeypatch):
    monkeypatch.setattr("headway_course.record.showing.from_library", lambda target: None)
    assert "with the next release or with your feedback" in repr(give_up("softmax"))


def test_an_unknown_name_is_refused_and_not_marked(course, mine):
    with pytest.raises(CourseError, match="did you mean softmax"):
        give_up("sofmax")
    with pytest.raises(CourseError, match="name an exercise"):
        model_answer(3)
    assert list(record().folder.iterdir()) == []


def test_progress_names_every_exercise_in_html_and_in_text(course, mine):
    record().note("softmax", 3, 7)
    shown = progress()
    assert "softmax (begun: right in 3 of 7 groups)" in repr(shown)
    assert 'alt="Map of the course: 2 exercises in 1 lesson; 1 begun."' in shown.html
    assert "<script" not in shown.html
    assert "The same as a list" in shown.html


def test_the_verbs_say_the_same_as_the_notebook(course, mine):
    run = CliRunner().invoke
    assert run(app, ["progress"]).stdout.strip() == repr(progress())
    assert run(app, ["next"]).stdout.strip() == repr(next_up())
    assert "has not passed yet" in run(app, ["answer", "softmax"]).stdout
    assert "def softmax" in run(app, ["give-up", "softmax"]).stdout
    assert "def softmax" in run(app, ["answer", "softmax"]).stdout
    assert run(app, ["answer", "nothing"]).exit_code == 2


def test_the_verbs_find_the_notebooks_that_learn_keeps(course, tmp_path, monkeypatch):
    begin(tmp_path / "my")
    monkeypatch.setattr("headway_course.sync.default_folder", lambda: tmp_path / "my")
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(app, ["give-up", "softmax"])
    monkeypatch.chdir(tmp_path / "my")
    assert record().entry("softmax").state is State.GIVEN_UP
