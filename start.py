#!/usr/bin/env python3
"""Sets Headway up in this clone and runs one of its main jobs.

    python3 start.py learn             the course, in JupyterLab, on copies of your own in my/
    python3 start.py teach             Formgrader, on the example class; --into FOLDER for a class of your own
    python3 start.py grade [PATH …]    judges submissions; without a path, the example class
    python3 start.py site              the course as a website, in build/site
    python3 start.py test [--system]   lint, drift check and every test

The first run makes .venv and installs what requirements.lock names (requirements-dev.lock for site and test).
Later runs start at once. Nothing outside this folder is changed, except that `grade` and `teach` keep the
course key and their records in your user folder, that `teach --into FOLDER` makes a class there, and that
`test --system` may install missing Debian packages. What follows the verb goes on to the command that is run.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
STAMP = VENV / "headway-installed"
LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"  # the same versions, and what tests need on top
STAFF = (ROOT / "autograder").is_dir()  # a bundle for learners comes without it
PACKAGES = ["solutions", "course", "autograder"] if STAFF else ["solutions", "course"]
TORCH = "torch==2.13.0"  # an oracle of the tests; gigabytes, so only where it is asked for


def main(arguments):
    verbs = {"learn": learn, "teach": teach, "grade": grade, "site": site, "test": test}
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0
    if arguments[0] not in verbs:
        return stop(f"'{arguments[0]}' is not a verb of start.py; it knows {', '.join(verbs)}", 2)
    if arguments[0] != "learn" and not STAFF:
        return stop(f"'{arguments[0]}' needs the whole repository; what you have here is for learning", 2)
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        return stop(
            f"Headway runs on Python 3.11, 3.12 and 3.13, and this is {platform.python_version()}.\n"
            f"Run it with one of them, for instance: python3.12 start.py {' '.join(arguments)}"
        )
    return verbs[arguments[0]](arguments[1:])


def learn(arguments):
    return set_up() or run([PYTHON, "-m", "headway_course", "learn", *arguments])


def teach(arguments):
    return set_up() or run([BIN / "headway-grade", "teach", *arguments])


def grade(arguments):
    paths = [a for a in arguments if not a.startswith("-")]
    extra = [] if paths else [ROOT / "data" / "example_class"]
    return set_up() or run([BIN / "headway-grade", "run", *arguments, *extra])


def site(arguments):
    return set_up(DEV_LOCK) or run([BIN / "headway-build", "site", *arguments])


def test(arguments):
    system = "--system" in arguments
    code = (install_debian_packages() if system else 0) or set_up(DEV_LOCK)
    if code:
        return code
    lacking = {}
    if not (has_torch() or ((system or in_ci()) and install_torch())):
        lacking["torch"] = (
            f"the live comparison with torch. To run it: {shown([PYTHON])} -m pip install {TORCH}"
        )
    if not shutil.which("chromium"):
        lacking["browser"] = (
            "the guide and the website in a browser. To run them: apt-get install chromium fonts-dejavu-core"
        )
    marks = " and ".join(f"not {mark}" for mark in lacking)
    steps = [
        [PYTHON, "-m", "ruff", "check", ROOT],
        [PYTHON, "-m", "ruff", "format", "--check", ROOT],
        [BIN / "headway-build", "--check"],
        [PYTHON, "-m", "pytest", "-n", "auto", "-m", marks, "--rootdir", ROOT, ROOT / "tests"],
    ]
    failed = [command for command in steps if run(command)]
    for what in lacking.values():
        say(f"Not run: {what}")
    for command in failed:
        say("FAILED: " + shown(command))
    return 1 if failed or (in_ci() and lacking) else 0


def in_ci():
    return os.environ.get("CI") == "true"


def set_up(lock=LOCK):
    """Makes .venv and installs what a lock names, unless that was done for exactly these files.

    A .venv for the tests serves learners too, for it has the same versions and more.
    """
    stamp = STAMP.read_text() if STAMP.exists() and PYTHON.exists() else ""
    if stamp in {fingerprint(lock), fingerprint(DEV_LOCK)}:
        return 0
    say(f"Setting up {VENV} (once; a minute or two)")
    uv = shutil.which("uv")
    pip = [uv, "pip", "install", "-q", "--python", PYTHON] if uv else [PYTHON, "-m", "pip", "install", "-q"]
    editable = [part for package in PACKAGES for part in ("-e", ROOT / package)]
    code = (
        make_venv(uv)
        or run([*pip, "--require-hashes", "-r", lock])
        or run([*pip, "--no-deps", "--no-build-isolation", *editable])
    )
    if code:
        return stop("the set-up did not finish, for the reason above: mend it and run the same again")
    STAMP.write_text(fingerprint(lock))
    return 0


def fingerprint(lock):
    files = [lock, *(ROOT / package / "pyproject.toml" for package in PACKAGES)]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return f"{digest} {platform.python_version()} {ROOT}\n"


def make_venv(uv):
    STAMP.unlink(missing_ok=True)
    shutil.rmtree(VENV, ignore_errors=True)
    if uv:
        return run([uv, "venv", "-q", "--python", sys.executable, VENV])
    try:
        import ensurepip  # noqa: F401  what `python -m venv` needs, and what Debian leaves out
    except ImportError:
        return stop(
            "this Python has no venv module. On Debian and Ubuntu: apt-get install python3-venv\n"
            "Or install uv, which start.py uses where it finds it."
        )
    return run([sys.executable, "-m", "venv", VENV])


def install_debian_packages():
    """What a bare Debian lacks for set-up and tests. Only under --system."""
    needed = {
        "python3-venv": not has_module("ensurepip"),
        "util-linux": not shutil.which("setpriv"),
        "chromium": not shutil.which("chromium"),
        "fonts-dejavu-core": not Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").exists(),
    }
    missing = [package for package, lacking in needed.items() if lacking]
    if not missing:
        return 0
    return run(["apt-get", "update", "-q"]) or run(["apt-get", "install", "-q", "-y", *missing])


def has_module(name):
    from importlib.util import find_spec

    return find_spec(name) is not None


def has_torch():
    return subprocess.call([PYTHON, "-c", "import torch"], stderr=subprocess.DEVNULL) == 0


def install_torch():
    return run([PYTHON, "-m", "pip", "install", "-q", TORCH]) == 0


def run(command):
    """Runs a command with .venv/bin first on PATH (nbgrader finds alembic there); gives its exit status."""
    say("$ " + shown(command))
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    try:
        return subprocess.call([str(part) for part in command], env={**os.environ, "PATH": path})
    except KeyboardInterrupt:
        return 130


def shown(command):
    """The command as a person would type it here."""
    text = " ".join(str(part) or "''" for part in command)
    return text.replace(str(ROOT) + os.sep, "")


def say(message):
    print(message, file=sys.stderr, flush=True)


def stop(message, code=1):
    say("start.py: " + message)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
