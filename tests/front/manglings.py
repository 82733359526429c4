"""What happens to a hand-in before it is a file: to its cells, their names and metadata, their code.

Each mangling changes a draft in place, and takes from what is promised the answers whose own code it touched.
"""

import ast
import json
import re
import string
import warnings
from collections.abc import Callable, Iterator
from copy import copy, deepcopy
from itertools import pairwise
from random import Random

from drafts import MAX_CELLS, Draft, code_cell, lessons, prose_cell, text_of
from IPython.core.inputtransformer2 import TransformerManager
from odd_code import oddity

Mangling = Callable[[Draft], None]
MANGLINGS: dict[str, Mangling] = {}

ODD_VALUES = (
    *(
        None,
        True,
        False,
        0,
        -1,
        3.5,
        1e400,
        float("nan"),
        2**70,
        "",
        "code",
        "x" * 5000,
        [],
        {},
        [[]],
        {"": {}},
    ),
    *(
        "\0",
        "\ud800",
        "\udfff\ud800",
        "\ufeff",
        "é",
        "e\u0301",
        "softmax",
        "attention",
        "check-softmax",
        "../..",
    ),
    *([None, 3, {"a": 1}], ["import os\n", 3, "x"], {"cells": []}, {"source": "def softmax(Z): return Z"}),
)


def odd_value(rng: Random) -> object:
    """A value of some type, for places that expect another."""
    return deepcopy(rng.choice(ODD_VALUES))


_STANDS_RIGHT = re.compile(r"\s|>>>|In \[")


def mangling(function: Mangling) -> Mangling:
    MANGLINGS[function.__name__] = function
    return function


# --- cells


@mangling
def duplicated_cells(draft: Draft) -> None:
    for cell in draft.rng.choices(draft.cells, k=draft.rng.randint(1, 3)):
        draft.insert(copy(cell))


@mangling
def shuffled_cells(draft: Draft) -> None:
    draft.rng.shuffle(draft.cells)


