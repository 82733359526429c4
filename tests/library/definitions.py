"""The library's functions once more, as loops from their definitions, in decimals in which nothing overflows.

They take numpy arrays and give float64, but read and write one number at a time.
"""

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import numpy as np


def one_hot(ids, n):
    out = np.zeros((*ids.shape, n))
    for place in np.ndindex(ids.shape):
        if 0 <= ids[place] < n:
            out[(*place, ids[place])] = 1
    return out


def outer_difference(x, y):
    rows = np.broadcast_shapes(x.shape[:-1], y.shape[:-1])
    x, y = (np.broadcast_to(a, (*rows, a.shape[-1])) for a in (x, y))
    out = np.empty((*rows, x.shape[-1], y.shape[-1]))
    for *row, i, j in np.ndindex(out.shape):
        out[(*row, i, j)] = x[(*row, i)] - y[(*row, j)]
    return out


def pairwise_equal(X, Y):
    rows = np.broadcast_shapes(X.shape[:-2], Y.shape[:-2])
    X, Y = (np.broadcast_to(a, (*rows, *a.shape[-2:])) for a in (X, Y))
    out = np.empty((*rows, X.shape[-2], Y.shape[-2]), dtype=bool)
    for *row, i, j in np.ndindex(out.shape):
        out[(*row, i, j)] = X[(*row, i)].tolist() == Y[(*row, j)].tolist()
    return out


def gather_last(A, index):
    out = np.empty(index.shape)
    for row in np.ndindex(index.shape):
        out[row] = A[(*row, index[row])]
    return out


def window_mean(X, w):
    out = np.empty(X.shape)
    for *row, t, i in np.ndindex(X.shape):
        window = [Fraction(float(X[(*row, s, i)])) for s in range(max(t - w + 1, 0), t + 1)]
        out[(*row, t, i)] = sum(window) / len(window)
    return out


def run_lengths(x):
    out = np.empty(x.shape, dtype=np.int64)
    for *row, t in np.ndindex(x.shape):
        values = x[tuple(row)].tolist()
        length = 1
        while length <= t and values[t - length] == values[t]:
            length += 1
        out[(*row, t)] = length
    return out


def softmax(Z):
    out = np.empty(Z.shape)
    for row in np.ndindex(Z.shape[:-1]):
        powers = [_exp(z) for z in Z[row]]
        for i, power in enumerate(powers):
            out[(*row, i)] = float(power / sum(powers))
    return out


def logsumexp(Z):
    out = np.empty(Z.shape[:-1])
    for row in np.ndindex(out.shape):
        out[row] = float(_ln(sum(_exp(z) for z in Z[row])))
    return out


def log_softmax(Z):
    out = np.empty(Z.shape)
    for row in np.ndindex(Z.shape[:-1]):
        powers = [_exp(z) for z in Z[row]]
        for i, power in enumerate(powers):
            out[(*row, i)] = float(_ln(power / sum(powers)))
    return out


def cross_entropy(Z, targets, ignore=-1):
    losses = []
    for row in np.ndindex(targets.shape):
        if targets[row] != ignore:
            powers = [_exp(z) for z in Z[row]]
            losses.append(-_ln(powers[targets[row]] / sum(powers)))
    return np.float64(sum(losses) / len(losses) if losses else 0)


def sample_categorical(P, u):
    out = np.empty(u.shape, dtype=np.int64)
    for row in np.ndindex(u.shape):
        shares = [Fraction(float(p)) for p in P[row]]
        left = Fraction(float(u[row])) * sum(shares)
        drawn = 0
        while left >= shares[drawn]:
            left -= shares[drawn]
            drawn += 1
        out[row] = drawn
    return out


def most_frequent_pair(ids):
    pairs = [(int(left), int(right)) for left, right in pairwise(ids)]
    best = min(set(pairs), key=lambda pair: (-pairs.count(pair), pair))
    return *best, pairs.count(best)


def merge_pair(ids, left, right, new):
    out, t = [], 0
    while t < len(ids):
        if t + 1 < len(ids) and (ids[t], ids[t + 1]) == (left, right):
            out.append(new)
            t += 2
        else:
            out.append(int(ids[t]))
            t += 1
    return np.array(out)


def bpe_encode(ids, merges):
    for k in range(len(merges)):
        ids = merge_pair(ids, *merges[k], 256 + k)
    return np.array(ids)


def bpe_decode(ids, merges):
    out = []
    for token in ids:
        out += [token] if token < 256 else list(bpe_decode(merges[token - 256], merges))
    return np.array(out)


def embed(ids, W_E):
    out = np.zeros((*ids.shape, W_E.shape[1]))
    for place in np.ndindex(out.shape):
        out[place] = W_E[ids[place[:-1]], place[-1]]
    return out


