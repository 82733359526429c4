"""What honest code gets out of the sandbox, and what is said of code that fails."""

import numpy as np
import pytest
from headway_grader.sandbox import Array, End, Job, Limits, Other, Piece, Raised, Returned, Scalar, Tuple
from jobs import QUICK, job, only

RNG = np.random.default_rng(3)
ARRAYS = [
    RNG.normal(size=(2, 3, 5)),
    RNG.normal(size=(4, 2)).astype(np.float32),
    np.arange(6, dtype=np.int16).reshape(3, 2),
    RNG.random((7,)) > 0.5,
    (RNG.normal(size=3) + 1j).astype(np.complex64),
    np.float16([1.5, np.nan, -np.inf]),
    np.zeros((0, 4)),
    np.array(2.5),
    np.arange(12.0).reshape(3, 4).T,
    np.longdouble([1.25]),
]


@pytest.mark.parametrize("a", ARRAYS, ids=lambda a: f"{a.dtype.str}{a.shape}")
def test_an_array_goes_in_and_comes_out_to_the_bit(sandbox, a):
    came = only(sandbox.run(job("def f(Z):\n    return Z", [{"Z": a}]))).value
    assert isinstance(came, Array)
    assert not came.scalar
    assert (came.data.dtype, came.data.shape) == (a.dtype, a.shape)
    assert came.data.tobytes() == a.tobytes()


@pytest.mark.parametrize("number", [True, 3, -2.5, 2**62])
def test_a_python_number_stays_one(sandbox, number):
    came = only(sandbox.run(job("def f(x):\n    return x", [{"x": number}]))).value
    assert came == Scalar(number)
    assert type(came.value) is type(number)


def test_a_numpy_number_is_told_from_an_array(sandbox):
    came = only(sandbox.run(job("def f():\n    return np.float32(2)"))).value
    assert came.scalar
    assert (came.data.dtype, came.data.shape) == (np.float32, ())


def test_a_tuple_comes_out_part_by_part(sandbox):
    came = only(sandbox.run(job("def f():\n    return np.ones(2), 3, None, (1, 2)"))).value
    assert isinstance(came, Tuple)
    assert came.parts[0].data.tolist() == [1, 1]
    assert came.parts[1:] == (Scalar(3), Other("NoneType", "None"), Other("tuple", ""))


LIES = {
    "a list": ("return [1.0, 2.0]", Other("list", "[1.0, 2.0]")),
    "None": ("return None", Other("NoneType", "None")),
    "a subclass": ("return np.ones(2).view(type('Liar', (np.ndarray,), {}))", Other("Liar")),
    "a masked array": ("return np.ma.ones(2)", Other("MaskedArray")),
    "an object array": ("return np.array([1, None])", Other("object array")),
    "a structured array": ("return np.zeros(2, dtype='i4,f8')", Other("ndarray")),
    "an array interface": (
        "return type('Array', (), {'__array_interface__': np.ones(2).__array_interface__})()",
        Other("Array"),
    ),
    "a float of another class": ("return type('Number', (np.float64,), {})(1)", Other("Number")),
    "an enormous integer": ("return 10**300", Other("int", str(10**300)[:200])),
    "a name with control characters": ("return type('\\x1b[2J\\u202e', (), {})()", Other(r"\x1b[2J\u202e")),
}


@pytest.mark.parametrize(("body", "expected"), LIES.values(), ids=LIES)
def test_what_is_no_plain_array_is_named_and_nothing_more(sandbox, body, expected):
    assert only(sandbox.run(job(f"def f():\n    {body}"))) == Returned(expected)


CLAIMS = """
class Meta(type):
    def __hash__(cls):
        return hash(np.float64)
    def __eq__(cls, other):
        return True
class Late(metaclass=Meta):
    nbytes = 0
    def __init__(self, Z):
        self.Z, self.dtype, self.shape = Z, Z.dtype, Z.shape
    def tobytes(self):
        print("computed when nobody counts")
        return self.Z.tobytes()
    def __float__(self):
        print("computed when nobody counts")
        return 1.0
def f(Z):
    return Late(Z)
"""


@pytest.mark.parametrize("mode", ["call", "count"])
def test_a_class_that_equals_numpy_s_is_not_asked_for_its_bytes(sandbox, mode):
    outcome = sandbox.run(job(CLAIMS, [{"Z": np.ones((2, 3))}], mode=mode))
    assert only(outcome).value == Other("Late")
    assert outcome.stdout == ""


def test_calls_get_fresh_inputs(sandbox):
    Z = np.ones(3)
    outcome = sandbox.run(job("def f(Z):\n    Z += 1\n    return Z", [{"Z": Z}, {"Z": Z}]))
    assert [result.value.data.tolist() for result in outcome.results] == [[2, 2, 2]] * 2
    assert Z.tolist() == [1, 1, 1]


