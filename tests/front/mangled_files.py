"""From a draft to the bytes that are handed in: as a notebook or script, in some encoding, damaged."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from drafts import MAX_CODE, Draft, text_of
from manglings import dump, odd_value

BIG = 16 << 20


@dataclass
class File:
    """A file in the making: its kind, its bytes, and whether answers in it are still as promised."""

    kind: str
    content: bytes
    intact: bool = True


# --- forms


def notebook(draft: Draft) -> File:
    body = {"cells": draft.cells, "metadata": draft.metadata, "nbformat": 4, "nbformat_minor": 5}
    return File("ipynb", _json(body, draft.rng), not draft.is_too_much())


def notebook_of_format_3(draft: Draft) -> File:
    cells = [_of_format_3(cell) if isinstance(cell, dict) else cell for cell in draft.cells]
    at = draft.rng.randint(0, len(cells))
    sheets = [{"cells": cells[:at], "metadata": {}}, {"cells": cells[at:]}]
    sheets.insert(draft.rng.randint(0, 2), draft.rng.choice([{}, None, 3, {"cells": None}, {"cells": {}}]))
    body = {"worksheets": sheets, "metadata": draft.metadata, "nbformat": 3, "nbformat_minor": 0}
    return File("ipynb", _json(body, draft.rng), not draft.is_too_much())


def odd_notebook(draft: Draft) -> File:
    """A notebook with keys that are doubled, missing, more than usual, or of wrong types."""
    body: dict = {"cells": draft.cells, "metadata": draft.metadata, "nbformat": 4, "nbformat_minor": 5}
    way = draft.rng.choice(
        ["doubled", "more", "version", "no cells", "cells odd", "all odd", "number too long"]
    )
    draft.kinds.append(f"notebook {way}")
    text = ""
    match way:
        case "doubled":
            text = dump(body).replace('{"cells":', '{"cells": [3], "cells": {}, "cells":', 1)
        case "more":
            body |= {"": [], "worksheets": odd_value(draft.rng), "\ud800": None, "source": "x"}
        case "version":
            body |= dict.fromkeys(("nbformat", "nbformat_minor"), odd_value(draft.rng))
        case "no cells":
            del body["cells"]
        case "cells odd":
            body["cells"] = odd_value(draft.rng)
        case "all odd":
            body = odd_value(draft.rng)
        case "number too long":
            text = dump(body).replace('"nbformat": 4', '"nbformat": ' + "4" * 5000)
    intact = way in ("doubled", "more", "version") and not draft.is_too_much()
    return File("ipynb", text.encode("utf-8", "surrogatepass") if text else _json(body, draft.rng), intact)


def script(draft: Draft) -> File:
    """A script with a mark above each cell, of one of the usual kinds."""
    mark = draft.rng.choice(["# %%", "# %% [code]", "# In[{n}]:", "#%%", "# %% odd {n}"])
    parts = []
    for n, cell in enumerate(c for c in draft.cells if isinstance(c, dict)):
        if cell.get("cell_type") == "code":
            parts.append(f"{mark.format(n=n)}\n{text_of(cell)}")
        elif draft.rng.random() < 0.5:
            parts.append(
                "# %% [markdown]\n"
                + re.sub(r"^|\r\n?", lambda m: m[0] + "# ", text_of(cell), flags=re.MULTILINE)
            )
    return _as_script("\n".join(parts), draft, draft.script)


def flat_script(draft: Draft) -> File:
    code = [text_of(c) for c in draft.cells if isinstance(c, dict) and c.get("cell_type") == "code"]
    text = "\n\n".join(code)
    starts_a_magic = text.lstrip().startswith("%%")  # as %%bash, which then takes the whole file
    return _as_script(text, draft, draft.script and draft.flat and not starts_a_magic)


FORMS: dict[Callable[[Draft], File], int] = {
    notebook: 10,
    notebook_of_format_3: 2,
    odd_notebook: 2,
    script: 4,
    flat_script: 4,
}


def _of_format_3(cell: dict) -> dict:
    cell = dict(cell)
    if cell.get("cell_type") == "code":
        cell["input"] = cell.pop("source", None)
        cell["prompt_number"] = cell.pop("execution_count", None)
    return cell


def _json(body: object, rng: Random) -> bytes:
    options = {"indent": rng.choice([None, None, 1, "\t"]), "sort_keys": rng.random() < 0.2}
    ascii_only = rng.random() < 0.5
    return dump(body, ensure_ascii=ascii_only, **options).encode(
        "utf-8", "surrogatepass" if ascii_only else "replace"
    )


def _as_script(text: str, draft: Draft, intact: bool) -> File:
    """A script, in which prose counts as code where it is too much for one."""
    content = text.encode("utf-8", "replace").replace(b"\0", b"?")
    return File("py", content, intact and not draft.is_too_much() and len(text) < MAX_CODE)


# --- texts


def _line_ends(ending: bytes) -> Callable[[File, Random], None]:
    def change(file: File, rng: Random) -> None:
        file.content = file.content.replace(b"\r\n", b"\n").replace(b"\n", ending)

    return change


def mixed_line_ends(file: File, rng: Random) -> None:
    lines = file.content.replace(b"\r\n", b"\n").split(b"\n")
    below = [*lines[1:], b""]  # a \r before an empty line would make one line end of two
    ends = [rng.choice([b"\n", b"\r\n", b"\r"] if line else [b"\r\n"]) for line in below]
    file.content = b"".join(line + end for line, end in zip(lines, ends, strict=True))


def _encoded(encoding: str, mark: bytes) -> Callable[[File, Random], None]:
    def change(file: File, rng: Random) -> None:
        file.content = mark + file.content.decode("utf-8", "replace").encode(encoding)

    return change


def declared_encoding(file: File, rng: Random) -> None:
    """A script in the encoding that its first or second line declares."""
    encoding = rng.choice(
        ["latin-1", "cp1252", "iso-8859-15", "mac-roman", "gb18030", "big5", "euc-jp", "utf-8"]
    )
    above = rng.choice(["", "#!/usr/bin/python\n"])
    if file.kind == "py":
        text = file.content.decode("utf-8", "replace")
        content = f"{above}# -*- coding: {encoding} -*-\n{text}".encode(encoding, "replace")
        file.intact = file.intact and content.decode(encoding).endswith(text)
        file.content = content


def odd_declaration(file: File, rng: Random) -> None:
    """A declared encoding that is none for source code, over plain UTF-8."""
    encoding = rng.choice(
        ["rot13", "utf-7", "zlib", "idna", "odd", "utf-16", "unicode_escape", "raw_unicode_escape"]
    )
    if file.kind == "py":
        file.content = f"# coding: {encoding}\n".encode() + file.content


def false_declaration(file: File, rng: Random) -> None:
    if file.kind == "py":
        file.content = f"# coding: {rng.choice(['ascii', 'cp1252', 'big5', 'gbk'])}\n".encode() + file.content
        file.intact = file.intact and file.content.isascii()


def space_around(file: File, rng: Random) -> None:
    below = [b"\n\n", b"  ", b"\n \n", *([b"\n\f\n"] if file.kind == "py" else [])]
    file.content = rng.choice([b"\n\n", b" \n", b"\t\n"]) + file.content + rng.choice(below)


def one_line_long(file: File, rng: Random) -> None:
    if file.kind == "ipynb":
        file.content += b" " * int(10 ** rng.uniform(3, 6.5))
    else:
        file.content += b"\n# " + b"x" * int(10 ** rng.uniform(3, 5))
        file.intact = file.intact and len(file.content) < 250_000


TEXTS: dict[str, Callable[[File, Random], None]] = {
    "CRLF": _line_ends(b"\r\n"),
    "CR": _line_ends(b"\r"),
    "mixed line ends": mixed_line_ends,
    "UTF-8 with a mark": _encoded("utf-8", codecs.BOM_UTF8),
    "UTF-8 with two marks": _encoded("utf-8", codecs.BOM_UTF8 * 2),
    "UTF-16 little": _encoded("utf-16-le", codecs.BOM_UTF16_LE),
    "UTF-16 big": _encoded("utf-16-be", codecs.BOM_UTF16_BE),
    "UTF-32 little": _encoded("utf-32-le", codecs.BOM_UTF32_LE),
    "UTF-32 big": _encoded("utf-32-be", codecs.BOM_UTF32_BE),
    "declared encoding": declared_encoding,
    "odd declaration": odd_declaration,
    "false declaration": false_declaration,
    "space around": space_around,
    "one long line": one_line_long,
}


# --- damage, after which nothing is promised


def flipped_bits(data: bytes, rng: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 3, 20, 200]) if data else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def truncated(data: bytes, rng: Random) -> bytes:
    return data[: rng.randint(0, len(data))]


def beginning_lost(data: bytes, rng: Random) -> bytes:
    return data[rng.randint(0, len(data)) :]


def piece_lost(data: bytes, rng: Random) -> bytes:
    a, b = sorted(rng.randint(0, len(data)) for _ in range(2))
    return data[:a] + data[b:]


def piece_doubled(data: bytes, rng: Random) -> bytes:
    a, b = sorted(rng.randint(0, len(data)) for _ in range(2))
    return data[:b] + data[a:]


def bytes_put_in(data: bytes, rng: Random) -> bytes:
    at = rng.randint(0, len(data))
    return (
        data[:at]
        + rng.choice([rng.randbytes(20), b"\0", b"\xff\xfe", b"\xed\xa0\x80", b'"', b"{[", b"\\u"])
        + data[at:]
    )


def only_noise(data: bytes, rng: Random) -> bytes:
    return rng.choice([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"{"]) + rng.randbytes(rng.randint(0, 3000))


def utf_16_without_mark(data: bytes, rng: Random) -> bytes:
    return data.decode("utf-8", "replace").encode(rng.choice(["utf-16-le", "utf-16-be"]))


def brackets_only(data: bytes, rng: Random) -> bytes:
    n = int(10 ** rng.uniform(1, 6.5))
    return rng.choice([b"[" * n, b'{"a":' * (n // 5), b'{"cells":' + b"[" * n + b"]" * n + b"}"])


def very_large(data: bytes, rng: Random) -> bytes:
    """Just below what is read, of the JSON that takes most memory; or above."""
    unit, before, after = rng.choice(
        [(b"{},", b'{"cells":[', b"3]}"), (b"[],", b"[", b"3]"), (b" ", b"", data)]
    )
    size = rng.choice([1 << 20, 4 << 20, BIG - 200, BIG + 3])
    return before + unit * ((size - len(before) - len(after)) // len(unit)) + after


DAMAGES = {
    f.__name__: f
    for f in (flipped_bits, truncated, beginning_lost, piece_lost, piece_doubled, bytes_put_in, only_noise)
} | {f.__name__: f for f in (utf_16_without_mark, brackets_only)}
RARE_DAMAGES = {"very_large": very_large}
