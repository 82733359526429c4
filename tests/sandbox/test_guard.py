"""Whatever a learner's code gets hold of, the interpreter that counts its loops stays out of reach."""

import subprocess
import sys

import numpy as np
import pytest
from cheats import MEMORY, answer
from headway_grader.sandbox import Array, End, Other, Returned, Scalar
from jobs import job, only

# Ways to sys and builtins that need no text: attributes of what may be imported.
REACH = """
import dataclasses, functools, operator, typing
sys = dataclasses.sys
real = dataclasses.re.enum.bltns
def probe():
    yield
def error():
    try:
        1 / 0
    except ZeroDivisionError as error:
        return error
def f(n):
    {body}
    return n
"""
REFUSED = {
    "turn the tracer off": "sys.settrace(None)",
    "turn the tracer off and hide the refusal": "try: sys.settrace(None)\n    except BaseException: pass",
    "profile": "sys.setprofile(print)",
    "evaluate text": "real.eval('1')",
    "run text": "real.exec('n = 1')",
    "compile text": "real.compile('1', 'x', 'eval')",
    "make code": "probe.__code__.replace(co_name='x')",
    "give a function other code": "probe.__code__ = error.__code__",
    "make a function": "type(probe)(error.__code__, {})",
    "look at a frame": "sys._getframe()",
    "look at all frames": "sys._current_frames()",
    "look at a generator's frame": "probe().gi_frame",
    "look at an error's frame": "error().__traceback__.tb_frame",
    "look at an error's frame through a library function": (
        "functools.update_wrapper(lambda: 0, error().__traceback__, ('tb_frame',), ())"
    ),
    "read what no text may name": "getattr(probe, '__glob' + 'als__')",
    "read it under a name of one's own": (
        "class S(str): __hash__ = str.__hash__; __eq__ = lambda self, other: other == 'T'\n"
        "    getattr(probe, S('__globals__'))"
    ),
    "read a module's attribute by name": "getattr(dataclasses, 're')",
    "read it through the operator": "operator.attrgetter('__globals__.x')(probe)",
    "call it through the operator": "operator.methodcaller('__reduce__')(n)",
    "copy it with a wrapper": "functools.update_wrapper(lambda: 0, probe, ('__globals__',), ())",
    "copy it with half a wrapper": "functools.wraps(probe, assigned=['__code__'])(lambda: 0)",
    "make a data class that speaks numpy's protocol": (
        "dataclasses.make_dataclass('A', ['__array_' + 'interface__'])"
    ),
    "make a class that speaks numpy's protocol": "type('A', (), {'__array_' + 'struct__': n})",
    "make a class of classes": "type('M', (type,), {})",
    "make a class of modules": "type('M', (type(sys),), {})",
    "have a class see those made of it": "type('A', (), {'__init_' + 'subclass__': print})",
    "have a class answer for any name": "class A: pass\n    A.__getattr__ = print",
    "set what no class may have": "class A: pass\n    real.setattr(A, '__array_' + 'interface__', n)",
    "set it under a name of one's own": (
        "class S(str): pass\n    class A: pass\n    real.setattr(A, S('__array_' + 'interface__'), n)"
    ),
    "set it as the class of classes does": (
        "class A: pass\n    type.__setattr__(A, '__array_' + 'interface__', n)"
    ),
    "list the classes": "object.__subclasses__()",
    "read what a function keeps": "functools.reduce.__closure__",
    "search the heap": "sys.modules['gc'].get_objects()",
    "run text in a field's name": (
        "C = type('C', (), {'__annotations__': {'x,print(1)': int}})\n"
        "    dataclasses.dataclass(init=False, repr=False)(C)"
    ),
    "run text in the name of a field that changes its name": (
        "class F(dataclasses.Field): name = property(lambda self: 'x', lambda self, value: None)\n"
        "    class C: x: int = F(1, dataclasses.MISSING, *[True] * 4, None, True)\n"
        "    dataclasses.dataclass(C)"
    ),
    "run text with the maker of data classes": "dataclasses._create_fn('x', [], ['print(1)'])",
    "run an annotation": (
        "def h(x): pass\n    h.__annotations__['x'] = 'typing.List[real.print()]'\n"
        "    functools.singledispatch(h).register(h)"
    ),
}
if sys.version_info >= (3, 12):
    REFUSED["watch events"] = "sys.monitoring.register_callback(3, 1, print)"
