"""Everything that is generated, as files: made in memory, written together or not at all."""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from headway_course import fixtures, manifest
from headway_course.errors import CourseError
from headway_course.problems import CASES

from headway_grader.build import notebooks, qualifying
from headway_grader.build.course import LessonPlan
from headway_grader.build.execute import CellFailed, run
from headway_grader.build.faults import Faults
from headway_grader.build.qualifying import Qualifier

FIXTURES = Path("data/fixtures")
LEARNERS = Path("exercises")
INSTRUCTORS = Path("autograder/source")
SOLVED = Path("solutions/notebooks")
# Where generated files lie, and nothing else of that form.
PLACES = (
    "data/fixtures/*.npz",
    "exercises/*.ipynb",
    "autograder/source/*/*.ipynb",
    "solutions/notebooks/*.ipynb",
    "exercises/qualifying/qualifying_problems.*",
    "exercises/qualifying/headway_checks/**/*.py",
)


@dataclass(frozen=True)
class Product:
    """One generated file; `path` is relative to the course."""

    path: Path
    content: bytes


@dataclass(frozen=True)
class Notebook(Product):
    """A solved notebook: its outputs are no truth of ours."""

    lesson: LessonPlan


def make(plan: Iterable[LessonPlan], qualifier: Qualifier | None = None) -> list[Product]:
    """Every file that belongs to a course; solved notebooks have not run yet."""
    products = []
    for lesson in plan:
        name = f"{lesson.entry.name}.ipynb"
        products += [
            Product(LEARNERS / name, _text(notebooks.learners(lesson))),
            Product(INSTRUCTORS / lesson.entry.name / name, _text(notebooks.instructors(lesson))),
            Product(
                FIXTURES / f"{lesson.entry.name}.npz", _npz(task.fixture for task in lesson.tasks.values())
            ),
            Notebook(SOLVED / name, _text(notebooks.solved(lesson)), lesson),
        ]
    entries = tuple(lesson.entry for lesson in plan)
    selections = (qualifier.entry,) if qualifier else ()
    return [
        *products,
        *(_qualifying(qualifier) if qualifier else ()),
        Product(FIXTURES / "manifest.json", manifest.dump(manifest.Manifest(entries, selections)).encode()),
    ]


def _qualifying(qualifier: Qualifier) -> Iterator[Product]:
    source = INSTRUCTORS / qualifying.NAME / f"{qualifying.NAME}.ipynb"
    yield Product(source, _text(qualifying.instructors(qualifier)))
    yield Product(qualifying.FOLDER / f"{qualifying.FILE}.ipynb", _text(qualifying.applicants(qualifier)))
    yield Product(qualifying.FOLDER / f"{qualifying.FILE}.py", qualifying.script(qualifier).encode())
    yield Product(qualifying.FOLDER / CASES, _npz(qualifying.cases(qualifier)))
    for path, text in qualifying.checks(qualifier):
        yield Product(qualifying.FOLDER / path, text.encode())


def run_notebooks(products: list[Product], reusable: Callable[[Notebook], bytes | None]) -> list[Product]:
    """The same files, every solved notebook run or taken from `reusable`; raises LessonError if one fails."""
    faults = Faults()
    done = []
    with tempfile.TemporaryDirectory(prefix="headway-fixtures-") as folder:
        for product in products:
            if product.path.parent == FIXTURES:
                (Path(folder) / product.path.name).write_bytes(product.content)
        for product in products:
            if isinstance(product, Notebook):
                product = _ran(product, reusable(product), Path(folder), faults)
            done.append(product)
    faults.stop_if_any()
    return done


def _ran(product: Notebook, kept: bytes | None, folder: Path, faults: Faults) -> Notebook:
    if kept is None:
        try:
            kept = _text(run(json.loads(product.content), folder))
        except CellFailed as error:
            text = product.lesson.text
            faults.add(text.path, _line_of(error.cell, product.lesson), f"fails when solved: {error}")
            return product
    return Notebook(product.path, kept, product.lesson)


def _line_of(cell: str, lesson: LessonPlan) -> int:
    """The line of the lesson that a cell of a notebook comes from."""
    lines = {}
    for number, written in enumerate(lesson.text.cells, 1):
        lines[notebooks.plain_id(lesson, number)] = written.line
    for mark in lesson.text.exercises:
        lines[mark.name] = mark.line
    for mark in lesson.text.checks:
        lines[f"check-{mark.name}"] = mark.line
    return lines.get(cell, 1)


def write(root: Path, products: Iterable[Product]) -> list[Path]:
    """Puts all files in place, or none; removes generated files of no lesson. Returns what changed."""
    changed = [p for p in products if not _is_there(root / p.path, p.content)]
    staged: list[tuple[Path, Path]] = []
    try:
        for product in changed:
            path = root / product.path
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_name(f".{path.name}.unfinished")
            staged.append((unfinished, path))
            unfinished.write_bytes(product.content)
        for unfinished, path in staged:
            unfinished.replace(path)
    except OSError as error:
        raise CourseError(
            f"cannot write {error.filename or root} ({error.strerror}): free some space or make it writable; "
            "nothing half-written was left"
        ) from error
    finally:
        for unfinished, _ in staged:
            unfinished.unlink(missing_ok=True)
    gone = strays(root, products)
    for path in gone:
        (root / path).unlink()
    return [product.path for product in changed] + gone


def strays(root: Path, products: Iterable[Product]) -> list[Path]:
    """Generated files that no lesson asks for."""
    known = {product.path for product in products}
    there = (path.relative_to(root) for place in PLACES for path in sorted(root.glob(place)))
    return [path for path in there if path not in known]


def _is_there(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _text(notebook: dict) -> bytes:
    return notebooks.dumps(notebook).encode()


def _npz(made: Iterable[fixtures.Fixture]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="headway-npz-") as folder:
        path = Path(folder) / "fixtures.npz"
        fixtures.save(path, list(made))
        return path.read_bytes()
