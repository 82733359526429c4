"""check where it is used: in the cells of a notebook, whose lines it quotes."""

import linecache
import time

import pytest
from headway_course import check
from headway_course.checking.origin import origin
from jupyter_client.manager import start_new_kernel

RIGHT = "def softmax(Z):\n    E = helper(Z)\n    return E / E.sum(axis=-1, keepdims=True)\n"
HELPER = "def helper(Z):\n    return np.exp(Z - Z.max(axis=-1, keepdims=True))\n"
ROWS = "def helper(Z):\n    return np.array([np.exp(z - z.max()) for z in Z]) if Z.ndim == 2 else np.exp(Z)\n"


class Notebook:
    """Runs cells as IPython does: each a file of its own that linecache knows, with all of them in `In`."""

    def __init__(self):
        self.names = {"__name__": "__main__", "In": [""]}

    def run(self, *cells):
        for text in cells:
            history = self.names["In"]
            file = f"/tmp/ipykernel_1/{id(self)}_{len(history)}.py"
            history.append(text)
            linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
            exec(compile(text, file, "exec"), self.names)
        return self.names.get("softmax")


@pytest.fixture
def notebook():
    notebook = Notebook()
    notebook.run("import numpy as np")
    return notebook


def test_an_answer_of_several_cells_passes(course, notebook):
    assert check(notebook.run(HELPER, RIGHT)).good


def test_a_loop_in_a_helper_is_quoted_with_its_cell(course, notebook):
    result = check(
        notebook.run("x = 1", ROWS.replace(" if Z.ndim == 2 else np.exp(Z)", ".astype(Z.dtype)"), RIGHT)
    )
    assert result.loops.verdict.found
    assert "line 2 of cell [3] ran 8, 16, 32 times (list comprehension)" in " ".join(repr(result).split())


BY_ROWS = """def softmax(Z):
    rows = []
    for row in Z.reshape(-1, Z.shape[-1]):
        rows.append(shares(shares(row) * 0 + row))
    return np.array(rows).reshape(Z.shape)
"""
SHARES = "def shares(Z):\n    E = np.exp(Z - Z.max())\n    return E / E.sum()\n"


@pytest.mark.parametrize("cells", [(SHARES, BY_ROWS), (BY_ROWS, SHARES)])
def test_a_helper_that_is_called_in_a_loop_is_not_blamed_for_it(course, notebook, cells):
    said = " ".join(repr(check(notebook.run("x = 1", *cells))).split())
    number = 3 + cells.index(BY_ROWS)
    assert f"line 3 of cell [{number}] ran 8, 16, 32 times (for loop)" in said


def test_what_is_not_allowed_is_found_in_a_helper_of_another_cell(course, notebook):
    refused = (
        "import os\ndef helper(Z):\n    os.getcwd()\n    return np.exp(Z - Z.max(axis=-1, keepdims=True))\n"
    )
    result = check(notebook.run(refused, RIGHT))
    assert result.status == "refused"
    assert "cell 2, line 3 uses os" in " ".join(repr(result).split())


def test_what_was_mended_in_a_later_cell_is_forgotten(course, notebook):
    refused = "import os\ndef helper(Z):\n    os.getcwd()\n    return Z\n"
    assert check(notebook.run(refused, RIGHT, "import numpy\n" + HELPER)).good


def test_another_function_of_the_notebook_costs_nothing(course, notebook):
    assert check(notebook.run("import os\ndef other():\n    return os.getcwd()\n", HELPER, RIGHT)).good


def test_what_an_answer_uses_but_hand_in_leaves_out_is_named(course, notebook):
    uses_it = RIGHT.replace("helper(Z)", "helper(Z) + offset")
    result = check(notebook.run("for offset in [0.0]:\n    pass", HELPER, uses_it))
    assert result.status == "pass"
    assert not result.good
    assert "At hand-in `offset` is missing, because line 1 of cell 2 does not run" in " ".join(
        repr(result).split()
    )
    assert check(notebook.run("offset = 0.0")).good


DOUBLED = "def doubled(Z):\n    return softmax(Z) + softmax(Z)\n"


def test_an_answer_on_a_wrong_one_is_sent_to_that_first(course, notebook):
    notebook.run(HELPER, RIGHT.replace("axis=-1", "axis=0"), DOUBLED)
    result = check(notebook.names["doubled"])
    assert not result.good
    assert result.diagnosis == (
        "`doubled` calls your `softmax`, which is not right yet: mend that first. "
        "At hand-in the course's stands in its place."
    )
    notebook.run(RIGHT)
    assert check(notebook.names["doubled"]).good


def test_a_wrong_answer_on_a_right_one_is_its_own_fault(course, notebook):
    notebook.run(HELPER, RIGHT, DOUBLED.replace("+", "-"))
    assert check(notebook.names["doubled"]).diagnosis == ""


def test_what_is_not_allowed_in_a_function_that_hand_in_replaces_costs_nothing(course, notebook):
    notebook.run(
        "import os", HELPER, "def softmax(Z):\n    os.getcwd()\n" + RIGHT.partition("\n")[2], DOUBLED
    )
    assert check(notebook.names["softmax"]).status == "refused"
    assert check(notebook.names["doubled"]).good


def test_an_error_quotes_the_learners_own_line(course, notebook):
    result = check(notebook.run(HELPER.replace("-1", "-9"), RIGHT))
    assert result.trouble.place == "line 2 of cell [2]"
    assert result.trouble.code.startswith("return np.exp(Z - Z.max(axis=-9")


def test_a_function_whose_text_is_unknown_is_checked_all_the_same(course):
    names = {}
    exec("import numpy as np\n" + HELPER + RIGHT, names)
    assert origin(names["softmax"]).cells == ()
    assert check(names["softmax"]).good


def test_a_decorated_function_is_traced_to_its_text(course, notebook):
    cached = "import functools\n" + RIGHT.replace("def", "@functools.wraps(helper)\ndef")
    written = origin(notebook.run(HELPER, cached))
    assert any("def softmax" in text or "def helper" in text for text in written.texts.values())


@pytest.mark.slow
def test_a_real_kernel_shows_html_survives_an_interrupt_and_shows_our_errors_in_a_line(course):
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        run(client, "import numpy as np\nfrom headway_course import check")
        shown = run(client, HELPER + RIGHT + "check(softmax)")["data"]
        assert shown["text/plain"].startswith("softmax: right")
        assert "✓ right" in shown["text/html"]
        client.execute("def softmax(Z):\n    while True:\n        pass\ncheck(softmax)")
        time.sleep(1)
        manager.interrupt_kernel()
        assert "interrupted" in reply(client)["data"]["text/plain"]
        assert run(client, "1 + 1")["data"]["text/plain"] == "2"
        assert run(client, "check(lambda Z: Z)")["traceback"][0].startswith("Headway: a lambda has no name")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run(client, code):
    client.execute(code)
    return reply(client)


def reply(client):
    """What a cell shows: its result or its error; empty if neither."""
    content = {}
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["msg_type"] in ("execute_result", "error"):
            content = message["content"]
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return content
