"""nbgrader's exchange in a class where not everybody hands in through it."""

from glob import glob
from pathlib import Path

from headway_course.writing import write_whole
from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import temp_attrs

from headway_grader.grades.preview import TOLD

_STAMPS = ("timestamp.txt", "submission_secret.txt")


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Passes over those who handed in by other ways, and names them: nbgrader stops at the first."""

    def copy_files(self) -> None:
        folders = [Path(folder) for folder in sorted(glob(self.src_path))]  # noqa: PTH207
        others = [folder for folder in folders if not all((folder / stamp).is_file() for stamp in _STAMPS)]
        for folder in others:
            self.log.warning(
                "%s did not hand in through the exchange, and gets nothing through it: give out %s yourself",
                folder.parent.name,
                folder,
            )
        left_out = [self.coursedir.student_id_exclude, *(folder.parent.name for folder in others)]
        with temp_attrs(self.coursedir, student_id_exclude=",".join(filter(None, left_out))):
            super().copy_files()
        for folder in (Path(folder) for folder in sorted(glob(self.src_path))):  # noqa: PTH207
            if folder not in others:
                self._keep(folder)

    def _keep(self, folder: Path) -> None:
        """What went out is kept, so that the next preview can say what would change."""
        for page in folder.glob("*.html"):
            kept = Path(self.coursedir.root) / TOLD / folder.parent.name / page.name
            write_whole(kept, page.read_bytes())
