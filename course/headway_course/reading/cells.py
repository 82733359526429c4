"""Reading what a learner wrote: a notebook or a script becomes cells of text, and nothing is run."""

import codecs
import io
import json
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path

from headway_course.errors import CourseError
from headway_course.manifest import Manifest
from headway_course.reading.cell_syntax import is_python

MAX_BYTES = 16 << 20
"""Larger files are not read: a notebook with many pictures has a tenth of this."""

_MAX_CODE = 300_000  # characters; syntax trees are large
_MAX_CELLS = 2000

_MARKER = re.compile(r"#\s*(?:%%(?P<title>.*)|In\[[\d ]*\]:\s*)$")
_BYTE_ORDER_MARK = re.compile(r"^\ufeff+", re.MULTILINE)  # where files were put together
_CLAIM = re.compile(r"^# assignment: (\w+)[ \t]*$", re.MULTILINE)
_PROSE = re.compile(r"\[(markdown|md|raw)\]")
# What a cell binds to an answer of its own: `earlier(…)` fetches one of another lesson.
_DEFINITIONS = re.compile(
    r"^(?:async\s+)?(?:def|class)\s+(\w+)|^(\w+)[ \t]*(?::[^=\n]*)?=(?![ \t]*earlier\()", re.MULTILINE
)
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",  # begins like UTF-16
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_ENCODINGS = re.compile(
    r"(utf-?8|utf-?8-sig|ascii|latin-?1|cp125\d|iso-?8859-?\d+|mac-?roman|gbk|gb18030|big5|euc-\w+)$"
)


class Unreadable(CourseError):
    """A file is neither a notebook nor a script, or is damaged."""


@dataclass(frozen=True)
class Cell:
    """One cell; `kind` is "code" or "markdown", `grade_id` is nbgrader's name of it.

    `number` counts a notebook's cells from 1; in a script it is 0, and `first_line` says where it begins.
    """

    source: str
    id: str = ""
    grade_id: str = ""
    first_line: int = 1
    number: int = 0
    kind: str = "code"

    @property
    def names(self) -> frozenset[str]:
        """What the cell is called: its id and its grade id, where it has them."""
        return frozenset({self.id, self.grade_id} - {""})


@dataclass(frozen=True)
class Document:
    """A notebook or script: its cells in order, and the lesson it says it answers ("" if none).

    A notebook says so in its metadata, a script in a line such as `# assignment: qualifying`.
    """

    cells: tuple[Cell, ...]
    lesson: str = ""


def read_cells(source: Path | bytes, kind: str | None = None) -> tuple[Cell, ...]:
    """The cells of a notebook ("ipynb") or script ("py"); raises Unreadable."""
    return read(source, kind).cells


def read(source: Path | bytes, kind: str | None = None) -> Document:
    """A notebook ("ipynb") or script ("py") as cells; the kind of a path is its suffix; raises Unreadable."""
    if isinstance(source, Path):
        kind = kind or source.suffix.lower().lstrip(".")
        source = _content(source)
    if len(source) > MAX_BYTES:
        raise Unreadable(
            f"the file has {len(source) >> 20} MB, more than {MAX_BYTES >> 20}: clear its outputs"
        )
    if kind not in ("ipynb", "py"):
        raise Unreadable(
            f"cannot read a file of kind {kind!r}: hand in a notebook (.ipynb) or a script (.py)"
        )
    text = _decode(source, script=kind == "py")
    if "\0" in text:
        raise Unreadable("this is not text: hand in a notebook (.ipynb) or a script (.py)")
    if not text.strip():
        return Document(())
    is_script = kind == "py" and not text.lstrip().startswith("{")
    document = Document(_script_cells(text), _claim(text)) if is_script else _notebook(text)
    code = sum(len(cell.source) for cell in document.cells if cell.kind == "code")
    if code > _MAX_CODE:
        raise Unreadable(f"there are {code} characters of code, which is too much: hand in the answers alone")
    if len(document.cells) > _MAX_CELLS:
        raise Unreadable(
            f"there are {len(document.cells)} cells, which is too much: hand in the answers alone"
        )
    return document


