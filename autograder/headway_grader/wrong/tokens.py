"""Byte pairs and the vectors of tokens: wrong as people get them wrong, and right in other styles."""

import numpy as np
from headway.tokens import merge_pair

from headway_grader.wrong.tags import honest, mistake


@mistake(of="most_frequent_pair", says="by taking the largest of several pairs that are equally frequent")
def most_frequent_pair_largest(ids):
    pairs, counts = np.unique(np.stack([ids[:-1], ids[1:]], axis=-1), axis=0, return_counts=True)
    best = len(counts) - 1 - counts[::-1].argmax()
    return pairs[best, 0], pairs[best, 1], counts[best]


@mistake(
    of="most_frequent_pair",
    says="by taking the one that comes first in the text of several equally frequent pairs",
)
def most_frequent_pair_first_in_text(ids):
    _, where, counts = np.unique(
        np.stack([ids[:-1], ids[1:]], axis=-1), axis=0, return_index=True, return_counts=True
    )
    best = np.lexsort((where, -counts))[0]
    return ids[where[best]], ids[where[best] + 1], counts[best]


@mistake(of="most_frequent_pair", says="by counting b a and a b as the same pair")
def most_frequent_pair_either_way(ids):
    both = np.sort(np.stack([ids[:-1], ids[1:]], axis=-1), axis=-1)
    pairs, counts = np.unique(both, axis=0, return_counts=True)
    best = counts.argmax()
    return pairs[best, 0], pairs[best, 1], counts[best]


