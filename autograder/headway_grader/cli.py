"""`headway-grade`: the fast door to the judge.

Exit status: 0 if grading worked, whatever the grades; 1 if something of ours failed, or the one file named
cannot be read; 2 for wrong usage.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from headway_course.commands import Commands
from headway_course.errors import CourseError
from typer.core import TyperCommand

from headway_grader.printing import printable, say

# Everything else is imported by the command that needs it: a class of twenty is graded in two seconds.


class _Commands(Commands):
    def invoke(self, ctx: typer.Context) -> object:
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except KeyboardInterrupt:
            self.say("Stopped. What was recorded stands: the same command goes on from there.")
            raise typer.Exit(130) from None
        except BrokenPipeError:  # the reader, `head` for instance, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None

    def say(self, message: str) -> None:
        say(message)


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    help="Judges what learners hand in.",
    pretty_exceptions_enable=False,
)

Class = Annotated[
    Path, typer.Option("--class", metavar="FOLDER", help="Your class; the current folder unless you say.")
]
Names = Annotated[
    Path | None,
    typer.Option(metavar="CSV", help="The list of pseudonyms, if the class has these instead of names."),
]
Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH", help="Files, folders, or nbgrader's folder `submitted`."),
]
Own = Annotated[Path | None, typer.Option(metavar="FILE", help="Judge by exercises of your own.")]
Jobs = Annotated[int, typer.Option(metavar="N", help="Judge N at a time; as many as there are processors.")]
Public = Annotated[bool, typer.Option("--public", help="Judge by the public fixtures alone.")]
Trust = Annotated[bool, typer.Option("--trust", help="Without isolation, if you trust all of them.")]


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def teach(
    context: typer.Context,
    into: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Your class; without it, the example class.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Its learners: id, first_name, last_name, email.")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Set the class up and do not open it.")] = False,
) -> None:
    """Opens JupyterLab with Formgrader on a class, made if it is not there; first of all the example class.

    Other options are handed on to JupyterLab.
    """
    from headway_grader.course_key import course_key
    from headway_grader.desk import classroom, opening

    folder = (into or classroom.example_folder()).absolute()
    for line in classroom.set_up(folder, roster, example=into is None):
        print(printable(f"{folder.name}: {line}"), flush=True)
    say(course_key().advice)
    say(opening.ADVICE if into else opening.ADVICE_ON_THE_EXAMPLE)
    if not no_open:
        raise typer.Exit(opening.open_desk(folder, context.args))


class _Release(TyperCommand):
    """Takes all that follows `--answers`, where the parser takes one word for each."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:
        words, answers = [], False
        for word in args:
            if word.startswith("-"):
                answers = word == "--answers"
                words += [] if answers else [word]
            else:
                words += ["--answers", word] if answers else [word]
        return super().parse_args(ctx, words)


@app.command(cls=_Release)
def release(
    lessons: Annotated[
        list[str],
        typer.Argument(metavar="LESSON", help="The lessons to do: 03_attention; or: qualifying."),
    ],
    answers: Annotated[
        list[str] | None,
        typer.Option(metavar="LESSON ...", help="Lessons whose answers may be seen by now."),
    ] = None,
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the zip goes.")] = Path(),
    deadline: Annotated[str, typer.Option(metavar="TEXT", help="Of the Qualifier, for its sheet.")] = "",
    contact: Annotated[str, typer.Option(metavar="TEXT", help="Where applicants hand in and ask.")] = "",
) -> None:
    """Makes the zip that learners are handed: lessons to do, without the answers that are still due.

    `release qualifying` makes that for applicants, with a sheet that has deadline and contact.
    """
    from headway_grader.build import qualifying
    from headway_grader.build.builder import find_root
    from headway_grader.library import installed
    from headway_grader.release import bundle, qualifier

    root, answers = find_root(Path.cwd()), answers or []
    if qualifying.NAME in lessons:
        if len(lessons) > 1 or answers:
            raise CourseError(f"`headway-grade release {qualifying.NAME}` is for applicants: name it alone")
        packed = qualifier.release(root, qualifier.Sheet(deadline, contact))
        said = f"No answers in it. Applicants unpack it and read {qualifier.SHEET}."
    else:
        if deadline or contact:
            raise CourseError(f"a deadline and a contact are for `headway-grade release {qualifying.NAME}`")
        packed = bundle.release(root, installed(), lessons, answers)
        said = f"Answers in it: {', '.join(answers) or 'none'}. Learners unpack it and read README.md."
    path = to / f"{bundle.FOLDER}-{max(lessons)}.zip"
    bundle.write(path, packed)
    print(printable(f"{path}: {len(packed) // 1024} KiB"))
    print(said)


