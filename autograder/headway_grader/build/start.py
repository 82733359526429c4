"""Starts a lesson: a file that says in its own words what belongs where."""

from pathlib import Path

from headway_course.errors import CourseError

from headway_grader.build.course import LESSONS
from headway_grader.build.lesson import NAME

UNCHOSEN = "module.function"

TEMPLATE = '''\
# {title}: a lesson in jupytext's percent format, with prose in r""" cells. `headway-build preview` helps.

# %% [markdown]
r"""
# {number} · {title}

A picture or a result that asks a question. Then the idea in words, its formula, and a tiny example by hand:
"""

# %%
import numpy as np
from headway_course import check, exercise, question, side_by_side

x = np.arange(3.0)
x

# %% [markdown]
r"""
### Exercise: what the learner makes
The task in two sentences. Which shapes go in, which come out, what must not break it.
"""

# %%
{function} = exercise(
    "{target}",
    points=2,
    level=1,
    minutes=10,
    hints=[
        "A question that points the way.",
        "The idea in words.",
        "The one thing of numpy that one must know.",
    ],
)


# %%
def {function}_slow(x):
    raise NotImplementedError()  # the definition as a loop


side_by_side({function}, {function}_slow, [x])

# %%
check({function})

# %% [markdown]
r"""
## Now watch it work

A cell that uses what was written, on something real. Before it: what to expect. After it: what to see in it.

## What we left out

What a curious reader would ask next, and the paper to read.

## Two questions

**Question 1.** A question to think about.
"""

# %%
question("{slug}-1", points=2)

# %% [markdown]
r"""
**Question 2.** Another one.
"""

# %%
question("{slug}-2", points=2)
'''


def start_lesson(root: Path, name: str, target: str = UNCHOSEN) -> Path:
    """Writes course/lessons/NAME.py; raises CourseError if the name will not do or is taken."""
    if not NAME.fullmatch(name):
        raise CourseError(f"{name!r} is no name for a lesson: write a number and words, such as 04_block")
    path = root / LESSONS / f"{name}.py"
    for other in sorted(path.parent.glob(f"{name[:2]}_*.py")):
        raise CourseError(f"{other} is there already, and it stays: take another number")
    text = TEMPLATE.format(
        title=name[3:].replace("_", " ").capitalize(),
        number=name[:2],
        target=target,
        function=target.rpartition(".")[2],
        slug=name[3:].replace("_", "-"),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path