if sys.version_info >= (3, 13):
    del REFUSED["run text with the maker of data classes"]


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("mode", ["call", "count"])
def test_reaching_for_the_interpreter_ends_the_run_as_refused(guarded, mode, body):
    outcome = guarded.run(job(REACH.format(body=body), [{"n": 3}, {"n": 4}], mode=mode))
    assert outcome.end is End.REFUSED, outcome
    assert len(outcome.results) < 2
    assert outcome.detail.isprintable()


BUILTINS = [
    "eval('1')",
    "exec('1')",
    "compile('1', '', 'eval')",
    "open('/')",
    "__import__('os')",
    "globals()",
]
WAYS = {
    "a definition that fails": "def {name}(x=1 / 0): pass\ndef f():\n    return {call}",
    "a class body": "class A:\n    x = {call}\ndef f():\n    return A.x",
    "a comprehension": "def f():\n    return [{call} for {name} in [{name}]][0]",
    "the function's own globals": "def f():\n    return f.__globals__['__builtins__']['{name}']",
}


@pytest.mark.parametrize("call", BUILTINS)
@pytest.mark.parametrize("source", WAYS.values(), ids=WAYS)
def test_builtins_that_no_answer_may_use_are_not_there(guarded, source, call):
    outcome = guarded.run(job(source.format(call=call, name=call.partition("(")[0])))
    shown = [result for result in outcome.results if isinstance(result, Returned)]
    assert not shown or ("__import__" in call and "globals" in source)  # an import that knows what it may


def test_the_tracer_is_not_to_be_seen(guarded):
    source = REACH.format(body="return sys.gettrace()")
    assert only(guarded.run(job(source, [{"n": 3}]))).type == "AttributeError"


def test_our_modules_are_not_to_be_seen(guarded):
    source = REACH.format(body="return sum('headway_' in name for name in sys.modules)")
    assert only(guarded.run(job(source, [{"n": 3}]))).value == Scalar(0)


