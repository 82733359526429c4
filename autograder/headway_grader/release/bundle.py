"""A zip for learners: the course as far as it is released, like a clone but without the staff's part.

Of the library it holds the answers that may be seen; what the lessons in it fetch with `library(…)`, as soon
as nothing that this is built on is still due; and what all these are built on. Each answer still due is a
stub. The rest is left out, for it may do what an answer does.
"""

import io
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from headway_course import manifest
from headway_course.errors import CourseError
from headway_course.manifest import Manifest
from headway_course.writing import write_whole

from headway_grader.build.products import FIXTURES, LEARNERS
from headway_grader.library import Library
from headway_grader.release.stubbed import refuse_gaps, stubbed

FOLDER = "headway"  # what the zip unpacks to, the same for every release, so that one follows another
WHOLE = ("start.py", "requirements.lock", "LICENSE", "course/pyproject.toml", "solutions/pyproject.toml")
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same course makes the same zip

README = """\
# Headway

Lessons: {lessons}.

You need Python 3.11, 3.12 or 3.13. In this folder:

    python3 start.py learn

The first run sets everything up; later ones start at once. Your notebooks come into the folder `my`, and what
you write there stays yours. When a new release comes, unpack it over this folder and run the same again:
new lessons and new texts come into `my`, and your work stays.

{answers}
"""


def release(root: Path, library: Library, released: Collection[str], shown: Collection[str]) -> bytes:
    """The bundle with the notebooks of some lessons, and the answers of those whose time is over.

    root is the clone. Raises CourseError for a lesson that does not exist, and if an answer that is shown is
    built on one that is still due.
    """
    course = manifest.load(root / FIXTURES / "manifest.json")
    handed = _only(course, {course.lesson(name).name for name in (*released, *shown)})
    open_ = {course.lesson(name).name for name in shown}
    answers = {exercise.target: exercise.lesson in open_ for exercise in course.exercises}
    due = [target for target, may_be_seen in answers.items() if not may_be_seen]
    seen = [target for target, may_be_seen in answers.items() if may_be_seen]
    refuse_gaps(library, seen, due)
    fetched = [target for lesson in handed.lessons for target in lesson.library]
    ready = [target for target in fetched if library.closure(target).isdisjoint(due)]
    files = dict(_files(root, handed))
    modules = stubbed(library, due, {*seen, *ready})
    files |= {f"solutions/headway/{path.as_posix()}": text.encode() for path, text in modules.items()}
    files["README.md"] = _readme(handed, open_).encode()
    return zipped(files, FOLDER)


def write(path: Path, packed: bytes) -> None:
    """Puts a bundle in place, or nothing; raises CourseError if it cannot."""
    try:
        write_whole(path, packed)
    except OSError as error:
        raise CourseError(
            f"cannot write {path} ({error.strerror or error}): name another folder with --to"
        ) from None


def _only(course: Manifest, lessons: Collection[str]) -> Manifest:
    """The course as far as it is handed out; an answer may call what is there."""
    kept = [lesson for lesson in course.lessons if lesson.name in lessons]
    missing = [exercise for exercise in course.exercises if exercise.lesson not in lessons]
    return Manifest(
        tuple(replace(one, exercises=tuple(e.without(missing) for e in one.exercises)) for one in kept)
    )


def _files(root: Path, course: Manifest) -> Iterator[tuple[str, bytes]]:
    for name in WHOLE:
        yield name, read(root / name)
    for folder in ("course/headway_course", "data/models", "data/corpora"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(root).as_posix(), read(path)
    yield "solutions/headway/__init__.py", read(root / "solutions" / "headway" / "__init__.py")
    for lesson in course.lessons:
        for path in (LEARNERS / f"{lesson.name}.ipynb", FIXTURES / f"{lesson.name}.npz"):
            yield path.as_posix(), read(root / path)
    yield (FIXTURES / "manifest.json").as_posix(), manifest.dump(course).encode()


def read(path: Path) -> bytes:
    """What is in a file of the clone; raises CourseError if it is not there."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError(
            f"{path} cannot be read ({error.strerror}): a release is made in a clone of the course"
        ) from None


def _readme(course: Manifest, shown: Collection[str]) -> str:
    due = [lesson.title for lesson in course.lessons if lesson.name not in shown]
    done = [lesson.title for lesson in course.lessons if lesson.name in shown]
    said = [f"The course's answers to {'; '.join(done)} are in `solutions/headway`."] if done else []
    said += [f"Still due: {'; '.join(due)}. Their answers are stubs there."] if due else []
    return README.format(
        lessons="; ".join(lesson.title for lesson in course.lessons), answers="\n".join(said)
    )


def zipped(files: dict[str, bytes], folder: str) -> bytes:
    """Files by their names, as a zip that unpacks to a folder."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(f"{folder}/{name}", _WHEN), files[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()
