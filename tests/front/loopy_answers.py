# ruff: noqa
# fmt: off
"""Answers with a Python loop in them, one of each kind. A docstring's first line is the construct to be named."""

import functools
import itertools
import operator

import numpy as np


def rows_by_index(Z):
    """for loop"""
    out = np.empty_like(Z)
    for i in range(len(Z)):
        out[i] = np.exp(Z[i]) / np.exp(Z[i]).sum()
    return out


def rows_directly(Z):
    """for loop"""
    out = []
    for row in Z:
        row = np.exp(row - row.max())
        out.append(row / row.sum())
    return np.array(out)


def rows_on_one_line(Z):
    """for loop"""
    out = Z.copy()
    for row in out: row /= row.sum()
    return out


def elements(Z):
    """for loop"""
    out = np.zeros(Z.shape)
    for i in range(Z.shape[0]):
        total = 0.0
        for j in range(Z.shape[1]):
            total += np.exp(Z[i, j])
        for j in range(Z.shape[1]):
            out[i, j] = np.exp(Z[i, j]) / total
    return out


def running_sum(Z):
    """for loop"""
    total = np.zeros(Z.shape[:-1])
    for j in range(Z.shape[-1]):
        total = total + Z[..., j]
    return total


def while_index(Z):
    """while loop"""
    i, out = 0, np.empty_like(Z)
    while i < len(Z):
        out[i] = Z[i] * 2
        i += 1
    return out


def while_on_one_line(T):
    """while loop"""
    i = 0
    while i < T: i += 1
    return i


def while_in_the_condition(T):
    """while loop"""
    while (T := T - 1) > 0: pass
    return T


def while_true(T):
    """while loop"""
    i = 0
    while True:
        if i >= T:
            return i
        i += 1


def list_of_rows(Z):
    """list comprehension"""
    return np.array([np.exp(z) / np.exp(z).sum() for z in Z])


def list_over_lines(Z):
    """list comprehension"""
    return np.array([
        np.exp(z)
        / np.exp(z).sum()
        for z in Z
    ])


def nested_lists(T):
    """list comprehension"""
    return np.array([[j <= i for j in range(T)] for i in range(T)])


def flat_list(T):
    """list comprehension"""
    return np.array([j <= i for i in range(T) for j in range(T)]).reshape(T, T)


def set_of_elements(Z):
    """set comprehension"""
    return len({float(z) for z in Z.ravel()})


def dict_of_rows(Z):
    """dict comprehension"""
    rows = {i: z.sum() for i, z in enumerate(Z)}
    return np.array(list(rows.values()))


def generator_in_sum(Z):
    """generator expression"""
    return sum(np.exp(z) for z in Z)


def generator_in_array(Z):
    """generator expression"""
    return np.fromiter((z.sum() for z in Z), float)


def generator_in_any(Z):
    """generator expression"""
    return all(z.sum() < np.inf for z in Z)


def written_generator(Z):
    """for loop"""
    def rows():
        for z in Z:
            yield z / z.sum()
    return np.stack(list(rows()))


