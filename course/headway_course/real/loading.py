"""`real_model`: a real model of the course, or something that says how to get it."""

from functools import cache
from importlib import import_module

from headway_course.errors import CourseError
from headway_course.real.shelf import MODELS

_LOADERS = {
    "minilm": ("headway.sentences", "load_sentence_encoder"),
    "smollm2": ("headway.chat", "load_chat"),
}


class Missing:
    """Stands for a model that is not here: false, and whatever is asked of it says how to get it."""

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence

    def __bool__(self) -> bool:
        return False

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):  # what notebooks ask of everything, to show it
            raise AttributeError(name)
        raise CourseError(self._sentence)

    def __repr__(self) -> str:
        return self._sentence


def real_model(name: str) -> object:
    """A real model, loaded once: "minilm" turns sentences into vectors, "smollm2" chats.

    Where it was not brought yet, what comes back is false, and says how to get it when it is shown or used.
    """
    if name not in MODELS:
        raise CourseError(f"no real model is called {name!r}: there are {' and '.join(MODELS)}")
    model = MODELS[name]
    if not model.is_here:
        return Missing(
            f"{name} is not on this machine yet: `python3 start.py models` brings it "
            f"({model.megabytes} MB). The lesson goes on without it."
        )
    return _loaded(name)


@cache
def _loaded(name: str) -> object:
    module, function = _LOADERS[name]
    try:
        return getattr(import_module(module), function)(MODELS[name].path)
    except ModuleNotFoundError:  # a release for a class leaves out what no lesson fetches with `library`
        return Missing(f"{name} is here, but not the part of the library that runs it: the lesson goes on.")
    except (ValueError, OSError) as error:
        raise CourseError(
            f"{name} is here, but cannot be read ({error}): `python3 start.py models` mends it"
        ) from None
