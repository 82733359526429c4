"""The page of one learner and lesson, as data, and as HTML that loads nothing and runs nothing."""

from dataclasses import dataclass
from functools import cache

import bleach
import jinja2
from headway_course.errors import CourseError
from markupsafe import Markup

# What people write may have form, but no pictures from elsewhere and nothing that runs.
_TAGS = {
    *("p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "del", "a"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "sub", "sup"),
}


@dataclass(frozen=True)
class Part:
    """An exercise or question: what it is worth, and what is said of it.

    `judged` is what the judge gave (None for a question), `said` its words line by line; `hints`,
    `comment`, and what was handed in as `code` and `text` are HTML.
    """

    name: str
    points: float
    of: float
    state: str
    judged: float | None = None
    said: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    comment: str = ""
    code: str = ""
    text: str = ""
    pending: bool = False

    @property
    def full(self) -> bool:
        return not self.pending and self.points >= self.of

    @property
    def mark(self) -> str:
        return "…" if self.pending else "✓" if self.full else "✗" if not self.points else "◐"


@dataclass(frozen=True)
class Page:
    """All that one learner gets back for one lesson; `late` is what was taken off."""

    title: str
    parts: tuple[Part, ...]
    late: float = 0.0

    @property
    def points(self) -> float:
        return round(sum(part.points for part in self.parts) - self.late, 2)

    @property
    def of(self) -> float:
        return round(sum(part.of for part in self.parts), 2)

    @property
    def pending(self) -> int:
        return sum(part.pending for part in self.parts)


def render(page: Page) -> str:
    """The page as HTML."""
    return _template().render(page=page)


def written(markdown: str) -> str:
    """What a person wrote in Markdown, as HTML without anything that loads or runs."""
    from nbconvert.filters import markdown2html

    made = markdown2html(markdown)
    return Markup(bleach.clean(made, tags=_TAGS, attributes={"a": ["href"]}, strip=True))


def highlighted(source: str) -> str:
    """A piece of Python in colours."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return Markup(highlight(source, PythonLexer(), HtmlFormatter(noclasses=True, nobackground=True)))


def points_in(html: str) -> tuple[float, float] | None:
    """The points and their maximum that a page of ours says; None for any other page."""
    _, _, rest = html.partition('<meta name="headway-points" content="')
    try:
        points, of = map(float, rest.partition('"')[0].split())
    except ValueError:
        return None
    return points, of


@cache
def _template() -> jinja2.Template:
    loader = jinja2.PackageLoader("headway_grader.feedback", ".")
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    environment.filters["number"] = lambda value: f"{value:g}"
    try:
        return environment.get_template("page.html.j2")
    except jinja2.TemplateNotFound as error:
        raise CourseError(f"the template {error} is missing: install headway-grader again") from None
