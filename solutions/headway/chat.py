"""Talk with a model that was trained to answer: the template of its turns, and its words as they come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import numpy as np

from headway.byte_level import ByteLevel
from headway.generate import stream
from headway.gguf import from_gguf, read_gguf
from headway.model import Model

BEGIN, END = "<|im_start|>", "<|im_end|>"
ROLES = ("system", "user", "assistant")
COMMAND = 3  # the type of a token in GGUF that stands for no text


@dataclass(frozen=True)
class ChatModel:
    """A decoder with its tokenizer, and what it is told before a talk that brings no such word itself."""

    model: Model
    tokenizer: ByteLevel
    system: str

    def reply(self, said, steps=200, *, rng=None, temperature=0.0, k=None, p=None) -> Iterator[str]:
        """What the model answers, piece by piece as it comes, until its turn ends or `steps` tokens are out.

        said is what a person asks, or a talk: pairs of a role (system, user or assistant) and its words, the
        last of them the user's. Greedy at temperature 0, else drawn with rng, among the top k or a nucleus p.
        """
        ids = self.prompt([("user", said)] if isinstance(said, str) else said)
        new = stream(self.model, ids, steps, stop=self.end, rng=rng, temperature=temperature, k=k, p=p)
        return self.tokenizer.stream(takewhile(lambda token: token != self.end, new))

    def prompt(self, talk: Sequence[tuple[str, str]]) -> np.ndarray:
        """The ids of a talk, in turns, and of the beginning of the model's next one: int (T)."""
        for role, _ in talk:
            if role not in ROLES:
                raise ValueError(f"a talk has a turn of {role!r}, expected one of {', '.join(ROLES)}")
        if not talk or talk[0][0] != "system":
            talk = [("system", self.system), *talk]
        line = self.tokenizer.encode("\n")
        turns = [
            part
            for role, words in talk
            for part in ([self.begin], self.tokenizer.encode(f"{role}\n{words}"), [self.end], line)
        ]
        return np.concatenate([*turns, [self.begin], self.tokenizer.encode("assistant\n")])

    @property
    def begin(self):
        """The id that begins a turn."""
        return self.tokenizer.ids[BEGIN]

    @property
    def end(self):
        """The id that ends a turn."""
        return self.tokenizer.ids[END]


def load_chat(path):
    """The model in a GGUF file with its tokenizer; its turns must be those of ChatML, as SmolLM2 has them."""
    path = Path(path)
    file = read_gguf(path)
    if file.setting("tokenizer.ggml.model") != "gpt2" or file.setting("tokenizer.ggml.pre") != "smollm":
        raise ValueError(f"{path} has a tokenizer that is not known here: expected that of SmolLM2")
    template = file.setting("tokenizer.chat_template")
    if BEGIN not in template or END not in template:
        raise ValueError(f"{path} has turns that do not begin with {BEGIN} and end with {END}")
    vocabulary = file.setting("tokenizer.ggml.tokens")
    kinds = file.setting("tokenizer.ggml.token_type")
    commands = frozenset(token for token, kind in zip(vocabulary, kinds, strict=True) if kind == COMMAND)
    tokenizer = ByteLevel(vocabulary, file.setting("tokenizer.ggml.merges"), commands)
    return ChatModel(from_gguf(file), tokenizer, _first_word(template))


def _first_word(template):
    """What a template says before a talk that has no word of the system."""
    return template.partition(f"{BEGIN}system\n")[2].partition(END)[0]
