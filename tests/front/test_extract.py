"""Extraction: what runs, what is left out and why, which function is the answer, what is said of cells."""

import ast

import pytest
from headway_course.reading.extract import Cell, answer_statements, extract, why_missing

STUB = 'def softmax(Z):\n    """Softmax."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
REAL = "def softmax(Z):\n    return Z"


def script(source, *names):
    return extract([Cell(source)], names or ["softmax"])


def notebook(*sources, names=("softmax",), ids=None):
    ids = ids or [""] * len(sources)
    cells = [Cell(s, id=i, number=n) for n, (s, i) in enumerate(zip(sources, ids, strict=True), start=1)]
    return extract(cells, names)


def kept(found):
    return [name for statement in found.statements for name in statement.binds]


def left(found):
    return [(part.line, part.why) for part in found.left_out]


def run(found, exercise="softmax"):
    """What the answer's statements bind when they run one by one, as in the sandbox."""
    namespace = {}
    for statement in answer_statements(found, exercise):
        exec(compile(statement.source, "answer", "exec"), namespace)
    return namespace[found.answers[exercise].name]


KEPT = {
    "import numpy as np": ["np"],
    "from numpy import exp, newaxis as new": ["exp", "new"],
    "import numpy.linalg": ["numpy"],
    "x = 3": ["x"],
    "x = y = 3": ["x", "y"],
    "x: int = 3": ["x"],
    "x, (y, *z) = 1, (2, 3)": ["x", "y", "z"],
    "[x, y] = 1, 2": ["x", "y"],
    "x = 1\nx += 2": ["x", "x"],
    "x = [1, 2]\nx[0] = 3": ["x", "x"],
    "x = (y := 3) + 1": ["x", "y"],
    "x = [i * i for i in range(3)]": ["x"],
    "x = {k: len(k) for k in ('a', 'b')}": ["x"],
    "def f(): pass\nx = f()": ["f", "x"],
    "f = lambda Z: later(Z)": ["f"],
    "class A:\n    size = 3": ["A"],
    "async def f(): pass": ["f"],
    "import functools\n@functools.cache\ndef f(): pass": ["functools", "f"],
    "import numpy as np\nx = np.zeros((2, 3))\nx[0, 1] = 2": ["np", "x", "x"],
    "a = 1; b = 2; c = a + b": ["a", "b", "c"],
    "def f(): pass\nf.calls = 0": ["f", "f"],
    "if True:\n    def f(): pass": ["f"],
    "if 0:\n    x = 1\nelse:\n    y = 2": ["y"],
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from numpy.typing import NDArray": [
        "TYPE_CHECKING",
        "NDArray",
    ],
    "try:\n    import numpy as np\nexcept ImportError:\n    np = None": ["np"],
    "try:\n    from scipy import special\nexcept ImportError:\n    special = None": ["special"],
    "try:\n    import numba\nexcept ImportError:\n    def jit(f):\n        return f": ["jit"],
    "from __future__ import annotations\nx = 1": ["x"],
    '"""Docstring."""\nx = 1\n...\npass': ["x"],
}


@pytest.mark.parametrize(("source", "names"), KEPT.items())
def test_definitions_imports_and_plain_assignments_run(source, names):
    found = script(source)
    assert kept(found) == names
    for statement in found.statements:
        assert ast.dump(ast.parse(statement.source).body[0])


LEFT_OUT = {
    "import os": "only numpy",
    "from os import path": "only numpy",
    "import numpy.testing": "numpy's public functions",
    "print(3)": "nobody keeps",
    "for i in range(3): x = i": "loop",
    "while False: pass": "loop",
    "with open('x') as f: y = f": "with-block",
    "if __name__ == '__main__':\n    x = 3": "choice",
    "assert True": "assertion",
    "x = 1\ndel x": "deletion",
    "raise ValueError": "error raised",
    "x = missing + 1": "needs missing, which is not defined",
    "import os\nx = os.getcwd()": "needs os, which was left out (line 1)",
    "x = open('x').read()": "uses open",
    "import numpy as np\nx = np.load('x')": "uses np.load",
    "import numpy as np\nnp.sum = None": "changes np.sum",
    "import numpy as np\nnp.ndarray.x[0] = 1": "changes np.ndarray.x[0]",
    "y = 1\nx += 1": "needs x",
    "from headway_course import check": "for the notebook",
    "from headway_course import exercise\nx = exercise('a.b')": "needs exercise",
    "x = f()\ndef f(): return 1": "needs f, which is not defined above",
}


