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
xp = np; return xp.exp(Z)
xp, n = np, 2; return xp.exp(Z) * n
def f(Z, xp=np): return xp.exp(Z)
import numpy as np2; return np2.exp(Z)
def f(Z: np, *rest: "np") -> np.ndarray: return Z
class A: exp = np.exp; shape = Z.shape
@functools.wraps(answer)
def f(Z): return Z
return isinstance(Z, type), type(Z)
return [Z for Z in Z], [x for x in (np.exp(Z), np.log(Z))]
try: return np.linalg.inv(Z)
except np.linalg.LinAlgError as error: return str(error)
import numpy.lib.stride_tricks as tricks; return tricks.sliding_window_view(Z, 2)
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
    "return [m.load('x') for m in (np,)]": "np as a value",
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
    "class A:\n    def __init_subclass__(cls): pass\nreturn A()": "__init_subclass__",
    "class A:\n    def __set_name__(self, owner, name): pass\nreturn A()": "__set_name__",
    "class A:\n    __reduce__ = None\nreturn A()": "__reduce__",
    "match Z:\n    case np.ndarray(__array_interface__=a): return a": "__array_interface__",
    "def f(a: 'eval(\"1\")'): pass\nreturn Z": "eval",
    "def f(a: exec): pass\nreturn Z": "exec",
    "try: 1 / 0\nexcept Exception as e: return e.__traceback__.tb_frame.f_globals": "f_globals",
    "return (lambda m: m.re.enum.bltns)(dataclasses)": "dataclasses as a value",
    "return [dataclasses][0].re.enum.bltns": "dataclasses as a value",
    "return {'m': np.lib}['m']._npyio_impl.re": "np.lib as a value",
    "return (np if Z.ndim else dataclasses).re.enum": "dataclasses as a value",
    "return (np and dataclasses).re.enum": "dataclasses as a value",
    "return getattr(np, 'lib')._npyio_impl": "np as a value",
    "return operator.attrgetter('lib')(np)": "np as a value",
    "return type(np)('m')": "np as a value",
    "*m, n = dataclasses, 1\nreturn m[0].re.enum": "dataclasses as a value",
    "x = {}\nx['m'] = dataclasses\nreturn x['m'].re": "dataclasses as a value",
    "for m in (np, dataclasses): m.re": "dataclasses as a value",
    "return [m.re for m in [dataclasses]]": "dataclasses as a value",
    "with np as m: return m.re": "np as a value",
    "@np\ndef f(): pass\nreturn f": "np as a value",
    "def f(): return dataclasses\nreturn f().re.enum": "dataclasses as a value",
    "def f(): yield dataclasses\nreturn next(f()).re.enum": "dataclasses as a value",
    "def f():\n    global m\n    m = dataclasses\nf()\nreturn m.re.enum": "dataclasses as a value",
    "def f():\n    global m\n    import dataclasses as m\nf()\nreturn m.re.enum": "dataclasses imported here",
    "class A: m = dataclasses\nreturn A.m.re.enum": "dataclasses as a value",
    "class A: import dataclasses\nreturn A.dataclasses.re.enum": "dataclasses imported here",
    "class A:\n    x = dataclasses.re\n    dataclasses = 1\nreturn A.x": "dataclasses.re",
    "class A:\n    x = operator.attrgetter\n    operator = 1\nreturn A.x": "operator.attrgetter",
    "m = dataclasses\nx = m.re\nm = np\nreturn x.enum": "more than one module",
    "def f(m=dataclasses):\n    x = m.re\n    m = np\n    return x\nreturn f()": "more than one module",
    "m = math\nm = Z\nreturn m.tofile('x')": "m.tofile",
    "match operator:\n    case object(attrgetter=g): return g('f2py.os')(np)": "operator as a value",
    "match dataclasses:\n    case m: return m.re": "dataclasses as a value",
    "match (dataclasses, Z):\n    case [object(re=r), _]: return r.enum": "dataclasses as a value",
    "import headway.numerics\nreturn headway.numerics.np.lib._npyio_impl": "_npyio_impl",
    "try: dataclasses.nothing\nexcept AttributeError as e: return e.obj.re": "e.obj",
    "match ValueError():\n    case object(obj=m): return m.re": "obj",
    "return [getattr(np, 'f2' + 'py') for getattr in [getattr]]": "getattr",
    "class A:\n    getattr = getattr\n    x = getattr(np, 'f2' + 'py')\nreturn A.x": "getattr",
    "return (lambda get=getattr: get(Z, 'T'))()": "getattr",
    "return functools.partial(getattr, Z)('T')": "getattr",
    "return functools.update_wrapper(Z, answer, ('__glo' + 'bals__',), ())": "functools.update_wrapper",
    "return functools.update_wrapper(Z, wrapped=answer)": "functools.update_wrapper",
    "return functools.wraps(answer, assigned=['a'])(Z)": "functools.wraps",
    "w = functools.wraps\nreturn w(answer, ('a',))(Z)": "functools.wraps",
    "return functools.partial(functools.update_wrapper, Z)": "functools.update_wrapper",
    "return type('A', (), {'__array_' + 'interface__': {}})()": "type",
    "make = type\nreturn make('A', (), {})()": "type",
    "return type(*('A', (), {}))()": "type",
    "return list(map(type, 'A', [()], [{}]))": "type",
    "class M(type): pass\nreturn M('A', (), {})()": "type",
    "class A(metaclass=type): pass\nreturn A": "type",
    "class A:\n    def __getattr__(self, name): return {}\nreturn np.asarray(A())": "__getattr__",
    "class A:\n    @property\n    def __dict__(self): return {}\nreturn A()": "__dict__",
    "class A:\n    if (__array_interface__ := {}): pass\nreturn A()": "__array_interface__",
    "class A:\n    for __array_struct__ in [1]: pass\nreturn A()": "__array_struct__",
    "class A:\n    from math import pi as __array_interface__\nreturn A()": "__array_interface__",
    "def f(a=np.load): return a('x')\nreturn f()": "np.load",
    "def f(a: 'np.load(1)'): pass\nreturn f": "np.load",
    "x: np.memmap = 1\nreturn x": "np.memmap",
    "return list[np.load('x')]": "np.load",
    "return f'{np.load(1)!r:>{np.fromfile(2)}}'": "np.fromfile",
    "@functools.partial(np.load)\ndef f(): pass\nreturn f": "np.load",
    "class A(np.memmap): pass\nreturn A('x')": "np.memmap",
    "class A:\n    x = np.load('x')\nreturn A.x": "np.load",
    "return (lambda *, a=np.load: a('x'))()": "np.load",
    "return np.ma.core.np.load('x')": "np.load",
    "from numpy import load as Z\nreturn Z('x')": "numpy.load",
    "import numpy\nreturn numpy.lib.format.open_memmap('x')": "numpy.lib.format",
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
        if line.startswith((" ", "except")) or (
            found and found[-1].startswith("@") and "\n" not in found[-1]
        ):
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


