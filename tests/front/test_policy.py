"""The policy: honest whole-array code is never refused, and every door out of it is."""

from pathlib import Path

import honest_answers
import pytest
from headway_course.reading.extract import Cell, extract
from headway_course.reading.policy import ALLOWED_IMPORTS, violations, violations_for

HONEST = """
return np.einsum("...ij,...jk->...ik", Z, Z.swapaxes(-1, -2))
return np.lib.stride_tricks.sliding_window_view(Z, 2, axis=-1).mean(-1)
return np.linalg.norm(Z, axis=-1, keepdims=True) + np.fft.fft(Z).real
return np.random.default_rng(0).normal(size=Z.shape)
np.random.seed(0); return np.random.rand(*Z.shape)
return np.ma.masked_where(Z < 0, Z).filled(0)
return np.emath.sqrt(Z), np.polynomial.polynomial.polyval(Z, [1, 2])
return np.char.upper("a"), np.strings.lower("A"), np.dtypes.Float32DType(), np.exceptions.AxisError
return f"{Z.shape} {Z.dtype!r} {Z.mean():.3f}"
return "{} and {0:>{1}}".format(Z.shape, 3)
return "{a.shape} {b[0]}".format(a=Z, b=Z)
return getattr(Z, "shape"), hasattr(Z, "ndim"), getattr(Z, "T", None)
return operator.attrgetter("shape")(Z), operator.methodcaller("sum", -1)(Z), operator.itemgetter(0)(Z)
return functools.reduce(np.add, [Z, Z]), functools.partial(np.sum, axis=-1)(Z), math.sqrt(Z.shape[-1])
print("shape", Z.shape, file=None); return Z
assert Z.ndim > 0, "scalars have no axis"; return Z
first, *rest = Z.shape; return Z.reshape(-1, *rest)
return (n := Z.shape[-1]) * Z
return (lambda A, *, axis=-1: A.max(axis=axis, keepdims=True))(Z)
out = np.zeros_like(Z); out[..., 0] = 1; out.flat[0] = 2; out.shape = (-1,); return out
out = {}; out["Z"] = Z; out.setdefault("n", []).append(3); return out
return isinstance(Z, np.ndarray), type(Z) is np.ndarray, type(Z).__name__
return Z.__class__.__name__, np.__version__
return np.ndarray.__add__(Z, Z), Z.__len__(), Z.__getitem__(0), Z.__matmul__(Z.T)
raise ValueError(f"expected (..., n), got {Z.shape}") from None
with np.errstate(divide="ignore"): return np.log(Z)
with np.printoptions(precision=3): return str(Z)
return np.frombuffer(Z.tobytes(), dtype=Z.dtype).reshape(Z.shape)
load = Z.max(); save = load; core = save; return core
vars = 3; input = vars; compile = input; return compile + Z
return Z.dot(Z.T).trace(), np.trace(Z), Z.flags.writeable, Z.base, Z.data
get = operator.attrgetter("shape", "ndim"); return get(Z)
from operator import attrgetter; return attrgetter("shape")(Z)
if __debug__: print(__name__)
import numpy.linalg as LA; return LA.norm(Z)
from numpy import exp as e, newaxis; return e(Z)[..., newaxis]
from math import pi; import itertools as it; return pi * Z, list(it.islice([1, 2], 1))
from headway.numerics import softmax; return softmax(Z)
x: "np.ndarray | None" = None; y: int = 3; return x, y
def inner(A: np.ndarray, *args: int, **kw: "dict[str, int]") -> "tuple[np.ndarray, ...]": return A
nonlocal_count = [0]; nonlocal_count[0] += 1; return nonlocal_count
try: return Z.missing
except AttributeError as error: return str(error), error.args
match Z.shape:
    case (n,): return n
    case (*batch, n): return batch
""".strip()

