"""Speed in the verdict: what is timed, what an answer can do about it, and what if the fault is ours."""

from dataclasses import replace
from itertools import islice
from types import SimpleNamespace

import numpy as np
import pytest
from handing_in import KEYS, hidden_under, script, verdict_on
from headway_course import manifest
from headway_grader import batch, cases
from headway_grader import judge as judging
from headway_grader.cases import speed
from headway_grader.records import Records
from headway_grader.reference import of_the_course
from headway_grader.sandbox import Job, Piece, Sandbox, session
from headway_grader.sandbox.session import Overrun, Stopped
from headway_grader.sandbox.wire import Broken, Reader
from headway_grader.timing import judging as timing
from headway_grader.timing import race
from headway_grader.timing.noise import noise
from headway_grader.verdict import Speed, Status

BODY = "E = np.exp(Z - Z.max(-1, keepdims=True))\nreturn E / E.sum(-1, keepdims=True)"
LARGE = "if Z.shape == (12_000, 10):\n    "


def softmax(sandbox, body):
    """The verdict on a softmax with this body, right wherever nothing is timed."""
    lines = "\n".join(f"    {line}" for line in f"{body}\n{BODY}".split("\n"))
    return verdict_on(sandbox, "softmax", f"def softmax(Z):\n{lines}\n")


def timed(source, function="f"):
    return Job((Piece(source, "script", 1),), function, [], mode="time")


@pytest.fixture
def pair(sandbox):
    """Opens two workers, the library's softmax and another function."""
    return lambda source: sandbox.pair(
        timed("import numpy as np\ndef f(Z):\n    return Z + 1"), timed(source)
    )


def test_the_speed_of_every_exercise_is_judged_but_of_two():
    targets = {exercise.target for exercise in manifest.load().exercises}
    assert set(speed.SIZES) == targets - {"attention.causal_mask", "blocks.silu"}


@pytest.mark.parametrize("target", speed.SIZES)
def test_no_two_calls_get_the_same_inputs(target):
    made = islice(speed.inputs(cases.load(target).inputs, np.random.default_rng(1), speed.SIZES[target]), 30)
    seen = {tuple(np.asarray(value).tobytes() for value in inputs.values()) for inputs in made}
    assert len(seen) == 30


def test_numbers_to_be_timed_with_come_from_the_course_key(sandbox, monkeypatch):
    drawn = []
    monkeypatch.setattr(timing, "Race", lambda ours, theirs, inputs, shapes: drawn.append(next(inputs)["Z"]))
    exercise = manifest.load().exercise("softmax")
    reference = of_the_course(exercise)
    one, other = (hidden_under(key, "01_softmax")["softmax"] for key in KEYS[:2])
    with pytest.raises(AttributeError):
        timing.judge_speed(exercise, _answer(), one, sandbox, reference)
    with pytest.raises(AttributeError):
        timing.judge_speed(exercise, _answer(), other, sandbox, reference)
    assert not np.array_equal(*drawn)


def _answer():
    return SimpleNamespace(pieces=(), function="softmax", prelude={}, prerequisites=())


def test_a_right_answer_is_timed(sandbox):
    assert softmax(sandbox, "").speed not in (Speed.NOT_JUDGED, Speed.UNDECIDED)


def test_an_answer_that_never_comes_to_an_end_where_it_is_timed_is_slower(sandbox):
    verdict = softmax(sandbox, f"{LARGE}while True: pass")
    assert (verdict.status, verdict.speed) == (Status.PASS, Speed.SLOWER)
    assert "more than 10 times as long as the library's, at batch = 12000, n = 10." in verdict.message
    assert verdict.points == round(2 * 85 / 100, 2)


@pytest.mark.parametrize(
    ("trick", "words"),
    [
        ("return Z", "its result is wrong where it is timed, at batch = 12000, n = 10"),
        ("return None", "its result is wrong where it is timed"),
        ("raise ValueError(Z)", "it raises an error where it is timed"),
        ("raise SystemExit", "it raises an error where it is timed"),
        ("return [(np.zeros(1 << 22),) * 64 for _ in range(9)][0]", "it prints or returns too much"),
    ],
)
def test_an_answer_that_returns_nothing_right_where_it_is_timed_earns_no_points_for_speed(
    sandbox, trick, words
):
    verdict = softmax(sandbox, LARGE + trick)
    assert (verdict.status, verdict.speed) == (Status.PASS, Speed.NOT_JUDGED)
    assert f"Its speed is not judged: {words}" in verdict.message
    assert verdict.points == round(2 * 85 / 100, 2)


