"""Which patients identified outputs named, and to whom."""

from praxis_chassis.migrations import execute_script, protect

revision = "0012"
down_revision = "0011"

_SCRIPT = """
create table disclosure (
    practice_id  uuid        not null,
    patient_id   uuid        not null,
    -- A day in UTC; what is shown once more on it, to the same person, makes no row.
    day          date        not null,
    actor        text        not null,
    on_behalf_of text        not null,
    purpose      text        not null,
    action       text        not null,
    object_type  text        not null,
    object_id    text        not null,
    disclosed_at timestamptz not null,
    request_id   text        not null,
    primary key (
        practice_id, patient_id, day, actor, on_behalf_of, purpose, action, object_type, object_id
    )
);
comment on table disclosure is 'distributed: which patients were shown to whom; insert only';
"""


def upgrade() -> None:
    """Creates the table. Rows are added and read, never changed."""
    execute_script(_SCRIPT)
    protect("analytics", "disclosure", "select, insert")
