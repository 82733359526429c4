"""What may go wrong at one place of an answer: other nodes for a node of its syntax tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from headway_course.shapes import ShapeLine

OPERATORS = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr, ast.BitXor),
    ast.BitOr: (ast.BitAnd, ast.BitXor),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Eq: (ast.NotEq, ast.LtE, ast.GtE),
    ast.NotEq: (ast.Eq, ast.Lt, ast.Gt),
    ast.Lt: (ast.LtE, ast.Gt, ast.NotEq),
    ast.LtE: (ast.Lt, ast.GtE, ast.Eq),
    ast.Gt: (ast.GtE, ast.Lt, ast.NotEq),
    ast.GtE: (ast.Gt, ast.LtE, ast.Eq),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
IN_PLACE = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide"}
COUNTING = ("arange", "range", "tri")  # functions to which one gives a number of things
ORDERED = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)  # whose sides may not be exchanged
NAMES = {
    "all": ("any",),
    "any": ("all",),
    "append": ("insert",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "cos": ("sin",),
    "sin": ("cos",),
    "cumsum": ("cumprod",),
    "exp": ("exp2", "expm1"),
    "exp2": ("exp",),
    "isfinite": ("isnan", "isinf"),
    "log": ("log2", "log1p"),
    "log2": ("log",),
    "max": ("min",),
    "maximum": ("minimum",),
    "mean": ("sum",),
    "min": ("max",),
    "minimum": ("maximum",),
    "ones_like": ("zeros_like",),
    "sum": ("mean",),
    "zeros": ("ones",),
    "zeros_like": ("ones_like",),
}
"""Attributes that stand for one another, such as methods of arrays and functions of numpy."""
DTYPES = {"bool": "np.int64", "int": "np.float64", "float": "np.float32"}
SYMMETRIC = ("max", "maximum", "min", "minimum", "swapaxes")  # functions whose arguments may be exchanged


@dataclass(frozen=True)
class Traits:
    """What its shapes tell of an answer: the dtypes that may spoil its values, on the way or when returned.

    No value with a name that is spared is turned into another dtype; arrays are the arguments to be kept.
    """

    inside: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    spared: frozenset[str] = frozenset()
    arrays: frozenset[str] = frozenset()


def traits(line: ShapeLine) -> Traits:
    """The traits of an answer of these shapes: among whole numbers alone, no dtype on the way spoils it."""
    floats = any(array.dtype in (None, "float") for array in line.arguments + line.results)
    follows = all(array.dtype is None for array in line.results)  # the dtype of what comes in
    narrow, wide = ("float32",) if floats else (), ("float64",) if follows else ()
    exact = ("int", "bool")
    whole = any(array.dtype in exact for array in line.results)
    spared = frozenset(array.name for array in line.arguments if array.dtype in exact)
    arrays = frozenset(array.name for array in line.arguments if array.axes)
    return Traits(narrow + wide, ("float64",) if whole else narrow + wide, spared, arrays)


def changes(node: ast.AST, traits: Traits) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Pairs of a node, this one or one below it, and what stands in its place if it is wrong.

    Never an operator alone: the parser has one object for all that are alike.
    """
    yield from ((node, other) for other in _others(node))
    if isinstance(node, ast.BinOp) and type(node.op) in IN_PLACE and _root(node.left) in traits.arrays:
        out = ast.keyword("out", node.left)
        yield node, ast.Call(_expression(f"np.{IN_PLACE[type(node.op)]}"), [node.left, node.right], [out])
    if isinstance(node, ast.Assign | ast.Return) and node.value:
        dtypes = traits.returned if isinstance(node, ast.Return) else traits.inside
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in traits.spared:
            dtypes = ()
        parts = [part for part in _parts(node) if not _has_dtype(part)]
        yield from ((part, _as(dtype, part)) for part in parts for dtype in dtypes)


