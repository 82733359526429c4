"""Labelled answers, loopy and honest, and what the loop counter says of them on the Python that runs this.

`python tests/front/loop_labels.py` (with headway_course on the path) prints every mistake and the table.
"""

import ast
import contextlib
import functools
import sys
import warnings
from pathlib import Path
from types import FunctionType

import honest_answers
import loopy_answers
import numpy as np
from headway_course.judging.audit import Audit, twin
from headway_course.judging.loops import count_events, decide

SIZES = (8, 16, 32)


def _array(*shape):
    return np.random.default_rng(0).normal(size=shape)


# By parameters: for each dimension, the inputs at a size of it.
INPUTS = {
    ("Z",): {
        "rows": lambda n: {"Z": _array(n, 5)},
        "n": lambda n: {"Z": _array(3, n)},
    },
    ("T",): {"T": lambda n: {"T": n}},
    ("Q", "K"): {
        "batch": lambda n: {"Q": _array(n, 5, 4), "K": _array(n, 5, 4)},
        "T": lambda n: {"Q": _array(2, n, 4), "K": _array(2, n, 4)},
        "d": lambda n: {"Q": _array(2, 5, n), "K": _array(2, 5, n)},
    },
    ("X", "H"): {
        "T": lambda n: {"X": _array(2, n, 6), "H": 3},
        "H": lambda n: {"X": _array(2, 5, 2 * n), "H": n},
    },
}


def answers(module):
    """The public functions that a module of labelled answers defines."""
    functions = (f for f in vars(module).values() if isinstance(f, FunctionType))
    return [f for f in functions if f.__module__ == module.__name__ and f.__name__[0] != "_"]


@functools.cache
def _trees(file):
    return tuple(ast.parse(Path(file).read_text(encoding="utf-8")).body)


def verdicts(function):
    """What is decided about a function, by dimension of its inputs."""
    file = function.__code__.co_filename
    parameters = function.__code__.co_varnames[: function.__code__.co_argcount]
    found = {}
    audit = Audit([file])
    audited = twin(function, {file: _trees(file)}, audit)
    for dimension, make in INPUTS[parameters].items():
        with warnings.catch_warnings(), contextlib.redirect_stdout(None):
            warnings.simplefilter("ignore")
            counts = {n: count_events(audited, make(n), audit) for n in SIZES}
        found[dimension] = decide(counts, {file: _trees(file)})
    return found


def is_loopy(function):
    """Whether a loop is found in any dimension."""
    return any(verdict.found for verdict in verdicts(function).values())


def main():
    """Prints the mistakes and the table of labels and findings."""
    table = {(label, found): 0 for label in ("loopy", "honest") for found in (True, False)}
    for label, module in (("loopy", loopy_answers), ("honest", honest_answers)):
        for function in answers(module):
            found = is_loopy(function)
            table[label, found] += 1
            if found != (label == "loopy"):
                print("MISTAKE", label, function.__name__, verdicts(function))
            for verdict in verdicts(function).values():
                if verdict.found and verdict.construct != function.__doc__:
                    print("CONSTRUCT", function.__name__, verdict.message, "for", function.__doc__)
                if not verdict.judged:
                    print("NOT JUDGED", function.__name__, verdict.why)
    print(sys.version.split()[0], "numpy", np.__version__)
    for label in ("loopy", "honest"):
        print(f"{label:7} found {table[label, True]:3}   none {table[label, False]:3}")


if __name__ == "__main__":
    main()
