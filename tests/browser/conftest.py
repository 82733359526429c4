"""A browser without a screen, and where the guide's pictures go."""

import shutil
from pathlib import Path

import pytest
from lab_pages import PATIENCE
from playwright.sync_api import expect, sync_playwright

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def pytest_addoption(parser):
    parser.addoption("--pictures", type=Path, help="a folder where the guide's pictures are drawn anew")


@pytest.fixture
def browser():
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def pictures(request, tmp_path) -> Path:
    folder = request.config.getoption("--pictures", default=None) or tmp_path / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
