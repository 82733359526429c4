"""The course's own notebooks, edited in every way and saved by every program, follow it and lose nothing."""

import copy
import json
import re
from pathlib import Path

import editors
import nbformat
import pytest
from editors import EDITORS, EDITS, text_of
from headway_course import sync
from headway_course.errors import CourseError
from headway_course.merging import fresh, merge
from headway_course.notebook_json import names_of, parsed
from headway_course.reading.cells import read_cells
from headway_course.reading.extract import extract
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NOTEBOOKS = sorted(sync.shipped_notebooks().glob("[0-9]*.ipynb"))
FIRST = json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))
# A script without its notebook has no record of what the course brought: nothing is lost, texts are doubled.
WITH_RECORD = [editor for editor in EDITORS if editor is not editors.jupytext_alone]
ANSWER = "def {0}(*inputs):\n    return inputs[0]  # my own {0}"


def shortened(notebook):
    """The beginning with its first exercise, and the end."""
    first = next(n for n, cell in enumerate(notebook["cells"]) if cell["id"].startswith("check-"))
    return notebook | {"cells": [*notebook["cells"][: first + 2], *notebook["cells"][-5:]]}


def asked(notebook):
    """The names of the cells in which a learner writes: code, then text."""
    kinds = {"code": [], "markdown": []}
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            kinds[cell["cell_type"]].append(cell["id"])
    return kinds["code"], kinds["markdown"]


def news_of(notebook, times=1):
    """The course's next version: a text grows, a cell comes in so that numbers shift, and a stub."""
    ours = copy.deepcopy(notebook)
    for turn in range(times):
        texts = [c for c in ours["cells"] if c["cell_type"] == "markdown" and not c["metadata"]]
        for cell in texts[:: 2 + turn]:
            cell["source"] = text_of(cell) + f"\n\nNews {turn} of the course."
        stub = next(cell for cell in ours["cells"] if cell["id"] == asked(ours)[0][0])
        stub["source"] = text_of(stub).replace('"""', f'"""In new words {turn}: ', 1)
        ours["cells"].insert(3, editors.new_cell("markdown", f"A cell that is new {turn}."))
        prefix = ours["metadata"]["headway"]["lesson"].replace("_", "-")
        for number, cell in enumerate(ours["cells"], 1):
            if re.fullmatch(rf"{prefix}-\d+", cell["id"]) or not cell["metadata"].get("nbgrader"):
                cell["id"] = cell["id"] if re.search("goal|hand", cell["id"]) else f"{prefix}-{number:02}"
    return ours


def solved(notebook):
    """A learner's copy with every answer written and a remark in a text."""
    mine = json.loads(json.dumps(fresh(notebook)))
    answers, questions = asked(notebook)
    for cell in mine["cells"]:
        if cell["id"] in answers:
            cell["source"] = ANSWER.format(cell["id"])
        elif cell["id"] in questions:
            cell["source"] = f"My answer to {cell['id']}"
    remarked(mine)["source"] = text_of(remarked(mine)) + "\n\nMy remark."
    return mine


SHORT = shortened(FIRST)


