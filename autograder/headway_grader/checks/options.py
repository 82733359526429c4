"""The options of the checks. pytest reads them before it knows where the checks are, so they stand apart."""

from pathlib import Path
from typing import Any


def pytest_addoption(parser: Any) -> None:
    group = parser.getgroup("headway")
    group.addoption("--submission", type=Path, help="the notebook, script or zip to check")
    group.addoption("--hidden", action="store_true", help="check with the fixtures of the course key")
    group.addoption("--trust", action="store_true", help="run it without isolation")
