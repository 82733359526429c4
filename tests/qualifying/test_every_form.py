"""The Qualifier handed in as a script, as a notebook, in a zip or by mail: the judge says the same of it."""

import io
import json
import shutil
import zipfile
from dataclasses import replace

import pytest
from applicant import ENTRY, FOLDER, answer, blank, notebook, solved, written
from headway_course import manifest
from headway_course.manifest import CHECKS
from headway_course.reading.cells import read, recognise
from headway_grader import judge, wrong
from headway_grader.build.qualifying import FILE, NAME
from headway_grader.collecting.collect import collect
from headway_grader.collecting.downloads import arrivals
from headway_grader.collecting.matching import Roster
from headway_grader.grades.pseudonyms import Named
from headway_grader.handins.submissions import find
from headway_grader.hidden import compute
from headway_grader.judge import examine
from headway_grader.reference import public_cases
from headway_grader.sandbox import Sandbox
from headway_grader.timing.judging import Judged
from headway_grader.verdict import Loops, Speed, Status

pytestmark = pytest.mark.slow

COURSE = manifest.load()
LOOPS = """def causal_mask(T):
    return np.array([[j <= i for j in range(T)] for i in range(T)], bool).reshape(T, T)
"""
OVERFLOWS = """def softmax(Z):
    E = np.exp(Z)
    return E / E.sum(-1, keepdims=True)
"""
ANSWERS = {
    "softmax": OVERFLOWS,
    "causal_mask": LOOPS,
    "unembed": answer("unembed"),
    "attention": answer("attention"),
    "split_heads": next(iter(wrong.mistakes("split_heads").values())).source,
}


@pytest.fixture(scope="module")
def judged():
    """Judges what lies under a path by hidden numbers; every answer that is timed is fast enough."""
    few = replace(ENTRY, exercises=tuple(e for e in ENTRY.exercises if e.name in {*ANSWERS, "embed"}))
    fixtures = {fixture.exercise: fixture for fixture in compute(b"a key", few)}
    with Sandbox() as sandbox, pytest.MonkeyPatch.context() as patch:
        patch.setattr(judge, "judge_speed", lambda *given: Judged(Speed.UP_TO_1_5))

        def verdicts(path):
            found = find([path], COURSE)
            assert [one.assignment for one in found] == [NAME] * len(found)
            return {one.learner: examine(one, few, fixtures, sandbox) for one in found}

        yield verdicts


def points(judgement):
    return {verdict.exercise: verdict.points for verdict in judgement.verdicts}


