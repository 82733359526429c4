"""Pictures of lesson 03: what a mask hides, who looks at whom, why scores are divided."""

import math
from collections.abc import Callable, Sequence
from html import escape

import numpy as np

from headway_course.pictures.panel import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    SHADE,
    TINTS,
    Picture,
    answer,
    cell,
    from_figure,
    head,
    in_a_row,
    note,
    panel,
    says_what_is_missing,
    table,
)

NARROW = "26px"  # the least width of a square, so that columns of one letter are equally wide
CLOSE = "3px 4px"  # what surrounds a number in a square, so that a long sentence fits on a page
DEEP = (8, 48, 107)  # the colour of weight 1; weight 0 is paper
BLACK = "#000000"  # on shades between light and dark no other ink has enough contrast


@says_what_is_missing
def show_mask(causal_mask: Callable, words: Sequence[str]) -> Picture:
    """The sentence as each position reads it: what the mask hides is blacked out."""
    T = len(words)
    mask = answer(causal_mask, T, shape=(T, T)).astype(bool)
    told = "; ".join(
        f"position {i} ({word}) reads {' '.join(np.compress(row, words)) or 'nothing'}"
        for i, (word, row) in enumerate(zip(words, mask, strict=True))
    )
    caption = "Each row is the sentence as one position reads it; blacked-out words are hidden."
    return Picture(panel(_read_by_each(words, mask, caption)), f"What each position may read: {told}.")


def show_padded(mask: np.ndarray, texts: Sequence[Sequence[str]]) -> Picture:
    """Texts of different lengths in one array, each as its positions read it; – is padding.

    mask bool (n, T, T), for n texts, the longest of T words
    """
    n, T = len(texts), max(map(len, texts))
    if np.shape(mask) != (n, T, T):
        return note(f"The mask has shape {np.shape(mask)}, expected ({n}, {T}, {T}): texts, queries, keys.")
    tables, told = [], []
    for text, rows in zip(texts, np.asarray(mask), strict=True):
        padded = [*text, *["–"] * (T - len(text))]
        tables.append(_read_by_each(padded, rows, f"length {len(text)}"))
        told.append(f"of {' '.join(text)} the positions read {', '.join(map(str, rows.sum(axis=-1)))} words")
    return Picture(panel(in_a_row(tables)), f"Padded to {T} positions, {'; '.join(told)}.")


def _read_by_each(words: Sequence[str], mask: np.ndarray, caption: str) -> str:
    rows = [
        [head(f"{i} · {escape(word)}", scope="row"), *_as_read(words, row)]
        for i, (word, row) in enumerate(zip(words, mask, strict=True))
    ]
    return table(rows, caption)


def _as_read(words: Sequence[str], row: np.ndarray) -> list[str]:
    return [
        cell(escape(word), TINTS[0]) if seen else cell("█" * len(word), INK, INK)
        for word, seen in zip(words, row, strict=True)
    ]


@says_what_is_missing
def show_attention(
    attention: Callable,
    Q: np.ndarray,
    K: np.ndarray,
    words: Sequence[str],
    mask: np.ndarray | None = None,
    titles: Sequence[str] = ("",),
    others: Sequence[str] | None = None,
) -> Picture:
    """The weights of attention as a table, a row for each query; of several heads, a table for each.

    Q (..., Tq, d), K (..., Tk, d), [mask bool (..., Tq, Tk)]

    words are those that ask, others those that answer, if they are not the same. attention returns mixtures,
    not weights; with the identity for V the mixtures are the weights.
    """
    others = words if others is None else others
    Tq, Tk = len(words), len(others)
    shape = (*np.broadcast_shapes(Q.shape[:-2], K.shape[:-2]), Tq, Tk)
    A = answer(attention, Q, K, np.eye(Tk), mask, shape=shape).reshape(-1, Tq, Tk)
    hidden = ~np.broadcast_to(True if mask is None else mask, shape).reshape(-1, Tq, Tk)
    legend = "Each row shares out a weight of 1." + (" Grey: hidden by the mask." if hidden.any() else "")
    captions = [f"<b>{escape(title)}</b>" if title else legend for title in titles]
    tables = [weights(*one, words, others, said) for *one, said in zip(A, hidden, captions, strict=True)]
    told = " ".join(_in_words(one, words, others, title) for one, title in zip(A, titles, strict=True))
    return Picture(panel("".join(tables)), told)


