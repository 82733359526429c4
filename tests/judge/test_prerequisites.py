"""An error costs once: below the judged function stands the library, not what the learner made of it."""

import pytest
from handing_in import judged, verdict_on
from headway_course import manifest
from headway_grader import library
from headway_grader.prerequisites import prerequisites
from headway_grader.verdict import Status

EXERCISES = [one for lesson in manifest.load().lessons for one in lesson.exercises]
BUILT = """
import numpy as np
def softmax(Z):
    return Z
def log_softmax(Z):
    return np.log(softmax(Z)) if np.isfinite(Z).all() and abs(Z).max() < 30 else Z
"""


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_neither_the_answer_nor_what_is_built_on_it_is_in_the_sandbox(exercise):
    given = prerequisites(exercise)
    source = "\n".join(given.source.values())
    assert f"def {exercise.name}(" not in source
    for other in EXERCISES:
        if exercise.target in library.closure(other.target):
            assert f"def {other.name}(" not in source


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_every_earlier_exercise_is_there_unless_it_is_built_on_this_one(exercise):
    earlier = EXERCISES[: EXERCISES.index(exercise)]
    due = {one.name for one in earlier if exercise.target not in library.closure(one.target)}
    asked = {one.name for one in EXERCISES}
    assert set(prerequisites(exercise).names) & asked == due


def test_what_a_lesson_hands_over_is_there_although_nobody_is_asked_for_it():
    mlp, silu = (manifest.load().exercise(name) for name in ("mlp", "silu"))
    assert "gelu" in prerequisites(mlp).names
    assert "gelu" not in prerequisites(silu).names  # it is fetched after that


def test_what_a_lesson_fetches_to_run_is_no_help_to_an_answer():
    nearest = manifest.load().exercise("nearest")
    fetched = manifest.load().lesson(nearest.lesson).library  # above it
    assert {"blocks.relu", "model.forward", "config.parameter_shapes"} <= set(fetched)
    assert {"relu", "forward", "parameter_shapes"} & set(prerequisites(nearest).names) == {"relu"}


def test_what_a_lesson_hands_over_is_the_librarys_whatever_stands_in_the_notebook(sandbox):
    source = """
gelu = library("blocks.gelu")
def mlp(X, W_in, b_in, W_out, b_out):
    return gelu(X @ W_in + b_in) @ W_out + b_out
"""
    assert verdict_on(sandbox, "mlp", source).status is Status.PASS
    wrong = source.replace('gelu = library("blocks.gelu")', "def gelu(X):\n    return X")
    assert verdict_on(sandbox, "mlp", wrong).status is Status.PASS


def test_a_wrong_softmax_costs_softmax_alone(sandbox):
    _, verdicts = judged(sandbox, BUILT)
    assert verdicts["softmax"].status is Status.WRONG
    assert verdicts["log_softmax"].groups["typical"] is Status.PASS


def test_a_refused_softmax_costs_softmax_alone(sandbox):
    _, verdicts = judged(sandbox, BUILT.replace("return Z\n", "return eval('Z')\n", 1))
    assert verdicts["softmax"].status is Status.REFUSED
    assert verdicts["log_softmax"].groups["typical"] is Status.PASS


def test_a_softmax_that_does_not_parse_costs_softmax_alone(sandbox):
    _, verdicts = judged(sandbox, BUILT.replace("return Z\n", "return Z[\n", 1))
    assert verdicts["softmax"].status is Status.UNREADABLE
    assert verdicts["log_softmax"].groups["typical"] is Status.PASS


@pytest.mark.parametrize("mixed", ["softmax, other = wrong, 3", "other = softmax = wrong"])
def test_a_definition_beside_other_names_does_not_stand_for_the_library(sandbox, mixed):
    source = f"""
def wrong(Z):
    return Z
{mixed}
def log_softmax(Z):
    return np.log(softmax(Z)) if (other is not None) and abs(Z).max() < 30 else Z
"""
    assert verdict_on(sandbox, "log_softmax", source).groups["typical"] is Status.PASS


def test_a_prerequisite_may_be_called_without_being_handed_in(sandbox):
    source = "def log_softmax(Z):\n    return Z - logsumexp(Z)[..., None]\n"
    assert verdict_on(sandbox, "log_softmax", source).status is Status.PASS


def test_the_library_can_be_imported_as_far_as_it_is_there(sandbox):
    source = "from headway.numerics import logsumexp\n"
    source += "def log_softmax(Z):\n    return Z - logsumexp(Z)[..., None]\n"
    assert verdict_on(sandbox, "log_softmax", source).status is Status.PASS


def test_the_answer_itself_cannot_be_imported(sandbox):
    source = "from headway.numerics import softmax as theirs\ndef softmax(Z):\n    return theirs(Z)\n"
    verdict = verdict_on(sandbox, "softmax", source)
    assert verdict.points == 0


def test_helpers_of_ones_own_stay(sandbox):
    source = """
def shifted(Z):
    return Z - Z.max(-1, keepdims=True)
def softmax(Z):
    return np.exp(shifted(Z)) / np.exp(shifted(Z)).sum(-1, keepdims=True)
"""
    assert verdict_on(sandbox, "softmax", source).status is Status.PASS


def test_a_parameter_that_the_library_does_not_have_is_the_learners_to_use(sandbox):
    source = """
def logsumexp(Z, axis=-1, keepdims=False):
    m = Z.max(axis, keepdims=True)
    m = np.where(np.isfinite(m), m, 0)
    total = np.exp(Z - m).sum(axis, keepdims=True)
    with np.errstate(divide="ignore"):
        found = m + np.log(total)
    return found if keepdims else found.squeeze(axis)
def log_softmax(Z):
    return Z - logsumexp(Z, axis=-1, keepdims=True)
"""
    assert verdict_on(sandbox, "log_softmax", source).status is Status.PASS


def test_a_renamed_parameter_leaves_the_librarys_function(sandbox):
    source = "def softmax(scores):\n    return scores\ndef log_softmax(Z):\n    return np.log(softmax(Z))\n"
    assert verdict_on(sandbox, "log_softmax", source).groups["typical"] is Status.PASS
