# ruff: noqa
# fmt: off
"""Answers without a loop over their input, in many styles: none of them may be accused."""

import functools
import itertools
import math
from collections import OrderedDict, defaultdict, namedtuple
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def plain(Z):
    Z = Z - Z.max(axis=-1, keepdims=True)
    E = np.exp(Z)
    return E / E.sum(axis=-1, keepdims=True)


def by_helper(Z):
    return _normalise(np.exp(_shift(Z)))


def _shift(Z):
    return Z - Z.max(-1, keepdims=True)


def _normalise(E):
    return E / E.sum(-1, keepdims=True)


def both_ways(Z):
    out = Z
    for f in (_shift, np.exp, _normalise):
        out = f(out)
    return out


def axes_one_by_one(Z):
    for axis in range(Z.ndim):
        Z = Z - Z.mean(axis=axis, keepdims=True)
    return Z


def constant_comprehension(Z):
    return sum([w * f(Z) for w, f in [(0.5, np.sin), (0.25, np.cos), (0.25, np.tanh)]])


def constant_generator(Z):
    return functools.reduce(np.add, (np.roll(Z, k, axis=-1) for k in (-1, 0, 1)))


def fixed_iterations(Z):
    x = np.ones_like(Z)
    i = 0
    while i < 40:
        x = 0.5 * (x + (1 + Z * Z) / x)
        i += 1
    return x


def doubling_scan(Z):
    total, step = Z.copy(), 1
    while step < Z.shape[-1]:
        shifted = np.zeros_like(total)
        shifted[..., step:] = total[..., :-step]
        total = total + shifted
        step *= 2
    return total


def four_fold_scan(Z):
    width = 1
    rounds = 0
    while width < Z.shape[-1]:
        width *= 4
        rounds += 1
        a = rounds + width
        b = a + 1
        c = b + 1
        d = c + 1
        e = d + 1
        f = e + 1
    return Z.sum(-1) + 0 * f


