"""Pictures of lesson 01: what temperature does to softmax, and how one number draws a word."""

from collections.abc import Callable, Sequence

import numpy as np

from headway_course.pictures.panel import (
    BLUE,
    INK,
    PAPER,
    TINTS,
    Picture,
    answer,
    from_figure,
    says_what_is_missing,
)


@says_what_is_missing
def show_temperatures(
    softmax: Callable, scores: np.ndarray, words: Sequence[str], T: Sequence[float] = (0.3, 1.0, 3.0)
) -> Picture:
    """Bars of softmax(scores / T), one panel for each temperature."""
    from matplotlib.figure import Figure

    Z = np.asarray(scores) / np.asarray(T)[:, None]
    P = answer(softmax, Z, shape=Z.shape)
    figure = Figure(figsize=(2.6 * len(T), 2.7), layout="constrained")
    for axes, row, t in zip(np.atleast_1d(figure.subplots(1, len(T), sharey=True)), P, T, strict=True):
        bars = axes.bar(words, row, color=BLUE, width=0.65)
        axes.axhline(1 / len(row), color=INK, linewidth=1, linestyle=":")
        paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}  # a number may stand on the dotted line
        axes.bar_label(bars, [_share(p) for p in row], padding=3, color=INK, bbox=paper)
        axes.set(title=f"T = {t:g}", ylim=(0, 1.15), yticks=(0, 0.5, 1))
        axes.spines[["top", "right"]].set_visible(False)
    figure.get_axes()[0].set_ylabel("probability")
    last = figure.get_axes()[-1]
    place = {"xycoords": ("axes fraction", "data"), "ha": "right", "va": "bottom", "fontsize": 9}
    last.annotate("all alike", (1, 1 / len(words)), **place)
    told = "; ".join(
        f"T = {t:g}: " + ", ".join(f"{word} {_share(p)}" for word, p in zip(words, row, strict=True))
        for row, t in zip(P, T, strict=True)
    )
    return from_figure(figure, f"Bars of the probabilities at {len(T)} temperatures. {told}.")


def _share(p: float) -> str:
    return f"{p:.2f}" if p >= 0.005 else f"{p:.1g}"


@says_what_is_missing
def show_draws(
    sample_categorical: Callable, P: np.ndarray, words: Sequence[str], u: Sequence[float]
) -> Picture:
    """The probabilities of one row end to end, an arrow for each u, and the word that was drawn with it."""
    from matplotlib.figure import Figure

    P, u = np.asarray(P), np.asarray(u)
    rows = np.broadcast_to(P, (len(u), len(P)))
    drawn = answer(sample_categorical, rows.copy(), u.copy(), shape=u.shape).astype(int)
    labels = [words[k] if 0 <= k < len(words) else f"class {k}?" for k in drawn]
    figure = Figure(figsize=(8, 2.3), layout="constrained")
    axes = figure.subplots()
    _draw_intervals(axes, P, words)
    for x, label in zip(u, labels, strict=True):
        axes.annotate(
            f"{label}\nu = {x:g}",
            (x, 0.5),
            (x, 1.55),
            ha="center",
            arrowprops={"arrowstyle": "-|>", "color": INK, "shrinkB": 0},
        )
    axes.set(xlim=(-0.03, 1.03), ylim=(-0.55, 2.35), yticks=[])
    axes.set_axis_off()
    told = ", ".join(f"u = {x:g} draws {label}" for x, label in zip(u, labels, strict=True))
    return from_figure(figure, f"The interval from 0 to 1, cut into {', '.join(words)}; arrows: {told}.")


def _draw_intervals(axes: object, P: np.ndarray, words: Sequence[str]) -> None:
    ends = P.cumsum()
    for k, (word, p, end) in enumerate(zip(words, P, ends, strict=True)):
        axes.barh(0, p, left=end - p, height=1, color=TINTS[k % len(TINTS)], edgecolor=INK)
        axes.text(end - p / 2, -0.14, f"{word}\n{p:.2f}", ha="center", va="center", color=INK)
    for x in (0, *ends):
        axes.text(x, -0.55, f"{x:.2f}".rstrip("0").rstrip("."), ha="center", va="top", fontsize=9, color=INK)
