"""The website in a browser, from files: every page, in light and dark, on a desktop and on a phone."""

from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
FAINT = (Path(__file__).parent / "faint.js").read_text(encoding="utf-8")
UNFOLD = "document.querySelectorAll('details').forEach((folded) => { folded.open = true })"
SETTLE = "document.getAnimations().forEach((moving) => moving.finish())"
TYPESET = "() => !window.MathJax || window.MathJax.startup?.promise.then(() => true)"
FOCUSED = """() => {
  document.getAnimations().forEach((moving) => moving.finish());
  const at = document.activeElement, style = getComputedStyle(at);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const rect = at.querySelector && at.querySelector("rect");
  const drawn = rect && parseFloat(getComputedStyle(rect).strokeWidth) > 1;
  const box = at.getBoundingClientRect();
  return {
    name: at.localName, classes: at.className.baseVal ?? at.className,
    text: at.textContent.trim().slice(0, 40), href: at.getAttribute("href"),
    visible: ring || style.boxShadow !== "none" || drawn,
    onscreen: box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
  };
}"""


@pytest.fixture
def opened(browser, site):
    """Opens a browser window, which may ask for nothing but the files of the website: no host is found."""
    outside = []

    def asked(request):
        if not request.url.startswith((site.folder.as_uri(), "data:")):
            outside.append(request.url)

    @contextmanager
    def window(viewport=DESKTOP, theme="light"):
        context = browser.new_context(viewport=viewport, color_scheme=theme)
        context.on("request", asked)
        yield context.new_page()
        context.close()

    yield window
    assert outside == []


def visit(window, page, query=""):
    window.goto(page.as_uri() + query)
    window.wait_for_function(TYPESET)


def test_no_page_asks_for_anything_from_outside(opened, site):
    with opened() as window:
        asked, failed, complaints = [], [], []
        window.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        window.on("request", lambda request: asked.append(request.url))
        window.on("requestfailed", lambda request: failed.append((request.failure, request.url)))
        for page in site.pages:
            visit(window, page)
        window.wait_for_load_state("networkidle")
    assert len(asked) > len(site.pages)
    assert [url for url in asked if not url.startswith((site.folder.as_uri(), "data:"))] == []
    # One page may be left while its icon is on the way.
    assert [(why, url) for why, url in failed if why != "net::ERR_ABORTED"] == []
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_stands_out_from_its_paper(opened, site, theme):
    with opened(theme=theme) as window:
        faint = {}
        for page in site.pages:
            visit(window, page, "?q=softmax" if page.name == "search.html" else "")
            window.evaluate(UNFOLD)
            window.evaluate(SETTLE)
            assert window.evaluate("document.documentElement.dataset.theme") == theme
            found = window.evaluate(FAINT, 4.5)
            assert found["seen"] > 10
            if found["faint"]:
                faint[site.named(page)] = found["faint"]
    assert faint == {}


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_page_is_wider_than_the_window(opened, site, viewport):
    with opened(viewport) as window:
        wide = {}
        for page in site.pages:
            visit(window, page)
            window.evaluate(UNFOLD)
            width = window.evaluate("document.documentElement.scrollWidth")
            if width > viewport["width"]:
                wide[site.named(page)] = width
    assert wide == {}


def test_formulas_are_typeset(opened, site, course):
    with opened() as window:
        for lesson in course.lessons:
            visit(window, site.folder / "lessons" / f"{lesson.name}.html")
            written = window.locator(".math").count()
            assert window.locator(".math mjx-container").count() == written
            assert window.locator("mjx-merror, [data-mjx-error]").count() == 0


def test_pictures_keep_their_colours_in_the_dark(opened, site, course):
    with opened(theme="dark") as window:
        for lesson in course.lessons:
            visit(window, site.folder / "lessons" / f"{lesson.name}.html")
            looks = window.locator("main img").evaluate_all(
                "images => images.map(i => [getComputedStyle(i).filter, getComputedStyle(i).backgroundColor])"
            )
            assert all(look == ["none", "rgb(255, 255, 255)"] for look in looks)


def stops(window, most=250):
    """Where Tab leads, until it leaves the page."""
    found = []
    for _ in range(most):
        window.keyboard.press("Tab")
        stop = window.evaluate(FOCUSED)
        if stop["name"] == "body":
            break
        found.append(stop)
    return found


def test_tab_reaches_everything_and_shows_where_it_is(opened, site, course):
    with opened() as window:
        visit(window, site.folder / "index.html")
        front = stops(window)
        visit(window, site.folder / "lessons" / f"{course.lessons[0].name}.html")
        lesson = stops(window)
    assert [stop for stop in front + lesson if not (stop["visible"] and stop["onscreen"])] == []
    on_map = [stop["href"] for stop in front if stop["href"] and "#exercise-" in stop["href"]]
    assert len(on_map) == len(course.exercises)
    for reached in (front, lesson):
        assert [stop for stop in reached if "search-button" in stop["classes"]]
        assert [stop for stop in reached if "theme-switch" in stop["classes"]]
    summaries = [stop for stop in lesson if stop["name"] == "summary"]
    assert len(summaries) >= 2 * len(course.lessons[0].exercises)


def test_a_folded_answer_opens_with_the_keyboard(opened, site, course):
    lesson = course.lessons[0]
    with opened() as window:
        visit(window, site.folder / "lessons" / f"{lesson.name}.html")
        answer = window.locator("details:has(summary:has-text('Model answer'))").first
        assert not answer.locator("pre").first.is_visible()
        answer.locator("summary").focus()
        window.keyboard.press("Enter")
        assert answer.locator("pre").first.is_visible()


@pytest.mark.parametrize(
    ("button", "link"), [("primary-toggle", "03 · Attention"), ("secondary-toggle", "Exercise: softmax")]
)
def test_the_menus_of_a_phone_open_and_close_with_the_keyboard(opened, site, button, link):
    with opened(PHONE) as window:
        visit(window, site.folder / "lessons" / "01_softmax.html")
        inside = window.locator("dialog").get_by_role("link", name=link)
        assert inside.count() == 0
        window.locator(f"button.{button}:visible").focus()
        window.keyboard.press("Enter")
        inside.first.wait_for()
        window.keyboard.press("Escape")
        inside.first.wait_for(state="detached")


def test_search_finds_softmax_without_a_server(opened, site):
    with opened() as window:
        visit(window, site.folder / "index.html")
        window.keyboard.press("Control+k")
        window.keyboard.type("softmax")
        window.keyboard.press("Enter")
        window.wait_for_selector("#search-results li a")
        found = window.locator("#search-results li a").all_inner_texts()
        assert "01 · Softmax" in found
        window.get_by_role("link", name="01 · Softmax").last.click()
        window.wait_for_url("**/lessons/01_softmax.html*")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_theme_can_be_switched_and_is_remembered(opened, site, viewport):
    with opened(viewport) as window:
        visit(window, site.folder / "index.html")
        window.locator("button.theme-switch-button:visible").first.click()
        window.get_by_role("button", name="Dark", exact=True).locator("visible=true").first.click()
        assert window.evaluate("document.documentElement.dataset.theme") == "dark"
        visit(window, site.folder / "authors.html")
        assert window.evaluate("document.documentElement.dataset.theme") == "dark"
