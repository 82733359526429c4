"""The sandbox: what the judge talks to."""

import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from headway_grader.sandbox.forms import Enough, Job, Layer, Outcome, SandboxError
from headway_grader.sandbox.harms import ADVICE, require_minimum

if TYPE_CHECKING:
    from headway_grader.sandbox.session import Session

LAYERS = (
    "uid",
    "user",
    "mount",
    "net",
    "no_new_privs",
    "pid",
    "ipc",
    "rlimits",
    "landlock",
    "capabilities",
    "seccomp",
    "audit",
)


class Sandbox:
    """Runs jobs, each in a fresh process forked from a warm one. One process of the judge uses one sandbox.

    `without` switches layers off. Raises SandboxError if what remains is too little, unless told to trust.
    """

    def __init__(self, without: Collection[str] = frozenset(), trust: bool = False) -> None:
        unknown = set(without) - set(LAYERS)
        if unknown:
            raise SandboxError(
                f"no layer is called {', '.join(sorted(unknown))}; there are {', '.join(LAYERS)}"
            )
        if sys.platform == "linux":
            from headway_grader.sandbox.warm import Warm

            self._runner = Warm(without)
            self._beside = self._runner.fork()
        elif trust:
            from headway_grader.sandbox.cold import Cold

            self._runner, self._beside = Cold(), None
        else:
            raise SandboxError(
                f"Learners' code can be isolated on Linux only, and this is {sys.platform}. {ADVICE}"
            )
        if not trust:
            self._require_minimum()

    @property
    def layers(self) -> tuple[Layer, ...]:
        return self._runner.layers

    def run(self, job: Job, enough: Enough | None = None) -> Outcome:
        """Runs one job to its end, however it ends, or until there are enough results."""
        return self._runner.run(job, enough)

    @property
    def can_time(self) -> bool:
        """Whether calls can be timed here."""
        return self._beside is not None

    @contextmanager
    def pair(self, reference: Job, learner: Job) -> Iterator[tuple["Session", "Session"]]:
        """Two workers to be timed side by side, each of its own warm process and in all else alike.

        Raises Stopped if one of them cannot be made ready.
        """
        with self._beside.session(reference) as ours, self._runner.session(learner) as theirs:
            yield ours, theirs

    def close(self) -> None:
        """Ends the warm processes; nothing of them remains."""
        self._runner.close()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _require_minimum(self) -> None:
        try:
            require_minimum(self.layers)
        except SandboxError:
            self.close()
            raise
