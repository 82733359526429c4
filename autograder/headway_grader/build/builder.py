"""The two things to do with a course: build it, and look whether what was built is still true."""

from dataclasses import replace
from pathlib import Path

from headway_grader.build import products
from headway_grader.build.course import LESSONS, plan_course
from headway_grader.build.drift import Drift, drifted, drifts
from headway_grader.build.products import Notebook, Product
from headway_grader.build.qualifying import plan_qualifier
from headway_grader.build.subject import Subject


def build(root: Path, subject: Subject, keep_outputs: bool = False) -> list[Path]:
    """Generates everything, returns the files that changed; raises LessonError, and then nothing is written.

    keep_outputs spares the run of a solved notebook whose cells are as they were.
    """
    made = _products(root, subject)
    made = [_kept_if_equal(root, product) for product in made]
    made = products.run_notebooks(made, lambda notebook: _reusable(root, notebook) if keep_outputs else None)
    return products.write(root, made)


def check(root: Path, subject: Subject) -> list[Drift]:
    """The generated files that are not what lessons, library and cases make of them. Runs no notebook."""
    return drifts(root, _products(root, subject))


def _products(root: Path, subject: Subject) -> list[Product]:
    plan = plan_course(root, subject)
    return products.make(plan, plan_qualifier(plan, subject))


def find_root(start: Path) -> Path:
    """The course around a folder, or the one that this program was installed from."""
    for folder in (start, *start.parents):
        if (folder / LESSONS).is_dir():
            return folder
    return Path(__file__).parents[3]


def _kept_if_equal(root: Path, product: Product) -> Product:
    """Fixtures that differ by rounding alone stay as they are, so that two machines do not take turns."""
    path = root / product.path
    if product.path.suffix == ".npz" and path.is_file() and not drifted(product, path.read_bytes()):
        return replace(product, content=path.read_bytes())
    return product


def _reusable(root: Path, notebook: Notebook) -> bytes | None:
    """The solved notebook that is there, if its cells are the same."""
    path = root / notebook.path
    return path.read_bytes() if path.is_file() and not drifted(notebook, path.read_bytes()) else None