def yield_from(Z):
    """recursion"""
    def halves(z):
        if len(z) == 1:
            yield z
        else:
            yield from halves(z[: len(z) // 2])
            yield from halves(z[len(z) // 2 :])
    return np.concatenate(list(halves(Z)))


def recursion(Z):
    """recursion"""
    if len(Z) == 0:
        return Z
    return np.concatenate([recursion(Z[:-1]), Z[-1:] * 2])


def recursion_by_halves(Z):
    """recursion"""
    if len(Z) == 1:
        return Z * 2
    half = len(Z) // 2
    return np.concatenate([recursion_by_halves(Z[:half]), recursion_by_halves(Z[half:])])


def recursive_lambda(T):
    """recursion"""
    count = lambda t: 0 if t == 0 else 1 + count(t - 1)
    return count(T)


def nested_recursion(Z):
    """recursion"""
    def add(i):
        return 0 if i == Z.shape[-1] else Z[..., i] + add(i + 1)
    return add(0)


def mapped_lambda(Z):
    """map"""
    return np.array(list(map(lambda z: z / z.sum(), Z)))


def mapped_function(Z):
    """map"""
    def share(z):
        return z / z.sum()
    return np.array(list(map(share, Z)))


def filtered(T):
    """filter"""
    return np.array(list(filter(lambda t: t % 2, range(T))))


def sorted_by_key(Z):
    """sorted"""
    return np.array(sorted(Z[0], key=lambda z: -z))


def reduced(Z):
    """functools.reduce"""
    return functools.reduce(lambda a, z: a + np.exp(z), Z, 0.0)


def accumulated(T):
    """itertools.accumulate"""
    return np.array(list(itertools.accumulate(range(T), lambda a, t: a + t)))


def starmapped(Z):
    """itertools.starmap"""
    return np.array(list(itertools.starmap(lambda i, z: i * z, enumerate(Z))))


def vectorized_lambda(Z):
    """np.vectorize"""
    return np.vectorize(lambda z: np.exp(z))(Z)


@np.vectorize
def _squared(z):
    return z * z


def vectorized_by_decorator(Z):
    """np.vectorize"""
    return _squared(Z)


def vectorized_helper(Z):
    """np.vectorize"""
    def relu(z):
        return z if z > 0 else 0.0
    return np.vectorize(relu)(Z)


def frompyfunc(Z):
    """np.frompyfunc"""
    return np.frompyfunc(lambda a: a + 1.0, 1, 1)(Z).astype(float)


def along_axis(Z):
    """np.apply_along_axis"""
    return np.apply_along_axis(lambda z: z / z.sum(), -1, Z)


def from_function(T):
    """for loop"""
    out = np.zeros((T, T), bool)
    for i in range(T):
        out[i, : i + 1] = True
    return out


def ndindex(Z):
    """for loop"""
    out = np.empty_like(Z)
    for index in np.ndindex(Z.shape):
        out[index] = Z[index] + 1
    return out


def ndenumerate(Z):
    """for loop"""
    total = 0.0
    for _, z in np.ndenumerate(Z):
        total += z
    return total


def nditer(Z):
    """for loop"""
    out = 0.0
    for z in np.nditer(Z):
        out += float(z)
    return out


def zipped(Q, K):
    """list comprehension"""
    return np.stack([q @ k.T for q, k in zip(Q, K)])


def heads(X, H):
    """list comprehension"""
    d = X.shape[-1] // H
    return np.stack([X[..., h * d : (h + 1) * d] for h in range(H)], axis=-3)


def heads_attending(X, H):
    """for loop"""
    d = X.shape[-1] // H
    parts = []
    for h in range(H):
        part = X[..., h * d : (h + 1) * d]
        parts.append(part @ part.swapaxes(-1, -2) @ part)
    return np.concatenate(parts, axis=-1)


def positions(Q, K):
    """for loop"""
    scores = np.zeros((*Q.shape[:-1], K.shape[-2]))
    for t in range(Q.shape[-2]):
        scores[..., t, :] = (Q[..., t, None, :] * K).sum(-1)
    return scores


def in_a_helper(Z):
    """for loop"""
    return _each_row(Z)


def _each_row(Z):
    out = []
    for z in Z:
        out.append(z * 2)
    return np.array(out)


def helper_for_each(Z):
    """list comprehension"""
    return np.array([_one_row(z) for z in Z])


def _one_row(z):
    shifted = z - z.max()
    return np.exp(shifted)


def behind_try(Z):
    """while loop"""
    i = 0
    while True:
        try:
            Z[i]
        except IndexError:
            return i
        i += 1


class _Rows:
    def __init__(self, Z):
        self.Z = Z
    def __len__(self):
        return len(self.Z)
    def __getitem__(self, i):
        return self.Z[i] * 2


def class_with_getitem(Z):
    """repeated calls of __getitem__"""
    return np.array(list(_Rows(Z)))


class _Walker:
    def __init__(self, T):
        self.left = T
    def __iter__(self):
        return self
    def __next__(self):
        self.left -= 1
        if self.left < 0:
            raise StopIteration
        return self.left


def class_with_next(T):
    """repeated calls of __next__"""
    return sum(_Walker(T))


def sentinel_iterator(T):
    """iter"""
    state = [T]
    def step():
        state[0] -= 1
        return state[0]
    return list(iter(step, 0))


def partial_reduce(Z):
    """functools.reduce"""
    def add(a, z):
        return operator.add(a, z)
    return functools.reduce(add, Z)


def steps_of_four(Z):
    """for loop"""
    out = np.empty_like(Z)
    for i in range(0, len(Z), 4):
        out[i : i + 4] = np.exp(Z[i : i + 4])
    return out


def hidden_from_small_inputs(Z):
    """for loop"""
    if Z.size <= 16 * 5:
        return np.exp(Z)
    out = np.empty_like(Z)
    for i in range(len(Z)):
        out[i] = np.exp(Z[i])
    return out


def sum_of_pairs(T):
    """generator expression"""
    return sum(i * j for i in range(T) for j in range(i))


def for_with_else(T):
    """for loop"""
    for t in range(T):
        if t < 0:
            break
    else:
        return t


def unpacked(Z):
    """list comprehension"""
    return [*[z for z in Z]]


def mutual(T):
    """repeated calls of _even"""
    return _even(T)


def _even(t):
    return True if t == 0 else _odd(t - 1)


def _odd(t):
    return False if t == 0 else _even(t - 1)
