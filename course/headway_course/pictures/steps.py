"""How `check` counts: Python's steps in a function, as its input doubles and doubles again."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from inspect import signature

from headway_course.judging.loops import count_events, decide
from headway_course.pictures.panel import TINTS, Picture, cell, head, panel, says_what_is_missing, table
from headway_course.pictures.trouble import call


@says_what_is_missing
def show_steps(functions: Sequence[Callable], inputs: Mapping[int, tuple]) -> Picture:
    """The steps that Python takes in each function; `inputs` has three sizes, with arguments for each."""
    rows = [[head(""), *(head(f"n = {size}") for size in inputs), head("grows with n?")]]
    told = []
    for function in functions:
        names = list(signature(function).parameters)
        for given in inputs.values():
            call(function, *given)  # what it raises is said before anything is counted
        counts = {
            size: count_events(function, dict(zip(names, given, strict=False)))
            for size, given in inputs.items()
        }
        loops = decide(counts).found
        word, tint = ("yes: a loop", TINTS[1]) if loops else ("no", TINTS[0])
        totals = [c.total for c in counts.values()]
        name = f"{escape(function.__name__)}"
        rows.append([head(name, scope="row"), *(cell(str(total)) for total in totals), cell(word, tint)])
        told.append(f"{function.__name__} takes {', '.join(map(str, totals))} steps, {word}")
    return Picture(
        panel(table(rows, "Steps that Python takes:")),
        f"At n = {', '.join(map(str, inputs))}: {'; '.join(told)}.",
    )
