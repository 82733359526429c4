"""`headway learn`: notebooks follow the course, and nothing a learner wrote is ever lost."""

import copy
import errno
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from headway_course import sync
from headway_course.cli import app
from headway_course.errors import CourseError
from headway_course.merging import fresh, merge
from jupyterlab_server import config as lab_config
from jupyterlab_server import settings_utils
from small_course import STUB, cell_of, notebook_of
from typer.testing import CliRunner

SOLVED = "def softmax(Z):\n    return my_own(Z)\n"
FIRST = (
    ("01-tiny-01", "markdown", "# Softmax"),
    ("01-tiny-02", "code", "import numpy as np"),
    ("01-tiny-03", "markdown", "Write it."),
    ("softmax", "code", STUB),
    ("check-softmax", "code", "check(softmax)"),
    ("01-tiny-06", "markdown", "What we left out."),
    ("why", "markdown", "YOUR ANSWER HERE"),
    ("how", "markdown", "YOUR ANSWER HERE"),
)
# A paragraph came in before "Write it." (so numbers shift), one text changed, a question came at the end.
SECOND = (
    ("01-tiny-01", "markdown", "# Softmax, and why"),
    ("01-tiny-02", "code", "import numpy as np"),
    ("01-tiny-03", "markdown", "Think first."),
    ("01-tiny-04", "markdown", "Write it."),
    ("softmax", "code", STUB),
    ("check-softmax", "code", "check(softmax)"),
    ("01-tiny-07", "markdown", "What we left out."),
    ("why", "markdown", "YOUR ANSWER HERE"),
    ("how", "markdown", "YOUR ANSWER HERE"),
    ("when", "markdown", "YOUR ANSWER HERE"),
)


def sources(notebook):
    return ["".join(cell["source"]) for cell in notebook["cells"]]


def at(notebook, name):
    return next(cell for cell in notebook["cells"] if cell.get("id") == name)


@pytest.fixture
def first():
    return notebook_of(*FIRST)


@pytest.fixture
def second():
    return notebook_of(*SECOND)


@pytest.fixture
def mine(first):
    return json.loads(json.dumps(fresh(first)))


def test_a_first_copy_is_the_courses_notebook(first, mine):
    assert mine["cells"] == first["cells"]
    assert merge(mine, first).notebook == mine


def test_an_untouched_copy_becomes_the_new_notebook(mine, second):
    merged = merge(mine, second)
    assert merged.notebook == fresh(second)
    assert merged.changed == ("01-tiny-01",)
    assert set(merged.added) == {"01-tiny-03", "when"}


def test_merging_twice_is_merging_once(mine, second):
    at(mine, "softmax")["source"] = SOLVED
    once = merge(mine, second).notebook
    again = merge(once, second)
    assert again.notebook == once
    assert (again.added, again.changed, again.removed, again.kept) == ((), (), (), ())


def test_an_answer_stays_whatever_the_course_does_with_its_cell(mine, second):
    at(mine, "softmax")["source"] = SOLVED
    at(second, "softmax")["source"] = STUB.replace("Shares", "Other words")
    merged = merge(mine, second)
    assert at(merged.notebook, "softmax")["source"] == SOLVED
    assert merged.kept == ("softmax",)
    assert merge(merged.notebook, second).kept == ()


def test_an_answer_whose_exercise_is_gone_stays(mine, second):
    at(mine, "softmax")["source"] = SOLVED
    second["cells"] = [cell for cell in second["cells"] if "softmax" not in cell["id"]]
    merged = merge(mine, second)
    assert SOLVED in sources(merged.notebook)
    assert "check(softmax)" not in sources(merged.notebook)


def test_outputs_stay_as_long_as_the_text_does(mine, second):
    output = {"output_type": "stream", "name": "stdout", "text": "seen"}
    at(mine, "01-tiny-02") | {"outputs": [output]}
    at(mine, "01-tiny-02")["outputs"] = [output]
    at(mine, "check-softmax")["outputs"] = [output]
    at(second, "check-softmax")["source"] = "check(softmax)  # now"
    merged = merge(mine, second).notebook
    assert at(merged, "01-tiny-02")["outputs"] == [output]
    assert at(merged, "check-softmax")["outputs"] == []


