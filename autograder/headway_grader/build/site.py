"""The website: the solved lessons, the map of the course, the guides and the library's pages, by Sphinx."""

import json
import pkgutil
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import headway_course
from headway_course import manifest, pictures
from headway_course.cli import app
from headway_course.errors import CourseError
from headway_course.record.course_map import picture
from typer.main import get_command

from headway_grader.build.products import FIXTURES, SOLVED
from headway_grader.library import PACKAGE

DOCS = Path("docs")
SITE = Path("build/site")
_FOLDED = "<details>\n<summary>Model answer</summary>\n\n```python\n{}\n```\n\n</details>"
_TO_READ = """:::{{container}} to-read
This is the lesson solved, to read; hints and answers are folded.
To write your own, type `python3 start.py learn` and open `{}.ipynb`.
:::"""
_OF_SPHINX = ".buildinfo"  # lies in everything it made
_COLUMN = 686  # the width of the text on a wide screen


def build_site(root: Path, out: Path) -> list[str]:
    """Makes the website in `out`, in place of an older one; returns what Sphinx warns of.

    Raises CourseError if Sphinx is not here or fails, or if `out` holds anything but a website.
    """
    course = _course(root)
    if out.exists() and not (out / _OF_SPHINX).exists() and any(out.iterdir()):
        raise CourseError(f"{out} holds files that are no website of ours: name an empty or a new folder")
    with tempfile.TemporaryDirectory(prefix="headway-site-") as folder:
        source = Path(folder) / "source"
        _copy(root / DOCS, source, "*")
        _write(source / "map.html", _map(course))
        _write(source / "calls.txt", _calls())
        _write(source / "commands.txt", _commands())
        for lesson in course.lessons:
            _write_lesson(root, source, lesson)
        for module in _modules():
            _write(source / "api" / f"{module}.rst", _api(module))
        warned = _run_sphinx(source, Path(folder) / "made")
        _replace(out, Path(folder) / "made")
    return warned


def _replace(out: Path, made: Path) -> None:
    """Puts a new website where an older one may be, of which nothing stays."""
    fresh = out.with_name(f".{out.name}.unfinished")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(made, fresh)
    if out.exists():
        shutil.rmtree(out)
    fresh.rename(out)


def build_page(
    root: Path, out: Path, lesson: str, staff_view: Callable[[manifest.Exercise], str]
) -> list[str]:
    """Makes one lesson's page alone, with what its author wants to see below each check."""
    with tempfile.TemporaryDirectory(prefix="headway-page-") as folder:
        source = Path(folder) / "source"
        _copy(root / DOCS, source, "conf.py", "static")
        _write(source / "index.md", f"# Preview\n\n```{{toctree}}\nlessons/{lesson}\n```\n")
        _write_lesson(root, source, _course(root).lesson(lesson), staff_view)
        return _run_sphinx(source, out)


def _course(root: Path) -> manifest.Manifest:
    return manifest.load(root / FIXTURES / "manifest.json")


def _copy(docs: Path, source: Path, *patterns: str) -> None:
    source.mkdir()
    for path in (path for pattern in patterns for path in docs.glob(pattern)):
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, source / path.name)


def _map(course: manifest.Manifest) -> str:
    drawn = picture(course, link=_place, width=_COLUMN)
    return f'<div class="headway-map" tabindex="0" role="group" aria-label="Map of the course">{drawn}</div>'


def _place(exercise: manifest.Exercise) -> str:
    """Where an exercise stands, as seen from the front page."""
    return f"lessons/{exercise.lesson}.html#{anchor(exercise.name)}"


def anchor(name: str) -> str:
    """What an exercise's place on its page is called."""
    return f"exercise-{name.replace('_', '-')}"


def _write_lesson(
    root: Path,
    source: Path,
    lesson: manifest.Lesson,
    staff_view: Callable[[manifest.Exercise], str] | None = None,
) -> None:
    page = _page(root / SOLVED / f"{lesson.name}.ipynb", lesson, staff_view)
    _write(source / "lessons" / f"{lesson.name}.ipynb", json.dumps(page))


def _page(path: Path, lesson: manifest.Lesson, staff_view: Callable[[manifest.Exercise], str] | None) -> dict:
    """A solved notebook as a page: answers folded, a place above each exercise, nothing to fill in."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    exercises = {exercise.name: exercise for exercise in lesson.exercises}
    for_writing = {question.name for question in lesson.questions}
    cells = []
    for cell in notebook["cells"]:
        name, source = cell["id"], "".join(cell["source"])
        kind, _, of = name.rpartition("-")
        if name in exercises:
            cell = _markdown(name, _FOLDED.format(source))
        elif kind == "goal" and of in exercises:
            cell = _markdown(name, f"({anchor(of)})=\n{source}")
        if name not in for_writing:
            cells.append(cell)
        if staff_view and kind == "check" and of in exercises:
            cells.append(_markdown(f"staff-{name}", staff_view(exercises[of])))
    title = "".join(cells[0]["source"])
    cells[0] = _markdown(cells[0]["id"], _below_title(title, _TO_READ.format(lesson.name)))
    return notebook | {"cells": cells}


def _below_title(text: str, note: str) -> str:
    return re.sub(r"(?m)^# .*$", lambda title: f"{title[0]}\n\n{note}", text, count=1)


def _markdown(name: str, source: str) -> dict:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


def _calls() -> str:
    """What learners call, and neither is a picture nor only for authors."""
    names = {*headway_course.__all__} - {*pictures.__all__} - {"exercise", "question"}
    calls = (f".. autofunction:: {headway_course.__name__}.{name}" for name in sorted(names))
    return "\n".join(["```{eval-rst}", *calls, "```"])


def _commands() -> str:
    """The learner's commands as a table, in the words of their own help."""
    lines = ["| command | what it does |", "|---|---|"]
    for name, command in get_command(app).commands.items():
        arguments = [p.name.upper() for p in command.params if p.param_type_name == "argument" and p.required]
        said = " ".join(command.help.partition("\n\n")[0].split())
        lines.append(f"| `{' '.join(['headway', name, *arguments])}` | {said} |")
    return "\n".join(lines)


def _modules() -> list[str]:
    """Every module of the library that is not private."""
    package = __import__(PACKAGE)
    names = (entry.name for entry in pkgutil.walk_packages(package.__path__, f"{PACKAGE}."))
    return sorted(name for name in names if not any(part.startswith("_") for part in name.split(".")))


def _api(module: str) -> str:
    return f"{module}\n{'=' * len(module)}\n\n.. automodule:: {module}\n   :members:\n"


def _run_sphinx(source: Path, out: Path) -> list[str]:
    try:
        from sphinx.cmd.build import build_main
    except ModuleNotFoundError:
        raise CourseError(
            "the website needs Sphinx, which is not installed here: `python3 start.py site` installs it"
        ) from None
    warnings = source.with_name("warnings")
    options = ["-q", "-E", "-n", "-w", str(warnings), "-d", str(source.with_name("doctrees"))]
    status = build_main(["-b", "html", *options, str(source), str(out)])
    if status:
        raise CourseError(f"Sphinx could not make the website; what it says stands above (status {status})")
    return warnings.read_text(encoding="utf-8").splitlines() if warnings.exists() else []


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
