"""From the text of a submission to what it computes, in the sandbox."""

import numpy as np
import pytest
from headway_course.reading.extract import answer_statements, extract, read_cells
from headway_course.reading.policy import violations_for
from headway_grader.sandbox import Job, Limits, Piece, Returned, Sandbox

ANNOTATED = """
from __future__ import annotations
from typing import TYPE_CHECKING
import torch
from jaxtyping import Float
if TYPE_CHECKING:
    from somewhere import Array
from dataclasses import dataclass, field

@dataclass
class State:
    Z: Array
    n: int = 3
    notes: dict[str, Unheard] = field(default_factory=dict)

def softmax(Z: torch.Tensor, *args: Float[Array, "b n"], **options: Unheard) -> "Float[Array, 'b n']":
    total: Unheard = State(Z).Z.sum()
    return Z / total
"""

DECORATED = """
%matplotlib inline
import functools, os
import numpy as np
if True:
    def checked(f):
        @functools.wraps(f)
        def inner(Z):
            assert Z.ndim
            return f(Z)
        return inner

@checked
def softmax(Z):
    return Z / Z.sum()
print(softmax(np.ones(3)), os.getcwd())
"""

SALVAGED = """
def other(Z:
    return Z

def softmax(Z):
    "Shares."
    return share(Z)

share = lambda Z, /, *, by=sum: Z / by(Z)
x = = 3
"""


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as one:
        yield one


@pytest.mark.parametrize(
    "source", [ANNOTATED, DECORATED, SALVAGED], ids=["annotated", "decorated", "salvaged"]
)
def test_an_honest_answer_runs_however_it_is_dressed(sandbox, source):
    found = extract(read_cells(source.encode(), "py"), ["softmax"])
    assert violations_for(found, "softmax") == ()
    pieces = tuple(Piece(s.source, "script", s.line, s.binds) for s in answer_statements(found, "softmax"))
    Z = np.array([1.0, 3.0])
    job = Job(
        pieces, found.answers["softmax"].name, [{"Z": Z}], limits=Limits(cpu_seconds=2, wall_seconds=20)
    )
    outcome = sandbox.run(job)
    (result,) = outcome.results
    assert isinstance(result, Returned), (result, outcome.import_errors)
    assert result.value.data.tolist() == [0.25, 0.75]
