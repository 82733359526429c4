"""Which package may import which: headway ← headway_course ← headway_grader."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "headway": (ROOT / "solutions" / "headway", set()),
    "headway_course": (ROOT / "course" / "headway_course", {"headway"}),
    "headway_grader": (ROOT / "autograder" / "headway_grader", {"headway", "headway_course"}),
}


def imported_packages(source):
    """Top-level names that a module imports anywhere, literal `import_module` calls included."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (name.name.split(".")[0] for name in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.split(".")[0]
            case ast.Call(
                func=ast.Name(id="import_module") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name.split(".")[0]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_what_stands_before_it(package):
    folder, allowed = PACKAGES[package]
    ours = set(PACKAGES) - {package} - allowed
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in sorted(folder.rglob("*.py"))
        for name in imported_packages(file.read_text(encoding="utf-8"))
        if name in ours
    ]
    assert not wrong


def test_the_library_imports_numpy_and_what_python_brings():
    folder, _ = PACKAGES["headway"]
    names = {
        name for file in folder.rglob("*.py") for name in imported_packages(file.read_text(encoding="utf-8"))
    }
    assert names <= {"numpy", "headway"} | sys.stdlib_module_names
