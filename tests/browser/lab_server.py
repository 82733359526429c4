"""JupyterLab on a port of its own, for one person with a home of their own, until the test ends."""

import json
import os
import secrets
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import psutil

SECONDS = 120  # until a server counts as dead, however busy the machine
_OURS = ("HEADWAY", "JUPYTER", "JPY", "IPYTHON", "XDG")


class LabServer:
    """Runs a command that ends in JupyterLab, and knows its address; `home` is where that person lives."""

    def __init__(self, command: Sequence[object], home: Path) -> None:
        self.home, self.token = home, secrets.token_hex(16)
        home.mkdir(parents=True, exist_ok=True)
        options = [
            "--no-browser",
            "--allow-root",
            "--ServerApp.port=0",
            f"--IdentityProvider.token={self.token}",
        ]
        with (home / "jupyter.log").open("wb") as log:
            self._process = subprocess.Popen(
                [*map(str, command), *options],
                env=environment(home),
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self.url = until(self._address)
        except BaseException:
            self.stop()
            raise

    @property
    def log(self) -> str:
        return (self.home / "jupyter.log").read_text(encoding="utf-8", errors="replace")

    def _address(self) -> str | None:
        """The address, as the server writes it down once it listens."""
        assert self._process.poll() is None, f"it ended before it listened:\n{self.log}"
        for path in self.home.glob("runtime/jpserver-*.json"):
            info = json.loads(path.read_text() or "{}")
            if info.get("port"):
                return f"http://127.0.0.1:{info['port']}"
        return None

    def stop(self) -> None:
        """Asks the server to end, with its kernels; whatever of it still runs after that is killed."""
        try:
            headers = {"Authorization": f"token {self.token}"}
            urlopen(Request(f"{self.url}/api/shutdown", method="POST", headers=headers), timeout=SECONDS)
            self._process.wait(SECONDS)
        except (AttributeError, URLError, subprocess.TimeoutExpired):
            pass
        for process in self.processes():
            process.kill()
        self._process.wait(SECONDS)

    def processes(self) -> list[psutil.Process]:
        """Everything that was started for this home: the command, the server, its kernels."""
        return [process for process in psutil.process_iter() if _home(process) == str(self.home)]


def _home(process: psutil.Process) -> str | None:
    try:
        return process.environ().get("HEADWAY_TEST_HOME")
    except psutil.Error:
        return None


def environment(home: Path) -> dict[str, str]:
    """Of a person who lives in `home` and has set nothing else."""
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return theirs | {
        "HOME": str(home),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "HEADWAY_TEST_HOME": str(home),
    }


def until(found: Callable[[], object | None]) -> object:
    """What `found` gives, as soon as it is anything."""
    deadline = time.monotonic() + SECONDS
    while (result := found()) is None:
        assert time.monotonic() < deadline, f"nothing after {SECONDS} seconds"
        time.sleep(0.05)
    return result
