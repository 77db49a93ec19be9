"""The record of imports."""

from __future__ import annotations

import argparse
import dataclasses
import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from praxis_analytics.domain.facts import Kind
from praxis_chassis.database import Connection, transaction
from praxis_chassis.records import audit

_MS = 10_000


async def start_import(
    connection: Connection,
    practice_id: uuid.UUID,
    import_id: uuid.UUID,
    options: argparse.Namespace,
) -> None:
    """Notes that an import began."""
    async with transaction(connection, "BEGIN", practice_id, _MS):
        await connection.execute(
            "insert into import_run (practice_id, import_id, source, overlay, as_of, state,"
            " started_at) values (%s, %s, %s, %s, %s, 'running', %s)",
            (
                practice_id,
                import_id,
                options.source,
                options.demo_overlay,
                options.as_of,
                datetime.now(UTC),
            ),
        )
        await audit(connection, "import.start", "import", import_id)


async def finish_import(
    connection: Connection,
    practice_id: uuid.UUID,
    import_id: uuid.UUID,
    result: Any | None,
) -> None:
    """Notes how an import ended, with its counts and quality report; None: it failed."""
    state = "failed" if result is None else "completed"
    text = None if result is None else json.dumps(dataclasses.asdict(result), default=str)
    async with transaction(connection, "BEGIN", practice_id, _MS):
        await connection.execute(
            "update import_run set state = %s, completed_at = %s, result = %s::jsonb"
            " where practice_id = %s and import_id = %s",
            (state, datetime.now(UTC), text, practice_id, import_id),
        )
        outcome = "failed" if result is None else "ok"
        await audit(connection, "import.end", "import", import_id, outcome=outcome)


async def refresh_statistics(connection: Connection, kinds: Iterable[Kind]) -> None:
    """Tells the planner what the tables of these kinds hold now, on an autocommit connection.

    Autovacuum would in a minute or two, and the first questions take seconds until then. A table
    that another import is looking at is left out.
    """
    for kind in sorted(kinds, key=lambda kind: kind.table):
        await connection.execute(f"analyze (skip_locked) {kind.table}".encode())
