"""Pictures of lesson 05: who sees whom, where parameters are, what a patch holds, which distances share."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

import numpy as np

from headway_course.pictures.panel import (
    BLUE,
    GREEN,
    INK,
    LINE,
    ORANGE,
    PAPER,
    PINK,
    SHADE,
    TINTS,
    Picture,
    answer,
    cell,
    from_figure,
    head,
    in_a_row,
    panel,
    says_what_is_missing,
    table,
)

HUES = (BLUE, ORANGE, GREEN, PINK, "#56b4e9", "#6b6b6b")
MILLION = 1e6


@says_what_is_missing
def show_sight(causal_mask: Callable, source: Sequence[str], target: Sequence[str]) -> Picture:
    """Who sees whom in an encoder, in a decoder, and where a decoder asks an encoder."""
    S, T = len(source), len(target)
    back = answer(causal_mask, T, shape=(T, T)).astype(int)
    everybody = np.ones((S, S), int)
    asks = np.block([[everybody, np.zeros((S, T), int)], [np.full((T, S), 2), back]])
    stacks = (
        ("encoder", everybody, source, ()),
        ("decoder", back, target, ()),
        ("encoder and decoder", asks, source, target),
    )
    tables = [_seen(title, sees, [*first, *second]) for title, sees, first, second in stacks]
    legend = "A row sees the columns with a mark: ● in its own text, ○ in the other one."
    told = "; ".join(
        f"{title}: positions see {', '.join(str(int((row > 0).sum())) for row in sees)} others or themselves"
        for title, sees, *_ in stacks
    )
    look = f"background-color:{PAPER};color:{INK};font-size:13px;margin:0 0 6px"
    line = f'<div style="{look}">{legend}</div>'
    return Picture(panel(line + in_a_row(tables)), f"Who sees whom. {told}.")


def _seen(title: str, sees: np.ndarray, words: Sequence[str]) -> str:
    marks = (cell("", SHADE), cell("●", TINTS[0]), cell("○", TINTS[1]))
    down = {"writing_mode": "vertical-rl", "padding": "6px 2px"}
    rows = [[head("sees →", font_size="11px"), *(head(escape(word), **down) for word in words)]]
    for word, row in zip(words, sees, strict=True):
        rows.append([head(escape(word), scope="row"), *(marks[mark] for mark in row)])
    return table(rows, f"<b>{escape(title)}</b>")


@says_what_is_missing
def show_parts(models: Mapping[str, Mapping[str, int]]) -> Picture:
    """How many numbers each part of each model has: one bar for a model, one piece of it for a part."""
    from matplotlib.figure import Figure

    parts = list(dict.fromkeys(part for counts in models.values() for part in counts))
    figure = Figure(figsize=(8.4, 1.3 + 0.42 * len(models)), layout="constrained")
    axes = figure.subplots()
    start = np.zeros(len(models))
    for part, hue in zip(parts, HUES, strict=False):
        counts = np.array([counts.get(part, 0) / MILLION for counts in models.values()])
        axes.barh(list(models), counts, left=start, color=hue, label=part, height=0.66)
        start += counts
    for place, total in enumerate(start):
        axes.text(total, place, f"  {total:.1f}", va="center", color=INK, fontsize=9)
    axes.invert_yaxis()
    axes.set(xlabel="millions of numbers", xlim=(0, 1.1 * start.max()))
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=9)
    told = "; ".join(f"{name}: {_in_words(counts)}" for name, counts in models.items())
    return from_figure(figure, f"Millions of numbers, part by part. {told}.")


def _in_words(counts: Mapping[str, int]) -> str:
    pieces = ", ".join(f"{part} {count / MILLION:.1f}" for part, count in counts.items() if count)
    return f"{pieces}, together {sum(counts.values()) / MILLION:.1f}"


@says_what_is_missing
def show_patches(patches: Callable, image: np.ndarray, p: int) -> Picture:
    """An image with the borders of its patches, and the patches as the rows of a matrix.

    image (h, w), of one colour
    """
    from matplotlib.figure import Figure

    h, w = image.shape
    X = answer(patches, image[None], p, shape=((h // p) * (w // p), p * p))
    figure = Figure(figsize=(7.2, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(h, p * p + 2))
    left.imshow(image, cmap="cividis", interpolation="nearest")
    left.set(title="the image, and where it is cut", xticks=(), yticks=())
    for border in range(p, h, p):
        left.axhline(border - 0.5, color="#ffffff", linewidth=2)
    for border in range(p, w, p):
        left.axvline(border - 0.5, color="#ffffff", linewidth=2)
    box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
    for n in range(len(X)):
        place = n % (w // p) * p - 0.35, n // (w // p) * p - 0.35
        left.text(*place, str(n), color=INK, fontsize=9, ha="left", va="top", bbox=box)
    right.imshow(X, cmap="cividis", interpolation="nearest")
    right.set(title="a row for each patch", xlabel="pixel", ylabel="patch")
    right.set(xticks=range(p * p), yticks=range(len(X)))
    for border in range(1, len(X)):
        right.axhline(border - 0.5, color=LINE, linewidth=1)
    filled = ", ".join(str(n) for n in np.flatnonzero(X.any(axis=-1)))
    return from_figure(
        figure,
        f"An image of {h} by {w} pixels, cut into {len(X)} patches of {p} by {p}; beside it a matrix with "
        f"a row of {p * p} pixels for each patch. Patches {filled} hold something.",
    )


@says_what_is_missing
def show_buckets(relative_buckets: Callable, n: int, span: int, T: int) -> Picture:
    """The bucket of each pair of positions, where a text is seen whole and where it is seen back only."""
    from matplotlib.figure import Figure

    steps = np.arange(T) - np.arange(T)[:, None]
    both = answer(relative_buckets, steps, n, span, shape=(T, T))
    back = answer(relative_buckets, steps, n, span, True, shape=(T, T))
    figure = Figure(figsize=(8.8, 4), layout="constrained")
    shown = (
        (both, "an encoder: both directions"),
        (np.where(steps > 0, np.nan, back), "a decoder: back only"),
    )
    panels = figure.subplots(1, 2)
    for axes, (buckets, title) in zip(panels, shown, strict=True):
        image = axes.imshow(buckets, cmap="viridis", vmin=0, vmax=n - 1, interpolation="nearest")
        axes.set(title=title, xlabel="position of the key", ylabel="position of the query")
    figure.colorbar(image, ax=panels, label="bucket")
    told = f"{len(np.unique(both))} of {n} buckets occur in both directions, {len(np.unique(back))} back only"
    return from_figure(
        figure,
        f"The buckets of {T} by {T} pairs of positions as two images, with stripes along the diagonal that "
        f"grow wider away from it: {told}.",
    )