def unembed(X, W_U):
    out = np.zeros((*X.shape[:-1], W_U.shape[1]))
    for place in np.ndindex(out.shape):
        out[place] = _dot(X[place[:-1]], W_U[:, place[-1]])
    return out


def sinusoidal_positions(T, d):
    out = np.zeros((T, d))
    for t, i in np.ndindex(T, d):
        out[t, i] = (math.cos if i % 2 else math.sin)(_angle(t, i // 2, d))
    return out


def rotary(X):
    out, d = np.zeros(X.shape), X.shape[-1]
    for *batch, t, i in np.ndindex(*X.shape[:-1], d // 2):
        x, y = (float(X[(*batch, t, 2 * i + one)]) for one in (0, 1))
        cos, sin = math.cos(_angle(t, i, d)), math.sin(_angle(t, i, d))
        out[(*batch, t, 2 * i)], out[(*batch, t, 2 * i + 1)] = x * cos - y * sin, x * sin + y * cos
    return out


def alibi_bias(T, H):
    out = np.zeros((H, T, T))
    for h, i, j in np.ndindex(out.shape):
        out[h, i, j] = -abs(i - j) * 2 ** (-8 * (h + 1) / H)
    return out


def _angle(t, i, d):
    return t / 10_000 ** (2 * i / d)


def causal_mask(T):
    return np.array([[j <= i for j in range(T)] for i in range(T)], dtype=bool).reshape(T, T)


def padding_mask(lengths, T):
    out = np.empty((*lengths.shape, 1, T), dtype=bool)
    for *row, one, j in np.ndindex(out.shape):
        out[(*row, one, j)] = j < lengths[tuple(row)]
    return out


def attention(Q, K, V, mask=None):
    Tq, Tk, d = Q.shape[-2], K.shape[-2], Q.shape[-1]
    rows = np.broadcast_shapes(*(a.shape[:-2] for a in (Q, K, V, mask) if a is not None))
    mask = np.broadcast_to(True if mask is None else mask, (*rows, Tq, Tk))
    Q, K, V = (np.broadcast_to(a, (*rows, *a.shape[-2:])) for a in (Q, K, V))
    out = np.zeros((*rows, Tq, V.shape[-1]))
    for row in np.ndindex(rows):
        for q in range(Tq):
            looks = [k for k in range(Tk) if mask[row][q, k]]
            scores = [_dot(Q[row][q], K[row][k]) / d**0.5 for k in looks]
            weights = softmax(np.array(scores)) if looks else []
            for j in range(V.shape[-1]):
                out[row][q, j] = _dot(weights, [V[row][k, j] for k in looks])
    return out


def split_heads(X, H):
    *rows, T, d = X.shape
    out = np.empty((*rows, H, T, d // H))
    for *row, h, t, i in np.ndindex(out.shape):
        out[(*row, h, t, i)] = X[(*row, t, h * (d // H) + i)]
    return out


def merge_heads(X):
    *rows, H, T, dh = X.shape
    out = np.empty((*rows, T, H * dh))
    for *row, h, t, i in np.ndindex(X.shape):
        out[(*row, t, h * dh + i)] = X[(*row, h, t, i)]
    return out


def multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask=None):
    return cross_attention(X, X, W_Q, W_K, W_V, W_O, H, mask)


def cross_attention(X, C, W_Q, W_K, W_V, W_O, H, mask=None):
    return _heads(X, C, W_Q, W_K, W_V, W_O, H, range(H), mask)


def grouped_query_attention(X, W_Q, W_K, W_V, W_O, H, G, mask=None):
    asks = [g for g in range(G) for _ in range(H // G)]  # the group that each head asks
    return _heads(X, X, W_Q, W_K, W_V, W_O, H, asks, mask)


def _heads(X, C, W_Q, W_K, W_V, W_O, H, asks, mask):
    """Head after head, each with its stretch of W_Q and W_O, and of W_K and W_V that which it asks."""
    dh = X.shape[-1] // H
    heads = []
    for h, g in enumerate(asks):
        own, asked = slice(h * dh, (h + 1) * dh), slice(g * dh, (g + 1) * dh)
        K, V = _times(C, W_K[:, asked]), _times(C, W_V[:, asked])
        heads.append(attention(_times(X, W_Q[:, own]), K, V, mask))
    return sum(_times(head, W_O[h * dh : (h + 1) * dh]) for h, head in enumerate(heads))


def _times(X, W):
    """X (..., a), W (a, b) -> (..., b)"""
    out = np.empty((*X.shape[:-1], W.shape[1]))
    for *row, j in np.ndindex(out.shape):
        out[(*row, j)] = _dot(X[tuple(row)], W[:, j])
    return out


def _dot(x, y):
    return sum(float(a) * float(b) for a, b in zip(x, y, strict=True))


def _exp(z):
    with localcontext(prec=40):
        return Decimal(float(z)).exp()


def _ln(x):
    with localcontext(prec=40):
        return Decimal(x).ln()
