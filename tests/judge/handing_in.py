"""Small submissions, and what the judge says of them."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from headway_course import manifest
from headway_grader import hidden
from headway_grader.handins.submissions import Submission
from headway_grader.judge import examine

KEYS = (b"one key", b"another key")


@cache
def hidden_under(key, lesson):
    """The fixtures of a lesson under a key."""
    made = hidden.compute(key, manifest.load().lesson(lesson))
    return {fixture.exercise: fixture for fixture in made}


def script(source, lesson="01_softmax", learner="ada"):
    """A script handed in by a learner."""
    when = datetime(2026, 2, 3, tzinfo=UTC)
    return Submission(learner, lesson, Path(f"{lesson}.py"), "py", when, source.encode())


def judged(sandbox, source, lesson="01_softmax", key=KEYS[0]):
    """What the judge makes of a script: the judgement, and the verdicts by exercise."""
    fixtures = hidden_under(key, lesson)
    judgement = examine(script(source, lesson), manifest.load().lesson(lesson), fixtures, sandbox)
    return judgement, {verdict.exercise: verdict for verdict in judgement.verdicts}


def verdict_on(sandbox, exercise, source, key=KEYS[0]):
    """The verdict on one exercise of a script, and on no account a fault of ours."""
    lesson = manifest.load().exercise(exercise).lesson
    judgement, verdicts = judged(sandbox, f"import numpy as np\n{source}", lesson, key)
    assert not judgement.faults
    return verdicts[exercise]
