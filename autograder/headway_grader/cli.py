"""`headway-grade`: the fast door to the judge.

Exit status: 0 if grading worked, whatever the grades; 1 if something of ours failed, or the one file named
cannot be read; 2 for wrong usage.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from headway_course.errors import CourseError

app = typer.Typer(
    help="Judges what learners hand in.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Paths = Annotated[list[Path], typer.Argument(help="Files, folders, or nbgrader's folder `submitted`.")]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON per learner and exercise.")]
Jobs = Annotated[int, typer.Option(min=0, help="How many at a time; 0 is one per processor.")]
Trust = Annotated[bool, typer.Option("--trust", help="Grade without isolation, if you trust all of them.")]
Public = Annotated[bool, typer.Option("--public", help="Judge by the public fixtures alone.")]


@app.command()
def run(
    paths: Paths, as_json: AsJson = False, jobs: Jobs = 0, trust: Trust = False, public: Public = False
) -> None:
    """Judges submissions and prints a table of learners × exercises."""
    _require(paths)
    with _told():
        from headway_grader import batch, home, reports
        from headway_grader.records import Records
        from headway_grader.sandbox import Sandbox
        from headway_grader.submissions import find

        tasks = batch.plan(find(paths), _course(public), trust)
        records = Records(home.folder("records"))
        records.sweep()
        done = batch.run(tasks, records, jobs or _processors(), lambda: Sandbox(trust=trust))
        found = sorted(_watched(done, len(tasks)), key=lambda record: (record.assignment, record.learner))
        reports.show(found, records.folder, as_json)
    raise typer.Exit(_exit_status(paths, found))


@app.command()
def fixtures() -> None:
    """Computes the hidden fixtures of every lesson, and makes the course key if there is none."""
    with _told():
        from headway_course import manifest

        course = _course(public=False)
        for lesson in manifest.load().lessons:
            made, _ = course.fixtures(lesson)
            typer.echo(f"{lesson.name}: {sum(len(one.cases) for one in made.values())} hidden cases")


@app.command()
def key(
    restore: Annotated[Path | None, typer.Option(help="Puts a copy of a key back in its place.")] = None,
) -> None:
    """Says where the course key lies, and how to keep and restore it."""
    with _told():
        from headway_grader import course_key

        if restore:
            _require([restore])
            course_key.restore(restore)
        found = course_key.course_key()
        _say(found.advice)
        typer.echo(f"The course key is {found.path}")
        typer.echo(f"Keep a copy apart from this machine:  cp {found.path} PLACE")
        typer.echo("Put it back:                           headway-grade key --restore PLACE/course.key")


@app.command()
def doctor() -> None:
    """Shows which layers of the sandbox work on this machine, and what they leave open."""
    with _told():
        from headway_grader.sandbox import Sandbox
        from headway_grader.sandbox.harms import require_minimum

        with Sandbox(trust=True) as sandbox:
            for layer in sandbox.layers:
                typer.echo(f"{'yes' if layer.active else 'NO ':4}{layer.name:14}{layer.why}")
            require_minimum(sandbox.layers)
        typer.echo("Learners' code can be judged here.")


def main() -> None:
    app()


@contextmanager
def _told() -> Iterator[None]:
    """What people and machines do wrong is told in one sentence, not as a traceback."""
    try:
        yield
    except CourseError as error:
        _say(str(error))
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        _say("Stopped. What was recorded stands: the same command goes on from there.")
        raise typer.Exit(130) from None


def _require(paths: Sequence[Path]) -> None:
    for path in paths:
        if not path.exists():
            _say(f"There is no {path}: name a file or folder that exists.")
            raise typer.Exit(2)


def _course(public: bool) -> "batch.Course":  # noqa: F821
    from headway_course import manifest

    from headway_grader import batch, judge

    if public:
        return batch.Course(manifest.load(), lambda lesson: judge.public_fixtures(lesson.name))
    from headway_grader.course_key import course_key
    from headway_grader.hidden import hidden_fixtures

    found = course_key()
    _say(found.advice)
    return batch.Course(manifest.load(), lambda lesson: hidden_fixtures(lesson, found))


def _watched(done: Iterator, total: int) -> Iterator:
    """The same, with a bar that shows how far it is, where a person is watching."""
    if not sys.stderr.isatty() or total < 2:
        return done
    from rich.console import Console
    from rich.progress import track

    return track(done, "Judging", total, console=Console(stderr=True), transient=True)


def _exit_status(paths: Sequence[Path], found: Sequence) -> int:
    from headway_grader.verdict import Status

    statuses = {verdict.status for record in found for verdict in record.verdicts}
    alone = len(paths) == 1 and paths[0].is_file()
    return int(Status.GRADER_ERROR in statuses or (alone and statuses <= {Status.UNREADABLE}))


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _say(text: str) -> None:
    """Prints to standard error, with nothing in it that a terminal obeys."""
    from headway_grader.printing import printable

    for line in filter(None, text.split("\n")):
        print(printable(line), file=sys.stderr)
