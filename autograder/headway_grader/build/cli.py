"""`headway-build`: from lessons to notebooks, fixtures and manifest."""

from pathlib import Path
from typing import Annotated

import typer
from headway_course.errors import CourseError

from headway_grader.build.builder import build, check, find_root
from headway_grader.build.start import UNCHOSEN, start_lesson
from headway_grader.build.subject import installed
from headway_grader.build.watch import keep_building

app = typer.Typer(add_completion=False, help=__doc__, pretty_exceptions_enable=False)
Root = Annotated[Path | None, typer.Option(help="The course; by default the one around the current folder.")]


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    root: Root = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if a generated file is out of date.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Build again whenever a lesson changes.")] = False,
    keep_outputs: Annotated[
        bool, typer.Option("--keep-outputs", help="Do not run solved notebooks whose cells did not change.")
    ] = False,
) -> None:
    """Builds everything that is generated from the lessons."""
    context.obj = root or find_root(Path.cwd())
    if context.invoked_subcommand:
        return
    try:
        if watch:
            keep_building(context.obj, typer.echo)
        elif check_only:
            _check(context.obj)
        else:
            _build(context.obj, keep_outputs)
    except CourseError as error:
        _fail(str(error))


@app.command()
def new(
    context: typer.Context,
    lesson: Annotated[str, typer.Argument(help="Its number and name: 04_block")],
    exercise: Annotated[str, typer.Option(help="The library's function to ask for: blocks.mlp")] = UNCHOSEN,
) -> None:
    """Starts a lesson; never touches one that is there."""
    try:
        path = start_lesson(context.obj, lesson, exercise)
    except CourseError as error:
        _fail(str(error))
    typer.echo(f"{path}\nChoose its exercise, then write with `headway-build --watch` running.")


def _build(root: Path, keep_outputs: bool) -> None:
    changed = build(root, installed(), keep_outputs)
    for path in changed:
        typer.echo(f"{'wrote' if (root / path).exists() else 'removed'} {path}")
    typer.echo(f"{len(changed)} files changed" if changed else "everything is up to date")


def _check(root: Path) -> None:
    found = check(root, installed())
    if found:
        _fail("\n".join([*map(str, found), f"{len(found)} files are out of date: run `headway-build`"]))
    typer.echo("everything is up to date")


def _fail(message: str) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