def remarked(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown" and not cell["metadata"]][2]


def said(notebook):
    return "\n".join(text_of(cell) for cell in notebook["cells"])


def sound(notebook):
    """As Jupyter wants it: valid, with ids that differ."""
    nbformat.validate(copy.deepcopy(notebook))  # which gives doubles new ids
    names = [cell["id"] for cell in notebook["cells"]]
    return len(names) == len(set(names))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("editor", EDITORS, ids=lambda editor: editor.__name__)
def test_a_solved_notebook_saved_by_any_program_keeps_its_answers_and_gets_the_news(editor, path, tmp_path):
    ours = json.loads(path.read_text(encoding="utf-8"))
    mine, second = solved(ours), news_of(ours)
    merged = merge(parsed(editor(mine, tmp_path)), second)
    text = said(merged.notebook)
    answers, questions = asked(ours)
    assert all(text.count(f"# my own {name}") == 1 for name in answers)
    assert all(f"My answer to {name}" in text for name in questions)
    assert "raise NotImplementedError()" not in "".join(
        text_of(cell) for cell in merged.notebook["cells"] if cell["cell_type"] == "code"
    )
    assert "My remark." in text
    assert text.count("A cell that is new 0.") == 1
    changed = [
        text_of(new)
        for old, new in zip(ours["cells"], without_the_new_cell(second), strict=True)
        if text_of(old) != text_of(new) and new["cell_type"] == "markdown"
    ]
    shown = [news for news in changed if news in text]
    assert len(shown) >= len(changed) - 1  # that of the remark is offered where its cell is known
    assert sound(merged.notebook)
    again = merge(parsed(editor(merged.notebook, tmp_path)), second)
    assert said(again.notebook) == text
    assert merge(again.notebook, second).notebook == again.notebook


@pytest.mark.parametrize("editor", EDITORS, ids=lambda editor: editor.__name__)
def test_the_grader_finds_every_answer_whatever_program_saved_it(editor, tmp_path):
    answers, questions = asked(FIRST)
    cells = read_cells(editor(solved(FIRST), tmp_path), "ipynb")
    extracted = extract(cells, answers)
    assert not [name for name, answer in extracted.answers.items() if answer is None or answer.untouched]
    assert not [said for said in extracted.warnings if "lost their names" in said]
    assert {name for cell in cells for name in cell.names} >= set(questions)


def without_the_new_cell(notebook):
    return [cell for cell in notebook["cells"] if text_of(cell) != "A cell that is new 0."]


@pytest.mark.parametrize("editor", WITH_RECORD, ids=lambda editor: editor.__name__)
def test_what_only_passed_through_a_program_becomes_the_new_notebook(editor, tmp_path):
    second = news_of(FIRST)
    merged = merge(parsed(editor(json.loads(json.dumps(fresh(FIRST))), tmp_path)), second)
    assert [text_of(c) for c in merged.notebook["cells"]] == [text_of(c) for c in second["cells"]]
    assert merged.kept == ()


@pytest.mark.parametrize("editor", WITH_RECORD, ids=lambda editor: editor.__name__)
def test_a_program_that_saves_changes_nothing_for_the_course(editor, tmp_path):
    mine = parsed(editor(solved(FIRST), tmp_path))
    merged = merge(mine, FIRST)
    assert [text_of(c) for c in merged.notebook["cells"]] == [text_of(c) for c in mine["cells"]]
    assert (merged.added, merged.changed, merged.removed, merged.kept) == ((), (), (), ())


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
@pytest.mark.parametrize("which", ["answer", "text", "question", "check"])
def test_one_edit_of_any_kind_of_cell_loses_no_line(edit, which):
    mine, answers = solved(FIRST), asked(FIRST)
    name = {
        "answer": answers[0][0],
        "text": remarked(mine)["id"],
        "question": answers[1][0],
        "check": f"check-{answers[0][0]}",
    }[which]
    place = next(n for n, cell in enumerate(mine["cells"]) if name in names_of(cell))
    edit(mine["cells"], place, "a line of mine")
    before = lines_of_mine(mine)
    merged = merge(json.loads(json.dumps(mine)), news_of(FIRST)).notebook
    assert before <= lines_of_mine(merged)
    assert sound(merged)
    assert merge(merged, news_of(FIRST)).notebook == merged


# What stands around a text that is offered.
FRAME = {
    "<details>",
    "<summary>The course has a new text for the cell above, which you have changed</summary>",
    "</details>",
    "```python",
    "```",
}


def lines_of_mine(notebook):
    """Every line that the course never had, with how often: as a set of numbered lines."""
    theirs = {line.rstrip() for n in range(4) for line in said(news_of(FIRST, n)).split("\n")} | FRAME
    counted, found = {}, set()
    for line in said(notebook).split("\n"):
        if line.rstrip() not in theirs:
            counted[line] = counted.get(line, 0) + 1
            found.add((line, counted[line]))
    return found


steps = st.lists(
    st.tuples(st.sampled_from(EDITS), st.integers(0, 10**6)),
    min_size=1,
    max_size=8,
)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Non-unique cell id")  # nbformat's word on what a learner doubled
@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(steps, st.sampled_from(EDITORS)), min_size=1, max_size=3))
def test_whatever_is_done_to_it_by_whatever_program_every_line_written_is_still_there(tmp_path, terms):
    """Edits, a save, the course's news, and again: as a term goes."""
    mine = solved(SHORT)
    for term, (edits, editor) in enumerate(terms):
        for number, (edit, place) in enumerate(edits):
            if len(mine["cells"]) > 5:
                edit(mine["cells"], place % len(mine["cells"]), f"mine {term} {number} " + "x" * (place % 5))
        saved = parsed(editor(mine, tmp_path))
        ours = news_of(SHORT, term + 1)
        try:
            mine = merge(saved, ours).notebook
        except CourseError:  # of an old script alone: the file is left as it is
            assert editor is editors.jupytext_alone
            mine = saved
            continue
        assert lines_of_mine(saved) <= lines_of_mine(mine)
        assert sound(mine)
        assert merge(mine, ours).notebook == mine


def test_the_file_is_whole_whatever_program_saved_it_last(tmp_path):
    exercises, folder = tmp_path / "exercises", tmp_path / "my"
    exercises.mkdir()
    folder.mkdir()
    path = folder / NOTEBOOKS[0].name
    for editor in EDITORS:
        path.write_bytes(editor(solved(FIRST), tmp_path))
        (exercises / path.name).write_bytes(editors.as_jupyter(news_of(FIRST)))
        (first,) = sync.bring_up_to_date(exercises, folder)
        assert "left as it is" not in first, editor.__name__
        assert list(sync.bring_up_to_date(exercises, folder)) == [f"my/{path.name}: up to date"]
        assert path.read_bytes().endswith(b"}\n")
        nbformat.validate(nbformat.read(Path(path), as_version=nbformat.NO_CONVERT))