def zipped(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


@pytest.fixture(scope="module")
def mailed(tmp_path_factory):
    """A folder of mail attachments: the same answers in every form."""
    mail = tmp_path_factory.mktemp("mail")
    script, cells = written(ANSWERS), notebook(ANSWERS)
    checks = {f"{NAME}/{CHECKS}/{path.name}": path.read_bytes() for path in FOLDER.glob(f"{CHECKS}/*.py")}
    (mail / f"ada_{FILE}.py").write_text(script, encoding="utf-8")
    (mail / f"ben_{FILE}.ipynb").write_text(cells, encoding="utf-8")
    (mail / "cleo_work.zip").write_bytes(zipped({f"{NAME}/{FILE}.py": script, **checks}))
    (mail / "dora_work.zip").write_bytes(zipped({f"{FILE}.ipynb": cells, f"{FILE}.py": blank()}))
    (mail / "Eve Stone").mkdir()
    (mail / "Eve Stone" / f"{FILE}.py").write_text(script, encoding="utf-8")
    shutil.copytree(FOLDER / CHECKS, mail / "Eve Stone" / CHECKS)
    return mail


PEOPLE = [
    Named("eve", "eve", "Eve", "Stone"),
    *(Named(name, name) for name in ("ada", "ben", "cleo", "dora")),
]


def test_every_form_of_the_same_answers_gets_the_same_points(judged, mailed, tmp_path):
    flat = judged(mailed)
    outcomes = collect(list(arrivals(mailed)), Roster(PEOPLE), COURSE, tmp_path)
    assert all(outcome.taken and outcome.assignment == NAME for outcome in outcomes)
    collected = judged(tmp_path / "submitted")
    assert len(flat) == len(collected) == 5
    everybodys = [points(judgement) for judgement in (*flat.values(), *collected.values())]
    assert everybodys == [everybodys[0]] * 10
    worth = {exercise.name: exercise.points for exercise in ENTRY.exercises}
    earned = everybodys[0]
    assert earned["unembed"] == worth["unembed"]
    assert earned["attention"] == worth["attention"]  # it stands on the library's softmax, not on theirs
    assert 0 < earned["softmax"] < worth["softmax"]
    assert 0 < earned["causal_mask"] < worth["causal_mask"]
    assert earned["embed"] == 0


def test_verdicts_are_the_qualifiers_and_name_no_lesson(judged, mailed):
    (judgement,) = judged(mailed / f"ada_{FILE}.py").values()
    verdicts = {verdict.exercise: verdict for verdict in judgement.verdicts}
    assert {verdict.assignment for verdict in judgement.verdicts} == {NAME}
    assert verdicts["causal_mask"].loops is Loops.FOUND
    assert verdicts["embed"].status is Status.NOT_STARTED
    assert "without subtracting" in verdicts["softmax"].message
    assert not any(verdict.warnings for verdict in judgement.verdicts)


def test_an_applicants_function_called_as_one_of_another_lesson_stays_theirs(judged, tmp_path):
    others = {e.name for e in COURSE.exercises} - {e.name for e in ENTRY.exercises}
    assert "one_hot" in others
    own = (
        "def one_hot(words, X):\n    return X @ words\n\n\ndef unembed(X, W_U):\n    return one_hot(W_U, X)\n"
    )
    path = tmp_path / f"ada_{FILE}.py"
    path.write_text(written({"unembed": own}), encoding="utf-8")
    (judgement,) = judged(path).values()
    assert points(judgement)["unembed"] == 1


def test_of_several_versions_by_mail_the_latest_counts(judged, tmp_path):
    mail = tmp_path / "mail" / "ada"
    mail.mkdir(parents=True)
    versions = {f"{FILE} (1).py": blank(), f"{FILE} (2).py": written(ANSWERS), f"{FILE}.py": blank()}
    for day, (name, text) in zip((1, 3, 2), versions.items(), strict=True):
        (mail / name.replace(".py", f"_2026-03-0{day}.py")).write_text(text, encoding="utf-8")
    outcomes = collect(list(arrivals(tmp_path / "mail")), Roster(PEOPLE), COURSE, tmp_path / "class")
    assert [outcome.taken for outcome in outcomes].count(True) == 1
    (judgement,) = judged(tmp_path / "class" / "submitted").values()
    assert points(judgement)["attention"] == 4


FORMS = {
    f"{FILE}.py": lambda: written(ANSWERS),
    "my work.py": lambda: written(ANSWERS),
    "few.py": lambda: f"# assignment: {NAME}\nimport numpy as np\n\n\n{OVERFLOWS}",
    f"{FILE}_final.py": lambda: f"import numpy as np\n\n\n{OVERFLOWS}",
    "my work.ipynb": lambda: notebook(ANSWERS),
}


@pytest.mark.parametrize("name", FORMS)
def test_it_is_known_by_what_it_says_by_what_is_in_it_or_by_its_name(tmp_path, name):
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / name).write_text(FORMS[name](), encoding="utf-8")
    (found,) = find([tmp_path], COURSE)
    assert (found.learner, found.assignment) == ("ada", NAME)


def test_a_script_named_as_it_was_handed_out_is_its_folders_and_nobody_called_qualifying(tmp_path):
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / f"{FILE}.py").write_text(written(ANSWERS), encoding="utf-8")
    for path in (folder, folder / f"{FILE}.py"):
        (found,) = find([path], COURSE)
        assert (found.learner, found.assignment) == ("ada", NAME)


@pytest.mark.parametrize("lesson", [lesson.name for lesson in COURSE.lessons])
def test_a_lesson_is_not_taken_for_the_qualifier(lesson):
    code = "\n".join(f"def {each.name}():\n    pass" for each in COURSE.lesson(lesson).exercises)
    assert recognise(read(code.encode(), "py").cells, COURSE) == lesson


def test_public_cases_of_the_qualifier_are_those_of_the_lessons():
    found = public_cases(ENTRY)
    assert list(found) == [exercise.name for exercise in ENTRY.exercises]
    assert all(found[name].exercise == name for name in found)


def test_every_answer_in_nbgraders_source_stands_alone():
    names = {"__name__": "qualifying_problems"}
    exec(solved(), names)
    assert names.keys() >= {exercise.name for exercise in ENTRY.exercises}


def test_a_script_of_another_assignment_keeps_its_own_claim():
    assert read(b"# assignment: 01_softmax\nx = 1\n", "py").lesson == "01_softmax"
    assert read(b'text = """\n  # assignment: 01_softmax\n"""\n', "py").lesson == ""


def test_the_notebook_and_the_source_ask_the_same_in_the_same_order():
    theirs = json.loads((FOLDER / f"{FILE}.ipynb").read_text(encoding="utf-8"))["cells"]
    source = FOLDER.parents[1] / "autograder" / "source" / NAME / f"{NAME}.ipynb"
    ours = json.loads(source.read_text(encoding="utf-8"))["cells"]

    def graded(cells):
        forms = [cell["metadata"]["nbgrader"] for cell in cells if "nbgrader" in cell["metadata"]]
        return [(form["grade_id"], form["solution"], form["locked"], form.get("points")) for form in forms]

    assert graded(theirs) == graded(ours)
    assert [name for name, *_ in graded(ours)[-3:]] == [question.name for question in ENTRY.questions]
