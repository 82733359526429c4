"""Downloads of Moodle and Canvas, and mail attachments: each file comes to its learner, or is said not to."""

import json
import shutil
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from headway_course import manifest
from headway_course.errors import CourseError
from headway_grader.cli import app
from headway_grader.collecting.collect import BEFORE, collect, summary
from headway_grader.collecting.downloads import arrivals
from headway_grader.collecting.matching import roster_of
from headway_grader.desk.classroom import gradebook_url, set_up
from headway_grader.handins.submissions import find
from nbgrader.api import Gradebook
from typer.testing import CliRunner

pytestmark = pytest.mark.slow  # a gradebook or a bundle is made

COURSE = manifest.load()
LESSON = "01_softmax"
PEOPLE = [
    ("ada", "Ada", "Lovelace", "ada@example.org", None),
    ("jm_2", "Jürgen", "Müller-Groß", None, "4711"),
    ("kim1", "Kim", "Lee", None, None),
    ("kim2", "Kim", "Lee", None, None),
    ("o.brien", "Séan", "O'Brien", None, None),
]
MONDAY, TUESDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC), datetime(2026, 3, 3, 18, 5, tzinfo=UTC)


def notebook(text="1", lesson=LESSON):
    cell = {"cell_type": "code", "id": "softmax", "metadata": {}, "source": text, "outputs": []}
    metadata = {"headway": {"lesson": lesson}} if lesson else {}
    cells = [cell | {"execution_count": None}]
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.fixture(scope="module")
def empty_class(tmp_path_factory):
    """A class with a roster, to make copies of."""
    folder = tmp_path_factory.mktemp("classes") / "class"
    list(set_up(folder))
    with Gradebook(gradebook_url(folder)) as gradebook:
        for name, first, last, email, number in PEOPLE:
            gradebook.add_student(name, first_name=first, last_name=last, email=email, lms_user_id=number)
    return folder


@pytest.fixture
def folder(empty_class, tmp_path):
    shutil.copytree(empty_class, tmp_path / "class")
    return tmp_path / "class"


@pytest.fixture
def download(tmp_path):
    """Makes a zip of a class from name → content, or name → (content, time)."""

    def make(files, name="download.zip"):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for place, content in files.items():
                content, when = content if isinstance(content, tuple) else (content, MONDAY)
                archive.writestr(zipfile.ZipInfo(place, when.timetuple()[:6]), content)
        return path

    return make


def collected(folder, path, **options):
    found = list(arrivals(path))
    outcomes = collect(found, roster_of(gradebook_url(folder)), COURSE, folder, **options)
    assert Counter(o.place for o in outcomes) == Counter(one.place for one in found)
    return {outcome.place: outcome for outcome in outcomes}


def handed_in(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.glob("submitted/*/*/*"))


MOODLE = {
    "in folders": "{who}_{number}_assignsubmission_file/{file}",
    "in folders, as older versions write them": "{who}_{number}_assignsubmission_file_/{file}",
    "in one folder": "{who}_{number}_assignsubmission_file_{file}",
    "with a group": "Group B-{who}_{number}_assignsubmission_file_/{file}",
    "unpacked into a folder": "Course-Softmax-998/{who}_{number}_assignsubmission_file_/{file}",
}


@pytest.mark.parametrize("form", MOODLE)
def test_moodle_names_come_to_their_learners(folder, download, form):
    place = MOODLE[form].format(who="Ada Lovelace", number=123456, file="my work.ipynb")
    assert collected(folder, download({place: notebook()}))[place].learner == "ada"
    assert handed_in(folder) == [f"submitted/ada/{LESSON}/{n}" for n in (f"{LESSON}.ipynb", "timestamp.txt")]


CANVAS = {
    "lovelaceada_12_34_softmax.ipynb": "ada",
    "lovelaceada_LATE_12_34_softmax-1.ipynb": "ada",
    "müllergroßjürgen_99_34_softmax.ipynb": "jm_2",
    "anybody_4711_34_softmax.ipynb": "jm_2",
    "obrienséan_12_34_softmax.ipynb": "o.brien",
}


@pytest.mark.parametrize("place", CANVAS)
def test_canvas_names_come_to_their_learners(folder, download, place):
    assert collected(folder, download({place: notebook()}))[place].learner == CANVAS[place]