def test_what_jupyter_noted_on_a_cell_stays(mine, second):
    at(mine, "01-tiny-01")["metadata"]["jp-MarkdownHeadingCollapsed"] = True
    at(second, "01-tiny-01")["metadata"]["tags"] = ["new"]
    metadata = at(merge(mine, second).notebook, "01-tiny-01")["metadata"]
    assert metadata == {"jp-MarkdownHeadingCollapsed": True, "tags": ["new"]}


def test_cells_of_ones_own_stay_where_they_are(mine, second):
    mine["cells"].insert(4, cell_of("a1b2c3d4", "code", "softmax(x)"))
    mine["cells"].append(cell_of("e5f6", "markdown", "My notes"))
    merged = sources(merge(mine, second).notebook)
    assert merged[merged.index("softmax(x)") - 1] == STUB
    assert "My notes" in merged


def test_a_deleted_cell_stays_away(mine, second):
    mine["cells"] = [cell for cell in mine["cells"] if cell["id"] not in ("01-tiny-06", "01-tiny-01")]
    merged = sources(merge(mine, second).notebook)
    assert "What we left out." not in merged
    assert "# Softmax, and why" not in merged
    assert "Think first." in merged


def test_moved_cells_stay_moved_and_follow_the_course(mine, second):
    mine["cells"].append(mine["cells"].pop(0))
    merged = merge(mine, second).notebook
    assert "# Softmax, and why" in sources(merged)
    assert sources(merged)[0] == "import numpy as np"


def test_a_new_cell_comes_behind_the_one_before_it(mine, second):
    mine["cells"].append(mine["cells"].pop(1))  # the learner moved the imports to the end
    merged = sources(merge(mine, second).notebook)
    assert merged[merged.index("Think first.") - 1] == "import numpy as np"


def test_a_touched_cell_whose_number_shifts_stays_and_its_neighbour_is_new(mine, second):
    at(mine, "01-tiny-03")["source"] = "Write it. (Done on Monday.)"
    merged = merge(mine, second)
    said = sources(merged.notebook)
    assert said.index("Think first.") + 1 == said.index("Write it. (Done on Monday.)")
    assert merged.kept == ()
    assert "Write it." not in said


def test_a_cell_of_another_kind_is_the_learners(mine, second):
    cell = at(mine, "01-tiny-01")
    cell |= {"cell_type": "raw"}
    assert at(merge(mine, second).notebook, "01-tiny-01") == cell


def test_a_copied_cell_is_the_learners(mine, second):
    mine["cells"].insert(5, copy.deepcopy(at(mine, "softmax")))
    merged = merge(mine, second).notebook
    assert sources(merged).count(STUB) == 2
    names = [cell["id"] for cell in merged["cells"]]
    assert len(names) == len(set(names))


def test_a_notebook_copied_by_hand_is_followed_from_then_on(first, second):
    by_hand = copy.deepcopy(first)
    at(by_hand, "softmax")["source"] = SOLVED
    adopted = merge(by_hand, first).notebook
    assert sources(adopted) == sources(by_hand)
    merged = merge(adopted, second).notebook
    assert SOLVED in sources(merged)
    assert "Think first." in sources(merged)


def test_cells_that_lost_their_ids_are_known_by_their_texts(mine, second):
    at(mine, "softmax")["source"] = SOLVED
    for number, cell in enumerate(mine["cells"]):
        cell["id"] = f"{number:08x}"
    merged = merge(mine, second).notebook
    said = sources(merged)
    assert SOLVED in said
    assert STUB not in said
    assert said[said.index("Think first.") + 1] == "Write it."
    assert "# Softmax, and why" in said
    assert merge(merged, second).notebook == merged


def test_a_notebook_whose_cells_lost_their_names_and_texts_is_refused(mine, second):
    for number, cell in enumerate(mine["cells"]):
        cell |= {"id": f"{number:08x}", "source": f"my own text {number}"}
    with pytest.raises(CourseError, match="lost their names"):
        merge(mine, second)


def test_a_notebook_that_lost_its_metadata_is_known_by_its_cells(mine, first, second):
    at(mine, "softmax")["source"] = SOLVED
    del mine["metadata"]["headway"]
    adopted = merge(mine, first).notebook
    assert sources(adopted) == sources(mine)
    assert "Think first." in sources(merge(adopted, second).notebook)


def test_a_notebook_of_ones_own_under_the_lessons_name_is_left_alone(first):
    own = notebook_of(("softmax", "code", SOLVED), ("a", "markdown", "Mine")) | {"metadata": {}}
    with pytest.raises(CourseError, match="not this course's notebook"):
        merge(own, first)


