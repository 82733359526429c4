"""The checks are checked: each fails when its expectation is negated, and none passes without evidence."""

import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from inspect import getsource

import numpy as np
import pytest
from handing_in import KEYS, hidden_under, script
from headway_course import manifest
from headway_course.judging.loops import Counts
from headway_grader.answers import answer_to, extracted_from
from headway_grader.checks.evidence import Evidence, NoEvidence, perform
from headway_grader.checks.learner import Learner
from headway_grader.checks.test_inputs import test_inputs_stay_as_they_were as inputs_stay
from headway_grader.checks.test_loops import test_python_does_not_loop_over_the_data as no_loops
from headway_grader.checks.test_results import test_results_are_those_expected as results_right
from headway_grader.judge import check_group, check_loops
from headway_grader.reference import of_the_course
from headway_grader.verdict import Status

pytestmark = pytest.mark.slow

EXERCISES = [one for lesson in manifest.load().lessons for one in lesson.exercises]
GROUPS = [
    (exercise, group)
    for exercise in EXERCISES
    for group in hidden_under(KEYS[0], exercise.lesson)[exercise.name].groups
]


def library_source(exercise):
    """The library's own module, as somebody would hand it in."""
    return getsource(import_module(f"headway.{exercise.target.rpartition('.')[0]}"))


@pytest.fixture
def learner(sandbox):
    def hand_in(exercise, source=None):
        lesson = manifest.load().lesson(exercise.lesson)
        extracted = extracted_from(script(source or library_source(exercise), lesson.name), lesson)
        return Learner(answer_to(exercise, extracted), sandbox)

    return hand_in


def perturbed(value):
    """A value that differs from this one in a single place."""
    if isinstance(value, tuple):
        return (perturbed(value[0]), *value[1:])
    if not value.size:
        return np.zeros((1, 1), value.dtype)
    value = value.copy()
    at = (0,) * value.ndim
    if value.dtype.kind == "f":
        size = np.abs(value[np.isfinite(value)]).max(initial=1)
        value[at] = value[at] + 0.001 * size if np.isfinite(value[at]) else 0
    else:
        value[at] = ~value[at]
    return value


@pytest.mark.parametrize(("exercise", "group"), GROUPS, ids=lambda one: getattr(one, "name", one))
def test_the_library_passes_and_a_perturbed_expectation_fails(learner, exercise, group):
    cases = hidden_under(KEYS[0], exercise.lesson)[exercise.name].groups[group]
    assert check_group(learner(exercise), group, cases) is None
    for number, case in enumerate(cases):
        negated = [*cases]
        negated[number] = replace(case, expected=perturbed(case.expected))
        finding = check_group(learner(exercise), group, tuple(negated))
        assert finding.status is Status.WRONG
        assert finding.case.name == case.name


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_library_is_loop_free_and_a_loop_around_it_is_found(learner, exercise):
    reference = of_the_course(exercise)
    growth = reference.growth(hidden_under(KEYS[0], exercise.lesson)[exercise.name], exercise.loops_over)
    assert check_loops(learner(exercise), growth, reference) is None
    first, given = next(iter(next(iter(growth.values()))[0][1].items()))
    loop = f"np.size({first}) * 4" if given.ndim else first
    source = library_source(exercise).replace(f"def {exercise.name}(", f"def right_{exercise.name}(")
    source += f"\n\ndef {exercise.name}({first}, *rest, **named):\n"
    source += f"    for _ in range({loop}):\n        pass\n"
    source += f"    return right_{exercise.name}({first}, *rest, **named)\n"
    finding = check_loops(learner(exercise, source), growth, reference)
    assert finding.status is Status.WRONG


def test_an_input_that_changes_fails_though_the_result_is_right(learner):
    exercise = manifest.load().exercise("softmax")
    cases = hidden_under(KEYS[0], exercise.lesson)["softmax"].groups["inputs-kept"]
    source = """
import numpy as np
def softmax(Z):
    E = np.exp(Z - Z.max(-1, keepdims=True))
    Z[..., 0] = np.nextafter(Z[..., 0], 9)
    return E / E.sum(-1, keepdims=True)
"""
    finding = check_group(learner(exercise, source), "inputs-kept", cases)
    assert "changes its input Z" in finding.message


