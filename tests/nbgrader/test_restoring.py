"""However a notebook was cut up, nbgrader finds each graded cell once, in its released form."""

from copy import deepcopy

import nbformat
import pytest
from headway_grader.frontdoor.released import Expected
from headway_grader.frontdoor.restoring import restore
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.nbgraderformat import MetadataValidator

ANSWER = Expected("softmax", "code", "stub", False, False, True, False, None, "a" * 32)
CHECK = Expected("check-softmax", "code", "check(softmax)", True, True, False, False, 2.0, "b" * 32)
QUESTION = Expected("why-exp", "markdown", "Your answer", False, True, True, False, 2.0, "c" * 32)
RELEASED = (ANSWER, CHECK, QUESTION)


def answered():
    nb = new_notebook(cells=[new_markdown_cell("# Softmax", id="text")])
    for cell, source in zip(RELEASED, ("def softmax(Z): ...", CHECK.source, "Because of e."), strict=True):
        new_cell = new_code_cell if cell.kind == "code" else new_markdown_cell
        nb.cells.append(new_cell(source, id=cell.name, metadata=deepcopy(cell.metadata)))
    return nb


def sources(nb):
    """The sources of the cells that nbgrader will know, by name; fails if it knows one twice."""
    nbformat.validate(nb)
    MetadataValidator().validate_nb(nb)
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in nb.cells if "nbgrader" in cell.metadata}


ALL = {"softmax": "def softmax(Z): ...", "check-softmax": "check(softmax)", "why-exp": "Because of e."}


def test_a_notebook_as_released_stays_as_it_is():
    nb = answered()
    before = deepcopy(nb)
    assert restore(nb, RELEASED) == []
    assert nb == before


def test_deleted_check_cells_return_to_their_place():
    nb = answered()
    nb.cells = [cell for cell in nb.cells if cell.id != "check-softmax"]
    notes = restore(nb, RELEASED)
    assert [cell.id for cell in nb.cells] == ["text", "softmax", "check-softmax", "why-exp"]
    assert sources(nb) == ALL
    assert "check-softmax" in notes[0]


def test_the_answer_to_a_deleted_question_waits_for_a_person():
    nb = answered()
    nb.cells = [cell for cell in nb.cells if cell.id != "why-exp"]
    restore(nb, RELEASED)
    assert "was missing" in sources(nb)["why-exp"]
    assert sources(nb)["why-exp"].endswith(QUESTION.source)


def test_a_deleted_answer_is_not_invented():
    nb = answered()
    nb.cells = [cell for cell in nb.cells if cell.id != "softmax"]
    restore(nb, RELEASED)
    assert set(sources(nb)) == {"check-softmax", "why-exp"}


def test_an_empty_notebook_gets_all_graded_cells_in_order():
    nb = new_notebook()
    restore(nb, RELEASED)
    assert list(sources(nb)) == ["check-softmax", "why-exp"]


def test_an_unreadable_notebook_says_so_where_a_person_grades():
    nb = new_notebook()
    notes = restore(nb, RELEASED, unreadable="it is a picture")
    assert "it is a picture" in sources(nb)["why-exp"]
    assert sources(nb)["check-softmax"] == CHECK.source
    assert "it is a picture" in notes[0]


@pytest.mark.parametrize("at", [0, 2, 4])
def test_a_duplicated_check_cell_counts_once(at):
    nb = answered()
    nb.cells.insert(at, deepcopy(nb.cells[2]))
    nb.cells[at].source = "pass"
    restore(nb, RELEASED)
    assert sources(nb) == ALL


def test_of_duplicated_answers_the_last_counts():
    nb = answered()
    nb.cells.append(deepcopy(nb.cells[1]))
    nb.cells[-1].source = "def softmax(Z): return Z"
    restore(nb, RELEASED)
    assert sources(nb)["softmax"] == "def softmax(Z): return Z"


def test_of_duplicated_questions_the_last_answered_counts():
    nb = answered()
    nb.cells.append(deepcopy(nb.cells[3]))
    nb.cells[-1].source = QUESTION.source
    restore(nb, RELEASED)
    assert sources(nb)["why-exp"] == "Because of e."


def test_an_edited_check_cell_is_put_right():
    nb = answered()
    nb.cells[2].source = "pass"
    restore(nb, RELEASED)
    assert sources(nb)["check-softmax"] == CHECK.source


def test_a_cell_of_another_type_gets_its_own_back():
    nb = answered()
    nb.cells[2] = new_markdown_cell("check(softmax)", id="check-softmax")
    nb.cells[3] = new_code_cell("Because of e.", id="why-exp")
    restore(nb, RELEASED)
    assert [cell.cell_type for cell in nb.cells[1:]] == ["code", "code", "markdown"]
    assert sources(nb) == ALL


def test_cells_without_metadata_are_known_by_their_ids():
    nb = answered()
    for cell in nb.cells:
        cell.metadata = nbformat.NotebookNode()
    restore(nb, RELEASED)
    assert sources(nb) == ALL


@pytest.mark.parametrize(
    "lie",
    [
        {"points": 1000},
        {"points": "many"},
        {"schema_version": 99},
        {"schema_version": 1},
        {"schema_version": "x"},
        {"grade": False},
        {"solution": True},
        {"checksum": None},
        {"task": True},
        {"locked": False},
        {"surprise": [1]},
    ],
    ids=repr,
)
def test_what_a_learner_wrote_into_the_metadata_does_not_count(lie):
    nb = answered()
    nb.cells[2].metadata.nbgrader.update(lie)
    nb.cells[0].metadata = nbformat.from_dict(
        {"nbgrader": nb.cells[2].metadata.nbgrader | {"grade_id": "mine"}}
    )
    restore(nb, RELEASED)
    assert sources(nb) == ALL
    assert nb.cells[2].metadata == CHECK.metadata


def test_an_id_that_another_cell_took_is_given_back():
    nb = answered()
    nb.cells[0].id, nb.cells[2].id = "check-softmax", "mine"
    nb.cells[0].metadata = nbformat.from_dict({"nbgrader": {"grade_id": "softmax"}})
    restore(nb, RELEASED)
    assert sources(nb) == ALL
    assert [cell.id for cell in nb.cells][1:] == ["softmax", "check-softmax", "why-exp"]