@pytest.mark.parametrize(("source", "why"), LEFT_OUT.items())
def test_everything_else_is_left_out_for_a_reason(source, why):
    assert why in script(source).left_out[-1].why


def test_one_name_of_an_import_does_not_cost_the_others():
    found = script("import os, numpy as np, math")
    assert kept(found) == ["np", "math"]


def test_lines_count_within_the_cell_of_a_notebook():
    found = notebook("", "\n\nx = open('x')\n\ndef softmax(Z):\n    return Z")
    assert [(part.cell, part.line) for part in found.left_out] == [(2, 3)]
    assert (found.answers["softmax"].cell, found.answers["softmax"].line) == (2, 5)
    assert found.statements[0].tree.body[0].lineno == 6


def test_lines_count_within_the_file_of_a_script():
    found = extract(
        [Cell("x = 1", first_line=1), Cell("# %%\n\n@wrap\ndef softmax(Z): pass", first_line=8)], ["softmax"]
    )
    assert found.statements[-1].line == 10
    assert found.statements[-1].tree.lineno == 11


def test_sources_compile_alone_and_keep_their_lines():
    source = 'a = """x\n  y"""; b = (1,\n  2); c = "é"; d = 4\nif True:\n    def f():\n        return 1 / 0\n'
    namespace = {}
    for statement in script(source).statements:
        exec(compile("\n" * (statement.line - 1) + statement.source, "x", "exec"), namespace)
    assert (namespace["a"], namespace["b"], namespace["c"], namespace["d"]) == ("x\n  y", (1, 2), "é", 4)
    assert namespace["f"].__code__.co_firstlineno == 5


# Answers


def test_a_later_definition_replaces_an_earlier_one():
    found = notebook("def softmax(Z): return 1", "def softmax(Z): return 2")
    assert found.answers["softmax"].cell == 2
    assert run(found)(0) == 2


@pytest.mark.parametrize(
    "stub", [STUB, "def softmax(Z):\n    pass", "def softmax(Z):\n    raise NotImplementedError"]
)
def test_an_untouched_stub_never_replaces_work(stub):
    found = notebook(REAL, stub)
    assert found.answers["softmax"].cell == 1
    assert not found.answers["softmax"].untouched
    assert run(found)(3) == 3
    assert any("cell 2" in warning and "softmax" in warning for warning in found.warnings)


def test_work_after_the_stub_replaces_it():
    found = notebook(STUB, REAL)
    assert found.answers["softmax"].cell == 2
    assert found.warnings == notebook(REAL).warnings


def test_a_stub_alone_is_untouched():
    assert script(STUB).answers["softmax"].untouched


def test_code_before_the_error_is_work():
    assert (
        not script("def softmax(Z):\n    Z = Z + 1\n    raise NotImplementedError()")
        .answers["softmax"]
        .untouched
    )


@pytest.mark.parametrize(
    "source",
    [
        "softmax = lambda Z: Z",
        "softmax: object = lambda Z: Z",
        "def mine(Z): return Z\nsoftmax = mine",
        "import functools\ndef mine(k, Z): return Z\nsoftmax = functools.partial(mine, 2)",
        "def twice(f): return f\n@twice\ndef softmax(Z): return Z",
        "def make(k):\n    def inner(Z): return Z\n    return inner\nsoftmax = make(3)",
        "class softmax:\n    def __new__(cls, Z): return Z",
        "def outer():\n    return lambda Z: Z\nsoftmax, other = outer(), 3",
    ],
)
def test_lambdas_wrappers_and_factories_are_answers(source):
    assert run(script(source))(7) == 7


