"""Draws the pictures of the README and of the author's guide: `python docs/pictures.py`. Needs Chromium.

A check of a wrong softmax, as a notebook shows it; the table of the example class, as a terminal does; what a
preview shows to the author of softmax alone.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from headway_course import check, manifest
from headway_course.checking.cases import public_fixture
from headway_grader.build.staff_view import staff_view
from headway_grader.build.subject import installed

DOCS = Path(__file__).parent
PAGE = (
    "<!doctype html><meta charset=utf-8>"
    "<body style='margin:16px;background:#fff;font-family:system-ui,sans-serif'>{body}"
)
CHROMIUM = [
    *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--hide-scrollbars", "--force-device-scale-factor=2"),
]


def softmax(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


def screenshot(html: str, target: Path, size: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(PAGE.format(body=html), encoding="utf-8")
        flags = [f"--user-data-dir={folder}/profile", f"--window-size={size}", f"--screenshot={target}"]
        subprocess.run([*CHROMIUM, *flags, page.as_uri()], check=True, capture_output=True)


def table_of_the_example_class() -> str:
    command = [Path(sys.executable).with_name("headway-grade"), "run", DOCS.parent / "data" / "example_class"]
    done = subprocess.run(
        command, env={**os.environ, "COLUMNS": "104"}, capture_output=True, text=True, check=True
    )
    table = done.stdout.partition("03_attention")[0]
    return f"<pre style='font:13px/1.2 monospace;color:#222;margin:0'>{table}</pre>"


def preview_of_softmax() -> str:
    asked, subject = manifest.load().exercise("softmax"), installed()
    fixture = public_fixture(asked, manifest.public_fixtures())
    return staff_view(asked, fixture, subject.mistakes(asked.name), subject.honest(asked.name))


if __name__ == "__main__":
    screenshot(check(softmax)._repr_html_(), DOCS / "check.png", "900,540")
    screenshot(table_of_the_example_class(), DOCS / "grades.png", "820,420")
    screenshot(preview_of_softmax(), DOCS / "pictures" / "author-preview.png", "1000,536")