def recognise(cells: tuple[Cell, ...], manifest: Manifest, lesson: str = "") -> str | None:
    """Which lesson these cells answer: the one they claim, else the one they have most of."""
    if any(lesson == known.name for known in manifest.assignments):
        return lesson
    called = {name for cell in cells for name in cell.names}
    code = "\n".join(cell.source for cell in cells if cell.kind == "code")
    defined = {name for pair in _DEFINITIONS.findall(code) for name in pair}

    def share(entry) -> tuple[int, int]:
        names = {exercise.name for exercise in entry.exercises}
        asked = names | {f"check-{name}" for name in names} | {question.name for question in entry.questions}
        return len(asked & called), len(names & defined)

    best = max(manifest.assignments, key=share, default=None)
    return best.name if best and share(best) > (0, 0) else None


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"cannot read {path}: {error.strerror or error}") from None


def _decode(data: bytes, script: bool) -> str:
    """Text of any usual encoding, with line ends as \\n and no half characters."""
    named = [encoding for mark, encoding in _MARKS.items() if data.startswith(mark)]
    if script and not named:
        try:
            stated = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
            named = [stated] if _ENCODINGS.match(stated) else []
        except SyntaxError:
            pass
    for encoding in [*named, "utf-8"]:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = data.decode("latin-1")
    return _plain_lines(text)


def _plain_lines(text: str) -> str:
    """The text with \\n at the end of lines, and no byte order mark at the beginning of one."""
    return _BYTE_ORDER_MARK.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _claim(text: str) -> str:
    found = _CLAIM.search(text)
    return found[1] if found else ""


def _script_cells(text: str) -> tuple[Cell, ...]:
    """One cell for each percent marker; the whole file if a marker stands inside a string."""
    if len(text) > _MAX_CODE:
        return (Cell(text),)
    lines = text.split("\n")
    starts = [i for i, line in enumerate(lines) if _MARKER.match(line)]
    cells = []
    for start, end in zip([0, *starts], [*starts, len(lines)], strict=True):
        title = _MARKER.match(lines[start]) if start in starts[:1] or cells else None
        kind = "markdown" if title and _PROSE.search(title["title"] or "") else "code"
        cells.append(Cell("\n".join(lines[start:end]), first_line=start + 1, kind=kind))
    cells = [cell for cell in cells if cell.source.strip()]
    if len(cells) > 1 and not all(is_python(cell.source) for cell in cells) and is_python(text):
        return (Cell(text),)
    return tuple(cells)


def _notebook(text: str) -> Document:
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            f"this is not a notebook, its JSON is damaged ({error}): save it again in Jupyter"
        ) from None
    listed = _listed_cells(notebook)
    if listed is None:
        raise Unreadable("this is not a notebook: it is JSON but has no list of cells")
    cells = (_cell(entry, number) for number, entry in enumerate(listed, start=1))
    headway = _mapping(_mapping(notebook.get("metadata")).get("headway"))
    return Document(tuple(cell for cell in cells if cell), _text(headway.get("lesson")))


def _listed_cells(notebook: object) -> list | None:
    """The cells of a notebook of format 4, or of the worksheets of format 3."""
    if not isinstance(notebook, dict):
        return None
    if isinstance(notebook.get("cells"), list):
        return notebook["cells"]
    sheets = notebook.get("worksheets")
    if not isinstance(sheets, list):
        return None
    pages = [_mapping(sheet).get("cells") for sheet in sheets]
    return [cell for page in pages if isinstance(page, list) for cell in page]


def _cell(entry: object, number: int) -> Cell | None:
    """A cell of code or prose; None for anything else."""
    entry = _mapping(entry)
    if entry.get("cell_type") not in ("code", "markdown"):
        return None
    metadata = _mapping(entry.get("metadata"))
    nbgrader = _mapping(metadata.get("nbgrader"))
    name = _text(entry.get("id")) or _text(metadata.get("id"))  # where Colab keeps it
    source = entry.get("source", entry.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return Cell(
        _plain_lines(_text(source)), name, _text(nbgrader.get("grade_id")), 1, number, entry["cell_type"]
    )


def _mapping(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    """The value if it is text, without lone surrogates, which JSON can hold and no file can."""
    return (
        value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else ""
    )
