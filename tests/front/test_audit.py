"""The audit: what is left to C is counted where it goes through the data, and nothing else is."""

import ast
import warnings

import numpy as np
import pytest
from headway_course.judging.audit import Audit, rewritten, twin
from headway_course.judging.loops import Counts, count_events, decide

FILE = "answer.py"
SETUP = """
import collections, dataclasses, functools, itertools, math, operator
import numpy as np
Parts = collections.namedtuple("Parts", "one two")
class Rows(list):
    pass
@dataclasses.dataclass
class Kept:
    Z: np.ndarray
    parts: list
"""


def audited(body):
    """A function of Z (n, 3), with audited calls, and the audit."""
    audit = Audit([FILE])
    names = {"__builtins__": vars(__import__("builtins")) | audit.names}
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    text = f"{SETUP}\ndef answer(Z):\n{lines}\n"
    exec(compile(rewritten(ast.parse(text).body, FILE), FILE, "exec"), names)
    return names["answer"], audit


def verdict(body):
    function, audit = audited(body)
    with warnings.catch_warnings(action="ignore"):
        counts = {n: count_events(function, {"Z": np.ones((n, 3))}, audit) for n in (8, 16, 32)}
    found = decide(counts)
    assert found.judged, found.why
    return found


HIDDEN = {
    "sum of rows": "return sum(Z)",
    "max of numbers": "return max(Z[:, 0])",
    "map of a C function": "return np.array(list(map(np.exp, Z)))",
    "map of a bound method": "return list(map(Z.__getitem__, range(len(Z))))",
    "sorted": "return sorted(Z[:, 0])",
    "reduce": "return functools.reduce(np.add, Z)",
    "reduce behind a partial": "return functools.partial(functools.reduce, np.add)(Z)",
    "accumulate": "return np.array([*itertools.accumulate(Z, np.add)])",
    "starmap": "return [*itertools.starmap(np.add, zip(Z, Z))]",
    "chain": "return np.fromiter(itertools.chain.from_iterable(Z), float)",
    "filter": "return list(filter(np.any, Z))",
    "np.vectorize": "return np.vectorize(math.exp)(Z)",
    "np.frompyfunc": "return np.frompyfunc(math.exp, 1, 1)(Z)",
    "a method of np.frompyfunc": "return np.frompyfunc(math.hypot, 2, 1).reduce(Z[:, 0])",
    "np.apply_along_axis": "return np.apply_along_axis(np.sum, -1, Z)",
    "np.apply_along_axis with a list of a few": "return np.apply_along_axis(np.reshape, -1, Z, [3, 1])",
    "text in one long string": "return np.strings.replace(np.full(1, 'b' * len(Z)), 'a', 'b')",
    "np.fromiter": "return np.fromiter(Z[:, 0], float)",
    "np.split": "return np.stack(np.split(Z, len(Z)))",
    "an object array": "return Z.astype(object) * 2",
    "an object array made empty": "out = np.empty(len(Z), dtype=object)\nout[:] = 1\nreturn out",
    "an array of text": "return Z.astype(str)",
    "tolist": "return np.array(Z.tolist())",
    "a list of rows": "return np.array(list(Z))",
    "a star": "return np.array([*Z])",
    "a star in an assignment": "first, *rest = Z\nreturn np.array(rest)",
    "a star in a call": "return np.maximum.reduce([*Z])",
    "a tuple of many": "return np.stack((1.0,) * len(Z))",
    "text, joined": "return ' '.join(map(str, Z[:, 0]))",
    "text, replaced": "return (Z[:, 0].tobytes()).replace(b'a', b'b')",
    "text, split": "return np.array(('1 ' * len(Z)).split(), dtype=float)",
    "np.select over a list": "return np.select(list(Z > 0), list(Z))",
    "a list made by a product": "return np.concatenate([Z[:1]] * len(Z))",
    "a dict of groups": "return collections.Counter(Z[:, 0].tolist()).most_common(1)",
    "dict.fromkeys": "return dict.fromkeys(Z[:, 0])",
    "list.sort": "rows = [1.0] * len(Z)\nrows.sort()\nreturn rows",
    "an unbound method": "return str.join(' ', map(str, Z[:, 0]))",
    "a subclass of list": "return np.array(Rows(Z))",
    "a deque": "return collections.deque(map(np.exp, Z), maxlen=0)",
    "a sentinel": "rest = [0] + [1] * len(Z)\nreturn sum(iter(rest.pop, 0))",
    "itemgetter": "return operator.itemgetter(*range(len(Z)))(Z)",
    "countOf": "return operator.countOf(Z[:, 0], 1.0)",
    "math.fsum": "return math.fsum(Z[:, 0])",
    "math.dist": "return math.dist(Z[:, 0], Z[:, 1])",
    "an array as a sequence of its rows": "return np.concatenate(Z)",
    "numpy's own index": "return [*np.ndindex(len(Z))]",
    "polynomials": "return np.polyval(Z[:, 0], 1.0)",
    "an assertion that computes": "total = None\nassert (total := sum(Z)) is not None\nreturn total",
    "an assertion that changes": "out = []\nassert out.extend(map(np.exp, Z)) is None\nreturn out",
}


