"""`headway`: the learner's commands."""

import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from headway_course import manifest
from headway_course.checking.file_check import SECONDS, check_file
from headway_course.commands import Commands
from headway_course.errors import CourseError

Exercise = Annotated[str, typer.Argument(help="The name of the exercise, such as softmax.")]


class _Commands(Commands):
    refused = 2  # 1 says that an answer is not right yet

    def say(self, message: str) -> None:
        super().say(f"headway: {message}")


app = typer.Typer(cls=_Commands, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """The companion of the Headway course."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a terminal without ✓ shall show ?, not an error


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A notebook (.ipynb) or script (.py) with your answers.")],
    seconds: Annotated[float, typer.Option(help="How long one exercise may take.", min=0.1)] = SECONDS,
) -> None:
    """Check every exercise in a file, as in the notebook. The exit status is 1 if one is not right yet."""
    report = check_file(file, seconds)
    for exercise in report.exercises:
        typer.echo(f"{exercise.text}\n")
    for note in report.notes:
        typer.echo(f"Note: {note}.")
    typer.echo(report.summary)
    raise typer.Exit(0 if report.good else 1)


@app.command()
def hint(
    exercise: Annotated[str, typer.Argument(help="The name of the exercise, such as softmax.")],
    number: Annotated[int, typer.Argument(help="Which hint; each says a little more.", min=1)] = 1,
) -> None:
    """Show one hint for an exercise, and how to get the next one."""
    from headway_course.hinting import numbered

    found = numbered(manifest.load().exercise(exercise), number)
    typer.echo(f"{found.said}\n{_plain(found.what_next(terminal=True))}")


@app.command()
def reset(
    exercise: Annotated[str, typer.Argument(help="The name of the exercise, such as softmax.")],
    file: Annotated[Path, typer.Argument(help="Your notebook (.ipynb); close it in JupyterLab first.")],
) -> None:
    """Start an exercise anew: its stub comes back into your notebook.

    What you had written is put into a file in the folder `kept` beside the notebook. All else stays.
    """
    from headway_course.resetting import reset_in_file

    for sentence in reset_in_file(exercise, file).sentences:
        typer.echo(_plain(sentence))


@app.command()
def hand_in(
    file: Annotated[Path, typer.Argument(help="Your notebook (.ipynb) or script (.py), saved.")],
    name: Annotated[
        str, typer.Option(help="Your name, to stand on the file; later hand-ins in that folder take it too.")
    ] = "",
    into: Annotated[
        Path | None, typer.Option(help="Where the file goes; `handed_in` beside yours unless you say.")
    ] = None,
) -> None:
    """Make the file to hand in, and say what is still missing.

    It is made whatever is missing, and holds your cells without their outputs. Earlier ones stay.
    """
    from headway_course.handing_in import make_hand_in

    typer.echo(repr(make_hand_in(file, name, into)))


@app.command()
def progress() -> None:
    """Show how far you are, lesson by lesson."""
    typer.echo(repr(_showing().progress()))


@app.command(name="next")
def next_up() -> None:
    """Propose what to do next."""
    typer.echo(repr(_showing().next_up()))


@app.command()
def answer(exercise: Exercise) -> None:
    """Show the model answer of an exercise that you have passed or given up."""
    typer.echo(repr(_showing().model_answer(exercise)))


@app.command()
def give_up(exercise: Exercise) -> None:
    """Show the model answer of an exercise that you have not passed; that you saw it stays marked."""
    typer.echo(repr(_showing().give_up(exercise)))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def learn(
    context: typer.Context,
    into: Annotated[
        Path | None, typer.Option(help="Where your notebooks lie; `my` beside the course unless you say.")
    ] = None,
    open_: Annotated[bool, typer.Option("--open/--no-open", help="Open JupyterLab there.")] = True,
) -> None:
    """Bring your notebooks up to date, never touching what you wrote, and open JupyterLab.

    Other options are handed on to JupyterLab.
    """
    from headway_course import sync

    folder = into or sync.default_folder()
    for line in sync.bring_up_to_date(sync.shipped_notebooks(), folder):
        typer.echo(line)
    if open_:
        raise typer.Exit(sync.open_jupyterlab(folder, context.args))


@app.command()
def models() -> None:
    """Bring the two real models that later lessons run, 180 MB, and check those that are here."""
    from headway_course.real.getting import bring_models

    bring_models(typer.echo)


@app.command()
def chat(
    temperature: Annotated[float, typer.Option(help="0 takes the likeliest word each time.", min=0)] = 0.7,
) -> None:
    """Talk with SmolLM2, which the library runs in numpy; an empty line ends it."""
    import numpy as np

    from headway_course.real.loading import real_model

    model, talk, rng = real_model("smollm2"), [], np.random.default_rng()
    if not model:
        raise CourseError(repr(model))
    while said := input("> ").strip():
        talk.append(("user", said))
        pieces = []
        for piece in model.reply(talk, temperature=temperature, p=0.9, rng=rng):
            typer.echo(piece, nl=False)
            pieces.append(piece)
        typer.echo()
        talk.append(("assistant", "".join(pieces)))


def _showing() -> ModuleType:
    """What shows the record of this folder, or of the notebooks that `headway learn` keeps."""
    from headway_course import sync
    from headway_course.record import showing, store

    if not store.beside(Path.cwd()) and store.beside(sync.default_folder()):
        os.chdir(sync.default_folder())
    return showing


def _plain(said: str) -> str:
    """A sentence without the marks around code."""
    return said.replace("`", "")
