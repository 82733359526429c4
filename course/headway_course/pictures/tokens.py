"""Pictures of lesson 02: a text in boxes, one for each token, as merges make them longer."""

from collections.abc import Callable, Sequence
from html import escape

import numpy as np

from headway_course.errors import CourseError
from headway_course.pictures.panel import INK, LINE, PAPER, TINTS, Picture, panel, says_what_is_missing
from headway_course.pictures.trouble import call

BYTES = 256
ON_PAPER = f"background-color:{PAPER};color:{INK}"


@says_what_is_missing
def show_tokens(bpe_encode: Callable, text: str, merges: np.ndarray, counts: Sequence[int]) -> Picture:
    """The text in boxes after the first few merges, one line of boxes for each count."""
    ids, merges = np.frombuffer(text.encode(), np.uint8).astype(int), np.asarray(merges)
    names = _names(merges)
    lines, told = [], []
    for count in counts:
        tokens = np.asarray(call(bpe_encode, ids.copy(), merges[:count].copy()))
        if tokens.ndim != 1 or not all(int(token) in names for token in tokens):
            raise CourseError("bpe_encode returned ids that no merge makes. `check(bpe_encode)` says more.")
        pieces = [names[int(token)] for token in tokens]
        plural = "merge" if count == 1 else "merges"
        said = f"{count} {plural}, {len(pieces)} tokens"
        lines.append(f'<div style="{ON_PAPER};margin:0 0 2px;font-size:13px">{said}</div>{_boxes(pieces)}')
        told.append(f"after {said}: {' | '.join(pieces)}")
    return Picture(panel("".join(lines)), "; ".join(told))


def _names(merges: np.ndarray) -> dict[int, str]:
    """What each id stands for: its characters, or the numbers of bytes that are no character alone."""
    known = {byte: bytes([byte]) for byte in range(BYTES)}
    for new, (left, right) in enumerate(merges.tolist(), BYTES):
        known[new] = known[left] + known[right]
    return {token: _readable(content) for token, content in known.items()}


def _readable(content: bytes) -> str:
    try:
        return content.decode().replace(" ", "␣").replace("\n", "⏎")
    except UnicodeDecodeError:
        return "".join(f"‹{byte}›" for byte in content)


def _boxes(pieces: Sequence[str]) -> str:
    """Neighbours in different tints, and with a line between them, so that colour is not all."""
    look = f"display:inline-block;padding:1px 4px;margin:1px 0;border:1px solid {LINE};color:{INK}"
    look += ";font:13px monospace"
    boxes = (
        f'<span style="{look};background-color:{TINTS[number % 2]}">{escape(piece)}</span>'
        for number, piece in enumerate(pieces)
    )
    return f'<div style="{ON_PAPER};margin:0 0 10px;line-height:1.9">{"".join(boxes)}</div>'
