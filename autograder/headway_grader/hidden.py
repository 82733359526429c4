"""Hidden fixtures: the cases of a lesson with numbers from the course key, computed once and kept."""

import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
from headway_course import fixtures
from headway_course.errors import CourseError
from headway_course.fixtures import Fixture
from headway_course.manifest import Lesson

from headway_grader import home, library
from headway_grader.course_key import CourseKey, course_key

PUBLIC_KEY = b"headway public"


def generator(key: bytes, exercise: str) -> np.random.Generator:
    """The random numbers that one exercise's cases are made of, under one key."""
    return np.random.default_rng(int.from_bytes(sha256(key + exercise.encode()).digest()))


def compute(key: bytes, lesson: Lesson) -> list[Fixture]:
    """The fixtures of a lesson under a key, computed by the library."""
    from headway_grader import cases, wrong

    return [cases.fixture(e.target, generator(key, e.name), wrong.mistakes(e.name)) for e in lesson.exercises]


def hidden_fixtures(
    lesson: Lesson,
    key: CourseKey | None = None,
    make: Callable[[bytes, Lesson], list[Fixture]] = compute,
) -> dict[str, Fixture]:
    """The hidden fixtures of a lesson, by exercise; raises CourseError if the key or their place fails."""
    key = key or course_key()
    path = home.folder("fixtures", fingerprint(key.secret)) / f"{lesson.name}.npz"
    kept = _kept(path, lesson)
    if kept is not None:
        return kept
    made = make(key.secret, lesson)
    _keep(path, made)
    return {fixture.exercise: fixture for fixture in made}


def fingerprint(secret: bytes) -> str:
    """Names what hidden fixtures depend on: the key, and the text of library, cases and wrong answers."""
    digest = sha256(b"headway hidden fixtures" + secret)
    here = Path(__file__).parent
    for root in (library.installed().root, here / "cases", here / "wrong"):
        for path in sorted(root.rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _kept(path: Path, lesson: Lesson) -> dict[str, Fixture] | None:
    """What is in the cache, if it is whole."""
    try:
        kept = fixtures.load(path)
    except CourseError:
        return None
    return kept if list(kept) == [exercise.name for exercise in lesson.exercises] else None


def _keep(path: Path, made: list[Fixture]) -> None:
    try:
        with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=path.parent) as unfinished:
            fixtures.save(Path(unfinished) / path.name, made)
            (Path(unfinished) / path.name).replace(path)
    except OSError as error:
        raise CourseError(
            f"cannot keep the hidden fixtures in {path.parent} ({error.strerror or error}): free some "
            "space there, make the folder writable, or name another place in HEADWAY_HOME; nothing half-"
            "written was left"
        ) from error
