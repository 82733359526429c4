"""Pictures of lesson 04: what a norm leaves of a plane, how activations bend, what each layer writes."""

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
    Picture,
    answer,
    cell,
    from_figure,
    head,
    mixed,
    panel,
    says_what_is_missing,
    table,
)

COLOURS, DASHES, MARKS = (BLUE, ORANGE, GREEN), ("-", "--", ":"), "os^"


@says_what_is_missing
def show_norms(layer_norm: Callable, rms_norm: Callable, X: np.ndarray) -> Picture:
    """Points of the plane before a norm, and where each of two norms puts them.

    X (n, 2)
    """
    from matplotlib.figure import Figure

    ones = np.ones(2)
    panels = {
        "before": X,
        "layer_norm": answer(layer_norm, X, ones, shape=X.shape),
        "rms_norm": answer(rms_norm, X, ones, shape=X.shape),
    }
    figure = Figure(figsize=(8.4, 3.1), layout="constrained")
    first = X[:, 0] > X[:, 1]
    for axes, (title, points) in zip(figure.subplots(1, 3), panels.items(), strict=True):
        for chosen, colour, mark in ((first, BLUE, "o"), (~first, ORANGE, "^")):
            axes.plot(*points[chosen].T, mark, color=colour, markersize=5, alpha=0.7)
        reach = 1.15 * np.abs(points).max()
        axes.axline((0, 0), slope=1, color=LINE, linewidth=1, zorder=0)
        axes.set(title=title, xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        axes.set(xlabel="component 0", ylabel="component 1")
        axes.spines[["top", "right"]].set_visible(False)
    told = "; ".join(f"{title}: {_where(points)}" for title, points in panels.items())
    return from_figure(
        figure,
        f"{len(X)} points of the plane, blue circles where component 0 is the larger, orange triangles where "
        f"component 1 is. {told}.",
    )


def _where(points: np.ndarray) -> str:
    """How many places points are in, and how far from the middle."""
    away = np.sqrt((points**2).sum(axis=-1))
    places = len(np.unique(points.round(1), axis=0))
    return f"{places} different places, from {away.min():.2f} to {away.max():.2f} away from the middle"


@says_what_is_missing
def show_activations(activations: Sequence[Callable], gelu: Callable, near: Callable) -> Picture:
    """Curves of activations, and how far one of them is from the gelu that it comes close to."""
    from matplotlib.figure import Figure

    x = np.linspace(-5, 5, 1001)
    figure = Figure(figsize=(8.6, 3.3), layout="constrained")
    left, right = figure.subplots(1, 2)
    told = []
    for function, colour, dash in zip(activations, COLOURS, DASHES, strict=False):
        y = answer(function, x.copy(), shape=x.shape)
        left.plot(x, y, dash, color=colour, linewidth=2.2, label=function.__name__)
        told.append(f"{function.__name__} is lowest at {x[y.argmin()]:.2f}, where it is {y.min():.3f}")
    left.axhline(0, color=LINE, linewidth=1, zorder=0)
    left.set(xlim=(-4.5, 2.5), ylim=(-0.4, 2.2), xlabel="x", title="what comes out")
    left.legend(frameon=False)
    apart = answer(near, x.copy(), shape=x.shape) - answer(gelu, x.copy(), shape=x.shape)
    right.plot(x, apart, color=INK, linewidth=1.6)
    right.axhline(0, color=LINE, linewidth=1, zorder=0)
    right.set(xlabel="x", title=f"{near.__name__} less {gelu.__name__}")
    right.ticklabel_format(axis="y", style="sci", scilimits=(-2, 2))
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    return from_figure(
        figure,
        f"Left, curves: {', '.join(told)}. Right: {near.__name__} less {gelu.__name__}, never more than "
        f"{np.abs(apart).max():.5f} from 0.",
    )


@says_what_is_missing
def show_stream(
    block: Callable,
    X: np.ndarray,
    layers: Sequence[Sequence[np.ndarray]],
    H: int,
    names: Sequence[str],
    mask: np.ndarray | None = None,
    title: str = "",
) -> Picture:
    """What each layer wrote at the last position, a row for each, and the stream: the sum of these rows.

    X (T, d), [mask bool (T, T)]

    layers has the parameters of each block in the order of its arguments, `names` one for each of d columns.
    """
    rows = {"embedding": X[-1]}
    for i, layer in enumerate(layers):
        *others, W_out, b_out = layer
        silent = (*others, np.zeros_like(W_out), np.zeros_like(b_out))
        between = answer(block, X.copy(), *silent, H, mask, shape=X.shape)  # after attention: mlp writes 0
        after = answer(block, X.copy(), *layer, H, mask, shape=X.shape)
        rows |= {f"attention {i}": (between - X)[-1], f"mlp {i}": (after - between)[-1]}
        X = after
    largest = max(np.abs(row).max() for row in [*rows.values(), X[-1]]) or 1
    columns = [[head("writes →", font_size="11px"), *(head(escape(name)) for name in names)]]
    written = [_written(name, row, largest) for name, row in rows.items()]
    total = _written("the stream: their sum", X[-1], largest, border_top=f"2px solid {INK}")
    caption = title or "What was written at the last position, layer by layer."
    told = "; ".join(f"{name}: {_in_words(row, names)}" for name, row in {**rows, "stream": X[-1]}.items())
    html = table([*columns, *written, total], escape(caption))
    return Picture(panel(html), f"What was written at the last position. {told}.")


def _written(name: str, row: np.ndarray, largest: float, **style: str) -> list[str]:
    return [head(escape(name), scope="row", **style), *(_number(x, largest, **style) for x in row)]


def _number(x: float, largest: float, **style: str) -> str:
    """Blue above 0, orange below, and the number with its sign; nothing where it is as good as 0."""
    text = f"{x:.2f}".replace("-", "−") if abs(x) >= 0.005 else "·"
    colour = mixed(BLUE if x > 0 else ORANGE, abs(x) / largest) if text != "·" else PAPER
    return cell(text, colour, INK, min_width="44px", **style)


def _in_words(row: np.ndarray, names: Sequence[str]) -> str:
    parts = [f"{name} {x:.2f}" for name, x in zip(names, row, strict=True) if abs(x) >= 0.005]
    return ", ".join(parts) or "nothing"


@says_what_is_missing
def show_depth(
    blocks: Mapping[str, Callable], X: np.ndarray, layers: Sequence[Sequence[np.ndarray]], H: int
) -> Picture:
    """How long the vectors of a stack are from block to block, and what is left in them of the embedding.

    X (T, d)

    layers has the parameters of each block, the same for each way to build them in `blocks`.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    depth, told = np.arange(len(layers) + 1), []
    for (name, block), colour, mark in zip(blocks.items(), COLOURS, MARKS, strict=False):
        stream = [X]
        for layer in layers:
            stream.append(answer(block, stream[-1].copy(), *layer, H, shape=X.shape))
        size, kept = _size(stream), _likeness(stream)
        look = {"color": colour, "marker": mark, "markersize": 4, "label": name}
        left.plot(depth, size, **look)
        right.plot(depth, kept, **look)
        told.append(
            f"{name}: length {size[0]:.1f} at first and {size[-1]:.1f} at the end, cosine with the embedding "
            f"{kept[len(layers) // 2]:.2f} after {len(layers) // 2} blocks and {kept[-1]:.2f} at the end"
        )
    left.set(title="length of the vectors in the stream", xlabel="blocks", ylim=(0, None))
    right.set(title="cosine with the embedding", xlabel="blocks", ylim=(None, 1.05))
    right.axhline(0, color=LINE, linewidth=1, zorder=0)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
    return from_figure(figure, f"The stream over {len(layers)} blocks. {'; '.join(told)}.")


def _size(stream: Sequence[np.ndarray]) -> np.ndarray:
    return np.array([np.linalg.norm(X, axis=-1).mean() for X in stream])


def _likeness(stream: Sequence[np.ndarray]) -> np.ndarray:
    """The cosine of each vector with what it was at first, on average."""
    units = [X / np.maximum(np.linalg.norm(X, axis=-1, keepdims=True), 1e-12) for X in stream]
    return np.array([(unit * units[0]).sum(axis=-1).mean() for unit in units])