HONEST = {
    "a data class": "@dataclass(frozen=True)\n    class P:\n        x: int\n        y: list = None\n"
    "    return hash(P(n)) == hash(P(n))",
    "a made data class": "return dataclasses.make_dataclass('P', [('x', int)])(n).x == n",
    "a named tuple": "return namedtuple('P', 'x y')(n, 2).x == n",
    "a typed named tuple": "class P(NamedTuple):\n        x: int\n    return P(n).x == n",
    "one function for each type": "@functools.singledispatch\n    def g(x): return 0\n    @g.register\n"
    "    def _(x: int): return 1\n    return g(n) == 1",
    "wrapping": "@functools.wraps(f)\n    def g(n): return n\n    return g(n) == n",
    "caching": "g = functools.lru_cache(lambda n: n)\n    return g(n) == n",
    "imports": "import itertools, math, numpy.linalg\n    from numpy.lib.stride_tricks import as_strided\n"
    "    return math.floor(n) == n",
    "a warning": "np.log(np.zeros(n))\n    return True",
    "an error, caught": "try:\n        np.ones(2) + np.ones(3)\n    except ValueError:\n        return True",
    "printing": "print(np.arange(n), [n])\n    return True",
    "a random generator": "return np.random.default_rng(1).normal(size=n).shape == (n,)",
    "einsum and linalg": "return np.einsum('ij->', np.linalg.inv(np.eye(n))) == n",
    "vectorize": "return np.vectorize(lambda x: x + 1)(np.arange(n)).sum() == n * (n + 1) // 2",
    "identity": "return id(n) == id(n)",
    "reading by name": "return getattr(n, 'real') == getattr(n, 'nothing', n) == n",
    "getters": "a = np.ones((n, 2))\n    return operator.attrgetter('T.shape', 'ndim')(a) == ((2, n), 2) and "
    "operator.methodcaller('sum', axis=0)(a)[0] == operator.attrgetter('size')(a) / 2 == n",
    "a signature": "return np.vectorize(sum, signature='(n)->()')(np.ones((n, 3))).shape == (n,)",
    "strides within the array": "a = np.arange(n * n).reshape(n, n)[1]\n"
    "    return np.lib.stride_tricks.as_strided(a, (2,), (-8 * n,))[1] == 0",
    "strides of an array whose axes are swapped": "a = np.arange(2 * n).reshape(n, 2).T\n"
    "    b = np.lib.stride_tricks.as_strided(a, (2, 2, 2), (8, 16, 16))\n"
    "    b[0, 0, 0] = 9\n    return (b[1, 1].tolist(), a[0, 0]) == ([3, 5], 9)",
    "strides of dates, seen only": "a = np.array(['2020', '2021'], 'M8[Y]')\n"
    "    b = np.lib.stride_tricks.as_strided(a, (2, 2), (0, 8), writeable=False)\n"
    "    return bool((b == a).all()) and not b.flags.writeable",
    "windows": "a = np.arange(2 * n)\n"
    "    return np.lib.stride_tricks.sliding_window_view(a, n)[1].tolist() == [1, 2, 3]",
    "a class with slots": "class P:\n        __slots__ = ('x',)\n        def __init__(self, x): self.x = x\n"
    "    return P(n).x == n",
    "a class with a base, properties and an order": "@functools.total_ordering\n    class P:\n"
    "        def __init__(self, x): self.x = x\n        def __lt__(self, other): return self.x < other.x\n"
    "        def __eq__(self, other): return self.x == other.x\n"
    "        two = functools.cached_property(lambda self: 2 * self.x)\n"
    "    class Q(P):\n        @property\n        def x(self): return self.y\n"
    "        @x.setter\n        def x(self, y): self.y = y\n"
    "    return (Q(n) >= P(1)) == (Q(n).two == 2 * n)",
    "a protocol and a generic class": "T = typing.TypeVar('T')\n"
    "    class Sized(typing.Protocol):\n        def size(self) -> int: ...\n"
    "    class Box(typing.Generic[T]):\n        def __init__(self, x: T): self.x = x\n"
    "    return Box[int](n).x == n",
    "an abstract class": "class S(collections.abc.Sequence):\n        def __len__(self): return n\n"
    "        def __getitem__(self, i): return [1, 2, 3][i]\n    return list(S()) == [1, 2, 3]",
    "a class made by calling": "P = type(int)('P', (), {'two': 2, '__len__': lambda self: n})\n"
    "    return len(P()) == n",
    "a frozen data class with slots, copied": "@dataclass(frozen=True, slots=True)\n    class P:\n"
    "        x: np.ndarray\n        kind: np.dtype = np.dtype('>f4')\n"
    "    a = dataclasses.asdict(dataclasses.replace(P(np.ones(n)), x=np.zeros(n)))\n"
    "    return a['x'].tolist() == [0.0] * n and a['kind'] == '>f4'",
    "a subclass of the array": "class A(np.ndarray): pass\n"
    "    return type(A(n)) is A and A((n, 2), 'f4').T.shape == (2, n)",
    "an array over bytes": "return np.ndarray((2,), '<i2', b'..\\x01\\0\\x02\\0', 2).tolist() == [1, 2]",
    "bytes, and what lies in memory": "a = np.frombuffer(np.arange(n, dtype='u1').tobytes(), np.uint8)\n"
    "    return memoryview(a).tolist() == list(bytes(a)) == a.data.tolist() == [0, 1, 2]",
    "the fields of a record": "a = np.zeros(n, [('x', int), ('y', 'f4')])\n    a['y'] = 2\n"
    "    return (list(a.dtype.fields), np.dtype(int).fields, a['y'].sum()) == (['x', 'y'], None, 2 * n)",
    "strings": "a = np.array(['x' * 100, 'y'], 'T')\n"
    "    return a.view(a.dtype)[0] == np.strings.lower(a)[0] == 'x' * 100",
    "an array of objects": "return np.ndarray(n, object).tolist() == [None] * n",
    "a shape and a type that are set": "a = np.arange(2 * n)\n    a.shape = (2, n)\n    a.dtype = 'u4'\n"
    "    return a.shape == (2, 2 * n)",
    "a shape that is set by resizing": "a = np.arange(2 * n)\n    a.resize(2, n)\n    a.resize((n, 2))\n"
    "    return a.shape == (n, 2)",
    "a flat iterator": "a = np.zeros((2, n))\n    a.flat = 3\n    a.flat[1] = 4\n"
    "    return list(a.flat)[:3] == [3, 4, 3] and a.flat.base.shape == a.shape",
    "an iterator that is closed": "a = np.arange(n)\n"
    "    with np.nditer(a, ['buffered'], ['readwrite'], op_dtypes=['f8'], casting='unsafe') as it:\n"
    "        for x in it: x[...] = 2 * x\n    return a.tolist() == [0, 2, 4]",
    "masked arrays, records and matrices": "a = np.ma.array([1, 2], mask=[0, 1])\n    a.shape = (2, 1)\n"
    "    b = np.rec.array([(1, 2.0)], dtype=[('x', int), ('y', float)])\n"
    "    return a.sum() == b.x[0] == np.matrix([1, 2])[0, 0]",
}
LIBRARIES = """
import collections, dataclasses, functools, operator, typing
from collections import namedtuple
from dataclasses import dataclass
from typing import NamedTuple
def f(n):
    {body}
"""


