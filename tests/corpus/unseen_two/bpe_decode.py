# %% honest | a loop over the merges with repeat and shifted places
import numpy as np

def bpe_decode(ids, merges):
    for k in range(len(merges) - 1, -1, -1):
        is_it = ids == 256 + k
        ids = np.repeat(ids, np.where(is_it, 2, 1))
        # first halves: the positions before the doubling, plus the number of doublings before
        at = np.flatnonzero(is_it)
        at = at + np.arange(len(at))
        ids[at] = merges[k, 0]
        ids[at + 1] = merges[k, 1]
    return ids

# %% honest | np.insert puts the second halves in
import numpy as np

def bpe_decode(ids, merges):
    new = 255 + len(merges)
    for left, right in merges[::-1]:
        spots = np.flatnonzero(ids == new)
        ids = np.insert(np.where(ids == new, left, ids), spots + 1, right)
        new -= 1
    return ids

# %% honest | expands all tokens that are no bytes at once, as often as the merges are deep
import numpy as np

def bpe_decode(ids, merges):
    while (ids >= 256).any():
        whole = ids >= 256
        pairs = np.full((len(ids), 2), -1)
        pairs[:, 0] = ids
        pairs[whole] = merges[ids[whole] - 256]
        flat = pairs.ravel()
        ids = flat[flat >= 0]
    return ids

# %% honest | two columns and a boolean mask that drops the empty cells
import numpy as np

def bpe_decode(ids, merges):
    for new, (left, right) in reversed(list(enumerate(merges, 256))):
        hit = ids == new
        two = np.stack([np.where(hit, left, ids), np.full_like(ids, right)], axis=1)
        ids = two[np.stack([np.ones_like(hit), hit], axis=1)]
    return ids

# %% honest | a padded table of bytes for each merge, then one lookup
import numpy as np

def bpe_decode(ids, merges):
    m = len(merges)
    lengths = np.ones(256 + m, dtype=int)
    for k, (a, b) in enumerate(merges):
        lengths[256 + k] = lengths[a] + lengths[b]
    table = np.zeros((256 + m, lengths.max()), dtype=ids.dtype)
    table[:256, 0] = np.arange(256)
    for k, (a, b) in enumerate(merges):
        la, lb = lengths[a], lengths[b]
        table[256 + k, :la] = table[a, :la]
        table[256 + k, la:la + lb] = table[b, :lb]
    rows = table[ids]
    return rows[np.arange(rows.shape[1]) < lengths[ids][:, None]]

# %% loopy over n | a recursive function for each token
import numpy as np

def bpe_decode(ids, merges):
    def expand(token):
        if token < 256:
            return [token]
        a, b = merges[token - 256]
        return expand(a) + expand(b)

    out = []
    for token in ids:
        out.extend(expand(token))
    return np.array(out)

# %% loopy over n | a stack
import numpy as np

def bpe_decode(ids, merges):
    stack = ids.tolist()[::-1]
    out = []
    while stack:
        x = stack.pop()
        if x < 256:
            out.append(x)
        else:
            left, right = merges[x - 256].tolist()
            stack.append(right)
            stack.append(left)
    return np.array(out)

# %% loopy over n | a list for each token and sum with a start of []
import numpy as np

def bpe_decode(ids, merges):
    words = [[i] for i in range(256)]
    for a, b in merges:
        words.append(words[a] + words[b])
    return np.array(sum((words[i] for i in ids), []))

# %% loopy over n | a vocabulary of bytes, joined by operator.itemgetter
import operator
import numpy as np

def bpe_decode(ids, merges):
    vocab = [bytes([i]) for i in range(256)]
    for a, b in merges.tolist():
        vocab.append(vocab[a] + vocab[b])
    pieces = operator.itemgetter(*ids.tolist(), 0)(vocab)[:-1]
    return np.frombuffer(b"".join(pieces), dtype=np.uint8).astype(int)

# %% loopy over n | an object array of words, gathered with numpy and concatenated
import numpy as np

def bpe_decode(ids, merges):
    words = np.empty(256 + len(merges), dtype=object)
    for i in range(256):
        words[i] = np.array([i])
    for k in range(len(merges)):
        words[256 + k] = np.concatenate([words[merges[k, 0]], words[merges[k, 1]]])
    return np.concatenate(words[ids])

# %% loopy over n | an object array of words added up by np.add.reduce
import numpy as np

def bpe_decode(ids, merges):
    V = np.empty(256 + len(merges), dtype=object)
    V[:256] = [(b,) for b in range(256)]
    for k, (l, r) in enumerate(merges):
        V[256 + k] = V[l] + V[r]
    return np.array(V[ids].sum())

# %% loopy over n | str.translate with a table of strings
import numpy as np

def bpe_decode(ids, merges):
    words = {i: chr(i) for i in range(256)}
    for k, (a, b) in enumerate(merges.tolist()):
        words[256 + k] = words[a] + words[b]
    text = ids.astype(np.uint32).tobytes().decode("utf-32-le").translate(words)
    return np.frombuffer(text.encode("latin-1"), np.uint8).astype(ids.dtype)

# %% loopy over n | chain.from_iterable over the words
import numpy as np
from itertools import chain

def bpe_decode(ids, merges):
    words = [(i,) for i in range(256)]
    for a, b in merges:
        words += [words[a] + words[b]]
    return np.fromiter(chain.from_iterable(map(lambda i: words[i], ids.tolist())), dtype=ids.dtype)

# %% honest | reduce over the merges from the last to the first
from functools import reduce
import numpy as np

def undo(ids, rule):
    new, (left, right) = rule
    hit = ids == new
    out = np.repeat(ids, 1 + hit)
    second = np.cumsum(1 + hit)[hit] - 1
    out[second - 1], out[second] = left, right
    return out

def bpe_decode(ids, merges):
    rules = list(zip(range(256, 256 + len(merges)), merges))
    return reduce(undo, rules[::-1], ids)

# %% honest | a flat table of all words with offsets, and ranges by repeat
import numpy as np

def bpe_decode(ids, merges):
    words = [np.arange(256)[b:b + 1] for b in range(256)]        # the vocabulary, not the text
    for a, b in merges:
        words.append(np.concatenate((words[a], words[b])))
    table = np.concatenate(words)
    sizes = np.array([len(w) for w in words])
    begins = sizes.cumsum() - sizes
    n = sizes[ids]
    inside = np.arange(n.sum()) - np.repeat(n.cumsum() - n, n)
    return table[np.repeat(begins[ids], n) + inside]

# %% loopy over n | lists, and a for for each merge over all tokens
import numpy as np

def bpe_decode(ids, merges):
    tokens = list(ids)
    for k in range(len(merges) - 1, -1, -1):
        expanded = []
        for token in tokens:
            if token == 256 + k:
                expanded.append(merges[k][0])
                expanded.append(merges[k][1])
            else:
                expanded.append(token)
        tokens = expanded
    return np.array(tokens)