REFUSED = {
    "eval('1')": "eval",
    "exec('Z = 1')": "exec",
    "compile('1', '', 'eval')": "compile",
    "open('fixtures.npz')": "open",
    "input()": "input",
    "__import__('os')": "__import__",
    "\N{FULLWIDTH LATIN SMALL LETTER E}val('1')": "eval",
    "np.\N{MATHEMATICAL BOLD SMALL L}oad('x')": "np.load",
    "globals()['np']": "globals",
    "locals()": "locals",
    "vars(np)": "vars",
    "breakpoint()": "breakpoint",
    "setattr(np, 'sum', None)": "setattr",
    "delattr(np, 'sum')": "delattr",
    "get_ipython().system('ls')": "get_ipython",
    "getattr(np, 'lo' + 'ad')": "getattr",
    "getattr(Z, '__array_interface__')": "__array_interface__",
    "functools.reduce(getattr, ['f2py'], np)": "getattr",
    "list(map(eval, ['1']))": "eval",
    "operator.attrgetter('f2py.os')(np)": "f2py",
    "operator.attrgetter('a' + 'b')(np)": "operator.attrgetter",
    "operator.methodcaller('tofile', 'x')(Z)": "tofile",
    "[operator.attrgetter][0]('x')": "operator.attrgetter",
    "'{0.__class__}'.format(Z)": "a format string",
    "'{a.__init__.__globals__}'.format_map({'a': np})": "a format string",
    "__builtins__": "__builtins__",
    "__loader__": "__loader__",
    "np.__loader__": "np.__loader__",
    "np.__dict__['load']": "np.__dict__",
    "answer.__code__": "answer.__code__",
    "answer.__globals__": "answer.__globals__",
    "answer.__closure__": "answer.__closure__",
    "().__class__.__base__.__subclasses__()": "__base__",
    "len.__self__": "len.__self__",
    "(g for g in Z).gi_frame.f_back": "gi_frame",
    "ValueError().__traceback__": "__traceback__",
    "Z.__array_interface__": "__array_interface__",
    "Z.__reduce__()": "__reduce__",
    "np.load('x.npy')": "np.load",
    "np.save('x.npy', Z)": "np.save",
    "np.savez_compressed('x', Z)": "np.savez_compressed",
    "np.loadtxt('x')": "np.loadtxt",
    "np.genfromtxt('x')": "np.genfromtxt",
    "np.memmap('x')": "np.memmap",
    "np.fromfile('x')": "np.fromfile",
    "Z.tofile('x')": "Z.tofile",
    "np.zeros(3).ctypes.data": "ctypes",
    "np.ctypeslib.as_ctypes(Z)": "np.ctypeslib",
    "np.f2py.os": "np.f2py",
    "np.testing.assert_allclose(Z, Z)": "np.testing",
    "np.core.multiarray": "np.core",
    "np._core": "np._core",
    "np.lib.npyio": "np.lib.npyio",
    "np.lib.format.read_array": "np.lib.format",
    "np.lib._npyio_impl": "np.lib._npyio_impl",
    "np.ma.core.inspect": "np.ma.core.inspect",
    "np.random.mtrand._rand": "_rand",
    "np.linalg._linalg": "np.linalg._linalg",
    "math.__spec__": "math.__spec__",
    "functools._thread": "functools._thread",
    "dataclasses.sys.modules": "dataclasses.sys",
    "collections._sys": "collections._sys",
    "typing.sys": "typing.sys",
    "typing.get_type_hints(answer)": "typing.get_type_hints",
    "typing.ForwardRef('1')": "typing.ForwardRef",
}

REFUSED_BODIES = {
    "import os\nreturn os": "os",
    "import sys, gc\nreturn sys, gc": "gc",
    "import numpy.f2py as f\nreturn f": "numpy.f2py",
    "from numpy import ctypeslib as c\nreturn c": "numpy.ctypeslib",
    "from numpy.testing import assert_equal\nreturn 1": "numpy.testing",
    "from numpy.lib.npyio import load\nreturn load": "numpy.lib.npyio",
    "import headway_course.judging.loops\nreturn 1": "headway_course.judging.loops",
    "from . import secrets\nreturn 1": ".",
    "n = np\nreturn n.f2py": "n.f2py",
    "a, (b, c) = 1, (np, 2)\nreturn b.load('x')": "b.load",
    "return (m := np).memmap('x')": "memmap",
    "def f(m=np): return m.load('x')\nreturn f()": "m.load",
    "return [m.load('x') for m in (np,)]": "m.load",
    "f = np.load\nreturn f('x')": "np.load",
    "np.sum = None\nreturn Z": "np.sum",
    "np.ndarray.mean = 3\nreturn Z": "np.ndarray.mean",
    "math.exp = np.exp\nreturn Z": "math.exp",
    "del np.sum\nreturn Z": "np.sum",
    "n = np.linalg\nn.norm = 3\nreturn Z": "n.norm",
    "for np.sum in [1]: pass\nreturn Z": "np.sum",
    "np.random.x[0] = 1\nreturn Z": "np.random.x",
    "answer.__code__ = Z\nreturn Z": "answer.__code__",
    "class A(np.ndarray):\n    def __array_finalize__(self, o): pass\nreturn Z.view(A)": "__array_finalize__",
    "class A:\n    def __del__(self): pass\nreturn A()": "__del__",
    "class A:\n    __reduce__ = None\nreturn A()": "__reduce__",
    "match Z:\n    case np.ndarray(__array_interface__=a): return a": "__array_interface__",
    "def f(a: 'eval(\"1\")'): pass\nreturn Z": "eval",
    "def f(a: exec): pass\nreturn Z": "exec",
    "try: 1 / 0\nexcept Exception as e: return e.__traceback__.tb_frame.f_globals": "f_globals",
}

HEADER = """
import collections, dataclasses, functools, itertools, math, operator, typing
import numpy as np
"""


