"""Reading notebooks and scripts: whatever can be read is read, the rest is refused in words."""

import json
from types import SimpleNamespace

import nbformat
import pytest
from headway_course.manifest import Manifest
from headway_course.reading.cells import MAX_BYTES, Unreadable, read, read_cells, recognise
from headway_course.reading.extract import extract
from hypothesis import given, settings
from hypothesis import strategies as st

SOFTMAX = "def softmax(Z):\n    return Z\n"


def notebook(*cells, **metadata):
    return json.dumps(
        {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    ).encode()


def code(source, **keys):
    return {
        "cell_type": "code",
        "source": source,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        **keys,
    }


def sources(data, kind="ipynb"):
    return [cell.source for cell in read_cells(data, kind)]


def test_a_notebook_of_today_is_read_as_nbformat_reads_it():
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Text"), nbformat.v4.new_code_cell("x = 1\ny = 2", id="here")]
    )
    first, second = read_cells(nbformat.writes(notebook).encode(), "ipynb")
    assert (first.kind, first.source, first.number) == ("markdown", "# Text", 1)
    assert (second.kind, second.source, second.number, second.id) == ("code", "x = 1\ny = 2", 2, "here")


def test_a_notebook_of_format_3_is_read():
    notebook = nbformat.v3.new_notebook(
        worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell("x = 1")])]
    )
    assert sources(json.dumps(notebook).encode()) == ["x = 1"]


def test_ids_and_grade_ids_name_a_cell():
    data = notebook(code("", id="softmax", metadata={"nbgrader": {"grade_id": "cell-7"}}))
    assert read_cells(data, "ipynb")[0].names == {"softmax", "cell-7"}


@pytest.mark.parametrize(
    "odd",
    [
        None,
        3,
        [],
        {},
        {"cell_type": "code"},
        {"cell_type": "code", "source": None},
        {"cell_type": "code", "source": 3, "metadata": 3},
        {"cell_type": "code", "source": [1, None, "x = 1"], "metadata": {"nbgrader": []}},
        {"cell_type": "heading", "source": "x"},
        {"cell_type": "code", "source": "x = '\ud83d'", "id": 7},
        {"cell_type": "code", "source": "\x00"},
    ],
)
def test_one_odd_cell_does_not_cost_the_others(odd):
    data = notebook(odd, code(SOFTMAX))
    cells = read_cells(data, "ipynb")
    assert cells[-1].source == SOFTMAX
    assert cells[-1].number == 2
    assert extract(cells, ["softmax"]).answers["softmax"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "damaged"),
        (b'{"cells": [', "damaged"),
        (notebook(code("x"))[:-20], "damaged"),
        (b"not json at all", "damaged"),
        (b"{}", "no list of cells"),
        (b"[]", "no list of cells"),
        (b"3", "no list of cells"),
        (b'{"cells": 3}', "no list of cells"),
        (b'{"worksheets": {}}', "no list of cells"),
        (b"PK\x03\x04\x00\x00", "not text"),
        (b"[" * 100_000, "damaged"),
        (b"\xff\xfe\x00", "not text"),
        (b"9" * 10_000, "damaged"),
        (b" " * (MAX_BYTES + 1), "MB"),
        (notebook(code("x = 1\n" * 200_000)), "characters of code"),
    ],
    ids=range(15),
)
def test_what_is_no_notebook_is_unreadable_in_words(data, said):
    with pytest.raises(Unreadable, match=said):
        read(data, "ipynb")


def test_a_kind_that_nobody_reads_is_named(tmp_path):
    with pytest.raises(Unreadable, match="docx"):
        read(b"", "docx")
    with pytest.raises(Unreadable, match=r"gone\.ipynb"):
        read(tmp_path / "gone.ipynb")


@pytest.mark.parametrize("kind", ["ipynb", "py"])
@pytest.mark.parametrize("data", [b"", b"  \n", b"\xef\xbb\xbf"])
def test_an_empty_file_has_no_cells(kind, data):
    assert read_cells(data, kind) == ()


def test_an_empty_notebook_has_no_cells():
    assert read_cells(notebook(), "ipynb") == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_scripts_are_read_in_any_usual_encoding(encoding, newline):
    text = f"# -*- coding: {encoding} -*-\nname = 'é'\n".replace("\n", newline)
    if encoding == "utf-16-le":
        text = "\ufeff" + text
    elif encoding == "utf-8-sig":
        text = text.replace(encoding, "utf-8")
    (cell,) = read_cells(text.encode(encoding), "py")
    assert "name = 'é'\n" in cell.source
    assert "\r" not in cell.source


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("marks", ["\ufeff", "\ufeff\ufeff"])
def test_byte_order_marks_tell_the_encoding_and_are_no_code(encoding, marks):
    (cell,) = read_cells(f"{marks}name = 'é'\n".encode(encoding), "py")
    assert cell.source == "name = 'é'\n"


