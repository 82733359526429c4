"""What the checks run on: the submission that the command line names, by exercise and group."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from headway_course import manifest
from headway_course.errors import CourseError
from headway_course.fixtures import Fixture
from headway_course.manifest import Exercise, Lesson
from headway_course.reading.extract import Extracted

from headway_grader import judge
from headway_grader.answers import answer_to, extracted_from
from headway_grader.checks.evidence import Evidence
from headway_grader.checks.learner import Answer, Learner
from headway_grader.handins.submissions import find
from headway_grader.hidden import hidden_fixtures
from headway_grader.reference import of_the_course, public_cases
from headway_grader.sandbox import Sandbox


@dataclass(frozen=True)
class HandedIn:
    """A submission, the lesson it answers, and the fixtures that it is checked with."""

    extracted: Extracted
    lesson: Lesson
    fixtures: Mapping[str, Fixture]


HANDED_IN = pytest.StashKey[HandedIn]()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each exercise and what a check looks at: a group of cases, or how the inputs grow."""
    for name, subjects in {"group": _groups, "inputs_kept": _kept, "growth": _growths}.items():
        if name in metafunc.fixturenames:
            handed_in = _handed_in(metafunc.config)
            parameters = [
                pytest.param(exercise, subject, id="-".join(filter(None, (exercise.name, label))))
                for exercise in handed_in.lesson.exercises
                for label, subject in subjects(exercise, handed_in.fixtures[exercise.name])
            ]
            metafunc.parametrize(("exercise", name), parameters)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """A check that raised nothing has passed only if it has seen all that it must."""
    outcome = yield
    evidence = pyfuncitem.funcargs.get("evidence")
    if isinstance(evidence, Evidence):
        evidence.require()
    return outcome


@pytest.fixture(scope="session")
def sandbox(pytestconfig: pytest.Config) -> Iterator[Sandbox]:
    with Sandbox(trust=pytestconfig.getoption("--trust")) as sandbox:
        yield sandbox


@pytest.fixture
def learner(exercise: Exercise, sandbox: Sandbox, pytestconfig: pytest.Config) -> Learner:
    answer = answer_to(exercise, _handed_in(pytestconfig).extracted)
    if not isinstance(answer, Answer):
        pytest.fail(answer.message, pytrace=False)
    return Learner(answer, sandbox)


@pytest.fixture
def evidence(request: pytest.FixtureRequest, exercise: Exercise) -> Evidence:
    if "growth" in request.fixturenames:
        expected = of_the_course(exercise).results(request.getfixturevalue("growth"))
        return Evidence.of_growth(expected, exercise.shapes)
    if "inputs_kept" in request.fixturenames:
        return Evidence.of_inputs(request.getfixturevalue("inputs_kept"), exercise.shapes)
    return Evidence.of_results(request.getfixturevalue("group"), exercise.shapes)


def _handed_in(config: pytest.Config) -> HandedIn:
    """Reads the submission once; where that is not possible, pytest shows the sentence that says why."""
    if HANDED_IN not in config.stash:
        try:
            config.stash[HANDED_IN] = _read(config.getoption("--submission"), config.getoption("--hidden"))
        except CourseError as error:
            raise pytest.Collector.CollectError(str(error)) from None
    return config.stash[HANDED_IN]


def _read(path: Path | None, hidden: bool) -> HandedIn:
    if path is None:
        raise CourseError("name what to check: --submission FILE")
    found = find([path], manifest.load())
    if len(found) != 1 or not found[0].assignment:
        raise CourseError(
            f"{path} must hold one submission to a lesson of this course; it holds {len(found)}"
        )
    lesson = manifest.load().lesson(found[0].assignment)
    fixtures = hidden_fixtures(lesson) if hidden else public_cases(lesson)
    return HandedIn(extracted_from(found[0], lesson), lesson, fixtures)


def _groups(exercise: Exercise, fixture: Fixture) -> Iterator[tuple[str, object]]:
    yield from ((name, cases) for name, cases in fixture.groups.items() if name != judge.KEEPS_INPUTS)


def _kept(exercise: Exercise, fixture: Fixture) -> Iterator[tuple[str, object]]:
    yield from ((name, cases) for name, cases in fixture.groups.items() if name == judge.KEEPS_INPUTS)


def _growths(exercise: Exercise, fixture: Fixture) -> Iterator[tuple[str, object]]:
    growth = of_the_course(exercise).growth(fixture, exercise.loops_over)
    if growth:
        yield "", growth
