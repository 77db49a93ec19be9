"""The SQL of templates, which are reports with a version."""

from __future__ import annotations

import uuid

from praxis_chassis.database import Connection
from praxis_report.storage.reports import SEEN, Record, fetch, fetch_one


async def newest_version(
    connection: Connection, practice_id: uuid.UUID, name: str
) -> Record | None:
    """The newest version of the practice's template of this name, deleted ones included.

    Holds the name until the transaction ends, so that two savers do not take one version.
    """
    await connection.execute(
        "select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"{practice_id}|{name}",)
    )
    return await fetch_one(
        connection,
        "select * from reports where practice_id = %(practice)s and template_name = %(name)s"
        " and template_version is not null order by template_version desc limit 1",
        {"practice": practice_id, "name": name},
    )


async def list_templates(
    connection: Connection, practice_id: uuid.UUID, filters: Record
) -> list[Record]:
    """The templates of the caller's view in their newest version, by name, at most 500."""
    return await fetch(
        connection,
        "select distinct on (template_name) * from reports r where practice_id = %(practice)s"
        " and is_template and template_name is not null and deleted_at is null"
        f"{SEEN.format('r', 'id')}"
        " order by template_name, template_version desc nulls last, created_at desc limit 500",
        {"practice": practice_id, **filters},
    )
