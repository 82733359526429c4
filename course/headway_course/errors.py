class CourseError(Exception):
    """Something a person gave us is not usable; the message says what, where, and what to do."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in the place of a traceback, in which everything but the message is ours."""
        return [f"Headway: {self}"]


class NotHere(CourseError):
    """A function of an earlier lesson was called, but neither the learner nor this machine has it."""
