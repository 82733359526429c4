"""progress, next_up, give_up, model_answer: a line in the notebook each, and a verb of `headway`."""

import base64
import inspect
from collections.abc import Callable, Iterator, Mapping
from html import escape

from headway_course import manifest
from headway_course.asking import from_library
from headway_course.errors import CourseError
from headway_course.manifest import Exercise, Manifest
from headway_course.pictures.panel import INK, PAPER, Picture, cell, head, panel, table
from headway_course.record.course_map import MARKS, WIDTH, described, directly, in_words, picture
from headway_course.record.proposals import proposals
from headway_course.record.store import Entry, State, record


def progress() -> Picture:
    """The map of the course, with how far you are."""
    course = manifest.load()
    entries = _entries(course)
    said = described(course, entries)
    drawn = base64.b64encode(picture(course, entries).encode()).decode("ascii")
    image = (
        f'<img alt="{escape(said)}" style="max-width:100%" width="{WIDTH}" '
        f'src="data:image/svg+xml;base64,{drawn}">'
    )
    look = f"color:{INK};font-size:13px;cursor:pointer"
    listed = f'<summary style="{look}">The same as a list</summary>{_list(course, entries)}'
    return Picture(panel(f"{image}<details>{listed}</details>"), "\n".join(_lines(course, entries)))


def next_up() -> Picture:
    """At most three exercises to do next, with their lessons, levels and minutes, and why these."""
    course = manifest.load()
    found = proposals(course, _entries(course))
    if not found:
        said = "Nothing is left: every exercise has passed or was given up."
        return Picture(panel(said), said)
    heads = [head(words, text_align="left") for words in ("next", "lesson", "level", "minutes", "why")]
    rows = [
        [
            cell(escape(p.exercise.name), text_align="left", font_family="monospace"),
            cell(escape(course.lesson(p.exercise.lesson).title), text_align="left"),
            cell("★" * p.exercise.level + "☆" * (5 - p.exercise.level)),
            cell(p.exercise.minutes),
            cell(escape(p.reason), text_align="left"),
        ]
        for p in found
    ]
    return Picture(panel(table([heads, *rows], "What you could do next")), "\n".join(map(str, found)))


def give_up(exercise: Callable | str) -> Picture:
    """Shows the model answer of an exercise that has not passed; that you saw it stays marked."""
    asked = _asked(exercise)
    record().give_up(asked.name)
    return model_answer(asked.name)


def model_answer(exercise: Callable | str) -> Picture:
    """The library's answer, once yours has passed or you gave up; until then what to do."""
    asked = _asked(exercise)
    if record().entry(asked.name).state not in (State.PASSED, State.GIVEN_UP):
        said = (
            f"{asked.name} has not passed yet. The model answer is yours once check({asked.name}) is green, "
            f'or now, with give_up("{asked.name}"), which stays marked.'
        )
        in_terminal = f"{said} (In a terminal: headway give-up {asked.name})"
        return Picture(panel(escape(said)), in_terminal)
    function = from_library(asked.target)
    if function is None:
        said = (
            f"The model answer of {asked.name} is not here. In a class it comes when the lesson's time is "
            "over, with the next release or with your feedback."
        )
        return Picture(panel(escape(said)), said)
    source = inspect.getsource(function)
    return Picture(panel(_highlighted(source)), source)


def _asked(exercise: Callable | str) -> Exercise:
    name = exercise if isinstance(exercise, str) else getattr(exercise, "__name__", "")
    if not name:
        raise CourseError(f'name an exercise, as in `model_answer("softmax")`, not {exercise!r}')
    return manifest.load().exercise(name)


def _entries(course: Manifest) -> dict[str, Entry]:
    kept = record()
    return {exercise.name: kept.entry(exercise.name) for exercise in course.exercises}


def _lines(course: Manifest, entries: Mapping[str, Entry]) -> Iterator[str]:
    for lesson in course.lessons:
        states = [entries[exercise.name].state for exercise in lesson.exercises]
        yield f"{lesson.title}: {states.count(State.PASSED)} of {len(states)} passed"
        for exercise in lesson.exercises:
            entry = entries[exercise.name]
            said = f"  {MARKS[entry.state] or '·'} {exercise.name}"
            yield said if entry.state is State.OPEN else f"{said} ({in_words(entry)})"


def _list(course: Manifest, entries: Mapping[str, Entry]) -> str:
    rows = [[head(words, text_align="left") for words in ("exercise", "lesson", "state", "built on")]]
    for exercise in course.exercises:
        shown = (
            exercise.name,
            exercise.lesson,
            in_words(entries[exercise.name]),
            ", ".join(directly(exercise, course)) or "–",
        )
        rows.append([cell(escape(words), text_align="left") for words in shown])
    return table(rows, "Every exercise")


def _highlighted(source: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    # Its own colours for what no style names: a notebook in dark mode would write it in white.
    look = HtmlFormatter(noclasses=True, style="default", prestyles=f"color:{INK};background-color:{PAPER}")
    return highlight(source, PythonLexer(), look)
