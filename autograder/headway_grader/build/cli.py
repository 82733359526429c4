"""`headway-build`: from lessons to notebooks, fixtures and manifest."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from headway_course import manifest
from headway_course.checking.cases import public_fixture
from headway_course.commands import Commands
from headway_course.real.shelf import MODELS

from headway_grader.build.builder import build, check, find_root
from headway_grader.build.mutation.report import report
from headway_grader.build.mutation.table import print_reports
from headway_grader.build.preview import show_lesson
from headway_grader.build.products import FIXTURES, SOLVED
from headway_grader.build.site import SITE, build_page, build_site
from headway_grader.build.staff_view import staff_view
from headway_grader.build.start import UNCHOSEN, start_lesson
from headway_grader.build.subject import installed
from headway_grader.build.watch import keep_building

app = typer.Typer(cls=Commands, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
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
    if watch:
        keep_building(context.obj, typer.echo)
    elif check_only:
        _check(context.obj)
    else:
        _build(context.obj, keep_outputs)


@app.command()
def new(
    context: typer.Context,
    lesson: Annotated[str, typer.Argument(help="Its number and name: 04_block")],
    exercise: Annotated[str, typer.Option(help="The library's function to ask for: blocks.mlp")] = UNCHOSEN,
) -> None:
    """Starts a lesson; never touches one that is there."""
    path = start_lesson(context.obj, lesson, exercise)
    typer.echo(f"{path.relative_to(context.obj)}")
    if exercise == UNCHOSEN:
        typer.echo(f"Put the library's function in the place of {UNCHOSEN}.")
    typer.echo(f"Write, and look at it with `headway-build preview {lesson[:2]}`.")


@app.command()
def site(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="Where it goes, in the course unless you say.")] = SITE,
    page: Annotated[
        str | None, typer.Option(help="This lesson's page alone, with its cases and wrong answers.")
    ] = None,
) -> None:
    """Makes the website from the solved lessons, the guides and the library."""
    root, out = context.obj, context.obj / out
    warned = build_page(root, out, page, _staff_view(root)) if page else build_site(root, out)
    if warned:
        _fail("\n".join([*warned, "the website was made, with these warnings: mend them"]))
    typer.echo(f"{out / 'index.html'}\nOpen it in a browser; it needs no server and no network.")


@app.command()
def preview(
    context: typer.Context,
    lesson: Annotated[str, typer.Argument(help="The lesson by its name or number: 03_attention, or 03.")],
    port: Annotated[int, typer.Option(help="Where to serve it; any free port unless you say.")] = 0,
    open_: Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")] = True,
) -> None:
    """Shows a lesson in the browser, with its cases and wrong answers, again whenever something is saved."""
    show_lesson(context.obj, lesson, port, open_, typer.echo)


@app.command()
def mutate(
    context: typer.Context,
    exercise: Annotated[
        str | None, typer.Argument(help="One exercise, by its name; all unless you say.")
    ] = None,
) -> None:
    """Changes one thing of an answer after the other, and tells which changes the hidden checks let pass."""
    root = context.obj
    course = manifest.load(root / FIXTURES / "manifest.json")
    asked = [course.exercise(exercise)] if exercise else course.exercises
    targets = {each.target for each in course.exercises}
    reports = [report(installed(), each, targets) for each in asked]
    print_reports(reports, root)
    if not all(each.passes for each in reports):
        raise typer.Exit(1)


def _staff_view(root: Path) -> Callable[[manifest.Exercise], str]:
    subject, folder = installed(), root / FIXTURES
    return lambda asked: staff_view(
        asked, public_fixture(asked, folder), subject.mistakes(asked.name), subject.honest(asked.name)
    )


def _build(root: Path, keep_outputs: bool) -> None:
    changed = build(root, installed(), keep_outputs)
    for path in changed:
        typer.echo(f"{'wrote' if (root / path).exists() else 'removed'} {path}")
    typer.echo(f"{len(changed)} files changed" if changed else "everything is up to date")
    absent = ", ".join(model.name for model in MODELS.values() if not model.is_here)
    solved = [path for path in changed if path.parent == SOLVED and (root / path).exists()]
    for path in solved if absent else ():
        if "real_model(" in (root / path).read_text(encoding="utf-8"):
            typer.echo(f"{path} lacks what {absent} would say: run python3 start.py models first", err=True)


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
