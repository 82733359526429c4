"""The guide for instructors, as a list of steps: what their headings say, and what they tell one to type."""

import re
from dataclasses import dataclass
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "instructors.md"
_STEP = re.compile(r"^## \d+\. (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")


@dataclass(frozen=True)
class Step:
    """One numbered section of the guide."""

    title: str
    text: str

    @property
    def pictures(self) -> list[str]:
        return [Path(place).name for place in _PICTURE.findall(self.text)]

    def block(self, language: str = "") -> str:
        """The only block of code in that language."""
        [found] = [text for name, text in _BLOCK.findall(self.text) if name == language]
        return found


def steps() -> dict[str, Step]:
    _, *parts = _STEP.split(GUIDE.read_text(encoding="utf-8"))
    return {title: Step(title, text) for title, text in zip(parts[::2], parts[1::2], strict=True)}
