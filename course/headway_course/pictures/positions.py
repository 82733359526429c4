"""Pictures of lesson 02: positions as an image and as clock hands, as a turn, and as what is taken off."""

from collections.abc import Callable

import numpy as np

from headway_course.pictures.panel import (
    BLUE,
    INK,
    LINE,
    ORANGE,
    Picture,
    answer,
    from_figure,
    says_what_is_missing,
)

_TURNS = np.linspace(0, 2 * np.pi, 60)


@says_what_is_missing
def show_positions(sinusoidal_positions: Callable, T: int = 48, d: int = 32) -> Picture:
    """Every position as a row of an image."""
    from matplotlib.figure import Figure

    P = answer(sinusoidal_positions, T, d, shape=(T, d))
    figure = Figure(figsize=(5.6, 4.6), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(P, cmap="cividis", vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    axes.set(xlabel="component", ylabel="position", xticks=range(0, d, 4))
    figure.colorbar(image, ax=axes, ticks=(-1, 0, 1))
    return from_figure(
        figure,
        f"{T} positions of {d} components as an image: the first components change from row to row, the last "
        "ones hardly at all.",
    )


@says_what_is_missing
def show_clock_hands(sinusoidal_positions: Callable, T: int = 9, d: int = 8) -> Picture:
    """Every position as a row of clocks, one for each pair of components."""
    from matplotlib.figure import Figure

    P = answer(sinusoidal_positions, T, d, shape=(T, d))
    figure = Figure(figsize=(1.1 * T, 0.62 * d), layout="constrained")
    grid = figure.subplots(d // 2, T, squeeze=False)
    for pair, row in enumerate(grid):
        for t, axes in enumerate(row):
            _clock(axes, P[t, 2 * pair], P[t, 2 * pair + 1])
            if pair == 0:
                axes.set_title(f"t = {t}", fontsize=10)
        row[0].set_ylabel(f"pair {pair}", rotation=0, ha="right", va="center")
    return from_figure(
        figure,
        f"Clocks of {d // 2} pairs at {T} positions. The hand of pair 0 moves by 1 radian a position, that "
        f"of pair {d // 2 - 1} hardly moves.",
    )


def _clock(axes: object, across: float, up: float) -> None:
    """A hand that points up at position 0, for there the sine is 0 and the cosine 1."""
    axes.plot(np.sin(_TURNS), np.cos(_TURNS), color=LINE, linewidth=1)
    axes.plot([0, across], [0, up], color=BLUE, linewidth=2.5)
    axes.plot([0], [0], "o", color=INK, markersize=3)
    axes.set(xlim=(-1.15, 1.15), ylim=(-1.15, 1.15), xticks=(), yticks=(), aspect="equal")
    axes.spines[:].set_visible(False)


@says_what_is_missing
def show_rotary(rotary: Callable, q: np.ndarray, k: np.ndarray, T: int = 8) -> Picture:
    """The first pair of a query at each position, and the products of queries and keys at all positions."""
    from matplotlib.figure import Figure

    q, k = np.asarray(q, float), np.asarray(k, float)
    Q = answer(rotary, np.tile(q, (T, 1)), shape=(T, len(q)))
    K = answer(rotary, np.tile(k, (T, 1)), shape=(T, len(k)))
    figure = Figure(figsize=(8.6, 3.9), layout="constrained")
    left, right = figure.subplots(1, 2)
    for t, (x, y) in enumerate(Q[:, :2]):
        left.annotate("", (x, y), (0, 0), arrowprops={"arrowstyle": "-|>", "color": BLUE, "lw": 1.6})
        left.text(1.14 * x, 1.14 * y, str(t), ha="center", va="center", fontsize=10)
    reach = 1.3 * np.abs(Q[:, :2]).max()
    left.set(
        xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", title="one query, at positions 0, 1, 2 …"
    )
    left.set(xlabel="component 0", ylabel="component 1")
    S = Q @ K.T
    image = right.imshow(S, cmap="cividis")
    dark = (S.min() + S.max()) / 2 > S
    for i, j in np.ndindex(S.shape):
        colour = "#ffffff" if dark[i, j] else "#000000"
        right.text(j, i, f"{S[i, j]:.1f}", ha="center", va="center", fontsize=8, color=colour)
    right.set(xlabel="position of the key", ylabel="position of the query", title="query · key")
    figure.colorbar(image, ax=right)
    return from_figure(
        figure,
        f"Left: a query turned by its position, from 0 to {T - 1}. Right: its products with a key at every "
        "position; they are equal along each diagonal.",
    )


@says_what_is_missing
def show_alibi(alibi_bias: Callable, T: int = 10, H: int = 4) -> Picture:
    """What each head takes off the score of the last query, step by step."""
    from matplotlib.figure import Figure

    B = answer(alibi_bias, T, H, shape=(H, T, T))
    figure = Figure(figsize=(1.9 * H, 2.6), layout="constrained")
    for h, axes in enumerate(figure.subplots(1, H, sharey=True, squeeze=False)[0]):
        axes.bar(range(T), B[h, -1], color=ORANGE, width=0.8)
        axes.axhline(0, color=INK, linewidth=1)
        axes.set(title=f"head {h + 1}", xlabel="position of the key", xticks=(0, T - 1))
        axes.spines[["top", "right"]].set_visible(False)
        if h == 0:
            axes.set_ylabel("taken off")
    return from_figure(
        figure,
        f"What {H} heads take off the scores of the query at position {T - 1}: nothing at its own place, "
        "more with every step away; the first head most, the last one hardly anything.",
    )