MAIL = {
    "ada_softmax.ipynb": "ada",
    "ADA_03.ipynb": "ada",
    "jm_2_01_softmax_2026-03-03_18-05.ipynb": "jm_2",
    "ada@example.org/homework.ipynb": "ada",
    "Jurgen Muller-Gross/homework.ipynb": "jm_2",
    "Mu\u0308ller-Groß Ju\u0308rgen/homework.ipynb": "jm_2",
    "O'Brien, Séan/homework.ipynb": "o.brien",
}


@pytest.mark.parametrize("place", MAIL)
def test_attachments_come_to_their_learners(folder, tmp_path, place):
    path = tmp_path / "mail" / place
    path.parent.mkdir(parents=True)
    path.write_bytes(notebook())
    assert collected(folder, tmp_path / "mail")[place].learner == MAIL[place]


def test_nobody_is_guessed(folder, download):
    places = {
        "Kim Lee_1_assignsubmission_file/a.ipynb": "kim1 or kim2 could be meant by Kim Lee",
        "Eve Nobody_2_assignsubmission_file/a.ipynb": "nobody on the roster is called Eve Nobody",
        "Adam_3_assignsubmission_file/a.ipynb": "nobody on the roster is called Adam",
    }
    outcomes = collected(folder, download(dict.fromkeys(places, notebook())))
    for place, why in places.items():
        assert why in outcomes[place].said
    assert handed_in(folder) == []


def test_a_number_and_an_id_that_disagree_are_nobodys(folder, download):
    (outcome,) = collected(folder, download({"ada_4711_1_x.ipynb": notebook()})).values()
    assert "ada or jm_2 could be meant" in outcome.said


def test_of_several_the_latest_counts_and_the_others_are_named(folder, download):
    first, second = (f"Ada Lovelace_1_assignsubmission_file/{n}.ipynb" for n in "ab")
    outcomes = collected(
        folder, download({second: (notebook("late"), TUESDAY), first: (notebook("early"), MONDAY)})
    )
    assert outcomes[first].said == f"followed by {second}"
    assert b"late" in (folder / "submitted" / "ada" / LESSON / f"{LESSON}.ipynb").read_bytes()
    stamp = (folder / "submitted" / "ada" / LESSON / "timestamp.txt").read_text()
    assert stamp == "2026-03-03 18:05:00.000000 UTC\n"


def test_collecting_the_same_again_changes_nothing(folder, download):
    path = download({"ada_softmax.ipynb": notebook()})
    collected(folder, path)
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    assert collected(folder, path)["ada_softmax.ipynb"].said == "the same as before"
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*")} == before


def test_what_is_replaced_is_kept_and_what_is_older_is_left_out(folder, download):
    place = "ada_softmax.ipynb"
    collected(folder, download({place: (notebook("one"), MONDAY)}))
    said = collected(folder, download({place: (notebook("two"), TUESDAY)}))[place].said
    (kept,) = (folder / BEFORE).rglob("*.ipynb")
    assert b"one" in kept.read_bytes()
    assert kept.parent.relative_to(folder).as_posix() in said
    said = collected(folder, download({place: (notebook("zero"), MONDAY)}))[place].said
    assert "older than what counts" in said
    assert b"two" in (folder / "submitted" / "ada" / LESSON / f"{LESSON}.ipynb").read_bytes()


def test_two_lessons_of_one_learner_are_two_hand_ins(folder, download):
    files = {f"ada_{n}.ipynb": notebook(lesson=n) for n in (LESSON, "03_attention")}
    outcomes = collected(folder, download(files))
    assert {o.assignment for o in outcomes.values() if o.taken} == {LESSON, "03_attention"}


def test_a_file_that_tells_no_lesson_is_that_of_all_others_or_the_one_that_is_named(folder, download):
    alone = download({"ada_x.ipynb": b"broken"})
    assert "it answers no lesson" in collected(folder, alone)["ada_x.ipynb"].said
    assert collected(folder, alone, assignment=LESSON)["ada_x.ipynb"].assignment == LESSON
    both = download({"jm_2_x.ipynb": b"broken", "ada_y.ipynb": notebook()})
    assert collected(folder, both)["jm_2_x.ipynb"].assignment == LESSON


