import pytest
from headway_grader import judge
from headway_grader.sandbox import Sandbox
from headway_grader.timing.judging import Judged
from headway_grader.verdict import Speed


@pytest.fixture(scope="session")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def fast_enough(monkeypatch):
    """For tests of anything but speed: every answer that is timed is found as fast as the library."""
    monkeypatch.setattr(judge, "judge_speed", lambda *given: Judged(Speed.UP_TO_1_5))
