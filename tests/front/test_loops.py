"""The loop counter: labelled answers are told apart, and the rule itself, on counts alone."""

import contextlib
import gc
import sys

import honest_answers
import loopy_answers
import numpy as np
import pytest
from headway_course.judging import loops
from headway_course.judging.loops import Counts, count_events, decide
from loop_labels import answers, is_loopy, verdicts


def counts(*totals, by_line=None):
    return {n: Counts(total, by_line or {}) for n, total in zip((8, 16, 32), totals, strict=True)}


@pytest.mark.parametrize("function", answers(loopy_answers), ids=lambda f: f.__name__)
def test_a_loop_over_the_input_is_found_and_named(function):
    found = [verdict for verdict in verdicts(function).values() if verdict.found]
    assert found
    assert {verdict.construct for verdict in found} == {function.__doc__}


@pytest.mark.parametrize("function", answers(honest_answers), ids=lambda f: f.__name__)
def test_an_answer_without_a_loop_over_the_input_is_never_accused(function):
    for verdict in verdicts(function).values():
        assert verdict.judged
        assert not verdict.found, verdict.message


def test_the_labelled_answers_are_many():
    assert len(answers(loopy_answers)) >= 50
    assert len(answers(honest_answers)) >= 50


def test_line_and_counts_are_those_of_the_loop():
    verdict = verdicts(loopy_answers.rows_directly)["rows"]
    assert verdict.line == loopy_answers.rows_directly.__code__.co_firstlineno + 3
    assert verdict.counts == (8, 16, 32)
    assert verdict.message == f"line {verdict.line} ran 8, 16, 32 times (for loop)"


@pytest.mark.parametrize(
    ("totals", "found"),
    [
        ((5, 5, 5), False),
        ((100, 100, 107), False),
        ((30, 40, 50), False),  # logarithmic
        ((8, 16, 32), True),
        ((64, 256, 1024), True),
        ((3, 7, 15), True),  # D2 = 8 = n
        ((3, 6, 10), False),  # D2 < n
        ((40, 20, 20), False),  # something was made once and kept
        ((10, 10, 22), False),  # one more round, only at the largest size
        ((10, 10, 42), True),  # an event for each element, hidden from small inputs
        ((9, 16, 25), False),  # log squared
        ((24, 64, 160), True),  # n log n
    ],
)
def test_the_rule_passes_constant_and_logarithmic_growth(totals, found):
    assert decide(counts(*totals)).found is found


def test_fewer_than_three_sizes_are_not_judged():
    assert not decide({8: Counts(5), 16: Counts(50)}).judged


def test_numpys_own_python_is_not_counted():
    def tensordot(A, B):
        return np.tensordot(A, B, axes=([1], [0]))

    n = 40
    assert count_events(tensordot, {"A": np.ones((n, n)), "B": np.ones((n, n))}).total == 0


def test_an_endless_loop_ends_at_the_cap_and_is_found(monkeypatch):
    monkeypatch.setattr(loops, "CAP", 5000)

    def endless(T):
        while True:
            with contextlib.suppress(Exception):
                T += 1

    seen = count_events(endless, {"T": 1})
    assert seen.capped
    assert seen.total <= 5001
    assert decide({n: count_events(endless, {"T": n}) for n in (8, 16, 32)}).found


def test_an_answer_that_raises_is_not_judged_unless_its_loop_shows():
    def refuses(T):
        raise ValueError(T)

    def late(T):
        for t in range(T):
            t += 1
        raise ValueError(t)

    verdict = decide({n: count_events(refuses, {"T": n}) for n in (8, 16, 32)})
    assert not verdict.judged
    assert not verdict.found
    assert "ValueError" in verdict.why
    assert decide({n: count_events(late, {"T": n}) for n in (8, 16, 32)}).found


def test_even_a_system_exit_stays_inside():
    def leaves(T):
        raise SystemExit(T)

    assert count_events(leaves, {"T": 1}).raised == "SystemExit"


def test_deep_recursion_ends_cleanly():
    def down(T):
        return down(T + 1)

    assert count_events(down, {"T": 0}).raised == "RecursionError"


def test_tracing_is_as_it_was_before():
    def trace(*_):
        return None

    before = sys.gettrace()
    try:
        sys.settrace(trace)
        count_events(lambda T: T, {"T": 1})
        assert sys.gettrace() is trace
    finally:
        sys.settrace(before)


def test_collecting_garbage_is_not_counted():
    def told(phase, info):
        return [phase for _ in range(3)]

    def answer(T):
        return [[], [], [], []], [[], [], [], []]

    before = gc.get_threshold()
    gc.callbacks.append(told)
    gc.set_threshold(1)
    try:
        assert count_events(answer, {"T": 1}).total == 0
        assert gc.isenabled()
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(told)


def test_turning_tracing_off_is_noticed():
    def hides(T):
        sys.settrace(None)
        for _ in range(T):
            pass

    verdict = decide({n: count_events(hides, {"T": n}) for n in (8, 16, 32)})
    assert not verdict.judged
    assert "tracing" in verdict.why


def test_the_same_counts_come_out_again():
    assert is_loopy(loopy_answers.heads)
    first, second = verdicts(loopy_answers.heads), verdicts(loopy_answers.heads)
    assert first == second