@pytest.mark.parametrize("body", HONEST.values(), ids=HONEST)
@pytest.mark.parametrize("mode", ["call", "count"])
def test_honest_use_of_the_libraries_is_none_of_it(guarded, mode, body):
    outcome = guarded.run(job(LIBRARIES.format(body=body), [{"n": 3}] * 2, mode=mode))
    assert outcome.end is End.FINISHED, outcome
    assert [result.value for result in outcome.results] == [Scalar(True)] * 2 or all(
        isinstance(result.value, Array) and result.value.data for result in outcome.results
    ), outcome


BEYOND = [
    "np.lib.stride_tricks.as_strided(a, (10**6,), (10**6,)).sum()",
    "np.lib.stride_tricks.as_strided(a, (2,), (-8,))[1]",
    "np.lib.stride_tricks.as_strided(a[:2], (5,))[4]",
    "np.lib.stride_tricks.as_strided(np.array([a, None]), (2,), (4,))",
    "a.resize(8)",
    "a.resize(8, refcheck=False)",
    "a.__setstate__((1, (9,), a.dtype, False, bytes(72)))",
    "np.dtype('V8').__setstate__((3, '|', None, None, None, 800, 1, 0))",
]


@pytest.mark.parametrize("body", BEYOND)
def test_nothing_leads_out_of_an_array_s_memory(guarded, body):
    outcome = guarded.run(job(f"def f():\n    a = np.ones(4)\n    return {body}"))
    assert (outcome.end, only(outcome).type) == (End.FINISHED, "ValueError")


STRINGS = [
    "a.view(np.array(['y'], 'T').dtype)",
    "a.getfield(np.array(['y'], 'T').dtype)",
    "a.setfield('z', np.array(['y'], 'T').dtype)",
]


@pytest.mark.parametrize("body", STRINGS)
def test_strings_are_not_looked_for_where_others_lie(guarded, body):
    outcome = guarded.run(job(f"def f():\n    a = np.array(['x' * 100], 'T')\n    return {body}"))
    assert (outcome.end, only(outcome).type) == (End.FINISHED, "TypeError")


INTO = "\ndef free(Z):\n    return 'in memory'\ndef f(Z):\n    return softmax(Z)\n"


@pytest.mark.parametrize("body", MEMORY.values(), ids=MEMORY)
def test_only_where_nothing_guards_it_a_way_leads_into_memory(guarded, sandbox, body):
    way = job(answer(body) + INTO, [{"Z": np.ones((2, 3))}])
    assert only(sandbox.run(way)).value == Other("str", "'in memory'")
    results = guarded.run(way).results
    assert all(not isinstance(r, Returned) or isinstance(r.value, Array) for r in results)


MADE_OF_EACH = """
from headway_grader.sandbox import guard, memory, server
server.preload()
memory.shut(guard.refuse)
found = [kind for kind in {*memory._kinds(object)} if "__init_subclass__" in vars(kind)]
for kind in found:
    try:
        type("A", (kind,), {"__array_interface__": {}}, _root=True)
    except guard.Refused:
        continue
    print("not seen:", kind)
print(len(found))
"""


def test_whatever_it_is_made_of_a_class_is_looked_at():
    done = subprocess.run([sys.executable, "-c", MADE_OF_EACH], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 5


def test_results_come_out_of_a_guarded_run_as_out_of_another(guarded, sandbox):
    one = job("def f(Z):\n    return Z * 2, Z.sum()", [{"Z": np.ones((2, 3))}] * 2, mode="keep")
    assert repr(guarded.run(one).results) == repr(sandbox.run(one).results)
