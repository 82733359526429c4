"""Pieces of HTML that stand in a panel: a line, code, what is folded. Inline styles only."""

import re
from html import escape

from headway_course.pictures.panel import INK, LINE, SHADE


def line(content: str, colour: str = INK, size: str = "13px") -> str:
    """One line of finished HTML."""
    return f'<div style="color:{colour};font-size:{size};margin:3px 0;line-height:1.45">{content}</div>'


def inline(said: str) -> str:
    """Escapes, and sets what stands between backticks as code."""
    return re.sub(r"`([^`\n]+)`", lambda found: code(found[1], escaped=True), escape(said))


def code(text: str, escaped: bool = False) -> str:
    """A word of code."""
    look = f"color:{INK};background-color:{SHADE};padding:1px 4px;border:1px solid {LINE}"
    return f'<code style="{look}">{text if escaped else escape(text)}</code>'


def listing(text: str) -> str:
    """Lines of code."""
    look = f"color:{INK};background-color:{SHADE};padding:6px 8px;border:1px solid {LINE};font-size:13px"
    return f'<pre style="{look};margin:4px 0;overflow-x:auto">{escape(text)}</pre>'


def folded(title: str, content: str) -> str:
    """Finished HTML under a title that opens it."""
    summary = f'<summary style="color:{INK};font-size:13px;cursor:pointer">{escape(title)}</summary>'
    inside = f'<div style="padding-left:14px">{content}</div>'
    return f'<details style="margin:4px 0;color:{INK}">{summary}{inside}</details>'


def beside(content: str) -> str:
    """Finished HTML that others may stand beside."""
    return f'<div style="display:inline-block;vertical-align:top;margin:2px 22px 2px 0">{content}</div>'
