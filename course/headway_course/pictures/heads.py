"""Pictures of lesson 03: how heads split a width among them, and which of them share keys and values."""

from collections.abc import Callable, Sequence
from html import escape

import numpy as np

from headway_course.pictures.panel import (
    PAPER,
    TINTS,
    Picture,
    answer,
    cell,
    head,
    in_a_row,
    panel,
    says_what_is_missing,
    table,
)


@says_what_is_missing
def show_split(split_heads: Callable, X: np.ndarray, H: int) -> Picture:
    """Where split_heads puts each number of X; a colour is the stretch that one head should own.

    X (T, d), H int ()
    """
    T, d = X.shape
    heads = answer(split_heads, X, H, shape=(H, T, d // H))
    owner = {float(x): TINTS[c // (d // H) % len(TINTS)] for row in X for c, x in enumerate(row)}
    tables = [_numbers(X, owner, "X")]
    tables += [_numbers(head, owner, f"head {h}") for h, head in enumerate(heads)]
    told = " ".join(f"Head {h} holds {head.tolist()}." for h, head in enumerate(heads))
    return Picture(panel(in_a_row(tables)), told)


def _numbers(X: np.ndarray, owner: dict[float, str], caption: str) -> str:
    return table([[cell(f"{x:g}", owner.get(float(x), PAPER)) for x in row] for row in X], escape(caption))


@says_what_is_missing
def show_sharing(grouped_query_attention: Callable, H: int, groups: Sequence[int]) -> Picture:
    """Which heads bring home something else when the values of one group are set to zero, by experiment."""
    asked = [_who_asks(grouped_query_attention, H, G) for G in groups]
    tables = [_asked_by(asks, f"G = {G}") for asks, G in zip(asked, groups, strict=True)]
    told = "; ".join(
        f"of {len(asks)}, group {g} is asked by {np.flatnonzero(row).tolist()}"
        for asks in asked
        for g, row in enumerate(asks)
    )
    return Picture(panel(in_a_row(tables)), f"Heads that ask a group: {told}.")


def _who_asks(function: Callable, H: int, G: int) -> np.ndarray:
    """True where a group, a row, is asked by a head, a column: bool (G, H)"""
    rng = np.random.default_rng(0)
    X, W_Q, W_K, W_V = rng.normal(size=(5, H)), *rng.normal(size=(3, H, H))
    muted = [np.where(np.arange(G) == g, 0, W_V[:, :G]) for g in range(G)]
    before, *after = (  # heads are one wide, so with the identity for W_O there is a column for each
        answer(function, X, W_Q, W_K[:, :G], values, np.eye(H), H, G, shape=(5, H))
        for values in [W_V[:, :G], *muted]
    )
    return np.any(np.array(after) != before, axis=1)


def _asked_by(asks: np.ndarray, caption: str) -> str:
    rows = [[head("head →", font_size="11px"), *(head(h) for h in range(asks.shape[1]))]]
    for g, row in enumerate(asks):
        tint = TINTS[g % len(TINTS)]
        rows.append(
            [head(f"group {g}", scope="row"), *(cell("●", tint) if asked else cell("") for asked in row)]
        )
    return table(rows, caption)
