"""Mutants: each has one thing changed, all in one order; a process of their own bears whatever they do."""

import ast
import os
import re
import signal
from dataclasses import replace

import numpy as np
import pytest
from headway_course import manifest
from headway_grader.build import cli
from headway_grader.build.mutation import trying
from headway_grader.build.mutation.mutants import mutants, original
from headway_grader.build.mutation.report import report
from headway_grader.library import Library
from typer.testing import CliRunner

EXERCISES = {"numbers.double", "numbers.quadruple"}


def library_of(tmp_path, body, signature="x, n=2", shapes="x (..., m), [n int ()] -> (..., m)"):
    """A library of one function, `numbers.answer`."""
    text = f'import numpy as np\n\n\ndef answer({signature}):\n    """It.\n\n    {shapes}\n    """\n'
    (tmp_path / "numbers.py").write_text(text + "".join(f"    {line}\n" for line in body), encoding="utf-8")
    return Library(tmp_path)


def statements(tmp_path, *body, **words):
    return [
        m.statement
        for m in mutants(library_of(tmp_path, body, **words), "numbers.answer", {"numbers.answer"})
    ]


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        (
            "return x + n",
            ["x - n", "x", "n", "np.float32(x + n)", "np.float64(x + n)", "np.add(x, n, out=x)"],
        ),
        ("return x ** 0.5", ["x * 0.5", "0.5 ** x", "x ** 1.5", "x ** -0.5"]),
        ("return x[..., 1:]", ["x", "x[..., 2:]", "x[..., 0:]", "x[..., :]", "x[..., 1:-1]", "x[1:, ...]"]),
        ("return x[..., ::2]", ["x[..., 1::2]", "x[..., :-1:2]", "x[..., ::3]", "x[..., :]"]),
        ("return x[n]", ["x[n + 1]", "x[n - 1]"]),
        ("return x[:, None]", ["x[None, :]", "x[:,]", "x[:, :]"]),
        ("return x.sum(axis=-1)", ["x.sum()", "x.sum(axis=1)", "x.sum(axis=-2)", "x.mean(axis=-1)", "x"]),
        ("return np.arange(n)", ["np.arange(n + 1)", "np.arange(n - 1)", "n"]),
        ("return np.where(x, n, 0)", ["np.where(n, x, 0)", "np.where(x, 0, n)", "np.where(x, n, -1)"]),
        (
            "return np.zeros(n, x.dtype)",
            ["np.zeros(n, np.float32)", "np.zeros(n, np.float64)", "np.ones(n, x.dtype)"],
        ),
        ("return np.exp(x).astype(x.dtype)", ["np.exp(x.astype(x.dtype))", "np.exp(x)"]),
        ("return (x >= n).all()", ["(x > n).all()", "(x <= n).all()", "(x == n).all()", "(x >= n).any()"]),
        ("return x @ x.mT", ["x * x.mT", "x.mT @ x", "x @ x"]),
        ("return -x", ["x"]),
    ],
)
def test_the_changes_of_a_line(tmp_path, line, changed):
    assert {f"return {text}" for text in changed} <= set(statements(tmp_path, line))


def test_a_statement_that_binds_nothing_new_may_be_left_out(tmp_path):
    assert (
        statements(tmp_path, "x = x * n", "y = x", "return y").count("pass") == 2
    )  # the first, and the return


def test_both_sides_of_a_condition_are_taken_always(tmp_path):
    made = statements(tmp_path, "if n is None:", "    return x", "return -x")
    assert {"if True:", "if False:", "if n is not None:"} <= set(made)


def test_the_default_of_an_argument_is_changed(tmp_path):
    made = statements(tmp_path, "return x")
    assert {"def answer(x, n=3):", "def answer(x, n=1):"} <= set(made)


def test_no_dtype_spoils_whole_numbers_on_the_way(tmp_path):
    made = statements(
        tmp_path, "y = x + 1", "return y", signature="x", shapes="x int (..., m) -> int (..., m)"
    )
    assert not any("y = np.float" in text for text in made)
    assert "return np.float64(y)" in made


def test_arguments_in_place_are_changed_until_they_are_bound_anew(tmp_path):
    made = statements(tmp_path, "x = x - n", "return x - 1")
    assert "x = np.subtract(x, n, out=x)" in made
    assert "return np.subtract(x, 1, out=x)" not in made


def test_what_is_symmetric_is_not_exchanged(tmp_path):
    made = statements(tmp_path, "return np.maximum(x, n).swapaxes(0, n)")
    assert not any("np.maximum(n, x)" in text or "swapaxes(n, 0)" in text for text in made)


def test_each_mutant_differs_from_the_answer_in_one_statement(tiny):
    before = tiny.subject.library.path("numbers").read_text(encoding="utf-8")
    lines = ast.unparse(ast.parse(before)).splitlines()
    found = mutants(tiny.subject.library, "numbers.double", EXERCISES)
    for mutant in found:
        after = ast.unparse(mutant.module).splitlines()
        assert len(after) == len(lines)
        (changed,) = [line for line, old in zip(after, lines, strict=True) if line != old]
        assert changed.strip() == mutant.statement
    assert len({ast.dump(mutant.module) for mutant in found}) == len(found)