def test_byte_order_marks_where_files_were_put_together_are_no_code():
    (script,) = read_cells("a = 1\n\ufeffb = 2\nc = '\ufeff'\n".encode(), "py")
    assert script.source == "a = 1\nb = 2\nc = '\ufeff'\n"
    cell = {"cell_type": "code", "source": ["\ufeffa = 1\n", "b = 2"]}
    assert [one.source for one in read_cells(notebook(cell), "ipynb")] == ["a = 1\nb = 2"]


def test_a_script_in_an_unstated_encoding_is_read_all_the_same():
    (cell,) = read_cells("# caf\xe9\nx = 1\n".encode("latin-1"), "py")
    assert cell.source.endswith("x = 1\n")


def test_a_percent_script_has_cells_with_the_files_lines():
    text = "import numpy as np\n\n# %%\nx = 1\n\n# %% [markdown]\nr'''\nprose\n'''\n\n# In[3]:\ny = 2\n"
    cells = read_cells(text.encode(), "py")
    assert [(cell.kind, cell.first_line) for cell in cells] == [
        ("code", 1),
        ("code", 3),
        ("markdown", 6),
        ("code", 11),
    ]
    assert {cell.number for cell in cells} == {0}


def test_a_marker_inside_a_string_does_not_split_it():
    text = 'x = """\n# %%\n"""\n' + SOFTMAX
    (cell,) = read_cells(text.encode(), "py")
    assert cell.source == text


def test_a_notebook_called_py_is_read_as_a_notebook():
    assert sources(notebook(code("x = 1")), "py") == ["x = 1"]


def test_the_lesson_in_the_metadata_is_known():
    assert read(notebook(headway={"lesson": "01_softmax"}), "ipynb").lesson == "01_softmax"
    assert read(notebook(headway=3), "ipynb").lesson == ""


# Which lesson


def lesson(name, *exercises):
    return SimpleNamespace(
        name=name,
        exercises=tuple(SimpleNamespace(name=e) for e in exercises),
        questions=(SimpleNamespace(name=f"why-{name}"),),
    )


MANIFEST = Manifest(
    lessons=(lesson("01_softmax", "softmax", "logsumexp"), lesson("03_attention", "attention"))
)


@pytest.mark.parametrize(
    ("cells", "claimed", "recognised"),
    [
        ([code("x = 1")], "03_attention", "03_attention"),
        ([code("x = 1")], "99_other", None),
        ([code("x = 1", id="softmax")], "", "01_softmax"),
        ([code("x = 1", id="check-attention")], "", "03_attention"),
        ([{"cell_type": "markdown", "source": "", "id": "why-03_attention"}], "", "03_attention"),
        ([code("def attention(Q, K, V): pass")], "", "03_attention"),
        ([code("softmax = lambda Z: Z")], "", "01_softmax"),
        ([code("def softmax(Z): pass\ndef logsumexp(Z): pass\ndef attention(Q): pass")], "", "01_softmax"),
        ([code('softmax = earlier("numerics.softmax")\ndef attention(Q, K, V): pass')], "", "03_attention"),
        ([code('softmax = earlier("numerics.softmax")')], "", None),
        ([code("def something_else(): pass")], "", None),
        ([], "", None),
    ],
)
def test_a_lesson_is_recognised_by_claim_cells_and_functions(cells, claimed, recognised):
    document = read(notebook(*cells, headway={"lesson": claimed}), "ipynb")
    assert recognise(document.cells, MANIFEST, document.lesson) == recognised


# Anything at all

WHOLE = notebook(code("import numpy as np"), code(SOFTMAX, id="softmax"), code("%time x = 1"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "source", "cell_type", "metadata", "id", "nbgrader", "worksheets", "input"]
            ),
            inner | st.sampled_from(["code", "markdown", SOFTMAX, ["x = 1\n", "y"]]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


def never_crashes(data, kind):
    try:
        cells = read_cells(data, kind)
    except Unreadable:
        return
    extract(cells, ["softmax"])


@given(st.binary(max_size=200), st.sampled_from(["ipynb", "py"]))
def test_any_bytes_are_read_or_unreadable(data, kind):
    never_crashes(data, kind)


@given(JSON)
def test_any_json_is_read_or_unreadable(value):
    never_crashes(json.dumps({"cells": [value]}).encode(), "ipynb")
    never_crashes(json.dumps(value).encode(), "ipynb")


@given(st.integers(0, len(WHOLE)), st.integers(0, 20), st.binary(max_size=6))
def test_any_damage_to_a_notebook_is_read_or_unreadable(at, length, new):
    never_crashes(WHOLE[:at] + new + WHOLE[at + length :], "ipynb")


PIECES = [
    "def softmax(Z):",
    "    return Z",
    "softmax = ",
    "(",
    ")",
    '"""',
    "%time ",
    "!ls",
    "\t",
    "\\",
    ":",
    "é",
    "@",
]


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([*PIECES, "x = 1", "import os", "if True:", "else:", "# %%", "'", "\x0c"]),
        max_size=12,
    )
)
def test_any_lines_are_sorted_into_what_runs_and_what_does_not(lines):
    cells = read_cells("\n".join(lines).encode(), "py")
    found = extract(cells, ["softmax"])
    for statement in found.statements:
        compile(statement.source, "answer", "exec")