@mistake(of="most_frequent_pair", says="by counting the pairs at even places only")
def most_frequent_pair_every_other(ids):
    pairs, counts = np.unique(ids[: len(ids) // 2 * 2].reshape(-1, 2), axis=0, return_counts=True)
    best = counts.argmax()
    return pairs[best, 0], pairs[best, 1], counts[best]


@mistake(of="most_frequent_pair", says="by taking the most frequent id, and what most often follows it")
def most_frequent_pair_of_the_most_frequent_id(ids):
    different, counts = np.unique(ids[:-1], return_counts=True)
    left = different[counts.argmax()]
    followers, counts = np.unique(ids[1:][ids[:-1] == left], return_counts=True)
    return left, followers[counts.argmax()], counts.max()


@mistake(of="most_frequent_pair", says="by sorting the ids that came in, once it has what it needs")
def most_frequent_pair_in_place(ids):
    pairs, counts = np.unique(np.stack([ids[:-1], ids[1:]], axis=-1), axis=0, return_counts=True)
    best = counts.argmax()
    ids.sort()
    return pairs[best, 0], pairs[best, 1], counts[best]


@honest(of="most_frequent_pair")
def most_frequent_pair_as_complex_numbers(ids):
    pairs, counts = np.unique(ids[:-1] + 1j * ids[1:], return_counts=True)
    best = pairs[counts.argmax()]
    return np.int64(best.real), np.int64(best.imag), counts.max()


@honest(of="most_frequent_pair")
def most_frequent_pair_sorted(ids):
    order = np.lexsort((ids[1:], ids[:-1]))
    left, right = ids[:-1][order], ids[1:][order]
    new = np.append(True, (left[1:] != left[:-1]) | (right[1:] != right[:-1]))
    starts = np.flatnonzero(new)
    counts = np.diff(np.append(starts, len(left)))
    best = starts[counts.argmax()]
    return left[best], right[best], counts.max()


@mistake(of="merge_pair", says="by merging pairs that share an id, where an id repeats")
def merge_pair_overlapping(ids, left, right, new):
    here = np.append((ids[:-1] == left) & (ids[1:] == right), False)
    return np.where(here, new, ids)[~np.roll(here, 1)]


@mistake(of="merge_pair", says="by pairing a repeated id from the right end instead of from the left")
def merge_pair_from_the_right(ids, left, right, new):
    return merge_pair(ids[::-1], right, left, new)[::-1]


@mistake(of="merge_pair", says="by merging the first such pair only")
def merge_pair_once(ids, left, right, new):
    here = np.append((ids[:-1] == left) & (ids[1:] == right), False)
    here &= here.cumsum() == 1
    return np.where(here, new, ids)[~np.roll(here, 1)]


@mistake(of="merge_pair", says="by looking for the pair the other way round")
def merge_pair_swapped(ids, left, right, new):
    return merge_pair(ids, right, left, new)


@mistake(of="merge_pair", says="by taking the first id for the neighbour of the last, as np.roll does")
def merge_pair_around_the_end(ids, left, right, new):
    here = (ids == left) & (np.roll(ids, -1) == right)
    t = np.arange(len(ids))
    merged = here & ((t - np.maximum.accumulate(np.where(here, -1, t))) % 2 == 1)
    return np.where(merged, new, ids)[~np.roll(merged, 1)]


@mistake(of="merge_pair", says="by numbering the new id itself, one above the largest id or byte")
def merge_pair_numbered(ids, left, right, new):
    return merge_pair(ids, left, right, max(ids.max() + 1, 256))


@mistake(of="merge_pair", says="by writing into the ids that came in")
def merge_pair_in_place(ids, left, right, new):
    merged = merge_pair(ids, left, right, new)
    ids[ids == left] = new
    return merged


@honest(of="merge_pair")
def merge_pair_by_runs(ids, left, right, new):
    here = np.append((ids[:-1] == left) & (ids[1:] == right), False)
    t = np.arange(len(ids))
    starts = np.where(here & ~np.roll(here, 1), t, 0)
    merged = here & ((t - np.maximum.accumulate(starts)) % 2 == 0)
    made = ids.copy()
    made[merged] = new
    return np.delete(made, np.flatnonzero(merged) + 1)


@honest(of="merge_pair")
def merge_pair_by_sums(ids, left, right, new):
    here = np.append((ids[:-1] == left) & (ids[1:] == right), False)
    count = here.cumsum()
    before = np.maximum.accumulate(np.where(here, 0, count))  # pairs before this row of them
    merged = here & ((count - before) % 2 == 1)
    keep = np.ones(len(ids), bool)
    keep[1:] = ~merged[:-1]
    return np.where(merged, new, ids)[keep]


@mistake(of="bpe_encode", says="by doing the merges in the reverse of the order in which they were learned")
def bpe_encode_reversed(ids, merges):
    for k in reversed(range(len(merges))):
        ids = merge_pair(ids, merges[k, 0], merges[k, 1], 256 + k)
    return ids


@mistake(of="bpe_encode", says="by merging from left to right whatever pair is known, in no other order")
def bpe_encode_left_to_right(ids, merges):
    known = {tuple(pair): new for new, pair in enumerate(merges.tolist(), 256)}
    tokens = []
    for byte in ids.tolist():
        tokens.append(byte)
        while tuple(tokens[-2:]) in known:
            tokens[-2:] = [known[tuple(tokens[-2:])]]
    return np.array(tokens)


@mistake(of="bpe_encode", says="by doing every merge once only")
def bpe_encode_once_each(ids, merges):
    for k, (left, right) in enumerate(merges):
        here = np.append((ids[:-1] == left) & (ids[1:] == right), False)
        here &= here.cumsum() == 1
        ids = np.where(here, 256 + k, ids)[~np.roll(here, 1)]
    return ids


@mistake(of="bpe_encode", says="by doing each merge with the bytes alone, not with what earlier merges made")
def bpe_encode_bytes_only(ids, merges):
    for k, (left, right) in enumerate(merges):
        if left < 256 and right < 256:
            ids = merge_pair(ids, left, right, 256 + k)
    return ids


@mistake(of="bpe_encode", says="by beginning the new ids at 257 instead of 256")
def bpe_encode_from_257(ids, merges):
    for k, (left, right) in enumerate(merges):
        ids = merge_pair(ids, left, right, 257 + k)
    return ids


@mistake(of="bpe_encode", says="by writing into the bytes that came in")
def bpe_encode_in_place(ids, merges):
    made = ids.copy()
    for k, (left, right) in enumerate(merges):
        made = merge_pair(made, left, right, 256 + k)
    ids[: len(made)] = made
    return made


@honest(of="bpe_encode")
def bpe_encode_by_index(ids, merges):
    made = ids.copy()
    for k in range(merges.shape[0]):
        made = merge_pair(made, int(merges[k, 0]), int(merges[k, 1]), 256 + k)
    return made


@honest(of="bpe_encode")
def bpe_encode_where_it_applies(ids, merges):
    for k, (left, right) in enumerate(merges):
        if ((ids[:-1] == left) & (ids[1:] == right)).any():
            ids = merge_pair(ids, left, right, 256 + k)
    return ids


@mistake(of="bpe_decode", says="by undoing the first merge first, so that what later ones were made of stays")
def bpe_decode_forwards(ids, merges):
    for k in range(len(merges)):
        whole = ids == 256 + k
        first = np.flatnonzero(whole) + np.arange(whole.sum())
        ids = np.repeat(ids, 1 + whole)
        ids[first], ids[first + 1] = merges[k]
    return ids


@mistake(of="bpe_decode", says="by swapping the two halves of every pair")
def bpe_decode_swapped(ids, merges):
    for k in reversed(range(len(merges))):
        whole = ids == 256 + k
        first = np.flatnonzero(whole) + np.arange(whole.sum())
        ids = np.repeat(ids, 1 + whole)
        ids[first], ids[first + 1] = merges[k, ::-1]
    return ids


@mistake(of="bpe_decode", says="by putting the first half of every pair twice")
def bpe_decode_first_half_twice(ids, merges):
    for k in reversed(range(len(merges))):
        whole = ids == 256 + k
        first = np.flatnonzero(whole) + np.arange(whole.sum())
        ids = np.repeat(ids, 1 + whole)
        ids[first], ids[first + 1] = merges[k, [0, 0]]
    return ids


@mistake(of="bpe_decode", says="by writing into the tokens that came in")
def bpe_decode_in_place(ids, merges):
    came = ids
    for k in reversed(range(len(merges))):
        whole = ids == 256 + k
        first = np.flatnonzero(whole) + np.arange(whole.sum())
        ids = np.repeat(ids, 1 + whole)
        ids[first], ids[first + 1] = merges[k]
    came[:] = ids[: len(came)]
    return ids


@honest(of="bpe_decode")
def bpe_decode_by_insertion(ids, merges):
    for k in reversed(range(len(merges))):
        whole = np.flatnonzero(ids == 256 + k)
        ids = np.insert(np.where(ids == 256 + k, merges[k, 0], ids), whole + 1, merges[k, 1])
    return ids


@honest(of="bpe_decode")
def bpe_decode_by_lengths(ids, merges):
    for k in reversed(range(len(merges))):
        lengths = np.where(ids == 256 + k, 2, 1)
        ends = lengths.cumsum()
        made = np.repeat(ids, lengths)
        made[ends - 1] = np.where(lengths == 2, merges[k, 1], ids)
        made[ends - lengths] = np.where(lengths == 2, merges[k, 0], ids)
        ids = made
    return ids


@mistake(of="embed", says="by taking the row before the one that the id names")
def embed_off_by_one(ids, W_E):
    return W_E[ids - 1]


@mistake(of="embed", says="by multiplying with sqrt(d), as Vaswani et al. do in section 3.4")
def embed_scaled(ids, W_E):
    return W_E[ids] * W_E.shape[1] ** 0.5


@mistake(of="embed", says="by counting the rows of the matrix from its end")
def embed_from_the_end(ids, W_E):
    return W_E[::-1][ids]


@mistake(of="embed", says="by computing in float64 whatever comes in")
def embed_in_float64(ids, W_E):
    return W_E.astype(np.float64)[ids]


@mistake(of="embed", says="by centring the table in place, which changes the caller's array")
def embed_in_place(ids, W_E):
    made = W_E[ids]
    W_E -= W_E.mean(axis=0) + 1
    return made


@honest(of="embed")
def embed_by_take(ids, W_E):
    return np.take(W_E, ids, axis=0)


@honest(of="embed")
def embed_of_all_ids_in_a_row(ids, W_E):
    return W_E[ids.ravel()].reshape(*ids.shape, -1)


@mistake(of="unembed", says="by dividing by the number of components, which makes the mean of the products")
def unembed_mean(X, W_U):
    return X @ W_U / X.shape[-1]


@mistake(of="unembed", says="by dividing by sqrt(d), which belongs to attention")
def unembed_scaled(X, W_U):
    return X @ W_U / X.shape[-1] ** 0.5


@mistake(of="unembed", says="by computing in float64 whatever comes in")
def unembed_in_float64(X, W_U):
    return X.astype(np.float64) @ W_U


@mistake(of="unembed", says="by transposing the matrix where it is square")
def unembed_transposed(X, W_U):
    return X @ (W_U.T if W_U.shape[0] == W_U.shape[1] else W_U)


@mistake(of="unembed", says="by centring the vectors in place, which changes the caller's array")
def unembed_in_place(X, W_U):
    scores = X @ W_U
    X -= X.mean(axis=-1, keepdims=True) + 1
    return scores


@honest(of="unembed")
def unembed_by_tensordot(X, W_U):
    return np.tensordot(X, W_U, axes=1)


@honest(of="unembed")
def unembed_flat(X, W_U):
    return (X.reshape(-1, X.shape[-1]) @ W_U).reshape(*X.shape[:-1], -1)


@mistake(of="patches", says="by putting the colours of each pixel next to one another")
def patches_pixel_by_pixel(images, p):
    *batch, c, h, w = images.shape
    squares = np.moveaxis(images.reshape(*batch, c, h // p, p, w // p, p), (-4, -2), (-5, -4))
    return np.moveaxis(squares, -3, -1).reshape(*batch, -1, c * p * p)


@mistake(of="patches", says="by taking the patches column after column")
def patches_column_after_column(images, p):
    *batch, c, h, w = images.shape
    squares = np.moveaxis(images.reshape(*batch, c, h // p, p, w // p, p), (-4, -2), (-4, -5))
    return squares.reshape(*batch, -1, c * p * p)


@mistake(of="patches", says="by taking the pixels of each patch column after column")
def patches_turned(images, p):
    *batch, c, h, w = images.shape
    squares = np.moveaxis(images.reshape(*batch, c, h // p, p, w // p, p), (-4, -2), (-5, -4))
    return squares.mT.reshape(*batch, -1, c * p * p)


@mistake(of="patches", says="by a reshape alone, which cuts the image into stretches of its rows")
def patches_by_reshape(images, p):
    *batch, c, h, w = images.shape
    return images.reshape(*batch, h * w // (p * p), c * p * p)


@mistake(of="patches", says="by filling an array of float64, whatever the dtype of the image")
def patches_in_float64(images, p):
    *batch, c, h, w = images.shape
    made = np.zeros((*batch, h // p, w // p, c, p, p))
    made[...] = np.moveaxis(images.reshape(*batch, c, h // p, p, w // p, p), (-4, -2), (-5, -4))
    return made.reshape(*batch, -1, c * p * p)


@mistake(of="patches", says="by resizing the image in place, which changes the caller's array")
def patches_in_place(images, p):
    *batch, c, h, w = images.shape
    images.resize((*batch, c, h // p, p, w // p, p))
    return np.moveaxis(images, (-4, -2), (-5, -4)).reshape(*batch, -1, c * p * p)


@honest(of="patches")
def patches_by_einsum(images, p):
    *batch, c, h, w = images.shape
    squares = images.reshape(*batch, c, h // p, p, w // p, p)
    return np.einsum("...cyixj->...yxcij", squares).reshape(*batch, (h // p) * (w // p), -1)


@honest(of="patches")
def patches_by_windows(images, p):
    windows = np.lib.stride_tricks.sliding_window_view(images, (p, p), axis=(-2, -1))
    squares = np.moveaxis(windows[..., ::p, ::p, :, :], -5, -3)
    return squares.reshape(*images.shape[:-3], -1, images.shape[-3] * p * p)
