"""From the text of a cell to statements, leaving out as little as can be: magics and broken lines."""

import ast
import difflib
import re
import warnings
from codeop import compile_command
from dataclasses import dataclass

_NOT_PYTHON = re.compile(
    r"!|(bash|sh|script|html|javascript|js|latex|markdown|svg|perl|ruby|sx|system|cmd|writefile|file)$"
)
_NEW_STATEMENT = re.compile(r"(?!(?:else|elif|except|finally)\b)[^\s)\]}#]")
_BINDS = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)|^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)", re.MULTILINE)
_COMMAND = re.compile(r"^\s*(?:[%!?]|>>>|In \[)|\?\s*$|=\s*[%!]")
_COMMAND_LINE = re.compile(r"^(\s*)[%!?].*")
_MANY_COMMANDS, _MANY_LINES, _LONG_LINE = 20, 300, 1000  # IPython would take too long over more
_EFFORT = 30_000, 50  # how many characters to parse in search of whole statements: at least, and for each


@dataclass(frozen=True)
class Broken:
    """Lines that are not Python: where they begin, their text, why, and what they seem to define."""

    line: int
    text: str
    why: str
    binds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parsed:
    """The statements of a cell, the lines they were read from (as many as it has), and what was left out."""

    statements: tuple[ast.stmt, ...]
    lines: tuple[str, ...]
    broken: tuple[Broken, ...] = ()


def is_python(source: str) -> bool:
    """Whether this parses as it stands."""
    return isinstance(_parse(source), ast.Module)


def parse_cell(source: str) -> Parsed:
    """Statements with the line numbers of the cell; lines that are not Python cost only themselves."""
    source = source.removeprefix("\ufeff")  # left of a file that the cell was pasted from
    tree = _parse(source)
    if isinstance(tree, ast.Module):
        return Parsed(tuple(tree.body), tuple(source.split("\n")))
    lines, magics = _without_magics(source.split("\n"))
    tree = _parse("\n".join(lines))
    if isinstance(tree, ast.Module):
        return Parsed(tuple(tree.body), tuple(lines), tuple(magics))
    statements, broken = _salvage(lines)
    return Parsed(
        tuple(statements), tuple(lines), tuple(sorted([*magics, *broken], key=lambda part: part.line))
    )


def _parse(source: str, above: int = 0) -> ast.Module | str:
    """The tree, or why there is none; `above` is the number of lines that stand before the source."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except SyntaxError as error:
        return f"line {error.lineno + above}: {error.msg}" if error.lineno else str(error.msg)
    except (RecursionError, MemoryError):
        return "it is nested too deeply"
    except ValueError as error:
        return str(error)
    return ast.increment_lineno(tree, above) if above else tree


def _without_magics(lines: list[str]) -> tuple[list[str], list[Broken]]:
    """The same number of lines, with magics and shell lines made harmless, and a list of these."""
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    found = []
    if lines[first].startswith("%%"):
        name = re.match(r"%%\s*(\S*)", lines[first])[1]
        found.append(Broken(first + 1, lines[first], "a magic of the notebook"))
        if _NOT_PYTHON.match(name):
            return [""] * len(lines), [
                Broken(first + 1, lines[first], f"a %%{name} cell, which is not Python")
            ]
        lines = ["" if i == first else line for i, line in enumerate(lines)]
        first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    changed = lines[:first] + _transformed(_dedented(lines[first:]))
    for i, line in enumerate(changed):
        if line.lstrip().startswith("get_ipython().") and line != lines[i]:
            found.append(Broken(i + 1, lines[i], "a magic or shell line of the notebook"))
            changed[i] = line[: len(line) - len(line.lstrip())] + "pass"
    return changed, found


def _dedented(lines: list[str]) -> list[str]:
    """The lines without the indent of the first; IPython takes spaces away, and no tabs."""
    indent = re.match(r"[ \t]*", lines[0])[0]
    return [line.removeprefix(indent) for line in lines]


def _transformed(lines: list[str]) -> list[str]:
    """The lines as IPython would hand them to Python, each where it stood."""
    commands = sum(bool(_COMMAND.search(line)) for line in lines)
    if not commands and not lines[0][:1].isspace():
        return list(lines)
    if commands > _MANY_COMMANDS or len(lines) > _MANY_LINES or max(map(len, lines)) > _LONG_LINE:
        return _commands_as_calls(lines)
    try:
        from IPython.core.inputtransformer2 import TransformerManager

        ipython = TransformerManager()
        text = "\n".join(lines) + "\n"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            new = ipython.transform_cell(text)
        bare = text.splitlines(keepends=True)  # as IPython does it, which knows more kinds of line ends
        for without in ipython.cleanup_transforms:  # indents and prompts, which go from all lines
            bare = without(bare)
    except Exception:  # no IPython here, or a cell that it cannot read either
        return _commands_as_calls(lines)
    return _aligned(new.split("\n")[:-1], "".join(bare).split("\n")[:-1], len(lines))


def _aligned(new: list[str], old: list[str], count: int) -> list[str]:
    """The new lines in the places of the old ones, of which a command that is several lines long has more."""
    if len(new) == count:
        return new
    result = []
    for _, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        result += (new[j1:j2] + [""] * (i2 - i1))[: i2 - i1]
    return (result + [""] * count)[:count]


def _commands_as_calls(lines: list[str]) -> list[str]:
    """The same for lines that begin with % or !, and no others."""
    return [_COMMAND_LINE.sub(r"\1get_ipython().run()", line) for line in lines]


def _is_hopeless(text: str) -> bool:
    """Whether no further lines could make Python of this."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile_command(text, symbol="exec")
    except (SyntaxError, ValueError, OverflowError):
        return True
    except (RecursionError, MemoryError):
        return False
    return False


def _salvage(lines: list[str]) -> tuple[list[ast.stmt], list[Broken]]:
    """The statements that stand on their own, where the whole does not parse."""
    starts = [i for i, line in enumerate(lines) if _NEW_STATEMENT.match(line)]
    ends = [*starts[1:], len(lines)]
    statements, broken = [], []
    at, effort = 0, _EFFORT[0] + _EFFORT[1] * sum(map(len, lines))
    while at < len(starts) and effort > 0:
        reason = ""
        most = 1 if _is_hopeless("\n".join(lines[starts[at] : ends[at]])) else 40
        for end in range(at, min(at + most, len(starts))):
            text = "\n".join(lines[starts[at] : ends[end]])
            effort -= len(text) + 200
            tree = _parse(text, starts[at])
            if isinstance(tree, ast.Module):
                statements += tree.body
                at = end + 1
                break
            reason = reason or tree
        else:
            broken.append(_broken(lines, starts[at], ends[at], f"not Python ({reason})"))
            at += 1
    if at < len(starts):
        broken.append(_broken(lines, starts[at], len(lines), "not Python, like much above it"))
    return statements, broken


def _broken(lines: list[str], start: int, end: int, why: str) -> Broken:
    names = tuple(a or b for a, b in _BINDS.findall("\n".join(lines[start:end])))
    return Broken(start + 1, lines[start], why, names)
