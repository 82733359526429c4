#!/usr/bin/env python3
"""Sets Headway up in this clone and runs one of its main jobs.

    python3 start.py learn             the course, in JupyterLab, on copies of your own in my/
    python3 start.py models            two real models for the later lessons, 180 MB, into .models/
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
VERSIONS = ("3.11", "3.12", "3.13")
JUDGING = [ROOT / "tests" / name for name in ("front", "sandbox")]  # the same on every Python
LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"  # the same versions, and what tests need on top
STAFF = (ROOT / "autograder").is_dir()  # a bundle for learners comes without it
PACKAGES = ["solutions", "course", "autograder"] if STAFF else ["solutions", "course"]
TORCH = "torch==2.13.0"  # an oracle of the tests; gigabytes, so only where it is asked for


def main(arguments):
    verbs = {"learn": learn, "models": models, "teach": teach, "grade": grade, "site": site, "test": test}
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0
    if arguments[0] not in verbs:
        return stop(f"'{arguments[0]}' is not a verb of start.py; it knows {', '.join(verbs)}", 2)
    if arguments[0] not in ("learn", "models") and not STAFF:
        return stop(f"'{arguments[0]}' needs the whole repository; what you have here is for learning", 2)
    if "{}.{}".format(*sys.version_info) not in VERSIONS:
        return stop(
            f"Headway runs on Python 3.11, 3.12 and 3.13, and this is {platform.python_version()}.\n"
            f"Run it with one of them, for instance: python3.12 start.py {' '.join(arguments)}"
        )
    return verbs[arguments[0]](arguments[1:])


def learn(arguments):
    return set_up() or run([PYTHON, "-m", "headway_course", "learn", *arguments])


def models(arguments):
    return set_up() or run([PYTHON, "-m", "headway_course", "models", *arguments])


def teach(arguments):
    return set_up() or run([BIN / "headway-grade", "teach", *arguments])


def grade(arguments):
    paths = [a for a in arguments if not a.startswith("-")]
    extra = [] if paths else [ROOT / "data" / "example_class"]
    return set_up() or run([BIN / "headway-grade", "run", *arguments, *extra])


def site(arguments):
    return set_up(DEV_LOCK) or run([BIN / "headway-build", "site", *arguments])


def test(arguments):
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # each worker has a core: more threads only wait
    system = "--system" in arguments
    code = (install_debian_packages() if system else 0) or set_up(DEV_LOCK)
    if code:
        return code
    lacking = {}
    if not (has_torch() or ((system or in_ci()) and install_torch())):
        lacking["torch"] = (
            f"the live comparison with torch. To run it: {shown([PYTHON])} -m pip install {TORCH}"
        )
    if run([PYTHON, "-m", "headway_course", "models"]):
        lacking["models"] = "the two real models, for the reason above. To get them: python3 start.py models"
    if not shutil.which("chromium"):
        lacking["browser"] = (
            "the guide and the website in a browser. To run them: apt-get install chromium fonts-dejavu-core"
        )
    others, absent = other_pythons()
    for version in absent:
        lacking[version] = (
            f"loops and sandbox on Python {version}. To run them: install it, or link it on PATH"
        )
    marks = " and ".join(f"not {mark}" for mark in lacking if mark not in VERSIONS)
    tests = ["-m", "pytest", "-n", "auto", "--rootdir", ROOT]
    steps = [
        [PYTHON, "-m", "ruff", "check", ROOT],
        [PYTHON, "-m", "ruff", "format", "--check", ROOT],
        [BIN / "headway-build", "--check"],
        [PYTHON, *tests, "-m", marks, ROOT / "tests"],
        *([python, *tests, *JUDGING] for python in others),
        *([python, *tests, "-m", "slow", ROOT / "tests" / "corpus"] for python in others),
    ]
    failed = [command for command in steps if run(command)]
    for what in lacking.values():
        say(f"Not run: {what}")
    for command in failed:
        say("FAILED: " + shown(command))
    return 1 if failed or (in_ci() and lacking) else 0


def other_pythons():
    """Environments of the other Pythons that are found here, made if need be; and the versions not found."""
    others, absent = [], []
    for version in VERSIONS:
        if version == "{}.{}".format(*sys.version_info):
            continue
        found = find_python(version)
        venv = ROOT / f".venv-{version}"
        if found and not set_up(DEV_LOCK, venv, found):
            others.append(venv / PYTHON.relative_to(VENV))
        else:
            absent.append(version)
    return others, absent


def find_python(version):
    """An interpreter of that version that works: on PATH, or one of pyenv's, whose shims may not."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates = [shutil.which(f"python{version}"), *sorted(pyenv.glob(f"versions/{version}.*/bin/python3"))]
    for candidate in filter(None, candidates):
        asked = [str(candidate), "-c", "import sys, venv; print('{}.{}'.format(*sys.version_info))"]
        answer = subprocess.run(asked, capture_output=True, text=True)
        if answer.stdout.strip() == version:
            return str(candidate)
    return None


def in_ci():
    return os.environ.get("CI") == "true"


def set_up(lock=LOCK, venv=VENV, interpreter=None):
    """Makes .venv and installs what a lock names, unless that was done for exactly these files.

    A .venv for the tests serves learners too, for it has the same versions and more.
    """
    stamp, python = venv / "headway-installed", venv / PYTHON.relative_to(VENV)
    done = stamp.read_text() if stamp.exists() and python.exists() else ""
    if done in {fingerprint(lock, interpreter), fingerprint(DEV_LOCK, interpreter)}:
        return 0
    say(f"Setting up {venv} (once; a minute or two)")
    uv = shutil.which("uv")
    pip = [uv, "pip", "install", "-q", "--python", python] if uv else [python, "-m", "pip", "install", "-q"]
    editable = [part for package in PACKAGES for part in ("-e", ROOT / package)]
    shutil.rmtree(venv, ignore_errors=True)
    code = (
        make_venv(uv, venv, interpreter or sys.executable)
        or run([*pip, "--require-hashes", "-r", lock])
        or run([*pip, "--no-deps", "--no-build-isolation", *editable])
    )
    if code:
        return stop("the set-up did not finish, for the reason above: mend it and run the same again")
    stamp.write_text(fingerprint(lock, interpreter))
    return 0


def fingerprint(lock, interpreter):
    files = [lock, *(ROOT / package / "pyproject.toml" for package in PACKAGES)]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return f"{digest} {interpreter or platform.python_version()} {ROOT}\n"


def make_venv(uv, venv, interpreter):
    if uv:
        return run([uv, "venv", "-q", "--python", interpreter, venv])
    try:
        import ensurepip  # noqa: F401  what `python -m venv` needs, and what Debian leaves out
    except ImportError:
        return stop(
            "this Python has no venv module. On Debian and Ubuntu: apt-get install python3-venv\n"
            "Or install uv, which start.py uses where it finds it."
        )
    return run([interpreter, "-m", "venv", venv])


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
