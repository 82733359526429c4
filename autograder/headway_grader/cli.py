"""`headway-grade`: the fast door to the judge.

Exit status: 0 if grading worked, whatever the grades; 1 if something of ours failed, or the one file named
cannot be read; 2 for wrong usage.
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from headway_course.errors import CourseError

from headway_grader.printing import printable

if TYPE_CHECKING:
    from headway_grader.batch import Course
    from headway_grader.handins.submissions import Submission
    from headway_grader.records import Record

# Everything else is imported by the command that needs it: a class of twenty is graded in two seconds.


def app(words: Sequence[str] | None = None) -> int:
    """Runs a command line; returns the exit status."""
    parser = _parser()
    options, others = parser.parse_known_args(words)
    if others and options.command is not teach:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    options.others = others
    try:
        status = options.command(options)
        sys.stdout.flush()
        return status
    except CourseError as error:
        _say(str(error))
        return 1
    except KeyboardInterrupt:
        _say("Stopped. What was recorded stands: the same command goes on from there.")
        return 130
    except BrokenPipeError:  # the reader, `head` for instance, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def run(options: Namespace) -> int:
    """Judges submissions and prints a table of learners × exercises."""
    if _missing(options.paths):
        return 2
    from headway_grader import reports

    _, _, found, folder = _judged(options)
    reports.show(found, folder, options.json)
    return _exit_status(options.paths, found)


def feedback(options: Namespace) -> int:
    """Judges submissions, and writes a page for each learner and lesson: what was found, and what to try."""
    if _missing(options.paths):
        return 2
    from headway_grader.feedback.judged import write_pages

    course, submissions, found, _ = _judged(options)
    pages = list(write_pages(found, submissions, course.manifest, options.to))
    print(printable(f"{len(pages)} page(s) in {options.to}, each as LEARNER/LESSON.html. Nothing was sent."))
    return _exit_status(options.paths, found)


def _judged(options: Namespace) -> tuple["Course", list["Submission"], list["Record"], Path]:
    """What is judged by, what was handed in, the records of it, and the folder where these lie."""
    from headway_grader import batch, home
    from headway_grader.handins.submissions import find
    from headway_grader.records import Records
    from headway_grader.sandbox import Sandbox

    course = _own_course(options.own, options.public) if options.own else _course(options.public)
    submissions = find(options.paths, course.manifest)
    tasks = batch.plan(submissions, course, options.trust)
    records = Records(home.folder("records"))
    records.sweep()
    done = batch.run(tasks, records, options.jobs or _processors(), lambda: Sandbox(trust=options.trust))
    found = sorted(_watched(done, len(tasks)), key=lambda record: (record.assignment, record.learner))
    return course, submissions, found, records.folder


def fixtures(options: Namespace) -> int:
    """Computes the hidden fixtures of every lesson, and makes the course key if there is none."""
    course = _course(public=False)
    for lesson in course.manifest.lessons:
        made, _ = course.fixtures(lesson)
        print(f"{lesson.name}: {sum(len(one.cases) for one in made.values())} hidden cases")
    return 0


def key(options: Namespace) -> int:
    """Says where the course key lies, and how to keep a copy; puts a copy back."""
    from headway_grader import course_key

    if options.restore and _missing([options.restore]):
        return 2
    found = course_key.restore(options.restore) if options.restore else course_key.course_key()
    _say(found.advice)
    print(f"The course key is {printable(str(found.path))}")
    print(f"Keep a copy apart from this machine:  cp '{printable(str(found.path))}' PLACE")
    print("Put it back:                           headway-grade key --restore PLACE/course.key")
    return 0


def doctor(options: Namespace) -> int:
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
    return 0


def own(options: Namespace) -> int:
    """Tries a file with exercises of your own: what its cases let pass, and what wrong answers are told."""
    from headway_grader.hidden import PUBLIC_KEY
    from headway_grader.own import read

    assignment = read(options.file)
    complaints = assignment.complaints(PUBLIC_KEY)
    for complaint in complaints:
        print(printable(f"{options.file}: {complaint}"))
    for exercise in assignment.lesson.exercises:
        print(f"{exercise.name}: {len(exercise.groups)} groups, {len(exercise.mistakes)} mistakes with names")
    return 1 if complaints else 0


def collect(options: Namespace) -> int:
    """Takes a Moodle or Canvas download, or a folder of mail attachments, into a class; the latest counts."""
    from headway_course import manifest

    from headway_grader.collecting.collect import collect, summary
    from headway_grader.collecting.downloads import arrivals
    from headway_grader.collecting.matching import Roster, roster_of
    from headway_grader.desk.classroom import gradebook_url
    from headway_grader.grades import pseudonyms

    url = gradebook_url(options.folder)
    roster = Roster(pseudonyms.read(options.names)) if options.names else roster_of(url)
    arrived = list(arrivals(options.download))
    outcomes = collect(arrived, roster, manifest.load(), options.folder, options.assignment)
    for outcome in outcomes:
        where = f"{outcome.learner or '?'} {outcome.assignment or '?'}"
        print(printable(f"{where}: {outcome.place}: {outcome.said}"))
    for line in summary(outcomes):
        print(line)
    return 0


def override(options: Namespace) -> int:
    """Sets a learner's points for an exercise or question, with a note; grading again keeps both."""
    from headway_grader.desk.classroom import gradebook_url
    from headway_grader.grades import overriding

    url = gradebook_url(options.folder)
    what = url, options.learner, options.lesson, options.name
    if options.undo:
        print(printable(overriding.undo(*what)))
        return 0
    if options.points is None:
        raise CourseError(
            "say how many points: headway-grade override LEARNER LESSON NAME POINTS --note TEXT"
        )
    print(printable(overriding.override(*what, options.points, options.note)))
    return 0


