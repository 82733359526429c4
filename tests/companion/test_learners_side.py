"""What a learner's machine must be able to load, be it Windows, and what loads only when it is used."""

import subprocess
import sys

import headway_course
import pytest

WITHOUT_UNIX = """
import os, sys

class Nowhere:
    def find_spec(self, name, path=None, target=None):
        if name in ("fcntl", "resource", "pwd", "grp", "termios", "_posixshmem"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Nowhere())
for name in ("fork", "forkpty", "getuid", "geteuid", "setsid", "register_at_fork"):
    delattr(os, name)
"""


def run(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_module_loads_and_check_works_without_unix(course):
    said = run(
        WITHOUT_UNIX
        + """
import importlib, pkgutil
import headway_course
names = [m.name for m in pkgutil.walk_packages(headway_course.__path__, "headway_course.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(len(names))

import numpy as np
from headway_course import check
def softmax(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)
print(check(softmax).status)
"""
    )
    count, status = said.split()
    assert int(count) > 20
    assert status == "pass"


def test_headway_check_works_without_unix(course, tmp_path):
    (tmp_path / "answers.py").write_text("def softmax(Z):\n    return Z\n")
    said = run(
        WITHOUT_UNIX
        + f"""
from pathlib import Path
from headway_course.checking.file_check import check_file
print(check_file(Path({str(tmp_path / "answers.py")!r})).summary)
"""
    )
    assert said.startswith("01_tiny: 0 of 2 exercises right")


def test_importing_the_companion_loads_nothing():
    said = run(
        "import headway_course, sys; print(sorted(m for m in sys.modules if 'headway' in m or 'numpy' in m))"
    )
    assert "numpy" not in said
    assert "headway_course." not in said


def test_check_loads_no_pictures_library_and_no_notebook_library(course):
    heavy = run(
        """
import sys
from headway_course import check, earlier, show_temperatures
def softmax(Z):
    return Z
check(softmax)._repr_html_()
print(sorted({"matplotlib", "nbformat", "typer", "rich", "IPython"} & set(sys.modules)))
"""
    )
    assert heavy.strip() == "[]"


def test_the_companion_stands_without_the_library(course):
    said = run(
        """
import sys
sys.modules["headway"] = None
from headway_course import check, earlier
softmax = earlier("numerics.softmax")
print(check(softmax).status)
"""
    )
    assert said.strip() == "not-started"


def test_everything_that_is_offered_is_there():
    for name in headway_course.__all__:
        assert callable(getattr(headway_course, name))
        assert name in dir(headway_course)


def test_no_export_has_the_name_of_a_module():
    """Importing the module would put it in the export's place."""
    import pkgutil

    modules = {module.name for module in pkgutil.iter_modules(headway_course.__path__)}
    assert not modules & set(headway_course.__all__)


def test_what_is_not_offered_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing_of_ours"):
        headway_course.nothing_of_ours  # noqa: B018