def _others(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Constant():
            yield from map(ast.Constant, _numbers(node.value))
        case ast.UnaryOp():
            yield node.operand
        case ast.BoolOp():
            yield from (ast.BoolOp(other(), node.values) for other in OPERATORS[type(node.op)])
        case ast.Compare():
            for i, op in enumerate(node.ops):
                for other in OPERATORS.get(type(op), ()):
                    ops = [*node.ops[:i], other(), *node.ops[i + 1 :]]
                    yield ast.Compare(node.left, ops, node.comparators)
        case ast.BinOp():
            yield from (node.left, node.right)
            yield from (
                ast.BinOp(node.left, other(), node.right) for other in OPERATORS.get(type(node.op), ())
            )
            if isinstance(node.op, ORDERED):
                yield ast.BinOp(node.right, node.op, node.left)
        case ast.IfExp():
            yield from (node.body, node.orelse)
        case ast.If():
            yield from (ast.If(ast.Constant(test), node.body, node.orelse) for test in (True, False))
        case ast.Attribute():
            yield from (ast.Attribute(node.value, name, node.ctx) for name in NAMES.get(node.attr, ()))
            if node.attr in ("T", "mT"):
                yield node.value
        case ast.Call():
            yield from _calls(node)
        case ast.Tuple() | ast.List() if not any(isinstance(e, ast.Slice) for e in node.elts):
            yield from (type(node)(elements, node.ctx) for elements in _exchanged(node.elts))
        case ast.Subscript():
            yield from _subscripts(node)
        case ast.Slice():
            yield from _slices(node)


def _numbers(value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1)


def _calls(node: ast.Call) -> Iterator[ast.expr]:
    """Without a keyword, with arguments exchanged, with another dtype, cast too early, not called at all."""
    for keyword in node.keywords:
        kept = [other for other in node.keywords if other is not keyword]
        yield ast.Call(node.func, node.args, kept)
        for dtype in _dtypes(keyword.value):
            changed = [ast.keyword(k.arg, dtype) if k is keyword else k for k in node.keywords]
            yield ast.Call(node.func, node.args, changed)
    if ast.unparse(node.func).rpartition(".")[2] not in SYMMETRIC:
        yield from (ast.Call(node.func, arguments, node.keywords) for arguments in _exchanged(node.args))
    counts = ast.unparse(node.func).rpartition(".")[2] in COUNTING
    for position, argument in enumerate(node.args):
        for other in (*_dtypes(argument), *(_off_by_one(argument) if counts else ())):
            arguments = [*node.args[:position], other, *node.args[position + 1 :]]
            yield ast.Call(node.func, arguments, node.keywords)
    if _is_method(node) and node.func.attr == "astype":
        yield from _cast_early(node)
    if _is_method(node):
        yield node.func.value
    elif node.args and not isinstance(node.args[0], ast.Starred):
        yield node.args[0]


def _is_method(node: ast.Call) -> bool:
    """Whether something is called on a value, not on a module."""
    return isinstance(node.func, ast.Attribute) and _root(node.func) != "np"


def _cast_early(node: ast.Call) -> Iterator[ast.expr]:
    """f(x).astype(dtype) as f(x.astype(dtype)), which rounds before it computes."""
    inner = node.func.value
    if isinstance(inner, ast.Call) and inner.args and not _is_method(inner):
        first = ast.Call(ast.Attribute(inner.args[0], "astype", ast.Load()), node.args, [])
        yield ast.Call(inner.func, [first, *inner.args[1:]], inner.keywords)


def _root(node: ast.expr) -> str:
    """The variable of which a node is an attribute or a part; "" if of none."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _off_by_one(node: ast.expr) -> Iterator[ast.expr]:
    """One more and one less; a constant is changed by itself."""
    if not isinstance(node, ast.Constant | ast.UnaryOp | ast.Tuple | ast.Slice | ast.Starred):
        yield from (ast.BinOp(node, sign, ast.Constant(1)) for sign in (ast.Add(), ast.Sub()))


def _dtypes(node: ast.expr) -> Iterator[ast.expr]:
    text = ast.unparse(node)
    if text.endswith(".dtype"):
        yield from map(_expression, ("np.float32", "np.float64"))
    elif text in DTYPES:
        yield _expression(DTYPES[text])


def _subscripts(node: ast.Subscript) -> Iterator[ast.expr]:
    if isinstance(node.ctx, ast.Load):
        yield node.value
        yield from (ast.Subscript(node.value, index, node.ctx) for index in _off_by_one(node.slice))
    elements = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
    places = [
        _exchange(elements, i)
        for i, pair in enumerate(pairwise(elements))
        if {ast.unparse(element) for element in pair} != {":", "..."}  # the same, in whichever order
    ]
    for i, element in enumerate(elements):
        if isinstance(element, ast.Constant):  # None and … too
            places.append([*elements[:i], *elements[i + 1 :]])
            places.append([*elements[:i], ast.Slice(), *elements[i + 1 :]])
    yield from (ast.Subscript(node.value, ast.Tuple(p, ast.Load()), node.ctx) for p in places)


def _slices(node: ast.Slice) -> Iterator[ast.Slice]:
    """One more or one less at an open end, and every end and step left out."""
    if node.lower is None and (node.upper or node.step):
        yield ast.Slice(ast.Constant(1), node.upper, node.step)
    if node.upper is None and (node.lower or node.step):
        yield ast.Slice(node.lower, _expression("-1"), node.step)
    if node.lower:
        yield ast.Slice(None, node.upper, node.step)
    if node.upper:
        yield ast.Slice(node.lower, None, node.step)
    if node.step:
        yield ast.Slice(node.lower, node.upper, None)


def _exchanged(elements: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for i, pair in enumerate(pairwise(elements)):
        if not any(isinstance(element, ast.Starred) for element in pair):
            yield _exchange(elements, i)


def _exchange(elements: list[ast.expr], i: int) -> list[ast.expr]:
    return [*elements[:i], elements[i + 1], elements[i], *elements[i + 2 :]]


def _parts(node: ast.Assign | ast.Return) -> list[ast.expr]:
    """What an assignment or a return computes: one value, or several."""
    return node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]


def _has_dtype(value: ast.expr) -> bool:
    """Whether a call says the dtype of what it makes, so that this can be changed by itself."""
    said = [*value.args, *(k.value for k in value.keywords)] if isinstance(value, ast.Call) else []
    return any(any(_dtypes(argument)) for argument in said)


def _as(dtype: str, value: ast.expr) -> ast.expr:
    return ast.Call(_expression(f"np.{dtype}"), [value], [])


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