def test_keep_shows_the_inputs_after_the_call(sandbox):
    source = "def f(Z, H):\n    R = Z.sum()\n    Z[0] = 7\n    Z.shape = (3, 1)\n    return R"
    result = only(sandbox.run(job(source, [{"Z": np.ones(3), "H": 2}], mode="keep")))
    assert result.value.data == 3
    assert result.kept["Z"].data.tolist() == [[7], [1], [1]]
    assert result.kept["H"] == Scalar(2)


def test_count_grows_with_a_loop_and_not_without(sandbox):
    calls = [{"Z": np.ones(n)} for n in (8, 16, 32)]
    loop = sandbox.run(
        job("def f(Z):\n    s = 0\n    for z in Z:\n        s += z\n    return s", calls, mode="count")
    )
    plain = sandbox.run(job("def f(Z):\n    return Z.sum()", calls, mode="count"))
    small, middle, large = (result.counts.total for result in loop.results)
    assert large - middle == 2 * (middle - small) > 0
    assert [result.counts.by_line["cell", 4] for result in loop.results] == [8, 16, 32]
    assert len({result.counts.total for result in plain.results}) == 1


def test_parameters_may_have_other_names(sandbox):
    inputs = [{"Z": np.ones(2), "n": 3}]
    assert only(sandbox.run(job("def f(a, b):\n    return b", inputs))).value == Scalar(3)
    assert only(sandbox.run(job("def f(*a):\n    return a[1]", inputs))).value == Scalar(3)
    assert only(sandbox.run(job("def f(n, Z):\n    return n", inputs))).value == Scalar(3)
    assert only(sandbox.run(job("def f(n, /, Z):\n    return Z", inputs))).value == Scalar(3)
    assert only(sandbox.run(job("def f(Z, n, /):\n    return n", inputs))).value == Scalar(3)
    assert only(sandbox.run(job("def f(**named):\n    return named['n']", inputs))).value == Scalar(3)
    assert only(sandbox.run(job("def f(Z, **named):\n    return named['n']", inputs))).value == Scalar(3)
    assert sandbox.run(job("def f(a, b):\n    return b", inputs, mode="count")).results[0].counts.raised == ""


def test_an_error_names_type_message_cell_and_line(sandbox):
    pieces = (
        Piece("def inner(x):\n    return 1 / x", "cell 3", 7, ("inner",)),
        Piece("def f():\n    return inner(0)", "cell 5", 2, ("f",)),
    )
    outcome = sandbox.run(Job(pieces, "f", [{}]))
    assert only(outcome) == Raised("ZeroDivisionError", "division by zero", 8, "cell 3")
    assert outcome.end is End.FINISHED


RAISES = {
    "not started": ("raise NotImplementedError()", "NotImplementedError"),
    "endless recursion": ("return f(True)", "RecursionError"),
    "exit": ("raise SystemExit(0)", "SystemExit"),
    "interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "too large an array": ("return np.ones(10**12)", "MemoryError"),
    "stdin": ("return input()", "EOFError"),
    "a wrong call": ("return f(1, 2)", "TypeError"),
    "an exception with a message that raises": (
        "raise type('Odd', (Exception,), {'__str__': lambda self: 1 / 0})()",
        "Odd",
    ),
}


@pytest.mark.parametrize(("body", "name"), RAISES.values(), ids=RAISES)
def test_an_error_costs_its_call_only(sandbox, body, name):
    source = f"def f(bad=False):\n    if not bad:\n        return 1\n    {body}"
    outcome = sandbox.run(job(source, [{}, {"bad": True}, {}]))
    assert outcome.end is End.FINISHED
    assert [type(result) for result in outcome.results] == [Returned, Raised, Returned]
    assert outcome.results[1].type == name


def test_messages_are_short_and_printable(sandbox):
    error = only(sandbox.run(job("def f():\n    raise ValueError('\\x1b[31m\\u202e' + 'x' * 10**6)")))
    assert error.message.isprintable()
    assert len(error.message) < 600


def test_a_statement_that_raises_costs_what_needs_it(sandbox):
    pieces = (
        Piece("broken = 1 / 0", "cell", 4, ("broken",)),
        Piece("def g():\n    return broken", "cell", 6, ("g",)),
        Piece("def f():\n    return 1", "cell", 9, ("f",)),
    )
    outcome = sandbox.run(Job(pieces, "f", [{}], limits=QUICK))
    assert only(outcome) == Returned(Scalar(1))
    assert outcome.import_errors == (Raised("ZeroDivisionError", "division by zero", 4, "cell", ("broken",)),)
    assert only(sandbox.run(Job(pieces, "g", [{}], limits=QUICK))).type == "NameError"
    assert only(sandbox.run(Job(pieces, "h", [{}], limits=QUICK))).type == "NameError"


