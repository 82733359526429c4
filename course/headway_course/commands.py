"""What all commands of the course have in common."""

import typer
from typer.core import TyperGroup

from headway_course.errors import CourseError


class Commands(TyperGroup):
    """Commands that say what was wrong with what a person gave them, instead of a traceback."""

    refused = 1
    """The exit status then."""

    def invoke(self, ctx: typer.Context) -> object:
        try:
            return super().invoke(ctx)
        except CourseError as error:
            self.say(str(error))
            raise typer.Exit(self.refused) from None

    def say(self, message: str) -> None:
        """Tells a person something that is no result."""
        typer.echo(message, err=True)
