"""What is asked of each exercise: named inputs in groups, and the fixtures made of them.

NAME_inputs(rng, *, batch=(2,), n=7, mask=False) makes inputs of any size for the exercise NAME. Its keywords
say what may vary: a number is a dimension and its usual size, `batch` are the sizes of the batch axes, and a
False is an optional argument, left out. Python loops are looked for in every dimension, with no, one and two
batch axes, with and without each option, since an answer may well loop in one branch alone.
"""

import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module

import numpy as np
from headway_course.errors import CourseError
from headway_course.fixtures import Case, Fixture, Steps, Value, arguments
from headway_course.judging.compare import mismatch

from headway_grader.cases.groups import Inputs, in_float32
from headway_grader.wrong import Answer

GROWTH = (8, 16, 32)  # n, 2n and 4n of the loop counter
FAR = 128  # one more size, where a table made for small ones no longer helps
OUTER = 2  # size of a second batch axis, in front, while something else grows
BATCH = ("batch", "outer batch")  # a learner's names for batch axes, from the last one outwards


@dataclass(frozen=True)
class Cases:
    """The cases of one exercise, inputs of any size besides, and what may vary in these.

    dimensions are sizes by name, `batch` that of a single batch axis; options are optional arguments.
    """

    inputs: Callable[..., dict[str, np.ndarray | int]]
    cases: Callable[[np.random.Generator], Iterator[Inputs]]
    dimensions: Mapping[str, int]
    options: tuple[str, ...]

    @classmethod
    def of(
        cls,
        inputs: Callable[..., dict[str, np.ndarray | int]],
        cases: Callable[[np.random.Generator], Iterator[Inputs]],
    ) -> "Cases":
        """The cases and inputs of these functions; the keywords of the second say what may vary."""
        usual = {p.name: p.default for p in inspect.signature(inputs).parameters.values() if p.name != "rng"}
        sizes = {
            name: size[0] if name == "batch" else size for name, size in usual.items() if size is not False
        }
        return cls(inputs, cases, sizes, tuple(name for name, size in usual.items() if size is False))

    def far(self, rng: np.random.Generator) -> dict[str, Steps]:
        """Each dimension at one size far out, in the usual form of the inputs."""
        (_, usual), *_ = _forms(self)
        return {
            name: ((FAR, as_arrays(in_float32(self.inputs(rng, **_at(usual, name, FAR))))),)
            for name in self.dimensions
        }


def load(target: str) -> Cases:
    """The cases of the exercise at `target` ("numerics.softmax"); raises CourseError if there are none."""
    module_name, _, name = target.rpartition(".")
    try:
        module = import_module(f"headway_grader.cases.{module_name}")
        inputs, cases = getattr(module, f"{name}_inputs"), getattr(module, name)
    except (ModuleNotFoundError, AttributeError):
        raise CourseError(
            f"{target} has no cases: write the functions {name} and {name}_inputs "
            f"in headway_grader/cases/{module_name.replace('.', '/')}.py"
        ) from None
    return Cases.of(inputs, cases)


def fixture(target: str, rng: np.random.Generator, mistakes: Mapping[str, Answer]) -> Fixture:
    """All cases of an exercise of the course, with the library's results; see `make`."""
    module_name, _, name = target.rpartition(".")
    function = getattr(import_module(f"headway.{module_name}"), name)
    return make(name, function, load(target), rng, mistakes)


def make(
    name: str,
    function: Callable,
    cases: Cases,
    rng: np.random.Generator,
    mistakes: Mapping[str, Answer],
) -> Fixture:
    """All cases of an exercise with the right results, and what each mistake makes of them.

    A mistake is left out of the cases that it passes, and of those where it raises an error.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = tuple(_case(inputs, function, mistakes) for inputs in cases.cases(rng))
    return Fixture(name, made, dict(_growth(cases, rng)))


def _growth(cases: Cases, rng: np.random.Generator) -> Iterator[tuple[str, Steps]]:
    """Each dimension at growing sizes, in each form: "n", "n (no batch axis)", "n (two batch axes)" …"""
    for words, form in _forms(cases):
        axes = BATCH[: len(form.get("batch", ()))]
        for dimension in (*axes, *(d for d in cases.dimensions if d != "batch")):
            grown = (cases.inputs(rng, **_at(form, dimension, size)) for size in GROWTH)
            in_half = (as_arrays(in_float32(inputs)) for inputs in grown)  # half the file, the same loops
            label = f"{dimension} ({', '.join(words)})" if words else dimension
            yield label, tuple(zip(GROWTH, in_half, strict=True))


def _forms(cases: Cases) -> Iterator[tuple[list[str], dict[str, object]]]:
    """What the inputs may look like, in words and as keywords; first the usual form, which needs no words."""
    size = cases.dimensions.get("batch")
    usual = {"batch": (size,)} if size else {}
    options = [([f"with {option}"], {option: True}) for option in cases.options]
    yield [], usual
    yield from ((words, usual | option) for words, option in options)
    if size:
        for words, option in options or [([], {})]:
            yield ["two batch axes", *words], {"batch": (OUTER, size)} | option
        if _stands_alone(cases):
            yield ["no batch axis"], {"batch": ()}


def _stands_alone(cases: Cases) -> bool:
    """Whether an exercise can be asked without batch axes: not if that leaves a number of an array."""
    one, alone = (cases.inputs(np.random.default_rng(0), batch=batch) for batch in ((3,), ()))
    return all(np.ndim(alone[name]) or not np.ndim(one[name]) for name in one)


def _at(form: Mapping[str, object], dimension: str, size: int) -> dict[str, object]:
    """The keywords of a form of the inputs, with one dimension at this size."""
    if dimension not in BATCH:
        return {**form, dimension: size}
    batch = list(form["batch"])
    batch[-1 - BATCH.index(dimension)] = size
    return {**form, "batch": tuple(batch)}


def _case(case: Inputs, function: Callable, mistakes: Mapping[str, Answer]) -> Case:
    inputs = as_arrays(case.inputs)
    expected = value(function(**arguments(inputs)))
    wrong = {}
    for slug, answer in mistakes.items():
        try:
            made = value(answer.function(**arguments(inputs)))
        except Exception:
            continue
        if mismatch(made, expected):
            wrong[slug] = made
    return Case(case.name, case.group, inputs, expected, wrong)


def as_arrays(inputs: Mapping[str, np.ndarray | int]) -> dict[str, np.ndarray]:
    """Inputs in the form that fixtures have: a number is an array of rank 0."""
    return {name: np.asarray(value) for name, value in inputs.items()}


def value(result: object) -> Value:
    """A result in the form that fixtures have."""
    return tuple(np.asarray(part) for part in result) if isinstance(result, tuple) else np.asarray(result)
