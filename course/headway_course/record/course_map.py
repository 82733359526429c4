"""The course as a map: a band for each lesson, a box for each exercise, an arrow from what it is built on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from headway_course.manifest import Exercise, Manifest
from headway_course.pictures.panel import INK, LINE, PAPER, SHADE, TINTS
from headway_course.record.store import Entry, State

WIDTH = 980
_BAND, _BOX, _GAP, _BETWEEN = 26, 38, 14, 30  # a title's height, a box's, beside it, below it
_LETTER = 7.3  # the width of one in the boxes
MARKS = {State.PASSED: "✓", State.BEGUN: "◐", State.GIVEN_UP: "◇", State.OPEN: ""}
_LOOKS = {State.PASSED: TINTS[0], State.BEGUN: TINTS[1], State.GIVEN_UP: TINTS[3], State.OPEN: PAPER}
LEGEND = {State.PASSED: "passed", State.BEGUN: "begun", State.GIVEN_UP: "model answer seen"}


@dataclass(frozen=True)
class Box:
    """Where an exercise stands in the picture."""

    exercise: Exercise
    x: float
    y: float
    width: float


def directly(exercise: Exercise, course: Manifest) -> tuple[str, ...]:
    """The exercises that one is built on, without those it is built on by way of another."""
    uses = {other.name: set(other.uses) for other in course.exercises}
    further = set().union(*(uses.get(name, ()) for name in exercise.uses))
    return tuple(name for name in exercise.uses if name not in further)


def picture(
    course: Manifest,
    entries: Mapping[str, Entry] | None = None,
    link: Callable[[Exercise], str] | None = None,
    width: int = WIDTH,
) -> str:
    """The map as SVG. entries say how far the learner got; without them it is the map of the course alone."""
    boxes = list(_boxes(course, width))
    places = {box.exercise.name: box for box in boxes}
    bottom = max((box.y for box in boxes), default=0) + _BOX + _BETWEEN
    height = bottom + (_BAND if entries else 0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="{escape(described(course, entries))}" '
        'font-family="system-ui, sans-serif">',
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        *(_arrow(places[name], box, boxes) for box in boxes for name in directly(box.exercise, course)),
        *_bands(course, places, width),
        *(_drawn(box, (entries or {}).get(box.exercise.name, Entry()), link) for box in boxes),
        _legend(bottom) if entries else "",
        "</svg>",
    ]
    return "".join(parts)


def described(course: Manifest, entries: Mapping[str, Entry] | None = None) -> str:
    """The map in one sentence."""
    lessons = len(course.lessons)
    count = f"{len(course.exercises)} exercises in {lessons} lesson{'' if lessons == 1 else 's'}"
    if entries is None:
        return f"Map of the course: {count}, with arrows from each to those that are built on it."
    states = [entry.state for entry in entries.values()]
    counted = (f"{states.count(state)} {words}" for state, words in LEGEND.items() if state in states)
    return f"Map of the course: {count}; {', '.join(counted) or 'none begun yet'}."


def in_words(entry: Entry) -> str:
    """How far somebody got with one exercise."""
    match entry.state:
        case State.PASSED:
            return "passed, with the model answer seen before" if entry.seen_before else "passed"
        case State.GIVEN_UP:
            return "model answer seen"
        case State.BEGUN:
            return f"begun: right in {entry.right} of {entry.of} groups"
    return "open"


def _boxes(course: Manifest, paper: int) -> Iterator[Box]:
    y = 0.0
    for lesson in course.lessons:
        x, y = float(_GAP), y + _BAND
        for exercise in lesson.exercises:
            width = max(_LETTER * len(exercise.name), _LETTER * len(_effort(exercise)) + 22) + 18
            if x > _GAP and x + width > paper - _GAP:
                x, y = float(_GAP), y + _BOX + _BETWEEN
            yield Box(exercise, x, y, width)
            x += width + _GAP
        y += _BOX + _BETWEEN


def _bands(course: Manifest, places: Mapping[str, Box], width: int) -> Iterator[str]:
    """The title of each lesson, on a line of its own."""
    for lesson in course.lessons:
        if lesson.exercises:
            y = places[lesson.exercises[0].name].y - 9
            yield f'<line x1="0" x2="{width}" y1="{y - 15}" y2="{y - 15}" stroke="{SHADE}"/>'
            yield (
                f'<text x="{_GAP}" y="{y}" font-size="13" font-weight="600" fill="{INK}" stroke="{PAPER}" '
                f'stroke-width="4" paint-order="stroke">{escape(lesson.title)}</text>'
            )


def _arrow(source: Box, target: Box, boxes: list[Box]) -> str:
    """From below a box to above another, past the boxes between; within a row it dips below both."""
    x, y = source.x + source.width / 2, source.y + _BOX
    end, to = target.x + target.width / 2, target.y
    if source.y == to:
        down = y + _BETWEEN * 0.7
        path = f"M{x:.0f},{y:.0f} C{x:.0f},{down:.0f} {end:.0f},{down:.0f} {end:.0f},{y + 5:.0f}"
        return _headed(path, end, y, -1)
    path = f"M{x:.0f},{y:.0f}"
    apart = 4 * (boxes.index(source) % 3 - 1)  # arrows from different boxes go through a gap side by side
    for row in sorted({box.y for box in boxes if source.y < box.y < to}):
        free = _lane([box for box in boxes if box.y == row], x + (end - x) * (row - y) / (to - y)) + apart
        path += f"{_bend(x, y, free, row - 4)} V{row + _BOX:.0f}"
        x, y = free, row + _BOX
    return _headed(path + _bend(x, y, end, to - 5), end, to, 1)


def _lane(row: list[Box], wish: float) -> float:
    """Where an arrow gets through a row of boxes, as near as can be to where it would like to."""
    beside = [box.x + box.width + _GAP / 2 for box in row]
    return min([_GAP / 2, *beside, max(beside[-1], wish)], key=lambda x: abs(x - wish))


def _bend(x: float, y: float, end: float, to: float) -> str:
    bend = min(60.0, (to - y) / 2 + 10)
    return f" C{x:.0f},{y + bend:.0f} {end:.0f},{to - bend:.0f} {end:.0f},{to:.0f}"


def _headed(path: str, x: float, y: float, direction: int) -> str:
    back = y - 6 * direction
    head = f"{x:.0f},{y:.0f} {x - 3.5:.1f},{back:.0f} {x + 3.5:.1f},{back:.0f}"
    return f'<path d="{path}" fill="none" stroke="#8a8a8a"/><polygon points="{head}" fill="#8a8a8a"/>'


def _drawn(box: Box, entry: Entry, link: Callable[[Exercise], str] | None) -> str:
    exercise, mark = box.exercise, MARKS[entry.state]
    about = f"{exercise.name}: {_effort(exercise)}, {in_words(entry)}"
    middle = box.x + box.width / 2
    shape = (
        f"<title>{escape(about)}</title>"
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{_BOX}" rx="5" '
        f'fill="{_LOOKS[entry.state]}" stroke="{INK if mark else LINE}"/>'
        f'<text x="{middle:.0f}" y="{box.y + 16:.0f}" font-size="12" text-anchor="middle" fill="{INK}" '
        f'font-family="ui-monospace, Menlo, Consolas, monospace">{escape(exercise.name)}</text>'
        f'<text x="{middle:.0f}" y="{box.y + 31:.0f}" font-size="11" text-anchor="middle" fill="#4a4a4a">'
        f"{f'{mark} ' if mark else ''}{_effort(exercise)}</text>"
    )
    return f'<a href="{escape(link(exercise))}">{shape}</a>' if link else f"<g>{shape}</g>"


def _effort(exercise: Exercise) -> str:
    return f"{'★' * exercise.level}{'☆' * (5 - exercise.level)} {exercise.minutes} min"


def _legend(y: float) -> str:
    parts, x = [], float(_GAP)
    for state, words in LEGEND.items():
        box = f'x="{x:.0f}" y="{y - 8:.0f}" width="16" height="16" rx="3"'
        parts += [
            f'<rect {box} fill="{_LOOKS[state]}" stroke="{INK}"/>',
            _words(x + 8, y + 4, MARKS[state], 'text-anchor="middle"'),
            _words(x + 22, y + 4, words),
        ]
        x += 40 + _LETTER * len(words)
    return "".join(parts)


def _words(x: float, y: float, words: str, look: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="12" fill="{INK}" {look}>{words}</text>'
