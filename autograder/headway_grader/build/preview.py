"""A page of one lesson that its author keeps open: made again at every save, with what is missing on top."""

import asyncio
import json
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from headway_course.errors import CourseError

from headway_grader.build.course import LESSONS
from headway_grader.build.watch import sources

LOOPBACK = "127.0.0.1"
_BEFORE_THE_END = b"</body>"
_NOTHING_YET = (
    "<!doctype html><html lang='en'><meta charset='utf-8'><title>Preview</title><body></body></html>"
)
# Asks twice a second whether there is a newer page, and shows what is wrong above the one that there is.
_SCRIPT = """
<script>
(() => {
  let shown = null;
  const bar = document.createElement("pre");
  bar.setAttribute("role", "status");
  bar.style.cssText = "position:fixed;inset:0 0 auto 0;z-index:9999;margin:0;padding:10px 14px;" +
    "white-space:pre-wrap;background:#fbe0d3;color:#7a2900;border-bottom:2px solid #a83a00";
  const look = async () => {
    try {
      const state = await (await fetch("/preview-state")).json();
      if (shown !== null && state.version !== shown) location.reload();
      shown = state.version;
      bar.textContent = state.busy ? "building …" : state.faults;
    } catch { bar.textContent = "headway-build preview has ended"; }
    bar.textContent ? document.body.prepend(bar) : bar.remove();
  };
  look(); setInterval(look, 500);
})();
</script>
"""


@dataclass
class State:
    """What the open page asks for: how often it was made, whether it is being made, what is wrong."""

    version: int = 0
    busy: bool = False
    faults: str = ""


async def keep_showing(
    folder: Path,
    page: str,
    make: Callable[[], Awaitable[str]],
    changes: AsyncIterator[object],
    ready: Callable[[str], None],
    port: int = 0,
) -> None:
    """Serves a folder on this machine only, and makes it anew after each change, until it is cancelled.

    `make` writes the folder and returns what is wrong ("" if nothing is); `ready` is told the address.
    Raises CourseError if the port is taken.
    """
    state = State()
    if not (folder / page).exists():
        (folder / page).parent.mkdir(parents=True, exist_ok=True)
        (folder / page).write_text(_NOTHING_YET, encoding="utf-8")
    server, port = _serve(folder, state, port)
    try:
        await _again(state, make)
        ready(f"http://{LOOPBACK}:{port}/{page}")
        async for _ in changes:
            await _again(state, make)
    finally:
        server.stop()


async def _again(state: State, make: Callable[[], Awaitable[str]]) -> None:
    state.busy = True
    faults = await make()
    state.busy, state.faults = False, faults
    state.version += not faults


def _serve(folder: Path, state: State, port: int):
    from tornado.httpserver import HTTPServer
    from tornado.netutil import bind_sockets
    from tornado.web import Application, RequestHandler, StaticFileHandler

    class Now(RequestHandler):
        def get(self) -> None:
            self.set_header("Cache-Control", "no-store")
            self.write(json.dumps(vars(state)))

    class Page(StaticFileHandler):
        """Files as they are; into pages goes the script that looks for newer ones."""

        @classmethod
        def get_content(cls, abspath, start=None, end=None):
            if not abspath.endswith(".html"):
                return super().get_content(abspath, start, end)
            return Path(abspath).read_bytes().replace(_BEFORE_THE_END, _SCRIPT.encode() + _BEFORE_THE_END)

        def get_content_size(self) -> int:
            return (
                len(self.get_content(self.absolute_path)) if self._is_page() else super().get_content_size()
            )

        def set_extra_headers(self, path: str) -> None:
            self.set_header("Cache-Control", "no-store")

        def should_return_304(self) -> bool:
            return False  # its hashes of files are kept for good, and these change

        def _is_page(self) -> bool:
            return self.absolute_path.endswith(".html")

    files = {"path": str(folder), "default_filename": "index.html"}
    try:
        sockets = bind_sockets(port, LOOPBACK)
    except OSError as error:
        raise CourseError(
            f"port {port} is taken ({error.strerror}): leave out --port, or name another"
        ) from None
    server = HTTPServer(Application([("/preview-state", Now), ("/(.*)", Page, files)]))
    server.add_sockets(sockets)
    return server, sockets[0].getsockname()[1]


def show_lesson(root: Path, lesson: str, port: int, in_browser: bool, say: Callable[[str], None]) -> None:
    """Keeps the page of a lesson, given by name or number, in the browser until Ctrl-C.

    Raises CourseError if there is no such lesson, or if the port is taken.
    """
    name = _named(root, lesson)
    build = [sys.executable, "-m", "headway_grader.build.cli", "--root", str(root)]

    def ready(address: str) -> None:
        say(f"{address}\nIt follows what you save; stop with Ctrl-C.")
        if in_browser:
            webbrowser.open(address)

    with tempfile.TemporaryDirectory(prefix="headway-preview-") as folder:
        # Each in a process of its own, which sees the new text of every module.
        page = ["site", "--out", folder, "--page", name]

        async def make() -> str:
            return await _said_unless_fine([*build, "--keep-outputs"]) or await _said_unless_fine(
                [*build, *page]
            )

        async def changes() -> AsyncIterator[object]:
            async for seen in awatch(*sources(root), watch_filter=PythonFilter()):
                yield seen

        from watchfiles import PythonFilter, awatch

        with suppress(KeyboardInterrupt):
            asyncio.run(keep_showing(Path(folder), f"lessons/{name}.html", make, changes(), ready, port=port))


def _named(root: Path, lesson: str) -> str:
    names = [path.stem for path in sorted((root / LESSONS).glob("*.py"))]
    found = [name for name in names if lesson in (name, name[:2], f"{name}.py")]
    if len(found) != 1:
        raise CourseError(f"no lesson is called {lesson!r}; there are {', '.join(names)}")
    return found[0]


async def _said_unless_fine(command: list[str]) -> str:
    status, said = await run(command)
    return said or f"{command[-1]} ended with status {status}" if status else ""


async def run(command: list[str]) -> tuple[int, str]:
    """The exit status of a command, and everything it says."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode(errors="replace").strip()
