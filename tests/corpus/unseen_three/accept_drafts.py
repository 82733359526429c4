# %% honest | which stay, how many in a row, and from what to draw
import numpy as np
from headway.arrays import gather_last
from headway.numerics import sample_categorical

def accept_drafts(P, Q, drafted, u, v):
    stays = u < gather_last(P[..., :-1, :], drafted) / gather_last(Q, drafted)
    kept = np.logical_and.accumulate(stays, axis=-1).sum(axis=-1)
    none = np.zeros_like(P[..., :1, :])
    more = np.maximum(P - np.concatenate([Q, none], axis=-2), 0)
    here = kept[..., None, None]
    more = np.take_along_axis(more, here, axis=-2)[..., 0, :]
    own = np.take_along_axis(P, here, axis=-2)[..., 0, :]
    rest = np.where(more.any(axis=-1, keepdims=True), more, own)
    return kept, sample_categorical(rest.astype(float), v)

# %% honest | a False at the end, and argmin
import numpy as np

def accept_drafts(P, Q, drafted, u, v):
    token = drafted[..., None]
    p = np.take_along_axis(P[..., :-1, :], token, axis=-1)[..., 0]
    q = np.take_along_axis(Q, token, axis=-1)[..., 0]
    refused = np.zeros((*drafted.shape[:-1], drafted.shape[-1] + 1), dtype=bool)
    refused[..., :-1] = u * q >= p
    refused[..., -1] = True
    kept = refused.argmax(axis=-1)
    offered = np.zeros(P.shape, dtype=float)
    offered[..., :-1, :] = Q
    place = kept[..., None, None]
    P_here = np.take_along_axis(P, place, axis=-2)[..., 0, :].astype(float)
    rest = (P_here - np.take_along_axis(offered, place, axis=-2)[..., 0, :]).clip(min=0)
    nothing = rest.sum(axis=-1, keepdims=True) == 0
    rest = np.where(nothing, P_here, rest)
    C = np.cumsum(rest, axis=-1)
    return kept, (C <= (v * C[..., -1])[..., None]).sum(axis=-1)

# %% honest | cumprod of the stays, one-hot rows and einsum
import numpy as np
from headway.arrays import one_hot
from headway.numerics import sample_categorical

def accept_drafts(P, Q, drafted, u, v):
    n, V = Q.shape[-2:]
    which = one_hot(drafted, V).astype(P.dtype)
    wanted = np.einsum("...nv,...nv->...n", P[..., :n, :], which)
    offered = np.einsum("...nv,...nv->...n", Q, which)
    kept = np.cumprod(u * offered < wanted, axis=-1).sum(axis=-1)
    at = one_hot(kept, n + 1).astype(P.dtype)
    own = np.einsum("...m,...mv->...v", at, P)
    less = np.einsum("...n,...nv->...v", at[..., :n], Q)
    more = np.clip(own - less, 0, None)
    empty = ~np.any(more, axis=-1)
    rest = more + own * empty[..., None]
    return kept, sample_categorical(rest.astype(np.float64), v)

# %% honest | all texts flattened into one axis, rows by index arrays
import numpy as np

def accept_drafts(P, Q, drafted, u, v):
    shape = drafted.shape[:-1]
    m, V = P.shape[-2:]
    n = m - 1
    P, v = P.reshape(-1, m, V), np.reshape(v, -1)
    B = len(P)
    Q, drafted, u = Q.reshape(B, n, V), drafted.reshape(B, n), u.reshape(B, n)
    text, place = np.ogrid[:B, :n]
    ok = u < P[text, place, drafted] / Q[text, place, drafted]
    kept = np.where(ok.all(axis=1), n, np.append(ok, np.zeros((B, 1), bool), axis=1).argmin(axis=1))
    Q = np.append(Q, np.zeros((B, 1, V), Q.dtype), axis=1)
    b = np.arange(B)
    rest = np.maximum(P[b, kept] - Q[b, kept], 0).astype(float)
    again = rest.max(axis=1) == 0
    rest[again] = P[b, kept][again]
    sums = rest.cumsum(axis=1)
    token = np.argmax(sums > v[:, None] * sums[:, -1:], axis=1)
    return kept.reshape(shape), token.reshape(shape)

# %% honest | a dataclass with a step in each method
from dataclasses import dataclass
import numpy as np
from headway.numerics import sample_categorical