@pytest.mark.parametrize("body", HIDDEN.values(), ids=HIDDEN)
def test_iteration_that_is_left_to_c_is_suspected(body):
    found = verdict(body)
    assert found.found
    assert found.appeal
    assert found.construct


PLAIN = {
    "whole arrays": "return np.exp(Z - Z.max(-1, keepdims=True)).sum(-1)",
    "the sum of a shape": "return sum(Z.shape) + max(Z.shape) + len(sorted(Z.shape))",
    "a few arrays stacked": "return np.dstack([Z, Z * 2, np.roll(Z, 1, axis=0)])",
    "einsum": "return np.einsum('ij,kj->ik', Z, Z, optimize=True)",
    "a dict": "parts = dict(Z=Z, E=np.exp(Z))\nparts.update(total=parts['E'].sum())\nreturn parts['E']",
    "an ordered dict": "return collections.OrderedDict(Z=Z)['Z']",
    "a namedtuple": "return Parts(Z, np.exp(Z)).two",
    "a namedtuple replaced": "return Parts(Z, Z)._replace(one=np.exp(Z)).one",
    "a dataclass": "return dataclasses.replace(Kept(Z, [Z, Z]), Z=np.exp(Z)).Z",
    "a map of functions": "return [*map(lambda f: f(Z), (np.sin, np.cos))]",
    "a fold of functions": "return functools.reduce(lambda A, f: f(A), (np.sin, np.cos), Z)",
    "sum with a start": "return sum([Z, Z], np.zeros_like(Z))",
    "indices by range": "return Z[range(len(Z)), 0] + np.take(Z[:, 0], range(len(Z)))",
    "reshape with a star": "return Z.reshape(*Z.shape[:-1], 3, 1)",
    "a star among the places that are written to": "Z = Z.copy()\nrows = (np.arange(len(Z))[:, None],)\n"
    "Z[(*rows, [[0, 2]])] = Z[(*rows, [[2, 0]])]\nreturn Z",
    "padding": "return np.pad(Z, [(1, 0)] + [(0, 0)] * (Z.ndim - 1))",
    "sorting and cumulating": "return np.cumsum(np.sort(Z, axis=0), axis=0)[np.argsort(Z[:, 0])]",
    "unique": "return np.unique(Z, axis=0, return_counts=True)[1]",
    "windows": "return np.lib.stride_tricks.sliding_window_view(Z, 2, axis=0).mean(-1)",
    "a product of matrices": "return np.linalg.multi_dot([Z.T, Z, Z.T])",
    "a power of a matrix": "return np.linalg.matrix_power(Z.T @ Z, 5)",
    "bytes": "return np.frombuffer(Z.tobytes()).reshape(Z.shape)",
    "printing": "print(Z)\nreturn Z",
    "an error message": "if Z.ndim > 3:\n    raise ValueError(f'{Z!r}')\nreturn Z",
    "assertions": "assert all(Z[:, 0] > 0) and max(Z[:, 0]) < 9, f'{Z}'\nreturn Z",
    "where and piecewise": "return np.piecewise(Z, [Z < 0, Z >= 0], [lambda z: -z, lambda z: z])",
    "np.select": "return np.select([Z < 0, Z > 0], [-Z, Z], 0.0)",
    "np.fromfunction": "return np.fromfunction(lambda i, j: i + j, Z.shape)",
    "np.ix_": "return Z[np.ix_(np.arange(len(Z)), [0, 2])]",
    "itertools of axes": "return [np.moveaxis(Z, *p) for p in itertools.permutations(range(Z.ndim), 2)]",
    "histogram": "return np.histogram(Z, bins=4)[0]",
    "isinstance and len": "return len(Z) if isinstance(Z, (list, np.ndarray)) else 0",
    "a method with super": "class A:\n    def f(self, Z):\n        return Z\nclass B(A):\n"
    "    def f(self, Z):\n        return super().f(Z)\nreturn B().f(Z)",
}