def test_an_answer_is_made_of_what_it_needs_and_nothing_else():
    source = (
        "EPS = 1e-9\ndef shift(Z): return Z - TOP\nTOP = [1]\nTOP[0] = 5\n"
        "demo = shift(3)\ndef other(Z): return demo\ndef softmax(Z): return shift(Z)[0] + EPS"
    )
    binds = [s.binds for s in answer_statements(script(source), "softmax")]
    assert binds == [("EPS",), ("shift",), ("TOP",), ("TOP",), ("softmax",)]


def test_local_names_are_not_needs():
    source = (
        "demo = 1\nk = 2\nZ = 3\ne = 4\n"
        "def softmax(Z, *a, k=0, **kw):\n"
        "    demo = [e for e in a]\n"
        "    def inner():\n        nonlocal demo\n        demo = 1\n"
        "    try: pass\n    except ValueError as e: pass\n"
        "    return demo, k, Z"
    )
    assert [s.binds for s in answer_statements(script(source), "softmax")] == [("softmax",)]


def test_a_function_that_writes_a_global_needs_it():
    source = "COUNT = 0\ndef softmax(Z):\n    global COUNT\n    COUNT += 1\n    return COUNT"
    assert run(script(source))(0) == 1


def test_a_value_given_to_an_exercises_name_does_not_replace_the_function():
    found = script(REAL + "\nZ = [1, 2]\nsoftmax = softmax(Z)\nP = softmax")
    assert run(found)(3) == 3
    assert any("softmax" in warning and "line 4" in warning for warning in found.warnings)


@pytest.mark.parametrize("word", ["earlier", "library"])
def test_functions_that_are_fetched_get_the_names_the_learner_gave_them(word):
    found = script(
        f"from headway.numerics import softmax as sm, logsumexp\nlse = {word}('numerics.logsumexp')\n"
        f"softmax = {word}('numerics.softmax')\ndef answer(Z): return sm(lse(Z))",
        "answer",
    )
    assert [(s.source, s.line) for s in found.statements[:2]] == [("sm = softmax", 1), ("lse = logsumexp", 2)]
    assert found.left_out == ()


def test_why_an_answer_is_missing_can_be_told():
    found = script("softmax = nowhere")
    assert found.answers["softmax"] is None
    assert why_missing(found, "softmax").why == "it needs nowhere, which is not defined above"
    assert why_missing(found, "other") is None


# Broken code


def test_a_broken_cell_costs_only_itself():
    found = notebook("def a(: pass", REAL)
    assert found.answers["softmax"].cell == 2
    assert found.left_out[0].cell == 1
    assert "not Python" in found.left_out[0].why


def test_a_broken_function_costs_only_itself():
    source = "import math\n\ndef a(Z):\n    return (Z\n\ndef softmax(Z):\n    return Z\n\nx = = 3\n\ny = 4\n"
    found = script(source)
    assert kept(found) == ["math", "softmax", "y"]
    assert [line for line, _ in left(found)] == [3, 9]
    assert why_missing(found, "a").line == 3


def test_a_broken_answer_beside_its_stub_is_missing_not_untouched():
    found = notebook(STUB, "def softmax(Z):\n    return Z Z")
    assert found.answers["softmax"] is None
    assert "not Python" in why_missing(found, "softmax").why


def test_strings_with_code_in_them_stay_strings_in_a_broken_cell():
    source = 'def softmax(Z):\n    """\n1. first\nx = 3\n    """\n    return Z\n\ny = ('
    found = script(source)
    assert kept(found) == ["softmax"]


@pytest.mark.parametrize(
    "magic",
    [
        "%matplotlib inline",
        "!pip install numpy",
        "%timeit softmax(3)",
        "np.exp?",
        "?np.exp",
        "files = !ls",
        "%load_ext autoreload\n%autoreload 2",
        "! ls \\\n  -l",
        "%time x = 3",
    ],
)
def test_magics_do_not_break_a_cell(magic):
    found = notebook(f"\n{magic}\n\n{REAL}\n")
    lines = magic.count("\n") + 1
    assert found.answers["softmax"].line == 3 + lines
    assert run(found)(3) == 3
    assert found.left_out[0].line == 2


