"""An applicant: the folder that the zip unpacks to, numpy, and nothing else of ours."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import numpy as np
from headway_course import manifest
from headway_grader.build.qualifying import FILE, NAME

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "exercises" / NAME
ENTRY = manifest.load().lesson(NAME)
STUB = "    # YOUR CODE HERE\n    raise NotImplementedError()"


@cache
def _answers():
    """The library's answers by exercise, as cells of nbgrader's source, with all that each needs inside."""
    cells = json.loads((ROOT / "autograder" / "source" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    return {cell["id"]: "".join(cell["source"]) for cell in cells["cells"]}


def answer(name):
    return _answers()[name]


def blank():
    return (FOLDER / f"{FILE}.py").read_text(encoding="utf-8")


def stub(name):
    """The text that an applicant finds for a problem."""
    text = blank()
    start = text.index(f"\ndef {name}(") + 1
    end = text.index(STUB, start) + len(STUB)
    return text[start:end]


def written(answers, text=None):
    """The script with these answers in the place of stubs."""
    text = text or blank()
    for name, source in answers.items():
        assert text.count(stub(name)) == 1
        text = text.replace(stub(name), source.rstrip("\n"))
    return text


def solved(names=None):
    """The script with the library's answers."""
    return written({name: answer(name) for name in names or [e.name for e in ENTRY.exercises]})


def notebook(answers, replies=None):
    """The applicant's notebook with these answers, and replies to the questions."""
    made = json.loads((FOLDER / f"{FILE}.ipynb").read_text(encoding="utf-8"))
    for cell in made["cells"]:
        cell["source"] = ({**answers, **(replies or {})}).get(cell["id"], cell["source"])
    return json.dumps(made)


class Applicant:
    """Runs the script in a folder of its own, where Python finds numpy and nothing that was installed."""

    def __init__(self, folder, source=FOLDER):
        self.folder = folder / NAME
        shutil.copytree(source, self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        alone = folder / "numpy-alone"
        alone.mkdir()
        for place in Path(np.__file__).parents[1].glob("numpy*"):
            (alone / place.name).symlink_to(place)
        self.environment = {"PYTHONPATH": str(alone), "PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"}

    def write(self, text):
        (self.folder / f"{FILE}.py").write_text(text, encoding="utf-8")

    def run(self, *words, **environment):
        """What the script says, and how it ends."""
        return subprocess.run(
            [sys.executable, "-S", *(words or [f"{FILE}.py"])],
            cwd=self.folder,
            env=self.environment | environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )

    def lines(self, text=None):
        """The line of each problem, by its name; the script must end well."""
        if text is not None:
            self.write(text)
        done = self.run()
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return by_name(done.stdout)

    def interrupted(self, text, started):
        """The lines when Ctrl-C comes after the file `started` is there, and how Python ends."""
        self.write(text)
        with subprocess.Popen(
            [sys.executable, "-S", f"{FILE}.py"],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        ) as process:
            try:
                patience = time.monotonic() + 60
                while not started.exists() and time.monotonic() < patience:
                    time.sleep(0.05)
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=60)
            finally:
                process.kill()
        return by_name(out), err, process.returncode


def by_name(printed):
    found = {}
    for line in printed.splitlines():
        number, _, rest = line.strip().partition(" ")
        name, _, said = rest.partition(" ")
        if number.isdigit():
            found[name] = said.strip()
    return found