@app.command(context_settings={"ignore_unknown_options": True})  # -1 is a number, and refused as one
def override(
    learner: Annotated[str, typer.Argument(metavar="LEARNER")],
    lesson: Annotated[str, typer.Argument(metavar="LESSON")],
    name: Annotated[str, typer.Argument(metavar="NAME")],
    points: Annotated[float | None, typer.Argument(metavar="POINTS")] = None,
    note: Annotated[str, typer.Option(metavar="TEXT", help="Why, for the learner to read.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="The judge's points count again.")] = False,
    folder: Class = Path(),
) -> None:
    """Sets a learner's points for an exercise or question, with a note; grading again keeps both."""
    from headway_grader.desk.classroom import gradebook_url
    from headway_grader.grades import overriding

    what = gradebook_url(folder), learner, lesson, name
    if undo:
        print(printable(overriding.undo(*what)))
    elif points is None:
        raise CourseError(
            "say how many points: headway-grade override LEARNER LESSON NAME POINTS --note TEXT"
        )
    else:
        print(printable(overriding.override(*what, points, note)))


@app.command()
def preview(lesson: Annotated[str, typer.Argument(metavar="LESSON")], folder: Class = Path()) -> None:
    """Shows what learners would be told if feedback were released now, and what they were told before."""
    from headway_grader.grades.preview import changes

    found = changes(folder, lesson)
    for change in found:
        print(printable(str(change)))
    print(f"Read one as its learner will: {printable(str(found[0].page))}")


@app.command()
def export(names: Names = None, folder: Class = Path()) -> None:
    """Writes the gradebook of a class as CSV: a row for each learner and exercise or question."""
    from headway_grader.desk.classroom import gradebook_url
    from headway_grader.grades import exporting, pseudonyms

    found = exporting.rows(gradebook_url(folder))
    if names:
        known = {one.pseudonym: one for one in pseudonyms.read(names)}
        found = pseudonyms.with_names(found, known)
    sys.stdout.write(exporting.table(found))


@app.command()
def pseudonyms(
    roster: Annotated[
        Path, typer.Argument(metavar="CSV", help="The people: id, first_name, last_name, email.")
    ],
    names: Annotated[Path, typer.Option(metavar="CSV", help="Where to keep whose they are.")],
) -> None:
    """Gives each learner of a roster a pseudonym, and writes a roster of these, to grade without names."""
    from headway_grader.desk.roster import read_roster
    from headway_grader.grades import pseudonyms

    found = pseudonyms.extend(names, read_roster(roster))
    say(f"Whose they are stands in {names} alone: keep it, apart from the class.")
    sys.stdout.write(pseudonyms.roster(found))


@app.command()
def collect(
    download: Annotated[Path, typer.Argument(metavar="PATH", help="The zip as downloaded, or a folder.")],
    assignment: Annotated[
        str | None, typer.Option(metavar="LESSON", help="The lesson of all files, if they do not tell.")
    ] = None,
    names: Names = None,
    folder: Class = Path(),
) -> None:
    """Takes a Moodle or Canvas download, or a folder of mail attachments, into a class; the latest counts."""
    from headway_course import manifest

    from headway_grader.collecting.collect import collect, summary
    from headway_grader.collecting.downloads import arrivals
    from headway_grader.collecting.matching import Roster, roster_of
    from headway_grader.desk.classroom import gradebook_url
    from headway_grader.grades import pseudonyms

    url = gradebook_url(folder)
    roster = Roster(pseudonyms.read(names)) if names else roster_of(url)
    outcomes = collect(list(arrivals(download)), roster, manifest.load(), folder, assignment)
    for outcome in outcomes:
        where = f"{outcome.learner or '?'} {outcome.assignment or '?'}"
        print(printable(f"{where}: {outcome.place}: {outcome.said}"))
    for line in summary(outcomes):
        print(line)


@app.command()
def run(
    paths: Paths,
    json: Annotated[bool, typer.Option("--json", help="One line of JSON per learner and exercise.")] = False,
    own: Own = None,
    jobs: Jobs = 0,
    public: Public = False,
    trust: Trust = False,
) -> None:
    """Judges submissions and prints a table of learners × exercises."""
    _refuse_missing(paths)
    from headway_grader import reports
    from headway_grader.fast_door import exit_status, judge

    judged = judge(paths, own, jobs, public, trust)
    reports.show(judged.records, judged.folder, json)
    raise typer.Exit(exit_status(paths, judged.records))


@app.command()
def feedback(
    paths: Paths,
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="For the pages.")] = Path("feedback_pages"),
    own: Own = None,
    jobs: Jobs = 0,
    public: Public = False,
    trust: Trust = False,
) -> None:
    """Judges submissions, and writes a page for each learner and lesson: what was found, and what to try."""
    _refuse_missing(paths)
    from headway_grader.fast_door import exit_status, judge
    from headway_grader.feedback.judged import write_pages

    judged = judge(paths, own, jobs, public, trust)
    pages = list(write_pages(judged.records, judged.submissions, judged.course.manifest, to))
    print(printable(f"{len(pages)} page(s) in {to}, each as LEARNER/LESSON.html. Nothing was sent."))
    raise typer.Exit(exit_status(paths, judged.records))


