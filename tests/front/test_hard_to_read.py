"""Code that once made its reader stumble."""

import ast

import pytest
from headway_course.judging.constructs import name_construct
from headway_course.reading.cells import Cell, read_cells
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


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("indent", ["    ", "\t"])
def test_an_indented_cell_with_a_command_in_it_keeps_its_function(indent, mark):
    source = mark + "".join(f"{indent}{line}\n" for line in SOFTMAX.splitlines()) + "%odd (x"
    assert read(source).statements[0].binds == ("softmax",)


def test_many_lines_that_nothing_could_make_python_of_cost_no_function_below_them():
    long = "".join(f"def f{i}():\n" + f"    print('{'a' * 90}')\n" * 20 for i in range(60))
    one = read("/odd 1 2\n" * 12 + long + SOFTMAX)
    assert any("softmax" in statement.binds for statement in one.statements)


def test_a_page_break_before_a_function_is_no_indentation():
    one = read(f"import numpy as np\n\f{SOFTMAX}")
    compile(one.statements[-1].source, "answer", "exec")


def test_a_page_break_after_blanks_is_no_indentation_either():
    one = read(f"import numpy as np\nif True:\n  \f    x = 1\n  \f{SOFTMAX}")
    for statement in one.statements:
        compile(statement.source, "answer", "exec")


def test_an_expression_that_cannot_be_written_out_is_refused_all_the_same():
    one = read("def softmax(Z):\n    return f\"{Z['\u00a0']}\".__globals__\n")  # no-break space
    assert [violation.what.rpartition(".")[2] for violation in violations_for(one, "softmax")] == [
        "__globals__"
    ]


@pytest.mark.parametrize("deep", ["[" * 60 + "LONG" + " for i in Z]" * 60, "LONG" + ".a" * 140])
def test_what_is_both_long_and_deep_is_left_out(deep):
    long = f"[{'0,' * 60_000}]"
    one = read(f"def other(Z):\n    return {deep.replace('LONG', long)}\n{SOFTMAX}")
    assert [left.why for left in one.left_out] == ["it is too large"]
    assert one.answers["softmax"]


def test_a_long_table_of_numbers_is_kept():
    one = read(f"table = [{'[0, 1, 2],' * 15_000}]\n{SOFTMAX}")
    assert not one.left_out


def test_of_a_long_expression_only_the_end_is_quoted():
    one = read(f"def softmax(Z):\n    return [{'0,' * 1000}].__globals__\n")
    assert [violation.what for violation in violations_for(one, "softmax")] == ["….__globals__"]


def test_many_statements_in_a_line_are_told_apart():
    line = "é = 1; " + "".join(f"x{i} = 'é{i}'; " for i in range(2000))
    one = read(f"{line}\n{SOFTMAX}")
    assert [statement.source for statement in one.statements[1:-1]] == [f"x{i} = 'é{i}'" for i in range(2000)]


@pytest.mark.parametrize("above", ["", "%%time\n", "\n\n%%time\n\n"])
@pytest.mark.parametrize(
    ("first", "rest"), [("    ", "    "), ("\t", "\t"), (">>> ", "... "), ("In [3]: ", "   ...: ")]
)
def test_indents_and_prompts_of_a_whole_cell_are_taken_off_each_line(above, first, rest):
    lines = ["def softmax(Z):", "    '''Shares.", "", "    Of a whole.'''", "", "    return Z"]
    source = above + first + f"\n{rest}".join(lines)
    one = extract([Cell(source, number=1)], ["softmax"])
    (statement,) = one.statements
    assert ast.dump(statement.tree) == ast.dump(ast.parse("\n".join(lines)).body[0])


@pytest.mark.parametrize("command", ["%odd 3", "x = %odd 3", "%odd \\\n  3", "x = !ls \\\n  -l", "x?"])
@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\x0b", "\x1c", "\f", "x"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_command_above_an_answer_leaves_its_lines_where_they_are(command, sign, end):
    lines = [f"def softmax(Z):  # {sign} and", f"    Z = Z + 1  # {sign} so on", "", "    return Z"]
    code = "\n".join(lines)
    one = extract([Cell(f"{command}\n{code}{end}", number=1)], ["softmax"])
    assert one.statements[-1].source == code
    assert one.statements[-1].line == 2 + command.count("\n")


def test_an_attribute_of_an_answer_does_not_replace_it():
    one = read(f"{SOFTMAX}softmax.axis = -1\n")
    assert not one.warnings
    assert [statement.source for statement in one.statements][-1] == "softmax.axis = -1"