def offers(notebook):
    return [
        text for text in sources(notebook) if text.startswith("<details>\n<summary>The course has a new text")
    ]


def test_the_new_text_for_a_cell_that_was_changed_is_offered_below_it(mine, second):
    at(mine, "01-tiny-01")["source"] = "# Softmax (done)"
    at(mine, "softmax")["source"] = SOLVED
    at(second, "softmax")["source"] = STUB.replace("Shares", "Other words")
    merged = merge(mine, second)
    said = sources(merged.notebook)
    assert merged.kept == ("01-tiny-01", "softmax")
    assert "# Softmax, and why" in said[said.index("# Softmax (done)") + 1]
    assert '```python\ndef softmax(Z):\n    """Other words."""' in said[said.index(SOLVED) + 1]
    again = merge(merged.notebook, second)
    assert again.notebook == merged.notebook
    assert again.kept == ()


def test_an_offer_that_was_taken_goes_and_one_that_was_deleted_stays_away(mine, second):
    at(mine, "01-tiny-01")["source"] = "# Softmax (done)"
    offered = merge(mine, second).notebook
    taken = copy.deepcopy(offered)
    at(taken, "01-tiny-01")["source"] = "# Softmax, and why"
    assert offers(merge(taken, second).notebook) == []
    offered["cells"] = [cell for cell in offered["cells"] if not cell["id"].endswith("-news")]
    assert offers(merge(offered, second).notebook) == []


def test_a_newer_offer_replaces_an_older_one(mine, second):
    at(mine, "01-tiny-01")["source"] = "# Softmax (done)"
    mine = merge(mine, second).notebook
    at(second, "01-tiny-01")["source"] = "# Softmax, the third"
    (offer,) = offers(merge(mine, second).notebook)
    assert "# Softmax, the third" in offer


def test_an_offer_in_which_somebody_wrote_is_theirs(mine, second):
    at(mine, "01-tiny-01")["source"] = "# Softmax (done)"
    mine = merge(mine, second).notebook
    at(mine, "01-tiny-01-news")["source"] = "My own remark"
    at(second, "01-tiny-01")["source"] = "# Softmax, the third"
    merged = merge(mine, second).notebook
    assert "My own remark" in sources(merged)
    assert len(offers(merged)) == 1
    names = [cell["id"] for cell in merged["cells"]]
    assert len(names) == len(set(names))


def test_nothing_is_offered_to_those_who_wrote_the_same(mine, second):
    at(mine, "01-tiny-01")["source"] = "# Softmax, and why"
    merged = merge(mine, second)
    assert merged.kept == ()
    assert offers(merged.notebook) == []


def test_white_space_at_the_end_of_lines_is_no_change(mine, second):
    at(mine, "01-tiny-01")["source"] = ["# Softmax  \n", "\n"]
    assert merge(mine, second).changed == ("01-tiny-01",)


def test_another_lessons_notebook_is_refused(mine, second):
    mine["metadata"]["headway"]["lesson"] = "07_other"
    with pytest.raises(CourseError, match="not this course's notebook"):
        merge(mine, second)


def test_whatever_is_done_to_a_notebook_every_text_of_the_learners_is_still_there():
    """Random edits, then random news of the course: own texts survive, and merging again changes nothing."""
    for seed in range(150):
        draw = random.Random(seed)
        ours = notebook_of(*FIRST)
        mine = json.loads(json.dumps(fresh(ours)))
        written = []
        for step in range(draw.randrange(1, 12)):
            _edit(mine["cells"], draw, f"mine {seed} {step}", written)
        written = [text for text in written if text in sources(mine)]
        for step in range(draw.randrange(1, 4)):
            _author(ours["cells"], draw, f"ours {seed} {step}")
            mine = merge(mine, ours).notebook
            assert merge(mine, ours).notebook == mine
        assert all(sources(mine).count(text) == 1 for text in written)


def _edit(cells, draw, text, written):
    kind = draw.choice(["change", "add", "delete", "move", "clear"])
    place = draw.randrange(len(cells)) if cells else 0
    if kind == "add" or len(cells) < 3:
        cells.insert(place, cell_of(f"own-{text[5:].replace(' ', '-')}", "markdown", text))
        written.append(text)
    elif kind == "change":
        cells[place]["source"] = [text]
        written.append(text)
    elif kind == "delete":
        del cells[place]
    elif kind == "move":
        cells.append(cells.pop(place))
    else:
        cells[place].get("outputs", []).clear()


