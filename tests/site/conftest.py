"""The website, made once, and a browser without a screen."""

import shutil

import pytest
from headway_course import manifest
from website import ROOT, make

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND",
]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    return make(tmp_path_factory.mktemp("website"))


@pytest.fixture(scope="session")
def course():
    return manifest.load(ROOT / "data" / "fixtures" / "manifest.json")


@pytest.fixture(scope="module")  # of two at the same time in one process Playwright refuses the second
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield chromium
        chromium.close()
