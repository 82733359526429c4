"""The website as a thing to look at: made as an author makes it, and read page by page."""

import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Site:
    """A website that was made: where it lies, and what the making said."""

    folder: Path
    done: subprocess.CompletedProcess

    @property
    def pages(self) -> list[Path]:
        pages = self.folder.rglob("*.html")
        return sorted(page for page in pages if "_static" not in page.relative_to(self.folder).parts)

    def named(self, page: Path) -> str:
        return page.relative_to(self.folder).as_posix()

    def read(self, page: Path | str) -> BeautifulSoup:
        """A page as a tree, which others will look at, too: it must stay as it is."""
        return _read(self.folder / page)


@cache
def _read(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def build(folder: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "headway_grader.build.cli", "--root", ROOT, "site", "--out", folder]
    return subprocess.run([*map(str, command)], capture_output=True, text=True)


def make(folder: Path) -> Site:
    done = build(folder)
    assert (folder / "index.html").exists(), done.stderr
    return Site(folder, done)
