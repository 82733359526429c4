"""nbgrader with Headway's judge in the place of a kernel. The folder of this file is the course root.

nbgrader sees notebooks only: for scripts and zips there is `headway-grade run submitted`.
"""

from pathlib import Path

from headway_grader.frontdoor import settings

c = get_config()  # noqa: F821 (nbgrader provides it)
settings.apply(c, Path(__file__).resolve().parent)

# The gradebook may be a PostgreSQL database:
# c.CourseDirectory.db_url = "postgresql://USER@HOST/DATABASE"

# Where assignments are handed out and in. Learners with accounts on this machine need a place they can reach:
# c.Exchange.root = "/srv/nbgrader/exchange"
