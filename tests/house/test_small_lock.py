"""The README's commands, in an environment that has no more than requirements.lock names.

Nothing is installed: what only requirements-dev.lock has is made unfindable for the commands and all that
they start.
"""

import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PERFECT = "data/example_class/submitted/perfect/01_softmax/01_softmax.ipynb"
SECTION = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)

# How each command of the README is run here: as it stands, or so that it ends and leaves the clone alone.
RUN = {
    "headway check FILE": f"headway check {PERFECT}",
    "headway hint softmax": "headway hint softmax",
    "headway progress": "headway progress",
    "headway next": "headway next",
    "headway answer softmax": "headway answer softmax",
    "headway reset softmax FILE": "headway reset softmax {copy}",
    "headway chat": "headway chat --help",
    "headway hand-in FILE --name ada": "headway hand-in {copy} --name ada",
    "headway-grade run PATH --json": f"headway-grade run {PERFECT} --json",
    "headway-grade feedback PATH": f"headway-grade feedback {PERFECT} --to {{folder}}",
    "headway-grade release 03_attention": "headway-grade release 03_attention --to {folder}",
    "headway-grade release qualifying --deadline WHEN --contact WHO": (
        "headway-grade release qualifying --deadline WHEN --contact WHO --to {folder}"
    ),
    "headway-grade collect PATH": "headway-grade collect {folder} --class {class_}",
    "headway-grade override ada 01_softmax softmax 2 --note TEXT": "headway-grade override --help",
    "headway-grade preview 01_softmax": "headway-grade preview --help",
    "headway-grade export": "headway-grade export --class {class_}",
    "headway-grade pseudonyms CSV --names FILE": (
        "headway-grade pseudonyms data/example_class/roster.csv --names {folder}/names.csv"
    ),
    "headway-grade key": "headway-grade key",
    "headway-grade own FILE": "headway-grade own --help",
    "headway-grade doctor": "headway-grade doctor",
    "headway-build": "headway-build --check",
    "headway-build mutate softmax": "headway-build mutate softmax",
    "headway-build preview 03": "headway-build preview --help",
    "pytest --pyargs headway_grader.checks --submission FILE": (
        f"pytest -q -p no:cacheprovider --pyargs headway_grader.checks --submission {PERFECT}"
    ),
}

HIDE = """
import importlib.metadata
from importlib.machinery import PathFinder
from importlib.metadata import DistributionFinder, MetadataPathFinder

MODULES, DISTRIBUTIONS = {modules!r}, {distributions!r}
found_modules = PathFinder.find_spec.__func__
found_distributions = MetadataPathFinder.find_distributions.__func__


def fewer_modules(cls, name, path=None, target=None):
    return None if name.partition(".")[0] in MODULES else found_modules(cls, name, path, target)


def fewer_distributions(cls, context=DistributionFinder.Context()):
    for one in found_distributions(cls, context):
        if (one.metadata["Name"] or "").lower().replace("_", "-") not in DISTRIBUTIONS:
            yield one


PathFinder.find_spec = classmethod(fewer_modules)
MetadataPathFinder.find_distributions = classmethod(fewer_distributions)
"""


def locked(name):
    return set(re.findall(r"^([a-z0-9][a-z0-9.-]*)==", (ROOT / name).read_text(), re.MULTILINE))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The environment of commands that have no more than the small lock."""
    only_dev = locked("requirements-dev.lock") - locked("requirements.lock")
    modules = {
        module
        for module, names in packages_distributions().items()
        if all(name.lower().replace("_", "-") in only_dev for name in names)
    }
    assert {"xdist", "hypothesis", "scipy", "sphinx"} <= modules
    folder = tmp_path_factory.mktemp("small")
    (folder / "sitecustomize.py").write_text(HIDE.format(modules=modules, distributions=only_dev))
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return os.environ | {"PYTHONPATH": str(folder), "PATH": path, "HEADWAY_HOME": str(folder / "home")}


@pytest.fixture(scope="module")
def class_(small, tmp_path_factory):
    folder = tmp_path_factory.mktemp("classes") / "class"
    done = run(f"headway-grade teach --into {folder} --roster data/example_class/roster.csv --no-open", small)
    assert done.returncode == 0, done.stderr
    return folder


def run(command, environment):
    return subprocess.run(
        command.split(), cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )


def test_the_readme_has_these_commands():
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("| command | what it does |")[2]
    assert set(SECTION.findall(table.partition("\n\n")[0])) == set(RUN)


@pytest.mark.slow
@pytest.mark.parametrize("command", RUN.values(), ids=RUN)
def test_a_command_needs_no_more_than_the_small_lock(command, small, class_, tmp_path):
    copy = tmp_path / "01_softmax.ipynb"
    copy.write_bytes((ROOT / PERFECT).read_bytes())
    done = run(command.format(copy=copy, folder=tmp_path, class_=class_), small)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_what_the_small_lock_lacks_is_out_of_reach_here(small):
    for module in ("scipy", "xdist", "sphinx"):
        done = subprocess.run(
            [sys.executable, "-c", f"import {module}"], env=small, capture_output=True, text=True
        )
        assert f"No module named '{module}'" in done.stderr
