# Made by headway-build from course/headway_course/fixtures.py.
"""Fixtures: cases of every exercise of a lesson in one npz, public or hidden, in the same form.

An array's key says what it is, so the file needs no index:

    softmax/typical/a-matrix/in/Z            an input of the case `a-matrix` in the group `typical`
    softmax/typical/a-matrix/out             the expected value (out/0, out/1 … for a tuple)
    softmax/typical/a-matrix/wrong/no-shift  what the named wrong answer returns (…/0, …/1 for a tuple)
    softmax/growth/n/16/Z                    an input at size 16 of dimension n, for the loop counter
    softmax/growth/n (two batch axes)/16/Z   the same in another form, said in brackets
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from headway_checks.errors import CourseError

Value = np.ndarray | tuple[np.ndarray, ...]
Steps = tuple[tuple[int, Mapping[str, np.ndarray]], ...]  # sizes, and the inputs at each


@dataclass(frozen=True)
class Case:
    """One named set of inputs (by parameter name; 0-d means a Python scalar) and what is expected of them."""

    name: str
    group: str
    inputs: Mapping[str, np.ndarray]
    expected: Value
    wrong: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Fixture:
    """All cases of one exercise, in order, and its inputs at growing sizes, per dimension."""

    exercise: str
    cases: tuple[Case, ...]
    growth: Mapping[str, Steps]

    @property
    def groups(self) -> dict[str, tuple[Case, ...]]:
        names = dict.fromkeys(case.group for case in self.cases)
        return {name: tuple(case for case in self.cases if case.group == name) for name in names}

    def growth_outside(self, loops_over: Collection[str]) -> dict[str, Steps]:
        """What grows in dimensions that Python may not loop over; `batch` is all batch axes."""
        return {
            label: steps
            for label, steps in self.growth.items()
            if label.partition(" (")[0].removeprefix("outer ") not in loops_over
        }


def arguments(inputs: Mapping[str, np.ndarray]) -> dict[str, object]:
    """Fresh arguments for one call: copies of arrays, and Python scalars for 0-d arrays."""
    return {name: a.item() if a.ndim == 0 else a.copy() for name, a in inputs.items()}


def save(path: Path, fixtures: list[Fixture]) -> None:
    """Writes the fixtures of a lesson, all or nothing."""
    arrays = {}
    for fixture in fixtures:
        for case in fixture.cases:
            root = f"{fixture.exercise}/{case.group}/{case.name}"
            arrays |= {f"{root}/in/{name}": a for name, a in case.inputs.items()}
            arrays |= _pack(f"{root}/out", case.expected)
            for mistake, value in case.wrong.items():
                arrays |= _pack(f"{root}/wrong/{mistake}", value)
        for dimension, steps in fixture.growth.items():
            for size, inputs in steps:
                root = f"{fixture.exercise}/growth/{dimension}/{size}"
                arrays |= {f"{root}/{name}": a for name, a in inputs.items()}
    unfinished = path.with_suffix(".unfinished")
    try:
        with unfinished.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def load(path: Path) -> dict[str, Fixture]:
    """Fixtures by exercise; raises CourseError if the file is missing or damaged."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return _fixtures(dict(file))
    except FileNotFoundError:
        raise CourseError(f"no fixtures at {path}") from None
    except Exception as error:
        raise CourseError(f"the fixtures at {path} are damaged ({error}): make them anew") from error


def _fixtures(arrays: Mapping[str, np.ndarray]) -> dict[str, Fixture]:
    tree: dict = {}
    for key, a in arrays.items():
        *folders, leaf = key.split("/")
        node = tree
        for folder in folders:
            node = node.setdefault(folder, {})
        node[leaf] = a
    return {exercise: _fixture(exercise, groups) for exercise, groups in tree.items()}


def _fixture(exercise: str, groups: dict) -> Fixture:
    growth = {
        dimension: tuple((int(size), _inputs(inputs)) for size, inputs in steps.items())
        for dimension, steps in groups.pop("growth", {}).items()
    }
    cases = tuple(
        Case(
            name,
            group,
            _inputs(parts.get("in", {})),
            _unpack(parts["out"]),
            {mistake: _unpack(value) for mistake, value in parts.get("wrong", {}).items()},
        )
        for group, cases in groups.items()
        for name, parts in cases.items()
    )
    return Fixture(exercise, cases, growth)


def _pack(key: str, value: Value) -> dict[str, np.ndarray]:
    if isinstance(value, tuple):
        return {f"{key}/{i}": part for i, part in enumerate(value)}
    return {key: value}


def _unpack(node: np.ndarray | dict) -> Value:
    return (
        tuple(_numbers(node[str(i)]) for i in range(len(node))) if isinstance(node, dict) else _numbers(node)
    )


def _inputs(node: dict) -> dict[str, np.ndarray]:
    return {name: _numbers(a) for name, a in node.items()}


def _numbers(value: object) -> np.ndarray:
    """An array of numbers; raises ValueError for what else an archive can hold under an array's name."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
        return value
    raise ValueError("where an array of numbers was expected there is something else")
