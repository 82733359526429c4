"""Code that once made its reader stumble."""

import ast

import pytest
from headway_course.judging.constructs import name_construct
from headway_course.reading.cells import read_cells
from headway_course.reading.extract import extract
from headway_course.reading.policy import violations, violations_for

SOFTMAX = "def softmax(Z):\n    return Z\n"
LONG = "0x" + 6000 * "f"


def read(source, exercises=("softmax",)):
    return extract(read_cells(source.encode(), "py"), exercises)


def test_a_quoted_annotation_leaves_other_code_alone():
    one = read('def softmax(Z: "np.ndarray") -> "np.ndarray":\n    return Z\n')
    assert not violations(one.statements)
    assert not hasattr(ast.Load(), "lineno")
    assert name_construct([ast.parse("def f(Z):\n    for z in Z:\n        z + 1\n")], 3)[0] == "for loop"


@pytest.mark.parametrize("line", [f"np.a[{LONG}] = 1", f"x = {LONG}", f"def f():\n    return ({LONG}).real"])
def test_a_number_too_long_to_be_written_out_is_left_out(line):
    one = read(f"import numpy as np\n{SOFTMAX}{line}\n")
    assert [left.why for left in one.left_out] == ["it has a number of more than 1000 digits"]
    assert one.answers["softmax"]
    assert not violations_for(one, "softmax")


def test_a_made_up_module_costs_nothing_but_its_names():
    one = read(f"from numpy.linalg{1000 * '.a'} import *\n{SOFTMAX}")
    assert one.answers["softmax"]


def test_of_a_star_import_only_what_is_used_is_imported():
    one = read("from numpy import *\ndef softmax(Z):\n    E = exp(Z)\n    return E / sum(E, axis=-1)\n")
    assert one.statements[0].source == "from numpy import exp, sum"
    assert not violations_for(one, "softmax")


def test_a_star_import_hides_no_forbidden_function():
    one = read("from numpy import *\ndef softmax(Z):\n    return load(Z)\n")
    assert any("load" in violation.what for violation in violations_for(one, "softmax"))


def test_a_page_break_before_a_function_is_no_indentation():
    one = read(f"import numpy as np\n\f{SOFTMAX}")
    compile(one.statements[-1].source, "answer", "exec")


def test_an_attribute_of_an_answer_does_not_replace_it():
    one = read(f"{SOFTMAX}softmax.axis = -1\n")
    assert not one.warnings
    assert [statement.source for statement in one.statements][-1] == "softmax.axis = -1"