def extracted(source, exercise="answer"):
    return extract([Cell(source)], [exercise])


def function(body):
    lines = body.split("\n")
    return HEADER + "def answer(Z):\n" + "\n".join(f"    {line}" for line in lines) + "\n"


def refused(source):
    return [violation.what for violation in violations_for(extracted(source), "answer")]


def bodies(text):
    """One body for each line that begins at the margin, with what is indented below or continues it."""
    found = []
    for line in text.split("\n"):
        if line.startswith((" ", "except")):
            found[-1] += "\n" + line
        else:
            found.append(line)
    return found


@pytest.mark.parametrize("body", bodies(HONEST))
def test_honest_code_is_not_refused(body):
    source = function(body)
    assert extracted(source).answers["answer"]
    assert refused(source) == []


def test_every_labelled_honest_answer_is_allowed():
    source = Path(honest_answers.__file__).read_text(encoding="utf-8")
    statements = extracted(source).statements
    assert len(statements) > 50
    assert violations(statements) == ()


@pytest.mark.parametrize(("expression", "what"), REFUSED.items())
def test_every_door_is_refused(expression, what):
    assert any(what in found for found in refused(function(f"return {expression}")))


@pytest.mark.parametrize(("body", "what"), REFUSED_BODIES.items())
def test_doors_are_refused_under_any_name(body, what):
    assert any(what in found for found in refused(function(body)))


@pytest.mark.parametrize(
    "module", ["os", "sys", "subprocess", "torch", "scipy.special", "threading", "numpyx"]
)
def test_what_may_not_be_imported_costs_only_the_answers_that_use_it(module):
    root = module.partition(".")[0]
    source = (
        f"import numpy as np\nimport {module}\ndef uses(Z): return {root}.x(Z)\ndef answer(Z): return Z\n"
    )
    found = extract([Cell(source)], ["answer", "uses"])
    assert violations_for(found, "answer") == ()
    (violation,) = violations_for(found, "uses")
    assert violation.what == module
    assert violation.line == 3


def test_modules_at_hand_are_those_of_the_course():
    assert set(ALLOWED_IMPORTS) >= {"numpy", "math", "typing", "dataclasses", "collections"}
    assert set(ALLOWED_IMPORTS) >= {"functools", "itertools", "operator"}
    assert not set(ALLOWED_IMPORTS) & {"os", "sys", "ctypes", "builtins", "inspect", "threading"}


def test_a_refused_helper_costs_whoever_uses_it_however_far():
    source = (
        "def a(Z): return eval('Z')\nb = lambda Z: a(Z)\ndef answer(Z): return b(Z)\ndef other(Z): return Z"
    )
    found = extract([Cell(source)], ["answer", "other"])
    assert [v.what for v in violations_for(found, "answer")] == ["eval"]
    assert violations_for(found, "other") == ()


def test_an_assignment_from_a_file_is_left_out_and_refused_where_it_is_used():
    source = "import numpy as np\nW = np.load('W.npy')\nV = W * 2\n"
    source += "def answer(Z): return Z @ V\ndef other(Z): return Z"
    found = extract([Cell(source)], ["answer", "other"])
    assert [left.line for left in found.left_out] == [2, 3]
    assert {v.what for v in violations_for(found, "answer")} == {"np.load"}
    assert violations_for(found, "other") == ()


def test_an_answer_borrowed_from_a_library_is_refused():
    found = extract([Cell("from scipy.special import softmax")], ["softmax"])
    assert found.answers["softmax"] is None
    assert [v.what for v in violations_for(found, "softmax")] == ["scipy.special"]


def test_advice_names_cell_line_and_what_to_do():
    (violation,) = violations_for(
        extract([Cell("\ndef answer(Z):\n    return eval('Z')", number=5)], ["answer"]), "answer"
    )
    assert (violation.cell, violation.line) == (5, 3)
    assert violation.advice.startswith("not allowed here: cell 5, line 3 uses eval; ")


def test_a_learners_own_function_may_have_any_name():
    source = "def compile(Z): return Z\ndef open(Z): return compile(Z)\ndef answer(Z): return open(Z)"
    assert refused(source) == []


def test_renaming_a_forbidden_function_does_not_make_it_ones_own():
    assert refused("eval = eval\ndef answer(Z): return eval('Z')") == ["eval"]


def test_a_star_import_brings_no_doors():
    assert refused("from numpy import *\ndef answer(Z): return exp(Z) / sum(exp(Z))") == []
    assert set(refused("from numpy import *\ndef answer(Z): return load('x')")) == {"numpy.load"}


def test_expressions_of_any_depth_are_judged():
    deep = "-" * 3000 + "1"
    found = extracted(f"def answer(Z): return {deep}\ndef other(Z): return Z")
    assert [s.binds for s in found.statements][-1] == ("other",)
