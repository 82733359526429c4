"""Zips as nobody should make them: a hand-in among other things, or in a damaged archive."""

import io
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from mangled_files import DAMAGES, File


@dataclass
class Archive:
    """A zip in the making; `intact` tells whether the hand-in must be found in it."""

    rng: Random
    name: str
    file: File
    members: list[tuple[zipfile.ZipInfo, bytes]] = field(default_factory=list)
    intact: bool = True

    def add(
        self, name: str, content: bytes, *, mode: int = 0, packed: int = zipfile.ZIP_DEFLATED
    ) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
        info.external_attr, info.compress_type = mode << 16, packed
        self.members.insert(self.rng.randint(0, len(self.members)), (info, content))
        return info

    def write(self) -> bytes:
        buffer = io.BytesIO()
        with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as archive:
            warnings.simplefilter("ignore")  # two of one name
            for info, content in self.members:
                archive.writestr(info, content)
        return buffer.getvalue()


def plain(archive: Archive) -> None:
    """Nothing but the hand-in."""


def in_folders(archive: Archive) -> None:
    for info, _ in archive.members:
        info.filename = archive.rng.choice(["work/", "a/b/c/d/e/f/", "Ädä/", "work\\"]) + info.filename


def mac_forks(archive: Archive) -> None:
    archive.add(f"__MACOSX/._{archive.name}", b"\0\5\x16\7" + archive.rng.randbytes(100))
    archive.add(f"._{archive.name}", b"\0\5\x16\7")
    archive.add(".DS_Store", archive.rng.randbytes(200))


def checkpoints(archive: Archive) -> None:
    archive.add(f".ipynb_checkpoints/{archive.name.replace('.', '-checkpoint.')}", b"{}")


def other_files(archive: Archive) -> None:
    for name in ("data.csv", "picture.png", "README", "notes.txt", "deep/er/x.npz", "inner.zip", "nothing/"):
        archive.add(name, b"" if name.endswith("/") else archive.rng.randbytes(50))


def leads_out(archive: Archive) -> None:
    for name in ("/etc/odd.py", "../odd.py", "a/../../odd.ipynb", "C:/odd.py", "..\\odd.py", "//odd/odd.py"):
        archive.add(name, b"def odd(): pass")
    archive.intact = False  # C:/odd.py may be a name here, and later


def links(archive: Archive) -> None:
    archive.add("link.py", b"/etc/passwd", mode=stat.S_IFLNK | 0o777)
    archive.add("pipe.py", b"", mode=stat.S_IFIFO | 0o600)


def twice_the_same_name(archive: Archive) -> None:
    archive.add(archive.name, archive.file.content)


def one_name_two_contents(archive: Archive) -> None:
    archive.add(archive.name, b"def odd(): pass")
    archive.intact = False


def names_odd(archive: Archive) -> None:
    for name in (
        "\ud800.txt",
        "a\0b.txt",
        "x" * 60_000 + ".txt",
        ".",
        " ",
        "con",
        "é" * 300 + ".csv",
        "\u202e.txt",
    ):
        archive.add(name.encode("utf-8", "replace").decode(), b"odd")


def times_odd(archive: Archive) -> None:
    for info, _ in archive.members:
        info.date_time = (1980, archive.rng.choice([0, 2, 15]), archive.rng.choice([0, 30, 31]), 25, 61, 0)


def stored(archive: Archive) -> None:
    for info, _ in archive.members:
        info.compress_type = zipfile.ZIP_STORED


def packed_oddly(archive: Archive) -> None:
    for info, _ in archive.members:
        info.compress_type = archive.rng.choice([zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    archive.intact = False


def many_entries(archive: Archive) -> None:
    count = archive.rng.choice([100, 900, 1_100, 10_000])
    name = archive.rng.choice(["{}.txt", "a/{}", "{}/"])
    archive.intact = archive.intact and count < 1_000
    for i in range(count):
        archive.add(name.format(i), b"", packed=zipfile.ZIP_STORED)


def many_hand_ins(archive: Archive) -> None:
    for i in range(archive.rng.choice([5, 20, 100, 900])):
        archive.add(f"{archive.rng.choice(['a/', ''])}{i}{archive.name}", archive.file.content[:20_000])
    archive.intact = False


def bomb(archive: Archive) -> None:
    unit = archive.rng.choice([b"\0", b"#", b"x=1\n", b"{}"])
    archive.add(
        f"bomb{archive.rng.choice(['.py', '.ipynb', '.txt'])}",
        unit * archive.rng.choice([10_000, 10_000_000]),
    )
    archive.intact = False


def zips_in_zips(archive: Archive) -> None:
    content = archive.file.content
    for _ in range(archive.rng.randint(1, 20)):
        inner = Archive(archive.rng, archive.name, archive.file)
        inner.add("inner.zip", content)
        content = inner.write()
    if archive.rng.random() < 0.5:
        archive.members.clear()
        archive.intact = False
    archive.add("inner.zip", content)


def empty(archive: Archive) -> None:
    archive.members.clear()
    archive.intact = False


CONTENTS: dict[str, Callable[[Archive], None]] = (
    {
        f.__name__: f
        for f in (
            plain,
            in_folders,
            mac_forks,
            checkpoints,
            other_files,
            leads_out,
            links,
            twice_the_same_name,
        )
    }
    | {
        f.__name__: f
        for f in (one_name_two_contents, names_odd, times_odd, stored, packed_oddly, many_entries, bomb)
    }
    | {f.__name__: f for f in (many_hand_ins, zips_in_zips, empty)}
)


# --- after it is written: what is damaged, and what only looks so


def _patched(
    signature: bytes, offset: int, form: str, values: tuple[int, ...]
) -> Callable[[bytes, Random], bytes]:
    """A field of a header changed in one of the places where it stands."""

    def patch(data: bytes, rng: Random) -> bytes:
        places = [at for at in range(len(data)) if data.startswith(signature, at)][:50] if data else []
        if not places:
            return data
        at = rng.choice(places) + offset
        return data[:at] + struct.pack(form, rng.choice(values)) + data[at + struct.calcsize(form) :]

    return patch


_DIRECTORY, _LOCAL, _END = b"PK\1\2", b"PK\3\4", b"PK\5\6"
_SIZES = (0, 1, 5_000, 0x7FFFFFFF, 0xFFFFFFFF)
PATCHES: dict[str, Callable[[bytes, Random], bytes]] = {
    "bad CRC": _patched(_DIRECTORY, 16, "<L", (0, 1, 0xDEADBEEF)),
    "locked": _patched(_DIRECTORY, 8, "<H", (1, 0x41, 0x2001)),
    "odd method": _patched(_DIRECTORY, 10, "<H", (1, 9, 12, 14, 99)),
    "false size": _patched(_DIRECTORY, 24, "<L", _SIZES),
    "false packed size": _patched(_DIRECTORY, 20, "<L", _SIZES),
    "false place": _patched(_DIRECTORY, 42, "<L", _SIZES),
    "false name length": _patched(_DIRECTORY, 28, "<H", (0, 1, 0xFFFF)),
    "odd version": _patched(_DIRECTORY, 6, "<H", (99, 255)),
    "odd local header": _patched(_LOCAL, 26, "<H", (0, 1, 0xFFFF)),
    "false count": _patched(_END, 10, "<H", (0, 1, 0xFFFF)),
    "false directory size": _patched(_END, 12, "<L", _SIZES),
    "false directory place": _patched(_END, 16, "<L", _SIZES),
    "false comment length": _patched(_END, 20, "<H", (1, 0xFFFF)),
} | {f"zip {name}": damage for name, damage in DAMAGES.items()}
