"""The page an author keeps open: served here only, made again at every change, with what is wrong on top."""

import asyncio
import json
import socket
import urllib.error
import urllib.request

import pytest
from headway_course.errors import CourseError
from headway_grader.build.preview import keep_showing


class Author:
    """An author at work: `outcomes` is what each making of the page comes to, one change after another."""

    def __init__(self, folder, outcomes):
        self.folder, self.outcomes, self.seen, self.address = folder, list(outcomes), [], ""
        self.made = 0

    async def make(self):
        faults = self.outcomes[self.made]
        self.made += 1
        if not faults:
            page = f"<html><body>made {self.made}</body></html>"
            (self.folder / "lesson.html").write_text(page, encoding="utf-8")
        return faults

    async def changes(self):
        for _ in self.outcomes[1:]:
            await self.look()
            yield "saved"
        await self.look()

    async def look(self):
        page = await asyncio.to_thread(get, self.address)
        state = await asyncio.to_thread(get, self.address.replace("lesson.html", "preview-state"))
        self.seen.append((page, json.loads(state)))

    def ready(self, address):
        self.address = address

    def work(self, port=0):
        asyncio.run(
            keep_showing(self.folder, "lesson.html", self.make, self.changes(), self.ready, port=port)
        )
        return self.seen


def get(address):
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


def test_every_change_makes_a_newer_page(tmp_path):
    seen = Author(tmp_path, ["", "", ""]).work()
    assert [f"made {n}" in page for n, (page, _) in enumerate(seen, 1)] == [True] * 3
    assert [state["version"] for _, state in seen] == [1, 2, 3]


def test_a_fault_is_told_and_the_last_good_page_stays(tmp_path):
    seen = Author(tmp_path, ["", "03_x.py:7: no title", ""]).work()
    assert [state["faults"] for _, state in seen] == ["", "03_x.py:7: no title", ""]
    assert "made 1" in seen[1][0]
    assert "made 3" in seen[2][0]


def test_before_the_first_page_there_is_one_that_can_tell_what_is_wrong(tmp_path):
    ((page, state),) = Author(tmp_path, ["no Python"]).work()
    assert "preview-state" in page
    assert state == {"version": 0, "busy": False, "faults": "no Python"}


def test_it_is_served_to_this_machine_only_and_nothing_beside_the_folder(tmp_path):
    folder = tmp_path / "page"
    (tmp_path / "secret.txt").write_text("a secret")
    author = Author(folder, [""])

    async def outside():
        with pytest.raises(urllib.error.HTTPError):
            await asyncio.to_thread(get, author.address.replace("lesson.html", "..%2Fsecret.txt"))
        await Author.look(author)

    author.look = outside
    author.work()
    assert author.address.startswith("http://127.0.0.1:")


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CourseError, match=f"port {port} is taken"):
            Author(tmp_path, [""]).work(port=port)
