"""Layer 3 of loop-freeness: iteration that is left to C, such as `list(map(np.exp, Z))` or `Z.tolist()`.

No Python code runs in it, so layer 2 cannot count it. The learner's statements are rewritten: each call goes
through `Audit.call`, which looks at what is called and with what, and adds up the Python objects that C will
go through: those of lists handed to numpy, of arrays handed to `sum`, of results such as `Z.tolist()`. That
is the same on every Python. Arrays as such, and containers that do not grow with the data, add nothing.
"""

import __future__

import ast
import builtins
import collections
import copy
import functools
import inspect
import itertools
import math
import operator
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import BuiltinFunctionType, FunctionType, MethodType

import numpy as np

from headway_course.reading.policy import excerpt

CALL, SPREAD, CLAIM = "the audited call", "the audited star", "the call in an assertion"
"""Names that the rewritten statements call; nobody can write them, since they are no identifiers."""

_KEPT: list[Callable] = []


def _identities(*callables: Callable) -> frozenset[int]:
    """By which to know them at a glance: to compare one after the other takes longer than the call."""
    _KEPT.extend(callables)  # or another object might come to have the identity of one
    return frozenset(map(id, callables))


_ITERATING = _identities(
    *(sum, map, filter, zip, enumerate, reversed, sorted, min, max, any, all),
    *(list, tuple, set, frozenset, dict, bytes, bytearray, functools.reduce, np.fromiter, np.concatenate),
    *(collections.deque, collections.Counter, collections.OrderedDict),
    *(operator.countOf, operator.indexOf, operator.contains, operator.concat),
    *(value for value in vars(itertools).values() if isinstance(value, type)),
    *(value for value in vars(math).values() if callable(value)),
)
"""Whatever they are given they go through element by element, arrays too."""

_THROUGH = (
    *((functools.reduce, slice(1, 2)), (sum, slice(1)), (itertools.accumulate, slice(1))),
    *((dict, slice(1)), (collections.OrderedDict, slice(1)), (itertools.repeat, slice(0))),
    (np.concatenate, slice(1)),
)
"""Which of their arguments some of them go through; the rest they keep whole, such as `dict(Z=Z)`."""

_NEUTRAL = _identities(
    *(len, isinstance, issubclass, print, type, callable, getattr, hasattr, id, range, slice, object, next),
    *(super, property, staticmethod, classmethod, functools.partial, np.shape, np.ndim, np.size),
)
"""They look at a container at most, and do not go through it."""

_AT_ONCE = (
    *("append", "appendleft", "add", "pop", "popleft", "popitem", "get", "setdefault", "clear", "discard"),
    *("keys", "values", "items", "__len__", "__getitem__", "__setitem__", "startswith", "endswith", "format"),
)
"""Methods of containers that take the same time however much is in them."""

