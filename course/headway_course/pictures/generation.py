"""Pictures of lesson 06: what is cut off, what is computed again, the tree of a beam search, and drafts."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

import numpy as np

from headway_course.errors import CourseError
from headway_course.pictures.panel import (
    BLUE,
    INK,
    LINE,
    ORANGE,
    PAPER,
    SHADE,
    TINTS,
    Picture,
    cell,
    from_figure,
    head,
    in_a_row,
    panel,
    says_what_is_missing,
    table,
)
from headway_course.pictures.trouble import call

Step = tuple[np.ndarray, np.ndarray, np.ndarray]  # parents, tokens, log-probabilities
GREY = "#6b6b6b"  # ink of what is out of the running, and still to be read


@says_what_is_missing
def show_kept(
    keep: Callable,
    Z: np.ndarray,
    words: Sequence[str],
    amount: float,
    titles: Sequence[str],
    shown: int = 12,
) -> Picture:
    """The likeliest words of each row of scores as bars: filled if `keep(Z, amount)` lets them stay.

    Z (rows, V)
    """
    from matplotlib.figure import Figure

    kept = call(keep, Z.copy(), amount)
    if not isinstance(kept, np.ndarray) or kept.shape != Z.shape or kept.dtype != Z.dtype:
        raise CourseError(
            f"{keep.__name__} returned {_described(kept)}, expected {_described(Z)}. "
            f"`check({keep.__name__})` says more."
        )
    P, stays = np.exp(Z - np.logaddexp.reduce(Z, axis=-1, keepdims=True)), kept > -np.inf
    figure = Figure(figsize=(3.6 * len(Z), 3.6), layout="constrained")
    told = []
    for axes, p, stay, title in zip(
        np.atleast_1d(figure.subplots(1, len(Z), sharex=True)), P, stays, titles, strict=True
    ):
        said = f"{stay.sum()} of {len(p)} stay, together {p[stay].sum():.2f}"
        _bars_of_words(axes, p, stay, words, shown)
        axes.set_title(f"{title}\n{said}", fontsize=10)
        told.append(
            f"{title}, {said}: {', '.join(words[i] for i in np.argsort(-p, kind='stable') if stay[i])}"
        )
    return from_figure(
        figure, f"Bars of the likeliest words, {min(shown, len(words))} of {len(words)}. {'; '.join(told)}."
    )


def _bars_of_words(axes: object, p: np.ndarray, stay: np.ndarray, words: Sequence[str], shown: int) -> None:
    order = np.argsort(-p, kind="stable")[:shown]
    fill = [BLUE if stay[i] else PAPER for i in order]
    bars = axes.barh(
        range(len(order)), p[order], color=fill, edgecolor=[BLUE if stay[i] else GREY for i in order]
    )
    axes.bar_label(bars, [f"{x:.2f}" if x >= 0.005 else f"{x:.1g}" for x in p[order]], padding=3, fontsize=9)
    axes.set_yticks(range(len(order)), [words[i] for i in order])
    for label, i in zip(axes.get_yticklabels(), order, strict=True):  # a bar may be too thin to look filled
        label.set(color=BLUE if stay[i] else GREY, weight="bold" if stay[i] else "normal")
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel("probability")


def show_reading(read: Mapping[str, Sequence[tuple[int, int]]]) -> Picture:
    """Which positions each step computes, from its first number to before its second, and which are kept."""
    tables, told = [], []
    for title, steps in read.items():
        total = sum(end - start for start, end in steps)
        tables.append(_read(steps, f"{escape(title)}: {total} positions computed"))
        told.append(f"{title}, {total} positions are computed: {', '.join(str(b - a) for a, b in steps)}")
    return Picture(panel(in_a_row(tables)), f"Steps of writing. {'; '.join(told)}.")


def _read(steps: Sequence[tuple[int, int]], caption: str) -> str:
    T = max(end for _, end in steps)
    rows = [[head("position →", font_size="11px"), *(head(t, font_size="11px") for t in range(T))]]
    for number, (start, end) in enumerate(steps):
        squares = [
            cell("●", TINTS[1]) if start <= t < end else cell("·", TINTS[0]) if t < start else cell("")
            for t in range(T)
        ]
        rows.append([head(f"step {number}", scope="row", font_size="11px"), *squares])
    return table(rows, caption)


def show_beams(steps: Sequence[Step], words: Sequence[str], start: str) -> Picture:
    """The tree of a beam search for one text: a column for each step, and the way to the best text in bold.

    Of a step there are the parents among the beams of the step before, the tokens, and the log-probabilities.
    """
    from matplotlib.figure import Figure

    W = len(steps[0][0])
    ways = _ways(steps)
    alive, best = {(s, b) for way in ways for s, b in enumerate(way)}, set(enumerate(ways[0]))
    figure = Figure(figsize=(1.5 + 1.25 * len(steps), 0.9 + 0.55 * W), layout="constrained")
    axes = figure.subplots()
    axes.text(-1, (W - 1) / 2, start, ha="center", va="center", bbox=_box(SHADE))
    for s, (parents, tokens, found) in enumerate(steps):
        for b, (parent, token, log) in enumerate(zip(parents, tokens, found, strict=True)):
            if not np.isfinite(log):
                continue
            bold = (s, b) in best
            ink = INK if (s, b) in alive else GREY
            line = {"color": BLUE if bold else ink, "linewidth": 2.5 if bold else 0.8}
            y = (W - 1) / 2 if s == 0 else parent
            axes.plot([s - 1, s], [y, b], zorder=0, **line, linestyle="-" if (s, b) in alive else ":")
            box = _box(TINTS[0] if bold else PAPER, BLUE if bold else LINE)
            axes.text(
                s, b, f"{words[token]}\n{log:.1f}", ha="center", va="center", fontsize=9, color=ink, bbox=box
            )
    axes.set(xlim=(-1.6, len(steps) - 0.4), ylim=(W - 0.4, -0.6))
    axes.set_axis_off()
    texts = [" ".join(words[steps[s][1][b]] for s, b in enumerate(way)) for way in ways]
    told = "; ".join(f"{text} ({log:.2f})" for text, log in zip(texts, steps[-1][2], strict=True))
    return from_figure(
        figure, f"A tree of {W} beams over {len(steps)} steps from {start}, best first: {told}."
    )


def _ways(steps: Sequence[Step]) -> list[list[int]]:
    """For each beam of the last step, which beam it was at every step."""
    ways = [[b] for b in range(len(steps[-1][0]))]
    for parents, *_ in reversed(steps[1:]):
        ways = [[int(parents[way[0]]), *way] for way in ways]
    return ways


def _box(face: str, edge: str = LINE) -> dict[str, object]:
    return {"facecolor": face, "edgecolor": edge, "boxstyle": "round,pad=0.25"}


@says_what_is_missing
def show_drafts(
    accept_drafts: Callable,
    p: np.ndarray,
    q: np.ndarray,
    words: Sequence[str],
    rng: np.random.Generator,
    n: int = 20_000,
) -> Picture:
    """What a model wants and what a draft offers, and the words that come of n drafts of one word each."""
    from matplotlib.figure import Figure

    drafted = rng.choice(len(q), size=(n, 1), p=q)
    P, Q = np.broadcast_to(p, (n, 2, len(p))), np.broadcast_to(q, (n, 1, len(q)))
    result = call(accept_drafts, P.copy(), Q.copy(), drafted, rng.random((n, 1)), rng.random(n))
    kept, token = _counted(accept_drafts, result, n, len(p))
    first = np.where(kept == 1, drafted[:, 0], token)
    share = np.bincount(first, minlength=len(p)) / n
    at = np.arange(len(p))
    figure = Figure(figsize=(8, 3.4), layout="constrained")
    axes = figure.subplots()
    axes.bar(at - 0.2, q, 0.38, color=PAPER, edgecolor=ORANGE, linewidth=1.5, label="the draft offers, Q")
    axes.bar(at + 0.2, p, 0.38, color=TINTS[0], edgecolor=BLUE, linewidth=1.5, label="the model wants, P")
    axes.bar(at - 0.2, np.minimum(p, q), 0.38, color=ORANGE, label="offered and kept, min(P, Q)")
    axes.plot(at + 0.2, share, "o", color=INK, markersize=5, label=f"came, of {n:,}")
    axes.set_xticks(at, words)
    axes.set_ylabel("probability")
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside lower center", ncols=4, frameon=False, fontsize=9)
    said = (
        f"{(kept == 1).mean():.3f} of the drafts stayed, and min(P, Q) sums to {np.minimum(p, q).sum():.3f}"
    )
    axes.set_title(said, fontsize=10)
    told = ", ".join(
        f"`{word}` was offered {a:.2f}, wanted {b:.2f}, came {c:.2f}"
        for word, a, b, c in zip(words, q, p, share, strict=True)
    )
    return from_figure(figure, f"{said}. {told}.")


def _counted(function: Callable, result: object, n: int, V: int) -> tuple[np.ndarray, np.ndarray]:
    """How many drafts stay and the token after them; raises CourseError if it is not that."""
    parts = result if isinstance(result, tuple) else (result,)
    whole = [isinstance(a, np.ndarray) and a.dtype.kind in "iu" and a.shape == (n,) for a in parts]
    if whole != [True, True] or not np.isin(parts[1], np.arange(V)).all():
        raise CourseError(
            f"{function.__name__} returned {' and '.join(map(_described, parts))}, expected two arrays of "
            f"{n} whole numbers, the second of tokens below {V}. `check({function.__name__})` says more."
        )
    return parts


def _described(value: object) -> str:
    if not isinstance(value, np.ndarray):
        return type(value).__name__
    return f"an array of shape {value.shape} and dtype {value.dtype}"