def test_remembering_results_by_content_gains_nothing(sandbox, monkeypatch):
    asked = []
    original = race.Race._draw
    monkeypatch.setattr(race.Race, "_draw", lambda self, n: asked.append(original(self, n)) or asked[-1])
    verdict = softmax(sandbox, "")
    seen = [call["Z"].tobytes() for calls in asked for call in calls]
    assert verdict.speed is not Speed.NOT_JUDGED
    assert len(set(seen)) == len(seen) > race.TRIAL_CALLS


def test_speed_is_not_judged_where_the_ordinary_numbers_are_wrong(sandbox):
    verdict = verdict_on(sandbox, "softmax", "def softmax(Z):\n    return np.zeros_like(Z)\n")
    assert verdict.speed is Speed.NOT_JUDGED


def test_a_machine_without_time_leaves_speed_undecided_and_out_of_the_points(sandbox, monkeypatch):
    monkeypatch.setattr(race, "SECONDS", 0.0)
    verdict = softmax(sandbox, "")
    assert (verdict.speed, verdict.points) == (Speed.UNDECIDED, 2)
    assert "was not decided" in verdict.message


def test_an_answer_that_gets_no_processor_to_come_to_rest_on_is_not_called_slow(sandbox, monkeypatch):
    monkeypatch.setattr(session, "_REST_SECONDS", 0.05)
    monkeypatch.setattr(session.CpuClock, "rests", lambda clock: False)
    assert softmax(sandbox, "").speed is Speed.UNDECIDED


def test_an_answer_that_works_on_when_it_has_answered_is_slower(pair, monkeypatch):
    work = iter(range(0, 10**12, 10**7))
    with pair("def f(Z):\n    return Z") as (_, theirs):
        monkeypatch.setattr(session.CpuClock, "rests", lambda clock: False)
        monkeypatch.setattr(session.CpuClock, "read", lambda clock: next(work))
        with pytest.raises(Overrun):
            theirs.lap([{"Z": np.ones(3)}])


def test_an_answer_that_is_stopped_by_the_wall_clock_alone_was_starved(pair, monkeypatch):
    with pair("def f(Z):\n    while True: pass") as (_, theirs):
        theirs._watch._deadline = 0.0
        with pytest.raises(session.Starved):
            theirs.lap([{"Z": np.ones(3)}])


def test_a_fault_of_ours_leaves_speed_out_of_the_points(sandbox, monkeypatch):
    def broken(exercise, answer, fixture, sandbox, reference):
        broken_one = replace(reference, source={"numerics": "raise OSError"})
        return timing.judge_speed(exercise, answer, fixture, sandbox, broken_one)

    monkeypatch.setattr(judging, "judge_speed", broken)
    verdict = softmax(sandbox, "")
    assert (verdict.status, verdict.speed, verdict.points) == (Status.PASS, Speed.NOT_JUDGED, 2)
    assert "through a fault of ours" in verdict.message


def test_what_was_undecided_is_judged_once_more_in_the_end(sandbox, monkeypatch, tmp_path):
    found = {}

    def first_undecided(exercise, *given):
        found[exercise.name] = found.get(exercise.name, 0) + 1
        return timing.Judged(Speed.UP_TO_3 if found[exercise.name] > 1 else Speed.UNDECIDED)

    monkeypatch.setattr(judging, "judge_speed", first_undecided)
    course = batch.Course(manifest.load(), lambda lesson: hidden_under(KEYS[0], lesson.name))
    lines = "\n".join(f"    {line}" for line in BODY.split("\n"))
    tasks = batch.plan([script(f"import numpy as np\ndef softmax(Z):\n{lines}\n")], course)
    (record,) = batch.run(tasks, Records(tmp_path), 2, Sandbox)
    assert found == {"softmax": 2}
    assert record.verdicts[0].speed is Speed.UP_TO_3
    assert record.settled
    assert list(batch.run(tasks, Records(tmp_path), 2, Sandbox)) == [record]


def test_an_undecided_record_is_judged_again_in_the_next_run(sandbox, monkeypatch, tmp_path):
    monkeypatch.setattr(judging, "judge_speed", lambda *given: timing.Judged(Speed.UNDECIDED, asked=False))
    course = batch.Course(manifest.load(), lambda lesson: hidden_under(KEYS[0], lesson.name))
    lines = "\n".join(f"    {line}" for line in BODY.split("\n"))
    tasks = batch.plan([script(f"import numpy as np\ndef softmax(Z):\n{lines}\n")], course)
    (record,) = batch.run(tasks, Records(tmp_path), 1, Sandbox)
    assert record.verdicts[0].speed is Speed.UNDECIDED
    assert not record.settled


