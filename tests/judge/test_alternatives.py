"""Through the whole judge every named mistake is rejected and named, every honest answer earns everything.

And so does a mutant of the library's answer that is listed as equivalent.
"""

import ast
import inspect
from importlib import import_module

import pytest
from handing_in import KEYS, verdict_on
from headway_course import manifest
from headway_grader import library, wrong
from headway_grader.build.mutation.equivalent import equivalent
from headway_grader.build.mutation.mutants import mutants
from headway_grader.verdict import Loops, Status

EXERCISES = {one.name: one for lesson in manifest.load().lessons for one in lesson.exercises}
MISTAKES = [(name, slug) for name in EXERCISES for slug in wrong.mistakes(name)]
HONEST = [(name, slug) for name in EXERCISES for slug in wrong.honest(name)]
TARGETS = {exercise.target for exercise in EXERCISES.values()}
LISTED = [
    (mutant, name)
    for name, exercise in EXERCISES.items()
    for mutant in mutants(library.installed(), exercise.target, TARGETS)
    if mutant.statement in equivalent(exercise.target)
]

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fast_enough")]


class Renamed(ast.NodeTransformer):
    def __init__(self, name):
        self.name = name

    def visit_Name(self, node):
        return ast.Name(f"right_{node.id}", node.ctx) if node.id == self.name else node


def handed_in(exercise, answer):
    """An answer as a learner would hand it in; where it calls the library's function, with a copy of that."""
    function = ast.parse(answer.source).body[0]
    function.body = [Renamed(exercise).visit(statement) for statement in function.body]
    module, _, name = EXERCISES[exercise].target.rpartition(".")
    right = inspect.getsource(getattr(import_module(f"headway.{module}"), name))
    right = right.replace(f"def {exercise}(", f"def right_{exercise}(")
    return f"import math\n{right}\n{ast.unparse(function)}\n"


@pytest.mark.parametrize(("exercise", "slug"), MISTAKES)
def test_a_named_mistake_is_rejected_and_named(sandbox, exercise, slug):
    answer = wrong.mistakes(exercise)[slug]
    verdicts = [verdict_on(sandbox, exercise, handed_in(exercise, answer), key) for key in KEYS]
    for verdict in verdicts:
        assert verdict.status in (Status.PARTIAL, Status.WRONG, Status.CRASH)
        assert verdict.points < verdict.of
        assert answer.says in verdict.message or "changes its input" in verdict.message
    assert verdicts[0] == verdicts[1], "a verdict must not depend on the key"


@pytest.mark.parametrize(("exercise", "slug"), HONEST)
def test_an_honest_alternative_earns_everything(sandbox, exercise, slug):
    answer = wrong.honest(exercise)[slug]
    verdicts = [verdict_on(sandbox, exercise, handed_in(exercise, answer), key) for key in KEYS]
    for verdict in verdicts:
        assert verdict.status is Status.PASS, verdict.message
        assert verdict.points == verdict.of, verdict.message
        assert verdict.loops is Loops.NONE
    assert verdicts[0] == verdicts[1]


@pytest.mark.parametrize(("mutant", "exercise"), LISTED, ids=[mutant.statement for mutant, _ in LISTED])
def test_a_mutant_listed_as_equivalent_earns_everything(sandbox, mutant, exercise):
    body = [s for s in mutant.module.body if not (isinstance(s, ast.ImportFrom) and "headway" in s.module)]
    source = ast.unparse(ast.Module(body, []))
    for key in KEYS:
        verdict = verdict_on(sandbox, exercise, source, key)
        assert verdict.status is Status.PASS, verdict.message
        assert verdict.points == verdict.of, verdict.message
