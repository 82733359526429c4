"""`python -m headway_course` is `headway`."""

from headway_course.cli import app

if __name__ == "__main__":
    app(prog_name="headway")
