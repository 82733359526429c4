"""nbgrader with Headway's judge in the place of a kernel. The folder of this file is the course root.

nbgrader sees notebooks only: for scripts and zips there is `headway-grade run submitted`.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 (nbgrader provides it)
root = Path(__file__).resolve().parent
bin_folder = str(Path(sys.executable).parent)
exchange = root / ".headway" / "exchange"

c.CourseDirectory.root = str(root)
c.CourseDirectory.course_id = "headway"
c.CourseDirectory.db_url = f"sqlite:///{root / 'gradebook.db'}"  # or the URL of a PostgreSQL database

# RestoreCells mends what was handed in; JudgeSubmission stands where nbgrader has Execute: no kernel starts.
c.Autograde.pre_convert_hook = "headway_grader.frontdoor.preparing.prepare"
c.Autograde.exporter_class = "headway_grader.frontdoor.judging.SubmissionExporter"
c.Autograde.sanitize_preprocessors = [
    "headway_grader.frontdoor.restoring.RestoreCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "headway_grader.frontdoor.judging.JudgeSubmission",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
]

# `nbgrader db upgrade` calls alembic by its name.
if bin_folder not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([bin_folder, os.environ.get("PATH", os.defpath)])

# Releasing and collecting do nothing, without a word, where the exchange does not exist.
exchange.mkdir(parents=True, exist_ok=True)
c.Exchange.root = str(exchange)
