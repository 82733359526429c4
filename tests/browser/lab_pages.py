"""What a person does in JupyterLab and in nbgrader's pages: each waits for what it did to show."""

import json
import re
from pathlib import Path

from playwright.sync_api import FrameLocator, Locator, Page, expect

PATIENCE = 60_000  # milliseconds, on a busy machine


class Lab:
    """JupyterLab in a browser's tab."""

    def __init__(self, page: Page, url: str, token: str) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE)
        page.goto(f"{url}/lab?token={token}")
        expect(page.locator("#jupyterlab-splash")).to_have_count(0)

    @property
    def files(self) -> Locator:
        """What the file browser lists."""
        return self.page.locator(".jp-DirListing-item")

    def open_from_menu(self, name: str) -> None:
        """One of the entries of nbgrader's menu."""
        self.page.get_by_role("menuitem", name="Nbgrader").click()
        self.page.get_by_role("menuitem", name=name, exact=True).click()

    def open_tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

    def open_file(self, *path: str) -> FrameLocator:
        """An HTML file, found by double clicks in the file browser."""
        self.page.get_by_role("tab", name="File Browser").click()
        self.page.locator(".jp-BreadCrumbs-home").click()
        for name in path:
            self.files.filter(has_text=re.compile("^" + re.escape(name))).dblclick()
        return self.page.frame_locator(".jp-HTMLViewer iframe")

    def close_side_bar(self) -> None:
        """Gives the page its whole width."""
        if self.page.locator("#jp-left-stack").is_visible():
            self.page.get_by_role("tab", name="File Browser").click()
            expect(self.page.locator("#jp-left-stack")).to_be_hidden()


class Formgrader:
    """nbgrader's pages for instructors, in a tab of JupyterLab."""

    def __init__(self, lab: Lab) -> None:
        lab.open_from_menu("Formgrader")
        lab.close_side_bar()
        self.page = lab.page
        self.frame: FrameLocator = lab.page.frame_locator("iframe[src*=formgrader]")

    @property
    def table(self) -> Locator:
        return self.frame.locator("table.table")

    def go_to(self, link: str) -> None:
        """One of the links at the left, or in the path above the table."""
        self.frame.get_by_role("link", name=link, exact=True).first.click()

    def row(self, words: str) -> Locator:
        return self.frame.locator("#main-table tr", has_text=words)

    def cell(self, row: str, column: str) -> Locator:
        return self.row(row).locator(f".{column}")

    def press(self, row: str, button: str) -> str:
        """Presses one of a row's buttons, and gives what the window says that then comes up."""
        self.cell(row, button).locator("a").click()
        window = self.frame.locator(".modal.in")
        expect(window.locator(".modal-title")).to_have_text("Success")
        said = window.locator(".modal-body").inner_text()
        window.get_by_role("button", name="OK").click()
        expect(self.frame.locator(".modal, .modal-backdrop")).to_have_count(0)
        expect(self.frame.get_by_text("Please wait")).to_have_count(0)
        return said

    def open_submission(self, mark: str) -> None:
        """The first submission that has a tick in a column, such as needs-manual-grade."""
        marked = self.frame.locator("#main-table tr").filter(has=self.frame.locator(f".{mark} .glyphicon-ok"))
        marked.first.locator(".name a.name-hidden").click()
        expect(self.frame.locator("textarea.comment").first).to_be_visible()
        page = self.page.locator("iframe[src*=formgrader]").element_handle().content_frame()
        page.wait_for_function("window.formgrader?.grades?.loaded && window.formgrader?.comments?.loaded")

    def graded_cell(self, name: str) -> Locator:
        return self.frame.locator(".nbgrader_cell").filter(has=self.frame.locator(f"#{name}-comment"))

    def grade(self, name: str, points: str, comment: str) -> None:
        """Fills in the fields of an answer, each until it is saved."""
        with self.page.expect_response("**/api/grade/*"):
            self.frame.locator(f"input#{name}").fill(points)
            self.page.keyboard.press("Tab")
        with self.page.expect_response("**/api/comment/*"):
            self.frame.locator(f"#{name}-comment").fill(comment)
            self.page.keyboard.press("Tab")


class AssignmentList:
    """What learners see of the exchange."""

    def __init__(self, lab: Lab) -> None:
        lab.open_from_menu("Assignment List")
        self.page = lab.page

    def part(self, name: str) -> Locator:
        """The list of what was released, fetched or submitted."""
        return self.page.locator(f"#{name}_assignments_list")

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def open_notebook(self, lesson: str) -> None:
        found = self.part("fetched")
        found.locator("a.assignment-notebooks-link", has_text=lesson).click()
        found.locator(".nested_list_item a", has_text=lesson).click()


class Notebook:
    """A notebook that is open in JupyterLab; its cells go by their ids, which are those of a file."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self._ids = [cell["id"] for cell in json.loads(file.read_bytes())["cells"]]
        self._cells = page.locator(".jp-Notebook .jp-Notebook-cell")
        expect(self._cells).to_have_count(len(self._ids))
        expect(page.get_by_text("| Idle")).to_be_visible()

    def cell(self, name: str) -> Locator:
        return self._cells.nth(self._ids.index(name))

    def write(self, name: str, text: str) -> None:
        """Puts a text in the place of a cell's own, by the keyboard."""
        self.cell(name).dblclick()
        editor = self.cell(name).locator(".cm-content")
        editor.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)
        expect(editor).to_contain_text(text.splitlines()[-1].strip())

    def run(self, name: str) -> Locator:
        """Runs a cell, and gives its place for outputs."""
        self.cell(name).locator(".jp-InputArea").click()
        self.page.keyboard.press("Control+Enter")
        return self.cell(name).locator(".jp-OutputArea")

    def save(self) -> None:
        self.page.keyboard.press("Control+S")
        expect(self.page.locator(".lm-DockPanel-tabBar .lm-mod-current.jp-mod-dirty")).to_have_count(0)
