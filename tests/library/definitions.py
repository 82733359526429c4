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
        total = sum(powers)
        for i, power in enumerate(powers):
            out[(*row, i)] = float(power / total)
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


def patches(images, p):
    *batch, c, h, w = images.shape
    out = np.zeros((*batch, (h // p) * (w // p), c * p * p))
    for *row, colour, y, x in np.ndindex(images.shape):
        square, pixel = (y // p) * (w // p) + x // p, (y % p) * p + x % p
        out[(*row, square, colour * p * p + pixel)] = images[(*row, colour, y, x)]
    return out


def sinusoidal_positions(T, d):
    out = np.zeros((T, d))
    for t, i in np.ndindex(T, d):
        out[t, i] = (math.cos if i % 2 else math.sin)(_angle(t, i // 2, d))
    return out


def rotary(X, t=None, base=10_000):
    out, (T, d) = np.zeros(X.shape), X.shape[-2:]
    at = np.broadcast_to(np.arange(T) if t is None else t, X.shape[:-1])
    for *batch, t, i in np.ndindex(*X.shape[:-1], d // 2):
        x, y = (float(X[(*batch, t, 2 * i + one)]) for one in (0, 1))
        angle = _angle(int(at[(*batch, t)]), i, d, base)
        cos, sin = math.cos(angle), math.sin(angle)
        out[(*batch, t, 2 * i)], out[(*batch, t, 2 * i + 1)] = x * cos - y * sin, x * sin + y * cos
    return out


def rotary_at(X, t, base=10_000):
    return rotary(X, t, base)


def alibi_bias(T, H):
    out = np.zeros((H, T, T))
    for h, i, j in np.ndindex(out.shape):
        out[h, i, j] = -abs(i - j) * 2 ** (-8 * (h + 1) / H)
    return out


def _angle(t, i, d, base=10_000):
    return t / base ** (2 * i / d)


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


def cached_attention(X, K, V, W_Q, W_K, W_V, W_O):
    """One new position after the other, each of which sees all that is there by then."""
    H, dh = K.shape[-3], K.shape[-1]
    out = np.zeros(X.shape)
    for i in range(X.shape[-2]):
        x = X[..., i : i + 1, :]
        Q, key, value = (split_heads(_times(x, W), H) for W in (W_Q, W_K, W_V))
        K, V = (np.concatenate(pair, axis=-2) for pair in ((K, key), (V, value)))
        A = attention(Q, K, V)
        out[..., i, :] = sum(_times(A[..., h, :, :], W_O[h * dh : (h + 1) * dh])[..., 0, :] for h in range(H))
    return out, K, V


def _heads(X, C, W_Q, W_K, W_V, W_O, H, asks, mask):
    """Head after head, each with its stretch of W_Q and W_O, and of W_K and W_V that which it asks."""
    dh = X.shape[-1] // H
    heads = []
    for h, g in enumerate(asks):
        own, asked = slice(h * dh, (h + 1) * dh), slice(g * dh, (g + 1) * dh)
        K, V = _times(C, W_K[:, asked]), _times(C, W_V[:, asked])
        heads.append(attention(_times(X, W_Q[:, own]), K, V, mask))
    return sum(_times(head, W_O[h * dh : (h + 1) * dh]) for h, head in enumerate(heads))


def layer_norm(X, scale, shift=None, eps=1e-5):
    out, d = np.empty(X.shape), X.shape[-1]
    shift = np.zeros(d) if shift is None else shift
    for row in np.ndindex(X.shape[:-1]):
        mean = sum(map(float, X[row])) / d
        variance = sum((float(x) - mean) ** 2 for x in X[row]) / d
        for i in range(d):
            out[(*row, i)] = (X[(*row, i)] - mean) / math.sqrt(variance + eps) * scale[i] + shift[i]
    return out


def rms_norm(X, scale, eps=1e-6):
    out, d = np.empty(X.shape), X.shape[-1]
    for *row, i in np.ndindex(X.shape):
        square = sum(float(x) ** 2 for x in X[tuple(row)]) / d
        out[(*row, i)] = X[(*row, i)] / math.sqrt(square + eps) * scale[i]
    return out


def normal_cdf(X):
    return _each(lambda x: math.erfc(-x / math.sqrt(2)) / 2, X)


def gelu(X):
    return _each(lambda x: x * math.erfc(-x / math.sqrt(2)) / 2, X)


def gelu_tanh(X):
    return _each(lambda x: x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))), X)


def silu(X):
    return _each(lambda x: x / (1 + math.exp(-x)) if x > -700 else 0, X)


def relu(X):
    return _each(lambda x: x if x > 0 else 0, X)


def _each(function, X):
    out = np.empty(X.shape)
    for place in np.ndindex(X.shape):
        out[place] = function(float(X[place]))
    return out


def mlp(X, W_in, b_in, W_out, b_out):
    return _times(gelu(_times(X, W_in) + b_in), W_out) + b_out


def swiglu(X, W_gate, W_in, W_out):
    return _times(silu(_times(X, W_gate)) * _times(X, W_in), W_out)


def pre_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = X + multi_head_attention(layer_norm(X, scale_1, shift_1), W_Q, W_K, W_V, W_O, H, mask)
    return X + mlp(layer_norm(X, scale_2, shift_2), W_in, b_in, W_out, b_out)


def post_ln_block(
    X, scale_1, shift_1, W_Q, W_K, W_V, W_O, scale_2, shift_2, W_in, b_in, W_out, b_out, H, mask=None
):
    X = layer_norm(X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, mask), scale_1, shift_1)
    return layer_norm(X + mlp(X, W_in, b_in, W_out, b_out), scale_2, shift_2)


def relative_buckets(steps, n, span, back_only=False):
    out = np.empty(steps.shape, dtype=np.int64)
    for place in np.ndindex(steps.shape):
        side = 0 if back_only or steps[place] <= 0 else n // 2
        distance = max(-int(steps[place]), 0) if back_only else abs(int(steps[place]))
        out[place] = side + _shared(distance, n if back_only else n // 2, span)
    return out


def _shared(distance, n, span):
    """The first half of n buckets holds a distance each; of the others, the last whose border is reached."""
    near = n // 2
    if distance < near:
        return distance
    # Bucket k begins at near * (span / near) ** ((k - near) / (n - near)); its powers are fractions.
    ratio, border = Fraction(distance, near) ** (n - near), Fraction(span, near)
    return max(k for k in range(near, n) if ratio >= border ** (k - near))


def relative_bias(table, queries, keys, span=128, back_only=False):
    out = np.empty((table.shape[1], len(queries), len(keys)))
    for h, i, j in np.ndindex(out.shape):
        step = np.array(int(keys[j]) - int(queries[i]))
        out[h, i, j] = table[relative_buckets(step, len(table), span, back_only), h]
    return out


def signed_buckets(steps, n, span):
    """Beyond n / 2, the first bucket whose border is not passed, counted with the sign of the steps."""
    out, near = np.empty(steps.shape, dtype=np.int64), n // 2
    for place in np.ndindex(steps.shape):
        distance = abs(int(steps[place]))
        bucket = distance
        if distance > near:
            ratio, border = Fraction(distance, near) ** (near - 1), Fraction(span - 1, near)
            bucket = near + next(k for k in range(10 * n) if ratio <= border**k)
        out[place] = bucket if steps[place] > 0 else -bucket
    return out


def disentangled_scores(Q, K, K_R, Q_R, index):
    out = np.empty((*Q.shape[:-1], K.shape[-2]))
    K_R, Q_R = (np.broadcast_to(a, (*Q.shape[:-2], *a.shape[-2:])) for a in (K_R, Q_R))
    for *row, i, j in np.ndindex(out.shape):
        row, m = tuple(row), index[i, j]
        total = _dot(Q[row][i], K[row][j]) + _dot(Q[row][i], K_R[row][m]) + _dot(Q_R[row][m], K[row][j])
        out[(*row, i, j)] = total / math.sqrt(3 * Q.shape[-1])
    return out


def decoder_block(
    X, C, W_Q, W_K, W_V, W_O, W_QC, W_KC, W_VC, W_OC, W_in, b_in, W_out, b_out, scale, shift, H, mask=None
):
    X = X + multi_head_attention(X, W_Q, W_K, W_V, W_O, H, causal_mask(X.shape[-2]))
    X = layer_norm(X, scale[0], shift[0])
    X = layer_norm(X + cross_attention(X, C, W_QC, W_KC, W_VC, W_OC, H, mask), scale[1], shift[1])
    return layer_norm(X + _times(relu(_times(X, W_in) + b_in), W_out) + b_out, scale[2], shift[2])


def llama_block(X, W_Q, W_K, W_V, W_O, W_gate, W_in, W_out, scale, H, G):
    """Head after head, each with its stretch of W_Q and W_O, and that of its group of W_K and W_V."""
    Y, dh, total = rms_norm(X, scale[0]), X.shape[-1] // H, X.astype(float)
    for h in range(H):
        own, asked = slice(h * dh, (h + 1) * dh), slice(h * G // H * dh, (h * G // H + 1) * dh)
        Q, K = rotary(_times(Y, W_Q[:, own])), rotary(_times(Y, W_K[:, asked]))
        found = attention(Q, K, _times(Y, W_V[:, asked]), causal_mask(X.shape[-2]))
        total = total + _times(found, W_O[own])
    return total + swiglu(rms_norm(total, scale[1]), W_gate, W_in, W_out)


def gpt(
    ids, W_E, W_P, W_QKV, b_QKV, W_O, b_O, W_in, b_in, W_out, b_out, scale, shift, last_scale, last_shift, H
):
    """As if there were no biases: a component that is always 1 takes them along as a row of the matrix."""
    X = embed(ids, W_E) + W_P[: ids.shape[-1]]
    for i in range(len(W_QKV)):
        Y = layer_norm(X, scale[i, 0], shift[i, 0])
        Q, K, V = (_with_1(Y, W, b) for W, b in _thirds(W_QKV[i], b_QKV[i]))
        dh, found = Q.shape[-1] // H, np.tile(b_O[i].astype(float), (*X.shape[:-1], 1))
        for h in range(H):
            own = slice(h * dh, (h + 1) * dh)
            head = attention(Q[..., own], K[..., own], V[..., own], causal_mask(X.shape[-2]))
            found = found + _times(head, W_O[i][own])
        X = X + found
        hidden = gelu_tanh(_with_1(layer_norm(X, scale[i, 1], shift[i, 1]), W_in[i], b_in[i]))
        X = X + _with_1(hidden, W_out[i], b_out[i])
    return unembed(layer_norm(X, last_scale, last_shift), W_E.T)


def _thirds(W, b):
    n = len(b) // 3
    return [(W[:, k * n : (k + 1) * n], b[k * n : (k + 1) * n]) for k in range(3)]


def _with_1(X, W, b):
    ones = np.ones((*X.shape[:-1], 1))
    return _times(np.concatenate([X, ones], axis=-1), np.concatenate([W, b[None]]))


def mean_pool(X, mask):
    out = np.zeros((*X.shape[:-2], X.shape[-1]))
    for row in np.ndindex(X.shape[:-2]):
        words = [X[row][t] for t in range(X.shape[-2]) if mask[row][t]]
        mean = [sum(map(float, column)) / len(words) for column in zip(*words, strict=True)]
        length = math.hypot(*mean)
        out[row] = [x / length for x in mean] if length else 0
    return out


def nearest(Q, D, k):
    out = np.empty((*Q.shape[:-1], int(k)), dtype=np.int64)
    for row in np.ndindex(Q.shape[:-1]):
        scores = [_dot(Q[row], text) for text in D]
        out[row] = sorted(range(len(D)), key=lambda i: (-scores[i], i))[: int(k)]
    return out


def keep_top(Z, k):
    out = np.full(Z.shape, -np.inf)
    for *row, i in np.ndindex(Z.shape):
        z = Z[(*row, i)]
        if sum(other > z for other in Z[tuple(row)]) < k:
            out[(*row, i)] = z
    return out


def keep_nucleus(Z, p):
    out, P = np.full(Z.shape, -np.inf), softmax(Z)
    for row in np.ndindex(Z.shape[:-1]):
        total = 0.0
        for i in sorted(range(Z.shape[-1]), key=lambda i, row=row: (-Z[(*row, i)], i)):
            if total and total >= p:
                break
            out[(*row, i)] = Z[(*row, i)]
            total += P[(*row, i)]
    return out


def penalise(Z, ids, theta):
    out = np.array(Z, float)
    for row in np.ndindex(Z.shape[:-1]):
        for token in set(ids[row].tolist()):
            z = float(Z[(*row, token)])
            out[(*row, token)] = z / theta if z > 0 else z * theta
    return out


def next_probabilities(Z, temperature=1.0, k=None, p=None):
    if temperature == 0:
        first = np.array([row.tolist().index(max(row)) for row in Z.reshape(-1, Z.shape[-1])])
        return one_hot(first.reshape(Z.shape[:-1]), Z.shape[-1])
    Z = np.array(Z, float) / temperature
    Z = Z if k is None else keep_top(Z, k)
    return softmax(Z if p is None else keep_nucleus(Z, p))


def beam_step(found, ended, Z, stop):
    gains, W = log_softmax(Z), found.shape[-1]
    parents, tokens = np.empty(found.shape, np.int64), np.empty(found.shape, np.int64)
    new = np.empty(found.shape)
    for row in np.ndindex(found.shape[:-1]):
        texts = []
        for beam, token in np.ndindex(Z.shape[-2:]):
            gain = gains[(*row, beam, token)]
            if ended[(*row, beam)]:
                gain = 0 if token == stop else -math.inf
            texts.append((float(found[(*row, beam)]) + float(gain), beam, token))
        texts.sort(key=lambda text: (-text[0], *text[1:]))
        for place, text in enumerate(texts[:W]):
            new[(*row, place)], parents[(*row, place)], tokens[(*row, place)] = text
    return parents, tokens, new


def accept_drafts(P, Q, drafted, u, v):
    kept, token = np.empty(v.shape, np.int64), np.empty(v.shape, np.int64)
    n = drafted.shape[-1]
    for row in np.ndindex(v.shape):
        p, q = ([[Fraction(float(x)) for x in place] for place in A[row]] for A in (P, Q))
        i = 0
        while i < n and Fraction(float(u[(*row, i)])) * q[i][drafted[(*row, i)]] < p[i][drafted[(*row, i)]]:
            i += 1
        rest = [max(a - b, 0) for a, b in zip(p[i], q[i], strict=True)] if i < n else p[i]
        rest = rest if any(rest) else p[i]
        left, drawn = Fraction(float(v[row])) * sum(rest), 0
        while left >= rest[drawn]:
            left -= rest[drawn]
            drawn += 1
        kept[row], token[row] = i, drawn
    return kept, token


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