def test_what_belongs_to_an_answer_alone_is_changed_and_other_exercises_are_not(tiny):
    lines = tiny.subject.library.path("numbers").read_text(encoding="utf-8").splitlines()
    changed = {lines[m.line - 1].strip() for m in mutants(tiny.subject.library, "numbers.double", EXERCISES)}
    assert {"return x * _TWO", "_TWO = 2.0  # the only number here"} <= changed
    changed = {
        lines[m.line - 1].strip() for m in mutants(tiny.subject.library, "numbers.quadruple", EXERCISES)
    }
    assert changed == {
        "def quadruple(x, times=1):",
        "for _ in range(times):",
        "x = double(double(x))",
        "return x",
    }


def test_mutants_come_in_the_order_of_their_lines_and_the_same_twice(tiny):
    one, two = (mutants(tiny.subject.library, "numbers.double", EXERCISES) for _ in range(2))
    assert [(m.line, m.statement) for m in one] == [(m.line, m.statement) for m in two]
    assert [m.line for m in one] == sorted(m.line for m in one)


def test_the_answer_itself_is_made_as_its_mutants_are(tiny):
    assert original(tiny.subject.library, "numbers.double")(np.arange(3)).tolist() == [0, 2, 4]


def endless():
    while True:
        pass


def test_what_never_ends_has_no_result_and_holds_nothing_up(monkeypatch):
    monkeypatch.setattr(trying, "SECONDS", 1)
    assert trying.each([lambda: 1, endless, lambda: 3]) == [1, None, 3]


def test_what_ends_its_process_has_no_result_and_holds_nothing_up():
    assert trying.each([lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 2]) == [None, 2]


def test_what_wants_too_much_memory_is_an_error_of_its_own():
    def hungry():
        try:
            return np.ones(trying.MEMORY, np.uint8).size
        except MemoryError:
            return "refused"

    assert trying.each([hungry, lambda: 2]) == ["refused", 2]


def test_a_fault_of_ours_is_no_verdict():
    with pytest.raises(ZeroDivisionError):
        trying.each([lambda: 1 / 0])


@pytest.fixture
def asked(tiny):
    """The exercise `double` of the tiny course, built."""
    tiny.build()
    return manifest.load(tiny.root / "data" / "fixtures" / "manifest.json").exercise("double")


def test_a_mutant_that_no_case_tells_apart_survives(tiny, asked):
    made = report(tiny.subject, asked, EXERCISES)
    assert "_TWO = np.float64(2.0)" in [one.mutant.statement for one in made.survivors]
    assert "_TWO = 3.0" not in [one.mutant.statement for one in made.survivors]
    assert not made.passes


def listing(made):
    return {one.mutant.statement: "there is no case in float32" for one in made.survivors}


def test_a_survivor_may_be_listed_with_its_reason(tiny, asked):
    listed = listing(report(tiny.subject, asked, EXERCISES))
    tiny.change(equivalent=lambda target: listed)
    made = report(tiny.subject, asked, EXERCISES)
    assert {one.mutant.statement for one in made.mutants if one.reason} == set(listed)
    assert not made.survivors
    assert made.passes


def test_what_is_listed_and_does_not_survive_is_told(tiny, asked):
    listed = listing(report(tiny.subject, asked, EXERCISES)) | {"_TWO = 3.0": "rejected", "return 7": "gone"}
    tiny.change(equivalent=lambda target: listed)
    made = report(tiny.subject, asked, EXERCISES)
    assert set(made.stale) == {"_TWO = 3.0", "return 7"}
    assert not made.passes


def test_a_verdict_that_depends_on_the_key_is_told(tiny, asked):
    whole, made = tiny.subject.fixture, []

    def fixture(target, rng, mistakes):
        made.append(whole(target, rng, mistakes))
        return replace(made[-1], cases=made[-1].cases[: len(made)])

    tiny.change(fixture=fixture)
    unsteady = [one.mutant.statement for one in report(tiny.subject, asked, EXERCISES).unsteady]
    assert "_TWO = 3.0" in unsteady


def test_a_wrong_answer_is_told_its_name_or_keeps_its_values(tiny, asked):
    made = report(tiny.subject, asked, EXERCISES)
    assert all(outcome.rejected for outcome in made.wrong.values())
    assert set(made.named) == {"too-small", "sorted"}


def test_the_command_prints_survivors_with_their_lines_and_fails(tiny, asked, monkeypatch):
    monkeypatch.setattr(cli, "installed", lambda: tiny.subject)
    done = CliRunner().invoke(cli.app, ["--root", str(tiny.root), "mutate", "double"])
    assert done.exit_code == 1
    assert re.search(
        r"^library/numbers\.py:7: 2\.0 → np\.float64\(2\.0\) survives", done.stdout, re.MULTILINE
    )
    assert "    _TWO = np.float64(2.0)\n" in done.stdout
    listed = listing(report(tiny.subject, asked, EXERCISES))
    tiny.change(equivalent=lambda target: listed)
    done = CliRunner().invoke(cli.app, ["--root", str(tiny.root), "mutate", "double"])
    assert done.exit_code == 0, done.stdout
    assert re.search(r"^double +\d+ ", done.stdout, re.MULTILINE)


def test_the_command_names_an_exercise_that_is_none(tiny, asked, monkeypatch):
    monkeypatch.setattr(cli, "installed", lambda: tiny.subject)
    done = CliRunner().invoke(cli.app, ["--root", str(tiny.root), "mutate", "doubel"])
    assert done.exit_code == 1
    assert "did you mean double?" in done.stderr