def _author(cells, draw, text):
    kind = draw.choice(["change", "add", "delete", "number"])
    place = draw.randrange(len(cells))
    if kind == "add" or len(cells) < 3:
        cells.insert(place, cell_of(f"new-{text[5:].replace(' ', '-')}", "markdown", text))
    elif kind == "change":
        cells[place]["source"] = [text]
    elif kind == "delete":
        del cells[place]
    else:
        for number, cell in enumerate(cells):
            if cell["id"].startswith("01-tiny"):
                cell["id"] = f"01-tiny-{number:02}-{text[5:].replace(' ', '-')}"


@pytest.fixture
def exercises(tmp_path, first):
    folder = tmp_path / "exercises"
    folder.mkdir()
    (folder / "01_tiny.ipynb").write_text(json.dumps(first), encoding="utf-8")
    return folder


def publish(exercises, notebook):
    (exercises / "01_tiny.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def bring(exercises, folder):
    return list(sync.bring_up_to_date(exercises, folder))


def test_it_says_what_it_did(exercises, tmp_path, second):
    folder = tmp_path / "my"
    assert bring(exercises, folder) == ["my/01_tiny.ipynb: new"]
    assert bring(exercises, folder) == ["my/01_tiny.ipynb: up to date"]
    publish(exercises, second)
    assert bring(exercises, folder) == ["my/01_tiny.ipynb: 2 cells new; 1 cell changed"]


def test_what_is_up_to_date_is_not_written_again(exercises, tmp_path):
    folder = tmp_path / "my"
    bring(exercises, folder)
    path = folder / "01_tiny.ipynb"
    path.write_text(json.dumps(json.loads(path.read_text())), encoding="utf-8")  # saved by another program
    before = path.stat().st_mtime_ns, path.read_bytes()
    bring(exercises, folder)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"<<<<<<< HEAD\n{}",
        b"\xff\xfe",
        b"[]",
        b'{"cells": []}',
        b'{"nbformat": 4, "cells": [1], "metadata": {}}',
        b'{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, "source": [1]}]}',
        b'{"nbformat": 3, "worksheets": [], "metadata": {}}',
        b'{"nbformat": 4, "cells": [], "metadata": {"headway": {"lesson": "01_tiny", "shipped": {}}}}',
        b'{"nbformat": 4, "cells": [], "metadata": {"headway": 7}}',
    ],
)
def test_what_cannot_be_read_is_left_alone_with_a_word(exercises, tmp_path, content):
    folder = tmp_path / "my"
    folder.mkdir()
    (folder / "01_tiny.ipynb").write_bytes(content)
    (line,) = bring(exercises, folder)
    assert "left as it is, because" in line
    assert (folder / "01_tiny.ipynb").read_bytes() == content


def test_other_files_in_the_folder_are_left_alone(exercises, tmp_path):
    folder = tmp_path / "my"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "02_own.ipynb").write_text("{}")
    bring(exercises, folder)
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "02_own.ipynb").read_text() == "{}"


def test_half_a_character_in_an_output_is_kept(exercises, tmp_path, second):
    folder = tmp_path / "my"
    bring(exercises, folder)
    path = folder / "01_tiny.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    at(notebook, "01-tiny-02")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "\ud83d"}]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    publish(exercises, second)
    bring(exercises, folder)
    assert at(json.loads(path.read_text(encoding="utf-8")), "01-tiny-02")["outputs"][0]["text"] == "\ud83d"


def test_a_full_disk_leaves_the_old_notebook_whole(exercises, tmp_path, second, monkeypatch):
    folder = tmp_path / "my"
    bring(exercises, folder)
    before = (folder / "01_tiny.ipynb").read_bytes()
    publish(exercises, second)

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CourseError, match="No space left"):
        bring(exercises, folder)
    assert (folder / "01_tiny.ipynb").read_bytes() == before
    assert [path.name for path in folder.iterdir() if path.is_file()] == ["01_tiny.ipynb"]


