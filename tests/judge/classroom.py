"""A class in a folder, and `headway-grade` run on it."""

import json
import os
import subprocess
import sys
from pathlib import Path

GRADE = Path(sys.executable).with_name("headway-grade")
RIGHT = """import numpy as np
def softmax(Z):
    E = np.exp(Z - Z.max(-1, keepdims=True))
    return E / E.sum(-1, keepdims=True)
"""
UNSTABLE = RIGHT.replace(" - Z.max(-1, keepdims=True)", "")
EXITS = "import numpy as np\ndef softmax(Z):\n    import os\n    os._exit(0)\n"
CRASHES = "import numpy as np\ndef softmax(Z):\n    return Z @ Z @ Z\n"


def hand_in(folder, **sources):
    """Writes scripts as nbgrader collects them; returns the folder."""
    for learner, source in sources.items():
        file = folder / "submitted" / learner / "01_softmax" / "01_softmax.py"
        file.parent.mkdir(parents=True)
        file.write_text(source)
    return folder / "submitted"


def grade(home, *words, **options):
    """Runs the command; returns what it printed and how it ended."""
    environment = {**os.environ, "HEADWAY_HOME": str(home), "COLUMNS": "160", "NO_COLOR": "1"}
    return subprocess.run(
        [GRADE, *words], env=environment, capture_output=True, text=True, check=False, **options
    )


def lines(done):
    """The verdicts of a run with --json, by learner and exercise."""
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {(line["learner"], line["exercise"]): line for line in found}


def records(home):
    return sorted((home / "records").rglob("*.json"))
