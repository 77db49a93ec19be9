"""Targets of a practice: every change is a row, so that earlier dates keep what held then."""

from __future__ import annotations

import uuid

from praxis_analytics.domain.kpis import Target, TargetChange
from praxis_chassis.database import Connection

_SELECT = """
select metric_id, version, effective_from, changed_at, changed_by, lower_is_better, good_limit,
       warning_limit
from metric_target where practice_id = %s order by metric_id, version
"""


async def target_changes(connection: Connection, practice_id: uuid.UUID) -> list[TargetChange]:
    """Every change of every target, by metric and version."""
    cursor = await connection.execute(_SELECT, (practice_id,))
    return [
        TargetChange(
            metric_id,
            version,
            effective_from,
            None if good is None else Target(lower_is_better, good, warning),
            changed_at,
            changed_by,
        )
        for metric_id, version, effective_from, changed_at, changed_by, lower_is_better, good,
        warning in await cursor.fetchall()
    ]  # fmt: skip


async def add_target_change(
    connection: Connection, practice_id: uuid.UUID, change: TargetChange, revision: int
) -> None:
    """Adds a change that counts from `revision` on."""
    target = change.target
    await connection.execute(
        "insert into metric_target (practice_id, metric_id, version, revision, effective_from,"
        " lower_is_better, good_limit, warning_limit, changed_at, changed_by)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            practice_id,
            change.metric_id,
            change.version,
            revision,
            change.effective_from,
            target is not None and target.lower_is_better,
            target.good if target else None,
            target.warning if target else None,
            change.changed_at,
            change.changed_by,
        ),
    )
