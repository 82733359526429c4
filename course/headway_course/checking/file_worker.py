"""The process in which `headway check` runs a learner's file: a line of JSON on its output for each step.

Called as `python -m headway_course.checking.file_worker FILE SECONDS EXERCISE …`, it leaves these out.
What the learner prints goes nowhere; an exercise that takes longer than SECONDS is interrupted from within.
"""

import _thread
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

from headway_course import manifest
from headway_course.checking.own_file import OwnFile, check_answer, open_file
from headway_course.checking.result import CheckResult, Status
from headway_course.errors import CourseError
from headway_course.manifest import Exercise


def main(path: str, seconds: str, *done: str) -> None:
    """Reports on every exercise of a file but those that are done."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out, Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        with redirect_stdout(nowhere), redirect_stderr(nowhere):
            for message in _messages(Path(path), float(seconds), done):
                out.write(json.dumps(message) + "\n")
                out.flush()


def _messages(path: Path, seconds: float, done: tuple[str, ...]) -> Iterator[dict]:
    try:
        file = open_file(path, manifest.load(manifest.public_fixtures() / "manifest.json"))
        exercises = [exercise for exercise in file.lesson.exercises if exercise.name not in done]
        yield {"lesson": file.lesson.name, "notes": file.extracted.warnings}
        for exercise in exercises:
            yield {"trying": exercise.name}
            result = _in_time(file, exercise, seconds)
            if result:
                yield {"exercise": exercise.name, "good": result.good, "text": repr(result)}
            else:
                yield {"missing": exercise.name}
    except CourseError as error:
        yield {"unusable": str(error)}
    yield {"end": True}


def _in_time(file: OwnFile, exercise: Exercise, seconds: float) -> CheckResult | None:
    late = threading.Event()

    def interrupt() -> None:
        late.set()
        _thread.interrupt_main()

    timer = threading.Timer(seconds, interrupt)
    timer.start()
    try:
        result = check_answer(file, exercise)
    except KeyboardInterrupt:
        result = CheckResult(exercise, Status.INTERRUPTED)
    finally:
        timer.cancel()
    late_result = late.is_set() and result is not None and result.status is Status.INTERRUPTED
    return replace(result, status=Status.TIMEOUT) if late_result else result


if __name__ == "__main__":
    main(*sys.argv[1:])