def preview(options: Namespace) -> int:
    """Shows what learners would be told if feedback were released now, and what they were told before."""
    from headway_grader.grades.preview import changes

    found = changes(options.folder, options.lesson)
    for change in found:
        print(printable(str(change)))
    print(f"Read one as its learner will: {printable(str(found[0].page))}")
    return 0


def export(options: Namespace) -> int:
    """Writes the gradebook of a class as CSV: a row for each learner and exercise or question."""
    from headway_grader.desk.classroom import gradebook_url
    from headway_grader.grades import exporting, pseudonyms

    found = exporting.rows(gradebook_url(options.folder))
    if options.names:
        known = {one.pseudonym: one for one in pseudonyms.read(options.names)}
        found = pseudonyms.with_names(found, known)
    sys.stdout.write(exporting.table(found))
    return 0


def pseudonyms(options: Namespace) -> int:
    """Gives each learner of a roster a pseudonym, and writes a roster of these, to grade without names."""
    from headway_grader.desk.roster import read_roster
    from headway_grader.grades import pseudonyms

    found = pseudonyms.extend(options.names, read_roster(options.roster))
    _say(f"Whose they are stands in {options.names} alone: keep it, apart from the class.")
    sys.stdout.write(pseudonyms.roster(found))
    return 0


def release(options: Namespace) -> int:
    """Makes the zip that learners are handed: lessons to do, without the answers that are still due.

    `release qualifying` makes that for applicants, with a sheet that has deadline and contact.
    """
    from headway_grader.build import qualifying
    from headway_grader.build.builder import find_root
    from headway_grader.library import installed
    from headway_grader.release import bundle

    if qualifying.NAME in options.lessons:
        return _release_qualifier(options)
    if options.deadline or options.contact:
        raise CourseError(f"a deadline and a contact are for `headway-grade release {qualifying.NAME}`")
    packed = bundle.release(find_root(Path.cwd()), installed(), options.lessons, options.answers)
    path = options.to / f"{bundle.FOLDER}-{max(options.lessons)}.zip"
    bundle.write(path, packed)
    print(printable(f"{path}: {len(packed) // 1024} KiB"))
    print(f"Answers in it: {', '.join(options.answers) or 'none'}. Learners unpack it and read README.md.")
    return 0


