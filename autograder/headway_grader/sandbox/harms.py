"""What a learner's code could do, and which layers stop it: each harm needs at least one that is active.

Without seccomp, segments of shared memory escape the limit of memory; they are gone with the run, as its IPC
namespace is. Without mount and landlock, nothing but seccomp stands before the files.
"""

from collections.abc import Iterable

from headway_grader.sandbox.forms import Layer, SandboxError

MINIMUM = {
    "read or write files": ("mount", "landlock", "seccomp"),
    "start processes or touch others": ("pid", "seccomp"),
    "use the network": ("net", "seccomp"),
    "exhaust memory, CPU or disk": ("rlimits",),
}
ADVICE = (
    "Grade in Docker or on a Linux machine (on Windows: WSL2), or, if you know and trust everyone who "
    "hands in, pass --trust."
)


def open_harms(layers: Iterable[Layer]) -> list[str]:
    """The harms that no active layer stops."""
    active = {layer.name for layer in layers if layer.active}
    return [harm for harm, stops in MINIMUM.items() if not active.intersection(stops)]


def require_minimum(layers: Iterable[Layer]) -> None:
    """Raises SandboxError if a harm is open."""
    layers = tuple(layers)
    harms = open_harms(layers)
    if harms:
        missing = {stop for harm in harms for stop in MINIMUM[harm]}
        reasons = "; ".join(f"{layer.name}: {layer.why}" for layer in layers if layer.name in missing)
        raise SandboxError(
            f"On this machine a learner's code could {', and '.join(harms)} ({reasons}). {ADVICE}"
        )
