"""`with yours()`: the library runs on the learner's answers, says so, and is afterwards as it was."""

import sys

import headway.attention
import headway.generate
import headway.model
import headway.numerics
import numpy as np
import pytest
from headway.config import Config, init_parameters
from headway.model import Model, forward
from headway_course import watch, yours
from headway_course.errors import CourseError
from headway_course.record.store import begin, record

SOFTMAX = """\
import numpy as np


def softmax(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)
"""

SPLIT_HEADS = """\
import numpy as np


def split_heads(X, H):
    return np.stack(np.split(X, H, axis=-1), axis=-3)
"""


@pytest.fixture
def mine(tmp_path, monkeypatch):
    begin(tmp_path / "my")
    monkeypatch.chdir(tmp_path / "my")
    return record()


@pytest.fixture
def model():
    config = Config(width=8, heads=2, hidden=12, decoder_layers=3, vocabulary=11, context=16, outputs=11)
    return Model(config, init_parameters(config, np.random.default_rng(0)))


@pytest.fixture
def ids():
    return np.array([3, 1, 4, 1, 5])


@pytest.fixture(autouse=True)
def as_before():
    """All that the library's modules name is afterwards what it was, whatever a test does."""
    names = {key: dict(vars(module)) for key, module in sys.modules.items() if key.startswith("headway.")}
    tables = dict(headway.model.ACTIVATIONS)
    yield
    for key, before in names.items():
        assert {n: v for n, v in vars(sys.modules[key]).items() if n in before} == before, key
    assert tables == headway.model.ACTIVATIONS


def test_an_answer_that_passed_runs_in_the_place_of_the_courses(mine, model, ids):
    due = forward(model, ids)
    mine.note("softmax", 7, 7, SOFTMAX)
    with yours() as run:
        ours = forward(model, ids)
    assert np.allclose(ours, due, atol=1e-6)
    assert run.own == ("softmax",)
    assert run.calls["softmax"] == 3


def test_whose_functions_ran_is_said_and_where_the_others_are_asked_for(mine, model, ids):
    mine.note("softmax", 7, 7, SOFTMAX)
    with yours() as run:
        assert repr(run) == "Ready to run on your softmax; nothing has run."
        forward(model, ids)
    first, *others = repr(run).splitlines()
    assert first == "Yours: softmax 3 ×"
    assert others[0].startswith("The course's: ")
    assert any("split_heads 3 × (lesson 03_attention)" in line for line in others)
    assert not any("softmax" in line for line in others)
    assert all(len(line) < 80 for line in others)


def test_without_an_answer_all_is_the_courses(mine, model, ids):
    with yours() as run:
        forward(model, ids)
    assert run.own == ()
    assert repr(run).startswith("The course's: ")
    assert "embed 1 × (lesson 02_tokens)" in repr(run)


def test_a_wrong_function_that_is_given_changes_what_the_model_says(mine, model, ids):
    def softmax(Z):
        return np.full_like(Z, 1 / Z.shape[-1])

    with yours(softmax) as run:
        wrong = forward(model, ids)
    assert run.own == ("softmax",)
    assert np.abs(wrong - forward(model, ids)).max() > 1e-4


def test_a_function_that_is_given_goes_before_the_one_that_passed(mine, model, ids):
    mine.note("softmax", 7, 7, SOFTMAX)
    seen = []

    def softmax(Z):
        seen.append(Z.shape)
        return np.zeros_like(Z)

    with yours(softmax):
        forward(model, ids)
    assert len(seen) == 3


def test_every_module_that_took_the_name_gets_the_learners(mine):
    def softmax(Z):
        return Z

    users = [headway.numerics, headway.attention, headway.model, headway.generate]
    course = headway.numerics.softmax
    with yours(softmax):
        assert len({module.softmax for module in users}) == 1
        assert all(module.softmax is not course for module in users)
        assert headway.attention.softmax.__wrapped__ is softmax
    assert all(module.softmax is course for module in users)


def test_several_answers_run_side_by_side(mine, model, ids):
    mine.note("split_heads", 7, 7, SPLIT_HEADS)
    mine.note("softmax", 7, 7, SOFTMAX)
    with yours() as run:
        ours = forward(model, ids)
    assert set(run.own) == {"softmax", "split_heads"}
    assert np.allclose(ours, forward(model, ids), atol=1e-6)


def test_one_that_raises_is_named_with_its_line(mine, model, ids):
    mine.note("split_heads", 7, 7, "def split_heads(X, H):\n    return X.no_such_thing\n")
    said = r"split_heads ends with an error .*line 2 of split_heads\.py"
    with pytest.raises(CourseError, match=said), yours():
        forward(model, ids)


def test_one_that_is_not_written_yet_is_named(mine, model, ids):
    def softmax(Z):
        raise NotImplementedError

    with pytest.raises(CourseError, match="your `softmax` is not written yet"), yours(softmax):
        forward(model, ids)


def test_one_whose_result_leads_the_library_astray_is_named_by_its_shape(mine, model, ids):
    def split_heads(X, H):
        return X.reshape(*X.shape[:-1], H, -1)

    said = r"your `split_heads` gives float32 \(5, 6, 4\), and the course's float32 \(6, 5, 4\)"
    with pytest.raises(CourseError, match=said) as raised, yours(split_heads):
        forward(model, ids)
    assert isinstance(raised.value.__cause__, ValueError)


def test_an_error_that_is_not_of_the_functions_stays_as_it_is(mine, model, ids):
    mine.note("softmax", 7, 7, SOFTMAX)

    def next_token():
        forward(model, ids)
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"), yours():
        next_token()


def test_an_interrupt_puts_everything_back(mine, model, ids):
    def softmax(Z):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), yours(softmax):
        forward(model, ids)


def test_in_a_lesson_the_sentence_takes_the_place_of_a_traceback(mine, model, ids):
    def softmax(Z):
        return Z.no_such_thing

    def try_it():
        with yours(softmax):
            return forward(model, ids)

    assert "softmax ends with an error" in repr(watch(try_it))


def test_what_is_no_exercise_is_refused(mine):
    def softmaxx(Z):
        return Z

    with pytest.raises(CourseError, match="did you mean softmax"), yours(softmaxx):
        pass
    with pytest.raises(CourseError, match="yours takes an exercise"), yours(3):
        pass


def test_functions_in_tables_of_the_library_are_swapped_too(mine, model, ids, monkeypatch):
    calls = []

    def softmax(X):
        calls.append(X.shape)
        return X

    with monkeypatch.context() as patch:
        patch.setitem(headway.model.ACTIVATIONS, "gelu", headway.numerics.softmax)
        with yours(softmax):
            headway.model.ACTIVATIONS["gelu"](ids)
    assert calls == [(5,)]


def test_the_same_run_can_be_used_again_but_not_inside_itself(mine, model, ids):
    mine.note("softmax", 7, 7, SOFTMAX)
    run = yours()
    for _ in range(2):
        with run:
            forward(model, ids)
        assert run.calls["softmax"] == 3
    with run, pytest.raises(CourseError, match="in use already"), run:
        pass
