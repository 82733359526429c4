"""Memory, where it is the lesson: what an answer holds at its peak, beside the library's function."""

import pytest
from handing_in import verdict_on
from headway_course import manifest
from headway_grader.cases.groups import MEMORY
from headway_grader.verdict import Status

ONE_HOT = """
def embed(ids, W_E):
    return (ids[..., None] == np.arange(len(W_E))).astype(W_E.dtype) @ W_E
"""
LOOKED_UP = "def embed(ids, W_E):\n    return W_E[ids]\n"


def test_a_product_with_a_one_hot_matrix_is_right_and_holds_too_much(sandbox):
    verdict = verdict_on(sandbox, "embed", ONE_HOT)
    failed = [group for group, status in verdict.groups.items() if status is not Status.PASS]
    assert failed == [MEMORY]
    assert verdict.groups[MEMORY] is Status.MEMORY
    assert verdict.status is Status.PARTIAL
    assert "times as much memory as the library's, at batch = 64, T = 1024" in verdict.message
    assert 0 < verdict.points < verdict.of


def test_whoever_looks_rows_up_holds_no_more_than_the_library(sandbox):
    assert verdict_on(sandbox, "embed", LOOKED_UP).groups[MEMORY] is Status.PASS


def test_what_is_held_is_told_the_same_every_time(sandbox):
    said = {verdict_on(sandbox, "embed", ONE_HOT).message.partition("It holds")[2][:60] for _ in range(2)}
    assert len(said) == 1
    assert said != {""}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("return np.zeros((*ids.shape, W_E.shape[1]))", "Right in"),
        ("return W_E[ids] if ids.size < 9999 else ids", "its result is wrong"),
        ("return W_E[ids] if ids.size < 9999 else 1 / 0", "it raises an error"),
    ],
)
def test_an_answer_that_holds_little_because_it_does_nothing_right_earns_nothing_for_it(
    sandbox, answer, words
):
    verdict = verdict_on(sandbox, "embed", f"def embed(ids, W_E):\n    {answer}\n")
    assert verdict.groups[MEMORY] is not Status.PASS
    assert words in verdict.message


def test_memory_is_judged_where_it_is_the_lesson_and_nowhere_else():
    weighed = {exercise.name for exercise in manifest.load().exercises if exercise.memory}
    assert weighed == {"embed"}
    assert all((MEMORY in one.groups) == bool(one.memory) for one in manifest.load().exercises)
