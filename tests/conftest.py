"""What all tests share: nothing is remembered in the home of whoever runs them, nor from test to test."""

import itertools
import signal
from contextlib import suppress

import pytest

with suppress(ModuleNotFoundError):  # pytest reads this file in environments for learners, too
    from hypothesis import settings

    settings.register_profile("headway", deadline=None)  # a busy machine is no bug
    settings.load_profile("headway")

# A job in the background ignores Ctrl-C, and passes that on: then no endless loop would be interrupted.
signal.signal(signal.SIGINT, signal.default_int_handler)

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def _homes(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("headway-homes")
        patch.setenv("HEADWAY_HOME", str(folder / "shared"))
        yield folder


@pytest.fixture(autouse=True)
def _no_home_of_mine(_homes, monkeypatch):
    monkeypatch.setenv("HEADWAY_HOME", str(_homes / str(next(_NUMBERS))))