@pytest.mark.parametrize("magic", ["%%time", "%%timeit -n 3", "%%capture out", "\n%%time"])
def test_a_cell_under_a_magic_that_runs_python_counts(magic):
    found = notebook(f"{magic}\n{REAL}")
    assert run(found)(3) == 3
    assert found.answers["softmax"].line == magic.count("\n") + 2


@pytest.mark.parametrize("magic", ["%%bash", "%%writefile softmax.py", "%%html", "%%script python", "%%!"])
def test_a_cell_in_another_language_is_left_out(magic):
    found = notebook(f"{magic}\n{REAL}")
    assert found.answers["softmax"] is None
    assert len(found.left_out) == 1


def test_a_magic_inside_a_function_does_not_break_it():
    found = notebook("def softmax(Z):\n    %matplotlib inline\n    return Z")
    assert run(found)(3) == 3


@pytest.mark.parametrize(
    "source",
    [
        "(" * 5000,
        "-" * 100_000 + "1",
        "x = " + "[" * 90 + "]" * 90,
        "x = " + "a." * 5000 + "b",
        "x = " + "1 + " * 5000 + "1",
        "if 0: pass\n" + "elif 0: pass\n" * 2000,
        "x = " + "9" * 5000,
        "x = '\ud800'",
        "def f():\n" + "\treturn 1\n        return 2",
        "x = 1\\",
        "\x00",
        "'" * 1001,
        "\ufeffx = 1",
        "x = (\n" * 3000,
        "%x\n" * 3000,
        "a:b:c\n" * 3000,
        "x = [" + "0, " * 50_000 + "]",
        "def f(): return " + "(" * 60 + "lambda: " * 60 + "1" + ")" * 60,
    ],
    ids=range(18),
)
def test_monstrous_code_costs_only_itself(source):
    found = notebook(source, REAL)
    assert run(found)(3) == 3


# Cells


def test_a_function_renamed_in_its_own_cell_is_the_answer_with_a_warning():
    found = notebook("x = 1", "def my_softmax(Z): return Z", ids=["a", "softmax"])
    assert found.answers["softmax"].name == "my_softmax"
    assert run(found)(3) == 3
    assert any("my_softmax" in warning for warning in found.warnings)


def test_a_name_counts_more_than_a_cell():
    found = notebook("def my_softmax(Z): return 1", "def softmax(Z): return 2", ids=["softmax", ""])
    assert run(found)(0) == 2


def test_deleted_and_duplicated_cells_are_named():
    found = notebook(
        REAL, REAL, "check(softmax)", ids=["softmax", "softmax", "check-log"], names=["softmax", "log"]
    )
    said = " ".join(found.warnings)
    assert "cells 1 and 2 are both called softmax" in said
    assert "check-softmax is missing" in said
    assert "the cell log is missing" in said
    assert found.answers["softmax"]


def test_cells_without_names_are_one_warning_and_no_loss():
    found = notebook(REAL, "x = 1")
    assert found.answers["softmax"]
    assert len(found.warnings) == 1


def test_grade_ids_name_cells_as_well():
    cells = [
        Cell("def f(Z): return Z", grade_id="softmax", number=1),
        Cell("", grade_id="check-softmax", number=2),
    ]
    found = extract(cells, ["softmax"])
    assert found.answers["softmax"].name == "f"


def test_a_notebook_as_it_was_handed_out_needs_no_warning():
    found = notebook("import numpy as np", REAL, "check(softmax)", ids=["a", "softmax", "check-softmax"])
    assert found.warnings == ()


def test_prose_is_no_code():
    cells = [Cell("def softmax(Z): return 1", kind="markdown", number=1), Cell(REAL, number=2)]
    assert extract(cells, ["softmax"]).answers["softmax"].cell == 2


def test_nothing_at_all_has_no_answers():
    assert extract([], ["softmax"]).answers == {"softmax": None}
