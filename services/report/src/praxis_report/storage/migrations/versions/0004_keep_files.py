"""Keys of files, holds and expiry, downloads, shares, versions of templates."""

from pathlib import Path

from praxis_chassis.migrations import execute_file, execute_script, protect

revision = "0004"
down_revision = "0003"

_SERVICE = "report"


def upgrade() -> None:
    """Creates the tables; the serving login may end jobs, and says when files are due."""
    execute_file(Path(__file__).with_suffix(".sql"))
    for table in ("practice_keys", "report_downloads"):
        protect(_SERVICE, table, "select, insert")
    protect(_SERVICE, "report_shares", "select, insert, update")
    execute_script(
        """
        grant update (state, lease_until) on job to report_app;
        grant select, insert, delete on file_due to report_app;
        grant select, insert, update, delete on file_due to report_worker;
        """
    )
