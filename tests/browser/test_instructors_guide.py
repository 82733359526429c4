"""The guide for instructors, followed step by step in a browser: an instructor, and a learner."""

import csv
import inspect
import re
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from headway import numerics
from headway_grader.desk import opening
from lab_pages import AssignmentList, Formgrader, Lab, Notebook
from lab_server import LabServer, environment
from PIL import Image, ImageOps
from playwright.sync_api import Browser, Locator, expect
from the_guide import GUIDE, Step, steps

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
SIZE = {"width": 1180, "height": 900}
LESSON = "01_softmax"
BENS = ROOT / "data" / "example_class" / "submitted" / "wrong-axis" / LESSON / f"{LESSON}.ipynb"
QUIET = Path(opening.__file__).parent / "jupyter"  # no question about news in the pictures
ANSWER = "Because of the gradient: it is the probabilities minus the target."
COMMENT = "Right, and the gradient never vanishes where the model is wrong."


class Week:
    """What there is of the class so far: its folder, its people's servers and their tabs in the browser."""

    def __init__(self, home: Path, browser: Browser, pictures: Path) -> None:
        self.home, self.browser, self.pictures = home, browser, pictures
        self.folder, self.exchange = home / "my-class", home / "exchange"
        self.servers: list[LabServer] = []
        self.drawn: set[str] = set()

    def type(self, commands: str) -> str:
        """Runs what the guide says to type, where it says so; gives what is printed."""
        done = subprocess.run(
            ["bash", "-euc", commands],
            env=environment(self.home),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_lab(self, command: list[object], home: Path) -> Lab:
        server = LabServer(command, home)
        self.servers.append(server)
        page = self.browser.new_page(viewport=SIZE, device_scale_factor=1.5, color_scheme="light")
        return Lab(page, server.url, server.token)

    def draw(self, name: str, shown: Locator) -> None:
        """A picture for the guide, with some white around it."""
        self._keep(name, shown.screenshot(animations="disabled"), border=12)

    def draw_down_to(self, name: str, last: Locator) -> None:
        """The instructor's window, from its menu down to something in it, for the guide."""
        expect(last).to_be_visible()
        box = last.bounding_box()
        shown = {"x": 0, "y": 0, "width": SIZE["width"], "height": box["y"] + box["height"] + 20}
        self._keep(name, self.desk.page.screenshot(animations="disabled", clip=shown))

    def _keep(self, name: str, screenshot: bytes, border: int = 0) -> None:
        """With few colours, so that it is small."""
        image = ImageOps.expand(Image.open(BytesIO(screenshot)).convert("RGB"), border, fill="white")
        image.quantize(128, dither=Image.Dither.NONE).save(self.pictures / name, optimize=True)
        self.drawn.add(name)


def write_the_roster(week: Week, step: Step) -> None:
    (week.home / "people.csv").write_text(step.block())


def open_the_desk(week: Week, step: Step) -> None:
    teach = step.block("bash").strip().replace("~", str(week.home)).split()
    assert teach[:3] == ["python3", "start.py", "teach"]  # that start.py hands it on is tested with start.py
    week.desk = week.start_lab([BIN / "headway-grade", *teach[2:]], week.home)
    assert "Keep a copy" in week.servers[0].log  # of the course key
    week.formgrader = Formgrader(week.desk)
    week.formgrader.go_to("Manage Students")
    for line in csv.DictReader((week.home / "people.csv").open()):
        expect(week.formgrader.row(line["id"])).to_contain_text(f"{line['last_name']}, {line['first_name']}")
    week.draw_down_to("students.png", week.formgrader.table)


def release_a_lesson(week: Week, step: Step) -> None:
    week.exchange.mkdir()
    week.exchange.chmod(0o777)
    config = week.folder / "nbgrader_config.py"
    *lines, last = config.read_text().splitlines()
    config.write_text("\n".join([*lines, named_exchange(last.removeprefix("# "), week)]))
    desk = week.formgrader
    desk.go_to("Manage Assignments")
    expect(desk.cell(LESSON, "status")).to_have_text("draft")
    desk.press(LESSON, "assign")
    assert "YOUR CODE HERE" in (week.folder / "release" / LESSON / f"{LESSON}.ipynb").read_text()
    desk.cell(LESSON, "preview").locator("a").click()
    expect(week.desk.files).to_have_text([re.compile(f"{LESSON}.ipynb")])
    week.desk.close_side_bar()
    assert str(week.exchange) in desk.press(LESSON, "release")
    expect(desk.cell(LESSON, "status")).to_have_text("released")
    week.draw("released.png", desk.table)
    week.type(step.block("bash"))
    assert (week.home / f"headway-{LESSON}.zip").is_file()


def named_exchange(config: str, week: Week) -> str:
    """Lines of the guide, with a place of the test's own for the exchange."""
    assert "/srv/nbgrader/exchange" in config
    return config.replace("/srv/nbgrader/exchange", str(week.exchange))


def what_learners_do(week: Week, step: Step) -> None:
    home = week.home / "ada"
    config = named_exchange(step.block("python"), week)
    (home / ".jupyter").mkdir(parents=True)
    # One account plays everybody here, so its name says nothing.
    (home / ".jupyter" / "nbgrader_config.py").write_text(config + 'c.CourseDirectory.student_id = "ada"\n')
    shutil.copytree(QUIET, home / ".jupyter", dirs_exist_ok=True)
    week.learner = week.start_lab([sys.executable, "-m", "jupyterlab"], home)
    week.list = AssignmentList(week.learner)
    week.list.press("Fetch")
    expect(week.list.part("fetched")).to_contain_text(LESSON)
    week.list.open_notebook(LESSON)
    notebook = Notebook(week.learner.page, home / LESSON / f"{LESSON}.ipynb")
    week.learner.close_side_bar()
    notebook.run("01-softmax-02")
    notebook.write("softmax", inspect.getsource(numerics.softmax))
    notebook.run("softmax")
    result = notebook.run("check-softmax")
    expect(result).to_contain_text("softmax: ✓")
    week.draw("check.png", result.locator(".jp-RenderedHTML > div"))
    notebook.write("why-exponentials", ANSWER)
    notebook.save()
    week.learner.open_tab("Assignments")
    week.list.press("Submit")
    expect(week.list.part("submitted")).to_contain_text(LESSON)


def collect(week: Week, step: Step) -> None:
    (week.home / "from_learners").mkdir()
    (week.home / "from_learners" / "ben_softmax.ipynb").write_bytes(BENS.read_bytes())
    assert f"ben {LESSON}: ben_softmax.ipynb: new" in week.type(step.block("bash"))
    desk = week.formgrader
    desk.press(LESSON, "collect")
    expect(desk.cell(LESSON, "num-submissions")).to_have_text("2")
    assert [path.parts[-3] for path in sorted(week.folder.glob("submitted/*/*/*.ipynb"))] == ["ada", "ben"]
    desk.cell(LESSON, "num-submissions").locator("a").click()
    for learner in ("ada", "ben"):
        expect(desk.cell(learner, "status")).to_have_text("needs autograding")


def let_the_judge_grade(week: Week, step: Step) -> None:
    desk = week.formgrader
    desk.press("ada", "autograde")
    expect(desk.cell("ada", "status")).to_have_text("needs manual grading")
    expect(desk.cell("ada", "score")).to_have_text("2 / 17")
    week.type(step.block("bash"))
    desk.go_to("Assignments")
    desk.cell(LESSON, "num-submissions").locator("a").click()
    expect(desk.cell("ben", "score")).to_have_text("11.2 / 17")
    expect(desk.cell("ada", "score")).to_have_text("2 / 17")
    week.draw("scores.png", desk.table)


def read_the_answers_in_words(week: Week, step: Step) -> None:
    desk = week.formgrader
    desk.go_to("Manual Grading")
    desk.row(LESSON).locator("a", has_text=LESSON).click()
    desk.row(LESSON).locator("a", has_text=LESSON).click()
    desk.open_submission("needs-manual-grade")
    desk.grade("why-exponentials", points="1.5", comment=COMMENT)
    week.draw("answer.png", desk.graded_cell("why-exponentials"))
    assert "softmax: 1 instead of 0.2 points" in week.type(step.block("bash"))
    desk.go_to(LESSON)


def look_at_the_feedback(week: Week, step: Step) -> None:
    desk = week.formgrader
    desk.go_to("Manage Assignments")
    desk.press(LESSON, "generate-feedback")
    said = week.type(step.block("bash"))
    assert "ada: 3.5 of 17 points, nothing released before" in said
    assert "ben: 12 of 17 points" in said
    page = week.desk.open_file("feedback", "ben", LESSON, f"{LESSON}.html")
    said = page.locator("section#softmax")
    expect(said).to_contain_text("The idea is right, the axis is not.")
    expect(said).to_contain_text("by summing over the first axis instead of the last")
    week.draw("feedback.png", said)
    week.desk.open_tab("Formgrader")
    week.desk.close_side_bar()


def give_the_feedback_back(week: Week, step: Step) -> None:
    week.formgrader.press(LESSON, "release-feedback")
    week.list.press("Fetch Feedback")
    expect(week.list.part("submitted")).to_contain_text("view feedback")
    [given_back] = (week.home / "ada").glob(f"{LESSON}/feedback/*/*.html")
    path = given_back.relative_to(week.home / "ada").parts
    expect(week.learner.open_file(*path).get_by_text(COMMENT)).to_be_visible()


def export_the_grades(week: Week, step: Step) -> None:
    week.type(step.block("bash"))
    with (week.folder / "grades.csv").open() as file:
        lines = {line["student_id"]: line for line in csv.DictReader(file) if line["assignment"] == LESSON}
    assert {learner: float(line["score"]) for learner, line in lines.items()} == {
        "ada": 3.5,
        "ben": pytest.approx(12, abs=0.005),
        "cleo": 0,
    }
    with (week.folder / "by_exercise.csv").open() as file:
        overridden = [
            (line["learner"], line["name"]) for line in csv.DictReader(file) if line["overridden"] == "yes"
        ]
    assert overridden == [("ben", "softmax")]


def keep_copies(week: Week, step: Step) -> None:
    assert "course.key" in week.type(step.block("bash"))


REPLAY = {
    "Write the roster": write_the_roster,
    "Open the desk": open_the_desk,
    "Release a lesson": release_a_lesson,
    "What learners do": what_learners_do,
    "Collect": collect,
    "Let the judge grade": let_the_judge_grade,
    "Read the answers in words": read_the_answers_in_words,
    "Look at the feedback": look_at_the_feedback,
    "Give the feedback back": give_the_feedback_back,
    "Export the grades": export_the_grades,
    "Keep copies": keep_copies,
}


def test_each_step_of_the_guide_is_replayed_and_nothing_else():
    assert list(steps()) == list(REPLAY)


@pytest.fixture
def week(tmp_path, browser, pictures):
    week = Week(tmp_path, browser, pictures)
    yield week
    for server in week.servers:
        server.stop()


def test_the_guide_can_be_followed(week):
    for title, step in steps().items():
        try:
            REPLAY[title](week, step)
        except BaseException as error:
            error.add_note(f"in the step {title!r} of {GUIDE.name}")
            raise
        assert set(step.pictures) <= week.drawn, title
    assert not [process for server in week.servers if server.stop() for process in server.processes()]


def test_the_guides_pictures_are_there_and_small():
    pictures = GUIDE.with_suffix("").glob("*.png")
    sizes = {path.name: path.stat().st_size for path in pictures}
    assert sorted(sizes) == sorted(name for step in steps().values() for name in step.pictures)
    assert max(sizes.values()) < 150_000
