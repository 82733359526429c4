"""The frame around every picture: a light panel, text for those who do not see it, a word on what is missing.

Colours are inline and the panel brings its own background, so a picture looks the same in light and dark
mode, in a notebook that is not trusted, and in a page made by nbconvert. The hues are those of Okabe and Ito.
"""

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from headway_course.errors import CourseError
from headway_course.pictures.trouble import call

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, PAPER, LINE, SHADE = "#1a1a1a", "#ffffff", "#c8c8c8", "#f0f0f0"
BLUE, ORANGE, GREEN, PINK = "#0072b2", "#e69f00", "#009e73", "#cc79a7"
TINTS = ("#cfe4f3", "#fbe3b0", "#c5e8dc", "#f3d9e7")  # the same hues, light enough to write on


@dataclass(frozen=True)
class Picture:
    """What a notebook shows: HTML in a browser, one sentence where there is none."""

    html: str
    alt: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.alt


def says_what_is_missing(picture: Callable) -> Callable:
    """Says what is missing or went wrong, where a picture would end in the traceback of an exercise."""

    @wraps(picture)
    def careful(*arguments: object, **options: object) -> object:
        try:
            with np.errstate(all="ignore"):  # a warning would quote the line that it warns of
                return picture(*arguments, **options)
        except NotImplementedError as error:
            if error.args:  # not the bare one that stands in an unfinished exercise
                raise
            return note(f"{_raiser(error)} is not written yet: solve its exercise, then run this cell again.")
        except CourseError as error:
            return note(str(error))

    return careful


@says_what_is_missing
def watch(function: Callable, *arguments: object) -> object:
    """Calls a function that needs your answers, and says which one is missing or ends with an error."""
    return call(function, *arguments)


def answer(function: Callable, *arguments: object, shape: tuple[int, ...]) -> np.ndarray:
    """What the learner's function gives; raises CourseError if no picture can be drawn of it."""
    result = call(function, *arguments)
    name = getattr(function, "__name__", "the function")
    due = f"expected an array of shape {shape}. `check({name})` says more"
    if not isinstance(result, np.ndarray | np.generic) or result.dtype.kind not in "biuf":
        raise CourseError(f"{name} returned {type(result).__name__}, {due}.")
    if result.shape != shape:
        raise CourseError(f"{name} returned an array of shape {result.shape}, {due}.")
    if not np.isfinite(result).all():
        raise CourseError(f"{name} returned numbers that are not finite, {due}.")
    return np.asarray(result)


def note(text: str) -> Picture:
    """A line of text in the place of a picture."""
    return Picture(panel(f'<span style="color:{INK}">{escape(text)}</span>'), text)


def panel(content: str) -> str:
    """Content on paper of its own, whatever the page around it looks like."""
    return (
        f'<div style="background-color:{PAPER};color:{INK};padding:10px 14px;border:1px solid {LINE};'
        f'overflow-x:auto;display:inline-block;max-width:100%">{content}</div>'
    )


def from_figure(figure: "Figure", alt: str) -> Picture:
    """A matplotlib figure as an image inside the page, with its description."""
    figure.get_layout_engine().set(
        w_pad=0.1, h_pad=0.1
    )  # inches; the edge of the paper is visible in dark mode
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=140, facecolor=PAPER, metadata={"Software": None})
    data = base64.b64encode(file.getvalue()).decode("ascii")
    width = round(figure.get_figwidth() * 96)
    look = 'style="max-width:100%;height:auto"'
    return Picture(
        f'<img alt="{escape(alt)}" width="{width}" {look} src="data:image/png;base64,{data}">', alt
    )


def cell(content: object, background: str = PAPER, ink: str = INK, columns: int = 1, **style: str) -> str:
    """One cell of a table, over so many columns; its colours are its own."""
    look = {"text-align": "center", "padding": "3px 7px", "border": f"1px solid {LINE}"}
    look |= {key.replace("_", "-"): value for key, value in style.items()}
    look |= {"background-color": background, "color": ink}
    wide = f' colspan="{columns}"' if columns > 1 else ""
    return f'<td{wide} style="{_css(look)}">{content}</td>'


def head(content: object, scope: str = "col", **style: str) -> str:
    """The head of a column, or of a row."""
    look = {"text_align": "center", "font_weight": "normal"}
    if scope == "row":
        look |= {"text_align": "left", "white_space": "nowrap"}
    look |= style
    inner = cell(content, SHADE, **look).removeprefix("<td").removesuffix("</td>")
    return f'<th scope="{scope}"{inner}</th>'


def mixed(colour: str, share: float) -> str:
    """A colour on paper, as much of it as can be written on: none at 0, most at 1."""
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 + 0.6 * share * (part - 255)):02x}" for part in parts)


def table(rows: Sequence[Sequence[str]], caption: str, **style: str) -> str:
    """A table of finished cells; the caption stands above it."""
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    above = {"caption-side": "top", "text-align": "left", "color": INK, "padding": "2px 0 6px 0"}
    look = {"border-collapse": "collapse", "color": INK, "font-size": "13px", "margin": "0 0 6px 0"}
    look |= {key.replace("_", "-"): value for key, value in style.items()}
    title = f'<caption style="{_css(above)}">{caption}</caption>'
    return f'<table style="{_css(look)}">{title}<tbody>{body}</tbody></table>'


def in_a_row(parts: Sequence[str]) -> str:
    """Finished pieces next to each other; what the page is too narrow for stands below."""
    look = {"display": "inline-block", "padding": "0 14px 0 0", "vertical-align": "top"}
    look |= {"color": INK, "background-color": PAPER}
    return "".join(f'<div style="{_css(look)}">{part}</div>' for part in parts)


def _css(look: dict[str, str]) -> str:
    return ";".join(f"{key}:{value}" for key, value in look.items())


def _raiser(error: BaseException) -> str:
    """The name of the function that raised."""
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_name
