"""Text as it may be printed: learners choose names and messages, and a terminal obeys what it is sent."""

import sys


def printable(text: str, longest: int = 2000) -> str:
    """Text with all that a terminal could obey, or that turns the order of letters round, spelled out."""
    text = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def say(text: str) -> None:
    """Prints to standard error, with nothing in it that a terminal obeys."""
    for line in filter(None, text.split("\n")):
        print(printable(line), file=sys.stderr)
