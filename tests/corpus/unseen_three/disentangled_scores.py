# %% honest | all distances first, then take_along_axis
import numpy as np

def disentangled_scores(Q, K, K_R, Q_R, index):
    where = np.broadcast_to(index, Q.shape[:-2] + index.shape)
    asks = np.take_along_axis(Q @ K_R.mT, where, axis=-1)
    asked = np.take_along_axis(K @ Q_R.mT, where.mT, axis=-1).mT
    return (Q @ K.mT + asks + asked) / (3 * Q.shape[-1]) ** 0.5

# %% honest | index arrays for rows and columns, einsum for the products
import numpy as np

def disentangled_scores(Q, K, K_R, Q_R, index):
    i, j = np.ogrid[:index.shape[0], :index.shape[1]]
    S = np.einsum("...id,...jd->...ij", Q, K)
    S = S + np.einsum("...id,...md->...im", Q, K_R)[..., i, index]
    S = S + np.einsum("...jd,...md->...jm", K, Q_R)[..., j, index]
    return S / np.sqrt(3 * Q.shape[-1]).astype(S.dtype)

# %% honest | places in the flat rows, fetched by np.take
import numpy as np

def disentangled_scores(Q, K, K_R, Q_R, index):
    T, d = Q.shape[-2:]
    m = K_R.shape[-2]
    start = m * np.arange(T)

    def pick(scores, place):
        flat = scores.reshape(*scores.shape[:-2], T * m)
        return np.take(flat, place, axis=-1)

    content = Q @ np.swapaxes(K, -1, -2)
    forward = pick(Q @ np.swapaxes(K_R, -1, -2), start[:, None] + index)
    backward = pick(K @ np.swapaxes(Q_R, -1, -2), start + index)
    return (content + forward + backward) * (3 * d) ** -0.5

# %% honest | words and distances side by side in one product
import numpy as np

def disentangled_scores(Q, K, K_R, Q_R, index):
    T, d = Q.shape[-2:]
    K_R, Q_R = (np.broadcast_to(R, (*Q.shape[:-2], *R.shape[-2:])) for R in (K_R, Q_R))
    both = Q @ np.concatenate([K, K_R], axis=-2).mT              # (..., T, T + m)
    content, asks = both[..., :T], both[..., T:]
    asked = K @ Q_R.mT
    rows = np.arange(T)[:, None]
    total = content + asks[..., rows, index] + asked[..., rows, index.T].mT
    return total / (3 * d) ** 0.5

# %% honest | a loop over the two parts with distances, the second one turned
import numpy as np

def disentangled_scores(Q, K, K_R, Q_R, index):
    S = Q @ K.mT
    scale = (3 * Q.shape[-1]) ** 0.5
    for words, distances, turned in ((Q, K_R, False), (K, Q_R, True)):
        place = index.T if turned else index
        part = np.take_along_axis(words @ distances.mT, np.broadcast_to(place, S.shape), axis=-1)
        S = S + (part.mT if turned else part)
    return S / scale

# %% honest | all batch axes as one, and a dict of the three parts
import numpy as np

def disentangled_scores(Q, K, K_R, Q_R, index):
    *batch, T, d = Q.shape
    m = K_R.shape[-2]
    q, k = Q.reshape(-1, T, d), K.reshape(-1, T, d)
    k_r = np.broadcast_to(K_R, (*batch, m, d)).reshape(-1, m, d)
    q_r = np.broadcast_to(Q_R, (*batch, m, d)).reshape(-1, m, d)
    text = np.arange(len(q))[:, None, None]
    position = np.arange(T)
    parts = {
        "content": np.matmul(q, k.transpose(0, 2, 1)),
        "asks": np.matmul(q, k_r.transpose(0, 2, 1))[text, position[:, None], index],
        "asked": np.matmul(k, q_r.transpose(0, 2, 1))[text, position[None, :], index],
    }
    total = parts["content"] + parts["asks"] + parts["asked"]
    return (total / (3 * d) ** 0.5).reshape(*batch, T, T)

# %% honest | a namedtuple of factors scaled before the products, with checks
from collections import namedtuple
import numpy as np

Side = namedtuple("Side", "words distances")

def scores_of(side):
    return side.words @ side.distances.swapaxes(-1, -2)

def disentangled_scores(Q, K, K_R, Q_R, index):
    if np.any(index < 0) or np.any(index >= K_R.shape[-2]):
        raise IndexError("index names a distance that there is none of")
    root = (3 * Q.shape[-1]) ** 0.25
    Q, K, K_R, Q_R = (A / root for A in (Q, K, K_R, Q_R))
    query, key = Side(Q, K_R), Side(K, Q_R)
    t = np.arange(index.shape[0])
    total = Q @ K.swapaxes(-1, -2)
    total += scores_of(query)[..., t[:, None], index]
    total += scores_of(key)[..., t, index]
    return total

