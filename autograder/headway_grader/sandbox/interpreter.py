"""How a Python for learners' code is started: no environment, and only our packages and numpy to import."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # One way for glibc to hand out memory, large pieces like small ones. Else what a call costs depends on
    # what was freed before it.
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    **({"SYSTEMROOT": os.environ["SYSTEMROOT"]} if "SYSTEMROOT" in os.environ else {}),  # Windows needs it
}


def command(module: str, *arguments: str) -> list[str]:
    """Runs `main(*arguments)` of one of the sandbox's modules."""
    boot = (
        f"import sys; sys.path[:0] = sys.argv[{len(arguments) + 1}:]; "
        f"from headway_grader.sandbox.{module} import main; main(*sys.argv[1:{len(arguments) + 1}])"
    )
    # Nothing of the user's, no site-packages, and not the working directory.
    return [sys.executable, "-s", "-S", "-P", "-c", boot, *arguments, *_paths()]


def _paths() -> list[str]:
    origins = (find_spec(package).origin for package in ("numpy", "headway_course", "headway_grader"))
    return list(dict.fromkeys(str(Path(origin).resolve().parents[1]) for origin in origins))
