"""Properties hold for a judge who is root and for one who is not; an ordinary user tests the second alone."""

import contextlib

import pytest
from people import USERS, judge_of


@pytest.fixture(scope="session", params=USERS)
def judge(request):
    with contextlib.closing(judge_of(request.param)) as judge:
        yield judge


@pytest.fixture(scope="session")
def sandbox(judge):
    """All that the system does against a learner's code, which may do what it likes inside of its process."""
    with judge.sandbox(without={"audit"}) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def guarded(judge):
    with judge.sandbox() as sandbox:
        yield sandbox
