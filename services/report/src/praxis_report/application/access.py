"""Who may see which reports: by their type's figures, or because they were shared."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from praxis_chassis.caller import current
from praxis_chassis.database import Connection
from praxis_chassis.errors import NotFound
from praxis_report.application.reports import seen_types
from praxis_report.storage import shares as store
from praxis_report.storage.reports import Record


@dataclass(frozen=True)
class View:
    """What the current caller may see. `shared`: report → the share that gives it."""

    types: frozenset[str]
    shared: dict[uuid.UUID, uuid.UUID]

    @classmethod
    async def of_caller(cls, connection: Connection) -> View:
        """The view of whoever calls now."""
        shared = await store.shared_with(connection, current().caller, datetime.now(UTC))
        return cls(frozenset(seen_types()), shared)

    @property
    def filters(self) -> Record:
        """The view as filters of the lists."""
        return {"seen": sorted(self.types), "shared": list(self.shared)}

    def share_of(self, record: Record, report_id: uuid.UUID) -> uuid.UUID | None:
        """The share that shows a row; None where the type does. Raises: NotFound where neither."""
        if record["report_type"] in self.types:
            return None
        if report_id not in self.shared:
            raise NotFound("no such report or run")
        return self.shared[report_id]


def found(record: Record | None, what: str) -> Record:
    """A row that is there. Raises: NotFound."""
    if record is None:
        raise NotFound(f"no such {what}")
    return record