@pytest.mark.parametrize(
    "check",
    [
        lambda learner, cases, evidence: None,
        lambda learner, cases, evidence: [evidence.is_equal(case, case.expected) for case in cases[1:]],
        lambda learner, cases, evidence: evidence.seen.add(("equal", "another case")),
    ],
)
def test_a_check_that_compares_too_little_is_a_fault_of_ours(check):
    cases = hidden_under(KEYS[0], "01_softmax")["softmax"].groups["typical"]
    with pytest.raises(NoEvidence):
        perform(check, None, cases, Evidence.of_results(cases))


def test_a_check_of_inputs_needs_both_kinds_of_evidence():
    cases = hidden_under(KEYS[0], "01_softmax")["softmax"].groups["inputs-kept"]

    def forgets_inputs(learner, cases, evidence):
        for case in cases:
            evidence.is_equal(case, case.expected)

    with pytest.raises(NoEvidence):
        perform(forgets_inputs, None, cases, Evidence.of_inputs(cases))


@pytest.mark.parametrize("check", [results_right, inputs_stay, no_loops])
def test_no_check_passes_on_nothing(check):
    class Nobody:
        def results(self, cases):
            return iter(())

        results_and_inputs = counts = results

    for evidence in (
        Evidence.of_results([]),
        Evidence.of_inputs([]),
        Evidence.of_growth({}),
    ):
        with pytest.raises(NoEvidence):
            perform(check, Nobody(), (), evidence)


def test_counts_of_too_few_sizes_are_no_evidence():
    evidence = Evidence.of_growth({"n": {}})
    finding = perform(
        lambda learner, growth, evidence: evidence.is_flat("n", {8: Counts(0)}, {}), None, {}, evidence
    )
    assert finding.status is not Status.PASS


@pytest.fixture(scope="module")
def softmax_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("ada") / "01_softmax.py"
    file.write_text(library_source(manifest.load().exercise("softmax")))
    return file


def by_hand(*words):
    """Runs the checks as a person does, with pytest."""
    command = [sys.executable, "-m", "pytest", "--pyargs", "headway_grader.checks", "-p", "no:cacheprovider"]
    return subprocess.run([*command, *words], capture_output=True, text=True, check=False)


def test_by_hand_a_right_answer_passes(softmax_file):
    done = by_hand("--submission", softmax_file, "-k", "softmax and not log", "-v")
    assert done.returncode == 0, done.stdout
    for test in ("those_expected[softmax-extremes]", "test_inputs_stay_as_they_were", "test_python_does_not"):
        assert test in done.stdout


def test_by_hand_a_wrong_answer_fails_in_its_group_with_the_judges_words(softmax_file):
    file = softmax_file.with_name("wrong.py")
    file.write_text(softmax_file.read_text().replace("Z - Z.max(axis=-1, keepdims=True)", "Z", 1))
    done = by_hand("--submission", file, "-k", "softmax and not log and (typical or extremes)")
    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout
    assert "NaN" in done.stdout


def test_by_hand_a_missing_answer_and_a_check_without_evidence_fail(softmax_file):
    file = softmax_file.with_name("missing.py")
    file.write_text("import numpy as np\ndef logsumexp(Z):\n    raise NotImplementedError()\n")
    done = by_hand("--submission", file)
    assert done.returncode == 1
    assert " passed" not in done.stdout


def test_by_hand_wrong_usage_is_told_in_a_sentence(softmax_file):
    for words in ((), ("--submission", softmax_file.with_name("nowhere.py"))):
        done = by_hand(*words)
        assert done.returncode != 0
        assert "name what to check" in done.stdout or "nowhere.py" in done.stdout
        assert "conftest.py" not in done.stdout  # no traceback