def test_scripts_and_zips_are_taken_as_they_are(folder, download):
    inner = download({"01_softmax.ipynb": notebook()}, "inner.zip").read_bytes()
    script = b"import numpy as np\n\n\ndef softmax(Z):\n    return Z\n"
    collected(folder, download({"ada_a.zip": inner, "jm_2_a.py": script}))
    assert (folder / "submitted" / "ada" / LESSON / f"{LESSON}.zip").read_bytes() == inner
    assert (folder / "submitted" / "jm_2" / LESSON / f"{LESSON}.py").read_bytes() == script


def test_the_judge_finds_what_was_collected(folder, download):
    collected(folder, download({"ada_x.ipynb": (notebook("1"), TUESDAY), "jm_2_x.ipynb": notebook("2")}))
    found = find([folder / "submitted"], COURSE)
    assert [(one.learner, one.assignment, one.error) for one in found] == [
        ("ada", LESSON, ""),
        ("jm_2", LESSON, ""),
    ]
    assert found[0].taken_at == TUESDAY


def test_what_cannot_be_judged_is_named_and_not_taken(folder, download):
    files = {
        "Ada Lovelace_1_assignsubmission_onlinetext/onlinetext.html": b"<p>my answer",
        "ada_photo.png": b"x",
        "../../ada_out.ipynb": notebook(),
        "/ada_root.ipynb": notebook(),
    }
    outcomes = collected(folder, download(files))
    assert not any(outcome.taken for outcome in outcomes.values())
    assert "leads out" in outcomes["../../ada_out.ipynb"].said
    assert handed_in(folder) == []


def test_a_bomb_costs_its_sender_and_nobody_else(folder, tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ada_bomb.ipynb", b"0" * (40 << 20))
        archive.writestr("jm_2_x.ipynb", notebook())
    outcomes = collected(folder, path)
    assert "which is too much" in outcomes["ada_bomb.ipynb"].said
    assert outcomes["jm_2_x.ipynb"].taken


def test_links_are_not_followed(folder, tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(notebook("secret"))
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "ada_x.ipynb").symlink_to(secret)
    link = zipfile.ZipInfo("ada_y.ipynb")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "links.zip", "w") as archive:
        archive.writestr(link, str(secret))
    for path in (tmp_path / "mail", tmp_path / "links.zip"):
        assert all("links are not followed" in o.said for o in collected(folder, path).values())


def test_a_damaged_zip_and_a_missing_one_are_errors(folder, tmp_path):
    (tmp_path / "no.zip").write_bytes(b"PK no zip")
    for path in (tmp_path / "no.zip", tmp_path / "none.zip"):
        with pytest.raises(CourseError, match="no folder and no zip"):
            list(arrivals(path))


def test_the_command_says_what_became_of_each_file(folder, download):
    path = download({"ada_x.ipynb": notebook(), "eve_x.ipynb": notebook()})
    done = CliRunner().invoke(app, ["collect", str(path), "--class", str(folder)])
    assert done.exit_code == 0
    assert f"ada {LESSON}: ada_x.ipynb: new, of 2026-03-02 09:30" in done.stdout
    assert "nobody on the roster is called eve_x" in done.stdout
    assert "1 could not be taken" in done.stdout
    elsewhere = CliRunner().invoke(app, ["collect", str(path), "--class", str(path.parent)])
    assert elsewhere.exit_code == 1
    assert "is no class" in elsewhere.stderr


def test_a_summary_counts_learners_not_files(folder, download):
    path = download({"ada_1.ipynb": (notebook("1"), MONDAY), "ada_2.ipynb": (notebook("2"), TUESDAY)})
    (line,) = summary(collected(folder, path).values())
    assert line == "2 file(s); what 1 learner(s) sent is in submitted."