@app.command()
def own(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The .py file with your exercises.")],
) -> None:
    """Tries a file with exercises of your own: what its cases let pass, and what wrong answers are told."""
    from headway_grader.hidden import PUBLIC_KEY
    from headway_grader.own import read

    assignment = read(file)
    complaints = assignment.complaints(PUBLIC_KEY)
    for complaint in complaints:
        print(printable(f"{file}: {complaint}"))
    for exercise in assignment.lesson.exercises:
        print(f"{exercise.name}: {len(exercise.groups)} groups, {len(exercise.mistakes)} mistakes with names")
    raise typer.Exit(1 if complaints else 0)


@app.command()
def fixtures() -> None:
    """Computes the hidden fixtures of every lesson, and makes the course key if there is none."""
    from headway_grader.fast_door import the_course

    course = the_course(public=False)
    for lesson in course.manifest.lessons:
        made, _ = course.fixtures(lesson)
        print(f"{lesson.name}: {sum(len(one.cases) for one in made.values())} hidden cases")


@app.command()
def key(
    restore: Annotated[Path | None, typer.Option(metavar="FILE", help="Put this copy of a key back.")] = None,
) -> None:
    """Says where the course key lies, and how to keep a copy; puts a copy back."""
    from headway_grader import course_key

    if restore:
        _refuse_missing([restore])
    found = course_key.restore(restore) if restore else course_key.course_key()
    say(found.advice)
    print(f"The course key is {printable(str(found.path))}")
    print(f"Keep a copy apart from this machine:  cp '{printable(str(found.path))}' PLACE")
    print("Put it back:                           headway-grade key --restore PLACE/course.key")


@app.command()
def doctor() -> None:
    """Shows which layers of the sandbox work here, and how noisy the clock is; status 1 if too few do."""
    from headway_grader.sandbox import Sandbox
    from headway_grader.sandbox.harms import require_minimum
    from headway_grader.timing import noise

    with Sandbox(trust=True) as sandbox:
        for layer in sandbox.layers:
            print(f"{'yes' if layer.active else 'NO':4}{layer.name:14}{printable(layer.why)}")
        require_minimum(sandbox.layers)
        timed = "and timed " if sandbox.can_time else ""
    print(f"Learners' code can be judged {timed}here.")
    print(noise.report())


def _refuse_missing(paths: Iterable[Path]) -> None:
    missing = [path for path in paths if not path.exists()]
    for path in missing:
        say(f"There is no {path}: name a file or folder that exists.")
    if missing:
        raise typer.Exit(2)
