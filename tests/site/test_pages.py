"""The website as files: whole inside, nothing from outside, and nothing that learners should not see."""

import ast
import re
import shutil
from itertools import pairwise
from urllib.parse import unquote, urldefrag, urlsplit

import headway_course
import pytest
from website import ROOT, build, make

pytestmark = pytest.mark.slow
FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "video": "src"}


def test_it_is_made_without_a_warning(site):
    assert site.done.returncode == 0, site.done.stderr
    assert str(site.folder / "index.html") in site.done.stdout


def test_every_link_anchor_and_image_inside_is_there(site):
    anchors, broken = {}, []  # the ids of a page, when a link leads to one
    for page in site.pages:
        for tag in site.read(page).find_all(href=True) + site.read(page).find_all(src=True):
            target, anchor = urldefrag(tag.get("href") or tag.get("src"))
            if urlsplit(target).scheme:
                continue
            file = (page.parent / unquote(urlsplit(target).path)).resolve() if target else page
            if not file.is_file():
                broken.append(f"{site.named(page)}: {target}")
            elif anchor and file.suffix == ".html":
                if file not in anchors:
                    anchors[file] = {tag["id"] for tag in site.read(file).find_all(id=True)}
                if unquote(anchor) not in anchors[file]:
                    broken.append(f"{site.named(page)}: {target}#{anchor}")
    assert broken == []
    assert anchors


def test_nothing_is_fetched_from_elsewhere(site):
    fetched = [
        tag[attribute]
        for page in site.pages
        for name, attribute in FETCHED.items()
        for tag in site.read(page).find_all(name, {attribute: True})
    ]
    assert fetched
    assert [address for address in fetched if re.match(r"(https?:)?//", address)] == []
    styles = {path.name: path.read_text(encoding="utf-8") for path in site.folder.rglob("*.css")}
    assert styles
    outside = r"@import\s+(url\()?[\"']?(https?:)?//|url\([\"']?(https?:)?//"
    assert [name for name, text in styles.items() if re.search(outside, text)] == []


def test_every_page_has_a_language_a_title_and_a_favicon(site):
    titles = []
    for page in site.pages:
        read = site.read(page)
        assert read.html["lang"] == "en"
        assert read.find("link", rel="icon")["href"].endswith("favicon.svg")
        titles.append(read.title.text.strip())
    assert all(titles)
    assert len(set(titles)) == len(titles)


def test_headings_start_with_one_h1_and_skip_no_level(site):
    wrong = {}
    for page in site.pages:
        headings = site.read(page).find("main").find_all(re.compile(r"^h[1-6]$"))
        on_screen = [tag for tag in headings if not tag.find_parent(class_="onlyprint")]  # the theme's own
        levels = [int(tag.name[1]) for tag in on_screen]
        jumps = any(after > before + 1 for before, after in pairwise(levels))
        if levels[:1] != [1] or levels.count(1) != 1 or jumps:
            wrong[site.named(page)] = levels
    assert wrong == {}


def test_every_picture_is_described(site):
    bare, seen = [], 0
    for page in site.pages:
        read = site.read(page)
        pictures = [tag.get("alt") for tag in read.find_all("img")]
        pictures += [tag.get("aria-label") for tag in read.find_all("svg", role="img")]
        seen += len(pictures)
        bare += [site.named(page) for words in pictures if not words or len(words) < 12]
    assert bare == []
    assert seen


def test_every_exercise_of_the_map_has_its_place_with_hints_and_answer_folded(site, course):
    drawn = {tag["href"] for tag in site.read("index.html").select(".headway-map a")}
    for exercise in course.exercises:
        place = f"exercise-{exercise.name.replace('_', '-')}"
        address = f"lessons/{exercise.lesson}.html"
        assert f"{address}#{place}" in drawn
        here = site.read(address).find(id=place)
        hints, answer = here.find_all_next("details", limit=2)
        assert len(hints.find_all("li")) == len(exercise.hints)
        assert f"def {exercise.name}(" in answer.text
        assert not hints.has_attr("open")
        assert not answer.has_attr("open")
    assert len(drawn) == len(course.exercises)


def test_lessons_show_what_check_says(site, course):
    for lesson in course.lessons:
        text = site.read(f"lessons/{lesson.name}.html").text
        assert [e.name for e in lesson.exercises if f"{e.name}: ✓" not in text] == []


@pytest.mark.parametrize(
    "words",
    ["YOUR CODE HERE", "BEGIN SOLUTION", "BEGIN HIDDEN", "For the author", "what you write here", "hand_in("],
)
def test_no_lesson_shows_what_is_for_a_class_or_for_authors_only(site, words):
    lessons = list(site.folder.glob("lessons/*.html"))
    assert lessons
    assert [page.name for page in lessons if words in site.read(page).text] == []


def test_every_lesson_says_how_to_work_on_it(site, course):
    for lesson in course.lessons:
        note = site.read(f"lessons/{lesson.name}.html").h1.find_next(class_="to-read").text
        assert f"{lesson.name}.ipynb" in note


def test_every_function_of_the_library_has_its_source_and_the_shape_line_that_it_states(site):
    for path in (ROOT / "solutions" / "headway").glob("[!_]*.py"):
        page = site.read(f"api/headway.{path.stem}.html")
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            entry = page.find(id=f"headway.{path.stem}.{node.name}").parent
            assert f"_modules/headway/{path.stem}.html" in entry.select_one("a.reference")["href"]
            assert [line.text for line in entry.select("p.shape")] == shape_lines(ast.get_docstring(node))


def shape_lines(docstring):
    """The second paragraph of a function that takes arrays; one of models and files has none."""
    return [text.replace("\n", " ") for text in docstring.split("\n\n")[1:2] if "->" in text]


def test_everything_a_lesson_imports_is_explained(site):
    explained = {tag["id"].rpartition(".")[2] for tag in site.read("companion.html").select("dt[id]")}
    assert set(headway_course.__all__) <= explained


def test_made_again_it_is_the_same_and_nothing_old_stays(site, tmp_path):
    again = tmp_path / "again"
    shutil.copytree(site.folder, again)
    (again / "lessons" / "99_gone.html").write_text("a lesson that is no more")
    make(again)
    ours, theirs = files(site.folder), files(again)
    assert ours.keys() == theirs.keys()
    assert [name for name, content in ours.items() if theirs[name] != content] == []


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    done = build(tmp_path)
    assert done.returncode == 1
    assert "no website of ours" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