def _release_qualifier(options: Namespace) -> int:
    from headway_grader.build.builder import find_root
    from headway_grader.release import bundle, qualifier

    if len(options.lessons) > 1 or options.answers:
        raise CourseError(f"`headway-grade release {options.lessons[0]}` is for applicants: name it alone")
    packed = qualifier.release(find_root(Path.cwd()), qualifier.Sheet(options.deadline, options.contact))
    path = options.to / f"{bundle.FOLDER}-{options.lessons[0]}.zip"
    bundle.write(path, packed)
    print(printable(f"{path}: {len(packed) // 1024} KiB"))
    print(f"No answers in it. Applicants unpack it and read {qualifier.SHEET}.")
    return 0


def teach(options: Namespace) -> int:
    """Opens JupyterLab with Formgrader on a class, made if it is not there; first of all the example class.

    Other options are handed on to JupyterLab.
    """
    from headway_grader.course_key import course_key
    from headway_grader.desk import classroom, opening

    folder = (options.into or classroom.example_folder()).absolute()
    for line in classroom.set_up(folder, options.roster, example=options.into is None):
        print(printable(f"{folder.name}: {line}"), flush=True)
    _say(course_key().advice)
    _say(opening.ADVICE if options.into else opening.ADVICE_ON_THE_EXAMPLE)
    return 0 if options.no_open else opening.open_desk(folder, options.others)


def _parser() -> ArgumentParser:
    parser = ArgumentParser("headway-grade", description="Judges what learners hand in.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command, add_options in _OPTIONS.items():
        summary = command.__doc__.partition("\n")[0]
        sub = commands.add_parser(command.__name__, help=summary, description=command.__doc__)
        sub.set_defaults(command=command)
        add_options(sub)
    return parser


def _add_judging_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="files, folders, or nbgrader's folder `submitted`"
    )
    parser.add_argument("--own", type=Path, metavar="FILE", help="judge by exercises of your own")
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="judge N at a time")
    parser.add_argument("--public", action="store_true", help="judge by the public fixtures alone")
    parser.add_argument("--trust", action="store_true", help="without isolation, if you trust all of them")


def _add_run_options(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one line of JSON per learner and exercise")
    _add_judging_options(parser)


def _add_feedback_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--to", type=Path, default=Path("feedback_pages"), metavar="FOLDER", help="for the pages"
    )
    _add_judging_options(parser)


def _add_collect_options(parser: ArgumentParser) -> None:
    parser.add_argument("download", type=Path, metavar="PATH", help="the zip as downloaded, or a folder")
    parser.add_argument("--assignment", metavar="LESSON", help="the lesson of all files, if they do not tell")
    _add_names(parser)
    _add_class(parser)


def _add_override_options(parser: ArgumentParser) -> None:
    for word in ("learner", "lesson", "name"):
        parser.add_argument(word, metavar=word.upper())
    parser.add_argument("points", type=float, nargs="?", metavar="POINTS")
    parser.add_argument("--note", default="", metavar="TEXT", help="why, for the learner to read")
    parser.add_argument("--undo", action="store_true", help="the judge's points count again")
    _add_class(parser)


def _add_preview_options(parser: ArgumentParser) -> None:
    parser.add_argument("lesson", metavar="LESSON")
    _add_class(parser)


def _add_export_options(parser: ArgumentParser) -> None:
    _add_names(parser)
    _add_class(parser)


def _add_pseudonyms_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "roster", type=Path, metavar="CSV", help="the people: id, first_name, last_name, email"
    )
    parser.add_argument(
        "--names", type=Path, required=True, metavar="CSV", help="where to keep whose they are"
    )


def _add_names(parser: ArgumentParser) -> None:
    help_ = "the list of pseudonyms, if the class has these instead of names"
    parser.add_argument("--names", type=Path, metavar="CSV", help=help_)