def test_an_annotation_with_an_unknown_name_costs_nothing(sandbox):
    assert only(sandbox.run(job("def f(x: Tensor = 1) -> Unknown[3]:\n    return x"))) == Returned(Scalar(1))


PRELUDE = {
    "numerics": "def double(x):\n    return 2 * x\n\n\ndef _hidden(x):\n    return x\n",
    "attention": "from headway.numerics import double\n\n\ndef four(x):\n    return double(double(x))\n",
}


def test_prerequisites_replace_the_learners_own(sandbox):
    pieces = (
        Piece("def double(x):\n    return 1000", "cell", 1, ("double",)),
        Piece("def f(x):\n    return four(x) + double(x)", "cell", 4, ("f",)),
    )
    assert only(sandbox.run(Job(pieces, "f", [{"x": 1}], PRELUDE))) == Returned(Scalar(6))
    chosen = sandbox.run(Job(pieces, "f", [{"x": 1}], PRELUDE, prerequisites=("four",)))
    assert only(chosen) == Returned(Scalar(1004))


def test_only_prerequisites_can_be_imported_from_the_library(sandbox):
    good = "from headway.numerics import double\nimport headway.attention\ndef f():\n    return double(1)"
    assert only(sandbox.run(job(good, prelude=PRELUDE))) == Returned(Scalar(2))
    for bad in (
        "from headway.numerics import softmax",
        "import headway.model",
        "import headway_grader.judge",
    ):
        error = only(sandbox.run(job(f"def f():\n    {bad}", prelude=PRELUDE)))
        assert error.type in ("ImportError", "ModuleNotFoundError")


def test_prerequisites_that_fail_are_our_fault(sandbox):
    outcome = sandbox.run(job("def f():\n    return 1", prelude="1 / 0"))
    assert outcome.end is End.SANDBOX_FAULT
    assert "ZeroDivisionError" in outcome.detail
    assert sandbox.run(job("def f():\n    return 1")).end is End.FINISHED


def test_dataclasses_and_what_numpy_imports_late_work_without_files(sandbox):
    source = """
import dataclasses, typing, functools, collections, itertools, operator, math, warnings

@dataclasses.dataclass(frozen=True)
class Pair:
    a: np.ndarray
    b: "typing.Optional[int]" = None

def f():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(4, 4))
    np.linalg.svd(X), np.fft.rfft(X), np.einsum("ij,jk", X, X, optimize=True)
    np.polynomial.Polynomial([1, 2])(3)
    np.unique(X), np.quantile(X, 0.3), np.array2string(X), str(X)
    np.ma.masked_less(X, 0), np.char.upper(["a"])
    np.lib.stride_tricks.sliding_window_view(X, 2, axis=0), np.random.rand(2), np.strings.lower(["A"])
    np.array([1.0]) / 0, warnings.warn("said")
    typing.get_type_hints(Pair), repr(Pair(X)), dataclasses.replace(Pair(X), b=2)
    "é".encode("latin-1").decode("utf-8", "replace"), f"{1:>5}", "x".encode("ascii"), "x".encode("utf-16")
    return 1
"""
    outcome = sandbox.run(job(source))
    assert only(outcome) == Returned(Scalar(1))
    assert "divide by zero" in outcome.stdout


def test_output_is_kept_up_to_a_limit_and_made_safe(sandbox):
    limits = Limits(output_bytes=1000)
    said = sandbox.run(
        job(
            "import sys\ndef f():\n    print('a\\tb\\x1b[0m')\n    print('c', file=sys.stderr)", limits=limits
        )
    )
    assert said.stdout in ("a\tb\\x1b[0m\nc\n", "c\na\tb\\x1b[0m\n")
    long = sandbox.run(job("def f():\n    print('x' * 30_000)", limits=limits))
    assert long.end is End.FINISHED
    assert long.stdout == 1000 * "x" + "…"


def test_large_inputs_and_results_pass(sandbox):
    Z = RNG.normal(size=(1000, 1000))
    came = only(sandbox.run(job("def f(Z):\n    return Z @ Z", [{"Z": Z}])))
    assert np.allclose(came.value.data, Z @ Z)


def test_an_input_that_is_no_number_is_refused(sandbox):
    with pytest.raises(TypeError, match="an input must be"):
        sandbox.run(job("def f(x):\n    return x", [{"x": [1, 2]}]))
