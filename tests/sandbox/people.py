"""Judges as different users: this process, or another that holds the sandboxes for us."""

import os
import pickle
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from headway_grader.sandbox import Sandbox

UID = 4321
ROOT = Path(__file__).parents[2]
USERS = ("root", "ordinary user") if os.getuid() == 0 else ("ordinary user",)


class Here:
    """A judge in this process."""

    pid = os.getpid()

    def __init__(self):
        self._threads = ThreadPoolExecutor(1)

    def sandbox(self, **options):
        return Sandbox(**options)

    def server(self, sandbox):
        process = sandbox._runner._process
        return process and process.pid

    def start(self, sandbox, job):
        """Begins a run in the background; returns what `outcome` takes."""
        return self._threads.submit(sandbox.run, job)

    def outcome(self, begun):
        return begun.result()

    def close(self):
        self._threads.shutdown()


class Elsewhere:
    """A judge in a process of its own, as an ordinary user."""

    def __init__(self):
        self._process = subprocess.Popen(
            as_ordinary_user([sys.executable, __file__]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            cwd="/",
        )
        self.pid = self.ask("pid")

    def ask(self, *question):
        pickle.dump(question, self._process.stdin)
        self._process.stdin.flush()
        answer = pickle.load(self._process.stdout)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def sandbox(self, **options):
        return Remote(self, self.ask("open", options))

    def server(self, sandbox):
        return self.ask("server", sandbox.number)

    def start(self, sandbox, job):
        return self.ask("start", sandbox.number, job)

    def outcome(self, begun):
        return self.ask("outcome", begun)

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


class Remote:
    """A sandbox that another judge holds."""

    def __init__(self, judge, number):
        self.judge, self.number = judge, number
        self.layers = judge.ask("layers", number)
        self.can_time = False  # a pair of sessions cannot be asked for from afar

    def run(self, job, enough=None):
        return self.judge.ask("run", self.number, job)

    def close(self):
        self.judge.ask("close", self.number)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


def judge_of(user):
    return Here() if USERS[0] == user else Elsewhere()


def as_ordinary_user(command):
    """The command as an ordinary user, for whom the folders above Python and this clone are open."""
    if os.getuid() != 0:
        return command
    needed = {str(Path(path).resolve()) for path in (sys.base_prefix, sys.prefix, ROOT)}
    change = ["setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups", *command]
    closed = {
        str(folder) for path in needed for folder in Path(path).parents if not folder.stat().st_mode & 1
    }
    if not closed:
        return change
    script = ["set -e", "mount -t tmpfs none /mnt"]
    hidden = {
        f"/mnt/{i}": path
        for i, path in enumerate(sorted(needed))
        if any(Path(c) in Path(path).parents for c in closed)
    }
    for place, path in hidden.items():
        script += [f"mkdir {place}", f"mount --rbind {shlex.quote(path)} {place}"]
    script += [f"mount -t tmpfs -o mode=755 none {shlex.quote(folder)}" for folder in sorted(closed)]
    for place, path in hidden.items():
        script += [f"mkdir -p {shlex.quote(path)}", f"mount --rbind {place} {shlex.quote(path)}"]
    script.append(f"exec {shlex.join(change)}")
    return ["unshare", "--mount", "sh", "-c", "\n".join(script)]


def main():
    """The other end of Elsewhere."""
    sandboxes, begun, numbers, here = {}, [], count(), Here()
    answer = {
        "pid": lambda: os.getpid(),
        "layers": lambda number: sandboxes[number].layers,
        "run": lambda number, job: sandboxes[number].run(job),
        "server": lambda number: here.server(sandboxes[number]),
        "start": lambda number, job: begun.append(here.start(sandboxes[number], job)),
        "outcome": lambda _: here.outcome(begun.pop()),
        "close": lambda number: sandboxes.pop(number).close(),
    }

    def open_sandbox(options):
        sandboxes[number := next(numbers)] = Sandbox(**options)
        return number

    answer["open"] = open_sandbox
    while True:
        try:
            question, *details = pickle.load(sys.stdin.buffer)
        except EOFError:
            break
        try:
            said = answer[question](*details)
        except Exception as error:
            said = error
        pickle.dump(said, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    for sandbox in sandboxes.values():
        sandbox.close()


if __name__ == "__main__":
    main()