def _add_class(parser: ArgumentParser) -> None:
    help_ = "your class; the current folder unless you say"
    parser.add_argument("--class", dest="folder", type=Path, default=Path(), metavar="FOLDER", help=help_)


def _add_release_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "lessons", nargs="+", metavar="LESSON", help="the lessons to do: 03_attention; or: qualifying"
    )
    parser.add_argument(
        "--answers", nargs="*", default=[], metavar="LESSON", help="lessons whose answers may be seen by now"
    )
    parser.add_argument("--to", type=Path, default=Path(), metavar="FOLDER", help="where the zip goes")
    parser.add_argument("--deadline", default="", metavar="TEXT", help="of the Qualifier, for its sheet")
    parser.add_argument("--contact", default="", metavar="TEXT", help="where applicants hand in and ask")


def _add_teach_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--into", type=Path, metavar="FOLDER", help="your class; without it, the example class"
    )
    parser.add_argument(
        "--roster", type=Path, metavar="CSV", help="its learners: id, first_name, last_name, email"
    )
    parser.add_argument("--no-open", action="store_true", help="set the class up and do not open it")


def _add_key_options(parser: ArgumentParser) -> None:
    parser.add_argument("--restore", type=Path, metavar="FILE", help="put this copy of a key back")


def _add_own_options(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the .py file with your exercises")


def _add_nothing(parser: ArgumentParser) -> None:
    """For commands without options."""


_OPTIONS = {
    teach: _add_teach_options,
    release: _add_release_options,
    override: _add_override_options,
    preview: _add_preview_options,
    export: _add_export_options,
    pseudonyms: _add_pseudonyms_options,
    collect: _add_collect_options,
    run: _add_run_options,
    feedback: _add_feedback_options,
    own: _add_own_options,
    fixtures: _add_nothing,
    key: _add_key_options,
    doctor: _add_nothing,
}


def _missing(paths: Iterable[Path]) -> bool:
    missing = [path for path in paths if not path.exists()]
    for path in missing:
        _say(f"There is no {path}: name a file or folder that exists.")
    return bool(missing)


def _own_course(path: Path, public: bool) -> "Course":
    """An assignment of an instructor's own, as a course of one lesson."""
    from headway_course.manifest import Manifest

    from headway_grader import batch, own
    from headway_grader.course_key import course_key
    from headway_grader.hidden import PUBLIC_KEY

    assignment = own.read(path)
    key = PUBLIC_KEY if public else course_key().secret
    return batch.Course(
        Manifest((assignment.lesson,)), lambda lesson: assignment.fixtures(key), assignment.reference
    )


def _course(public: bool) -> "Course":
    from headway_course import manifest

    from headway_grader import batch
    from headway_grader.reference import public_cases

    if public:
        return batch.Course(manifest.load(), public_cases)
    from headway_grader.course_key import course_key
    from headway_grader.hidden import hidden_fixtures

    found = course_key()
    _say(found.advice)
    return batch.Course(manifest.load(), lambda lesson: hidden_fixtures(lesson, found))


def _watched(done: Iterator["Record"], total: int) -> Iterable["Record"]:
    """The same, with a bar that shows how far it is, where a person is watching."""
    if not sys.stderr.isatty() or total < 2:
        return done
    from rich.console import Console
    from rich.progress import track

    return track(done, "Judging", total, console=Console(stderr=True), transient=True)


def _exit_status(paths: Sequence[Path], found: Sequence["Record"]) -> int:
    from headway_grader.verdict import Status

    statuses = {verdict.status for record in found for verdict in record.verdicts}
    alone = len(paths) == 1 and paths[0].is_file()
    return int(Status.GRADER_ERROR in statuses or (alone and statuses <= {Status.UNREADABLE}))


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _say(text: str) -> None:
    """Prints to standard error, with nothing in it that a terminal obeys."""
    for line in filter(None, text.split("\n")):
        print(printable(line), file=sys.stderr)
