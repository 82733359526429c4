"""The sandbox: what the judge talks to."""

import sys
from collections.abc import Collection

from headway_grader.sandbox.forms import Job, Layer, Outcome, SandboxError
from headway_grader.sandbox.harms import ADVICE, require_minimum

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
        elif trust:
            from headway_grader.sandbox.cold import Cold

            self._runner = Cold()
        else:
            raise SandboxError(
                f"Learners' code can be isolated on Linux only, and this is {sys.platform}. {ADVICE}"
            )
        if not trust:
            self._require_minimum()

    @property
    def layers(self) -> tuple[Layer, ...]:
        return self._runner.layers

    def run(self, job: Job) -> Outcome:
        """Runs one job to its end, however it ends."""
        return self._runner.run(job)

    def close(self) -> None:
        """Ends the warm process; nothing of it remains."""
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