def test_a_download_of_the_example_class_is_judged_like_the_class_itself(tmp_path, download):
    example = Path(__file__).parents[2] / "data" / "example_class"
    folder = tmp_path / "class"
    list(set_up(folder, example / "roster.csv"))
    files = {
        f"{path.parts[-3]}_{path.parts[-2]}.ipynb": path.read_bytes()
        for path in sorted((example / "submitted").glob("*/*/*.ipynb"))
        if len(list(path.parent.glob("*.*"))) == 1
    }
    collected(folder, download(files))
    ours = {(one.learner, one.assignment): one.content for one in find([folder / "submitted"], COURSE)}
    theirs = {(one.learner, one.assignment): one.content for one in find([example], COURSE)}
    assert len(ours) > 8
    assert ours == {home: theirs[home] for home in ours}


STOLEN = {
    "Moodle, in folders": "Ada Lovelace_1_assignsubmission_file/jm_2_01_softmax.ipynb",
    "Moodle, in one folder": "Ada Lovelace_1_assignsubmission_file_jm_2_01_softmax.ipynb",
    "Moodle, and a name like Canvas's": "Ada Lovelace_1_assignsubmission_file/x_4711_1_a.ipynb",
    "Canvas": "lovelaceada_12_34_jm_2.ipynb",
    "a folder for each": "Ada Lovelace/jm_2_01_softmax.ipynb",
    "a folder for each, and a name like Canvas's": "ada/x_4711_1_a.ipynb",
}


@pytest.mark.parametrize("form", STOLEN)
def test_nobody_hands_in_for_another_by_the_name_of_a_file(folder, download, form):
    place = STOLEN[form]
    assert collected(folder, download({place: notebook()}))[place].learner == "ada"


def test_where_the_disk_is_full_what_counted_still_counts(folder, download, monkeypatch):
    place = "ada_softmax.ipynb"
    collected(folder, download({place: (notebook("one"), MONDAY)}))

    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CourseError, match="No space left"):
        collected(folder, download({place: (notebook("two"), TUESDAY)}, "second.zip"))
    assert b"one" in (folder / "submitted" / "ada" / LESSON / f"{LESSON}.ipynb").read_bytes()


def test_a_script_and_a_zip_get_a_notebook_beside_them_for_nbgrader_sees_no_others(folder, download):
    script = "import numpy as np\n\n\ndef softmax(Z):\n    return Z\n"
    inner = download({"work/my.py": script.encode()}, "inner.zip").read_bytes()
    collected(folder, download({"ada_a.zip": inner, "jm_2_a.py": script.encode(), "o.brien_a.zip": b"no"}))
    for learner in ("ada", "jm_2"):
        path = folder / "submitted" / learner / LESSON / f"{LESSON}.ipynb"
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert {cell["id"]: "".join(cell["source"]) for cell in cells} == {
            "cell-0": "import numpy as np",
            "softmax": "def softmax(Z):\n    return Z",
        }
    found = find([folder / "submitted"], COURSE)
    assert [(one.learner, one.assignment, one.superseded) for one in found] == [
        ("ada", LESSON, ()),
        ("jm_2", LESSON, ()),
        ("o.brien", LESSON, ()),
    ]
    assert not list((folder / "submitted" / "o.brien").rglob("*.ipynb"))


ODD = {
    "of an answer written twice the last has its cell": (
        "def softmax(Z):\n    return 1\n\n\nx = 2\n\n\n@keep\ndef softmax(Z):\n    return Z\n",
        ["cell-0", "cell-1", "softmax"],
    ),
    "two answers on one line": (
        "def softmax(Z): return Z\ndef logsumexp(Z): return Z\n",
        ["softmax", "logsumexp"],
    ),
    "what is no Python stays in one piece": ("def softmax(Z:\n    return\n", ["cell-0"]),
    "cells between markers": (
        "# %% [markdown]\n# words\n# %%\ndef softmax(Z):\n    return Z\n",
        ["cell-0", "cell-1", "softmax"],
    ),
}


@pytest.mark.parametrize("how", ODD)
def test_a_script_of_any_form_becomes_a_notebook_with_all_of_its_lines(folder, download, how):
    script, ids = ODD[how]
    collected(folder, download({"ada_01_softmax.py": script.encode()}))
    path = folder / "submitted" / "ada" / LESSON / f"{LESSON}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert [cell["id"] for cell in cells] == ids
    lines = [line for cell in cells for line in "".join(cell["source"]).split("\n") if line.strip()]
    assert lines == [line for line in script.split("\n") if line.strip()]
