"""Type, dtype, shape, values: in this order, and never after broadcasting."""

import numpy as np
import pytest
from headway_course.judging.compare import Foreign, Kind, close, mismatch

SHAPES = "Z (..., n) -> (..., n)"


class Liar(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)


class LyingNumber(np.float64):
    pass


@pytest.fixture
def expected():
    return np.random.default_rng(1).normal(size=(2, 7))


def kind(actual, expected):
    found = mismatch(actual, expected, SHAPES)
    return found and found.kind


def test_a_value_equals_itself(expected):
    for dtype in (np.float64, np.float32, np.int64, bool):
        assert mismatch(expected.astype(dtype), expected.astype(dtype)) is None


@pytest.mark.parametrize(
    "turn",
    [
        np.ndarray.tolist,
        lambda e: e.view(Liar),
        np.ma.masked_array,
        lambda e: e.astype(object),
        lambda e: tuple(e),
        lambda e: None,
        lambda e: float(e[0, 0]),
        lambda e: e[0, 0],
        lambda e: Foreign("list"),
    ],
)
def test_only_plain_arrays_are_arrays(expected, turn):
    assert kind(turn(expected), expected) is Kind.TYPE


def test_a_number_of_rank_0_is_a_numpy_number():
    due = np.array(2.5)
    assert mismatch(np.float64(2.5), due) is None
    assert mismatch(np.array(2.5), due) is None
    for other in (2.5, [2.5], LyingNumber(2.5)):
        assert kind(other, due) is Kind.TYPE
    assert kind(np.float32(2.5), due) is Kind.DTYPE
    assert kind(np.array([2.5]), due) is Kind.SHAPE


def test_dtype_comes_before_shape_and_shape_before_values(expected):
    assert kind(expected[0].astype(np.float32), expected) is Kind.DTYPE
    assert kind(expected[0] + 1, expected) is Kind.SHAPE
    assert kind(expected + 1, expected) is Kind.VALUES


def test_nothing_is_broadcast():
    due = np.ones((2, 7))
    for shape in [(7,), (1, 7), (2, 1), (1,), (), (1, 2, 7)]:
        assert kind(np.ones(shape), due) is Kind.SHAPE


def test_the_message_on_shapes_names_actual_expected_and_axis(expected):
    message = mismatch(expected[:, :5], expected, SHAPES).message
    for part in ("(2, 5)", "(2, 7)", "axis 1 (n) is 5", "should be 7"):
        assert part in message


def test_integers_and_bools_are_exact():
    large = np.array([2**60, 5])
    assert kind(large + np.array([1, 0]), large) is Kind.VALUES
    assert kind(np.array([True, False]), np.array([True, True])) is Kind.VALUES


def test_nan_and_infinities_are_exact(expected):
    holed = expected.copy()
    holed[1, 2] = np.nan
    assert kind(holed, expected) is Kind.NAN
    assert kind(expected, holed) is Kind.VALUES
    assert mismatch(holed, holed.copy()) is None
    below = np.where(np.arange(7) > 3, -np.inf, expected)
    assert mismatch(below, below.copy()) is None
    assert kind(-below, below) is not None
    assert kind(np.where(np.isinf(below), np.finfo(float).min, below), below) is Kind.VALUES
    assert kind(below, expected) is Kind.INFINITY


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_tolerance_grows_with_the_numbers_and_the_rounding_unit_only(dtype, size):
    due = (np.random.default_rng(2).uniform(1, 2, size=50) * size).astype(dtype)
    eps = np.finfo(dtype).eps
    assert close((due * (1 + 50 * eps)).astype(dtype), due).all()
    assert not close((due * (1 + 2000 * eps)).astype(dtype), due).any()


def test_one_percent_is_not_close(expected):
    for dtype in (np.float64, np.float32):
        due = expected.astype(dtype)
        assert kind((due * 1.01).astype(dtype), due) is Kind.VALUES
        assert kind((due * 1.0002).astype(dtype), due) is Kind.VALUES


def test_tuples_are_compared_one_by_one(expected):
    due = (expected, expected + 1)
    assert mismatch(due, due) is None
    assert kind([*due], due) is Kind.TYPE
    assert kind(due[:1], due) is Kind.TYPE
    found = mismatch((expected, expected), due)
    assert found.kind is Kind.VALUES
    assert "Result 2 of 2" in found.message


def test_the_discreet_message_does_not_depend_on_what_came_out(expected):
    rng = np.random.default_rng(3)
    for make in (
        lambda: rng.normal(size=(2, 7)),
        lambda: rng.normal(size=(rng.integers(3, 90), 7)),
        lambda: Foreign(f"Type{rng.integers(90)}"),
        lambda: rng.normal(size=(2, 7)).astype(rng.choice([np.float32, np.float16])),
        lambda: rng.normal(size=(2, 7)).tolist(),
    ):
        assert len({mismatch(make(), expected).discreet for _ in range(5)}) == 1


def test_empty_arrays_are_equal_only_in_shape():
    assert mismatch(np.zeros((0, 3)), np.zeros((0, 3))) is None
    assert kind(np.zeros((3, 0)), np.zeros((0, 3))) is Kind.SHAPE


def said(actual, expected, shapes=SHAPES):
    return mismatch(actual, expected, shapes).message


@pytest.mark.parametrize("number", [0, 0.0, True])
def test_a_python_number_is_told_that_it_has_no_dtype(number):
    message = said(number, np.array(0.5), "Z (..., n) -> ()")
    assert "a Python number has no dtype: let numpy compute it, or write `Z.dtype.type(0)`" in message
    assert "conversion" not in message


@pytest.mark.parametrize("dtype", [bool, int])
def test_whole_numbers_in_the_place_of_floats_have_a_cure(dtype):
    assert "for example with `.astype(float)`" in said(np.ones(3, dtype), np.ones(3))
    assert "astype" not in said(np.ones(3, dtype), np.ones(3, np.float32))


def test_a_dtype_that_is_no_float_has_a_cure():
    assert "`dtype=bool`" in said(np.ones(3), np.ones(3, bool))
    assert "`.astype(float)`" in said(np.ones(3), np.ones(3, int))


def test_axes_are_counted_in_singular_and_plural():
    assert "1 axis instead of 0" in said(np.ones(3), np.array(1.0))
    assert "2 axes instead of 1" in said(np.ones((3, 1)), np.ones(3))


def test_axes_without_a_name_are_not_listed():
    message = said(np.ones(3), np.ones(2), "Z (..., n) -> (...)")
    assert "expected (2,): axis" in message
    assert "that is (..., n)" in said(np.ones(3), np.ones(2))


def test_a_zero_has_no_sign():
    assert "should be 0." in said(np.ones(2), -np.zeros(2))