def test_rounds_bring_what_was_returned_and_what_it_took(pair):
    with pair("import numpy as np\ndef f(Z):\n    return Z * 2, Z.shape[0]") as (ours, theirs):
        for size in (3, 200_000):
            Z = np.arange(float(size))
            one, other = ours.lap([{"Z": Z}, {"Z": -Z}]), theirs.lap([{"Z": Z}])
            assert np.array_equal(one.values[1].data, 1 - Z)
            assert np.array_equal(other.values[0].parts[0].data, 2 * Z)
            assert other.values[0].parts[1].value == size
            assert one.spent_ns > 0


def test_a_view_is_timed_with_the_copy_that_it_saved(pair):
    with pair("def f(Z):\n    return Z.T") as (_, theirs):
        Z = np.arange(12.0).reshape(3, 4)
        assert np.array_equal(theirs.lap([{"Z": Z}]).values[0].data, Z.T)


def test_peak_memory_is_the_same_to_the_byte(pair):
    with pair("import numpy as np\ndef f(Z):\n    return (Z + np.zeros((40, Z.size))).sum(0)") as (
        ours,
        theirs,
    ):
        Z = np.ones(10_000)
        peaks = [[side.lap([{"Z": Z}], peak=True).peak_bytes for side in (ours, theirs)] for _ in range(4)]
    assert peaks[2] == peaks[3]
    assert peaks[3][0] < 100_000 < 6_400_000 < peaks[3][1]


def test_where_the_kernel_hides_the_cpu_clock_the_wall_clock_is_read(pair, monkeypatch):
    def hidden(clock, pid):
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(session.CpuClock, "__init__", hidden)
    with pair("def f(Z):\n    return Z") as (ours, _):
        lap = ours.lap([{"Z": np.ones(3)}])
    assert lap.took_ns == lap.spent_ns > 0


def test_the_clock_is_that_of_the_workers_own_cpu_time(pair):
    busy = "def f(Z):\n    n = 0\n    while n < 300_000: n += 1\n    return Z"
    with pair(busy) as (ours, theirs):
        if not isinstance(ours._clock, session.CpuClock):
            pytest.fail("this machine hides the CPU clock of other processes")
        idle, worked = ours.lap([{"Z": np.ones(3)}]), theirs.lap([{"Z": np.ones(3)}])
    assert idle.spent_ns < worked.spent_ns


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("while True: pass", Overrun),
        ("raise ValueError", Stopped),
        ("raise SystemExit", Stopped),
        ("return np.zeros(1 << 27, bool)", Stopped),
        ("print('x' * 10**8)", Stopped),
    ],
)
def test_an_answer_that_cannot_be_timed_leaves_the_sandbox_as_it_was(sandbox, pair, body, error):
    with pair(f"import numpy as np\ndef f(Z):\n    {body}") as (_, theirs), pytest.raises(error):
        theirs.lap([{"Z": np.ones(3)}], most_ns=3e8)
    with pair("def f(Z):\n    return Z") as (_, theirs):
        assert theirs.lap([{"Z": np.ones(3)}]).values


def test_frames_out_of_turn_break_the_protocol():
    timed = {"frame": "timed", "values": [], "took": 1, "peak": 0}
    for frames in ([timed], [{"frame": "set"}] * 2, [{"frame": "set"}, timed, timed]):
        reader = Reader(timed_job())
        reader._frame({"frame": "ready"}, b"")
        for frame in frames[:-1]:
            reader._frame(frame, b"")
        with pytest.raises(Broken):
            reader._frame(frames[-1], b"")


def test_more_bytes_than_are_shared_break_the_protocol():
    reader = Reader(timed_job())
    form = {"form": "array", "dtype": "<f8", "shape": [1 << 30], "scalar": False}
    reader._frame({"frame": "ready"}, b"")
    reader._frame({"frame": "set"}, b"")
    with pytest.raises(Broken, match="shared"):
        reader._frame({"frame": "timed", "values": [form], "took": 1, "peak": 0}, b"")


def timed_job():
    return timed("def f(Z): return Z")


def test_the_noise_of_a_clock_is_told_against_the_shortest_round():
    found = noise([10] * 95 + [30] * 105)
    assert (found.middle, found.tenth) == (3, 3)
    assert str(noise([10] * 185 + [20] * 15)) == (
        "the middle one takes 1.00 times the shortest, one in ten 1.00"
    )