# %% loopy over T | row by row of the index
import numpy as np

def disentangled_scores(Q, K, K_R, Q_R, index):
    S = Q @ K.mT
    asks, asked = Q @ K_R.mT, K @ Q_R.mT
    for i in range(len(index)):
        S[..., i, :] += asks[..., i, index[i]]
        S[..., :, i] += asked[..., i, index[:, i]]
    return S / (3 * Q.shape[-1]) ** 0.5

# %% loopy over T | pair by pair, the batch by numpy
import numpy as np

def disentangled_scores(Q, K, K_R, Q_R, index):
    T, d = Q.shape[-2:]
    S = np.zeros((*Q.shape[:-1], T), Q.dtype)
    for i, j in np.ndindex(T, T):
        q, k, r = Q[..., i, :], K[..., j, :], index[i, j]
        S[..., i, j] = np.vecdot(q, k) + np.vecdot(q, K_R[..., r, :]) + np.vecdot(k, Q_R[..., r, :])
    return S / (3 * d) ** 0.5

# %% loopy over batch | recursion that takes the texts apart
import numpy as np

def disentangled_scores(Q, K, K_R, Q_R, index):
    if Q.ndim > 2:
        K_R = np.broadcast_to(K_R, (*Q.shape[:-2], *K_R.shape[-2:]))
        Q_R = np.broadcast_to(Q_R, (*Q.shape[:-2], *Q_R.shape[-2:]))
        return np.stack([disentangled_scores(*text, index) for text in zip(Q, K, K_R, Q_R)])
    t = np.arange(len(Q))
    S = Q @ K.T + (Q @ K_R.T)[t[:, None], index] + (K @ Q_R.T)[t, index]
    return S / (3 * Q.shape[-1]) ** 0.5

# %% loopy over m | distance after distance, where it lies between two
import numpy as np

def disentangled_scores(Q, K, K_R, Q_R, index):
    S = Q @ K.mT
    for r in range(K_R.shape[-2]):
        asks = (Q * K_R[..., r, None, :]).sum(axis=-1)          # (..., T)
        asked = (K * Q_R[..., r, None, :]).sum(axis=-1)
        S = S + np.where(index == r, asks[..., :, None] + asked[..., None, :], 0)
    return S / (3 * Q.shape[-1]) ** 0.5

# %% loopy over d | products summed over the components
import numpy as np

def product(A, B):
    return sum(A[..., :, None, i] * B[..., None, :, i] for i in range(A.shape[-1]))

def disentangled_scores(Q, K, K_R, Q_R, index):
    t = np.arange(Q.shape[-2])
    asks, asked = product(Q, K_R), product(K, Q_R)
    return (product(Q, K) + asks[..., t[:, None], index] + asked[..., t, index]) / (3 * Q.shape[-1]) ** 0.5

# %% loopy over batch | vectorize with a signature of five arrays
import numpy as np

def _scores(Q, K, K_R, Q_R, index):
    t = np.arange(len(index))
    return (Q @ K.T + (Q @ K_R.T)[t[:, None], index] + (K @ Q_R.T)[t[:, None], index.T].T) / (3 * Q.shape[1]) ** 0.5

disentangled_scores = np.vectorize(_scores, signature="(t,d),(t,d),(m,d),(m,d),(t,t)->(t,t)")

# %% loopy over T | map over the queries and the columns of the index
import numpy as np

def disentangled_scores(Q, K, K_R, Q_R, index):
    asks = np.moveaxis(Q @ K_R.mT, -2, 0)                       # (T, ..., m)
    asked = np.moveaxis(K @ Q_R.mT, -2, 0)
    pick = lambda scores, places: scores[..., places]
    forward = np.stack([*map(pick, asks, index)], axis=-2)
    backward = np.stack([*map(pick, asked, index.T)], axis=-1)
    return (Q @ K.mT + forward + backward) / (3 * Q.shape[-1]) ** 0.5

# %% loopy over batch, T | every row by its own index, collected in lists
import numpy as np

def rows(scores, index):
    T = len(index)
    flat = scores.reshape(-1, T, scores.shape[-1])
    picked = [row[place] for text in flat for row, place in zip(text, index)]
    return np.array(picked).reshape(*scores.shape[:-2], T, T)

def disentangled_scores(Q, K, K_R, Q_R, index):
    total = Q @ K.mT + rows(Q @ K_R.mT, index) + rows(K @ Q_R.mT, index.T).mT
    return total / (3 * Q.shape[-1]) ** 0.5