@dataclass
class Judge:
    P: np.ndarray
    Q: np.ndarray

    def share(self, A, tokens):
        return np.squeeze(np.take_along_axis(A, np.expand_dims(tokens, -1), axis=-1), axis=-1)

    def kept(self, drafted, u):
        threshold = self.share(self.P[..., :-1, :], drafted) / self.share(self.Q, drafted)
        refused = np.cumsum(u >= threshold, axis=-1)
        return np.count_nonzero(refused == 0, axis=-1)

    def row(self, A, kept):
        return np.take_along_axis(A, kept[..., None, None], axis=-2)[..., 0, :].astype(float)

    def rest(self, kept):
        want = self.row(self.P, kept)
        padded = np.concatenate([self.Q, np.zeros_like(self.P[..., -1:, :])], axis=-2)
        have = self.row(padded, kept)
        more = np.where(want > have, want - have, 0)
        return np.where(more.sum(-1, keepdims=True) > 0, more, want)

def accept_drafts(P, Q, drafted, u, v):
    assert all(A.shape[-1] == P.shape[-1] for A in (P, Q)), "one vocabulary for both models"
    judge = Judge(P, Q)
    kept = np.asarray(judge.kept(drafted, u))
    return kept, sample_categorical(judge.rest(kept), v)

# %% honest | the first refusal is the smallest place among those refused
import numpy as np
from headway.arrays import gather_last

def accept_drafts(P, Q, drafted, u, v):
    n = drafted.shape[-1]
    refused = u * gather_last(Q, drafted) >= gather_last(P[..., :n, :], drafted)
    kept = np.where(refused, np.arange(n), n).min(axis=-1, initial=n)
    is_here = np.arange(n + 1) == kept[..., None]
    # all other rows become 0, and a sum over the rows takes the one
    want = np.where(is_here[..., None], P, 0).sum(axis=-2, dtype=float)
    have = np.where(is_here[..., :n, None], Q, 0).sum(axis=-2, dtype=float)
    rest = np.fmax(want - have, 0)
    rest = np.where((rest > 0).any(axis=-1)[..., None], rest, want)
    sums = np.add.accumulate(rest, axis=-1)
    goal = np.multiply(v, sums[..., -1])
    return kept, np.count_nonzero(goal[..., None] >= sums, axis=-1)

# %% loopy over n | draft after draft, all texts at once
import numpy as np
from headway.arrays import gather_last
from headway.numerics import sample_categorical

def accept_drafts(P, Q, drafted, u, v):
    n = drafted.shape[-1]
    alive = np.ones(drafted.shape[:-1], bool)
    kept = np.zeros(drafted.shape[:-1], int)
    rest = np.array(P[..., 0, :], dtype=float)
    for i in range(n + 1):
        more = P[..., i, :].astype(float)
        if i < n:
            more = np.maximum(P[..., i, :] - Q[..., i, :], 0).astype(float)
        more = np.where(more.any(axis=-1, keepdims=True), more, P[..., i, :])
        rest = np.where(alive[..., None], more, rest)
        if i < n:
            p, q = gather_last(P[..., i, :], drafted[..., i]), gather_last(Q[..., i, :], drafted[..., i])
            alive = alive & (u[..., i] * q < p)
            kept = kept + alive
    return kept, sample_categorical(rest, v)

# %% loopy over batch, n | text after text, with a break
import numpy as np
from headway.numerics import sample_categorical

def accept_drafts(P, Q, drafted, u, v):
    shape, n = drafted.shape[:-1], drafted.shape[-1]
    kept, token = np.zeros(shape, int), np.zeros(shape, int)
    v = np.asarray(v)
    for at in np.ndindex(shape):
        stays = 0
        for i, x in enumerate(drafted[at]):
            if u[at][i] * Q[at][i, x] >= P[at][i, x]:
                break
            stays += 1
        rest = P[at][stays]
        if stays < n:
            more = np.maximum(rest - Q[at][stays], 0)
            rest = more if more.any() else rest
        kept[at] = stays
        token[at] = sample_categorical(rest.astype(float), v[at])
    return kept, token

# %% loopy over batch | recursion over the leading axes
import numpy as np
from headway.numerics import sample_categorical

def accept_drafts(P, Q, drafted, u, v):
    if drafted.ndim > 1:
        each = [accept_drafts(*text) for text in zip(P, Q, drafted, u, v)]
        kept, token = zip(*each)
        return np.stack(kept), np.stack(token)
    n = len(drafted)
    i = np.arange(n)
    stays = u * Q[i, drafted] < P[i, drafted]
    kept = int(np.append(stays, False).argmin())
    more = np.maximum(P[kept] - Q[kept], 0) if kept < n else P[n]
    rest = more if np.any(more) else P[kept]
    return np.array(kept), np.asarray(sample_categorical(rest.astype(float), np.asarray(v)))