def halving_recursion(T):
    return 0 if T <= 1 else 1 + halving_recursion(T // 2)


def power_by_squaring(T):
    result, base, left = 1.0, 1.0001, T
    while left:
        if left & 1:
            result *= base
        base *= base
        left >>= 1
    return result


def bits(T):
    return sum(int(bit) for bit in bin(T)[2:])


def log_steps(T):
    return [2**k for k in range(int(math.log2(T)))]


def fancy_indexing(Z):
    order = np.argsort(Z, axis=-1)
    return np.take_along_axis(Z, order[..., ::-1], axis=-1)


def masked(Z):
    out = np.where(Z > 0, Z, 0.0)
    out[out > 3] = 3
    return out


def mask(T):
    return np.tril(np.ones((T, T), dtype=bool))


def mask_by_comparison(T):
    t = np.arange(T)
    return t[None, :] <= t[:, None]


def scores(Q, K):
    return Q @ K.swapaxes(-1, -2) / math.sqrt(Q.shape[-1])


def scores_by_einsum(Q, K):
    return np.einsum("...id,...jd->...ij", Q, K, optimize=True)


def scores_by_broadcast(Q, K):
    return (Q[..., :, None, :] * K[..., None, :, :]).sum(-1)


def split(X, H):
    X = X.reshape(*X.shape[:-1], H, -1)
    return X.swapaxes(-2, -3)


def split_and_merge(X, H):
    *batch, T, d = X.shape
    heads = np.moveaxis(X.reshape(*batch, T, H, d // H), -2, -3)
    return np.moveaxis(heads, -3, -2).reshape(*batch, T, d)


def windows(Z):
    padded = np.pad(Z, [(0, 0)] * (Z.ndim - 1) + [(1, 1)])
    return sliding_window_view(padded, 3, axis=-1).mean(-1)


def windows_by_strides(Z):
    padded = np.pad(Z, [(0, 0)] * (Z.ndim - 1) + [(1, 1)])
    view = as_strided(padded, (*Z.shape, 3), (*padded.strides, padded.strides[-1]), writeable=False)
    return view.mean(-1)


def diagonal_by_strides(T):
    Z = np.zeros((T, T))
    as_strided(Z, (T,), (sum(Z.strides),))[...] = 1
    return Z


def shape_set(Z):
    out = Z.copy()
    out.shape = (-1,)
    out.flat[0] = 1
    return out.reshape(Z.shape)


def in_a_dict(Z):
    parts = {"max": Z.max(-1, keepdims=True)}
    parts["shifted"] = Z - parts["max"]
    parts["exp"] = np.exp(parts["shifted"])
    return parts["exp"] / parts["exp"].sum(-1, keepdims=True)


def over_a_dict(Z):
    parts = OrderedDict(sin=np.sin(Z), cos=np.cos(Z))
    total = 0
    for name, part in parts.items():
        total = total + part * len(name)
    return total


_Parts = namedtuple("_Parts", "shift exp")


def in_a_namedtuple(Z):
    shift = Z.max(-1, keepdims=True)
    parts = _Parts(shift, np.exp(Z - shift))
    return parts.exp / parts.exp.sum(-1, keepdims=True)


class _Cache(NamedTuple):
    Z: np.ndarray
    total: np.ndarray


def in_a_typed_namedtuple(Z):
    cache = _Cache(np.exp(Z), np.exp(Z).sum(-1, keepdims=True))
    return cache.Z / cache.total


@dataclass(frozen=True)
class _State:
    Z: np.ndarray
    notes: dict = field(default_factory=dict)

    @property
    def shifted(self):
        return self.Z - self.Z.max(-1, keepdims=True)

    def softmax(self) -> np.ndarray:
        E = np.exp(self.shifted)
        return E / E.sum(-1, keepdims=True)


def in_a_dataclass(Z):
    state = replace(_State(Z), notes={"shape": Z.shape})
    return state.softmax()


@dataclass(slots=True)
class _Running:
    total: np.ndarray
    count: int = 0

    def __add__(self, Z):
        return _Running(self.total + Z, self.count + 1)


def in_a_dataclass_with_slots(Z):
    running = _Running(np.zeros_like(Z)) + Z + np.sin(Z)
    return running.total / running.count


class _Layer:
    def __init__(self, scale):
        self.scale = scale

    def __call__(self, Z):
        return self.scale * Z


def layers(Z):
    for layer in [_Layer(2.0), _Layer(0.5), _Layer(1.0)]:
        Z = layer(Z)
    return Z


def asserting(Z):
    assert Z.ndim >= 1, f"expected an array, got {Z!r}"
    assert all(size > 0 for size in Z.shape)
    return np.tanh(Z)


def checking_arguments(Q, K):
    if Q.shape[-1] != K.shape[-1]:
        raise ValueError("widths differ")
    for name, A in {"Q": Q, "K": K}.items():
        if not np.issubdtype(A.dtype, np.floating):
            raise TypeError(name)
    return Q @ K.swapaxes(-1, -2)


def closures(Z):
    def scaled(by):
        def apply(A):
            return A * by
        return apply
    return scaled(2.0)(scaled(0.5)(Z))


def lambdas(Z):
    shift = lambda A: A - A.max(-1, keepdims=True)
    share = lambda A: A / A.sum(-1, keepdims=True)
    return share(np.exp(shift(Z)))


def partials(Z):
    total = functools.partial(np.sum, axis=-1, keepdims=True)
    return np.exp(Z) / total(np.exp(Z))


@functools.lru_cache(maxsize=None)
def _triangle(T):
    return np.tri(T, dtype=bool)


def cached(T):
    return _triangle(T) & _triangle(T)


def stacked(Z):
    return np.dstack([np.sin(Z), np.cos(Z)]).reshape(*Z.shape[:-1], -1)


def select(Z):
    return np.select([Z < -1, Z > 1], [-1.0, 1.0], default=Z)


def piecewise(Z):
    return np.piecewise(Z, [Z < 0, Z >= 0], [lambda z: -z, lambda z: z * z])


def cumulative(Z):
    return np.cumsum(np.exp(Z), axis=-1)


def matrix_power(Q, K):
    A = np.tanh(scores(Q, K))
    return np.linalg.matrix_power(A, 5)


def shapes(Z):
    sizes = tuple(n + 1 for n in Z.shape)
    strides = [s for s in Z.strides]
    return np.zeros(sizes) + len(strides)


def printing(Z):
    print("shape", Z.shape, "mean", float(Z.mean()))
    return Z * 1.0


def matching(Z):
    match Z.shape:
        case (n,):
            return Z
        case (*batch, n):
            return Z.reshape(-1, n).reshape(*batch, n)


def walrus(Z):
    if (top := Z.max()) > 100:
        Z = Z - top
    return np.exp(Z)


def rescued(Z):
    try:
        return Z.no_such_thing
    except AttributeError:
        return np.exp(Z)


def with_errstate(Z):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(np.log(Z * 0.0))


def warned(Z):
    return np.nan_to_num(Z / (Z * 0.0))


def longer_when_large(Z):
    if Z.shape[-1] > 20:
        a = Z * 1.0
        b = a + 1.0
        c = b + 1.0
        d = c + 1.0
        e = d + 1.0
        f = e + 1.0
        g = f + 1.0
        h = g + 1.0
        i = h + 1.0
        return i - 8.0
    return Z * 1.0


def products_of_axes(Z):
    corners = [Z[..., a] for a in itertools.product((0, -1), repeat=1)]
    return np.stack(corners, -1)


def grouped(Z):
    groups = defaultdict(list)
    for k, name in enumerate("abcabc"):
        groups[name].append(k)
    return Z * len(groups)


def whole_array_tricks(Z):
    counts = np.bincount((Z > 0).astype(int).ravel(), minlength=2)
    edges = np.flatnonzero(np.diff((Z > 0).ravel().astype(int)))
    return counts.sum() + 0 * edges.size + np.add.reduceat(Z, [0], axis=-1)


def sparse_scatter(Z):
    out = np.zeros(7)
    np.add.at(out, np.arange(Z.size) % 7, Z.ravel())
    return out