def test_where_a_definition_fails_what_was_python_s_own_is_not_ones_own():
    assert refused("def getattr(x=1/0): pass\ndef answer(Z): return getattr(Z, 'a' + 'b')") == ["getattr"]
    assert refused("def type(x=1/0): pass\ndef answer(Z): return type('A', (), {})") == ["type"]


def test_a_name_for_two_modules_is_refused_wherever_it_is_bound():
    source = "import numpy as np, dataclasses\nm = dataclasses\nclass A: x = m.re\nm = np\n"
    assert any("more than one" in what for what in refused(source + "def answer(Z): return A.x.enum"))


def test_renaming_a_forbidden_function_does_not_make_it_ones_own():
    assert refused("eval = eval\ndef answer(Z): return eval('Z')") == ["eval"]


def test_a_star_import_brings_no_doors():
    assert refused("from numpy import *\ndef answer(Z): return exp(Z) / sum(exp(Z))") == []
    assert set(refused("from numpy import *\ndef answer(Z): return load('x')")) == {"numpy.load"}


def test_expressions_of_any_depth_are_judged():
    deep = "-" * 3000 + "1"
    found = extracted(f"def answer(Z): return {deep}\ndef other(Z): return Z")
    assert [s.binds for s in found.statements][-1] == ("other",)