_ASSERTED = _identities(all, any, min, max, sum, set, sorted)
_CONTAINERS = (list, tuple, set, frozenset, dict, collections.deque, bytes, bytearray, str)
_NESTED = (list, tuple)
_ENOUGH = 100_000  # elements that are looked at within one container
_FLAGS = __future__.annotations.compiler_flag  # annotations are not run, as at hand-in
_IN_C = ("builtins", "numpy", "collections", "itertools", "functools", "operator")
# What an array holds that is not of numbers: objects, or characters.
_PARTS = {"O": lambda dtype: 1, "S": lambda dtype: dtype.itemsize, "U": lambda dtype: dtype.itemsize // 4}


class Audit:
    """Adds up, by place, the Python objects that C goes through; a place is (file, line, what is called).

    `files` are the learner's: their own functions are counted as they run, not when they are called.
    """

    def __init__(self, files: Collection[str]) -> None:
        self.files = frozenset(files)
        self.seen: dict[tuple[str, int, str], int] = {}

    @property
    def names(self) -> dict[str, Callable]:
        """What the rewritten statements need among their builtins."""
        return {CALL: self.call, SPREAD: self.spread, CLAIM: self.claim}

    def call(self, place: tuple[str, int, str], function: Callable, /, *args: object, **kwargs: object):
        """Calls the function, and adds what it goes through."""
        if function is iter and len(args) == 2:
            return iter(self._counted(place, args[0]), args[1])
        self._add(place, self._given(function, args, kwargs))
        result = function(*args, **kwargs)
        self._add(place, self._made(function, result))
        return result

    def claim(self, place: tuple[str, int, str], function: Callable, /, *args: object, **kwargs: object):
        """As `call`, in an assertion: to look whether all is well is not to compute."""
        if id(function) in _ASSERTED:
            return function(*args, **kwargs)
        return self.call(place, function, *args, **kwargs)

    def spread(self, place: tuple[str, int, str], values: object):
        """Adds what a star goes through."""
        self._add(place, _length(values))
        return values

    def _add(self, place: tuple[str, int, str], objects: int) -> None:
        if objects:
            self.seen[place] = self.seen.get(place, 0) + objects

    def _counted(self, place: tuple[str, int, str], function: Callable) -> Callable:
        def counted():
            self._add(place, 1)
            return function()

        return counted

    def _given(self, function: Callable, args: tuple, kwargs: Mapping[str, object]) -> int:
        """How many objects a call goes through, of those it is given."""
        function, args = _without_partial(function, args)
        if self._is_seen(function):
            return 0
        given = (*args, *kwargs.values())
        if isinstance(function, np.vectorize) or _calls_back(function):
            return sum(map(np.size, given))
        if _iterates(function):
            own = getattr(function, "__self__", None)
            through = next((args[part] for one, part in _THROUGH if function is one), given)
            return _length(own) + sum(map(_length, through))
        return sum(map(_objects, given))

    def _made(self, function: Callable, result: object) -> int:
        """How many objects the result of a call consists of."""
        if type(result) is np.ndarray:
            return result.size * _PARTS.get(result.dtype.kind, lambda dtype: 0)(result.dtype)
        function, _ = _without_partial(function, ())
        return 0 if self._is_seen(function) or type(result) is str else _objects(result)

    def _is_seen(self, function: Callable) -> bool:
        """Whether nothing goes on in a call that is not counted elsewhere."""
        at_once = _owner(function) is not None and function.__name__ in _AT_ONCE
        return at_once or id(function) in _NEUTRAL or self._runs_python(function)

    def _runs_python(self, function: Callable) -> bool:
        """Whether what it does is counted as it runs, since it is written in Python.

        numpy's functions are not: nobody sees what they do with a list.
        """
        function = function.__func__ if isinstance(function, MethodType) else function
        if isinstance(function, FunctionType):
            ours = function.__code__.co_filename in self.files
            return ours or not function.__module__.startswith("numpy")
        kind = function if isinstance(function, type) else type(function)
        if issubclass(kind, _CONTAINERS) and not hasattr(kind, "_fields"):
            return False
        return kind.__module__.partition(".")[0] not in _IN_C


def rewritten(statements: Sequence[ast.stmt], file: str) -> ast.Module:
    """Statements whose calls go through an audit, ready to be compiled; the originals stay as they are."""
    rewriter = _Rewriter(file)
    made = ast.Module([rewriter.visit(copy.deepcopy(statement)) for statement in statements], [])
    return ast.fix_missing_locations(made)


def twin(function: Callable, trees: Mapping[str, Collection[ast.stmt]], audit: Audit) -> Callable:
    """The same function, and those beside it that it uses, with audited calls.

    The function itself where its text is not among these statements, by file.
    """
    own = inspect.unwrap(function)
    if not isinstance(own, FunctionType):
        return function
    names = dict(own.__globals__) | {"__builtins__": vars(builtins) | audit.names}
    made = set()
    original = {name: inspect.unwrap(value) for name, value in names.items() if callable(value)}
    for file, statements in trees.items():
        for tree in statements:
            if isinstance(tree, ast.FunctionDef) and _stands(original.get(tree.name), tree, file):
                exec(compile(rewritten([tree], file), file, "exec", _FLAGS, dont_inherit=True), names)
                made.add(tree.name)
    return names[own.__name__] if own.__name__ in made else function


def _stands(function: FunctionType | None, tree: ast.FunctionDef, file: str) -> bool:
    """Whether a function was made by this statement."""
    code = getattr(function, "__code__", None)
    first = min([tree.lineno, *(decorator.lineno for decorator in tree.decorator_list)])
    return code is not None and code.co_filename == file and code.co_firstlineno in (first, tree.lineno)


class _Rewriter(ast.NodeTransformer):
    """Puts an audited call in the place of each call and each star."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.audited = CALL

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = _name(node.func)
        self.generic_visit(node)
        if name == "super":  # without arguments it looks for the method that it stands in
            return node
        return self._through(self.audited, name, node, [node.func, *node.args], node.keywords)

    def visit_Starred(self, node: ast.Starred) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load):
            node.value = self._through(SPREAD, "*", node, [node.value])
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        self.generic_visit(node)
        parts = (part for target in node.targets for part in ast.walk(target))
        if any(isinstance(part, ast.Starred) and isinstance(part.ctx, ast.Store) for part in parts):
            node.value = self._through(SPREAD, "*", node, [node.value])
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        keeps = any(isinstance(part, ast.NamedExpr) for part in ast.walk(node))
        self.audited = CALL if keeps else CLAIM
        self.generic_visit(node)
        self.audited = CALL
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return node  # an annotation is not run

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        node.value = node.value and self.visit(node.value)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        returns, node.returns = node.returns, None
        self.generic_visit(node)
        node.returns = returns
        return node

    def _through(self, audited: str, what: str, node: ast.expr, args: list, keywords: list = ()) -> ast.expr:
        place = ast.Constant((self.file, node.lineno, what))
        call = ast.Call(ast.Name(audited, ast.Load()), [place, *args], list(keywords))
        return ast.copy_location(call, node)


def _name(function: ast.expr) -> str:
    """What is called, in short: `np.vectorize` of `np.vectorize(f)(Z)`, `.tolist` of `(A @ B).tolist()`."""
    while isinstance(function, ast.Call):
        function = function.func
    if isinstance(function, ast.Attribute) and not isinstance(function.value, ast.Name | ast.Attribute):
        return f".{function.attr}"
    return excerpt(function)


def _without_partial(function: Callable, args: tuple) -> tuple[Callable, tuple]:
    """What a partial calls, with which arguments."""
    while isinstance(function, functools.partial):
        function, args = function.func, (*function.args, *args)
    return function, args


def _owner(function: Callable) -> object:
    """The container, or the kind of container, whose method this is; None if it is none."""
    own = getattr(function, "__self__", None)
    own = getattr(function, "__objclass__", None) if own is None else own
    kind = own if isinstance(own, type) else type(own)
    return own if issubclass(kind, _CONTAINERS) else None


def _iterates(function: Callable) -> bool:
    """Whether it goes through whatever it is given, arrays too."""
    made = isinstance(function, type) and issubclass(function, _CONTAINERS) and function is not str
    named = id(function) in _ITERATING or id(getattr(function, "__self__", None)) in _ITERATING
    return made or named or _owner(function) is not None


def _calls_back(function: Callable) -> bool:
    """Whether this is a ufunc made by `np.frompyfunc`, or a method of one."""
    if isinstance(function, BuiltinFunctionType):
        function = function.__self__
    if not isinstance(function, np.ufunc) or not function.types:
        return False
    return all(set(kind) <= set("O->") for kind in function.types)


def _length(value: object) -> int:
    """How often something can be gone through: the length of what has one, or a good guess."""
    if isinstance(value, _NESTED):
        return _objects(value)
    if isinstance(value, np.ndarray):
        return len(value) if value.ndim else 0
    return operator.length_hint(value, 0)


def _objects(value: object) -> int:
    """How many objects a container holds, those in lists within it included; arrays count as one."""
    if isinstance(value, str):
        return len(value)
    if not isinstance(value, _CONTAINERS) or isinstance(value, bytes | bytearray):
        return 0
    return sum(1 for _ in itertools.islice(_within(value), _ENOUGH))


def _within(value: Collection) -> Iterator[object]:
    for part in value:
        yield part
        if isinstance(part, _NESTED):
            yield from _within(part)
