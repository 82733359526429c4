"""What a class's `nbgrader_config.py` asks of nbgrader: Headway's judge in the place of a kernel."""

import os
import sys
from pathlib import Path

from traitlets.config import Config


def apply(c: Config, root: Path) -> None:
    """Settings of a class whose course root is this folder."""
    c.CourseDirectory.root = str(root)
    c.CourseDirectory.course_id = "headway"
    c.CourseDirectory.db_url = f"sqlite:///{root / 'gradebook.db'}"
    _judge(c)
    c.GenerateFeedback.exporter_class = "headway_grader.feedback.exporting.FeedbackExporter"
    _find_alembic()
    c.Exchange.root = str(_exchange(root / ".headway" / "exchange"))
    c.ExchangeFactory.release_feedback = "headway_grader.frontdoor.exchange.ReleaseFeedback"


def _exchange(folder: Path) -> Path:
    """Open to all, as nbgrader wants it: without it, releasing and collecting silently do nothing."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(0o777)
    return folder


def _judge(c: Config) -> None:
    """RestoreCells mends what was handed in; JudgeSubmission stands where nbgrader has Execute."""
    c.Autograde.pre_convert_hook = "headway_grader.frontdoor.preparing.prepare"
    c.Autograde.exporter_class = "headway_grader.frontdoor.judging.SubmissionExporter"
    c.Autograde.sanitize_preprocessors = [
        "headway_grader.frontdoor.restoring.RestoreCells",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.Autograde.autograde_preprocessors = [
        "headway_grader.frontdoor.judging.JudgeSubmission",
        "headway_grader.frontdoor.judging.SaveGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
    ]


def _find_alembic() -> None:
    """`nbgrader db upgrade` calls it by its name."""
    folder = str(Path(sys.executable).parent)
    if folder not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([folder, os.environ.get("PATH", os.defpath)])