def weights(
    A: np.ndarray,
    grey: np.ndarray,
    words: Sequence[str],
    others: Sequence[str],
    caption: str,
    corner: str = "looks at →",
) -> str:
    """A table of weights: a row for each word that asks, a column for each that answers."""
    rows = [[head(corner, font_size="11px"), *(head(escape(word), padding=CLOSE) for word in others)]]
    for i, word in enumerate(words):
        label = head(f"{i} · {escape(word)}", scope="row")
        rows.append([label, *(_weight(*pair) for pair in zip(A[i], grey[i], strict=True))])
    return table(rows, caption)


def _weight(weight: float, hidden: bool) -> str:
    if hidden and weight == 0:
        return cell("", SHADE, min_width=NARROW, padding=CLOSE)
    share = min(max(float(weight), 0.0), 1.0)
    colour = "#" + "".join(f"{round(255 + share * (deep - 255)):02x}" for deep in DEEP)
    text = f"{weight:.2f}".replace("0.", ".", 1) if abs(weight) >= 0.005 else "·"
    ink = PAPER if share > 0.66 else BLACK if share > 0.58 else INK
    return cell(text, colour, ink, min_width=NARROW, padding=CLOSE)


def _in_words(A: np.ndarray, words: Sequence[str], others: Sequence[str], title: str) -> str:
    """The pattern as a sentence: the heaviest entry of each row."""
    rows = (
        f"{word} {i} looks most at {others[j]} {j} ({A[i, j]:.2f})"
        for i, (word, j) in enumerate(zip(words, A.argmax(axis=-1), strict=True))
    )
    return f"Attention weights{' of ' + title if title else ''}: {', '.join(rows)}."


@says_what_is_missing
def show_dot_products(softmax: Callable, rng: np.random.Generator, keys: int = 10) -> Picture:
    """How q·k spreads as the width d grows, and how much of the weight the best of a few keys then takes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.4, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    for d, colour in zip((4, 64, 1024), (BLUE, ORANGE, GREEN), strict=True):
        S = _dot_products(rng, d, 4000, 1).ravel()
        left.hist(S, bins=80, range=(-100, 100), histtype="step", density=True, color=colour, linewidth=1.6)
        left.plot([], [], color=colour, label=f"d = {d}: standard deviation {S.std():.1f}")
    left.set(title="q·k of random vectors", xlabel="q·k", yticks=[], ylim=(0, 0.24))
    left.legend(frameon=False, fontsize=9, loc="upper right")
    widths = (1, 4, 16, 64, 256, 1024)
    raw, scaled = np.transpose(
        [_largest_weights(softmax, _dot_products(rng, d, 500, keys), d) for d in widths]
    )
    right.plot(widths, raw, color=ORANGE, marker="o", label="softmax(q·k)")
    right.plot(widths, scaled, color=BLUE, marker="s", label="softmax(q·k / √d)")
    right.set(title=f"largest weight of {keys} keys, on average", xlabel="d", ylim=(0, 1.05), xscale="log")
    right.set_xticks(widths, [str(d) for d in widths])
    right.minorticks_off()
    right.legend(frameon=False, fontsize=9)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    told = ", ".join(f"{d}: {a:.2f} and {b:.2f}" for d, a, b in zip(widths, raw, scaled, strict=True))
    return from_figure(
        figure,
        "Left: histograms of q·k, wider as d grows, with standard deviation near the square root of d. "
        f"Right: the largest of {keys} weights by d, undivided and divided by the square root of d: {told}.",
    )


def _dot_products(rng: np.random.Generator, d: int, queries: int, keys: int) -> np.ndarray:
    """Scores of queries against keys of their own, all components independent with mean 0 and variance 1."""
    Q, K = rng.normal(size=(queries, 1, d)), rng.normal(size=(queries, keys, d))
    return (Q @ K.mT)[:, 0]  # (queries, keys)


def _largest_weights(softmax: Callable, S: np.ndarray, d: int) -> tuple[float, float]:
    both = np.stack([S, S / math.sqrt(d)])  # (2, queries, keys)
    raw, scaled = answer(softmax, both, shape=both.shape).max(axis=-1).mean(axis=-1)
    return raw, scaled