@pytest.mark.parametrize("body", PLAIN.values(), ids=PLAIN)
def test_what_only_stores_or_hands_on_whole_arrays_is_not_suspected(body, capsys):
    found = verdict(body)
    assert not found.found, found.message


def test_the_place_and_the_counts_are_told():
    found = verdict("Z = Z * 2\nreturn np.array(list(map(np.exp, Z)))")
    first = SETUP.count("\n") + 3
    assert (found.file, found.line) == (FILE, first + 1)
    assert found.counts == (8, 16, 32)
    assert found.message == f"line {found.line} has map go through 8, 16, 32 objects"


def test_rewriting_leaves_results_and_the_original_as_they_are():
    tree = ast.parse("def f(a, *b, c=2, **d):\n    x, *y = b\n    return (a, x, y, c, d, [*b], sum(b))")
    before = ast.dump(tree)
    audit = Audit([FILE])
    names, plain = {"__builtins__": vars(__import__("builtins")) | audit.names}, {}
    exec(compile(rewritten(tree.body, FILE), FILE, "exec"), names)
    exec(compile(tree, FILE, "exec"), plain)
    assert ast.dump(tree) == before
    assert names["f"](1, 2, 3, 4, c=5, e=6) == plain["f"](1, 2, 3, 4, c=5, e=6)


def test_a_call_that_cannot_be_written_out_is_audited_all_the_same():
    body = "return {f'{Z.ndim:\u00a0>3}': lambda Z: list(Z)}[f'{Z.ndim:\u00a0>3}'](Z)"
    assert verdict(body).found


def test_nobody_can_write_the_names_of_the_audit():
    assert not any(name.isidentifier() for name in Audit([]).names)


def test_a_twin_is_audited_with_the_functions_beside_it():
    rows = "import numpy as np\ndef rows(Z):\n    return list(map(np.exp, Z))\n"
    text = f"{rows}def answer(Z):\n    return rows(Z)\n"
    names = {}
    exec(compile(text, FILE, "exec"), names)
    audit = Audit([FILE])
    made = twin(names["answer"], {FILE: ast.parse(text).body}, audit)
    counts = {n: count_events(made, {"Z": np.ones((n, 3))}, audit) for n in (8, 16, 32)}
    assert decide(counts).appeal
    assert not decide({n: count_events(names["answer"], {"Z": np.ones((n, 3))}) for n in (8, 16, 32)}).found


@pytest.mark.parametrize(
    ("totals", "found"),
    [
        ((0, 0, 0, 0), False),
        ((5, 5, 5, 101), True),  # a table for 32, and a loop beyond
        ((5, 5, 5, 90), False),
        ((5, 5, 9, 33), True),  # a step for each block of 16
        ((9, 9, 18, 27), False),  # one round more, for each factor of 4
        ((600, 600, 600, 600), False),  # constant
        ((30, 40, 50, 70), False),  # logarithmic
        ((9, 16, 25, 49), False),  # its square
        ((900, 100, 100, 100), True),  # made in the first call, and kept
        ((150, 10, 10, 10), False),
    ],
)
def test_what_is_made_once_shows_at_a_size_far_out_or_in_the_first_call(totals, found):
    counts = {n: Counts(total) for n, total in zip((8, 16, 32, 128), totals, strict=True)}
    assert decide(counts).found is found


def test_much_work_before_any_call_is_for_a_person_to_judge():
    counts = {n: Counts(3, before=before) for n, before in ((8, 70_000), (16, 70_000), (32, 70_000))}
    assert decide(counts).appeal
    assert "before any call" in decide(counts).message
    assert not decide({n: Counts(3, before=20) for n in (8, 16, 32)}).found


def test_a_line_that_runs_more_often_is_found_though_another_makes_up_for_it():
    body = "for i in range(len(Z)):\n    Z[i] = 1\nfor _ in range(900 - len(Z)):\n    pass\nreturn Z"
    function, audit = audited(body)
    counts = {n: count_events(function, {"Z": np.ones((n, 3))}, audit) for n in (8, 16, 32)}
    tree = ast.parse(f"{SETUP}\ndef answer(Z):\n" + "\n".join(f"    {line}" for line in body.splitlines()))
    found = decide(counts, {FILE: tree.body})
    assert found.found
    assert not found.appeal