@pytest.mark.parametrize("moment", ["os.fsync", "pathlib.Path.replace"])
def test_killed_between_two_steps_either_version_is_there_and_the_next_run_ends_it(
    exercises, tmp_path, second, moment
):
    folder = tmp_path / "my"
    bring(exercises, folder)
    before = (folder / "01_tiny.ipynb").read_bytes()
    publish(exercises, second)
    program = f"""
import os, pathlib, sys
from headway_course import sync
{moment} = lambda *a: os._exit(9)
list(sync.bring_up_to_date(pathlib.Path({str(exercises)!r}), pathlib.Path({str(folder)!r})))
"""
    assert subprocess.run([sys.executable, "-c", program]).returncode == 9
    assert (folder / "01_tiny.ipynb").read_bytes() == before
    bring(exercises, folder)
    assert json.loads((folder / "01_tiny.ipynb").read_text(encoding="utf-8")) == fresh(second)
    assert [path.name for path in folder.iterdir() if path.is_file()] == ["01_tiny.ipynb"]


def test_a_notebook_saved_meanwhile_is_not_overwritten(exercises, tmp_path, second, monkeypatch):
    folder = tmp_path / "my"
    bring(exercises, folder)
    publish(exercises, second)
    path = folder / "01_tiny.ipynb"

    def saved_meanwhile(mine, ours):
        path.write_text("saved by Jupyter")
        return merge(mine, ours)

    monkeypatch.setattr(sync, "merge", saved_meanwhile)
    (line,) = bring(exercises, folder)
    assert "Run this again" in line
    assert path.read_text() == "saved by Jupyter"


def test_no_notebooks_to_bring_is_said(tmp_path):
    with pytest.raises(CourseError, match="no notebooks in"):
        bring(tmp_path, tmp_path / "my")


def test_a_file_where_the_folder_should_be_is_said(exercises, tmp_path):
    (tmp_path / "my").write_text("")
    with pytest.raises(CourseError, match="cannot write into"):
        bring(exercises, tmp_path / "my")


def test_learn_brings_notebooks_and_opens_jupyterlab_there(exercises, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(sync, "shipped_notebooks", lambda: exercises)
    monkeypatch.setattr(
        sync, "open_jupyterlab", lambda folder, options: opened.append((folder, options)) or 0
    )
    folder = tmp_path / "mine"
    done = CliRunner().invoke(app, ["learn", "--into", str(folder), "--port", "9999"])
    assert done.exit_code == 0
    assert "mine/01_tiny.ipynb: new" in done.output
    assert opened == [(folder, ["--port", "9999"])]
    assert CliRunner().invoke(app, ["learn", "--no-open", "--into", str(folder)]).exit_code == 0
    assert len(opened) == 1


def test_jupyterlab_is_started_with_this_python_in_the_folder(tmp_path, monkeypatch):
    started = tmp_path / "started"
    package = tmp_path / "site" / "jupyterlab"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(
        f"import sys, os, pathlib; pathlib.Path({str(started)!r}).write_text("
        "'\\n'.join([sys.executable, *sys.argv[1:], os.environ['PATH'].split(os.pathsep)[0]])); sys.exit(5)"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    monkeypatch.syspath_prepend(tmp_path / "site")
    assert sync.open_jupyterlab(tmp_path, ["--no-browser"]) == 5
    executable, folder, *options, path = started.read_text().splitlines()
    assert (executable, folder, path) == (sys.executable, str(tmp_path), str(Path(sys.executable).parent))
    assert "--no-browser" in options


def test_a_learners_lab_has_no_teachers_buttons_and_asks_for_no_news(tmp_path, monkeypatch):
    config = tmp_path / "config"
    (tmp_path / "jupyterlab.py").write_text(
        f"import os, pathlib; pathlib.Path({str(config)!r}).write_text(os.environ['JUPYTER_CONFIG_PATH'])"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path / "own"))
    sync.open_jupyterlab(tmp_path)
    folders = config.read_text().split(os.pathsep)
    assert folders[1:] == [str(tmp_path / "own")]
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", os.pathsep.join(folders))
    page = lab_config.get_page_config([])
    assert "@jupyter/nbgrader" in page["disabledExtensions"]
    overrides = settings_utils._get_overrides(str(tmp_path))[0]
    assert overrides["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_the_courses_own_notebooks_can_be_brought(tmp_path):
    first = bring(sync.shipped_notebooks(), tmp_path)
    assert first
    assert all(line.endswith(": new") for line in first)
    assert all(line.endswith(": up to date") for line in bring(sync.shipped_notebooks(), tmp_path))
