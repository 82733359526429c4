"""Follows a guide to the letter: writes its files, makes its edits, runs its commands."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from markdown_it import MarkdownIt

WRITE = re.compile(r"(More of )?`([^`]+)`:")
CHANGE = re.compile(r"cd (\S+) && ")
EDIT = re.compile(r"In `([^`]+)`, instead of `([^`]+)`:")


def steps(guide):
    """Every block of code in a guide, with the paragraph above it."""
    above = ""
    for token in MarkdownIt().parse(guide.read_text(encoding="utf-8")):
        if token.type == "inline":
            above = token.content
        if token.type == "fence":
            yield above, token.info, token.content
            above = ""


def run(command, folder):
    """What a command says in a folder, or in one in it, with the packages of a clone, if it is one."""
    inner = CHANGE.match(command)
    sources = os.pathsep.join(str(folder / part) for part in ("solutions", "course", "autograder"))
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        shlex.split(command[inner.end() :] if inner else command),
        cwd=folder / inner[1] if inner else folder,
        env=os.environ | {"PYTHONPATH": sources, "PATH": path, "HEADWAY_HOME": str(folder / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout


def follow(above, kind, content, folder):
    """Does what one block of the guide says; tells which sort of block it was."""
    if edit := EDIT.fullmatch(above):
        path = folder / edit[1]
        text = path.read_text(encoding="utf-8")
        assert text.count(edit[2]) == 1, f"{edit[2]!r} in {edit[1]}"
        path.write_text(text.replace(edit[2], content.rstrip("\n")), encoding="utf-8")
        return "edit"
    if written := WRITE.fullmatch(above):
        path = folder / written[2]
        assert path.exists() is bool(written[1])
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(content)
        return "more" if written[1] else "file"
    if kind == "console":
        for said in filter(None, re.split(r"^\$ ", content, flags=re.MULTILINE)):
            command, *expected = said.splitlines()
            output = run(command, folder)
            for line in expected:
                pattern = ".*".join(map(re.escape, line.split("…")))
                found = re.search(f"^{pattern}$", output, re.MULTILINE)
                assert found, f"{command}\n{output}\nlacks {line!r}"
        return "command"
    return "shown"
