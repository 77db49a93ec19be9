"""The SQL of templates, which are reports with a version."""

from __future__ import annotations

import uuid

from praxis_chassis.database import Connection
from praxis_report.storage.reports import Record, fetch, fetch_one


async def newest_version(connection: Connection, practice_id: uuid.UUID, name: str) -> int:
    """The newest version of the practice's template of this name; 0 when there is none.

    Holds the name until the transaction ends, so that two savers do not take one version.
    """
    await connection.execute(
        "select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"{practice_id}|{name}",)
    )
    found = await fetch_one(
        connection,
        "select coalesce(max(template_version), 0) as version from reports"
        " where practice_id = %(practice)s and template_name = %(name)s",
        {"practice": practice_id, "name": name},
    )
    return found["version"] if found else 0


async def list_templates(
    connection: Connection, practice_id: uuid.UUID, seen: list[str]
) -> list[Record]:
    """The practice's templates of these types in their newest version, by name, at most 500."""
    return await fetch(
        connection,
        "select distinct on (template_name) * from reports where practice_id = %(practice)s"
        " and is_template and template_name is not null and deleted_at is null"
        " and report_type = any(%(seen)s)"
        " order by template_name, template_version desc nulls last, created_at desc limit 500",
        {"practice": practice_id, "seen": seen},
    )
