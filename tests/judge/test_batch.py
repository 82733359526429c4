"""A class in one run: nobody stops it, nothing is lost, and the same comes out every time."""

import json
import os
import signal
import subprocess
import time

import pytest
from classroom import CRASHES, EXITS, GRADE, RIGHT, UNSTABLE, grade, hand_in, lines, records
from handing_in import KEYS, hidden_under, script
from headway_course import manifest
from headway_course.errors import CourseError
from headway_grader import batch
from headway_grader.records import Records
from headway_grader.sandbox import Sandbox
from headway_grader.verdict import Status

pytestmark = pytest.mark.slow

COURSE = batch.Course(manifest.load(), lambda lesson: hidden_under(KEYS[0], lesson.name))


@pytest.fixture
def run(tmp_path):
    """Judges submissions; returns their records by learner, and leaves the files in a folder."""

    def run(*submissions, jobs=2, sandbox=Sandbox):
        tasks = batch.plan(submissions, COURSE)
        found = {record.learner: record for record in batch.run(tasks, run.records, jobs, sandbox)}
        assert set(found) == {submission.learner for submission in submissions}
        return found

    run.records = Records(tmp_path / "records")
    return run


def statuses(record):
    return [str(verdict.status) for verdict in record.verdicts]


def test_a_class_is_judged_side_by_side_whatever_is_in_it(run):
    found = run(
        script(RIGHT, learner="right"),
        script(EXITS, learner="exits"),
        script(CRASHES, learner="crashes"),
        script("\0", learner="binary"),
        script("(" * 5000, learner="deep"),
        script("", learner="empty"),
        script(RIGHT, lesson="99_nowhere", learner="stranger"),
    )
    assert {learner: statuses(record)[0] for learner, record in found.items()} == {
        "right": "pass",
        "exits": "refused",
        "crashes": "crash",
        "binary": "unreadable",
        "deep": "not-started",
        "empty": "not-started",
        "stranger": "unreadable",
    }


def test_a_second_run_judges_nothing_and_says_the_same(run):
    class Never:
        def __init__(self):
            raise AssertionError("there is nothing to judge")

    first = run(script(RIGHT), script(UNSTABLE, learner="bob"))
    assert run(script(RIGHT), script(UNSTABLE, learner="bob"), sandbox=Never) == first


def test_what_changes_is_judged_anew(run):
    assert statuses(run(script(UNSTABLE))["ada"])[0] == "partial"
    assert statuses(run(script(RIGHT))["ada"])[0] == "pass"


def test_other_fixtures_or_points_make_other_records():
    lesson = COURSE.lesson(script(RIGHT))
    other = batch.Course(manifest.load(), lambda lesson: hidden_under(KEYS[1], lesson.name))
    keys = {batch.plan([script(RIGHT)], course)[0].key for course in (COURSE, other)}
    keys |= {batch.plan([script(RIGHT)], COURSE, trust=True)[0].key}
    keys |= {batch.plan([script(RIGHT, learner="bob")], COURSE)[0].key}
    assert len(keys) == 4
    assert COURSE.fixtures(lesson)[1] == COURSE.fixtures(lesson)[1]


def test_verdicts_do_not_depend_on_how_many_work(run, tmp_path):
    submissions = [script(source, learner=f"{i}") for i, source in enumerate([RIGHT, UNSTABLE, CRASHES] * 2)]
    one = run(*submissions, jobs=1)
    run.records = Records(tmp_path / "others")
    three = run(*submissions, jobs=3)
    for learner, record in one.items():
        assert record.verdicts == three[learner].verdicts


def test_a_fault_of_ours_is_kept_with_its_traceback_and_judged_again(run):
    class Broken(Sandbox):
        def run(self, job, enough):
            raise OSError("the sandbox broke")

    record = run(script(RIGHT), sandbox=Broken)["ada"]
    assert record.verdicts[0].status is Status.GRADER_ERROR
    assert "the sandbox broke" in record.faults[0].traceback
    assert run(script(RIGHT))["ada"].verdicts[0].status is Status.PASS


def test_without_enough_isolation_nothing_is_judged(run):
    with pytest.raises(CourseError, match="--trust"):
        run(script(RIGHT), sandbox=lambda: Sandbox(without={"rlimits"}))
    assert not list(run.records.folder.rglob("*.json"))


def test_a_damaged_record_is_judged_again(run):
    first = run(script(RIGHT))
    (file,) = run.records.folder.rglob("*.json")
    file.write_text(file.read_text()[:40])
    assert run(script(RIGHT))["ada"].verdicts == first["ada"].verdicts
    json.loads(file.read_text())


def test_names_that_look_like_paths_stay_in_the_folder(run):
    run(script(RIGHT, learner="../../../etc/passwd"), script(RIGHT, learner="\x1b[2J\n"))
    files = [path for path in run.records.folder.parent.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert all(run.records.folder in path.parents and path.name.isprintable() for path in files)


def test_a_record_that_cannot_be_written_stops_the_run_with_a_word(run):
    run.records.folder.parent.joinpath("records").write_text("in the way")
    with pytest.raises(CourseError, match="cannot write the record"):
        run(script(RIGHT))


def finished(home, folder):
    """A run to the end, as verdicts."""
    done = grade(home, "run", folder, "--json")
    assert done.returncode == 0, done.stderr
    return lines(done)


def test_a_run_that_was_killed_goes_on_where_it_stopped(tmp_path):
    sources = {f"learner-{i}": [RIGHT, UNSTABLE, CRASHES][i % 3] for i in range(24)}
    folder, home = hand_in(tmp_path, **sources), tmp_path / "home"
    grade(home, "fixtures")
    running = subprocess.Popen(
        [GRADE, "run", folder, "--json"],
        env={**os.environ, "HEADWAY_HOME": str(home)},
        stdout=subprocess.DEVNULL,
    )
    while len(records(home)) < 3 and running.poll() is None:
        time.sleep(0.005)
    running.send_signal(signal.SIGKILL)
    running.wait()
    kept = {path: path.stat().st_mtime_ns for path in records(home)}
    assert 3 <= len(kept) < len(sources), "killed too late or too early to show anything"
    for path in kept:
        json.loads(path.read_text())

    again = finished(home, folder)
    assert len(records(home)) == len(sources)
    for path, time_written in kept.items():
        assert path.stat().st_mtime_ns == time_written, "a record was judged twice"
    assert {line["learner"] for line in again.values()} == set(sources)
    assert finished(home, folder) == again


def test_two_keys_give_the_same_lines(tmp_path):
    folder = hand_in(tmp_path, ada=RIGHT, bob=UNSTABLE, eve=EXITS, dan=CRASHES)
    assert finished(tmp_path / "one", folder) == finished(tmp_path / "other", folder)