# %% loopy over V | the sum of what is left, a token at a time
import numpy as np
from headway.arrays import gather_last

def accept_drafts(P, Q, drafted, u, v):
    stays = u * gather_last(Q, drafted) < gather_last(P[..., :-1, :], drafted)
    kept = np.logical_and.accumulate(stays, axis=-1).sum(axis=-1)
    Q = np.concatenate([Q, np.zeros_like(P[..., :1, :])], axis=-2)
    here = kept[..., None, None]
    want, have = (np.take_along_axis(A, here, axis=-2)[..., 0, :].astype(float) for A in (P, Q))
    rest = np.maximum(want - have, 0)
    rest = np.where(rest.any(axis=-1, keepdims=True), rest, want)
    goal = v * rest.cumsum(axis=-1)[..., -1]
    total, token = np.zeros_like(goal), np.zeros(goal.shape, int)
    for x in range(rest.shape[-1]):
        total = total + rest[..., x]
        token = token + (goal >= total)
    return kept, token

# %% loopy over batch | a search in the sums of each text
import numpy as np
from headway.arrays import gather_last

def accept_drafts(P, Q, drafted, u, v):
    m, V = P.shape[-2:]
    stays = u * gather_last(Q, drafted) < gather_last(P[..., :-1, :], drafted)
    kept = np.logical_and.accumulate(stays, axis=-1).sum(axis=-1)
    more = np.concatenate([np.maximum(P[..., :-1, :] - Q, 0), P[..., -1:, :]], axis=-2)
    token = []
    for text, own, k, x in zip(more.reshape(-1, m, V), P.reshape(-1, m, V), np.ravel(kept), np.ravel(v)):
        rest = text[k] if text[k].any() else own[k]
        sums = rest.cumsum(dtype=float)
        token.append(np.searchsorted(sums, x * sums[-1], side="right"))
    return kept, np.array(token).reshape(kept.shape)

# %% loopy over batch, n | takewhile over the ratios
from itertools import takewhile
import numpy as np
from headway.arrays import gather_last
from headway.numerics import sample_categorical

def accept_drafts(P, Q, drafted, u, v):
    n = drafted.shape[-1]
    stays = u * gather_last(Q, drafted) < gather_last(P[..., :-1, :], drafted)
    texts = stays.reshape(int(np.prod(stays.shape[:-1])), n).tolist()
    kept = np.array([len(list(takewhile(bool, text))) for text in texts], int).reshape(stays.shape[:-1])
    Q = np.concatenate([Q, np.zeros_like(P[..., :1, :])], axis=-2)
    here = kept[..., None, None]
    want, have = (np.take_along_axis(A, here, axis=-2)[..., 0, :] for A in (P, Q))
    more = np.maximum(want - have, 0)
    return kept, sample_categorical(np.where(more.any(-1, keepdims=True), more, want).astype(float), v)

# %% loopy over n | a chain of reduce over the drafts
from functools import reduce
import numpy as np
from headway.arrays import gather_last
from headway.numerics import sample_categorical

def accept_drafts(P, Q, drafted, u, v):
    p, q = gather_last(P[..., :-1, :], drafted), gather_last(Q, drafted)
    shape = drafted.shape[:-1]

    def judge(state, draft):
        kept, alive = state
        share, offer, chance = draft
        alive = alive & (chance * offer < share)
        return kept + alive, alive

    drafts = zip(*(np.moveaxis(A, -1, 0) for A in (p, q, u)))
    kept, _ = reduce(judge, drafts, (np.zeros(shape, int), np.ones(shape, bool)))
    place = np.asarray(kept)[..., None, None]
    Q = np.append(Q, np.zeros_like(P[..., :1, :]), axis=-2)
    own = np.take_along_axis(P, place, axis=-2)[..., 0, :]
    more = (own - np.take_along_axis(Q, place, axis=-2)[..., 0, :]).clip(0)
    return kept, sample_categorical(np.where(more.any(-1, keepdims=True), more, own).astype(float), v)

# %% loopy over batch | vectorize with a signature
import numpy as np

def _judged(P, Q, drafted, u, v):
    i = np.arange(len(drafted))
    kept = np.logical_and.accumulate(u * Q[i, drafted] < P[i, drafted]).sum()
    rest = P[kept].astype(float)
    if kept < len(drafted):
        more = np.maximum(P[kept] - Q[kept], 0).astype(float)
        rest = more if more.any() else rest
    sums = rest.cumsum()
    return kept, (v * sums[-1] >= sums).sum()

accept_drafts = np.vectorize(_judged, signature="(m,v),(n,v),(n),(n),()->(),()")