@mangling
def deleted_cells(draft: Draft) -> None:
    for _ in range(draft.rng.randint(1, max(1, len(draft.cells) // 2))):
        draft.touch_cell(draft.cells.pop(draft.rng.randrange(len(draft.cells))))
        if not draft.cells:
            draft.cells.append(prose_cell("nothing"))


@mangling
def split_cells(draft: Draft) -> None:
    """Between statements, which leaves answers whole, or within one."""
    for cell in draft.rng.sample(draft.code(), min(2, len(draft.code()))):
        lines = cell["source"].split("\n")
        if draft.answers_in(cell) and draft.rng.random() < 0.2:
            draft.touch_cell(cell)
            at = draft.rng.randint(0, len(lines))
        else:
            at = draft.rng.choice([0, *_gaps(cell["source"])])
        name = draft.rng.choice(["", cell.get("id", ""), "a-new-cell"])
        below = code_cell("\n".join(lines[at:]), name if isinstance(name, str) else "")
        cell["source"] = "\n".join(lines[:at])
        _place_after(draft, cell, below)
        _moved(draft, cell, below)


@mangling
def merged_cells(draft: Draft) -> None:
    code = draft.code()
    for upper, lower in pairwise(code):
        if draft.rng.random() < 0.3 and _reads(upper["source"]) and _reads(lower["source"]):
            lower["source"] = upper["source"] + "\n" + lower["source"]
            draft.cells = [cell for cell in draft.cells if cell is not upper]
            draft.home = {name: lower if home is upper else home for name, home in draft.home.items()}


@mangling
def odd_cells(draft: Draft) -> None:
    for _ in range(draft.rng.randint(1, 4)):
        odd = oddity(draft.rng)
        draft.kinds.append(odd.name)
        draft.flat = draft.flat and odd.closed
        draft.insert(code_cell(odd.source))


@mangling
def monstrous_cell(draft: Draft) -> None:
    odd = oddity(draft.rng, large=True)
    draft.kinds.append(odd.name)
    draft.flat = False
    draft.insert(code_cell(odd.source))


@mangling
def odd_lines_in_cells(draft: Draft) -> None:
    """Odd code above or below what stands in a cell."""
    for cell in draft.rng.sample(draft.code(), min(2, len(draft.code()))):
        odd = oddity(draft.rng)
        draft.kinds.append(odd.name)
        draft.flat = draft.flat and odd.closed
        lone = odd.source.startswith("%%") or ">>>" in odd.source or "In [" in odd.source
        if not odd.closed or lone or _STANDS_RIGHT.match(cell["source"]):
            draft.touch_cell(cell)
        parts = [odd.source, cell["source"]]
        cell["source"] = "\n".join(parts if draft.rng.random() < 0.5 else parts[::-1])


@mangling
def foreign_cells(draft: Draft) -> None:
    """Answers to another lesson, as stubs."""
    for exercise in draft.rng.choice(lessons()).exercises:
        if exercise.name not in draft.home:
            draft.insert(code_cell(exercise.stub, exercise.name))


@mangling
def cells_of_another_kind(draft: Draft) -> None:
    cells = _dicts(draft)
    for cell in draft.rng.sample(cells, min(3, len(cells))):
        draft.touch_cell(cell)
        cell["cell_type"] = draft.rng.choice(["markdown", "raw", "heading", "Code", "", None, 3])


@mangling
def stubs_again(draft: Draft) -> None:
    for exercise in draft.lesson.exercises:
        if draft.rng.random() < 0.5:
            draft.cells.append(code_cell(exercise.stub, exercise.name))


@mangling
def overwritten_answers(draft: Draft) -> None:
    """Lessons' names given to results, as people do in the cell below."""
    for name in draft.rng.sample(sorted(draft.home), min(2, len(draft.home))):
        value = draft.rng.choice(
            [f"{name}(np.ones((2, 3)))", "3", "[1, 2]", f"{name}(3)[0] + 1", "np.ones(3)"]
        )
        draft.cells.append(code_cell(f"import numpy as np\n{name} = {value}"))


@mangling
def answers_of_odd_code(draft: Draft) -> None:
    """Answers that are made of something odd, so that it is read as theirs."""
    odd = oddity(draft.rng, large=draft.rng.random() < 0.3)
    draft.kinds.append(odd.name)
    draft.flat = False
    names = draft.rng.sample(sorted(draft.home), draft.rng.randint(1, len(draft.home)))
    draft.touch(*names)
    used = "\n".join(f"def {name}(*x):\n    return odd, Odd, odd2, odd3, odd0" for name in names)
    draft.cells.append(code_cell(f"{odd.source}\n{used}"))


@mangling
def second_definitions(draft: Draft) -> None:
    name = draft.rng.choice(sorted(draft.home))
    draft.touch(name)
    draft.insert(code_cell(f"def {name}(*arguments):\n    return arguments"))


@mangling
def tampered_answers(draft: Draft) -> None:
    name = draft.rng.choice(sorted(draft.home))
    draft.touch_cell(draft.home[name])
    draft.flat = False
    source = list(text_of(draft.home[name]) or "x")
    for _ in range(draft.rng.randint(1, 5)):
        source[draft.rng.randrange(len(source))] = draft.rng.choice(
            string.printable + "\0\ud800é\u200b\ufeff"
        )
    draft.home[name]["source"] = "".join(source)


@mangling
def renamed_answers(draft: Draft) -> None:
    name = draft.rng.choice(sorted(draft.home))
    draft.touch(name)
    cell = draft.home[name]
    cell["source"] = text_of(cell).replace(f"def {name}(", f"def my_{name}(")


@mangling
def large_cells(draft: Draft) -> None:
    size = int(10 ** draft.rng.uniform(3, 5.9))
    make = draft.rng.choice([prose_cell, code_cell])
    draft.insert(make("# " + draft.rng.choice(["x", "é", "\U0001d518", "x\n# "]) * size))


@mangling
def many_cells(draft: Draft) -> None:
    count = draft.rng.choice([100, 500, MAX_CELLS - 200, MAX_CELLS + 100])
    source = draft.rng.choice(["", "x", "odd = 1", "%odd", "odd = (", "# text"])
    draft.cells += [code_cell(source, draft.rng.choice(["", "softmax", f"odd-{i}"])) for i in range(count)]


# --- code that reads differently and is the same


def rewrite_answers(draft: Draft) -> None:
    """Comes before all manglings, so that no copy of an answer has other code."""
    ways = draft.rng.sample(sorted(REWRITINGS), 2)
    draft.kinds += [f"rewritten {way}" for way in ways]
    for cell in _cells_of_answers(draft):
        way = draft.rng.choice(ways)
        source = REWRITINGS[way](cell["source"], draft.rng)
        if _reads(source) and all(_defines(source, name) for name in draft.answers_in(cell)):
            draft.rewrite(cell, source)


@mangling
def commands_in_cells(draft: Draft) -> None:
    """Magics, shell lines and questions between the statements of any cell."""
    draft.flat = False
    commands = [
        "%matplotlib inline",
        "!pip install odd",
        "odd?",
        "?odd",
        "odd = !ls",
        "odd = %odd 3",
        "%odd (x",
    ]
    for cell in draft.rng.sample(draft.code(), min(4, len(draft.code()))):
        if _STANDS_RIGHT.match(cell["source"]):  # as would a command in it have to
            continue
        lines = cell["source"].split("\n")
        gaps = [0, *_gaps(cell["source"]), len(lines)] if _reads(cell["source"]) else [len(lines)]
        lines.insert(draft.rng.choice(gaps), draft.rng.choice(commands))
        cell["source"] = "\n".join(lines)


@mangling
def cell_magics(draft: Draft) -> None:
    draft.script = False
    for cell in _cells_of_answers(draft):
        if draft.rng.random() < 0.3 and not cell["source"].startswith("%%"):
            magic = draft.rng.choice(
                ["%%time", "%%capture out", "%%timeit -n 3", "%%odd", "%% time", "\n\n%%time"]
            )
            cell["source"] = f"{magic}\n{cell['source']}"


@mangling
def indented_cells(draft: Draft) -> None:
    """As a whole, which notebooks allow."""
    margin = draft.rng.choice(["    ", "  ", "\t"])
    _as_notebooks_allow(draft, lambda source: _indent(source, margin))


@mangling
def prompts_in_cells(draft: Draft) -> None:
    """Copied from a terminal, which notebooks allow."""
    first, rest = draft.rng.choice([(">>> ", "... "), ("In [3]: ", "   ...: ")])
    _as_notebooks_allow(draft, lambda source: first + source.replace("\n", "\n" + rest))


def _as_notebooks_allow(draft: Draft, change: Callable[[str], str]) -> None:
    """Changes cells where IPython would run the code as it was."""
    draft.script = False
    for cell in _cells_of_answers(draft):
        source = cell["source"]
        if (
            draft.rng.random() < 0.5
            and _reads(source)
            and not _STANDS_RIGHT.match(source)
            and "\r" not in source
        ):
            changed = change(source)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                runs = TransformerManager().transform_cell(changed)
            cell["source"] = changed if runs.rstrip() == source.rstrip() else source


@mangling
def marks_before_code(draft: Draft) -> None:
    """A byte order mark at the beginning of a text, where files were put together."""
    draft.flat = False
    for cell in _cells_of_answers(draft):
        cell["source"] = "\ufeff" + cell["source"]


@mangling
def line_ends_in_cells(draft: Draft) -> None:
    draft.flat = False
    for cell in draft.code():
        cell["source"] = cell["source"].replace("\n", draft.rng.choice(["\r\n", "\r", "\n"]))


def _indent(source: str, margin: str) -> str:
    return re.sub(r"^(?=.)", margin, source, flags=re.MULTILINE)


def _twins(source: str, rng: Random) -> str:
    """Letters that Python takes for the plain ones, in the names of functions."""
    return re.sub(r"(?<=^def )[a-z]", lambda m: chr(ord(m[0]) + 0xFEE0), source, flags=re.MULTILINE)


def _at_ends_of_lines(source: str, rng: Random, what: str) -> str:
    rows = {row for node in ast.parse(source).body for row in range(node.lineno, node.end_lineno)}
    inside = {
        row
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant | ast.JoinedStr)
        for row in range(node.lineno, node.end_lineno)
    }
    lines = source.split("\n")
    return "\n".join(
        line + what if row in rows - inside and line.strip() and not line.endswith("\\") else line
        for row, line in enumerate(lines, start=1)
    )


REWRITINGS: dict[str, Callable[[str, Random], str]] = {
    "anew": lambda source, rng: ast.unparse(ast.parse(source)),
    "in tabs": lambda source, rng: re.sub(r"^( {4})+", lambda m: "\t" * (len(m[0]) // 4), source, flags=re.M),
    "in eights": lambda source, rng: re.sub(r"^( {4})+", lambda m: m[0] * 2, source, flags=re.M),
    "with blanks": lambda source, rng: _at_ends_of_lines(source, rng, "   \t"),
    "with comments": lambda source, rng: _at_ends_of_lines(source, rng, "  # ¿why? ''' \" ( {"),
    "with odd comments": lambda source, rng: _at_ends_of_lines(
        source, rng, "  # \u2028 \x85 \x0b \x1c \ufeff"
    ),
    "with continuations": lambda source, rng: re.sub(r"^(def \w+\()", "\\1\\\\\n", source, flags=re.M),
    "with page breaks": lambda source, rng: re.sub(r"^(def )", "\f\\1", source, flags=re.M),
    "on blank lines": lambda source, rng: "\n\n \n\t\n" + source + "\n\n    \n",
    "in an if": lambda source, rng: "if True:\n" + _indent(source, "    "),
    "in a try": lambda source, rng: "try:\n" + _indent(source, "  ") + "\nexcept E:\n  pass",
    "with twins": _twins,
    "with annotations": lambda source, rng: re.sub(r"\):\n", ") -> 'np.ndarray':\n", source, count=1),
    "with a decorator": lambda source, rng: (
        "import functools\n" + re.sub(r"^(def )", "@functools.cache\n\\1", source, flags=re.M)
    ),
    "below a docstring": lambda source, rng: '"""What I did."""\n' + source,
    "below statements": lambda source, rng: "odd = 1; odd2 = [odd,\n  2]\n" + source + "\nprint(odd)",
}


# --- names and metadata


@mangling
def ids_gone(draft: Draft) -> None:
    for cell in _dicts(draft):
        cell.pop("id", None)


@mangling
def ids_all_the_same(draft: Draft) -> None:
    name = draft.rng.choice(["same", *draft.home])
    for cell in _dicts(draft):
        cell["id"] = name


@mangling
def ids_odd(draft: Draft) -> None:
    for cell in _dicts(draft):
        if draft.rng.random() < 0.5:
            cell["id"] = draft.rng.choice([odd_value(draft.rng), draft.rng.randint(-9, 9), *draft.home])


@mangling
def ids_exchanged(draft: Draft) -> None:
    cells = [cell for cell in _dicts(draft) if "id" in cell]
    names = [cell["id"] for cell in cells]
    draft.rng.shuffle(names)
    for cell, name in zip(cells, names, strict=True):
        cell["id"] = name


@mangling
def ids_in_metadata(draft: Draft) -> None:
    for cell in _dicts(draft):
        cell["metadata"] = {"id": cell.pop("id", "")}


@mangling
def cells_without_metadata(draft: Draft) -> None:
    for cell in _dicts(draft):
        cell.pop("metadata", None)


@mangling
def metadata_odd(draft: Draft) -> None:
    for cell in _dicts(draft):
        if draft.rng.random() < 0.5:
            value = odd_value(draft.rng)
            cell["metadata"] = draft.rng.choice(
                [value, {"nbgrader": value}, {"nbgrader": {"grade_id": value}}]
            )


@mangling
def notebook_metadata_odd(draft: Draft) -> None:
    value = odd_value(draft.rng)
    draft.metadata = draft.rng.choice([value, {}, {"headway": value}, {"headway": {"lesson": value}}])


@mangling
def outputs_odd(draft: Draft) -> None:
    for cell in _dicts(draft):
        cell["outputs"] = draft.rng.choice([[], [{"data": {"image/png": "A" * 1000}}], odd_value(draft.rng)])
        cell["execution_count"] = odd_value(draft.rng)


@mangling
def values_of_wrong_types(draft: Draft) -> None:
    """Any value in any cell becomes any other; the code of an answer is touched only in its own source."""
    for _ in range(draft.rng.randint(1, 4)):
        at = draft.rng.randrange(len(draft.cells))
        cell, value = draft.cells[at], odd_value(draft.rng)
        places = [*_places(cell)] if isinstance(cell, dict) else []
        if not places or draft.rng.random() < 0.1:
            draft.touch_cell(cell)
            draft.cells[at] = value
            continue
        holder, key = draft.rng.choice(places)
        if holder is cell.get("source") or (holder is cell and key in ("source", "cell_type")):
            draft.touch_cell(cell)
            draft.flat = False
        holder[key] = value


@mangling
def deep_metadata(draft: Draft) -> None:
    depth = draft.rng.choice([10, 100, 200, 2_000, 50_000])
    if depth > 200:
        draft.touch()
    draft.kinds.append("too deep" if depth > 200 else "deep")
    draft.metadata = {"deep": _Deep(depth)} | (draft.metadata if isinstance(draft.metadata, dict) else {})


@mangling
def sources_in_pieces(draft: Draft) -> None:
    """Lists of lines, as Jupyter writes them, of pieces of lines, and with what is no text between."""
    for cell in draft.code():
        source = cell["source"]
        lines = source.splitlines(keepends=True)
        cut = sorted(draft.rng.randint(0, len(source)) for _ in range(5))
        pieces = [source[a:b] for a, b in zip([0, *cut], [*cut, len(source)], strict=True)]
        mixed = [part for line in lines for part in (line, draft.rng.choice([None, 3, [], {}]))]
        cell["source"] = draft.rng.choice([source, lines, pieces, mixed])


class _Deep(int):
    """So many brackets, which Python's own writer could not nest."""


def dump(notebook: object, **options: object) -> str:
    """JSON, with what is too deep for a Python object."""
    text = json.dumps(_named(notebook), **options)
    return re.sub(r'"a deep (\d+)"', lambda m: "[" * int(m[1]) + "]" * int(m[1]), text)


def _named(value: object) -> object:
    if isinstance(value, _Deep):
        return f"a deep {int(value)}"
    if isinstance(value, dict):
        return {key: _named(part) for key, part in value.items()}
    return [_named(part) for part in value] if isinstance(value, list) else value


# --- what manglings have in common


def _dicts(draft: Draft) -> list[dict]:
    return [cell for cell in draft.cells if isinstance(cell, dict)]


def _cells_of_answers(draft: Draft) -> list[dict]:
    cells = {id(home): home for home in draft.home.values() if draft.answers_in(home)}
    return [cell for cell in cells.values() if isinstance(cell.get("source"), str)]


def _places(value: object) -> Iterator[tuple[dict | list, object]]:
    """Where a value can be exchanged: each holder with its key."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        yield value, key
        yield from _places(part)


def _reads(source: str) -> bool:
    try:
        return bool(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _defines(source: str, name: str) -> bool:
    return any(isinstance(n, ast.FunctionDef) and n.name == name for n in ast.walk(ast.parse(source)))


def _gaps(source: str) -> list[int]:
    """The lines before which another statement could stand."""
    if not _reads(source):
        return [0]
    body = ast.parse(source).body
    firsts = [min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))]) for node in body]
    ends = [0, *(node.end_lineno for node in body)]
    return [line - 1 for line, end in zip(firsts, ends, strict=False) if line > end] or [0]


def _place_after(draft: Draft, cell: dict, below: dict) -> None:
    at = next(i for i, one in enumerate(draft.cells) if one is cell)
    draft.cells.insert(at + 1, below)


def _moved(draft: Draft, cell: dict, below: dict) -> None:
    """Answers live in that half which defines them."""
    for name in draft.answers_in(cell):
        if _reads(below["source"]) and _defines(below["source"], name):
            draft.home[name] = below
